package readable

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/claimwire/claimwire/schemas"
)

// A body is the text of a page as normalised paragraphs.
type body struct {
	paragraphs []string
}

// extract finds the article's text. The tree is not changed.
func extract(root *html.Node, address *url.URL) (b body, err error) {
	defer func() { // a library must not be able to take the process down with one page
		if p := recover(); p != nil {
			err = fmt.Errorf("page: text extraction gave up: %v: %w", p, schemas.ErrMalformed)
		}
	}()
	res, err := trafilatura.ExtractDocument(root, trafilatura.Options{
		OriginalURL:     address,
		ExcludeComments: true,
		HtmlDateMode:    trafilatura.Disabled, // dates are read here, with their source
	})
	if err != nil || res.ContentNode == nil {
		return b, ErrNoText
	}
	var w blocks
	w.walk(res.ContentNode, 0)
	b.paragraphs = w.done()
	if doubtful(b.paragraphs) {
		b.paragraphs = simpler(root, b.paragraphs)
	}
	if len(b.paragraphs) == 0 {
		return b, ErrNoText
	}
	return b, nil
}

// withoutTitle drops a headline that stands before the text: it is kept apart.
func (b body) withoutTitle(title string) []string {
	if len(b.paragraphs) > 1 && title != "" && strings.EqualFold(b.paragraphs[0], title) {
		return b.paragraphs[1:]
	}
	return b.paragraphs
}

// blocks collects the paragraphs of a tree. The zero value is ready.
type blocks struct {
	out  []string
	open strings.Builder
	br   bool // the last thing was a line break

	strict bool // leave out what looks like furniture: menus, notices, lists of links
	inLink int  // depth of open links
	linked int  // letters of the open paragraph that are link text
}

// maxWalk bounds recursion; the HTML parser refuses deeper trees.
const maxWalk = 600

func (b *blocks) walk(n *html.Node, depth int) {
	if depth > maxWalk {
		return
	}
	switch n.Type {
	case html.TextNode:
		if strings.TrimSpace(n.Data) != "" {
			b.br = false
		}
		b.open.WriteString(n.Data)
		if b.inLink > 0 {
			b.linked += letters(n.Data)
		}
		return
	case html.ElementNode:
		if b.strict && furniture(n) {
			return
		}
		switch tag(n) {
		case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Svg, atom.Head:
			return
		case atom.Br: // one breaks a line, two a paragraph
			if b.br {
				b.flush()
			}
			b.br = true
			b.open.WriteByte(' ')
			return
		}
	}
	block := n.Type == html.ElementNode && isBlock(n)
	if block {
		b.flush()
	}
	if tag(n) == atom.A {
		b.inLink++
		defer func() { b.inLink-- }()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.walk(c, depth+1)
	}
	if block {
		b.flush()
	}
}

func (b *blocks) flush() {
	if l := Line(validUTF8(b.open.String())); l != "" && !(b.strict && (b.linked*5 > letters(l)*4 || isDate(l))) {
		b.out = append(b.out, l)
	}
	b.open.Reset()
	b.br, b.linked = false, 0
}

// letters counts letters and digits.
func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// isDate reports whether a paragraph is nothing but a date.
func isDate(s string) bool {
	_, ok := parseStamp(s, time.Time{})
	return ok
}

func (b *blocks) done() []string {
	b.flush()
	return b.out
}

// isBlock reports whether an element begins and ends a paragraph. Each cell of
// a table is one: joined cells would make numbers that nobody wrote.
func isBlock(n *html.Node) bool {
	switch tag(n) {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Body, atom.Header, atom.Footer, atom.Aside, atom.Nav,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd,
		atom.Blockquote, atom.Pre, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Caption,
		atom.Figure, atom.Figcaption, atom.Address, atom.Details, atom.Summary, atom.Hr, atom.Form, atom.Fieldset:
		return true
	}
	return false
}

// tag looks the name up: elements that trafilatura makes have no DataAtom.
func tag(n *html.Node) atom.Atom {
	if n.DataAtom != 0 && n.DataAtom.String() == n.Data {
		return n.DataAtom
	}
	return atom.Lookup([]byte(n.Data))
}
