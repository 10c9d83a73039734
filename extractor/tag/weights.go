//go:build !noweights

package tag

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"sync"

	"github.com/claimwire/claimwire/extractor/linear"
)

//go:embed data/tagger.bin.zst
var packedModel string

var modelFile = sync.OnceValue(func() string { return linear.UnpackEmbedded(packedModel) })

var embedded = sync.OnceValues(func() (*Model, error) { return ReadModel(modelFile()) })

// Hashes returns the SHA-256 of the embedded files, unpacked, in hexadecimal, by name.
var Hashes = sync.OnceValue(func() map[string]string {
	return map[string]string{"tagger": fmt.Sprintf("%x", sha256.Sum256([]byte(modelFile())))}
})
