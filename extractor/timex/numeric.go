package timex

import "time"

func timeMonth(m int) time.Month { return time.Month(m) }

func daysIn(y, m int) int {
	if m < 1 || m > 12 {
		return 0
	}
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// tokenFrom returns the first token at or after i that starts at or after byte b.
func (p *parser) tokenFrom(i, b int) int {
	for i < len(p.words) && p.doc.Tokens[i].Start < b {
		i++
	}
	return i
}

// digitRun reads at most max digits of the text at b.
func (p *parser) digitRun(b, limit int) (v, next int) {
	s := p.doc.Text
	next = b
	for next < len(s) && next-b < limit && isDigit(s[next]) {
		v = v*10 + int(s[next]-'0')
		next++
	}
	return v, next
}

// numeric reads a date in digits: 2017-10-07, 10/7/2017, 07.10.2017. It works on
// the text, because tokenizers differ in where they cut such strings.
func (p *parser) numeric(i int) (expr, bool) {
	w := p.at(i)
	if w.digits == 0 || w.digits > 4 || w.digits == 3 || w.is(cOrd) {
		return expr{}, false
	}
	s, b := p.doc.Text, p.doc.Tokens[i].Start
	if b > 0 && (s[b-1] == '/' || s[b-1] == '.' || s[b-1] == '-' || isDigit(s[b-1])) {
		return expr{}, false
	}
	v1, k := p.digitRun(b, 4)
	n1 := k - b
	if k >= len(s) || s[k] != '-' && s[k] != '/' && s[k] != '.' {
		return expr{}, false
	}
	sep := s[k]
	v2, k2 := p.digitRun(k+1, 2)
	if k2 == k+1 || k2 >= len(s) {
		return p.yearMonth(i, v1, n1, v2, k2-k-1, k2, sep)
	}
	if s[k2] != sep {
		return p.yearMonth(i, v1, n1, v2, k2-k-1, k2, sep)
	}
	v3, k3 := p.digitRun(k2+1, 4)
	n3 := k3 - k2 - 1
	if n3 == 0 || k3 < len(s) && isDigit(s[k3]) {
		return p.yearMonth(i, v1, n1, v2, k2-k-1, k2, sep)
	}
	e := newExpr(i, 0, fDate, ruleNumeric)
	switch {
	case n1 == 4 && n3 <= 2:
		e.year, e.month, e.day = v1, v2, v3
	case n1 <= 2 && (n3 == 4 || n3 == 2 && sep == '/'):
		if n3 == 2 {
			v3 += 2000
			if v3 > 2040 {
				v3 -= 100
			}
		}
		e.year, e.month, e.day = v3, v1, v2
		if sep == '.' || v1 > 12 {
			e.month, e.day = v2, v1
		}
	default:
		return expr{}, false
	}
	end := k3
	if end+6 <= len(s) && s[end] == 'T' && isDigit(s[end+1]) { // ISO 8601 time
		h, a := p.digitRun(end+1, 2)
		if a < len(s) && s[a] == ':' {
			if m, z := p.digitRun(a+1, 2); z == a+3 && h < 24 && m < 60 {
				e.minute, end = 60*h+m, z
				for end < len(s) && (isDigit(s[end]) || s[end] == ':' || s[end] == 'Z' || s[end] == '+') {
					end++
				}
			}
		}
	}
	e.to = p.tokenFrom(i+1, end)
	return p.checked(e), true
}

// yearMonth reads "2017-10".
func (p *parser) yearMonth(i, y, ny, m, nm, end int, sep byte) (expr, bool) {
	if ny != 4 || nm != 2 || sep != '-' || m < 1 || m > 12 || y < 1900 || y > 2100 {
		return expr{}, false
	}
	s := p.doc.Text
	if end < len(s) && (isDigit(s[end]) || s[end] == '-') {
		return expr{}, false
	}
	if m > y%100 && y >= 2000 && y < 2012 { // "2003-04" is a season or range as often as a month
		return expr{}, false
	}
	e := newExpr(i, p.tokenFrom(i+1, end), fDate, ruleNumeric)
	e.year, e.month = y, m
	return e, true
}

// clockAt reports whether a clock time starts at token i.
func (p *parser) clockAt(i int) bool {
	_, ok := p.clock(i)
	return ok
}

// clock reads a clock time: "9:30 a.m.", "12.06am", "0600 GMT", "noon", "KSA 16:06".
func (p *parser) clock(i int) (expr, bool) {
	w := p.at(i)
	switch {
	case w.is(cZone) && w.upper && p.at(i+1).digits > 0 && !w.is(cThe):
		e, ok := p.digital(i+1, true)
		e.from, e.zone = i, int(w.val)
		return e, ok
	case w.digits > 0:
		return p.digital(i, false)
	case w.is(cNum) && p.isWord(i+1, "o'clock", "o’clock") && w.val >= 1 && w.val <= 12:
		e := newExpr(i, i+2, fClock, ruleClock)
		e.minute, e.hourOnly = int(w.val)*60, true
		return p.dayHalf(e), true
	case w.is(cNum) && p.isWord(i+1, "a.m.", "p.m.", "am", "pm") && w.val >= 1 && w.val <= 12:
		e := newExpr(i, i+2, fClock, ruleClock)
		e.minute, e.hourOnly = int(w.val)%12*60, true
		if c := p.text(i + 1)[0]; c == 'p' || c == 'P' {
			e.minute += 720
		}
		return e, true
	case w.is(cPart) && p.isWord(i, "noon", "midday", "midnight"):
		e := newExpr(i, i+1, fClock, ruleClock)
		e.hourOnly = true
		e.minute = 720
		if p.isWord(i, "midnight") {
			e.minute = 0
		}
		return e, true
	}
	return expr{}, false
}

// digital reads a clock time in digits from the text at token i.
func (p *parser) digital(i int, zoned bool) (expr, bool) {
	w := p.at(i)
	if w.digits == 0 || w.digits > 4 || w.is(cOrd) || i > 0 && p.glued(i) && p.text(i-1) != "(" && p.text(i-1) != "-" && p.text(i-1) != "–" && !p.at(i-1).is(cComma) {
		return expr{}, false
	}
	s, b := p.doc.Text, p.doc.Tokens[i].Start
	h, k := p.digitRun(b, 4)
	n := k - b
	m, sep := 0, byte(0)
	switch {
	case n <= 2 && k+2 < len(s) && (s[k] == ':' || s[k] == '.') && isDigit(s[k+1]) && isDigit(s[k+2]) && !(k+3 < len(s) && isDigit(s[k+3])):
		sep = s[k]
		m, k = p.digitRun(k+1, 2)
		if sep == ':' && k+2 < len(s) && s[k] == ':' && isDigit(s[k+1]) && isDigit(s[k+2]) {
			k += 3
		}
	case n == 4:
		h, m = h/100, h%100
	}
	if h > 24 || m > 59 || n == 3 {
		return expr{}, false
	}
	half, end := p.halfDay(k)
	e := newExpr(i, 0, fClock, ruleClock)
	if half == 0 {
		end = k
	}
	j := p.tokenFrom(i+1, end)
	hours := half == 0 && p.isWord(j, "hours", "hrs", "h", "hour") && n == 4
	if hours {
		j++
	}
	zone, offset := zoned, 0
	if z := p.at(j); z.is(cZone) && !p.isWord(j, "pt", "et", "local", "ist") || p.isWord(j, "ET", "PT", "local") && (half != 0 || sep == ':' || n == 4) {
		zone, offset = true, int(z.val)
		j++
		if p.isWord(j-1, "local") {
			if !p.isWord(j, "time") {
				zone = zoned
				j--
			} else {
				j++
			}
		}
	}
	switch {
	case half == 'a' && h <= 12:
		h %= 12
	case half == 'p' && h <= 12:
		h = h%12 + 12
	case half != 0:
		return expr{}, false
	case sep == ':' && (zone || p.clockContext(i, n)):
	case (n == 4 || sep == '.') && (zone || hours):
	case n <= 2 && sep == 0 && p.isWord(j, "o'clock", "o’clock") && h <= 12:
		j++
	case n <= 2 && sep == 0 && !zoned && zone && p.isWord(j-1, "gmt", "utc"):
	default:
		return expr{}, false
	}
	e.minute, e.hourOnly, e.to, e.zone = 60*h+m, sep == 0 && n <= 2, j, offset
	if half == 0 && h <= 12 {
		return p.dayHalf(e), true
	}
	return e, true
}

// dayHalf reads "in the evening" after a clock time.
func (p *parser) dayHalf(e expr) expr {
	if p.isWord(e.to, "in") && p.isWord(e.to+1, "the") && p.at(e.to+2).is(cPart) && !p.at(e.to+2).is(cPlural) {
		if v := p.at(e.to + 2).val; (v == 2 || v == 3) && e.minute < 720 {
			e.minute += 720
		}
		e.to += 3
	} else if p.isWord(e.to, "at") && p.isWord(e.to+1, "night") && e.minute >= 360 && e.minute < 720 {
		e.minute += 720
		e.to += 2
	}
	return e
}

// clockContext tells 14:30 from a score or a verse.
func (p *parser) clockContext(i, digits int) bool {
	if i == 0 || digits == 2 && p.doc.Text[p.doc.Tokens[i].Start] <= '2' {
		return true
	}
	prev := p.at(i - 1)
	return prev.is(cPrep|cComma|cDash|cDigits|cMonth|cWeekday|cDay) || p.text(i-1) == "(" || p.text(i-1) == "|"
}

// halfDay reads a.m. or p.m. at byte k, after at most one space. It returns 'a',
// 'p' or 0 and where it ends.
func (p *parser) halfDay(k int) (byte, int) {
	s := p.doc.Text
	if k < len(s) && (s[k] == ' ' || s[k] == '-') {
		k++
	} else if k+1 < len(s) && s[k] == 0xC2 && s[k+1] == 0xA0 {
		k += 2
	}
	if k >= len(s) {
		return 0, 0
	}
	c := s[k] | 0x20
	if c != 'a' && c != 'p' {
		return 0, 0
	}
	k++
	dot := k < len(s) && s[k] == '.'
	if dot {
		k++
		if k < len(s) && s[k] == ' ' {
			k++
		}
	}
	if k >= len(s) || s[k]|0x20 != 'm' {
		return 0, 0
	}
	k++
	if dot && k < len(s) && s[k] == '.' {
		k++
	}
	if k < len(s) && (s[k]|0x20 >= 'a' && s[k]|0x20 <= 'z' || isDigit(s[k])) {
		return 0, 0
	}
	return c, k
}

// clockDate reads the day after a clock time: "11 a.m. on Wednesday".
func (p *parser) clockDate(e expr) expr {
	j := e.to
	if p.at(j).is(cComma) {
		j++
	}
	if p.isWord(j, "on", "of") {
		j++
	}
	if !p.sameSentence(e.from, j) {
		return e
	}
	d, ok := p.core(j)
	if !ok || !(d.form == fDay || d.form == fDate && (d.day > 0 || d.weekday > 0) && d.minute < 0 || d.form == fRel && d.unit == uDay) {
		return e
	}
	from := e.from
	d.minute, d.hourOnly, d.zone = e.minute, e.hourOnly, e.zone
	d.rules |= ruleClock | ruleDated
	d.from = from
	if p.at(d.to).is(cPart) && !p.at(d.to).is(cPlural) && d.part == 0 {
		d.to++
	}
	return d
}
