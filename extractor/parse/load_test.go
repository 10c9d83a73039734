//go:build !noweights

package parse

import (
	"testing"
	"time"
)

func TestLoad(t *testing.T) {
	best := time.Hour // of several, as the machine may be busy
	for range 5 {
		start := time.Now()
		m, err := ReadModel(modelFile())
		if err != nil {
			t.Fatal(err)
		}
		best = min(best, time.Since(start))
		if len(m.Labels) < 30 {
			t.Errorf("relations %v", m.Labels)
		}
	}
	if best > 250*time.Millisecond && !testing.Short() { // the race detector runs with -short
		t.Errorf("loading took %v", best)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadModel(modelFile()); err != nil {
			b.Fatal(err)
		}
	}
}
