//go:build !noweights

package parse

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"sync"

	"github.com/claimwire/claimwire/extractor/linear"
)

//go:embed data/parser.bin.zst
var packedModel string

// modelFile unpacks the embedded file. A model keeps no part of it.
func modelFile() string { return linear.UnpackEmbedded(packedModel) }

// A loaded model, and the SHA-256 of the file that it was in.
type loaded struct {
	model *Model
	hash  string
	err   error
}

var load = sync.OnceValue(func() loaded {
	file := modelFile()
	m, err := ReadModel(file)
	return loaded{m, fmt.Sprintf("%x", sha256.Sum256([]byte(file))), err}
})

func embedded() (*Model, error) { l := load(); return l.model, l.err }

// Hashes returns the SHA-256 of the embedded files, unpacked, in hexadecimal, by name.
func Hashes() map[string]string { return map[string]string{"parser": load().hash} }
