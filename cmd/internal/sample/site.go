package sample

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding"
)

//go:embed templates/*.html
var templateFiles embed.FS

// A site holds the rendered pages of one publisher.
type site struct {
	*publisher
	pages map[string]page // by path
}

// A page is one article's page. It does not change once it is published.
type page struct {
	number int // index of the article in Newsroom.articles
	body   []byte
}

// pageData is what a page template sees.
type pageData struct {
	Site    *publisherData
	Article *Article
	Older   []Article // what the publisher ran before, newest first: the "related" box
	Path    string
}

// publisherData is what a template sees of a publisher.
type publisherData struct{ Name, Host, Tagline, FeedURL, FeedType, Home string }

const olderLinks = 4 // in the box of related articles

func newSite(p *publisher, articles []Article) (*site, error) {
	t, err := template.New(p.key+".html").Funcs(template.FuncMap{"ld": linkedData, "graph": linkedGraph}).
		ParseFS(templateFiles, "templates/"+p.key+".html")
	if err != nil {
		return nil, err
	}
	s := &site{publisher: p, pages: make(map[string]page)}
	view := publisherData{p.name, p.host, p.tagline, p.url(p.feedPath), p.format.contentType(), p.url("/")}
	var older []Article
	for i := range articles {
		a := &articles[i]
		if a.publisher != p {
			continue
		}
		if _, ok := s.pages[a.path]; ok {
			return nil, fmt.Errorf("two articles at %s", a.path)
		}
		var b strings.Builder
		if err := t.Execute(&b, pageData{&view, a, older[:min(len(older), olderLinks)], a.path}); err != nil {
			return nil, err
		}
		body, err := p.encode(b.String())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.file, err)
		}
		s.pages[a.path] = page{i, body}
		older = append([]Article{*a}, older...)
	}
	return s, nil
}

// encode returns text in the publisher's charset. HTML and XML alike read the
// numeric references that stand in for what the charset lacks.
func (p *publisher) encode(text string) ([]byte, error) {
	if p.charset == nil {
		return []byte(text), nil
	}
	return encoding.HTMLEscapeUnsupported(p.charset.NewEncoder()).Bytes([]byte(text))
}

// linkedData is the schema.org description of an article, for JSON-LD.
func linkedData(a *Article) map[string]any {
	return map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": a.Title, "description": a.Summary,
		"datePublished": a.Published.Format(time.RFC3339), "dateModified": a.Published.Format(time.RFC3339),
		"author":           []map[string]string{{"@type": "Person", "name": a.Byline}},
		"publisher":        map[string]string{"@type": "NewsMediaOrganization", "name": a.Publisher},
		"mainEntityOfPage": a.URL, "articleSection": a.Section, "inLanguage": "en", "isAccessibleForFree": true,
	}
}

// linkedGraph is the same as one node of a graph, as some publishing systems write it.
func linkedGraph(a *Article) map[string]any {
	node := linkedData(a)
	delete(node, "@context")
	return map[string]any{
		"@context": "https://schema.org",
		"@graph": []any{
			map[string]string{"@type": "WebSite", "name": a.Publisher, "url": a.publisher.url("/")},
			map[string]string{"@type": "WebPage", "@id": a.URL, "name": a.Title},
			node,
		},
	}
}

// ServeHTTP answers for every host of the newsroom and with 404 for any other.
func (n *Newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	s := n.sites[strings.ToLower(host)]
	switch {
	case s == nil:
		http.Error(w, "no such site", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	default:
		s.serve(w, r, n.articles[:n.published()])
	}
}

// serve answers a request with what is published so far.
func (s *site) serve(w http.ResponseWriter, r *http.Request, published []Article) {
	var own []Article
	for _, a := range published {
		if a.publisher == s.publisher {
			own = append(own, a)
		}
	}
	var body []byte
	var err error
	contentType, changed := "", lastChange(own)
	switch path := r.URL.Path; path {
	case "/robots.txt":
		contentType, body, changed = "text/plain; charset=utf-8", s.robots(), epoch
	case s.feedPath:
		contentType = s.format.contentType()
		body, err = renderFeed(s.publisher, own)
	case "/sitemap.xml":
		contentType = "application/xml"
		body, err = sitemap(own)
	case "/":
		contentType = "text/html; charset=utf-8"
		body, err = frontPage(s.publisher, own)
	default:
		p, ok := s.pages[path]
		if !ok || p.number >= len(published) {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		contentType, body, changed = "text/html; charset=utf-8", p.body, published[p.number].Published
		if s.charset != nil {
			contentType = "text/html" // an old site: only the page itself says its charset
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(body)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	w.Header().Set("Cache-Control", "max-age=60")
	http.ServeContent(w, r, "", changed, bytes.NewReader(body)) // answers conditional requests with 304
}

func (s *site) robots() []byte {
	return []byte("User-agent: *\nCrawl-delay: 0\nDisallow: /search\nDisallow: /account\n\nSitemap: " + s.url("/sitemap.xml") + "\n")
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

func sitemap(articles []Article) ([]byte, error) {
	var set struct {
		XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []sitemapURL `xml:"url"`
	}
	for _, a := range articles {
		set.URLs = append(set.URLs, sitemapURL{a.URL, a.Published.Format(time.RFC3339)})
	}
	b, err := xml.MarshalIndent(set, "", "  ")
	return append([]byte(xml.Header), b...), err
}

var frontTemplate = template.Must(template.New("front").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Site.Name}}</title>
<link rel="alternate" type="{{.Site.FeedType}}" title="{{.Site.Name}}" href="{{.Site.FeedURL}}"></head>
<body><h1>{{.Site.Name}}</h1><p>{{.Site.Tagline}}</p>
<ul>{{range .Articles}}<li><a href="{{.URL}}">{{.Title}}</a> <small>{{.Section}}</small></li>
{{end}}</ul></body></html>
`))

func frontPage(p *publisher, articles []Article) ([]byte, error) {
	var b bytes.Buffer
	err := frontTemplate.Execute(&b, map[string]any{
		"Site":     publisherData{p.name, p.host, p.tagline, p.url(p.feedPath), p.format.contentType(), p.url("/")},
		"Articles": articles,
	})
	return b.Bytes(), err
}
