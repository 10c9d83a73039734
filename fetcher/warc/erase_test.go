package warc

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// eraseB takes everything of one page out of what fill writes.
func eraseB(t testing.TB, dir string) {
	t.Helper()
	n, err := Erase(dir, func(r *Record) bool { return r.Target == "http://news.example/b?id=7" })
	if n != 2 || err != nil {
		t.Fatalf("Erase = %d, %v, want the request and the response", n, err)
	}
}

// TestErase checks that nothing of what is erased stays, and that everything else
// stays where it was.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir)
	path := one(t, dir)
	before := readAll(t, path)
	size, _ := os.Stat(path)
	eraseB(t, dir)
	after := readAll(t, path)
	if now, _ := os.Stat(path); now.Size() != size.Size() || len(after) != len(before) {
		t.Fatalf("%d records in %d bytes, want %d in %d", len(after), now.Size(), len(before), size.Size())
	}
	gone := 0
	for i, r := range after {
		was := before[i]
		if r.ID != was.ID || r.Offset != was.Offset || r.Length != was.Length || !r.Date.Equal(was.Date) {
			t.Errorf("record %d is %s at %d, want %s at %d", i, r.ID, r.Offset, was.ID, was.Offset)
		}
		if r.Erased() {
			gone++
			if was.Target != "http://news.example/b?id=7" || r.Target != "" || strings.TrimSpace(string(r.Block)) != "" {
				t.Errorf("in the place of %s of %s: %+v", was.Type, was.Target, r)
			}
		} else if !bytes.Equal(r.Block, was.Block) {
			t.Errorf("record %d has changed", i)
		}
	}
	if gone != 2 {
		t.Errorf("%d records erased, want 2", gone)
	}
	entries, err := ReadIndex(indexOf(path))
	if err != nil || slices.ContainsFunc(entries, func(e Entry) bool { return e.Target == "http://news.example/b?id=7" }) || len(entries) != 5 {
		t.Errorf("index %+v, %v", entries, err)
	}
	if rec, err := ReadAt(dir, filepath.Base(path), before[3].Offset); err != nil || !rec.Erased() {
		t.Errorf("ReadAt = %+v, %v", rec, err)
	}
	if n, err := Erase(dir, func(r *Record) bool { return true }); n != len(before)-3 || err != nil {
		t.Errorf("Erase of the rest = %d, %v, want %d", n, err, len(before)-3)
	}
}

// TestEraseWhileWriting erases from the file that is being written, and checks
// that nothing refers to what is gone afterwards.
func TestEraseWhileWriting(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, nil)
	put1(t, w, exchange("/a", "<p>Ships wait.</p>", 200))
	kept := put1(t, w, exchange("/b", "<p>Fog lifts.</p>", 200))
	n, err := w.Erase(func(r *Record) bool { return r.Target == "http://news.example/a" })
	if n != 2 || err != nil {
		t.Fatalf("Erase = %d, %v", n, err)
	}
	again := exchange("/a", "<p>Ships wait.</p>", 200)
	if ref := put1(t, w, again); ref.File == kept.File {
		t.Errorf("a payload that was erased is referred to: %+v", ref)
	}
	if ref := put1(t, w, exchange("/b", "<p>Fog lifts.</p>", 200)); ref != kept {
		t.Errorf("a payload that is there is written again: %+v", ref)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestTombstone checks that a mark takes exactly the bytes of any record.
func TestTombstone(t *testing.T) {
	var lengths []int64
	for n := range int64(1500) {
		lengths = append(lengths, 25+n)
	}
	lengths = append(lengths, 65535, 65536, 65540, 65541, 65553, 65558, 65560, 70000, 131089, 131090, 1<<20)
	for _, length := range lengths {
		r := &Record{ID: recordID("x"), Date: noon, Length: length}
		m, err := tombstone(r)
		if err != nil || int64(len(m)) != length {
			t.Errorf("mark of %d bytes for %d, %v", len(m), length, err)
			continue
		}
		rd, err := NewReader(bytes.NewReader(append(m, m...)))
		if err != nil {
			t.Fatal(err)
		}
		if rec, err := rd.Next(); length > 250 && (err != nil || !rec.Erased() || rec.Length != length || strings.TrimSpace(string(rec.Block)) != "") {
			t.Errorf("mark of %d bytes reads as %+v, %v", length, rec, err)
		}
	}
	if _, err := tombstone(&Record{Length: 10}); err == nil {
		t.Error("a mark in ten bytes")
	}
}

func TestTrim(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir, func(c *Config) { c.MaxAge = 24 * time.Hour })
	var names []string
	for day := range 6 {
		x := exchange("/a", "<p>Ships wait.</p>", 200)
		x.At = noon.AddDate(0, 0, day)
		if day > 0 { // a page of its own each day
			x.Body = append(x.Body, byte('0'+day))
		}
		ref := put1(t, w, x)
		if names = append(names, ref.File); len(slices.Compact(slices.Clone(names))) != day+1 {
			t.Fatalf("files %v after %d days", names, day+1)
		}
	}
	now := noon.AddDate(0, 0, 5)
	if gone, err := w.Trim(Retention{}, now); len(gone) != 0 || err != nil {
		t.Errorf("Trim without bounds = %v, %v", gone, err)
	}
	if gone, err := w.Trim(Retention{Age: 84 * time.Hour}, now); !slices.Equal(gone, names[:2]) || err != nil {
		t.Errorf("Trim by age = %v, %v, want %v", gone, err, names[:2])
	}
	first := exchange("/a", "<p>Ships wait.</p>", 200)
	first.At = now
	if ref := put1(t, w, first); ref.File != names[5] {
		t.Errorf("a payload that went is referred to in %s", ref.File)
	}
	if gone, err := w.Trim(Retention{Bytes: 1}, now); !slices.Equal(gone, names[2:5]) || err != nil {
		t.Errorf("Trim by size = %v, %v, want all but the open file", gone, err)
	}
	if left, _ := Indexes(dir); len(left) != 0 {
		t.Errorf("indexes left: %v", left)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
