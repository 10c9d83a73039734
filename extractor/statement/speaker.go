package statement

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// emit resolves the speakers and writes the statements into the Doc.
func (r *reader) emit() {
	r.Statements = r.Statements[:0]
	m := memory{person: -1, body: -1}
	r.prepare()
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
			m.note(r, slot, f)
		}
		if f.addressee.ok() {
			slot := r.named(f.addressee)
			st.Addressee = &slot
		}
		r.Statements = append(r.Statements, st)
	}
}

// prepare notes which tokens are content, where a name is no antecedent, and which
// entities speak.
func (r *reader) prepare() {
	r.count, r.speaks, r.counted, r.salient = r.count[:0], r.speaks[:0], 0, -1
	for range r.Entities {
		r.count, r.speaks = append(r.count, 0), append(r.speaks, false)
	}
	r.content = r.content[:0]
	for range r.Tokens {
		r.content = append(r.content, false)
	}
	for i := range r.found {
		for j := r.found[i].from; j < r.found[i].to; j++ {
			r.content[j] = true
		}
		for j := r.found[i].speaker.from; j < r.found[i].speaker.to; j++ {
			if e := r.entityAt(j); e >= 0 {
				r.speaks[e] = true
			}
		}
	}
}

// A memory holds who spoke last.
type memory struct {
	person   int            // last speaker that is a person, -1 if none
	body     int            // last speaker that is something else
	slot     extractor.Slot // last speaker
	plural   bool           // the last speaker is several
	sentence int            // where the last statement stands
	after    int            // token after the last statement, cue and speaker included
}

func (m *memory) note(r *reader, s extractor.Slot, f *found) {
	m.slot = s
	m.after = max(m.after, f.to, f.cue.To)
	m.sentence = int(r.Tokens[m.after-1].Sentence)
	m.plural = f.speaker.ok() && r.is(r.head(f.speaker), wPlural)
	if s.Entity >= 0 {
		if r.Entities[s.Entity].Type == schemas.Person {
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
	if r.several(p) {
		s.Name = r.Slice(s.Span)
		return s
	}
	if e := r.personIn(p.from, p.to, head); e >= 0 {
		return r.entitySlot(s, e)
	}
	if e := r.entityAt(head); e >= 0 && r.Entities[e].Type != schemas.Group {
		return r.entitySlot(s, e)
	}
	if e := r.bodyIn(p, head); e >= 0 {
		return r.entitySlot(s, e)
	}
	if e := r.adjoined(p); e >= 0 {
		return r.entitySlot(s, e)
	}
	if r.is(head, wOffice) {
		if e := r.personIn(p.extra.From, p.extra.To, -1); e >= 0 {
			return r.entitySlot(s, e)
		}
		if e := r.entityAt(p.extra.From); e >= 0 && r.Names[r.name(p.extra.From)].Range.To == p.extra.To {
			return r.entitySlot(s, e) // a name of whatever type that fills the apposition
		}
	}
	if e := r.apposedName(p); e >= 0 {
		return r.entitySlot(s, e)
	}
	s.Name = r.Slice(s.Span)
	return s
}

// apposedName returns the person or body whose name alone stands between commas before
// the cue, whatever word it explains: "The presiding judge, Ada Byron, said", "One of
// them, Tom Lee, 40, said", "Its operator, Metrolane, said"; -1 if there is none.
func (r *reader) apposedName(p phrase) int {
	from, to := p.extra.From, p.extra.To
	for to > from && (r.isWord(to-1, ",") || r.pos(to-1) == pNum && r.name(to-1) < 0) {
		to--
	}
	k := to
	for k > from && !r.isWord(k-1, ",") {
		k--
	}
	if k >= to || k == from && r.name(k) < 0 {
		return -1
	}
	e := r.entityAt(k)
	if e < 0 || r.Entities[e].Type != schemas.Person && r.Entities[e].Type != schemas.Organisation || r.Names[r.name(k)].Range.From != k || r.Names[r.name(k)].Range.To != to {
		return -1
	}
	return e
}

// bodyIn returns the body that a phrase names before a word for its kind: "the
// Seawatch group", "Delta news agency".
func (r *reader) bodyIn(p phrase, head int) int {
	if !r.isWord(head, "group", "agency", "network", "party", "movement", "organisation", "organization", "militia", "airline", "company", "firm", "newspaper", "channel", "coalition", "alliance") {
		return -1
	}
	for i := head - 1; i >= p.from && i >= head-3; i-- {
		if r.pos(i) == pPoss || r.isWord(i, "of", "for") {
			return -1
		}
		if e := r.entityAt(i); e >= 0 && r.Entities[e].Type == schemas.Organisation {
			return e
		}
		if !r.isWord(i, "news", "terrorist", "terror", "rebel", "militant", "extremist", "jihadist", "armed", "political", "insurgent", "opposition", "-") {
			return -1
		}
	}
	return -1
}

// adjoined returns the entity whose name follows a phrase where a comma was lost:
// "Rescue workers the Civil Guard said".
func (r *reader) adjoined(p phrase) int {
	x := p.extra
	if x.To <= x.From || x.To-x.From > 6 || r.pos(x.From) != pDet && r.name(x.From) < 0 || x.From != p.to {
		return -1
	}
	q := r.after(x.From)
	if q.to != x.To {
		return -1
	}
	return r.entityAt(x.To - 1)
}

// several reports whether a phrase joins two names: "Ada Byron and Tom Lee".
func (r *reader) several(p phrase) bool {
	for i := p.from + 1; i+1 < p.to; i++ {
		if a, b := r.name(i-1), r.name(i+1); r.isWord(i, "and") && a >= 0 && b >= 0 && a != b {
			return true
		}
	}
	return false
}

func (r *reader) entitySlot(s extractor.Slot, e int) extractor.Slot {
	s.Entity, s.Name = e, r.Entities[e].Name
	return s
}

// head returns the head of a noun phrase: its last noun before a preposition.
func (t *text) head(p phrase) int {
	h := p.to - 1
	for i := p.from; i < p.to; i++ {
		if n := t.name(i); n >= 0 {
			h = min(t.Names[n].Range.To, p.to) - 1
			i = h
			continue
		}
		if i > p.from && t.isWord(i, "of", "for", "in", "at", "from", "with", "who") {
			break
		}
		if t.pos(i) != pPoss {
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
		if end := r.Names[r.name(i)].Range.To; end < to && (r.pos(end) == pPoss || r.isWord(end, "'s", "’s")) {
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
	near := m.slot.Name != "" && int(r.Tokens[p.from].Sentence)-m.sentence <= 6
	switch {
	case r.isWord(p.from, "he", "she"):
		if near && m.slot.Entity < 0 && !m.plural && !r.namedSince(schemas.Person, m.after, p.from) {
			s.Name = m.slot.Name // "one resident said … he said"
			return s
		}
		if e := r.lastOf(schemas.Person, m.person, m, p.from); e >= 0 {
			return r.entitySlot(s, e)
		}
	case r.isWord(p.from, "it"):
		if q := r.subjectOf(p.from); q.ok() {
			if t := r.named(q); t.Entity >= 0 && r.Entities[t.Entity].Type != schemas.Person {
				return r.entitySlot(s, t.Entity)
			}
		}
		if q := r.subjectOfContent(p.from); q.ok() { // the retailer will close 75 stores, it said
			if t := r.named(q); t.Entity < 0 || r.Entities[t.Entity].Type != schemas.Person {
				s.Entity, s.Name = t.Entity, t.Name
				return s
			}
		}
		if near && m.slot.Entity < 0 {
			s.Name = m.slot.Name
			return s
		}
		if near && r.Entities[m.slot.Entity].Type != schemas.Person {
			return r.entitySlot(s, m.slot.Entity)
		}
		if e := r.lastOf(schemas.Organisation, m.body, m, p.from); e >= 0 {
			return r.entitySlot(s, e)
		}
	case r.isWord(p.from, "they"):
		if p, ok := r.pluralBefore(p.from); ok {
			return r.named(p)
		}
		if near {
			s.Entity, s.Name = m.slot.Entity, m.slot.Name
		}
	}
	return s
}

// pluralBefore returns the plural subject that opens the sentence of token i:
// "Officials have found nothing, but they suspect …".
func (r *reader) pluralBefore(i int) (phrase, bool) {
	p := r.subjectOf(i)
	if !p.ok() {
		return phrase{}, false
	}
	h := r.head(p)
	return p, r.Tokens[h].Tag == "NNS" || r.is(h, wPlural)
}

// subjectOf returns the noun phrase that opens the sentence of token i, unless it
// is what somebody says.
func (r *reader) subjectOf(i int) phrase {
	s := r.text.sentence(i)
	p := r.after(r.clauseStart(s.From, i))
	if !p.ok() || p.to >= i || r.pos(p.from) == pPron || r.content[p.from] {
		return phrase{}
	}
	return p
}

// subjectOfContent returns the noun phrase that opens the sentence of token i where
// it names a body and is itself a part of what the pronoun at i says.
func (r *reader) subjectOfContent(i int) phrase {
	s := r.text.sentence(i)
	a := r.clauseStart(s.From, i)
	p := r.after(a)
	if !p.ok() || p.to >= i || !r.content[p.from] || r.inside[p.from] >= 0 || r.pos(p.from) == pPron {
		return phrase{}
	}
	h := r.head(p)
	if e := r.entityAt(h); e >= 0 && r.Entities[e].Type == schemas.Organisation || r.is(h, wBody) {
		return p
	}
	return phrase{}
}

// maxBack bounds in tokens how far back a name may stand that a word refers to.
const maxBack = 200

// lastOf returns the entity of a type that a word at token i refers to: the first
// one of the last sentence that names one after the last statement, outside what
// others are quoted with; else the last speaker of the type; else the one named last.
func (r *reader) lastOf(typ schemas.EntityType, speaker int, m *memory, i int) int {
	best, st := -1, int32(-1)
	for j := i - 1; j >= max(0, m.after, i-maxBack); j-- {
		if best >= 0 && r.Tokens[j].Sentence != st {
			break
		}
		if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == typ && !r.content[j] {
			best, st = e, r.Tokens[j].Sentence
		}
	}
	if best >= 0 {
		return best
	}
	if speaker >= 0 {
		return speaker
	}
	for j := i - 1; j >= max(0, i-maxBack); j-- {
		if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == typ {
			return e
		}
	}
	return -1
}

func (r *reader) namedSince(typ schemas.EntityType, from, i int) bool {
	for j := i - 1; j >= max(0, from, i-maxBack); j-- {
		if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == typ && !r.content[j] {
			return true
		}
	}
	return false
}

// described resolves a description to the thing it stands for: "the group" and "a
// monitoring group" to a body, "the minister" to the person of that office.
func (r *reader) described(p phrase, m *memory) int {
	h := r.head(p)
	if p.to-p.from > 9 {
		return -1
	}
	definite := r.isWord(p.from, "the", "this") || p.to-p.from == 1 || r.pos(p.from) == pPoss || r.name(p.from) >= 0
	switch {
	case r.is(h, wBody):
		return r.bodyOf(p, h, definite, m)
	case definite && r.Tokens[h].Tag != "NNS" && !r.is(h, wPlural):
		return r.personOf(p, h, m)
	}
	return -1
}

// bodyOf resolves a noun that stands for a body.
func (r *reader) bodyOf(p phrase, h int, definite bool, m *memory) int {
	head := r.Word(h)
	if definite {
		if e := r.bodyNamed(head, p.from); e >= 0 {
			return e
		}
	}
	if !r.isWord(h, "group", "agency", "firm", "company", "monitor", "watchdog", "organisation", "organization", "observatory", "network", "airline") {
		return -1
	}
	if definite {
		for j, n := p.from-1, 0; j >= 0 && n < 60; j, n = j-1, n+1 { // "Blue Bank, a lender, … The lender said"
			if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == schemas.Organisation && r.beside(r.Names[r.name(j)].Range, head, p.from) {
				return e
			}
		}
	}
	if e := r.salientBody(p.from, m); e >= 0 && definite {
		return e
	}
	// "a monitoring group said": the name comes in the sentence or two after.
	st := r.Tokens[p.to-1].Sentence
	for j := p.to; j < len(r.Tokens) && j-p.to < 90 && r.Tokens[j].Sentence-st <= 2; j++ {
		if e := r.entityAt(j); e >= 0 && r.Entities[e].Type == schemas.Organisation && r.inside[j] < 0 && r.speaks[e] {
			return e
		}
	}
	return -1
}

// bodyNamed returns the body whose name holds the word, "the Observatory", the
// first one that is named before token i if there is one.
func (r *reader) bodyNamed(word string, i int) int {
	later := -1
	for e := range min(len(r.Entities), maxEntities) {
		if r.Entities[e].Type != schemas.Organisation || !containsFold(r.Entities[e].Name, word) {
			continue
		}
		if r.mentionedBefore(e, i) {
			return e
		}
		if later < 0 {
			later = e
		}
	}
	return later
}

// salientBody returns the body that spoke last, if it did so a few sentences ago,
// else the one named most often up to token i.
func (r *reader) salientBody(i int, m *memory) int {
	if m.body >= 0 && int(r.Tokens[i].Sentence)-m.sentence <= 4 && r.Entities[m.body].Type == schemas.Organisation {
		return m.body
	}
	for ; r.counted < len(r.Names) && r.Names[r.counted].Range.From < i; r.counted++ {
		e := r.Names[r.counted].Entity
		if e < 0 || e >= len(r.Entities) || r.Entities[e].Type != schemas.Organisation {
			continue
		}
		if r.count[e]++; r.salient < 0 || r.count[e] > r.count[r.salient] {
			r.salient = e
		}
	}
	return r.salient
}

// mentionedBefore reports whether an entity is named before token i.
func (r *reader) mentionedBefore(e, i int) bool {
	ms := r.Entities[e].Mentions
	return len(ms) > 0 && ms[0] < len(r.Names) && r.Names[ms[0]].Range.From < i
}

// maxEntities and maxMentions bound the search for what a description stands for.
const (
	maxEntities = 200
	maxMentions = 8
)

// personOf finds the person whose office is named: by the roles that the text
// gives, the person named last first.
func (r *reader) personOf(p phrase, h int, m *memory) int {
	head := r.Word(h)
	what := r.modifier(p, h)
	best, at := -1, -1
	for i := range min(len(r.Entities), maxEntities) {
		e := &r.Entities[i]
		if e.Type != schemas.Person {
			continue
		}
		known := false
		for _, role := range e.Roles {
			known = known || endsFold(role, head) && containsFold(role, what)
		}
		for _, n := range e.Mentions[:min(len(e.Mentions), maxMentions)] {
			if n >= len(r.Names) {
				continue
			}
			g := r.Names[n].Range
			if known = known || what == "" && r.beside(g, head, p.from); known && (g.From < p.from && g.From > at || best < 0) {
				best, at = i, g.From
			}
		}
	}
	return best
}

// modifier returns the word that says which office is meant: "commodities
// minister"; "" if none does.
func (r *reader) modifier(p phrase, h int) string {
	if h-1 < p.from || r.name(h-1) >= 0 || r.pos(h-1) != pNoun {
		return ""
	}
	return r.Word(h - 1)
}

// beside reports whether the office stands right before or after a name: "head of
// the agency", "spokesman Smith". The phrase that is to be resolved itself starts at
// token phrase and does not count.
func (r *reader) beside(g extractor.Range, office string, phrase int) bool {
	if g.From > 0 && r.isFold(g.From-1, office) {
		return true
	}
	for i := g.To; i < len(r.Tokens) && i < g.To+6 && i != phrase; i++ {
		if r.isFold(i, office) {
			return true
		}
		if !r.isWord(i, ",") && r.pos(i) != pDet && r.pos(i) != pAdj && r.pos(i) != pNoun && r.pos(i) != pPoss {
			return false
		}
	}
	return false
}

func (r *reader) isFold(i int, w string) bool {
	return r.Tokens[i].Len() == len(w) && containsFold(r.Word(i), w)
}

// endsFold reports whether s ends with the ASCII word w, in any case.
func endsFold(s, w string) bool {
	n := len(s) - len(w)
	return n >= 0 && containsFold(s[n:], w) && (n == 0 || s[n-1] == ' ' || s[n-1] == '-')
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
