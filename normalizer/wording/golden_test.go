package wording_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/claimwire/claimwire/normalizer/wording"
	"github.com/claimwire/claimwire/schemas"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads testdata/*.txtar: claims one a line, of which only the slots in
// question are given, and for each its sentence and the title of its series.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		for line := range strings.Lines(string(a.Files[0].Data)) {
			c := schemas.Claim{Kind: schemas.QuantityClaim, Unit: schemas.UnitCount, Comparator: schemas.Exact, Modality: schemas.Asserted, Measure: schemas.OtherMeasure}
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				t.Fatalf("%s: %s: %v", file, line, err)
			}
			var with struct{ Cue string }
			if err := json.Unmarshal([]byte(line), &with); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&got, "%s\n\t%s\n", wording.Sentence(&c, with.Cue), wording.Title(&c, with.Cue))
		}
		if *update {
			a.Files = append(a.Files[:1:1], txtar.File{Name: "want", Data: got.Bytes()})
			if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		gotLines, want := strings.Split(got.String(), "\n"), strings.Split(string(a.Files[1].Data), "\n")
		if len(gotLines) != len(want) {
			t.Fatalf("%s: %d lines, want %d", file, len(gotLines), len(want))
		}
		for i := range want {
			if gotLines[i] != want[i] {
				t.Errorf("%s: line %d\n got %q\nwant %q", file, i+1, gotLines[i], want[i])
			}
		}
	}
}

// FuzzSentence checks that any slots make one line: no panic, no double space, no
// empty text.
func FuzzSentence(f *testing.F) {
	f.Add("person-killed", "relief worker", "kill", "Osta", "the ministry", "2025-10-01", int64(3), "asserted", "count")
	f.Add("share-price", "", "", "", "", "2025", int64(-120), "possible", "PEN")
	f.Add("statement", "it would wait", "said", "x", "", "", int64(0), "", "percent")
	f.Fuzz(func(t *testing.T, measure, noun, predicate, place, agent, date string, n int64, modality, unit string) {
		v := schemas.Int(n)
		if _, ok := schemas.UnitDimension(unit); !ok {
			unit = schemas.UnitCount
		}
		c := schemas.Claim{
			Kind: schemas.QuantityClaim, Measure: measure, Counted: strings.Join(strings.Fields(noun), " "), Predicate: strings.Join(strings.Fields(predicate), " "), Value: &v,
			Unit: unit, Modality: schemas.Modality(modality), Content: strings.Join(strings.Fields(noun), " "), Time: &schemas.Interval{Start: strings.Join(strings.Fields(date), " ")},
		}
		if p := strings.Join(strings.Fields(place), " "); p != "" {
			c.Place = &schemas.ClaimPlace{Name: p}
		}
		if a := strings.Join(strings.Fields(agent), " "); a != "" {
			c.Agent, c.Speaker = &schemas.ClaimEntity{Name: a}, &schemas.ClaimEntity{Name: a}
		}
		if measure == "statement" {
			c.Kind = schemas.StatementClaim
		}
		for _, s := range []string{wording.Sentence(&c, predicate), wording.Title(&c, predicate)} {
			if s == "" || s != strings.TrimSpace(s) || strings.Contains(s, "  ") {
				t.Errorf("%+v is put into the words %q", c, s)
			}
		}
	})
}
