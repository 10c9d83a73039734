package fetcher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/claimwire/claimwire/schemas"
)

// archiveSite serves an index of monthly sitemaps, one of them compressed.
func archiveSite(t *testing.T) *site {
	s := newSite(t)
	entry := func(path, date string) string {
		return "<url><loc>" + path + "</loc><lastmod>" + date + "</lastmod></url>"
	}
	month := func(path, date string) string {
		return "<sitemap><loc>" + path + "</loc><lastmod>" + date + "</lastmod></sitemap>"
	}
	s.serve("/robots.txt", "User-agent: *\nDisallow: /private\nSitemap: http://news.example/index.xml")
	s.serve("/index.xml", "<sitemapindex>"+month("/2025-03.xml", "2025-03-09")+month("/2025-02.xml.gz", "2025-02-28")+month("/2024.xml", "2024-12-31")+month("/index.xml", "2025-03-09")+"</sitemapindex>")
	s.serve("/2025-03.xml", "<urlset>"+entry("/c", "2025-03-02T10:00:00Z")+entry("/private/d", "2025-03-03")+entry("http://sold.example/x", "2025-03-03")+entry("/undated", "")+entry("/missing", "2025-03-04")+"</urlset>")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	io.WriteString(z, "<urlset>"+entry("/a", "2025-01-31")+entry("/b", "2025-02-01")+"</urlset>")
	z.Close()
	s.serve("/2025-02.xml.gz", packed.String(), "Content-Type", "application/gzip")
	for _, p := range []string{"/a", "/b", "/c", "/private/d", "/undated"} {
		s.serve(p, page("P"+p, ""))
	}
	return s
}

func TestBackfill(t *testing.T) {
	s := archiveSite(t)
	dir := t.TempDir()
	f := s.fetcher(func(c *Config) { c.StateDir = dir })
	cfg := BackfillConfig{Since: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)}
	k := &sinkhole{}
	stats, err := f.Backfill(t.Context(), "http://news.example/", cfg, k.emit, k.dead)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"http://news.example/b", "http://news.example/c"}, k.urls()); d != "" {
		t.Errorf("articles (-want +got):\n%s\n%s", d, k.reasons())
	}
	want := BackfillStats{Sitemaps: 3, Listed: 7, Wanted: 4, Undated: 1, Foreign: 1, Articles: 2, Skipped: map[SkipReason]int64{SkipRobots: 1, SkipGone: 1}}
	if d := cmp.Diff(want, stats); d != "" {
		t.Errorf("stats (-want +got):\n%s", d)
	}
	if s.seen("/2024.xml") != 0 || s.seen("/private") != 0 || s.seen("/a") != 0 {
		t.Errorf("requests %q", s.hits)
	}
	// Again, after a restart: nothing is fetched that is done.
	k = &sinkhole{}
	if _, err := s.fetcher(func(c *Config) { c.StateDir = dir }).Backfill(t.Context(), "http://news.example/", cfg, k.emit, k.dead); err != nil || len(k.articles) != 0 || s.seen("/b") != 1 {
		t.Errorf("again: %d articles, %v", len(k.articles), err)
	}
	if _, err := s.fetcher(nil).Backfill(t.Context(), "http://www.news.example/nothing.xml", cfg, k.emit, k.dead); !errors.Is(err, schemas.ErrMalformed) {
		t.Errorf("site without sitemap: %v", err)
	}
}

// TestBackfillInterrupted checks that a backfill goes on where it was cut off.
func TestBackfillInterrupted(t *testing.T) {
	s := archiveSite(t)
	dir := t.TempDir()
	cfg := BackfillConfig{Since: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}
	ctx, crash := context.WithCancel(t.Context())
	first := &sinkhole{}
	emit := func(ctx context.Context, a []schemas.Article) error {
		defer crash()
		return first.emit(ctx, a)
	}
	if _, err := s.fetcher(func(c *Config) { c.StateDir = dir }).Backfill(ctx, "http://news.example", cfg, emit, first.dead); err == nil {
		t.Fatal("no error of a backfill that was cut off")
	}
	second := &sinkhole{}
	if _, err := s.fetcher(func(c *Config) { c.StateDir = dir }).Backfill(t.Context(), "http://news.example", cfg, second.emit, second.dead); err != nil {
		t.Fatal(err)
	}
	if n := len(first.articles) + len(second.articles); n != 3 || s.seen("/c") != 1 {
		t.Errorf("%d and %d articles, want 3 together; /c fetched %d times", len(first.articles), len(second.articles), s.seen("/c"))
	}
}

// TestBackfillFeed walks the pages of an archived feed (RFC 5005).
func TestBackfillFeed(t *testing.T) {
	s := newSite(t)
	atom := func(n int, next string) string {
		var b strings.Builder
		fmt.Fprintf(&b, `<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title>`)
		if next != "" {
			fmt.Fprintf(&b, `<link rel="next" href="%s"/>`, next)
		}
		fmt.Fprintf(&b, `<entry><id>%d</id><title>P%d</title><link href="/p%d"/><published>2025-03-0%dT10:00:00Z</published><updated>2025-03-0%dT10:00:00Z</updated></entry></feed>`, n, n, n, n, n)
		s.serve(fmt.Sprintf("/p%d", n), page(fmt.Sprintf("P%d", n), ""))
		return b.String()
	}
	s.serve("/feed", atom(8, "/feed2"))
	s.serve("/feed2", atom(7, "/feed3"))
	s.serve("/feed3", atom(2, "/feed4"))
	s.serve("/feed4", atom(1, ""))
	k := &sinkhole{}
	if _, err := s.fetcher(nil).Backfill(t.Context(), newsFeed, BackfillConfig{Since: time.Date(2025, 3, 5, 0, 0, 0, 0, time.UTC)}, k.emit, k.dead); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"http://news.example/p7", "http://news.example/p8"}, k.urls()); d != "" || s.seen("/feed4") != 0 {
		t.Errorf("articles (-want +got):\n%s", d)
	}
}
