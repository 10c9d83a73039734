package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Sentences that carry a story on from the day and the place named before.

// present reports whether figure i counts those who were where it happened when it
// did: "There were 62 people on board at the time".
func (r *reader) present(i int) bool {
	q, v := &r.doc.Quantities[i], r.preds[i].token
	if v < 0 || q.Unit != schemas.UnitCount || q.Predicate != "be" || q.Counted == nil || !personal(q.Counted.Head) || strings.ToLower(r.doc.Word(v)) != "were" {
		return false
	}
	end := r.doc.Sentences[q.Sentence].To
	for k := q.To; k < end && k < q.To+10; k++ {
		switch r.doc.Word(k) {
		case "inside", "aboard", "underground", "trapped":
			return true
		case "board":
			return r.doc.Word(k-1) == "on"
		case "time", "moment":
			return r.doc.Word(k-1) == "the" && r.doc.Word(k-2) == "at"
		}
	}
	return false
}

// takeIncident gives q the place and the day of the act told last, or of the incident.
func (r *reader) takeIncident(q *extractor.Quantity) {
	if q.Place == nil {
		if q.Place = r.sceneBefore(q.Sentence); q.Place == nil {
			q.Place = r.incident.place
		}
		if q.Place != nil {
			origin(q, "place", schemas.Inherited)
		}
	}
	if q.Time == nil {
		q.Time = r.incident.time
		if n := q.Sentence - 1; n >= 0 && r.scenes[n].time != nil {
			q.Time = r.scenes[n].time
		}
		if q.Time != nil {
			origin(q, "time", schemas.Inherited)
		}
	}
}

// onScene reports whether q is told among the sentences about the act: its own names
// no place, and one of the three before has victims or an act at the place of the incident.
func (r *reader) onScene(q *extractor.Quantity) bool {
	if q.Time != nil && (r.incident.time == nil || *q.Time != *r.incident.time) || r.placed(q.Sentence) {
		return false
	}
	for n := q.Sentence; n >= 0 && n >= q.Sentence-3; n-- {
		if s := r.scenes[n].place; s != nil && n < q.Sentence {
			return s.Name == r.incident.place.Name
		}
	}
	return false
}

// placed reports whether sentence n names a place.
func (r *reader) placed(n int) bool {
	s := r.doc.Sentences[n]
	for i := s.From; i < s.To; i++ {
		if k := r.doc.Tokens[i].Name; k >= 0 && r.isPlace(int(k)) {
			return true
		}
	}
	return false
}

// narrates reports whether the past verb at token v carries a story on.
func (r *reader) narrates(v int, lemma string) bool {
	switch lemma {
	case "be", "have", "say", "own", "know", "want", "include", "contain", "base", "hold", "number", "total", "live", "expect", "plan":
		return false
	}
	c := r.chunk(v)
	if c < 0 || r.kind(c) != vg || r.kind(c-1) == sub { // who were granted: told of the people, not of the day
		return false
	}
	for i := r.chunks[c].from; i < v; i++ {
		switch r.word(i) {
		case "had", "have", "has", "is", "are", "be", "been", "to", "'d", "would", "could":
			return false
		}
	}
	return true
}

// A moment is when and where a story stands after a sentence.
type moment struct {
	day   *extractor.Interval
	place *extractor.Slot
}

// goOn gives figures of a story the day and the place that the sentences before
// state: "They met in Ulm on Monday. About 80 officers were sent home."
func (r *reader) goOn() {
	qs := r.doc.Quantities
	seen, m := -1, moment{}
	for i := range qs {
		q := &qs[i]
		if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimLength || q.Time != nil && q.Place != nil || q.Modality != schemas.Asserted || !r.preds[i].narrates || r.preds[i].aside || q.Sentence == 0 || suffers(q.Category) {
			continue
		}
		if q.Sentence != seen {
			seen, m = q.Sentence, r.story(q.Sentence)
		}
		fired := false
		if q.Time == nil && m.day != nil {
			q.Time, fired = m.day, true
			origin(q, "time", schemas.Inherited)
		}
		if q.Place == nil && m.place != nil && q.Unit == schemas.UnitCount && q.Category == "" && q.Change == nil && !moves(q.Predicate) {
			q.Place, fired = m.place, true
			origin(q, "place", schemas.Inherited)
		}
		if q.Place == nil && r.incident.place != nil && q.Unit == schemas.UnitCount && q.Category == "" && q.Change == nil && !moves(q.Predicate) && !r.otherTime(q) && r.onScene(q) {
			q.Place, fired = r.incident.place, true
			origin(q, "place", schemas.Inherited)
		}
		if fired {
			q.Rules = append(q.Rules, "role/story")
		}
	}
}

// moves reports whether a verb takes people or things elsewhere.
func moves(lemma string) bool {
	switch lemma {
	case "leave", "go", "come", "move", "travel", "carry", "head", "flee", "bring", "take", "send", "fly", "drive", "sail", "return", "enter", "reach", "arrive", "transfer", "deport", "ship", "evacuate", "rush", "airlift":
		return true
	}
	return false
}

// story returns the day and the place of the story before sentence n.
func (r *reader) story(n int) moment {
	var m moment
	for k := n - 1; k >= max(0, n-3) && m.day == nil; k-- {
		day, place, on := r.storyOf(k)
		if day != nil && len(day.Start) != 10 { // a month or a year is that of the next sentence, if at all
			if v := r.dayOfPast(r.pastVerb()); k == n-1 && v != nil && *v == *day && !r.newParagraph(n) {
				m.day = day
			}
			on, day = false, nil
		}
		if day != nil {
			m.day = day
		}
		if m.place == nil {
			m.place = place
		}
		if !on {
			break
		}
	}
	return m
}

// newParagraph reports whether sentence n starts a line.
func (r *reader) newParagraph(n int) bool {
	from := r.doc.Sentences[n].From
	return n > 0 && strings.IndexByte(r.doc.Text[r.doc.Tokens[from-1].End:r.doc.Tokens[from].Start], '\n') >= 0
}

// storyOf returns the day, past or the day of publication, and the place that
// sentence n tells of, and whether it is part of a story.
func (r *reader) storyOf(n int) (day *extractor.Interval, place *extractor.Slot, on bool) {
	r.enter(n)
	if r.doc.Sentences[n].Heading {
		return nil, nil, false
	}
	verb := r.pastVerb()
	if verb < 0 {
		return nil, nil, false
	}
	if p, _ := r.nearestPlace(nil, verb); p >= 0 {
		place = r.nameSlot(p)
	}
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last {
			continue
		}
		if last = t; !r.dates(int(t)) || r.future(int(t)) {
			continue
		}
		v, running := r.interval(int(t), -1)
		if v == nil || running || v.Start == "" || v.Start != v.End && !days(v) {
			return nil, nil, false
		}
		return v, place, true
	}
	return nil, place, true
}

// days reports whether an interval is one of a few days.
func days(v *extractor.Interval) bool {
	if len(v.Start) != 10 || len(v.End) != 10 {
		return false
	}
	d := extractor.ParseDate(v.Start).Days(extractor.ParseDate(v.End))
	return d >= 0 && d < 7
}
