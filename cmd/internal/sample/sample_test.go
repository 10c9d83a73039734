package sample

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"
)

// open starts a newsroom and returns it with a client that dials its hosts.
func open(t *testing.T) (*Newsroom, *http.Client) {
	t.Helper()
	n, err := Start(t.Context(), Config{})
	if err != nil {
		t.Fatal(err)
	}
	hosts := n.Hosts()
	tr := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if a, ok := hosts[host]; ok {
			address = a
		}
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		if err := n.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return n, &http.Client{Transport: tr, Timeout: 10 * time.Second}
}

func get(t *testing.T, c *http.Client, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// Every feed parses and lists its publisher's articles, newest first.
func TestFeeds(t *testing.T) {
	n, c := open(t)
	types := map[string]string{}
	listed := 0
	for _, url := range n.Feeds() {
		resp, body := get(t, c, url)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("GET %s: %s", url, resp.Status)
			continue
		}
		f, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		types[f.FeedType] = f.FeedVersion
		var want []Article
		for _, a := range n.Articles() {
			if a.Host == resp.Request.URL.Host {
				want = append([]Article{a}, want...)
			}
		}
		if len(f.Items) != len(want) {
			t.Errorf("%s has %d items, want %d", url, len(f.Items), len(want))
			continue
		}
		for i, it := range f.Items {
			a := want[i]
			if it.Link != a.URL || it.Title != a.Title || it.PublishedParsed == nil || !it.PublishedParsed.Equal(a.Published) || it.Description != a.Summary {
				t.Errorf("%s: item %d is %q %q %v %q, want %q %q %v %q", url, i, it.Link, it.Title, it.PublishedParsed, it.Description, a.URL, a.Title, a.Published, a.Summary)
			}
			if len(it.Authors) != 1 || it.Authors[0].Name != a.Byline {
				t.Errorf("%s: authors of item %d are %v, want %q", url, i, it.Authors, a.Byline)
			}
		}
		listed += len(f.Items)
	}
	if d := cmp.Diff([]string{"atom", "json", "rss"}, slices.Sorted(maps.Keys(types))); d != "" {
		t.Errorf("feed formats:\n%s", d)
	}
	if listed != len(n.Articles()) {
		t.Errorf("feeds list %d articles, want %d", listed, len(n.Articles()))
	}
}

// Every page parses and has its article's title, paragraphs and credit, and in
// some machine-readable way its date.
func TestPages(t *testing.T) {
	n, c := open(t)
	dateAt := map[string]string{
		"meridian.example":          `meta[property="article:published_time"]`,
		"www.harbourpost.example":   `script[type="application/ld+json"]`,
		"www.levantcourier.example": `time[itemprop=datePublished]`,
		"costaysierra.example":      `meta[name="DC.date.issued"]`,
		"www.ledgerdaily.example":   `script[type="application/ld+json"]`,
	}
	for _, a := range n.Articles() {
		resp, body := get(t, c, a.URL)
		if resp.StatusCode != http.StatusOK {
			t.Errorf("GET %s: %s", a.URL, resp.Status)
			continue
		}
		r, err := charset.NewReader(bytes.NewReader(body), resp.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(r)
		if err != nil {
			t.Errorf("%s: %v", a.URL, err)
			continue
		}
		if got := doc.Find("h1").Text(); got != a.Title {
			t.Errorf("%s: h1 is %q, want %q", a.URL, got, a.Title)
		}
		if got, _ := doc.Find(`link[rel=canonical]`).Attr("href"); got != a.URL {
			t.Errorf("%s: canonical URL is %q", a.URL, got)
		}
		paragraphs := doc.Find("p").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		at := slices.Index(paragraphs, a.Paragraphs[0])
		if at < 0 || len(paragraphs) < at+len(a.Paragraphs) || !slices.Equal(paragraphs[at:at+len(a.Paragraphs)], a.Paragraphs) {
			t.Errorf("%s: the paragraphs are not those of the article: %q", a.URL, paragraphs)
		}
		if a.Credit != "" && !strings.Contains(doc.Text(), a.Credit) {
			t.Errorf("%s: no credit for %s", a.URL, a.Credit)
		}
		date := doc.Find(dateAt[a.Host])
		v := date.AttrOr("content", date.AttrOr("datetime", date.Text()))
		if !strings.Contains(v, a.Published.Format("2006-01-02T15:04:05")) {
			t.Errorf("%s: %s does not have the date %v: %q", a.URL, dateAt[a.Host], a.Published, v)
		}
		for _, box := range []string{"nav, #menu, .nav", `[class*=cookie], [id*=cookie], #consent, .gdpr-modal`} {
			if doc.Find(box).Length() == 0 {
				t.Errorf("%s: nothing like %s, so nothing to tell the text from", a.URL, box)
			}
		}
	}
}

// One publisher is in windows-1252 throughout, with letters that UTF-8 would
// write as two bytes.
func TestWindows1252(t *testing.T) {
	n, c := open(t)
	for _, url := range append(urlsOf(n, "costaysierra.example"), "http://costaysierra.example/en/feed") {
		_, body := get(t, c, url)
		if utf8.Valid(body) {
			t.Errorf("%s is UTF-8", url)
		}
		if !bytes.Contains(body, []byte("windows-1252")) {
			t.Errorf("%s does not name its charset", url)
		}
	}
	a := n.Articles()[slices.IndexFunc(n.Articles(), func(a Article) bool { return a.file == "quake-1-first" })]
	_, body := get(t, c, a.URL)
	for _, want := range []string{"Oco\xf1a", "Caman\xe1", "Efra\xedn N\xfa\xf1ez", "\x93The adobe houses simply sat down,\x94"} {
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s does not have the bytes %q", a.URL, want)
		}
	}
}

func urlsOf(n *Newsroom, host string) []string {
	var urls []string
	for _, a := range n.Articles() {
		if a.Host == host {
			urls = append(urls, a.URL)
		}
	}
	return urls
}

func TestConditionalRequests(t *testing.T) {
	n, c := open(t)
	for _, url := range append(n.Feeds(), n.Articles()[0].URL, "http://meridian.example/robots.txt", "http://meridian.example/sitemap.xml", "http://meridian.example/") {
		resp, body := get(t, c, url)
		etag, modified := resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
		if len(body) == 0 || etag == "" || modified == "" {
			t.Errorf("%s: %d bytes, ETag %q, Last-Modified %q", url, len(body), etag, modified)
		}
		for name, value := range map[string]string{"If-None-Match": etag, "If-Modified-Since": modified} {
			resp, body := get(t, c, url, name, value)
			if resp.StatusCode != http.StatusNotModified || len(body) > 0 {
				t.Errorf("%s with %s: %s, %d bytes, want 304 and none", url, name, resp.Status, len(body))
			}
		}
		for name, value := range map[string]string{"If-None-Match": `"other"`, "If-Modified-Since": "Sun, 23 Nov 2025 00:00:00 GMT"} {
			if resp, _ := get(t, c, url, name, value); resp.StatusCode != http.StatusOK {
				t.Errorf("%s with an outdated %s: %s, want 200", url, name, resp.Status)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	n, c := open(t)
	for _, url := range []string{"http://" + n.address + "/", "http://meridian.example/nothing", "http://www.harbourpost.example/feeds/all.atom"} {
		if resp, _ := get(t, c, url); resp.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: %s, want 404", url, resp.Status)
		}
	}
	resp, err := c.Post("http://meridian.example/", "text/plain", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s, want 405", resp.Status)
	}
	_, robots := get(t, c, "http://meridian.example/robots.txt")
	if !bytes.Contains(robots, []byte("Crawl-delay: 0\n")) {
		t.Errorf("robots.txt has no crawl delay of 0:\n%s", robots)
	}
}

// Two newsrooms on two ports serve the same bytes, which name neither port.
func TestDeterministic(t *testing.T) {
	n1, c1 := open(t)
	n2, c2 := open(t)
	urls := n1.Feeds()
	for _, a := range n1.Articles() {
		urls = append(urls, a.URL)
	}
	for h := range n1.Hosts() {
		urls = append(urls, "http://"+h+"/robots.txt", "http://"+h+"/sitemap.xml", "http://"+h+"/")
	}
	for _, url := range urls {
		r1, b1 := get(t, c1, url)
		r2, b2 := get(t, c2, url)
		if !bytes.Equal(b1, b2) || r1.Header.Get("ETag") != r2.Header.Get("ETag") {
			t.Errorf("%s differs between two newsrooms", url)
		}
		for _, n := range []*Newsroom{n1, n2} {
			if _, port, _ := net.SplitHostPort(n.address); bytes.Contains(b1, []byte(":"+port)) {
				t.Errorf("%s names the port %s", url, port)
			}
		}
	}
}

// With a pace, feeds, pages and sitemaps reveal the articles one by one in order
// of publication.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, err := newNewsroom(Config{Pace: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		status := func(url string) (int, string) {
			w := httptest.NewRecorder()
			n.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
			return w.Code, w.Body.String()
		}
		total := len(n.Articles())
		for out := 1; out <= total; out++ {
			items := 0
			for i := range publishers {
				code, body := status(publishers[i].url(publishers[i].feedPath))
				if code != http.StatusOK {
					t.Fatalf("feed of %s: %d", publishers[i].host, code)
				}
				f, err := gofeed.NewParser().ParseString(body)
				if err != nil {
					t.Fatalf("feed of %s with %d articles out: %v", publishers[i].host, out, err)
				}
				items += len(f.Items)
			}
			if items != out {
				t.Fatalf("feeds list %d articles after %d s, want %d", items, out-1, out)
			}
			if code, _ := status(n.articles[out-1].URL); code != http.StatusOK {
				t.Errorf("page of article %d: %d after its publication", out-1, code)
			}
			if out < total {
				if code, _ := status(n.articles[out].URL); code != http.StatusNotFound {
					t.Errorf("page of article %d: %d before its publication", out, code)
				}
			}
			time.Sleep(time.Second)
		}
	})
}

// Close may be called twice, and the end of the context stops the server.
func TestClose(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n, err := Start(ctx, Config{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-n.served
	for range 2 {
		if err := n.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if conn, err := net.Dial("tcp4", n.address); err == nil {
		conn.Close()
		t.Error("something still listens")
	}
}
