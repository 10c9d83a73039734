package role

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// sorts are nouns that take up somebody named before: "the retailer", "the
// country". Nouns that name a part of somebody (army, ministry, court) stand for
// an earlier name only if they end it.
var sorts = func() map[string]schemas.EntityType {
	m := map[string]schemas.EntityType{}
	for typ, words := range map[schemas.EntityType]string{
		schemas.Organisation: "company firm retailer carrier airline manufacturer developer giant bank lender group maker chain union party agency club insurer operator automaker carmaker builder conglomerate brand movement organisation organization charity university supplier producer miner utility watchdog regulator newspaper broadcaster unit subsidiary startup shipbuilder brewer bureau alliance coalition bloc consortium",
		schemas.Location:     "country nation kingdom republic",
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = typ
		}
	}
	return m
}()

// described returns who the definite noun phrase of the tokens [from, h] stands
// for, if the text has named it before: "the retailer" after "Kolmar closed".
func (r *reader) described(from, h int) *extractor.Slot {
	switch r.lower(from) {
	case "the", "this", "that":
	default:
		return nil
	}
	head := r.lower(h)
	typ, ok := sorts[head]
	armed := fights(head)
	for i := from + 1; i < h; i++ {
		switch r.word(i) {
		case "new", "combined", "merged", "rival", "parent", "other", "second", "third", "unnamed", "unidentified", "same", "first", "last", "next", "two":
			return nil // somebody else, or nobody named
		}
		if r.doc.Tokens[i].Name >= 0 && r.doc.Names[r.doc.Tokens[i].Name].Type != schemas.Group && r.doc.Names[r.doc.Tokens[i].Name].Type != schemas.Location {
			return nil
		}
	}
	if w := r.word(h + 1); w == "of" || w == "that" || w == "who" {
		return nil
	}
	if armed {
		return r.standsFor(from, h, r.armedBefore(from))
	}
	return r.standsFor(from, h, r.earlierName(from, func(nm *extractor.Name) bool {
		e := &r.doc.Entities[nm.Entity]
		switch {
		case r.inDateline(nm):
			return false
		case e.Type == schemas.Organisation && endsIn(e.Name, head):
			return true
		case ok && typ == schemas.Organisation && e.Type == schemas.Person && r.calledFirm(nm):
			return true
		case !ok || e.Type != typ:
			return false
		}
		return typ != schemas.Location || r.isCountry(e)
	}))
}

// standsFor returns the slot of the tokens [from, h] that stand for name n, nil if there
// is none.
func (r *reader) standsFor(from, h, n int) *extractor.Slot {
	if n < 0 {
		return nil
	}
	s := r.slot(from, h+1)
	e := r.doc.Names[n].Entity
	s.Entity, s.Name = e, r.doc.Entities[e].Name
	return s
}

// calledFirm reports whether a noun for a firm stands before the one-word name nm, which
// is then none of a person: "steelmaker X", "the retailer X".
func (r *reader) calledFirm(nm *extractor.Name) bool {
	if nm.To != nm.From+1 || nm.From == 0 {
		return false
	}
	w := strings.ToLower(r.doc.Word(nm.From - 1))
	return sorts[w] == schemas.Organisation || strings.HasSuffix(w, "maker")
}

// fights reports whether w is a noun for those who fight for an armed group.
func fights(w string) bool {
	switch w {
	case "militants", "rebels", "insurgents", "guerrillas", "separatists", "fighters", "jihadists", "militia", "militiamen", "extremists", "islamists":
		return true
	}
	return false
}

// armedBefore returns the last name before token at with which a noun for fighters
// stands, "X rebels", "the rebel group X", "fighters from X"; -1 if there is none.
func (r *reader) armedBefore(at int) int {
	const names = 60
	last := r.nameBefore(at)
	for i := last; i >= 0 && i > last-names; i-- {
		o := &r.doc.Names[i]
		if o.Entity < 0 || r.doc.Entities[o.Entity].Type != schemas.Organisation {
			continue
		}
		for k := max(0, o.From-3); k < min(len(r.cues), o.To+2); k++ {
			switch w := strings.ToLower(r.doc.Word(k)); w {
			case "militant", "rebel", "insurgent", "guerrilla", "separatist", "jihadist", "extremist", "armed":
				return i
			default:
				if fights(w) {
					return i
				}
			}
		}
	}
	return -1
}

// inDateline reports whether name nm stands in the dateline of its sentence.
func (r *reader) inDateline(nm *extractor.Name) bool {
	return nm.To <= r.datelineEnd(int(r.doc.Tokens[nm.From].Sentence))
}

// takenUp returns who the pronoun w at token at, the first of its sentence, stands
// for: the agent of the figures of the sentence before, else who is named there.
func (r *reader) takenUp(w string, at int) *extractor.Slot {
	person := w == "he" || w == "she"
	is := func(t schemas.EntityType) bool {
		return person && t == schemas.Person || !person && t == schemas.Organisation
	}
	a := r.lastAgent
	switch {
	case w == "they":
		if s, ok := r.subjectBefore(at, true); ok {
			return s
		}
		if a == nil {
			return r.bodyBefore(at)
		}
		return a
	case w == "we":
		return a
	case w != "it" && !person:
		return nil
	case a != nil && a.Entity >= 0 && is(r.doc.Entities[a.Entity].Type):
		return a
	}
	before := int(r.doc.Tokens[at].Sentence) - 1
	n := r.earlierName(at, func(nm *extractor.Name) bool {
		e := &r.doc.Entities[nm.Entity]
		return int(r.doc.Tokens[nm.From].Sentence) == before &&
			(is(e.Type) || !person && e.Type == schemas.Location && r.isCountry(e) && nm.From == r.doc.Sentences[before].From && r.doc.Tokens[nm.To].Tag != "POS")
	})
	if n < 0 {
		if s, ok := r.subjectBefore(at, false); ok && !person {
			return s
		}
		if !person && a != nil && a.Entity < 0 && r.doc.Tokens[r.doc.TokenAt(a.End-1)].Tag == "NN" && before == int(r.doc.Tokens[r.doc.TokenAt(a.Start)].Sentence) {
			return a
		}
		return nil
	}
	return r.nameSlot(n)
}

// bodyBefore returns the body whose name opens the sentence before that of token at, as
// far as articles and what it is called stand before it; nil if none does.
func (r *reader) bodyBefore(at int) *extractor.Slot {
	n := int(r.doc.Tokens[at].Sentence) - 1
	if n < 0 || r.doc.Sentences[n].Paragraph != r.doc.Sentences[n+1].Paragraph {
		return nil
	}
	s := r.doc.Sentences[n].Range
	for i := s.From; i < min(s.To, s.From+4); i++ {
		switch t := &r.doc.Tokens[i]; {
		case t.Name >= 0:
			if nm := &r.doc.Names[t.Name]; nm.Type == schemas.Organisation && nm.Entity >= 0 {
				return r.nameSlot(int(t.Name))
			}
			return nil
		case t.UPOS != extractor.DET && t.UPOS != extractor.ADJ && t.UPOS != extractor.NOUN:
			return nil
		}
	}
	return nil
}

// describedIn is described for a noun phrase of another sentence.
func (r *reader) describedIn(s extractor.Range, from, h int) *extractor.Slot {
	saved := extractor.Range{From: r.from, To: r.to}
	r.from, r.to = s.From, s.To
	d := r.described(from, h)
	r.from, r.to = saved.From, saved.To
	return d
}

// subjectBefore returns who the subject of the sentence before that of token at is,
// if it is a plain noun phrase of the number given; nil if it does not act.
func (r *reader) subjectBefore(at int, plural bool) (*extractor.Slot, bool) {
	n := int(r.doc.Tokens[at].Sentence) - 1
	if n < 0 || r.doc.Sentences[n].Paragraph != r.doc.Sentences[n+1].Paragraph {
		return nil, false
	}
	s := r.doc.Sentences[n].Range
	toks := r.doc.Tokens
	i := s.From
	if toks[i].UPOS == extractor.ADP || toks[i].Tag == "VBG" { // On Monday, soldiers seized
		for i < s.To && r.doc.Word(i) != "," {
			i++
		}
		i++
	}
	from, head := i, -1
phrase:
	for ; i < s.To; i++ {
		switch t := &toks[i]; {
		case t.Name >= 0:
			head = -1
		case t.Tag == "NN" || t.Tag == "NNS":
			head = i
		case t.UPOS == extractor.DET, t.UPOS == extractor.ADJ, t.UPOS == extractor.NUM, t.Tag == "CC" && head >= 0:
		default:
			break phrase
		}
	}
	if head < 0 || toks[head].Time >= 0 || (toks[head].Tag == "NNS") != plural {
		return nil, false
	}
	if d := r.describedIn(s, from, head); d != nil {
		return d, true
	}
	for from < head && (toks[from].UPOS == extractor.DET || toks[from].UPOS == extractor.NUM) {
		from++
	}
	if r.cues[head].class&actor == 0 {
		return nil, true
	}
	slot := r.slot(from, head+1)
	return slot, slot != nil
}

// lower returns token i in lower case, "" outside of the sentence.
func (r *reader) lower(i int) string {
	if i < r.from || i >= r.to {
		return ""
	}
	return strings.ToLower(r.doc.Word(i))
}

// endsIn reports whether the last word of name is w, in any case.
func endsIn(name, w string) bool {
	cut := len(name) - len(w)
	return cut > 0 && name[cut-1] == ' ' && strings.EqualFold(name[cut:], w)
}

// sentencesBack is how many sentences back a noun finds the name that it takes up.
const sentencesBack = 3

// earlierName returns the name that is most likely taken up at token at: the last
// fitting one before it in its sentence, else the first of a sentence before,
// which is where subjects stand; -1 if there is none.
func (r *reader) earlierName(at int, fits func(*extractor.Name) bool) int {
	names := r.doc.Names
	k := r.nameBefore(at)
	for ; k >= 0 && names[k].From >= r.from; k-- {
		if names[k].Entity >= 0 && fits(&names[k]) {
			return k
		}
	}
	sentence := int(r.doc.Tokens[r.from].Sentence)
	for n := sentence - 1; n >= max(0, sentence-sentencesBack); n-- {
		s := r.doc.Sentences[n]
		if s.Heading {
			return -1
		}
		found := -1
		for ; k >= 0 && names[k].From >= s.From; k-- {
			if names[k].Entity >= 0 && fits(&names[k]) {
				found = k
			}
		}
		if found >= 0 {
			return found
		}
	}
	return -1
}

// nameBefore returns the last name that ends at or before token at, -1 if none does.
func (r *reader) nameBefore(at int) int {
	lo, hi := 0, len(r.doc.Names)
	for lo < hi {
		if mid := (lo + hi) / 2; r.doc.Names[mid].To <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}
