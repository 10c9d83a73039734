package event

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A chunkKind is the kind of a chunk.
type chunkKind uint8

const (
	edge  chunkKind = iota // mark that ends a clause; also "no chunk"
	np                     // noun phrase
	vg                     // verb group: auxiliaries, adverbs, "to", verbs
	prep                   // preposition
	comma                  // comma
	conj                   // and, or, but
	sub                    // relative pronoun or subordinator
	when                   // time expression
	aside                  // adverbs, quotation marks, parentheses: read over
)

// A chunk is a run of tokens that belong together.
type chunk struct {
	kind     chunkKind
	from, to int
}

// chunked cuts the sentence in hand into chunks.
func (r *reader) chunked(s extractor.Range) {
	r.from, r.to = s.From, s.To
	r.chunks = r.chunks[:0]
	paren := 0 // end of a parenthesis
	for i := s.From; i < s.To; i++ {
		k := aside
		if i >= paren {
			if k = r.kindOf(i); r.is(i, "(") {
				paren = r.parenthesis(i)
				k = aside
			}
		}
		if n := len(r.chunks); n > 0 && r.joins(&r.chunks[n-1], k, i) {
			r.chunks[n-1].to = i + 1
			continue
		}
		r.chunks = append(r.chunks, chunk{k, i, i + 1})
	}
	r.verbless()
}

// verbless turns groups without a verb into asides.
func (r *reader) verbless() {
	for c := range r.chunks {
		ch := &r.chunks[c]
		if ch.kind != vg {
			continue
		}
		found := false
		for i := ch.from; i < ch.to; i++ {
			found = found || r.pos(i) == extractor.VERB || r.pos(i) == extractor.AUX
		}
		if !found {
			ch.kind = aside
			if r.is(ch.from, "to") {
				ch.kind = prep
			}
		}
	}
}

// maxParen bounds a parenthesis that is read over, in tokens.
const maxParen = 12

// parenthesis returns where the parenthesis that opens at i ends, i if it does not
// end soon.
func (r *reader) parenthesis(i int) int {
	for j := i + 1; j < min(r.to, i+maxParen); j++ {
		if r.is(j, ")") {
			return j + 1
		}
	}
	return i
}

func (r *reader) joins(c *chunk, k chunkKind, i int) bool {
	if c.kind != k {
		return false
	}
	switch k {
	case np:
		glued := r.doc.Tokens[i].Glued
		switch {
		case r.possessive(i) || glued || r.figure[i] && r.figure[i-1]:
			return true
		case r.pos(i) == extractor.PRON && !r.owner(i):
			return false
		case r.pos(i-1) == extractor.PRON && !r.owner(i-1):
			return false
		case r.pos(i) == extractor.DET && r.doc.Tokens[i].Name < 0:
			return r.possessive(i - 1)
		}
		return true
	case vg:
		return i-c.from < maxGroup
	case when, aside:
		return true
	}
	return false
}

// maxGroup bounds a verb group, in tokens.
const maxGroup = 24

// kindOf returns the kind of chunk that token i belongs to.
func (r *reader) kindOf(i int) chunkKind {
	t := &r.doc.Tokens[i]
	switch {
	case t.Time >= 0 && r.doc.Times[t.Time].Type != schemas.TimexSet && r.doc.Times[t.Time].Type != schemas.TimexDuration:
		return when
	case t.Name >= 0, r.possessive(i), r.figure[i]:
		return np
	}
	switch t.UPOS {
	case extractor.VERB:
		if r.modifier(i) {
			return np
		}
		return vg
	case extractor.AUX:
		return vg
	case extractor.PART:
		return vg // not, to
	case extractor.ADV:
		if t.Tag == "WRB" {
			return sub
		}
		if n := len(r.chunks); n > 0 && r.chunks[n-1].kind == vg && (r.pos(i+1) == extractor.VERB || r.pos(i+1) == extractor.AUX) || i+1 < r.to && r.negation(i) {
			return vg
		}
		return aside
	case extractor.ADP:
		if r.is(i, "to") && r.pos(i+1) == extractor.VERB && !r.modifier(i+1) {
			return vg
		}
		if r.is(i, "that") {
			return sub
		}
		return prep
	case extractor.SCONJ:
		return sub
	case extractor.CCONJ:
		return conj
	case extractor.PUNCT, extractor.SYM:
		return r.mark(i)
	case extractor.PRON, extractor.DET:
		switch t.Tag {
		case "WDT", "WP", "WP$", "IN":
			return sub
		}
	}
	return np
}

func (r *reader) negation(i int) bool { return r.is(i, "not") || r.is(i, "never") }

// mark returns the kind of a punctuation mark.
func (r *reader) mark(i int) chunkKind {
	switch r.doc.Word(i) {
	case ",":
		return comma
	case "-", "‐", "$", "%", "£", "€", "&", "/":
		return np
	case "\"", "“", "”", "''", "``", "‘", "’", "'", "«", "»", ")":
		return aside
	}
	return edge
}

// modifier reports whether the verb form at token i stands inside a noun phrase:
// "the wounded soldiers", "armed men".
func (r *reader) modifier(i int) bool {
	switch r.tag(i) {
	case "VBN", "VBG", "VBD":
	default:
		return false
	}
	if i > r.from && r.is(i-1, "-") && r.doc.Tokens[i].Glued {
		return true // US-backed
	}
	switch r.pos(i + 1) {
	case extractor.NOUN, extractor.PROPN, extractor.ADJ:
	default:
		return false
	}
	if i == r.from {
		return false
	}
	switch r.pos(i - 1) {
	case extractor.DET, extractor.ADJ, extractor.NUM:
		return true
	case extractor.ADP:
		return r.tag(i) == "VBN"
	}
	return r.possessive(i-1) || r.owner(i-1)
}

// owner reports whether token i is a possessive pronoun.
func (r *reader) owner(i int) bool { return i >= r.from && r.tag(i) == "PRP$" }

// possessive reports whether token i is the 's of a noun.
func (r *reader) possessive(i int) bool {
	if i <= r.from || i >= r.to || !r.doc.Tokens[i].Glued {
		return false
	}
	switch r.doc.Word(i) {
	case "'s", "’s", "'", "’":
		return r.tag(i) == "POS" || r.pos(i) == extractor.PART || r.doc.Tokens[i-1].Name >= 0
	}
	return false
}

func (r *reader) kind(c int) chunkKind {
	if c < 0 || c >= len(r.chunks) {
		return edge
	}
	return r.chunks[c].kind
}

// first returns the first token of chunk c, last the last one.
func (r *reader) first(c int) int { return r.chunks[c].from }
func (r *reader) last(c int) int  { return r.chunks[c].to - 1 }

func (r *reader) pos(i int) extractor.UPOS {
	if i < r.from || i >= r.to {
		return extractor.NoPOS
	}
	return r.doc.Tokens[i].UPOS
}

func (r *reader) tag(i int) string {
	if i < r.from || i >= r.to {
		return ""
	}
	return r.doc.Tokens[i].Tag
}

// is reports whether token i is the word w, whatever the case of its first letter.
func (r *reader) is(i int, w string) bool {
	if i < r.from || i >= r.to {
		return false
	}
	s := r.doc.Word(i)
	return s == w || len(s) == len(w) && len(w) > 0 && s[0]|0x20 == w[0] && s[1:] == w[1:]
}

// lex returns the table's entry of token i.
func (r *reader) lex(i int) *word {
	if i < r.from || i >= r.to {
		return unknown
	}
	return r.words[i]
}
