package timex

// absolute reads a date in words and digits, whole or in part: "Saturday 7
// October 2017", "Oct. 7", "October 2023", "2003", "1990s", "Tuesday".
func (p *parser) absolute(i int) (expr, bool) {
	w := p.at(i)
	switch {
	case w.is(cWeekday):
		return p.weekday(i)
	case w.is(cMonth):
		return p.month(i)
	case w.is(cThe):
		if p.at(i + 1).is(cOrd) {
			if e, ok := p.dayMonth(i + 1); ok {
				e.from = i
				return e, true
			}
		}
		return p.period(i)
	case w.is(cOrd | cNum | cMixed):
		if e, ok := p.numeric(i); ok {
			return e, true
		}
		if e, ok := p.dayMonth(i); ok {
			return e, true
		}
		if e, ok := p.period(i); ok {
			return e, true
		}
		return p.year(i)
	case w.is(cEra) && w.val == 0 && p.at(i+1).is(cDigits) && w.upper: // "AD 79"
		e := newExpr(i, i+2, fDate, ruleEra)
		e.year = int(p.at(i + 1).val)
		return e, e.year > 0
	}
	return p.period(i)
}

func (p *parser) weekday(i int) (expr, bool) {
	w := p.at(i)
	j := i + 1
	if p.at(j).is(cComma) || p.text(j) == "." && p.doc.Tokens[j].Glued {
		j++
	}
	if d, ok := p.dayMonthAny(j); ok && p.sameSentence(i, j) {
		d.from, d.weekday = i, int(w.val)
		d.rules |= ruleWeekday
		return d, true
	}
	if w.is(cAbbrev) && !p.at(i+1).is(cPart) && !p.isWord(i-1, "on", "until", "last", "next", "by", "since") {
		return expr{}, false
	}
	if !w.upper && !p.at(i-1).is(cPrep|cRel) {
		return expr{}, false
	}
	if p.isWord(i-1, "easter", "palm", "good", "black", "ash", "shrove", "holy", "maundy", "whit", "cyber", "bloody", "super") && p.at(i-1).upper {
		return expr{}, false // a day of its own
	}
	e := newExpr(i, i+1, fDate, ruleWeekday)
	e.weekday, e.plural = int(w.val), w.is(cPlural)
	if e.plural && p.isWord(i-1, "on") && !p.nounAfter(i+1) {
		e.form, e.n, e.rules = fSet, 1, ruleRecurring // "open on Saturdays"; "on Saturdays storm" lost its apostrophe
	}
	return e, true
}

// nounAfter reports whether token i is a noun or adjective, so that a plural
// before it must be a possessive.
func (p *parser) nounAfter(i int) bool {
	if i < 0 || i >= len(p.words) {
		return false
	}
	switch t := p.doc.Tokens[i].Tag; t {
	case "":
		c := p.text(i)[0]
		return c >= 'a' && c <= 'z' && !p.at(i).is(cPrep|cAnd|cOf) && !p.isWord(i, "is", "are", "was", "were", "when", "but", "it", "they", "he")
	case "NN", "NNS", "JJ":
		return true
	}
	return false
}

// dayMonthAny reads a date after a weekday.
func (p *parser) dayMonthAny(i int) (expr, bool) {
	if p.isWord(i, "the") {
		i++
	}
	if w := p.at(i); w.is(cMonth) {
		if e, ok := p.month(i); ok && e.day > 0 {
			return e, true
		}
		return expr{}, false
	}
	if e, ok := p.numeric(i); ok {
		return e, true
	}
	return p.dayMonth(i)
}

// dayOf returns the day of the month that token i gives, 0 if none.
func (p *parser) dayOf(i int) int {
	w := p.at(i)
	switch {
	case w.is(cDigits) && w.digits <= 2 && w.val >= 1 && w.val <= 31:
		return int(w.val)
	case w.is(cOrd) && !w.is(cUnit) && w.ord >= 1 && w.ord <= 31:
		return int(w.ord)
	case w.is(cDigits) && w.digits <= 2:
		return -1
	}
	return 0
}

// dayMonth reads "7 October", "7th of October 2017".
func (p *parser) dayMonth(i int) (expr, bool) {
	d := p.dayOf(i)
	if d == 0 {
		return expr{}, false
	}
	j := i + 1
	if p.at(j).is(cOrd) && p.at(i).is(cTens) { // "twenty first"
		return expr{}, false
	}
	if p.at(j).is(cOf) || p.at(j).is(cDash) && p.at(j+1).is(cMonth) && p.doc.Tokens[j].Glued {
		j++
	}
	m := p.at(j)
	if !m.is(cMonth) || !p.sameSentence(i, j) || m.is(cAbbrev) && !m.upper {
		return expr{}, false
	}
	if p.isWord(j, "may") && p.at(i).is(cDigits) && !p.isYear(j+1) && p.isVerbish(j+1) { // "7 May have died"
		return expr{}, false
	}
	e := newExpr(i, j+1, fDate, ruleDayMonth)
	e.day, e.month = d, int(m.val)
	if p.text(j+1) == "." && p.doc.Tokens[j+1].Glued && p.isYear(j+2) {
		e.to = j + 2
	}
	if p.at(e.to).is(cDash) && p.isYear(e.to+1) && p.at(i+1).is(cDash) {
		e.to++
	}
	return p.checked(p.withYear(e)), true
}

// month reads what starts with a month: "October", "October 7, 2017", "October 2023".
func (p *parser) month(i int) (expr, bool) {
	w := p.at(i)
	e := newExpr(i, i+1, fDate, ruleMonth)
	e.month = int(w.val)
	j := i + 1
	if p.text(j) == "." && p.doc.Tokens[j].Glued && p.at(j+1).digits > 0 {
		j++
	}
	if p.isWord(j, "the") && p.at(j+1).is(cOrd) {
		j++
	}
	n := p.at(j)
	inSentence := p.sameSentence(i, j)
	switch d := p.dayOf(j); {
	case inSentence && d != 0 && !p.clockAt(j) && !(w.is(cAbbrev) && !w.upper):
		e.day, e.to, e.rules = d, j+1, ruleMonthDay
		return p.checked(p.withYear(e)), true
	case inSentence && n.is(cDigits) && (n.digits == 5 || n.digits == 6) && n.val%10000 >= 1900 && n.val%10000 <= 2100: // "Apr 152017"
		e.day, e.year, e.to, e.rules = int(n.val)/10000, int(n.val)%10000, j+1, ruleMonthDay|ruleGlued
		return p.checked(e), true
	case inSentence && n.is(cDigits) && p.at(j+1).is(cEra), inSentence && p.at(j).is(cOf) && p.at(j+1).is(cDigits) && p.at(j+2).is(cEra):
		if y := p.withYear(e); y.year != 0 {
			return y, true
		}
	case inSentence && p.isYear(j) && !p.countsAfter(j+1):
		e.year, e.to = int(n.val), j+1
		return e, true
	case p.at(j).is(cComma|cOf|cDash) && p.isYear(j+1) && p.sameSentence(i, j+1) && !p.countsAfter(j+2):
		e.year, e.to = int(p.at(j+1).val), j+2
		return e, true
	}
	if !p.plausibleMonth(i) {
		return expr{}, false
	}
	return e, true
}

// plausibleMonth reports whether a month name alone is a month.
func (p *parser) plausibleMonth(i int) bool {
	w := p.at(i)
	if w.mid {
		return true
	}
	after := p.at(i-1).is(cPrep|cRel|cMod|cOf) || p.at(i-1).is(cDash) && p.at(i-2).is(cMod|cMonth) || p.isWord(i-1, "that", "every", "each", "and", "or") && p.at(i-2).is(cMonth)
	if p.isWord(i-1, "early", "late", "mid", "last", "next") {
		after = true
	}
	if w.is(cAbbrev) {
		if p.at(i+1).is(cDash) && p.at(i+2).is(cMonth) && w.upper {
			return true
		}
		if _, ok := p.relative(i + 1); ok || p.at(i+1).is(cOf) && p.isWord(i+2, "that", "this", "last") {
			return w.upper
		}
		if p.isWord(i-1, "since", "until", "during", "early", "late", "mid", "last", "next") { // rain since May has
			return w.upper
		}
		return after && w.upper && !p.isVerbish(i+1)
	}
	return w.upper || after
}

// isVerbish reports whether token i is a verb or pronoun by its tag, or one of
// the words that follow the modal "may".
func (p *parser) isVerbish(i int) bool {
	if i < 0 || i >= len(p.words) {
		return false
	}
	switch p.doc.Tokens[i].Tag {
	case "VB", "PRP":
		return true
	}
	return p.isWord(i, "be", "have", "not", "will", "would", "said", "has", "had", "is", "was", "told", "also", "he", "she", "it", "they", "we", "i", "you")
}

// checked marks dates that no calendar has.
func (p *parser) checked(e expr) expr {
	y := e.year
	if y == 0 {
		y = 2000 // a leap year: "February 29" may be meant
	}
	if e.bad = e.day < 1 || e.month < 1 || e.month > 12 || e.day > daysIn(y, e.month); e.bad {
		e.rules |= ruleNoDay
	}
	return e
}

// year reads a year alone, a decade or a year with its era.
func (p *parser) year(i int) (expr, bool) {
	w := p.at(i)
	e := newExpr(i, i+1, fDate, ruleYear)
	if w.is(cMixed) {
		return p.decade(i)
	}
	if w.digits == 2 && w.is(cNum) && len(p.text(i)) > 2 && p.isWord(i-1, "in", "since", "of", "until", "by", "from", "to", "the", "spring", "summer", "autumn", "fall", "winter") { // "since '82"
		e.rules = ruleShortYear
		if e.year = 1900 + int(w.val); w.val < 40 {
			e.year += 100
		}
		return e, true
	}
	if !w.is(cDigits) {
		return expr{}, false
	}
	if era := p.at(i + 1); era.is(cEra) && w.digits <= 4 && w.val > 0 && p.at(i+1).upper {
		e.year, e.to, e.rules = int(w.val), i+2, ruleEra
		if era.val == 1 {
			e.year = -e.year
		}
		return e, true
	}
	if w.digits == 4 && p.text(i+1) == "s" && p.doc.Tokens[i+1].Glued {
		e.form, e.n, e.to, e.rules = fDecade, int(w.val)/10, i+2, ruleDecade
		return e, w.val%10 == 0 && w.val >= 1000 && w.val < 2200
	}
	if !p.isYear(i) || !p.plausibleYear(i) {
		return expr{}, false
	}
	e.year = int(w.val)
	return e, true
}

// decade reads "1990s" and, after an apostrophe or "the", "90s".
func (p *parser) decade(i int) (expr, bool) {
	w, s := p.at(i), trimApostrophe(p.text(i))
	if w.mid {
		s = s[4:]
	}
	rest := s[min(int(w.digits), len(s)):]
	if w.digits == 4 && len(rest) > 1 && rest[0] >= 'A' && rest[0] <= 'Z' && rest[1] >= 'a' && rest[1] <= 'z' && w.val >= 1000 && w.val < 2100 {
		e := newExpr(i, i+1, fDate, ruleGlued) // a heading that lost its line feed: "1936The coup"
		e.year = int(w.val)
		return e, p.doc.Sentences[p.doc.Tokens[i].Sentence].From == i || p.at(i-1).is(cDash|cComma|cPrep)
	}
	if rest != "s" && rest != "'s" && rest != "’s" || w.val%10 != 0 {
		return expr{}, false
	}
	e := newExpr(i, i+1, fDecade, ruleDecade)
	switch {
	case w.digits == 4 && w.val >= 1000 && w.val < 2200:
		e.n = int(w.val) / 10
		if w.val%100 == 0 && w.val < 1900 { // "the 1700s"
			e.form, e.n, e.rules = fCentury, int(w.val)/100+1, ruleCentury
		}
	case w.digits == 2 && w.val >= 20 && (len(s) < len(p.text(i)) || p.isWord(i-1, "the", "'", "’", "‘", "late", "early") || p.at(i-1).is(cDash)):
		e.n = 190 + int(w.val)/10
	default:
		return expr{}, false
	}
	return e, true
}

// plausibleYear tells "in 2003" from "2003 people".
func (p *parser) plausibleYear(i int) bool {
	v := p.at(i).val
	switch p.text(i - 1) {
	case "$", "£", "€", "¥", "#", "№", "Rs", "US$", ".", "/", "_", "+":
		if p.text(i-1) != "." || p.glued(i) {
			return false
		}
	}
	if p.at(i-1).is(cLabel) || p.isWord(i-1, "than", "least", "most", "nearly", "almost", "some", "approximately", "roughly") {
		return false
	}
	if p.isWord(i+1, "%", "percent", "per", "million", "billion", "km", "kg", "feet", "ft", "metres", "meters", "miles", "hours", "hrs", "gmt", "utc") {
		return false
	}
	if n := p.at(i + 1); n.is(cUnit) || p.at(i+1).is(cDash) && p.glued(i+1) && p.at(i+2).is(cUnit) {
		return false
	}
	dashed := p.at(i-1).is(cDash) && p.glued(i)
	if dashed && !p.isYear(i-2) && !p.at(i-2).is(cMonth|cMod|cEdge|cDigits) && !p.isWord(i-2, "post", "pre", "circa") {
		return false // "F-2000", "A-2014"
	}
	strong := p.isWord(i-1, "in", "since", "during", "until", "till", "early", "late", "mid", "circa", "c.", "year", "before", "after") ||
		p.isWord(i-1, "of", "from", "by", "and", "to", "through", "between") && !p.countsAfter(i+1)
	bracketed := (p.text(i-1) == "(" || p.isYear(i-2) && dashed) && (p.text(i+1) == ")" || p.at(i+1).is(cDash|cComma) || p.text(i+1) == ";" || p.isWord(i+1, "to"))
	if v < 1900 || v > 2060 {
		return strong && !p.countsAfter(i+1) || bracketed || dashed && p.isYear(i-2)
	}
	return strong || bracketed || !p.countsAfter(i+1)
}

func (p *parser) glued(i int) bool { return i >= 0 && i < len(p.words) && p.doc.Tokens[i].Glued }

// countsAfter reports whether token i looks like a noun that the number before it
// counts: a lower-case plural.
func (p *parser) countsAfter(i int) bool {
	s := p.text(i)
	if len(s) < 3 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	switch s {
	case "was", "has", "does", "says", "his", "this", "its", "as", "plus", "across", "versus", "less", "thus", "unless", "towards", "various", "perhaps":
		return false
	case "people", "men", "women", "children", "troops", "police", "personnel":
		return true
	}
	if t := p.doc.Tokens[i].Tag; t != "" {
		return t == "NNS"
	}
	return s[len(s)-1] == 's' && s[len(s)-2] != 's'
}
