package readable

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/claimwire/claimwire/schemas"
)

var update = flag.Bool("update", false, "rewrite golden files")

// now is when all test pages are read.
var now = time.Date(2025, 3, 10, 12, 0, 0, 0, time.UTC)

// TestGolden reads testdata/golden: a page, optionally hints, and what is wanted
// of it. The page's address is https://www.NAME.example/…, where NAME is given by
// a file "url".
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/golden/*.txtar")
	if len(files) == 0 {
		t.Fatal("no golden files")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			ar := txtar.Parse(raw)
			p := Page{URL: "https://www.lowland-courier.example/world/quake", Now: now}
			want := -1
			for i, f := range ar.Files {
				switch f.Name {
				case "page.html":
					p.Body = f.Data
				case "url":
					p.URL = string(bytes.TrimSpace(f.Data))
				case "hints.json":
					if err := json.Unmarshal(f.Data, &p.Hints); err != nil {
						t.Fatal(err)
					}
				case "want":
					want = i
				}
			}
			got := render(Parse(p))
			if *update {
				if want < 0 {
					ar.Files, want = append(ar.Files, txtar.File{Name: "want"}), len(ar.Files)
				}
				ar.Files[want].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 {
				t.Fatal("no want: run with -update")
			}
			if d := cmp.Diff(string(ar.Files[want].Data), got); d != "" {
				t.Errorf("Parse (-want +got):\n%s", d)
			}
		})
	}
}

func render(a schemas.Article, err error) string {
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b bytes.Buffer
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	field("title", a.Title)
	field("byline", a.Byline)
	field("canonical", a.CanonicalURL)
	field("publisher", a.Publisher.Name+" / "+a.Publisher.Domain)
	field("published", a.PublishedAt+" "+string(a.PublishedSource))
	field("modified", a.ModifiedAt)
	field("language", a.Language)
	if a.Wire != nil {
		field("wire", a.Wire.Agency+" / "+a.Wire.Evidence)
	}
	field("paywalled", string(a.Paywalled))
	field("rights", a.Rights)
	o := schemas.NewOffsets(a.Text)
	for _, p := range a.Paragraphs {
		s, ok := o.Slice(a.Text, p.Span)
		fmt.Fprintf(&b, "%t %d | %s\n", ok, p.Support, s)
	}
	return b.String()
}
