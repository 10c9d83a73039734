package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// The dependency tree is a second reader of who did what. It knows subjects over
// asides and relative clauses, which chunks lose; it errs on where clauses attach,
// which chunks do not ask. See vote.go for how the two are joined.

// A part is what a figure is to the verb that governs it.
type part uint8

const (
	noPart   part = iota
	subject       // of an active verb
	patient       // subject of a passive verb
	object        // direct or indirect object
	oblique       // in a prepositional phrase or as a measure: "rose by 5 percent"
	modified      // the verb is a participle that describes the figure: "people killed by"
)

// maxClimb bounds the steps from a figure to its verb.
const maxClimb = 8

// treed reports whether the sentence in hand has a tree.
func (r *reader) treed() bool { return r.from < r.to && r.doc.Tokens[r.from].Head >= 0 }

// up returns the head of token i, -1 for a root or outside of the sentence in hand.
func (r *reader) up(i int) int {
	h := int(r.doc.Tokens[i].Head)
	if h == i || h < r.from || h >= r.to {
		return -1
	}
	return h
}

// rel returns the relation of token i to its head, without its subtype.
func (r *reader) rel(i int) string {
	rel := r.doc.Tokens[i].Rel
	if k := strings.IndexByte(rel, ':'); k >= 0 {
		return rel[:k]
	}
	return rel
}

// child returns the first dependent of token i with this relation, subtype
// included, -1 if there is none.
func (r *reader) child(i int, rel string) int {
	for k := r.from; k < r.to; k++ {
		t := &r.doc.Tokens[k]
		if int(t.Head) == i && k != i && t.Rel == rel {
			return k
		}
	}
	return -1
}

// figureHead returns the token that stands for q in the tree: the topmost of its
// numeral and noun.
func (r *reader) figureHead(q *extractor.Quantity) int {
	left, right := r.edges(q)
	left, right = max(left, r.from), min(right, r.to)
	h := min(q.To-1, right-1)
	for range maxClimb {
		g := r.up(h)
		if g < left || g >= right {
			break
		}
		h = g
	}
	return h
}

// treePredicate returns the verb that governs q by the tree, as what, and the
// token that is this part; -1 if there is none.
func (r *reader) treePredicate(q *extractor.Quantity) (verb int, as part, noun int) {
	h := r.figureHead(q)
	if v, as := r.ofWhich(h); v >= 0 {
		return v, as, h
	}
	if v := r.child(h, "acl"); v > h && r.tag(v) == "VBN" && r.child(v, "obj") < 0 {
		if g := r.fateOf(h); g >= 0 {
			return g, patient, h
		}
		return v, modified, h
	}
	for range maxClimb {
		g := r.up(h)
		if g < 0 {
			return -1, noPart, -1
		}
		as := noPart
		switch rel := r.doc.Tokens[h].Rel; rel {
		case "nsubj", "nsubj:outer":
			as = subject
		case "nsubj:pass":
			if as = patient; r.misreadPassive(g) {
				return g, subject, h
			}
		case "obj", "iobj":
			as = object
		case "obl", "obl:agent", "obl:unmarked", "obl:tmod", "obl:npmod", "xcomp", "ccomp", "advcl":
			if rel == "obl:agent" && r.figureHead(q) == h { // by 12 soldiers
				return -1, noPart, -1
			}
			as = oblique
		case "nmod", "nmod:unmarked", "nmod:poss", "nmod:desc", "appos", "conj", "compound", "nummod", "amod", "list", "dep", "flat", "advmod", "det":
			h = g
			continue
		default:
			return -1, noPart, -1
		}
		v, as := r.verbal1(g, as)
		return v, as, h
	}
	return -1, noPart, -1
}

// ofWhich returns the verb of the clause that a figure opens before a relative, "12 of
// whom were freed by", where the tree hangs it on the figure; -1 if it does not.
func (r *reader) ofWhich(h int) (int, part) {
	if r.word(h+1) != "of" || !r.is(h+2, relative) {
		return -1, noPart
	}
	v := r.child(h, "acl:relcl")
	switch {
	case v < 0:
		return -1, noPart
	case r.child(v, "aux:pass") >= 0:
		return v, patient
	}
	return v, subject
}

// fateOf returns the passive verb that says what happened to those at token h in
// the end, whatever had happened to them before: "twelve men held by rebels were
// freed"; -1 if there is none.
func (r *reader) fateOf(h int) int {
	g := r.up(h)
	if g < 0 || r.rel(h) != "nsubj" || r.child(g, "aux:pass") < 0 || !r.is(g, trans) {
		return -1
	}
	return g
}

// verbal1 returns v and its part if v is a verb.
func (r *reader) verbal1(v int, as part) (int, part) {
	if r.pos(v) != extractor.VERB && r.pos(v) != extractor.AUX && !r.is(v, trans|intrans) {
		return -1, noPart
	}
	return v, as
}

// misreadPassive reports whether the verb at token v has a passive subject but an
// object and no form of "be": an active past taken for a participle.
func (r *reader) misreadPassive(v int) bool {
	return r.child(v, "obj") >= 0 && r.child(v, "aux:pass") < 0
}

// treeAgent returns the token of who does what the verb at token v says, for a
// figure that is part of it; -1 if the tree names nobody.
func (r *reader) treeAgent(v int, as part) int {
	switch {
	case as == patient, as == modified, as == object && r.child(v, "aux:pass") >= 0, as == oblique && (r.child(v, "aux:pass") >= 0 || r.tag(v) == "VBN" && r.rel(v) == "acl"):
		if a := r.child(v, "obl:agent"); a >= 0 {
			if by := r.child(a, "case"); by >= 0 && r.lower(by) == "by" {
				return a
			}
		}
	case as == object, as == oblique:
		return r.treeSubject(v, 0)
	}
	return -1
}

// treeSubject returns the token of the subject of the verb at token v: its own, or
// that of the clause which it hangs on.
func (r *reader) treeSubject(v, depth int) int {
	if depth > maxClimb {
		return -1
	}
	s := r.child(v, "nsubj")
	if s < 0 && r.misreadPassive(v) {
		s = r.child(v, "nsubj:pass")
	}
	if s < 0 && depth > 0 {
		s = r.child(v, "nsubj:pass")
	}
	if x := r.child(v, "aux"); s < 0 && x >= 0 { // the forces have, in his words, "emptied" towns
		s = r.child(x, "nsubj")
	}
	g, rel := r.up(v), r.rel(v)
	if s >= 0 {
		if r.is(s, relative) || r.tag(s) == "WDT" || r.tag(s) == "WP" {
			for g >= 0 && rel == "conj" {
				rel, g = r.rel(g), r.up(g)
			}
			if rel == "acl" && g >= 0 && r.antecedes(g, s) {
				return g
			}
			return -1
		}
		if r.closes(s, v) {
			return -1
		}
		return s
	}
	if g < 0 {
		return -1
	}
	switch rel {
	case "conj":
		if r.tag(v) == "VBG" { // leaving 20 dead and driving
			for r.pos(g) != extractor.VERB && r.pos(g) != extractor.AUX && r.up(g) >= 0 {
				g = r.up(g)
			}
		}
		return r.treeSubject(g, depth+1)
	case "acl":
		switch {
		case r.tag(v) == "VB": // plans to cut: whoever has the plans
			return r.treeHolder(g, depth+1)
		case r.tag(v) == "VBN" && r.child(v, "obj") < 0: // loans given in March
			return -1
		}
		return g
	case "xcomp":
		if o := r.child(g, "obj"); o >= 0 && o < v { // ordered the firm to pay
			return o
		}
		return r.treeSubject(g, depth+1)
	case "advcl":
		return r.treeSubject(g, depth+1)
	case "parataxis": // rebels who came at dawn burned: the verb of a subject with a clause
		if r.rel(g) == "acl" && r.child(v, "mark") < 0 {
			return r.treeSubject(g, depth+1)
		}
	}
	return -1
}

// antecedes reports whether the relative pronoun at token i may take up the noun at
// token g: no other noun stands right before it but in a phrase of the first.
func (r *reader) antecedes(g, i int) bool {
	k := i - 1
	for k > g && (r.pos(k) == extractor.PUNCT || r.pos(k) == extractor.ADP) {
		k--
	}
	return k <= g || r.up(k) == g || r.chunk(k) == r.chunk(g) || r.word(i) == "who"
}

// closes reports whether a bracket closes between tokens i and j that did not open
// there: what stands in brackets has no verb outside.
func (r *reader) closes(i, j int) bool {
	open := 0
	for k := min(i, j); k < max(i, j); k++ {
		switch r.word(k) {
		case "(", "[":
			open++
		case ")", "]":
			if open--; open < 0 {
				return true
			}
		}
	}
	return open > 0
}

// treeHolder returns the token of whose the noun at token i is: its possessor, or
// the subject of the verb that it is the object of.
func (r *reader) treeHolder(i, depth int) int {
	if p := r.child(i, "nmod:poss"); p >= 0 {
		return p
	}
	if g := r.up(i); g >= 0 && (r.rel(i) == "obj" || r.rel(i) == "obl") {
		return r.treeSubject(g, depth+1)
	}
	return -1
}

// actorAt returns who acts where token i is the head of the subject.
func (r *reader) actorAt(i int) *extractor.Slot {
	for range 3 { // thousands of Americans, the majority of the board
		m := r.child(i, "nmod")
		if m < 0 || r.word(m-1) == "" || r.pos(i) != extractor.NUM && r.tag(i) != "NNS" && !r.is(i, toll) || r.doc.Tokens[i].Name >= 0 || r.is(i, actor) {
			break
		}
		if c := r.child(m, "case"); c < 0 || r.word(c) != "of" {
			break
		}
		i = m
	}
	c := r.chunk(i)
	if c < 0 || r.kind(c) != np {
		return nil
	}
	h := i
	if n := r.doc.Tokens[i].Name; n >= 0 {
		h = min(r.doc.Names[n].To, r.to) - 1
	}
	saved := r.chunks[c]
	if h >= saved.from && h < saved.to && h != saved.head {
		r.chunks[c].head, r.chunks[c].to = h, h+1
	}
	s := r.actorOf(c, 2)
	r.chunks[c] = saved
	return s
}
