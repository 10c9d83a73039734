// Package readable turns the HTML of a news page into an article: the text of
// the story without menus, cookie notices and related links, and what the page
// says about itself.
//
// The page is parsed once. go-trafilatura finds the text; title, byline, dates,
// publisher and canonical address are read here, from JSON-LD, then meta tags,
// then the page, because a page's own machine-readable words are right more
// often than any guess. Everything is deterministic: the package has no clock
// and does no network access.
//
// Text leaves the package in the form [schemas.Readable1]: see [Normalize].
package readable

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/claimwire/claimwire/schemas"
)

// ErrNoText is returned for a page in which no article text can be found. It
// matches [schemas.ErrMalformed].
var ErrNoText = fmt.Errorf("no article text found: %w", schemas.ErrMalformed)

// A Page is an HTTP response body and what is known about it.
type Page struct {
	URL         string // where it was fetched, after redirects; empty for a file
	ContentType string // HTTP header; empty if unknown
	Language    string // Content-Language header; empty if unknown
	Robots      string // X-Robots-Tag header; empty if none
	TDM         string // TDM-Reservation header; empty if none
	Body        []byte
	Hints       Hints
	Now         time.Time // dates more than two days later are not believed; required
	Quick       bool      // ask one reader for the text only: no support per paragraph
}

// Hints are what the feed said about the page. All may be empty.
type Hints struct {
	Feed      string // URL of the feed
	Title     string
	Byline    string
	Published string // RFC 3339 time or ISO 8601 date
	Updated   string // the same
	Publisher string // title of the feed
	Language  string // of the feed
	Rights    string
	Summary   string // HTML; its length helps to tell a teaser from an article

	// Registrable domains beside the page's own within which its canonical address
	// may lie. The user says so, not the feed.
	Partners []string `json:",omitempty"`
}

// Parse makes an article of a page, of a live blog one of all its posts. Errors
// match [schemas.ErrMalformed].
func Parse(p Page) (schemas.Article, error) {
	d, err := read(p)
	if err != nil {
		return schemas.Article{}, err
	}
	return d.article()
}

// A document is a page that has been decoded and, if it is HTML, parsed.
type document struct {
	page    Page
	address *url.URL   // nil if it cannot be read
	text    string     // the page as UTF-8
	root    *html.Node // nil for plain text
	meta    *meta      // nil for plain text
}

func read(p Page) (*document, error) {
	d := &document{page: p, text: decode(p.Body, p.ContentType)}
	d.address, _ = url.Parse(p.URL)
	if strings.TrimSpace(d.text) == "" {
		return nil, fmt.Errorf("page is empty: %w", schemas.ErrMalformed)
	}
	if kind, _, _ := mime.ParseMediaType(p.ContentType); kind == "text/plain" {
		return d, nil
	}
	return d, d.parse()
}

func (d *document) parse() error {
	root, err := html.Parse(strings.NewReader(d.text))
	if err != nil {
		return fmt.Errorf("page: %s: %w", err, schemas.ErrMalformed)
	}
	if n := count(root, 0); n > maxNodes {
		return fmt.Errorf("page of more than %d elements: %w", maxNodes, schemas.ErrMalformed)
	}
	d.root, d.meta = root, readMeta(goquery.NewDocumentFromNode(root), d.address)
	return nil
}

func (d *document) article() (schemas.Article, error) {
	if d.root == nil {
		return plainArticle(d.page, d.text)
	}
	p, m, address := d.page, d.meta, d.address
	text, err := extract(d.root, address, p.Quick)
	if err != nil && !IsNoText(err) {
		return schemas.Article{}, err
	}
	if declared := m.ld.paragraphs(); size(declared) > 4*size(text.paragraphs) {
		text = body{paragraphs: declared} // a page that scripts would fill
	}
	if len(text.paragraphs) == 0 { // at least the teaser, if the page says that it is an article's
		text.paragraphs = Paragraphs(m.ld.teaser)
	}
	if len(text.paragraphs) == 0 {
		return schemas.Article{}, ErrNoText
	}
	title := Line(first(m.ld.headline, m.title, p.Hints.Title))
	author := byline(first(m.ld.author, m.author, p.Hints.Byline))
	text = text.withoutHead(title, author).withoutTail(d.root)
	a := schemas.Article{
		URL:          clean(address, false),
		CanonicalURL: canonical(address, m.canonical, p.Hints.Partners),
		Publisher:    publisher(p, m, address),
		Title:        title,
		Teaser:       teaser(title, m.ld.teaser, m.teaser, p.Hints.Summary),
		Byline:       author,
		Feed:         p.Hints.Feed,
		Rights:       rights(p, m),
	}
	setText(&a, text)
	setDates(&a, p, m, d.root)
	a.Language = chooseLanguage(a.Text, m.ld.language, m.language, p.Language, p.Hints.Language)
	a.Wire = wire(a.Text, a.Byline, m)
	a.Paywalled = paywall(&a, m, p.Hints.Summary)
	return a, a.Complete()
}

// maxNodes bounds the tree that is searched for text; some times what the largest
// news pages have.
const maxNodes = 60_000

// count returns the number of nodes below n, or a number over maxNodes.
func count(n *html.Node, sum int) int {
	for c := n.FirstChild; c != nil && sum <= maxNodes; c = c.NextSibling {
		sum = count(c, sum+1)
	}
	return sum
}

// Fragment makes an article of a piece of HTML that is all article, such as the
// full content of a feed item. p.Body holds it as UTF-8.
func Fragment(p Page) (schemas.Article, error) {
	root, err := html.Parse(bytes.NewReader(p.Body))
	if err != nil {
		return schemas.Article{}, fmt.Errorf("fragment: %s: %w", err, schemas.ErrMalformed)
	}
	var b blocks
	b.walk(root, 0)
	return fromParagraphs(p, b.done())
}

// Text makes an article of plain text: see [Paragraphs] for how it is split.
func Text(p Page) (schemas.Article, error) {
	return plainArticle(p, decode(p.Body, p.ContentType))
}

// File makes an article of a file: HTML if it looks like it, plain text
// otherwise. Errors match [schemas.ErrMalformed].
func File(data []byte, now time.Time) (schemas.Article, error) {
	d := &document{page: Page{Body: data, Now: now}, address: &url.URL{}, text: decode(data, "")}
	if looksLikeHTML(d.text) {
		if err := d.parse(); err != nil {
			return schemas.Article{}, err
		}
	}
	return d.article()
}

func plainArticle(p Page, text string) (schemas.Article, error) {
	return fromParagraphs(p, Paragraphs(text))
}

// fromParagraphs makes an article that only the hints describe.
func fromParagraphs(p Page, paragraphs []string) (schemas.Article, error) {
	address, _ := url.Parse(p.URL)
	a := schemas.Article{
		URL:          clean(address, false),
		CanonicalURL: clean(address, true),
		Publisher:    publisher(p, &meta{}, address),
		Title:        Line(p.Hints.Title),
		Teaser:       teaser(Line(p.Hints.Title), p.Hints.Summary),
		Byline:       byline(p.Hints.Byline),
		Feed:         p.Hints.Feed,
		Rights:       Line(p.Hints.Rights),
	}
	if len(paragraphs) == 0 {
		return a, ErrNoText
	}
	setText(&a, body{paragraphs: paragraphs})
	setDates(&a, p, &meta{}, nil)
	if p.URL != "" || p.Hints.Feed != "" { // a file's language is left open
		a.Language = chooseLanguage(a.Text, p.Language, p.Hints.Language)
	}
	a.Wire = wire(a.Text, a.Byline, &meta{})
	return a, a.Complete()
}

// setText joins the paragraphs and notes where each lies.
func setText(a *schemas.Article, b body) {
	a.Text = strings.Join(b.paragraphs, "\n")
	a.TextForm = schemas.Readable1
	at := 0
	for i, p := range b.paragraphs {
		n := utf8.RuneCountInString(p)
		mark := schemas.Paragraph{Span: schemas.Span{Start: at, End: at + n}}
		if b.support != nil {
			mark.Support = b.support[i]
		}
		a.Paragraphs = append(a.Paragraphs, mark)
		at += n + 1
	}
}

func looksLikeHTML(text string) bool {
	head := strings.ToLower(text[:min(len(text), 1024)])
	head = strings.TrimSpace(head)
	if !strings.HasPrefix(head, "<") {
		return false
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<article", "<p>", "<p ", "<div", "<h1", "<meta", "<title", "<script", "<main", "<section", "<!--"} {
		if strings.Contains(head, tag) {
			return true
		}
	}
	return false
}

// IsNoText reports whether err says that a page holds no article, as opposed to
// a page that cannot be read.
func IsNoText(err error) bool { return errors.Is(err, ErrNoText) }

func first(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}
