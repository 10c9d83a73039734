package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// An incident is what the article reports on, as far as figures of victims
// inherit from it: the place and the day that most of its sentences about the act
// state.
type incident struct {
	place *extractor.Slot
	time  *extractor.Interval
}

// A vote is how often something was stated.
type vote[T any] struct {
	what  T
	key   string
	count int
}

// cast counts one statement of key and returns the tally.
func cast[T any](tally []vote[T], key string, weight int, what T) []vote[T] {
	for i := range tally {
		if tally[i].key == key {
			tally[i].count += weight
			return tally
		}
	}
	return append(tally, vote[T]{what, key, weight})
}

// winner returns what got most votes, and at least least of them.
func winner[T any](tally []vote[T], least int) (best T) {
	most := least - 1
	for i := range tally {
		if tally[i].count > most {
			best, most = tally[i].what, tally[i].count
		}
	}
	return best
}

// suffers reports whether a category is something that an incident does to people.
func suffers(c schemas.Category) bool {
	switch c {
	case schemas.Killed, schemas.Injured, schemas.Missing, schemas.Rescued, schemas.Detained:
		return true
	}
	return false
}

// A scene is what one sentence states about an act.
type scene struct {
	place *extractor.Slot
	time  *extractor.Interval
	near  *extractor.Slot     // where its main verb in the past tense happened, if it names no act
	then  *extractor.Interval // when its main verb in the past tense happened, however coarse or long ago
	event bool                // an attack or accident is named

	perpetrator *extractor.Slot // who acts as one
}

// inherit gives figures of victims the place and time of the incident where
// their sentence states none.
func (r *reader) inherit() {
	qs := r.doc.Quantities
	needed := false
	for i := range qs {
		needed = needed || qs[i].Category == schemas.Evacuated || suffers(qs[i].Category) || qs[i].Category == schemas.Displaced
	}
	if !needed {
		return
	}
	r.findScenes()
	in := &r.incident
	for i := range qs {
		q := &qs[i]
		if q.Category == "" && q.Modality == schemas.Asserted && (q.Place == nil || q.Time == nil) && r.present(i) {
			r.takeIncident(q)
		}
		if q.Category == schemas.Evacuated && q.Modality == schemas.Asserted && q.Time == nil && r.scenes[q.Sentence].event { // waiting when the bomb went off
			q.Time = in.time
			if q.Time != nil {
				origin(q, "time", schemas.Inherited)
			}
		}
		if q.Place == nil && q.Category != "" && r.otherTime(q) {
			r.placeBefore(i)
		}
		switch q.Category {
		case schemas.Released, schemas.Abducted, schemas.Infected:
			if q.Place == nil && !q.Cumulative && q.Modality == schemas.Asserted && !r.otherTime(q) {
				if q.Place = r.sceneBefore(q.Sentence); q.Place == nil || r.within(in.place, q.Place) {
					q.Place = in.place
				}
				if q.Place != nil {
					origin(q, "place", schemas.Inherited)
				}
			}
		}
		if !suffers(q.Category) && q.Category != schemas.Displaced || q.Modality == schemas.Required || q.Modality == schemas.Planned && q.Category != schemas.Killed {
			continue
		}
		if q.Value != nil && q.Value.Sign() == 0 && q.Category == schemas.Detained {
			continue
		}
		if q.Place == nil && !q.Cumulative && !r.otherTime(q) {
			if q.Place = r.sceneBefore(q.Sentence); q.Place == nil || r.within(in.place, q.Place) || in.place != nil && r.preds[i].rule == "role/toll" {
				q.Place = in.place
			}
			if q.Place != nil {
				origin(q, "place", schemas.Inherited)
			}
		}
		if q.Agent == nil && suffers(q.Category) && q.Category != schemas.Detained {
			r.inheritAgent(i)
		}
		if q.Time != nil && in.time != nil && r.counted(i) && q.Time.Start == q.Time.End && len(q.Time.Start) == 10 && in.time.Start < q.Time.Start && !r.otherTime(q) {
			q.Time = in.time
			origin(q, "time", schemas.Inherited)
		}
		if q.Time == nil && suffers(q.Category) {
			if r.running(q) || q.Per != nil || q.Category == schemas.Missing && !r.preds[i].past && !r.dead(q) {
				continue
			}
			n := q.Sentence - 1
			named := r.named(i)
			switch {
			case named >= 0 && r.scenes[named].when() != nil:
				q.Time = r.scenes[named].when()
			case n >= 0 && r.scenes[n].time != nil:
				q.Time = r.scenes[n].time
			case n >= 0 && r.scenes[n].then != nil && r.told(i):
				q.Time = r.scenes[n].then
			default:
				q.Time = in.time
			}
			if q.Time != nil {
				origin(q, "time", schemas.Inherited)
			}
		}
	}
}

// counted reports whether the sentence of figure i dates a count of the dead and not
// their death: "nine bodies were found on Monday", "the toll rose to 41 on Thursday".
func (r *reader) counted(i int) bool {
	q := &r.doc.Quantities[i]
	if q.Category != schemas.Killed {
		return false
	}
	if r.preds[i].rule == "role/toll" {
		return true
	}
	switch of := q.From > 1 && r.doc.Word(q.From-1) == "of" && (r.doc.Word(q.From-2) == "bodies" || r.doc.Word(q.From-2) == "remains"); {
	case of:
	case q.Counted != nil && (q.Counted.Head == "body" || q.Counted.Head == "corpse" || q.Counted.Head == "remains"):
	default:
		return false
	}
	sentence := r.doc.Sentences[q.Sentence]
	for k := max(sentence.From, q.From-6); k < min(sentence.To, q.To+8); k++ {
		switch r.doc.Word(k) {
		case "found", "recovered", "retrieved", "discovered", "pulled", "located", "identified", "finding", "recovering", "discovery", "recovery":
			return true
		}
	}
	return false
}

// when returns the day of the act, else that of the main verb.
func (s *scene) when() *extractor.Interval {
	if s.time != nil {
		return s.time
	}
	return s.then
}

// named returns the sentence before that tells of the event by which figure i says what
// did it, "the tsunami left 18,500 dead" of "a tsunami struck on 11 March", the nearest
// one that dates it; -1 if there is none.
func (r *reader) named(i int) int {
	const back = 24
	q := &r.doc.Quantities[i]
	s := r.doc.Sentences[q.Sentence]
	for k := max(s.From+1, q.From-12); k < min(s.To, q.To+12); k++ {
		if r.cues[k].class&(event|cause) == 0 || r.doc.Tokens[k].UPOS != extractor.NOUN || r.doc.Tokens[k].Tag != "NN" {
			continue
		}
		d := k - 1
		for d > s.From && d > k-4 && (r.doc.Tokens[d].UPOS == extractor.ADJ || r.doc.Tokens[d].UPOS == extractor.NOUN) {
			d--
		}
		if w := r.doc.Word(d); w != "the" && w != "The" && w != "that" {
			continue
		}
		known := -1
		for n := q.Sentence - 1; n >= 0 && n >= q.Sentence-back; n-- {
			if r.scenes[n].when() == nil {
				continue
			}
			switch first, told := r.mentions(n, r.doc.Word(k)); {
			case first:
				return n
			case told && known < 0 && len(r.scenes[n].when().Start) == 10:
				known = n
			}
		}
		if known >= 0 {
			return known
		}
	}
	return -1
}

// mentions reports whether sentence n names an event by the noun w, and whether it
// introduces it: "a tsunami".
func (r *reader) mentions(n int, w string) (first, told bool) {
	s := r.doc.Sentences[n]
	for j := s.From; j < s.To; j++ {
		if r.doc.Word(j) != w {
			continue
		}
		told = true
		for d := j - 1; d >= s.From && d > j-4; d-- {
			switch r.doc.Word(d) {
			case "a", "an", "A", "An":
				return true, true
			}
		}
	}
	return false, told
}

// otherTime reports whether q has a time that cannot be that of the incident: a
// period of months or years, or a day long before it.
func (r *reader) otherTime(q *extractor.Quantity) bool {
	if q.Time == nil || r.incident.time == nil {
		return false
	}
	if len(q.Time.Start) < 10 && q.Time.Start != "" {
		return !strings.HasPrefix(r.incident.time.Start, q.Time.Start)
	}
	s, e := extractor.ParseDate(q.Time.Start), extractor.ParseDate(q.Time.End)
	if s.IsZero() || e.IsZero() {
		return false
	}
	d := s.Days(extractor.ParseDate(r.incident.time.Start))
	return s.Days(e) > 31 || d > 31 || d < -31
}

// placeBefore gives figure i, which is of another time than the incident, the place of
// a figure of the sentence before that is none of the incident either.
func (r *reader) placeBefore(i int) {
	qs := r.doc.Quantities
	for k := i - 1; k >= 0 && qs[k].Sentence >= qs[i].Sentence-1 && !r.newParagraph(qs[i].Sentence); k-- {
		if p := &qs[k]; p.Place != nil && (p.Cumulative || r.otherTime(p) || r.wideSlot(p.Place)) {
			qs[i].Place = p.Place
			origin(&qs[i], "place", schemas.Inherited)
			return
		}
	}
}

// refine gives a year or month the day that another sentence gives for the same
// figure: "collapsed in 2019, killing six … on 1 October 2019, killing six".
func (r *reader) refine() {
	qs := r.doc.Quantities
	for i := range qs {
		q := &qs[i]
		if q.Category == "" || q.Value == nil || q.Cumulative || q.Time == nil || len(q.Time.Start) > 7 || q.Time.Start != q.Time.End || q.Time.Start == "" {
			continue
		}
		for k := max(0, i-40); k < min(len(qs), i+40); k++ {
			p := &qs[k]
			if p.Category != q.Category || p.Value == nil || *p.Value != *q.Value || p.Time == nil || len(p.Time.Start) != 10 || p.Time.Start != p.Time.End {
				continue
			}
			if strings.HasPrefix(p.Time.Start, q.Time.Start+"-") {
				q.Time = p.Time
				q.Rules = append(q.Rules, "role/refined")
				origin(q, "time", schemas.Inherited)
				break
			}
		}
	}
}

// companions gives the subject of a past act the time and place of the victims that
// its sentence counts: "Two bombs killed 16 people".
func (r *reader) companions() {
	qs := r.doc.Quantities
	for i := range qs {
		q := &qs[i]
		if q.Category != "" || q.Unit != schemas.UnitCount || !r.preds[i].subject || !r.preds[i].past || r.preds[i].aside {
			continue
		}
		for k := max(0, i-4); k < len(qs) && k < i+5; k++ {
			p := &qs[k]
			if p.Sentence != q.Sentence || !suffers(p.Category) {
				continue
			}
			if q.Time == nil && p.Time != nil {
				q.Time = p.Time
				origin(q, "time", schemas.Inherited)
			}
			if q.Place == nil && p.Place != nil {
				q.Place = p.Place
				origin(q, "place", schemas.Inherited)
			}
			break
		}
	}
}

// sceneBefore returns the place of the act of one of the two sentences before n.
func (r *reader) sceneBefore(n int) *extractor.Slot {
	for k := n - 1; k >= 0 && k >= n-2; k-- {
		if r.doc.Sentences[k].Heading { // another story of the day
			return nil
		}
		if s := r.scenes[k].place; s != nil {
			return s
		}
		if s := r.scenes[k].near; s != nil && k == n-1 {
			return s
		}
	}
	return nil
}

// findScenes looks at every sentence for what it states about an act, and takes
// what is stated most for the incident.
func (r *reader) findScenes() {
	var places []vote[*extractor.Slot]
	var times []vote[*extractor.Interval]
	r.scenes = r.scenes[:0]
	qs := r.doc.Quantities
	k := 0
	for n := range r.doc.Sentences {
		var sc scene
		figure, found := false, false
		for ; k < len(qs) && qs[k].Sentence == n; k++ {
			q := &qs[k]
			if !suffers(q.Category) || q.Cumulative {
				continue
			}
			figure = true
			found = found || q.Time != nil && r.counted(k)
			if q.Place != nil && sc.place == nil {
				sc.place = q.Place
			}
			if q.Time != nil && sc.time == nil && len(q.Time.Start) == 10 && q.Time.Start == q.Time.End && !r.counted(k) {
				sc.time = q.Time
			}
		}
		r.enter(n)
		if sc.perpetrator = r.perpetrator(); sc.perpetrator == nil {
			sc.perpetrator = r.assailant()
		}
		at, past := r.act(), r.pastVerb()
		sc.then = r.dayOfPast(past)
		if past >= 0 && sc.place == nil && at < 0 {
			if p, _ := r.nearestPlace(nil, past); p >= 0 {
				sc.near = r.nameSlot(p)
			} else {
				sc.near, _ = r.anaphor(nil, past)
			}
		}
		if at >= 0 {
			sc.event = r.is(at, event)
			if sc.place == nil {
				if p, _ := r.nearestPlace(nil, at); p >= 0 {
					sc.place = r.nameSlot(p)
				}
			}
			if sc.time == nil && !found {
				sc.time = r.dayOf(at)
			}
		}
		if sc.then != nil && sc.time == nil && extractor.ParseDate(sc.then.Start).Days(r.doc.Published) > 60 {
			r.scenes = append(r.scenes, sc) // an older story
			continue
		}
		weight := 1
		if figure {
			weight = 3
		}
		if n < 4 {
			weight += 2
		}
		if sc.time != nil && !r.doc.Published.IsZero() && extractor.ParseDate(sc.time.Start).Days(r.doc.Published) > 60 {
			r.scenes = append(r.scenes, sc) // an older incident, told for comparison
			continue
		}
		if sc.place != nil && r.wideSlot(sc.place) {
			if s := r.innerPlace(); s != nil {
				sc.place = s
			}
		}
		if sc.place != nil {
			w := weight
			if r.wideSlot(sc.place) || onRiver(sc.place) {
				w = (w + 1) / 3
			}
			places = cast(places, sc.place.Name, w, sc.place)
		}
		if sc.time == nil {
			if w := r.window(r.from); w != nil && figure {
				sc.time = w
			}
		}
		if v := r.dayOfEvent(); v != nil { // Saturday's blast
			times = cast(times, v.Start, 6, v)
			if sc.time == nil {
				sc.time = v
			}
		}
		if sc.time == nil && !found && n < 4 && sc.near != nil && sc.then != nil && len(sc.then.Start) == 10 && sc.then.Start != r.doc.Published.String() {
			times = cast(times, sc.then.Start, 4, sc.then)
		}
		if sc.time != nil && (figure || n < 4 || sc.time.Start != r.doc.Published.String()) { // later, the day of publication is that of what goes on now
			times = cast(times, sc.time.Start, weight, sc.time)
		}
		r.scenes = append(r.scenes, sc)
	}
	r.incident.place, r.incident.time = winner(places, 1), winner(times, 2)
	for n := range r.scenes {
		if s := r.scenes[n].place; s != nil && onRiver(s) { // it only flows by
			r.scenes[n].place = nil
		}
	}
}

// onRiver reports whether a place is called a river.
func onRiver(s *extractor.Slot) bool { return strings.HasSuffix(s.Name, " River") }

// act returns the first word of the sentence that speaks of an attack, an
// accident or victims, -1 if there is none.
func (r *reader) act() int {
	for i := r.from; i < r.to; i++ {
		if r.word(i-1) == "-" && r.glued(i) { // the worst-hit area
			continue
		}
		if c := r.cues[i].class; c&event != 0 || c&(trans|cause|intrans) != 0 && c&noun == 0 {
			return i
		}
	}
	return -1
}

// dayOf returns the first single day that the sentence gives for an act.
func (r *reader) dayOf(at int) *extractor.Interval {
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last || !r.dates(int(t)) {
			continue
		}
		last = t
		if i-at > 30 || at-i > 30 || r.future(int(t)) {
			continue
		}
		if v, running := r.interval(int(t), -1); v != nil && !running && len(v.Start) == 10 && v.Start == v.End {
			return v
		}
	}
	return nil
}

// told reports whether figure i goes on with the story of the sentence before: the
// verb of the figure is in the past tense.
func (r *reader) told(i int) bool { return r.preds[i].past }

// pastVerb returns the first verb in the past tense of the sentence that is no verb
// of saying, -1 if there is none.
func (r *reader) pastVerb() int {
	for k := r.from; k < r.to; k++ {
		if r.pos(k) == extractor.VERB && !r.is(k, say) && (r.tag(k) == "VBD" || r.tag(k) == "VBN" && r.wasDone(k)) {
			return k
		}
	}
	return -1
}

// wasDone reports whether the participle at token v is a passive of the simple past:
// "was held", but not "has been held".
func (r *reader) wasDone(v int) bool {
	c := r.chunk(v)
	if r.kind(c) != vg || r.lemma(v) == r.word(v) { // it was cold
		return false
	}
	past := false
	for i := r.chunks[c].from; i < v; i++ {
		switch r.word(i) {
		case "was", "were":
			past = true
		case "had", "have", "has", "to", "being":
			return false
		}
	}
	return past
}

// dayOfPast returns the time that the sentence gives its main verb, the one in the past
// tense at token verb, nil if there is none: "The stand gave way on 9 March 2019".
func (r *reader) dayOfPast(verb int) *extractor.Interval {
	if verb < 0 {
		return nil
	}
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last {
			continue
		}
		if last = t; !r.dates(int(t)) || r.future(int(t)) || r.names(int(t)) || i-verb > 30 || verb-i > 30 {
			continue
		}
		if v, running := r.interval(int(t), -1); v != nil && !running && v.Start != "" && v.Start == v.End {
			return v
		}
		return nil
	}
	return nil
}

// dayOfEvent returns the day that stands before an event noun: "Friday's clashes",
// "the 26 December disaster".
func (r *reader) dayOfEvent() *extractor.Interval {
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || i+1 < r.to && r.doc.Tokens[i+1].Time == t {
			continue
		}
		x := &r.doc.Times[t]
		if !x.Placed || x.Prep != "" && !r.possessive(i+1) || r.dateline(x) {
			continue
		}
		for k := i + 1; k < i+5; k++ {
			if r.is(k, event|cause) && !r.is(k, toll|fatal) && r.doc.Tokens[k].Name < 0 && (r.pos(k) == extractor.NOUN || k == i+1 && r.word(i)[len(r.word(i))-1] == 's' && r.pos(k) == extractor.VERB) {
				if v, running := r.interval(int(t), -1); v != nil && !running && len(v.Start) == 10 && v.Start == v.End {
					return v
				}
			}
			if p := r.pos(k); p != extractor.PROPN && p != extractor.NOUN && p != extractor.ADJ && !r.possessive(k) {
				break
			}
		}
	}
	return nil
}

// dead reports whether the missing stand beside the dead of the same sentence:
// "18 dead and 40 missing".
func (r *reader) dead(q *extractor.Quantity) bool {
	qs := r.doc.Quantities
	for i := range qs {
		if p := &qs[i]; p.Sentence == q.Sentence && p.Category == schemas.Killed {
			return true
		}
	}
	return false
}

// running reports whether q is the total of a long time: "the number of troops
// killed in the war now stands at 1,270".
func (r *reader) running(q *extractor.Quantity) bool {
	return q.Counted != nil && q.Counted.End <= q.Start && len(q.Rules) > 0 && q.Rules[len(q.Rules)-1] == "role/toll"
}

// within reports whether place a is known or may be taken to lie in the country b.
func (r *reader) within(a, b *extractor.Slot) bool {
	if a == nil || !r.wideSlot(b) || r.wideSlot(a) {
		return false
	}
	if a.Entity < 0 {
		return true
	}
	c := r.doc.Entities[a.Entity].Country
	return c == "" || c == r.doc.Entities[b.Entity].Country
}

// wideSlot reports whether a place is a country.
func (r *reader) wideSlot(s *extractor.Slot) bool {
	return s.Entity >= 0 && r.doc.Entities[s.Entity].Country != "" && r.isCountry(&r.doc.Entities[s.Entity])
}

// innerPlace returns the place of the sentence nearest to its act that is no
// country, nil if there is none.
func (r *reader) innerPlace() *extractor.Slot {
	at := r.act()
	if at < 0 {
		return nil
	}
	best, least := -1, 1<<30
	for i := r.from; i < r.to; i++ {
		n := r.doc.Tokens[i].Name
		if n < 0 || i+1 < r.to && r.doc.Tokens[i+1].Name == n || !r.isPlace(int(n)) || r.wide(int(n)) {
			continue
		}
		if d, ok := r.placeCost(nil, int(n), i, at); ok && d < least && d < 25 {
			best, least = int(n), d
		}
	}
	if best < 0 {
		return nil
	}
	return r.nameSlot(best)
}
