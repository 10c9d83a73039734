package quantity

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Baselines: a figure that only says what another one of its sentence is compared with,
// or what it was at another time, leaves out what both share: "164 pupils, down from
// 290", "slowed to 4.1 percent from 4.8", "3,200 MW, against 1,850 last winter".

// baselineRule marks such a figure for the stages that know more of the other one.
const baselineRule = "quantity/baseline"

// elidedRule marks a figure whose noun another one of its sentence has.
const elidedRule = "quantity/elided"

// farthest is how many tokens may stand between a figure and its baseline.
const farthest = 24

// compared gives a baseline the unit, the noun and the rate of the figure before it.
func (s *scanner) compared() {
	qs := s.doc.Quantities
	for i := s.first + 1; i < len(qs); i++ {
		q, p := &qs[i], &qs[i-1]
		if q.Per == nil && p.Per != nil && p.Per.End <= p.Start && s.each(s.doc.TokenAt(p.Per.Start)) && s.word(s.doc.TokenAt(q.Phrase.Start)-1) == "and" && !s.verbBetween(p.To, q.From) {
			q.Per = p.Per // every household gets two buckets and 5 kg of soap
		}
		if q.Victims || p.Range.To > q.Range.From || q.Range.From-p.Range.To > farthest {
			continue
		}
		if q.Counted != nil {
			if slices.Contains(q.Rules, elidedRule) && q.Unit == p.Unit && s.isBaseline(p, q) {
				q.Rules = append(q.Rules, baselineRule)
			}
			continue
		}
		if q.Unit == schemas.UnitPercent && p.Counted != nil && (s.onlyCompares(p, q) || p.Unit == q.Unit && s.gapped(p, q)) {
			c := *p.Counted
			q.Counted = &c
			q.Rules = append(q.Rules, elidedRule)
			continue
		}
		d, _ := schemas.UnitDimension(p.Unit)
		if d == schemas.DimMoney && q.Unit == schemas.UnitCount && strings.HasSuffix(s.doc.Slice(q.Span), "illion") && (!s.acts(q.To) || s.word(q.From-1) == "which") {
			q.Unit = p.Unit
			q.Rules = append(q.Rules, "quantity/money")
		}
		if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimMoney && p.Unit == schemas.UnitPercent && p.Counted != nil && s.closesAt(p, q) {
			c := *p.Counted
			q.Counted = &c
			q.Rules = append(q.Rules, elidedRule)
			continue
		}
		if !s.isBaseline(p, q) {
			continue
		}
		if q.Unit == schemas.UnitCount && p.Unit != schemas.UnitCount && (!s.nounLike(q.To) || s.doc.Tokens[q.To].Time >= 0) && !s.acts(q.To) {
			q.Unit = p.Unit
			q.Rules = append(q.Rules, "quantity/level")
		}
		if q.Unit != p.Unit {
			continue
		}
		q.Rules = append(q.Rules, baselineRule)
		if q.Per == nil && d != schemas.DimCount { // costs $38, compared with $21 a year ago
			q.Per = p.Per
		}
		if p.Counted == nil || p.Unit == schemas.UnitPercent && p.Counted.Start >= p.End && s.leadWord(p) == "to" { // to 5.1 percent of output: a level of what stands before
			continue
		}
		c := *p.Counted
		q.Counted = &c
		q.Rules = append(q.Rules, elidedRule)
	}
}

// onlyCompares reports whether the share q says how much more or less p is than something
// else: "18,200 cars in May, 12 percent fewer than a year earlier".
func (s *scanner) onlyCompares(p, q *extractor.Quantity) bool {
	k := s.doc.TokenAt(q.Phrase.End-1) + 1
	switch i := s.doc.TokenAt(q.Phrase.Start) - 1; s.word(i) {
	case "up", "down": // 8,140 cars in May, down 3.6 percent
		return s.word(i-1) == "," && s.doc.Tokens[i-2].UPOS != extractor.VERB && !s.verbBetween(p.To, q.From) && !s.semicolonBetween(p, q)
	}
	switch s.word(k) {
	case "more", "fewer", "less":
	default:
		return false
	}
	return s.word(k+1) == "than" && !s.verbBetween(p.To, q.From) && !s.semicolonBetween(p, q)
}

// gapped reports whether q says of another what p says, with the verb and the noun left
// out: "Germans made up 28 percent of guests and Slovenians 11 percent", "lost 3% and 2.6%".
func (s *scanner) gapped(p, q *extractor.Quantity) bool {
	i := s.doc.TokenAt(q.Phrase.Start) - 1
	end := s.doc.TokenAt(p.Phrase.End - 1)
	if s.verbBetween(end, i+1) || s.semicolonBetween(p, q) || s.acts(s.doc.TokenAt(q.Phrase.End-1)+1) {
		return false
	}
	if s.word(i) == "and" || s.word(i) == "or" {
		return i == end+1
	}
	if s.word(i) == "with" {
		i--
	}
	if i <= end || s.doc.Tokens[i].UPOS != extractor.NOUN && s.doc.Tokens[i].UPOS != extractor.PROPN || s.doc.Tokens[i].Time >= 0 {
		return false
	}
	for k := i; k > end; k-- {
		switch s.word(k) {
		case "and", "but", "while", ",":
			return true
		}
		if s.doc.Tokens[k].UPOS == extractor.ADP {
			return s.word(k) == "of" || s.word(k) == "from" // and those of truck makers 6 percent
		}
	}
	return false
}

// closesAt reports whether the amount q is where the share p of change led: "closed down
// 4.3 percent at 21.60 euros", "was 7 percent lower at $6.2bn".
func (s *scanner) closesAt(p, q *extractor.Quantity) bool {
	i := s.doc.TokenAt(q.Phrase.Start)
	k := s.doc.TokenAt(p.Phrase.End-1) + 1
	switch s.word(k) {
	case "higher", "lower", "up", "down":
		k++
	}
	return s.word(i-1) == "at" && i-1 == k
}

// acts reports whether token i is a verb, of which the number before it is the subject.
func (s *scanner) acts(i int) bool {
	return s.is(i, aux) || i < s.to && (s.doc.Tokens[i].UPOS == extractor.AUX || s.doc.Tokens[i].Tag == "VBD" || s.doc.Tokens[i].Tag == "VBP")
}

// isBaseline reports whether q is what p is compared with, "down from 20", "compared
// with 20", "against 20", or what it was or will be at another time, "and 20 a year later".
func (s *scanner) isBaseline(p, q *extractor.Quantity) bool {
	i := s.doc.TokenAt(q.Phrase.Start)
	switch s.word(i - 1) {
	case "against", "versus":
		return true
	case "from":
		switch s.word(i - 2) {
		case "up", "down", ",":
			return true
		}
		return p.Unit != schemas.UnitCount && s.leadWord(p) == "to" && !s.semicolonBetween(p, q) // slowed to 4.1 percent in May from 4.8
	case "with", "to":
		return strings.EqualFold(s.word(i-2), "compared")
	case "of":
		switch s.word(i - 2) {
		case "peak", "high", "low", "record", "maximum", "minimum", "average": // to 4.1 percent from a peak of 11.3
			return p.Unit != schemas.UnitCount && (q.Unit == p.Unit || q.Unit == schemas.UnitCount && s.endsPhrase(q.To))
		}
	case "another", "further", "additional": // damaged 300 hectares and another 45 in July
		return p.Unit != schemas.UnitCount && q.Unit == schemas.UnitCount && (s.endsPhrase(q.To) || s.timed(q.To, s.to))
	case "at": // stood at 12 percent, the others at nine
		return p.Unit != schemas.UnitCount && q.Unit == schemas.UnitCount && s.word(s.doc.TokenAt(p.Phrase.Start)-1) == "at" && s.endsPhrase(q.To) && !s.verbBetween(p.To, q.From)
	case "and", "after", "following": // to 3.5 percent this year and 2.9 a year later
		return q.Unit == p.Unit && q.Unit != schemas.UnitCount && s.timed(q.To, s.to) && !s.semicolonBetween(p, q) &&
			(s.word(i-1) != "and" || s.timed(p.To, q.From))
	}
	return false
}

// verbBetween reports whether a verb stands in the tokens [from, to).
func (s *scanner) verbBetween(from, to int) bool {
	for k := from; k < to; k++ {
		if p := s.doc.Tokens[k].UPOS; p == extractor.VERB || p == extractor.AUX {
			return true
		}
	}
	return false
}

// timed reports whether an expression of time starts within a few tokens of token i, over
// the rest of a measure and a preposition, and before token end.
func (s *scanner) timed(i, end int) bool {
	for k := i; k < min(end, i+5); k++ {
		switch t := &s.doc.Tokens[k]; {
		case t.Time >= 0:
			return true
		case s.is(k, prep|det|unit), s.word(k) == "%", t.UPOS == extractor.NOUN:
		default:
			return false
		}
	}
	return false
}
