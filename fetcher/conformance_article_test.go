package fetcher

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// one serves a page as the only item of a feed and returns its article.
func (w *world) one(body string, headers ...string) schemas.Article {
	w.serve("/feed", rss("/a"))
	w.serve("/a", body, append([]string{"Content-Type", "text/html; charset=utf-8"}, headers...)...)
	a := w.poll(newsFeed)
	if len(a.articles) != 1 {
		w.check(false, "%d articles, errors %v", len(a.articles), a.err)
		return schemas.Article{}
	}
	return a.articles[0]
}

// edits serves a page that changes from poll to poll, and returns what each poll
// brought.
func (w *world) edits(bodies ...func(http.ResponseWriter)) []answer {
	var n atomic.Int32
	w.serve("/feed", rss("/a"))
	w.mux.HandleFunc("/a", func(rw http.ResponseWriter, _ *http.Request) { bodies[n.Load()](rw) })
	var out []answer
	for i := range bodies {
		n.Store(int32(i))
		out = append(out, w.poll(newsFeed))
		w.clock.SleepFor(2 * time.Hour)
	}
	return out
}

func says(body string) func(http.ResponseWriter) {
	return func(rw http.ResponseWriter) { io.WriteString(rw, body) }
}

// articleScenarios are about pages and what becomes of them.
func articleScenarios() []scenario {
	return []scenario{
		{"canonical address of another site is not believed", true, func(w *world) {
			a := w.one(strings.Replace(page("Ships wait", ""), "<head>", `<head><link rel="canonical" href="http://victim.example/story">`, 1))
			w.check(a.CanonicalURL == "http://news.example/a", "canonical address %s", a.CanonicalURL)
		}},
		{"canonical address of a listed partner is believed", true, func(w *world) {
			w.config = func(c *Config) { c.Partners = map[string]string{"news.example": "other.example partner.example"} }
			a := w.one(strings.Replace(page("Ships wait", ""), "<head>", `<head><link rel="canonical" href="http://www.partner.example/b">`, 1))
			w.check(a.CanonicalURL == "http://www.partner.example/b" && a.Publisher.Domain == "news.example", "canonical address %s, publisher %+v", a.CanonicalURL, a.Publisher)
		}},
		{"canonical address of the same site is believed", true, func(w *world) {
			a := w.one(strings.Replace(page("Ships wait", ""), "<head>", `<head><link rel="canonical" href="http://www.news.example/story">`, 1))
			w.check(a.CanonicalURL == "http://www.news.example/story", "canonical address %s", a.CanonicalURL)
		}},
		{"publisher of another site is not believed", true, func(w *world) {
			a := w.one(strings.Replace(page("Ships wait", ""), `"headline"`, `"publisher":{"@type":"Organization","name":"The Victim","url":"http://victim.example"},"headline"`, 1))
			w.check(a.Publisher.Domain == "news.example", "publisher %+v", a.Publisher)
		}},
		{"day of publication between UTC and local time", true, func(w *world) {
			body := strings.Replace(page("Ships wait", ""), "2025-03-09T08:00:00+01:00", "2025-03-09T03:28:35Z", 1)
			w.serve("/undated", `<rss><channel><title>N</title><item><title>Ships wait</title><link>/a</link></item></channel></rss>`)
			w.serve("/a", strings.Replace(body, "<h1>", `<p class="date"><time datetime="2025-03-08T22:28:35-05:00">March 8, 2025</time></p><h1>`, 1))
			got := w.poll("http://news.example/undated")
			if len(got.articles) != 1 {
				w.check(false, "%d articles, errors %v", len(got.articles), got.err)
				return
			}
			a := got.articles[0]
			day := a.PublishedAt
			if len(day) > 10 {
				day = day[:10]
			}
			w.check(day == "2025-03-08", "published %s (%s), want the day that the page prints", a.PublishedAt, a.PublishedSource)
		}},
		{"paywall by evidence", true, func(w *world) {
			a := w.one(`<html lang="en"><head><title>Ships wait</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ships wait","isAccessibleForFree":false}</script></head><body><article><h1>Ships wait</h1><p>The harbour office counted fourteen ships that waited outside the breakwater on Sunday, six more than a day before, and said that pilots would work.</p><p>Subscribe to continue reading this article about the harbour and its many ships.</p></article></body></html>`)
			w.check(a.Paywalled == schemas.Yes, "paywalled %q", a.Paywalled)
		}},
		{"credit of a news agency", true, func(w *world) {
			a := w.one(strings.Replace(page("Ships wait", ""), "<p>The harbour", "<p>PORT TOWN (Reuters) - The harbour", 1))
			w.check(a.Wire != nil && a.Wire.Agency == "Reuters", "wire %+v", a.Wire)
		}},
		{"noindex and TDM reservation travel with the article", true, func(w *world) {
			a := w.one(page("Ships wait", ""), "X-Robots-Tag", "noindex, noai", "TDM-Reservation", "1")
			w.check(strings.Contains(a.Rights, "tdm-reservation: 1") && strings.Contains(a.Rights, "noindex"), "rights %q", a.Rights)
		}},
		{"bot wall in place of a page", true, func(w *world) {
			w.serve("/feed", rss("/a"))
			w.serve("/a", `<html><head><title>Just a moment...</title></head><body><p>Enable JavaScript and cookies to continue, so that we can see that you are not a robot. This can take some seconds.</p></body></html>`, "Content-Type", "text/html")
			w.fails(w.poll(newsFeed), "bot wall (Cloudflare)")
		}},
		{"a PDF is no page", true, func(w *world) {
			w.serve("/feed", rss("/a"))
			w.serve("/a", "%PDF-1.7", "Content-Type", "application/pdf")
			w.fails(w.poll(newsFeed), "application/pdf")
		}},
		{"menus, notices and teasers are not the text", true, func(w *world) {
			body := strings.NewReplacer("<body>", `<body><nav><ul><li><a href="/1">Sport of today</a></li><li><a href="/2">Weather chart</a></li></ul></nav><div class="cookie-banner"><p>We use cookies to make this site better for you.</p></div>`,
				"</body>", `<aside class="related"><h3>Read also</h3><ul><li><a href="/3">Another story about the price of fish</a></li></ul></aside><footer><p>Copyright of the publisher, all rights reserved.</p></footer></body>`).Replace(page("Ships wait", ""))
			a := w.one(body)
			for _, bad := range []string{"Sport of today", "cookies", "price of fish", "rights reserved"} {
				w.check(!strings.Contains(a.Text, bad), "the text has %q", bad)
			}
			w.check(strings.Contains(a.Text, "fourteen ships") && strings.Contains(a.Text, "engines warm"), "text %q", a.Text)
		}},
		{"each paragraph carries its support", true, func(w *world) {
			a := w.one(page("Ships wait", ""))
			w.check(len(a.Paragraphs) == 2 && a.Paragraphs[0].Support == 3, "paragraphs %+v", a.Paragraphs)
		}},
		{"changed text is a new version of the same article", true, func(w *world) {
			got := w.edits(says(page("Ships wait", "Edition one.")), says(page("Ships wait", "Edition two.")))
			if len(got[0].articles) != 1 || len(got[1].articles) != 1 {
				w.check(false, "%d and %d articles, errors %v", len(got[0].articles), len(got[1].articles), got[1].err)
				return
			}
			a, b := got[0].articles[0], got[1].articles[0]
			w.check(a.ID == b.ID && a.Version != b.Version, "%s/%s and %s/%s", a.ID, a.Version, b.ID, b.Version)
		}},
		{"same text in a changed page is nothing new", true, func(w *world) {
			other := strings.Replace(page("Ships wait", "Edition one."), "<body>", `<body data-build="77"><!-- served by node 3 --><script>var t=1</script>`, 1)
			got := w.edits(says(page("Ships wait", "Edition one.")), says(other))
			w.titles(got[1])
			w.check(got[1].err == nil, "errors %v", got[1].err)
		}},
		{"page that fails later withdraws nothing", true, func(w *world) {
			got := w.edits(says(page("Ships wait", "")), func(rw http.ResponseWriter) { rw.WriteHeader(http.StatusNotFound) })
			w.titles(got[0], "Ships wait")
			w.titles(got[1])
			w.check(got[1].err == nil, "errors %v", got[1].err)
		}},
		{"page that is walled later withdraws nothing", true, func(w *world) {
			got := w.edits(says(page("Ships wait", "")), says(`<html><head><title>Just a moment...</title></head><body>Please wait.</body></html>`))
			w.titles(got[1])
			w.check(got[1].err == nil, "errors %v", got[1].err)
		}},
		{"page that answers 304", true, func(w *world) {
			w.serve("/feed", rss("/a"))
			w.mux.HandleFunc("/a", func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("ETag", `"p"`)
				if r.Header.Get("If-None-Match") == `"p"` {
					rw.WriteHeader(http.StatusNotModified)
					return
				}
				io.WriteString(rw, page("Ships wait", ""))
			})
			w.titles(w.poll(newsFeed), "Ships wait")
			w.clock.SleepFor(2 * time.Hour)
			w.titles(w.poll(newsFeed))
			w.check(w.seen(`/a "p"`) == 1, "requests %q", w.hits)
		}},
		{"tracking parameters make no second article", true, func(w *world) {
			w.serve("/feed", rss("/a?utm_source=x&fbclid=1&id=7"))
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && a.articles[0].CanonicalURL == "http://news.example/a?id=7", "%+v", a.articles)
		}},
		{"full text of the feed stands in for a walled page", true, func(w *world) {
			text := "<p>" + strings.Repeat("The pilots went home at noon. ", 40) + "</p>"
			w.serve("/feed", fmt.Sprintf(`<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>N</title><item><title>Home</title><link>http://news.example/a</link><content:encoded><![CDATA[%s]]></content:encoded></item></channel></rss>`, text))
			w.status("/a", http.StatusForbidden)
			a := w.poll(newsFeed)
			w.check(strings.HasPrefix(a.text(), "The pilots went home"), "text %q, errors %v", a.text(), a.err)
		}},
	}
}
