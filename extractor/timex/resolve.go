package timex

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A resolver places expressions on the calendar, in the order of the text.
type resolver struct {
	p         *parser
	dct       extractor.Date // publication date
	narrative bool           // the text tells of another time than its publication's
	last      point          // the period named last
	lastDay   extractor.Date // the day named last
	lastDaySt int32          // sentence of lastDay
	year      int            // the year named last
	fired     ruleSet        // the rules that placed the expression in hand
}

// A place is what an expression resolves to.
type place struct {
	point
	anchor string // as in extractor.Time
}

const (
	byPublished = "published"
	unresolved  = "unresolved"
)

// base returns the day to count from: the publication day, or in a narrative the
// day named last.
func (r *resolver) base(text bool) (extractor.Date, string) {
	if text || r.narrative {
		if d := r.lastOf(); !d.IsZero() {
			return d, d.String()
		}
	}
	return r.dct, byPublished
}

func (r *resolver) lastOf() extractor.Date {
	if !r.last.isZero() {
		return r.last.first
	}
	return r.lastDay
}

// resolve places e; a zero point means that it has no place.
func (r *resolver) resolve(e *expr) place {
	switch e.form {
	case fDate:
		return r.date(e)
	case fRel:
		return r.rel(e)
	case fOffset:
		return r.offset(e)
	case fDay:
		if r.dct.IsZero() {
			return place{anchor: unresolved}
		}
		return place{point: dayPoint(r.dct.AddDays(e.n)), anchor: byPublished}
	case fClock, fPart:
		d, a := r.clockDay(e)
		if d.IsZero() {
			return place{anchor: unresolved}
		}
		return place{point: dayPoint(d), anchor: a}
	}
	return place{}
}

// direction is the parser's, noted as a rule if the verbs say one.
func (r *resolver) direction(from, to int) int {
	d := r.p.direction(from, to)
	if d != 0 {
		r.fired |= ruleTense
	}
	return d
}

// clockDay returns the day of a clock time that stands alone.
func (r *resolver) clockDay(e *expr) (extractor.Date, string) {
	if !r.lastDay.IsZero() && (r.narrative || r.p.doc.Tokens[e.from].Sentence-r.lastDaySt <= 2) {
		return r.lastDay, r.lastDay.String()
	}
	return r.dct, byPublished
}

func (r *resolver) date(e *expr) place {
	if e.bad {
		return place{}
	}
	if e.yearRel != rNone {
		y, anchor := r.yearOf(e.yearRel)
		if y == 0 {
			return place{anchor: unresolved}
		}
		return place{point: e.inYear(y), anchor: anchor}
	}
	if e.year != 0 {
		return place{point: e.inYear(e.year)}
	}
	if e.day != 0 && e.month == 0 {
		return r.bareDay(e)
	}
	if e.weekday != 0 && e.day == 0 {
		return r.weekday(e)
	}
	return r.yearless(e)
}

// bareDay places "the 13th" in the month named last, else in the last month that
// has had it.
func (r *resolver) bareDay(e *expr) place {
	if d := r.lastOf(); !d.IsZero() && r.last.grain != schemas.YearGr && e.day <= extractor.DaysIn(d.Year, d.Month) {
		return place{point: dayPoint(extractor.Date{Year: d.Year, Month: d.Month, Day: e.day}), anchor: d.String()}
	}
	if r.dct.IsZero() {
		return place{anchor: unresolved}
	}
	d := r.dct
	if e.day > d.Day && r.direction(e.from, e.to) <= 0 {
		d = d.AddMonths(-1)
	}
	if e.day > extractor.DaysIn(d.Year, d.Month) {
		return place{anchor: unresolved}
	}
	return place{point: dayPoint(extractor.Date{Year: d.Year, Month: d.Month, Day: e.day}), anchor: byPublished}
}

// inYear returns the period of e in year y.
func (e *expr) inYear(y int) point {
	switch {
	case e.day != 0:
		d := extractor.DateOf(y, timeMonth(e.month), e.day)
		return dayPoint(d)
	case e.month != 0:
		return monthPoint(y, e.month)
	case e.quarter != 0:
		return quarterPoint(y, e.quarter)
	case e.season != 0:
		return seasonPoint(y, e.season)
	case e.half != 0:
		p := yearPoint(y)
		if e.half == 1 {
			p.last = monthPoint(y, 6).last
		} else {
			p.first = monthPoint(y, 7).first
		}
		return p
	}
	return yearPoint(y)
}

func (r *resolver) yearOf(rl rel) (int, string) {
	base, anchor := r.dct.Year, byPublished
	if rl == rPrevious || rl == rFollowing || rl == rSame || r.narrative {
		if r.year != 0 {
			base, anchor = r.year, formatYear(r.year)
		}
	}
	if base == 0 {
		return 0, ""
	}
	switch rl {
	case rLast, rPrevious, rPast:
		base--
	case rNext, rFollowing:
		base++
	}
	return base, anchor
}

// yearless places "October 7", "March", "the second quarter", "summer".
func (r *resolver) yearless(e *expr) place {
	if r.narrative && e.rel != rLast && e.rel != rNext && r.year != 0 || r.dct.IsZero() && (e.rel == rSame || e.rel == rFollowing || e.rel == rPrevious) && r.year != 0 {
		return r.yearlessInText(e)
	}
	if r.dct.IsZero() {
		return place{anchor: unresolved}
	}
	if e.rel == rSame || e.rel == rFollowing || e.rel == rPrevious {
		return r.yearlessInText(e)
	}
	y := r.dct.Year
	past, now, future := e.inYear(y-1), e.inYear(y), e.inYear(y+1)
	if e.weekday != 0 { // the weekday settles the year
		for _, c := range [...]point{now, past, future} {
			if isoWeekday(c.first) == e.weekday {
				r.fired |= ruleDayOfWeek
				return place{point: c, anchor: byPublished}
			}
		}
	}
	if e.season == 4 && r.dct.Month <= 2 {
		past, now, future = e.inYear(y-2), past, now
	}
	switch {
	case r.dct.Before(now.first):
		future = now
	case now.last.Before(r.dct):
		past = now
	case e.rel == rLast && now.grain != schemas.Day:
		return place{point: past, anchor: byPublished}
	case e.rel == rNext:
		return place{point: future, anchor: byPublished}
	default:
		return place{point: now, anchor: byPublished}
	}
	switch e.rel {
	case rLast, rPast:
		return place{point: past, anchor: byPublished}
	case rNext:
		return place{point: future, anchor: byPublished}
	case rThis:
		return place{point: now, anchor: byPublished}
	}
	limit := 245
	switch r.direction(e.from, e.to) {
	case 1:
		limit = 45
	case -1:
		if limit = 300; e.day == 0 {
			limit = 340
		}
	}
	if past.last.Days(r.dct) > limit {
		return place{point: future, anchor: byPublished}
	}
	return place{point: past, anchor: byPublished}
}

// yearlessInText takes the year from the date named last.
func (r *resolver) yearlessInText(e *expr) place {
	anchor := formatYear(r.year)
	y := r.year
	if last := r.lastOf(); !last.IsZero() && last.Year == y && r.last.grain != schemas.YearGr && !e.holiday {
		p := e.inYear(y)
		if gap := last.Days(p.first); gap < -200 { // "November 1914 … in February"
			y++
		} else if gap > 300 {
			y--
		}
	}
	switch e.rel {
	case rPrevious:
		if last := r.lastOf(); !last.IsZero() && !e.inYear(y).first.Before(last) {
			y--
		}
	case rFollowing, rNext:
		if last := r.lastOf(); !last.IsZero() && e.inYear(y).first.Before(last) {
			y++
		}
	}
	return place{point: e.inYear(y), anchor: anchor}
}

func (r *resolver) weekday(e *expr) place {
	text := e.rel == rPrevious || e.rel == rFollowing || e.rel == rSame
	base, anchor := r.dct, byPublished
	if (text || r.narrative) && !r.lastDay.IsZero() {
		base, anchor = r.lastDay, r.lastDay.String()
	}
	if base.IsZero() {
		return place{anchor: unresolved}
	}
	back := (isoWeekday(base) - e.weekday + 7) % 7 // days back to the last one; 0 on the day itself
	switch e.rel {
	case rLast, rPrevious, rPast:
		if back == 0 {
			back = 7
		}
		return place{point: dayPoint(base.AddDays(-back)), anchor: anchor}
	case rNext, rFollowing:
		return place{point: dayPoint(base.AddDays(7 - back)), anchor: anchor}
	case rSame:
		return place{point: dayPoint(base.AddDays(-back)), anchor: anchor}
	}
	if back == 0 {
		return place{point: dayPoint(base), anchor: anchor}
	}
	if anchor != byPublished { // a narrative: the nearest one
		if back > 3 {
			back -= 7
		}
		return place{point: dayPoint(base.AddDays(-back)), anchor: anchor}
	}
	dir := r.direction(e.from, e.to)
	if e.rel == rThis && dir == 0 || r.p.isWord(e.from-1, "until", "till", "by") && dir == 0 {
		dir = 1
	}
	if dir > 0 {
		back -= 7
	}
	return place{point: dayPoint(base.AddDays(-back)), anchor: anchor}
}

func (r *resolver) rel(e *expr) place {
	text := e.rel == rPrevious || e.rel == rFollowing || e.rel == rSame || e.rel == rNext && e.def || e.rel == rNone && e.unit == uDay
	base, anchor := r.base(text)
	if e.unit == uWeek && anchor == byPublished && base.Weekday() == 0 && !base.IsZero() {
		base = base.AddDays(1) // on a Sunday "this week" is the one that begins
	}
	if e.unit == uDay && (text || r.narrative) && !r.lastDay.IsZero() {
		base, anchor = r.lastDay, r.lastDay.String()
	}
	if base.IsZero() {
		return place{anchor: unresolved}
	}
	n := 0
	switch e.rel {
	case rLast, rPrevious, rPast:
		n = -1
	case rNext, rFollowing:
		n = 1
	}
	if e.unit == uWeekend && base.Weekday() >= 1 && base.Weekday() <= 5 && anchor == byPublished {
		switch dir := r.direction(e.from, e.to); {
		case e.rel == rNone && dir <= 0, e.rel == rThis && dir < 0: // "over the weekend": the one just past
			n = -1
		}
	}
	return place{point: shift(base, e.unit, n), anchor: anchor}
}

// shift returns the period of the unit around d, n units on.
func shift(d extractor.Date, u unit, n int) point {
	switch u {
	case uDay:
		return dayPoint(d.AddDays(n))
	case uWeek:
		return weekPoint(d.AddDays(7 * n))
	case uWeekend:
		return weekendPoint(d.AddDays(7 * n))
	case uMonth:
		m := d.AddMonths(n)
		return monthPoint(m.Year, int(m.Month))
	case uQuarter:
		return quarterPoint(d.Year, (int(d.Month)+2)/3+n)
	case uYear:
		return yearPoint(d.Year + n)
	case uDecade:
		y := (d.Year/10 + n) * 10
		p := point{schemas.Decade, yearPoint(y).first, yearPoint(y + 9).last}
		return p
	case uCentury:
		y := (d.Year/100 + n) * 100
		return point{schemas.Century, yearPoint(y).first, yearPoint(y + 99).last}
	}
	return point{}
}

// maxOffset bounds offsets, so that no date leaves the calendar.
var maxOffset = [...]int{uDay: 200_000, uWeek: 30_000, uWeekend: 30_000, uMonth: 10_000, uQuarter: 3_000, uYear: 3_000, uDecade: 300, uCentury: 30, uHalf: 0}

func (r *resolver) offset(e *expr) place {
	if e.after > 0 {
		return r.after(e)
	}
	text := e.ago == agoEarlier || e.ago == agoLater
	base, anchor := r.base(text)
	if text && (e.unit == uDay || e.unit < uYear && r.last.grain == schemas.YearGr) && !r.lastDay.IsZero() {
		base, anchor = r.lastDay, r.lastDay.String()
	}
	if base.IsZero() {
		return place{anchor: unresolved}
	}
	if e.n < 0 || e.num != "" || e.unit < uDay || e.n > maxOffset[e.unit] {
		return place{}
	}
	n := e.n
	if e.ago == agoAgo || e.ago == agoEarlier || e.ago == agoBefore {
		n = -n
	}
	return place{point: shift(base, e.unit, n), anchor: anchor}
}

// after places "two days after the blast": the day meant is that of the clause it
// stands in, unless the other day is given as a date.
func (r *resolver) after(e *expr) place {
	if d, ok := r.p.core(e.after); ok && e.n > 0 && e.unit >= uDay && e.n <= maxOffset[e.unit] {
		if at := r.resolve(&d); !at.isZero() && at.grain == schemas.Day {
			n := e.n
			if e.ago == agoBefore {
				n = -n
			}
			return place{point: shift(at.first, e.unit, n), anchor: at.first.String()}
		}
	}
	if d, ok := r.p.apposed(e.after); ok {
		if at := r.resolve(&d); at.grain == schemas.Day {
			return at
		}
	}
	if r.p.pending(e.after) {
		return place{}
	}
	st := r.p.doc.Tokens[e.from].Sentence
	if !r.lastDay.IsZero() && (r.narrative || r.lastDaySt == st || r.dct.IsZero()) {
		return place{point: dayPoint(r.lastDay), anchor: r.lastDay.String()}
	}
	if r.dct.IsZero() || e.unit < uDay {
		return place{anchor: unresolved}
	}
	return place{point: dayPoint(r.dct), anchor: byPublished}
}

// apposed reads the date that a comma sets beside "two days after the blast": ", on 6 March,".
func (p *parser) apposed(i int) (expr, bool) {
	for j := i; j < i+8 && p.sameSentence(i, j); j++ {
		if !p.at(j).is(cComma) {
			continue
		}
		if p.isWord(j+1, "on") {
			j++
		}
		d, ok := p.core(j + 1)
		return d, ok && d.form == fDate && (d.day > 0 || d.weekday > 0)
	}
	return expr{}, false
}

// pending reports whether the clause at token i tells of what has not happened:
// "a year after the deal is closed".
func (p *parser) pending(i int) bool {
	for j := i; j < i+10 && p.sameSentence(i, j) && !p.at(j).is(cComma); j++ {
		if p.isWord(j, "is", "are", "gets", "takes", "becomes") {
			return true
		}
		if p.doc.Tokens[j].Tag == "VBD" || p.isWord(j, "was", "were", "had") {
			return false
		}
	}
	return false
}

// note remembers where e lies, for the expressions after it.
func (r *resolver) note(e *expr, p place) {
	if p.isZero() || e.form == fClock || e.form == fPart {
		return
	}
	if r.aside(e, p.point) {
		return
	}
	r.last, r.year = p.point, p.first.Year
	if p.grain == schemas.Day {
		r.lastDay, r.lastDaySt = p.first, r.p.doc.Tokens[e.from].Sentence
	}
}

// aside reports whether a bare year is only a remark that a narrative returns
// from: far from what was told last, or in the middle of a sentence soon after it.
func (r *resolver) aside(e *expr, p point) bool {
	if !r.narrative || e.form != fDate || p.grain != schemas.YearGr || r.lastDay.IsZero() {
		return false
	}
	far := abs(p.first.Year-r.lastDay.Year) > 15
	s := r.p.doc.Tokens[e.from].Sentence
	opens := e.from-r.p.doc.Sentences[s].From <= 4
	return (far || p.first.Year > r.lastDay.Year) && !opens
}
