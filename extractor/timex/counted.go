package timex

// A number is a count of units, read before them.
type number struct {
	n   int    // -1 if vague
	num string // as written if it has a decimal point
	to  int
}

// quantity reads a count of units: "two", "twenty-five", "a few", "12", "2.5", "a".
func (p *parser) quantity(i int) (number, bool) {
	w := p.at(i)
	switch {
	case w.is(cRare) && p.isWord(i, "half") && p.isWord(i+1, "a", "an"):
		return number{num: "0.5", to: i + 2}, true
	case p.isWord(i, "a", "an"):
		if p.at(i+1).is(cVague) && !p.isWord(i+1, "some", "several") {
			k := i + 2
			if p.isWord(k, "of") {
				k++
			}
			if p.isWord(i+1, "couple") {
				return number{n: 2, to: k}, true
			}
			return number{n: -1, to: k}, true
		}
		if p.at(i + 1).is(cScale) {
			return number{n: int(p.at(i + 1).val), to: i + 2}, true
		}
		if p.isWord(i+1, "dozen") {
			return number{n: 12, to: i + 2}, true
		}
		return number{n: 1, to: i + 1}, true
	case p.isWord(i, "couple") && p.isWord(i+1, "of"):
		return number{n: 2, to: i + 2}, true
	case w.is(cVague) && !p.isWord(i, "some", "couple"):
		return number{n: -1, to: i + 1}, true
	case w.is(cNum) && w.digits > 0:
		return number{n: int(w.val), to: i + 1}, true
	case w.is(cMixed) && w.digits > 0 && isDecimal(p.text(i)):
		return number{num: p.text(i), to: i + 1}, true
	case w.is(cNum):
		return p.numberWords(i), true
	case w.is(cScale):
		return number{n: int(w.val), to: i + 1}, true
	}
	return number{}, false
}

func isDecimal(s string) bool {
	dot := false
	for i := 0; i < len(s); i++ {
		if s[i] == '.' && !dot && i > 0 && i+1 < len(s) {
			dot = true
		} else if !isDigit(s[i]) {
			return false
		}
	}
	return dot
}

// numberWords reads up to thousands: "two hundred and fifty", "twenty-five".
func (p *parser) numberWords(i int) number {
	total, cur, j := 0, 0, i
	for n := 0; n < 8; n++ {
		w := p.at(j)
		switch {
		case w.is(cTens):
			cur += int(w.val)
			j++
			if p.at(j).is(cDash) && p.at(j+1).is(cNum) && !p.at(j+1).is(cTens) && p.at(j+1).digits == 0 && p.at(j+1).val < 10 {
				j++
			} else if !p.at(j).is(cNum) || p.at(j).digits > 0 {
				continue
			}
		case w.is(cNum) && w.digits == 0:
			cur += int(w.val)
			j++
			if !p.at(j).is(cScale) {
				return number{n: total + cur, to: j}
			}
		case w.is(cScale) && cur > 0:
			cur *= int(w.val)
			if w.val == 1000 {
				total, cur = total+cur, 0
			}
			j++
			if p.isWord(j, "and") && p.at(j+1).is(cNum) {
				j++
			}
		default:
			return number{n: total + cur, to: j}
		}
	}
	return number{n: total + cur, to: j}
}

// counted reads a number of units: a duration, or an offset if it is followed by
// "ago", "later" and their like.
func (p *parser) counted(i int) (expr, bool) {
	j := i
	if p.isWord(j, "the") && (p.at(j+1).is(cUnit|cPart) && !p.at(j+1).is(cPlural)) {
		return p.theDayBefore(i)
	}
	if p.isWord(j, "the") {
		return expr{}, false
	}
	q, ok := p.quantity(j)
	if !ok {
		if p.at(i).is(cUnit) {
			return p.bareUnits(i)
		}
		return expr{}, false
	}
	article := p.isWord(i, "a", "an")
	j = q.to
	half := p.andHalf(j)
	if half {
		j += 3
	}
	hyphen := p.at(j).is(cDash) && p.glued(j) && !article
	if hyphen {
		j++
	}
	if (p.isWord(j, "to", "or") || p.at(j).is(cDash)) && p.at(j+1).is(cNum) { // "two or three days"
		q2, ok := p.quantity(j + 1)
		if !ok || q.n < 0 {
			return expr{}, false
		}
		q, j = q2, q2.to
	}
	j = p.fillers(j)
	u := p.at(j)
	if !u.is(cUnit) || !p.sameSentence(i, j) || !unitFits(u, q, article) {
		return expr{}, false
	}
	if (u.unit == uMinute || u.unit == uSecond) && p.at(i).is(cNum) && p.isWord(j, "min", "sec", "second") && !hyphen {
		return expr{}, false
	}
	e := newExpr(i, j+1, fDuration, ruleDuration)
	e.unit, e.n, e.num = u.unit, q.n, q.num
	if u.unit == uWeek && u.val == 2 && e.n > 0 { // a fortnight
		e.n *= 2
	}
	if !half && p.andHalf(j+1) {
		half, e.to = true, j+4
	}
	if half && e.n > 0 {
		e.num = halfNumber(e.n)
	}
	return p.afterUnit(e, hyphen && !u.is(cPlural))
}

// andHalf reports "and a half".
func (p *parser) andHalf(j int) bool {
	return p.isWord(j, "and") && p.isWord(j+1, "a") && p.isWord(j+2, "half")
}

// fillers skips adjectives between number and unit: "six straight days".
func (p *parser) fillers(j int) int {
	for n := 0; n < 2 && p.at(j).is(cFiller) && !p.at(j).is(cUnit); n++ {
		if j++; p.at(j).is(cDash) {
			j++
		}
	}
	return j
}

// afterUnit reads what follows number and unit: "-old", "-long", "ago".
func (p *parser) afterUnit(e expr, adjective bool) (expr, bool) {
	k := e.to
	switch {
	case p.at(k).is(cDash) && p.isWord(k+1, "old", "olds"), p.isWord(k, "old"):
		return expr{}, false // an age
	case p.at(k).is(cDash) && p.isWord(k+1, "long"):
		e.to = k + 2
		return e, true
	case adjective:
		return e, true
	}
	return p.offset(e), true
}

func halfNumber(n int) string {
	if n > 0 && n < 10 {
		return string([]byte{byte('0' + n), '.', '5'})
	}
	return ""
}

// unitFits tells "a second" (another one) and "three quarters" (a fraction) from times.
func unitFits(u *word, q number, article bool) bool {
	switch {
	case u.unit == uSecond && (article || !u.is(cPlural)):
		return false
	case u.unit == uQuarter && !(u.is(cPlural) && (q.n < 0 || q.n > 3)):
		return false
	case !article && q.n != 1 && !u.is(cPlural) && q.num == "" && u.val == 0:
		return q.n > 1 // "three-day"
	case article && u.is(cPlural):
		return q.n != 1 || q.num != ""
	}
	return true
}

// offset reads the words that turn a duration into a place on the calendar.
func (p *parser) offset(e expr) expr {
	j := e.to
	w := p.at(j)
	switch {
	case !p.sameSentence(e.from, j), w.is(cAgo) && w.val == agoBefore && p.isWord(e.from-1, "take", "takes", "taken", "took", "taking", "wait", "waited"):
		return e
	case w.is(cAgo) && w.val == agoAfter && p.isWord(j, "following"):
		return e
	case w.is(cAgo):
		e.form, e.ago, e.to, e.rules = fOffset, int(w.val), j+1, ruleAgo
		if w.val == agoEarlier && !p.isWord(j, "earlier") {
			e.ago = agoEarlier
		}
		if w.val == agoAfter || w.val == agoBefore {
			e.after, e.rules = j+1, ruleAfter
			if !p.nominal(j + 1) {
				e.after, e.rules = 0, ruleAgo
				if e.ago == agoBefore {
					e.ago = agoEarlier
				} else {
					e.ago = agoLater
				}
			}
		}
		if w.val == agoEarlier && p.isWord(j, "earlier") && p.isWord(j+1, "than") {
			e.form, e.to, e.rules = fDuration, j, ruleDuration
		}
	case p.isWord(j, "from") && p.isWord(j+1, "now"), p.isWord(j, "hence"):
		e.form, e.ago, e.to, e.rules = fOffset, agoHence, j+1, ruleAgo
		if p.isWord(j, "from") {
			e.to++
		}
	}
	return e
}

// nominal reports whether a noun phrase or clause starts at token i: "after the blast".
func (p *parser) nominal(i int) bool {
	if !p.sameSentence(i-1, i) {
		return false
	}
	switch s := p.text(i); s {
	case ",", ".", ";", ":", ")", "\"", "”", "and", "but", "in", "at", "on", "to", "for", "when", "with":
		return false
	}
	return !p.at(i).is(cComma | cDash)
}

// theDayBefore reads "the day before", "the night after", "the year before".
func (p *parser) theDayBefore(i int) (expr, bool) {
	w := p.at(i + 1)
	a := p.at(i + 2)
	if w.is(cUnit) && w.unit < uDay || !a.is(cAgo) || !p.sameSentence(i, i+2) || a.val == agoAgo {
		return expr{}, false
	}
	e := newExpr(i, i+2, fDuration, ruleDuration)
	e.unit, e.n = w.unit, 1
	if w.is(cPart) {
		e.unit, e.part = uDay, int(w.val)
	}
	if p.isWord(i+2, "following") && p.nominal(i+3) {
		e.form, e.ago, e.after, e.to, e.rules = fOffset, agoAfter, i+3, i+3, ruleAfter
		return e, true
	}
	if e = p.offset(e); e.form == fDuration {
		e.form, e.ago, e.to, e.rules = fOffset, agoLater, i+3, ruleAgo
	}
	if d := p.at(e.after); e.after > 0 && d.is(cDay) { // "the day before yesterday"
		e.form, e.n, e.to, e.rules = fDay, int(d.val), e.after+1, ruleDay
		if a.val == agoBefore {
			e.n--
		} else {
			e.n++
		}
	}
	return e, true
}

// bareUnits reads a unit without a number: "for years", "days later", "year-earlier".
func (p *parser) bareUnits(i int) (expr, bool) {
	w := p.at(i)
	e := newExpr(i, i+1, fDuration, ruleDuration)
	e.unit, e.n = w.unit, -1
	if !w.is(cPlural) {
		k := i + 1
		if p.at(k).is(cDash) && p.glued(k) && p.isWord(k+1, "earlier", "ago") && w.unit >= uWeek {
			e.form, e.n, e.ago, e.to, e.rules = fOffset, 1, agoAgo, k+2, ruleAgo
			return e, true
		}
		if p.at(k).is(cDash) && p.glued(k) && p.isWord(k+1, "long") && w.unit >= uHour && !p.at(i-1).is(cDash) {
			e.n, e.to = 1, k+2
			return e, true
		}
		return expr{}, false
	}
	if w.unit == uSecond || w.unit == uQuarter || p.at(i-1).is(cOrd|cNum) {
		return expr{}, false
	}
	if p.at(i+1).is(cDash) && p.isWord(i+2, "long") {
		e.to = i + 3
		return e, true
	}
	if o := p.offset(e); o.form == fOffset {
		return o, true
	}
	if p.isWord(i-1, "for", "within", "over", "after", "recent", "of", "took", "last", "lasted", "take", "taken", "in") || p.at(i+1).is(cOf) && !p.isWord(i-1, "the") {
		return e, true
	}
	return expr{}, false
}

// set reads what recurs: "daily", "every Monday", "per year", "on Saturdays".
func (p *parser) set(i int) (expr, bool) {
	w := p.at(i)
	if w.is(cSet) {
		if w.upper && p.at(i+1).upper { // "Daily Mail"
			return expr{}, false
		}
		e := newExpr(i, i+1, fSet, ruleRecurring)
		e.unit, e.n = w.unit, int(w.val)
		return e, true
	}
	if !w.is(cEvery) {
		return expr{}, false
	}
	j := i + 1
	n := 1
	if p.isWord(j, "other") || p.isWord(j, "second") && p.at(j+1).is(cUnit) {
		n = 2
		j++
	} else if q := p.at(j); q.is(cNum) {
		n = int(q.val)
		j++
	}
	u := p.at(j)
	if !p.sameSentence(i, j) {
		return expr{}, false
	}
	e := newExpr(i, j+1, fSet, ruleRecurring)
	e.n = n
	switch {
	case u.is(cUnit) && !(u.unit == uSecond && n == 1):
		e.unit = u.unit
	case u.is(cWeekday) && u.upper:
		e.weekday = int(u.val)
	case u.is(cPart):
		e.unit, e.part = uDay, int(u.val)
	case u.is(cMonth) && u.upper:
		e.month = int(u.val)
	default:
		return expr{}, false
	}
	return e, true
}

// vague reads what has no place on the calendar, and parts of the day alone.
func (p *parser) vague(i int) (expr, bool) {
	w := p.at(i)
	switch {
	case w.is(cRef) && !(w.upper && p.at(i+1).upper):
		if p.isWord(i, "present", "past") {
			if !p.isWord(i-1, "the", "at", "this") || p.at(i+1).is(cUnit|cNum|cVague) || p.isWord(i, "past") && !p.isWord(i-2, "in", "of", "from") {
				return expr{}, false
			}
		}
		e := newExpr(i, i+1, fRef, ruleVague)
		e.n = int(w.val)
		return e, true
	case w.is(cPart) && !w.is(cPlural) && !w.upper:
		if p.isWord(i-1, "the") && p.isWord(i-2, "in", "during", "by", "on", "of", "until") || p.isWord(i-1, "at", "by") && w.val == 4 || p.isWord(i-1, "by", "at", "until") && w.val != 4 {
			e := newExpr(i, i+1, fPart, rulePart)
			if p.isWord(i-1, "the") {
				e.from--
			}
			e.part = int(w.val)
			return e, true
		}
	case w.is(cSeason) && !w.is(cPlural) && !(w.upper && p.at(i+1).upper):
		if p.isYear(i+1) || p.at(i+1).is(cOf) && p.isYear(i+2) || p.isWord(i-1, "in", "since", "by", "until") && !p.isWord(i, "fall") {
			e := newExpr(i, i+1, fDate, ruleSeason)
			e.season = int(w.val) + 1
			return p.withYear(e), true
		}
	}
	return expr{}, false
}

// rare reads expressions whose first word is in no table.
func (p *parser) rare(i int) (expr, bool) {
	s := p.text(i)
	switch {
	case len(s) == 2 && (s[0] == 'Q' || s[0] == 'H'):
		return p.qNumber(i)
	case len(s) == 9 && equalFold(s, "overnight"):
		e := newExpr(i, i+1, fPart, ruleOvernight)
		e.part = 4
		return e, true
	}
	return expr{}, false
}
