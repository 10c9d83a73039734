//go:build !noweights

package tag

import (
	"os"
	"strings"
	"testing"
)

// TestSources checks that the card says of what bytes it speaks.
func TestSources(t *testing.T) {
	text, err := os.ReadFile("data/CARD.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := Hashes()["tagger"]; !strings.Contains(string(text), sum) {
		t.Errorf("data/CARD.md does not name the SHA-256 %s of tagger.bin", sum)
	}
}
