package extractor

import (
	"fmt"
	"time"
)

// A Date is a day of the proleptic Gregorian calendar. The zero Date means
// "unknown". Dates are comparable with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns y-m-d with overflow normalised as by [time.Date].
func DateOf(y int, m time.Month, d int) Date {
	y, m, d = time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Date()
	return Date{y, m, d}
}

// ParseDate reads the day from an ISO 8601 date or RFC 3339 time, as its own
// time zone has it. A bare year or month gives its first day. It returns the
// zero Date for anything else.
func ParseDate(s string) Date {
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) == len(layout) || len(s) > 10 && len(layout) == 10 {
			if t, err := time.Parse(layout, s[:len(layout)]); err == nil {
				y, m, d := t.Date()
				return Date{y, m, d}
			}
		}
	}
	return Date{}
}

// IsZero reports whether the date is unknown.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Year, d.Month, d.Day+n) }

// AddMonths returns the same day n months later, or the last day of that month.
func (d Date) AddMonths(n int) Date {
	first := DateOf(d.Year, d.Month+time.Month(n), 1)
	return Date{first.Year, first.Month, min(d.Day, DaysIn(first.Year, first.Month))}
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.time().Weekday() }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.time().Before(e.time()) }

// Days returns the number of days from d to e; negative if e is earlier.
func (d Date) Days(e Date) int { return int(e.time().Sub(d.time()).Hours() / 24) }

// ISOWeek returns the ISO 8601 year and week.
func (d Date) ISOWeek() (year, week int) { return d.time().ISOWeek() }

// String returns the ISO 8601 date, "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

func (d Date) time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// DaysIn returns the number of days of a month.
func DaysIn(year int, m time.Month) int { return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }
