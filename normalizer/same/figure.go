package same

import (
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// A Figure is the interval that a stated number allows for the true value. Two
// figures are the same figure iff they are equal as Go values.
type Figure struct {
	Lo, Hi         schemas.Decimal
	HasLo, HasHi   bool // false: unbounded on that side
	LoOpen, HiOpen bool // the bound itself is excluded ("more than")
	Approx         bool // "about": the bounds are the printed number
	Vague          bool // "dozens": the bound is what the word stands for, nobody printed it
}

// FigureOf normalises a value with its comparator. A vague count is its lower
// bound, a range without comparator is between its ends. It reports false if
// there is no number at all.
func FigureOf(value, lo, hi *schemas.Decimal, c schemas.Comparator) (Figure, bool) {
	var f Figure
	if value == nil {
		if lo == nil && hi == nil {
			return f, false
		}
		if lo != nil {
			f.Lo, f.HasLo = *lo, true
		}
		if hi != nil {
			f.Hi, f.HasHi = *hi, true
		}
		f.Vague = lo == nil || hi == nil
		return f, true
	}
	switch c {
	case schemas.AtLeast, schemas.MoreThan:
		f.Lo, f.HasLo, f.LoOpen = *value, true, c == schemas.MoreThan
	case schemas.AtMost, schemas.LessThan:
		f.Hi, f.HasHi, f.HiOpen = *value, true, c == schemas.LessThan
	default:
		f.Lo, f.Hi, f.HasLo, f.HasHi, f.Approx = *value, *value, true, true, c == schemas.About
	}
	return f, true
}

// Key renders the interval for ids: "[342,)", "(0,200]", "~[40,40]".
func (f Figure) Key() string {
	var b strings.Builder
	if f.Approx {
		b.WriteByte('~')
	}
	if f.Vague {
		b.WriteByte('?')
	}
	if f.LoOpen {
		b.WriteByte('(')
	} else {
		b.WriteByte('[')
	}
	if f.HasLo {
		b.WriteString(f.Lo.String())
	}
	b.WriteByte(',')
	if f.HasHi {
		b.WriteString(f.Hi.String())
	}
	if f.HiOpen || !f.HasHi {
		b.WriteByte(')')
	} else {
		b.WriteByte(']')
	}
	return b.String()
}

// Printed returns the number a reader sees: the bound that was said.
func (f Figure) Printed() schemas.Decimal {
	if f.HasLo {
		return f.Lo
	}
	return f.Hi
}

// Disjoint reports whether no true value fits both figures. "About" allows a
// tenth more or less.
func (f Figure) Disjoint(g Figure) bool {
	f, g = f.widened(), g.widened()
	return before(f, g) || before(g, f)
}

// before reports whether f ends before g begins.
func before(f, g Figure) bool {
	if !f.HasHi || !g.HasLo {
		return false
	}
	c := f.Hi.Cmp(g.Lo)
	return c < 0 || c == 0 && (f.HiOpen || g.LoOpen)
}

func (f Figure) widened() Figure {
	if !f.Approx {
		return f
	}
	down, _ := schemas.NewDecimal(9, -1)
	up, _ := schemas.NewDecimal(11, -1)
	if f.Lo.Sign() < 0 {
		down, up = up, down
	}
	if lo, err := f.Lo.Mul(down); err == nil { // out of digits: keep the printed bound
		f.Lo = lo
	}
	if hi, err := f.Hi.Mul(up); err == nil {
		f.Hi = hi
	}
	return f
}

// single reports whether the figure is exactly one.
func (f Figure) single() bool { return f.HasLo && f.HasHi && f.Lo == f.Hi && f.Lo == schemas.Int(1) }

// Near reports whether the printed numbers differ by at most the factor num/den.
func (f Figure) Near(g Figure, num, den int64) bool {
	a, b := f.Printed(), g.Printed()
	if a.Cmp(b) > 0 {
		a, b = b, a
	}
	if a.Sign() < 0 {
		return a == b
	}
	x, err1 := a.Mul(schemas.Int(num))
	y, err2 := b.Mul(schemas.Int(den))
	return err1 == nil && err2 == nil && y.Cmp(x) <= 0
}
