//go:build noweights

package tag

import (
	"errors"
	"testing"
)

func TestNoModel(t *testing.T) {
	if _, err := New(); !errors.Is(err, ErrNoModel) {
		t.Errorf("New() = %v, want %v", err, ErrNoModel)
	}
}
