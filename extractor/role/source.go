package role

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// source sets who says the figure: the speaker of the smallest statement that
// holds it, else whom its sentence names with a verb of saying.
func (r *reader) source(q *extractor.Quantity) {
	best := -1
	last, _ := slices.BinarySearchFunc(r.doc.Statements, q.Start+1, func(s extractor.Statement, start int) int { return s.Start - start })
	for i := max(0, last-20); i < last; i++ { // statements nest a few levels at most
		s := &r.doc.Statements[i]
		if s.Contains(q.Span) && s.Speaker != nil && r.canSpeak(s.Speaker) && (best < 0 || s.Len() < r.doc.Statements[best].Len()) {
			best = i
		}
	}
	if best >= 0 {
		s := &r.doc.Statements[best]
		who := *s.Speaker
		q.Source = &who
		q.Attribution = []extractor.Attribution{{Who: who, Cue: s.Cue}}
		origin(q, "source", schemas.Stated)
		if s.Mode != schemas.Direct && denies(r.doc.Slice(s.Cue)) { // what somebody denies is not asserted, nor planned
			q.Modality = schemas.Negated
			q.Rules = append(q.Rules, "role/denied")
		}
		return
	}
	if s, cue := r.attribution(q); s != nil {
		q.Source = s
		q.Attribution = []extractor.Attribution{{Who: *s, Cue: cue}}
		origin(q, "source", schemas.Stated)
	}
}

// denies reports whether a cue of speech says that its content is not so.
func denies(cue string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(cue)) {
		switch w {
		case "deny", "denies", "denied", "denying", "refuted", "refutes":
			return true
		}
	}
	return false
}

// attribution reads "X said" and "according to X" in the sentence of q.
func (r *reader) attribution(q *extractor.Quantity) (*extractor.Slot, extractor.Span) {
	for c := range r.chunks {
		ch := &r.chunks[c]
		if ch.kind != vg && ch.kind != prep {
			continue
		}
		for i := ch.from; i < ch.to; i++ {
			switch {
			case r.cues[i].text == "according" && r.word(i+1) == "to":
				if n := r.chunk(i+1) + 1; r.kind(n) == np {
					return r.speaker(n), r.doc.Tokens[i].Span
				}
			case r.is(i, say) && ch.kind == vg && i == r.verb(c) && r.tag(i) != "VBG" && !r.insideQuantity(q, i):
				if r.kind(c-1) == np && r.kind(c-2) != prep {
					if s := r.speaker(c - 1); s != nil {
						return s, r.doc.Tokens[i].Span
					}
				}
				if r.kind(c+1) == np && i+1 == r.chunks[c+1].from && r.kind(c-1) != np && r.word(ch.from-1) != "and" && r.word(ch.from-1) != "but" { // said X
					if s := r.speaker(c + 1); s != nil {
						return s, r.doc.Tokens[i].Span
					}
				}
			}
		}
	}
	return nil, extractor.Span{}
}

func (r *reader) insideQuantity(q *extractor.Quantity, i int) bool {
	return r.doc.Tokens[i].Overlaps(q.Phrase)
}

// speaker returns the slot of a noun phrase that can speak, nil if it cannot.
func (r *reader) speaker(c int) *extractor.Slot {
	ch := r.chunks[c]
	if n := r.nameIn(ch.from, ch.to, schemas.Person, schemas.Organisation); n >= 0 {
		return r.nameSlot(n)
	}
	if r.is(ch.head, sayNoun|actor) {
		from := ch.from
		if r.pos(from) == extractor.DET {
			from++
		}
		if from <= ch.head {
			return r.slot(from, ch.head+1)
		}
	}
	if n := r.doc.Tokens[ch.head].Name; n >= 0 && r.doc.Names[n].Type == schemas.Location {
		return r.nameSlot(int(n))
	}
	return nil
}

// canSpeak reports whether a speaker is no mere event: "the flood claimed 30 lives".
func (r *reader) canSpeak(s *extractor.Slot) bool {
	if s.Entity >= 0 {
		return true
	}
	i := r.doc.TokenAt(s.End - 1)
	return i >= len(r.cues) || r.cues[i].class&(event|cause) == 0 || r.cues[i].class&(actor|sayNoun) != 0
}
