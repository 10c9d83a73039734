package fetcher

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

func TestOnce(t *testing.T) {
	s := newSite(t)
	s.serve("/feed", rss("/a", "http://news.example/b?utm_source=rss", "/missing"), "Content-Type", "application/rss+xml")
	s.serve("/a", page("Ships wait", ""), "Content-Type", "text/html")
	s.serve("/b", page("Ships leave", "Six left."), "Content-Type", "text/html; charset=utf-8")
	f := s.fetcher(nil)
	k := once(t, f, newsFeed)
	if d := cmp.Diff([]string{"http://news.example/a", "http://news.example/b"}, k.urls()); d != "" {
		t.Fatalf("articles (-want +got):\n%s", d)
	}
	a := k.articles[0]
	if a.Title != "Ships wait" || a.PublishedAt != "2025-03-09T00:00:00+01:00" || a.PublishedSource != schemas.FromFeed || a.Feed != newsFeed ||
		a.Publisher != (schemas.Publisher{Name: "News", Domain: "news.example"}) || !a.FetchedAt.Equal(start) || a.ID != schemas.ID("a", "url", "http://news.example/a") {
		t.Errorf("article = %+v", a)
	}
	if len(k.letters) != 1 || k.letters[0].URL != "http://news.example/missing" || !strings.Contains(k.letters[0].Reason, "status 404") || string(k.letters[0].Record) != "404 page not found\n" {
		t.Errorf("dead letters = %+v, want one for /missing with what the server said", k.letters)
	}
	st := f.Stats()
	if st.Articles != 2 || st.PageErrors != 1 || st.Polls != 1 || st.DeadLetters != 1 || st.Feeds[newsFeed].Articles != 2 {
		t.Errorf("Stats() = %+v", st)
	}
	if k := once(t, f, newsFeed); len(k.articles)+len(k.letters) != 0 || s.seen("/a") != 1 {
		t.Errorf("second round: %d articles, %d letters, /a fetched %d times; want nothing new", len(k.articles), len(k.letters), s.seen("/a"))
	}
}

// TestFormats runs one feed of each format to its articles.
func TestFormats(t *testing.T) {
	feeds := map[string]string{
		"rss":  rss("/a"),
		"atom": `<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><id>x</id><title>T</title><link href="http://news.example/a"/><updated>2025-03-09T08:00:00Z</updated></entry></feed>`,
		"rdf":  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>N</title></channel><item rdf:about="http://news.example/a"><title>T</title></item></rdf:RDF>`,
		"json": `{"version":"https://jsonfeed.org/version/1.1","title":"N","items":[{"id":"1","url":"http://news.example/a","title":"T"}]}`,
	}
	for name, body := range feeds {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			s.serve("/feed", body)
			s.serve("/a", page("Ships wait", ""), "Content-Type", "text/html")
			if k := once(t, s.fetcher(nil), newsFeed); len(k.articles) != 1 || k.articles[0].Title != "Ships wait" {
				t.Errorf("articles = %+v, letters %s", k.articles, k.reasons())
			}
		})
	}
}

// TestOneBadAmongGood checks that nothing a publisher serves stops the others.
func TestOneBadAmongGood(t *testing.T) {
	s := newSite(t)
	s.serve("/good", rss("/a"))
	s.serve("/a", page("Ships wait", ""), "Content-Type", "text/html")
	s.serve("/cutoff", rss("/b")[:200])
	s.serve("/html", "<!doctype html><html><head><link rel=alternate type=application/rss+xml href=/good></head></html>", "Content-Type", "text/html")
	s.serve("/empty", "")
	s.serve("/binary", "\x00\x01\x02\xff")
	s.serve("/deep", strings.Repeat("<rss>", 100_000))
	s.mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	s.mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush() // no Content-Length
		io.CopyN(w, endless('x'), 200<<20)
	})
	s.mux.HandleFunc("/bigdeclared", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(200<<20))
		io.CopyN(w, endless('x'), 200<<20)
	})
	s.mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.(http.Flusher).Flush() // the first bytes come late: it shrinks to a thousandth
		z := gzip.NewWriter(w)
		io.CopyN(z, endless(' '), 200<<20)
		z.Close()
	})
	s.mux.HandleFunc("/hangup", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	names := []string{"good", "cutoff", "html", "empty", "binary", "deep", "gone", "big", "bigdeclared", "bomb", "hangup", "none"}
	var feeds []string
	for _, n := range names {
		feeds = append(feeds, "http://news.example/"+n)
	}
	feeds = append(feeds, "ftp://news.example/x", "http://[bad", "http://nowhere.invalid/feed")
	f := s.fetcher(func(c *Config) { c.Timeout = 2 * time.Minute }) // a busy machine packs the bomb slowly
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	k := once(t, f, feeds...)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 150<<20 {
		t.Errorf("allocated %d MiB for 600 MiB of bodies, want them cut off", got>>20)
	}
	if d := cmp.Diff([]string{"http://news.example/a"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
	for _, want := range []string{
		"/html: a web page, not a feed; it links to http://news.example/good", "/empty: feed is empty", "/binary: no XML and no JSON", "/deep: feed: elements nested more than 128 deep",
		"/gone: status 410", "/big: body: over 4194304 bytes", "/bigdeclared: body of 209715200 bytes, over 4194304", "/bomb: body: ", "/hangup: request: EOF", "/none: status 404",
		"not an http or https address", `address "http://[bad"`, "nowhere.invalid",
	} {
		if !strings.Contains(k.reasons(), want) {
			t.Errorf("no dead letter says %q", want)
		}
	}
	if st := f.Stats(); st.FeedErrors != 13 || len(k.letters) != 14 || st.Repaired != 1 { // and the page that the cut-off feed names
		t.Errorf("%d feed errors, %d letters, %d repaired, want 13, 14, 1\n%s", st.FeedErrors, len(k.letters), st.Repaired, k.reasons())
	}
	for _, l := range k.letters {
		if l.Stage != schemas.StageFetch || l.URL == "" || l.ID == "" || l.SHA256 == "" || len(l.Record) > schemas.MaxDeadRecord {
			t.Errorf("dead letter %+v lacks something", l)
		}
	}
}

func TestBadPages(t *testing.T) {
	long := strings.Repeat("<p>"+strings.Repeat("The tide tables are read aloud twice a day by the pilot on watch. ", 50)+"</p>\n", 350)
	tests := []struct {
		name, body, contentType string
		title, contains         string // of the article; empty if there is none
		date                    string
		reason                  string
	}{
		{"invalid UTF-8", strings.Replace(page("Ships wait", "na\xefve \xff caf\xc3\xa9."), "harbour", "harb\x80r", 1), "text/html; charset=utf-8", "Ships wait", "naïve ÿ café.", "", ""},
		{"windows-1252", strings.Replace(page("Ships wait", "\x93Caf\xe9\x94 \x96 5 \x80."), "<head>", `<head><meta charset="windows-1252">`, 1), "text/html", "Ships wait", "“Café” – 5 €.", "", ""},
		{"date of 1970", strings.Replace(page("Ships wait", ""), "2025-03-09T08:00:00+01:00", "1970-01-01T00:00:00Z", 1), "text/html", "Ships wait", "fourteen ships", "", ""},
		{"date of 2090", strings.Replace(page("Ships wait", ""), "2025-03-09T08:00:00+01:00", "2090-01-01T00:00:00Z", 1), "text/html", "Ships wait", "fourteen ships", "", ""},
		{"over a megabyte of text", strings.Replace(page("Ships wait", ""), "<p>", long+"<p>", 1), "text/html", "", "", "", "over 1048576"},
		{"empty", "", "text/html", "", "", "", "page is empty"},
		{"no article", "<html><body><nav><a href=/><img src=x></a></nav><script>run()</script></body></html>", "text/html", "", "", "", "no article text"},
		{"pdf", "%PDF-1.7", "application/pdf", "", "", "", "content type application/pdf is no page"},
		{"deep", strings.Repeat("<div>", 5000) + "x", "text/html", "", "", "", "exceeds 512"},
		{"plain text", "The first paragraph is\nwrapped.\n\nThe second one is not.", "text/plain", "", "The first paragraph is wrapped.\nThe second one is not.", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			s.serve("/a", tt.body, "Content-Type", tt.contentType)
			a, err := s.fetcher(nil).Page(t.Context(), "http://news.example/a")
			if tt.reason != "" {
				if err == nil || !strings.Contains(err.Error(), tt.reason) || !errors.Is(err, schemas.ErrMalformed) || !strings.Contains(err.Error(), "http://news.example/a") {
					t.Errorf("Page() = %v, want an ErrMalformed that names the address and says %q", err, tt.reason)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if a.Title != tt.title || !strings.Contains(a.Text, tt.contains) || strings.Contains(a.PublishedAt, "1970") || strings.Contains(a.PublishedAt, "2090") {
				t.Errorf("Page() = %q, published %s, text %q, want %q with %q", a.Title, a.PublishedAt, a.Text, tt.title, tt.contains)
			}
		})
	}
}

func TestContentWithoutLink(t *testing.T) {
	s := newSite(t)
	item := func(text string) string {
		return `<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>N</title><item><title>Ferry late</title><guid isPermaLink="false">f-1</guid><content:encoded><![CDATA[<p>` +
			text + `</p><p>` + strings.Repeat("The ferry stayed in port and the crew played cards. ", 5) + `</p>]]></content:encoded></item><item><title>No text</title><guid isPermaLink="false">2</guid></item></channel></rss>`
	}
	s.serve("/1", item("It was late."))
	s.serve("/2", item("It was two hours late."))
	f := s.fetcher(nil)
	a, b := once(t, f, "http://news.example/1"), once(t, f, "http://news.example/2")
	if len(a.articles) != 1 || len(b.articles) != 1 {
		t.Fatalf("%d and %d articles, want 1 and 1: %s", len(a.articles), len(b.articles), a.reasons())
	}
	if got := a.articles[0]; got.Title != "Ferry late" || !strings.HasPrefix(got.Text, "It was late.\nThe ferry") || got.ID == b.articles[0].ID {
		t.Errorf("article %+v", got)
	}
	if !strings.Contains(a.reasons(), "no link and no full content") {
		t.Errorf("letters: %s", a.reasons())
	}
}

func TestNew(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("New without user agent: no error")
	}
}

func TestSitemap(t *testing.T) {
	s := newSite(t)
	entry := func(loc, date string) string {
		return "<url><loc>" + loc + "</loc><lastmod>" + date + "</lastmod></url>"
	}
	s.serve("/news.xml", "<urlset>"+entry("/new", "2025-03-09")+entry("/old", "2025-01-01")+entry("/undated", "")+"</urlset>")
	s.serve("/index.xml", "<sitemapindex><sitemap><loc>http://news.example/news.xml</loc></sitemap></sitemapindex>")
	s.serve("/new", page("Ships wait", ""))
	k := once(t, s.fetcher(nil), "http://news.example/news.xml", "http://news.example/index.xml")
	if d := cmp.Diff([]string{"http://news.example/new"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
	if !strings.Contains(k.reasons(), "a sitemap index, not a feed: choose one of http://news.example/news.xml") || len(k.letters) != 1 {
		t.Errorf("letters: %s", k.reasons())
	}
}

func TestCheck(t *testing.T) {
	s := newSite(t)
	s.serve("/feed", rss("/a", "/b", "/c"), "ETag", `"1"`)
	s.mux.Handle("/old", http.RedirectHandler("/feed", http.StatusMovedPermanently))
	s.serve("/", `<html><head><link rel="alternate" type="application/atom+xml" href="/feed"></head></html>`)
	s.serve("/robots.txt", "User-agent: *\nDisallow: /a")
	f := s.fetcher(nil)
	r, err := f.Check(t.Context(), "http://ann:secret@news.example/old")
	if err != nil {
		t.Fatal(err)
	}
	if r.URL != "http://news.example/old" || r.Moved != newsFeed || r.Kind != "rss" || r.Items != 3 || r.WithLink != 3 || r.Newest != "2025-03-09T02:00:00+01:00" ||
		r.Rhythm != time.Hour || r.Interval != 30*time.Minute || !r.Conditional || r.Robots != "forbidden" || len(r.Preview) != 3 || len(r.Advice) != 2 {
		t.Errorf("Check = %+v", r)
	}
	if n := len(s.hits); n != 3 { // the redirect, the feed, robots.txt
		t.Errorf("%d requests: %q, want 3", n, s.hits)
	}
	r, err = f.Check(t.Context(), "http://news.example/")
	if err == nil || !slices.Equal(r.Feeds, []string{newsFeed}) {
		t.Errorf("Check(page) = %+v, %v, want the feed it links to", r, err)
	}
}

// TestFeedsText checks that the feed's own full text stands in for a page that is
// walled off, but not for one that is gone.
func TestFeedsText(t *testing.T) {
	s := newSite(t)
	text := "<p>" + strings.Repeat("The pilots went home at noon. ", 40) + "</p>"
	var b strings.Builder
	b.WriteString(`<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>N</title>`)
	for _, p := range []string{"walled", "robots", "gone", "busy"} {
		fmt.Fprintf(&b, `<item><title>%s</title><link>http://news.example/%s</link><content:encoded><![CDATA[%s]]></content:encoded></item>`, p, p, text)
	}
	s.serve("/feed", b.String()+"</channel></rss>")
	s.serve("/robots.txt", "User-agent: *\nDisallow: /robots")
	for p, code := range map[string]int{"/walled": 403, "/gone": 410, "/busy": 503} {
		s.mux.HandleFunc(p, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	}
	k := once(t, s.fetcher(nil), newsFeed)
	if d := cmp.Diff([]string{"http://news.example/robots", "http://news.example/walled"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s\n%s", d, k.reasons())
	}
	for _, a := range k.articles {
		if a.ID != schemas.ID("a", "url", a.CanonicalURL) || !strings.HasPrefix(a.Text, "The pilots went home") {
			t.Errorf("article %+v", a)
		}
	}
}

func TestDiscover(t *testing.T) {
	const blank = "<html><body>Welcome</body></html>"
	tests := []struct {
		name   string
		serve  map[string]string
		at     string
		want   []string
		failed bool
	}{
		{"a feed", map[string]string{"/feed": rss()}, "/feed", []string{newsFeed}, false},
		{"links and a news sitemap", map[string]string{
			"/": `<html><head><link rel="alternate" type="application/rss+xml" href="/all.xml"></head></html>`, "/robots.txt": "Sitemap: http://news.example/sitemap-news.xml\nSitemap: http://news.example/archive.xml",
		}, "/", []string{"http://news.example/all.xml", "http://news.example/sitemap-news.xml"}, false},
		{"the usual place", map[string]string{"/{$}": blank, "/rss.xml": rss(), "/feed": blank}, "/", []string{"http://news.example/rss.xml"}, false},
		{"nothing", map[string]string{"/{$}": blank}, "/", nil, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			for p, body := range tt.serve {
				s.serve(p, body)
			}
			got, err := s.fetcher(nil).Discover(t.Context(), "http://news.example"+tt.at)
			if !slices.Equal(got, tt.want) || (err != nil) != tt.failed {
				t.Errorf("Discover = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}
