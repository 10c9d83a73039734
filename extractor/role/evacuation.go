package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// People on the move in a text that tells of an evacuation.

// evacuation reads people on the move in a text about an evacuation: "5000
// people left", "buses carrying 3000 people".
func (r *reader) evacuation(q *extractor.Quantity, left, right int) (predicate, bool) {
	if q.Counted != nil && !r.isPeople(q) || q.Counted == nil && q.Unit != schemas.UnitCount || q.Victims {
		return predicate{}, false
	}
	for k := right; k < r.to && k < right+14; k++ {
		switch r.word(k) {
		case "granted", "given":
			if r.word(k+1) == "safe" && r.word(k+2) == "passage" {
				return predicate{category: schemas.Evacuated, token: k, subject: true, passive: true, rule: "role/evacuation"}, true
			}
		case "evacuation":
			if r.word(k-1) == "for" {
				return predicate{category: schemas.Evacuated, token: k, subject: true, rule: "role/evacuation"}, true
			}
		case "transported", "bused", "bussed", "moved":
			if r.word(k+1) == "out" || r.word(k) != "moved" && r.word(k+1) != "to" {
				return predicate{category: schemas.Evacuated, token: k, subject: true, passive: true, rule: "role/evacuation"}, true
			}
		case "left", "stranded", "stuck", "waited", "departed", "boarded", "waiting":
			if r.evacuating() && r.pos(k) != extractor.ADJ {
				return predicate{category: schemas.Evacuated, token: k, subject: true, rule: "role/evacuation"}, true
			}
		case ";", ",":
			return predicate{}, false
		}
	}
	for k := left - 1; k >= r.from && k > left-3; k-- {
		switch r.word(k) {
		case "carrying", "transporting", "stranded", "stranding", "ferrying", "carried":
			if r.evacuating() {
				return predicate{category: schemas.Evacuated, token: k, rule: "role/evacuation"}, true
			}
		}
	}
	return predicate{}, false
}

// evacuating reports whether the text is about an evacuation: it says so twice.
func (r *reader) evacuating() bool {
	if r.evacuations < 0 {
		r.evacuations = 0
		for _, e := range r.cues {
			if e.lemma == "evacuate" {
				r.evacuations++
			}
		}
	}
	return r.evacuations >= 2
}
