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

// A pruner knows how much text a page has, to tell a box beside the story from a
// wrapper around it.
type pruner struct {
	letters int // in the whole page
}

// pruned reports whether an element is left out before the text is looked for.
func (p pruner) pruned(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Body, atom.Html, atom.Article, atom.Main, atom.H1:
		return false
	case atom.Figcaption:
		return true
	case atom.P, atom.Li, atom.Div:
		if pointer(n) {
			return true
		}
	}
	hidden, comment, named := false, false, false
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			hidden = true
		case "style":
			v := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			hidden = hidden || strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden")
		case "class", "id":
			if len(a.Val) > 200 {
				continue
			}
			for w := range strings.FieldsFuncSeq(strings.ToLower(a.Val), func(r rune) bool { return !unicode.IsLetter(r) }) {
				named = named || beside[w]
				comment = comment || w == "comments" || w == "disqus"
			}
			named = named || strings.Contains(strings.ToLower(a.Val), "most-read")
		}
	}
	if !hidden && !named || holds(n, atom.H1) || holds(n, atom.Article) {
		return false
	}
	// What readers write may be longer than the story; a hidden story waits for a
	// script, and a box that holds half of the page is none.
	below := lettersBelow(n)
	return comment && 10*below < 7*p.letters || 5*below < 2*p.letters
}

// pointers begin a paragraph that sends readers elsewhere.
var pointers = regexp.MustCompile(`(?i)^\W*(read (more|also|next|now|on)|also read|see also|more on this|related( (story|stories|article|articles))?|watch|listen|don.t miss|in pictures|explainer|recommended)\W*$`)

// pointer reports whether an element is one short line that does nothing but point
// to another story: "READ MORE: The long way of the herring".
func pointer(n *html.Node) bool {
	own, linked, links := "", 0, 0
	for c := range n.Descendants() {
		switch {
		case c.Type == html.ElementNode && isBlock(c):
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

func holds(n *html.Node, want atom.Atom) bool {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.DataAtom == want {
			return true
		}
	}
	return false
}

func lettersBelow(n *html.Node) (sum int) {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c.Parent != nil && c.Parent.DataAtom != atom.Script && c.Parent.DataAtom != atom.Style {
			sum += len(strings.TrimSpace(c.Data))
		}
	}
	return sum
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
