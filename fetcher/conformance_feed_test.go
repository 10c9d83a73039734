package fetcher

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"
)

// utf16le encodes text as feeds made on Windows are: with a byte order mark.
func utf16le(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// feedScenarios are about reading what publishers serve as feeds.
func feedScenarios() []scenario {
	return []scenario{
		{"feed in UTF-16", false, func(w *world) {
			w.serve("/feed", utf16le(`<?xml version="1.0" encoding="utf-16"?>`+rss("/a")))
			w.article("/a", "Item 0")
			w.titles(w.poll(newsFeed), "Item 0")
		}},
		{"feed in windows-1252 that says UTF-8", false, func(w *world) {
			w.serve("/feed", `<?xml version="1.0" encoding="utf-8"?>`+strings.Replace(rss("/a"), "Item 0", "Caf\xe9", 1))
			w.article("/a", "Café")
			w.titles(w.poll(newsFeed), "Café")
		}},
		{"feed cut off in the middle", false, func(w *world) {
			whole := rss("/a", "/b")
			w.serve("/feed", whole[:strings.Index(whole, "</item></channel>")])
			w.article("/a", "Item 0")
			w.article("/b", "Item 1")
			w.titles(w.poll(newsFeed), "Item 0", "Item 1")
		}},
		{"stray ampersands and HTML entities", false, func(w *world) {
			w.serve("/feed", strings.NewReplacer("Item 0", "Bread & butter&nbsp;caf&eacute;").Replace(rss("/a?x=1&y=2")))
			w.article("/a", "Bread & butter café")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && strings.HasSuffix(a.articles[0].CanonicalURL, "/a?x=1&y=2"), "articles %v, errors %v", len(a.articles), a.err)
		}},
		{"control characters", false, func(w *world) {
			w.serve("/feed", strings.Replace(rss("/a"), "Item 0", "Ships\x00 wait\x0b", 1))
			w.article("/a", "Ships wait")
			w.titles(w.poll(newsFeed), "Ships wait")
		}},
		{"a feed of nothing but an HTML page names the feeds it links to", false, func(w *world) {
			w.serve("/feed", `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="/real.xml"></head><body>Hi</body></html>`, "Content-Type", "text/html")
			w.fails(w.poll(newsFeed), "http://news.example/real.xml")
		}},
		{"address of an item from its guid", false, func(w *world) {
			w.serve("/feed", `<rss version="2.0"><channel><title>N</title><item><title>Ships wait</title><guid>http://news.example/a</guid></item></channel></rss>`)
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && a.articles[0].CanonicalURL == "http://news.example/a", "%d articles, errors %v", len(a.articles), a.err)
		}},
		{"address of an item from rdf:about", false, func(w *world) {
			w.serve("/feed", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>N</title></channel><item rdf:about="http://news.example/a"><title>Ships wait</title></item></rdf:RDF>`)
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && a.articles[0].CanonicalURL == "http://news.example/a", "%d articles, errors %v", len(a.articles), a.err)
		}},
		{"relative addresses", false, func(w *world) {
			w.serve("/feed", strings.ReplaceAll(rss("/a"), ">/a<", ">a?id=7<"))
			w.article("/a", "Item 0")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && a.articles[0].CanonicalURL == "http://news.example/a?id=7", "articles %+v, errors %v", a.articles, a.err)
		}},
		{"JSON Feed", false, func(w *world) {
			w.serve("/feed", `{"version":"https://jsonfeed.org/version/1.1","title":"N","items":[{"id":"1","url":"http://news.example/a","title":"Ships wait"}]}`)
			w.article("/a", "Ships wait")
			w.titles(w.poll(newsFeed), "Ships wait")
		}},
		{"news sitemap, without the archive in it", false, func(w *world) {
			entry := func(path, date, title string) string {
				return fmt.Sprintf("<url><loc>http://news.example%s</loc><n:news><n:publication><n:name>N</n:name><n:language>en</n:language></n:publication><n:publication_date>%s</n:publication_date><n:title>%s</n:title></n:news></url>", path, date, title)
			}
			w.serve("/feed", `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">`+
				entry("/a", "2025-03-10T08:00:00Z", "Ships wait")+entry("/old", "2019-01-01", "Old news")+"</urlset>")
			w.article("/a", "Ships wait")
			w.article("/old", "Old news")
			w.titles(w.poll(newsFeed), "Ships wait")
		}},
		{"feed of 10,000 items", false, func(w *world) {
			links := make([]string, 10_001)
			for i := range links {
				links[i] = fmt.Sprintf("/many/%d", i)
			}
			w.config = func(c *Config) { c.MaxBytes = 16 << 20 }
			w.serve("/feed", rss(links...))
			w.serve("/robots.txt", "User-agent: *\nDisallow: /many/") // ten thousand pages would take minutes
			a := w.poll(newsFeed)
			n := len(a.articles)
			if p, ok := w.client.(product); ok {
				n = int(p.f.Stats().Robots)
			}
			w.check(n >= 10_000, "%d items, errors %.80v", n, a.err)
		}},
		{"entities that expand without end", false, func(w *world) {
			bomb := `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">`
			for c := 'b'; c < 'z'; c++ {
				bomb += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
			}
			w.serve("/feed", bomb+"]>"+strings.Replace(rss("/a"), "Item 0", "Ships &y; wait", 1))
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && len(a.articles[0].Title) < 100, "%d articles, errors %v", len(a.articles), a.err)
		}},
		{"entity that names a local file", false, func(w *world) {
			w.serve("/feed", `<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>`+strings.Replace(rss("/a"), "Item 0", "Ships &f; wait", 1))
			w.article("/a", "Ships wait")
			a := w.poll(newsFeed)
			w.check(len(a.articles) == 1 && !strings.Contains(a.articles[0].Title, "root:"), "%d articles, errors %v", len(a.articles), a.err)
		}},
		{"elements nested without end", false, func(w *world) {
			w.serve("/feed", "<rss><channel><item>"+strings.Repeat("<b>x", 500_000))
			begin := time.Now()
			a := w.poll(newsFeed)
			w.check(a.err != nil && time.Since(begin) < w.allowed, "error %v after %s", a.err, time.Since(begin))
		}},
		{"items without end", false, func(w *world) {
			w.serve("/feed", "<rss><channel>"+strings.Repeat("<item>x<b>", 300_000))
			begin := time.Now()
			w.poll(newsFeed)
			w.check(time.Since(begin) < w.allowed, "took %s", time.Since(begin))
		}},
		{"empty body", false, func(w *world) {
			w.serve("/feed", "  \n")
			w.fails(w.poll(newsFeed), "empty")
		}},
		{"bot wall in place of the feed", false, func(w *world) {
			w.serve("/feed", `<!doctype html><html><head><title>Making sure you're not a bot!</title><script src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script></head></html>`, "Content-Type", "text/html")
			w.fails(w.poll(newsFeed), "bot wall")
		}},
		{"one broken item does not hide the others", false, func(w *world) {
			w.serve("/feed", strings.Replace(rss("/a", "/b"), "<item>", "<item><title>Broken</title><pubDate>yesterday</pubDate><link>::::</link></item><item>", 1))
			w.article("/a", "Item 0")
			w.article("/b", "Item 1")
			a := w.poll(newsFeed)
			n := 0
			for _, x := range a.articles {
				if strings.HasPrefix(x.Title, "Item ") {
					n++
				}
			}
			w.check(n == 2, "%d of the 2 good items, errors %v", n, a.err)
		}},
		{"the same item twice", false, func(w *world) {
			w.serve("/feed", rss("/a", "/a", "/a?utm_source=rss"))
			w.article("/a", "Item 0")
			w.titles(w.poll(newsFeed), "Item 0")
		}},
		{"chunks that never end", false, func(w *world) {
			w.mux.HandleFunc("/feed", func(rw http.ResponseWriter, _ *http.Request) {
				io.WriteString(rw, "<rss><channel><title>")
				io.CopyN(rw, endless('x'), 64<<20)
			})
			w.fails(w.poll(newsFeed), "over 4194304 bytes")
		}},
	}
}
