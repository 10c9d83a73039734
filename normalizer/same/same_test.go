package same

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

func dec(n int64) *schemas.Decimal {
	d := schemas.Int(n)
	return &d
}

func TestFigure(t *testing.T) {
	tests := []struct {
		value, lo, hi *schemas.Decimal
		cmp           schemas.Comparator
		key           string
	}{
		{dec(342), nil, nil, schemas.Exact, "[342,342]"},
		{dec(342), nil, nil, schemas.AtLeast, "[342,)"},
		{dec(70000), nil, nil, schemas.MoreThan, "(70000,)"},
		{dec(200), nil, nil, schemas.AtMost, "[,200]"},
		{dec(200), nil, nil, schemas.LessThan, "[,200)"},
		{dec(40), nil, nil, schemas.About, "~[40,40]"},
		{nil, dec(10), dec(15), schemas.Between, "[10,15]"},
		{nil, dec(24), nil, schemas.AtLeast, "?[24,)"},
	}
	for _, tt := range tests {
		f, ok := FigureOf(tt.value, tt.lo, tt.hi, tt.cmp)
		if !ok || f.Key() != tt.key {
			t.Errorf("FigureOf(%v, %v, %v, %s).Key() = %q, %t, want %q", tt.value, tt.lo, tt.hi, tt.cmp, f.Key(), ok, tt.key)
		}
	}
	if _, ok := FigureOf(nil, nil, nil, schemas.Exact); ok {
		t.Error("FigureOf takes a quantity without a number")
	}
}

func TestDisjoint(t *testing.T) {
	fig := func(n int64, c schemas.Comparator) Figure {
		f, _ := FigureOf(dec(n), nil, nil, c)
		return f
	}
	tests := []struct {
		a, b Figure
		want bool
	}{
		{fig(342, schemas.AtLeast), fig(345, schemas.Exact), false},
		{fig(342, schemas.AtLeast), fig(341, schemas.Exact), true},
		{fig(342, schemas.MoreThan), fig(342, schemas.Exact), true},
		{fig(342, schemas.Exact), fig(342, schemas.Exact), false},
		{fig(200, schemas.AtMost), fig(600, schemas.Exact), true},
		{fig(40, schemas.About), fig(43, schemas.Exact), false},
		{fig(40, schemas.About), fig(45, schemas.Exact), true},
		{fig(10, schemas.AtLeast), fig(500, schemas.AtLeast), false},
	}
	for _, tt := range tests {
		if got := tt.a.Disjoint(tt.b); got != tt.want {
			t.Errorf("%s disjoint from %s: %t, want %t", tt.a.Key(), tt.b.Key(), got, tt.want)
		}
		if tt.a.Disjoint(tt.b) != tt.b.Disjoint(tt.a) {
			t.Errorf("Disjoint(%s, %s) is not symmetric", tt.a.Key(), tt.b.Key())
		}
	}
}

func TestSpelling(t *testing.T) {
	alike := [][2]string{{"rashidin", "rashideen"}, {"hasakeh", "hasakah"}, {"al hasakah", "hasakeh"}, {"ghalabiyah", "ghalibiya"}, {"mossul", "mosul"}}
	for _, p := range alike {
		if Spelling(p[0]) != Spelling(p[1]) {
			t.Errorf("Spelling(%q) = %q, Spelling(%q) = %q, want them equal", p[0], Spelling(p[0]), p[1], Spelling(p[1]))
		}
	}
	apart := [][2]string{{"madaya", "mayadeen"}, {"foua", "fua ali"}, {"halden", "larvik"}, {"io", "oia"}}
	for _, p := range apart {
		if Spelling(p[0]) == Spelling(p[1]) {
			t.Errorf("Spelling(%q) = Spelling(%q) = %q, want them different", p[0], p[1], Spelling(p[0]))
		}
	}
}

// random makes mentions that collide often in every slot.
func random(r *rand.Rand, n int) []*Mention {
	docs := make([]*Doc, 6)
	for i := range docs {
		d := &Doc{ID: fmt.Sprint("d", i), Published: 20000 + r.IntN(12)}
		for h := range uint32(8) {
			if r.IntN(2) == 0 {
				d.Names = append(d.Names, Name{Hash: h, Weight: 2})
				d.Words = append(d.Words, h)
			}
		}
		docs[i] = d
	}
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	var out []*Mention
	for i := range n {
		f, _ := FigureOf(dec(int64(10+r.IntN(4))), nil, nil, schemas.Comparators[r.IntN(6)])
		m := &Mention{
			Doc: docs[r.IntN(len(docs))], Index: i, Key: fmt.Sprintf("%03d", i), Measure: pick("person-killed", "other"), Unit: "count",
			Axis: schemas.Asserted, People: true, Head: pick("", "person", "child"), Figure: f, PartOf: -1,
			Place: Place{Key: pick("", "torvik", "halden", "norway"), Country: pick("", "NO")},
		}
		m.Place.Sound = Spelling(m.Place.Key)
		if r.IntN(2) == 0 {
			day := 20000 + r.IntN(4)
			m.Time = Span{From: day, Until: day, Set: true}
		}
		if r.IntN(3) == 0 {
			m.Agent = Party{Key: pick("army", "militia"), Firm: true}
		}
		out = append(out, m)
	}
	return out
}

// TestCompareIsSymmetric and agrees with Vetoes.
func TestCompareIsSymmetric(t *testing.T) {
	ms := random(rand.New(rand.NewPCG(1, 1)), 120)
	for _, a := range ms {
		for _, b := range ms {
			s1, v1 := Compare(a, b)
			s2, v2 := Compare(b, a)
			if s1 != s2 || v1 != v2 {
				t.Fatalf("Compare(%+v, %+v) = %d, %t; the other way %d, %t", a, b, s1, v1, s2, v2)
			}
			if v1 != Vetoes(a, b) {
				t.Fatalf("Compare(%+v, %+v) vetoes: %t, Vetoes: %t", a, b, v1, !v1)
			}
		}
	}
}

// edgesOf compares all mentions with each other.
func edgesOf(ms []*Mention) []Edge {
	var edges []Edge
	for i := range ms {
		for j := range i {
			if s, veto := Compare(ms[i], ms[j]); !veto && s >= Threshold {
				edges = append(edges, Edge{i, j, s})
			}
		}
	}
	return edges
}

// TestClusterRemembers lets a set of mentions grow, with what is known of their groups
// kept as its caller does: the groups are those of mentions that nothing is known of,
// compared without the memory of what was refused.
func TestClusterRemembers(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 4))
		ms := random(r, 60)
		r.Shuffle(len(ms), func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
		sets := uint64(0)
		for n := 1; n <= len(ms); n++ {
			some := slices.Clone(ms[:n])
			slices.SortFunc(some, func(a, b *Mention) int { return strings.Compare(a.Key, b.Key) })
			plain := make([]*Mention, n)
			for i, m := range some {
				c := *m
				c.Set, c.Marks = 0, []Mark{{Review: fmt.Sprint("r", i)}} // marks that nobody shares say nothing
				plain[i] = &c
			}
			got, want := Cluster(some, edgesOf(some), nil), Cluster(plain, edgesOf(plain), nil)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: groups of %d mentions: %v, want %v", seed, n, got, want)
			}
			for i, root := range got {
				some[i].Set = sets + uint64(root) + 1
			}
			sets += uint64(n)
		}
	}
}

// TestCluster checks the two promises: no veto inside a group, and the same groups
// whatever the order of the edges.
func TestCluster(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		ms := random(r, 60)
		var want map[string]string
		for range 3 {
			slices.SortFunc(ms, func(a, b *Mention) int { return strings.Compare(a.Key, b.Key) })
			edges := edgesOf(ms)
			r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
			got := map[string]string{}
			roots := Cluster(ms, edges, nil)
			for i, root := range roots {
				got[ms[i].Key] = ms[root].Key
				for j := range i {
					if roots[j] == root && Vetoes(ms[i], ms[j]) {
						t.Fatalf("seed %d: %+v and %+v veto each other in one group", seed, ms[i], ms[j])
					}
				}
			}
			if want == nil {
				want = got
			}
			for k, g := range got {
				if g != want[k] {
					t.Fatalf("seed %d: mention %s is in group %s, in another order in %s", seed, k, g, want[k])
				}
			}
		}
	}
}
