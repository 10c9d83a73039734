package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// An incident is what the article reports on, as far as figures of victims
// inherit from it: the first place and time that such a figure states.
type incident struct {
	place *extractor.Slot
	time  *extractor.Interval
}

// place sets where it happened: the named place of the sentence nearest to the
// predicate.
func (r *reader) place(q *extractor.Quantity, p *predicate) {
	best, least := -1, 1<<30
	at := q.From
	if p.token >= 0 {
		at = p.token
	}
	for i := r.from; i < r.to; i++ {
		n := r.doc.Tokens[i].Name
		if n < 0 || i > r.from && r.doc.Tokens[i-1].Name == n || r.doc.Names[n].Type != schemas.Location {
			continue
		}
		d, ok := r.placeCost(q, int(n), i, at)
		if ok && d < least {
			best, least = int(n), d
		}
	}
	if best < 0 {
		return
	}
	q.Place = r.nameSlot(best)
	origin(q, "place", schemas.Stated)
}

// placeCost returns how far the place name n at token i is from the act at token
// at, false if it is no place of the act.
func (r *reader) placeCost(q *extractor.Quantity, n, i, at int) (int, bool) {
	nm := &r.doc.Names[n]
	if q.Agent != nil && q.Agent.Entity >= 0 && q.Agent.Entity == nm.Entity || q.Source != nil && q.Source.Overlaps(nm.Span) {
		return 0, false
	}
	c := r.chunk(i)
	ch := r.chunks[c]
	d := i - at
	if d < 0 {
		d = -d
	}
	before := r.word(r.chunks[c].from - 1)
	located := false
	switch before {
	case "in", "at", "near", "outside", "of", "from", "to", "into", "inside", "around", "across", "on", "off", "toward", "towards", "over", "through", "within", "for", "against":
		located = true
	}
	head := ch.head
	switch {
	case r.doc.Tokens[head].Name == int32(n):
		if !located {
			d += 12
			if q.Category == "" {
				return 0, false
			}
		}
	case r.is(head, event|cause) && q.Category != "":
		d += 2
	case located:
		d += 3
	case q.Category == "":
		return 0, false
	default:
		d += 14
	}
	if nm.To < r.to && r.word(nm.To) == "-" { // Madaya-based
		d += 20
	}
	if r.crosses(i, at) {
		d += 15
		if q.Category == "" {
			return 0, false
		}
	}
	if i < at {
		d += 2
	}
	return d, true
}

// crosses reports whether a clause boundary stands between tokens i and j.
func (r *reader) crosses(i, j int) bool {
	if i > j {
		i, j = j, i
	}
	for k := i; k < j; k++ {
		if r.is(k, subord) && r.kind(r.chunk(k)) == sub || r.word(k) == ";" {
			return true
		}
	}
	return false
}

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
		x := &r.doc.Times[t]
		if !x.Placed || x.Type == schemas.TimexDuration || x.Type == schemas.TimexSet || r.ofSpeech(x) {
			continue
		}
		d := i - at
		if d < 0 {
			d = 2 - d
		}
		if r.crosses(i, at) {
			d += 15
		}
		if q.Category == "" && (d > 14) {
			continue
		}
		if d < least {
			best, least = int(t), d
		}
	}
	if best < 0 {
		return
	}
	q.Time = r.interval(&r.doc.Times[best])
	if q.Time != nil {
		q.Cumulative = r.doc.Times[best].Prep == "since"
		origin(q, "time", schemas.Stated)
	}
}

// ofSpeech reports whether the time tells when something was said: it stands
// beside a verb of saying.
func (r *reader) ofSpeech(x *extractor.Time) bool {
	c := r.chunk(x.Range.From)
	k := c - 1
	if r.kind(k) == prep {
		k--
	}
	if r.kind(k) == np && r.kind(k-1) == vg && r.is(r.verb(k-1), say) {
		k--
	}
	if r.kind(k) == vg && r.is(r.verb(k), say) {
		return true
	}
	k = c + 1
	return r.kind(k) == vg && r.is(r.verb(k), say) && r.tag(r.verb(k)) != "VBG"
}

// interval returns the dates of a time: from a start until publication after
// "since", open at one end after "before" and "until".
func (r *reader) interval(x *extractor.Time) *extractor.Interval {
	value := x.Value
	switch {
	case len(value) > 10 && value[4] == '-' && value[10] == 'T':
		value = value[:10]
	case len(value) == 10, len(value) == 7 && value[5] != 'W' && value[5] != 'Q', len(value) == 4:
	default:
		value = ""
	}
	for i := range len(value) {
		if c := value[i]; c != '-' && (c < '0' || c > '9') {
			value = ""
			break
		}
	}
	start, end := value, value
	if value == "" {
		start, end = x.From.String(), x.Until.String()
	}
	switch x.Prep {
	case "since":
		end = r.doc.Published.String()
	case "until", "till", "before", "by":
		if x.Prep == "by" {
			break
		}
		start = ""
	}
	if start == "" && end == "" {
		return nil
	}
	return &extractor.Interval{Start: start, End: end}
}

// inherit gives figures of victims the place and time of the incident where
// their sentence states none.
func (r *reader) inherit() {
	qs := r.doc.Quantities
	for i := range qs {
		q := &qs[i]
		if q.Category == "" {
			continue
		}
		if r.incident.place == nil && q.Place != nil {
			r.incident.place = q.Place
		}
		if r.incident.time == nil && q.Time != nil && !q.Cumulative {
			r.incident.time = q.Time
		}
	}
	for i := range qs {
		q := &qs[i]
		if q.Category == "" {
			continue
		}
		if q.Place == nil && r.incident.place != nil && (q.Time == nil || r.incident.time == nil || *q.Time == *r.incident.time) {
			q.Place = r.incident.place
			origin(q, "place", schemas.Inherited)
		}
		if q.Time == nil && r.incident.time != nil && (q.Place == nil || r.incident.place == nil || q.Place.Name == r.incident.place.Name) {
			q.Time = r.incident.time
			origin(q, "time", schemas.Inherited)
		}
	}
}
