package statement

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// A dependency tree, where a sentence has one, knows who is the subject of a verb over
// relative clauses and participles, in which patterns take the nearest noun: "the
// engineer who inspected the dam for the insurer said". Where content ends is left to
// patterns: trees err on what a clause hangs on.

// maxClimb bounds the steps from a verb to the one whose subject it shares.
const maxClimb = 4

// treed reports whether the sentence of token i has a tree.
func (t *text) treed(i int) bool { return i >= 0 && i < len(t.Tokens) && t.Tokens[i].Head >= 0 }

// up returns the head of token i in s, -1 for a root.
func (t *text) up(i int, s extractor.Range) int {
	h := int(t.Tokens[i].Head)
	if h == i || h < s.From || h >= s.To {
		return -1
	}
	return h
}

// rel returns the relation of token i to its head without its subtype.
func (t *text) rel(i int) string {
	rel, _, _ := strings.Cut(t.Tokens[i].Rel, ":")
	return rel
}

// child returns the first dependent of token i in [from,to) with this relation, -1 if
// there is none.
func (t *text) child(i, from, to int, rel string) int {
	for k := from; k < to; k++ {
		if tok := &t.Tokens[k]; int(tok.Head) == i && k != i && tok.Rel == rel {
			return k
		}
	}
	return -1
}

// under reports whether token i is a or hangs on it.
func (t *text) under(i, a int, s extractor.Range) bool {
	for range maxSentence {
		if i == a {
			return true
		}
		if i = t.up(i, s); i < 0 {
			return false
		}
	}
	return false
}

// treeSubject returns the head noun of the subject of the verb at token v, which
// stands before it, and whether a relative pronoun ties the two; -1 if the tree names
// none.
func (t *text) treeSubject(v int, s extractor.Range) (head int, relative bool) {
	if !t.treed(v) {
		return -1, false
	}
	g := v
	for range maxClimb {
		k := t.child(g, s.From, v, "nsubj")
		switch {
		case k >= 0 && t.is(k, wRel):
			for t.rel(g) == "conj" && t.up(g, s) >= 0 {
				g = t.up(g, s)
			}
			if h := t.up(g, s); h >= 0 && h < k && t.Tokens[g].Rel == "acl:relcl" {
				return h, true
			}
			return -1, false
		case k >= 0:
			return k, false
		case t.lost(g, s):
			return t.child(t.up(g, s), s.From, v, "nsubj"), false
		case t.rel(g) != "conj" || t.up(g, s) < 0:
			return -1, false
		}
		g = t.up(g, s)
	}
	return -1, false
}

// lost reports whether the clause that the verb at token v hangs on is one that
// describes its subject: "a survey carried out in May found". A parser that takes
// the participle for the verb of the sentence has nowhere to put the next one.
func (t *text) lost(v int, s extractor.Range) bool {
	g := t.up(v, s)
	if g < 0 || g > v || t.rel(v) != "parataxis" && t.rel(v) != "conj" || t.child(g, s.From, g, "nsubj") < 0 {
		return false
	}
	for i := g + 1; i < v; i++ {
		if t.is(i, wConj) || t.pos(i) == pPunct || t.pos(i) == pConj {
			return false
		}
	}
	return true
}

// nounAt returns the noun phrase around its head in a tree.
func (t *text) nounAt(h int, s extractor.Range) phrase {
	from := h
	for k := h - 1; k >= s.From && h-k < maxPhrase && t.up(k, s) >= 0 && t.under(k, h, s) && !t.isWord(k, ","); k-- {
		if t.pos(k) != pPunct {
			from = k
		}
	}
	if n := t.name(h); n >= 0 {
		from = min(from, max(s.From, t.Names[n].Range.From))
	}
	p := t.after(from)
	if !p.ok() || p.to <= h {
		return phrase{}
	}
	p.outer = from
	return p
}

// describes reports whether token i is part of a clause that describes the noun at
// token h, which is the subject of the verb at v.
func (t *text) describes(i, h, v int, s extractor.Range) bool {
	clause := false
	for range maxSentence {
		if i == h || i < 0 {
			break
		}
		clause = clause || t.rel(i) == "acl"
		if g := t.up(i, s); g >= 0 && t.rel(i) != "nsubj" && t.child(g, s.From, g, "nsubj") == h && g < v && t.lost(v, s) && t.up(v, s) == g {
			return true
		}
		i = t.up(i, s)
	}
	return clause && i == h
}

// corrected returns the subject of the cue at v: the one that patterns found, p, or
// that of the tree where patterns found none or one that the tree knows to be the
// noun of another verb.
func (t *text) corrected(p phrase, v int, s extractor.Range, from int) phrase {
	if !p.ok() && from > s.From && t.coordinated(v) {
		return p // shares the subject of the cue before it
	}
	h, relative := t.treeSubject(v, s)
	if h < 0 || h < from && p.ok() || p.ok() && h >= p.from && h < max(p.to, p.extra.To) || t.pos(h) == pPron && p.ok() {
		return p
	}
	q := t.nounAt(h, s)
	if !q.ok() || q.to > v || p.ok() && (p.from >= q.from && p.to <= max(q.to, q.extra.To) || h < p.from && !t.describes(t.head(p), h, v, s)) {
		return p
	}
	q.bound = relative
	return q
}
