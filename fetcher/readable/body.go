package readable

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
	"unicode"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/claimwire/claimwire/schemas"
)

// A body is the text of a page.
type body struct {
	paragraphs []string // normalised, none empty
	support    []int    // how many readers kept each; nil if only one was asked
}

// extract finds the article's text. The tree is not changed. A quick extract asks
// one reader only.
func extract(root *html.Node, address *url.URL, quick bool) (b body, err error) {
	defer func() { // a library must not be able to take the process down with one page
		if p := recover(); p != nil {
			err = fmt.Errorf("page: text extraction gave up: %v: %w", p, schemas.ErrMalformed)
		}
	}()
	page := leanPage(root)
	res, err := trafilatura.ExtractDocument(page, trafilatura.Options{
		OriginalURL:     address,
		ExcludeComments: true,
		HtmlDateMode:    trafilatura.Disabled, // dates are read here, with their source
	})
	if err == nil && res.ContentNode != nil {
		var w blocks
		w.walk(res.ContentNode, 0)
		b.paragraphs = w.done()
	}
	var own []string
	if !quick || doubtful(b.paragraphs) {
		own = simple(page)
	}
	if doubtful(b.paragraphs) && 4*size(own) >= size(b.paragraphs) {
		// trafilatura may have turned to cruder means, which join what does not
		// belong together.
		b.paragraphs = own
	}
	if len(b.paragraphs) == 0 {
		return b, ErrNoText
	}
	if !quick {
		b.support = support(b.paragraphs, own, second(page, address))
	}
	return b, nil
}

// withoutHead drops what stands before the text and is kept apart: the headline
// with its section above it, the author line and the date.
func (b body) withoutHead(title, byline string) body {
	cut := 0
	for i, p := range b.paragraphs[:min(len(b.paragraphs)-1, 4)] {
		if title != "" && strings.EqualFold(p, title) {
			cut = i + 1
			break
		}
		if sentence(p) {
			break
		}
	}
	for cut < len(b.paragraphs)-1 {
		p := b.paragraphs[cut]
		if !isDate(p) && !signed(p, byline) && (byline == "" || !strings.EqualFold(trimBy(p), byline)) {
			break
		}
		cut++
	}
	b.paragraphs = b.paragraphs[cut:]
	if b.support != nil {
		b.support = b.support[cut:]
	}
	return b
}

// signed reports whether a paragraph is the author line together with the date. A
// name that nothing else on the page calls the author's is one if the date follows.
func signed(p, byline string) bool {
	if byline == "" {
		name, date, ok := strings.Cut(p, ",")
		n := len(strings.Fields(trimBy(name)))
		return ok && n > 0 && n <= 4 && !strings.ContainsAny(name, ".:;0123456789") && isDate(strings.TrimSpace(date))
	}
	head, rest, ok := strings.Cut(p, byline)
	return ok && strings.TrimSpace(trimBy(head)) == "" && isDate(strings.TrimLeft(rest, " ,|–—-·•"))
}

// sentence reports whether a paragraph reads like text, not like a label.
func sentence(p string) bool {
	return len(p) > 60 || strings.HasSuffix(p, ".")
}

// support counts for each paragraph the readers that kept it: the one whose text
// it is, and each of others that has it too.
func support(paragraphs []string, others ...[]string) []int {
	out := make([]int, len(paragraphs))
	for i := range out {
		out[i] = 1
	}
	for _, other := range others {
		all := "\n" + strings.Join(other, "\n") + "\n"
		for i, p := range paragraphs {
			if strings.Contains(all, p) {
				out[i]++
			}
		}
	}
	return out
}

// enoughText is how many characters end readability's search. It begins anew up
// to three times, each time with the whole page, for an article that has fewer.
const enoughText = 250

// second asks readability, which errs on the side of too much; nil if it finds
// nothing. It changes page.
func second(page *html.Node, address *url.URL) []string {
	parser := readability.NewParser()
	parser.DisableJSONLD = true // metadata is read elsewhere
	parser.CharThresholds = enoughText
	parser.Logger = slog.New(slog.DiscardHandler) // its own formats what nobody reads
	a, err := parser.ParseAndMutate(page, address)
	if err != nil || a.Node == nil {
		return nil
	}
	var w blocks
	w.walk(a.Node, 0)
	return w.done()
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
	block := isBlock(n)
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
	if n.Type != html.ElementNode {
		return false
	}
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
