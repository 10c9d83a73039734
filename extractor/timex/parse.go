package timex

import (
	"github.com/claimwire/claimwire/extractor"
)

// A parser reads expressions off the words of one Doc. Every method takes the
// token to start at and looks ahead a bounded number of tokens.
type parser struct {
	doc   *extractor.Doc
	words []word
}

var noWord word

func (p *parser) at(i int) *word {
	if i < 0 || i >= len(p.words) {
		return &noWord
	}
	return &p.words[i]
}

// text returns the text of token i, "" outside the Doc.
func (p *parser) text(i int) string {
	if i < 0 || i >= len(p.words) {
		return ""
	}
	return p.doc.Word(i)
}

// isWord reports whether token i is one of the lower-case words, in any case.
func (p *parser) isWord(i int, words ...string) bool {
	s := p.text(i)
	for _, w := range words {
		if equalFold(s, w) {
			return true
		}
	}
	return false
}

// equalFold compares s to lower, which is lower-case ASCII.
func equalFold(s, lower string) bool {
	if len(s) != len(lower) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// sameSentence reports whether tokens i and j exist and share a sentence.
func (p *parser) sameSentence(i, j int) bool {
	return i >= 0 && j >= 0 && i < len(p.words) && j < len(p.words) && p.doc.Tokens[i].Sentence == p.doc.Tokens[j].Sentence
}

const triggers = cNum | cOrd | cMonth | cWeekday | cUnit | cSeason | cPart | cDay | cRel | cThe | cMod | cEdge |
	cVague | cEvery | cSet | cRef | cHoliday | cMixed | cScale | cZone | cEra | cApprox | cRare

// next returns the expression that starts at token i.
func (p *parser) next(i int) (expr, bool) {
	w := p.at(i)
	if !w.is(triggers) {
		return p.rare(i)
	}
	if w.mid {
		e, ok := p.core(i)
		e.mod = mMid
		e.rules |= ruleEdge
		return e, ok && e.form != fDay
	}
	if e, ok := p.edge(i); ok {
		return e, true
	}
	if e, ok := p.headDay(i); ok {
		return e, true
	}
	if e, ok := p.dated(i); ok {
		return e, true
	}
	if e, ok := p.bareDay(i); ok {
		return e, true
	}
	if e, ok := p.counted(i); ok {
		return e, true
	}
	if e, ok := p.set(i); ok {
		return e, true
	}
	return p.vague(i)
}

// dated reads what stands for a day, month or year, or a clock time, with all
// that may follow it: "Friday night", "11 a.m. on Wednesday", "July last year".
func (p *parser) dated(i int) (expr, bool) {
	if e, ok := p.clock(i); ok {
		return p.clockDate(e), true
	}
	e, ok := p.core(i)
	if !ok {
		return expr{}, false
	}
	return p.extend(e), true
}

// core reads a date without what may follow it.
func (p *parser) core(i int) (expr, bool) {
	if e, ok := p.absolute(i); ok {
		return e, true
	}
	if e, ok := p.relative(i); ok {
		return e, true
	}
	w := p.at(i)
	switch {
	case w.is(cDay):
		e := newExpr(i, i+1, fDay, ruleDay)
		e.n = int(w.val)
		if equalFold(p.text(i), "tonight") {
			e.part = 4
			e.rules |= rulePart
		}
		return e, true
	case w.is(cHoliday) && w.upper:
		return p.holiday(i)
	case w.upper && p.isWord(i, "new") && p.isWord(i+1, "year") && p.isWord(i+2, "'s", "’s"):
		return p.newYear(i)
	}
	return expr{}, false
}

func (p *parser) holiday(i int) (expr, bool) {
	e := newExpr(i, i+1, fDate, ruleHoliday)
	v := int(p.at(i).val)
	e.month, e.day, e.holiday = v/100, v%100, true
	switch {
	case p.isWord(i+1, "eve"):
		e.to, e.day = i+2, e.day-1
	case p.isWord(i+1, "day"):
		e.to = i + 2
	}
	return p.withYear(e), true
}

// newYear reads "New Year's Eve" and "New Year's Day".
func (p *parser) newYear(i int) (expr, bool) {
	e := newExpr(i, i+4, fDate, ruleHoliday)
	e.holiday = true
	switch {
	case p.isWord(i+3, "eve"):
		e.month, e.day = 12, 31
	case p.isWord(i+3, "day"):
		e.month, e.day = 1, 1
	default:
		return expr{}, false
	}
	return p.withYear(e), true
}

// withYear reads a year or a relative year after a date without one.
func (p *parser) withYear(e expr) expr {
	j := e.to
	if p.at(j).is(cComma|cOf) && p.isYear(j+1) && !(p.at(j).is(cComma) && p.countsAfter(j+2)) {
		j++
	}
	if p.isYear(j) && p.sameSentence(e.from, j) {
		e.year, e.to = int(p.at(j).val), j+1
	}
	if y := p.at(j); y.is(cDigits) && y.digits <= 4 && y.val > 0 && p.at(j+1).is(cEra) && p.at(j+1).upper && p.sameSentence(e.from, j+1) {
		e.year, e.to = int(y.val), j+2
		e.rules |= ruleEra
		if p.at(j+1).val == 1 {
			e.year = -e.year
		}
	}
	return e
}

func (p *parser) isYear(i int) bool {
	w := p.at(i)
	return w.is(cDigits) && w.digits == 4 && w.val >= 1000 && w.val <= 2199
}

// extend reads a part of the day, a clock time or "last year" after a date.
func (p *parser) extend(e expr) expr {
	dayLike := e.form == fDay || e.form == fDate && (e.day > 0 || e.weekday > 0) || e.form == fRel && e.unit == uDay
	if dayLike && e.part == 0 {
		j := e.to
		if w := p.at(j); w.is(cMod) && p.at(j+1).is(cPart) { // "Friday late evening"
			j++
		}
		if w := p.at(j); w.is(cPart) && !w.is(cPlural) && !w.upper && p.sameSentence(e.from, j) {
			e.part, e.to = int(w.val), j+1
			e.rules |= rulePart
		}
	}
	if dayLike {
		j := e.to
		if p.at(j).is(cComma) {
			j++
		}
		for n := 0; n < 2 && p.isWord(j, "at", "by", "around", "about", "-", "–"); n++ {
			j++
		}
		if c, ok := p.clock(j); ok && p.sameSentence(e.from, j) && !(e.part != 0 && p.at(j).is(cPart)) {
			e.minute, e.hourOnly, e.zone, e.to = c.minute, c.hourOnly, c.zone, c.to
			e.rules |= ruleClock | ruleDated
			return e
		}
	}
	if e.form == fDate && e.year == 0 && e.rel == rNone && e.weekday == 0 && (e.month > 0 || e.quarter > 0 || e.season > 0) {
		j := e.to
		if p.at(j).is(cOf) {
			j++
		}
		if r, ok := p.relative(j); ok && r.form == fRel && r.unit == uYear && r.n == 0 && p.sameSentence(e.from, j) {
			e.yearRel, e.to = r.rel, r.to
			e.rules |= ruleYearOf
			if r.rel == rNone {
				e.yearRel = rThis
			}
		}
	}
	return e
}
