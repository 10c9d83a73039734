package fetcher

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// archived polls a feed of pages of every kind and returns the archive's folder
// and the articles.
func archived(t *testing.T) (dir string, articles []schemas.Article) {
	t.Helper()
	dir = t.TempDir()
	s := newSite(t)
	text := "<p>" + strings.Repeat("The pilots went home at noon. ", 40) + "</p>"
	s.serve("/feed", `<rss xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>N</title>
<item><title>Ships wait</title><link>/a?utm_source=rss</link><pubDate>Sun, 09 Mar 2025 07:00:00 +0100</pubDate></item>
<item><title>Fog</title><link>/packed</link></item><item><title>Live</title><link>/live</link></item>
<item><title>Home</title><guid isPermaLink="false">7</guid><content:encoded><![CDATA[`+text+`]]></content:encoded></item></channel></rss>`)
	s.serve("/a", page("Ships wait", "Edition one."), "Content-Type", "text/html; charset=utf-8", "Set-Cookie", "s=1", "TDM-Reservation", "1")
	s.mux.HandleFunc("/packed", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/html")
		z := gzip.NewWriter(w)
		io.WriteString(z, page("Fog lifts", ""))
		z.Close()
	})
	s.serve("/live", liveBlog("The first ship is in.", "The second ship is in."), "Content-Type", "text/html")
	w, err := warc.Open(warc.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	k := once(t, s.fetcher(func(c *Config) { c.Archive = w }), "http://ann:hunter2@news.example/feed")
	if len(k.articles) != 5 {
		t.Fatalf("%d articles, want 5; %s", len(k.articles), k.reasons())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, k.articles
}

// TestArchive walks from each article to the bytes it was made of, and makes the
// same articles of the archive again.
func TestArchive(t *testing.T) {
	dir, articles := archived(t)
	for i := range articles {
		if err := VerifyArchived(dir, &articles[i]); err != nil {
			t.Errorf("%s: %v", articles[i].Title, err)
		}
	}
	files, err := warc.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	var again []schemas.Article
	stats, err := Replay(t.Context(), files, func(a schemas.Article) error { again = append(again, a); return nil })
	if err != nil {
		t.Fatal(err)
	}
	byID := func(list []schemas.Article) map[string]schemas.Article {
		m := map[string]schemas.Article{}
		for _, a := range list {
			m[a.ID] = a
		}
		return m
	}
	if d := cmp.Diff(byID(articles), byID(again)); d != "" || len(again) != len(articles) {
		t.Errorf("Replay gives other articles (-fetched +replayed), stats %+v:\n%s", stats, d)
	}
	for _, path := range files {
		raw := ""
		if err := eachRecord(t.Context(), path, func(r *warc.Record) error { raw += r.Target + string(r.Block); return nil }); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(raw, "hunter2") {
			t.Error("the archive has the password")
		}
		if !strings.Contains(raw, "robots.txt") || !strings.Contains(raw, "Set-Cookie: s=1") {
			t.Error("the archive lacks robots.txt or a header")
		}
	}
}

// TestVerifyArchived checks that an archive that was changed proves nothing.
func TestVerifyArchived(t *testing.T) {
	dir, articles := archived(t)
	a := articles[0]
	tests := []struct {
		name   string
		change func(*schemas.Article)
		want   error
	}{
		{"no record", func(a *schemas.Article) { a.Archive = nil }, ErrNotArchived},
		{"no file", func(a *schemas.Article) { a.Archive.WARC = "none.warc.gz" }, ErrNotArchived},
		{"other record", func(a *schemas.Article) { a.Archive.RecordID = "urn:uuid:1" }, ErrOtherPayload},
		{"other offset", func(a *schemas.Article) { a.Archive.Offset++ }, ErrOtherPayload},
		{"other payload", func(a *schemas.Article) { a.Archive.PayloadSHA1 = "ABC" }, ErrOtherPayload},
		{"other text", func(a *schemas.Article) { a.Text = strings.Replace(a.Text, "fourteen", "forty", 1) }, ErrOtherText},
	}
	for _, tt := range tests {
		b := a
		ref := *a.Archive
		b.Archive = &ref
		tt.change(&b)
		if err := VerifyArchived(dir, &b); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	path := filepath.Join(dir, a.Archive.WARC)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[a.Archive.Offset+200] ^= 1
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := VerifyArchived(dir, &a); !errors.Is(err, ErrOtherPayload) {
		t.Errorf("one bit changed: %v, want %v", err, ErrOtherPayload)
	}
	raw[a.Archive.Offset+200] ^= 1
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	// What is erased is said to be, and its neighbours stay proved.
	if n, err := warc.Erase(dir, func(r *warc.Record) bool { return r.Target == a.URL }); n == 0 || err != nil {
		t.Fatalf("Erase = %d, %v", n, err)
	}
	if err := VerifyArchived(dir, &a); !errors.Is(err, ErrErased) {
		t.Errorf("erased: %v, want %v", err, ErrErased)
	}
	for _, other := range articles[1:] {
		if err := VerifyArchived(dir, &other); other.URL != a.URL && err != nil {
			t.Errorf("beside what was erased: %v", err)
		}
	}
}

// TestArchiveRevisits checks what the archive keeps when a page is fetched again.
func TestArchiveRevisits(t *testing.T) {
	dir := t.TempDir()
	s := newSite(t)
	clock := &fakeClock{now: start}
	s.serve("/feed", rss("/a"))
	step := 0
	s.mux.HandleFunc("/a", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("ETag", `"1"`)
		if step == 1 && r.Header.Get("If-None-Match") != "" {
			rw.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(rw, page("Ships wait", map[bool]string{true: "Edition two."}[step == 3]))
	})
	w, err := warc.Open(warc.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	f := s.fetcher(func(c *Config) { c.Archive, c.Clock = w, clock.clock() })
	k := &sinkhole{}
	for step = range 4 {
		p := poll{Fetcher: f, feed: Feed{URL: newsFeed}, emit: k.emit, dead: k.dead}
		p.run(t.Context())
		clock.SleepFor(90 * time.Minute)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	last := ""
	files, _ := warc.Files(dir)
	if err := eachRecord(t.Context(), files[0], func(r *warc.Record) error {
		if r.Type == warc.Metadata {
			last = string(r.Block)
		}
		if strings.HasSuffix(r.Target, "/a") && r.Type != warc.Request {
			_, profile, _ := strings.Cut(r.Field("WARC-Profile"), "revisit/")
			got = append(got, strings.TrimSpace(string(r.Type)+" "+profile))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{"response", "metadata", "conversion", "revisit server-not-modified", "revisit identical-payload-digest", "response", "metadata", "conversion"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("records of the page (-want +got):\n%s", d)
	}
	if len(k.articles) != 2 {
		t.Fatalf("%d articles, want 2", len(k.articles))
	}
	if !strings.Contains(last, "claimwire-revises: "+k.articles[0].Archive.WARC+" "+k.articles[0].Archive.RecordID+"\r\nclaimwire-new: Edition two.\r\n") || strings.Contains(last, "claimwire-gone") {
		t.Errorf("what the second version changes is not in the archive:\n%s", last)
	}
	for i := range k.articles {
		if err := VerifyArchived(dir, &k.articles[i]); err != nil {
			t.Error(err)
		}
	}
}

// TestReplayOthers reads an archive as other programs write it.
func TestReplayOthers(t *testing.T) {
	body := page("Ships wait", "")
	chunked := "100\r\n" + body[:0x100] + "\r\n"
	rest := body[0x100:]
	chunked += fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(rest), rest)
	record := func(id, target, typ, head, body string) string {
		block := head + body
		return "WARC/1.0\r\nWARC-Type: " + typ + "\r\nWARC-Record-ID: <urn:uuid:" + id + ">\r\nWARC-Date: 2025-03-10T12:00:00Z\r\nWARC-Target-URI: " + target +
			"\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: " + fmt.Sprint(len(block)) + "\r\n\r\n" + block + "\r\n\r\n"
	}
	const html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
	data := record("1", "http://news.example/a", "response", html, body) +
		record("2", "http://news.example/chunked", "response", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n", chunked) +
		record("3", "http://news.example/none", "response", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n", body) +
		record("4", "http://news.example/x.png", "response", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", "\x89PNG") +
		record("5", "dns:news.example", "response", "", "192.0.2.7") +
		record("6", "http://news.example/a", "request", "GET /a HTTP/1.0\r\n\r\n", "")
	path := filepath.Join(t.TempDir(), "crawl.warc")
	if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
	var got []string
	stats, err := Replay(t.Context(), []string{path}, func(a schemas.Article) error {
		got = append(got, a.URL+" "+a.Title+" "+a.Archive.RecordID)
		if err := VerifyArchived(filepath.Dir(path), &a); err != nil {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"http://news.example/a Ships wait urn:uuid:1", "http://news.example/chunked Ships wait urn:uuid:2"}
	if d := cmp.Diff(want, got); d != "" || stats.Records != 6 || stats.Articles != 2 {
		t.Errorf("Replay (-want +got):\n%s%+v", d, stats)
	}
	// The format before WARC, as Heritrix wrote it.
	old := "filedesc://old.arc 0.0.0.0 20250310115959 text/plain 76\n1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
	old += fmt.Sprintf("\nhttp://news.example/old 192.0.2.7 20250310120000 text/html %d\n%s%s\n", len(html+body), html, body)
	path, got = filepath.Join(t.TempDir(), "old.arc"), nil
	if err := os.WriteFile(path, []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Replay(t.Context(), []string{path}, func(a schemas.Article) error {
		got = append(got, a.URL+" "+a.Title)
		return VerifyArchived(filepath.Dir(path), &a)
	}); err != nil || len(got) != 1 || got[0] != "http://news.example/old Ships wait" {
		t.Errorf("Replay of an ARC: %q, %v", got, err)
	}
}
