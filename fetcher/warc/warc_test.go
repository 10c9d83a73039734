package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
)

var noon = time.Date(2025, 3, 10, 12, 0, 0, 123456000, time.UTC)

// exchange returns a page's request and answer.
func exchange(path, body string, status int) Exchange {
	return Exchange{
		URL: "http://news.example" + path, At: noon, IP: "192.0.2.7", Status: status, MIME: "text/html", Body: []byte(body),
		Request: []byte("GET " + path + " HTTP/1.1\r\nHost: news.example\r\nUser-Agent: claimwire\r\n\r\n"),
		Head:    []byte(fmt.Sprintf("HTTP/1.1 %d OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", status)),
	}
}

func open(t testing.TB, dir string, change func(*Config)) *Writer {
	t.Helper()
	cfg := Config{Dir: dir, Software: "claimwire test"}
	if change != nil {
		change(&cfg)
	}
	w, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func put1(t testing.TB, w *Writer, x Exchange) Ref {
	t.Helper()
	r, err := w.Exchange(x)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fill writes an archive with a record of every type.
func fill(t testing.TB, dir string) {
	t.Helper()
	w := open(t, dir, nil)
	a := put1(t, w, exchange("/a", "<p>Ships wait.</p>", 200))
	put1(t, w, exchange("/b?id=7", "<p>Fog lifts: caf\u00e9.</p>", 200))
	put1(t, w, exchange("/copy", "<p>Ships wait.</p>", 200)) // revisit
	put1(t, w, exchange("/a", "", 304))                      // revisit
	put1(t, w, exchange("/none", "gone", 404))
	cut := exchange("/long", "<p>The first part", 200)
	cut.Truncated = "length"
	put1(t, w, cut)
	if err := w.Derived(a, noon, "Ships wait.", []Field{{"via", "http://news.example/feed"}, {"note", "two\r\nlines"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func readAll(t testing.TB, path string) (out []*Record) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, rec)
	}
}

func one(t testing.TB, dir string) string {
	t.Helper()
	files, err := Files(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("Files = %q, %v, want one", files, err)
	}
	return files[0]
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	recs := readAll(t, one(t, dir))
	var types []string
	byID := map[string]*Record{}
	for _, r := range recs {
		types = append(types, string(r.Type))
		byID[r.ID] = r
		if at, err := ReadAt(dir, filepath.Base(one(t, dir)), r.Offset); err != nil || at.ID != r.ID {
			t.Errorf("ReadAt(%d) = %v, %v, want %s", r.Offset, at, err, r.ID)
		}
		if !r.Date.Equal(noon) {
			t.Errorf("%s: date %s, want %s", r.Type, r.Date, noon)
		}
	}
	want := "warcinfo response request response request revisit request revisit request response request response request metadata conversion"
	if got := strings.Join(types, " "); got != want {
		t.Fatalf("records:\n%s, want\n%s", got, want)
	}
	if len(byID) != len(recs) {
		t.Errorf("%d ids for %d records", len(byID), len(recs))
	}
	page := recs[1]
	if head, body, ok := page.HTTP(); !ok || string(body) != "<p>Ships wait.</p>" || !strings.HasPrefix(string(head), "HTTP/1.1 200") {
		t.Errorf("HTTP() = %q, %q", head, body)
	}
	if status, h := page.Head(); status != 200 || h.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("Head() = %d, %v", status, h)
	}
	if got := bare(recs[2].Field("WARC-Concurrent-To")); got != page.ID {
		t.Errorf("request joined to %s, want %s", got, page.ID)
	}
	for i, profile := range map[int]string{5: ProfileIdentical, 7: ProfileNotModified} {
		if r := recs[i]; r.RefersTo() != page.ID || r.Field("WARC-Profile") != profile || r.Field("WARC-Refers-To-Target-URI") != page.Target ||
			r.Field("WARC-Payload-Digest") != page.Field("WARC-Payload-Digest") || bytes.Contains(r.Block, []byte("Ships")) {
			t.Errorf("revisit %+v", r)
		}
	}
	if recs[11].Field("WARC-Truncated") != "length" {
		t.Errorf("cut-off page: %+v", recs[11].Fields)
	}
	if got := string(recs[13].Block); got != "via: http://news.example/feed\r\nnote: two  lines\r\n" || recs[13].RefersTo() != page.ID {
		t.Errorf("metadata %q refers to %s", got, recs[13].RefersTo())
	}
	if string(recs[14].Block) != "Ships wait." || recs[14].RefersTo() != page.ID {
		t.Errorf("conversion %q", recs[14].Block)
	}
}

// TestSame checks that the same exchanges give the same bytes.
func TestSame(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	fill(t, a)
	fill(t, b)
	x, _ := os.ReadFile(one(t, a))
	y, _ := os.ReadFile(one(t, b))
	if !bytes.Equal(x, y) {
		t.Error("two archives of the same exchanges differ")
	}
}

func TestIndex(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	files, err := Indexes(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("Indexes = %q, %v", files, err)
	}
	raw, _ := os.ReadFile(files[0])
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	if !slices.IsSorted(lines) || len(lines) != 6 || !strings.HasPrefix(lines[0], "example,news)/a 20250310120000 {") {
		t.Errorf("index:\n%s", raw)
	}
	entries, err := ReadIndex(files[0])
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := indexFile(one(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]Entry{}
	for _, e := range again {
		byID[e.ID] = e
	}
	for _, e := range entries {
		got := byID[e.ID]
		if e.MIME == mimeRevisit {
			got.Size = e.Size // the payload's, which is in another record
		}
		if got != e {
			t.Errorf("index written %+v\nindex made of the file %+v", e, got)
		}
	}
}

func TestSURT(t *testing.T) {
	for in, want := range map[string]string{
		"http://news.example/":                     "example,news)/",
		"https://www.News.example:443/A/b?y=2&x=1": "example,news)/a/b?x=1&y=2",
		"http://www2.news.example":                 "example,news)/",
		"http://news.example:8080/a b":             "example,news:8080)/a%20b",
		"http://192.0.2.7/x":                       "192.0.2.7)/x",
		"http://[2001:db8::1]/x":                   "2001:db8::1)/x",
		"not a url":                                "not%20a%20url",
	} {
		if got := SURT(in); got != want {
			t.Errorf("SURT(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestRotation checks that full files are ended, and that what is in them is
// still known: also after a restart.
func TestRotation(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, func(c *Config) { c.MaxBytes = 2000 })
	var first Ref
	for i := range 20 {
		r := put1(t, w, exchange(fmt.Sprintf("/%d", i), fmt.Sprintf("<p>%d ships wait.</p>", i), 200))
		if i == 0 {
			first = r
		}
	}
	files, _ := Files(dir)
	if len(files) < 5 || !strings.HasSuffix(files[len(files)-1], openSuffix) {
		t.Fatalf("files %q", files)
	}
	if got := put1(t, w, exchange("/again", "<p>0 ships wait.</p>", 200)); got != first {
		t.Errorf("repeated payload is at %+v, want %+v", got, first)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = open(t, dir, nil)
	if got := put1(t, w, exchange("/more", "<p>0 ships wait.</p>", 200)); got.ID != first.ID || got.File != first.File || got.Offset != first.Offset {
		t.Errorf("after a restart, repeated payload is at %+v, want %+v", got, first)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTogether writes from several goroutines, through rotations and syncs.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, func(c *Config) { c.MaxBytes = 5000 })
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 25 {
				x := exchange(fmt.Sprintf("/%d/%d", g, i), fmt.Sprintf("<p>%d of %d.</p>", i, g), 200)
				ref, err := w.Exchange(x)
				if err == nil {
					err = errors.Join(w.Derived(ref, noon, "text", nil), w.Sync())
				}
				if err != nil {
					t.Error(err)
					return
				}
				if rec, err := ReadAt(dir, ref.File, ref.Offset); err != nil || rec.Target != x.URL {
					t.Errorf("ReadAt(%+v) = %v, %v", ref, rec, err)
				}
			}
		})
	}
	wg.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := Files(dir)
	n := 0
	for _, f := range files {
		for _, r := range readAll(t, f) {
			if r.Type == Conversion {
				n++
			}
		}
	}
	if n != 100 {
		t.Errorf("%d texts in %d files, want 100", n, len(files))
	}
}

// TestCrash checks that a file that was cut off anywhere is readable again, with
// every record that was whole.
func TestCrash(t *testing.T) {
	whole := t.TempDir()
	fill(t, whole)
	raw, err := os.ReadFile(one(t, whole))
	if err != nil {
		t.Fatal(err)
	}
	recs := readAll(t, one(t, whole))
	for cut := 0; cut <= len(raw); cut += 37 {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "claimwire-x.warc.gz"+openSuffix), raw[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		w := open(t, dir, nil)
		n := 0
		for _, r := range recs {
			if r.Offset+r.Length <= int64(cut) {
				n++
			}
		}
		if got := readAll(t, one(t, dir)); len(got) != n {
			t.Errorf("cut at %d: %d records, want %d", cut, len(got), n)
		}
		put1(t, w, exchange("/new", "<p>New.</p>", 200))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

const foreign = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2019-05-01T10:00:00Z\r\nWARC-Target-URI: <http://old.example/>\r\nContent-Type: application/http;msgtype=response\r\nX-Folded: one\r\n two\r\nContent-Length: 43\r\n\r\nHTTP/1.0 200 OK\nContent-Type: text/html\n\nHi"

// TestOthers reads files as other programs write them.
func TestOthers(t *testing.T) {
	second := strings.Replace(foreign, "uuid:1", "uuid:2", 1)
	record := foreign + "\r\n\r\n"
	pack := func(parts ...string) string {
		var b bytes.Buffer
		for _, p := range parts {
			z := gzip.NewWriter(&b)
			io.WriteString(z, p)
			z.Close()
		}
		return b.String()
	}
	for name, data := range map[string]string{
		"plain":               record + second + "\r\n\r\n",
		"plain, no end":       record + second,
		"plain, LF only":      strings.ReplaceAll(foreign, "\r\n", "\n") + "\n\n" + strings.ReplaceAll(second, "\r\n", "\n") + "\n\n",
		"a member a record":   pack(record, second+"\r\n\r\n"),
		"all in one member":   pack(record + second + "\r\n\r\n"),
		"members without end": pack(foreign, second),
		"blank lines between": record + "\r\n\r\n\r\n" + second,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.warc.gz")
			if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
			recs := readAll(t, path)
			if len(recs) != 2 || recs[0].ID != "urn:uuid:1" || recs[1].ID != "urn:uuid:2" || recs[1].Target != "http://old.example/" || recs[0].Field("x-folded") != "one two" {
				t.Fatalf("records %+v", recs)
			}
			if status, h := recs[1].Head(); status != 200 || h.Get("Content-Type") != "text/html" {
				t.Errorf("Head() = %d, %v", status, h)
			}
		})
	}
}

func TestBadFiles(t *testing.T) {
	for name, data := range map[string]string{
		"text":              "Dear archive, here are my pages.\n",
		"no length":         "WARC/1.1\r\nWARC-Type: response\r\n\r\n",
		"negative length":   "WARC/1.1\r\nContent-Length: -1\r\n\r\n",
		"cut off":           foreign[:len(foreign)-10],
		"cut off in header": foreign[:100],
		"endless line":      "WARC/1.1\r\nX: " + strings.Repeat("x", 1<<20),
		"endless fields":    "WARC/1.1\r\n" + strings.Repeat("X: y\r\n", 1000),
		"bad gzip":          "\x1f\x8b\x00\x00rest",
		"claims terabytes":  "WARC/1.1\r\nContent-Length: 5497558138880\r\n\r\nx",
	} {
		r, err := NewReader(strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if rec, err := r.Next(); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%s: Next() = %+v, %v, want an error", name, rec, err)
		}
	}
	if _, err := ReadAt(t.TempDir(), "../secret", 0); err == nil {
		t.Error("ReadAt left its folder")
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(foreign + "\r\n\r\n" + foreign))
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, foreign)
	z.Close()
	f.Add(b.Bytes())
	f.Add([]byte(strings.Join(arcParts(1), "")))
	f.Add([]byte(strings.Join(arcParts(2), "")))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(bytes.NewReader(data))
		if err != nil {
			return
		}
		last := int64(-1)
		for range 1000 {
			rec, err := r.Next()
			if err != nil {
				return
			}
			if rec.Offset < last || rec.Offset+rec.Length > int64(len(data)) {
				t.Fatalf("record at %d of %d bytes after one at %d, in a file of %d", rec.Offset, rec.Length, last, len(data))
			}
			last = rec.Offset
			rec.Head()
		}
	})
}

func FuzzCDXJ(f *testing.F) {
	f.Add(Entry{Ref: Ref{File: "a.warc.gz", ID: "urn:uuid:1", Offset: 7, Length: 9, SHA1: "ABC", Size: 3, Target: "http://a.example/?b c", Date: noon}, MIME: "text/html", Status: 200}.CDXJ())
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseCDXJ(s)
		if err != nil {
			return
		}
		again, err := ParseCDXJ(e.CDXJ())
		if err != nil || again != e {
			t.Errorf("ParseCDXJ(%q) = %+v, again %+v, %v", s, e, again, err)
		}
	})
}

func BenchmarkExchange(b *testing.B) {
	w := open(b, b.TempDir(), nil)
	body := strings.Repeat("<p>The harbour office counted fourteen ships that waited outside the breakwater.</p>\n", 1000)
	b.SetBytes(int64(len(body)))
	for i := 0; b.Loop(); i++ {
		put1(b, w, exchange("/a", body+fmt.Sprint(i), 200))
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}
