package quantity

import (
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// measure sets the unit from the sign before the number or the words after it.
func (s *scanner) measure(q *found) {
	q.unit = schemas.UnitCount
	switch q.kind {
	case digits:
		q.rule("quantity/digits")
	case spelt:
		q.rule("quantity/words")
	case vague:
		q.rule("quantity/vague")
	case share:
		q.rule("quantity/share")
		q.unit = schemas.UnitPercent
		if q.half && s.at(q.to).text == "of" && s.at(q.to+1).text == "a" || q.half && s.at(q.to).text == "a" && s.at(q.to+1).text == "share" {
			q.unit, q.value = schemas.UnitCount, q.ratio
		}
		if s.at(q.to).text == "of" && (s.at(q.to+1).text == "a" || s.at(q.to+1).text == "one") && s.is(q.to+2, percent) { // two thirds of a percent
			q.value, q.right = q.ratio, q.to+3
			return
		}
	}
	if q.hi.to > 0 {
		q.rule("quantity/range")
	}
	if q.sign != "" {
		s.setUnit(q, q.sign, q.to)
		return
	}
	if code, left := s.signBefore(q.from); code != "" {
		q.unit, q.left = code, min(q.left, left)
		q.rule("quantity/money")
		s.negateMoney(q)
		if _, to, ok := s.unitAfter(q.right); ok && s.is(to-1, money) { // 35 million dollars with a sign before
			q.right = to
		}
		return
	}
	if end := s.doc.Tokens[q.to-1].End; q.hi.to == 0 && q.span.End < end { // 350 milliondollars
		if e := s.lex.lookup(s.doc.Text[q.span.End:end]); e.class&money != 0 {
			s.setUnit(q, s.localCode(e.money, s.doc.Country), q.to)
			return
		}
	}
	if code, to, ok := s.unitAfter(q.right); ok {
		if q.kind == share && schemas.UnitCount != code {
			q.value = q.ratio
			q.kind = spelt
		}
		s.setUnit(q, code, to)
		if s.is(to-1, sign) && s.is(to, mag) && q.hi.to == 0 && q.mag == (schemas.Decimal{}) { // 75 USD million
			s.multiply(&q.numeral, s.words[to].n)
			q.right = to + 1
		}
		return
	}
	s.sharedUnit(q)
}

// sharedUnit gives the start of a change the unit that stands after its end:
// "from 60 to 48 cents".
func (s *scanner) sharedUnit(q *found) {
	k := q.right + 1
	if s.word(q.right) != "to" || q.kind != digits && q.kind != spelt || !s.before(q, "from") || !s.digitAt(k) && !s.is(k, small|ten) {
		return
	}
	n, ok := s.numeral(k)
	if !ok || n.kind == vague || n.kind == share || n.mag != q.mag {
		return
	}
	code, to, ok := s.unitAfter(n.to)
	if !ok {
		return
	}
	right := q.right
	s.setUnit(q, code, to)
	q.right = right
}

// setUnit records a unit that ends at token to.
func (s *scanner) setUnit(q *found, code string, to int) {
	d, _ := schemas.UnitDimension(code)
	if d == schemas.DimMoney && s.is(to-1, cent) && q.valid { // cents are hundredths of a dollar
		hundredth, _ := schemas.NewDecimal(1, -2)
		v, err := q.value.Mul(hundredth)
		hi, err2 := q.hi.value.Mul(hundredth)
		if err == nil && err2 == nil {
			q.value, q.hi.value = v, hi
		}
	}
	q.unit, q.right = code, to
	switch {
	case d == schemas.DimMoney:
		q.rule("quantity/money")
	case d == schemas.DimPercent:
		q.rule("quantity/percent")
	default:
		q.rule("quantity/measure")
	}
}

// signBefore returns the currency whose sign or code stands right before token i.
func (s *scanner) signBefore(i int) (code string, left int) {
	k := i - 1
	e := s.at(k)
	if e.class&sign == 0 {
		if s.word(k) == "¢" && s.word(k-1) == "GH" && s.glued(k) {
			return "GHS", k - 1
		}
		return "", i
	}
	code = e.money
	if e.text != "$" {
		if e.text == "us" || e.text == "re" || e.text == "rs" && !s.capital(k) || e.text == "le" {
			return "", i
		}
		return code, k
	}
	if s.glued(k) {
		switch s.word(k - 1) {
		case "US", "U.S.":
			return "USD", k - 1
		case "A", "AU":
			return "AUD", k - 1
		case "C", "CA":
			return "CAD", k - 1
		case "S", "SG":
			return "SGD", k - 1
		case "NZ":
			return "NZD", k - 1
		case "HK":
			return "HKD", k - 1
		case "NT":
			return "TWD", k - 1
		case "R":
			return "BRL", k - 1
		case "Mex", "MX":
			return "MXN", k - 1
		case "J", "JA":
			return "JMD", k - 1
		case "TT":
			return "TTD", k - 1
		}
	}
	return s.localCode("USD", s.doc.Country), k
}

// localCode returns the code of a currency's name in a country.
func (s *scanner) localCode(code, country string) string {
	if country == "" {
		return code
	}
	var key [6]byte
	if len(code) != 3 || len(country) != 2 {
		return code
	}
	copy(key[:], code)
	key[3] = ':'
	copy(key[4:], country)
	if c, ok := s.lex.local[string(key[:])]; ok {
		return c
	}
	return code
}

// country returns the country whose money the name at token i is. Rupees, pesos or
// dinars are those of the country that was named last, near enough; dollars,
// pounds and euros are told by the publisher's country alone.
func (s *scanner) country(code string, i int) string {
	switch code {
	case "USD", "GBP", "EUR":
		return s.doc.Country
	}
	const window = 300
	for k := min(i, len(s.doc.Tokens)) - 1; k >= 0 && k > i-window; k-- {
		n := s.doc.Tokens[k].Name
		if n < 0 || int(n) >= len(s.doc.Names) || s.doc.Names[n].Entity < 0 || s.doc.Names[n].Type == schemas.Organisation {
			continue
		}
		c := s.doc.Entities[s.doc.Names[n].Entity].Country
		if len(c) == 2 && (c == code[:2] || s.localCode(code, c) != code) { // ISO 4217 codes start with the country's
			return c
		}
	}
	return s.doc.Country
}

// unitAfter returns the unit that starts at token i and where it ends.
func (s *scanner) unitAfter(i int) (code string, to int, ok bool) {
	joined := s.hyphen(i)
	if joined {
		i++
	}
	e := s.at(i)
	switch {
	case e.class&percent != 0:
		return s.percentAfter(i, i+1)
	case e.text == "per" && s.at(i+1).text == "cent":
		return s.percentAfter(i+1, i+2)
	case e.class&basis != 0, e.text == "basis" && s.is(i+1, point):
		if e.class&basis == 0 {
			i++
		}
		return schemas.UnitBasis, i + 1, true
	case s.word(i) == "basis" && s.is(i+1, point):
		return schemas.UnitBasis, i + 2, true
	case s.word(i) == "percentage" && s.is(i+1, point):
		return schemas.UnitPoint, i + 2, true
	case e.class&area != 0:
		if u := s.at(i + 1); u.class&unit != 0 {
			return power(u.unit, e.dimPower), i + 2, power(u.unit, e.dimPower) != ""
		}
		return "", i, false
	case s.word(i) == "nautical" && s.is(i+1, unit):
		return "nmi", i + 2, true
	case s.word(i) == "metric" && s.is(i+1, mass):
		return "t", i + 2, true
	case e.class&degree != 0:
		return s.degrees(i)
	case (s.word(i) == "C" || s.word(i) == "F") && s.glued(i) && !joined && s.weather(i):
		if s.word(i) == "F" {
			return "Fah", i + 1, true
		}
		return "Cel", i + 1, true
	case e.class&money != 0 && e.class&unit != 0: // pounds
		if s.isWeight(i) {
			return e.unit, i + 1, true
		}
		return s.localCode(e.money, s.doc.Country), i + 1, true
	case e.class&money != 0 && e.text != "won" || e.text == "won" && !s.is(i+1, det|prep|aux|adverb) && !s.digitAt(i+1) || e.text == "won" && i > s.from && s.is(i-1, mag):
		if e.text == "sterling" {
			return "", i, false
		}
		to = i + 1
		if s.word(to) == "sterling" {
			to++
		}
		c := s.country(e.money, i)
		if strings.HasPrefix(e.text, "crown") && c != "CZ" && s.localCode(e.money, c) == e.money {
			return "", i, false // of kings or teeth
		}
		return s.localCode(e.money, c), to, true
	case e.class&cent != 0 && (e.text != "p" || s.glued(i)):
		return s.localCode(e.money, s.doc.Country), i + 1, true
	case e.class&sign != 0 && s.capitals(i) && e.text != "us" && e.text != "re" && e.text != "rs" && e.text != "le" || e.class&sign != 0 && s.word(i)[0] >= 0x80:
		if s.digitAt(i+1) && !s.glued(i) && s.glued(i+1) {
			return "", i, false
		}
		return e.money, i + 1, true
	case e.text == "$" && (s.glued(i) || s.digitAt(i+1) && s.is(i+2, cent)):
		return s.localCode("USD", s.doc.Country), i + 1, true
	case e.class&whose != 0 && (s.is(i+1, money) || s.is(i+2, money) && !s.is(i+1, closed)):
		return s.foreign(i)
	case s.is(i+1, whose) && s.is(i+2, money) && countryWord(s.word(i)):
		return s.foreign(i + 1)
	case e.class&unit != 0:
		return s.plainUnit(i, joined)
	}
	return "", i, false
}

// countryWord reports whether w is the first of two words that name whose money it is.
func countryWord(w string) bool {
	switch w {
	case "Hong", "New", "new", "Sri", "South", "North", "West", "East", "Saudi", "Costa", "Cape":
		return true
	}
	return false
}

// capitals reports whether token i is written in capitals only.
func (s *scanner) capitals(i int) bool {
	w := s.word(i)
	return len(w) > 1 && w[0] >= 'A' && w[0] <= 'Z' && w[1] >= 'A' && w[1] <= 'Z'
}

// percentAfter looks for "percentage points" written "percent points".
func (s *scanner) percentAfter(i, to int) (string, int, bool) {
	if s.is(to, point) && s.at(to).text != "pt" {
		return schemas.UnitPoint, to + 1, true
	}
	if w := s.word(i); w == "pct" && s.is(to, point) {
		return schemas.UnitPoint, to + 1, true
	}
	return schemas.UnitPercent, to, true
}

// foreign reads "Canadian dollars", "Hong Kong dollars".
func (s *scanner) foreign(i int) (string, int, bool) {
	country := s.at(i).country
	k := i + 1
	if !s.is(k, money) {
		if c := s.at(k).country; c != "" {
			country = c
		}
		k++
	}
	e := s.at(k)
	if country == "" || e.class&money == 0 {
		return "", i, false
	}
	return s.localCode(e.money, country), k + 1, true
}

// isWeight reports whether "pounds" at token i are a weight.
func (s *scanner) isWeight(i int) bool {
	if s.at(i).text == "lb" || s.at(i).text == "lbs" {
		return true
	}
	if s.at(i+1).text == "of" && !s.is(i+2, det) {
		return true
	}
	if k := len(s.doc.Quantities); k > s.first && s.at(i+1).text == "" && s.word(i+1) == ")" {
		if d, _ := schemas.UnitDimension(s.doc.Quantities[k-1].Unit); d == schemas.DimMass {
			return true
		}
	}
	for k := max(s.from, i-8); k < i; k++ {
		switch s.word(k) {
		case "weigh", "weighs", "weighed", "weighing", "weight", "heavy", "lost", "baby":
			return true
		}
	}
	switch s.word(i + 1) {
	case "heavier", "lighter", "overweight":
		return true
	}
	return false
}

// plainUnit reads a unit of measure with what may follow it: "km per hour".
func (s *scanner) plainUnit(i int, joined bool) (string, int, bool) {
	e := s.at(i)
	w := s.word(i)
	switch {
	case w == "in" && !joined && !s.glued(i), w == "in" && s.nounLike(i+1): // 5 in all
		return "", i, false
	case w == "hp", w == "mi":
	case e.text == "m" && !s.glued(i) && w != "m", e.text == "g" && !s.glued(i), w == "l" || w == "T" || w == "M" || w == "G":
		return "", i, false
	case e.class&ordinal != 0, e.text == "foot" && s.is(i+1, victim):
		return "", i, false
	}
	code, to := e.unit, i+1
	if s.is(to, area) || to < s.to && s.word(to) == "²" {
		code = power(code, 2)
		to++
	}
	k := to
	switch {
	case s.word(k) == "/" && s.is(k+1, timeunit) || s.at(k).text == "per" || s.at(k).text == "an":
		k++
	case s.word(k) == "/" && (s.word(k+1) == "h" || s.word(k+1) == "s"):
		k++
	default:
		return code, to, code != ""
	}
	if t := s.word(k); t == "hour" || t == "h" || t == "hr" {
		switch code {
		case "km":
			return "km/h", k + 1, true
		case "mi":
			return "mph", k + 1, true
		}
	} else if (t == "second" || t == "s") && code == "m" {
		return "m/s", k + 1, true
	}
	return code, to, code != ""
}

// weather reports whether the letter at token i is a scale of temperature: the
// number before it is below zero, or the sentence speaks of heat or cold.
func (s *scanner) weather(i int) bool {
	if w := s.word(i - 1); w[0] == '-' {
		return true
	}
	for k := max(s.from, i-20); k < min(s.to, i+8); k++ {
		switch s.at(k).text {
		case "temperature", "temperatures", "hot", "cold", "heat", "warm", "warming", "freezing", "degrees", "degree", "thermometer", "weather", "minus", "celsius", "fahrenheit", "oven", "bake", "roast":
			return true
		}
	}
	return false
}

// degrees reads "degrees Celsius", "°C".
func (s *scanner) degrees(i int) (string, int, bool) {
	switch s.word(i + 1) {
	case "Celsius", "celsius", "C", "c", "centigrade", "Centigrade":
		return "Cel", i + 2, true
	case "Fahrenheit", "fahrenheit", "F", "f":
		return "Fah", i + 2, true
	case "north", "south", "east", "west", "of", "angle", "latitude", "longitude":
		return "deg", i + 1, true
	}
	if s.doc.Country == "US" {
		return "Fah", i + 1, true
	}
	return "Cel", i + 1, true
}

// power returns the square or cube of a length.
func power(unit string, n int64) string {
	if n == 3 {
		switch unit {
		case "m":
			return "m3"
		case "ft":
			return "ft3"
		}
		return ""
	}
	switch unit {
	case "m", "km", "mi", "ft":
		return unit + "2"
	}
	return ""
}

// dash reports whether token i can stand between the ends of a range.
func (s *scanner) dash(i int) bool {
	switch s.word(i) {
	case "-", "–", "—", "‐", "‑", "−":
		return true
	}
	return false
}

// rangeTo looks for the upper end of a range after q: "10 to 15", "8-10%",
// "between 5 and 6 million", "12 or 13".
func (s *scanner) rangeTo(q *found) {
	if q.kind != digits && q.kind != spelt {
		return
	}
	i := q.to
	loUnit, unitTo, hasUnit := s.unitAfter(i)
	if hasUnit {
		i = unitTo
	}
	between, from := s.before(q, "between"), s.before(q, "from")
	switch w := s.at(i).text; {
	case s.dash(i) && s.glued(i) == s.glued(i+1):
	case s.word(i) == "to" && !(from && s.changing(q.from)):
	case w == "and" && between:
	case w == "or" && !hasUnit:
	default:
		return
	}
	or := s.at(i).text == "or"
	i++
	k := i
	for s.is(k, sign) || s.at(k).text == "some" || s.at(k).text == "about" {
		k++
	}
	if k >= s.to || !s.is(k, wordNumber) && !s.digitAt(k) {
		return
	}
	hi, ok := s.numeral(k)
	if !ok || hi.kind == vague || hi.kind == share || hi.shape > decimalShape || !hi.valid || hi.value.Sign() == 0 || s.doc.Tokens[k].Time >= 0 {
		return
	}
	lo := q.value
	if q.mag == (schemas.Decimal{}) && hi.mag != (schemas.Decimal{}) && lo.Cmp(thousand) < 0 {
		if v, err := lo.Mul(hi.mag); err == nil && lo.Cmp(hi.bare) < 0 { // the magnitude reaches left
			lo = v
		}
	}
	if wide, err := lo.Mul(schemas.Int(20)); lo.Cmp(hi.value) >= 0 || or && (!s.next(lo, hi.value) || err == nil && wide.Cmp(hi.value) < 0) {
		return
	}
	if s.is(hi.to, timeunit) || s.isYear(&hi) {
		return
	}
	if hasUnit {
		if code, _, ok := s.unitAfter(hi.to); !ok || code != loUnit {
			return
		}
	}
	if (hasUnit || k > i) && !between && s.is(q.from-1-b2i(s.is(q.from-1, sign)), rise|fall) { // up $3.20 to $41.70
		return
	}
	q.value = lo
	q.hi, q.to, q.right = hi, hi.to, hi.to
}

// next reports whether b is one more than a, or both are round numbers.
func (s *scanner) next(a, b schemas.Decimal) bool {
	v, err := a.Add(schemas.Int(1))
	return err == nil && v == b || a.Cmp(schemas.Int(20)) >= 0 || b.Cmp(schemas.Int(20)) < 0 && a.Cmp(schemas.Int(3)) >= 0
}

// before reports whether w stands before q, past a currency sign and words of
// approximation.
func (s *scanner) before(q *found, w string) bool {
	for k := q.from - 1; k >= s.from && k > q.from-4; k-- {
		switch e := s.words[k]; {
		case e.text == w:
			return true
		case e.class&sign != 0, e.text == "about", e.text == "some", e.text == "around":
		default:
			return false
		}
	}
	return false
}

// changing reports whether a verb of change stands shortly before token i.
func (s *scanner) changing(i int) bool {
	for k := i - 1; k >= s.from && k > i-9; k-- {
		if s.is(k, rise|fall) {
			return true
		}
	}
	return false
}

// afterUnit reports whether what follows shows that q is a duration or age
// after all: "30 to 40 years".
func (s *scanner) afterUnit(q *found) bool {
	if q.hi.to == 0 || q.unit != schemas.UnitCount {
		return false
	}
	i := q.to
	if s.hyphen(i) {
		i++
	}
	if s.is(i, timeunit) {
		kind := schemas.Duration
		if k := i + 1 + b2i(s.hyphen(i+1)); s.word(k) == "old" || s.word(k) == "olds" {
			kind = schemas.Age
		}
		s.number(&q.numeral, kind)
		s.number(&q.hi, kind)
		return true
	}
	return false
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// negate reads a sign before the number: "-5", "minus three". A dash with a space
// after it is a sign only where the sentence has nothing but the number.
func (s *scanner) negate(q *found) {
	k := q.from - 1
	if q.kind == vague {
		return
	}
	switch w := s.word(k); {
	case (w == "-" || w == "−" || w == "–") && q.kind == digits && (s.glued(q.from) && (k == s.from || !s.glued(k) || s.is(k-1, sign)) || s.alone(k, q.to)):
	case (w == "minus" || w == "negative" || w == "Minus") && s.at(k-1).text != "or":
	default:
		return
	}
	q.value = q.value.Neg()
	q.span.Start = s.doc.Tokens[k].Start
	q.from, q.left = k, k
	q.rule("quantity/negative")
}

// belowZero reads "20 degrees below zero", "40 below zero".
func (s *scanner) belowZero(q *found) {
	k := q.right
	if s.word(k) != "below" && s.word(k) != "under" || s.at(k+1).text != "zero" || q.kind == vague || q.kind == share || q.value.Sign() < 0 {
		return
	}
	switch q.unit {
	case "Cel", "Fah":
	case schemas.UnitCount:
		if q.unit = "Cel"; s.doc.Country == "US" {
			q.unit = "Fah"
		}
	default:
		return
	}
	if q.hi.to > 0 {
		q.value, q.hi.value = q.hi.value.Neg(), q.value.Neg()
	} else {
		q.value = q.value.Neg()
	}
	q.right, q.to = k+2, k+2
	q.rule("quantity/negative")
}

// negateMoney reads a sign before the currency: "-$50", "minus £3m".
func (s *scanner) negateMoney(q *found) {
	k := q.left - 1
	switch w := s.word(k); {
	case (w == "-" || w == "−") && (s.glued(k+1) && (k == s.from || !s.glued(k)) || s.alone(k, q.to)):
	case (w == "minus" || w == "Minus") && s.at(k-1).text != "or":
	default:
		return
	}
	if q.value.Sign() <= 0 || q.hi.to > 0 {
		return
	}
	q.value, q.left = q.value.Neg(), k
	q.rule("quantity/negative")
}

// ratio reads "one in five" and "three out of ten" as a share.
func (s *scanner) ratio(q *found) {
	k := q.to
	if q.shape > decimalShape || q.kind == vague || q.kind == share {
		return
	}
	one := q.value == schemas.Int(1) || q.value == schemas.Int(-1)
	switch {
	case (s.at(k).text == "in" || s.at(k).text == "over") && one:
		k++
	case s.at(k).text == "in" && s.proportion(q):
		k++
	case s.at(k).text == "out" && s.at(k+1).text == "of":
		k += 2
	default:
		return
	}
	if s.at(k).text == "every" {
		k++
	}
	if !s.digitAt(k) && !s.is(k, small|ten) || s.is(k+1, timeunit) {
		return
	}
	n, ok := s.numeral(k)
	if !ok || n.shape > plainShape || n.value.Cmp(q.value) <= 0 || n.value.Cmp(schemas.Int(2)) <= 0 {
		return
	}
	if s.at(q.to).text == "over" && !s.endsPhrase(n.to) {
		return
	}
	if v, _ := n.value.Int64(); !one && v != 3 && v != 4 && v != 5 && v != 10 && v != 100 && v != 1000 || v > 1000 {
		return
	}
	a, _ := q.value.Int64()
	b, _ := n.value.Int64()
	from := q.from
	s.setShare(&q.numeral, a, b)
	q.value, _ = divide(schemas.Int(100*max(a, -a)), schemas.Int(b), -2)
	if a < 0 {
		q.value = q.value.Neg()
	}
	q.from, q.to, q.right = from, n.to, n.to
	q.span.End = n.span.End
	q.rule("quantity/ratio")
}

// proportion reports whether "in" after q, which is more than one, can make a
// share: "nine in ten adults", not "killed nine in ten raids".
func (s *scanner) proportion(q *found) bool {
	switch s.at(q.from - 1).text {
	case "about", "nearly", "around", "some", "roughly", "almost", "than", "that", "least", "only", "and":
		return true
	}
	return q.from == s.from || s.word(q.from-1) == ","
}

// compound adds a smaller unit to a larger one: "5 feet 2 inches", "3 dollars 50
// cents". The sum is in the smaller unit of a measure, where it is exact, and in
// the currency itself.
func (s *scanner) compound(q *found) {
	if q.hi.to > 0 || q.kind == vague || q.unit == schemas.UnitCount {
		return
	}
	for n := 0; n < 3; n++ {
		k := q.right
		if s.at(k).text == "and" || s.word(k) == "," {
			k++
		}
		if k >= s.to || !s.digitAt(k) && !s.is(k, small|ten) || s.doc.Tokens[k].Time >= 0 {
			return
		}
		low, ok := s.numeral(k)
		if !ok || low.kind == vague || low.kind == share || !low.valid || low.shape > decimalShape {
			return
		}
		bare := s.bareCents(q, &low, k)
		if e := s.at(low.to); bare || e.class&cent != 0 && s.money(q) && low.value.Cmp(oneHundred) < 0 && (e.money == "USD" || s.localCode(e.money, s.doc.Country) == q.unit) {
			hundredth, _ := schemas.NewDecimal(1, -2)
			f, err := low.value.Mul(hundredth)
			sum, err2 := q.value.Add(f)
			if err != nil || err2 != nil {
				return
			}
			q.value = sum
			q.to, q.right, q.span.End = low.to, low.to+b2i(!bare), low.span.End
			return
		}
		code, to, ok := s.unitAfter(low.to)
		if k := low.to + 1; !ok && q.unit == "ft" && s.word(low.to) == "in" && (s.glued(low.to) || !s.nounLike(k) && !s.is(k, det|month) && !s.digitAt(k)) { // 6 ft 3 in
			code, to, ok = "in", k, true
		}
		scale := smaller(q.unit, code)
		if !ok || scale == 0 || low.value.Cmp(schemas.Int(10*scale)) >= 0 {
			return
		}
		v, err := q.value.Mul(schemas.Int(scale))
		sum, err2 := v.Add(low.value)
		if err != nil || err2 != nil {
			return
		}
		q.value, q.unit = sum, code
		q.to, q.right, q.span.End = low.to, to, low.span.End
		q.rule("quantity/compound")
	}
}

// bareCents reports whether low, which starts at token k, are the cents of the
// sum q though no word says so: "15 dollars 50", "one dollar fifty".
func (s *scanner) bareCents(q *found, low *numeral, k int) bool {
	if !s.money(q) || low.value.Cmp(oneHundred) >= 0 || low.value.Cmp(schemas.Int(10)) < 0 || !s.is(q.right-1, money|sign) || q.mag != (schemas.Decimal{}) {
		return false
	}
	if k > q.right && !s.alone(s.from, low.to) || s.at(k-1).text == "," {
		return false
	}
	return low.shape == plainShape && (low.kind == spelt || len(s.word(k)) == 2) && s.endsPhrase(low.to) && s.at(low.to).text != "to"
}

// smaller returns how many of the unit low make one of the unit high, 0 if they
// are not used together.
func smaller(high, low string) int64 {
	switch high + ">" + low {
	case "ft>in":
		return 12
	case "yd>ft":
		return 3
	case "yd>in":
		return 36
	case "km>m", "kg>g", "t>kg", "l>ml", "m>mm":
		return 1000
	case "m>cm":
		return 100
	case "km>cm":
		return 100_000
	case "lb>oz":
		return 16
	case "mi>ft":
		return 5280
	case "mi>yd":
		return 1760
	}
	return 0
}
