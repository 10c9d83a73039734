package fetcher

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// subscribe polls a feed with a hub and returns what the hub was asked.
func (w *world) subscribe(address string) (h *hub, f *Fetcher) {
	h = newHub(w.site)
	w.serve("/feed", hubFeed(address))
	w.article("/a", "Ships wait")
	w.config = func(c *Config) {
		c.Hosts["hub.example"], c.Callback = w.server.Listener.Addr().String(), "https://me.example/push"
	}
	w.titles(w.poll(newsFeed), "Ships wait")
	return h, w.client.(product).f
}

// moreScenarios are about hubs, sources that share pages, and the archive.
func moreScenarios() []scenario {
	return []scenario{
		{"hub is asked for news, and answered when it asks back", true, func(w *world) {
			h, f := w.subscribe("http://hub.example/hub")
			q := h.last()
			w.check(q.Get("hub.mode") == "subscribe" && q.Get("hub.topic") == newsFeed && q.Get("hub.secret") != "", "hub was asked %v", q)
			code, body := callback(f, "GET", q.Get("hub.callback")+"?hub.mode=subscribe&hub.challenge=xyz&hub.topic="+url.QueryEscape(newsFeed), "")
			w.check(code == http.StatusOK && body == "xyz", "answer %d %q", code, body)
		}},
		{"hub on a loopback address", true, func(w *world) {
			h, _ := w.subscribe(w.server.URL + "/hub")
			w.check(h.last() == nil, "the server inside was asked %v", h.last())
		}},
		{"hub that asks what we did not", true, func(w *world) {
			h, f := w.subscribe("http://hub.example/hub")
			at := h.last().Get("hub.callback")
			for _, q := range []string{"?hub.mode=subscribe&hub.challenge=x&hub.topic=http://evil.example/feed", "?hub.mode=unsubscribe&hub.challenge=x&hub.topic=" + url.QueryEscape(newsFeed), ""} {
				code, body := callback(f, "GET", at+q, "")
				w.check(code == http.StatusNotFound && body == "", "%s: answer %d %q", q, code, body)
			}
		}},
		{"news without the hub's signature", true, func(w *world) {
			h, f := w.subscribe("http://hub.example/hub")
			at := h.last().Get("hub.callback")
			callback(f, "GET", at+"?hub.mode=subscribe&hub.challenge=x&hub.topic="+url.QueryEscape(newsFeed), "")
			callback(f, "POST", at, "<rss/>", "X-Hub-Signature", signature("guess", "<rss/>"))
			w.check(f.Stats().Pushes == 0, "%d notifications were believed", f.Stats().Pushes)
		}},
		{"page that two feeds name is fetched once", true, func(w *world) {
			w.serve("/feed", rss("/a"))
			w.serve("/other", rss("/a?utm_medium=rss"))
			w.article("/a", "Ships wait")
			w.titles(w.poll(newsFeed), "Ships wait")
			w.titles(w.poll("http://news.example/other"))
			w.check(w.seen("/a") == 1, "fetched %d times", w.seen("/a"))
		}},
		{"live blog is read post by post, each with its time", true, func(w *world) {
			w.serve("/feed", rss("/live"))
			w.serve("/live", liveBlog("The first ship is in.", "The second ship is in."), "Content-Type", "text/html")
			a := w.poll(newsFeed)
			w.titles(a, "Post 1", "Post 0")
			w.check(len(a.articles) == 2 && a.articles[0].PublishedAt != a.articles[1].PublishedAt && a.articles[0].ID != a.articles[1].ID, "posts %+v", a.articles)
		}},
		{"what does not come is counted and listed", true, func(w *world) {
			w.serve("/robots.txt", "User-agent: *\nDisallow: /b")
			w.serve("/feed", rss("/a", "/b", "/c"))
			w.article("/a", "A")
			w.serve("/c", "<html><head><title>Just a moment...</title></head></html>")
			w.titles(w.poll(newsFeed), "A")
			states, err := ReadState(w.dir)
			w.check(err == nil && len(states) == 1 && states[0].Skips[SkipRobots] == 1 && states[0].Skips[SkipWall] == 1 && len(states[0].Skipped) == 2, "states %+v, %v", states, err)
		}},
		{"robots.txt is overridden only by law, on the record", true, func(w *world) {
			w.serve("/robots.txt", "User-agent: *\nDisallow: /")
			w.serve("/feed", rss("/a"))
			w.article("/a", "A")
			w.config = func(c *Config) { c.LegalDeposit = []string{"news.example"} }
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && strings.Contains(a.articles[0].Rights, DepositNote), "articles %+v", a.articles)
		}},
		{"article proves its text by the bytes in the archive", true, func(w *world) {
			dir := w.t.TempDir()
			out, err := warc.Open(warc.Config{Dir: dir})
			w.check(err == nil, "archive: %v", err)
			w.config = func(c *Config) { c.Archive = out }
			w.serve("/feed", rss("/a"))
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.titles(a, "Ships wait")
			for i := range a.articles {
				err := VerifyArchived(dir, &a.articles[i]) // while the file is being written
				w.check(err == nil, "%v", err)
			}
			w.check(out.Close() == nil, "archive not closed")
			files, _ := warc.Files(dir)
			var again []schemas.Article
			_, err = Replay(w.t.Context(), files, func(a schemas.Article) error { again = append(again, a); return nil })
			w.check(err == nil && cmp.Equal(again, a.articles), "replayed: %v\n%s", err, cmp.Diff(a.articles, again))
		}},
		{"title and page from Media RSS", false, func(w *world) {
			w.serve("/feed", `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><title>N</title><item><media:title>Ships wait</media:title><media:content url="http://news.example/a" medium="document"/></item></channel></rss>`)
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.titles(a, "Ships wait")
			w.check(len(a.articles) == 1 && a.articles[0].CanonicalURL == "http://news.example/a", "articles %+v", a.articles)
		}},
	}
}
