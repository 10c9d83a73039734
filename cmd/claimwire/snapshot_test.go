package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/schemas"
)

// TestSnapshot puts a state back from a copy, after the records that it rests on were
// trimmed from the stream and others have come: the claims are those of before.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	es := extractions(t, 24)
	lines := func(part []schemas.Extraction) string {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		for i := range part {
			if err := enc.Encode(&part[i]); err != nil {
				t.Fatal(err)
			}
		}
		return writeFile(t, "extractions.jsonl", b.String())
	}
	dir, copied := t.TempDir(), filepath.Join(t.TempDir(), "copy.db")
	into := func(part []schemas.Extraction) string {
		t.Helper()
		code, _, errs := claimwire(t, "", "replay", "--into", dir, lines(part))
		if code != exitOK {
			t.Fatal(errs)
		}
		return digestOf(t, errs)
	}
	half := into(es[:12])
	if code, out, errs := claimwire(t, "", "snapshot", "--data-dir", dir, copied); code != exitOK || !strings.Contains(out, "EXTRACTIONS up to record 12") {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	want := into(es[12:])
	if want == half {
		t.Fatal("the second half changes nothing: the test shows nothing")
	}
	b, err := bus.Open(t.Context(), bus.Config{Dir: filepath.Join(dir, natsFolder)})
	if err != nil {
		t.Fatal(err)
	}
	var old []uint64
	for seq := range uint64(12) {
		old = append(old, seq+1)
	}
	if n, err := b.Erase(t.Context(), schemas.StreamExtractions, old); err != nil || n != 12 {
		t.Fatalf("%d trimmed, %v", n, err)
	}
	if err := closeStreams(b); err != nil {
		t.Fatal(err)
	}
	state, err := filepath.Glob(filepath.Join(dir, "state.db*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range state {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(copied, filepath.Join(dir, "state.db")); err != nil {
		t.Fatal(err)
	}
	if got := into(es[12:13]); got != want { // known already: it brings nothing
		t.Errorf("digest %s, want %s", got, want)
	}
}

// extractions reads n articles of the sample's stories.
func extractions(t *testing.T, n int) []schemas.Extraction {
	t.Helper()
	articles, err := sample.Variations(n)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := english.New(english.Config{NLP: "own", Program: program()})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]schemas.Extraction, n)
	for i := range articles {
		if err := articles[i].Complete(); err != nil {
			t.Fatal(err)
		}
		if out[i], err = extractOne(reader, &articles[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
