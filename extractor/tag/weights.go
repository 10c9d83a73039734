//go:build !noweights

package tag

import (
	_ "embed"
	"sync"
)

//go:embed data/tagger.bin
var modelFile string

var embedded = sync.OnceValues(func() (*Model, error) { return ReadModel(modelFile) })
