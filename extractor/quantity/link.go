package quantity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// reach bounds how many figures back a link may lead, so that the time stays in
// proportion to the text.
const reach = 30

// elided gives a number without a noun the noun of an earlier number of the
// sentence, where words like "more" and "others" point to it.
func (s *scanner) elided() {
	qs := s.doc.Quantities
	for i := s.first; i < len(qs); i++ {
		q := &qs[i]
		if q.Unit != schemas.UnitCount {
			continue
		}
		if q.Counted != nil {
			if h := s.doc.Slice(q.Counted.Span); h != "others" && h != "more" {
				continue
			}
		} else if !s.pointsBack(q) {
			continue
		}
		q.Counted = nil
		for k := i - 1; k >= max(s.first, i-reach); k-- {
			if p := &qs[k]; p.Unit == schemas.UnitCount && p.Counted != nil && p.PartOf < 0 && s.sameSort(p, q) && !s.describes(p) && !s.nominal(s.doc.TokenAt(p.Counted.End-1)) {
				c := *p.Counted
				q.Counted = &c
				q.Rules = append(q.Rules, elidedRule)
				break
			}
		}
	}
}

// describes reports whether p is the "a" of words that say who a name is: "Ada Roe, a
// spokeswoman". They count nobody.
func (s *scanner) describes(p *extractor.Quantity) bool {
	k := s.doc.TokenAt(p.Phrase.Start)
	return (s.at(k).text == "a" || s.at(k).text == "an") && s.word(k-1) == "," && k-2 >= s.from && s.doc.Tokens[k-2].Name >= 0
}

// pointsBack reports whether the words around q show that its noun was said before.
func (s *scanner) pointsBack(q *extractor.Quantity) bool {
	switch s.word(q.To) {
	case "more", "others", "other", "fewer":
		return true
	case "in":
		if s.word(q.To+1) == "a" && s.word(q.To+2) == "row" {
			return false
		}
	}
	if s.adds(q) || s.swaps(q) {
		return true
	}
	switch s.at(s.doc.TokenAt(q.Phrase.Start) - 1).text {
	case "against":
		return true
	case "of":
		if k := s.doc.TokenAt(q.Phrase.Start) - 2; s.word(k) == "spoke" || s.word(k) == "speak" || s.word(k) == "talked" { // organisers spoke of 5,000
			return true
		}
		return s.is(q.To, victim) || s.is(q.To, pron) || s.at(q.To).text == "who"
	case "to", "from", "at", "by", "in":
		if s.at(s.doc.TokenAt(q.Phrase.Start)-1).text == "to" && s.endsPhrase(q.To) && !s.digitAt(q.To) {
			return true // opposes decides
		}
		return s.is(q.To, victim) || s.is(q.To, pron) || s.at(q.To).text == "who"
	}
	for k := max(s.from, q.From-40); k < q.From; k++ {
		if s.word(k) == "toll" {
			return false
		}
	}
	return s.word(q.To) != "%" && !s.digitAt(q.To)
}

// predicative takes the noun from the predicate: "40 of the drowned were sailors".
func (s *scanner) predicative() {
	qs := s.doc.Quantities
	for i := s.first; i < len(qs); i++ {
		q := &qs[i]
		if q.Unit != schemas.UnitCount || q.Victims {
			continue
		}
		k := q.To
		if q.Counted != nil {
			k = s.doc.TokenAt(q.Counted.End-1) + 1
			if !s.nominal(k - 1) {
				continue
			}
		}
		if t := s.at(k).text; t != "were" && t != "are" {
			continue
		}
		if r := s.nounPhrase(k + 1); r.To > r.From && s.pluralWord(r.To-1) && !s.nominal(r.To-1) {
			q.Counted = s.phraseOf(r)
			q.Rules = append(q.Rules, "quantity/predicate")
		}
	}
}

// conversions gives an amount in parentheses what it shares with the amount
// before it: "400 kg (882 pounds)".
func (s *scanner) conversions() {
	qs := s.doc.Quantities
	for i := s.first + 1; i < len(qs); i++ {
		q, p := &qs[i], &qs[i-1]
		k := s.doc.TokenAt(q.Phrase.Start) - 1
		if q.Unit == schemas.UnitCount || q.Unit == p.Unit || s.word(k) != "(" || p.Unit == schemas.UnitCount {
			continue
		}
		a, _ := schemas.UnitDimension(q.Unit)
		b, _ := schemas.UnitDimension(p.Unit)
		if a != b || k-p.To > 4 || s.doc.Tokens[k-1].End > p.Phrase.End+1 && k-p.To > 2 {
			continue
		}
		if q.Comparator == schemas.Exact {
			q.Comparator = p.Comparator
		}
		if q.Counted == nil || p.Counted != nil {
			q.Counted = p.Counted
		}
		if q.Per == nil {
			q.Per = p.Per
		}
		q.Rules = append(q.Rules, "quantity/conversion")
	}
}

// sameSort reports whether q can count what p counts.
func (s *scanner) sameSort(p, q *extractor.Quantity) bool {
	head := s.lex.lookup(p.Counted.Head)
	if p.Victims && p.Value != nil && p.Value.Sign() == 0 {
		return false
	}
	if s.adds(q) || s.opposes(p, q) || s.swaps(q) || s.acts(q.To) && s.pluralWord(s.doc.TokenAt(p.Counted.End-1)) {
		return true
	}
	return head.class&person != 0 || s.lex.lookup(s.lastWord(p.Counted.Span)).class&person != 0 || s.word(q.To) == "more" || s.word(q.To) == "others" || s.word(q.To) == "fewer" ||
		s.doc.Tokens[s.doc.TokenAt(p.Counted.End-1)].Name >= 0
}

// adds reports whether the word before q says that it continues a count: "a
// further 40", "another 12".
func (s *scanner) adds(q *extractor.Quantity) bool {
	switch s.word(s.doc.TokenAt(q.Phrase.Start) - 1) {
	case "further", "another", "additional":
		return true
	}
	return false
}

// swaps reports whether q only tells another number of what was counted before: "180
// trains instead of the usual 900".
func (s *scanner) swaps(q *extractor.Quantity) bool {
	k := s.doc.TokenAt(q.Phrase.Start) - 1
	for n := 0; n < 2 && (s.is(k, det) || s.word(k) == "usual" || s.word(k) == "planned" || s.word(k) == "normal" || s.word(k) == "original"); n++ {
		k--
	}
	return s.word(k) == "of" && (s.word(k-1) == "instead" || s.word(k-1) == "Instead")
}

// opposes reports whether q is the other side of the result p: "by 212 votes to
// 187", "61 seats against 48".
func (s *scanner) opposes(p, q *extractor.Quantity) bool {
	k := s.doc.TokenAt(q.Phrase.Start) - 1
	switch s.at(k).text {
	case "to", "against":
		return s.changeBefore(q) == "" && p.Counted.Start >= p.End && s.doc.TokenAt(p.Counted.End-1) == k-1 && s.endsPhrase(q.To)
	}
	return false
}

func (s *scanner) lastWord(sp extractor.Span) string { return s.doc.Word(s.doc.TokenAt(sp.End - 1)) }

// levels gives a bare amount the unit of the level that it is set against: "rose
// to $31.5 million from 24.2 million", "to 58 percent from 51".
func (s *scanner) levels() {
	qs := s.doc.Quantities
	for i := s.first + 1; i < len(qs); i++ {
		q, p := &qs[i], &qs[i-1]
		if q.Unit != schemas.UnitCount || q.Counted != nil || q.Victims || p.Unit == schemas.UnitCount || !s.endsPhrase(q.To) && !s.is(q.To+1, timeunit) {
			continue
		}
		k := s.doc.TokenAt(q.Phrase.Start) - 1
		if k < p.To || k-p.To > 10 || !s.setAgainst(p.To, k) {
			continue
		}
		if lead := s.leadWord(p); lead == "" || lead == "by" { // fell 3 percent from 120: a change, no level
			continue
		}
		if d, _ := schemas.UnitDimension(p.Unit); d != schemas.DimMoney && d != schemas.DimPercent {
			continue
		}
		q.Unit = p.Unit
		q.Rules = append(q.Rules, "quantity/level")
	}
}

// setAgainst reports whether the words from token i up to token k set one level
// against another.
func (s *scanner) setAgainst(i, k int) bool {
	for ; i <= k; i++ {
		switch s.at(i).text {
		case "from", "versus", "against":
			return true
		case "with", "to":
			if s.word(i-1) == "compared" {
				return true
			}
		}
		if s.word(i) == ";" || s.is(i, pron|conj) {
			return false
		}
	}
	return false
}

// changes links amounts of change with the levels before and after: "rose 12
// points to 58", "fell from 60 to 48".
func (s *scanner) changes() {
	qs := s.doc.Quantities
	for i := s.first; i < len(qs); i++ {
		q := &qs[i]
		kind := s.changeBefore(q)
		if kind == "" {
			continue
		}
		switch s.leadWord(q) {
		case "to":
			q.Change = &extractor.Delta{Kind: schemas.Level}
		case "from":
			q.Change = &extractor.Delta{Kind: schemas.Level}
		case "by":
			q.Change = &extractor.Delta{Kind: kind}
		case "":
			if s.amounts(q) {
				q.Change = &extractor.Delta{Kind: kind}
			}
		}
		if q.Change != nil {
			q.Rules = append(q.Rules, "quantity/change")
		}
	}
	for i := s.first; i < len(qs); i++ {
		s.fillChange(qs, i)
		if i > s.first {
			s.shareSubject(&qs[i-1], &qs[i])
		}
	}
}

// shareSubject gives the level that a change leads to the subject of the change:
// "shares rose 4 percent to 18 euros".
func (s *scanner) shareSubject(p, q *extractor.Quantity) {
	if p.Change == nil || q.Change == nil || q.Change.Kind != schemas.Level || q.Counted != nil || p.Counted == nil || p.Counted.End > p.Start {
		return
	}
	if lead := s.leadWord(q); lead != "to" && lead != "from" || s.semicolonBetween(p, q) || tallies(s.lastWord(p.Counted.Span)) {
		return
	}
	c := *p.Counted
	q.Counted = &c
	q.Rules = append(q.Rules, "quantity/subject")
}

// amounts reports whether the verb right before q makes it an amount of change:
// "fell 12 points", but not "raised 40 million" or "lost a mile".
func (s *scanner) amounts(q *extractor.Quantity) bool {
	if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimPercent {
		return true
	}
	for k := s.doc.TokenAt(q.Phrase.Start) - 1; k >= s.from && k > q.From-6; k-- {
		switch s.at(k).text {
		case "raised", "raise", "lost", "shed", "added", "add", "gain", "gained", "cut", "cuts", "sank", "reduced", "lowered", "reduce", "dropped", "drop", "slid", "expanded", "contracted", "advanced", "slipped":
			return false
		case "rose", "rise", "rises", "fell", "falls", "fall", "grew", "increased", "decreased", "climbed", "jumped", "surged", "up", "down", "declined", "plunged", "tumbled":
			return q.Counted == nil || q.Counted.End <= q.Start || s.pointsOnly(q)
		}
	}
	return false
}

// pointsOnly reports whether q counts points of an index.
func (s *scanner) pointsOnly(q *extractor.Quantity) bool { return q.Counted.Head == "point" }

// leadWord returns the preposition before the phrase of q, "" for a verb of
// change, "?" for anything else.
func (s *scanner) leadWord(q *extractor.Quantity) string {
	k := s.doc.TokenAt(q.Phrase.Start) - 1
	switch t := s.at(k).text; t {
	case "to", "from", "by":
		return t
	}
	if s.is(k, rise|fall) || s.is(k, adverb|det) && s.is(k-1, rise|fall) {
		return ""
	}
	return "?"
}

// changeBefore returns the direction of the verb of change that governs q.
func (s *scanner) changeBefore(q *extractor.Quantity) schemas.FigureChange {
	for k := q.From - 1; k >= s.from && k > q.From-12; k-- {
		switch {
		case s.is(k, rise):
			return schemas.Rise
		case s.is(k, fall) && !s.is(k, victim):
			return schemas.Fall
		case s.word(k) == "," && k < q.From-6, s.word(k) == ";":
			return ""
		}
	}
	return ""
}

// fillChange fills From and To of the figures of one change from each other.
func (s *scanner) fillChange(qs []extractor.Quantity, i int) {
	q := &qs[i]
	if q.Change == nil || q.Change.Kind == schemas.Level {
		if i > s.first && q.Change != nil && s.leadWord(q) == "to" {
			if p := &qs[i-1]; p.Change != nil && p.Value != nil && p.Unit == q.Unit && s.leadWord(p) == "from" && !s.semicolonBetween(p, q) {
				q.Change.From = p.Value // rose from 12 to 15
			}
		}
		return
	}
	for k := max(s.first, i-1); k < len(qs) && k <= i+2; k++ {
		p := &qs[k]
		if k == i || p.Value == nil || s.semicolonBetween(p, q) {
			continue
		}
		lead := s.leadWord(p)
		if p.Change == nil && lead != "from" && lead != "to" {
			continue
		}
		switch lead {
		case "to":
			q.Change.To = p.Value
		case "from":
			q.Change.From = p.Value
		}
	}
}

// semicolonBetween reports whether a semicolon parts two figures.
func (s *scanner) semicolonBetween(p, q *extractor.Quantity) bool {
	for k := min(p.To, q.To); k < max(p.From, q.From); k++ {
		if s.word(k) == ";" {
			return true
		}
	}
	return false
}

// parts links a part to its total: "112 people, including 68 children", "15 of
// whom", "58 of 61 drones".
func (s *scanner) parts() {
	qs := s.doc.Quantities
	for i := s.first; i < len(qs); i++ {
		q := &qs[i]
		if q.Unit == schemas.UnitPercent && q.Counted == nil && (s.at(q.To).text == "of" && s.takesUp(q.To+1) || s.ofWhich(q)) { // 45,000 people, half of whom; of which 2 percent
			if w := s.total(qs, i); w >= 0 && qs[w].Counted != nil {
				q.Counted, q.PartOf = qs[w].Counted, w
				q.Rules = append(q.Rules, "quantity/part")
			}
			continue
		}
		if q.Unit != schemas.UnitCount || q.Victims && q.Counted == nil {
			continue
		}
		whole := -1
		switch {
		case s.at(q.To).text == "of" && (s.is(q.To+1, pron|conj) || s.at(q.To+1).text == "those"):
			whole = s.total(qs, i)
			if whole >= 0 && q.Counted == nil { // nine centres; two of them
				q.Counted = qs[whole].Counted
			}
		case i+1 < len(qs) && s.ofNumber(q, &qs[i+1]):
			q.PartOf = i + 1
			q.Rules = append(q.Rules, "quantity/part")
			if q.Counted == nil {
				q.Counted = qs[i+1].Counted
			}
			continue
		case i > s.first && s.ofTotal(&qs[i-1], q):
			whole = i - 1
			if q.Counted == nil {
				q.Counted = qs[i-1].Counted
			}
		case s.listed(q):
			whole = s.total(qs, i)
		}
		if whole >= 0 {
			q.PartOf = whole
			q.Rules = append(q.Rules, "quantity/part")
		}
	}
}

// ofWhich reports whether "of which" or "of whom" stands right before q.
func (s *scanner) ofWhich(q *extractor.Quantity) bool {
	k := s.doc.TokenAt(q.Phrase.Start) - 1
	return s.takesUp(k) && s.at(k).text != "them" && s.at(k-1).text == "of"
}

// takesUp reports whether token i is a pronoun for what was counted before.
func (s *scanner) takesUp(i int) bool {
	switch s.word(i) {
	case "whom", "which", "them":
		return true
	}
	return false
}

// ofNumber reports whether q is a part of the number p right after "of" or "out of".
func (s *scanner) ofNumber(q, p *extractor.Quantity) bool {
	k := q.To
	if s.word(k) == "out" {
		k++
	}
	if s.at(k).text != "of" || p.Unit != schemas.UnitCount {
		return false
	}
	return p.From <= k+3 && s.doc.Tokens[k+1].Start >= q.End
}

// ofTotal reports whether the sentence or clause opens with a total of which q is
// a part: "Of the 40 passengers, 12 were hurt".
func (s *scanner) ofTotal(p, q *extractor.Quantity) bool {
	k := s.doc.TokenAt(p.Phrase.Start) - 1
	if s.is(k, det) || s.at(k).text == "those" {
		k--
	}
	if s.word(k) == "out" {
		return false
	}
	if opens := k == s.from || s.word(k-1) == "," || s.word(k-1) == "\"" || s.word(k-1) == "“"; s.at(k).text != "of" || !opens || p.Unit != schemas.UnitCount {
		return false
	}
	comma := false
	for j := p.To; j < q.From && j < p.To+14; j++ {
		switch s.word(j) {
		case ",":
			comma = true
		case ";", ":":
			return false
		}
	}
	return comma && q.From < p.To+14
}

// listed reports whether "including", "among them" or "of whom" stands before q.
func (s *scanner) listed(q *extractor.Quantity) bool {
	for k := s.doc.TokenAt(q.Phrase.Start) - 1; k >= s.from && k > q.From-14; k-- {
		switch s.at(k).text {
		case "including":
			return true
		case "whom", "them", "which":
			if p := s.at(k - 1).text; p == "of" || p == "among" {
				return true
			}
			return false
		}
		switch s.word(k) {
		case ";", "(", ".":
			return false
		case "comprising":
			return true
		}
		if s.is(k, victim) && s.doc.Tokens[k].UPOS == extractor.VERB {
			return false
		}
	}
	return false
}

// total returns the index of the quantity that q at i is part of: the last one
// before it that is no part itself; -1 if there is none.
func (s *scanner) total(qs []extractor.Quantity, i int) int {
	for k := i - 1; k >= max(s.first, i-reach); k-- {
		if qs[k].Unit == schemas.UnitCount && qs[k].PartOf < 0 && !(qs[k].Victims && qs[k].Counted == nil) {
			return k
		}
	}
	return -1
}
