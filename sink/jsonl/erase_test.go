package jsonl

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// told is a change of the claim on one article.
func told(id, series, article, quote, review string) *schemas.Change {
	c := &schemas.Change{SchemaVersion: schemas.Version, ID: "ch_" + id, Change: schemas.ChangeAsserted, Cause: schemas.Cause{Review: review, Claims: []string{}}}
	c.Claim = schemas.Claim{ID: "c_" + id, SeriesID: series, Measure: "person-killed"}
	if article != "" {
		c.Claim.Citations = []schemas.Citation{{ArticleID: article, Quote: schemas.Quote{Exact: quote}}}
	}
	return c
}

// TestErase erases from a file that was rotated, goes on writing, and does it once
// more after each crash that a purge can have.
func TestErase(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "odd [name]", "changes.jsonl")
	open := func() *File {
		f, err := Open(Config{Path: path, RotateBytes: 4000})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := open()
	seq := uint64(0)
	write := func(c *schemas.Change) {
		t.Helper()
		seq++
		if err := f.Write(ctx, []sink.Record{{Stream: schemas.StreamClaims, Sequence: seq, Change: c}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 12 {
		article := "a_here"
		if i%4 == 2 {
			article = "a_gone"
		}
		write(told(fmt.Sprint(i), fmt.Sprint("s_", i%3), article, fmt.Sprintf("Quote %d of %s.", i, article), ""))
	}
	purge := &schemas.Review{ID: "r_1", Action: schemas.ReviewPurge, Purge: &schemas.Purge{Articles: []string{"a_gone"}}}
	write(told("2", "s_2", "", "", "r_1")) // series 0 and 2 and 1 rested on it: 2, 6 and 10 are in s_2, s_0 and s_1
	write(told("12", "s_9", "a_here", "Later.", ""))
	n, err := f.Erase(ctx, purge)
	if err != nil {
		t.Fatal(err)
	}
	check := func(want int) {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(path)), "*", "*.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines := 0
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for l := range strings.Lines(string(raw)) {
				var c schemas.Change
				if err := json.Unmarshal([]byte(l), &c); err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				if strings.Contains(l, "a_gone") {
					t.Errorf("%s still says %s", filepath.Base(file), l)
				}
				lines++
			}
		}
		if lines != want {
			t.Errorf("%d lines in %d files, want %d", lines, len(files), want)
		}
		if len(files) < 2 {
			t.Errorf("%d files: nothing was rotated, the test shows less than it should", len(files))
		}
	}
	if n != 12 {
		t.Errorf("Erase() = %d, want the 12 lines of three series that were before it", n)
	}
	check(2)
	if n, err := f.Erase(ctx, purge); err != nil || n != 0 {
		t.Errorf("Erase() a second time = %d, %v", n, err)
	}
	write(told("13", "s_9", "a_here", "Later still.", ""))
	check(3)

	// A crash after the position file says that the new file counts.
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	short := raw[:strings.IndexByte(string(raw), '\n')+1]
	if err := os.WriteFile(path+swapSuffix, short, 0o644); err != nil {
		t.Fatal(err)
	}
	f.at.Size, f.at.Swap = int64(len(short)), true
	if err := f.mark.write(f.at); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time the file is in its place
		f.Close()
		f = open()
		if got, err := os.ReadFile(path); err != nil || string(got) != string(short) {
			t.Fatalf("after the crash the file is %q, %v, want %q", got, err, short)
		}
	}
	if p, err := f.Position(ctx, schemas.StreamClaims); err != nil || p != seq {
		t.Errorf("Position() = %d, %v, want %d", p, err, seq)
	}
	f.Close()
}
