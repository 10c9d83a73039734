package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// uninvolved reports whether whom q has for its agent does nothing to what it counts:
// the people counted themselves, or those who only see, ask for or foretell it.
func (r *reader) uninvolved(q *extractor.Quantity, p *predicate) bool {
	a := q.Agent
	if a.Entity < 0 && (a.Overlaps(q.Phrase) || q.Counted != nil && a.Overlaps(q.Counted.Span)) {
		return true
	}
	if q.Category == schemas.Killed || q.Category == schemas.Injured || q.Category == schemas.Missing {
		return p.token >= 0 && r.lemma(p.token) == "lose" || rescues(r.lower(r.doc.TokenAt(a.End-1)))
	}
	if q.Category != "" {
		return false
	}
	if a.Entity < 0 {
		i := r.doc.TokenAt(a.End - 1)
		switch r.lower(i) {
		case "analysts", "analyst", "economists", "economist", "forecasters":
			return true
		}
		if q.Predicate == "get" || q.Predicate == "compare" {
			return true
		}
	}
	switch q.Predicate {
	case "see", "spot", "watch", "notice", "witness":
		return true
	case "ask", "appeal", "urge", "plead":
		return p.token >= 0 && !r.passive(p.token)
	}
	return false
}

// rescues reports whether w is a noun for those who find, save and heal, and harm nobody.
func rescues(w string) bool {
	switch w {
	case "rescuers", "rescuer", "firefighters", "medics", "paramedics", "doctors", "nurses", "surgeons", "divers", "lifeguards", "volunteers", "villagers", "coastguard":
		return true
	}
	return false
}
