package readable

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// trafilatura turns to cruder means when it finds less than 250 characters:
// the whole article as one paragraph, or the body with all that stands in it.
// A text below shortBody, or of hardly any paragraphs, may have come that way.
const shortBody = 600

func doubtful(paragraphs []string) bool {
	n := 0
	for _, p := range paragraphs {
		n += len(p)
	}
	return n < shortBody || len(paragraphs) <= 2
}

// simple returns the paragraphs of the page's article element, without what looks
// like furniture.
func simple(root *html.Node) []string {
	b := blocks{strict: true}
	b.walk(container(root), 0)
	return b.done()
}

func size(paragraphs []string) (n int) {
	for _, p := range paragraphs {
		n += len(p)
	}
	return n
}

// container returns the element that the article stands in: of the articles on
// the page the one with most text in paragraphs, else main, else everything.
func container(root *html.Node) *html.Node {
	best, most := root, 0
	for _, want := range []atom.Atom{atom.Article, atom.Main} {
		for n := range root.Descendants() {
			if n.DataAtom != want || n.Type != html.ElementNode {
				continue
			}
			if l := paragraphText(n); l > most {
				best, most = n, l
			}
		}
		if most > 0 {
			return best
		}
	}
	return root
}

func paragraphText(n *html.Node) (sum int) {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c.Parent != nil && c.Parent.DataAtom != atom.A && c.Parent.DataAtom != atom.Script {
			sum += len(strings.TrimSpace(c.Data))
		}
	}
	return sum
}

// furnitureWords are words of class names and ids that mark what stands around
// stories.
var furnitureWords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(`cookie cookies consent gdpr related recommend recommended recommendation recommendations newsletter share
		sharing social promo promos advert adverts advertisement advertisements ad ads breadcrumb breadcrumbs menu sidebar comment comments byline
		author timestamp pubdate published dateline tag tags skip popup modal banner paywall subscribe nav navigation`) {
		words[w] = true
	}
	return words
}()

// marked reports whether a class name or id holds one of furnitureWords.
func marked(s string) bool {
	if len(s) > 200 {
		return false
	}
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if furnitureWords[strings.ToLower(w)] {
			return true
		}
	}
	return false
}

// furniture reports whether an element is not part of a story.
func furniture(n *html.Node) bool {
	switch tag(n) {
	case atom.Nav, atom.Aside, atom.Footer, atom.Form, atom.Button, atom.Select, atom.Textarea, atom.Time, atom.Dialog, atom.H1, atom.Title, atom.Menu, atom.Label, atom.Input:
		return true
	case atom.Body, atom.Html, atom.Article, atom.Main:
		return false
	case atom.Header: // of the site; that of an article holds its first words
		return n.Parent != nil && n.Parent.DataAtom == atom.Body
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "aria-hidden":
			if a.Val == "true" {
				return true
			}
		case "role":
			switch a.Val {
			case "navigation", "banner", "complementary", "contentinfo", "dialog", "alert", "search", "menu":
				return true
			}
		case "class", "id":
			if marked(a.Val) {
				return true
			}
		}
	}
	return false
}
