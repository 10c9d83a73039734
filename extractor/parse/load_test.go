//go:build !noweights

package parse

import (
	"testing"
	"time"
)

func TestLoad(t *testing.T) {
	start := time.Now()
	m, err := ReadModel(modelFile)
	if err != nil {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 250*time.Millisecond {
		t.Errorf("loading took %v", d)
	}
	if len(m.Labels) < 30 {
		t.Errorf("relations %v", m.Labels)
	}
}
