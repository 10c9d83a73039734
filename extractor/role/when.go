package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// time sets when it happened: the time of the sentence nearest to the predicate
// that does not tell when somebody spoke.
func (r *reader) time(q *extractor.Quantity, p *predicate) {
	at := q.From
	if p.token >= 0 {
		at = p.token
	}
	best, least := -1, 1<<30
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last {
			continue
		}
		last = t
		if !r.dates(int(t)) {
			continue
		}
		d := i - at
		if d < 0 {
			d = 2 - d
		}
		if r.crosses(i, at) {
			d += 12
		}
		if q.Category == "" && d > 22 {
			continue
		}
		if d < least {
			best, least = int(t), d
		}
	}
	if best < 0 {
		return
	}
	q.Time, q.Cumulative = r.interval(best)
	if q.Time != nil {
		origin(q, "time", schemas.Stated)
	}
}

// dates reports whether time t can date an act: it has a place on the calendar,
// does not tell when somebody spoke and is no dateline.
func (r *reader) dates(t int) bool {
	x := &r.doc.Times[t]
	if !x.Placed || x.Type == schemas.TimexDuration || x.Type == schemas.TimexSet || x.Range.From < r.from || x.Range.To > r.to {
		return false
	}
	return !r.ofSpeech(x) && !r.dateline(x)
}

// dateline reports whether the time is the day of publication, printed above or
// below the text: a whole date without preposition.
func (r *reader) dateline(x *extractor.Time) bool {
	if x.Prep != "" || x.Anchor != "" || r.doc.Published.IsZero() || x.From.IsZero() || x.Range.From > r.from+8 {
		return false
	}
	d := x.From.Days(r.doc.Published)
	return d >= -1 && d <= 1
}

// ofSpeech reports whether the time tells when something was said: it stands
// beside a verb of saying.
func (r *reader) ofSpeech(x *extractor.Time) bool {
	c := r.chunk(x.Range.From)
	k := c - 1
	for n := 0; n < 2; n++ { // said in a statement on Sunday
		if r.kind(k) == prep {
			k--
		}
		if r.kind(k) == np && (r.kind(k-1) == vg && r.is(r.verb(k-1), say) || r.kind(k-1) == prep && r.kind(k-2) == vg && r.is(r.verb(k-2), say)) {
			k--
		}
	}
	if r.kind(k) == vg && r.is(r.verb(k), say) {
		return true
	}
	k = c + 1
	return r.kind(k) == vg && r.is(r.verb(k), say) && r.tag(r.verb(k)) != "VBG"
}

// since reports whether the clause of the time starts with "since".
func (r *reader) since(x *extractor.Time) bool {
	if x.Prep == "since" {
		return true
	}
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-16; k-- {
		switch r.word(k) {
		case "since", "Since":
			return true
		case ",", ";", ".", "when", "as":
			return false
		}
	}
	return false
}

// interval returns the dates of time t: from a start until publication after
// "since", open at one end after "before" and "until", both ends of "from … to".
func (r *reader) interval(t int) (*extractor.Interval, bool) {
	x := &r.doc.Times[t]
	start, end := ends(x)
	if start == "" && end == "" {
		return nil, false
	}
	prep := x.Prep
	if r.since(x) {
		return &extractor.Interval{Start: start, End: r.doc.Published.String()}, true
	}
	switch prep {
	case "from", "between":
		if t+1 < len(r.doc.Times) {
			y := &r.doc.Times[t+1]
			if y.Range.From-x.Range.To <= 2 && y.Placed {
				if _, e := ends(y); e != "" {
					return &extractor.Interval{Start: start, End: e}, false
				}
			}
		}
	case "to", "until", "till", "and", "through":
		if t > 0 {
			y := &r.doc.Times[t-1]
			if x.Range.From-y.Range.To <= 2 && y.Placed && (y.Prep == "from" || y.Prep == "between") {
				if s, _ := ends(y); s != "" {
					return &extractor.Interval{Start: s, End: end}, false
				}
			}
		}
		if prep == "until" || prep == "till" {
			start = ""
		}
	case "before":
		start = ""
	case "by":
		if !x.Until.IsZero() && x.Until.Before(r.doc.Published) {
			start = ""
		}
	}
	return &extractor.Interval{Start: start, End: end}, false
}

// ends returns the first and last day of a time as ISO 8601 prefixes, as coarse
// as the text.
func ends(x *extractor.Time) (start, end string) {
	value := x.Value
	if len(value) > 10 && value[10] == 'T' {
		value = value[:10]
	}
	if len(value) == 10 || len(value) == 7 || len(value) == 4 {
		plain := true
		for i := range len(value) {
			if c := value[i]; c != '-' && (c < '0' || c > '9') {
				plain = false
			}
		}
		if plain {
			return value, value
		}
	}
	return x.From.String(), x.Until.String()
}
