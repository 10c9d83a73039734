package event

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// slot returns who the noun phrase c names or describes; false if it is nobody.
func (r *reader) slot(c int) (extractor.Slot, bool) {
	if r.kind(c) != np {
		return extractor.Slot{}, false
	}
	head := r.last(c)
	if r.possessive(head) {
		return extractor.Slot{}, false
	}
	if n := r.doc.Tokens[head].Name; n >= 0 {
		switch r.doc.Names[n].Type {
		case schemas.Misc:
			return extractor.Slot{}, false
		case schemas.Group:
			if !r.peoples(c, int(n)) {
				return extractor.Slot{}, false
			}
		}
		return r.named(int(n)), true
	}
	if !r.lex(head).person || r.pos(head) != extractor.NOUN && r.pos(head) != extractor.PROPN {
		return extractor.Slot{}, false
	}
	for i := head - 1; i >= r.first(c); i-- { // a Hamas delegation: Hamas
		n := r.doc.Tokens[i].Name
		if n >= 0 && (r.doc.Names[n].Type == schemas.Organisation || r.doc.Names[n].Type == schemas.Location) && !r.possessive(i+1) {
			return r.named(int(n)), true
		}
	}
	return r.phrase(r.first(c), head+1)
}

// peoples reports whether the group name n that heads chunk c stands for its
// members: "Palestinians", "the French", and not "Qatari and …".
func (r *reader) peoples(c, n int) bool {
	head := r.last(c)
	w := r.doc.Word(head)
	return w[len(w)-1] == 's' || r.tag(head) != "JJ" && r.pos(r.first(c)) == extractor.DET && r.doc.Names[n].Range.From == r.first(c)+1
}

// named returns the slot of name n.
func (r *reader) named(n int) extractor.Slot {
	nm := &r.doc.Names[n]
	s := extractor.Slot{Span: nm.Span, Entity: nm.Entity, Name: r.doc.Slice(nm.Span)}
	if nm.Entity >= 0 && nm.Entity < len(r.doc.Entities) {
		s.Name = r.doc.Entities[nm.Entity].Name
	}
	return s
}

// phrase returns the slot of a description, without article, number and what
// stands before them.
func (r *reader) phrase(from, to int) (extractor.Slot, bool) {
	for i := from; i < to-1 && (r.figure[i] || r.pos(i) != extractor.ADP); i++ {
		if r.figure[i] {
			from = i + 1
		} else if p := r.pos(i); p == extractor.DET || p == extractor.NUM || r.owner(i) && i == from {
			from = i + 1
		}
	}
	for from < to-1 && (r.is(from, "more") || r.is(from, "other") || r.pos(from) == extractor.ADP || r.pos(from) == extractor.ADV || r.pos(from) == extractor.PUNCT) {
		from++
	}
	sp := r.doc.SpanOf(extractor.Range{From: from, To: to})
	return extractor.Slot{Span: sp, Entity: -1, Name: r.doc.Slice(sp)}, true
}

// possessor returns whose the noun phrase c is: "Israel's offer".
func (r *reader) possessor(c int) []extractor.Slot {
	if r.kind(c) != np {
		return nil
	}
	for i := r.first(c); i < r.last(c); i++ {
		if n := r.doc.Tokens[i].Name; n >= 0 && r.possessive(i+1) && r.doc.Names[n].Type != schemas.Misc {
			return []extractor.Slot{r.named(int(n))}
		}
	}
	return nil
}

// skip returns the first chunk from c on that is no aside and no time.
func (r *reader) skip(c int) int {
	for r.kind(c) == aside || r.kind(c) == when {
		c++
	}
	return c
}

// maxList bounds the members of one list.
const maxList = 12

// list returns those whom the noun phrases from chunk c on name, up to chunk end:
// "X", "X, Y and Z", "delegations from X and Y", "X, the head of Z,".
func (r *reader) list(c, end int) []extractor.Slot {
	var out []extractor.Slot
	joined := false // an "and" was seen
	first := true
	end = min(end, c+maxReach)
	for len(out) < maxList && c < end && r.kind(c) == np {
		next := c + 1
		s, ok := r.slot(c)
		if first && r.kind(next) == prep && (r.is(r.first(next), "of") || r.is(r.first(next), "from")) && next+1 < end {
			if of := r.list(next+1, end); len(of) > 0 && (s.Entity < 0 && r.groupNoun(c)) {
				return of
			}
		}
		if !ok && r.attributive(c) && r.kind(next) == conj { // Qatari and Egyptian officials
			if t, both := r.slot(next + 1); both && t.Entity < 0 && next+1 < end {
				t, _ = r.phrase(r.first(c), r.last(next+1)+1)
				s, ok, next = t, true, next+2
			}
		}
		if !ok {
			if first {
				return nil
			}
			break
		}
		if r.clauseFollows(next, end) && !first {
			break // "attacked X and Y fled": Y is not attacked
		}
		title := r.titleOf(c, s)
		if of := r.overOf(next, end); of > next {
			if s.Entity < 0 { // head of the Trade Council
				s, _ = r.phrase(r.first(c), r.last(next+1)+1)
			}
			next = of
		}
		if !title {
			out = append(out, s)
		}
		first = false
		sep := next
		for sep < end && (r.kind(sep) == comma || r.kind(sep) == conj || r.kind(sep) == aside) {
			joined = joined || r.kind(sep) == conj
			sep++
		}
		if r.kind(next) == comma && r.kind(next+1) == aside {
			break // 40 people, mostly women
		}
		if sep == next || sep == next+1 && r.kind(next) == aside {
			if along := r.along(next); along > 0 && along < end {
				joined, sep = true, along
			} else {
				break
			}
		} else if along := r.along(sep); along > 0 && along < end {
			joined, sep = true, along
		}
		c = sep
	}
	if !joined && len(out) > 1 {
		return r.apposition(out)
	}
	return out
}

// groupNoun reports whether chunk c is a noun such as "delegations", whose members
// the names after "of" or "from" are.
func (r *reader) groupNoun(c int) bool {
	head := r.last(c)
	return r.lex(head).person && r.doc.Tokens[head].Name < 0
}

// titleOf reports whether chunk c is the first of two titles of one person: "prime
// minister and foreign minister Ana Ruiz".
func (r *reader) titleOf(c int, s extractor.Slot) bool {
	if s.Entity >= 0 || r.kind(c+1) != conj || r.kind(c+2) != np || r.tag(r.last(c)) == "NNS" {
		return false
	}
	n := r.doc.Tokens[r.last(c+2)].Name
	return n >= 0 && r.doc.Names[n].Type == schemas.Person && r.doc.Names[n].Range.From > r.first(c+2)
}

// attributive reports whether chunk c ends in an adjective.
func (r *reader) attributive(c int) bool {
	head := r.last(c)
	n := r.doc.Tokens[head].Name
	return n < 0 && r.pos(head) == extractor.ADJ || n >= 0 && r.doc.Names[n].Type == schemas.Group
}

// along returns the noun phrase after "along with" and "together with" at chunk c,
// 0 if they do not stand there.
func (r *reader) along(c int) int {
	if c < 0 || c >= len(r.chunks) || !r.is(r.first(c), "along") && !r.is(r.first(c), "together") {
		return 0
	}
	for k := c; k < min(c+3, len(r.chunks)); k++ {
		if r.is(r.last(k), "with") && r.kind(k+1) == np {
			return k + 1
		}
	}
	return 0
}

// overOf skips "of the second army" after a member of a list.
func (r *reader) overOf(c, end int) int {
	for c+1 < end && r.kind(c) == prep && r.is(r.first(c), "of") && r.kind(c+1) == np {
		c += 2
	}
	return c
}

// clauseFollows reports whether a verb of its own follows chunk c-1.
func (r *reader) clauseFollows(c, end int) bool {
	for c < end && (r.kind(c) == aside || r.kind(c) == when) {
		c++
	}
	return c < end && r.kind(c) == vg && !r.is(r.first(c), "to") && r.tag(r.first(c)) != "VBN" && r.tag(r.first(c)) != "VBG"
}

// apposition chooses between two names of one: the person, else the first.
func (r *reader) apposition(list []extractor.Slot) []extractor.Slot {
	for _, s := range list[:2] {
		if s.Entity >= 0 && s.Entity < len(r.doc.Entities) && r.doc.Entities[s.Entity].Type == schemas.Person {
			return []extractor.Slot{s}
		}
	}
	return list[:1]
}
