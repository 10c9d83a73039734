package sink

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// A Policy is a rule by which one figure of a series is preferred. All of them choose
// among the figures that stand: not denied, not taken back, not superseded by a newer
// one; reportable ones if there are any.
type Policy string

// Policies of a series.
const (
	Latest      Policy = "latest"       // the newest day, then the most origins; what a series carries itself
	Lowest      Policy = "lowest"       // the least number: the careful one for a count of victims
	Highest     Policy = "highest"      // the greatest number
	MostOrigins Policy = "most-origins" // what the most independent origins say, then the newest
)

// Policies lists every Policy.
var Policies = []Policy{Latest, Lowest, Highest, MostOrigins}

// ParsePolicy reads a policy's name.
func ParsePolicy(s string) (Policy, error) {
	if p := Policy(s); slices.Contains(Policies, p) {
		return p, nil
	}
	return "", fmt.Errorf("policy %q: want one of %q", s, Policies)
}

// Prefer returns the figure of a series that a policy chooses, nil if none stands.
// Taken names the claims that were retracted.
func (p Policy) Prefer(points []schemas.SeriesPoint, taken map[string]bool) *schemas.Preferred {
	var best *schemas.SeriesPoint
	for i := range points {
		c := &points[i]
		if c.Modality != schemas.Negated && !taken[c.Claim] && (best == nil || p.compare(c, best) < 0) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	return &schemas.Preferred{Claim: best.Claim, Policy: string(p)}
}

// compare is negative if a is to be preferred to b.
func (p Policy) compare(a, b *schemas.SeriesPoint) int {
	if c := cmp.Or(trueFirst(a.Tier == schemas.Reportable, b.Tier == schemas.Reportable), trueFirst(!a.Superseded, !b.Superseded)); c != 0 {
		return c
	}
	newest, origins := cmp.Compare(b.AsOf, a.AsOf), cmp.Compare(len(b.Origins), len(a.Origins))
	switch p {
	case Lowest:
		return cmp.Or(compareNumbers(a, b), newest, origins, cmp.Compare(a.Claim, b.Claim))
	case Highest:
		return cmp.Or(compareNumbers(b, a), newest, origins, cmp.Compare(a.Claim, b.Claim))
	case MostOrigins:
		return cmp.Or(origins, newest, cmp.Compare(a.Claim, b.Claim))
	}
	return cmp.Or(newest, origins, cmp.Compare(a.Claim, b.Claim))
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// compareNumbers compares the numbers that a reader sees.
func compareNumbers(a, b *schemas.SeriesPoint) int {
	x, y := printed(a), printed(b)
	if x == nil || y == nil {
		return trueFirst(x != nil, y != nil)
	}
	return x.Cmp(*y)
}

func printed(p *schemas.SeriesPoint) *schemas.Decimal {
	return cmp.Or(p.Value, p.Min, p.Max)
}

// EnvelopeOf spans what each origin of some figures says, and all of them: the least
// lower and the greatest upper bound, nil where somebody's figure is open. Denied
// figures are left out.
func EnvelopeOf(points []schemas.SeriesPoint) schemas.Envelope {
	var all extent
	each := map[string]*extent{}
	for i := range points {
		p := &points[i]
		lo, hi := bounds(p)
		if p.Modality == schemas.Negated || lo == nil && hi == nil {
			continue
		}
		all.add(lo, hi)
		for _, o := range p.Origins {
			if each[o] == nil {
				each[o] = &extent{}
			}
			each[o].add(lo, hi)
		}
	}
	e := schemas.Envelope{Min: all.min(), Max: all.max(), Origins: []schemas.OriginFigures{}}
	for o, x := range each {
		e.Origins = append(e.Origins, schemas.OriginFigures{Origin: o, Min: x.min(), Max: x.max()})
	}
	slices.SortFunc(e.Origins, func(a, b schemas.OriginFigures) int { return cmp.Compare(a.Origin, b.Origin) })
	return e
}

// bounds returns the interval that a figure allows, nil for an open end.
func bounds(p *schemas.SeriesPoint) (lo, hi *schemas.Decimal) {
	if p.Value == nil {
		return p.Min, p.Max
	}
	switch p.Comparator {
	case schemas.AtLeast, schemas.MoreThan:
		return p.Value, nil
	case schemas.AtMost, schemas.LessThan:
		return nil, p.Value
	}
	return p.Value, p.Value
}

// An extent is the least interval around others.
type extent struct {
	lo, hi         *schemas.Decimal
	noLo, noHi, in bool
}

func (x *extent) add(lo, hi *schemas.Decimal) {
	x.in = true
	x.noLo, x.noHi = x.noLo || lo == nil, x.noHi || hi == nil
	if lo != nil && (x.lo == nil || lo.Cmp(*x.lo) < 0) {
		x.lo = lo
	}
	if hi != nil && (x.hi == nil || hi.Cmp(*x.hi) > 0) {
		x.hi = hi
	}
}

func (x *extent) min() *schemas.Decimal {
	if x.noLo {
		return nil
	}
	return x.lo
}

func (x *extent) max() *schemas.Decimal {
	if x.noHi {
		return nil
	}
	return x.hi
}
