//go:build !noweights

package entity

import (
	_ "embed"
	"sync"
)

//go:embed data/names.bin
var modelFile string

var embedded = sync.OnceValues(func() (*Model, error) { return ReadModel(modelFile) })
