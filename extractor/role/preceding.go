package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// What comes before a figure and says what happened to those counted: "killing at least
// 12", "the deaths of 40 miners".

// leftPredicate reads the verb or noun before the phrase: "killing at least 12",
// "the deaths of 40 miners".
func (r *reader) leftPredicate(q *extractor.Quantity, left, right int) (predicate, bool) {
	for k := left - 1; k >= r.from && k > left-8; k-- {
		e, w := r.cue(k), r.word(k)
		if p, ok := r.outcome(q, k, right); ok {
			return p, true
		}
		if e.class&trans != 0 && (r.pos(k) != extractor.NOUN || k == left-1) && e.text != "lives" && !r.is(k, toll) {
			if r.passive(k) && !r.activeAnyway(k) {
				return predicate{}, false
			}
			if e.text == "pulled" && !r.rescueFrom(k) || e.text == "rounded" && r.word(k+1) != "up" || e.text == "burned" || e.text == "saved" && q.Unit != schemas.UnitCount {
				return predicate{}, false
			}
			v := r.firstOfPair(k)
			return predicate{category: r.cue(v).of(trans), token: v, rule: "role/object", strong: true}, true
		}
		switch w {
		case "of", "to", "for":
			if p, ok := r.nominalBefore(k); ok {
				return p, true
			}
			return predicate{}, false
		case "were", "was", "are", "is": // among those injured were two drivers
			if f := r.cue(k - 1); k == left-1 || r.word(k+1) == "the" {
				for _, c := range []class{trans, state, noun} {
					if cat := f.of(c); cat != "" && r.word(k-1) != "lives" {
						return predicate{category: cat, token: k - 1, subject: true, passive: true, rule: "role/inverted", strong: true}, true
					}
				}
			}
			return predicate{}, false
		case "than", "at", "least", "about", "some", "an", "a", "the", "another", "estimated", "as", "many", "up", "further", "additional", "nearly", "around", "over", "more",
			"mostly", "almost", "all", "total", "two", "both", "other", "\"", "“", "fewer", "possibly", "perhaps", "reportedly", "also", "those", "these", "its", "their":
			continue
		case "dead":
			if r.word(k-1) == "shot" {
				return predicate{category: schemas.Killed, token: k - 1, rule: "role/object", strong: true}, true
			}
		case "hostage":
			return predicate{category: schemas.Abducted, token: k, rule: "role/object", strong: true}, r.word(k-1) == "taking" || r.word(k-1) == "took"
		}
		if r.pos(k) == extractor.ADV || r.pos(k) == extractor.SYM {
			continue
		}
		return predicate{}, false
	}
	return predicate{}, false
}

// outcome reads verbs whose meaning the words after the object complete: "forced
// 600 from their homes", "stabbed two men to death", "pulled 14 miners out".
func (r *reader) outcome(q *extractor.Quantity, k, right int) (predicate, bool) {
	if r.passive(k) {
		return predicate{}, false
	}
	switch r.word(k) {
	case "forced", "forcing", "forces", "drove", "driving", "drives", "driven":
		for j := right; j < right+6; j++ {
			switch r.word(j) {
			case "homes", "houses", "flee":
				return predicate{category: schemas.Displaced, token: k, rule: "role/object", strong: true}, true
			case ",", ";", ".":
				return predicate{}, false
			}
		}
	case "stabbed", "stabbing", "beat", "beating", "hacked", "hacking", "shot", "trampled", "crushed", "clubbed", "bludgeoned":
		if r.word(right) == "to" && r.word(right+1) == "death" {
			return predicate{category: schemas.Killed, token: k, rule: "role/object", strong: true}, true
		}
	case "pulled", "pulling", "dragged", "plucked":
		if q.Counted != nil && (r.word(right) == "out" || r.word(right) == "from") {
			return predicate{category: schemas.Rescued, token: k, rule: "role/object", strong: true}, true
		}
	}
	return predicate{}, false
}

// activeAnyway reports whether a verb with a form of "be" and an object is a
// misread active one.
func (r *reader) activeAnyway(k int) bool { return r.tag(k) == "VBG" || ending(r.cue(k).text, "ing") }

// firstOfPair returns the first of two verbs that share an object: "killing and
// wounding dozens" counts as killed.
func (r *reader) firstOfPair(k int) int {
	j := k - 1
	if w := r.word(j); w == "and" || w == "or" || w == "," || w == "/" {
		j--
	}
	if r.is(j, trans) && r.pos(j) != extractor.NOUN && !r.objectAfter(j+1) {
		return j
	}
	return k
}

// nominalBefore reads "the deaths of", "injuries to", "claimed the lives of"
// before the preposition at token k.
func (r *reader) nominalBefore(k int) (predicate, bool) {
	j := k - 1
	e := r.cue(j)
	switch {
	case e.text == "lives" && r.word(k) == "of":
		return predicate{category: schemas.Killed, token: j, rule: "role/nominal", strong: true}, true
	case e.class&nominal != 0 && (r.word(k) == "of" || e.of(nominal) == schemas.Injured && r.word(k) == "to"):
		if e.text == "bodies" && r.handedOver(j) {
			return predicate{}, false
		}
		return predicate{category: e.of(nominal), token: j, rule: "role/nominal", strong: true}, true
	}
	return predicate{}, false
}
