package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Places that a sentence names without putting anything in them: who has what is
// counted, what was struck, whose coast it is.

// counting returns the place that is the subject of a verb which only says that it has
// what is counted: "Zambia has recorded 714 deaths", "Lomar district received 24
// families"; -1 if there is none.
func (r *reader) counting(q *extractor.Quantity, p *predicate) int {
	if q.Unit != schemas.UnitCount {
		return -1
	}
	left, _ := r.edges(q)
	c := r.chunk(left) - 1
	v := p.token
	if v < 0 || v > q.From || r.is(v, trans|intrans|noun) || r.kind(r.chunk(v)) != vg {
		if r.kind(c) != vg {
			return -1
		}
		v = r.verb(c)
	}
	switch r.lemma(v) {
	case "record", "report", "register", "confirm", "see", "suffer", "count", "have", "log", "receive", "host", "shelter", "welcome", "attract", "house", "absorb", "remain", "lack":
	default:
		return -1
	}
	for k := r.chunk(v) - 1; k >= 0; k-- {
		switch r.kind(k) {
		case np:
			if r.kind(k-1) == prep && k > 1 {
				continue
			}
			return r.placeOfPhrase(k)
		case prep, adv, when:
			continue
		case sub: // Lima, which has counted 24
			if w := r.word(r.chunks[k].from); w == "which" || w == "where" {
				continue
			}
		case comma:
			if r.kind(k+1) == sub {
				continue
			}
		}
		return -1
	}
	return -1
}

// placeOfPhrase returns the place that noun phrase c names, "Lima" or "Lomar district",
// -1 if it names none.
func (r *reader) placeOfPhrase(c int) int {
	h := r.chunks[c].head
	n := r.doc.Tokens[h].Name
	if n < 0 && placeNoun(r.word(h)) && h > r.chunks[c].from {
		n = r.doc.Tokens[h-1].Name
	}
	if n < 0 || !r.isPlace(int(n)) {
		return -1
	}
	return int(n)
}

// struck drops an agent of q that is a place which something befell, or where it did:
// "a quake struck X, killing 12", "in X, a flood killed 12".
func (r *reader) struck(q *extractor.Quantity) {
	if q.Agent == nil || q.Category == "" {
		return
	}
	i := r.doc.TokenAt(q.Agent.Start)
	if i < r.from || i >= r.to {
		return
	}
	n := r.doc.Tokens[i].Name
	if n < 0 || !r.isPlace(int(n)) {
		return
	}
	c := r.chunk(i)
	switch r.kind(c - 1) {
	case vg:
		switch r.word(r.verb(c - 1)) {
		case "hit", "hits", "hitting", "struck", "strikes", "striking":
			q.Agent = nil
			delete(q.OriginOf, "agent")
			return
		}
		switch r.lemma(r.verb(c - 1)) {
		case "rock", "shake", "batter", "lash", "devastate", "ravage", "sweep", "pound", "engulf", "flood", "cross", "leave", "enter", "reach":
		default:
			return
		}
	case prep:
		switch r.word(r.chunks[c-1].from) {
		case "in", "In", "near", "Near", "at", "At", "outside", "across", "through", "off":
		default:
			return
		}
	default:
		return
	}
	q.Agent = nil
	delete(q.OriginOf, "agent")
}

// landOf returns the country that an adjective before a word for a kind of place
// names, the nearest to token at: "off the Tunisian coast", "six Chilean ports"; nil
// if there is none.
func (r *reader) landOf(at int, category bool) *extractor.Slot {
	best, least := -1, 1<<30
	for i := r.from; i < r.to; i++ {
		n := r.doc.Tokens[i].Name
		if n < 0 || r.doc.Names[n].Type != schemas.Group || i+1 < r.to && r.doc.Tokens[i+1].Name == n {
			continue
		}
		c := r.chunk(i)
		ch := &r.chunks[c]
		if ch.head <= i || !placeNoun(r.word(ch.head)) && !ground(r.word(ch.head)) || r.kind(c-1) != prep || !located(r.word(r.chunks[c-1].from)) || r.word(r.chunks[c-1].from) == "of" || r.word(r.chunks[c-1].from) == "from" {
			continue
		}
		d := max(i-at, at-i)
		if r.crosses(i, at) || r.parts(i, at) {
			d += 12
		}
		if d < least && d < 30 && (category || d < 20) {
			best, least = int(n), d
		}
	}
	if best < 0 {
		return nil
	}
	if s := r.country(best); s.Name != r.nameSlot(best).Name {
		return s
	}
	return nil
}

// ground reports whether w is a word for a piece of land or water that a country
// has, beside those of [placeNoun].
func ground(w string) bool {
	switch w {
	case "coast", "coasts", "shore", "shores", "waters", "soil", "territory", "territories", "border", "borders", "ports", "harbour", "harbor", "airspace", "countryside", "desert", "mountains", "highlands", "jungle",
		"airport", "airports", "prison", "prisons", "jail", "hospital", "hospitals", "mine", "mines", "beach", "beaches", "resort", "highway", "schools", "island", "mainland", "frontier", "heartland":
		return true
	}
	return false
}

// homeOf returns the place that is the subject of a figure for those who live
// there, "X has a population of 1.8 million", "X is home to 240,000 people"; -1 if
// there is none.
func (r *reader) homeOf(q *extractor.Quantity, p *predicate) int {
	if p.token < 0 || q.Unit != schemas.UnitCount || p.subject {
		return -1
	}
	home := false
	for k := p.token + 1; k < q.From && k < p.token+6; k++ {
		switch r.word(k) {
		case "population", "home", "inhabitants", "residents":
			home = true
		}
	}
	c := r.chunk(p.token)
	if !home || r.kind(c) != vg || r.kind(c-1) != np {
		return -1
	}
	switch r.lemma(p.token) {
	case "have", "be", "house", "count", "reach":
	default:
		return -1
	}
	if n := r.doc.Tokens[r.chunks[c-1].head].Name; n >= 0 && r.isPlace(int(n)) {
		return int(n)
	}
	return -1
}
