package readable

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what a page says about itself, as found.
type meta struct {
	ld        linked
	title     string
	author    string
	teaser    string
	site      string
	canonical string
	rights    string
	language  string
	tier      string // article:content_tier
	published []string
	modified  []string
	visible   []string // dates of <time> elements, in order
	printed   []string // texts that may hold the date as readers see it
	wall      bool     // an element that looks like a paywall's
	robots    string   // robots meta tag
	tdm       string   // tdm-reservation meta tag
	credit    string   // source line beside the text
	live      bool     // microdata says that it is a live blog
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

// parts are the elements of a page that say something about it, found in one
// walk.
type parts struct {
	tags      map[string]string // first content of each meta name, property, itemprop or http-equiv
	canonical string
	license   string
	lang      string
	title     string
	ld        []string     // JSON-LD blocks
	h1, times []*html.Node // in order
	dates     []*html.Node // itemprop="datePublished"
	authors   [4]*html.Node
	dated     []*html.Node // elements that may print the date
	credit    *html.Node
	wall      bool
	live      bool
}

// authorKinds are the marks of an author line, the surest first.
const (
	authorName = iota // itemprop="author" or what holds its name
	authorLink        // rel="author"
	authorLine        // class byline
	authorAny         // class author
)

func findParts(root *html.Node) *parts {
	p := &parts{tags: map[string]string{}}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Meta:
			p.meta(n)
			continue
		case atom.Link:
			rel := " " + strings.ToLower(get(n, "rel")) + " "
			if strings.Contains(rel, " canonical ") && p.canonical == "" {
				p.canonical = get(n, "href")
			}
			if strings.Contains(rel, " license ") && p.license == "" {
				p.license = get(n, "href")
			}
			continue
		case atom.Script:
			if strings.HasPrefix(strings.ToLower(get(n, "type")), "application/ld+json") && n.FirstChild != nil && len(p.ld) < maxBlocks {
				p.ld = append(p.ld, n.FirstChild.Data)
			}
			continue
		case atom.Html:
			p.lang = get(n, "lang")
		case atom.Title:
			if p.title == "" && n.FirstChild != nil {
				p.title = Line(n.FirstChild.Data)
			}
		case atom.H1:
			p.h1 = append(p.h1, n)
		case atom.Time:
			p.times = append(p.times, n)
		}
		p.marks(n)
	}
	return p
}

func (p *parts) meta(n *html.Node) {
	content := get(n, "content")
	if content == "" {
		return
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "property", "name", "itemprop", "http-equiv":
			name := strings.ToLower(strings.TrimSpace(a.Val))
			old, ok := p.tags[name]
			switch {
			case !ok && name != "":
				p.tags[name] = content
			case strings.Contains(name, "author") && len(old) < 200 && !strings.Contains(old, content): // one tag for each
				p.tags[name] = old + ", " + content
			}
		}
	}
}

// marks looks at the attributes of an element.
func (p *parts) marks(n *html.Node) {
	author := func(kind int) {
		if p.authors[kind] == nil {
			p.authors[kind] = n
		}
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "itemtype":
			p.live = p.live || strings.HasSuffix(a.Val, "/LiveBlogPosting")
		case "itemprop":
			switch a.Val {
			case "datePublished":
				p.dates = append(p.dates, n)
			case "author":
				author(authorName)
			case "sourceOrganization":
				p.credit = n
			}
		case "rel":
			if a.Val == "author" {
				author(authorLink)
			}
		case "data-paywall":
			p.wall = true
		case "class", "id":
			v := strings.ToLower(a.Val)
			p.wall = p.wall || strings.Contains(v, "paywall") || strings.Contains(v, "subscriber-only") || strings.Contains(v, "piano-offer")
			if len(v) > 200 {
				continue
			}
			if strings.Contains(v, "byline") {
				author(authorLine)
			} else if strings.Contains(v, "author") && hasAuthor(v) {
				author(authorAny)
			}
			if p.credit == nil && (strings.Contains(v, "source-credit") || strings.Contains(v, "article-credit") || strings.Contains(v, "wire-credit")) {
				p.credit = n
			}
			if len(p.dated) < 10 && (strings.Contains(v, "date") || strings.Contains(v, "time") || strings.Contains(v, "byline") || strings.Contains(v, "publish")) {
				p.dated = append(p.dated, n)
			}
		}
	}
}

// hasAuthor reports whether one of the class names is that of an author line.
func hasAuthor(classes string) bool {
	for c := range strings.FieldsSeq(classes) {
		if c == "author" || c == "author-name" || c == "author_name" {
			return true
		}
	}
	return false
}

func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// pick returns the first of the named tags that the page has.
func (p *parts) pick(names ...string) string {
	for _, n := range names {
		if p.tags[n] != "" {
			return p.tags[n]
		}
	}
	return ""
}

func (p *parts) all(names []string) (out []string) {
	for _, n := range names {
		if p.tags[n] != "" {
			out = append(out, p.tags[n])
		}
	}
	return out
}

func readMeta(doc *goquery.Document, address *url.URL) *meta {
	p := findParts(doc.Nodes[0])
	m := &meta{
		ld:        readLinked(p.ld, address),
		site:      first(p.pick("og:site_name", "application-name", "dc.publisher", "citation_journal_title")),
		canonical: first(p.canonical, p.pick("og:url")),
		rights:    first(p.pick("copyright", "dc.rights", "dcterms.rights", "rights"), p.license),
		language:  first(p.lang, p.pick("og:locale", "content-language", "dc.language", "language")),
		robots:    p.pick("robots"),
		tdm:       p.pick("tdm-reservation"),
		tier:      strings.ToLower(p.pick("article:content_tier")),
		published: p.all(publishedNames),
		modified:  p.all(modifiedNames),
		wall:      p.wall,
		live:      p.live,
	}
	m.title = p.headline(doc, address)
	m.teaser = first(p.pick("og:description", "description", "twitter:description", "dc.description"))
	m.author = first(name(p.pick("author")), name(p.pick("parsely-author", "dc.creator", "dcterms.creator", "sailthru.author", "byl", "citation_author")), name(p.pick("article:author")))
	if m.author == "" || nobody(m.author, m.site) {
		m.author = first(visibleAuthor(doc, p), m.author)
	}
	for _, n := range p.dates[:min(len(p.dates), 3)] {
		m.published = append(m.published, first(get(n, "datetime"), get(n, "content"), doc.FindNodes(n).Text()))
	}
	for _, n := range p.times[:min(len(p.times), 5)] {
		if !aside(doc, n) {
			m.visible = append(m.visible, first(get(n, "datetime"), doc.FindNodes(n).Text()))
		}
	}
	for _, n := range slices.Concat(p.times[:min(len(p.times), 3)], p.dated) {
		if t := Line(doc.FindNodes(n).Text()); len(t) < 200 && !aside(doc, n) {
			m.printed = append(m.printed, t)
		}
	}
	if p.credit != nil {
		m.credit = Line(doc.FindNodes(p.credit).Text())
	}
	return m
}

// aside reports whether an element stands outside the page's story.
func aside(doc *goquery.Document, n *html.Node) bool {
	return doc.FindNodes(n).Closest("aside, footer, nav").Length() > 0
}

// headline returns the title in the meta tags, else the main heading, else the
// page's title.
func (p *parts) headline(doc *goquery.Document, address *url.URL) string {
	var headings []string
	for _, n := range p.h1[:min(len(p.h1), 5)] {
		if h := Line(doc.FindNodes(n).Text()); h != "" {
			headings = append(headings, h)
		}
	}
	host := ""
	if address != nil {
		host = address.Hostname()
	}
	site := p.pick("og:site_name", "application-name")
	if t := Line(p.pick("og:title", "twitter:title", "dc.title", "headline")); t != "" {
		return trimSite(t, site, host, headings, false)
	}
	return first(mainHeading(doc, p.h1), trimSite(p.title, site, host, headings, true))
}

// mainHeading returns the page's only h1, or the first inside the article.
func mainHeading(doc *goquery.Document, h1 []*html.Node) string {
	for _, n := range h1 {
		if len(h1) == 1 || doc.FindNodes(n).Closest("article, main").Length() > 0 {
			return Line(doc.FindNodes(n).Text())
		}
	}
	return ""
}

var titleSeparator = regexp.MustCompile(`\s*(?:\||·|•|::)\s*|\s+(?:-|–|—|~|»|«)\s+`)

// trimSite returns a page's title without the site's name before or behind it:
// the part that is a heading of the page, else all but the parts that are made
// of the site's name or host. A <title>, which seldom lacks the site's name, loses
// any short part at the end.
func trimSite(title, site, host string, headings []string, tag bool) string {
	cuts := titleSeparator.FindAllStringIndex(title, 8)
	for _, c := range cuts {
		for _, part := range []string{title[:c[0]], title[c[1]:]} {
			for _, h := range headings {
				if strings.EqualFold(part, h) {
					return part
				}
			}
		}
	}
	for len(cuts) > 0 {
		c := cuts[len(cuts)-1]
		tail := title[c[1]:]
		sep := strings.TrimSpace(title[c[0]:c[1]])
		short := tag && (sep == "|" || len(strings.Fields(tail)) <= 4 && len(strings.Fields(title[:c[0]])) > 4)
		if !names(tail, site, host) && !short {
			break
		}
		title, cuts = title[:c[0]], cuts[:len(cuts)-1]
	}
	return title
}

// names reports whether s is made of a site's name or of its host's.
func names(s, site, host string) bool {
	s, site = plainName(s), plainName(site)
	label, _, _ := strings.Cut(Domain(host), ".")
	label = plainName(label)
	return s != "" && (s == site || len(label) > 3 && strings.Contains(s, label) || len(s) > 3 && strings.Contains(label, s))
}

func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func visibleAuthor(doc *goquery.Document, p *parts) string {
	for kind, n := range p.authors {
		if n == nil || aside(doc, n) {
			continue
		}
		sel := doc.FindNodes(n)
		if kind == authorName {
			if inner := sel.Find(`[itemprop="name"]`).First(); inner.Length() > 0 {
				sel = inner
			}
		}
		if t := Line(sel.Text()); t != "" && len(t) < 120 {
			return t
		}
	}
	return ""
}

// byline returns the names of an author line, without "By" before them.
func byline(s string) string {
	s = trimBy(Line(s))
	if len(s) > 300 {
		return ""
	}
	return s
}

var byWords = regexp.MustCompile(`(?i)^(?:view all posts by|(?:written|posted|reported) by|by|von|par|por|autor(?:in)?:|author:)\s+`)

func trimBy(s string) string { return byWords.ReplaceAllString(s, "") }

// nobody reports whether an author is the site itself or its software.
func nobody(author, site string) bool {
	switch a := strings.ToLower(author); {
	case strings.EqualFold(author, site), a == "admin", a == "administrator", a == "wordpressadmin", a == "editor", a == "redaktion":
		return true
	default: // a host name
		return strings.Contains(a, ".") && !strings.ContainsAny(a, " ,")
	}
}

// name drops an address given where a name should be.
func name(s string) string {
	if strings.Contains(s, "://") {
		return ""
	}
	return s
}
