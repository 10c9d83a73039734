//go:build !noweights

package english

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// badUnits are repeated to texts that are no news.
var badUnits = map[string]string{
	"no space":      "abcDefgh",
	"punctuation":   ".,;!?()\"'-",
	"mixed scripts": "Римa 東京 كتاب naïve Ελλάς 12 ",
	"nul":           "Ann\x00 Lee\x00",
	"invalid utf-8": "Ann \xff\xfe Lee \xc3 ",
	"capitals":      "ANN LEE LEFT OSLO FOR THE UN. ",
	"lower case":    "ann lee left oslo for the un. ",
	"table":         "Name\tVotes\t%\nAnn Lee\t1,204\t12.5\n\nOslo\t-\t(3)\n",
	"names":         "Ann Lee, Omar Haddad and Oslo ",
	"dots":          "a.B.",
	"apostrophes":   "O'",
	"hyphens":       "Al-",
	"brackets":      "Norda Grid (NG) ",
	"quotes":        "\"Ann, Lee\" ",
}

// core are the stages of the text core, by name.
func core(t *testing.T) (names []string, stages extractor.Pipeline) {
	t.Helper()
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	finder, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	return []string{"tokenize", "tag", "entity", "resolve"}, extractor.Pipeline{tokenize.New(), tagger, finder, resolve.New()}
}

// TestCoreIsLinear gives each stage of the text core bad texts of two sizes: the
// time for a byte must not grow with the text, and every span must be valid.
func TestCoreIsLinear(t *testing.T) {
	// Fresh memory costs more for a large text: so much for a byte says nothing. What
	// is quadratic costs a hundred times that.
	const slack = 500 // ns
	const small = 1 << 15
	large := 1 << 18
	if testing.Short() {
		large = 1 << 17
	}
	for name, unit := range badUnits {
		t.Run(name, func(t *testing.T) {
			names, stages := core(t)
			size := large
			if name == "no space" && !testing.Short() {
				size = 1 << 20
			}
			short, long := strings.Repeat(unit, small/len(unit)), strings.Repeat(unit, size/len(unit))
			var few, many [4]time.Duration
			var grown string
			for attempt := range 4 { // caches are shared with others: the best time of several counts
				for range 2 {
					best(&few, stages, short, t, attempt == 0)
				}
				best(&many, stages, long, t, attempt == 0)
				grown = ""
				for i := range stages {
					per := func(d time.Duration, text string) float64 { return float64(d.Nanoseconds()) / float64(len(text)) }
					if a, b := per(few[i], short), per(many[i], long); b > 4*a+slack {
						grown += fmt.Sprintf("%s: %.0f ns for a byte of %d, %.0f ns of %d; ", names[i], a, len(short), b, len(long))
					}
				}
				if grown == "" {
					return
				}
			}
			t.Error(grown)
		})
	}
}

// best runs the stages over text and lowers the times in d to theirs.
func best(d *[4]time.Duration, stages extractor.Pipeline, text string, t *testing.T, valid bool) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	doc := &extractor.Doc{Text: text}
	for i, s := range stages {
		start := cputest.ThreadTime()
		if err := s.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if took := cputest.ThreadTime() - start; d[i] == 0 || took < d[i] {
			d[i] = took
		}
	}
	if valid {
		checkCore(t, doc)
	}
}

// checkCore checks the promises of the text core for any text.
func checkCore(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	whole := utf8.ValidString(doc.Text)
	at := 0
	for i, tok := range doc.Tokens {
		if tok.Start < at || tok.End <= tok.Start || tok.End > len(doc.Text) || whole && !utf8.ValidString(doc.Word(i)) {
			t.Fatalf("token %d %v: out of order or bounds", i, tok.Span)
		}
		at = tok.End
	}
	at = 0
	for i, n := range doc.Names {
		if n.From < at || n.To <= n.From || n.To > len(doc.Tokens) || n.Span != doc.SpanOf(n.Range) || n.Confidence < 0 || n.Confidence > 1 {
			t.Fatalf("name %d %v: out of order, bounds or confidence", i, n)
		}
		if n.Entity < 0 || n.Entity >= len(doc.Entities) || doc.Entities[n.Entity].Type != n.Type {
			t.Fatalf("name %d %v: not of entity %d of %d", i, n, n.Entity, len(doc.Entities))
		}
		at = n.To
	}
	for k, e := range doc.Entities {
		for _, m := range e.Mentions {
			if doc.Names[m].Entity != k {
				t.Fatalf("entity %d %q: mention %d is of entity %d", k, e.Name, m, doc.Names[m].Entity)
			}
		}
		if e.Key == "" && e.Name == "" {
			t.Fatalf("entity %d has no name", k)
		}
	}
}
