package webhook

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// A Jump is how far a figure must have moved from the one before it in its
// series. The zero Jump asks for nothing.
type Jump struct {
	Least   float64 // >= 0
	Percent bool    // Least is in percent of the figure before
}

// ParseJump reads "25" or "10%"; "" is the zero Jump.
func ParseJump(s string) (Jump, error) {
	if s == "" {
		return Jump{}, nil
	}
	digits, percent := strings.CutSuffix(s, "%")
	least, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil || !(least >= 0) || least > 1e18 {
		return Jump{}, errors.New(`a jump is a number from 0, as "25" or "10%"`)
	}
	return Jump{least, percent}, nil
}

// reached reports whether the claim of c is that far from the figure before it.
// The first figure of a series is a jump from nothing, and reaches any.
func (j Jump) reached(c *schemas.Change) bool {
	if j == (Jump{}) {
		return true
	}
	now, ok := middle(c.Claim.Value, c.Claim.Min, c.Claim.Max)
	if !ok || c.Series == nil {
		return false
	}
	before, ok := figureBefore(c)
	if !ok {
		return true
	}
	moved := now - before
	if moved < 0 {
		moved = -moved
	}
	if !j.Percent {
		return moved >= j.Least
	}
	if before == 0 {
		return moved > 0
	}
	if before < 0 {
		before = -before
	}
	return moved*100 >= j.Least*before
}

// figureBefore returns the newest figure of the series that is not newer than the
// claim of c, and not its own.
func figureBefore(c *schemas.Change) (float64, bool) {
	day := c.Claim.LastSeen[:min(10, len(c.Claim.LastSeen))]
	var best *schemas.SeriesPoint
	for i := range c.Series.Points {
		p := &c.Series.Points[i]
		if p.Claim == c.Claim.ID || p.AsOf > day || p.Tier != schemas.Reportable || p.Modality != c.Claim.Modality {
			continue
		}
		// Of one day, the rival that the cause names is what the claim moved from.
		if best == nil || p.AsOf > best.AsOf || p.AsOf == best.AsOf && slices.Contains(c.Cause.Claims, p.Claim) {
			best = p
		}
	}
	if best == nil {
		return 0, false
	}
	return middle(best.Value, best.Min, best.Max)
}

// middle returns a value, the middle of a range, or its one end.
func middle(value, low, high *schemas.Decimal) (float64, bool) {
	switch {
	case value != nil:
		return value.Float64(), true
	case low != nil && high != nil:
		return (low.Float64() + high.Float64()) / 2, true
	case low != nil:
		return low.Float64(), true
	case high != nil:
		return high.Float64(), true
	}
	return 0, false
}
