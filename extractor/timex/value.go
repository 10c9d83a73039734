package timex

import (
	"strconv"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

var unitLetters = [...]string{
	uSecond: "S", uMinute: "M", uHour: "H", uDay: "D", uWeek: "W", uWeekend: "WE", uMonth: "M", uQuarter: "Q", uYear: "Y",
	uDecade: "DE", uCentury: "CE", uMillennium: "ML",
}

// padded appends v with at least width digits.
func padded(b []byte, v, width int) []byte {
	for p := 1; width > 1; width-- {
		for q := 1; q < width; q++ {
			p *= 10
		}
		if v >= p {
			break
		}
		b = append(b, '0')
		p = 1
	}
	return strconv.AppendInt(b, int64(v), 10)
}

func formatYear(y int) string { return string(appendYear(nil, y)) }

func appendYear(b []byte, y int) []byte {
	if y < 0 {
		return padded(append(b, "BC"...), -y, 4)
	}
	return padded(b, y, 4)
}

// value returns the TIMEX3 value of e at p.
func value(e *expr, p point) string {
	var buf [32]byte
	b := buf[:0]
	switch e.form {
	case fDuration:
		return string(period(b, e))
	case fSet:
		return setValue(e)
	case fRef:
		return refCodes[e.n]
	case fDecade:
		return strconv.Itoa(e.n)
	case fCentury:
		if e.n < 0 {
			return string(padded(append(b, "BC"...), -e.n-1, 2))
		}
		return string(padded(b, e.n-1, 2))
	case fDate:
		if e.bad {
			return ""
		}
	}
	if p.isZero() {
		return unknown(e)
	}
	y := p.first.Year
	switch p.grain {
	case schemas.Day:
		b = appendDay(b, p.first)
		b = appendTime(b, e)
	case schemas.Week, schemas.Weekend:
		wy, w := p.first.ISOWeek()
		b = padded(append(padded(b, wy, 4), "-W"...), w, 2)
		if p.grain == schemas.Weekend {
			b = append(b, "-WE"...)
		}
	case schemas.Month:
		b = padded(append(appendYear(b, y), '-'), int(p.first.Month), 2)
	case schemas.Quarter:
		b = strconv.AppendInt(append(appendYear(b, y), "-Q"...), int64(p.first.Month+2)/3, 10)
	case schemas.Season:
		b = append(append(appendYear(b, y), '-'), seasonCodes[int(p.first.Month)/3-1]...)
	case schemas.Decade:
		if y < 0 {
			b, y = append(b, "BC"...), -y
		}
		b = padded(b, y/10, 3)
	case schemas.Century:
		if y < 0 {
			b, y = append(b, "BC"...), -y
		}
		b = padded(b, y/100, 2)
	default:
		b = appendYear(b, y)
	}
	return string(b)
}

func appendDay(b []byte, d extractor.Date) []byte {
	b = append(appendYear(b, d.Year), '-')
	b = append(padded(b, int(d.Month), 2), '-')
	return padded(b, d.Day, 2)
}

func appendTime(b []byte, e *expr) []byte {
	switch {
	case e.minute >= 0:
		b = padded(append(b, 'T'), e.minute/60, 2)
		b = padded(append(b, ':'), e.minute%60, 2)
		switch {
		case e.zone == 1:
			b = append(b, 'Z')
		case e.zone < 0:
			b = padded(append(b, '-'), -e.zone, 2)
		}
	case e.part > 0:
		b = append(append(b, 'T'), partCodes[e.part]...)
	}
	return b
}

// period returns a TIMEX3 duration: P2D, PT5H, PXM, P2.5Y.
func period(b []byte, e *expr) []byte {
	b = append(b, 'P')
	if e.unit != uNone && e.unit <= uHour {
		b = append(b, 'T')
	}
	switch {
	case e.num != "":
		b = append(b, e.num...)
	case e.n < 0:
		b = append(b, 'X')
	default:
		b = strconv.AppendInt(b, int64(e.n), 10)
	}
	return append(b, unitLetters[e.unit]...)
}

func setValue(e *expr) string {
	switch {
	case e.weekday > 0:
		return "XXXX-WXX-" + strconv.Itoa(e.weekday)
	case e.month > 0:
		return string(padded([]byte("XXXX-"), e.month, 2))
	case e.part > 0:
		return "XXXX-XX-XXT" + partCodes[e.part]
	}
	return string(period(nil, e))
}

// unknown writes what is known of an expression without a place, X for the rest.
func unknown(e *expr) string {
	var buf [32]byte
	b := append(buf[:0], "XXXX"...)
	switch {
	case e.form == fOffset:
		if e.ago == agoAgo && e.n < 0 {
			return "PAST_REF"
		}
		if e.unit <= uHour {
			return string(period(buf[:0], e))
		}
		return unknownUnit(e.unit)
	case e.form == fRel:
		return unknownUnit(e.unit)
	case e.form == fDate && e.weekday > 0 && e.day == 0:
		return string(appendTime(strconv.AppendInt(append(b, "-WXX-"...), int64(e.weekday), 10), e))
	case e.form == fDate && e.month > 0:
		b = padded(append(b, '-'), e.month, 2)
		if e.day > 0 {
			b = appendTime(padded(append(b, '-'), e.day, 2), e)
		}
		return string(b)
	case e.quarter > 0:
		return string(strconv.AppendInt(append(b, "-Q"...), int64(e.quarter), 10))
	case e.season > 0:
		return string(append(append(b, '-'), seasonCodes[e.season-1]...))
	case e.half > 0:
		return string(b)
	}
	return string(appendTime(append(b, "-XX-XX"...), e))
}

func unknownUnit(u unit) string {
	switch u {
	case uWeek:
		return "XXXX-WXX"
	case uWeekend:
		return "XXXX-WXX-WE"
	case uMonth:
		return "XXXX-XX"
	case uQuarter:
		return "XXXX-QX"
	case uYear:
		return "XXXX"
	case uDecade:
		return "XXX"
	case uCentury, uMillennium:
		return "XX"
	}
	return "XXXX-XX-XX"
}
