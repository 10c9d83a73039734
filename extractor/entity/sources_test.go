//go:build !noweights

package entity

import (
	"os"
	"strings"
	"testing"
)

// TestSources checks that the files say of what bytes they speak.
func TestSources(t *testing.T) {
	for file, name := range map[string]string{"data/CARD.md": "names", "data/SOURCES.md": "lists"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if sum := Hashes()[name]; !strings.Contains(string(text), sum) {
			t.Errorf("%s does not name the SHA-256 %s of %s.bin; what was it made from?", file, sum, name)
		}
	}
}
