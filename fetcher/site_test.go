package fetcher

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

func endless(c byte) io.Reader { return endlessReader(c) }

type endlessReader byte

func (e endlessReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func newTextLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
