//go:build !noweights

package parse

import (
	"math/rand/v2"
	"testing"
	"time"

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
