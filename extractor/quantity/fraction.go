package quantity

import "github.com/claimwire/claimwire/schemas"

// maxRun is how many tokens a fraction or ordinal in words can have.
const maxRun = 14

// wordsValue returns the number that the tokens [from, to) spell, if they spell
// one number and nothing else: "one hundred and thirty", "twenty-three".
func (s *scanner) wordsValue(from, to int) (int64, bool) {
	total, cur, last, room := int64(0), int64(0), int64(1e16), int64(1000)
	for i := from; i < to; i++ {
		e := s.at(i)
		switch {
		case e.class&small != 0 && (room >= 100 || room == 10 && e.n > 0 && e.n < 10):
			cur += e.n
			room = 0
		case e.class&ten != 0 && room >= 100:
			cur += e.n
			room = 10
		case e.class&hundred != 0 && cur > 0 && cur < 100 && room < 100:
			cur *= 100
			room = 100
		case e.class&mag != 0 && cur > 0 && e.n < last && (cur < 1000 || e.n < 1e12):
			total += cur * e.n
			cur, last, room = 0, e.n, 1000
		case s.hyphen(i) && i > from && i+1 < to:
		case e.text == "and" && i > from && i+1 < to && (room == 100 || cur == 0 && total > 0):
		default:
			return 0, false
		}
	}
	return total + cur, from < to && total+cur < 1e18
}

// rank returns the number that the ordinal or its plural at token i stands for,
// 0 if none stands there.
func (s *scanner) rank(i int) int64 {
	switch e := s.at(i); {
	case e.class&ordinal != 0:
		return e.rank
	case e.class&fraction != 0 && e.class&timeunit == 0:
		return e.parts
	case s.word(i) == "firsts":
		return 1
	}
	return 0
}

// ordinalValue returns the number of an ordinal in words that starts at token
// from and ends with the ordinal word at k: "twenty-fifth", "one hundred and
// first", "ten-thousandth".
func (s *scanner) ordinalValue(from, k int) (int64, bool) {
	d, end := s.rank(k), k
	if s.word(k-1) == "-" || s.at(k-1).text == "and" {
		end--
	}
	v, ok := s.wordsValue(from, end)
	if !ok || d == 0 {
		return 0, false
	}
	last := s.words[end-1]
	switch {
	case last.class&ten != 0 && d < 10 && s.at(k-1).text != "and":
		return v + d, true
	case last.class&(hundred|mag) != 0 && d < last.n:
		return v + d, true
	case d >= 100 && v < 1000 && s.at(k-1).text != "and":
		return v * d, true
	}
	return 0, false
}

// ordinalTo returns the ordinal that the number n in words begins and where it
// ends: "twenty-first", "two hundred and fiftieth".
func (s *scanner) ordinalTo(n *numeral) (int64, int, bool) {
	k := n.to
	joined := s.hyphen(k) || s.at(k).text == "and"
	if joined {
		k++
	}
	e := s.at(k)
	if n.kind != spelt || e.class&ordinal == 0 || k-n.from > maxRun {
		return 0, 0, false
	}
	if e.class&timeunit != 0 && !(joined && (s.at(k-1).text == "and" || s.endsPhrase(k+1) || s.at(n.from-1).text == "the")) { // a thirty-second spot
		return 0, 0, false
	}
	from := n.from
	if n.article {
		return 0, 0, false
	}
	v, ok := s.ordinalValue(from, k)
	return v, k + 1, ok
}

// A ratio is a fraction in words or digits that ends at token to.
type ratio struct {
	num, den int64
	to       int
}

// fractionAt reads a fraction in words at token i: "three eighths", "five
// twenty-firsts", "one hundred thirty fifths" as 100/35. The words before the
// ordinal belong to the denominator as far as they make an ordinal with it and
// leave a number in front.
func (s *scanner) fractionAt(i int) (ratio, bool) {
	k := i
	for k < s.to && k < i+maxRun && s.rank(k) == 0 && (s.is(k, small|ten|hundred|mag) || s.hyphen(k) || s.at(k).text == "and") {
		k++
	}
	d := s.rank(k)
	if k == i || d == 0 {
		return ratio{}, false
	}
	w := s.word(k)
	many := w[len(w)-1] == 's'
	for p := i + 1; p < k; p++ {
		if !s.is(p, small|ten) || s.hyphen(p-1) {
			continue
		}
		den, ok := s.ordinalValue(p, k)
		if !ok || den >= 100 && d >= 100 && !s.hyphen(k-1) {
			continue
		}
		if num, ok := s.wordsValue(i, p); ok && (many && num > 0 || num == 1) {
			return ratio{num, den, k + 1}, true
		}
	}
	if s.is(i+1, hundred|mag) && s.hyphen(k-1) && d >= 1000 && k-i == 3 && many { // five hundred-thousandths
		return ratio{s.words[i].n, s.words[i+1].n * d, k + 1}, s.is(i, small)
	}
	end := k
	if s.hyphen(k - 1) {
		end--
	}
	num, ok := s.wordsValue(i, end)
	if !ok || d < 3 || num == 0 || many != (num > 1) || end < k && end-i > 1 {
		return ratio{}, false
	}
	for p := end - 1; p > i; p-- {
		if s.at(p).text == "and" { // one hundred and two thirds
			if v, ok := s.wordsValue(p+1, end); ok && v < d {
				return ratio{}, false
			}
		}
	}
	return ratio{num, d, k + 1}, true
}

// compoundFraction reads the fractions that fractionFrom does not know. One part
// of something must stand at the end of its phrase: a twenty-first birthday is
// none.
func (s *scanner) compoundFraction(n *numeral) bool {
	i := n.from
	if n.article = s.at(i).text == "a"; n.article {
		if !s.is(i+1, ten) {
			return false
		}
		k := i + 2 + b2i(s.hyphen(i+2))
		den, ok := s.ordinalValue(i+1, k)
		if !ok || s.at(k+1).text != "of" && k+1 < s.to {
			return false
		}
		return s.setRatio(n, ratio{1, den, k + 1})
	}
	r, ok := s.fractionAt(i)
	if !ok || r.num == 1 && !s.endsPhrase(r.to) && !s.is(r.to, unit|money) || s.at(i-1).text == "the" && r.num == 1 {
		return false
	}
	return s.setRatio(n, r)
}

// setRatio makes n the fraction r: a share in percent if "of" follows, else the
// number itself.
func (s *scanner) setRatio(n *numeral, r ratio) bool {
	n.to = r.to
	if r.num < r.den && s.at(r.to).text == "of" {
		s.setShare(n, r.num, r.den)
		if r.den <= 100 {
			s.ofMagnitude(n, r.num, r.den)
		}
		return true
	}
	v, ok := divide(schemas.Int(r.num), schemas.Int(r.den), -6)
	n.kind, n.value, n.bare, n.ratio = spelt, v, v, v
	return ok
}
