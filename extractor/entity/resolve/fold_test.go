package resolve

import (
	"math/rand/v2"
	"testing"
)

// TestFoldASCII compares the short way through ASCII with that through all of Unicode.
func TestFoldASCII(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		s := make([]byte, rng.IntN(12))
		for i := range s {
			s[i] = byte(rng.IntN(128))
			if rng.IntN(3) == 0 {
				s[i] = "A-. '`\tb"[rng.IntN(8)]
			}
		}
		if got, want := foldASCII(string(s)), foldRunes(string(s)); got != want {
			t.Fatalf("%q is folded to %q, want %q", s, got, want)
		}
	}
}
