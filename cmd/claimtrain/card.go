package main

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/extractor/linear"
)

// Cards say what a model was made from; SCORES and FILE are filled in.
var (
	//go:embed cards/names.md
	namesCard string
	//go:embed cards/parser.md
	parseCard string
	//go:embed cards/tagger.md
	tagCard string
)

// packed ends the names of files that are embedded packed.
const packed = ".zst"

// writeFile writes a file, packed if its name says so.
func writeFile(path string, file []byte) (err error) {
	if strings.HasSuffix(path, packed) {
		if file, err = linear.Pack(file); err != nil {
			return err
		}
	}
	return os.WriteFile(path, file, 0o644)
}

// writeModel writes a model to path and its card to CARD.md beside it.
func writeModel(path string, file []byte, card, scores string) error {
	if err := writeFile(path, file); err != nil {
		return err
	}
	facts := fmt.Sprintf("%s, %d bytes, SHA-256 %x", strings.TrimSuffix(filepath.Base(path), packed), len(file), sha256.Sum256(file))
	card = strings.NewReplacer("SCORES", strings.TrimSpace(scores), "FILE", facts).Replace(card)
	return os.WriteFile(filepath.Join(filepath.Dir(path), "CARD.md"), []byte(card), 0o644)
}
