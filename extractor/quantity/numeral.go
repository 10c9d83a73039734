package quantity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A kind says how a numeral is written.
type kind uint8

const (
	digits kind = iota // 1,200 or 1.2 million
	spelt              // two hundred
	vague              // dozens: value is the least it can be
	share              // two-thirds: value is in percent
)

// A numeral is the words of one number.
type numeral struct {
	from, to int // tokens
	span     extractor.Span
	value    schemas.Decimal
	valid    bool // value is known; false for numbers beyond 18 digits
	kind     kind
	shape    shape           // digits only
	mag      schemas.Decimal // the magnitude word's value; 0 if there is none
	article  bool            // starts with a or an
	bare     schemas.Decimal // value before the magnitude
	ratio    schemas.Decimal // share: as a fraction of one
	half     bool            // the word half alone
	sign     string          // unit of a sign glued to the digits: "RM250", 6'4"
}

// numeral reads the number that starts at token i.
func (s *scanner) numeral(i int) (numeral, bool) {
	n := numeral{from: i, to: i, valid: true}
	var ok bool
	switch c := s.words[i].class; {
	case c&(starts|det) == 0:
		if k := s.signLength(i); k > 0 && c == 0 {
			ok = s.signed(&n, k)
			break
		}
		ok = s.digits(&n)
	case c&det != 0:
		ok = s.articled(&n)
	case c&few != 0:
		ok = s.severalOf(&n)
	case c&plural != 0:
		ok = s.plural(&n)
	case c&half != 0:
		ok = s.halfOf(&n)
	case c&(small|ten) != 0:
		ok = s.spelt(&n)
	case c&hundred != 0 && s.is(i+1, mag), c&fraction != 0 && c&ordinal == 0 && s.is(i+1, mag) && !s.is(i-1, det): // hundred thousand, quarter million
		ok = s.bareScale(&n)
	case c&fraction != 0 && s.is(i+1, unit) && !s.glued(i+1) && c&ordinal == 0, c&fraction != 0 && s.hyphen(i+1) && s.is(i+2, unit):
		ok = s.bareFraction(&n)
	case c&fold != 0:
		n.value, n.kind, n.to, ok = schemas.Int(s.words[i].times), spelt, i+1, true
	case c&fraction != 0 && s.at(i+1).text == "of" && (s.is(i+2, unit) && !s.is(i+2, prep|timeunit) || s.at(i+2).text == "a" && s.is(i+3, unit)): // a tenth of a gallon
		if ok = s.bareFraction(&n); ok {
			n.to += 1 + b2i(s.at(i+2).text == "a") // up to the unit
			n.span = s.doc.Tokens[i].Span
		}
	case c&ordinal != 0:
		n.value, n.kind, n.shape, n.to, ok = schemas.Int(s.words[i].rank), spelt, ordinalShape, i+1, true
	case c&(hundred|mag|dozen) != 0 && s.words[i].n > 1 && s.alone(i, i+1):
		n.value, n.kind, n.to, ok = schemas.Int(s.words[i].n), spelt, i+1, true
	case c&mag != 0 && c&starts != 0 && s.words[i].n >= 100_000 && s.words[i].n%1_000_000 != 0: // lakhs of people
		return n, false
	}
	if !ok {
		return n, false
	}
	if n.span.End == 0 {
		n.span = s.doc.SpanOf(extractor.Range{From: n.from, To: n.to})
	}
	return n, true
}

// digits reads a number that starts with digits: "1.2bn", "70 000", "3 1/2".
func (s *scanner) digits(n *numeral) bool {
	tok := s.doc.Tokens[n.from]
	w := s.doc.Slice(tok.Span)
	p := readDigits(w)
	n.to = n.from + 1
	n.shape, n.value, n.valid = p.shape, p.value, p.valid
	n.bare = n.value
	if p.shape == plainShape || p.shape == decimalShape {
		s.spaceGroups(n, &p)
		s.apostrophes(n)
		s.feet(n)
		s.decimalComma(n)
		s.slashed(n)
		s.mixed(n)
		s.exponent(n)
	}
	if p.rest > 0 && n.shape == gluedShape { // a unit or magnitude that was not cut off
		rest := w[p.rest:]
		e := s.lex.lookup(rest)
		switch {
		case (rest == "e" || rest == "E" || rest == "x10") && s.glued(n.to) && p.valid && s.power(n, rest == "x10"):
			return true
		case e.class&(money|sign) != 0 && rest[0] >= 0x80: // 100元
			n.shape, n.sign = decimalShape, e.money
			n.span = extractor.Span{Start: tok.Start, End: tok.Start + p.rest}
			return true
		case e.class&(suffix|mag) != 0, e.class&big != 0 && p.digits != 1:
			n.shape = decimalShape
			s.multiply(n, max(e.scale, e.n))
			n.span = tok.Span
			return true
		default:
			n.shape = labelShape
			return true
		}
	}
	if n.shape == dateShape && n.to == n.from+1 {
		s.slashToken(n, w)
	}
	if n.shape == plainShape || n.shape == decimalShape {
		s.pointBefore(n)
		s.magnitude(n)
	}
	if n.shape == plainShape && n.to == n.from+1 {
		s.andHalf(n)
	}
	return true
}

// spaceGroups joins digits grouped by spaces: "70 000", "1 200 000".
func (s *scanner) spaceGroups(n *numeral, p *reading) {
	if p.shape != plainShape || p.digits > 3 || s.doc.Text[s.doc.Tokens[n.from].Start] == '0' {
		return
	}
	to, zeros := n.to, true
	for to < s.to && (threeDigits(s.word(to)) || to > n.to && len(s.word(to)) > 4 && threeDigits(s.word(to)[:3]) && s.word(to)[3] == '.' && readDigits(s.word(to)).rest == 0) && s.doc.Tokens[to].Start-s.doc.Tokens[to-1].End <= 3 && !s.glued(to) {
		zeros = zeros && s.word(to) == "000"
		to++
	}
	if to == n.to || !zeros && to-n.to < 2 || to-n.to > 5 {
		return
	}
	v := p.value
	for i := n.to; i < to; i++ {
		g, _ := schemas.ParseDecimal(s.word(i))
		m, err1 := v.Mul(thousand)
		sum, err2 := m.Add(g)
		if err1 != nil || err2 != nil {
			return
		}
		v = sum
	}
	n.value, n.bare, n.to, n.shape = v, v, to, decimalShape
}

var (
	thousand   = schemas.Int(1000)
	oneHundred = schemas.Int(100)
)

func threeDigits(w string) bool {
	return len(w) == 3 && isDigit(w[0]) && isDigit(w[1]) && isDigit(w[2])
}

// slashed reads "1/2" and "3 1/2".
func (s *scanner) slashed(n *numeral) {
	at := n.to
	if s.word(at) == "/" && s.glued(at) {
		at = n.from
	} else if num, den, ok := slashParts(s.word(at)); ok && num.Cmp(den) < 0 && s.doc.Tokens[at].Time < 0 { // 1 4/5
		if f, ok := divide(num, den, -18); ok {
			if v, err := n.value.Add(f); err == nil && n.value.Sign() > 0 && n.shape == plainShape {
				n.value, n.bare, n.to, n.shape = v, v, at+1, decimalShape
			}
		}
		return
	} else if !threeOrLess(s.word(at)) || s.word(at+1) != "/" {
		return
	}
	if s.word(at+1) != "/" || !s.glued(at+1) || !s.glued(at+2) || !threeOrLess(s.word(at)) || !threeOrLess(s.word(at+2)) && !roundThousands(s.word(at+2)) {
		return
	}
	num, den := readDigits(s.word(at)), readDigits(s.word(at+2))
	f, ok := divide(num.value, den.value, -18)
	if !ok || num.value.Cmp(den.value) >= 0 && at != n.from {
		return
	}
	if at != n.from {
		sum, err := f.Add(n.value)
		if err != nil {
			return
		}
		f = sum
	}
	n.value, n.bare, n.to, n.shape = f, f, at+3, decimalShape
	switch {
	case num.value.Cmp(den.value) > 0:
		n.shape = dateShape
	case at == n.from:
		s.sharedOut(n, num.value, den.value)
	}
}

func threeOrLess(w string) bool {
	if len(w) == 0 || len(w) > 3 {
		return false
	}
	for i := range len(w) {
		if !isDigit(w[i]) {
			return false
		}
	}
	return true
}

// magnitude reads the magnitude after digits: "1.2 million", "5bn", "3.2-million".
func (s *scanner) magnitude(n *numeral) {
	at := n.to
	if s.hyphen(at) && s.is(at+1, mag|hundred) {
		at++
	}
	e := s.at(at)
	if e == unknown {
		s.runOn(n, at)
		return
	}
	if e.text == "mm" && s.glued(at) && s.currencyBefore(n.from) { // $3mm
		s.multiply(n, 1_000_000)
		n.to++
		return
	}
	if e.text == "point" && s.digitAt(at+1) && !s.glued(at) && n.shape == plainShape { // 1 point 5
		if p := readDigits(s.word(at + 1)); p.shape == plainShape && p.digits < 6 {
			if f, err := schemas.NewDecimal(mustInt(p.value), -p.digits); err == nil {
				n.value, _ = n.value.Add(f)
				n.to = at + 2
			}
		}
		return
	}
	switch {
	case e.class&(mag|hundred) != 0 && !s.glued(at), e.class&mag != 0:
	case e.class&suffix != 0 && (s.glued(at) || s.currencyBefore(n.from) || e.scale >= 1_000_000 && len(e.text) > 1):
	case e.class&soft != 0 && s.softMagnitude(n.from, at):
	case e.class&dozen != 0, e.class&plural != 0 && (e.n == 12 || e.n >= 1000):
		s.multiply(n, e.n)
		n.to = at + 1
		return
	case e.class&big != 0 && (n.shape == decimalShape || n.value.Cmp(schemas.Int(9)) > 0):
	case e.text == "k" && s.endsPhrase(at+1):
	default:
		return
	}
	scale := max(e.n, e.scale)
	if e.class&suffix == 0 && e.class&(mag|hundred|soft|big) == 0 {
		return
	}
	s.multiply(n, scale)
	n.to = at + 1
	for s.is(n.to, mag) && s.words[n.to].n > 1 && !s.is(n.to, suffix) { // "2 lakh crore", "10 thousand million"
		s.multiply(n, s.words[n.to].n)
		n.to++
	}
	s.andHalf(n)
	if e.class&hundred != 0 {
		s.andUnits(n)
		return
	}
	// 1 million 200 thousand
	for s.digitAt(n.to) && s.is(n.to+1, mag|hundred) && s.words[n.to+1].n < scale {
		p := readDigits(s.word(n.to))
		if m, err := p.value.Mul(schemas.Int(s.words[n.to+1].n)); err == nil && p.shape <= decimalShape && p.value.Cmp(thousand) < 0 {
			if sum, err := n.value.Add(m); err == nil {
				n.value = sum
				scale = s.words[n.to+1].n
				n.to += 2
				if scale == 100 {
					s.andUnits(n)
				}
				continue
			}
		}
		break
	}
}

// andUnits reads the rest of "3 hundred and 21".
func (s *scanner) andUnits(n *numeral) {
	if s.at(n.to).text != "and" {
		return
	}
	switch {
	case s.digitAt(n.to+1) && !s.is(n.to+2, mag|hundred):
		if p := readDigits(s.word(n.to + 1)); p.shape == plainShape && p.value.Cmp(oneHundred) < 0 && p.value.Sign() > 0 {
			n.value, _ = n.value.Add(p.value)
			n.to += 2
		}
	case s.is(n.to+1, small|ten):
		to := n.to + 2
		for to < s.to && to < n.to+4 && (s.hyphen(to) || s.is(to, small)) {
			to++
		}
		if v, ok := s.wordsValue(n.to+1, to); ok && v > 0 && v < 100 && !s.is(to, mag|hundred|fraction|half) {
			n.value, _ = n.value.Add(schemas.Int(v))
			n.to = to
		}
	}
}

func mustInt(d schemas.Decimal) int64 {
	n, _ := d.Int64()
	return n
}

func (s *scanner) digitAt(i int) bool { return i >= s.from && i < s.to && isDigit(s.doc.Word(i)[0]) }

// softMagnitude reports whether m, b or t at token i stands for a magnitude.
func (s *scanner) softMagnitude(num, i int) bool {
	w := s.word(i)
	if s.currencyBefore(num) || w == "M" || w == "B" {
		return true
	}
	switch s.word(i + 1) {
	case "tall", "high", "long", "wide", "deep", "thick", "apart":
		return false
	}
	next := s.at(i + 1)
	switch {
	case w == "b":
		return s.glued(i)
	case next.class&(person|money|cent) != 0 || next.class&unit != 0 && next.class&timeunit == 0:
		return true
	case next.class != 0 || i+1 >= s.to:
		return (s.lastMillion() || w == "m" && s.headcount(i)) && next.text != "from" && next.text != "of"
	}
	if w == "t" {
		return false
	}
	switch s.word(i + 1) {
	case "away", "freestyle", "backstroke", "butterfly", "hurdles", "sprint",
		"race", "final", "bridge", "tower", "wall", "fence", "relay", "mark", "bronze", "gold", "silver", ",", ".", ")", "-":
		return s.lastMillion()
	}
	return s.doc.Tokens[i+1].UPOS == extractor.NOUN || s.doc.Tokens[i+1].UPOS == extractor.ADJ || s.lastMillion()
}

// headcount reports whether the words before token i speak of numbers of people
// or things, not of lengths.
func (s *scanner) headcount(i int) bool {
	for k := i - 2; k >= s.from && k > i-16; k-- {
		switch s.word(k) {
		case "number", "population", "votes", "jobs", "users", "viewers", "copies", "subscribers", "passengers", "total":
			return true
		}
	}
	return false
}

// lastMillion reports whether the sentence's last number is in the millions.
func (s *scanner) lastMillion() bool {
	if k := len(s.doc.Quantities); k > s.first {
		if v := s.doc.Quantities[k-1].Value; v != nil {
			return v.Cmp(schemas.Int(900_000)) > 0
		}
	}
	return false
}

func (s *scanner) multiply(n *numeral, by int64) {
	m := schemas.Int(by)
	v, err := n.value.Mul(m)
	if err != nil {
		n.valid = false
		return
	}
	n.value = v
	if n.mag == (schemas.Decimal{}) {
		n.mag = m
	} else if v, err := n.mag.Mul(m); err == nil {
		n.mag = v
	}
}

// currencyBefore reports whether a currency sign stands before token i.
func (s *scanner) currencyBefore(i int) bool {
	return s.is(i-1, sign) || s.words[i] == unknown && s.signLength(i) > 0
}

// runOn reads a magnitude and a currency that have lost the space between them:
// "350 milliondollars". The numeral then ends inside the token.
func (s *scanner) runOn(n *numeral, at int) {
	w := s.word(at)
	if len(w) == 4 && w[0] == 'M' && s.lex.lookup(w[1:]).class&sign != 0 { // 120 MEUR
		s.multiply(n, 1_000_000)
		n.to = at + 1
		n.span = extractor.Span{Start: s.doc.Tokens[n.from].Start, End: s.doc.Tokens[at-1].End}
		n.sign = s.lex.lookup(w[1:]).money
		return
	}
	for _, m := range [...]string{"thousand", "million", "billion", "trillion"} {
		if len(w) > len(m) && w[:len(m)] == m && s.lex.lookup(w[len(m):]).class&money != 0 {
			s.multiply(n, s.lex.words[m].n)
			n.to = at + 1
			n.span = extractor.Span{Start: s.doc.Tokens[n.from].Start, End: s.doc.Tokens[at].Start + len(m)}
			return
		}
	}
}

// signLength returns the length of the currency letters that token i starts with
// if digits follow them: "RM250", "Rs500".
func (s *scanner) signLength(i int) int {
	w := s.doc.Word(i)
	if len(w) < 2 || w[0] < 'A' || w[0] > 'Z' || !isDigit(w[len(w)-1]) {
		return 0
	}
	for k := 1; k < 4 && k < len(w); k++ {
		if isDigit(w[k]) {
			if e := s.lex.lookup(w[:k]); k > 1 && e.class&sign != 0 && !s.hyphen(i+1) || k == 1 && letterSign(w[0]) != "" && s.is(i+1, mag) {
				return k
			}
			return 0
		}
	}
	return 0
}

// letterSign returns the currency that the papers of its country write as one letter before
// millions: "R3 billion", "N250 million"; "" if the letter is none.
func letterSign(c byte) string {
	switch c {
	case 'N':
		return "NGN"
	case 'P':
		return "PHP"
	case 'R':
		return "ZAR"
	}
	return ""
}

// signed reads the number after the k currency letters that are glued to it.
func (s *scanner) signed(n *numeral, k int) bool {
	tok := s.doc.Tokens[n.from]
	start, end := tok.Start+k, tok.Start+k
	limit := s.doc.Tokens[s.to-1].End
	text := s.doc.Text
	for end < limit && (isDigit(text[end]) || (text[end] == ',' || text[end] == '.') && end+1 < limit && isDigit(text[end+1])) {
		end++
	}
	p := readDigits(text[start:end])
	n.shape, n.value, n.valid, n.bare = p.shape, p.value, p.valid, p.value
	if k == 1 {
		n.sign = letterSign(text[tok.Start])
	} else {
		n.sign = s.lex.lookup(text[tok.Start:start]).money
	}
	for n.to < s.to && s.doc.Tokens[n.to].Start < end {
		n.to++
	}
	s.magnitude(n)
	n.span = extractor.Span{Start: start, End: max(end, s.doc.Tokens[n.to-1].End)}
	return p.rest == 0
}

// power reads the exponent of "1.3x10^6" or "12.32e+14" after the number.
func (s *scanner) power(n *numeral, caret bool) bool {
	i := n.to
	if caret {
		if s.word(i) != "^" {
			return false
		}
		i++
	}
	e, to, ok := s.superscript(i)
	m, err := schemas.NewDecimal(1, e)
	if !ok || err != nil {
		return false
	}
	v, err := n.value.Mul(m)
	if err != nil {
		return false
	}
	n.value, n.bare, n.shape, n.to = v, v, decimalShape, to
	n.span = s.doc.SpanOf(extractor.Range{From: n.from, To: n.to})
	return true
}
