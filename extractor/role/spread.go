package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Categories that go from one figure of a sentence to another.

// spread hands categories on from wholes to parts and along lists: "112 people,
// including 68 children", "two soldiers and a policeman were killed".
func (r *reader) spread(i, j int) {
	qs := r.doc.Quantities
	for k := i; k < j; k++ {
		if w := qs[k].PartOf; w >= i && w < j && r.preds[w].category != "" && r.preds[k].category != "" && r.preds[k].token >= 0 && r.tag(r.preds[k].token) == "VBG" {
			r.preds[k] = r.preds[w] // killed 14, including three children fleeing the fire
			r.preds[k].rule = "role/part"
		}
		if r.preds[k].category != "" || qs[k].Unit != schemas.UnitCount && !(qs[k].Unit == schemas.UnitPercent) {
			continue
		}
		if w := qs[k].PartOf; w >= i && w < j && r.preds[w].category != "" && (qs[k].Counted == nil || r.canSuffer(&qs[k])) {
			r.preds[k] = r.preds[w]
			r.preds[k].rule = "role/part"
			continue
		}
		if k > i && r.preds[k-1].category == schemas.Injured && r.pos(qs[k].To) == extractor.ADV && (r.pos(qs[k].To+1) == extractor.PUNCT || r.pos(qs[k].To+1) == extractor.CCONJ) {
			r.preds[k] = r.preds[k-1] // 100 were hurt, five seriously
			r.preds[k].rule = "role/list"
			if r.word(qs[k].To) == "fatally" {
				r.preds[k].category = schemas.Killed
			}
			continue
		}
		if k > i && r.preds[k-1].category != "" && qs[k].Unit == schemas.UnitCount && r.goesOnElsewhere(&qs[k-1], &qs[k], &r.preds[k-1]) {
			r.preds[k] = r.preds[k-1]
			r.preds[k].rule = "role/list"
			continue
		}
		if k == i && k > 0 && qs[k].Unit == schemas.UnitCount && qs[k].Counted == nil && qs[k-1].Category != "" && qs[k].Sentence-qs[k-1].Sentence <= 2 && r.putsNumber(&qs[k]) {
			r.preds[k].category, r.preds[k].rule = qs[k-1].Category, "role/toll"
			continue
		}
		if k > i && r.preds[k-1].category != "" && qs[k].Unit == schemas.UnitCount && qs[k].Counted == nil && r.putsNumber(&qs[k]) {
			r.preds[k].category, r.preds[k].rule = r.preds[k-1].category, "role/toll"
			continue
		}
		if k > i && r.preds[k-1].category != "" && qs[k].Unit == schemas.UnitCount && r.listedWith(&qs[k-1], &qs[k]) && (qs[k].Counted == nil && r.bareEnd(&qs[k]) || qs[k].Counted != nil && r.canSuffer(&qs[k])) {
			r.preds[k] = r.preds[k-1]
			r.preds[k].rule = "role/list"
		}
	}
	for k := j - 2; k >= i; k-- { // two soldiers and a policeman were killed
		if r.preds[k].category == "" && r.preds[k+1].category != "" && r.preds[k+1].subject && qs[k].Unit == schemas.UnitCount && qs[k+1].PartOf != k &&
			r.listedWith(&qs[k], &qs[k+1]) && qs[k].Counted != nil && r.canSuffer(&qs[k]) {
			r.preds[k] = r.preds[k+1]
			r.preds[k].rule = "role/list"
		}
	}
}

// goesOnElsewhere reports whether q, which has no noun of its own, only goes on with p for
// another place or time: "killed 50,000 people in X and 7,000 in Y", "four died at once
// and two on the way".
func (r *reader) goesOnElsewhere(p, q *extractor.Quantity, said *predicate) bool {
	if q.Counted != nil && q.Counted.Start >= q.Start || r.pos(q.To) != extractor.ADP || r.word(q.To) == "of" || r.word(q.To) == "per" {
		return false
	}
	_, right := r.edges(p)
	left, _ := r.edges(q)
	if v := said.token + 1; said.subject && v > right && v < left {
		right = v
	}
	if left <= right+1 || left-right > 9 || r.word(left-1) != "and" && r.word(left-1) != "," && r.word(left-1) != "or" || r.pos(right) != extractor.ADP {
		return false
	}
	for k := right; k < left-1; k++ {
		switch r.pos(k) {
		case extractor.ADP, extractor.PROPN, extractor.DET, extractor.ADJ, extractor.NOUN, extractor.NUM, extractor.ADV:
		default:
			return false
		}
	}
	return true
}

// putsNumber reports whether q is what somebody puts a count at that the sentence has
// spoken of: "23 were detained; a watchdog put the number at more than 80".
func (r *reader) putsNumber(q *extractor.Quantity) bool {
	i := r.doc.TokenAt(q.Phrase.Start) - 1
	if r.word(i) != "at" || r.word(i-2) != "the" {
		return false
	}
	switch r.word(i - 1) {
	case "number", "figure", "count", "total":
	default:
		return false
	}
	switch r.lemma(i - 3) {
	case "put", "puts", "estimate":
		return true
	}
	return false
}

// bareEnd reports whether nothing of its own is said about the bare number q.
func (r *reader) bareEnd(q *extractor.Quantity) bool {
	return r.pos(q.To) == extractor.PUNCT || r.pos(q.To) == extractor.ADV || r.pos(q.To) == extractor.ADP || q.To >= r.to
}

// listedWith reports whether only "and" or a comma stands between p and q.
func (r *reader) listedWith(p, q *extractor.Quantity) bool {
	_, right := r.edges(p)
	left, _ := r.edges(q)
	if right > left || left-right > 4 || right == left && left == q.From {
		return false
	}
	for k := right; k < left; k++ {
		switch r.word(k) {
		case "and", ",", "as", "well", "or", "plus", "at", "least", "more", "than", "about", "up", "to":
		default:
			return false
		}
	}
	return true
}
