package readable

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// beside are words of class names and ids of what is never part of a story, on
// whatever site. They are fewer than furnitureWords: what is pruned no reader sees.
var beside = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(`comments comment disqus newsletter promo promos share sharing related recommend recommended
		recommendation recommendations cookie cookies consent gdpr breadcrumb breadcrumbs advert adverts advertisement listen audioplayer mostread`) {
		words[w] = true
	}
	return words
}()

// mark is what an element's attributes say of whether it is part of a story.
type mark struct {
	hidden  bool // not shown
	beside  bool // named as something beside the story
	comment bool // named as what readers write
}

func markOf(n *html.Node) (m mark) {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			m.hidden = true
		case "style":
			v := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			m.hidden = m.hidden || strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden")
		case "class", "id":
			if len(a.Val) > 200 {
				continue
			}
			v := strings.ToLower(a.Val)
			for w := range strings.FieldsFuncSeq(v, func(r rune) bool { return !unicode.IsLetter(r) }) {
				m.beside = m.beside || beside[w]
				m.comment = m.comment || w == "comments" || w == "disqus"
			}
			m.beside = m.beside || strings.Contains(v, "most-read")
		}
	}
	return m
}

// pointers begin a paragraph that sends readers elsewhere.
var pointers = regexp.MustCompile(`(?i)^\W*(read (more|also|next|now|on)|also read|see also|more on this|related( (story|stories|article|articles))?|watch|listen|don.t miss|in pictures|explainer|recommended)\W*$`)

// pointer reports whether an element is one short line that does nothing but point
// to another story: "READ MORE: The long way of the herring".
func pointer(n *html.Node) bool {
	own, linked, links := "", 0, 0
	for c := range n.Descendants() {
		switch {
		case isBlock(c):
			return false
		case c.Type == html.ElementNode && c.DataAtom == atom.A:
			links++
		case c.Type == html.TextNode && inLink(c, n):
			linked += len(strings.TrimSpace(c.Data))
		case c.Type == html.TextNode:
			own += c.Data
		}
		if len(own) > 80 {
			return false
		}
	}
	return links > 0 && linked > 0 && pointers.MatchString(strings.TrimSpace(own))
}

func inLink(n, root *html.Node) bool {
	for ; n != nil && n != root; n = n.Parent {
		if n.DataAtom == atom.A {
			return true
		}
	}
	return false
}

// headings returns the texts of the page's lower headings.
func headings(root *html.Node) map[string]bool {
	out := map[string]bool{}
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			out[textOf(n)] = true
		}
	}
	return out
}

// withoutTail drops headings that nothing follows: they belong to what was left out.
func (b body) withoutTail(root *html.Node) body {
	n := len(b.paragraphs)
	if n < 2 || sentence(b.paragraphs[n-1]) {
		return b
	}
	for heads := headings(root); n > 1 && heads[b.paragraphs[n-1]] && !sentence(b.paragraphs[n-1]); {
		n--
	}
	b.paragraphs = b.paragraphs[:n]
	if b.support != nil {
		b.support = b.support[:n]
	}
	return b
}
