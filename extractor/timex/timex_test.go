package timex_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

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
// section "published" holds the date.
func TestGolden(t *testing.T) {
	stagetest.Golden(t, "testdata/*.txtar", func(t *testing.T, sections map[string]string) func(string) string {
		return func(text string) string { return render(annotate(t, text, strings.TrimSpace(sections["published"]))) }
	})
}
