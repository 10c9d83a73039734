package readable

import (
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// meta is what a page says about itself, as found.
type meta struct {
	ld        linked
	title     string
	author    string
	site      string
	canonical string
	rights    string
	language  string
	tier      string // article:content_tier
	published []string
	modified  []string
	visible   []string // dates of <time> elements, in order
	wall      bool     // an element that looks like a paywall's
	credit    string   // source line beside the text
}

var (
	publishedNames = []string{
		"article:published_time", "og:article:published_time", "og:published_time", "parsely-pub-date", "datepublished",
		"dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.created", "sailthru.date", "pubdate", "publishdate",
		"publish_date", "publish-date", "publication_date", "published-date", "article.published", "cxenseparse:recs:publishtime",
		"dc.date", "dcterms.date", "date", "originalpublicationdate", "rbpubdate", "ptime", "pdate", "citation_publication_date",
	}
	modifiedNames = []string{"article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified", "last-modified", "lastmod"}
)

func readMeta(doc *goquery.Document, address *url.URL) *meta {
	m := &meta{ld: readLinked(doc, address)}
	tags := map[string]string{} // first value of each name
	doc.Find("meta").Each(func(_ int, s *goquery.Selection) {
		content := strings.TrimSpace(s.AttrOr("content", ""))
		for _, attr := range []string{"property", "name", "itemprop", "http-equiv"} {
			name := strings.ToLower(strings.TrimSpace(s.AttrOr(attr, "")))
			if _, ok := tags[name]; !ok && name != "" && content != "" {
				tags[name] = content
			}
		}
	})
	pick := func(names ...string) string {
		for _, n := range names {
			if tags[n] != "" {
				return tags[n]
			}
		}
		return ""
	}
	m.title = first(pick("og:title", "twitter:title", "dc.title", "headline"), headline(doc), titleTag(doc, pick("og:site_name")))
	m.author = first(pick("author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author", "byl", "citation_author"), name(pick("article:author")), visibleAuthor(doc))
	m.site = first(pick("og:site_name", "application-name", "dc.publisher", "citation_journal_title"))
	m.canonical = first(attr(doc, `link[rel~="canonical"]`, "href"), pick("og:url"))
	m.rights = first(pick("copyright", "dc.rights", "dcterms.rights", "rights"), attr(doc, `link[rel~="license"]`, "href"))
	m.language = first(attr(doc, "html", "lang"), pick("og:locale", "content-language", "dc.language", "language"))
	m.tier = strings.ToLower(pick("article:content_tier"))
	for _, n := range publishedNames {
		if tags[n] != "" {
			m.published = append(m.published, tags[n])
		}
	}
	for _, n := range modifiedNames {
		if tags[n] != "" {
			m.modified = append(m.modified, tags[n])
		}
	}
	doc.Find(`[itemprop="datePublished"]`).EachWithBreak(func(i int, s *goquery.Selection) bool {
		m.published = append(m.published, first(s.AttrOr("datetime", ""), s.AttrOr("content", ""), s.Text()))
		return i < 2
	})
	doc.Find("article time, main time, header time, time").EachWithBreak(func(i int, s *goquery.Selection) bool {
		if s.Closest("aside, footer, nav").Length() == 0 {
			m.visible = append(m.visible, first(s.AttrOr("datetime", ""), s.Text()))
		}
		return i < 4
	})
	m.wall = doc.Find(`[class*="paywall"], [id*="paywall"], [class*="subscriber-only"], [class*="piano-offer"], [data-paywall]`).Length() > 0
	m.credit = strings.TrimSpace(doc.Find(`[class*="source-credit"], [class*="article-credit"], [class*="wire-credit"], [itemprop="sourceOrganization"]`).First().Text())
	return m
}

// headline returns the page's only h1, or the first inside the article.
func headline(doc *goquery.Document) string {
	if h := doc.Find("article h1, main h1"); h.Length() > 0 {
		return Line(h.First().Text())
	}
	if h := doc.Find("h1"); h.Length() == 1 {
		return Line(h.Text())
	}
	return ""
}

// titleTag returns <title> without the site's name behind a separator.
func titleTag(doc *goquery.Document, site string) string {
	t := Line(doc.Find("head title").First().Text())
	for _, sep := range []string{" | ", " - ", " – ", " — ", " • ", " :: "} {
		i := strings.LastIndex(t, sep)
		if i < 0 {
			continue
		}
		tail := t[i+len(sep):]
		if strings.EqualFold(tail, site) || sep == " | " || len(strings.Fields(tail)) <= 4 && len(strings.Fields(t[:i])) > 4 {
			return t[:i]
		}
	}
	return t
}

func visibleAuthor(doc *goquery.Document) string {
	for _, sel := range []string{`[itemprop="author"] [itemprop="name"]`, `[itemprop="author"]`, `a[rel="author"]`, `.byline`, `.author-name`, `.author`, `[class*="byline"]`} {
		s := doc.Find(sel).FilterFunction(func(_ int, s *goquery.Selection) bool {
			return s.Closest("aside, footer, nav").Length() == 0
		}).First()
		if t := Line(s.Text()); t != "" && len(t) < 120 {
			return t
		}
	}
	return ""
}

// byline returns the names of an author line, without "By" before them.
func byline(s string) string {
	s = Line(s)
	if len(s) > 3 && strings.EqualFold(s[:3], "by ") {
		s = s[3:]
	}
	if len(s) > 300 {
		return ""
	}
	return s
}

// name drops an address given where a name should be.
func name(s string) string {
	if strings.Contains(s, "://") {
		return ""
	}
	return s
}

func attr(doc *goquery.Document, selector, name string) string {
	return strings.TrimSpace(doc.Find(selector).First().AttrOr(name, ""))
}
