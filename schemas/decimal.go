package schemas

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// A Decimal is an exact decimal number: coefficient times ten to the exponent.
// Two equal numbers are equal as Go values, because trailing zeros of the
// coefficient are always moved into the exponent. The zero value is 0.
//
// A coefficient has at most 18 digits and the exponent lies in [-18, 36]: more
// than news ever prints. Operations that leave this range fail; they never round.
type Decimal struct {
	coef int64
	exp  int8
}

// ErrDecimal is returned for numbers that are malformed or out of range.
var ErrDecimal = errors.New("not a decimal of at most 18 digits")

const (
	maxCoef = 999_999_999_999_999_999
	minExp  = -18
	maxExp  = 36
)

// NewDecimal returns coef × 10^exp.
func NewDecimal(coef int64, exp int) (Decimal, error) {
	if coef == 0 {
		return Decimal{}, nil
	}
	for coef%10 == 0 {
		coef /= 10
		exp++
	}
	if coef > maxCoef || coef < -maxCoef || exp < minExp || exp > maxExp {
		return Decimal{}, ErrDecimal
	}
	return Decimal{coef, int8(exp)}, nil
}

// Int returns n as a Decimal. n must be below 10^18 in magnitude.
func Int(n int64) Decimal {
	d, err := NewDecimal(n, 0)
	if err != nil {
		panic("schemas.Int: out of range: " + strconv.FormatInt(n, 10))
	}
	return d
}

// ParseDecimal reads digits with an optional sign, decimal point and exponent:
// the grammar of JSON numbers, leading zeros allowed.
func ParseDecimal(s string) (Decimal, error) {
	i, neg := 0, false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		neg = s[i] == '-'
		i++
	}
	var coef int64
	exp, digits, point := 0, 0, false
	for ; i < len(s); i++ {
		c := s[i]
		if c == '.' && !point {
			point = true
			continue
		}
		if c < '0' || c > '9' {
			break
		}
		digits++
		if coef > maxCoef/10 { // no room: only zeros may follow
			if c != '0' {
				return Decimal{}, ErrDecimal
			}
			if !point {
				exp++
			}
			continue
		}
		coef = coef*10 + int64(c-'0')
		if point {
			exp--
		}
	}
	if digits == 0 {
		return Decimal{}, ErrDecimal
	}
	if i < len(s) {
		if s[i] != 'e' && s[i] != 'E' {
			return Decimal{}, ErrDecimal
		}
		e, err := strconv.Atoi(s[i+1:])
		if err != nil || e > 1000 || e < -1000 {
			return Decimal{}, ErrDecimal
		}
		exp += e
	}
	if neg {
		coef = -coef
	}
	return NewDecimal(coef, exp)
}

// Mul returns the exact product.
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	hi, lo := bits.Mul64(magnitude(d.coef), magnitude(e.coef))
	exp := int(d.exp) + int(e.exp)
	for hi > 0 || lo > maxCoef { // the product may still end in zeros
		var r uint64
		hi, r = hi/10, hi%10
		lo, r = bits.Div64(r, lo, 10)
		if r != 0 {
			return Decimal{}, ErrDecimal
		}
		exp++
	}
	coef := int64(lo)
	if (d.coef < 0) != (e.coef < 0) {
		coef = -coef
	}
	return NewDecimal(coef, exp)
}

// Add returns the exact sum.
func (d Decimal) Add(e Decimal) (Decimal, error) {
	if d.coef == 0 {
		return e, nil
	}
	if e.coef == 0 {
		return d, nil
	}
	if d.exp < e.exp {
		d, e = e, d
	}
	a := d.coef
	for range int(d.exp) - int(e.exp) {
		// Up to twice the largest coefficient, e may bring the sum back into range.
		if a > maxCoef/5 || a < -maxCoef/5 {
			return Decimal{}, ErrDecimal
		}
		a *= 10
	}
	return NewDecimal(a+e.coef, int(e.exp))
}

// Neg returns the number with its sign changed.
func (d Decimal) Neg() Decimal { return Decimal{-d.coef, d.exp} }

// Cmp returns -1, 0 or +1 as d is less than, equal to or greater than e.
func (d Decimal) Cmp(e Decimal) int {
	if d == e {
		return 0
	}
	if s, t := d.Sign(), e.Sign(); s != t {
		if s < t {
			return -1
		}
		return 1
	}
	// Same sign and different: compare the magnitudes in units of the smaller exponent.
	a, b, more := magnitude(d.coef), magnitude(e.coef), int(d.exp)-int(e.exp)
	if more < 0 {
		return -e.Cmp(d)
	}
	if more > 19 { // a is not zero, and 10^20 is more than b can be
		return d.Sign()
	}
	scale := uint64(1)
	for range more {
		scale *= 10
	}
	over, a := bits.Mul64(a, scale)
	if over > 0 {
		return d.Sign()
	}
	return cmp.Compare(a, b) * d.Sign()
}

// Sign returns -1, 0 or +1.
func (d Decimal) Sign() int {
	switch {
	case d.coef < 0:
		return -1
	case d.coef > 0:
		return 1
	}
	return 0
}

// Int64 returns the number and true if it is a whole number that fits.
func (d Decimal) Int64() (int64, bool) {
	if d.exp < 0 {
		return 0, false
	}
	n := d.coef
	for range d.exp {
		if n > math.MaxInt64/10 || n < math.MinInt64/10 {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

// Float64 returns the nearest float64.
func (d Decimal) Float64() float64 {
	f, err := strconv.ParseFloat(strconv.FormatInt(d.coef, 10)+"e"+strconv.Itoa(int(d.exp)), 64)
	if err != nil {
		panic(err) // the range of Decimal is inside that of float64
	}
	return f
}

// String returns plain notation without an exponent: "1200000000", "-0.5".
func (d Decimal) String() string {
	s := strconv.FormatUint(magnitude(d.coef), 10)
	switch exp := int(d.exp); {
	case d.coef == 0:
	case exp >= 0:
		s += strings.Repeat("0", exp)
	case len(s) > -exp:
		s = s[:len(s)+exp] + "." + s[len(s)+exp:]
	default:
		s = "0." + strings.Repeat("0", -exp-len(s)) + s
	}
	if d.coef < 0 {
		s = "-" + s
	}
	return s
}

// MarshalJSON writes a JSON number in plain notation.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalJSON reads a JSON number.
func (d *Decimal) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	v, err := ParseDecimal(string(b))
	if err != nil {
		return fmt.Errorf("%.40s: %w", b, err)
	}
	*d = v
	return nil
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}
