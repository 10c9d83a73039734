//go:build noweights

package entity

func embedded() (*Model, error) { return nil, ErrNoModel }
