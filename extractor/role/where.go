package role

import (
	"slices"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// place sets where it happened, from the evidence of its sentence in this order: the
// line of a list, the country of a war, the place nearest to the act, by name or by
// what stands for it, the place that has what is counted, and the country of "the
// Tunisian coast".
func (r *reader) place(q *extractor.Quantity, p *predicate) {
	if q.Place != nil {
		return
	}
	left, right := r.edges(q)
	if n := r.listHead(q, left); n >= 0 { // 2. Peru: 41
		r.happened(q, r.nameSlot(n))
		return
	}
	if c := r.chunk(left) - 1; q.Unit == schemas.UnitCount && r.kind(c) == prep && r.word(r.chunks[c].from) == "with" && r.kind(c-1) == np {
		if n := r.placeOfPhrase(c - 1); n >= 0 { // followed by Lima with 24
			r.happened(q, r.nameSlot(n))
			return
		}
	}
	if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimLength || d == schemas.DimMoney || p.aside {
		return // how far it is, how much, or where from, is not where
	}
	if q.Cumulative {
		if s := r.warPlace(); s != nil {
			r.happened(q, s)
			return
		}
	}
	at := q.From
	if p.token >= 0 {
		at = p.token
	}
	if p.rule == "role/list" && r.pos(right) == extractor.ADP { // and 7,000 in X
		at = q.From
	}
	best, cost := r.nearestPlace(q, at)
	if s, d := r.anaphor(q, at); s != nil && (best < 0 || d < cost) {
		q.Place = s
		q.Rules = append(q.Rules, "role/anaphor")
		origin(q, "place", schemas.Inherited)
		return
	}
	if best < 0 {
		best = r.homeOf(q, p)
	}
	if best < 0 {
		best = r.counting(q, p)
	}
	if best >= 0 {
		r.happened(q, r.nameSlot(best))
		return
	}
	if s := r.landOf(at, q.Category != ""); s != nil {
		r.happened(q, s)
	}
}

// happened sets the place of q to one that its sentence states.
func (r *reader) happened(q *extractor.Quantity, s *extractor.Slot) {
	q.Place = s
	origin(q, "place", schemas.Stated)
}

// nearestPlace returns the place name of the sentence that is nearest to the act
// at token at, and how far it is, -1 if there is none. q is nil if the act has no figure.
func (r *reader) nearestPlace(q *extractor.Quantity, at int) (name, cost int) {
	best, least := -1, 1<<30
	for i := r.from; i < r.to; i++ {
		n := r.doc.Tokens[i].Name
		if n < 0 || r.far(i, at) || i+1 < r.to && r.doc.Tokens[i+1].Name == n || !r.isPlace(int(n)) {
			continue
		}
		d, ok := r.placeCost(q, int(n), i, at)
		if ok && q != nil && r.descriptive(q.From, at, i) {
			continue
		}
		if ok && d < least {
			best, least = int(n), d
		}
	}
	return best, least
}

// listHead returns the place name before the colon before a figure, -1 if that is
// not how it stands.
func (r *reader) listHead(q *extractor.Quantity, left int) int {
	if r.word(left-1) != ":" || left-2 < r.from || r.tellsAfter(q) {
		return -1
	}
	for k := left - 2; k >= r.from && k > left-14; k-- {
		if n := r.doc.Tokens[k].Name; n >= 0 && (k == left-2 || r.word(left-2) == ")") && r.word(k) != "(" {
			if k < left-2 && r.word(k+1) != "(" {
				continue
			}
			return int(n)
		}
	}
	return -1
}

// tellsAfter reports whether a finite verb follows q in its sentence, which is then
// no line of a list but a text behind its dateline: "LIMA: Nine people died".
func (r *reader) tellsAfter(q *extractor.Quantity) bool {
	for c := r.chunk(min(q.To, r.to-1)); c >= 0 && c < len(r.chunks); c++ {
		if r.kind(c) == vg && r.finite(c) {
			return true
		}
	}
	return false
}

// datelined reports whether a name stands in the dateline of its sentence: "LIMA, Peru
// (Agency) - …", "Lima: …".
func (r *reader) datelined(nm *extractor.Name) bool {
	if nm.From-r.from > 4 {
		return false
	}
	for k := r.from; k < nm.From; k++ {
		if r.pos(k) != extractor.PUNCT && r.doc.Tokens[k].Name < 0 && r.pos(k) != extractor.PROPN {
			return false
		}
	}
	for k := nm.To; k < r.to && k < nm.To+8; k++ {
		switch r.word(k) {
		case "-", "–", "—", "--":
			return !r.glued(k) || !r.glued(k+1)
		case ":":
			return true
		}
		if r.pos(k) != extractor.PUNCT && r.doc.Tokens[k].Name < 0 && r.doc.Tokens[k].Time < 0 && r.pos(k) != extractor.PROPN && r.pos(k) != extractor.NUM {
			return false
		}
	}
	return false
}

// warPlace returns the country of the war or conflict that the sentence speaks of.
func (r *reader) warPlace() *extractor.Slot {
	for i := r.from; i < r.to; i++ {
		switch r.cues[i].text {
		case "war", "conflict", "uprising", "revolt":
		default:
			continue
		}
		for k := i - 1; k >= r.from && k > i-4; k-- {
			if s := r.lostApostrophe(k); s != nil {
				return s
			}
			if n := r.doc.Tokens[k].Name; n >= 0 {
				switch r.doc.Names[n].Type {
				case schemas.Group:
					return r.country(int(n))
				case schemas.Location:
					return r.nameSlot(int(n))
				}
			}
		}
	}
	return nil
}

// isPlace reports whether name n can be where something happened.
func (r *reader) isPlace(n int) bool {
	nm := &r.doc.Names[n]
	if nm.Type != schemas.Location && !(nm.Type == schemas.Organisation && r.houses(nm)) {
		return false
	}
	t := &r.doc.Tokens[nm.From]
	return t.Time < 0 && t.UPOS != extractor.NUM
}

// houses reports whether the body named nm is spoken of as the building that it is in:
// "at Ayder hospital", "outside Parliament House".
func (r *reader) houses(nm *extractor.Name) bool {
	if nm.From == 0 {
		return false
	}
	switch r.doc.Word(nm.From - 1) {
	case "at", "At", "outside", "Outside", "inside", "Inside", "near", "Near":
	default:
		return false
	}
	building := func(w string) bool {
		switch w {
		case "hospital", "Hospital", "clinic", "Clinic", "airport", "Airport", "prison", "Prison", "jail", "Jail", "school", "School", "university", "University", "college", "College", "House", "Hall", "Palace", "stadium", "Stadium",
			"station", "Station", "church", "Church", "mosque", "Mosque", "hotel", "Hotel", "mall", "Mall", "market", "Market", "refinery", "Refinery", "plant", "Plant", "mine", "Mine", "camp", "Camp", "base", "Base", "museum", "Museum":
			return true
		}
		return false
	}
	return building(r.doc.Word(nm.To-1)) || nm.To < len(r.doc.Tokens) && building(r.doc.Word(nm.To))
}

// located reports whether the preposition w puts something somewhere.
func located(w string) bool {
	switch w {
	case "in", "In", "at", "At", "near", "Near", "outside", "Outside", "of", "from", "From", "to", "into", "inside", "around", "across", "above", "below", "on", "off", "toward", "towards", "over", "through", "within", "throughout", "beyond", "along", "south", "north", "east", "west":
		return true
	}
	return false
}

// placeCost returns how far the place name n, which ends at token i, is from the
// act at token at, false if it is no place of the act.
func (r *reader) placeCost(q *extractor.Quantity, n, i, at int) (int, bool) {
	nm := &r.doc.Names[n]
	category := q == nil || q.Category != ""
	if q != nil && q.Agent != nil && (q.Agent.Entity >= 0 && q.Agent.Entity == nm.Entity || q.Agent.Overlaps(nm.Span)) || q != nil && q.Source != nil && q.Source.Overlaps(nm.Span) {
		return 0, false
	}
	if r.heard(r.chunk(nm.From), at) || r.datelined(nm) {
		return 0, false
	}
	c := r.chunk(i)
	ch := r.chunks[c]
	d := i - at
	if d < 0 {
		d = 2 - d
	}
	before := r.word(ch.from - 1)
	in := located(before) && r.kind(c-1) == prep
	if before == "of" && in && r.kind(c-2) == np {
		head := r.chunks[c-2].head
		switch {
		case placeNoun(r.word(head)): // from the northern towns of X
			if r.kind(c-3) == prep {
				before = r.word(r.chunks[c-3].from)
			}
		case r.personal(head): // natives of X
			return 0, false
		}
	}
	if before == "from" && r.relativeAfter(i) < 0 && (q == nil || suffers(q.Category) || q.Category == "" && r.ends(q, r.chunks[c-1].from)) {
		return 0, false // where the victims come from
	}
	inner := r.doc.Tokens[ch.head].Name == int32(n) || ch.head == nm.To && placeNoun(r.word(ch.head))
	switch {
	case inner && in:
	case inner && r.kind(c-1) == vg && (category || r.reachesPlace(r.verb(c-1))):
		in = true // left the town of X, reached X
		d += 4
	case inner && r.kind(c-1) == comma && r.kind(c-2) == np && r.kind(c-3) == prep && located(r.word(r.chunks[c-3].from)): // in Bab, Aleppo
		d += 2
	case r.is(ch.head, event|cause) && category:
		d += 3
	case !inner && in && !r.personal(ch.head):
		d += 3
	default:
		return 0, false
	}
	if nm.To < r.to && r.word(nm.To) == "-" { // X-based
		d += 20
	}
	if q != nil && in && r.ends(q, r.chunks[c-1].from) { // 1,400 shops across X
		d = min(d, 2)
	}
	rank := 0 // what lets others go before but keeps nothing away
	if r.wide(n) {
		rank = 8
	}
	for k := i + 1; k < ch.to; k++ { // the last of "X's Y district" is the inner one
		if m := r.doc.Tokens[k].Name; m >= 0 && int(m) != n && r.isPlace(int(m)) {
			d += 4
			break
		}
	}
	if r.measuredFrom(ch.from) { // 40 km north of the city of X
		d += 10
	}
	switch before {
	case "to", "toward", "towards", "into": // flown to X: where the victims are now
		if q != nil && suffers(q.Category) {
			if r.goal(c, at) {
				return 0, false
			}
			d += 7
		}
	}
	if q != nil && r.speaks(q, nm) {
		d += 6
	}
	if before == "in" && r.kind(c-2) == np && c >= 2 && r.endsInPlace(c-2) { // X in Y
		d += 8
	}
	if r.isWater(nm) { // a bridge over the X river
		d += 6
	}
	if before == "of" {
		switch r.word(ch.from - 2) {
		case "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest": // beside the place itself
			d += 6
		}
	}
	framed := i < at && r.opensPlace(c, nm) && (category || !r.toldIn(c+1))
	if framed { // In X, police arrested four men, and the vote was repeated at two schools
		d = min(d, 14)
	}
	switch rel := r.relativeAfter(i); {
	case framed && (q == nil || !r.otherPlace(nm.To, at)):
	case rel >= 0 && rel < at && !r.crosses(rel+1, at): // in X, where: the place of the clause
		if d = i - at; d < 0 {
			d = -d
		}
		d = min(d, 4)
	case r.crosses(i, at):
		d += 12
	}
	if !framed && r.parts(i, at) && !(i > at && r.sharesSubject(at, i)) {
		if !category && !r.sharesSubject(min(i, at), max(i, at)) && !r.parallel(at, i) {
			return 0, false
		}
		d += 8
	}
	if q != nil && r.taken(q, i) {
		return 0, false
	}
	if category && q != nil && d > 30 {
		return 0, false
	}
	if !category && (d+rank > 20 || !in) {
		return 0, false
	}
	return d + rank, true
}

// opensPlace reports whether the name nm in chunk c closes a phrase like "In X," or "In
// the southern town of X," that opens its sentence and sets the scene for all of it.
func (r *reader) opensPlace(c int, nm *extractor.Name) bool {
	if r.kind(c+1) != comma || nm.To+1 < r.chunks[c].to {
		return false
	}
	k := c - 1
	if r.kind(k) == prep && r.word(r.chunks[k].from) == "of" {
		k -= 2
	}
	if k < 0 || k > 1 || r.kind(k) != prep {
		return false
	}
	switch r.word(r.chunks[k].from) {
	case "In", "At", "Near", "Across", "Around", "Outside", "in", "at", "near":
		return true
	}
	return false
}

// toldIn reports whether the first verb after chunk c says something: "In Geneva,
// officials said" is where they spoke.
func (r *reader) toldIn(c int) bool {
	for ; c < len(r.chunks); c++ {
		if r.kind(c) == vg {
			return r.is(r.verb(c), say)
		}
	}
	return false
}

// otherPlace reports whether another place is named between the tokens i and at.
func (r *reader) otherPlace(i, at int) bool {
	for k := i; k < at; k++ {
		if n := r.doc.Tokens[k].Name; n >= 0 && r.isPlace(int(n)) {
			return true
		}
	}
	return false
}

// speaks reports whether the place name stands in what describes the speaker of q,
// between speaker and verb: "the head of police in X said".
func (r *reader) speaks(q *extractor.Quantity, nm *extractor.Name) bool {
	if q.Source == nil || len(q.Attribution) == 0 {
		return false
	}
	a := &q.Attribution[len(q.Attribution)-1]
	if a.Who.Start == a.Who.End || a.Cue.Start == a.Cue.End {
		return false
	}
	if a.Cue.Start > a.Who.End {
		return nm.Start >= a.Who.Start && nm.End <= a.Cue.Start
	}
	return false
}

// heard reports whether the place in chunk c is where somebody spoke, and token at is
// no word of that phrase: "said in X", "told reporters in X".
func (r *reader) heard(c, at int) bool {
	if r.kind(c-1) != prep {
		return false
	}
	switch r.word(r.chunks[c-1].from) {
	case "in", "at", "from", "outside":
	default:
		return false
	}
	k := c - 2
	if r.kind(k) == np && r.kind(k-1) == vg && r.tells(r.verb(k-1)) {
		k--
	}
	return r.kind(k) == vg && r.is(r.verb(k), say) && r.verb(k) != at && (r.tells(r.verb(k)) || r.word(r.verb(k)) == "said")
}

// goal reports whether the place in chunk c, after "to", is only where somebody went or
// was taken to by another verb than that at token at: "11 died and 3 were flown to X",
// "died on the way to X".
func (r *reader) goal(c, at int) bool {
	k := c - 1
	if r.kind(k) == prep && r.word(r.chunks[k].from) == "of" { // to the port of X
		k -= 2
	}
	k--
	if r.kind(k) == np {
		switch r.word(r.chunks[max(k, 0)].head) {
		case "way", "road", "route", "journey", "trip":
			return true
		}
		k--
	}
	if r.kind(k) != vg {
		return false
	}
	v := r.verb(k)
	return v != at && moves(r.lemma(v))
}

// relativeAfter returns the relative adverb or pronoun that takes up the place name
// whose last token is i, "in X, where", "a plant in X, which"; -1 if there is none.
func (r *reader) relativeAfter(i int) int {
	k := i + 1
	if placeNoun(r.word(k)) {
		k++
	}
	if r.word(k) == "," {
		k++
	}
	switch r.word(k) {
	case "where", "which":
		return k
	}
	return -1
}

// ends reports whether figure q ends before token i.
func (r *reader) ends(q *extractor.Quantity, i int) bool {
	_, right := r.edges(q)
	return right == i
}

// parallel reports whether a figure stands between the act at token at and the later
// token i: "200 houses were damaged and 18 schools closed in X".
func (r *reader) parallel(at, i int) bool {
	qs := r.doc.Quantities
	n, _ := slices.BinarySearchFunc(qs, at+1, func(q extractor.Quantity, from int) int { return q.From - from })
	return n < len(qs) && qs[n].To <= i
}

// taken reports whether the place at token i belongs to a later figure, which is
// joined to q after a place of q's own: "50,000 in the south and 7,000 across the border in X".
func (r *reader) taken(q *extractor.Quantity, i int) bool {
	qs := r.doc.Quantities
	n, _ := slices.BinarySearchFunc(qs, q.To, func(p extractor.Quantity, from int) int { return p.From - from })
	if n >= len(qs) || qs[n].To > i {
		return false
	}
	left, _ := r.edges(&qs[n])
	c := r.chunk(left)
	if r.kind(c-1) != conj {
		return false
	}
	for k := c - 2; k >= 0 && r.chunks[k].from >= q.To; k-- {
		if r.kind(k) == prep && located(r.word(r.chunks[k].from)) && r.word(r.chunks[k].from) != "of" {
			return true
		}
	}
	return false
}

// endsInPlace reports whether the last word of chunk c belongs to the name of a place.
func (r *reader) endsInPlace(c int) bool {
	n := r.doc.Tokens[r.chunks[c].to-1].Name
	return n >= 0 && r.isPlace(int(n))
}

// isWater reports whether a name is that of a river, a lake or a sea.
func (r *reader) isWater(nm *extractor.Name) bool {
	for _, w := range [...]string{r.word(nm.To), r.word(nm.From - 1), r.word(nm.To - 1)} {
		switch w {
		case "river", "River", "Rivers", "rivers", "lake", "Lake", "canal", "Canal":
			return true
		}
	}
	return false
}

// measuredFrom reports whether the place whose noun phrase starts at token i is only
// where a distance is measured from: "40 km north of X", "six miles from the city of X".
func (r *reader) measuredFrom(i int) bool {
	for k := i - 1; k >= r.from && k > i-7; k-- {
		if r.pos(k) == extractor.PUNCT || r.pos(k) == extractor.VERB {
			return false
		}
		switch r.word(k) {
		case "km", "kilometres", "kilometers", "miles", "mile", "metres", "meters", "yards", "feet", "kilometre", "kilometer":
			return true
		}
	}
	return false
}

// reachesPlace reports whether the verb at token v takes a place as its object.
func (r *reader) reachesPlace(v int) bool {
	switch r.lemma(v) {
	case "enter", "reach", "leave", "cross", "hit", "strike", "visit", "quit":
		return true
	}
	return false
}

// placeNoun reports whether w is a word for a kind of place.
func placeNoun(w string) bool {
	switch w {
	case "town", "towns", "city", "cities", "village", "villages", "district", "districts", "area", "areas", "province", "provinces", "region", "neighbourhood", "neighborhood",
		"suburb", "suburbs", "outskirts", "island", "islands", "state", "states", "port", "capital", "settlement", "parts", "part", "centre", "center", "north", "south", "east", "west":
		return true
	}
	return false
}

// personal reports whether token i is a word for people, whom a name before it
// describes and does not place.
func (r *reader) personal(i int) bool {
	if r.is(i, event) {
		return false
	}
	switch r.word(i) {
	case "natives", "citizens", "residents", "nationals", "inhabitants", "evacuees", "refugees", "victims", "leader", "head", "president":
		return true
	}
	return r.is(i, actor|sayNoun|noun) && !r.is(i, site)
}

// wide reports whether the place of name n is a country.
func (r *reader) wide(n int) bool {
	e := r.doc.Names[n].Entity
	return e >= 0 && r.doc.Entities[e].Country != "" && r.isCountry(&r.doc.Entities[e])
}

// crosses reports whether a clause boundary stands between tokens i and j.
func (r *reader) crosses(i, j int) bool {
	if i > j {
		i, j = j, i
	}
	for k := i; k < j; k++ {
		if r.is(k, subord) && r.kind(r.chunk(k)) == sub || r.word(k) == ";" || r.is(k, say) && r.kind(r.chunk(k)) == vg && k > i && !r.passive(k) {
			return true
		}
	}
	return false
}

// lostApostrophe returns the place that token k names with a possessive s whose
// apostrophe was lost, "Perus war", if the text names the place elsewhere.
func (r *reader) lostApostrophe(k int) *extractor.Slot {
	w := r.word(k)
	if len(w) < 5 || w[len(w)-1] != 's' || w[0] < 'A' || w[0] > 'Z' {
		return nil
	}
	for i := range r.doc.Entities {
		if e := &r.doc.Entities[i]; e.Type == schemas.Location && e.Name == w[:len(w)-1] {
			s := r.slot(k, k+1)
			s.Entity, s.Name = i, e.Name
			return s
		}
	}
	return nil
}
