// Package feed turns the bytes of a news feed into items. It reads RSS 0.9x and
// 2.0, RDF (RSS 1.0), Atom, JSON Feed, CDF and news sitemaps, and does no network
// access.
//
// Feeds in the wild are often ill-formed, so the bytes pass two repairs before
// gofeed reads them: the text is brought to UTF-8, and a small scanner closes
// open tags, escapes stray ampersands and removes what XML forbids. Document
// type declarations are dropped unread, so no entity is ever expanded. What was
// repaired is reported in [Feed.Repairs]; a feed without repairs is well-formed.
package feed

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	jsonfeed "github.com/mmcdole/gofeed/json"
	"github.com/mmcdole/gofeed/rss"

	"github.com/claimwire/claimwire/schemas"
)

// Limits on what a feed may contain.
const (
	MaxItems = 10_000 // items beyond it are dropped, and reported
	maxDepth = 128    // nested elements
)

// ErrEmpty is returned for a body without content. It matches
// [schemas.ErrMalformed].
var ErrEmpty = fmt.Errorf("feed is empty: %w", schemas.ErrMalformed)

// An HTMLError says that a web page was served where a feed was expected.
// It matches [schemas.ErrMalformed].
type HTMLError struct {
	Feeds []string // addresses of feeds that the page links to; often none
}

func (e *HTMLError) Error() string {
	if len(e.Feeds) == 0 {
		return "a web page, not a feed"
	}
	return "a web page, not a feed; it links to " + strings.Join(e.Feeds, " and ")
}

// Unwrap makes the error match [schemas.ErrMalformed].
func (e *HTMLError) Unwrap() error { return schemas.ErrMalformed }

// A Kind is the format of a feed.
type Kind string

// Formats of feeds.
const (
	RSS  Kind = "rss"
	RDF  Kind = "rdf"
	Atom Kind = "atom"
	JSON Kind = "json"
)

// A Feed is the content of one feed document.
type Feed struct {
	Kind     Kind
	Title    string        // plain text; empty if none
	Link     string        // the site's address; empty if none
	Self     string        // the feed's own address as it gives it; empty if none
	Hub      string        // WebSub hub; empty if none
	Next     string        // next page of an archived feed; empty if none
	Language string        // as declared; empty if none
	Rights   string        // copyright statement; empty if none
	TTL      time.Duration // how long the feed asks not to be fetched again; 0 if it does not say
	Items    []Item        // in the order of the feed
	Sitemaps []string      // of a sitemap index: the sitemaps it lists
	Changed  []string      // of a sitemap index: when each of them last changed; "" if unknown
	Repairs  []Repair      // what was wrong with it; none for a well-formed feed
}

// An Item is one entry of a feed. Texts are plain, except Summary and Content.
type Item struct {
	ID        string // guid, Atom id or rdf:about; empty if none
	Link      string // absolute http or https URL; empty if none
	Title     string
	Author    string
	Published string // RFC 3339 time with the offset as given, or ISO 8601 date; empty if unknown
	Updated   string // the same for the last change
	Summary   string // HTML; empty if none
	Content   string // full text as HTML; empty if the feed carries none
	Rights    string
}

// Parse reads a feed. contentType is the HTTP header or empty; base is the URL
// the feed came from, which relative links are resolved against, or empty.
//
// Every error matches [schemas.ErrMalformed]. For an HTML page it is an
// [*HTMLError], for a blank body [ErrEmpty].
func Parse(data []byte, contentType, base string) (*Feed, error) {
	rep := &repairs{}
	text := decode(data, contentType, rep)
	trimmed := strings.TrimLeft(text, " \t\r\n\v\f\x00\ufeff")
	switch {
	case trimmed == "":
		return nil, ErrEmpty
	case trimmed[0] == '{':
		return parse(tidyJSON(trimmed, rep), nil, base, rep)
	}
	decoded := *rep
	doc, err := tidy(trimmed, rep)
	if err != nil {
		return nil, err
	}
	if !isFeed(doc.root) {
		if found := behind(trimmed, &decoded); found != nil {
			doc, rep = found, &decoded
		}
	}
	switch doc.root {
	case "rss", "rdf", "feed":
		return parse(doc.text, doc, base, rep)
	case "channel":
		if doc.rss { // whose outermost element is missing
			rep.add(RepairTag, "<channel> without <rss>")
			doc.text, doc.root = `<rss version="2.0">`+doc.text+`</rss>`, "rss"
			return parse(doc.text, doc, base, rep)
		}
		return parseCDF(doc, base, rep)
	case "urlset", "sitemapindex":
		return parseSitemap(doc, base, rep)
	case "html", "head", "body":
		return nil, &HTMLError{Feeds: Discover(trimmed, base)}
	case "":
		return nil, fmt.Errorf("no XML and no JSON: begins with %q: %w", prefix(trimmed, 40), schemas.ErrMalformed)
	}
	return nil, fmt.Errorf("root element %q is no feed: %w", doc.root, schemas.ErrMalformed)
}

func isFeed(root string) bool {
	return root == "rss" || root == "rdf" || root == "feed" || root == "channel" || root == "urlset" || root == "sitemapindex"
}

// maxBefore is how far into a document a feed may begin: servers put warnings of
// their programs before it.
const maxBefore = 16 << 10

// behind returns the feed that stands behind something else, and adds to rep what
// was wrong; nil if there is none.
func behind(text string, rep *repairs) *document {
	for _, begin := range []string{"<?xml", "<rss", "<feed", "<rdf:RDF"} {
		i := strings.Index(text[:min(len(text), maxBefore)], begin)
		if i <= 0 {
			continue
		}
		again := *rep
		again.add(RepairTag, fmt.Sprintf("%d bytes before the feed: %.60q", i, text[:i]))
		if d, err := tidy(text[i:], &again); err == nil && isFeed(d.root) {
			*rep = again
			return d
		}
	}
	return nil
}

// parse hands repaired text to gofeed; doc is nil for JSON.
func parse(text string, doc *document, base string, rep *repairs) (*Feed, error) {
	src, err := gofeedParse(text)
	if err != nil {
		return nil, fmt.Errorf("feed: %s: %w", err, schemas.ErrMalformed)
	}
	if o, ok := src.OriginalFeed().(*jsonfeed.Feed); ok && o.Version == "" && len(o.Items) == 0 {
		return nil, fmt.Errorf("JSON that is no feed: begins with %q: %w", prefix(text, 40), schemas.ErrMalformed)
	}
	f := &Feed{
		Title:    plain(src.Title),
		Language: strings.TrimSpace(src.Language),
		Rights:   plain(src.Copyright),
	}
	root, _ := url.Parse(base)
	f.Link = absolute(root, src.Link)
	fillFormat(f, src, doc, root)
	if doc != nil {
		f.Self, f.Hub, f.Next = absolute(root, doc.rel["self"]), absolute(root, doc.rel["hub"]), absolute(root, doc.rel["next"])
	}
	if len(src.Items) > MaxItems {
		rep.add(RepairTruncated, fmt.Sprintf("%d items, the first %d kept", len(src.Items), MaxItems))
		src.Items = src.Items[:MaxItems]
	}
	fix := fixer{root: root, doc: doc, rep: rep, feed: src}
	f.Items = fix.items(src.Items)
	f.Repairs = rep.list()
	return f, nil
}

// gofeedParse runs gofeed, which must not be able to take the process down.
func gofeedParse(text string) (f *gofeed.Feed, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("parser gave up: %v", p)
		}
	}()
	p := gofeed.NewParser()
	p.KeepOriginalFeed = true
	f, err = p.Parse(bytes.NewReader([]byte(text)))
	if err == nil && f == nil {
		err = errors.New("parser found nothing")
	}
	return f, err
}

// fillFormat sets what depends on the format.
func fillFormat(f *Feed, src *gofeed.Feed, doc *document, root *url.URL) {
	switch o := src.OriginalFeed().(type) {
	case *rss.Feed:
		f.Kind = RSS
		if doc != nil && doc.root == "rdf" {
			f.Kind = RDF
		}
		f.TTL = ttl(o)
	case *jsonfeed.Feed:
		f.Kind = JSON
		f.Self, f.Next = absolute(root, o.FeedURL), absolute(root, o.NextURL)
	default:
		f.Kind = Atom
	}
}

func prefix(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
