package quantity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

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

// TestGolden reads testdata/*.txtar: the comment says what the file shows, "country"
// where its texts are from.
func TestGolden(t *testing.T) {
	stages := pipeline(t)
	stagetest.Golden(t, "testdata/*.txtar", func(t *testing.T, sections map[string]string) func(string) string {
		return func(text string) string {
			doc := &extractor.Doc{Text: text, Country: strings.TrimSpace(sections["country"])}
			if err := stages.Annotate(doc); err != nil {
				t.Fatal(err)
			}
			return render(doc)
		}
	})
}
