//go:build !noweights

package parse

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
	if sum := Hashes()["parser"]; !strings.Contains(string(text), sum) {
		t.Errorf("data/CARD.md does not name the SHA-256 %s of parser.bin", sum)
	}
}
