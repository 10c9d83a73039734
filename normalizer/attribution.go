package normalizer

import (
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// attribution returns by whom a figure came to the publisher, outermost speaker first.
// A review may have put somebody else in the place of its source: then the chain that
// was read is of no figure, and the source stands alone.
func (r *reader) attribution(q *schemas.Quantity) []schemas.ClaimAttribution {
	if q.Source == nil {
		return nil
	}
	if !slices.ContainsFunc(q.Attribution, func(a schemas.Attribution) bool { return a.Who.Name == q.Source.Name }) {
		return r.link(nil, q.Source, "")
	}
	var chain []schemas.ClaimAttribution
	for i := range q.Attribution {
		chain = r.link(chain, &q.Attribution[i].Who, q.Attribution[i].Cue)
	}
	return chain
}

// link adds who to a chain, unless nobody is named.
func (r *reader) link(chain []schemas.ClaimAttribution, who *schemas.Slot, cue string) []schemas.ClaimAttribution {
	if e := r.canon.entity(who); e != nil {
		chain = append(chain, schemas.ClaimAttribution{Who: *e, Cue: cue})
	}
	return chain
}
