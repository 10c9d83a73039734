package fetcher

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestSkips checks that what does not come is counted and listed by source, also
// after a restart.
func TestSkips(t *testing.T) {
	dir := t.TempDir()
	s := newSite(t)
	s.serve("/feed", rss("/a", "/forbidden", "/walled", "/cut", "/german", "/empty", "/gone", "/pdf"))
	s.serve("/robots.txt", "User-agent: *\nDisallow: /forbidden")
	s.serve("/a", page("Ships wait", ""))
	s.serve("/walled", "<html><head><title>Just a moment...</title></head><body>Wait.</body></html>")
	s.serve("/cut", strings.NewReplacer(`"headline"`, `"isAccessibleForFree":false,"headline"`, "</article>", "<p>Subscribe to continue reading this article.</p></article>").Replace(page("Cut", "")))
	s.serve("/german", `<html lang="de"><head><title>Schiffe warten</title></head><body><article><p>Das Hafenamt zählte am Sonntag vierzehn Schiffe, die vor dem Wellenbrecher warteten, sechs mehr als am Tag zuvor, und die Lotsen wollten die ganze Nacht arbeiten.</p></article></body></html>`)
	s.serve("/empty", "<html><body><nav><a href=/><img src=x></a></nav><script>run()</script></body></html>")
	s.serve("/pdf", "%PDF", "Content-Type", "application/pdf")
	s.mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	f := s.fetcher(func(c *Config) { c.StateDir = dir })
	k := once(t, f, newsFeed)
	want := map[SkipReason]int64{SkipRobots: 1, SkipWall: 1, SkipPaywall: 1, SkipLanguage: 1, SkipNoText: 1, SkipGone: 1, SkipFailed: 1}
	if d := cmp.Diff(want, f.Stats().Feeds[newsFeed].Skips); d != "" || len(k.articles) != 3 {
		t.Errorf("%d articles, skips (-want +got):\n%s%s", len(k.articles), d, k.reasons())
	}
	states, err := ReadState(dir)
	if err != nil || len(states) != 1 {
		t.Fatalf("ReadState = %+v, %v", states, err)
	}
	st := states[0]
	if d := cmp.Diff(want, st.Skips); d != "" || len(st.Skipped) != 7 || st.URL != newsFeed || st.Items != 8 {
		t.Errorf("state %+v; skips (-want +got):\n%s", st, d)
	}
	f = s.fetcher(func(c *Config) { c.StateDir = dir })
	once(t, f, newsFeed)
	again := f.Stats().Feeds[newsFeed]
	if d := cmp.Diff(want, again.Skips); d != "" || len(again.Skipped) != 7 {
		t.Errorf("after a restart %d are listed, skips (-want +got):\n%s", len(again.Skipped), d)
	}
}

// TestShared checks that a page that two feeds name is fetched and handed on once.
func TestShared(t *testing.T) {
	s := newSite(t)
	clock := &fakeClock{now: start}
	s.serve("/one", rss("/a", "/b"))
	s.serve("/two", rss("/b?utm_source=two", "/c"))
	for _, p := range []string{"/a", "/b", "/c"} {
		s.serve(p, page("P"+p, ""))
	}
	f := s.fetcher(func(c *Config) { c.Clock = clock.clock() })
	k := &sinkhole{}
	for range 3 {
		for _, feed := range []string{"/one", "/two"} {
			p := poll{Fetcher: f, feed: Feed{URL: "http://news.example" + feed}, emit: k.emit, dead: k.dead}
			p.run(t.Context())
		}
		clock.SleepFor(20 * time.Minute)
	}
	if len(k.articles) != 3 || s.seen("/b") != 1 || f.Stats().Shared != 1 {
		t.Errorf("%d articles, /b fetched %d times, %d shared, want 3, 1, 1", len(k.articles), s.seen("/b"), f.Stats().Shared)
	}
	// Articles that were not taken are not brought.
	f = s.fetcher(nil)
	k = &sinkhole{fail: errors.New("bus is down")}
	first := poll{Fetcher: f, feed: Feed{URL: "http://news.example/one"}, emit: k.emit, dead: k.dead}
	first.run(t.Context())
	k.fail = nil
	second := poll{Fetcher: f, feed: Feed{URL: "http://news.example/two"}, emit: k.emit, dead: k.dead}
	second.run(t.Context())
	if d := cmp.Diff([]string{"http://news.example/b", "http://news.example/c"}, k.urls()); d != "" {
		t.Errorf("articles after a failure (-want +got):\n%s", d)
	}
	// At the same time, one of the two feeds comes later.
	f = s.fetcher(nil)
	k = once(t, f, "http://news.example/one", "http://news.example/two")
	if len(k.articles) != 3 {
		t.Errorf("%d articles of two feeds at a time, want 3: %v", len(k.articles), k.urls())
	}
}

// TestSharedRestart checks that a page that a feed brought before a restart is not
// fetched for another feed after it.
func TestSharedRestart(t *testing.T) {
	s := newSite(t)
	dir := t.TempDir()
	s.serve("/one", rss("/a", "/b"))
	s.serve("/two", rss("/b?utm_source=two", "/c"))
	for _, p := range []string{"/a", "/b", "/c"} {
		s.serve(p, page("P"+p, ""))
	}
	feeds := []Feed{{URL: "http://news.example/one"}, {URL: "http://news.example/two"}}
	k := &sinkhole{}
	f := s.fetcher(func(c *Config) { c.StateDir = dir })
	if err := f.Once(t.Context(), feeds[:1], k.emit, k.dead); err != nil {
		t.Fatal(err)
	}
	f = s.fetcher(func(c *Config) { c.StateDir = dir })
	f.Recall(feeds)
	if err := f.Once(t.Context(), feeds[1:], k.emit, k.dead); err != nil {
		t.Fatal(err)
	}
	if len(k.articles) != 3 || s.seen("/b") != 1 {
		t.Errorf("%d articles, the page of both was fetched %d times", len(k.articles), s.seen("/b"))
	}
}

// TestRightsAndDeposit checks that the user's settings travel with articles, and
// that robots.txt is overridden only where the law says so, on the record.
func TestRightsAndDeposit(t *testing.T) {
	dir := t.TempDir()
	s := newSite(t)
	var log bytes.Buffer
	s.serve("/robots.txt", "User-agent: *\nDisallow: /b")
	s.serve("/feed", rss("/a", "/b", "http://other.example/b"))
	s.serve("/a", page("A", ""))
	s.serve("/b", page("B", ""), "X-Robots-Tag", "noindex")
	f := s.fetcher(func(c *Config) {
		c.Hosts["other.example"] = s.server.Listener.Addr().String()
		c.Rights = map[string]string{"news.example": "full text for research"}
		c.LegalDeposit = []string{"news.example"}
		c.StateDir, c.Logger = dir, newTextLogger(&log)
	})
	k := once(t, f, newsFeed)
	got := map[string]string{}
	for _, a := range k.articles {
		got[a.URL] = a.Rights
	}
	want := map[string]string{
		"http://news.example/a": "agreed: full text for research",
		"http://news.example/b": "robots: noindex; agreed: full text for research; " + DepositNote,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("rights (-want +got):\n%s", d)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "overrides.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var line struct{ URL, Basis, Reason string }
	if err := json.Unmarshal(bytes.TrimSpace(raw), &line); err != nil || line.URL != "http://news.example/b" || line.Basis != "legal deposit" || line.Reason == "" {
		t.Errorf("audit %q: %v", raw, err)
	}
	if f.Stats().Overridden != 1 || f.Stats().Robots != 1 || !strings.Contains(log.String(), "robots.txt overridden") {
		t.Errorf("%d overridden, %d obeyed; log %s", f.Stats().Overridden, f.Stats().Robots, log.String())
	}
}
