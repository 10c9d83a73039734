package normalizer

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestUnseenModel compares the ranges with a plain set, over records that come in any
// order, more than once, and some never.
func TestUnseenModel(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 7))
		const most = 300
		var u unseen
		var last uint64
		given := map[uint64]bool{}
		for range 40 {
			var inputs []Input
			for at, n := rng.Uint64N(most), rng.IntN(12); n > 0; n-- {
				s := 1 + (at+rng.Uint64N(20))%most
				if rng.IntN(30) == 0 {
					s = 0 // outside of a stream
				}
				given[s] = true
				inputs = append(inputs, Input{Sequence: s})
			}
			before := slices.Clone(u)
			next, end := u.seeAll(last, inputs)
			if !slices.Equal(u, before) {
				t.Fatal("the old ranges were changed: a transaction that fails could not go back to them")
			}
			u, last = next, end
			missing := map[uint64]bool{}
			for i, gap := range u {
				if gap.From > gap.To || i > 0 && gap.From <= u[i-1].To+1 {
					t.Fatalf("ranges %v", u)
				}
				for s := gap.From; s <= gap.To; s++ {
					missing[s] = true
				}
			}
			for s := uint64(1); s <= last; s++ {
				if given[s] == missing[s] {
					t.Fatalf("seed %d: record %d given: %t, missing: %t, in %v", seed, s, given[s], missing[s], u)
				}
			}
		}
	}
}

// TestUnseenBounded makes more holes than are remembered: those that are forgotten
// count as missing.
func TestUnseenBounded(t *testing.T) {
	var u unseen
	var last uint64
	for s := uint64(2); s < 4*mostUnseen; s += 2 {
		u, last = u.see(last, Range{s, s})
	}
	if len(u) != mostUnseen || u[0].From != 1 || u[len(u)-1].To != last-1 {
		t.Errorf("%d ranges from %d to %d, want %d from 1 to %d", len(u), u[0].From, u[len(u)-1].To, mostUnseen, last-1)
	}
}

// TestUnseen keeps account of what a stream's consumer passed over, over a restart.
func TestUnseen(t *testing.T) {
	cfg := Config{Path: filepath.Join(t.TempDir(), "state.db")}
	begin := func() *Normalizer {
		t.Helper()
		n, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { n.Close() })
		return n
	}
	n := begin()
	var es []schemas.Extraction
	for e := range newNewswire(t).stream(1) {
		es = append(es, e)
	}
	give := func(sequences ...uint64) {
		t.Helper()
		var inputs []Input
		for _, s := range sequences {
			inputs = append(inputs, Input{Sequence: s, Extraction: es[s-1]})
		}
		if err := n.Apply(t.Context(), inputs); err != nil {
			t.Fatal(err)
		}
	}
	want := func(through uint64, want ...Range) {
		t.Helper()
		if got := n.Unseen(through); !slices.Equal(got, want) {
			t.Errorf("unseen up to %d: %v, want %v", through, got, want)
		}
	}
	give(1, 2)
	give(4)
	give(7)
	want(3, Range{3, 3})
	want(9, Range{3, 3}, Range{5, 6}, Range{8, 9})
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n = begin()
	want(7, Range{3, 3}, Range{5, 6})
	bad := schemas.Extraction{ArticleID: "broken"}
	if err := n.Apply(t.Context(), []Input{{Sequence: 5, Extraction: bad}}); err == nil {
		t.Fatal("a broken extraction was applied")
	}
	want(7, Range{3, 3}, Range{5, 6})
	give(3)
	if err := n.Seen(t.Context(), Range{5, 6}); err != nil {
		t.Fatal(err)
	}
	want(7)
	if at := n.Sequence(); at != 7 {
		t.Errorf("the state is at %d, want 7", at)
	}
}
