package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// perpetrates reports whether w names somebody by an act that kills or wounds.
func perpetrates(w string) bool {
	switch w {
	case "bomber", "bombers", "gunman", "gunmen", "attacker", "attackers", "assailant", "assailants", "shooter", "shooters", "hijackers", "arsonist", "arsonists", "knifeman":
		return true
	}
	return false
}

// perpetrator returns who acts as a perpetrator in the sentence in hand: "a gunman
// opened fire". One whom something is done to, or who is counted, is none.
func (r *reader) perpetrator() *extractor.Slot {
	for c := range r.chunks {
		ch := &r.chunks[c]
		if ch.kind != np || !perpetrates(r.cues[ch.head].text) {
			continue
		}
		if before := r.kind(c - 1); c > 0 && (before == prep || before == vg) {
			continue
		}
		k := c + 1
		for r.kind(k) == prep && r.kind(k+1) == np { // a bomber on a motorcycle blew
			k += 2
		}
		if r.kind(k) == vg && !r.passive(r.verb(k)) && !r.is(r.verb(k), intrans) {
			return r.actorOf(c, 4)
		}
	}
	return nil
}

// assailant returns who attacks in the sentence in hand: "soldiers opened fire",
// "when men armed with machetes stormed the camp".
func (r *reader) assailant() *extractor.Slot {
	for c := range r.chunks {
		if r.kind(c) != vg || !r.assaults(c) {
			continue
		}
		k := c - 1
		if v := r.verb(c); r.tag(v) == "VBN" && r.pos(r.chunks[c].from) != extractor.AUX && !r.clauseOf(k) {
			continue // those attacked
		}
		for r.kind(k) == np && r.kind(k-1) == prep && r.kind(k-2) == vg && r.tag(r.verb(k-2)) != "VBD" { // men armed with machetes
			k -= 3
		}
		if r.kind(k) == sub && r.is(r.chunks[k].from, relative) {
			k--
		}
		if r.kind(k) != np || !r.is(r.chunks[k].head, actor) && r.doc.Tokens[r.chunks[k].head].Name < 0 {
			continue
		}
		switch r.kind(k - 1) {
		case vg, conj:
			continue
		case prep:
			if w := r.lower(r.chunks[k-1].from); w != "after" && w != "as" && w != "before" {
				continue
			}
		}
		if s := r.actorOf(k, 4); s != nil && !r.bystander(s) {
			return s
		}
	}
	return nil
}

// clauseOf reports whether the noun phrase k comes right after a word that begins a
// clause, which has its verb next, whatever its tag.
func (r *reader) clauseOf(k int) bool {
	if r.kind(k) != np || k < 1 {
		return false
	}
	switch r.lower(r.chunks[k-1].from) {
	case "when", "after", "as", "while", "where":
		return true
	}
	return false
}

// assaults reports whether the verb group c says in the active voice that somebody
// attacks.
func (r *reader) assaults(c int) bool {
	v := r.verb(c)
	if r.passive(v) || r.tag(v) != "VBD" && r.tag(v) != "VBP" && r.tag(v) != "VBZ" && r.tag(v) != "VBN" {
		return false
	}
	switch r.lemma(v) {
	case "storm", "raid", "ambush", "shell", "bomb", "bombard", "strafe", "attack", "detonate":
		return true
	case "shoot":
		return r.word(v+1) == "at"
	case "open":
		return r.word(v+1) == "fire"
	case "fire":
		return true
	}
	return false
}

// sameAct reports whether the subject of the verb at token v is an event that the
// text goes on about: "the attack, which also wounded", "the raid killed".
func (r *reader) sameAct(v int) bool {
	k := r.chunk(v) - 1
	if r.kind(k) == sub {
		k--
	}
	if r.kind(k) == comma {
		k--
	}
	if r.kind(k) != np || !r.is(r.chunks[k].head, event) || r.doc.Tokens[r.chunks[k].head].Name >= 0 {
		return false
	}
	switch r.lower(r.chunks[k].from) {
	case "the", "this", "that":
		return true
	}
	return false
}

// inheritAgent gives figure i of victims the agent of a figure of victims in the
// sentence before it or the whole that it is part of, else a perpetrator whom its
// sentence or the one before names.
func (r *reader) inheritAgent(i int) {
	qs := r.doc.Quantities
	q := &qs[i]
	if r.preds[i].rule == "role/object" && !r.preds[i].sameAct { // its verb has a subject of its own
		return
	}
	for k := i - 1; k >= max(0, i-30) && q.Sentence-qs[k].Sentence <= 1; k-- {
		p := &qs[k]
		if p.Agent == nil || !suffers(p.Category) || p.Sentence == q.Sentence && q.PartOf != k {
			continue
		}
		if helps(p.Category) != helps(q.Category) { // who rescued 50 did not kill the others
			return
		}
		q.Agent = p.Agent
		origin(q, "agent", schemas.Inherited)
		return
	}
	if q.Category != schemas.Killed && q.Category != schemas.Injured || q.Counted != nil && perpetrates(r.lex.lookup(r.doc.Slice(q.Counted.Span)).text) {
		return
	}
	for n := q.Sentence; n >= max(0, q.Sentence-1); n-- {
		if s := r.scenes[n].perpetrator; s != nil && (s.End <= q.Start || s.Start >= q.Phrase.End) && !r.sameSide(q, s) {
			q.Agent = s
			origin(q, "agent", schemas.Inherited)
			return
		}
		if r.doc.Sentences[n].Heading {
			return
		}
	}
}

// helps reports whether what happened to those counted is that somebody helped them.
func helps(c schemas.Category) bool {
	return c == schemas.Rescued || c == schemas.Evacuated || c == schemas.Released
}

// sameSide reports whether those whom q counts are by their name of those who are
// named by s: soldiers do not shoot soldiers.
func (r *reader) sameSide(q *extractor.Quantity, s *extractor.Slot) bool {
	if q.Counted == nil {
		return false
	}
	victim := strings.ToLower(r.doc.Slice(extractor.Span{Start: r.doc.Tokens[r.doc.TokenAt(q.Counted.End-1)].Start, End: q.Counted.End}))
	killer := strings.ToLower(r.doc.Word(r.doc.TokenAt(s.End - 1)))
	if victim == killer {
		return true
	}
	switch victim {
	case "soldier", "soldiers", "troops", "servicemen":
		return killer == "army" || killer == "troops" || killer == "forces" || killer == "military" || killer == "soldiers"
	case "officer", "officers", "policeman", "policemen":
		return killer == "police" || killer == "officers"
	}
	return false
}
