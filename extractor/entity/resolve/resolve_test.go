package resolve_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads texts in which names are marked as a name finder would mark
// them, "[PER Ann Lee]", and compares the entities that come out.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := render(t, annotate(t, string(archive.Files[0].Data)))
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(archive.Files) != 2 {
				t.Fatal("no want section; run with -update")
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

var marked = regexp.MustCompile(`\[(PER|ORG|LOC|NORP|MISC) ([^]]+)\]`)

// annotate removes the marks of text and resolves the names they stand for.
func annotate(t *testing.T, text string) *extractor.Doc {
	t.Helper()
	text = strings.TrimSpace(text)
	type mark struct {
		extractor.Span
		typ schemas.EntityType
	}
	var marks []mark
	var plain strings.Builder
	for {
		m := marked.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		plain.WriteString(text[:m[0]])
		start := plain.Len()
		plain.WriteString(text[m[4]:m[5]])
		marks = append(marks, mark{extractor.Span{Start: start, End: plain.Len()}, schemas.EntityType(text[m[2]:m[3]])})
		text = text[m[1]:]
	}
	plain.WriteString(text)
	doc := &extractor.Doc{Text: plain.String()}
	tagger, err := prose.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := (extractor.Pipeline{tokenize.New(), tagger}).Annotate(doc); err != nil {
		t.Fatal(err)
	}
	doc.Names = nil
	for i := range doc.Tokens {
		doc.Tokens[i].Name = -1
	}
	for _, m := range marks {
		from, to := doc.TokenAt(m.Start), doc.TokenAt(m.End-1)+1
		for i := from; i < to; i++ {
			doc.Tokens[i].Name = int32(len(doc.Names))
		}
		doc.Names = append(doc.Names, extractor.Name{Span: m.Span, Range: extractor.Range{From: from, To: to}, Type: m.typ, Confidence: 0.9, Entity: -1})
	}
	if err := resolve.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func render(t *testing.T, doc *extractor.Doc) string {
	t.Helper()
	var b strings.Builder
	for i := range doc.Entities {
		e := &doc.Entities[i]
		fmt.Fprintf(&b, "%s %s", e.Type, e.Name)
		if e.Country != "" {
			fmt.Fprintf(&b, " %s", e.Country)
		}
		if len(e.Within) > 0 {
			fmt.Fprintf(&b, " in %s", strings.Join(e.Within, " < "))
		}
		if len(e.Roles) > 0 {
			fmt.Fprintf(&b, " as %s", strings.Join(e.Roles, "; "))
		}
		var forms []string
		for _, m := range e.Mentions {
			forms = append(forms, doc.Slice(doc.Names[m].Span))
			if doc.Names[m].Entity != i {
				t.Errorf("name %d of entity %d points at entity %d", m, i, doc.Names[m].Entity)
			}
		}
		fmt.Fprintf(&b, " = %s\n", strings.Join(forms, " | "))
	}
	return b.String()
}

func TestFold(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Türkiye", "turkiye"},
		{"Tu\u0308rkiye", "turkiye"}, // combining mark
		{"U.S.", "us"},
		{"Al-Thani", "al thani"},
		{"Côte d’Ivoire", "cote divoire"},
		{"Diyarbakır", "diyarbakir"},
		{"Łódź", "lodz"},
		{"plain words", "plain words"},
		{"", ""},
	} {
		if got := resolve.Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if again := resolve.Fold(resolve.Fold(tt.in)); again != tt.want {
			t.Errorf("Fold twice of %q = %q, want %q", tt.in, again, tt.want)
		}
	}
}

// TestLists refuses lists that are unsorted, repeat a name or lack columns.
func TestLists(t *testing.T) {
	sources, err := os.ReadFile("data/SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("data/*.tsv*")
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]int{"countries.tsv": 4, "groups.tsv": 2, "organisations.tsv": 3, "places.tsv": 4, "cities.tsv": 3}
	for _, file := range files {
		name, packed := strings.CutSuffix(filepath.Base(file), ".zst")
		if !strings.Contains(string(sources), "| "+name+" |") {
			t.Errorf("%s has no row in SOURCES.md", name)
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(raw)
		if packed {
			if text, err = linear.Unpack(text); err != nil {
				t.Fatal(err)
			}
		}
		var keys []string
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(line, "#") {
				continue
			}
			f := strings.Split(line, "\t")
			if len(f) != columns[name] {
				t.Errorf("%s: %q has %d columns, want %d", name, line, len(f), columns[name])
			}
			keys = append(keys, f[0])
		}
		if name == "cities.tsv" && !slices.IsSorted(keys) {
			t.Errorf("%s is not sorted", name) // it is searched by halves
		}
		slices.Sort(keys)
		for i := 1; i < len(keys); i++ {
			if keys[i] == keys[i-1] {
				t.Errorf("%s repeats %q", name, keys[i])
			}
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	doc := &extractor.Doc{Text: strings.Repeat("The minister said on Monday that aid had reached Khan Younis in Gaza, the United Nations and the Syrian Observatory for Human Rights reported.\n", 50)}
	tagger, err := prose.New()
	if err != nil {
		b.Fatal(err)
	}
	if err := (extractor.Pipeline{tokenize.New(), tagger}).Annotate(doc); err != nil {
		b.Fatal(err)
	}
	names := slices.Clone(doc.Names)
	r := resolve.New()
	b.SetBytes(int64(len(doc.Text)))
	b.ReportAllocs()
	for b.Loop() {
		doc.Names = append(doc.Names[:0], names...)
		if err := r.Annotate(doc); err != nil {
			b.Fatal(err)
		}
	}
}
