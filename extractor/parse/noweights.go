//go:build noweights

package parse

func embedded() (*Model, error) { return nil, ErrNoModel }

// Hashes returns no hashes: there are no embedded files.
func Hashes() map[string]string { return nil }
