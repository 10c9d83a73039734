//go:build !noweights

package parse

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas/cputest"
)

func TestLoad(t *testing.T) {
	file, best := modelFile(), time.Hour
	for range 5 {
		var m *Model
		var err error
		best = min(best, cputest.Took(func() { m, err = ReadModel(file) }))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Labels) < 30 {
			t.Errorf("relations %v", m.Labels)
		}
	}
	if best > 250*time.Millisecond && !testing.Short() { // the race detector runs with -short
		t.Errorf("loading took %v", best)
	}
}

func TestEmbeddedSums(t *testing.T) {
	checkSums(t, modelFile(), rand.New(rand.NewPCG(7, 7)), 300)
}

func BenchmarkLoad(b *testing.B) {
	file := modelFile()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadModel(file); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTogether compares trees that are made at once with those that are made one by one.
func TestTogether(t *testing.T) {
	m, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 5))
	tags := []uint32{TagOf(&extractor.Token{UPOS: extractor.NOUN, Tag: "NN"}), TagOf(&extractor.Token{UPOS: extractor.VERB, Tag: "VBD"}), TagOf(&extractor.Token{UPOS: extractor.ADP, Tag: "IN"})}
	jobs := make([]job, 40)
	for k := range jobs {
		jobs[k].root = k // a name
		jobs[k].words = make([]linear.Word, rng.IntN(30))
		for i := range jobs[k].words {
			jobs[k].words[i].Norm = linear.Hash([]string{"the", "goat", "ate", "in", "hay"}[rng.IntN(5)])
			jobs[k].tags = append(jobs[k].tags, tags[rng.IntN(len(tags))])
		}
	}
	tree := func(s *State) (out []int) {
		for i := range s.n {
			h, l := s.Head(i)
			out = append(out, h, int(l))
		}
		return out
	}
	var together, alone [numReaders]reader
	got := map[int][]int{}
	m.read(&together, jobs, func(j *job, s *State) { got[j.root] = tree(s) })
	if len(got) != len(jobs) {
		t.Fatalf("%d trees of %d sentences", len(got), len(jobs))
	}
	for k := range jobs {
		m.read(&alone, jobs[k:k+1], func(_ *job, s *State) {
			if want := tree(s); !slices.Equal(got[k], want) {
				t.Errorf("sentence %d: %v, alone %v", k, got[k], want)
			}
		})
	}
}
