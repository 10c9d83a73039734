package timex_test

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/cputest"
)

// check fails if the times of a Doc break a promise.
func check(t *testing.T, doc *extractor.Doc) {
	t.Helper()
	last := 0
	for i, x := range doc.Times {
		if x.Start < last || x.Start >= x.End || x.End > len(doc.Text) || !utf8.RuneStart(doc.Text[x.Start]) || x.End < len(doc.Text) && !utf8.RuneStart(doc.Text[x.End]) {
			t.Fatalf("%q: bad span %v", doc.Text, x.Span)
		}
		last = x.End
		if x.Placed != (!x.From.IsZero() && x.Placed) || x.Until.Before(x.From) && x.Placed {
			t.Fatalf("%q: %q placed at %v..%v", doc.Text, doc.Slice(x.Span), x.From, x.Until)
		}
		if x.From.IsZero() != x.Until.IsZero() {
			t.Fatalf("%q: %q has one bound: %v..%v", doc.Text, doc.Slice(x.Span), x.From, x.Until)
		}
		for j := x.Range.From; j < x.Range.To; j++ {
			if doc.Tokens[j].Time != int32(i) {
				t.Fatalf("%q: token %d is of time %d, want %d", doc.Text, j, doc.Tokens[j].Time, i)
			}
		}
	}
}

func FuzzAnnotate(f *testing.F) {
	for _, s := range []string{
		"On Tuesday, 30 February 2021 at 25:61", "0/0/0000", "99999999999999999999999", "mid-", "the end of the end of the end of", "1990s '90s ’ 10-12 October",
		"two hundred and and years ago", "9:30 a.m. p.m. GMT KSA 16:06", "the day before the day before yesterday", "5 years after 5 years after 2 May 2020",
		"1999-99-99T99:99", "early late mid- mid", "Q9 Q1 of of 2020", "a couple of few dozen weeks", "999999999 years ago", "-- 12.", "\u00a0pm 9\u00a0pm", "9999-12-31 next day 200000 days later",
		"1 BC 0 BC 9999 BC AD 0", "on Saturdays storm", strings.Repeat("the early ", 40), "Apr 152017 Apr 992017", "twenty-twenty-first of May", "2000000000 weeks ago",
	} {
		f.Add(s, "2024-05-15")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, s, published string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		a, b := annotate(t, s, published), annotate(t, s, published)
		check(t, a)
		if diff := cmp.Diff(a.Times, b.Times); diff != "" {
			t.Fatalf("%q: two runs differ: %s", s, diff)
		}
	})
}

// TestNulls holds what no calendar has to clear nulls.
func TestNulls(t *testing.T) {
	for _, text := range []string{"February 30, 2021", "31 April 2020", "0/0/0000", "99/99/2020", "2021-02-29"} {
		doc := annotate(t, text, "2024-05-15")
		for _, x := range doc.Times {
			if x.Placed || x.Value != "" || !x.From.IsZero() || x.Type != schemas.TimexDate {
				t.Errorf("Annotate(%q): %q is %+v, want no place and no value", text, doc.Slice(x.Span), x)
			}
		}
		if len(doc.Times) != 1 {
			t.Errorf("Annotate(%q): %d times, want one without a place", text, len(doc.Times))
		}
	}
}

// TestLinear holds the tagger to linear time on texts made to hurt it.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	for name, unit := range map[string]string{
		"digits":   "1",
		"numbers":  "12 ",
		"early":    "early ",
		"end of":   "the end of ",
		"weekdays": "Monday ",
		"dates":    "2020-01-01 ",
		"words":    "twenty two hundred ",
		"days":     "two days after ",
		"dashes":   "10-",
		"clock":    "at 9:30 a.m. ",
	} {
		t.Run(name, func(t *testing.T) {
			small := annotate(t, strings.Repeat(unit, 6_000/len(unit)), "2024-05-15")
			large := annotate(t, strings.Repeat(unit, 120_000/len(unit)), "2024-05-15")
			tagger := timex.New()
			cost := func(doc *extractor.Doc) time.Duration {
				best := time.Hour
				for range 3 {
					best = min(best, cputest.Took(func() {
						if err := tagger.Annotate(doc); err != nil {
							t.Error(err)
						}
					}))
				}
				return best / time.Duration(len(doc.Text)/1000+1)
			}
			// A busy machine makes one measurement worthless, but not five.
			a, b := cost(small), cost(large)
			for range 4 {
				if b <= 8*a+200*time.Microsecond {
					break
				}
				a, b = max(a, cost(small)), min(b, cost(large))
			}
			if b > 8*a+200*time.Microsecond {
				t.Errorf("%s: %v for a thousand bytes of a large text, %v of a small one", name, b, a)
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
	stagetest.Speed(b, annotate(b, string(text), "2024-05-15"), timex.New())
}
