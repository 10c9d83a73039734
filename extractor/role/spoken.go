package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Which times date what happened, and which tell when somebody spoke or wrote.

// dates reports whether time t can date an act: it has a place on the calendar,
// does not tell when somebody spoke and is no dateline.
func (r *reader) dates(t int) bool { return r.calendar(t) && !r.ofSpeech(&r.doc.Times[t]) }

// calendar reports whether time t of the sentence has a place on the calendar and is
// no dateline.
func (r *reader) calendar(t int) bool {
	x := &r.doc.Times[t]
	if !x.Placed || x.Type == schemas.TimexDuration || x.Type == schemas.TimexSet || x.Range.From < r.from || x.Range.To > r.to {
		return false
	}
	return !r.dateline(x)
}

// future reports whether time t starts after publication.
func (r *reader) future(t int) bool {
	x := &r.doc.Times[t]
	return !r.doc.Published.IsZero() && !x.From.IsZero() && r.doc.Published.Before(x.From)
}

// dateline reports whether the time is the day of publication, printed above or
// below the text: a whole date without preposition.
func (r *reader) dateline(x *extractor.Time) bool {
	if r.heads(x) {
		return true
	}
	if x.Prep != "" && !r.stamped(x) || x.Anchor != "" || r.doc.Published.IsZero() || x.From.IsZero() || x.Granularity != schemas.Day && x.Granularity != schemas.Minute {
		return false
	}
	d := x.From.Days(r.doc.Published)
	return d >= -1 && d <= 1
}

// heads reports whether the time closes a dateline at the start of its sentence:
// "LIMA, March 5 -", "Rome, 12 December 2024 (Agency) —".
func (r *reader) heads(x *extractor.Time) bool {
	if x.Range.From-r.from > 8 || x.Prep != "" {
		return false
	}
	switch r.word(x.Range.To) {
	case "-", "–", "—", "--", ":", "(", ".":
	default:
		return false
	}
	for k := r.from; k < x.Range.From; k++ {
		if r.pos(k) != extractor.PUNCT && r.doc.Tokens[k].Name < 0 && r.pos(k) != extractor.PROPN {
			return false
		}
	}
	return x.Range.From > r.from
}

// stamped reports whether a word before the time says that it is when the article
// was put out: "Last updated at", "Published on".
func (r *reader) stamped(x *extractor.Time) bool {
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-4; k-- {
		switch r.word(k) {
		case "updated", "Updated", "UPDATED", "published", "Published", "posted", "Posted", "modified", "Modified":
			return true
		}
	}
	return false
}

// ofSpeech reports whether the time tells when something was said: it stands
// beside a verb of saying.
func (r *reader) ofSpeech(x *extractor.Time) bool {
	c := r.chunk(x.Range.From)
	k := c - 1
	for n := 0; n < 3; n++ { // said in a statement on Sunday
		if r.kind(k) == prep {
			k--
		}
		if r.kind(k) == np && r.kind(k-1) == prep && r.kind(k-2) == np && r.kind(k-3) == vg && r.tells(r.verb(k-3)) { // told reporters in X on Sunday
			k -= 2
		}
		if r.kind(k) == np && (r.kind(k-1) == vg && r.tells(r.verb(k-1)) || r.kind(k-1) == prep && r.kind(k-2) == vg && r.is(r.verb(k-2), say)) {
			k--
		}
	}
	if r.kind(k) == vg && (r.is(r.verb(k), say) || r.putOut(k)) {
		return true
	}
	k = c + 1
	if r.kind(k) == np && r.kind(k+1) == vg && r.speaker(k) != nil { // on Sunday an official said
		k++
	}
	return r.kind(k) == vg && r.is(r.verb(k), say) && r.tag(r.verb(k)) != "VBG"
}

// recorded reports whether the verb of saying before time x is the passive one of which
// q is the subject: "Two deaths have been reported since March" dates the deaths.
func (r *reader) recorded(q *extractor.Quantity, x *extractor.Time) bool {
	for c := r.chunk(x.Range.From) - 1; c > 0 && r.chunks[c].from >= q.To; c-- {
		switch r.kind(c) {
		case vg:
			v := r.verb(c)
			return r.is(v, say) && r.passive(v) && !r.crosses(q.From, v)
		case sub, stop:
			return false
		}
	}
	return false
}

// putOut reports whether the verb group c says that a text was put out, after the noun
// for that text: "a poll published on Sunday".
func (r *reader) putOut(c int) bool {
	v := r.verb(c)
	if r.kind(c-1) != np || r.finite(c) && r.tag(v) != "VBD" || r.kind(c+1) == np {
		return false
	}
	switch r.word(v) {
	case "published", "released", "issued":
	default:
		return false
	}
	switch r.lemmaNoun(r.chunks[c-1].head) {
	case "poll", "survey", "study", "report", "figure", "statistic", "data", "statement", "research", "list", "document", "forecast", "estimate", "paper":
		return true
	}
	return r.kind(c-2) == prep && r.kind(c-3) == np && r.lemmaNoun(r.chunks[c-3].head) == "poll"
}

// tells reports whether the verb at token v takes the hearer as its object.
func (r *reader) tells(v int) bool {
	switch r.word(v) {
	case "told", "tells", "telling", "informed":
		return true
	}
	return false
}
