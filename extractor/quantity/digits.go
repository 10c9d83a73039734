package quantity

import "github.com/claimwire/claimwire/schemas"

// A shape is how a token that starts with a digit looks.
type shape uint8

const (
	plainShape   shape = iota // 342
	decimalShape              // 1,200 or 1.5: grouped or with a decimal point
	ordinalShape              // 22nd
	decadeShape               // 1990s
	clockShape                // 14:30
	dateShape                 // 10/12/2015
	phoneShape                // 555-0199
	gluedShape                // 8m: letters follow
	labelShape                // 3D
)

// A reading is what readDigits finds in a token.
type reading struct {
	value  schemas.Decimal
	valid  bool
	shape  shape
	digits int // digits before the point
	rest   int // byte offset of what follows the number; 0 if nothing does
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// maxDigits is what a coefficient can hold with room for the carry.
const maxDigits = 18

// readDigits reads a token that starts with a digit, sign or point. It looks at
// every byte once.
func readDigits(w string) reading {
	i, neg := 0, false
	if w[0] == '-' || w[0] == '+' {
		neg = w[0] == '-'
		i++
	}
	var coef int64
	exp, all, before, point, groups, dots := 0, 0, 0, false, 0, 0
loop:
	for i < len(w) {
		switch c := w[i]; {
		case isDigit(c):
			if all < maxDigits {
				coef = coef*10 + int64(c-'0')
				if point {
					exp--
				}
			} else if !point {
				exp++
			}
			if coef > 0 || c != '0' {
				all++
			}
			if !point {
				before++
			}
		case c == ',' && i+1 < len(w) && isDigit(w[i+1]) && !point && before == 1 && coef == 0: // 0,125
			point = true
		case c == ',' && i+1 < len(w) && isDigit(w[i+1]) && !point:
			groups++
		case c == '.' && i+1 < len(w) && isDigit(w[i+1]) && !point && dots == 0 && !secondPoint(w[i+1:]):
			point = true
		case c == '.' && i+3 < len(w) && threeDigits(w[i+1:i+4]) && (i+4 == len(w) || !isDigit(w[i+4])) && !point: // 1.200.000
			groups++
			dots++
		default:
			break loop
		}
		i++
	}
	r := reading{digits: before, shape: plainShape, valid: all <= maxDigits}
	if groups > 0 || point {
		r.shape = decimalShape
	}
	if neg {
		coef = -coef
	}
	if v, err := schemas.NewDecimal(coef, exp); err == nil {
		r.value = v
	} else {
		r.valid = false
	}
	if i+1 < len(w) && (w[i] == 'e' || w[i] == 'E') && r.valid { // 1.2e10
		if v, err := schemas.ParseDecimal(w); err == nil && i-len(w) > -5 {
			r.value, r.shape = v, decimalShape
			return r
		}
	}
	if before == 0 && !point || i < len(w) {
		r.follow(w, i)
	}
	return r
}

// secondPoint reports whether the digits at the start of w are followed by
// another point and digit, as in "1.200.000" or "192.168.0.1".
func secondPoint(w string) bool {
	for i := range len(w) {
		if !isDigit(w[i]) {
			return w[i] == '.' && i+1 < len(w) && isDigit(w[i+1])
		}
	}
	return false
}

// follow looks at what stands after the number.
func (r *reading) follow(w string, i int) {
	rest := w[i:]
	r.rest = i
	switch {
	case isVulgar(rest):
		num, den := vulgar(rest)
		f, _ := divide(schemas.Int(num), schemas.Int(den), -18)
		if sum, err := r.value.Add(f); err == nil {
			r.value = sum
		}
		r.shape, r.rest = decimalShape, 0
		if i == 0 {
			r.valid = true
		}
	case rest == ".":
		r.rest = 0
	case equalFold(rest, "st"), equalFold(rest, "nd"), equalFold(rest, "rd"), equalFold(rest, "th"):
		r.shape = ordinalShape
	case rest == "s", rest == "'s", rest == "’s":
		r.shape = decadeShape
	case rest[0] == ':':
		r.shape = clockShape
	case rest[0] == '/':
		r.shape = dateShape
	case rest[0] == '-':
		r.shape = phoneShape
	case rest[0] == '.': // 192.168.0.1
		r.shape, r.valid = labelShape, false
	case rest[0] == '+' && len(rest) == 1:
		r.rest = 0
	default:
		r.shape = gluedShape
	}
}

// equalFold compares with a lower-case word.
func equalFold(w, low string) bool {
	if len(w) != len(low) {
		return false
	}
	for i := range len(w) {
		if w[i]|0x20 != low[i] {
			return false
		}
	}
	return true
}

// divide returns a/b to 18 digits at most, rounded down to a multiple of
// 10^least.
func divide(a, b schemas.Decimal, least int) (schemas.Decimal, bool) {
	x, ok1 := a.Int64()
	y, ok2 := b.Int64()
	if !ok1 || !ok2 || y == 0 || x < 0 || y < 0 {
		return schemas.Decimal{}, false
	}
	exp := 0
	for exp > least && x%y != 0 && x < 1e16 {
		x *= 10
		exp--
	}
	v, err := schemas.NewDecimal(x/y, exp)
	return v, err == nil
}

// vulgar returns the numerator and denominator of a one-character fraction, 0 if
// w is none.
func vulgar(w string) (num, den int64) {
	switch w {
	case "½":
		return 1, 2
	case "⅓":
		return 1, 3
	case "⅔":
		return 2, 3
	case "¼":
		return 1, 4
	case "¾":
		return 3, 4
	case "⅕":
		return 1, 5
	case "⅖":
		return 2, 5
	case "⅗":
		return 3, 5
	case "⅘":
		return 4, 5
	case "⅙":
		return 1, 6
	case "⅚":
		return 5, 6
	case "⅛":
		return 1, 8
	case "⅜":
		return 3, 8
	case "⅝":
		return 5, 8
	case "⅞":
		return 7, 8
	}
	return 0, 0
}

func isVulgar(w string) bool {
	_, den := vulgar(w)
	return den > 0
}
