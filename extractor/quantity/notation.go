package quantity

import (
	bignum "math/big"

	"github.com/claimwire/claimwire/schemas"
)

// decimalComma reads a comma as the decimal point where no other reading is
// likely: "2,5 million", "1.234,56", "€12,50", "3,7%".
func (s *scanner) decimalComma(n *numeral) {
	k := n.to
	if k != n.from+1 || s.word(k) != "," || !s.glued(k) || !s.glued(k+1) || s.glued(n.from) && s.word(n.from-1) == "," {
		return
	}
	w, f := s.word(n.from), s.word(k+1)
	if len(f) > 2 || !threeOrLess(f) || (s.word(k+2) == "," || s.word(k+2) == "/") && s.digitAt(k+3) && s.glued(k+3) {
		return
	}
	grouped := pointGrouped(w)
	last := k+2 >= s.to || s.word(k+2) == "." && k+3 >= s.to
	switch {
	case grouped:
	case n.shape != plainShape:
		return
	case s.is(k+2, mag|percent|unit|money|degree) && !s.is(k+2, prep|timeunit), s.is(n.from-1, sign), s.is(k+2, sign) && !s.digitAt(k+3):
	case last && (n.from == s.from || s.is(n.from-1, aux)):
	default:
		return
	}
	var coef int64
	exp, digits := 0, 0
	for _, part := range [...]string{w, f} {
		for i := range len(part) {
			if isDigit(part[i]) {
				coef = coef*10 + int64(part[i]-'0')
				digits++
			}
		}
		exp = -len(f)
	}
	if w[0] == '-' {
		coef = -coef
	}
	v, err := schemas.NewDecimal(coef, exp)
	if digits > maxDigits || err != nil {
		return
	}
	n.value, n.bare, n.valid, n.to, n.shape = v, v, true, k+2, decimalShape
}

// pointGrouped reports whether w is digits in threes with points between: 1.234.
func pointGrouped(w string) bool {
	run, groups := 0, 0
	for i := range len(w) {
		switch {
		case isDigit(w[i]):
			run++
		case w[i] == '.' && run > 0 && run <= 3 && (groups == 0 || run == 3):
			groups++
			run = 0
		case i == 0 && (w[i] == '-' || w[i] == '+'):
		default:
			return false
		}
	}
	return groups > 0 && run == 3
}

// apostrophe reports whether token i is an apostrophe or prime inside of a number.
func (s *scanner) apostrophe(i int) bool {
	switch s.word(i) {
	case "'", "’", "′":
		return s.glued(i)
	}
	return false
}

// apostrophes joins digits in threes with apostrophes between: "1'234'567.50".
func (s *scanner) apostrophes(n *numeral) {
	if n.shape != plainShape || n.to != n.from+1 || len(s.word(n.from)) > 3 {
		return
	}
	v, to := n.value, n.to
	for s.apostrophe(to) && s.glued(to+1) && len(s.word(to+1)) >= 3 && threeDigits(s.word(to + 1)[:3]) {
		p := readDigits(s.word(to + 1))
		m, err := v.Mul(thousand)
		sum, err2 := m.Add(p.value)
		if p.digits != 3 || p.rest > 0 || !p.valid || err != nil || err2 != nil {
			return
		}
		v, to = sum, to+2
		if p.shape == decimalShape {
			break
		}
	}
	if to > n.to {
		n.value, n.bare, n.to, n.shape = v, v, to, decimalShape
	}
}

// feet reads feet and inches by their marks: 6'4". The value is in inches.
func (s *scanner) feet(n *numeral) {
	k := n.to + 1
	if n.shape != plainShape || !s.apostrophe(n.to) || !s.digitAt(k) || n.value.Cmp(oneHundred) >= 0 {
		return
	}
	low := readDigits(s.word(k))
	if low.shape > decimalShape || low.digits > 2 || low.value.Cmp(schemas.Int(12)) >= 0 {
		return
	}
	to := k + 1
	switch s.word(to) {
	case "\"", "”", "''", "″", "’’":
		if !s.glued(to) {
			return
		}
		to++
	default:
		if !s.glued(k) || n.value.Cmp(schemas.Int(8)) > 0 || n.value.Cmp(schemas.Int(3)) < 0 || s.glued(to) && to < s.to && s.word(to) != "." && s.word(to) != "," {
			return
		}
	}
	v, err := n.value.Mul(schemas.Int(12))
	sum, err2 := v.Add(low.value)
	if err != nil || err2 != nil {
		return
	}
	n.value, n.bare, n.to, n.shape, n.sign = sum, sum, to, decimalShape, "in"
}

// mixed reads the one-character fraction after a whole number: "1½".
func (s *scanner) mixed(n *numeral) {
	num, den := vulgar(s.word(n.to))
	if den == 0 || n.shape != plainShape {
		return
	}
	f, ok := divide(schemas.Int(num), schemas.Int(den), -18)
	if v, err := n.value.Add(f); ok && err == nil {
		n.value, n.bare, n.shape = v, v, decimalShape
		n.to++
	}
}

// exponent reads "10^6", "2^-3" and the power of ten in "4 x 10^5".
func (s *scanner) exponent(n *numeral) {
	at := n.to
	switch s.word(at) {
	case "^":
		if e, to, ok := s.superscript(at + 1); ok && s.glued(at) {
			if v, ok := pow(n.value, e); ok {
				n.value, n.bare, n.shape, n.to = v, v, decimalShape, to
			}
		}
		return
	case "x", "×", "*":
	default:
		return
	}
	if s.word(at+1) != "10" || s.word(at+2) != "^" {
		return
	}
	e, to, ok := s.superscript(at + 3)
	if !ok {
		return
	}
	m, err := schemas.NewDecimal(1, e)
	v, err2 := n.value.Mul(m)
	if err == nil && err2 == nil {
		n.value, n.bare, n.shape, n.to = v, v, decimalShape, to
	}
}

// superscript reads the signed exponent at token i.
func (s *scanner) superscript(i int) (e, to int, ok bool) {
	neg := false
	for n := 0; n < 2 && (s.word(i) == "-" || s.word(i) == "−" || s.word(i) == "+") && s.glued(i+1); n++ {
		neg = neg != (s.word(i) != "+")
		i++
	}
	w := s.word(i)
	if len(w) > 1 && (w[0] == '-' || w[0] == '+') {
		neg = neg != (w[0] == '-')
		w = w[1:]
	}
	if len(w) > 2 || !threeOrLess(w) || !s.glued(i) {
		return 0, i, false
	}
	e = int(mustInt(readDigits(w).value))
	if neg {
		e = -e
	}
	return e, i + 1, true
}

// pow returns base to the power e, to 15 digits where the exact value has more
// than a Decimal can hold. The sign of the base stays outside of the power, as
// it is written: -2^2 is -4.
func pow(base schemas.Decimal, e int) (schemas.Decimal, bool) {
	text := base.String()
	r, ok := new(bignum.Rat).SetString(text)
	if !ok || e < -99 || e > 99 || r.Sign() == 0 && e <= 0 {
		return schemas.Decimal{}, false
	}
	neg := r.Sign() < 0
	r.Abs(r)
	num, den := r.Num(), r.Denom()
	if e < 0 {
		num, den, e = den, num, -e
	}
	k := bignum.NewInt(int64(e))
	num, den = new(bignum.Int).Exp(num, k, nil), new(bignum.Int).Exp(den, k, nil)
	exp := 0
	limit, ten := new(bignum.Int).Exp(bignum.NewInt(10), bignum.NewInt(15), nil), bignum.NewInt(10)
	for exp > -18 && new(bignum.Int).Rem(num, den).Sign() != 0 && num.CmpAbs(new(bignum.Int).Mul(den, limit)) < 0 {
		num.Mul(num, ten)
		exp--
	}
	num.Quo(num, den)
	for !num.IsInt64() || num.CmpAbs(limit) >= 0 {
		num.Quo(num, ten)
		exp++
	}
	coef := num.Int64()
	if neg {
		coef = -coef
	}
	v, err := schemas.NewDecimal(coef, exp)
	return v, err == nil
}

// alone reports whether the tokens [from, to) are all that their sentence says.
func (s *scanner) alone(from, to int) bool {
	return from == s.from && (to == s.to || to+1 == s.to && (s.word(to) == "." || s.word(to) == "!" || s.word(to) == "?"))
}

// slashParts returns the numbers of a token such as "5/6".
func slashParts(w string) (num, den schemas.Decimal, ok bool) {
	for k := range len(w) {
		if w[k] == '/' {
			if k == 0 || !threeOrLess(w[:k]) || !threeOrLess(w[k+1:]) {
				return num, den, false
			}
			return readDigits(w[:k]).value, readDigits(w[k+1:]).value, true
		}
	}
	return num, den, false
}

// roundThousands reports whether w is a round number of four digits that is no
// year of our times.
func roundThousands(w string) bool {
	return len(w) == 4 && threeDigits(w[1:]) && w[2:] == "00" && w[:2] != "19" && w[:2] != "20" && isDigit(w[0])
}

// slashToken reads "5/6" where the tokenizer saw a date but nothing dates: alone,
// or before what a part can be of.
func (s *scanner) slashToken(n *numeral, w string) {
	num, den, ok := slashParts(w)
	if !ok || s.doc.Tokens[n.from].Time >= 0 {
		return
	}
	from := n.from
	if s.word(from-1) == "-" || s.word(from-1) == "−" || s.word(from-1) == "minus" {
		from--
	}
	if !s.alone(from, n.to) && !(s.at(n.to).text == "of" && s.is(n.to+1, det)) && !(s.is(n.to, unit|percent) && !s.is(n.to, prep|timeunit)) {
		return
	}
	if v, ok := divide(num, den, -18); ok && num.Cmp(den) < 0 {
		n.value, n.bare, n.shape = v, v, decimalShape
		s.sharedOut(n, num, den)
	}
}

// sharedOut makes the fraction num/den in digits a share where it is one of
// something: "1/3 of the voters".
func (s *scanner) sharedOut(n *numeral, num, den schemas.Decimal) {
	if s.at(n.to).text == "of" && s.is(n.to+1, det) && s.at(n.to+1).text != "a" && !s.is(n.to+2, unit|money) {
		s.setShare(n, mustInt(num), mustInt(den))
	}
}

// pointBefore reads "point 75" where a sentence starts with it or has a sign
// before it.
func (s *scanner) pointBefore(n *numeral) {
	k := n.from - 1
	if s.word(k) != "point" && s.word(k) != "Point" || k > s.from && s.word(k-1) != "minus" || n.shape != plainShape {
		return
	}
	if n.to < s.to && !s.alone(s.from, n.to) && !s.is(n.to, unit|percent|mag) {
		return
	}
	digits := len(s.word(n.from))
	coef, ok := n.value.Int64()
	if v, err := schemas.NewDecimal(coef, -digits); ok && err == nil && digits <= maxDigits {
		n.value, n.bare, n.shape = v, v, decimalShape
	}
}

// quotient reads "three over four": a division where nothing else is said of
// either number.
func (s *scanner) quotient(q *found) {
	k := q.to
	if s.at(k).text != "over" || q.shape > decimalShape || q.kind != digits && q.kind != spelt || !s.digitAt(k+1) && !s.is(k+1, small|ten) {
		return
	}
	n, ok := s.numeral(k + 1)
	if !ok || n.kind != digits && n.kind != spelt || n.shape > decimalShape || n.value.Sign() <= 0 {
		return
	}
	if !s.alone(s.from, n.to) || q.left > s.from && (!s.is(q.left-1, aux) || q.value.Cmp(n.value) > 0) { // his pressure was 140 over 90
		return
	}
	a := q.value
	if a.Sign() < 0 {
		a = a.Neg()
	}
	v, ok := divide(a, n.value, -6)
	if !ok {
		return
	}
	if q.value.Sign() < 0 {
		v = v.Neg()
	}
	q.value, q.bare, q.kind = v, v, spelt
	q.to, q.right, q.span.End = n.to, n.to, n.span.End
	q.rule("quantity/quotient")
}
