package role

import (
	"slices"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// agent finds who did it or whose the figure is.
func (r *reader) agent(q *extractor.Quantity, p *predicate) {
	var s *extractor.Slot
	c := -1
	if p.token >= 0 {
		c = r.chunk(p.token)
	}
	switch {
	case p.token < 0 || r.is(p.token, say) || r.estimates(q, p.token) || r.aloof(q, p.token):
	case q.Category != "" && (p.subject || p.rule == "role/toll" || p.rule == "role/nominal" || p.rule == "role/noun"):
		if s = r.byAgent(p.token); s == nil {
			s = r.eventNear(p.token)
		}
		if left, _ := r.edges(q); s == nil && p.rule == "role/noun" { // are burying 300 bodies
			if k := r.chunk(left) - 1; r.kind(k) == vg && !r.passive(r.verb(k)) && !r.copular(k) && !r.is(r.verb(k), say) && !r.cares(r.verb(k)) {
				s = r.subjectOf(k, 0)
			}
		}
	case q.Category == "" && p.subject && !p.passive:
	case q.Category == "" && p.passive && r.heldWith(q, p.token): // was caught with 12 pills
		s = r.subjectOf(c, 0)
	case p.passive || r.reduced(p.token):
		s = r.byAgent(p.token)
	case c >= 0 && r.kind(c) == vg && !(q.Category == "" && r.copular(c) && r.isTo(r.verb(c)) == ""):
		s = r.subjectOf(c, 0)
	}
	if s == nil && p.rule == "role/object" && c >= 0 && r.kind(c) == np { // "X strikes kill" read as one noun phrase
		s = r.actorBefore(p.token)
	}
	p.sameAct = s == nil && p.token >= 0 && r.sameAct(p.token)
	if s == nil && q.Category == "" {
		s = r.owner(q)
	}
	if s == nil || q.Category == "" && s.Entity < 0 && !r.actorSlot(s) || q.Counted != nil && q.Counted.Overlaps(extractor.Span{Start: s.Start, End: s.End}) {
		return
	}
	if q.Category == "" && q.Counted != nil && q.Unit == schemas.UnitCount && s.Entity >= 0 && r.doc.Entities[s.Entity].Type == schemas.Location && p.token >= 0 && r.lemma(p.token) == "have" && r.isPeople(q) {
		q.Place = s // a town that has so many people does not act
		origin(q, "place", schemas.Stated)
		return
	}
	q.Agent = s
	origin(q, "agent", schemas.Stated)
}

// cares reports whether the verb at token v says what was done for the dead, injured
// and missing once they were: the hospital that treated 60 injured hurt nobody.
func (r *reader) cares(v int) bool {
	switch r.lemma(v) {
	case "treat", "admit", "receive", "discharge", "nurse", "carry", "fly", "transfer", "transport", "bring", "evacuate", "rescue", "mourn",
		"recover", "retrieve", "find", "discover", "identify", "count", "record", "register", "list", "see", "report", "confirm":
		return true
	}
	return false
}

// estimates reports whether the verb at token v only says how much: "officials put
// the damage at $3m".
func (r *reader) estimates(q *extractor.Quantity, v int) bool {
	if left, _ := r.edges(q); r.word(left-1) != "at" && r.word(r.doc.TokenAt(q.Phrase.Start)-1) != "at" {
		return false
	}
	switch r.lemma(v) {
	case "put", "puts", "estimate", "value", "forecast", "see", "project", "calculate", "reckon", "show":
		return true
	}
	return false
}

// aloof reports whether the figure counts where something was done and not what:
// the 12 of "gave 70 concerts in 12 countries", the five of "to one of five charities".
func (r *reader) aloof(q *extractor.Quantity, v int) bool {
	left, _ := r.edges(q)
	if r.partitive(q) {
		return true
	}
	k := r.chunk(left) - 1
	if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimLength && r.kind(k) == prep && (r.word(r.chunks[k].from) == "of" || r.word(r.chunks[k].from) == "at") { // from a distance of 20 metres
		return true
	}
	if q.Category != "" || v < 0 || v > left || r.kind(k) != prep || r.kind(k-1) != np || r.chunk(v) > k-1 || r.kind(r.chunk(v)) != vg {
		return false
	}
	switch r.word(r.chunks[k].to - 1) {
	case "in", "from", "across", "throughout", "near":
		return true
	}
	return false
}

// actorBefore returns who acts where the verb at token v was read as the end of a
// noun phrase.
func (r *reader) actorBefore(v int) *extractor.Slot {
	ch := r.chunks[r.chunk(v)]
	h := v - 1
	if h < ch.from {
		return nil
	}
	saved := r.chunks[r.chunk(v)]
	r.chunks[r.chunk(v)].head, r.chunks[r.chunk(v)].to = h, v
	s := r.actorOf(r.chunk(v), 4)
	r.chunks[r.chunk(v)] = saved
	return s
}

// reduced reports whether the participle at token v describes the noun before it:
// "people evacuated from two towns".
func (r *reader) reduced(v int) bool {
	c := r.chunk(v)
	w := r.word(v + 1)
	return (r.tag(v) == "VBN" || r.tag(v) == "VBD" && r.is(v, trans) && (w == "from" || w == "by" || w == "in")) && c >= 0 && r.kind(c) == vg && r.chunks[c].from == v && r.kind(c-1) == np && !r.objectAfter(v+1)
}

// copular reports whether the verb group c is a form of "be" alone.
func (r *reader) copular(c int) bool {
	switch r.word(r.verb(c)) {
	case "is", "are", "was", "were", "be", "been", "'s", "’s", "being":
		return true
	}
	return false
}

func (r *reader) actorSlot(s *extractor.Slot) bool {
	i := r.doc.TokenAt(s.End - 1) // it may stand in the sentence before
	return i < len(r.cues) && (r.cues[i].class&actor != 0 || r.doc.Tokens[i].Name >= 0 || governed(r.doc.Word(i)))
}

// byAgent reads "by X" after the verb at token v.
func (r *reader) byAgent(v int) *extractor.Slot {
	for k := v + 1; k < r.to && k < v+14; k++ {
		switch r.word(k) {
		case "by":
			if c := r.chunk(k) + 1; r.kind(c) == np {
				return r.actorOf(c, 0)
			}
			return nil
		case "and":
			if r.pos(k+1) != extractor.NUM { // were fined 3 million and 8 million by
				return nil
			}
		case ";", ":", "which", "who", "that":
			return nil
		}
		if r.pos(k) == extractor.VERB {
			return nil
		}
	}
	return nil
}

// subjectOf returns the actor that is the subject of the verb group c.
func (r *reader) subjectOf(c, depth int) *extractor.Slot {
	if depth > 5 {
		return nil
	}
	if k := r.sharedModal(c); k >= 0 {
		return r.subjectOf(k, depth+1)
	}
	first := r.chunks[c].from
	finite := r.tag(r.verb(c)) != "VBG" || r.pos(first) == extractor.AUX
	k := c - 1
	for k >= 0 && (r.kind(k) == when || r.kind(k) == stop && r.quote(r.chunks[k].from)) {
		k--
	}
	for r.kind(k) == adv && k >= 0 {
		k--
	}
	if r.word(first) == "to" {
		for j := k - 1; r.kind(k) == comma && j > 1 && j > k-9; j-- { // plans, if the court agrees, to cut
			if r.kind(j) == sub && r.kind(j-1) == comma {
				k = j - 2
				break
			}
		}
		if s, told := r.subjectOfInfinitive(k, depth); told {
			return s
		}
	}
	nearest := c - 1
	if finite && r.kind(k) == comma { // the bank, which had lost money, paid
		for j := k - 1; j > 1 && j > k-9; j-- {
			if r.relates(j) && r.kind(j-1) == comma && r.kind(j-2) == np {
				k, nearest = j-1, j-2
				break
			}
		}
	}
	if !finite && r.kind(k) == prep && r.word(r.chunks[k].from) == "of" && r.kind(k-1) == np && r.kind(k-2) == vg { // accused them of killing
		switch r.lemma(r.verb(k - 2)) {
		case "accuse", "suspect", "convict", "acquit", "clear":
			if !r.passive(r.verb(k - 2)) {
				return r.actorOf(k-1, depth)
			}
		}
	}
	if r.word(first) == "to" || !finite || r.kind(k) == conj || r.kind(k) == comma && r.kind(k-1) == vg {
		return r.subjectOfEarlier(k, depth)
	}
	if r.kind(k) == comma && r.kind(k-1) == np && r.kind(k-2) == comma && r.kind(k-3) == np { // the new company, X, has
		if n := r.doc.Tokens[r.chunks[k-1].head].Name; n >= 0 && r.doc.Names[n].Type != schemas.Location {
			return r.actorOf(k-1, depth)
		}
		k -= 3
	}
	if r.kind(k) == sub {
		w := r.word(r.chunks[k].from)
		if w == "that" || w == "which" || w == "who" {
			j := k - 1
			if r.kind(j) == comma {
				j--
			}
			if r.kind(j-1) == comma && r.kind(j-2) == np && r.pos(r.chunks[j].from) == extractor.DET && r.doc.Tokens[r.chunks[j-2].head].Name >= 0 {
				j -= 2 // Telko, a firm that makes glass
			}
			if r.kind(j) == np {
				return r.actorOf(j, depth)
			}
		}
		return nil
	}
	joined := false
	for ; k >= 0; k-- {
		switch r.kind(k) {
		case conj:
			joined = true
		case np:
			if joined && r.kind(k-1) == vg && !r.is(r.verb(k-1), say) && r.pos(r.chunks[k].from) == extractor.PRON { // closed its mill and, later, sold
				continue
			}
			if j := r.before(k); r.kind(j) == prep && !r.bounds(j) {
				switch r.word(r.chunks[j].from) {
				case "after", "before", "since", "until", "as", "As", "After":
					if k == nearest { // after a blaze killed
						return r.actorOf(k, depth)
					}
				}
				k = j
				continue
			}
			if r.kind(k-1) == comma && r.appositive(k) {
				continue
			}
			return r.actorOf(k, depth)
		case vg:
			if r.tag(r.verb(k)) == "VBN" && !r.passive(r.verb(k)) { // buses carrying people evacuated from
				continue
			}
			if r.is(r.verb(k), say) { // X said Y killed: nothing between
				return nil
			}
			return r.subjectOf(k, depth+1)
		case sub:
			return nil
		case stop:
			if r.word(r.chunks[k].from) == ";" || r.word(r.chunks[k].from) == ":" {
				return nil
			}
		}
	}
	return nil
}

// relates reports whether chunk j starts a relative clause: "which", "whose ports".
func (r *reader) relates(j int) bool {
	return r.kind(j) == sub && r.is(r.chunks[j].from, relative) || r.kind(j) == np && r.lower(r.chunks[j].from) == "whose"
}

// subjectOfInfinitive returns who is to act where the words before say it, nil if that
// does not act: "ordered the bank to pay", "an option for Telko to buy", "expect the
// dispute to cost".
func (r *reader) subjectOfInfinitive(k, depth int) (who *extractor.Slot, told bool) {
	if r.kind(k) == np && r.kind(k-1) == prep {
		if w := r.word(r.chunks[k-1].from); w == "to" || w == "for" {
			who = r.actorOf(k, depth)
			return who, who != nil
		}
	}
	for ; k >= 0; k-- {
		switch r.kind(k) {
		case vg:
			v := r.verb(k)
			if r.reduced(v) {
				continue
			}
			switch r.lemma(v) {
			case "order", "tell", "ask", "force", "require", "allow", "urge", "oblige", "permit", "want", "expect":
				for r.kind(k+1) == when { // "former"
					k++
				}
				if r.kind(k+1) == np && !r.passive(v) {
					return r.actorOf(k+1, depth), true
				}
			}
			if w := r.word(v + 1); r.lemma(v) == "call" && (w == "on" || w == "upon") || r.lemma(v) == "appeal" && w == "to" { // called on the state to pay
				if j := r.chunk(v+1) + 1; r.kind(j) == np {
					return r.actorOf(j, depth), true
				}
			}
			return nil, false
		case stop, sub:
			return nil, false
		}
	}
	return nil, false
}

// bounds reports whether the preposition of chunk j belongs to a number: "more
// than 100 people".
func (r *reader) bounds(j int) bool {
	i := r.chunks[j].to
	switch r.word(i - 1) {
	case "than", "about", "around", "over", "under", "nearly", "to":
		return r.pos(i) == extractor.NUM && (r.word(i-1) != "to" || r.word(i-2) == "up")
	case "at":
		return r.word(i) == "least" || r.word(i) == "most"
	}
	return false
}

func (r *reader) quote(i int) bool {
	switch r.word(i) {
	case "\"", "“", "”", "``", "''", "'", "‘", "’":
		return true
	}
	return false
}

// appositive reports whether the noun phrase k between commas explains the one
// before it.
func (r *reader) appositive(k int) bool {
	return r.kind(k-2) == np && (r.kind(k+1) == comma || r.kind(k+1) == prep)
}

// subjectOfEarlier returns the subject of the verb group before chunk k.
func (r *reader) subjectOfEarlier(k, depth int) *extractor.Slot {
	for ; k >= 0; k-- {
		if r.kind(k) == vg && !r.reduced(r.verb(k)) {
			if r.is(r.verb(k), say) && r.kind(k+1) == sub {
				return nil
			}
			return r.subjectOf(k, depth+1)
		}
		if r.kind(k) == sub && r.word(r.chunks[k].from) != "that" && r.word(r.chunks[k].from) != "which" && r.word(r.chunks[k].from) != "who" {
			return nil
		}
	}
	// "Israel …, launching attacks": no verb before; the first noun phrase acts.
	for k = 0; k < len(r.chunks); k++ {
		if r.kind(k) == np && r.kind(k-1) != prep {
			return r.actorOf(k, depth)
		}
	}
	return nil
}

// actorOf returns who acts where the noun phrase of chunk c is the subject: the
// thing itself, or for an event whoever is behind it. Bombs, quakes and trains
// do not act.
func (r *reader) actorOf(c, depth int) *extractor.Slot {
	ch := r.chunks[c]
	h := ch.head
	e := r.cue(h)
	if r.doc.Tokens[h].Time >= 0 {
		return nil
	}
	if e.class&event != 0 && r.doc.Tokens[h].Name < 0 {
		return r.behind(c, depth)
	}
	if e.class&planned != 0 && h > ch.from && r.doc.Tokens[h].Name < 0 { // "the army plans" read as a noun phrase
		h--
		e = r.cue(h)
		ch.to = h + 1
	}
	if r.pos(h) == extractor.PRON {
		return r.antecedent(c, depth)
	}
	if n := r.doc.Tokens[h].Name; n >= 0 {
		switch r.doc.Names[n].Type {
		case schemas.Location:
			if !r.wide(int(n)) { // a state acts, a town or a bridge does not
				return nil
			}
			return r.nameSlot(int(n))
		case schemas.Person, schemas.Organisation:
			return r.nameSlot(int(n))
		case schemas.Group:
			if r.word(h)[len(r.word(h))-1] == 's' { // Americans: people, not their state
				return r.nameSlot(int(n))
			}
			return r.country(int(n))
		}
		return nil
	}
	if r.word(ch.to) == "of" && r.kind(c+2) == np && (e.class&actor == 0 || memberless(e.text)) { // a team of officers
		if r.is(r.chunks[c+2].head, actor) {
			return r.actorOf(c+2, depth+1)
		}
	}
	if r.word(ch.to) == "of" && r.kind(c+2) == np && (fights(e.text) || e.text == "members" || e.text == "soldiers") { // rebels of the Northern Front
		if n := r.doc.Tokens[r.chunks[c+2].head].Name; n >= 0 && r.doc.Names[n].Type == schemas.Organisation {
			return r.nameSlot(int(n))
		}
	}
	if e.class&actor == 0 && holdings[e.text] || e.text == "" && holdings[r.lower(h)] { // Norway's exports fell
		return r.holder(c)
	}
	if e.class&(cause|toll) != 0 && e.class&actor == 0 {
		return nil
	}
	if e.class&actor != 0 {
		if s := r.described(ch.from, h); s != nil {
			return s
		}
		from := ch.from
		if n := r.nameIn(ch.from, h, schemas.Organisation, schemas.Group, schemas.Location); n >= 0 {
			switch r.word(h) {
			case "warplanes", "planes", "jets", "helicopters", "aircraft":
				return r.country(n)
			case "group", "company", "firm", "party", "team":
				if r.doc.Names[n].Type == schemas.Organisation {
					return r.nameSlot(n)
				}
			}
		}
		for i := from; i < h; i++ {
			if r.pos(i) == extractor.NUM || r.pos(i) == extractor.ADP { // 12 people: who, not how many
				from = i + 1
			}
		}
		if r.pos(from) == extractor.DET {
			from++
		}
		if from > h {
			return nil
		}
		return r.slot(from, h+1)
	}
	if governed(r.word(h)) && r.pos(ch.from) == extractor.DET && r.kind(c+1) == vg && r.wills(r.verb(c+1)) { // the state would pay
		if s := r.described(ch.from, h); s != nil {
			return s
		}
		return r.slot(h, h+1)
	}
	return nil
}

// governed reports whether w is a word for a place that acts where its rulers do.
func governed(w string) bool {
	switch w {
	case "state", "city", "country", "town", "county", "region", "province", "nation", "kingdom", "republic", "bloc":
		return true
	}
	return false
}

// memberless reports whether w names a number of people by their number only.
func memberless(w string) bool {
	switch w {
	case "team", "group", "crowd", "gang", "groups", "teams":
		return true
	}
	return false
}

// behind returns who is behind the event of the noun phrase c: "Russian air
// strikes", "attacks by rebels", "Israel … launching attacks".
func (r *reader) behind(c, depth int) *extractor.Slot {
	ch := r.chunks[c]
	switch r.cues[ch.head].text {
	case "war", "conflict", "violence", "unrest", "clashes", "fighting", "protest", "protests", "riot", "riots", "battle", "battles", "car", "fire": // of two sides or none
		return nil
	}
	for i := ch.head - 1; i >= ch.from; i-- {
		n := r.doc.Tokens[i].Name
		if n < 0 {
			continue
		}
		switch r.doc.Names[n].Type {
		case schemas.Group:
			return r.country(int(n))
		case schemas.Organisation, schemas.Person:
			return r.nameSlot(int(n))
		case schemas.Location:
			if i+1 < ch.to && (r.possessive(i+1) || r.word(i+1) == "-") || r.word(i) == "US" || r.word(i) == "U.S." || r.wide(int(n)) {
				return r.nameSlot(int(n))
			}
		}
	}
	for k := c + 1; k < len(r.chunks) && k < c+7; k++ {
		if r.kind(k) == vg || r.kind(k) == sub || r.kind(k) == comma {
			break
		}
		if r.kind(k) == prep && r.word(r.chunks[k].from) == "by" && r.kind(k+1) == np {
			return r.actorOf(k+1, depth+1)
		}
	}
	if k := c - 1; k >= 0 && depth < 4 && r.kind(k) == vg && r.is(r.verb(k), carry) {
		return r.subjectOf(k, depth+1)
	}
	return nil
}

// eventNear returns who is behind the event named after the verb at token v:
// "were killed in Israeli strikes".
func (r *reader) eventNear(v int) *extractor.Slot {
	c := r.chunk(v)
	for k := c + 1; k < len(r.chunks) && k < c+9; k++ {
		switch r.kind(k) {
		case np:
			if r.is(r.chunks[k].head, event) && r.kind(k-1) == prep {
				if s := r.behind(k, 3); s != nil {
					return s
				}
			}
		case vg, sub, stop:
			return nil
		}
	}
	for k := c - 1; k >= 0; k-- {
		if r.kind(k) == np && r.is(r.chunks[k].head, event) {
			if s := r.behind(k, 3); s != nil {
				return s
			}
		}
	}
	return nil
}

// country returns the slot of a nationality's country if the text names it, else
// of the nationality itself.
func (r *reader) country(n int) *extractor.Slot {
	s := r.nameSlot(n)
	e := r.doc.Names[n].Entity
	if e < 0 || r.doc.Names[n].Type != schemas.Group {
		return s
	}
	code := r.doc.Entities[e].Country
	if code == "" {
		return s
	}
	for i := range r.doc.Entities {
		o := &r.doc.Entities[i]
		if o.Type == schemas.Location && o.Country == code && o.Key != "" && r.isCountry(o) {
			s.Entity, s.Name = i, o.Name
			return s
		}
	}
	if name := countryName(code); name != "" {
		s.Name, s.Entity = name, -1
	}
	return s
}

// isCountry reports whether a place is a country, not a town in one.
func (r *reader) isCountry(e *extractor.Entity) bool {
	name := countryName(e.Country)
	if e.Name == name || e.Key == name {
		return true
	}
	for _, a := range e.Aliases {
		if a == name {
			return true
		}
	}
	return false
}

// antecedent returns who a pronoun subject stands for: at the start of a sentence
// whoever acted in the sentence before or is named in it, else where a verb of
// saying before it has the same subject: "X says it lost $3 million".
func (r *reader) antecedent(c, depth int) *extractor.Slot {
	w := r.lower(r.chunks[c].from)
	if w == "i" || w == "you" || depth > 3 {
		return nil
	}
	if r.leads(c) {
		return r.takenUp(w, r.chunks[c].from)
	}
	for k := c - 1; k >= 0 && k > c-5; k-- {
		if r.kind(k) == vg && r.is(r.verb(k), say) {
			s := r.subjectOf(k, depth+1)
			if b := r.ofSpeaker(r.verb(k)); w == "it" && b != nil && r.person(s) {
				return b
			}
			return s
		}
		if r.kind(k) == np || r.kind(k) == stop {
			return nil
		}
	}
	return nil
}

// leads reports whether nothing but adverbs, times and what follows prepositions stands
// before chunk c in its sentence: "In the first three months of the year it".
func (r *reader) leads(c int) bool {
	for k := 0; k < c; k++ {
		switch r.kind(k) {
		case when, adv, comma, prep, conj:
		case np:
			if r.kind(k-1) != prep || r.doc.Tokens[r.chunks[k].head].Name >= 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// person reports whether a slot is a person who has a name.
func (r *reader) person(s *extractor.Slot) bool {
	return s != nil && s.Entity >= 0 && r.doc.Entities[s.Entity].Type == schemas.Person
}

// ofSpeaker returns the body that the speaker before the verb at token v belongs to,
// which "it" takes up: "the council's leader, Ada Byron, said it would pay".
func (r *reader) ofSpeaker(v int) *extractor.Slot {
	for i := r.from + 1; i < v && i < r.from+8; i++ {
		if !r.possessive(i) {
			continue
		}
		if n := r.nameAt(i - 1); n >= 0 {
			if r.doc.Names[n].Type == schemas.Organisation {
				return r.nameSlot(n)
			}
			return nil
		}
		if r.is(i-1, actor) {
			return r.slot(i-1, i)
		}
	}
	return nil
}

// share hands agents on from wholes to parts and along a list of objects: "will
// have $3bn in revenue and 400 shops".
func (r *reader) shareAgents(i, j int) {
	qs := r.doc.Quantities
	for k := i; k < j; k++ {
		q := &qs[k]
		if q.Agent != nil || r.aloof(q, r.preds[k].token) || r.innerTotal(k) {
			continue
		}
		if k > i && qs[k-1].Agent != nil && q.Category == qs[k-1].Category {
			if s := r.gapSubject(&qs[k-1], q); s != nil {
				q.Agent = s
				origin(q, "agent", schemas.Stated)
				continue
			}
		}
		if w := q.PartOf; w >= i && w < j && qs[w].Agent != nil && q.Category == qs[w].Category {
			q.Agent = qs[w].Agent
			origin(q, "agent", schemas.Stated)
			continue
		}
		if k > i && qs[k-1].Agent != nil && q.Category == qs[k-1].Category && slices.Contains(q.Rules, baselineRule) { // delivered 24 planes, down from 29
			q.Agent = qs[k-1].Agent
			origin(q, "agent", schemas.Stated)
			continue
		}
		if k > i && qs[k-1].Agent != nil && (r.preds[k].rule == "role/list" || r.preds[k].token >= 0 && r.preds[k].token == r.preds[k-1].token && r.preds[k].subject == r.preds[k-1].subject ||
			r.inParentheses(q)) {
			q.Agent = qs[k-1].Agent
			origin(q, "agent", schemas.Stated)
		}
	}
}

// gapSubject returns who does in q what another does in p, with the verb left out: the
// Slovenes of "Germans made up 28 percent of guests and Slovenes 11 percent"; nil if
// nobody does.
func (r *reader) gapSubject(p, q *extractor.Quantity) *extractor.Slot {
	left, _ := r.edges(q)
	_, right := r.edges(p)
	i := left - 1
	switch r.word(i) {
	case "at", "with":
		i--
	}
	n := r.nameAt(i)
	if n < 0 || i < right || r.doc.Names[n].Type == schemas.Misc {
		return nil
	}
	for k := right; k < i; k++ {
		if u := r.pos(k); u == extractor.VERB || u == extractor.AUX || r.word(k) == ";" {
			return nil
		}
	}
	k := r.doc.Names[n].From - 1
	for r.pos(k) == extractor.DET || r.pos(k) == extractor.ADJ || r.pos(k) == extractor.NOUN {
		k--
	}
	if w := r.word(k); w != "and" && w != "," && w != "while" && w != "but" {
		return nil
	}
	if r.doc.Names[n].Type == schemas.Group {
		return r.country(n)
	}
	return r.nameSlot(n)
}

// inParentheses reports whether the figure repeats the one before it in another unit.
func (r *reader) inParentheses(q *extractor.Quantity) bool {
	for _, id := range q.Rules {
		if id == "quantity/conversion" {
			return true
		}
	}
	return false
}
