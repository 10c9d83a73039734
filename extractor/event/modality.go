package event

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// modality reads in which sense the verb at token v of group c is said; false if
// it is not said to happen at all: "in Cairo to meet X" may come to nothing.
func (r *reader) modality(c, v int) (schemas.Modality, bool) {
	m := schemas.Asserted
	negated := false
	for i := r.first(c); i < v; i++ {
		switch a := r.lex(i).aux; {
		case a == schemas.Negated:
			negated = !negated
		case a != "":
			m = a
		}
	}
	if governor, ok := r.governor(c, v); ok {
		g := r.lex(governor).control
		if g == "" {
			return "", false
		}
		switch {
		case g == schemas.Negated:
			negated = !negated
		case g != schemas.Asserted:
			m = g
		}
	}
	if r.conditional(c) {
		m = schemas.Possible
	}
	if negated {
		return schemas.Negated, true
	}
	return m, true
}

// governor returns the word that governs the infinitive at token v; false if v is
// none.
func (r *reader) governor(c, v int) (int, bool) {
	to := v - 1
	for to > r.from && (r.pos(to) == extractor.ADV || r.pos(to) == extractor.AUX && r.is(to, "be")) {
		to--
	}
	if !r.is(to, "to") || to < r.first(c) {
		return 0, false
	}
	g := to - 1
	for g > r.from && r.pos(g) == extractor.ADV && r.lex(g).control == "" {
		g--
	}
	return g, true
}

// conditional reports whether the clause of group c is under "if".
func (r *reader) conditional(c int) bool {
	for k := c - 1; k >= max(0, c-maxReach); k-- {
		switch r.kind(k) {
		case sub:
			return r.lex(r.first(k)).condition
		case vg, edge:
			return false
		}
	}
	return false
}

// passive reports whether the verb at token v of group c has a form of "be" before
// it.
func (r *reader) passive(c, v int) bool {
	if t := r.tag(v); t != "VBN" && t != "VBD" {
		return false
	}
	for i := v - 1; i >= r.first(c) && (r.pos(i) == extractor.AUX || r.pos(i) == extractor.ADV || r.pos(i) == extractor.PART); i-- {
		if r.toBe(i) {
			return true
		}
	}
	return false
}

func (r *reader) toBe(i int) bool {
	switch r.doc.Word(i) {
	case "is", "are", "was", "were", "be", "been", "being", "'s", "’s", "'re", "’re", "Was", "Were":
		return true
	}
	return false
}

// perfect reports whether a form of "have" stands before the verb at token v.
func (r *reader) perfect(c, v int) bool {
	for i := r.first(c); i < v; i++ {
		switch r.doc.Word(i) {
		case "has", "have", "had", "having", "'ve", "’ve", "'s", "’s", "'d", "’d":
			return true
		}
	}
	return false
}

// progressive reports whether the -ing form at token v is the verb of a clause:
// "is meeting".
func (r *reader) progressive(c, v int) bool {
	for i := r.first(c); i < v; i++ {
		if r.toBe(i) {
			return true
		}
	}
	return false
}
