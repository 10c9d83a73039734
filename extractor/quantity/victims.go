package quantity

import (
	"slices"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// victims proposes the counts that are quantities only if they count victims:
// "no casualties", "nobody was hurt", "a policeman was killed", "one soldier and
// wounded another". The role stage drops those that get no category.
func (s *scanner) victims() {
	before := len(s.doc.Quantities)
	s.figures = before
	for i := s.from; i < s.to; i++ {
		switch s.words[i].text {
		case "a", "an", "another":
			s.singleVictim(i)
		case "no":
			s.noVictims(i)
		}
		switch s.word(i) {
		case "none", "None":
			s.propose(i, i+1, i+1, 0, nil)
		case "nobody", "Nobody":
			s.propose(i, i+1, i+1, 0, nil)
		case "neither":
			if s.nounPhraseOfPerson(i+1).To > 0 {
				s.propose(i, i+1, i+1, 0, s.phraseOf(s.nounPhraseOfPerson(i+1)))
			}
		}
	}
	if len(s.doc.Quantities) > before {
		s.sortTail()
	}
}

// victimOne reports whether "one" may count a victim; it is then proposed.
func (s *scanner) victimOne(n *numeral) bool {
	if !s.sentenceHas(victim) || s.at(n.to).text == "of" || s.at(n.to).text == "another" || s.is(n.to, timeunit) || s.is(n.from-1, det) {
		return false
	}
	r := s.nounPhrase(n.to)
	var c *extractor.Counted
	if r.To > r.From {
		if !s.isPerson(r.To - 1) {
			return false
		}
		c = s.phraseOf(r)
	}
	s.propose(n.from, n.to, max(n.to, r.To), 1, c)
	return false
}

// propose appends a quantity that role may drop.
func (s *scanner) propose(from, to, end int, value int64, c *extractor.Counted) {
	v := schemas.Int(value)
	id := "quantity/single"
	if value == 0 {
		id = "quantity/none"
	}
	sp := s.doc.SpanOf(extractor.Range{From: from, To: to})
	q := extractor.Quantity{
		Span: sp, Range: extractor.Range{From: from, To: to}, Sentence: s.sent, Phrase: s.doc.SpanOf(extractor.Range{From: from, To: end}),
		Value: &v, Comparator: schemas.Exact, Unit: schemas.UnitCount, Counted: c, PartOf: -1, Victims: true,
		Modality: schemas.Asserted, Confidence: 0.7, Rules: []string{id},
	}
	if value == 1 {
		if c, left := s.leftComparator(from); c == schemas.AtLeast || c == schemas.MoreThan {
			q.Comparator, q.Phrase.Start = c, s.doc.Tokens[left].Start
			q.Rules = append(q.Rules, "quantity/at-least")
		}
	}
	s.doc.Quantities = append(s.doc.Quantities, q)
}

// noVictims reads "no casualties", "no one was hurt", "no civilians were killed".
func (s *scanner) noVictims(i int) {
	if s.word(i+1) == "one" {
		s.propose(i, i+2, i+2, 0, nil)
		return
	}
	switch s.word(i + 1) {
	case "more", "longer", "fewer", "less", "doubt":
		return
	}
	r := s.nounPhrase(i + 1)
	if r.To == r.From {
		return
	}
	for k := r.From; k < r.To; k++ {
		switch s.word(k) {
		case "casualties", "injuries", "deaths", "fatalities", "victims", "dead", "wounded", "survivors":
			s.propose(i, i+1, r.To, 0, s.phraseOf(extractor.Range{From: r.From, To: k + 1}))
			if s.word(k) != "survivors" {
				s.doc.Quantities[len(s.doc.Quantities)-1].Victims = false
			}
			return
		}
	}
	if s.isPerson(r.To - 1) {
		s.propose(i, i+1, r.To, 0, s.phraseOf(r))
	}
}

// singleVictim reads "a policeman", "another" before a verb or at the end.
func (s *scanner) singleVictim(i int) {
	if to := s.aged(i + 1); to > 0 {
		r := s.nounPhraseOfPerson(to)
		if r.To == 0 {
			r.To = to
		}
		s.propose(i, i+1, r.To, 1, s.phraseOf(extractor.Range{From: i + 1, To: r.To}))
		return
	}
	if s.digitAt(i+1) || s.is(i+1, starts) || s.covered(i) {
		return
	}
	r := s.nounPhraseOfPerson(i + 1)
	if r.To > r.From {
		s.propose(i, i+1, r.To, 1, s.phraseOf(r))
		return
	}
	if s.words[i].text == "another" && (s.endsPhrase(i+1) || s.is(i+1, victim)) {
		s.propose(i, i+1, i+1, 1, nil)
	}
}

// aged returns the token after "16-year-old" at token i, 0 if that is not what
// stands there.
func (s *scanner) aged(i int) int {
	for k := i + 1; k < i+8 && (s.hyphen(k) || s.is(k, timeunit|small|ten)); k++ {
		if s.hyphen(k) && s.word(k+1) == "old" && (s.digitAt(i) || s.is(i, small|ten)) {
			return k + 2
		}
	}
	return 0
}

// nounPhraseOfPerson returns the noun phrase at token i if its head is a person.
func (s *scanner) nounPhraseOfPerson(i int) extractor.Range {
	r := s.nounPhrase(i)
	if r.To > r.From && s.isPerson(r.To-1) {
		return r
	}
	return extractor.Range{}
}

// isPerson reports whether token i names a person by its kind.
func (s *scanner) isPerson(i int) bool {
	if s.is(i, person) {
		return true
	}
	w := s.word(i)
	n := len(w)
	if n < 5 || s.capital(i) && i > s.from && s.doc.Tokens[i].Name < 0 {
		return false
	}
	if t := s.nameType(i); t != "" {
		return t == schemas.Group
	}
	return w[n-3:] == "man" || w[n-3:] == "men" || n > 6 && w[n-3:] == "ist" || n > 7 && w[n-5:] == "woman"
}

// covered reports whether token i lies in a quantity of this sentence.
func (s *scanner) covered(i int) bool {
	sp := s.doc.Tokens[i].Span
	qs := s.doc.Quantities[s.first:s.figures]
	k, _ := slices.BinarySearchFunc(qs, sp.Start, func(q extractor.Quantity, start int) int { return q.End - start - 1 })
	return k < len(qs) && qs[k].Span.Overlaps(sp)
}

// sortTail merges the proposals into the order of the text.
func (s *scanner) sortTail() {
	slices.SortStableFunc(s.doc.Quantities[s.first:], func(a, b extractor.Quantity) int { return a.Start - b.Start })
}
