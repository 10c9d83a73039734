package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// edges returns the tokens before which q's phrase starts and after which its
// noun ends.
func (r *reader) edges(q *extractor.Quantity) (left, right int) {
	left, right = r.doc.TokenAt(q.Phrase.Start), q.To
	if q.Counted != nil && q.Counted.Start >= q.Start && q.Counted.End <= q.Phrase.End {
		right = max(right, r.doc.TokenAt(q.Counted.End-1)+1)
	}
	if left > q.From {
		left = q.From
	}
	if q.Unit != schemas.UnitCount && q.Per == nil {
		right = max(right, r.doc.TokenAt(q.Phrase.End-1)+1)
	}
	return left, right
}

// category finds what happened to the people that q counts.
func (r *reader) category(q *extractor.Quantity) predicate {
	none := predicate{token: -1}
	if q.Unit != schemas.UnitCount && q.Unit != schemas.UnitPercent {
		return none
	}
	left, right := r.edges(q)
	if p, ok := r.countedNoun(q, left, right); ok {
		return p
	}
	if q.Counted != nil && !r.canSuffer(q) || r.opensTotal(left, right) {
		return none
	}
	p := r.around(q, left, right)
	if p.token >= 0 && r.cues[p.token].lemma == "destroy" && (q.Counted == nil || !r.isPeople(q)) {
		return none // laboratories are destroyed, but not killed
	}
	if p.category == "" {
		if a, ok := r.adjective(q); ok {
			return a
		}
		if f, ok := r.fate(q, left, right); ok {
			return f
		}
	}
	return p
}

// opensTotal reports whether the sentence opens with a total that only introduces
// its part: "Of the 88 crew, 61 were rescued".
func (r *reader) opensTotal(left, right int) bool {
	k := left - 1
	if r.pos(k) == extractor.DET || r.pronounDet(k) {
		k--
	}
	return k == r.from && r.cue(k).text == "" && (r.word(k) == "Of" || r.word(k) == "of") && r.word(right) == ","
}

// adjective reads the category from an adjective before the noun: "70 wounded
// sailors were flown out".
func (r *reader) adjective(q *extractor.Quantity) (predicate, bool) {
	if q.Counted == nil || q.Counted.End <= q.Start || !r.isPeople(q) && !r.namesPeople(q) {
		return predicate{}, false
	}
	head := r.doc.TokenAt(q.Counted.End - 1)
	for k := q.To; k < head && k < q.To+4; k++ {
		switch r.word(k) {
		case "wounded", "injured":
			return predicate{category: schemas.Injured, token: k, rule: "role/adjective"}, true
		case "dead":
			return predicate{category: schemas.Killed, token: k, rule: "role/adjective"}, true
		case "missing":
			return predicate{category: schemas.Missing, token: k, rule: "role/adjective"}, true
		case "displaced":
			return predicate{category: schemas.Displaced, token: k, rule: "role/adjective"}, true
		case "detained", "captured", "imprisoned", "jailed":
			return predicate{category: schemas.Detained, token: k, rule: "role/adjective"}, true
		case "kidnapped", "abducted":
			return predicate{category: schemas.Abducted, token: k, rule: "role/adjective"}, true
		}
	}
	return predicate{}, false
}

// around reads the category from the verbs and nouns around the phrase.
func (r *reader) around(q *extractor.Quantity, left, right int) predicate {
	none := predicate{token: -1}
	before, ok := r.leftPredicate(q, left, right)
	if ok && before.rule == "role/object" { // killing dozens of people evacuated from the town
		return before
	}
	if p, ok := r.rightPredicate(q, right); ok {
		return p
	}
	if ok {
		return before
	}
	if p, ok := r.tollOf(q, left, right); ok {
		return p
	}
	if p, ok := r.evacuation(q, left, right); ok {
		return p
	}
	return none
}

// countedNoun reads the category from the noun itself: "100 bodies", "12 deaths".
func (r *reader) countedNoun(q *extractor.Quantity, left, right int) (predicate, bool) {
	if q.Counted == nil {
		return predicate{}, false
	}
	h := r.doc.TokenAt(q.Counted.End - 1)
	if h >= r.to || h < r.from {
		return predicate{}, false
	}
	if p, ok := r.cases(q, h); ok {
		return p, true
	}
	e := r.cues[h]
	if e.class&noun == 0 {
		return predicate{}, false
	}
	c := e.of(noun)
	switch c {
	case schemas.Injured: // three of the injured died
		if p, ok := r.rightPredicate(q, right); ok && p.category == schemas.Killed {
			return p, true
		}
	case schemas.Evacuated, schemas.Abducted, schemas.Detained, schemas.Displaced:
		// Evacuees may be killed, hostages released: the verb is stronger.
		if p, ok := r.rightPredicate(q, right); ok {
			return p, true
		}
		if p, ok := r.leftPredicate(q, left, right); ok {
			return p, true
		}
	case schemas.Killed:
		if r.handedOver(h) {
			return predicate{token: -1}, true
		}
	}
	return predicate{category: c, token: h, subject: true, rule: "role/noun", strong: true}, true
}

// handedOver reports whether bodies at token h change hands and are no toll.
func (r *reader) handedOver(h int) bool {
	for i := r.from; i < r.to; i++ {
		switch r.word(i) {
		case "handed", "hand", "handing", "returned", "return", "returning", "exchange", "exchanged", "remains", "received":
			return true
		}
	}
	return h < 0
}
