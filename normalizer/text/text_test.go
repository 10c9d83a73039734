package text

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// prose makes n sentences of made-up words from a seed: texts of different seeds
// share words but no phrases.
func prose(seed uint64, n int) []string {
	r := rand.New(rand.NewPCG(seed, 3))
	vocabulary := strings.Fields(`harbour crews searched the flooded lower town for a second night while engineers
		closed two bridges and the mayor asked families near river to stay with relatives until water fell below mark that
		was painted on old mill in spring when snow melted faster than anyone could remember officials opened schools as
		shelters bakers sent bread volunteers carried sand boats moved slowly between roofs lamps hung from balconies`)
	out := make([]string, n)
	for i := range out {
		ws := make([]string, 9+r.IntN(9))
		for j := range ws {
			ws[j] = vocabulary[r.IntN(len(vocabulary))]
		}
		out[i] = strings.Join(ws, " ") + "."
	}
	return out
}

func join(parts ...[]string) string {
	var all []string
	for _, p := range parts {
		all = append(all, p...)
	}
	return strings.Join(all, " ")
}

// edited replaces about one word in forty.
func edited(seed uint64, text string) string {
	r := rand.New(rand.NewPCG(seed, 5))
	ws := strings.Fields(text)
	for i := range ws {
		if r.IntN(40) == 0 {
			ws[i] = "newly"
		}
	}
	return strings.Join(ws, " ")
}

func TestCopies(t *testing.T) {
	a, b := prose(1, 24), prose(2, 24)
	tests := []struct {
		name string
		x, y string
		want bool
	}{
		{"the same text", join(a), join(a), true},
		{"case and marks aside", join(a), strings.ToUpper(strings.ReplaceAll(join(a), ".", " –")), true},
		{"the first quarter of it", join(a), join(a[:6]), true},
		{"its middle, with another tail", join(a), join(a[6:18], b[:1]), true},
		{"touched up", join(a), edited(9, join(a)), true},
		{"a shared quotation", join(a), join(a[3:5], b), false},
		{"a shared third", join(a), join(a[:7], b[:16]), false},
		{"another text of the same words", join(a), join(b), false},
		{"one short sentence", join(a[:1]), join(a), false},
		{"nothing", "", "", false},
	}
	for _, tt := range tests {
		x, y := SketchOf(Words(tt.x)), SketchOf(Words(tt.y))
		if got := Copies(x, y); got != tt.want {
			t.Errorf("%s: Copies = %t, want %t", tt.name, got, tt.want)
		}
		if Copies(x, y) != Copies(y, x) {
			t.Errorf("%s: Copies is not symmetric", tt.name)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Officials' 2,400 houses", "officials|2|400|houses"},
		{"Über\u00a0Nacht – naïve", "über|nacht|naïve"},
		{"infla\u00adtion slow\u200bed", "inflation|slowed"},
		{"\ufeffA \u00ad b", "a|b"},
		{"\u00ad", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(Words(tt.in), "|"); got != tt.want {
			t.Errorf("Words(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestIndexForgets(t *testing.T) {
	a := prose(1, 24)
	var x Index
	x.Add("whole", SketchOf(Words(join(a))))
	x.Add("head", SketchOf(Words(join(a[:10]))))
	x.Add("tail", SketchOf(Words(join(a[14:]))))
	if got := strings.Join(x.Group("tail"), " "); got != "head tail whole" {
		t.Fatalf("Group(tail) = %q, want head and tail tied by the whole", got)
	}
	x.Remove("whole")
	if got := strings.Join(x.Group("tail"), " "); got != "tail" {
		t.Errorf("Group(tail) = %q after the whole is gone, want it alone", got)
	}
	if got := x.Group("whole"); got != nil {
		t.Errorf("Group(whole) = %q after Remove", got)
	}
}

func BenchmarkSketch(b *testing.B) {
	s := join(prose(1, 40))
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		SketchOf(Words(s))
	}
}

// TestIndexInAnyOrder adds and removes texts that share a paragraph, more of them
// than an anchor may have: whatever came first, the groups are those of the set.
func TestIndexInAnyOrder(t *testing.T) {
	stock := prose(7, 12)
	texts := map[string]Sketch{}
	for i := range 3 * maxCommon / 2 {
		own := prose(1000+uint64(i%80), 30+i%3*10) // some share their own words as well
		if i%10 == 0 {
			own = own[:2] // nearly nothing but the paragraph: it stands in all the others
		}
		texts[strconv.Itoa(i)] = SketchOf(Words(join(own, stock)))
	}
	groups := func(x *Index) string {
		var b strings.Builder
		for _, sum := range slices.Sorted(maps.Keys(texts)) {
			fmt.Fprintln(&b, x.Group(sum))
		}
		return b.String()
	}
	var want string
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 5))
		order := slices.Sorted(maps.Keys(texts))
		r.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		var x Index
		for i, sum := range order {
			x.Add(sum, texts[sum])
			if again := order[r.IntN(i+1)]; r.IntN(3) == 0 {
				x.Remove(again)
				x.Add(again, texts[again])
			}
		}
		got := groups(&x)
		if seed == 0 {
			want = got
		}
		if got != want {
			t.Errorf("seed %d: groups depend on the order of arrival", seed)
		}
		if n := len(x.Group("0")); n > len(texts)*2/3 {
			t.Errorf("seed %d: a paragraph that all have ties %d of %d texts", seed, n, len(texts))
		}
		for len(order) > maxCommon { // few enough that the paragraph counts again
			x.Remove(order[0])
			order = order[1:]
		}
		var fresh Index
		for _, sum := range order {
			fresh.Add(sum, texts[sum])
		}
		if groups(&x) != groups(&fresh) {
			t.Errorf("seed %d: after Remove the groups are not those of the texts left", seed)
		}
	}
}

// TestOutline compares texts of every degree of kinship: neither an outline nor a mask
// excludes a copy, and both most others.
func TestOutline(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	word := func() string { return fmt.Sprint("w", r.IntN(5000)) }
	excluded, masked, others := 0, 0, 0
	for range 3000 {
		a := make([]string, 1+r.IntN(400))
		for i := range a {
			a[i] = word()
		}
		b := slices.Clone(a[:1+r.IntN(len(a))])
		for i := range b {
			if r.IntN(1+r.IntN(40)) == 0 {
				b[i] = word()
			}
		}
		for range r.IntN(200) {
			b = append(b, word())
		}
		s, o := SketchOf(a), SketchOf(b)
		copies, excludes := Copies(s, o), o.Outline().Excludes(s)
		if copies && excludes {
			t.Fatalf("the outline of a text of %d shingles excludes its copy of %d", len(o.Shingles), len(s.Shingles))
		}
		m, n := maskOf(s), maskOf(o)
		if masks := m.excludes(&n, s, o); copies && masks {
			t.Fatalf("the mask of a text of %d shingles excludes its copy of %d", len(o.Shingles), len(s.Shingles))
		} else if masks && len(s.Shingles) > 30 && len(o.Shingles) > 30 {
			masked++
		}
		if !copies && len(s.Shingles) > 30 && len(o.Shingles) > 30 {
			others++
			if excludes {
				excluded++
			}
		}
	}
	if others < 500 || excluded < others/2 || masked < others*3/4 {
		t.Errorf("of %d pairs that are no copies outlines exclude %d, want half of them, and masks %d, want three quarters", others, excluded, masked)
	}
}
