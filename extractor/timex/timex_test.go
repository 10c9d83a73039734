package timex_test

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
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/*.txtar")

// annotate runs tokenizer and tagger over text.
func annotate(t testing.TB, text, published string) *extractor.Doc {
	t.Helper()
	doc := &extractor.Doc{Text: text, Published: extractor.ParseDate(published)}
	p := extractor.Pipeline{tokenize.New(), timex.New()}
	if err := p.Annotate(doc); err != nil {
		t.Fatalf("Annotate(%q): %v", text, err)
	}
	return doc
}

// render prints the times of a Doc, one a line.
func render(doc *extractor.Doc) string {
	var b strings.Builder
	for _, x := range doc.Times {
		fmt.Fprintf(&b, "  %s | %s %s", doc.Slice(x.Span), x.Type, x.Value)
		if x.Mod != "" {
			fmt.Fprintf(&b, " %s", x.Mod)
		}
		if x.Prep != "" {
			fmt.Fprintf(&b, " | %s", x.Prep)
		}
		if x.Placed && x.From == x.Until {
			fmt.Fprintf(&b, " | %s", x.From)
		} else if x.Placed {
			fmt.Fprintf(&b, " | %s..%s", x.From, x.Until)
		} else {
			b.WriteString(" | not placed")
		}
		if x.Anchor != "" {
			fmt.Fprintf(&b, " | from %s", x.Anchor)
		}
		fmt.Fprintf(&b, " | %s", strings.ReplaceAll(strings.Join(x.Rules, " "), "timex/", ""))
		b.WriteByte('\n')
	}
	return b.String()
}

// TestGolden reads testdata/*.txtar: the comment says what the file shows, the
// section "published" holds the date, every line of "text" is a text of its own.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
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
			var got strings.Builder
			for line := range strings.Lines(sections["text"]) {
				line = strings.TrimSpace(line)
				doc := annotate(t, strings.ReplaceAll(line, " // ", "\n"), strings.TrimSpace(sections["published"]))
				fmt.Fprintf(&got, "%s\n%s", line, render(doc))
			}
			if *update {
				ar.Files = ar.Files[:0]
				for _, name := range []string{"published", "text"} {
					ar.Files = append(ar.Files, txtar.File{Name: name, Data: []byte(sections[name])})
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
