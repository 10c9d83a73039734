package parse

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/claimwire/claimwire/extractor/linear"
)

func TestTemplates(t *testing.T) {
	all := slices.Sorted(slices.Values(slices.Concat(stackTemplates[:], bufferTemplates[:], otherTemplates[:])))
	for i, template := range all {
		if int(template) != i {
			t.Fatalf("template %d is in no part, or in two", i)
		}
	}
	if len(all) != NumFeatures {
		t.Fatalf("parts have %d templates, not %d", len(all), NumFeatures)
	}
}

// FuzzKeptSums compares sums of which parts are kept from one state to the next with sums of all
// features of a state.
func FuzzKeptSums(f *testing.F) {
	f.Add(uint64(1), uint8(12))
	f.Add(uint64(2), uint8(200))
	f.Add(uint64(3), uint8(1))
	const labels = 5
	f.Fuzz(func(t *testing.T, seed uint64, n uint8) {
		rng := rand.New(rand.NewPCG(seed, 3))
		words, tags := make([]linear.Word, n), make([]uint32, n)
		for i := range words {
			words[i].Norm, tags[i] = rng.Uint32N(4), rng.Uint32N(3)
			words[i].Quad = linear.Quad{1, uint16(rng.IntN(3)), uint16(rng.IntN(2)), 1}
		}
		rows := map[uint32]Row{}
		walk(words, tags, func(s *State) Action {
			var features [NumFeatures]uint32
			s.Features(&features)
			for _, f := range features {
				if rng.IntN(3) > 0 {
					continue
				}
				r := Row{Feature: f}
				for a := range 1 + rng.IntN(2*labels) {
					r.Cells = append(r.Cells, Cell{Action(a), 1 + rng.Int32N(5000)})
				}
				rows[f] = r
			}
			return randomAction(rng, s, labels)
		})
		var sorted []Row
		for _, r := range rows {
			sorted = append(sorted, r)
		}
		slices.SortFunc(sorted, func(a, b Row) int { return int(int64(a.Feature) - int64(b.Feature)) })
		m, err := ReadModel(string(PackModel(make([]string, labels), sorted)))
		if err != nil {
			t.Fatal(err)
		}
		var kept sums
		for range 2 { // the second sentence finds what the first has left
			kept.reset()
			walk(words, tags, func(s *State) Action {
				var got, want [256]int32
				kept.open(s, m.weights)
				m.weights.index.hit(&kept.search)
				m.weights.find(&kept.search)
				kept.score(&got, s, m.weights)
				var features [NumFeatures]uint32
				s.Features(&features)
				addAll(m, &want, &features, new(search))
				if got != want {
					t.Fatalf("at word %d, %d on the stack: sums %v, want %v", s.Next(), len(s.stack), got, want)
				}
				return randomAction(rng, s, labels)
			})
		}
	})
}

// walk takes the steps that choose returns through a sentence.
func walk(words []linear.Word, tags []uint32, choose func(*State) Action) {
	var s State
	s.Reset(words, tags)
	for !s.Done() {
		a, forced := s.Forced()
		if !forced {
			a = choose(&s)
		}
		s.Do(a)
	}
}

// randomAction returns an action that is possible in s.
func randomAction(rng *rand.Rand, s *State, labels int) Action {
	for {
		if m := Move(rng.IntN(3)); s.Can(m) {
			return NewAction(m, uint8(rng.IntN(labels)))
		}
	}
}
