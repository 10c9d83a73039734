package readable

import (
	"regexp"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/claimwire/claimwire/schemas"
)

// Bounds of the place around a page's heading where a page prints its date.
const (
	nearBefore = 6  // texts before the heading
	nearAfter  = 24 // texts behind it
	nearStory  = 90 // bytes of a text that is the story's: neither it nor what follows is looked at
)

// changedWords stand before the date of a change.
var changedWords = regexp.MustCompile(`(?i)\b(updat|modif|edited|revised|changed|corrected)`)

// nearDate returns the date that a page prints beside its heading, before the
// story begins; false if there is none. It is what readers take for the day of
// publication, and far cheaper than a search of the whole page.
func nearDate(root *html.Node, now time.Time) (stamp, bool) {
	h1 := find(root, atom.H1)
	if h1 == nil {
		return stamp{}, false
	}
	s := nearSearch{h1: h1, now: now}
	s.walk(root)
	if len(s.after) > 0 {
		return s.after[0], true
	}
	if n := len(s.before); n > 0 {
		return s.before[n-1], true
	}
	return stamp{}, false
}

type nearSearch struct {
	h1            *html.Node
	now           time.Time
	last          string // text before
	texts         int    // since the heading, or before it
	passed, done  bool   // the heading, the place
	before, after []stamp
	recent        []int // number of the text of each of before
}

func (s *nearSearch) walk(n *html.Node) {
	for c := n.FirstChild; c != nil && !s.done; c = c.NextSibling {
		switch {
		case c == s.h1:
			s.passed, s.done = true, false
			s.forget()
			s.last, s.texts = "", 0
		case c.Type == html.TextNode:
			s.text(c.Data)
		case c.Type == html.ElementNode:
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Head, atom.Nav, atom.Aside, atom.Footer, atom.Svg, atom.Noscript:
				continue
			case atom.Time:
				if s.time(c) {
					continue
				}
			}
			s.walk(c)
		}
	}
}

// forget drops what stands too far before the heading.
func (s *nearSearch) forget() {
	kept := s.before[:0]
	for i, d := range s.before {
		if s.texts-s.recent[i] < nearBefore {
			kept = append(kept, d)
		}
	}
	s.before = kept
}

// time takes the date of a time element and reports whether it has one.
func (s *nearSearch) time(n *html.Node) bool {
	d, ok := parseStamp(get(n, "datetime"), s.now)
	if ok && !changedWords.MatchString(s.last) && !changedWords.MatchString(get(n, "class")+" "+get(n, "itemprop")) {
		s.found(d)
	}
	if ok {
		s.last = ""
	}
	return ok
}

func (s *nearSearch) text(t string) {
	if blank(t) {
		return
	}
	t = Line(t)
	s.texts++
	s.done = s.passed && (len(t) > nearStory || s.texts > nearAfter)
	if len(t) > nearStory {
		return
	}
	for _, at := range printedDate.FindAllStringIndex(t, 3) {
		head := t[:at[0]]
		if blank(head) {
			head = s.last
		}
		for _, d := range printedDays(t[at[0]:at[1]]) {
			if credible(d.at, s.now) && !changedWords.MatchString(head) {
				s.found(d)
			}
		}
	}
	s.last = t
}

func (s *nearSearch) found(d stamp) {
	d.source = schemas.FromText
	if s.passed {
		s.after, s.done = append(s.after, d), true
		return
	}
	s.before, s.recent = append(s.before, d), append(s.recent, s.texts)
}
