package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// share gives figures that stand in one list, "four rifles, 17 pistols and 3,000 rounds",
// the place and the time of the one before them, and parts those of their whole.
func (r *reader) share() {
	qs := r.doc.Quantities
	for i := 1; i < len(qs); i++ {
		q, p := &qs[i], &qs[i-1]
		if q.Place != nil && q.Time != nil || q.Modality != p.Modality {
			continue
		}
		whole := q.PartOf >= 0 && q.PartOf < i && qs[q.PartOf].Sentence == q.Sentence
		if whole {
			p = &qs[q.PartOf]
		} else if q.Sentence != p.Sentence {
			continue
		} else if !r.preds[i].beside && (q.Unit != p.Unit || q.Predicate != "" && q.Predicate != p.Predicate || !r.listed(p, q)) {
			continue
		}
		fired := false
		if q.Place == nil && p.Place != nil && !between(p.Place, p, q) {
			q.Place, fired = p.Place, true
			origin(q, "place", schemas.Inherited)
		}
		if q.Time == nil && p.Time != nil && (r.preds[i].beside || !r.timeBetween(p, q)) {
			q.Time, fired = p.Time, true
			origin(q, "time", schemas.Inherited)
		}
		if fired {
			q.Rules = append(q.Rules, "role/shared")
		}
	}
}

// listed reports whether nothing but nouns, commas, "and" and "of" stands between the
// figures p and q of one sentence.
func (r *reader) listed(p, q *extractor.Quantity) bool {
	const longestItem = 12
	if q.From-p.To > longestItem {
		return false
	}
	joined := false
	for k := p.To; k < q.From; k++ {
		t := &r.doc.Tokens[k]
		switch t.UPOS {
		case extractor.NOUN, extractor.PROPN, extractor.ADJ, extractor.DET, extractor.NUM, extractor.ADV:
		case extractor.CCONJ:
			joined = true
		case extractor.PUNCT:
			if r.doc.Word(k) != "," {
				return false
			}
			joined = true
		case extractor.ADP:
			switch r.doc.Word(k) {
			case "of", "than", "to", "about", "over":
			default:
				return false
			}
		default:
			return false
		}
	}
	return joined
}

// between reports whether the words of slot s stand between the figures p and q, and
// thus tell of p alone.
func between(s *extractor.Slot, p, q *extractor.Quantity) bool {
	return s.Start >= p.End && s.End <= q.Start
}

// timeBetween reports whether a time stands between the figures p and q.
func (r *reader) timeBetween(p, q *extractor.Quantity) bool {
	for k := p.To; k < q.From; k++ {
		if r.doc.Tokens[k].Time >= 0 {
			return true
		}
	}
	return false
}
