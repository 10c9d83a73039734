package event

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// verbs reads the events that the verbs of group c evoke: its last verb, and
// those that govern it ("threatened to attack").
func (r *reader) verbs(c int) {
	head := r.head(c)
	for v := r.first(c); v <= r.last(c); v++ {
		if r.pos(v) != extractor.VERB {
			continue
		}
		if v != head && !(r.is(v+1, "to") && v < head) {
			continue
		}
		r.verb(c, v, head)
	}
}

// head returns the last verb of group c.
func (r *reader) head(c int) int {
	for v := r.last(c); v >= r.first(c); v-- {
		if r.pos(v) == extractor.VERB {
			return v
		}
	}
	return r.last(c)
}

// verb reads the event of the verb at token v of group c.
func (r *reader) verb(c, v, head int) {
	w := r.lex(v)
	m, ok := r.modality(c, v)
	if !ok {
		return
	}
	if v == head && len(w.light) > 0 && r.light(c, v, m) {
		return
	}
	f := w.verb
	if f == nil || f.refuse && v == head {
		return
	}
	passive := r.passive(c, v)
	switch r.tag(v) {
	case "VBG":
		if !r.progressive(c, v) {
			return
		}
	case "VBN":
		if !passive && !r.perfect(c, v) && !r.past(c, v, f) {
			r.participle(c, v, f)
			return
		}
	}
	if passive {
		r.passiveVerb(c, v, f, m)
		return
	}
	r.activeVerb(c, v, f, m)
}

func (r *reader) activeVerb(c, v int, f *frame, m schemas.Modality) {
	trigger, next, ok := r.particle(c, v, f)
	if !ok {
		return
	}
	actors := r.subject(c, 0)
	if len(actors) == 0 {
		return
	}
	var recipients []extractor.Slot
	object := r.skip(next)
	switch {
	case f.thing && r.kind(object) != np:
		return
	case f.kind == "protest" && r.kind(object) == np:
		return // demonstrated skill
	case f.particle == "on", (f.object || f.mutual) && r.kind(object) == np:
		recipients = r.list(object, len(r.chunks))
		if len(recipients) == 0 {
			recipients = r.possessor(object)
		}
		if f.mutual && len(recipients) == 0 {
			return // met the criteria
		}
		if f.kind == "yield" && f.object && len(recipients) == 0 {
			return // released a report
		}
	case f.thing:
		recipients = r.possessor(object)
	}
	if len(recipients) == 0 {
		recipients = r.afterPrep(next, f)
	}
	r.add(f, trigger, m, actors, recipients, c)
}

// passiveVerb reads "X was attacked by Y" and "the remains were handed over to X".
func (r *reader) passiveVerb(c, v int, f *frame, m schemas.Modality) {
	trigger, next, ok := r.particle(c, v, f)
	if !ok {
		return
	}
	actors := r.by(next)
	var recipients []extractor.Slot
	if f.object {
		recipients = r.subject(c, 0)
	} else {
		recipients = r.afterPrep(next, f)
	}
	if f.object && len(recipients) == 0 || f.mutual {
		return
	}
	r.add(f, trigger, m, actors, recipients, c)
}

// participle reads "soldiers ambushed by rebels", where the noun before the
// participle is the recipient.
func (r *reader) participle(c, v int, f *frame) {
	if !f.object || r.first(c) != v || r.kind(c-1) != np {
		return
	}
	actors := r.by(c + 1)
	if s, ok := r.slot(c - 1); ok && len(actors) > 0 {
		r.add(f, extractor.Range{From: v, To: v + 1}, schemas.Asserted, actors, []extractor.Slot{s}, c)
	}
}

// past reports whether the verb at token v, which the tagger took for a participle,
// is the verb of its clause: it has its object or preposition, no "by", and no
// other verb follows that could take its subject.
func (r *reader) past(c, v int, f *frame) bool {
	if r.first(c) != v || f.refuse {
		return false
	}
	next := r.skip(c + 1)
	if !f.mutual && f.particle == "" && r.kind(next) != np && !(r.kind(next) == prep && f.takes(r.doc.Word(r.first(next)))) {
		return false
	}
	for k := c + 1; k < min(len(r.chunks), c+maxReach); k++ {
		switch r.kind(k) {
		case comma, edge, sub:
			return true
		case prep:
			if r.is(r.first(k), "by") {
				return false
			}
		case vg:
			if !r.is(r.first(k), "to") {
				return false
			}
		}
	}
	return true
}

// particle returns the trigger of a verb and the chunk after it; false if the
// particle that belongs to it is missing. It may stand after the object: "handed
// the bodies over".
func (r *reader) particle(c, v int, f *frame) (extractor.Range, int, bool) {
	trigger := extractor.Range{From: v, To: v + 1}
	switch {
	case f.particle == "":
		return trigger, c + 1, true
	case r.is(v+1, f.particle):
		trigger.To++
		next := c + 1
		for next < len(r.chunks) && r.first(next) <= v+1 {
			next++
		}
		return trigger, next, true
	case f.particle != "on" && r.kind(c+1) == np && c+2 < len(r.chunks) && r.is(r.first(c+2), f.particle):
		return trigger, c + 1, true
	}
	return trigger, 0, false
}

// light reads "held talks with X", "imposed sanctions on X", "attacks were launched
// on X by Y": a verb that says little and a noun that says what happened.
func (r *reader) light(c, v int, m schemas.Modality) bool {
	if r.passive(c, v) {
		return r.lightPassive(c, v, m)
	}
	if t := r.tag(v); t == "VBG" && !r.progressive(c, v) || t == "VBN" && !r.perfect(c, v) {
		return false
	}
	next := c + 1
	if r.is(r.chunkStart(next), "out") { // carried out
		next++
	}
	object := r.skip(next)
	if r.kind(object) != np {
		return false
	}
	f, n := r.eventNoun(object)
	if f == nil || !r.lex(v).carries(f.kind) {
		return false
	}
	if r.none(object) {
		m = schemas.Negated
	}
	actors := r.subject(c, 0)
	if len(actors) == 0 {
		return false
	}
	r.add(f, extractor.Range{From: n, To: n + 1}, m, actors, r.afterPrep(object+1, f), c)
	return true
}

func (r *reader) lightPassive(c, v int, m schemas.Modality) bool {
	k := c - 1
	for k >= 0 && r.kind(k) != np && r.kind(k) != vg && r.kind(k) != edge {
		k--
	}
	// The noun heads the subject: "sanctions on X were imposed", "sanctions were imposed on X".
	n := k
	var recipients []extractor.Slot
	f, at := r.eventNounAt(n)
	if f == nil && r.kind(k-1) == prep {
		if f, at = r.eventNounAt(k - 2); f != nil && f.takes(r.doc.Word(r.first(k-1))) {
			recipients, n = r.list(k, c), k-2
		} else {
			return false
		}
	}
	if f == nil || !r.lex(v).carries(f.kind) || r.kind(n-1) == prep || r.kind(n-1) == conj {
		return false
	}
	if len(recipients) == 0 {
		recipients = r.afterPrep(c+1, f)
	}
	if r.none(n) {
		m = schemas.Negated
	}
	actors := r.by(c + 1)
	if len(recipients) > 0 {
		r.add(f, extractor.Range{From: at, To: at + 1}, m, actors, recipients, c)
	}
	return true
}

// eventNoun returns the frame and token of the event noun that heads chunk c.
func (r *reader) eventNoun(c int) (*frame, int) {
	n := r.last(c)
	if r.doc.Tokens[n].Name >= 0 {
		return nil, 0
	}
	return r.lex(n).noun, n
}

func (r *reader) eventNounAt(c int) (*frame, int) {
	if r.kind(c) != np {
		return nil, 0
	}
	return r.eventNoun(c)
}

// none reports whether the noun phrase c is denied: "no talks".
func (r *reader) none(c int) bool {
	return r.is(r.first(c), "no") && !r.is(r.first(c)+1, "more") || r.is(r.first(c), "neither")
}

// nominal reads events out of nouns alone: "the talks between X and Y", "X's attack
// on Y", "an attack on Y by X".
func (r *reader) nominal(c int) {
	f, n := r.eventNoun(c)
	if f == nil || r.none(c) || f.kind == "aid" || r.kind(c+1) != prep || r.carried(c, f) {
		return
	}
	trigger := extractor.Range{From: n, To: n + 1}
	end := c + 1 // the verb of the clause, whose subject the noun may be
	for end < min(len(r.chunks), c+maxReach) && r.kind(end) != vg {
		end++
	}
	at := c
	if r.kind(end) == vg && r.lex(r.head(end)).carries(f.kind) { // talks will resume in Osta
		at = end
	}
	w := r.doc.Word(r.first(c + 1))
	if w == "between" && f.takes(w) {
		if list := r.list(c+2, end); len(list) > 1 {
			r.add(f, trigger, r.nominalModality(c), list, nil, at)
		}
		return
	}
	if !f.takes(w) {
		return
	}
	actors, recipients := r.possessor(c), r.list(c+2, end)
	if len(actors) == 0 {
		actors = r.by(c + 3)
	}
	if len(actors) > 0 && len(recipients) > 0 {
		r.add(f, trigger, r.nominalModality(c), actors, recipients, at)
	}
}

// carried reports whether a light verb stands around the noun phrase c, so that
// its event is read there.
func (r *reader) carried(c int, f *frame) bool {
	for k := c - 1; k >= max(0, c-2); k-- {
		if r.kind(k) == vg {
			return r.lex(r.head(k)).carries(f.kind)
		}
	}
	for k := c + 1; k < min(len(r.chunks), c+5); k++ {
		if r.kind(k) == vg {
			return r.lex(r.head(k)).carries(f.kind) && r.passive(k, r.head(k))
		}
	}
	return false
}

// nominalModality reads what the verb after a noun says of it: talks that "will
// begin" have not been held.
func (r *reader) nominalModality(c int) schemas.Modality {
	if k := c - 1; r.kind(k) == vg {
		if m, ok := r.modality(k, r.head(k)); ok && m != schemas.Asserted {
			return m
		}
	}
	for k := c + 1; k < min(len(r.chunks), c+maxReach); k++ {
		switch r.kind(k) {
		case vg:
			if m, ok := r.modality(k, r.head(k)); ok {
				return m
			}
			return schemas.Asserted
		case sub, edge, comma:
			return schemas.Asserted
		}
	}
	return schemas.Asserted
}

func (r *reader) chunkStart(c int) int {
	if c < 0 || c >= len(r.chunks) {
		return -1
	}
	return r.first(c)
}
