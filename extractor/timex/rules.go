package timex

// A ruleSet is the set of rules that made a time expression, as bits.
type ruleSet uint64

// has reports whether every rule of t is in s.
func (s ruleSet) has(t ruleSet) bool { return s&t == t }

// The rules: first those that read an expression, then those that put it on the
// calendar.
const (
	ruleDayMonth   ruleSet = 1 << iota // "7 October", "7th of October 2017"
	ruleMonthDay                       // "October 7, 2017"
	ruleMonth                          // "October", "October 2023"
	ruleWeekday                        // "Tuesday"
	ruleNumeric                        // "2017-10-07", "10/7/2017"
	ruleYear                           // "2003"
	ruleShortYear                      // "since '82", "1914-18"
	ruleEra                            // "44 BC"
	ruleGlued                          // "Apr 152017", "1936The coup"
	ruleDecade                         // "1990s"
	ruleCentury                        // "the 20th century"
	ruleQuarter                        // "the second quarter of 2022", "Q3"
	ruleHalf                           // "the first half of 2022"
	ruleSeason                         // "summer 2022", "last winter"
	ruleHoliday                        // "Christmas Eve"
	ruleRelative                       // "last week", "the following year"
	ruleRolling                        // "the past 24 hours"
	ruleDefinite                       // "by the weekend", "for the quarter"
	ruleDay                            // "today", "yesterday"
	ruleClock                          // "9:30 a.m."
	rulePart                           // "Friday night", "in the morning"
	ruleOvernight                      // "overnight"
	ruleDuration                       // "two years"
	ruleAgo                            // "two days ago", "a year earlier", "a week from now"
	ruleAfter                          // "two days after the blast"
	ruleRecurring                      // "daily", "every Monday"
	ruleVague                          // "recently"
	ruleEdge                           // "the end of May", "late on Friday"
	ruleRange                          // "October 7-10"
	ruleBareDay                        // "on the 13th"
	ruleYearOf                         // "July last year"
	ruleDated                          // "11 a.m. on Wednesday", "9 a.m. to 5 p.m. on Friday"
	ruleNoDay                          // "February 30": on no calendar
	ruleTense                          // the verbs around it say on which side of the publication date
	ruleDayOfWeek                      // the weekday beside a date settles its year
	rulePublished                      // counted from the publication date
	ruleFromText                       // counted from a date named before
	ruleUnresolved                     // nothing to count from
)

// ruleNames holds the ids of the rules, in the order of their bits.
var ruleNames = [...]string{
	"timex/day-month", "timex/month-day", "timex/month", "timex/weekday", "timex/numeric", "timex/year", "timex/short-year",
	"timex/era", "timex/glued", "timex/decade", "timex/century", "timex/quarter", "timex/half", "timex/season", "timex/holiday",
	"timex/relative", "timex/rolling", "timex/definite", "timex/day", "timex/clock", "timex/part", "timex/overnight",
	"timex/duration", "timex/ago", "timex/after", "timex/set", "timex/vague", "timex/edge", "timex/range", "timex/bare-day",
	"timex/year-of", "timex/dated", "timex/no-day", "timex/tense", "timex/day-of-week", "timex/published", "timex/from-text",
	"timex/unresolved",
}

// names returns the ids of the rules of s, in a fixed order.
func (s ruleSet) names() []string {
	n := 0
	for t := s; t != 0; t &= t - 1 {
		n++
	}
	out := make([]string, 0, n)
	for i, name := range ruleNames {
		if s.has(1 << i) {
			out = append(out, name)
		}
	}
	return out
}
