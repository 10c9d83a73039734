package readable

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A leaner copies a page without what is never part of a story: scripts, icons,
// empty boxes, rivers of teasers, comments. Readers copy the page they are given
// several times, so what they cost depends on how small it is.
type leaner struct {
	letters int // bytes of text in the whole page: tells a box beside the story from a wrapper around it
}

// A weight is what an element holds, in what is left of it.
type weight struct {
	letters int // bytes of text
	linked  int // of those in links
	links   int
	boxes   int // elements that begin a paragraph
	cards   int // children that look like a teaser: see [card]
	carded  int // bytes of text in those
	h1      bool
	article bool
}

func (w *weight) add(o weight) {
	w.letters += o.letters
	w.linked += o.linked
	w.links += o.links
	w.boxes += o.boxes
	w.h1, w.article = w.h1 || o.h1, w.article || o.article
}

// answers is a head in which trafilatura finds all metadata at once, instead of
// searching the page for what is read elsewhere.
const answers = `<meta property="og:title" content="x y"><meta property="og:author" content="x y"><meta property="og:url" content="https://x.example/y">` +
	`<meta property="og:description" content="x y"><meta property="og:site_name" content="x y"><meta property="og:image" content="https://x.example/y"><meta property="og:type" content="article">` +
	`<meta name="keywords" content="x"><script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"x y","articleSection":["x"]}</script>`

// leanPage copies a page for the readers.
func leanPage(root *html.Node) *html.Node {
	out, _ := leaner{lettersBelow(root)}.copy(root, false)
	if head := find(out, atom.Head); head != nil {
		if metas, err := html.ParseFragment(strings.NewReader(answers), &html.Node{Type: html.ElementNode, DataAtom: atom.Head, Data: "head"}); err == nil {
			for _, m := range metas {
				head.AppendChild(m)
			}
		}
	}
	return out
}

// maxDated is how many elements that may hold a date are searched for one. The
// page's own comes before those of teasers and comments, and each costs a
// comparison with the languages of the world.
const maxDated = 30

// leanDated copies a page for the search for a date, with what its head says.
func leanDated(root *html.Node) *html.Node {
	out, _ := leaner{lettersBelow(root)}.copy(root, false)
	n := 0
	for c := range out.Descendants() {
		if dated := namesDate(c); dated && n < maxDated {
			n++
		} else if dated {
			c.Attr = nil
		}
	}
	from, to := find(root, atom.Head), find(out, atom.Head)
	if from == nil || to == nil {
		return out
	}
	for c := from.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Meta || c.DataAtom == atom.Title {
			to.AppendChild(clone(c))
		}
	}
	return out
}

// namesDate reports whether the attributes of an element say that it holds a date.
func namesDate(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "itemprop", "datetime", "pubdate":
			v := strings.ToLower(a.Val)
			for _, w := range []string{"dat", "time", "meta", "publish", "byline", "info", "post", "footer", "author", "submit", "field", "subtitle"} {
				if strings.Contains(v, w) || a.Key == "datetime" || a.Key == "pubdate" {
					return true
				}
			}
		}
	}
	return false
}

func clone(n *html.Node) *html.Node {
	out := shallow(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out.AppendChild(clone(c))
	}
	return out
}

func shallow(n *html.Node) *html.Node {
	return &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
}

// copy copies what is below n and says what it holds.
func (l leaner) copy(n *html.Node, inLink bool) (*html.Node, weight) {
	var w weight
	out := shallow(n)
	inLink = inLink || n.DataAtom == atom.A
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if blank(c.Data) {
				if outside(out, c) {
					continue
				}
				out.AppendChild(&html.Node{Type: html.TextNode, Data: " "})
				continue
			}
			size := len(strings.TrimSpace(c.Data))
			w.letters += size
			if inLink {
				w.linked += size
			}
			out.AppendChild(&html.Node{Type: html.TextNode, Data: c.Data})
		case html.ElementNode:
			if unread(c) {
				continue
			}
			kept, own := l.copy(c, inLink)
			if l.drops(c, own) {
				continue
			}
			w.add(own)
			if card(c, own) {
				w.cards++
				w.carded += own.letters
			}
			out.AppendChild(kept)
		case html.DoctypeNode:
			out.AppendChild(shallow(c))
		}
	}
	switch n.DataAtom {
	case atom.A:
		w.links++
	case atom.H1:
		w.h1 = true
	case atom.Article:
		w.article = w.article || !card(n, w)
	}
	if isBlock(n) {
		w.boxes++
	}
	return out, w
}

// unread reports whether no reader looks at an element.
func unread(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Svg, atom.Iframe, atom.Template, atom.Link, atom.Object, atom.Embed, atom.Canvas, atom.Video, atom.Audio,
		atom.Meta, atom.Title, atom.Base, atom.Figcaption, atom.Picture, atom.Img, atom.Source:
		return true
	case atom.P, atom.Li, atom.Div:
		return pointer(n)
	}
	return false
}

// drops reports whether an element that holds w is left out.
func (l leaner) drops(n *html.Node, w weight) bool {
	switch n.DataAtom {
	case atom.Html, atom.Head, atom.Body, atom.Article, atom.Main, atom.H1:
		return false
	}
	if w.letters == 0 {
		return empty(n)
	}
	if w.h1 || w.article {
		return false
	}
	if l.river(n, w) {
		return true
	}
	m := markOf(n)
	if !m.hidden && !m.beside {
		return false
	}
	// What readers write may be longer than the story; a hidden story waits for a
	// script, and a box that holds half of the page is none.
	return m.comment && 10*w.letters < 7*l.letters || 5*w.letters < 2*l.letters
}

// river reports whether a box is a list of links to other pages: a menu, or
// teasers, of which the headline alone may be linked.
func (l leaner) river(n *html.Node, w weight) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.Nav, atom.Aside, atom.Ul, atom.Ol, atom.Footer, atom.Header, atom.Menu:
	default:
		return false
	}
	links := w.links >= 3 && 10*w.linked >= 8*w.letters && 5*w.letters < 2*l.letters
	cards := w.cards >= 4 && 10*w.carded >= 8*w.letters && 6*w.linked >= w.letters && 5*w.letters < 3*l.letters
	return links || cards
}

// card reports whether an element can be a teaser: few words in boxes of their
// own, and a link.
func card(n *html.Node, w weight) bool {
	switch n.DataAtom {
	case atom.Li, atom.Div, atom.Article, atom.Section, atom.A:
		return w.letters < 300 && w.links > 0 && w.boxes > 1 && get(n, "class") != ""
	}
	return false
}

// empty reports whether an element without text can go. One between two texts
// parts them.
func empty(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Br, atom.Hr, atom.Wbr, atom.Td, atom.Th, atom.Tr, atom.P, atom.Time, atom.Pre:
		return false
	}
	return !isBlock(n) || !texted(n.PrevSibling) && !texted(n.NextSibling)
}

func texted(n *html.Node) bool { return n != nil && n.Type == html.TextNode && !blank(n.Data) }

// outside reports whether white space c, to be put behind what parent holds, stands
// between blocks, where it means nothing.
func outside(parent *html.Node, c *html.Node) bool {
	last := parent.LastChild
	return isBlock(parent) && (last == nil || isBlock(last)) && (c.NextSibling == nil || isBlock(c.NextSibling))
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// find returns the first element with a name; nil if there is none.
func find(n *html.Node, want atom.Atom) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.DataAtom == want {
			return c
		}
	}
	return nil
}

func lettersBelow(n *html.Node) (sum int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			sum += len(strings.TrimSpace(c.Data))
		case c.DataAtom != atom.Script && c.DataAtom != atom.Style:
			sum += lettersBelow(c)
		}
	}
	return sum
}
