package timex

import (
	"github.com/claimwire/claimwire/schemas"

	"github.com/claimwire/claimwire/extractor"
)

// A form is the shape of an expression, which decides how it is resolved.
type form uint8

const (
	fNone     form = iota
	fDate          // some of year, month, day, weekday; perhaps with a clock time
	fRel           // rel and unit: "last week", "the previous day", "this summer"
	fOffset        // n units back or on: "two days ago", "a year earlier"
	fDay           // n days from publication: "today", "yesterday"
	fPart          // part of a day alone: "overnight", "the morning"
	fClock         // clock time alone
	fDuration      // "two years"
	fSet           // "daily", "every Monday"
	fRef           // "now", "recently": n indexes refCodes
	fDecade        // n: year / 10
	fCentury       // n: century, 20 for the twentieth
)

// An expr is a time expression as read, before it is resolved.
type expr struct {
	from, to int // tokens
	form     form
	year     int // 0 if not said; negative BC
	month    int // 0 if not said
	day      int // 0 if not said
	weekday  int // 1 (Monday) to 7; 0 if not said
	quarter  int // 1-4; 0 if not said
	half     int // 1 or 2: half of the year; 0 if not said
	season   int // 1 + index into seasonCodes; 0 if not said
	holiday  bool
	minute   int // minutes after midnight, -1 if not said
	hourOnly bool
	part     int    // index into partCodes
	n        int    // count of units; -1 if vague
	num      string // decimal count as written, "2.5"; "" if n holds it
	unit     unit
	rel      rel
	yearRel  rel // of the year: "July last year"; rNone if not said
	ago      int
	mod      mod
	rolling  bool // "past 24 hours"
	def      bool // a definite article before a bare unit: "the year"
	after    int  // "two days after the blast": token after "after/before" where an explicit date may follow
	plural   bool // "Saturdays"
	bad      bool // no day of the calendar: February 30
	rules    ruleSet
	zone     int // time zone said: 0 none or not one of the few whose offset is plain, 1 UTC, else hours east of it
}

func newExpr(i, j int, f form, rules ruleSet) expr {
	return expr{from: i, to: j, form: f, minute: -1, rules: rules}
}

// granularities by unit.
var unitGrain = [...]schemas.Granularity{
	uNone: schemas.NoGrain, uSecond: schemas.Minute, uMinute: schemas.Minute, uHour: schemas.Hour, uDay: schemas.Day, uWeek: schemas.Week,
	uWeekend: schemas.Weekend, uMonth: schemas.Month, uQuarter: schemas.Quarter, uYear: schemas.YearGr, uDecade: schemas.Decade,
	uCentury: schemas.Century, uMillennium: schemas.Century, uHalf: schemas.YearGr,
}

// A point is a place on the calendar at some granularity.
type point struct {
	grain schemas.Granularity
	first extractor.Date
	last  extractor.Date
}

func (p point) isZero() bool { return p.first.IsZero() }

func dayPoint(d extractor.Date) point { return point{schemas.Day, d, d} }

func monthPoint(y, m int) point {
	d := extractor.DateOf(y, timeMonth(m), 1)
	return point{schemas.Month, d, extractor.Date{Year: d.Year, Month: d.Month, Day: extractor.DaysIn(d.Year, d.Month)}}
}

func yearPoint(y int) point {
	return point{schemas.YearGr, extractor.Date{Year: y, Month: 1, Day: 1}, extractor.Date{Year: y, Month: 12, Day: 31}}
}

func quarterPoint(y, q int) point {
	for q < 1 {
		q, y = q+4, y-1
	}
	for q > 4 {
		q, y = q-4, y+1
	}
	a, b := monthPoint(y, 3*q-2), monthPoint(y, 3*q)
	return point{schemas.Quarter, a.first, b.last}
}

// seasonPoint returns the meteorological season that starts in year y.
func seasonPoint(y, season int) point {
	a, b := monthPoint(y, 3*season), monthPoint(y, 3*season+2)
	return point{schemas.Season, a.first, b.last}
}

// weekPoint returns the ISO week around d.
func weekPoint(d extractor.Date) point {
	a := d.AddDays(1 - isoWeekday(d))
	return point{schemas.Week, a, a.AddDays(6)}
}

func weekendPoint(d extractor.Date) point {
	a := d.AddDays(6 - isoWeekday(d))
	return point{schemas.Weekend, a, a.AddDays(1)}
}

// isoWeekday returns 1 for Monday to 7 for Sunday.
func isoWeekday(d extractor.Date) int { return (int(d.Weekday())+6)%7 + 1 }
