package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// What stands for a place that the text has named before: "there", "the city",
// "across the country", "inside the plant".

// reach is how many sentences back the place may be named that such a word stands for,
// and farReach the same for a place that was named with that very word, "the town of X".
// "There" reaches least.
const (
	thereReach = 2
	reach      = 4
	farReach   = 12
)

// anaphor returns the place that a word of the sentence stands for and how far that
// word is from the act at token at; nil if there is none. q is nil if the act has no figure.
func (r *reader) anaphor(q *extractor.Quantity, at int) (*extractor.Slot, int) {
	var best *extractor.Slot
	least := 1 << 30
	for i := r.from; i < r.to; i++ {
		switch r.pos(i) {
		case extractor.ADV, extractor.NOUN, extractor.ADJ:
		default:
			continue
		}
		if r.far(i, at) || r.heard(r.chunk(i), at) {
			continue
		}
		d := i - at
		if d < 0 {
			d = 2 - d
		}
		if r.crosses(i, at) || r.parts(i, at) && !(i > at && r.sharesSubject(at, i)) {
			d += 12
		}
		if q != nil && i < q.From && r.parallel(i, q.From) { // 40 died there and 12 in X
			d += 6
		}
		rank := 0
		if w := r.word(i); w == "country" || w == "nation" { // rather the town
			rank = 8
		}
		if d+rank >= least || d > 30 || q != nil && (q.Category == "" && d > 20 || r.taken(q, i) || r.descriptive(q.From, at, i)) {
			continue
		}
		if s := r.standsForPlace(i); s != nil && !(q != nil && q.Source != nil && q.Source.Entity >= 0 && q.Source.Entity == s.Entity) {
			best, least = s, d+rank
		}
	}
	return best, least
}

// standsForPlace returns the place named before that token i stands for, nil if it
// stands for none.
func (r *reader) standsForPlace(i int) *extractor.Slot {
	w := r.word(i)
	switch w {
	case "there":
		switch r.word(i - 1) {
		case "down", "up", "out", "over", "in", "back", "and", "get", "going":
			return nil
		}
		if r.tag(i) != "RB" {
			return nil
		}
		return r.thereBefore(i)
	case "here":
		if !r.quoted() {
			return nil
		}
		return r.thereBefore(r.from)
	case "nationwide", "countrywide":
		return r.landBefore(i)
	}
	if s := r.lostPossessive(i); s != nil {
		return s
	}
	if r.tag(i) != "NN" {
		return nil
	}
	land := w == "country" || w == "nation"
	if !land && !settlement(w) && !r.siteWord(i) {
		return nil
	}
	c := r.chunk(i)
	ch := &r.chunks[c]
	switch r.word(ch.from) {
	case "the", "this", "that":
	default:
		return nil
	}
	if w := r.word(ch.from - 2); w == "elsewhere" || w == "Elsewhere" {
		return nil
	}
	if r.kind(c) != np || r.kind(c-1) != prep || !located(r.word(r.chunks[c-1].from)) || r.word(ch.to) == "of" && r.pos(ch.to+1) != extractor.DET {
		return nil
	}
	if own := r.possessive(i+1) || i+1 < ch.to && (placeNoun(r.word(i+1)) || placeNoun(r.word(ch.head))); ch.head != i && !own { // the city council
		return nil
	}
	switch r.word(r.chunks[c-1].from) {
	case "of":
		h := r.word(r.chunks[c-1].from - 1)
		if !placeNoun(h) && !compass(h) || c > 1 && r.word(r.chunks[c-2].from-1) == "from" {
			return nil
		}
	case "from", "to", "into", "on":
		return nil
	}
	for k := ch.from; k < ch.to; k++ {
		if r.doc.Tokens[k].Name >= 0 || r.doc.Tokens[k].Time >= 0 || r.otherOne(r.word(k)) {
			return nil
		}
	}
	if land {
		return r.landBefore(i)
	}
	return r.lastPlace(i, w)
}

// lostPossessive returns the place that token i names or stands for with a possessive s
// whose apostrophe was lost, before a part of it: "on the citys outskirts"; nil if it does not.
func (r *reader) lostPossessive(i int) *extractor.Slot {
	w := r.word(i)
	if len(w) < 5 || w[len(w)-1] != 's' || !placeNoun(r.word(i+1)) {
		return nil
	}
	c := r.chunk(i)
	if r.kind(c-1) != prep || !located(r.word(r.chunks[c-1].from)) {
		return nil
	}
	if own := w[:len(w)-1]; settlement(own) {
		return r.lastPlace(i, own)
	}
	return r.lostApostrophe(i)
}

// quoted reports whether the sentence has quotation marks.
func (r *reader) quoted() bool {
	for k := r.from; k < r.to; k++ {
		if quoteMark(r.word(k)) {
			return true
		}
	}
	return false
}

// compass reports whether w is a point of the compass.
func compass(w string) bool {
	switch w {
	case "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "north-east", "north-west", "south-east", "south-west", "outside", "inside":
		return true
	}
	return false
}

// otherOne reports whether w tells the place of a noun phrase apart from the one that
// the text speaks of.
func (r *reader) otherOne(w string) bool {
	switch w {
	case "other", "another", "neighbouring", "neighboring", "nearby", "nearest", "next", "second", "first":
		return true
	}
	return false
}

// settlement reports whether w is a word for a place that people live in or that is
// governed as one, as a definite noun phrase takes it up.
func settlement(w string) bool {
	switch w {
	case "city", "town", "village", "district", "province", "region", "county", "neighbourhood", "neighborhood", "suburb", "island", "camp", "port", "territory", "enclave", "state", "valley", "municipality", "settlement", "prefecture":
		return true
	}
	return false
}

// siteWord reports whether token i is a word for a building or a works that may have
// been named before: "the depot" after "the Acme Container Depot".
func (r *reader) siteWord(i int) bool {
	switch r.word(i) {
	case "depot", "plant", "factory", "mine", "prison", "jail", "hospital", "school", "airport", "stadium", "studio", "base", "market", "church", "mosque", "university", "hotel", "bridge", "tunnel", "station", "park", "square", "mill", "refinery", "dam", "theatre", "clinic":
		return true
	}
	return false
}

// lastPlace returns the place named last before token i that the word noun can stand
// for, nil if there is none: one called by that word, else for a town one that is called
// by no other.
func (r *reader) lastPlace(i int, noun string) *extractor.Slot {
	here := int(r.doc.Tokens[i].Sentence)
	best := -1
	for n := r.nameBefore(i); n >= 0; n-- {
		nm := &r.doc.Names[n]
		back := here - int(r.doc.Tokens[nm.From].Sentence)
		if back > farReach {
			break
		}
		if !r.isPlace(n) || r.inDateline(nm) {
			continue
		}
		kind := r.introduced(nm)
		if kind == noun {
			return r.nameSlot(n)
		}
		if best >= 0 || kind != "" || back > reach || r.wide(n) {
			continue
		}
		if noun == "town" || noun == "village" || noun == "city" && nm.Entity >= 0 && r.doc.Entities[nm.Entity].Country != "" {
			best = n
		}
	}
	if best < 0 {
		return nil
	}
	return r.nameSlot(best)
}

// thereBefore returns the place that "there" at token i stands for: the last one named
// in the last sentence that names any, rather a town than a country; nil if there is none.
func (r *reader) thereBefore(i int) *extractor.Slot {
	here := int(r.doc.Tokens[i].Sentence)
	best, sentence := -1, -1
	for n := r.nameBefore(i); n >= 0; n-- {
		nm := &r.doc.Names[n]
		in := int(r.doc.Tokens[nm.From].Sentence)
		if here-in > thereReach || best >= 0 && in != sentence {
			break
		}
		if !r.isPlace(n) || r.inDateline(nm) || nm.From > 0 && r.doc.Word(nm.From-1) == "from" {
			continue
		}
		if !r.wide(n) {
			return r.nameSlot(n)
		}
		if best < 0 {
			best, sentence = n, in
		}
	}
	if best < 0 {
		return nil
	}
	return r.nameSlot(best)
}

// introduced returns the word for a kind of place that stands with a name, "district"
// of "Lomar district", "the district of Lomar", "Lomar, a district"; "" if there is none.
func (r *reader) introduced(nm *extractor.Name) string {
	doc := r.doc
	s := doc.Sentences[doc.Tokens[nm.From].Sentence]
	word := func(k int) string {
		if k < s.From || k >= s.To {
			return ""
		}
		return doc.Word(k)
	}
	kind := func(w string) string {
		for _, k := range [...]string{"city", "town", "village", "district", "province", "region", "county", "island", "camp", "port", "state", "valley", "suburb", "neighbourhood", "depot", "plant", "factory", "mine", "prison", "jail", "hospital", "school", "airport", "stadium", "studio", "base", "market", "church", "mosque", "university", "hotel", "bridge", "tunnel", "station", "park", "square", "mill", "refinery", "dam", "theatre", "clinic"} {
			if len(k) == len(w) && k[1:] == w[1:] && (k[0] == w[0] || k[0] == w[0]+'a'-'A') {
				return k
			}
		}
		return ""
	}
	if k := kind(word(nm.To)); k != "" {
		return k
	}
	if nm.To-nm.From > 1 {
		if k := kind(word(nm.To - 1)); k != "" {
			return k
		}
	}
	if word(nm.From-1) == "of" {
		return kind(word(nm.From - 2))
	}
	if k := kind(word(nm.From - 1)); k != "" {
		return k
	}
	if word(nm.To) == "," && (word(nm.To+1) == "a" || word(nm.To+1) == "the") {
		for k := nm.To + 2; k < nm.To+5; k++ {
			if w := kind(word(k)); w != "" {
				return w
			}
		}
	}
	return ""
}

// landBefore returns the country that the text speaks of before token i: the one named
// last in its sentence or the one before, else the one whose places it has named most.
func (r *reader) landBefore(i int) *extractor.Slot {
	here := int(r.doc.Tokens[i].Sentence)
	var tally [8]vote[int] // names
	n := 0
	for k := r.nameBefore(i); k >= 0; k-- {
		nm := &r.doc.Names[k]
		if nm.Entity < 0 || nm.Type != schemas.Location && nm.Type != schemas.Group {
			continue
		}
		e := &r.doc.Entities[nm.Entity]
		if e.Country == "" {
			continue
		}
		if back := here - int(r.doc.Tokens[nm.From].Sentence); back <= 1 && nm.Type == schemas.Location && r.isCountry(e) && r.sceneOf(nm) {
			return r.nameSlot(k)
		}
		found := false
		for j := range tally[:n] {
			if r.doc.Entities[r.doc.Names[tally[j].what].Entity].Country == e.Country {
				tally[j].count++
				found = true
			}
		}
		if !found && n < len(tally) {
			tally[n] = vote[int]{what: k, count: 1}
			n++
		}
	}
	best := -1
	for j := range tally[:n] {
		if best < 0 || tally[j].count > tally[best].count {
			best = j
		}
	}
	if best < 0 {
		return nil
	}
	return r.landOfName(tally[best].what)
}

// sceneOf reports whether something happens in the place of name nm: it opens its
// sentence or follows a preposition like "in".
func (r *reader) sceneOf(nm *extractor.Name) bool {
	if nm.From == r.doc.Sentences[r.doc.Tokens[nm.From].Sentence].From {
		return true
	}
	k := nm.From - 1
	for n := 0; n < 2 && (r.doc.Tokens[k].UPOS == extractor.ADJ || r.doc.Tokens[k].UPOS == extractor.DET); n++ {
		k--
	}
	switch r.doc.Word(k) {
	case "in", "across", "throughout", "inside", "around", "within", "In", "Across":
		return true
	}
	return false
}

// landOfName returns the country that name n is, or lies in, or is the adjective of;
// nil if it is not known.
func (r *reader) landOfName(n int) *extractor.Slot {
	code := r.doc.Entities[r.doc.Names[n].Entity].Country
	s := r.nameSlot(n)
	for i := range r.doc.Entities {
		if o := &r.doc.Entities[i]; o.Type == schemas.Location && o.Country == code && r.isCountry(o) {
			s.Entity, s.Name = i, o.Name
			return s
		}
	}
	name := countryName(code)
	if name == "" {
		return nil
	}
	s.Entity, s.Name = -1, name
	return s
}
