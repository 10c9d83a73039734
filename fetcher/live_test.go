package fetcher

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// liveBlog is a page with a post for each text, the last one first.
func liveBlog(texts ...string) string {
	var posts []string
	for i := len(texts) - 1; i >= 0; i-- {
		posts = append(posts, fmt.Sprintf(`{"@type":"BlogPosting","@id":"#post-%d","headline":"Post %d","datePublished":"2025-03-09T1%d:30:00+01:00","articleBody":%q}`, i, i, i, texts[i]+" Pilots and tugs stand by."))
	}
	return `<!doctype html><html lang="en"><head><title>Harbour live</title><script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Harbour live","datePublished":"2025-03-09T08:00:00+01:00","liveBlogUpdate":[` +
		strings.Join(posts, ",") + `]}</script></head><body><h1>Harbour live</h1><p>Follow the ships as they come in after the storm.</p></body></html>`
}

// TestLiveBlog checks that posts are articles of their own, each brought once, and
// again when it changes.
func TestLiveBlog(t *testing.T) {
	s := newSite(t)
	clock := &fakeClock{now: start}
	s.serve("/feed", rss("/live"))
	texts := []string{"The first ship is in.", "The second ship is in."}
	s.mux.HandleFunc("/live", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, liveBlog(texts...)) })
	f := s.fetcher(func(c *Config) { c.Clock = clock.clock() })
	poll1 := func() (got []string) {
		k := &sinkhole{}
		p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
		p.run(t.Context())
		clock.SleepFor(20 * time.Minute)
		for _, a := range k.articles {
			got = append(got, a.Title+" "+a.PublishedAt[11:16]+" "+a.Text[:strings.Index(a.Text, ".")])
		}
		return got
	}
	ids := map[string]bool{}
	for i, want := range [][]string{
		{"Post 1 11:30 The second ship is in", "Post 0 10:30 The first ship is in"},
		nil,
		{"Post 2 12:30 The third ship is in"},
		{"Post 0 10:30 The first ship is in, a day late"},
	} {
		switch i {
		case 2:
			texts = append(texts, "The third ship is in.")
		case 3:
			texts[0] = "The first ship is in, a day late."
		}
		if got := poll1(); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("poll %d: posts %q, want %q", i, got, want)
		}
	}
	k := once(t, s.fetcher(nil), newsFeed)
	for _, a := range k.articles {
		ids[a.ID] = true
		if a.CanonicalURL != "http://news.example/live" {
			t.Errorf("post is at %s", a.CanonicalURL)
		}
	}
	if len(ids) != 3 {
		t.Errorf("%d ids of 3 posts", len(ids))
	}
}

// TestLiveBlogMarked reads posts that only microdata marks.
func TestLiveBlogMarked(t *testing.T) {
	s := newSite(t)
	post := func(n int, text string) string {
		return fmt.Sprintf(`<article id="p%d" itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting"><time itemprop="datePublished" datetime="2025-03-09T1%d:00:00+01:00">1%d:00</time><h2 itemprop="headline">Post %d</h2><div itemprop="articleBody"><p>%s</p></div></article>`, n, n, n, n, text)
	}
	s.serve("/live", `<html lang="en"><body itemscope itemtype="https://schema.org/LiveBlogPosting"><h1>Harbour live</h1>`+post(2, "The second ship is in.")+post(1, "The first ship is in.")+`</body></html>`)
	s.serve("/feed", rss("/live"))
	k := once(t, s.fetcher(nil), newsFeed)
	if len(k.articles) != 2 || k.articles[0].Title != "Post 2" || k.articles[0].Text != "The second ship is in." || !strings.HasPrefix(k.articles[1].PublishedAt, "2025-03-09T11:00:00+01:00") {
		t.Errorf("articles %+v: %s", k.articles, k.reasons())
	}
}
