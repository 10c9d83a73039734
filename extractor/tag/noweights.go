//go:build noweights

package tag

func embedded() (*Model, error) { return nil, ErrNoModel }
