// Package stagetest holds what the tests of stages have in common: cases in files,
// allocations and speed.
package stagetest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas/cputest"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/*.txtar")

// Golden reads the txtar files that match pattern: every line of the section "text" is
// a text of its own (" // " is a new paragraph), and "want" has each line with what was
// found in it below. begin is given all sections of a file by name and returns a
// function that says what is found in a text. With -update "want" is written.
func Golden(t *testing.T, pattern string, begin func(t *testing.T, sections map[string]string) func(text string) string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob: %d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sections := map[string]string{}
			for _, f := range ar.Files {
				sections[f.Name] = string(f.Data)
			}
			find := begin(t, sections)
			var got strings.Builder
			for line := range strings.Lines(sections["text"]) {
				line = strings.TrimSpace(line)
				fmt.Fprintf(&got, "%s\n%s", line, find(strings.ReplaceAll(line, " // ", "\n")))
			}
			if *update {
				write(t, file, ar, got.String())
				return
			}
			if diff := cmp.Diff(sections["want"], got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

func write(t *testing.T, file string, ar *txtar.Archive, want string) {
	t.Helper()
	at := len(ar.Files)
	for i := range ar.Files {
		if ar.Files[i].Name == "want" {
			at = i
		}
	}
	if at == len(ar.Files) {
		ar.Files = append(ar.Files, txtar.File{Name: "want"})
	}
	ar.Files[at].Data = []byte(want)
	if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Allocations fails if the last of stages allocates more than once for 50 words, on a
// doc that those before it and it have annotated once.
func Allocations(t *testing.T, text string, stages ...extractor.Stage) {
	t.Helper()
	if testing.Short() {
		t.Skip("counts nothing under the race detector, which makes pools forget and which runs with -short")
	}
	doc := &extractor.Doc{Text: text}
	if err := extractor.Pipeline(stages).Annotate(doc); err != nil {
		t.Fatal(err)
	}
	last := stages[len(stages)-1]
	if n := testing.AllocsPerRun(5, func() { _ = last.Annotate(doc) }); n > float64(len(doc.Tokens))/50 {
		t.Errorf("%v allocations for %d words", n, len(doc.Tokens))
	}
}

// Speed measures stages on a doc that the stages before them have annotated, in words
// a second, and a second of the processor's time, which other programs don't shorten.
func Speed(b *testing.B, doc *extractor.Doc, stages ...extractor.Stage) {
	b.Helper()
	b.SetBytes(int64(len(doc.Text)))
	b.ReportAllocs()
	start := cputest.ProcessTime()
	for b.Loop() {
		if err := extractor.Pipeline(stages).Annotate(doc); err != nil {
			b.Fatal(err)
		}
	}
	words := float64(len(doc.Tokens)) * float64(b.N)
	b.ReportMetric(words/(cputest.ProcessTime()-start).Seconds(), "words/cpu-s")
	b.ReportMetric(words/b.Elapsed().Seconds(), "words/s")
}
