package statement

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// emit resolves the speakers and writes the statements into the Doc.
func (r *reader) emit() {
	r.Statements = r.Statements[:0]
	m := memory{entity: -1, person: -1, body: -1}
	for i := range r.found {
		f := &r.found[i]
		st := extractor.Statement{
			Span:  r.SpanOf(extractor.Range{From: f.from, To: f.to}),
			Cue:   r.SpanOf(f.cue),
			Mode:  r.mode(f.from, f.to),
			Rules: []string{"statement/" + f.rule},
		}
		if f.speaker.ok() {
			slot := r.slot(f.speaker, &m)
			st.Speaker = &slot
			m.note(r.Doc, slot, f.speaker)
		}
		if f.addressee.ok() {
			slot := r.named(f.addressee)
			st.Addressee = &slot
		}
		r.Statements = append(r.Statements, st)
	}
}

// A memory holds who spoke last.
type memory struct {
	entity int // of any type, -1 if none
	person int
	body   int
	slot   extractor.Slot // the last speaker
	plural extractor.Slot // the last speaker that is several
}

func (m *memory) note(doc *extractor.Doc, s extractor.Slot, p phrase) {
	m.slot = s
	m.entity = s.Entity
	if s.Entity >= 0 {
		if doc.Entities[s.Entity].Type == schemas.Person {
			m.person = s.Entity
		} else {
			m.body = s.Entity
		}
	}
}

// slot turns a phrase into a speaker.
func (r *reader) slot(p phrase, m *memory) extractor.Slot {
	if p.to-p.from == 1 && r.pos(p.from) == pPron {
		return r.pronoun(p, m)
	}
	s := r.named(p)
	if s.Entity < 0 {
		if e := r.described(p, m); e >= 0 {
			s.Entity, s.Name = e, r.Entities[e].Name
		}
	}
	return s
}

// named fills a slot from the names in a phrase: a person in it, the name that is
// its head, a person in apposition; else the words themselves.
func (r *reader) named(p phrase) extractor.Slot {
	s := extractor.Slot{Span: r.SpanOf(extractor.Range{From: p.from, To: p.to}), Entity: -1}
	head := r.head(p)
	if e := r.personIn(p.from, p.to, head); e >= 0 {
		return r.entitySlot(s, e)
	}
	if e := r.entityAt(head); e >= 0 && r.Entities[e].Type != schemas.Group {
		return r.entitySlot(s, e)
	}
	if e := r.personIn(p.extra.From, p.extra.To, -1); e >= 0 && r.is(head, wOffice) {
		return r.entitySlot(s, e)
	}
	s.Name = r.Slice(s.Span)
	return s
}

func (r *reader) entitySlot(s extractor.Slot, e int) extractor.Slot {
	s.Entity, s.Name = e, r.Entities[e].Name
	return s
}

// head returns the head of a noun phrase: its last noun before a preposition.
func (r *reader) head(p phrase) int {
	h := p.to - 1
	for i := p.from; i < p.to; i++ {
		if n := r.name(i); n >= 0 {
			h = min(r.Names[n].Range.To, p.to) - 1
			i = h
			continue
		}
		if i > p.from && r.isWord(i, "of", "for", "in", "at", "from", "with", "who") {
			break
		}
		if r.pos(i) != pPoss {
			h = i
		}
	}
	return h
}

// entityAt returns the entity of the name at token i, -1 if none.
func (r *reader) entityAt(i int) int {
	n := r.name(i)
	if n < 0 {
		return -1
	}
	if e := r.Names[n].Entity; e >= 0 && e < len(r.Entities) {
		return e
	}
	return -1
}

// personIn returns the last person named in [from,to) that is not a mere
// possessor, -1 if none.
func (r *reader) personIn(from, to, head int) int {
	found := -1
	for i := from; i < to; i++ {
		e := r.entityAt(i)
		if e < 0 || r.Entities[e].Type != schemas.Person {
			continue
		}
		if end := r.Names[r.name(i)].Range.To; end < to && r.pos(end) == pPoss {
			continue
		}
		if head >= 0 && i > head { // "a spokesman for Smith"
			continue
		}
		found = e
	}
	return found
}

// pronoun resolves he, she, it and they.
func (r *reader) pronoun(p phrase, m *memory) extractor.Slot {
	s := extractor.Slot{Span: r.SpanOf(extractor.Range{From: p.from, To: p.to}), Entity: -1}
	s.Name = r.Slice(s.Span)
	switch {
	case r.isWord(p.from, "he", "she"):
		if e := r.lastPerson(p.from, m); e >= 0 {
			return r.entitySlot(s, e)
		}
	case r.isWord(p.from, "it"):
		if m.slot.Name != "" && m.slot.Entity < 0 && r.near(m.slot, p.from) {
			s.Name = m.slot.Name
			return s
		}
		if e := r.lastBody(p.from, m); e >= 0 {
			return r.entitySlot(s, e)
		}
	case r.isWord(p.from, "they"):
		if m.slot.Name != "" && r.near(m.slot, p.from) {
			s.Entity, s.Name = m.slot.Entity, m.slot.Name
		}
	}
	return s
}

// near reports whether a slot stands at most four sentences before token i.
func (r *reader) near(s extractor.Slot, i int) bool {
	j := r.TokenAt(s.Start)
	return j < len(r.Tokens) && r.Tokens[i].Sentence-r.Tokens[j].Sentence <= 4
}

// lastPerson returns the person that he or she stands for at token i: the last
// speaker if nobody else was named since, else the one named last.
func (r *reader) lastPerson(i int, m *memory) int {
	const window = 120
	for j, n := i-1, 0; j >= 0 && n < window; j, n = j-1, n+1 {
		if r.inside[j] >= 0 {
			continue
		}
		if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == schemas.Person {
			if m.person >= 0 && e != m.person && r.near(m.slot, i) && m.entity == m.person && r.Tokens[j].Sentence == r.Tokens[i].Sentence {
				return m.person
			}
			return e
		}
	}
	return m.person
}

func (r *reader) lastBody(i int, m *memory) int {
	if m.body >= 0 && m.entity == m.body {
		return m.body
	}
	const window = 80
	for j, n := i-1, 0; j >= 0 && n < window; j, n = j-1, n+1 {
		if e := r.entityAt(j); e >= 0 && (r.Entities[e].Type == schemas.Organisation) {
			return e
		}
	}
	return m.body
}

// described resolves "the group", "the ministry" to the body named before, and
// "the minister" to the person.
func (r *reader) described(p phrase, m *memory) int {
	h := r.head(p)
	definite := r.isWord(p.from, "the", "this") || p.to-p.from == 1
	if !definite || p.to-p.from > 3 {
		return -1
	}
	switch {
	case r.is(h, wOffice) && p.to-p.from <= 2:
		for j, n := p.from-1, 0; j >= 0 && n < 80; j, n = j-1, n+1 {
			if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == schemas.Person {
				return e
			}
		}
	case r.is(h, wBody):
		head := r.Word(h)
		for i := range r.Entities { // a name that holds the word
			if r.Entities[i].Type == schemas.Organisation && containsFold(r.Entities[i].Name, head) && r.mentionedBefore(i, p.from) {
				return i
			}
		}
		if r.isWord(h, "group", "agency", "firm", "company", "monitor", "watchdog", "organisation", "organization") {
			return r.lastBody(p.from, m)
		}
	}
	return -1
}

func (r *reader) mentionedBefore(e, i int) bool {
	ms := r.Entities[e].Mentions
	return len(ms) > 0 && ms[0] < len(r.Names) && r.Names[ms[0]].Range.From < i
}

// containsFold reports whether s contains the ASCII word w, in any case.
func containsFold(s, w string) bool {
	for i := 0; i+len(w) <= len(s); i++ {
		j := 0
		for j < len(w) && s[i+j]|0x20 == w[j]|0x20 {
			j++
		}
		if j == len(w) {
			return true
		}
	}
	return false
}
