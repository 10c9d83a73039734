package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// measure sets the measure of the registry that the figure is about.
func (r *reader) measure(q *extractor.Quantity, p *predicate) {
	q.Measure = schemas.OtherMeasure
	if q.Category != "" {
		q.Measure = "person-" + string(q.Category)
		return
	}
	dim, ok := schemas.UnitDimension(q.Unit)
	if !ok {
		return
	}
	if q.Counted != nil {
		for i := r.doc.TokenAt(q.Counted.Start); i < r.to && r.doc.Tokens[i].Start < q.Counted.End; i++ {
			if id := r.measureOf(i, dim, "counted"); id != "" && (id != "transport-enter" || r.moves(p)) && (id != "remains-handed-over" || r.handedOver(i)) {
				q.Measure = id
				return
			}
		}
	}
	if p.token >= 0 {
		if id := r.measureOf(p.token, dim, "verb"); id != "" {
			q.Measure = id
			return
		}
	}
	if dim == schemas.DimCount && r.remainsBefore(q) {
		q.Measure = "remains-handed-over"
		return
	}
	// The nearest cue before, then after the figure.
	left, right := r.edges(q)
	for k := left - 1; k >= r.from && k > left-7; k-- {
		if id := r.measureOf(k, dim, "any"); id != "" {
			q.Measure = id
			return
		}
	}
	for k := right; k < r.to && k < right+4; k++ {
		if id := r.measureOf(k, dim, "any"); id != "" {
			q.Measure = id
			return
		}
	}
}

// measureOf returns the measure that the word at token i speaks for.
func (r *reader) measureOf(i int, dim schemas.Dimension, where string) string {
	for _, m := range r.cue(i).measures {
		if (m.dim == dim || m.dim == schemas.DimAny && dim == schemas.DimCount) && (m.where == where || m.where == "any") {
			return m.id
		}
	}
	return ""
}

// moves reports whether the predicate is one of entering or delivery.
func (r *reader) moves(p *predicate) bool {
	if p.token < 0 {
		return false
	}
	switch r.lemma(p.token) {
	case "enter", "allow", "cross", "arrive", "deliver", "send", "bring", "reach", "pass", "let", "permit", "carry", "move":
		return true
	}
	return false
}

// listing reports whether q stands in a table of results or a line in capitals, so
// that the word after it is no noun that it counts: "City 0 Wanderers 0".
func (r *reader) listing(q *extractor.Quantity) bool {
	head := r.doc.TokenAt(q.Counted.End - 1)
	if head < r.from || head >= r.to {
		return false
	}
	w := r.word(head)
	if w[0] < 'A' || w[0] > 'Z' {
		return false
	}
	if n := r.doc.Tokens[head].Name; n >= 0 && r.doc.Names[n].Type == schemas.Group {
		return false
	}
	if len(w) > 2 && w == strings.ToUpper(w) && r.capitals() {
		return true
	}
	for i := r.from; i < r.to; i++ {
		if p := r.pos(i); p == extractor.VERB && r.tag(i) != "VBG" || p == extractor.AUX {
			return false
		}
	}
	return true
}

// capitals reports whether most words of the sentence are in capitals.
func (r *reader) capitals() bool {
	all, high := 0, 0
	for i := r.from; i < r.to; i++ {
		if w := r.word(i); len(w) > 2 && (w[0]|0x20) >= 'a' && (w[0]|0x20) <= 'z' {
			all++
			if w[1] >= 'A' && w[1] <= 'Z' {
				high++
			}
		}
	}
	return 2*high > all
}

func (r *reader) remainsBefore(q *extractor.Quantity) bool {
	left, _ := r.edges(q)
	return r.word(left-1) == "of" && (r.word(left-2) == "remains" || r.word(left-2) == "bodies") && r.handedOver(left-2)
}

// confidence says how likely value, noun and category are right. The figures are
// shares of right claims on development articles by what was found, pulled towards
// the mean where there were few.
func (r *reader) confidence(q *extractor.Quantity, p *predicate) {
	if q.Confidence < 0.5 { // the number itself is unsure
		return
	}
	var c float64
	d, _ := schemas.UnitDimension(q.Unit)
	switch counted := q.Counted != nil; {
	case q.Category != "" && counted:
		c = 0.96
	case q.Category != "":
		c = 0.92
	case q.Unit == schemas.UnitCount && counted:
		c = 0.94
	case q.Unit == schemas.UnitCount:
		c = 0.16
	case d == schemas.DimPercent && counted:
		c = 0.92
	case d == schemas.DimPercent:
		c = 0.4
	case d == schemas.DimMoney && counted:
		c = 0.87
	case d == schemas.DimMoney:
		c = 0.71
	case counted:
		c = 0.93
	default:
		c = 0.68
	}
	for _, id := range q.Rules {
		switch id {
		case "quantity/change":
			c -= 0.06
		case "role/noun":
			c -= 0.1
		case "role/toll", "role/reduced":
			c -= 0.05
		case "quantity/vague", "quantity/rate":
			c -= 0.03
		case categoryRule:
			c -= 0.05
		case agreedRule: // tree and patterns err on different sentences
			if q.Category != "" {
				c += 0.02
			}
		case disputedRule:
			if q.Category != "" {
				c -= 0.02
			}
		}
	}
	if q.Category != "" && !p.strong {
		c -= 0.04
	}
	if q.Counted != nil && r.listing(q) {
		c = min(c, 0.4)
	}
	q.Confidence = float64(int(max(0.05, c)*100+0.5)) / 100
}
