package quantity_test

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
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/*.txtar")

// pipeline returns the stages that the cases run through.
func pipeline(t testing.TB) extractor.Pipeline {
	t.Helper()
	tags, err := prose.New()
	if err != nil {
		t.Fatal(err)
	}
	return extractor.Pipeline{tokenize.New(), tags, quantity.New()}
}

// render prints the quantities and numbers of a Doc, one a line.
func render(doc *extractor.Doc) string {
	var b strings.Builder
	for i := range doc.Quantities {
		q := &doc.Quantities[i]
		fmt.Fprintf(&b, "  %s | ", doc.Slice(q.Span))
		if q.Value != nil {
			b.WriteString(q.Value.String())
		}
		if q.Min != nil {
			fmt.Fprintf(&b, "%s..", q.Min)
		}
		if q.Max != nil {
			b.WriteString(q.Max.String())
		}
		fmt.Fprintf(&b, " %s %s", q.Comparator, q.Unit)
		if q.Counted != nil {
			fmt.Fprintf(&b, " | %s (%s)", doc.Slice(q.Counted.Span), q.Counted.Head)
		}
		if q.Per != nil {
			fmt.Fprintf(&b, " | per %s", q.Per.Unit)
		}
		if q.PartOf >= 0 {
			fmt.Fprintf(&b, " | part of %d", q.PartOf)
		}
		if c := q.Change; c != nil {
			fmt.Fprintf(&b, " | %s", c.Kind)
			if c.From != nil {
				fmt.Fprintf(&b, " from %s", c.From)
			}
			if c.To != nil {
				fmt.Fprintf(&b, " to %s", c.To)
			}
		}
		if q.Victims {
			b.WriteString(" | if victims")
		}
		fmt.Fprintf(&b, " | %s\n", strings.ReplaceAll(strings.Join(q.Rules, " "), "quantity/", ""))
	}
	for _, n := range doc.Numbers {
		fmt.Fprintf(&b, "  %s: %s", n.Kind, doc.Slice(n.Span))
		if n.Value != nil {
			fmt.Fprintf(&b, " = %s", n.Value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestGolden reads testdata/*.txtar: the comment says what the file shows, every
// line of "text" is a text of its own.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob: %d files, %v", len(files), err)
	}
	stages := pipeline(t)
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
			var got strings.Builder
			for line := range strings.Lines(sections["text"]) {
				line = strings.TrimSpace(line)
				doc := &extractor.Doc{Text: strings.ReplaceAll(line, " // ", "\n"), Country: strings.TrimSpace(sections["country"])}
				if err := stages.Annotate(doc); err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&got, "%s\n%s", line, render(doc))
			}
			if *update {
				for i := range ar.Files {
					if ar.Files[i].Name == "want" {
						ar.Files = append(ar.Files[:i], ar.Files[i+1:]...)
						break
					}
				}
				ar.Files = append(ar.Files, txtar.File{Name: "want", Data: []byte(got.String())})
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(sections["want"], got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}
