package timex

// relative reads an expression of a direction and a unit, month, weekday or part
// of the day: "last week", "the following year", "this morning", "next March".
func (p *parser) relative(i int) (expr, bool) {
	j := i
	def := false
	if p.isWord(j, "the", "this", "these", "those", "his", "her", "its", "their", "our") && p.at(j+1).is(cRel) {
		def = true
		j++
	}
	if !p.at(j).is(cRel) {
		return p.definite(i)
	}
	r := p.at(j).rel
	if equalFold(p.text(i), "this") && r == rPast {
		r = rLast
	}
	if p.isWord(j, "that") && p.isWord(j+1, "same") {
		j++
	}
	j++
	if p.isWord(j, "year-ago", "period", "time") || p.isWord(j, "day") && p.isWord(i, "this") && p.isWord(i-1, "to") {
		return expr{}, false
	}
	e := newExpr(i, j+1, fRel, ruleRelative)
	e.rel, e.def = r, def
	w := p.at(j)
	if !p.sameSentence(i, j) {
		return expr{}, false
	}
	switch {
	case w.is(cWeekday) && w.upper && !w.is(cAbbrev):
		e.form, e.weekday = fDate, int(w.val)
		e.rules |= ruleWeekday
		return e, true
	case w.is(cMonth) && w.upper && r != rPast:
		e.form, e.month = fDate, int(w.val)
		e.rules |= ruleMonth
		if d := p.dayOf(j + 1); d != 0 {
			e.day, e.to = d, j+2
			e = p.checked(p.withYear(e))
		}
		return e, true
	case w.is(cSeason) && !w.is(cPlural):
		e.form, e.season = fDate, int(w.val)+1
		e.rules |= ruleSeason
		return e, true
	case w.is(cHoliday):
		e.form, e.month, e.day, e.holiday = fDate, int(w.val)/100, int(w.val)%100, true
		e.rules |= ruleHoliday
		return e, true
	case w.is(cPart) && !w.is(cPlural) && r != rPast:
		e.unit, e.part = uDay, int(w.val)
		e.rules |= rulePart
		if r == rLast || r == rThis {
			e.form, e.n = fDay, 0
			if r == rLast {
				e.n = -1
			}
		}
		return e, true
	case w.is(cUnit):
		return p.relUnit(e, j)
	}
	return p.relCount(e, j)
}

// relUnit finishes rel + unit.
func (p *parser) relUnit(e expr, j int) (expr, bool) {
	w := p.at(j)
	e.unit = w.unit
	if w.unit == uSecond || w.unit == uMinute || w.unit == uMillennium {
		return expr{}, false
	}
	if e.rel == rPast || w.is(cPlural) || e.rel == rLast && w.unit <= uDay {
		e.form, e.n, e.rolling, e.rules = fDuration, 1, true, ruleRolling
		if w.is(cPlural) {
			e.n = -1
		}
		return e, true
	}
	if w.val == 2 {
		return expr{}, false
	}
	if p.isWord(j+1, "'s", "’s") && p.at(j+2).is(cEdge) {
		e.to, e.mod = j+3, p.at(j+2).mod
		e.rules |= ruleEdge
	}
	return e, true
}

// relCount reads "past 24 hours", "the next few months", "the last two years".
func (p *parser) relCount(e expr, j int) (expr, bool) {
	q, ok := p.quantity(j)
	if !ok || e.rel == rSame {
		return expr{}, false
	}
	k := q.to
	for n := 0; n < 2 && p.at(k).is(cFiller); n++ {
		k++
	}
	if !p.at(k).is(cUnit) || !p.sameSentence(e.from, k) {
		return expr{}, false
	}
	e.form, e.unit, e.n, e.num, e.rolling, e.to = fDuration, p.at(k).unit, q.n, q.num, true, k+1
	e.rules = ruleRolling
	if v := p.at(k).val; v > 1 && p.at(k).unit == uWeek && e.n > 0 {
		e.n *= int(v)
	}
	return e, true
}

// definite reads "the year", "the weekend" where the words before or after make
// it a place on the calendar.
func (p *parser) definite(i int) (expr, bool) {
	j := i
	if p.isWord(i, "the", "that") {
		j++
	} else if !p.isWord(i-1, "of") {
		return expr{}, false
	}
	w := p.at(j)
	if w.is(cFiller) && p.at(j+1).is(cUnit) && p.isWord(j, "financial", "fiscal", "calendar", "school", "academic") {
		j++
		w = p.at(j)
	}
	if w.is(cSeason) && !w.is(cPlural) && (p.isWord(i-1, "in", "of", "during", "by", "since", "until", "for", "over", "through", "throughout", "early", "late") || p.at(j+1).is(cOf) && p.isYear(j+2)) {
		e := newExpr(i, j+1, fDate, ruleSeason)
		e.season = int(w.val) + 1
		return p.withYear(e), true
	}
	if !w.is(cUnit) || w.is(cPlural) || w.unit <= uHour || w.unit == uDecade || w.unit >= uCentury {
		return expr{}, false
	}
	prep := p.isWord(i-1, "in", "of", "for", "during", "over", "throughout", "on", "until", "by", "since", "earlier", "later", "through", "around") ||
		w.unit == uWeekend && p.isWord(i-1, "at")
	if w.unit == uDay {
		prep = p.isWord(i-1, "in", "during", "throughout", "on", "of") && p.isWord(i-2, "earlier", "later", "late", "early", "end", "start", "close", "beginning", "rest") ||
			p.isWord(i-1, "end", "ended", "ending", "finish", "finished", "finishing", "close", "closed", "closing") || p.isWord(i-1, "for") && p.at(j+1).is(cComma)
	}
	if p.at(j+1).is(cDash) && p.glued(j+1) { // "the year-earlier quarter"
		return expr{}, false
	}
	if !prep || p.at(j+1).is(cAgo) || p.isWord(j+1, "that", "when", "of", "in", "before", "after", "ended", "ending", "to") || p.isWord(j+1, "and") && w.unit != uQuarter && w.unit != uWeekend {
		return expr{}, false
	}
	e := newExpr(i, j+1, fRel, ruleDefinite)
	e.unit, e.def = w.unit, true
	return e, true
}

// period reads quarters, halves, centuries and named years: "the second quarter
// of 2022", "Q3", "the first half of the year", "the 20th century".
func (p *parser) period(i int) (expr, bool) {
	j := i
	if p.isWord(j, "the", "this", "its") {
		j++
	}
	w := p.at(j)
	if j == i && w.class == 0 {
		return p.qNumber(i)
	}
	n := int(w.ord)
	switch {
	case w.is(cOrd) && n == 0 || p.isWord(j, "second"):
		n = 2
	case p.isWord(j, "last", "latter", "final"):
		n = -1
	}
	if n == 0 {
		return expr{}, false
	}
	k := j + 1
	if p.at(k).is(cDash) {
		k++
	}
	if p.at(k).is(cFiller) {
		k++
	}
	u := p.at(k)
	e := newExpr(i, k+1, fDate, ruleQuarter)
	switch {
	case u.unit == uCentury && u.is(cUnit) && !u.is(cPlural) && n > 0:
		e.form, e.n, e.rules = fCentury, n, ruleCentury
		if p.at(k + 1).is(cEra) {
			e.to = k + 2
			if p.at(k+1).val == 1 {
				e.n = -n
			}
		}
		return e, true
	case u.unit == uQuarter && u.is(cUnit) && !u.is(cPlural) && (n > 0 && n <= 4 || n == -1):
		if e.quarter = n; n == -1 {
			e.quarter = 4
		}
	case p.isWord(k, "half") && (n == 1 || n == 2 || n == -1):
		e.rules = ruleHalf
		if e.half = n; n == -1 {
			e.half = 2
		}
	default:
		return expr{}, false
	}
	return p.ofYear(e)
}

func (p *parser) qNumber(i int) (expr, bool) {
	s := p.text(i)
	if len(s) == 2 && s[0] == 'H' && (s[1] == '1' || s[1] == '2') {
		e := newExpr(i, i+1, fDate, ruleHalf)
		e.half = int(s[1] - '0')
		return p.ofYear(e)
	}
	if len(s) != 2 || s[0] != 'Q' || s[1] < '1' || s[1] > '4' {
		return expr{}, false
	}
	e := newExpr(i, i+1, fDate, ruleQuarter)
	e.quarter = int(s[1] - '0')
	return p.ofYear(e)
}

// ofYear reads the year of a quarter or half: "of 2022", "of the year", "last year".
func (p *parser) ofYear(e expr) (expr, bool) {
	j := e.to
	if p.at(j).is(cOf) || p.isWord(j, "in") || p.at(j).is(cComma) && p.isYear(j+1) {
		j++
	}
	if p.isYear(j) {
		e.year, e.to = int(p.at(j).val), j+1
		return e, true
	}
	if r, ok := p.core(j); ok && (r.form == fRel && r.unit == uYear || r.form == fDate && e.half > 0 && (r.year > 0 || r.month > 0) && r.day == 0 && r.weekday == 0) && j > e.to {
		e.yearRel, e.year, e.month, e.to = r.rel, r.year, r.month, r.to
		if r.form == fRel {
			e.rules |= ruleYearOf
		}
		if r.form == fRel && r.rel == rNone {
			e.yearRel = rThis
		}
		return e, true
	} else if ok && r.form == fRel && r.unit == uYear && r.rel != rNone {
		e.yearRel, e.to = r.rel, r.to
		e.rules |= ruleYearOf
		return e, true
	}
	if p.at(j).is(cOf) || j > e.to && p.text(j-1) == "of" || e.half > 0 {
		return expr{}, false // "the first half of the match"
	}
	return e, true
}

// edge reads what narrows a period: "early May", "the end of this year", "late on
// Friday", "the morning of July 18", "earlier this month", "month's end".
func (p *parser) edge(i int) (expr, bool) {
	w := p.at(i)
	j := i
	if p.isWord(j, "the", "a") {
		j++
	}
	x := p.at(j)
	switch {
	case x.is(cMod):
		return p.modified(i, j)
	case x.is(cEdge) && (p.at(j+1).is(cOf) || p.at(j+1).is(cDash) && j == i):
		e, ok := p.inner(j + 2)
		if !ok {
			return expr{}, false
		}
		e.from, e.mod = i, x.mod
		e.rules |= ruleEdge
		return e, true
	case p.isWord(j, "wee", "small") && p.isWord(j+1, "hours") && p.at(j+2).is(cOf):
		return p.hoursOf(i, j+3, 1)
	case x.is(cPart) && !x.is(cPlural) && j > i && (p.at(j+1).is(cOf) || p.isWord(j+1, "on")):
		return p.hoursOf(i, j+2, int(x.val))
	case x.is(cPart) && !x.is(cPlural) && j == i && p.isWord(j+1, "of", "on") && p.isWord(i-1, "on", "at", "by", "in", "until", "late", "early"):
		return p.hoursOf(i, j+2, int(x.val))
	case w.is(cUnit) && !w.is(cPlural) && w.unit >= uMonth && w.unit <= uYear:
		k := i + 1
		if p.at(k).is(cDash) || p.isWord(k, "'s", "’s", "'") {
			k++
		}
		if k > i+1 && p.isWord(k, "end") && p.sameSentence(i, k) {
			e := newExpr(i, k+1, fRel, ruleEdge)
			e.unit, e.rel, e.mod, e.def = w.unit, rNone, mEnd, true
			return e, true
		}
	}
	return expr{}, false
}

func (p *parser) inner(j int) (expr, bool) {
	if e, ok := p.core(j); ok {
		e = p.extend(e)
		if e.form == fDate || e.form == fRel || e.form == fDecade || e.form == fCentury || e.form == fDay {
			return e, true
		}
		return expr{}, false
	}
	// "the end of the day": no preposition makes it a time, but the edge does.
	if p.isWord(j, "the", "that") && p.at(j+1).is(cUnit) && !p.at(j+1).is(cPlural) && p.at(j+1).unit >= uDay && p.at(j+1).unit <= uCentury {
		e := newExpr(j, j+2, fRel, ruleDefinite)
		e.unit, e.def = p.at(j+1).unit, true
		return e, true
	}
	return expr{}, false
}

func (p *parser) hoursOf(i, j, part int) (expr, bool) {
	e, ok := p.core(j)
	if !ok || !(e.form == fDay || e.form == fDate && (e.day > 0 || e.weekday > 0) || e.form == fRel && e.unit == uDay) {
		return expr{}, false
	}
	e.from, e.part = i, part
	e.rules |= rulePart
	return p.extend(e), true
}

// modified reads early, late, mid, earlier and later before a date.
func (p *parser) modified(i, j int) (expr, bool) {
	x := p.at(j)
	k := j + 1
	if x.mod == mStart || x.mod == mEnd {
		h, part := k, 1
		if p.at(k).is(cPart) {
			h, part = k+1, int(p.at(k).val)
		}
		if p.isWord(h, "hours") && (p.at(h+1).is(cOf) || p.isWord(h+1, "on")) {
			return p.hoursOf(i, h+2, part)
		}
	}
	if x.mod == mStart || x.mod == mEnd {
		if p.isWord(k, "part", "stages") && p.at(k+1).is(cOf) {
			k += 2
		}
	}
	if p.at(k).is(cDash) || p.isWord(k, "on", "in", "at", "of") {
		k++
	}
	if !p.sameSentence(i, k) {
		return expr{}, false
	}
	e, ok := p.core(k)
	if !ok && p.isWord(k, "the") && p.at(k+1).is(cUnit) && k == j+2 && !p.at(k+1).is(cPlural) && p.at(k+1).unit >= uDay {
		e, ok = newExpr(k, k+2, fRel, ruleDefinite), true
		e.unit, e.def = p.at(k+1).unit, true
	}
	if !ok && p.at(k).is(cSeason|cPart) && !p.at(k).is(cPlural) && x.mod != mEarly && x.mod != mLate {
		e, ok = newExpr(k, k+1, fPart, rulePart), true
		if p.at(k).is(cSeason) {
			e.form, e.season, e.rules = fDate, int(p.at(k).val)+1, ruleSeason
			e = p.withYear(e)
		} else {
			e.part = int(p.at(k).val)
			if !p.isWord(j-1, "in") && j == i {
				return expr{}, false
			}
		}
	}
	if !ok || e.form == fRef || e.mod != mNone {
		return expr{}, false
	}
	if x.mod == mEarly || x.mod == mLate && !p.isWord(j, "late") {
		if e.form != fRel && e.form != fDay && !(e.form == fDate && (e.weekday > 0 || e.rel != rNone || k > j+1)) {
			return expr{}, false
		}
	}
	if p.isWord(k-1, "of") && e.form == fRel && e.unit == uDay {
		return expr{}, false
	}
	e = p.extend(e)
	e.from = i
	if j > i { // "the late 1990s", "the early hours": an article belongs to a noun only
		if e.form != fDecade && e.form != fCentury && e.season == 0 {
			return expr{}, false
		}
	}
	e.mod = x.mod
	e.rules |= ruleEdge
	if x.mod == mLate || x.mod == mEarly {
		e.mod = mNone
	}
	return e, true
}
