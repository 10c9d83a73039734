package role_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/role"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

var nameTypes = map[string]schemas.EntityType{
	"PER": schemas.Person, "ORG": schemas.Organisation, "LOC": schemas.Location, "NORP": schemas.Group, "MISC": schemas.Misc,
}

// names marks the names listed in a case, so that the cases do not depend on what
// a model finds: "LOC Harrow, Lake Ost".
type names map[string]string

// Annotate implements [extractor.Stage].
func (n names) Annotate(doc *extractor.Doc) error {
	doc.Names = doc.Names[:0]
	for i := 0; i < len(doc.Tokens); i++ {
		doc.Tokens[i].Name = -1
		for k := min(len(doc.Tokens), i+6); k > i; k-- {
			r := extractor.Range{From: i, To: k}
			typ, ok := n[doc.Slice(doc.SpanOf(r))]
			if !ok || doc.Tokens[i].Sentence != doc.Tokens[k-1].Sentence {
				continue
			}
			doc.Names = append(doc.Names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: nameTypes[typ], Confidence: 1, Entity: -1})
			for ; i < k; i++ {
				doc.Tokens[i].Name = int32(len(doc.Names) - 1)
			}
			i--
			break
		}
	}
	return nil
}

// render prints the slots of the quantities of a Doc, one quantity a line.
func render(doc *extractor.Doc) string {
	var b strings.Builder
	slot := func(q *extractor.Quantity, name string, s *extractor.Slot) {
		if s != nil {
			fmt.Fprintf(&b, " %s=%s", name, s.Name)
			if q.OriginOf[name] == "inherited" {
				b.WriteString("(inherited)")
			}
		}
	}
	for i := range doc.Quantities {
		q := &doc.Quantities[i]
		fmt.Fprintf(&b, "  %s |", doc.Slice(q.Span))
		if q.Counted != nil {
			fmt.Fprintf(&b, " %s", doc.Slice(q.Counted.Span))
		}
		fmt.Fprintf(&b, " | %s %s %s |", q.Measure, q.Predicate, q.Modality)
		slot(q, "agent", q.Agent)
		slot(q, "victim", q.Victim)
		slot(q, "place", q.Place)
		slot(q, "source", q.Source)
		if q.Time != nil {
			fmt.Fprintf(&b, " time=%s..%s", q.Time.Start, q.Time.End)
			if q.OriginOf["time"] == "inherited" {
				b.WriteString("(inherited)")
			}
		}
		if len(q.Attribution) > 1 {
			b.WriteString(" chain=")
			for i, a := range q.Attribution {
				fmt.Fprintf(&b, "%s%s %s", []string{"", ", "}[min(i, 1)], a.Who.Name, doc.Slice(a.Cue))
			}
		}
		if q.Cumulative {
			b.WriteString(" cumulative")
		}
		for _, id := range q.Rules {
			if rest, ok := strings.CutPrefix(id, "role/"); ok {
				fmt.Fprintf(&b, " | %s", rest)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestGolden reads testdata/*.txtar: the comment says what the file shows, "names"
// lists the names by type, every line of "text" is a text of its own (" // " is a
// new paragraph), published on 20 May 2024. It has no trees.
func TestGolden(t *testing.T) {
	tags, err := prose.New()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/*.txtar", []extractor.Stage{tags}, nil)
}

// golden runs the cases of files with stages that tag, and stages between
// quantities and statements.
func golden(t *testing.T, pattern string, tags, trees []extractor.Stage) {
	stagetest.Golden(t, pattern, func(t *testing.T, sections map[string]string) func(string) string {
		named := names{}
		for line := range strings.Lines(sections["names"]) {
			typ, list, _ := strings.Cut(strings.TrimSpace(line), " ")
			for n := range strings.SplitSeq(list, ", ") {
				named[n] = typ
			}
		}
		stages := slices.Concat(extractor.Pipeline{tokenize.New()}, tags, extractor.Pipeline{named, resolve.New(), timex.New(), quantity.New()}, trees,
			extractor.Pipeline{statement.New(), role.New()})
		return func(text string) string {
			doc := &extractor.Doc{Text: text, Published: extractor.ParseDate("2024-05-20")}
			if err := stages.Annotate(doc); err != nil {
				t.Fatal(err)
			}
			return render(doc)
		}
	})
}
