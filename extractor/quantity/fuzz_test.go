package quantity_test

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// check fails if an annotation of doc is not inside the text, not on rune
// boundaries or out of order.
func check(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	in := func(what string, s extractor.Span) {
		if s.Start < 0 || s.Start >= s.End || s.End > len(doc.Text) || !utf8.RuneStart(doc.Text[s.Start]) || s.End < len(doc.Text) && !utf8.RuneStart(doc.Text[s.End]) {
			t.Fatalf("%s at %v of %q", what, s, doc.Text)
		}
	}
	last := 0
	for i := range doc.Quantities {
		q := &doc.Quantities[i]
		in("quantity", q.Span)
		in("phrase", q.Phrase)
		if q.Start < last {
			t.Fatalf("quantity %d at %v starts before %d in %q", i, q.Span, last, doc.Text)
		}
		last = q.Start
		if q.Counted != nil {
			in("counted", q.Counted.Span)
		}
		if q.Per != nil {
			in("rate", q.Per.Span)
		}
		if q.PartOf >= len(doc.Quantities) || q.PartOf == i {
			t.Fatalf("quantity %d is part of %d of %d", i, q.PartOf, len(doc.Quantities))
		}
		if q.Min != nil && q.Max != nil && q.Min.Cmp(*q.Max) > 0 {
			t.Fatalf("range %s..%s in %q", q.Min, q.Max, doc.Text)
		}
		if q.Unit == "" || q.Comparator == "" || len(q.Rules) == 0 {
			t.Fatalf("quantity without unit, comparator or rule in %q: %+v", doc.Text, q)
		}
	}
	for _, n := range doc.Numbers {
		in("number", n.Span)
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		"At least 31 miners came up alive.", "It rose 12 points to 58 percent, from 46.", "99999999999999999999999 grains", "0/0/0000", "350 milliondollars",
		"between 5 and 6 million", "RM69.6 million and Rs500", "1 234 567.89", "two-thirds of a third of half", "a a a hundred and and", "12,,,34..5--6", "٣٤ ½ ⅔ １２",
		"1e10 1.3x10^6 12.32e+14", "5 feet 2 inches", "minus -5 - 5", "No one was hurt, nobody died, a man was killed.", "Rs 2 crore", "10-15-20-25", "#5 No. 7 (8) [9]",
		"1. One\n2. Two\n3. Three", "and a half a dozen dozens of hundreds of thousands", "$", "per per cent a a day each",
		"ninety-nine hundred quadrillion and one", "three twenty-firsts of a quadrillion", "1.234.567,89 2,5 million 0,125", "2^-99 10^99 -1.1^--23", `6'4" 5' 11"`,
		"1'234'567.50", "5/6 1 4/5 of the 9/11", "three over four", "-$40m $-50 $3mm", "one twenty-two",
	} {
		f.Add(s)
	}
	tok, tag := tokenize.New(), quantity.New()
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 4096 {
			t.Skip()
		}
		one, two := &extractor.Doc{Text: text}, &extractor.Doc{Text: text}
		for _, d := range []*extractor.Doc{one, two} {
			if err := (extractor.Pipeline{tok, tag}).Annotate(d); err != nil {
				t.Fatal(err)
			}
		}
		check(t, one)
		if !reflect.DeepEqual(one.Quantities, two.Quantities) || !reflect.DeepEqual(one.Numbers, two.Numbers) {
			t.Fatalf("two runs over %q differ:\n%+v\n%+v", text, one.Quantities, two.Quantities)
		}
	})
}

// A megabyte of digits, alone or in pieces, takes time in proportion to its length.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	for name, piece := range map[string]string{
		"one number": "7", "numbers": "7 ", "groups": "700 ", "words": "two hundred and ", "ranges": "3-", "dozens": "dozens of ", "sums": "$5 million (", "one": "one killed ",
	} {
		t.Run(name, func(t *testing.T) {
			doc := &extractor.Doc{Text: strings.Repeat(piece, 1<<20/len(piece))}
			took := cputest.Took(func() {
				if err := (extractor.Pipeline{tokenize.New(), quantity.New()}).Annotate(doc); err != nil {
					t.Error(err)
				}
			})
			if took > 8*time.Second {
				t.Errorf("1 MiB of %q took %v", piece, took)
			}
			check(t, doc)
		})
	}
}
