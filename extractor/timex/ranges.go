package timex

// Ranges: each end is an expression of its own, the month or year that only one
// of them has belongs to both.

// tail returns the second end of a range whose first end is e: "October 7 | - 10,
// 2017", "1914 | –18". It completes e with a year that only the second end has.
func (p *parser) tail(e *expr) (expr, bool) {
	j := e.to
	if e.form != fDate || e.minute >= 0 || e.part != 0 || !p.sameSentence(e.from, j+1) {
		return expr{}, false
	}
	if e.day > 0 && e.month > 0 && e.weekday == 0 && p.at(e.to-1).is(cDigits|cOrd) && (e.year == 0 || p.dayOf(e.to-1) > 0) {
		return p.dayTail(e, j)
	}
	n := p.at(j + 1)
	if e.year > 0 && e.month == 0 && p.at(j).is(cDash) && p.glued(j) && p.glued(j+1) && n.is(cDigits) && n.digits == 2 && int(n.val) > e.year%100 {
		t := newExpr(j+1, j+2, fDate, ruleShortYear|ruleRange)
		t.year = e.year/100*100 + int(n.val)
		return t, true
	}
	return expr{}, false
}

// dayTail reads the second day of "October 7-10", "October 7 and 8, 2017".
func (p *parser) dayTail(e *expr, j int) (expr, bool) {
	if !p.at(j).is(cDash) && !p.isWord(j, "and", "to", "or", "until") {
		return expr{}, false
	}
	d := p.dayOf(j + 1)
	after := p.at(j + 2)
	if d <= e.day || d > 31 || after.is(cMonth|cUnit|cClock|cScale|cDigits) || p.countsAfter(j+2) || p.clockAt(j+1) || p.text(j+2) == "%" || p.at(j).is(cDash) && p.at(j+2).is(cDash) {
		return expr{}, false
	}
	if t := p.doc.Tokens; !p.at(j).is(cDash) && j+2 < len(t) && (t[j+2].Tag == "NN" || t[j+2].Tag == "NNS") {
		return expr{}, false
	}
	t := *e
	t.from, t.to, t.day = j+1, j+2, d
	t.rules |= ruleRange
	t = p.checked(p.withYear(t))
	if e.year == 0 {
		e.year = t.year
	}
	return t, true
}

// headDay reads the first day of "7-10 October", "between 7 and 10 October".
func (p *parser) headDay(i int) (expr, bool) {
	d := p.dayOf(i)
	j := i + 1
	if d <= 0 || p.at(i-1).is(cLabel) || p.glued(i) && !p.at(i-1).is(cDash|cComma) && p.text(i-1) != "(" {
		return expr{}, false
	}
	if !p.at(j).is(cDash) && !(p.isWord(j, "and", "to", "or") && p.isWord(i-1, "between", "from", "on", "of", "the")) {
		return expr{}, false
	}
	k := j + 1
	if p.isWord(k, "the") {
		k++
	}
	e, ok := p.dayMonth(k)
	if !ok || e.day <= d || !p.sameSentence(i, k) {
		return expr{}, false
	}
	e.from, e.to, e.day = i, i+1, d
	e.rules |= ruleRange
	return p.checked(e), true
}

// bareDay reads "on the 13th": a day of the month named last.
func (p *parser) bareDay(i int) (expr, bool) {
	w := p.at(i + 1)
	if !p.isWord(i, "the") || !w.is(cOrd) || w.digits == 0 || w.ord < 1 || w.ord > 31 || !p.isWord(i-1, "on", "by", "until", "since") {
		return expr{}, false
	}
	if p.nounAfter(i+2) || p.at(i+2).upper && p.sameSentence(i, i+2) || p.at(i+2).is(cMonth|cUnit|cDash|cOf) {
		return expr{}, false
	}
	e := newExpr(i, i+2, fDate, ruleBareDay)
	e.day = int(w.ord)
	return e, true
}
