package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// governor finds the verb that governs a figure without a category.
func (r *reader) governor(q *extractor.Quantity, p *predicate) {
	left, right := r.edges(q)
	c := r.chunk(left)
	k := r.chunk(right-1) + 1
	told := r.kind(c-1) == vg && r.is(r.verb(c-1), say) // said 600 soldiers and police stormed
	if told && r.kind(k) == conj && r.kind(k+1) == np {
		k += 2
	}
	if told && q.Per != nil && r.kind(k+1) == vg && (r.kind(k) == np || r.kind(k) == when) { // say 60 lorries a day are needed
		k++
	}
	if r.kind(k) == vg && (r.kind(c-1) != vg || told) && r.finite(k) { // the figure is a subject
		p.token, p.subject = r.verb(k), true
		p.passive = r.passive(p.token)
		return
	}
	// The verb before, over prepositions and their noun phrases.
	for k := c - 1; k >= 0 && k >= c-9; k-- {
		switch r.kind(k) {
		case vg:
			p.token = r.verb(k)
			p.passive = r.passive(p.token)
			return
		case np, prep, when, adv:
			if r.kind(k) == np && k != c-1 {
				b := r.before(k)
				if r.kind(b) == np && r.pos(r.chunks[b].head) == extractor.PRON { // to pay them a total of
					b--
				}
				if r.kind(b) != prep && r.kind(b) != vg && r.kind(b) != conj && !r.nameList(b) {
					k = -1
				}
			}
			continue
		case comma:
			if r.nameList(k) {
				continue
			}
		case conj:
			if k == c-1 && r.kind(k-1) == np || r.kind(k-1) == np && r.kind(k+1) == np { // a list of objects
				continue
			}
		}
		break
	}
	for k := r.chunk(right - 1); k < len(r.chunks) && k < c+8; k++ {
		switch r.kind(k) {
		case vg:
			if v := r.verb(k); v >= right {
				p.token, p.subject = v, true
				p.passive = r.passive(v)
				return
			}
		case stop, sub:
			return
		}
	}
}

// nameList reports whether the comma of chunk b stands inside a name of several
// parts: "Lund, Berg & Co."
func (r *reader) nameList(b int) bool {
	if r.kind(b) != comma || r.kind(b-1) != np || r.kind(b+1) != np {
		return false
	}
	return r.doc.Tokens[r.chunks[b-1].to-1].Name >= 0 && r.doc.Tokens[r.chunks[b+1].from].Name >= 0
}

// finite reports whether the verb group c can be the verb of a clause.
func (r *reader) finite(c int) bool {
	ch := &r.chunks[c]
	if r.word(ch.from) == "to" {
		return false
	}
	for i := ch.from; i < ch.to; i++ {
		if r.pos(i) == extractor.AUX || r.tag(i) == "VBD" || r.tag(i) == "VBZ" || r.tag(i) == "VBP" {
			return true
		}
	}
	return false
}

// modality tells in which sense the figure is put forward, from the verb group of
// its predicate and what governs that.
func (r *reader) modality(k int, p *predicate) schemas.Modality {
	q := &r.doc.Quantities[k]
	left, _ := r.edges(q)
	if q.Category == "" && !p.subject && q.Change == nil {
		switch r.word(left - 1) {
		case "from", "between", "near", "around", "among", "with":
			return schemas.Asserted // the four towns exist, whatever is planned for them
		case "the":
			if r.word(left-2) == "of" { // envoys of the two sides
				return schemas.Asserted
			}
		}
	}
	if k > 0 && r.inParentheses(q) {
		return r.doc.Quantities[k-1].Modality
	}
	if q.Category == "" && r.innerTotal(k) { // four of the eleven will close: the eleven are there
		return schemas.Asserted
	}
	if p.subject && q.Category == "" && p.token >= 0 && r.attitude(p.token) { // 58 percent want, two in three expect
		return schemas.Asserted
	}
	m := r.verbModality(q, p)
	if m == schemas.Asserted && (p.rule == "role/reduced" || p.rule == "role/state") {
		if c := r.chunk(left) - 1; r.kind(c) == vg { // is set to see 300 people evacuated
			m = r.groupModality(q, c)
		}
	}
	if m != schemas.Asserted {
		return m
	}
	switch _, right := r.edges(q); {
	case r.conditional(left, p.token), r.threatened(p), r.fearedBefore(left):
		return schemas.Possible
	case r.awaits(right):
		return schemas.Planned
	}
	return m
}

// threatened reports whether the predicate says that those counted may be lost: "900 jobs
// are at risk".
func (r *reader) threatened(p *predicate) bool {
	if !p.subject || p.token < 0 || r.lemma(p.token) != "be" {
		return false
	}
	switch r.word(p.token + 1) {
	case "at":
		return r.word(p.token+2) == "risk"
	case "in":
		return r.word(p.token+2) == "danger" || r.word(p.token+2) == "jeopardy"
	case "under":
		return r.word(p.token+2) == "threat"
	}
	return false
}

// fearedBefore reports whether the clause that holds token left is what somebody fears:
// "growers fear that up to 12,000 jobs depend on it".
func (r *reader) fearedBefore(left int) bool {
	for k := left - 1; k >= r.from && k > left-8; k-- {
		switch r.word(k) {
		case ",", ";", ":":
			return false
		case "fear", "fears", "feared":
			return r.pos(k) == extractor.VERB && !r.passive(k)
		}
	}
	return false
}

// awaits reports whether from token right on it is said what is still to happen to those
// counted: "12 guns, to be delivered by June", "900 posts to go by 2027".
func (r *reader) awaits(right int) bool {
	if r.word(right) == "," {
		right++
	}
	if r.word(right) != "to" {
		return false
	}
	switch r.word(right + 1) {
	case "be":
		return r.tag(right+2) == "VBN"
	case "go", "follow", "close":
		return true
	}
	return false
}

// attitude reports whether the verb at token v, with no modal before it in its group, only
// says what its subject wishes or believes, "want", "wanted to wait", "had predicted":
// those who do are there.
func (r *reader) attitude(v int) bool {
	c := r.chunk(v)
	if r.kind(c) != vg {
		return false
	}
	for i := r.chunks[c].from; i <= v; i++ {
		switch r.lemma(i) {
		case "have":
			continue
		case "intend", "plan":
			return i == v && r.pos(i) == extractor.VERB && !r.passive(i)
		case "want", "expect", "hope", "fear", "demand", "ask", "need", "predict", "forecast", "foresee":
			return r.pos(i) == extractor.VERB && !r.passive(i) && (i > r.chunks[c].from || r.tag(i) != "VBN")
		case "call":
			return r.word(i+1) == "for" && !r.passive(i)
		}
		return false
	}
	return false
}

// conditional reports whether the clause of the figure starts with "if".
func (r *reader) conditional(left, v int) bool {
	for k := left - 1; k >= r.from && k > left-12; k-- {
		switch r.word(k) {
		case "if", "If":
			return v < 0 || v > k
		case ",", ";", "and":
			return false
		}
	}
	return false
}

func (r *reader) verbModality(q *extractor.Quantity, p *predicate) schemas.Modality {
	if p.token < 0 {
		if c := r.chunk(r.doc.TokenAt(q.Phrase.Start)); c >= 0 && r.kind(c) == vg { // could exceed four billion: the verb is the comparator
			return r.groupModality(q, c)
		}
		return schemas.Asserted
	}
	if p.rule == "role/evacuation" && p.passive && r.word(p.token+1) == "to" {
		return schemas.Asserted
	}
	c := r.chunk(p.token)
	if c < 0 {
		return schemas.Asserted
	}
	if r.kind(c) != vg && c > 0 && r.kind(c-1) == vg { // feared dead
		c--
	}
	if r.kind(c) == vg && r.directs(q, p.token) {
		return schemas.Required
	}
	if r.kind(c) != vg {
		if k := c - 1; p.rule == "role/nominal" && (p.category == schemas.Released || p.category == schemas.Evacuated) { // agreed to the release of, could lead to an exchange of
			if r.kind(k) == conj { // called for a truce and the release of
				for k--; k > 0 && (r.kind(k) == np || r.kind(k) == prep || r.kind(k) == when); k-- {
				}
			}
			if r.kind(k) == prep {
				k--
			}
			if r.kind(k) == vg {
				return r.groupModality(q, k)
			}
		}
		return schemas.Asserted
	}
	return r.groupModality(q, c)
}

// directs reports whether the verb at token v tells the people counted to do
// something: "ordered 30,000 people to leave".
func (r *reader) directs(q *extractor.Quantity, v int) bool {
	switch r.lemma(v) {
	case "order", "ask", "urge", "tell", "advise", "instruct", "require", "command":
	default:
		return false
	}
	_, right := r.edges(q)
	c := r.chunk(right)
	return v < q.From && r.kind(c) == vg && r.chunks[c].from == right && r.word(right) == "to"
}

// groupModality returns the modality of the verb group c.
func (r *reader) groupModality(q *extractor.Quantity, c int) schemas.Modality {
	ch := r.chunks[c]
	v := r.verb(c)
	found := schemas.Asserted
	for i := ch.from; i < ch.to; i++ {
		m := r.modalCue(i, v, ch.to)
		switch {
		case m == "":
		case m == schemas.Negated:
			if q.Value != nil && q.Value.Sign() == 0 {
				continue
			}
			return m
		case found == schemas.Possible && r.word(i) == "have": // may have to
		case m == schemas.Required, found == schemas.Asserted:
			found = m
		}
	}
	if found == schemas.Planned && r.feared(c) {
		return schemas.Possible
	}
	if found != schemas.Asserted {
		return found
	}
	if r.kind(c-1) == np && r.kind(c-2) == vg && amounting(r.word(v)) { // to pay fines totalling
		return r.groupModality(q, c-2)
	}
	if r.copular(c) {
		if m := r.bound(ch.to); m != "" {
			return m
		}
	}
	first := r.word(ch.from)
	if first == "to" { // ordered the firm to pay, plans to build
		if m := r.governing(c); m != "" {
			return m
		}
	}
	if k := c - 1; r.tag(v) == "VBG" && first == r.word(v) && r.kind(k) == vg && k >= 0 { // proposed cutting
		switch r.lemma(r.verb(k)) {
		case "propose", "suggest", "consider", "plan", "contemplate":
			return schemas.Planned
		case "recommend", "advise", "urge", "require":
			return schemas.Required
		}
	}
	if k := c - 2; k >= 0 && r.kind(c-1) == conj && r.kind(k) == vg && r.pos(ch.from) != extractor.AUX && r.tag(v) != "VBD" { // may fall and hurt
		return r.groupModality(q, k)
	}
	if k := r.sharedModal(c); k >= 0 {
		return r.groupModality(q, k)
	}
	if k := r.served(c); k >= 0 { // plans to spend millions on building 40 schools
		if m := r.groupModality(q, k); m == schemas.Planned || m == schemas.Required {
			return m
		}
	}
	if k := c - 2; k >= 0 && r.kind(c-1) == prep && r.tag(v) == "VBG" && r.kind(k) == vg && r.passive(r.verb(k)) { // is accused of smuggling
		switch r.word(r.verb(k)) {
		case "accused", "suspected", "charged":
			return schemas.Possible
		}
	}
	return schemas.Asserted
}

// served returns the verb group whose act the gerund of group c is the end or the means
// of, over "on", "for" or "by" and the phrases before that; -1 if there is none.
func (r *reader) served(c int) int {
	v := r.verb(c)
	if r.tag(v) != "VBG" || r.chunks[c].from != v || r.kind(c-1) != prep {
		return -1
	}
	switch r.word(r.chunks[c-1].from) {
	case "on", "for", "by":
	default:
		return -1
	}
	for k := c - 2; k >= 0 && k > c-8; k-- {
		switch r.kind(k) {
		case np, prep, when, adv:
		case vg:
			return k
		default:
			return -1
		}
	}
	return -1
}

// amounting reports whether a participle only says how much the noun before it is.
func amounting(w string) bool {
	switch w {
	case "totalling", "totaling", "exceeding", "averaging", "numbering", "topping", "amounting":
		return true
	}
	return false
}

// feared reports whether verb group c stands in what somebody fears: "fear that prices
// will rise".
func (r *reader) feared(c int) bool {
	for k := c - 1; k >= 0 && k > c-7; k-- {
		switch r.kind(k) {
		case vg:
			return r.lemma(r.verb(k)) == "fear"
		case stop, comma:
			return false
		}
	}
	return false
}

// bound returns the modality that an adjective at token i, after a form of "be", gives
// to the infinitive after it: "were due to leave", "is likely to rise".
func (r *reader) bound(i int) schemas.Modality {
	for r.pos(i) == extractor.ADV {
		i++
	}
	if r.word(i+1) != "to" || r.pos(i+2) != extractor.VERB && r.pos(i+2) != extractor.AUX {
		return ""
	}
	switch r.word(i) {
	case "due", "set", "ready", "scheduled", "poised", "certain", "bound", "expected", "sure", "slated", "keen", "eager":
		return schemas.Planned
	case "likely", "able", "unlikely", "liable", "free", "alleged", "thought", "believed":
		return schemas.Possible
	case "supposed", "required", "obliged", "meant":
		return schemas.Required
	}
	return ""
}

// sharedModal returns the verb group whose auxiliary the bare verb of group c
// shares over "and" and an object: "will close 75 stores and cut 3,000 jobs"; -1 if
// there is none.
func (r *reader) sharedModal(c int) int {
	v := r.verb(c)
	if r.kind(c-1) != conj && r.kind(c-1) != comma || r.chunks[c].from != v || r.tag(v) != "VB" && r.tag(v) != "VBP" && !r.unchanged(v) {
		return -1
	}
	for k := c - 2; k >= 0 && k >= c-12; k-- {
		switch r.kind(k) {
		case np, prep, when, adv, comma:
		case vg:
			for i := r.chunks[k].from; i < r.verb(k); i++ {
				if r.is(i, required|planned|possible) || r.word(i) == "to" {
					return k
				}
			}
			if u := r.verb(k); r.chunks[k].from == u && (r.tag(u) == "VB" || r.tag(u) == "VBP") && r.kind(k-1) == comma { // would run 11 plants, employ 6,900 people and have
				continue
			}
			return -1
		default:
			return -1
		}
	}
	return -1
}

// unchanged reports whether the past of the verb at token v looks like its base.
func (r *reader) unchanged(v int) bool {
	switch r.word(v) {
	case "cut", "put", "set", "hit", "let", "shut", "hurt", "cost", "quit", "spread", "split":
		return true
	}
	return false
}

// governing returns the modality that the words before an infinitive group give it.
func (r *reader) governing(c int) schemas.Modality {
	i := r.chunks[c].from
	switch e := r.cue(i - 1); {
	case e.class&planned != 0 && e.text != "would" && e.text != "will":
		return schemas.Planned
	case e.class&(requiredTo|required) != 0 && e.text != "has" && e.text != "have" && e.text != "had":
		return schemas.Required
	case e.class&allowed != 0:
		return schemas.Allowed
	case r.word(i-1) == "option", r.word(i-1) == "threatened", r.word(i-1) == "able":
		return schemas.Possible
	}
	for k := c - 1; k >= 0 && k > c-14; k-- {
		if r.kind(k) == stop || r.kind(k) == sub {
			return ""
		}
		if r.kind(k) != vg {
			continue
		}
		switch r.lemma(r.verb(k)) {
		case "force", "oblige", "compel", "require": // a ruling that forces it to pay
			if k < c-1 && !r.passive(r.verb(k)) {
				return schemas.Required
			}
		}
		e := r.cue(r.verb(k))
		for i := r.chunks[k].from + 1; i < r.verb(k); i++ { // promised to double wages, to hire
			if f := r.cue(i - 1); r.word(i) == "to" && f.class&(required|requiredTo|allowed|planned) != 0 && e.class&(required|requiredTo|allowed|planned) == 0 {
				e = f
			}
		}
		switch {
		case r.word(r.chunks[k].from) == "to" && e.class&(required|requiredTo|allowed|planned) == 0: // promised to raise wages, to hire
			continue
		case r.tag(r.verb(k)) == "VBN" && !r.passive(r.verb(k)) && e.class&(required|requiredTo|allowed) == 0:
			continue // executives involved in the accident
		case e.class&required != 0, e.class&requiredTo != 0 && e.text != "has" && e.text != "have" && e.text != "had":
			return schemas.Required
		case e.class&allowed != 0:
			return schemas.Allowed
		case e.class&planned != 0:
			if k == c-2 && wants(e.text) && r.kind(c-1) == np { // wants the firm to pay
				return schemas.Required
			}
			return schemas.Planned
		}
		return ""
	}
	return ""
}

// wants reports whether w is a form of a verb for what somebody asks of others.
func wants(w string) bool {
	switch w {
	case "want", "wants", "wanted", "wanting":
		return true
	}
	return false
}

// modalCue returns the modality that token i of a verb group gives to the verb at v.
func (r *reader) modalCue(i, v, end int) schemas.Modality {
	e := r.cue(i)
	if e.class&(required|requiredTo|allowed|planned|possible|negated) == 0 {
		if i == v && r.pos(i) == extractor.VERB && !r.passive(i) && r.lemma(i) == "project" { // the budget projects spending of
			return schemas.Planned
		}
		return r.isTo(i)
	}
	switch {
	case e.class&negated != 0:
		return schemas.Negated
	case e.class&required != 0:
		if e.text == "ordered" && i == v {
			return ""
		}
		return schemas.Required
	case e.class&requiredTo != 0:
		if r.word(i+1) == "to" && e.text != "pledged" && e.text != "vowed" || (e.text == "demanded" || e.text == "demands" || e.text == "demand" || e.text == "demanding") && i == v {
			return schemas.Required
		}
		if r.word(i+1) == "to" {
			return schemas.Planned
		}
		switch e.text {
		case "need", "needs", "needed", "require", "requires":
			if i == v {
				return schemas.Required
			}
		case "ask", "asks", "asked", "asking", "calls", "called", "calling":
			if i == v && (r.word(i+1) == "for" || e.text != "calls" && e.text != "called" && e.text != "calling" && r.forAfter(i)) {
				return schemas.Required
			}
		}
	case e.class&allowed != 0:
		return schemas.Allowed
	case e.class&planned != 0:
		switch e.text {
		case "would":
			if r.word(i+1) == "have" {
				return schemas.Possible
			}
			return schemas.Planned
		case "set", "due", "ready", "going", "prepared", "aim", "aims", "plans", "plan", "hope", "hopes", "proposed", "expected", "promised", "offered":
			if next := r.word(i + 1); next == "to" || next == "for" || e.text == "proposed" && r.tag(i+1) == "VBG" || i == v && e.text != "set" && e.text != "due" && e.text != "going" {
				return schemas.Planned
			}
			return ""
		}
		if wants(e.text) && i == v && r.word(i+1) != "to" { // wants a rise of 9 per cent
			return schemas.Required
		}
		return schemas.Planned
	case e.class&possible != 0:
		if e.text == "can" || e.text == "fears" {
			return ""
		}
		return schemas.Possible
	}
	return ""
}

// forAfter reports whether "for" comes after the noun phrase right behind token i: "asked
// donors for".
func (r *reader) forAfter(i int) bool {
	c := r.chunk(i) + 1
	return r.kind(c) == np && r.kind(c+1) == prep && r.word(r.chunks[c+1].from) == "for" && r.pos(r.chunks[c].from) != extractor.NUM
}

// isTo recognises "is to hand over", "are to be freed".
func (r *reader) isTo(i int) schemas.Modality {
	switch r.word(i) {
	case "is", "are", "was", "were":
		if p := r.pos(i + 2); r.word(i+1) == "to" && p != extractor.DET && p != extractor.NUM && p != extractor.PROPN && p != extractor.PRON && p != extractor.ADP {
			return schemas.Planned
		}
	}
	return ""
}
