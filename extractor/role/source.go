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
		if s.Contains(q.Span) && s.Speaker != nil && r.canSpeak(s.Speaker) && (s.Mode == schemas.Direct || !commits(r.doc.Slice(s.Cue))) && (best < 0 || s.Len() < r.doc.Statements[best].Len()) {
			best = i
		}
	}
	if best >= 0 {
		s := &r.doc.Statements[best]
		who := *s.Speaker
		q.Source = &who
		q.Attribution = r.chain(extractor.Attribution{Who: who, Cue: s.Cue}, s.Span)
		origin(q, "source", schemas.Stated)
		if s.Mode != schemas.Direct && denies(r.doc.Slice(s.Cue)) { // what somebody denies is not asserted, nor planned
			q.Modality = schemas.Negated
			q.Rules = append(q.Rules, "role/denied")
		}
		return
	}
	if r.elsewhere(q) {
		return
	}
	if s, cue := r.attribution(q); s != nil {
		q.Source = s
		q.Attribution = r.chain(extractor.Attribution{Who: *s, Cue: cue}, q.Phrase)
		origin(q, "source", schemas.Stated)
	}
}

// commits reports whether the cue only says what the speaker is bound to do by it, which is an
// act and no report: "has promised to hire 3,000 nurses".
func commits(cue string) bool {
	switch cue {
	case "promise", "promises", "promised", "promising", "pledge", "pledges", "pledged", "pledging", "vow", "vows", "vowed", "vowing":
		return true
	}
	return false
}

// elsewhere reports whether what somebody says in the sentence of q has been found,
// and q stands outside of it: "'…', said Ada Byron, who waited with 200 others".
func (r *reader) elsewhere(q *extractor.Quantity) bool {
	from, to := r.doc.Tokens[r.from].Start, r.doc.Tokens[r.to-1].End
	last, _ := slices.BinarySearchFunc(r.doc.Statements, to, func(s extractor.Statement, start int) int { return s.Start - start })
	for i := max(0, last-20); i < last; i++ {
		if s := &r.doc.Statements[i]; s.Speaker != nil && s.Cue.Start >= from && s.Cue.End <= to && r.canSpeak(s.Speaker) && !r.stopBetween(min(q.To, r.doc.TokenAt(s.Cue.Start)), max(q.From, r.doc.TokenAt(s.Cue.Start))) {
			return true
		}
	}
	return false
}

// chain adds to the first link whom its speaker leans on in the same sentence:
// "SANA said two had died, citing the ministry", "according to Interfax, which
// quoted the police". content is what the first link says.
func (r *reader) chain(first extractor.Attribution, content extractor.Span) []extractor.Attribution {
	links := []extractor.Attribution{first}
	if outer := r.quotedBy(first); outer != nil {
		links = []extractor.Attribution{*outer, first}
	}
	for i := r.from; i < r.to && len(links) < 3; i++ {
		switch r.word(i) {
		case "citing", "quoting":
		case "cited", "quoted", "cites", "quotes":
			if r.word(i-1) != "which" && r.word(i-1) != "who" && !(r.word(i-1) == "has" || r.word(i-1) == "had") {
				continue
			}
		default:
			continue
		}
		if t := r.doc.Tokens[i]; content.Contains(t.Span) && t.End < content.End && r.word(i-1) != "," && r.word(i-1) != "which" && r.word(i-1) != "who" {
			continue
		}
		c := r.chunk(i) + 1
		if r.kind(c) != np || r.chunks[c].from != i+1 {
			continue
		}
		s := r.speaker(c)
		if s == nil && r.canCite(c) {
			from := r.chunks[c].from
			if r.pos(from) == extractor.DET {
				from++
			}
			s = r.slot(from, r.chunks[c].head+1)
		}
		if s == nil || s.Name == first.Who.Name {
			continue
		}
		links = append(links, extractor.Attribution{Who: *s, Cue: r.doc.Tokens[i].Span})
	}
	return links
}

// quotedBy returns who quotes the speaker of first: "state television quoted the
// governor as saying"; nil if nobody does.
func (r *reader) quotedBy(first extractor.Attribution) *extractor.Attribution {
	if r.doc.Slice(first.Cue) != "saying" {
		return nil
	}
	for i := r.doc.TokenAt(first.Cue.Start); i > r.from; i-- {
		switch r.word(i) {
		case "quoted", "cited", "quotes", "cites":
		default:
			continue
		}
		c := r.chunk(i)
		if r.passive(i) || c < 1 || r.kind(c-1) != np {
			return nil
		}
		s := r.speaker(c - 1)
		if s == nil {
			from := r.chunks[c-1].from
			if r.pos(from) == extractor.DET {
				from++
			}
			s = r.slot(from, r.chunks[c-1].head+1)
		}
		return &extractor.Attribution{Who: *s, Cue: r.doc.Tokens[i].Span}
	}
	return nil
}

// canCite reports whether the noun phrase c may be what somebody cites: a source,
// a report, a body, and not a reason ("citing safety concerns").
func (r *reader) canCite(c int) bool {
	switch r.lemmaNoun(r.chunks[c].head) {
	case "source", "report", "statement", "document", "data", "figure", "record", "study", "survey", "official", "ministry", "police", "witness", "resident", "agency", "company", "firm",
		"government", "medium", "newspaper", "media", "military", "army", "operator", "spokesman", "spokeswoman", "minister", "governor", "mayor", "doctor", "hospital", "court", "prosecutor", "service", "department", "office", "bureau", "group", "embassy", "diplomat", "relative", "filing", "letter", "memo":
		return true
	}
	return false
}

// lemmaNoun returns the noun at token i in lower case without its plural ending.
func (r *reader) lemmaNoun(i int) string {
	w := strings.ToLower(r.doc.Word(i))
	if n := len(w); n > 3 && w[n-1] == 's' && w[n-2] != 's' {
		return w[:n-1]
	}
	return w
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
			case ch.kind == vg && i == r.verb(c) && q.From > i && r.foreteller(c) >= 0 && !r.stopBetween(i, q.From):
				return r.slotOfHead(r.foreteller(c)), r.doc.Tokens[i].Span
			case r.is(i, say) && ch.kind == vg && i == r.verb(c) && r.tag(i) != "VBG" && !r.insideQuantity(q, i) && !r.stopBetween(min(i, q.To), max(i, q.From)):
				if r.kind(c-1) == np && r.kind(c-2) != prep {
					if s := r.speaker(c - 1); s != nil {
						return s, r.doc.Tokens[i].Span
					}
				}
				if r.kind(c+1) == np && i+1 == r.chunks[c+1].from && r.kind(c-1) != np && r.kind(c+2) != vg && r.word(ch.from-1) != "and" && r.word(ch.from-1) != "but" { // said X
					if s := r.speaker(c + 1); s != nil {
						return s, r.doc.Tokens[i].Span
					}
				}
			}
		}
	}
	return nil, extractor.Span{}
}

// foreteller returns the noun phrase of those whose work is to know and who say with the
// verb group c what will be: "analysts expect", "economists at Norda had forecast"; -1 if
// there is none.
func (r *reader) foreteller(c int) int {
	switch r.lemma(r.verb(c)) {
	case "expect", "forecast", "predict", "project", "foresee":
	default:
		return -1
	}
	if r.passive(r.verb(c)) {
		return -1
	}
	k := c - 1
	for n := 0; n < 2 && r.kind(k) == np && r.kind(k-1) == prep && r.kind(k-2) == np; n++ {
		k -= 2
	}
	if r.kind(k) != np || r.kind(k-1) == prep {
		return -1
	}
	switch r.lemmaNoun(r.chunks[k].head) {
	case "analyst", "economist", "forecaster", "expert", "scientist", "meteorologist", "researcher", "official", "statistician":
		return k
	}
	return -1
}

// stopBetween reports whether a semicolon or colon stands in the tokens [from, to).
func (r *reader) stopBetween(from, to int) bool {
	for k := from; k < to; k++ {
		if w := r.word(k); w == ";" || w == ":" {
			return true
		}
	}
	return false
}

// peopleAt reports whether token i is a word for people by which sources go.
func (r *reader) peopleAt(i int) bool {
	switch r.doc.Word(min(i, len(r.doc.Tokens)-1)) {
	case "people", "persons", "sources", "others":
		return true
	}
	return false
}

// slotOfHead returns the slot of the noun phrase of chunk c without its article.
func (r *reader) slotOfHead(c int) *extractor.Slot {
	ch := &r.chunks[c]
	from := ch.from
	if r.pos(from) == extractor.DET && from < ch.head {
		from++
	}
	return r.slot(from, ch.head+1)
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

// victim sets the named group whose members are counted: "12 Kurdish villagers",
// "40 members of the Lions Club". Figures without a category have no victims.
func (r *reader) victim(q *extractor.Quantity) {
	if q.Category == "" || q.Counted == nil {
		return
	}
	last := r.doc.TokenAt(q.Counted.End - 1)
	for i := r.doc.TokenAt(q.Counted.Start); i <= last && i < r.to; i++ {
		n := r.doc.Tokens[i].Name
		if n < 0 || r.doc.Names[n].Type == schemas.Person {
			continue
		}
		q.Victim = r.nameSlot(int(n))
		origin(q, "victim", schemas.Stated)
		return
	}
	// members of the Red Crescent
	c := r.chunk(last)
	if r.kind(c+1) != prep || r.word(r.chunks[c+1].from) != "of" || r.kind(c+2) != np {
		return
	}
	switch r.lemmaNoun(last) {
	case "member", "employee", "worker", "staff", "fighter", "soldier", "officer", "supporter", "follower", "resident", "citizen", "native", "player", "journalist", "activist", "leader":
	default:
		return
	}
	if n := r.nameIn(r.chunks[c+2].from, r.chunks[c+2].to, schemas.Organisation, schemas.Group, schemas.Location); n >= 0 {
		q.Victim = r.nameSlot(n)
		origin(q, "victim", schemas.Stated)
	}
}

// canSpeak reports whether a speaker is no mere event: "the flood claimed 30 lives".
func (r *reader) canSpeak(s *extractor.Slot) bool {
	if s.Entity >= 0 {
		return true
	}
	i := r.doc.TokenAt(s.End - 1)
	if k := r.doc.TokenAt(s.Start); r.doc.Tokens[k].UPOS == extractor.NUM && r.doc.Word(k) != "one" && r.doc.Word(k) != "One" { // 19 percent had said so, 14 drivers complained; two people familiar with it said
		return i < len(r.cues) && (r.cues[i].class&sayNoun != 0 || r.peopleAt(k+1))
	}
	return i >= len(r.cues) || r.cues[i].class&(event|cause) == 0 || r.cues[i].class&(actor|sayNoun) != 0
}
