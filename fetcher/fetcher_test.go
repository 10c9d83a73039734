package fetcher

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/schemas"
)

var start = time.Date(2025, 3, 10, 12, 0, 0, 0, time.UTC)

// A site is a loopback server that the fetcher meets as http://news.example.
type site struct {
	t      *testing.T
	mux    *http.ServeMux
	server *httptest.Server

	mu   sync.Mutex
	hits []string // "METHOD path" with validators, in order
}

func newSite(t *testing.T) *site {
	s := &site{t: t, mux: http.NewServeMux()}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hit := r.URL.Path
		for _, h := range []string{"If-None-Match", "If-Modified-Since"} {
			if v := r.Header.Get(h); v != "" {
				hit += " " + v
			}
		}
		s.mu.Lock()
		s.hits = append(s.hits, hit)
		s.mu.Unlock()
		s.mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.server.Close)
	return s
}

// serve answers path with a body and headers given as name, value pairs.
func (s *site) serve(path, body string, headers ...string) {
	s.mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		io.WriteString(w, body)
	})
}

func (s *site) seen(prefix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.hits {
		if strings.HasPrefix(h, prefix) {
			n++
		}
	}
	return n
}

// A fakeClock moves only when somebody sleeps.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func (c *fakeClock) clock() polite.Clock {
	return polite.Clock{
		NowFunc: func() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now },
		SleepFunc: func(ctx context.Context, d time.Duration) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			if d > 0 {
				c.now = c.now.Add(d)
				c.slept = append(c.slept, d)
			}
			return ctx.Err()
		},
	}
}

func (c *fakeClock) SleepFor(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (s *site) fetcher(change func(*Config)) *Fetcher {
	cfg := Config{
		UserAgent: "claimwire/test (+https://claimwire.example)",
		Hosts:     map[string]string{"news.example": s.server.Listener.Addr().String(), "www.news.example": s.server.Listener.Addr().String()},
		Clock:     (&fakeClock{now: start}).clock(),
		Random:    func() float64 { return 0.5 },
	}
	if change != nil {
		change(&cfg)
	}
	f, err := New(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

// A sinkhole collects what a fetcher hands on.
type sinkhole struct {
	mu       sync.Mutex
	articles []schemas.Article
	letters  []schemas.DeadLetter
	fail     error
}

func (k *sinkhole) emit(_ context.Context, a []schemas.Article) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	k.articles = append(k.articles, a...)
	return nil
}

func (k *sinkhole) dead(_ context.Context, d schemas.DeadLetter) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.letters = append(k.letters, d)
	return nil
}

func (k *sinkhole) urls() []string {
	var out []string
	for _, a := range k.articles {
		out = append(out, a.CanonicalURL)
	}
	slices.Sort(out)
	return out
}

func (k *sinkhole) reasons() string {
	var out []string
	for _, l := range k.letters {
		out = append(out, l.Reason)
	}
	return strings.Join(out, "\n")
}

func once(t *testing.T, f *Fetcher, feeds ...string) *sinkhole {
	t.Helper()
	k := &sinkhole{}
	var list []Feed
	for _, u := range feeds {
		list = append(list, Feed{URL: u})
	}
	if err := f.Once(t.Context(), list, k.emit, k.dead); err != nil {
		t.Fatalf("Once: %v", err)
	}
	return k
}

func page(title, extra string) string {
	return `<!doctype html><html lang="en"><head><title>` + title + `</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"` + title +
		`","datePublished":"2025-03-09T08:00:00+01:00"}</script></head><body><article><h1>` + title + `</h1><p>The harbour office counted fourteen ships that waited outside the breakwater on Sunday, six more than a day before, and said that pilots would work through the night.</p><p>` +
		extra + ` A spokeswoman for the port asked captains to keep their engines warm and their radios on until the wind had turned, which could take until the next evening.</p></article></body></html>`
}

func rss(links ...string) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>News</title><link>http://news.example/</link>`)
	for i, l := range links {
		fmt.Fprintf(&b, `<item><title>Item %d</title><link>%s</link><guid>%s</guid><pubDate>Sun, 09 Mar 2025 0%d:00:00 +0100</pubDate></item>`, i, l, l, i%10)
	}
	return b.String() + `</channel></rss>`
}

const newsFeed = "http://news.example/feed"

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
	f := s.fetcher(nil)
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

func endless(c byte) io.Reader { return endlessReader(c) }

type endlessReader byte

func (e endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
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

func TestCompression(t *testing.T) {
	encode := map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
		"zstd":    func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
		"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		"raw":     func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 6); return z },
	}
	for name, enc := range encode {
		t.Run(name, func(t *testing.T) {
			label := strings.Replace(name, "raw", "deflate", 1)
			var small, bomb, cut bytes.Buffer
			w := enc(&small)
			io.WriteString(w, page("Ships wait", ""))
			w.Close()
			w = enc(&bomb)
			io.CopyN(w, endless(0), 64<<20)
			w.Close()
			cut.Write(small.Bytes()[:small.Len()/2])
			s := newSite(t)
			s.serve("/a", small.String(), "Content-Encoding", label, "Content-Type", "text/html")
			s.serve("/bomb", bomb.String(), "Content-Encoding", label, "Content-Type", "text/html")
			s.serve("/cut", cut.String(), "Content-Encoding", label, "Content-Type", "text/html")
			f := s.fetcher(nil)
			if a, err := f.Page(t.Context(), "http://news.example/a"); err != nil || a.Title != "Ships wait" {
				t.Errorf("Page = %q, %v", a.Title, err)
			}
			if _, err := f.Page(t.Context(), "http://news.example/bomb"); !errors.Is(err, schemas.ErrMalformed) {
				t.Errorf("bomb of %d bytes: %v, want ErrMalformed", bomb.Len(), err)
			}
			if _, err := f.Page(t.Context(), "http://news.example/cut"); err == nil {
				t.Error("cut body: no error")
			}
		})
	}
}

func TestSlow(t *testing.T) {
	s := newSite(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	s.mux.HandleFunc("/header", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	s.mux.HandleFunc("/body", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, "<p>")
			w.(http.Flusher).Flush()
			select {
			case <-release:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	f := s.fetcher(func(c *Config) {
		c.Timeout, c.HeaderTimeout, c.Retries = 300*time.Millisecond, 100*time.Millisecond, -1
	})
	for _, path := range []string{"header", "body"} {
		begin := time.Now()
		_, err := f.Page(t.Context(), "http://news.example/"+path)
		if err == nil || !strings.Contains(err.Error(), "timeout") && !strings.Contains(err.Error(), "timed out") || !transient(err) {
			t.Errorf("slow %s: %v, want a passing time-out", path, err)
		}
		if d := time.Since(begin); d > 3*time.Second {
			t.Errorf("slow %s took %s", path, d)
		}
	}
}

func TestRedirects(t *testing.T) {
	s := newSite(t)
	s.serve("/a", page("Ships wait", ""), "Content-Type", "text/html")
	to := func(code int, where string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", where); w.WriteHeader(code) }
	}
	s.mux.Handle("/loop", to(302, "/loop"))
	s.mux.Handle("/301", to(301, "/308"))
	s.mux.Handle("/308", to(308, "http://www.news.example/a"))
	s.mux.Handle("/mixed", to(301, "/302"))
	s.mux.Handle("/302", to(302, "/a"))
	s.mux.Handle("/file", to(301, "file:///etc/passwd"))
	s.mux.Handle("/inside", to(302, "http://169.254.169.254/latest/meta-data/"))
	s.mux.Handle("/loopback", to(307, s.server.URL+"/a"))
	s.mux.Handle("/nowhere", to(301, ""))
	f := s.fetcher(nil)
	for path, want := range map[string]string{
		"loop": "more than 5 redirects", "file": "not an http or https address", "inside": "address is not public", "loopback": "address is not public", "nowhere": "redirect without a readable Location",
	} {
		if _, err := f.Page(t.Context(), "http://news.example/"+path); err == nil || !strings.Contains(err.Error(), want) || transient(err) {
			t.Errorf("Page(/%s) = %v, want a lasting error with %q", path, err, want)
		}
	}
	for path, moved := range map[string]string{"301": "http://www.news.example/a", "mixed": "http://news.example/302", "302": "", "a": ""} {
		res, err := f.get(t.Context(), request{url: "http://news.example/" + path})
		if err != nil || res.moved != moved {
			t.Errorf("get(/%s): moved %q, %v, want %q", path, res.moved, err, moved)
		}
	}
}

// TestGuard reaches for the loopback in every spelling.
func TestGuard(t *testing.T) {
	s := newSite(t)
	s.serve("/feed", rss("/a"))
	_, port, _ := strings.Cut(strings.TrimPrefix(s.server.URL, "http://"), ":")
	f := s.fetcher(func(c *Config) { c.Retries = -1 })
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"} {
		_, err := f.Page(t.Context(), "http://"+host+":"+port+"/a")
		if err == nil || !errors.Is(err, ErrBlocked) && !strings.Contains(err.Error(), "no such host") {
			t.Errorf("Page(http://%s) = %v, want ErrBlocked", host, err)
		}
	}
	if n := len(s.hits); n != 0 {
		t.Errorf("%d requests came through: %q", n, s.hits)
	}
	open := s.fetcher(func(c *Config) { c.AllowPrivate = true })
	if res, err := open.get(t.Context(), request{url: s.server.URL + "/feed"}); err != nil || res.status != 200 {
		t.Errorf("with AllowPrivate: %v", err)
	}
}

func TestPublic(t *testing.T) {
	for _, ip := range []string{"93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"} {
		if !public(netip.MustParseAddr(ip)) {
			t.Errorf("public(%s) = false", ip)
		}
	}
	for _, ip := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255",
		"198.18.0.1", "192.0.0.8", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
		"::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "::7f00:1", "5f00::1",
	} {
		if public(netip.MustParseAddr(ip)) {
			t.Errorf("public(%s) = true", ip)
		}
	}
}

// TestConditional checks that validators come back byte for byte, but only after
// emit has succeeded, and survive a restart.
func TestConditional(t *testing.T) {
	dir := t.TempDir()
	s := newSite(t)
	const etag, modified = `W/"odd  "`, "Sun, 09 Mar 2025 08:00:00 GMT"
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == modified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", etag)
		w.Header().Set("Last-Modified", modified)
		io.WriteString(w, rss("/a"))
	})
	s.serve("/a", page("Ships wait", ""), "Content-Type", "text/html")
	state := func(c *Config) { c.StateDir = dir }
	feeds := []Feed{{URL: newsFeed}}

	k := &sinkhole{fail: errors.New("bus is down")}
	if err := s.fetcher(state).Once(t.Context(), feeds, k.emit, k.dead); !errors.Is(err, k.fail) {
		t.Errorf("Once = %v, want emit's error", err)
	}
	if k := once(t, s.fetcher(state), newsFeed); len(k.articles) != 1 {
		t.Errorf("after a failed emit: %d articles, want 1", len(k.articles))
	}
	f := s.fetcher(state)
	if k := once(t, f, newsFeed); len(k.articles) != 0 || f.Stats().NotModified != 1 {
		t.Errorf("after a restart: %d articles, %d not modified, want 0, 1", len(k.articles), f.Stats().NotModified)
	}
	if want := []string{"/feed", "/robots.txt", "/a", "/feed", "/robots.txt", "/a", "/feed " + etag + " " + modified}; !slices.Equal(s.hits, want) {
		t.Errorf("requests %q, want %q", s.hits, want)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 1 {
		t.Errorf("%d state files, want 1: %v", len(files), files)
	}
}

func TestStatuses(t *testing.T) {
	date := start.Add(90 * time.Minute).Format(http.TimeFormat)
	tests := []struct {
		code       int
		retryAfter string
		requests   int           // sent before giving up
		wait       time.Duration // until the next poll, at least; -1: none
	}{
		{404, "", 1, 15 * time.Minute},
		{410, "", 1, -1},
		{429, "7200", 1, 2 * time.Hour},
		{429, date, 1, 90 * time.Minute},
		{503, "3600", 1, time.Hour},
		{503, "", 3, 15 * time.Minute},
		{500, "", 3, 15 * time.Minute},
		{403, "", 1, 15 * time.Minute},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.code, tt.retryAfter), func(t *testing.T) {
			s := newSite(t)
			s.mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
				if tt.retryAfter != "" {
					w.Header().Set("Retry-After", tt.retryAfter)
				}
				w.WriteHeader(tt.code)
			})
			f := s.fetcher(nil)
			k := &sinkhole{}
			p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
			wait := p.run(t.Context())
			if s.seen("/feed") != tt.requests || wait < tt.wait || (wait < 0) != (tt.wait < 0) {
				t.Errorf("%d requests, next poll in %s, want %d, at least %s", s.seen("/feed"), wait, tt.requests, tt.wait)
			}
			if len(k.letters) != 1 {
				t.Errorf("%d dead letters, want 1", len(k.letters))
			}
			if tt.wait < 0 || tt.retryAfter == "" {
				return
			}
			// The host is held back: the next request does not leave.
			if _, err := f.get(t.Context(), request{url: "http://news.example/other"}); err == nil || s.seen("/other") != 0 {
				t.Errorf("request to a host that asked to wait: %v, %d sent", err, s.seen("/other"))
			}
		})
	}
}

// TestRun polls for ever: an item that fails is tried again, one that changes is
// a new version of the same article, a feed that is gone is left alone.
func TestRun(t *testing.T) {
	s := newSite(t)
	var polls, tries, version atomic.Int32
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		if polls.Add(1); version.Load() > 0 {
			io.WriteString(w, strings.Replace(rss("/a", "/flaky"), "Item 0", "Item 0, updated", 1))
			return
		}
		io.WriteString(w, rss("/a", "/flaky"))
	})
	s.mux.HandleFunc("/a", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, page("Ships wait", fmt.Sprintf("Version %d.", version.Load())))
	})
	s.mux.HandleFunc("/flaky", func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		io.WriteString(w, page("Fog lifts", ""))
	})
	s.mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	f := s.fetcher(func(c *Config) { c.Clock = polite.Clock{}; c.Retries = -1 })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	k := &sinkhole{}
	emit := func(ctx context.Context, a []schemas.Article) error {
		err := k.emit(ctx, a)
		k.mu.Lock()
		defer k.mu.Unlock()
		if len(k.articles) == 2 {
			version.Store(1)
		}
		if len(k.articles) == 3 {
			cancel()
		}
		return err
	}
	err := f.Run(ctx, []Feed{{newsFeed, 10 * time.Millisecond}, {"http://news.example/gone", time.Millisecond}}, emit, k.dead)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("Run = %v", err)
	}
	if len(k.articles) != 3 {
		t.Fatalf("%d articles, want 3; letters:\n%s", len(k.articles), k.reasons())
	}
	first, last := k.articles[0], k.articles[2]
	if first.ID != last.ID || first.Version == last.Version || !strings.Contains(last.Text, "Version 1.") || k.articles[1].Title != "Fog lifts" {
		t.Errorf("articles: %q %s/%s, %q, %q %s/%s", first.Title, first.ID, first.Version, k.articles[1].Title, last.Title, last.ID, last.Version)
	}
	if n := s.seen("/gone"); n != 1 {
		t.Errorf("feed that is gone polled %d times, want 1", n)
	}
	if s.seen("/a") != 2 {
		t.Errorf("/a fetched %d times in %d polls, want 2", s.seen("/a"), polls.Load())
	}
}

func TestRobots(t *testing.T) {
	s := newSite(t)
	s.serve("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: claimwire\nDisallow: /private\nAllow: /private/open\n")
	s.serve("/feed", rss("/a", "/private/x", "/private/open", "/to-private"))
	s.serve("/a", page("A", ""))
	s.serve("/private/x", page("X", ""))
	s.serve("/private/open", page("Open", ""))
	s.mux.Handle("/to-private", http.RedirectHandler("/private/x", http.StatusFound))
	f := s.fetcher(nil)
	k := once(t, f, newsFeed)
	if d := cmp.Diff([]string{"http://news.example/a", "http://news.example/private/open"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
	if f.Stats().Robots != 2 || s.seen("/private/x") != 0 || s.seen("/robots.txt") != 1 {
		t.Errorf("robots %d, /private/x fetched %d times, robots.txt %d times", f.Stats().Robots, s.seen("/private/x"), s.seen("/robots.txt"))
	}
	for _, tt := range []struct {
		code int
		want int // articles
	}{{404, 4}, {401, 4}, {500, 0}, {503, 0}} {
		s := newSite(t)
		s.mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(tt.code) })
		s.serve("/feed", rss("/a", "/b", "/c", "/d"))
		for _, p := range []string{"/a", "/b", "/c", "/d"} {
			s.serve(p, page("P"+p, ""))
		}
		if k := once(t, s.fetcher(nil), newsFeed); len(k.articles) != tt.want {
			t.Errorf("robots.txt with status %d: %d articles, want %d", tt.code, len(k.articles), tt.want)
		}
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

func TestNoCredentials(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		if u, p, _ := r.BasicAuth(); u != "ann" || p != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		io.WriteString(w, rss("/a", "/missing"))
	})
	s.serve("/a", page("Ships wait", ""))
	var log bytes.Buffer
	f := s.fetcher(func(c *Config) { c.Logger = newTextLogger(&log); c.StateDir = s.t.TempDir() })
	k := once(t, f, "http://ann:secret@news.example/feed", "http://ann:secret@news.example/none")
	if len(k.articles) != 1 {
		t.Fatalf("articles %v: %s", k.urls(), k.reasons())
	}
	files, _ := os.ReadDir(f.cfg.StateDir)
	all := fmt.Sprintf("%+v %+v %+v %s", k.articles, k.letters, f.Stats(), log.String())
	for _, e := range files {
		raw, _ := os.ReadFile(f.cfg.StateDir + "/" + e.Name())
		all += string(raw)
	}
	if strings.Contains(all, "secret") {
		t.Errorf("the password is written somewhere: %s", all)
	}
}

func TestNew(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("New without user agent: no error")
	}
}

func TestWall(t *testing.T) {
	s := newSite(t)
	const challenge = `<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and cookies to continue</p><script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>`
	s.serve("/feed", rss("/200", "/403", "/real", "/header"))
	s.serve("/walled", `<html><head><script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script></head></html>`, "Content-Type", "text/html")
	s.serve("/200", challenge, "Content-Type", "text/html")
	s.serve("/header", "<html><body><p>Please wait while we look at you.</p></body></html>", "Cf-Mitigated", "challenge")
	s.serve("/real", strings.Replace(page("Ships wait", ""), "</body>", `<script src="/cdn-cgi/challenge-platform/x.js"></script></body>`, 1))
	s.mux.HandleFunc("/403", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, challenge)
	})
	f := s.fetcher(nil)
	k := once(t, f, newsFeed, "http://news.example/walled")
	if d := cmp.Diff([]string{"http://news.example/real"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s", d)
	}
	for _, want := range []string{
		"/200: a bot wall (Cloudflare) answered", "/header: a bot wall (Cloudflare) answered", "/403: status 403 Forbidden, from a bot wall (Cloudflare)", "/walled: a bot wall (Anubis) answered",
	} {
		if !strings.Contains(k.reasons(), want) {
			t.Errorf("no dead letter says %q:\n%s", want, k.reasons())
		}
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

// TestRecheck checks that a page is looked at again in its first hours although
// the feed names it unchanged, and that a page that fails then withdraws nothing.
func TestRecheck(t *testing.T) {
	s := newSite(t)
	clock := &fakeClock{now: start}
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"f"`)
		if r.Header.Get("If-None-Match") == `"f"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, rss("/a"))
	})
	var step atomic.Int32
	s.mux.HandleFunc("/a", func(w http.ResponseWriter, r *http.Request) {
		etag := fmt.Sprintf(`"a%d"`, step.Load()/2)
		w.Header().Set("ETag", etag)
		switch {
		case step.Load() == 3:
			w.WriteHeader(http.StatusNotFound)
		case r.Header.Get("If-None-Match") == etag:
			w.WriteHeader(http.StatusNotModified)
		default:
			io.WriteString(w, page("Ships wait", fmt.Sprintf("Edition %d.", step.Load())))
		}
	})
	f := s.fetcher(func(c *Config) { c.Clock = clock.clock() })
	k := &sinkhole{}
	poll1 := func(wait time.Duration) {
		clock.SleepFor(wait)
		p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
		p.run(t.Context())
	}
	poll1(0)
	poll1(10 * time.Minute) // too early: the feed answers 304
	if len(k.articles) != 1 || s.seen("/a") != 1 || f.Stats().NotModified != 1 {
		t.Fatalf("%d articles, /a fetched %d times, %d not modified", len(k.articles), s.seen("/a"), f.Stats().NotModified)
	}
	step.Store(1)
	poll1(time.Hour) // the page answers 304
	if len(k.articles) != 1 || s.seen(`/a "a0"`) != 1 || f.Stats().Unchanged != 1 {
		t.Fatalf("%d articles, hits %q", len(k.articles), s.hits)
	}
	step.Store(2)
	poll1(time.Hour) // edited
	if len(k.articles) != 2 || k.articles[0].ID != k.articles[1].ID || k.articles[0].Version == k.articles[1].Version {
		t.Fatalf("%d articles after an edit, want a second version", len(k.articles))
	}
	step.Store(3)
	poll1(time.Hour)
	if len(k.articles) != 2 || len(k.letters) != 0 {
		t.Errorf("after the page went: %d articles, letters %s", len(k.articles), k.reasons())
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

// TestWaiting checks that pages of a host that asks to wait, or whose robots.txt
// cannot be had, are neither given up nor forgotten.
func TestWaiting(t *testing.T) {
	s := newSite(t)
	clock := &fakeClock{now: start}
	s.serve("/feed", rss("http://www.news.example/a"))
	s.serve("/a", page("Ships wait", ""))
	var robots atomic.Int32
	robots.Store(http.StatusServiceUnavailable)
	s.mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		if robots.Load() == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "1800")
		}
		w.WriteHeader(int(robots.Load()))
	})
	f := s.fetcher(func(c *Config) { c.Clock, c.Retries = clock.clock(), -1 })
	k := &sinkhole{}
	for i := range 10 {
		if i == 5 {
			robots.Store(http.StatusTooManyRequests)
		}
		if i == 9 {
			robots.Store(http.StatusNotFound)
		}
		p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
		p.run(t.Context())
		if i < 9 && len(k.articles)+len(k.letters) != 0 {
			t.Fatalf("poll %d: %d articles, letters %s", i, len(k.articles), k.reasons())
		}
		clock.SleepFor(time.Hour)
	}
	if len(k.articles) != 1 {
		t.Errorf("%d articles when robots.txt can be had again, want 1: %s", len(k.articles), k.reasons())
	}
}

// TestMoved checks that a permanent redirect is followed at once the next time,
// but not to a page that is no feed, and that a dead end leads back.
func TestMoved(t *testing.T) {
	s := newSite(t)
	var step atomic.Int32
	s.mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		switch step.Load() {
		case 0:
			http.Redirect(w, r, "/front", http.StatusMovedPermanently)
		case 1, 2:
			http.Redirect(w, r, "/new", http.StatusPermanentRedirect)
		default:
			io.WriteString(w, rss())
		}
	})
	s.serve("/front", "<html><body>Welcome</body></html>")
	s.mux.HandleFunc("/new", func(w http.ResponseWriter, _ *http.Request) {
		if step.Load() > 2 {
			w.WriteHeader(http.StatusGone)
			return
		}
		io.WriteString(w, rss())
	})
	f := s.fetcher(nil)
	k := &sinkhole{}
	for i := range 5 {
		step.Store(int32(i))
		p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
		if wait := p.run(t.Context()); wait < 0 {
			t.Errorf("poll %d: the feed was given up", i)
		}
	}
	if want := []string{"/feed", "/front", "/feed", "/new", "/new", "/new", "/feed"}; !slices.Equal(s.hits, want) {
		t.Errorf("requests %q, want %q", s.hits, want)
	}
}
