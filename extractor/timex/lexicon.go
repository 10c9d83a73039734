package timex

import (
	"strings"
	"sync"
)

// A class is a set of parts that a word can play in a time expression.
type class uint64

const (
	cNum     class = 1 << iota // val: cardinal, in digits or one word
	cOrd                       // ord: ordinal
	cMonth                     // val: 1-12
	cWeekday                   // val: 1 (Monday) to 7
	cUnit                      // unit
	cPlural                    // a unit, weekday or season in the plural
	cSeason                    // val: index into seasonCodes
	cPart                      // val: index into partCodes
	cDay                       // val: days from the publication day
	cRel                       // rel: last, next, this, …
	cThe                       // articles, demonstratives and possessives before a unit
	cPrep                      // prepositions that may stand before a time
	cMod                       // mod: early, late, mid
	cEdge                      // mod: beginning, end, middle
	cVague                     // several, few, many: a number not said
	cEvery                     // every, each, per
	cSet                       // unit: daily, weekly; val: how many of them
	cRef                       // val: index into refCodes
	cApprox                    // about, nearly, more than: not part of the time, only a modifier
	cFiller                    // adjectives between number and unit: "six straight days"
	cDash                      // hyphens and dashes
	cComma                     // commas
	cZone                      // time zones
	cClock                     // a.m., p.m., o'clock, hours
	cEra                       // val: 0 AD, 1 BC
	cHoliday                   // val: month*100+day
	cAgo                       // val: index into agoKinds
	cAbbrev                    // a form that needs a date beside it: "Sun", "Sat", "Mar", "may"
	cLabel                     // words before a number that is a name, not a year: "flight", "No"
	cTens                      // twenty … ninety, may be followed by -one … -nine
	cScale                     // hundred, thousand
	cAnd
	cOf
	cDigits // the token is all digits (grouping commas allowed in val)
	cMixed  // digits and other characters
	cRare   // starts an expression only before certain words
)

// A unit is a calendar unit.
type unit uint8

const (
	uNone unit = iota
	uSecond
	uMinute
	uHour
	uDay
	uWeek
	uWeekend
	uMonth
	uQuarter
	uYear
	uDecade
	uCentury
	uMillennium
	uHalf // only in "the first half of"
)

// A rel is the direction of a relative expression.
type rel uint8

const (
	rNone      rel = iota
	rLast          // last: before the publication date
	rThis          // this, current
	rNext          // next, coming
	rPrevious      // previous, preceding: before the date named last
	rFollowing     // following, subsequent: after it
	rSame          // same, that: the one named last
	rPast          // past, last N: rolling
)

// A mod is a TIMEX3 modifier.
type mod uint8

const (
	mNone mod = iota
	mStart
	mMid
	mEnd
	mApprox
	mLess
	mMore
	mLessEq
	mMoreEq
	mEarly // "earlier": no TIMEX3 name of its own
	mLate
)

var modNames = [...]string{"", "START", "MID", "END", "APPROX", "LESS_THAN", "MORE_THAN", "EQUAL_OR_LESS", "EQUAL_OR_MORE", "", ""}

// agoKinds: how an offset is anchored.
const (
	agoAgo     = iota // back from the publication date
	agoEarlier        // back from the date named last
	agoLater          // on from the date named last
	agoAfter          // "two days after the blast"
	agoBefore         // "two days before the vote"
	agoHence          // on from the publication date
)

var (
	partCodes   = [...]string{"", "MO", "AF", "EV", "NI", "MI", "DT"} // MI: midday
	seasonCodes = [...]string{"SP", "SU", "FA", "WI"}
	refCodes    = [...]string{"PRESENT_REF", "PAST_REF", "FUTURE_REF"}
)

// An entry is what the lexicon knows of a word.
type entry struct {
	class class
	val   int32
	ord   int16
	unit  unit
	rel   rel
	mod   mod
}

// merge adds a second reading of a word.
func (e entry) merge(f entry) entry {
	e.class |= f.class
	if f.val != 0 {
		e.val = f.val
	}
	if f.ord != 0 {
		e.ord = f.ord
	}
	if f.unit != 0 {
		e.unit = f.unit
	}
	if f.rel != 0 {
		e.rel = f.rel
	}
	if f.mod != 0 {
		e.mod = f.mod
	}
	return e
}

// maxWord is the length of the longest word of the lexicon.
const maxWord = 14

var lexicon = sync.OnceValue(func() map[string]entry {
	m := map[string]entry{}
	add := func(e entry, words string) {
		for _, w := range strings.Fields(words) { // FieldsSeq would be 80 KB of inlined code
			m[w] = m[w].merge(e)
		}
	}
	list := func(e entry, first int32, words string) {
		for i, w := range strings.Fields(words) {
			e.val = first + int32(i)
			for alt := range strings.SplitSeq(w, "|") {
				add(e, alt)
			}
		}
	}
	list(entry{class: cNum}, 0, "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	for i, w := range strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety") {
		add(entry{class: cNum | cTens, val: int32(20 + 10*i)}, w)
	}
	add(entry{class: cScale, val: 100}, "hundred")
	add(entry{class: cScale, val: 1000}, "thousand")
	add(entry{class: cNum, val: 12}, "dozen")
	for i, w := range strings.Fields("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth") {
		add(entry{class: cOrd, ord: int16(i + 1)}, w)
	}
	add(entry{class: cOrd, ord: 30}, "thirtieth")
	list(entry{class: cMonth}, 1, "january|jan|jan. february|feb|feb. march|mar|mar. april|apr|apr. may june|jun|jun. july|jul|jul. august|aug|aug. september|sept|sept.|sep|sep. october|oct|oct. november|nov|nov. december|dec|dec.")
	add(entry{class: cAbbrev}, "may march mar mar. jan jun dec sep august")
	list(entry{class: cWeekday}, 1, "monday|mon|mon. tuesday|tue|tues|tue.|tues. wednesday|wed|wed. thursday|thu|thur|thurs|thu.|thurs. friday|fri|fri. saturday|sat|sat. sunday|sun|sun.")
	add(entry{class: cAbbrev}, "mon tue tues wed thu thur thurs fri sat sun mon. tue. tues. wed. thu. thurs. fri. sat. sun.")
	list(entry{class: cWeekday | cPlural}, 1, "mondays tuesdays wednesdays thursdays fridays saturdays sundays")
	units := func(u unit, singular, plural string) {
		add(entry{class: cUnit, unit: u}, singular)
		add(entry{class: cUnit | cPlural, unit: u}, plural)
	}
	units(uSecond, "second sec", "seconds secs")
	units(uMinute, "minute min", "minutes mins")
	units(uHour, "hour hr", "hours hrs")
	units(uDay, "day", "days")
	units(uWeek, "week", "weeks")
	units(uWeekend, "weekend", "weekends")
	units(uMonth, "month", "months")
	units(uQuarter, "quarter", "quarters")
	units(uYear, "year yr", "years yrs")
	units(uDecade, "decade", "decades")
	units(uCentury, "century", "centuries")
	units(uMillennium, "millennium", "millennia")
	add(entry{class: cUnit, unit: uWeek, val: 2}, "fortnight")
	list(entry{class: cSeason}, 0, "spring|springtime summer|summertime autumn|fall winter|wintertime")
	list(entry{class: cSeason | cPlural}, 0, "springs summers autumns winters")
	list(entry{class: cPart}, 1, "morning afternoon evening night midday|noon|noontime daytime")
	list(entry{class: cPart | cPlural}, 1, "mornings afternoons evenings nights")
	add(entry{class: cPart, val: 4}, "midnight")
	add(entry{class: cPart, val: 1}, "dawn daybreak sunrise")
	add(entry{class: cPart, val: 3}, "dusk sunset")
	list(entry{class: cDay}, -1, "yesterday today|tonight tomorrow")
	add(entry{class: cRel, rel: rLast}, "last")
	add(entry{class: cRel, rel: rThis}, "this current")
	add(entry{class: cRel, rel: rNext}, "next coming upcoming")
	add(entry{class: cRel, rel: rPrevious}, "previous preceding prior")
	add(entry{class: cRel, rel: rFollowing}, "following subsequent succeeding ensuing")
	add(entry{class: cRel, rel: rSame}, "same that")
	add(entry{class: cRel, rel: rPast}, "past")
	add(entry{class: cThe}, "the a an its his her their our this that these those")
	add(entry{class: cPrep}, "on in at by since until till from to before after during for within between through throughout over around of about as early late and")
	add(entry{class: cMod, mod: mStart}, "early")
	add(entry{class: cMod, mod: mEnd}, "late")
	add(entry{class: cMod, mod: mMid}, "mid")
	add(entry{class: cMod, mod: mEarly}, "earlier")
	add(entry{class: cMod, mod: mLate}, "later")
	add(entry{class: cEdge, mod: mStart}, "beginning start onset opening")
	add(entry{class: cEdge, mod: mMid}, "middle")
	add(entry{class: cEdge, mod: mEnd}, "end close ending rest remainder")
	add(entry{class: cVague}, "several few many couple some")
	add(entry{class: cEvery}, "every each per")
	for w, e := range map[string]entry{
		"hourly": {unit: uHour, val: 1}, "daily": {unit: uDay, val: 1}, "nightly": {unit: uDay, val: 1}, "weekly": {unit: uWeek, val: 1},
		"biweekly": {unit: uWeek, val: 2}, "fortnightly": {unit: uWeek, val: 2}, "monthly": {unit: uMonth, val: 1}, "bimonthly": {unit: uMonth, val: 2},
		"quarterly": {unit: uMonth, val: 3}, "annual": {unit: uYear, val: 1}, "annually": {unit: uYear, val: 1}, "yearly": {unit: uYear, val: 1}, "biennial": {unit: uYear, val: 2},
	} {
		e.class = cSet
		add(e, w)
	}
	add(entry{class: cRef, val: 0}, "now currently current presently nowadays present")
	add(entry{class: cRef, val: 1}, "recently recent former formerly past lately")
	add(entry{class: cRef, val: 2}, "future")
	add(entry{class: cApprox, mod: mApprox}, "about around nearly almost roughly approximately some")
	add(entry{class: cApprox, mod: mMore}, "over")
	add(entry{class: cApprox, mod: mLess}, "under")
	add(entry{class: cFiller}, "straight consecutive full whole trading working business calendar more further additional long short successive solid fiscal financial entire crucial calender further school academic")
	add(entry{class: cDash}, "- – — ‐ ‑")
	add(entry{class: cComma}, ",")
	add(entry{class: cZone}, "cet cest bst eet eest msk ist jst kst hkt sgt aest et pt local ksa")
	add(entry{class: cZone, val: 1}, "gmt utc")
	for i, w := range strings.Fields("edt est cst mst pst pdt") { // west of Greenwich
		add(entry{class: cZone, val: int32([...]int{-4, -5, -6, -7, -8, -7}[i])}, w)
	}
	add(entry{class: cClock}, "a.m. p.m. a.m p.m am pm o'clock o’clock hours hrs")
	add(entry{class: cEra, val: 1}, "bc bce b.c. b.c b.c.e.")
	add(entry{class: cEra}, "ad ce a.d. a.d c.e.")
	add(entry{class: cHoliday, val: 1225}, "christmas xmas")
	add(entry{class: cHoliday, val: 1031}, "halloween")
	add(entry{class: cRare}, "new half")
	add(entry{class: cAgo, val: agoAgo}, "ago")
	add(entry{class: cAgo, val: agoEarlier}, "earlier previously")
	add(entry{class: cAgo, val: agoLater}, "later")
	add(entry{class: cAgo, val: agoAfter}, "after following")
	add(entry{class: cAgo, val: agoBefore}, "before")
	add(entry{class: cLabel}, "flight no no. number resolution act article section page chapter model route room line highway channel windows boeing airbus iso rfc unit division regiment sq")
	add(entry{class: cAnd}, "and or")
	add(entry{class: cOf}, "of")
	return m
})
