package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A chunkKind is the kind of a chunk.
type chunkKind uint8

const (
	np    chunkKind = iota // noun phrase
	vg                     // verb group: auxiliaries, adverbs, "to", verb
	prep                   // preposition
	comma                  // comma
	conj                   // and, or, but
	sub                    // relative pronoun or subordinator
	when                   // time expression
	adv                    // adverbs outside of a verb group
	stop                   // any other mark
)

// A chunk is a run of tokens that belong together.
type chunk struct {
	kind     chunkKind
	from, to int
	head     int // np: last noun; vg: main verb
}

// A sentence of more tokens than longest, a list or a page without marks, is read
// in windows, so that the time stays in proportion to the text.
const longest = 400

// enter makes the chunks of sentence n, as far as a window reaches.
func (r *reader) enter(n int) {
	s := r.doc.Sentences[n]
	r.enterRange(s.From, min(s.To, s.From+longest))
}

// enterRange makes the chunks of the tokens [from, to) of one sentence.
func (r *reader) enterRange(from, to int) {
	r.from, r.to = from, to
	r.chunks, r.chunkOf = r.chunks[:0], r.chunkOf[:0]
	for i := r.from; i < r.to; i++ {
		k := r.kindOf(i)
		if n := len(r.chunks); n > 0 && r.joins(&r.chunks[n-1], k, i) {
			c := &r.chunks[n-1]
			c.to = i + 1
			if k == np && r.doc.Tokens[i].UPOS != extractor.PART || k == vg && r.pos(i) == extractor.VERB || k == vg && c.head < 0 && r.pos(i) == extractor.AUX {
				c.head = i
			}
		} else {
			r.chunks = append(r.chunks, chunk{k, i, i + 1, i})
		}
		r.chunkOf = append(r.chunkOf, int32(len(r.chunks)-1))
	}
	line := r.from
	if line < r.to && r.pos(line) == extractor.PROPN {
		line = r.datelineEnd(int(r.doc.Tokens[line].Sentence))
	}
	for c := range r.chunks {
		switch ch := &r.chunks[c]; {
		case ch.to <= line: // who wrote, and where, has no part in what happened
			ch.kind = stop
		case ch.kind == vg && !r.verbal(c):
			ch.kind = adv
		}
	}
}

// longestDateline is the number of tokens that a dateline has at most.
const longestDateline = 16

// datelineEnd returns the token after the dateline of sentence n, "LIMA, Peru, March 5
// (Agency) -", the first of the sentence if it has none.
func (r *reader) datelineEnd(n int) int {
	s := r.doc.Sentences[n]
	toks := r.doc.Tokens
	inside := false
	for k := s.From; k < min(s.To, s.From+longestDateline); k++ {
		switch w := r.doc.Word(k); w {
		case "-", "–", "—", "--":
			if k > s.From && !(toks[k].Glued && k+1 < s.To && toks[k+1].Glued) {
				return k + 1
			}
			continue
		case "(", ")":
			inside = w == "("
			continue
		}
		if t := &toks[k]; !inside && t.UPOS != extractor.PUNCT && t.Name < 0 && t.Time < 0 && t.UPOS != extractor.PROPN && t.UPOS != extractor.NUM {
			break
		}
	}
	return s.From
}

// verbal reports whether the group c holds a verb.
func (r *reader) verbal(c int) bool {
	for i := r.chunks[c].from; i < r.chunks[c].to; i++ {
		if p := r.pos(i); p == extractor.VERB || p == extractor.AUX || p == extractor.NoPOS {
			return true
		}
	}
	return false
}

// before returns the chunk before c, over adverbs.
func (r *reader) before(c int) int {
	for c--; r.kind(c) == adv && c >= 0; c-- {
	}
	return c
}

// joins reports whether token i of kind k goes on with the chunk c.
func (r *reader) joins(c *chunk, k chunkKind, i int) bool {
	if c.kind != k {
		return false
	}
	switch k {
	case np:
		if r.pos(i) == extractor.PRON || r.pos(i) == extractor.DET && !r.possessive(i-1) || r.pos(i-1) == extractor.PRON && !r.pronounDet(i-1) {
			return r.glued(i)
		}
		return true
	case vg:
		return r.pos(i) != extractor.ADV || r.pos(i-1) != extractor.VERB || r.pos(i+1) == extractor.VERB
	case when:
		return true
	}
	return false
}

func (r *reader) pronounDet(i int) bool {
	switch r.word(i) {
	case "his", "her", "its", "their", "our", "my", "your", "whose":
		return true
	}
	return false
}

func (r *reader) glued(i int) bool { return i > r.from && i < r.to && r.doc.Tokens[i].Glued }

func (r *reader) possessive(i int) bool {
	switch r.word(i) {
	case "'s", "’s", "'", "’":
		return r.glued(i)
	}
	return false
}

// kindOf returns the kind of chunk that token i belongs to.
func (r *reader) kindOf(i int) chunkKind {
	t := &r.doc.Tokens[i]
	if t.Time >= 0 && r.doc.Times[t.Time].Type != schemas.TimexSet && !(t.UPOS == extractor.ADJ && !r.doc.Times[t.Time].Placed) { // "former" describes
		return when
	}
	if t.Name >= 0 {
		return np
	}
	if r.possessive(i) {
		return np
	}
	w := r.cues[i]
	if r.doc.Word(i) == "including" {
		return prep
	}
	switch t.UPOS {
	case extractor.PUNCT, extractor.SYM:
		return r.mark(i)
	case extractor.CCONJ:
		return conj
	case extractor.VERB:
		if r.modifier(i) || i > r.from && r.word(i-1) == "-" && r.glued(i) {
			return np
		}
		return vg
	case extractor.AUX:
		return vg
	case extractor.ADV:
		if w.class&subord != 0 {
			return sub
		}
		if r.pos(i+1) == extractor.NUM || r.pos(i+1) == extractor.ADJ && r.pos(i+2) == extractor.NOUN {
			return np
		}
		return vg
	case extractor.PART:
		if w.text == "to" || r.doc.Word(i) == "to" {
			if p := r.pos(i + 1); p == extractor.DET || p == extractor.PROPN || p == extractor.NUM || p == extractor.NOUN && r.tag(i+1) != "VB" && i > r.from && r.pos(i-1) != extractor.VERB && r.pos(i-1) != extractor.AUX {
				return prep
			}
		}
		return vg
	case extractor.ADP, extractor.SCONJ:
		if w.text == "to" && (r.pos(i+1) == extractor.VERB || r.tag(i+1) == "VB") {
			return vg
		}
		if w.class&subord != 0 && !(w.text == "since" || w.text == "as" || w.text == "until" || w.text == "after" || w.text == "before") || w.class&relative != 0 {
			return sub
		}
		return prep
	case extractor.PRON, extractor.DET:
		if w.class&relative != 0 && !(w.text == "that" && r.pos(i+1) == extractor.NOUN) {
			return sub
		}
		return np
	case extractor.NoPOS:
		if w.class&(trans|intrans|say) != 0 {
			return vg
		}
	}
	return np
}

// mark returns the kind of a punctuation mark.
func (r *reader) mark(i int) chunkKind {
	switch r.word(i) {
	case ",":
		return comma
	case "-", "‐", "–":
		if r.glued(i) && r.glued(i+1) {
			return np
		}
	case "$", "%", "£", "€", "[", "]":
		return np
	}
	return stop
}

// modifier reports whether the verb form at token i stands inside a noun phrase:
// "the wounded soldiers", "armed men".
func (r *reader) modifier(i int) bool {
	if r.pos(i+1) != extractor.NOUN && r.pos(i+1) != extractor.PROPN && r.pos(i+1) != extractor.ADJ {
		return false
	}
	if r.tag(i) != "VBN" && r.tag(i) != "VBG" && r.tag(i) != "VBD" {
		return false
	}
	switch r.pos(i - 1) {
	case extractor.DET, extractor.ADJ, extractor.NUM:
		return r.tag(i) != "VBG" || r.pos(i-1) == extractor.DET || r.pos(i-1) == extractor.ADJ
	}
	return r.possessive(i-1) || r.pronounDet(i-1)
}

// chunk returns the index of the chunk of token i.
func (r *reader) chunk(i int) int {
	if i < r.from || i >= r.to {
		return -1
	}
	return int(r.chunkOf[i-r.from])
}

// kind returns the kind of chunk c, stop if there is none.
func (r *reader) kind(c int) chunkKind {
	if c < 0 || c >= len(r.chunks) {
		return stop
	}
	return r.chunks[c].kind
}

// verb returns the main verb of the group c.
func (r *reader) verb(c int) int {
	ch := &r.chunks[c]
	for i := ch.to - 1; i >= ch.from; i-- {
		if r.pos(i) == extractor.VERB || r.is(i, trans|intrans) {
			return i
		}
	}
	return ch.head
}

// passive reports whether the verb at token v has a form of "be" in its group.
func (r *reader) passive(v int) bool {
	c := r.chunk(v)
	if c < 0 {
		return false
	}
	switch r.tag(v) {
	case "VBG", "VB", "VBZ", "VBP", "NN":
		return false
	}
	for i := r.chunks[c].from; i < v; i++ {
		switch r.word(i) {
		case "is", "are", "was", "were", "be", "been", "being", "got", "get", "'re", "Was", "Were":
			return true
		}
	}
	return false
}

// slot makes a slot of a noun phrase or name.
func (r *reader) slot(from, to int) *extractor.Slot {
	sp := r.doc.SpanOf(extractor.Range{From: from, To: to})
	return &extractor.Slot{Span: sp, Entity: -1, Name: r.doc.Slice(sp)}
}

// nameSlot makes a slot of name n.
func (r *reader) nameSlot(n int) *extractor.Slot {
	nm := &r.doc.Names[n]
	s := &extractor.Slot{Span: nm.Span, Entity: nm.Entity, Name: r.doc.Slice(nm.Span)}
	if nm.Entity >= 0 {
		s.Name = r.doc.Entities[nm.Entity].Name
	}
	return s
}

// nameIn returns the last name of one of the types in tokens [from, to), -1 if
// there is none.
func (r *reader) nameIn(from, to int, types ...schemas.EntityType) int {
	for i := to - 1; i >= from; i-- {
		n := r.doc.Tokens[i].Name
		if n < 0 {
			continue
		}
		for _, t := range types {
			if r.doc.Names[n].Type == t {
				return int(n)
			}
		}
	}
	return -1
}
