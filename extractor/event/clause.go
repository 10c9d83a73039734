package event

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// maxDepth bounds how many coordinated verbs are followed to their subject.
const maxDepth = 4

// maxReach bounds the chunks searched on either side of a verb.
const maxReach = 40

// subject returns who is the subject of the verb group c; nil if it is unclear.
func (r *reader) subject(c, depth int) []extractor.Slot {
	if depth > maxDepth {
		return nil
	}
	if r.is(r.first(c), "to") { // is due to meet
		return r.raised(c, depth)
	}
	s := c - 1
	plain := true // no comma yet
	for s >= max(0, c-maxReach) && r.inClause(s) && !(plain && r.subordinates(s)) {
		plain = plain && r.kind(s) != comma
		s--
	}
	if s >= 0 && s < c-maxReach {
		return nil
	}
	start := s + 1
	seam := c - 1 // last chunk of the region that is no time or adverb
	for seam >= start && (r.kind(seam) == when || r.kind(seam) == aside) {
		seam--
	}
	switch r.kind(s) {
	case sub:
		if seam < start {
			return r.antecedent(s)
		}
	case vg:
		switch {
		case seam < start:
			return nil
		case r.kind(seam) == conj:
			return r.subject(s, depth+1) // met X and attacked
		case r.kind(seam) == comma:
			return r.resumed(s) // X, who backs Y, attacked
		case !r.lex(r.head(s)).say:
			return nil
		}
	}
	return r.firstOf(start, c)
}

// subordinates reports whether the preposition that ends chunk c opens a clause if a verb
// follows without a comma: "two days after a delegation met".
func (r *reader) subordinates(c int) bool {
	if r.kind(c) != prep && r.kind(c) != when || r.kind(c+1) != np {
		return false
	}
	switch w := r.last(c); {
	case r.is(w, "after"), r.is(w, "before"), r.is(w, "until"), r.is(w, "as"), r.is(w, "while"), r.is(w, "since"):
		return true
	}
	return false
}

func (r *reader) inClause(c int) bool {
	switch r.kind(c) {
	case np, prep, comma, conj, when, aside:
		return true
	}
	return false
}

// firstOf returns the subject list of a clause that starts at chunk start: its
// first noun phrase after introductory phrases.
func (r *reader) firstOf(start, end int) []extractor.Slot {
	for start < end {
		switch r.kind(start) {
		case conj, comma, when, aside:
			start++
		case prep: // "In Cairo, "; without a comma it is unclear where it ends
			if r.kind(start+1) == when {
				start += 2
				continue
			}
			for start < end && r.kind(start) != comma {
				start++
			}
		case np:
			return r.list(start, end)
		default:
			return nil
		}
	}
	return nil
}

// antecedent returns whom the relative pronoun at chunk s stands for.
func (r *reader) antecedent(s int) []extractor.Slot {
	switch r.doc.Word(r.first(s)) {
	case "who", "which", "that":
	default:
		return nil
	}
	k := s - 1
	if r.kind(k) == comma {
		k--
	}
	if slot, ok := r.slot(k); ok && r.kind(k-1) != conj {
		return []extractor.Slot{slot}
	}
	return nil
}

// resumed returns the subject of a verb after a relative clause whose verb is
// group w: "X, who backs Y, attacked".
func (r *reader) resumed(w int) []extractor.Slot {
	k := w - 1
	for k >= 0 && (r.kind(k) == aside || r.kind(k) == when) {
		k--
	}
	if r.kind(k) == sub && r.kind(k-1) == comma {
		return r.antecedent(k)
	}
	return nil
}

// raised returns the subject of an infinitive whose governor is an adjective:
// "is due to meet".
func (r *reader) raised(c, depth int) []extractor.Slot {
	for k := c - 1; k >= max(0, c-2); k-- {
		if r.kind(k) == vg && !r.is(r.first(k), "to") && r.toBe(r.last(k)) {
			return r.subject(k, depth+1)
		}
	}
	return nil
}

// afterPrep returns those who stand after one of the frame's prepositions, from
// chunk c to the end of the clause.
func (r *reader) afterPrep(c int, f *frame) []extractor.Slot {
	for end := min(len(r.chunks), c+maxReach); c < end && r.inClause(c); c++ {
		if r.kind(c) == prep && f.takes(r.doc.Word(r.first(c))) {
			if list := r.list(c+1, len(r.chunks)); len(list) > 0 {
				return list
			}
		}
	}
	return nil
}

// by returns who stands after "by", from chunk c to the end of the clause.
func (r *reader) by(c int) []extractor.Slot {
	for end := min(len(r.chunks), c+maxReach); c < end && r.inClause(c); c++ {
		if r.kind(c) == prep && r.is(r.first(c), "by") {
			return r.list(c+1, len(r.chunks))
		}
	}
	return nil
}

// place returns where it happened: the nearest place after the trigger's chunk c
// in its clause, else one that opens the sentence ("In Cairo, …").
func (r *reader) place(c int, who []extractor.Participant) *extractor.Slot {
	for k := c + 1; k < min(len(r.chunks), c+maxReach) && r.inClause(k); k++ {
		if s := r.placeAt(k, who); s != nil {
			return s
		}
	}
	if r.kind(0) == prep {
		return r.placeAt(0, who)
	}
	return nil
}

// placeAt returns the place that the preposition at chunk k names.
func (r *reader) placeAt(k int, who []extractor.Participant) *extractor.Slot {
	if r.kind(k) != prep || r.kind(k+1) != np {
		return nil
	}
	switch w := r.first(k); {
	case r.is(w, "in"), r.is(w, "at"), r.is(w, "near"), r.is(w, "inside"), r.is(w, "outside"):
	default:
		return nil
	}
	n := r.doc.Tokens[r.last(k+1)].Name
	if n < 0 || r.doc.Names[n].Type != schemas.Location {
		return nil
	}
	s := r.named(int(n))
	for i := range who {
		if who[i].Span == s.Span || s.Entity >= 0 && who[i].Entity == s.Entity {
			return nil
		}
	}
	return &s
}

// time returns when it happened: the nearest date in the clause of chunk c, after
// it or else before it.
func (r *reader) time(c int) *extractor.Interval {
	for k := c + 1; k < min(len(r.chunks), c+maxReach) && r.inClause(k); k++ {
		if t := r.dateAt(k); t != nil {
			return t
		}
	}
	for k := c - 1; k >= max(0, c-maxReach) && r.inClause(k); k-- {
		if t := r.dateAt(k); t != nil {
			return t
		}
	}
	return nil
}

func (r *reader) dateAt(k int) *extractor.Interval {
	if r.kind(k) != when {
		return nil
	}
	t := &r.doc.Times[r.doc.Tokens[r.first(k)].Time]
	if !t.Placed || t.From.IsZero() || t.Until.IsZero() {
		return nil
	}
	if r.subordinates(k) {
		return nil
	}
	switch t.Prep {
	case "since", "until", "till", "before", "after", "by", "from", "between":
		return nil // it bounds the event, and says no date of it
	}
	return &extractor.Interval{Start: date(t, t.From), End: date(t, t.Until)}
}

// date writes one end of a time as coarsely as the text does.
func date(t *extractor.Time, d extractor.Date) string {
	s := d.String()
	switch t.Granularity {
	case schemas.Month:
		return s[:len("2006-01")]
	case schemas.YearGr:
		return s[:len("2006")]
	}
	return s
}
