//go:build noweights

package parse

import (
	"errors"
	"testing"
)

func TestNoModel(t *testing.T) {
	if _, err := New(All); !errors.Is(err, ErrNoModel) {
		t.Errorf("New(All) = %v, want %v", err, ErrNoModel)
	}
}
