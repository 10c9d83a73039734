package statement_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// A markedName is a name of a test text, marked there as {PER Ada Byron}.
type markedName struct {
	typ        schemas.EntityType
	start, end int
}

// unmark takes the marks out of a test text.
func unmark(s string) (string, []markedName) {
	var b strings.Builder
	var names []markedName
	for s != "" {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			break
		}
		b.WriteString(s[:open])
		typ, rest, _ := strings.Cut(s[open+1:], " ")
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			break
		}
		names = append(names, markedName{schemas.EntityType(typ), b.Len(), b.Len() + len(name)})
		b.WriteString(name)
		s = after
	}
	b.WriteString(s)
	return b.String(), names
}

// annotate runs the stages over a marked text. Words are not tagged: the cases
// hold without a model.
func annotate(t testing.TB, marked string) *extractor.Doc {
	t.Helper()
	text, names := unmark(marked)
	doc := &extractor.Doc{Text: text, Published: extractor.Date{Year: 2024, Month: 5, Day: 15}}
	if err := tokenize.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	for i := range doc.Tokens {
		doc.Tokens[i].Name, doc.Tokens[i].Time = -1, -1
	}
	for _, n := range names {
		addName(doc, n)
	}
	p := extractor.Pipeline{timex.New(), statement.New()}
	if err := p.Annotate(doc); err != nil {
		t.Fatalf("Annotate(%q): %v", text, err)
	}
	return doc
}

// addName adds a name and joins it to the entity of the same or a longer name.
func addName(doc *extractor.Doc, n markedName) {
	rng := extractor.Range{From: doc.TokenAt(n.start), To: doc.TokenAt(n.end)}
	if rng.From >= rng.To {
		return
	}
	words := doc.Text[n.start:n.end]
	e := -1
	for i := range doc.Entities {
		if x := &doc.Entities[i]; x.Type == n.typ && (x.Name == words || strings.HasSuffix(x.Name, " "+words)) {
			e = i
		}
	}
	if e < 0 {
		e = len(doc.Entities)
		doc.Entities = append(doc.Entities, extractor.Entity{Type: n.typ, Name: words})
	}
	doc.Entities[e].Mentions = append(doc.Entities[e].Mentions, len(doc.Names))
	for i := rng.From; i < rng.To; i++ {
		doc.Tokens[i].Name = int32(len(doc.Names))
	}
	doc.Names = append(doc.Names, extractor.Name{Span: extractor.Span{Start: n.start, End: n.end}, Range: rng, Type: n.typ, Confidence: 1, Entity: e})
}

// render prints the statements of a Doc, one a line.
func render(doc *extractor.Doc) string {
	var b strings.Builder
	for _, s := range doc.Statements {
		who := "nobody"
		if s.Speaker != nil {
			who = s.Speaker.Name
			if s.Speaker.Entity >= 0 {
				who = "{" + who + "}"
			}
		}
		fmt.Fprintf(&b, "  %s | %s | %s | %s", who, doc.Slice(s.Cue), s.Mode, strings.ReplaceAll(doc.Slice(s.Span), "\n", " // "))
		if s.Addressee != nil {
			fmt.Fprintf(&b, " | to %s", s.Addressee.Name)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestGolden reads testdata/*.txtar: {PER Name} marks a name.
func TestGolden(t *testing.T) {
	stagetest.Golden(t, "testdata/*.txtar", func(t *testing.T, _ map[string]string) func(string) string {
		return func(text string) string { return render(annotate(t, text)) }
	})
}

// check fails if a statement breaks a promise of the Doc.
func check(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	last := 0
	for _, s := range doc.Statements {
		for _, sp := range []extractor.Span{s.Span, s.Cue} {
			if sp.Start < 0 || sp.Start >= sp.End || sp.End > len(doc.Text) || !utf8.RuneStart(doc.Text[sp.Start]) || sp.End < len(doc.Text) && !utf8.RuneStart(doc.Text[sp.End]) {
				t.Fatalf("%q: bad span %v", doc.Text, sp)
			}
		}
		if s.Start < last {
			t.Fatalf("%q: statement at %d after one at %d", doc.Text, s.Start, last)
		}
		last = s.Start
		for _, slot := range []*extractor.Slot{s.Speaker, s.Addressee} {
			if slot != nil && (slot.Name == "" || slot.Entity >= len(doc.Entities) || slot.End > len(doc.Text) || slot.Start >= slot.End) {
				t.Fatalf("%q: bad slot %+v", doc.Text, slot)
			}
		}
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		`"We will stay," {PER Ada Byron} said.`, `{ORG Acme} said that it "would not` + "\n" + `"pay".`, "“", "said said said", `'' ` + "``", "according to", "X told Y that Z and said W, adding that V.",
		"He said: «Non», she added", "A, B, said C", "was quoted as saying", "They put the toll at 9.", "\xff", "called on", "“a” “b” ‘c’ said ,", strings.Repeat("“x said ", 30),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		a, b := annotate(t, s), annotate(t, s)
		check(t, a)
		if diff := cmp.Diff(a.Statements, b.Statements); diff != "" {
			t.Fatalf("%q: two runs differ: %s", s, diff)
		}
	})
}

// TestLinear holds the tagger to linear time on texts made to hurt it.
func TestLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"cues":    "said ",
		"quotes":  `" `,
		"curly":   "“a ” ",
		"clauses": "the firm said the group said, ",
		"names":   "{ORG Acme} and he said it was so. ",
		"commas":  "a, b, said ",
		"ones":    "1 ",
		"bodies":  "The group said it was late. ",
	} {
		t.Run(name, func(t *testing.T) {
			small := annotate(t, strings.Repeat(unit, 6_000/len(unit)))
			large := annotate(t, strings.Repeat(unit, 120_000/len(unit)))
			tagger := statement.New()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			cost := func(doc *extractor.Doc, runs int) time.Duration { // of as many bytes for both
				best := time.Hour
				for range 3 {
					start := cputest.ThreadTime()
					for range runs {
						if err := tagger.Annotate(doc); err != nil {
							t.Fatal(err)
						}
					}
					best = min(best, cputest.ThreadTime()-start)
				}
				return best
			}
			a, b := cost(small, 20), cost(large, 1)
			if b > 8*a+50*time.Millisecond { // fresh memory
				t.Errorf("%s: %v for a large text, %v for small ones of the same length in all", name, b, a)
			}
			check(t, large)
		})
	}
}

func BenchmarkAnnotate(b *testing.B) {
	text, err := os.ReadFile("testdata/bench.txt")
	if err != nil {
		b.Fatal(err)
	}
	stagetest.Speed(b, annotate(b, string(text)), statement.New())
}
