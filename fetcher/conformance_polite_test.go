package fetcher

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// status answers path with a status and headers given as name, value pairs.
func (w *world) status(path string, code int, headers ...string) {
	w.mux.HandleFunc(path, func(rw http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			rw.Header().Set(headers[i], headers[i+1])
		}
		rw.WriteHeader(code)
	})
}

// validated serves a feed with validators, and 304 to who sends them back to the
// byte.
func (w *world) validated(etag, modified string) {
	w.article("/a", "Item 0")
	w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == modified {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		if etag != "" {
			rw.Header().Set("ETag", etag)
		}
		if modified != "" {
			rw.Header().Set("Last-Modified", modified)
		}
		io.WriteString(rw, rss("/a"))
	})
	w.titles(w.poll(newsFeed), "Item 0")
	w.clock.SleepFor(20 * time.Minute)
	w.titles(w.poll(newsFeed))
	w.check(w.seen("/feed") == 2 && w.last() == strings.TrimSpace("/feed "+strings.TrimSpace(etag+" "+modified)), "requests %q", w.hits)
}

func (s *site) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.hits) == 0 {
		return ""
	}
	return s.hits[len(s.hits)-1]
}

// redirected serves a feed behind a redirect and returns the requests of the
// second poll.
func (w *world) redirected(code int) []string {
	w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/moved.xml", code) })
	w.serve("/moved.xml", rss("/a"))
	w.article("/a", "Item 0")
	w.titles(w.poll(newsFeed), "Item 0")
	n := len(w.hits)
	w.clock.SleepFor(20 * time.Minute)
	w.poll(newsFeed)
	return w.hits[n:]
}

// politeScenarios are about what publishers are asked for, and how often.
func politeScenarios() []scenario {
	return []scenario{
		{"ETag comes back to the byte", false, func(w *world) { w.validated(`"a-b/c=="`, "") }},
		{"weak and odd ETag comes back to the byte", false, func(w *world) { w.validated(`W/"odd  ;, tag"`, "") }},
		{"ETag without quotes comes back to the byte", false, func(w *world) { w.validated(`abc-gzip`, "") }},
		{"Last-Modified comes back to the byte", false, func(w *world) { w.validated("", "Sunday, 09-Mar-25 08:00:00 GMT") }},
		{"both validators come back together", false, func(w *world) { w.validated(`"1"`, "Sun, 09 Mar 2025 08:00:00 GMT") }},
		{"feed without validators brings nothing twice", false, func(w *world) {
			w.serve("/feed", rss("/a"))
			w.article("/a", "Item 0")
			w.titles(w.poll(newsFeed), "Item 0")
			w.clock.SleepFor(20 * time.Minute)
			w.titles(w.poll(newsFeed))
			w.check(w.seen("/a") <= 1, "the page was fetched %d times", w.seen("/a"))
		}},
		{"state survives a restart", false, func(w *world) {
			w.serve("/feed", rss("/a"), "ETag", `"1"`)
			w.article("/a", "Item 0")
			w.titles(w.poll(newsFeed), "Item 0")
			w.restart()
			w.titles(w.poll(newsFeed))
			w.check(w.last() == `/feed "1"`, "last request %q", w.last())
		}},
		{"301 is remembered", false, func(w *world) {
			got := w.redirected(301)
			w.check(slices.Equal(got, []string{"/moved.xml"}), "second poll asked for %q", got)
		}},
		{"308 is remembered", false, func(w *world) {
			got := w.redirected(308)
			w.check(slices.Equal(got, []string{"/moved.xml"}), "second poll asked for %q", got)
		}},
		{"302 is not remembered", false, func(w *world) {
			got := w.redirected(302)
			w.check(slices.Equal(got, []string{"/feed", "/moved.xml"}), "second poll asked for %q", got)
		}},
		{"307 is not remembered", false, func(w *world) {
			got := w.redirected(307)
			w.check(slices.Equal(got, []string{"/feed", "/moved.xml"}), "second poll asked for %q", got)
		}},
		{"301 to a front page is not remembered", false, func(w *world) {
			var back atomic.Bool
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, r *http.Request) {
				if back.Load() {
					io.WriteString(rw, rss("/a"))
					return
				}
				http.Redirect(rw, r, "/front", http.StatusMovedPermanently)
			})
			w.serve("/front", "<html><body>Welcome</body></html>", "Content-Type", "text/html")
			w.article("/a", "Item 0")
			w.fails(w.poll(newsFeed), "")
			back.Store(true)
			w.clock.SleepFor(24 * time.Hour)
			w.titles(w.poll(newsFeed), "Item 0")
		}},
		{"410 retires a feed", false, func(w *world) {
			w.status("/feed", 410)
			a := w.poll(newsFeed)
			w.check(a.wait < 0, "next poll in %s", a.wait)
			w.restart()
			w.poll(newsFeed)
			w.check(w.seen("/feed") == 1, "asked for %d times", w.seen("/feed"))
		}},
		{"404 is tried again, ever less often", false, func(w *world) {
			w.status("/feed", 404)
			var waits []time.Duration
			for range 4 {
				a := w.poll(newsFeed)
				waits = append(waits, a.wait)
				w.clock.SleepFor(max(a.wait, time.Minute))
			}
			w.check(waits[0] > 0 && waits[3] > 3*waits[0], "waits %v", waits)
		}},
		{"429 with Retry-After in seconds", false, func(w *world) {
			w.status("/feed", 429, "Retry-After", "7200")
			a := w.poll(newsFeed)
			w.check(a.wait >= 2*time.Hour && w.seen("/feed") == 1, "next poll in %s after %d requests", a.wait, w.seen("/feed"))
		}},
		{"429 with Retry-After as a date", false, func(w *world) {
			w.status("/feed", 429, "Retry-After", start.Add(90*time.Minute).Format(http.TimeFormat))
			a := w.poll(newsFeed)
			w.check(a.wait >= 90*time.Minute && w.seen("/feed") == 1, "next poll in %s after %d requests", a.wait, w.seen("/feed"))
		}},
		{"503 with Retry-After holds back the whole host", false, func(w *world) {
			w.status("/feed", 503, "Retry-After", "3600")
			w.serve("/other", rss())
			w.poll(newsFeed)
			a := w.poll("http://news.example/other")
			w.check(w.seen("/other") == 0 && a.wait >= 59*time.Minute, "the neighbour was asked for %d times, next in %s", w.seen("/other"), a.wait)
		}},
		{"pause that a host asked for outlives a restart", false, func(w *world) {
			w.status("/feed", 429, "Retry-After", "3600")
			w.serve("/other", rss())
			w.poll(newsFeed)
			w.restart()
			a := w.poll("http://news.example/other")
			w.check(w.seen("/other") == 0 && a.wait >= 59*time.Minute, "the neighbour was asked for %d times, next in %s", w.seen("/other"), a.wait)
		}},
		{"500 is tried again with pauses", false, func(w *world) {
			var n atomic.Int32
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, _ *http.Request) {
				if n.Add(1) < 3 {
					rw.WriteHeader(500)
					return
				}
				io.WriteString(rw, rss("/a"))
			})
			w.article("/a", "Item 0")
			w.titles(w.poll(newsFeed), "Item 0")
			w.check(len(w.clock.slept) >= 2, "pauses %v", w.clock.slept)
		}},
		{"back-off has jitter", false, func(w *world) {
			w.status("/feed", 500)
			w.config = func(c *Config) { c.Retries, c.Random = -1, func() float64 { return 0.1 } }
			a := w.poll(newsFeed)
			w.restart()
			w.dir = w.t.TempDir()
			w.config = func(c *Config) { c.Retries, c.Random = -1, func() float64 { return 0.9 } }
			b := w.poll(newsFeed)
			w.check(a.wait > 0 && b.wait > a.wait*5/4, "waits %s and %s", a.wait, b.wait)
		}},
		{"slow feed is polled seldom, busy feed often", false, func(w *world) {
			dated := func(gap time.Duration) string {
				var b strings.Builder
				for i := range 5 {
					fmt.Fprintf(&b, "<item><guid>%d</guid><pubDate>%s</pubDate></item>", i, start.Add(-time.Duration(i)*gap).Format(time.RFC1123Z))
				}
				return "<rss><channel><title>N</title>" + b.String() + "</channel></rss>"
			}
			w.serve("/feed", dated(5*time.Hour))
			w.serve("/busy", dated(time.Minute))
			slow, busy := w.poll(newsFeed), w.poll("http://news.example/busy")
			w.check(slow.wait >= 2*time.Hour && busy.wait > 0 && busy.wait <= 20*time.Minute, "next polls in %s and %s", slow.wait, busy.wait)
		}},
		{"ttl is honoured", false, func(w *world) {
			w.serve("/feed", "<rss><channel><title>N</title><ttl>120</ttl></channel></rss>")
			a := w.poll(newsFeed)
			w.check(a.wait >= 108*time.Minute, "next poll in %s", a.wait)
		}},
		{"Cache-Control is honoured", false, func(w *world) {
			w.serve("/feed", rss(), "Cache-Control", "public, max-age=2400")
			a := w.poll(newsFeed)
			w.check(a.wait >= 40*time.Minute, "next poll in %s", a.wait)
		}},
		{"a feed that is added costs one request for the feed", false, func(w *world) {
			w.serve("/feed", rss("/a"), "ETag", `"1"`)
			w.article("/a", "Item 0")
			w.poll(newsFeed)
			w.check(w.seen("/feed") == 1, "%d requests", w.seen("/feed"))
		}},
		{"requests to one host keep their distance", true, func(w *world) {
			w.serve("/feed", rss("/a", "/b", "/c", "/d"))
			w.config = func(c *Config) { c.Hosts["news.example"] = w.server.Listener.Addr().String() }
			for _, p := range []string{"/a", "/b", "/c", "/d"} {
				w.article(p, "P"+p)
			}
			w.client = w.open(w)
			w.client.(product).f.limiter.SetDelay("news.example", 2*time.Second)
			w.poll(newsFeed)
			// The feed, robots.txt and four pages: five gaps.
			w.check(w.clock.now.Sub(start) >= 10*time.Second, "%d requests in %s", len(w.hits), w.clock.now.Sub(start))
		}},
		{"few requests at a time to one host, and to one domain", true, func(w *world) {
			most, asked, k := crowd(w.t, 40, 4, 2*time.Millisecond)
			w.check(most <= 2 && asked == 40 && len(k.articles) == 40, "%d at a time, %d polled, %d articles", most, asked, len(k.articles))
		}},
	}
}
