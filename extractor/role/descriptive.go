package role

import "github.com/claimwire/claimwire/extractor"

// descriptive reports whether token i stands in a clause that describes somebody who
// acts, before the act at token at: in "the junta, which seized power in May, freed
// nine" May is not when the nine at token figure were freed.
func (r *reader) descriptive(figure, at, i int) bool {
	if !r.treed() || i > at {
		return false
	}
	for range maxClimb {
		g := r.up(i)
		if g < 0 {
			return false
		}
		if r.rel(i) == "acl" && r.pos(i) == extractor.VERB && g < i {
			switch r.lemma(i) {
			case "begin", "start", "erupt", "break": // the war, which began in May, has killed
				return false
			}
			acts := r.is(g, actor) || r.rel(g) == "nsubj" || r.pos(g) == extractor.PROPN && r.doc.Tokens[g].Time < 0
			return acts && !r.under(figure, i) && !r.under(at, i) && !r.under(figure, g) && !r.is(g, event|cause|toll|noun|nominal)
		}
		i = g
	}
	return false
}
