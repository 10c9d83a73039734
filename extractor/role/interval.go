package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// The dates of a time expression: periods, ranges and what lasts until now.

// window returns the dates of a rolling window of the sentence, "the past 24
// hours", counted back from publication; nil if there is none.
func (r *reader) window(at int) *extractor.Interval {
	if r.doc.Published.IsZero() {
		return nil
	}
	for i := r.from; i+2 < r.to; i++ {
		if w := r.word(i); w != "past" && w != "last" && w != "previous" || r.word(i-1) != "the" {
			continue
		}
		n, days := number(r.word(i+1)), 0
		switch r.word(i + 2) {
		case "hours":
			days = (n + 23) / 24
		case "days":
			days = n
		case "weeks":
			days = 7 * n
		}
		if n > 0 && days > 0 && days < 400 {
			end := r.spoken()
			return &extractor.Interval{Start: end.AddDays(-days).String(), End: end.String()}
		}
	}
	return nil
}

// spoken returns the day on which the words of the sentence were said, as far as it
// gives one, else the publication day.
func (r *reader) spoken() extractor.Date {
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last {
			continue
		}
		last = t
		if x := &r.doc.Times[t]; x.Placed && x.From == x.Until && r.ofSpeech(x) {
			if d := x.From.Days(r.doc.Published); d >= 0 && d < 14 {
				return x.From
			}
		}
	}
	return r.doc.Published
}

// accounting returns the period that ends with time x: "the financial year ended
// 30 June", "the three months to March"; nil if there is none.
func (r *reader) accounting(x *extractor.Time) *extractor.Interval {
	k := x.Range.From - 1
	switch r.word(k) {
	case "on", "at":
		k--
	}
	switch r.word(k) {
	case "ended", "ending", "to":
	default:
		return nil
	}
	if x.Until.IsZero() || x.Granularity != schemas.Day && x.Granularity != schemas.Month {
		return nil
	}
	months := 0
	switch r.word(k - 1) {
	case "year":
		months = 12
	case "quarter":
		months = 3
	case "half", "half-year":
		months = 6
	case "months":
		if months = number(r.word(k - 2)); months > 36 {
			months = 0
		}
	case "weeks":
		n := number(r.word(k - 2))
		if n == 0 || n > 60 || x.Granularity != schemas.Day {
			return nil
		}
		return &extractor.Interval{Start: x.Until.AddDays(1 - 7*n).String(), End: x.Until.String()}
	}
	if months == 0 {
		return nil
	}
	end := x.Until
	start := end.AddMonths(-months)
	if end.Day == extractor.DaysIn(end.Year, end.Month) {
		start.Day = extractor.DaysIn(start.Year, start.Month)
	}
	return &extractor.Interval{Start: start.AddDays(1).String(), End: end.String()}
}

// number reads a small whole number in digits or words, 0 for anything else.
func number(w string) int {
	for i, s := range [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} {
		if w == s {
			return i + 1
		}
	}
	n := 0
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' || n > 10000 {
			return 0
		}
		n = n*10 + int(w[i]-'0')
	}
	return n
}

// since reports whether the clause of the time starts with "since".
func (r *reader) since(x *extractor.Time) bool {
	if x.Prep == "since" {
		return true
	}
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-16; k-- {
		switch r.word(k) {
		case "since", "Since":
			return true
		case ",", ";", ".", "when", "as":
			return false
		}
	}
	return false
}

// interval returns the dates of time t for a figure at token at, -1 for none: from a
// start until publication after "since", open at one end after "before" and "until",
// both ends of "from … to".
func (r *reader) interval(t, at int) (*extractor.Interval, bool) {
	x := &r.doc.Times[t]
	start, end := ends(x)
	if start == "" && end == "" {
		return nil, false
	}
	prep := x.Prep
	if r.possessive(x.Range.To) { // by Friday's quake: the preposition is that of the quake
		prep = ""
	}
	if v := r.accounting(x); v != nil {
		return v, false
	}
	if v := r.firstOf(x); v != nil {
		return v, false
	}
	if r.soFar(x) {
		return &extractor.Interval{Start: x.From.String(), End: r.doc.Published.String()}, false
	}
	if r.since(x) && !(r.whenAfter(x) && (at < 0 || r.toldOf(x, at))) && !r.sinceAct(x, at) {
		if x.Mod == "START" && !x.From.IsZero() { // since the start of the year
			start = x.From.String()
		}
		return &extractor.Interval{Start: start, End: r.doc.Published.String()}, true
	}
	if x.Granularity == schemas.Month && prep != "from" && prep != "between" {
		if v := r.monthRange(t); v != nil {
			return v, false
		}
	}
	if prep == "" && r.word(x.Range.From-1) == "and" {
		prep = "and"
	}
	if v := r.daysJoined(t); v != nil && (prep == "" || prep == "on" || prep == "and") {
		return v, false
	}
	switch prep {
	case "from", "between":
		if t+1 < len(r.doc.Times) {
			y := &r.doc.Times[t+1]
			if y.Range.From-x.Range.To <= 2 && y.Placed {
				if _, e := ends(y); e != "" {
					return &extractor.Interval{Start: start, End: e}, false
				}
			}
		}
	case "to", "until", "till", "and", "through":
		if t > 0 {
			y := &r.doc.Times[t-1]
			if x.Range.From-y.Range.To <= 2 && y.Placed && (y.Prep == "from" || y.Prep == "between") {
				if s, _ := ends(y); s != "" {
					return &extractor.Interval{Start: s, End: end}, false
				}
			}
		}
		if prep == "until" || prep == "till" {
			start, end = "", lastDay(x, end)
		}
	case "before":
		start = ""
	case "by":
		if x.Mod == "END" && !x.Until.IsZero() {
			return &extractor.Interval{End: x.Until.String()}, false
		}
		if !x.Until.IsZero() && (x.Until.Before(r.doc.Published) || r.doc.Published.Before(x.From)) {
			start, end = "", lastDay(x, end)
		}
	}
	if (prep == "from" || prep == "") && x.Range.From > r.from {
		switch r.word(x.Range.From - 1) {
		case "from", "starting", "beginning":
			if w := r.word(x.Range.From - 2); w == "starting" || w == "beginning" || r.word(x.Range.From-1) != "from" {
				end = ""
			}
		}
	}
	return &extractor.Interval{Start: start, End: end}, false
}

// daysJoined returns the days of which time t is one, "on 3 and 4 April", "on Tuesday and
// on Wednesday"; nil if it stands alone.
func (r *reader) daysJoined(t int) *extractor.Interval {
	joined := func(x, y *extractor.Time) bool {
		gap := y.Range.From - x.Range.To
		if gap < 1 || gap > 2 || r.word(x.Range.To) != "and" || gap == 2 && r.word(x.Range.To+1) != "on" {
			return false
		}
		if x.Granularity != schemas.Day || y.Granularity != schemas.Day || x.From != x.Until || y.From != y.Until || x.From.IsZero() || y.From.IsZero() {
			return false
		}
		d := x.From.Days(y.From)
		return d > 0 && d < 7
	}
	times := r.doc.Times
	if t > 0 && times[t-1].Range.To <= times[t].Range.From && joined(&times[t-1], &times[t]) {
		t--
	}
	if t+1 >= len(times) || !joined(&times[t], &times[t+1]) {
		return nil
	}
	return &extractor.Interval{Start: times[t].From.String(), End: times[t+1].From.String()}
}

// whenAfter reports whether a clause says what happened at time x itself, whatever
// has been so since: "the worst since 2009, when 20 people died".
func (r *reader) whenAfter(x *extractor.Time) bool {
	k := x.Range.To
	if r.word(k) == "," {
		k++
	}
	return r.word(k) == "when"
}

// sinceAct reports whether the figure at token at is of the act since which something has
// been so: "shut since a fire in May that hurt 12", "since a bomb killed 12 in May".
func (r *reader) sinceAct(x *extractor.Time, at int) bool {
	if x.Prep == "since" || at < 0 {
		return false
	}
	k := x.Range.From - 1
	for ; k > r.from && r.word(k) != "since" && r.word(k) != "Since"; k-- {
	}
	if at < k {
		return false
	}
	w := r.word(x.Range.To)
	return at < x.Range.From && r.kind(r.chunk(at)) == vg || at > x.Range.To && (w == "that" || w == "which" || w == "in" && r.is(x.Range.To+1, relative))
}

// toldOf reports whether token at stands in the clause that says what happened at time
// x: "since 2009, when 20 people died", but neither "50 have died since May, when the
// rains began" nor what is joined to that, "and 90 fell ill".
func (r *reader) toldOf(x *extractor.Time, at int) bool {
	for k := x.Range.To + 2; k < at; k++ {
		if r.word(k) == "," && (r.word(k+1) == "and" || r.word(k+1) == "but") {
			return false
		}
	}
	return at > x.Range.To
}

// soFar reports whether time x has not ended yet and is told of up to now: "so far
// this year", "already this month".
func (r *reader) soFar(x *extractor.Time) bool {
	p := r.doc.Published
	if p.IsZero() || x.From.IsZero() || !x.From.Before(p) || !p.Before(x.Until) {
		return false
	}
	k := x.Range.From - 1
	if w := r.word(k); w == "in" || w == "during" {
		k--
	}
	if r.word(k) == "far" && r.word(k-1) == "so" || r.word(k) == "already" {
		return true
	}
	return r.word(x.Range.To) == "so" && r.word(x.Range.To+1) == "far" || r.word(x.Range.To) == "to" && r.word(x.Range.To+1) == "date"
}

// firstOf returns the part of the year x that words before it name: "the first nine
// months of 2023", "the last six months of last year"; nil if there are none.
func (r *reader) firstOf(x *extractor.Time) *extractor.Interval {
	k := x.Range.From - 1
	if x.Granularity != schemas.YearGr || x.From.IsZero() || r.word(k) != "of" && r.word(k) != "in" || r.word(k-1) != "months" {
		return nil
	}
	n := number(r.word(k - 2))
	if n == 0 || n > 11 {
		return nil
	}
	switch y := x.From; r.word(k - 3) {
	case "first":
		end := y.AddMonths(n).AddDays(-1)
		return &extractor.Interval{Start: y.String(), End: end.String()}
	case "last", "final":
		return &extractor.Interval{Start: y.AddMonths(12 - n).String(), End: x.Until.String()}
	}
	return nil
}

// monthRange returns the months from and to which time t stands with a hyphen, as in
// "the October-December quarter"; nil if it does not.
func (r *reader) monthRange(t int) *extractor.Interval {
	times := r.doc.Times
	if k := times[t].Range.From - 1; t > 0 && (r.word(k) == "-" || r.word(k) == "–") && times[t-1].Range.To == k {
		t--
	}
	if t+1 >= len(times) {
		return nil
	}
	x, y := &times[t], &times[t+1]
	if w := r.word(x.Range.To); w != "-" && w != "–" || y.Range.From != x.Range.To+1 || y.Granularity != schemas.Month || y.Until.IsZero() || x.From.IsZero() {
		return nil
	}
	start := extractor.DateOf(y.From.Year, x.From.Month, 1)
	if y.From.Before(start) { // November to February
		start.Year--
	}
	return &extractor.Interval{Start: start.String()[:7], End: y.From.String()[:7]}
}

// lastDay returns the last day of "the end of June", else end as it is.
func lastDay(x *extractor.Time, end string) string {
	if len(end) == 7 && x.Mod == "END" && !x.Until.IsZero() {
		return x.Until.String()
	}
	return end
}

// ends returns the first and last day of a time as ISO 8601 prefixes, as coarse
// as the text.
func ends(x *extractor.Time) (start, end string) {
	value := x.Value
	if len(value) > 10 && value[10] == 'T' {
		value = value[:10]
	}
	if len(value) == 4 && !x.From.IsZero() && (x.From.Month != 1 || x.Until.Month != 12) { // half a year
		return x.From.String()[:7], x.Until.String()[:7]
	}
	if len(value) == 10 || len(value) == 7 || len(value) == 4 {
		plain := true
		for i := range len(value) {
			if c := value[i]; c != '-' && (c < '0' || c > '9') {
				plain = false
			}
		}
		if plain {
			return value, value
		}
	}
	return x.From.String(), x.Until.String()
}
