package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Rules that note how tree and patterns voted on predicate and agent.
const (
	treeRule     = "role/tree"          // the agent is the tree's
	categoryRule = "role/tree-category" // the tree alone says what happened to people
	agreedRule   = "role/tree-agreed"   // tree and patterns name the same
	disputedRule = "role/tree-disputed" // they name different ones; the patterns' stand
)

// A ballot is what the tree says of one figure.
type ballot struct {
	verb  int // -1 if it names none
	as    part
	noun  int // the token that is this part of the verb
	agent *extractor.Slot
}

// ask reads the vote of the tree on figure q.
func (r *reader) ask(q *extractor.Quantity, p *predicate) ballot {
	b := ballot{verb: -1}
	if !r.treed() {
		return b
	}
	if b.verb, b.as, b.noun = r.treePredicate(q); b.verb < 0 {
		return b
	}
	if p.token > b.verb && r.up(p.token) == b.verb && r.rel(p.token) == "conj" { // were shot and killed
		b.verb = p.token
	}
	a := r.treeAgent(b.verb, b.as)
	if a >= 0 && (a < q.From || b.as == patient || b.as == modified) { // subjects stand first
		if b.agent = r.actorIn(a, 0); b.agent == nil {
			b.agent = r.willing(a)
		}
	}
	return b
}

// askState reads the vote of the tree on figure q where patterns have a state or a
// noun for predicate, which has no subject: that of the verb that brings it about.
func (r *reader) askState(q *extractor.Quantity, p *predicate) (b ballot) {
	b.verb = -1
	if q.Category == "" || p.token < 0 || !r.treed() {
		return b
	}
	switch p.rule {
	case "role/state", "role/noun":
		switch r.lower(p.token) {
		case "body", "bodies", "corpse", "corpses": // taken away by whoever finds them
			return b
		}
		if b.verb = r.leaver(p.token); b.verb >= 0 && b.verb < q.From && !r.passive(b.verb) {
			b.as, b.agent = object, r.actorIn(r.treeSubject(b.verb, 0), 0)
			return b
		}
		b.verb, b.agent = p.token, r.blamed(p.token)
	case "role/nominal":
		b.verb, b.agent = p.token, r.blamed(p.token)
	}
	return b
}

// elect joins the votes of patterns, which have filled p and q, and of the tree.
func (r *reader) elect(q *extractor.Quantity, p *predicate) {
	if b := r.askState(q, p); b.agent != nil && (q.Agent == nil || r.nearer(q.Agent, &b)) && !r.bystander(b.agent) {
		q.Agent = b.agent
		origin(q, "agent", schemas.Stated)
		q.Rules = append(q.Rules, treeRule)
		return
	}
	b := r.ask(q, p)
	if b.verb < 0 {
		return
	}
	if q.Predicate == "" && b.as != oblique {
		q.Predicate = r.lemma(b.verb)
	}
	same := p.token == b.verb || p.token >= 0 && r.chunk(p.token) == r.chunk(b.verb)
	switch {
	case b.agent != nil && (q.Agent == nil || same && r.nearer(q.Agent, &b)) && r.credible(q, &b, same):
		q.Agent = b.agent
		origin(q, "agent", schemas.Stated)
		q.Rules = append(q.Rules, treeRule)
	case q.Agent != nil && b.agent != nil && !sameSlot(q.Agent, b.agent):
		q.Rules = append(q.Rules, disputedRule)
	case same:
		q.Rules = append(q.Rules, agreedRule)
	case p.token >= 0:
		q.Rules = append(q.Rules, disputedRule)
	}
}

// nearer reports whether the tree's agent stands against a nameless one that
// patterns found: where it is the subject of the verb itself. Patterns lose their
// way over relative clauses and asides.
func (r *reader) nearer(s *extractor.Slot, b *ballot) bool {
	if sameSlot(s, b.agent) || r.child(b.verb, "nsubj") < 0 {
		return false
	}
	return s.Entity < 0 || r.inside(s, b)
}

// inside reports whether a slot that patterns found is the subject of another verb,
// which stands within the subject of this one or as an aside: "Norvik, which Lerna
// bought, sold"; "the army, the union says, killed".
func (r *reader) inside(s *extractor.Slot, b *ballot) bool {
	i := r.doc.TokenAt(s.End - 1)
	if i < r.from || i >= r.to {
		return false
	}
	for n := r.doc.Tokens[i].Name; n >= 0 && r.up(i) >= r.doc.Names[n].From && r.up(i) < r.doc.Names[n].To; {
		i = r.up(i)
	}
	v := r.up(i)
	if r.rel(i) != "nsubj" || v < 0 || v == b.verb {
		return false
	}
	if r.rel(v) == "parataxis" {
		return r.up(v) == b.verb || r.is(v, say)
	}
	a := r.doc.TokenAt(b.agent.End - 1)
	for k := v; k >= 0; k = r.up(k) {
		if rel := r.rel(k); rel == "acl" {
			g := r.up(k)
			for range 3 {
				if g == a {
					return true
				}
				if r.rel(g) != "appos" && r.rel(g) != "nmod" && r.rel(g) != "compound" && r.rel(g) != "flat" {
					break
				}
				g = r.up(g)
			}
			return false
		}
		if k == b.verb {
			return false
		}
	}
	return false
}

// credible reports whether an agent that the tree alone names is taken: victims
// have it from the verb that makes them victims, other figures from a verb that is
// no verb of saying or estimating.
func (r *reader) credible(q *extractor.Quantity, b *ballot, same bool) bool {
	if r.is(b.verb, say) && !r.owned(b) || r.estimates(q, b.verb) || r.bystander(b.agent) || r.aloof(q, b.verb) && r.doc.Word(q.From-1) != "from" {
		return false
	}
	if q.Category != "" {
		named := b.agent.Entity >= 0 || r.pos(r.doc.TokenAt(b.agent.End-1)) != extractor.PROPN // Dengue killed 30
		return same && r.is(b.verb, trans) && b.as != oblique && named
	}
	if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimLength {
		return false
	}
	return b.agent.Entity >= 0 || r.actorSlot(b.agent) || b.as != oblique && r.pos(r.doc.TokenAt(b.agent.End-1)) == extractor.PROPN
}

// owned reports whether the object of the verb is something that its subject has:
// "reported a loss of $3m".
func (r *reader) owned(b *ballot) bool {
	return b.as == object && holdings[r.lower(b.noun)]
}

// partitive reports whether the figure is the whole of which only some is meant:
// "to one of the eight charities".
func (r *reader) partitive(q *extractor.Quantity) bool {
	i, _ := r.edges(q)
	for i--; r.pos(i) == extractor.DET || r.pos(i) == extractor.ADJ || r.pos(i) == extractor.PRON; i-- {
	}
	if r.word(i) != "of" {
		return false
	}
	switch r.lower(i - 1) {
	case "one", "some", "any", "most", "many", "each", "none", "several", "part", "parts":
		return true
	}
	return false
}

// treeCategory reads from the tree what happened to the people that q counts, where
// patterns find nothing: its verb over asides and clauses.
func (r *reader) treeCategory(q *extractor.Quantity) (predicate, bool) {
	if !r.treed() || q.Unit != schemas.UnitCount {
		return predicate{}, false
	}
	v, as, _ := r.treePredicate(q)
	if v < 0 {
		return predicate{}, false
	}
	if !r.is(v, trans|intrans) { // were shot and killed
		if c := r.child(v, "conj"); c > v && r.is(c, trans|intrans) && r.child(c, "nsubj") < 0 && r.child(c, "nsubj:pass") < 0 && (as != object || r.child(c, "obj") < 0) {
			v = c
		}
	}
	p := predicate{token: v, rule: categoryRule}
	e := r.cue(v)
	switch {
	case q.Counted != nil && !r.canSuffer(q):
	case as == subject && e.class&intrans != 0:
		p.category, p.subject = e.of(intrans), true
	case as == patient, as == modified:
		p.category, p.subject, p.passive = e.of(trans), true, true
	case as == object && e.class&trans != 0 && !r.passive(v):
		p.category = e.of(trans)
	}
	if as == oblique && p.category == "" && q.Counted == nil { // the toll from the blast in the north rose to 12
		if s := r.child(v, "nsubj"); s >= 0 && r.is(s, toll) && r.reachesToll(v) {
			p.category, p.token, p.rule = schemas.Killed, s, "role/toll"
		}
	}
	switch e.text {
	case "pulled", "rounded", "burned", "saved", "buried", "lives":
		return predicate{}, false
	}
	return p, p.category != ""
}

// relativeCategory reads what happened to the people that q counts from the relative
// clause about them, of which the main verb says nothing: "12 of the 40 men who were
// arrested are free".
func (r *reader) relativeCategory(q *extractor.Quantity) (predicate, bool) {
	if !r.treed() {
		return predicate{}, false
	}
	h := r.figureHead(q)
	v := r.child(h, "acl:relcl")
	if v < h || q.Counted == nil || !r.canSuffer(q) {
		return predicate{}, false
	}
	who := func(s int) bool { return s > h && s <= h+2 && r.is(s, relative) }
	e := r.cue(v)
	switch {
	case e.class&trans != 0 && r.child(v, "aux:pass") >= 0 && who(r.child(v, "nsubj:pass")):
		return predicate{token: v, category: e.of(trans), subject: true, passive: true, rule: categoryRule}, true
	case e.class&intrans != 0 && who(r.child(v, "nsubj")):
		return predicate{token: v, category: e.of(intrans), subject: true, rule: categoryRule}, true
	}
	return predicate{}, false
}

// reachesToll reports whether the verb at token v says how high a toll is.
func (r *reader) reachesToll(v int) bool {
	switch r.lemma(v) {
	case "rise", "climb", "grow", "stand", "jump", "increase", "reach", "go", "mount", "soar", "put":
		return true
	}
	return false
}

// bystander reports whether a slot is some people: who they are says nothing.
func (r *reader) bystander(s *extractor.Slot) bool {
	if s.Entity >= 0 {
		return false
	}
	switch i := r.doc.TokenAt(s.End - 1); r.lower(i) {
	case "people", "residents", "man", "men", "woman", "women":
		return true
	}
	return false
}

// sameSlot reports whether two slots name the same.
func sameSlot(a, b *extractor.Slot) bool {
	return a.Entity >= 0 && a.Entity == b.Entity || a.Overlaps(b.Span) || a.Name == b.Name
}
