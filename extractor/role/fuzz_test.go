package role_test

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/role"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// untagged runs every stage but tags and names: what no table knows has no part
// of speech.
func untagged() extractor.Pipeline {
	return extractor.Pipeline{tokenize.New(), names{"Harrow": "LOC", "Telko": "ORG", "Russian": "NORP"}, resolve.New(), timex.New(), quantity.New(), statement.New(), role.New()}
}

func check(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	for i := range doc.Quantities {
		q := &doc.Quantities[i]
		for name, s := range map[string]*extractor.Slot{"agent": q.Agent, "place": q.Place, "source": q.Source} {
			if s == nil {
				continue
			}
			if s.Start < 0 || s.Start >= s.End || s.End > len(doc.Text) || !utf8.ValidString(doc.Slice(s.Span)) || s.Entity >= len(doc.Entities) || s.Name == "" {
				t.Fatalf("%s %+v of %q", name, s, doc.Text)
			}
			if q.OriginOf[name] == "" {
				t.Fatalf("%s of %q has no origin", name, doc.Text)
			}
		}
		if q.Victims && q.Category == "" || q.PartOf >= len(doc.Quantities) || q.Modality == "" || q.Measure == "" {
			t.Fatalf("quantity %d of %q: %+v", i, doc.Text, q)
		}
		if _, ok := schemas.LookupMeasure(q.Measure); !ok {
			t.Fatalf("measure %q of %q is not in the registry", q.Measure, doc.Text)
		}
		if q.Confidence < 0 || q.Confidence > 1 {
			t.Fatalf("confidence %v", q.Confidence)
		}
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		"The storm killed 12 people in Harrow on Sunday, police said.", "Telko, which lost $3 million, will cut 40 jobs.", "Russian strikes, that, who, which killed 5,",
		"Among the dead were two nurses, including, including 3.", "1. Harrow: 40\n2. Telko: 3", "from from 5 to 6 since since 2011 by by", "and and 12 and 13 and wounded another",
		"No one died. Nobody. None. A policeman was killed and another", "the death toll of the death toll reached to 5 of 6 of 7", "said said \"12 said\" said 5", ", , 5 , , killed , ,",
	} {
		f.Add(s)
	}
	stages := untagged()
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 4096 {
			t.Skip()
		}
		one := &extractor.Doc{Text: text, Published: extractor.ParseDate("2024-05-20")}
		two := &extractor.Doc{Text: text, Published: extractor.ParseDate("2024-05-20")}
		for _, d := range []*extractor.Doc{one, two} {
			if err := stages.Annotate(d); err != nil {
				t.Fatal(err)
			}
		}
		check(t, one)
		if !reflect.DeepEqual(one.Quantities, two.Quantities) {
			t.Fatalf("two runs over %q differ", text)
		}
	})
}

// Long sentences take time in proportion to their length: four times the text must
// not take anything like sixteen times as long.
func TestLinear(t *testing.T) {
	for name, piece := range map[string]string{
		"victims": "12 people were killed and ", "places": "in Harrow 5 died ", "times": "on Sunday 5 died ", "parts": "including 5 ", "clauses": "which killed 5 who ",
	} {
		t.Run(name, func(t *testing.T) {
			took := func(size int) time.Duration {
				doc := &extractor.Doc{Text: strings.Repeat(piece, size/len(piece)), Published: extractor.ParseDate("2024-05-20")}
				if err := untagged()[:6].Annotate(doc); err != nil {
					t.Fatal(err)
				}
				d := cputest.Took(func() {
					if err := role.New().Annotate(doc); err != nil {
						t.Error(err)
					}
				})
				check(t, doc)
				return d
			}
			short, long := took(15_000), took(60_000)
			if long > 10*short && long > time.Second {
				t.Errorf("15 kB of %q took %v, 60 kB %v", piece, short, long)
			}
		})
	}
}
