package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Tolls: bare numbers of the dead, in sentences and in lists.

// tollOf reads a bare number that is a death toll: "the death toll … reached
// 112", "put the toll at 16", "the number of dead rose to 40".
func (r *reader) tollOf(q *extractor.Quantity, left, right int) (predicate, bool) {
	earlier := q.Counted != nil && q.Counted.End <= q.Start // the number of troops killed rose to
	if q.Counted != nil && !earlier && !r.is(r.doc.TokenAt(q.Counted.End-1), fatal) && !personal(q.Counted.Head) {
		return predicate{}, false
	}
	at, cat := -1, schemas.Killed
	for k := left - 1; k >= r.from; k-- {
		if r.is(k, toll) {
			at = k
			break
		}
		if (r.word(k) == "number" || r.word(k) == "figure" || r.word(k) == "count") && (q.Counted == nil || earlier) {
			for j := k + 1; j < k+14 && j < left && at < 0; j++ {
				for _, c := range []class{noun, state, trans, intrans} {
					if got := r.cue(j).of(c); got != "" {
						at, cat = k, got
					}
				}
				if r.word(j) == "casualties" {
					return predicate{}, false
				}
			}
			break
		}
		if r.word(k) == ";" {
			break
		}
	}
	if at >= 0 && r.reaches(at, left) {
		return predicate{category: cat, token: at, rule: "role/toll", strong: true}, true
	}
	if q.Counted == nil && r.listHead(q, left) >= 0 && r.endsItem(right) && r.listedToll(q.Sentence) {
		return predicate{category: schemas.Killed, token: -1, rule: "role/list"}, true
	}
	return predicate{}, false
}

// reaches reports whether the words between a toll at token at and a number at
// token left are a verb or preposition that gives the value.
func (r *reader) reaches(at, left int) bool {
	for k := left - 1; k > at; k-- {
		switch r.word(k) {
		case "to", "at", "of", "reached", "reaches", "reaching", "hit", "hits", "is", "was", "stands", "stood", "exceeded", "exceeds", "passed", "passes", "topped", "rises", "as", "from", "by", ":", "tops", "than", "over", "around":
			return true
		}
		if left-k > 5 {
			return false
		}
	}
	return left-at < 4
}

// endsItem reports whether an item of a list ends before token k: "North: 12; …".
func (r *reader) endsItem(k int) bool {
	switch r.word(k) {
	case ",", ";":
		return true
	}
	return k+1 >= r.to || r.pos(k) == extractor.NUM || r.pos(k) == extractor.X
}

// listedToll reports whether sentence n stands in a list under a line about the
// dead: "Confirmed death toll // North: 12 // South: 9".
func (r *reader) listedToll(n int) bool {
	for k := n; k >= 0 && k > n-20; k-- {
		s := r.doc.Sentences[k]
		if k < n && s.To-s.From > 25 {
			return false
		}
		for i := s.From; i < s.To; i++ {
			if r.cues[i].class&toll != 0 || r.cues[i].text == "dead" || r.cues[i].text == "killed" || r.cues[i].text == "tolls" || r.cues[i].text == "deaths" {
				return true
			}
		}
	}
	return false
}
