//go:build noweights

package entity

func embedded() (*Model, error) { return nil, ErrNoModel }

// Hashes returns no hashes: there is no embedded model.
func Hashes() map[string]string { return nil }
