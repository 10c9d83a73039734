package normalizer

import (
	"testing"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// TestSentenceOfAnotherProgram wants a claim's sentence to follow from its slots, unless
// another version of the program wrote it.
func TestSentenceOfAnotherProgram(t *testing.T) {
	t.Parallel()
	seven := schemas.Int(7)
	figure, _ := same.FigureOf(&seven, nil, nil, schemas.Exact)
	c := schemas.Claim{
		ID: schemas.ID("c", "s_1", figure.Key()), Comparator: schemas.Exact, SeriesID: "s_1", Kind: schemas.QuantityClaim, Measure: "other", Value: &seven, Unit: schemas.UnitCount, Counted: "box",
		MadeBy: schemas.MadeBy{Program: "claimwire v1.2.0"}, Text: "7 boxes.",
	}
	const other = "its sentence does not say its slots"
	for program, wrong := range map[string]bool{"": true, "claimwire v1.2.0": true, "claimwire v1.3.0": false} {
		v := NewVerifier(nil)
		v.Program = program
		if got := v.contradicts(&c); (got == other) != wrong {
			t.Errorf("by %q: %q", program, got)
		}
	}
	c.Text = "Seven boxes."
	if got := NewVerifier(nil).contradicts(&c); got == other {
		t.Error(got)
	}
}
