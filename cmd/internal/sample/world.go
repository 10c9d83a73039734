package sample

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// A World serves any number of articles over HTTP, as the feeds and pages of
// their publishers, until it is closed. It measures the program; the [Newsroom]
// shows it.
type World struct {
	address string
	server  *http.Server
	served  chan struct{}
	pages   map[string][]byte // by host and path with its query
	feeds   []string
	hosts   map[string]string
	close   sync.Once
}

// worldFeed is how many articles one feed of a World lists.
const worldFeed = 100

var worldPage = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{.Title}}</title>
<meta property="og:site_name" content="{{.Publisher.Name}}">
<meta property="og:type" content="article">
<meta name="author" content="{{.Byline}}">
<meta property="article:published_time" content="{{.PublishedAt}}">
</head>
<body>
<nav><a href="/">News</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<main><article>
<h1>{{.Title}}</h1>
{{range .Paragraphs}}<p>{{.}}</p>
{{end}}</article></main>
<footer><p>© {{.Publisher.Name}}. All rights reserved.</p></footer>
</body>
</html>
`))

// Serve listens on a free port of 127.0.0.1 and serves articles, each of which
// needs URL, title, text and a publisher with its domain, until Close is called
// or ctx ends; Close must be called in either case.
func Serve(ctx context.Context, articles []schemas.Article) (*World, error) {
	w := &World{pages: map[string][]byte{}, hosts: map[string]string{}, served: make(chan struct{})}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("serve articles: %w", err)
	}
	w.address = l.Addr().String()
	if err := w.render(articles); err != nil {
		l.Close()
		return nil, fmt.Errorf("serve articles: %w", err)
	}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(w.served)
		_ = w.server.Serve(l) // ends with Close
	}()
	context.AfterFunc(ctx, func() { _ = w.server.Close() })
	return w, nil
}

// Close stops the server and waits until it has stopped.
func (w *World) Close() error {
	var err error
	w.close.Do(func() { err = w.server.Close() })
	<-w.served
	return err
}

// Feeds returns the URLs of all feeds, in the order of their first article.
func (w *World) Feeds() []string { return w.feeds }

// Hosts maps each host to the address that serves it, as a dialer needs to know.
func (w *World) Hosts() map[string]string { return w.hosts }

// ServeHTTP implements [http.Handler].
func (w *World) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	host, _, _ := strings.Cut(r.Host, ":")
	body, ok := w.pages[host+r.URL.RequestURI()]
	if !ok {
		http.NotFound(rw, r)
		return
	}
	kind := "text/html; charset=utf-8"
	if strings.HasPrefix(r.URL.Path, worldFeedPath) {
		kind = "application/rss+xml"
	}
	rw.Header().Set("Content-Type", kind)
	_, _ = rw.Write(body)
}

const worldFeedPath = "/world-feed-"

// render makes all pages, and feeds of the articles of each host.
func (w *World) render(articles []schemas.Article) error {
	byHost := map[string][]*schemas.Article{}
	var order []string
	for i := range articles {
		a := &articles[i]
		u, err := url.Parse(a.URL)
		if err != nil || u.Hostname() == "" {
			return errors.Join(fmt.Errorf("article %d has the address %q", i, a.URL), err)
		}
		host := u.Hostname()
		if byHost[host] == nil {
			order = append(order, host)
			w.hosts[host] = w.address
		}
		byHost[host] = append(byHost[host], a)
		var page bytes.Buffer
		if err := worldPage.Execute(&page, struct {
			*schemas.Article
			Paragraphs []string
		}{a, strings.Split(a.Text, "\n")}); err != nil {
			return err
		}
		w.pages[host+u.RequestURI()] = page.Bytes()
	}
	for _, host := range order {
		for n, rest := 0, byHost[host]; len(rest) > 0; n++ {
			part := rest[:min(worldFeed, len(rest))]
			rest = rest[len(part):]
			path := fmt.Sprintf("%s%d.xml", worldFeedPath, n)
			body, err := worldRSS(host, part)
			if err != nil {
				return err
			}
			w.pages[host+path] = body
			w.feeds = append(w.feeds, "http://"+host+path)
		}
	}
	return nil
}

func worldRSS(host string, articles []*schemas.Article) ([]byte, error) {
	type item struct {
		Title string `xml:"title"`
		Link  string `xml:"link"`
		GUID  string `xml:"guid"`
		Date  string `xml:"pubDate,omitempty"`
	}
	var doc struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Title   string   `xml:"channel>title"`
		Link    string   `xml:"channel>link"`
		Items   []item   `xml:"channel>item"`
	}
	doc.Version, doc.Title, doc.Link = "2.0", host, "http://"+host+"/"
	for _, a := range articles {
		it := item{Title: a.Title, Link: a.URL, GUID: a.URL}
		if at, err := time.Parse(time.RFC3339, a.PublishedAt); err == nil {
			it.Date = at.Format(time.RFC1123Z)
		}
		doc.Items = append(doc.Items, it)
	}
	return xml.Marshal(doc)
}
