package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// newsSite serves a front page, a feed, a sitemap and pages on loopback.
func newsSite(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	serve := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.ReplaceAll(body, "SITE", s.URL))
		})
	}
	serve("/{$}", `<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>`)
	serve("/feed", `<rss version="2.0"><channel><title>Harbour News</title><item><title>Ships wait</title><link>SITE/a</link><pubDate>Sun, 09 Mar 2025 08:00:00 +0100</pubDate></item></channel></rss>`)
	serve("/broken", `<rss version="2.0"><channel><title>Bread & butter</title><item><title>Ships wait<link>SITE/a</link></item>`)
	serve("/robots.txt", "User-agent: *\nDisallow: /none\nSitemap: SITE/map.xml")
	serve("/map.xml", "<urlset><url><loc>SITE/a</loc><lastmod>2025-03-09</lastmod></url><url><loc>SITE/old</loc><lastmod>2020-01-01</lastmod></url></urlset>")
	serve("/a", `<html lang="en"><head><title>Ships wait</title></head><body><article><h1>Ships wait</h1><p>The harbour office counted fourteen ships that waited outside the breakwater on Sunday, six more than a day before.</p></article></body></html>`)
	return s
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	s := newsSite(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "claimwire.yaml")
	run := func(wantCode int, args ...string) string {
		t.Helper()
		code, out, err := claimwire(t, "", append([]string{"feeds", "--config", file, "--allow-private"}, args...)...)
		if code != wantCode {
			t.Errorf("feeds %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, wantCode, out, err)
		}
		return out + err
	}
	if got := run(0, "discover", s.URL); got != s.URL+"/feed\n" {
		t.Errorf("discover: %q", got)
	}
	if got := run(0, "add", "--dry-run", s.URL+"/feed"); !strings.Contains(got, "Harbour News, 1 items") || !strings.Contains(got, "2025-03-09  Ships wait") {
		t.Errorf("add --dry-run: %q", got)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("add --dry-run wrote the settings file")
	}
	if got := run(0, "add", s.URL+"/feed"); !strings.Contains(got, "1 feeds added") {
		t.Errorf("add: %q", got)
	}
	if got := run(1, "add", s.URL); !strings.Contains(got, "add one of these: "+s.URL+"/feed") {
		t.Errorf("add of a page: %q", got)
	}
	list := run(0, "export")
	opml := filepath.Join(dir, "list.opml")
	list = strings.Replace(list, "</body>", `<outline text="Broken" xmlUrl="`+s.URL+`/broken"/></body>`, 1)
	if err := os.WriteFile(opml, []byte(list), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := run(0, "import", opml); !strings.Contains(got, "1 feeds added") || !strings.Contains(got, "1 were in it") {
		t.Errorf("import: %q", got)
	}
	table := run(0, "check")
	lines := strings.Split(strings.TrimSpace(table), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "ok ") || !strings.Contains(lines[1], "2025-03-09") || !strings.Contains(lines[1], "allowed") ||
		!strings.Contains(lines[2], "ampersand 1") || !strings.Contains(lines[2], "tag ") {
		t.Errorf("check:\n%s", table)
	}
	var r struct {
		URL, Error string
		Items      int
	}
	if err := json.Unmarshal([]byte(run(1, "check", "--json", s.URL+"/none")), &r); err != nil || !strings.Contains(r.Error, "404") || r.URL != s.URL+"/none" {
		t.Errorf("check --json: %+v, %v", r, err)
	}
	for _, bad := range [][]string{{}, {"sort"}, {"export", "x"}, {"add"}} {
		run(2, bad...)
	}
}

func TestBackfillCommand(t *testing.T) {
	t.Parallel()
	s := newsSite(t)
	dir := t.TempDir()
	code, out, errs := claimwire(t, "", "backfill", s.URL, "--since", "2025-01-01", "--allow-private", "--dir", dir)
	var a schemas.Article
	if err := json.Unmarshal([]byte(out), &a); code != 0 || err != nil || a.Title != "Ships wait" || a.Archive == nil {
		t.Fatalf("backfill: exit %d, %v\n%s%s", code, err, out, errs)
	}
	if !strings.Contains(errs, "1 sitemaps, 2 pages listed, 1 wanted, 1 articles") {
		t.Errorf("backfill says %q", errs)
	}
	if code, out, _ := claimwire(t, "", "backfill", s.URL, "--since", "2025-01-01", "--allow-private", "--dir", dir); code != 0 || out != "" {
		t.Errorf("backfill again: exit %d, %q", code, out)
	}
	if _, out, _ := claimwire(t, "", "feeds", "skipped", "--data-dir", dir); !strings.Contains(out, "backfill:"+s.URL+": nothing skipped") {
		t.Errorf("feeds skipped: %q", out)
	}
	var got schemas.Article
	desk := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/articles" || r.Header.Get("Authorization") != "Bearer t" || json.NewDecoder(r.Body).Decode(&got) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer desk.Close()
	if code, _, errs := claimwire(t, "", "backfill", s.URL, "--since", "2025-01-01", "--allow-private", "--url", desk.URL, "--token", "t"); code != 0 || got.ID != a.ID {
		t.Errorf("backfill --url: exit %d, %s, article %+v", code, errs, got)
	}
	if code, _, _ := claimwire(t, "", "backfill", s.URL); code != 2 {
		t.Errorf("backfill without --since: exit %d", code)
	}
}

// TestReplayArchive makes the same claims of an archive as of the articles.
func TestReplayArchive(t *testing.T) {
	t.Parallel()
	s := newsSite(t)
	dir := t.TempDir()
	_, lines, _ := claimwire(t, "", "backfill", s.URL, "--since", "2025-01-01", "--allow-private", "--dir", dir)
	articles := filepath.Join(dir, "articles.jsonl")
	if err := os.WriteFile(articles, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(archiveDir(dir), "*.warc.gz"))
	if err != nil || len(files) != 1 {
		t.Fatalf("archives %q, %v", files, err)
	}
	code, want, errs := claimwire(t, "", "replay", articles)
	if code != 0 || !strings.Contains(want, `"value":14`) {
		t.Fatalf("replay of articles: exit %d, %s%s", code, want, errs)
	}
	code, got, errs := claimwire(t, "", "replay", files[0])
	if code != 0 || got != want {
		t.Errorf("replay of the archive: exit %d, claims\n%s, want\n%s%s", code, got, want, errs)
	}
	claims := filepath.Join(dir, "claims.jsonl")
	if err := os.WriteFile(claims, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := claimwire(t, "", "verify", claims, "--warc", files[0]); code != 0 || !strings.Contains(out, "0 wrong") {
		t.Errorf("verify --warc: exit %d, %s%s", code, out, errs)
	}
}
