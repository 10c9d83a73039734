package fetcher

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// ruled serves a robots.txt and a feed of pages, and polls.
func (w *world) ruled(robots string, pages ...string) answer {
	w.serve("/robots.txt", robots, "Content-Type", "text/plain")
	w.serve("/feed", rss(pages...))
	for _, p := range pages {
		w.article(p, p)
	}
	return w.poll(newsFeed)
}

// robotsScenarios are about RFC 9309.
func robotsScenarios() []scenario {
	return []scenario{
		{"robots.txt forbids a page", true, func(w *world) {
			w.titles(w.ruled("User-agent: *\nDisallow: /b", "/a", "/b"), "/a")
			w.check(w.seen("/b") == 0, "the page was fetched")
		}},
		{"the group of our name counts, not the one for all", true, func(w *world) {
			w.titles(w.ruled("User-agent: *\nDisallow: /\n\nUser-agent: ClaimWire\nDisallow: /b", "/a", "/b"), "/a")
		}},
		{"groups of one name are merged", true, func(w *world) {
			w.titles(w.ruled("User-agent: claimwire\nDisallow: /b\n\nUser-agent: claimwire\nDisallow: /c", "/a", "/b", "/c"), "/a")
		}},
		{"the longest rule counts, and Allow among equals", true, func(w *world) {
			w.titles(w.ruled("User-agent: *\nDisallow: /n\nAllow: /n/open\nDisallow: /same\nAllow: /same", "/n/open", "/n/shut", "/same"), "/n/open", "/same")
		}},
		{"wildcards and end marks", true, func(w *world) {
			w.titles(w.ruled("User-agent: *\nDisallow: /*.pdf$\nDisallow: /*/print", "/a.pdf", "/a.pdf.html", "/x/print"), "/a.pdf.html")
		}},
		{"robots.txt with status 404 forbids nothing", true, func(w *world) {
			w.status("/robots.txt", 404)
			w.serve("/feed", rss("/a"))
			w.article("/a", "A")
			w.titles(w.poll(newsFeed), "A")
		}},
		{"robots.txt with status 503 forbids everything for now", true, func(w *world) {
			var up atomic.Bool
			w.mux.HandleFunc("/robots.txt", func(rw http.ResponseWriter, _ *http.Request) {
				if !up.Load() {
					rw.WriteHeader(503)
				}
			})
			w.serve("/feed", rss("/a"))
			w.article("/a", "A")
			a := w.poll(newsFeed)
			w.titles(a)
			w.check(w.seen("/a") == 0, "the page was fetched")
			up.Store(true)
			w.clock.SleepFor(time.Hour)
			w.titles(w.poll(newsFeed), "A")
		}},
		{"robots.txt that never answers forbids everything for now", true, func(w *world) {
			w.config = func(c *Config) {
				c.HeaderTimeout, c.Timeout, c.Retries = 100*time.Millisecond, 200*time.Millisecond, -1
			}
			w.mux.HandleFunc("/robots.txt", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
			w.serve("/feed", rss("/a"))
			w.article("/a", "A")
			w.titles(w.poll(newsFeed))
			w.check(w.seen("/a") == 0, "the page was fetched")
		}},
		{"robots.txt behind a redirect", true, func(w *world) {
			w.mux.Handle("/robots.txt", http.RedirectHandler("/rules.txt", http.StatusFound))
			w.serve("/rules.txt", "User-agent: *\nDisallow: /b")
			w.serve("/feed", rss("/a", "/b"))
			w.article("/a", "A")
			w.article("/b", "B")
			w.titles(w.poll(newsFeed), "A")
		}},
		{"robots.txt holds for where a page redirects to", true, func(w *world) {
			w.serve("/robots.txt", "User-agent: *\nDisallow: /b")
			w.serve("/feed", rss("/to-b"))
			w.mux.Handle("/to-b", http.RedirectHandler("/b", http.StatusFound))
			w.article("/b", "B")
			w.titles(w.poll(newsFeed))
			w.check(w.seen("/b") == 0, "the page was fetched")
		}},
		{"robots.txt of half a gigabyte", true, func(w *world) {
			w.mux.HandleFunc("/robots.txt", func(rw http.ResponseWriter, _ *http.Request) {
				io.WriteString(rw, "User-agent: *\nDisallow: /b\n")
				io.CopyN(rw, endless('#'), 512<<20)
			})
			w.serve("/feed", rss("/a", "/b"))
			w.article("/a", "A")
			w.article("/b", "B")
			w.titles(w.poll(newsFeed), "A")
		}},
		{"robots.txt is asked for once a day", true, func(w *world) {
			w.ruled("User-agent: *\nDisallow: /b", "/a", "/c", "/d")
			w.check(w.seen("/robots.txt") == 1, "asked for %d times", w.seen("/robots.txt"))
		}},
		{"robots.txt is not asked for again after a restart", true, func(w *world) {
			w.ruled("User-agent: *\nDisallow: /b\nCrawl-delay: 7", "/a")
			w.restart()
			w.serve("/more", rss("/b", "/c", "/d"))
			w.article("/c", "C")
			w.article("/d", "D")
			before := w.clock.now
			w.titles(w.poll("http://news.example/more"), "C", "D")
			w.check(w.seen("/robots.txt") == 1 && w.seen("/b") == 0, "asked for %d times, the page for %d", w.seen("/robots.txt"), w.seen("/b"))
			w.check(w.clock.now.Sub(before) >= 7*time.Second, "two pages in %s", w.clock.now.Sub(before))
		}},
		{"Crawl-delay", true, func(w *world) {
			w.titles(w.ruled("User-agent: *\nCrawl-delay: 7", "/a", "/b", "/c"), "/a", "/b", "/c")
			w.check(w.clock.now.Sub(start) >= 14*time.Second, "three pages in %s", w.clock.now.Sub(start))
		}},
	}
}
