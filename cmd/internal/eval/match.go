package eval

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/claimwire/claimwire/schemas"
)

// stop are words that do not tell two names apart.
var stop = map[string]bool{
	"the": true, "a": true, "an": true, "of": true, "and": true, "its": true, "his": true, "her": true, "their": true, "for": true,
	"in": true, "on": true, "at": true, "other": true, "another": true, "mr": true, "ms": true, "gen": true,
}

// words folds a name to its telling words: ASCII letters without diacritics, lower
// case, without plural endings.
func words(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x80 {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		switch {
		case stop[w]:
			continue
		case len(w) > 4 && strings.HasSuffix(w, "ies"):
			w = w[:len(w)-3] + "y"
		case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
			w = w[:len(w)-1]
		}
		out = append(out, w)
	}
	return out
}

// within reports whether every word of a is in b.
func within(a, b []string) bool {
	return !slices.ContainsFunc(a, func(w string) bool { return !slices.Contains(b, w) })
}

// maxExtra is the number of words by which two forms of one name may differ: a
// whole sentence is no name.
const maxExtra = 3

func near(a, b []string) bool {
	return (within(a, b) || within(b, a)) && max(len(a)-len(b), len(b)-len(a)) <= maxExtra
}

// A nameTest compares names within one article, whose annotated entities say which
// forms name one thing.
type nameTest struct{ forms [][][]string }

func newNameTest(es []GoldEntity) nameTest {
	var t nameTest
	for i := range es {
		forms := [][]string{words(es[i].Name)}
		for _, m := range es[i].Mentions {
			forms = append(forms, words(m.Text))
		}
		t.forms = append(t.forms, forms)
	}
	return t
}

// same reports whether a and b are equal, one inside the other, or forms of one
// annotated entity.
func (t nameTest) same(a, b string) bool {
	wa, wb := words(a), words(b)
	switch {
	case len(wa) == 0 || len(wb) == 0:
		return len(wa) == len(wb)
	case near(wa, wb):
		return true
	}
	for _, forms := range t.forms {
		if linked(forms, wa, wb) || linked(forms, wb, wa) {
			return true
		}
	}
	return false
}

// linked reports whether a is one of the forms and b is inside or around one.
func linked(forms [][]string, a, b []string) bool {
	return slices.ContainsFunc(forms, func(f []string) bool { return slices.Equal(f, a) }) &&
		slices.ContainsFunc(forms, func(f []string) bool { return within(b, f) || within(f, b) })
}

// sameCounted compares nouns counted: the head noun decides, and a phrase of a few
// words more may hold it anywhere.
func sameCounted(a, b string) bool {
	wa, wb := words(a), words(b)
	if len(wa) == 0 || len(wb) == 0 {
		return len(wa) == len(wb)
	}
	ha, hb := wa[len(wa)-1], wb[len(wb)-1]
	if ha == hb {
		return true
	}
	return max(len(wa)-len(wb), len(wb)-len(wa)) <= maxExtra && (slices.Contains(wb, ha) || slices.Contains(wa, hb))
}

// sameNumber compares to six decimals; nil equals nil alone.
func sameNumber(a, b *schemas.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	const places = 1e6
	return math.Round(a.Float64()*places) == math.Round(b.Float64()*places)
}

// sameInterval compares two intervals at the granularity of the annotation; nil is
// the one without bounds.
func sameInterval(g, p *schemas.Interval) bool {
	return g != nil && p != nil && sameDate(g.Start, p.Start) && sameDate(g.End, p.End)
}

func sameDate(g, p string) bool {
	return g == "" && p == "" || g != "" && p != "" && strings.HasPrefix(p, g)
}

func overlap(a, b schemas.Span) int { return max(0, min(a.End, b.End)-max(a.Start, b.Start)) }

// union returns the length of the shortest span around a and b, 1 at least.
func union(a, b schemas.Span) int { return max(max(a.End, b.End)-min(a.Start, b.Start), 1) }

// match pairs spans one to one, those that share most of the longer one first, and
// returns for each span of golds the index in preds, -1 if it has no partner.
func match(golds, preds []schemas.Span) []int {
	type pair struct {
		share float64
		g, p  int
	}
	var pairs []pair
	for i, g := range golds {
		for j, p := range preds {
			if o := overlap(g, p); o > 0 {
				pairs = append(pairs, pair{float64(o) / float64(max(g.End-g.Start, p.End-p.Start, 1)), i, j})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(b.g, a.g), cmp.Compare(b.p, a.p))
	})
	out := make([]int, len(golds))
	for i := range out {
		out[i] = -1
	}
	used := make([]bool, len(preds))
	for _, c := range pairs {
		if out[c.g] < 0 && !used[c.p] {
			out[c.g], used[c.p] = c.p, true
		}
	}
	return out
}
