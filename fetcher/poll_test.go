package fetcher

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/schemas"
)

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
	if want := []string{"/feed", "/robots.txt", "/a", "/feed", "/a", "/feed " + etag + " " + modified}; !slices.Equal(s.hits, want) {
		t.Errorf("requests %q, want %q", s.hits, want)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 || files[1].Name() != robotsDir {
		t.Errorf("state folder holds %v, want a file and the folder of robots.txt", files)
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
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
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

// TestInterval checks what sets the time between polls.
func TestInterval(t *testing.T) {
	dated := func(gap time.Duration) string {
		var b strings.Builder
		for i := range 5 {
			fmt.Fprintf(&b, "<item><guid>%d</guid><pubDate>%s</pubDate></item>", i, start.Add(-time.Duration(i)*gap).Format(time.RFC1123Z))
		}
		return b.String()
	}
	tests := []struct {
		name, channel, cache string
		interval             time.Duration // of the feed's setting
		want                 time.Duration
	}{
		{"default", "", "", 0, 15 * time.Minute},
		{"setting", "<ttl>600</ttl>" + dated(10*time.Hour), "max-age=3600", time.Minute, time.Minute},
		{"ttl", "<ttl>60</ttl>", "", 0, time.Hour},
		{"busy", dated(time.Minute), "", 0, 15 * time.Minute},
		{"half the gap", dated(4 * time.Hour), "", 0, 2 * time.Hour},
		{"slow", dated(100 * time.Hour), "", 0, 6 * time.Hour},
		{"max-age", "", "public, max-age=1800", 0, 30 * time.Minute},
		{"absurd max-age", "", "max-age=31536000", 0, time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			s.serve("/feed", "<rss><channel>"+tt.channel+"</channel></rss>", "Cache-Control", tt.cache)
			k := &sinkhole{}
			p := poll{Fetcher: s.fetcher(nil), feed: Feed{newsFeed, tt.interval}, emit: k.emit, dead: k.dead}
			if got := p.run(t.Context()); got != tt.want {
				t.Errorf("next poll in %s, want %s", got, tt.want)
			}
		})
	}
}

func TestPrune(t *testing.T) {
	st := &feedState{Listed: start, Items: map[string]*itemState{}}
	for i := range 1000 {
		st.Items[fmt.Sprintf("old%03d", i)] = &itemState{Listed: start.Add(-time.Duration(i+1) * time.Hour)}
	}
	for i := range 150 {
		st.Items[fmt.Sprintf("new%03d", i)] = &itemState{Listed: start}
	}
	st.prune()
	if len(st.Items) != 300 || st.Items["new149"] == nil || st.Items["old149"] == nil || st.Items["old150"] != nil {
		t.Errorf("%d items remembered, want the 150 listed and the 150 listed last before", len(st.Items))
	}
}

// TestLongFeed checks that a feed that takes long is not begun anew after a
// crash in the middle.
func TestLongFeed(t *testing.T) {
	s := newSite(t)
	var links []string
	for i := range 60 {
		path := fmt.Sprintf("/a%d", i)
		links = append(links, path)
		s.serve(path, page("Ships wait", path))
	}
	s.serve("/feed", rss(links...), "ETag", `"1"`)
	s.serve("/robots.txt", "User-agent: *\nCrawl-delay: 5")
	dir := t.TempDir()
	clock := &fakeClock{now: start}
	k := &sinkhole{}
	ctx, crash := context.WithCancel(t.Context())
	emit := func(ctx context.Context, a []schemas.Article) error {
		if len(k.articles) >= 2*chunkSize {
			crash()
			return ctx.Err()
		}
		return k.emit(ctx, a)
	}
	state := func(c *Config) { c.StateDir, c.Clock = dir, clock.clock() }
	p := poll{Fetcher: s.fetcher(state), feed: Feed{URL: newsFeed}, emit: emit, dead: k.dead}
	p.run(ctx)
	done := len(k.articles)
	if done != 2*chunkSize {
		t.Fatalf("%d articles before the crash, want %d", done, 2*chunkSize)
	}
	k2 := once(t, s.fetcher(state), newsFeed)
	if len(k2.articles) != 60-done {
		t.Errorf("%d articles after a restart, want %d", len(k2.articles), 60-done)
	}
}
