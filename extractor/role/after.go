package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// What comes after a figure and says what happened to those counted: "112 people were
// killed", "16 dead", "40 others injured".

// rightPredicate reads the verb or state after the noun: "112 people were
// killed", "16 dead", "40 others injured".
func (r *reader) rightPredicate(q *extractor.Quantity, right int) (predicate, bool) {
	left, _ := r.edges(q)
	be, have, verbs := false, false, false
	near := true
	for k := right; k < r.to && k < right+32; k++ {
		w := r.word(k)
		t := &r.doc.Tokens[k]
		if t.Time >= 0 {
			near = false
			continue
		}
		if p, ok, told := r.idiom(k, be, near); told {
			return p, ok
		}
		switch w {
		case "others", "other", "more", "people", "reportedly", "also", "all", "both", "themselves", "each", "now", "still", "have", "has", "had", "having", "of", "them":
			if w == "have" || w == "has" || w == "had" {
				have = true
			}
			if w == "of" && (r.word(k+1) == "whom" || r.word(k+1) == "which") {
				return predicate{}, false
			}
			continue
		case "is", "are", "was", "were", "be", "been", "being", "got":
			be = true
			continue
		case "feared", "confirmed", "believed", "reported", "presumed", "left", "declared", "pronounced", "found", "listed", "counted", "thought", "said", "known", "shot":
			if c, ok := r.stateAt(k+1, be); ok {
				return predicate{category: c, token: k + 1, subject: true, passive: true, rule: "role/state", strong: true}, true
			}
			if w == "shot" && be {
				return predicate{category: schemas.Killed, token: k, subject: true, passive: true, rule: "role/passive"}, r.word(k+1) == "dead"
			}
			if w == "found" && be && r.word(k+1) == "guilty" || w == "said" {
				return predicate{}, false
			}
			if be || near {
				continue
			}
			return predicate{}, false
		case "among":
			if be || near {
				for j := k + 1; j < r.to && j < k+9; j++ {
					if f := r.cue(j); f.class&(state|noun|trans) != 0 {
						for _, c := range []class{trans, state, noun} {
							if cat := f.of(c); cat != "" {
								return predicate{category: cat, token: j, subject: true, passive: true, rule: "role/among", strong: true}, true
							}
						}
					}
					if r.pos(j) == extractor.VERB && r.word(j) != "confirmed" {
						break
					}
				}
				return predicate{}, false
			}
		case ",":
			j := r.closing(k)
			if j < 0 {
				return predicate{}, false
			}
			k = j
			near = false
			continue
		case "(":
			for k < r.to && r.word(k) != ")" {
				k++
			}
			continue
		case "who", "that":
			if near {
				if p, ok := r.relativeClause(k); ok {
					return p, true
				}
			}
			near = false
			k = r.relativeEnd(k)
			continue
		case "and", "or":
			j := r.coordinated(k)
			if c := r.chunk(left) - 1; j < 0 || k > right && r.kind(c) == vg && r.finite(c) && r.pos(k-1) == extractor.ADV { // we had 40 people here and men were dying
				return predicate{}, false
			}
			k, near = j-1, false
			continue
		case "including":
			// 5000 people including civilians were killed
			near = false
			continue
		case ";", ":", ".", "-", "–", "\"", "”", "while", "when", "as", "but", "because", "which", "whose", "where", "after", "before", "since":
			if w == "as" && r.word(k+1) == "well" {
				continue
			}
			if (w == "-" || w == "\"" || w == "”") && (r.glued(k) || w != "-") && near {
				continue
			}
			return predicate{}, false
		}
		if c, ok := r.verbAt(k, be, have, near, verbs); ok {
			if c.category == "" {
				return predicate{}, false
			}
			return c, true
		}
		switch t.UPOS {
		case extractor.AUX, extractor.ADV, extractor.PART:
			continue
		case extractor.VERB:
			if be || have {
				return predicate{}, false
			}
			if r.tag(k) == "VBG" || r.tag(k) == "VBN" || r.tag(k) == "VBD" && r.prepositionAfter(k+1) {
				verbs, near = true, false
				continue
			}
			return predicate{}, false
		default:
			if be || have && t.UPOS != extractor.ADJ {
				if !be && t.UPOS != extractor.ADJ {
					return predicate{}, false
				}
				if t.UPOS == extractor.NOUN || t.UPOS == extractor.PROPN || t.UPOS == extractor.ADP {
					return predicate{}, false
				}
			}
			near = false
		}
	}
	return predicate{}, false
}

// verbAt reads a word of the category tables at token k.
func (r *reader) verbAt(k int, be, have, near, verbs bool) (predicate, bool) {
	e := r.cue(k)
	p := predicate{token: k, subject: true, strong: near || be}
	switch {
	case e.class&trans != 0 && e.text != "lives" && r.pos(k) != extractor.NOUN || e.class&trans != 0 && (r.tag(k) == "VBN" || r.tag(k) == "VBD"):
		switch {
		case r.tag(k) == "VBG" || ending(e.text, "ing"), r.tag(k) == "VB" && !be, r.tag(k) == "VBZ":
			if be && ending(e.text, "ing") && r.word(k-1) != "being" {
				return predicate{}, true
			}
			if near || ending(e.text, "ing") {
				return predicate{}, true
			}
			return predicate{}, false
		case be:
			if e.text == "freed" && r.word(k+1) == "from" && r.rescueFrom(k) {
				p.passive, p.category, p.rule = true, schemas.Rescued, "role/passive"
				return p, true
			}
			if e.text == "pulled" && !r.rescueFrom(k) || e.text == "buried" && r.pos(k+1) == extractor.ADP && r.word(k+1) == "under" {
				return predicate{}, true
			}
			p.passive, p.category, p.rule = true, e.of(trans), "role/passive"
			return p, true
		case have:
			return predicate{}, true
		case r.objectAfter(k + 1):
			return predicate{}, true // they killed somebody
		case verbs:
			return predicate{}, false
		case e.text == "pulled" || e.text == "rounded" || e.text == "burned" || e.text == "saved" || e.text == "buried":
			return predicate{}, true
		}
		p.passive, p.category, p.rule = true, e.of(trans), "role/reduced"
		return p, true
	case e.class&intrans != 0 && r.pos(k) != extractor.NOUN:
		if verbs && !ending(e.text, "ed") {
			return predicate{}, false
		}
		p.category, p.rule = e.of(intrans), "role/intransitive"
		return p, true
	case e.class&state != 0 && (near || be):
		if r.pos(k+1) == extractor.NOUN && !r.is(k+1, state) {
			return predicate{}, false
		}
		p.passive, p.category, p.rule = true, e.of(state), "role/state"
		return p, true
	}
	return predicate{}, false
}

// stateAt reports whether token k, past adverbs, says what state victims are in.
func (r *reader) stateAt(k int, be bool) (schemas.Category, bool) {
	for r.pos(k) == extractor.ADV || r.word(k) == "be" || r.word(k) == "to" || r.word(k) == "been" || r.word(k) == "have" {
		k++
	}
	e := r.cue(k)
	if c := e.of(state); c != "" {
		return c, true
	}
	if c := e.of(trans); c != "" && r.word(k) != "lives" && !r.objectAfter(k+1) {
		return c, true
	}
	return "", false
}

func (r *reader) prepositionAfter(k int) bool {
	return r.pos(k) == extractor.ADP
}

func (r *reader) rescueFrom(k int) bool {
	for j := k + 1; j < k+5; j++ {
		switch r.word(j) {
		case "alive", "rubble", "wreckage", "wreck", "water", "safety", "debris", "train", "building", "ruins", "mine", "cave", "car", "vehicle", "boat", "ship", "snow":
			return true
		}
	}
	return false
}

func ending(w, s string) bool { return len(w) > len(s)+1 && w[len(w)-len(s):] == s }

// objectAfter reports whether an object starts at token k, so that the verb
// before it is active.
func (r *reader) objectAfter(k int) bool {
	t := r.pos(k)
	if r.doc.Tokens[min(k, r.to-1)].Time >= 0 {
		return false
	}
	switch r.word(k) {
	case "at":
		return r.word(k+1) == "least"
	case "more", "up", "some", "about", "around", "nearly", "over", "dozens", "hundreds":
		return r.pos(k+1) == extractor.NUM || r.word(k+1) == "than" && r.pos(k+2) == extractor.NUM
	}
	switch t {
	case extractor.NUM, extractor.DET, extractor.PRON, extractor.NOUN, extractor.ADJ:
		return !r.is(k, state) && r.word(k) != "all" && !(t == extractor.PRON && r.is(k, relative)) && r.word(k) != "each"
	case extractor.PROPN:
		return !r.is(k+1, say) && !r.is(k+2, say)
	}
	return false
}

// closing returns the comma that ends the aside opened by the comma at token k,
// if a predicate follows it; -1 otherwise.
func (r *reader) closing(k int) int {
	switch r.word(k + 1) {
	case "including", "among", "most", "mostly", "many", "some", "all", "both", "half", "one", "two", "three", "with", "or", "aged", "mainly", "majority", "nearly", "almost", "at":
	default:
		if r.pos(k+1) != extractor.NUM && r.pos(k+1) != extractor.NOUN && r.pos(k+1) != extractor.DET {
			return -1
		}
	}
	for j := k + 1; j < r.to && j < k+22; j++ {
		if r.word(j) != "," {
			if r.word(j) == ";" {
				return -1
			}
			continue
		}
		if p := r.pos(j + 1); p == extractor.AUX || r.is(j+1, trans|intrans|state) && !r.objectAfter(j+2) {
			return j
		}
	}
	return -1
}

// coordinated follows "and" at token k over a further noun phrase to the token
// after it, -1 if something else follows.
func (r *reader) coordinated(k int) int {
	j := k + 1
	if r.is(j, trans|intrans) && r.pos(j) == extractor.VERB && r.word(k) == "and" {
		return j // 12 killed and injured: the second word decides nothing
	}
	for ; j < r.to && j < k+12; j++ {
		switch r.pos(j) {
		case extractor.DET, extractor.ADJ, extractor.NOUN, extractor.PROPN, extractor.NUM, extractor.PRON:
			if r.is(j, state|noun) && r.pos(j) == extractor.ADJ {
				return j
			}
			continue
		case extractor.ADV:
			continue
		case extractor.ADP:
			if j > k+1 || r.word(j) == "at" || r.word(j) == "about" || r.word(j) == "over" || r.word(j) == "up" || r.word(j) == "around" {
				continue
			}
			return -1
		case extractor.AUX:
			return j
		case extractor.VERB:
			if r.is(j, trans|intrans) && !r.objectAfter(j+1) {
				return j
			}
			return -1
		}
		if r.word(j) == "-" || r.word(j) == "," || r.possessive(j) {
			continue
		}
		return -1
	}
	return -1
}

// relativeClause reads "who were killed", "who died" at token k.
func (r *reader) relativeClause(k int) (predicate, bool) {
	be, have := false, false
	for j := k + 1; j < r.to && j < k+7; j++ {
		switch r.word(j) {
		case "is", "are", "was", "were", "be", "been", "being":
			be = true
			continue
		case "have", "has", "had":
			have = true
			continue
		}
		if p, ok := r.verbAt(j, be, have, !be, false); ok {
			return p, p.category != ""
		}
		if r.pos(j) != extractor.ADV && r.pos(j) != extractor.AUX {
			return predicate{}, false
		}
	}
	return predicate{}, false
}

// relativeEnd returns the last token of the relative clause at token k: before
// the second verb group.
func (r *reader) relativeEnd(k int) int {
	seen := false
	for c := r.chunk(k) + 1; c < len(r.chunks); c++ {
		if r.chunks[c].kind != vg {
			continue
		}
		if seen && r.kind(c-1) != conj && r.kind(c-1) != sub && (r.tag(r.verb(c)) != "VBG" || r.pos(r.chunks[c].from) == extractor.AUX) {
			return r.chunks[c].from - 1
		}
		seen = true
	}
	return r.to
}
