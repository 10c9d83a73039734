package tokenize

// number cuts what starts with a digit, or with a sign or point before a digit,
// and returns where it ends. Grouped digits, decimals, clock times, dates and
// telephone numbers stay whole; units, percent signs and ranges are cut off.
func (s *scanner) number(i int) int {
	j := i
	if !s.isDigit(j) {
		_, n := classAt(s.text, j)
		j += n
	}
	j = s.digits(j)
	for j+1 < s.end && s.isDigit(j+1) {
		k := j
		switch s.text[j] {
		case ',':
			k = s.group(j)
		case '.', ':':
			k = s.digits(j + 1)
		case '/':
			k = s.slashed(i, j)
		case '-':
			k = s.dashed(i, j)
		}
		if k == j {
			break
		}
		j = k
	}
	if s.isLetter(j) {
		return s.suffix(i, j)
	}
	if s.text[j-1] != '.' && s.listMark(i, j) {
		j++
	}
	s.emit(i, j)
	if k := s.decade(i, j); k > 0 {
		s.toks[len(s.toks)-1].End = k
		return k
	}
	return s.possessive(j)
}

// digits returns the end of the digits from j on.
func (s *scanner) digits(j int) int {
	for j < s.end {
		c, n := classAt(s.text, j)
		if c != digit {
			break
		}
		j += n
	}
	return j
}

// group returns the end of the group of digits after the comma at j, j if what
// follows does not group thousands ("40,000", "1,50,000").
func (s *scanner) group(j int) int {
	switch k := s.digits(j + 1); {
	case k-j == 4:
		return k
	case k-j == 3 && k < s.end && s.text[k] == ',' && s.digits(k+1)-k >= 3 && s.isDigit(k+1):
		return k
	}
	return j
}

// slashed returns the end of a date after the slash at j ("11/28/2000", "9/11"),
// j if a fraction or a choice stands there.
func (s *scanner) slashed(i, j int) int {
	k := s.digits(j + 1)
	if k < s.end && s.text[k] == '/' && s.isDigit(k+1) {
		return s.digits(k + 1)
	}
	month, day := s.small(i, j), s.small(j+1, k)
	if month >= 1 && month <= 12 && day >= 1 && day <= 31 && day != 24 && (day > 4 && day != 8 || month >= 9) {
		return k
	}
	return j
}

// small returns the value of the at most two digits [i, j), -1 if it is none.
func (s *scanner) small(i, j int) int {
	v := 0
	if j-i > 2 || j == i {
		return -1
	}
	for _, c := range []byte(s.text[i:j]) {
		if c < '0' || c > '9' {
			return -1
		}
		v = v*10 + int(c-'0')
	}
	return v
}

// dashed returns the end of a telephone number or date after the hyphen at j
// ("713-853-3989", "345-9945", "2011-05-01"), j if a range stands there.
func (s *scanner) dashed(i, j int) int {
	k := s.digits(j + 1)
	if k < s.end && s.text[k] == '-' && s.isDigit(k+1) {
		return s.digits(k + 1)
	}
	if j-i == 3 && k-j == 5 {
		return k
	}
	return j
}

// listMark reports whether the number [i, j) with the period at j opens a line:
// "1. First".
func (s *scanner) listMark(i, j int) bool {
	if j >= s.end || s.text[j] != '.' || j-i > 2 || s.isWord(j+1) || j+1 < s.end && s.text[j+1] == '.' {
		return false
	}
	return (len(s.toks) == 0 || s.toks[len(s.toks)-1].End < i && s.lineStart(i)) && s.skipBlank(j+1) < s.end
}

func (s *scanner) lineStart(i int) bool {
	for i > 0 && (s.text[i-1] == ' ' || s.text[i-1] == '\t') {
		i--
	}
	return i == 0 || s.text[i-1] == '\n'
}

// decade returns the end of "60's" or "1590's", 0 if that is not what stands
// at [i, j).
func (s *scanner) decade(i, j int) int {
	n := s.apostrophe(j)
	if n == 0 || j-i != 2 && j-i != 4 || s.text[j-1] != '0' || j+n >= s.end || s.text[j+n] != 's' || s.isWord(j+n+1) {
		return 0
	}
	return j + n + 1
}

// suffix cuts a number with letters after it: "23rd", "1970s", "4chan" and "3D"
// stay whole, "35mm", "5pm" and "1.2bn" are number and unit.
func (s *scanner) suffix(i, j int) int {
	k, inner := j, false
	for k < s.end {
		c, n := classAt(s.text, k)
		if c == digit || s.text[k] == '_' {
			inner = true
		} else if c != letter {
			break
		}
		k += n
	}
	if !inner && k-j <= maxUnit && s.text[j:k] != "G" && s.words.is(s.text[j:k], unit) { // 5G is no weight
		s.emit(i, j)
		e := k
		if k < s.end && s.text[k] == '.' && s.text[k-1]|0x20 != 'm' && s.words.is(s.text[j:k], final) && !s.starts(s.skipBlank(k+1)) {
			e++
		}
		s.emit(j, e)
		return e
	}
	if !inner && k < s.end && s.text[k] == '.' && k-j == 1 && s.text[k-1]|0x20 != 's' && k+2 < s.end && s.text[k+1]|0x20 == 'm' && s.text[k+2] == '.' { // 7a.m.
		s.emit(i, j)
		return s.word(j)
	}
	s.emit(i, k)
	return s.possessive(k)
}

// maxUnit is the length of the longest unit, in bytes.
const maxUnit = 8
