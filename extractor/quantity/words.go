package quantity

import "github.com/claimwire/claimwire/schemas"

// spelt reads a number in words: "twenty-six", "two hundred and five thousand",
// "two and a half million", "two-thirds".
func (s *scanner) spelt(n *numeral) bool {
	n.kind = spelt
	if s.fractionFrom(n) || s.compoundFraction(n) {
		return true
	}
	if s.spoken(n) {
		return true
	}
	total, cur, last := int64(0), int64(0), int64(1e16)
	whole := int64(0) // cur before "and"
	i := n.from
	room := int64(1000) // cur may still take numbers below this
	for i < s.to {
		e := s.words[i]
		switch {
		case e.class&small != 0 && room > e.n && (room > 10 || e.n > 0) && (room > 20 || e.n < 10) && s.joins(n, i):
			cur += e.n
			room = 0
		case e.class&ten != 0 && room >= 100 && s.joins(n, i):
			cur += e.n
			room = 10
		case e.class&hundred != 0 && cur > 0 && cur < 100:
			cur *= 100
			room = 100
		case e.class&mag != 0 && cur > 0 && e.n < last && (cur < 1000 || e.n < 1e12):
			total += cur * e.n
			cur, last, room = 0, e.n, 1000
			n.mag = schemas.Int(e.n)
			for s.is(i+1, mag|plural) && s.words[i+1].n > 1000 && total < 1e10 && s.words[i+1].n <= 1e7 { // two thousand million
				total *= s.words[i+1].n
				i++
			}
		case e.class&dozen != 0 && cur > 0:
			i++
			total += whole + (cur-whole)*12 // three hundred and two dozen
			n.to = i
			return n.set(total)
		case e.class&plural != 0 && e.n == 12 && whole > 0:
			n.to = i + 1
			return n.set(total + whole + (cur-whole)*12)
		case e.class&plural != 0 && cur > 0 && (e.n == 12 || e.n >= 1000 && e.n < last):
			if cur > 999 && e.n >= 1e12 {
				return false
			}
			n.to, n.mag = i+1, schemas.Int(e.n)
			return n.set(total + cur*e.n)
		case e.text == "and" && s.fractionAhead(i+1):
			return s.speltTail(n, i, total, cur)
		case e.text == "and" && i > n.from && (room == 100 || cur == 0 && total > 0) && s.is(i+1, small|ten) && s.words[i+1].n > 0 && (room == 100 || !s.is(i+2, mag)):
			whole = cur
		case s.hyphen(i) && i > n.from && s.is(i+1, wordNumber) && s.continues(cur, room, i+1):
		case s.word(i) == "-" && s.is(i-1, ten) && s.is(i+1, small) && s.words[i+1].n < 10 && !s.glued(i): // fifty - two
		default:
			return s.speltTail(n, i, total, cur)
		}
		i++
	}
	return s.speltTail(n, i, total, cur)
}

// spoken reads "one twenty-two", the hundreds as they are said, where the
// sentence is nothing else.
func (s *scanner) spoken(n *numeral) bool {
	i := n.from
	e := s.words[i]
	if i > s.from || e.class&small == 0 || e.n < 1 || e.n > 9 || !s.is(i+1, ten) {
		return false
	}
	to := i + 2 + b2i(s.hyphen(i+2))
	if s.is(to, small) {
		to++
	}
	rest, ok := s.wordsValue(i+1, to)
	if !ok || !s.alone(i, to) {
		return false
	}
	n.to = to
	return n.set(100*e.n + rest)
}

// set makes v the value of n; a number of more digits than a Decimal can hold
// has none. It returns true.
func (n *numeral) set(v int64) bool {
	d, err := schemas.NewDecimal(v, 0)
	n.value, n.bare, n.valid = d, d, err == nil
	return true
}

// joins reports whether number word i may follow the one before it.
func (s *scanner) joins(n *numeral, i int) bool {
	return i == n.from || s.word(i-1) == "-" || s.is(i-1, hundred|mag) || s.words[i-1].text == "and" || s.hyphen(i-1) || s.is(i-1, ten)
}

// continues reports whether number word i goes on with the number after a hyphen.
func (s *scanner) continues(cur, room int64, i int) bool {
	e := s.words[i]
	switch {
	case e.class&(hundred|mag|dozen) != 0:
		return cur > 0
	case e.class&(small|ten) != 0:
		return e.n < room && e.n > 0
	}
	return false
}

// speltTail ends a number in words at token i, after decimals ("point five") and
// "and a half".
func (s *scanner) speltTail(n *numeral, i int, total, cur int64) bool {
	for s.words[i-1].text == "and" || s.hyphen(i-1) {
		i--
	}
	sum := total + cur
	n.to = i
	if n.set(sum); !n.valid {
		return true
	}
	if e := s.at(i); e.class&fraction != 0 && e.class&timeunit == 0 && sum > 1 && e.text[len(e.text)-1] == 's' { // twenty-three fifths
		if v, ok := divide(n.value, schemas.Int(e.parts), -6); ok {
			n.value, n.bare, n.to = v, v, i+1
			return true
		}
	}
	if s.at(i).text == "point" && s.is(i+1, ten|small) && (s.is(i+1, ten) || s.words[i+1].n >= 10) { // point seventy-one
		v := s.words[i+1].n
		i += 2
		if s.is(i-1, ten) && s.hyphen(i) && s.is(i+1, small) && s.words[i+1].n < 10 {
			v += s.words[i+1].n
			i += 2
		}
		d, _ := schemas.NewDecimal(v, -2)
		n.value, _ = n.value.Add(d)
		n.to = i
	} else if s.at(i).text == "point" && s.is(i+1, small) && s.words[i+1].n < 10 {
		exp := -1
		for i++; s.is(i, small) && s.words[i].n < 10 && exp > -9; i++ {
			d, _ := schemas.NewDecimal(s.words[i].n, exp)
			n.value, _ = n.value.Add(d)
			exp--
		}
		n.to = i
	}
	n.bare = n.value
	s.andHalf(n)
	if n.to > n.from && s.is(n.to, mag|dozen) && n.value.Sign() > 0 { // two and a half million, one point five billion
		s.multiply(n, s.words[n.to].n)
		n.to++
	} else if s.is(n.to, suffix|big) && !s.glued(n.to) && s.at(n.to).scale >= 1e6 {
		s.multiply(n, s.words[n.to].scale)
		n.to++
	} else if n.to > n.from && s.at(n.to) == unknown {
		s.runOn(n, n.to)
	}
	return n.to > n.from
}

// fractionAhead reports whether the words from token i on are a fraction that can
// follow a whole number: "three quarters", "fifty-four hundredths".
func (s *scanner) fractionAhead(i int) bool {
	r, ok := s.properFraction(i)
	return ok && r.to > 0
}

// properFraction reads a fraction below one at token i, in words or as "1/4".
func (s *scanner) properFraction(i int) (ratio, bool) {
	if s.digitAt(i) {
		if s.word(i+1) != "/" || !s.glued(i+1) || !s.glued(i+2) || !threeOrLess(s.word(i)) || !threeOrLess(s.word(i+2)) {
			return ratio{}, false
		}
		num, den := mustInt(readDigits(s.word(i)).value), mustInt(readDigits(s.word(i+2)).value)
		return ratio{num, den, i + 3}, num > 0 && num < den
	}
	if s.is(i, small) {
		k := i + 1 + b2i(s.hyphen(i+1))
		if e, num := s.at(k), s.words[i].n; e.class&(fraction|half) != 0 && num > 0 && num < e.parts && (num == 1) == (e.text[len(e.text)-1] != 's') {
			return ratio{num, e.parts, k + 1}, true
		}
	}
	r, ok := s.fractionAt(i)
	return r, ok && r.num < r.den
}

// andHalf reads "and a half", "and fifty-four hundredths", "and 1/4" after a
// number.
func (s *scanner) andHalf(n *numeral) {
	i := n.to
	joined := s.hyphen(i) && s.at(i+1).text == "and"
	if joined {
		i++
	}
	if s.at(i).text != "and" {
		return
	}
	i++
	if joined && s.hyphen(i) {
		i++
	}
	var r ratio
	if s.at(i).text == "a" {
		i++
		if joined && s.hyphen(i) {
			i++
		}
		e := s.at(i)
		r = ratio{1, e.parts, i + 1}
		if e.class&(half|fraction) == 0 {
			return
		}
	} else {
		r, _ = s.properFraction(i)
	}
	if r.den <= r.num || r.den > 1e6 {
		return
	}
	f, ok := divide(schemas.Int(r.num), schemas.Int(r.den), -6)
	if !ok {
		return
	}
	if m := mustInt(n.mag); r.den <= 10 && m <= 1e15 && (m > 100 || m == 12) { // a million and a half
		if p := s.at(r.to); p.class&mag != 0 { // a billion and a half million
			n.mag = schemas.Int(p.n)
			r.to++
		}
		f, _ = divide(schemas.Int(r.num*mustInt(n.mag)), schemas.Int(r.den), 0)
	}
	if v, err := n.value.Add(f); err == nil {
		n.value, n.bare, n.to = v, v, r.to
	}
}

// fractionFrom reads "two-thirds", "one fifth", "three quarters", with "of a
// million" after it.
func (s *scanner) fractionFrom(n *numeral) bool {
	k, i := int64(1), n.from
	switch {
	case s.is(i, small):
		k = s.words[i].n
		i++
	case s.words[i].text == "a":
		i++
	}
	joined := s.hyphen(i) || s.word(i) == "-" && s.is(i+1, fraction)
	if joined {
		i++
	}
	e := s.at(i)
	if e.class&(fraction|half) == 0 || k == 0 || e.parts <= k || i == n.from {
		return false
	}
	next := s.at(i + 1)
	isPlural := e.text[len(e.text)-1] == 's' || e.text == "half"
	if k > 1 && !isPlural && !joined || k == 1 && isPlural && e.text != "half" {
		return false
	}
	if e.class&timeunit != 0 && !joined && !next.of(mag) && !(i+1 >= s.to && n.from == s.from) && !(next.text == "of" && !s.is(i+2, timeunit) && s.at(i+2).text != "a" || next.text == "of" && s.at(i+2).text == "a" && s.is(i+3, mag)) {
		return false // quarters of a year
	}
	if k == 1 && !joined && s.nounLike(i+1) && e.text != "half" && next.class&(mag|money|unit) == 0 && next.text != "of" {
		return false // a third man
	}
	if k == 1 && (next.class&timeunit != 0 || next.text == "time") {
		return false
	}
	if k == 1 && !joined && s.words[n.from].text == "a" && e.class&half == 0 && (next.class&aux != 0 || next.class&victim != 0 && next.text != "of") && s.sentenceHas(victim) {
		return false // a fourth was injured
	}
	n.to = i + 1
	s.setShare(n, k, e.parts)
	s.ofMagnitude(n, k, e.parts)
	return true
}

// setShare makes n the share k/parts, in percent to one decimal.
func (s *scanner) setShare(n *numeral, k, parts int64) {
	n.kind = share
	n.value, _ = schemas.NewDecimal((1000*k+parts/2)/parts, -1)
	n.ratio, _ = divide(schemas.Int(k), schemas.Int(parts), -6)
	n.bare = n.value
}

// ofMagnitude reads "a million" and "of a million" after a fraction, which make
// it a plain number: "half a million".
func (s *scanner) ofMagnitude(n *numeral, k, parts int64) {
	i := n.to
	if s.at(i).text == "of" {
		i++
	}
	if s.at(i).text == "a" || s.at(i).text == "one" {
		i++
	} else if i > n.to || parts == 2 {
		return
	}
	e := s.at(i)
	if e.class&(mag|hundred|dozen) == 0 {
		return
	}
	m := schemas.Int(e.n)
	v, ok := divide(schemas.Int(k*e.n), schemas.Int(parts), 0)
	if !ok {
		return
	}
	n.kind, n.value, n.bare, n.mag, n.to = spelt, v, n.ratio, m, i+1
}

// articled reads "a dozen", "a hundred", "a million and a half", "a third", "a
// few hundred", "a couple of dozen", "half a million" being read by halfOf.
func (s *scanner) articled(n *numeral) bool {
	if t := s.words[n.from].text; t != "a" && t != "an" {
		return false
	}
	n.article = true
	e := s.at(n.from + 1)
	switch {
	case e.class&few != 0:
		n.from++
		ok := s.severalOf(n)
		n.from--
		return ok
	case e.class&half != 0:
		if s.is(n.from+2, mag|dozen) { // a half million
			n.to = n.from + 2
			s.setShare(n, 1, 2)
			s.multiplyShare(n)
			return true
		}
		return false
	case e.class&fraction != 0:
		return s.fractionFrom(n)
	case e.class&ten != 0:
		return s.compoundFraction(n)
	case e.class&(hundred|mag|dozen) != 0 && e.n > 0:
		n.kind = spelt
		i := n.from + 2
		n.value, n.to, n.mag = schemas.Int(e.n), i, schemas.Int(e.n)
		if e.class&dozen == 0 && s.is(i, mag) && s.words[i].n > e.n { // a hundred thousand
			s.multiply(n, s.words[i].n)
			n.mag = schemas.Int(s.words[i].n)
			n.to++
		} else if e.class&dozen == 0 {
			s.andRest(n, e.n)
		}
		n.bare = n.value
		s.andHalf(n)
		if e := s.at(n.to); e.class&fraction != 0 && e.class&timeunit == 0 && e.text[len(e.text)-1] == 's' { // a hundred trillionths
			if v, ok := divide(schemas.Int(mustInt(n.value)), schemas.Int(e.parts), -18); ok {
				n.value, n.bare, n.to = v, v, n.to+1
			}
		}
		return true
	}
	return false
}

// andRest reads the rest of "a hundred and five", "a thousand two hundred".
func (s *scanner) andRest(n *numeral, scale int64) {
	i := n.to
	if s.at(i).text == "and" {
		i++
	}
	if !s.is(i, small|ten) || i > n.to && s.is(i+1, fraction|half) || s.words[i].n == 0 {
		return
	}
	if i == n.to && scale != 100 && !s.is(i+1, hundred) {
		return
	}
	rest := numeral{from: i, valid: true}
	if !s.spelt(&rest) || rest.kind != spelt {
		return
	}
	if m := mustInt(rest.mag); m > 0 && m <= 1e15 && scale == 100 && rest.value.Cmp(schemas.Int(100*m)) < 0 { // a hundred and five thousand
		s.multiply(n, m)
		scale *= m
		n.mag = rest.mag
	}
	if rest.value.Cmp(schemas.Int(scale)) >= 0 {
		return
	}
	if v, err := n.value.Add(rest.value); err == nil {
		n.value, n.to = v, rest.to
	}
}

// multiplyShare turns a share before a magnitude into a number.
func (s *scanner) multiplyShare(n *numeral) {
	e := s.at(n.to)
	m := schemas.Int(e.n)
	if v, err := n.ratio.Mul(m); err == nil {
		n.kind, n.value, n.bare, n.mag = spelt, v, n.ratio, m
		n.to++
	}
}

// severalOf reads "several hundred", "few dozen", "couple of thousand".
func (s *scanner) severalOf(n *numeral) bool {
	e := s.words[n.from]
	i := n.from + 1
	if s.at(i).text == "of" || s.hyphen(i) {
		i++
	}
	m := s.at(i)
	if m.class&(hundred|mag|dozen|plural) == 0 || m.n < 12 {
		return false
	}
	v, err := schemas.Int(e.n).Mul(schemas.Int(m.n))
	if err != nil {
		return false
	}
	n.kind, n.value, n.to, n.mag = vague, v, i+1, schemas.Int(m.n)
	if m.class&dozen == 0 && s.is(i+1, mag) && s.words[i+1].n > m.n { // several hundred thousand
		s.multiply(n, s.words[i+1].n)
		n.to++
	}
	return true
}

// plural reads "dozens", "hundreds of thousands", "scores".
func (s *scanner) plural(n *numeral) bool {
	e := s.words[n.from]
	v := schemas.Int(2 * e.n)
	i := n.from + 1
	if s.at(i).text == "of" && s.is(i+1, plural) {
		w, err := v.Mul(schemas.Int(s.words[i+1].n))
		if err != nil {
			return false
		}
		v, i = w, i+2
	} else if s.hyphen(i) && s.at(i+1).text == "of" && s.hyphen(i+2) && s.is(i+3, plural) {
		w, err := v.Mul(schemas.Int(s.words[i+3].n))
		if err != nil {
			return false
		}
		v, i = w, i+4
	} else if e.text == "tens" || e.text == "scores" && !s.countsScores(n.from) {
		return false
	}
	n.kind, n.value, n.to = vague, v, i
	return true
}

// countsScores reports whether "scores" at token i is a number, not the scores
// of a match or what somebody does with a goal.
func (s *scanner) countsScores(i int) bool {
	next, prev := s.at(i+1), s.at(i-1)
	switch next.text {
	case "of":
		return s.is(i+2, person) || s.is(i+2, det) || prev.class&(det|whose) == 0 && (i == s.from || s.words[i-1].class != 0 || prev.class&victim != 0)
	case "more", "others", "were", "are", "have", "dead":
		return prev.class&det == 0
	}
	return next.class&victim != 0 || prev.class&victim != 0 && prev.class&det == 0
}

// halfOf reads "half" where it is a share or half of a number.
func (s *scanner) halfOf(n *numeral) bool {
	i := n.from
	n.to = i + 1
	s.setShare(n, 1, 2)
	n.half = true
	next, prev := s.at(i+1), s.at(i-1)
	if s.alone(i, i+1) || prev.text == "a" && s.alone(i-1, i+1) || next.class&percent != 0 {
		n.half = false
		return s.bareFraction(n)
	}
	if s.hyphen(i+1) && s.is(i+2, dozen) { // half-dozen
		n.to++
		s.multiplyShare(n)
		return true
	}
	if next.text == "a" && s.is(i+2, percent) { // half a percent
		n.half = false
		s.bareFraction(n)
		n.to, n.span = i+2, s.doc.Tokens[i].Span
		return n.valid
	}
	if next.class&(mag|dozen|hundred) != 0 && next.n > 1 { // half million
		s.multiplyShare(n)
		return true
	}
	if s.ofMagnitudeAt(n) {
		return true
	}
	if next.class&unit != 0 && next.class&(timeunit|prep) == 0 || s.hyphen(i+1) && s.is(i+2, unit) && !s.is(i+2, timeunit|prep) { // half litre
		n.half = false
		return s.bareFraction(n)
	}
	if prev.class&ordinal != 0 || s.hyphen(i+1) || s.hyphen(i-1) || next.class&timeunit != 0 || prev.text == "in" ||
		s.is(i+2, timeunit) && next.class&det != 0 || prev.text == "and" && next.text != "of" && next.text != "the" || prev.text == "'s" || prev.text == "and a" {
		return false
	}
	switch next.text {
	case "of", "the", "its", "their", "his", "her", "our", "a", "an", "that", "those", "were", "are", "have", "is", "was", "had":
		return next.text != "a" && next.text != "an" || s.at(i+2).text == "share" || s.is(i+2, unit)
	}
	switch prev.text {
	case "than", "by", "about", "nearly", "almost", "over", "to", "around", "roughly", "other", "only", "just":
		return !s.nounLike(i+1) || s.pluralWord(i+1)
	}
	return false
}

func (s *scanner) ofMagnitudeAt(n *numeral) bool {
	was := n.to
	s.ofMagnitude(n, 1, 2)
	n.half = n.to == was
	return n.to != was
}

// bareScale reads "hundred thousand" and "quarter million" without an article.
func (s *scanner) bareScale(n *numeral) bool {
	e, m := s.words[n.from], s.words[n.from+1]
	n.kind, n.to, n.mag = spelt, n.from+2, schemas.Int(m.n)
	if e.class&hundred != 0 {
		n.value = schemas.Int(100)
	} else {
		n.value, _ = divide(schemas.Int(1), schemas.Int(e.parts), -6)
	}
	n.bare = n.value
	v, err := n.value.Mul(n.mag)
	n.value, n.valid = v, err == nil
	return n.valid
}

// bareFraction reads "quarter-litre", "half litre".
func (s *scanner) bareFraction(n *numeral) bool {
	n.kind, n.to = spelt, n.from+1
	n.value, n.valid = divide(schemas.Int(1), schemas.Int(s.words[n.from].parts), -6)
	n.bare = n.value
	return n.valid
}
