package event_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/event"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata/*.txtar")

// names marks the names that a case lists, so that the cases do not depend on what
// a model finds: "LOC Norland, Port Alva".
type names map[string]schemas.EntityType

func parseNames(s string) names {
	n := names{}
	for line := range strings.Lines(s) {
		typ, list, _ := strings.Cut(strings.TrimSpace(line), " ")
		for name := range strings.SplitSeq(list, ", ") {
			n[name] = schemas.EntityType(typ)
		}
	}
	return n
}

// Annotate implements [extractor.Stage].
func (n names) Annotate(doc *extractor.Doc) error {
	doc.Names = doc.Names[:0]
	for i := range doc.Tokens {
		doc.Tokens[i].Name = -1
	}
	for i := 0; i < len(doc.Tokens); i++ {
		for k := min(len(doc.Tokens), i+4); k > i; k-- {
			r := extractor.Range{From: i, To: k}
			typ, ok := n[doc.Slice(doc.SpanOf(r))]
			if !ok || doc.Tokens[i].Sentence != doc.Tokens[k-1].Sentence {
				continue
			}
			doc.Names = append(doc.Names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: typ, Confidence: 1, Entity: -1})
			for j := i; j < k; j++ {
				doc.Tokens[j].Name = int32(len(doc.Names) - 1)
			}
			i = k - 1
			break
		}
	}
	return nil
}

// annotate runs the stages over text.
func annotate(t testing.TB, text string, n names) *extractor.Doc {
	t.Helper()
	tagger, err := tag.New()
	if errors.Is(err, tag.ErrNoModel) {
		t.Skip("built without models")
	}
	if err != nil {
		t.Fatal(err)
	}
	doc := &extractor.Doc{Text: text, Published: extractor.Date{Year: 2025, Month: time.June, Day: 18}}
	p := extractor.Pipeline{tokenize.New(), tagger, n, resolve.New(), timex.New(), quantity.New(), event.New()}
	if err := p.Annotate(doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// render prints the events of doc, one a line, each with the number of its line of
// text.
func render(doc *extractor.Doc) string {
	var b strings.Builder
	for i := range doc.Events {
		e := &doc.Events[i]
		fmt.Fprintf(&b, "%d %s %s [%s]", 1+strings.Count(doc.Text[:e.Trigger.Start], "\n"), e.Type, e.Modality, doc.Slice(e.Trigger))
		for _, p := range e.Participants {
			mark := ""
			if p.Entity < 0 {
				mark = "~" // a description, no entity
			}
			fmt.Fprintf(&b, " %s=%s%s;", p.Role, mark, p.Name)
		}
		if e.Place != nil {
			fmt.Fprintf(&b, " in %s;", e.Place.Name)
		}
		if e.Time != nil {
			fmt.Fprintf(&b, " on %s/%s;", e.Time.Start, e.Time.End)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) != 3 {
				t.Fatalf("%d sections, want names, text and want", len(a.Files))
			}
			got := render(annotate(t, string(a.Files[1].Data), parseNames(string(a.Files[0].Data))))
			if *update {
				a.Files[2].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[2].Data), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// check fails if an event breaks a promise of the record.
func check(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	in := func(what string, s extractor.Span) {
		if s.Start < 0 || s.Start >= s.End || s.End > len(doc.Text) || !utf8.RuneStart(doc.Text[s.Start]) || s.End < len(doc.Text) && !utf8.RuneStart(doc.Text[s.End]) {
			t.Fatalf("%s at %v of %q", what, s, doc.Text)
		}
	}
	types := map[schemas.EventType]bool{}
	for _, e := range schemas.EventTypes {
		types[e] = true
	}
	for i := range doc.Events {
		e := &doc.Events[i]
		in("trigger", e.Trigger)
		if !types[e.Type] || e.Modality == "" || len(e.Participants) == 0 {
			t.Fatalf("event %+v in %q", e, doc.Text)
		}
		if i > 0 && e.Trigger.Start < doc.Events[i-1].Trigger.Start {
			t.Fatalf("event %d out of order in %q", i, doc.Text)
		}
		for _, p := range e.Participants {
			in("participant", p.Span)
			if p.Name == "" || p.Role != event.Actor && p.Role != event.Recipient {
				t.Fatalf("participant %+v in %q", p, doc.Text)
			}
		}
		if e.Place != nil {
			in("place", e.Place.Span)
		}
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		"Norland met Vesta.", "Norland, Vesta and Norland met with, and and, Vesta (Norland", "to meet to meet to meet", "was attacked by by by Norland",
		"Norland's 's 's attack on Vesta by Norland", "talks between Norland and", "handed over", "Norland handed it over to", "“Norland” attacked “Vesta”",
		"After Norland attacked, as Vesta met who which that attacked", "along with Norland met", "Norland is due to be about to meet Vesta", "no attacks on Vesta by Norland were launched by",
		"Norland imposed", "sanctions were imposed", "(((((((((", "… — – - ' ’s", "Norland\nmet\nVesta", "\u202eNorland attacked Vesta\xf0\x9f\x92\xa5",
	} {
		f.Add(s)
	}
	n := names{"Norland": schemas.Location, "Vesta": schemas.Location}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<13 || !utf8.ValidString(s) {
			return
		}
		doc := annotate(t, s, n)
		check(t, doc)
		first := render(doc)
		if err := event.New().Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if again := render(doc); again != first {
			t.Fatalf("the second time:\n%s\nthe first time:\n%s", again, first)
		}
	})
}

// TestBare runs the stage over a Doc that only was tokenized.
func TestBare(t *testing.T) {
	doc := &extractor.Doc{Text: "Norland attacked Vesta. Talks between them failed."}
	if err := tokenize.New().Annotate(doc); err != nil {
		t.Fatal(err)
	}
	for i := range doc.Tokens {
		doc.Tokens[i].Name, doc.Tokens[i].Time = -1, -1
	}
	if err := event.New().Annotate(doc); err != nil || len(doc.Events) > 0 {
		t.Errorf("Annotate = %v, %d events of no names", err, len(doc.Events))
	}
}

// TestLinear compares the time for one long sentence with that for one a quarter
// as long.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	n := names{"Norland": schemas.Location, "Vesta": schemas.Location}
	for _, phrase := range []string{
		"Norland and the army met Vesta and attacked, by the way, at talks between Vesta and Norland with sanctions on ",
		"agreed to meet to ", "people of people of ", "talks with ", "Norland, and ", "not never ", "Norland attacked who ", "at Norland ", "( ",
	} {
		measure := func(bytes int) time.Duration {
			doc := annotate(t, strings.Repeat(phrase, bytes/len(phrase))+"met Vesta.", n)
			best := time.Hour
			for range 3 {
				start := cputest.ThreadTime()
				if err := event.New().Annotate(doc); err != nil {
					t.Fatal(err)
				}
				best = min(best, cputest.ThreadTime()-start)
			}
			return best
		}
		const size = 40_000
		short, long := measure(size), measure(4*size)
		if long > 12*short+50*time.Millisecond { // fresh memory
			t.Errorf("four times %q takes %v instead of %v", phrase, long, short)
		}
	}
}

const news = `Delegations from Norland and Vesta met in Osta on Monday to discuss the harbour.
Nobody spoke to the press. The talks had been planned for weeks, and prices rose by 3 percent.
The army handed over the remains of two sailors to the Coast Guard. It rained all day.
Vesta accused Norland of cheating and imposed sanctions on its ships.
`

func BenchmarkAnnotate(b *testing.B) {
	n := names{"Norland": schemas.Location, "Vesta": schemas.Location, "Osta": schemas.Location, "Coast Guard": schemas.Organisation}
	doc := annotate(b, strings.Repeat(news, 40), n)
	stage := event.New()
	b.SetBytes(int64(len(doc.Text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := stage.Annotate(doc); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(doc.Tokens))*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}
