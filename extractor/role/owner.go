package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// holdings are nouns for what somebody has or gives: a figure for them is a figure
// of whose they are.
var holdings = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`contribution contributions donation donations pledge offer bid investment investments loan loans grant aid
		revenue revenues sales profit profits loss losses income earnings turnover budget debt debts deficit surplus exports imports output production
		workforce staff payroll fleet stake holding holdings spending reserves assets costs economy population shares stock gdp inflation`) {
		m[w] = true
	}
	return m
}()

// owner reads who a figure belongs to from the words right before it: "Norda, with
// annual revenue of $3bn", "Norda up 5 percent", "Norda's 40 shops", "Norda's
// contribution of $3m".
func (r *reader) owner(q *extractor.Quantity) *extractor.Slot {
	left, _ := r.edges(q)
	if s := r.nameThatMoved(left); s != nil {
		return s
	}
	if r.possessive(left - 1) {
		if n := r.nameAt(left - 2); n >= 0 && r.owns(n, q.Unit != schemas.UnitCount) {
			return r.nameSlot(n)
		}
	}
	if r.lower(left-1) == "whose" { // the retailer Norda, whose 40 shops
		k := r.chunk(left-1) - 1
		if r.kind(k) == comma {
			k--
		}
		if r.kind(k) == np {
			return r.actorOf(k, 4)
		}
		return nil
	}
	c := r.chunk(q.From)
	if q.Counted != nil && q.Counted.End <= q.Start { // Malaysia's exports fell 24 percent
		if h := r.doc.TokenAt(q.Counted.End - 1); h >= r.from && h < r.to {
			if s := r.holderBefore(r.chunk(h), h); s != nil {
				return s
			}
			if k := r.chunk(h); k == 0 && r.lower(r.chunks[0].from) == "its" { // Its shares fell 3 percent
				return r.takenUp("it", r.chunks[0].from)
			}
			if r.chunk(h) == 0 && q.Unit != schemas.UnitCount && earned(r.lower(h)) {
				return r.earner(h)
			}
		}
	}
	for k := c; k >= 0 && k > c-6; k-- {
		switch w := r.word(r.chunks[k].from); {
		case r.kind(k) == prep && w == "with":
			if r.kind(k-1) == comma && r.kind(k-2) == np {
				k--
			}
			if r.kind(k-1) == np && r.kind(k-2) != prep && r.doc.Tokens[r.chunks[k-1].head].Name >= 0 {
				return r.actorOf(k-1, 4)
			}
			return nil
		case r.kind(k) == np && k < c && holdings[r.lower(r.chunks[k].head)]: // Norda's contribution of $3m
			if s := r.holder(k); s != nil {
				return s
			}
		case r.kind(k) == vg || r.kind(k) == sub || r.kind(k) == stop:
			return nil
		}
	}
	return nil
}

// earner returns whose the shares or the profit at token h are, the first words of their
// sentence: "Shares in Norda fell", else those of the firm that the text speaks of,
// "Operating profit rose to $3m"; nil if that is unclear.
func (r *reader) earner(h int) *extractor.Slot {
	if w := r.word(h + 1); w == "in" || w == "of" || w == "at" {
		if n := r.nameAt(h + 2); n >= 0 && r.doc.Names[n].Type != schemas.Misc {
			return r.nameSlot(n)
		}
		return nil
	}
	for i := r.from; i <= h; i++ {
		if r.doc.Tokens[i].Name >= 0 || r.pos(i) == extractor.DET || r.pos(i) == extractor.PROPN {
			return nil
		}
	}
	if s := r.takenUp("it", r.from); s != nil && s.Entity >= 0 && r.doc.Entities[s.Entity].Type == schemas.Organisation {
		return s
	}
	return nil
}

// earned reports whether w is a noun for what a firm makes or loses, which without a name
// is that of the firm that the text speaks of.
func earned(w string) bool {
	switch w {
	case "profit", "profits", "revenue", "revenues", "sales", "earnings", "turnover", "loss", "losses", "income", "deliveries", "orders", "margin", "output", "shares", "costs":
		return true
	}
	return false
}

// nameThatMoved returns the name before "up", "down" and the like right before
// token left: "Norda up 5 percent", "Norda (down $3".
func (r *reader) nameThatMoved(left int) *extractor.Slot {
	switch r.word(left - 1) {
	case "up", "down", "ahead", "higher", "lower", "off":
	default:
		return nil
	}
	i := left - 2
	if w := r.word(i); w == "(" || w == "," {
		i--
	}
	if n := r.nameAt(i); n >= 0 && r.doc.Names[n].Type != schemas.Misc {
		return r.nameSlot(n)
	}
	return nil
}

// holder returns whose the thing of the noun phrase c is: "Norway's exports", "the
// US contribution".
func (r *reader) holder(c int) *extractor.Slot {
	if s := r.holderBefore(c, r.chunks[c].head); s != nil {
		return s
	}
	for i := r.chunks[c].head - 1; i >= r.chunks[c].from; i-- {
		if n := r.nameAt(i); n >= 0 && r.owns(n, true) {
			s := r.country(n)
			if s.Entity < 0 { // the text does not name the country itself
				s.Entity = r.doc.Names[n].Entity
			}
			return s
		}
	}
	return nil
}

// holderBefore returns the possessor before token h in the noun phrase c.
func (r *reader) holderBefore(c, h int) *extractor.Slot {
	for i := h - 1; c >= 0 && i > r.chunks[c].from; i-- {
		if n := r.nameAt(i - 1); r.possessive(i) && n >= 0 && r.doc.Names[n].Type != schemas.Misc {
			return r.nameSlot(n)
		}
	}
	return nil
}

// owns reports whether a name can be of an owner; places own amounts, but what they
// count lies in them.
func (r *reader) owns(n int, places bool) bool {
	switch r.doc.Names[n].Type {
	case schemas.Misc:
		return false
	case schemas.Location:
		return places && r.wide(n)
	}
	return true
}

// nameAt returns the name of token i, -1 if it is in none.
func (r *reader) nameAt(i int) int {
	if i < r.from || i >= r.to {
		return -1
	}
	return int(r.doc.Tokens[i].Name)
}

// heldWith reports whether the verb at token v finds somebody with what q counts:
// "was caught with 12 pills".
func (r *reader) heldWith(q *extractor.Quantity, v int) bool {
	left, _ := r.edges(q)
	for r.pos(left-1) == extractor.ADV || r.pos(left-1) == extractor.ADJ {
		left--
	}
	if r.word(left-1) != "with" {
		return false
	}
	switch r.lemma(v) {
	case "catch", "arrest", "find", "stop", "seize", "detain", "intercept":
		return true
	}
	return false
}
