package schemas

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The records are written as JSON by the functions in encode.go, which are made
// from the types: the pipeline encodes every claim several times, and reflection
// with a MarshalJSON method at each level encodes nested records once a level. The
// bytes are those of encoding/json without HTML escaping, lists and maps never
// null. The helpers below are what the generated code is made of.

// closeObject ends an object whose members all end in a comma.
func closeObject(b []byte) []byte {
	if b[len(b)-1] == ',' {
		b[len(b)-1] = '}'
		return b
	}
	return append(b, '}')
}

// closeList ends a list whose elements all end in a comma.
func closeList(b []byte) []byte {
	if b[len(b)-1] == ',' {
		b[len(b)-1] = ']'
		return b
	}
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

// plainByte reports whether a byte stands for itself inside a JSON string.
func plainByte(c byte) bool { return c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf }

// Strings are looked through eight bytes at a time.
const (
	ones     = 0x0101010101010101
	highBits = 0x80 * ones
)

// eight returns eight bytes from i as one number, the first lowest.
func eight[S ~string | ~[]byte](s S, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// special sets the high bit of each of eight bytes that is a control character, a
// quotation mark or a backslash, and of no others.
func special(x uint64) uint64 {
	y := x &^ highBits // no byte borrows from the next one
	control := (y | highBits) - 0x20*ones
	quote := (y ^ '"'*ones | highBits) - ones
	slash := (y ^ '\\'*ones | highBits) - ones
	return ^(control & quote & slash) & highBits &^ x
}

// plainEnd returns where, from i, the first byte is that does not stand for itself inside
// a JSON string, or the end of s.
func plainEnd(s string, i int) int {
	for i+8 <= len(s) {
		x := eight(s, i)
		if odd := special(x) | x&highBits; odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
		i += 8
	}
	for i < len(s) && plainByte(s[i]) {
		i++
	}
	return i
}

// quoteJSON writes a string as encoding/json does without HTML escaping.
func quoteJSON[S ~string](b []byte, v S) []byte {
	s := string(v)
	b = append(b, '"')
	from := 0
	for i := plainEnd(s, 0); i < len(s); i = plainEnd(s, i) {
		c := s[i]
		if c < utf8.RuneSelf {
			b = append(b, s[from:i]...)
			switch c {
			case '"', '\\':
				b = append(b, '\\', c)
			case '\b':
				b = append(b, '\\', 'b')
			case '\f':
				b = append(b, '\\', 'f')
			case '\n':
				b = append(b, '\\', 'n')
			case '\r':
				b = append(b, '\\', 'r')
			case '\t':
				b = append(b, '\\', 't')
			default:
				b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			}
			i++
			from = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b = append(append(b, s[from:i]...), `\ufffd`...)
			from = i + n
		case r == '\u2028' || r == '\u2029': // line ends in JavaScript: encoding/json always escapes them
			b = append(append(b, s[from:i]...), `\u202`...)
			b = append(b, hexDigits[r&15])
			from = i + n
		}
		i += n
	}
	return append(append(b, s[from:]...), '"')
}

// appendFloat writes a number as encoding/json does. What is no number is 0.
func appendFloat(b []byte, f float64) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(b, '0')
	}
	format := byte('f')
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, 64)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && (b[n-3] == '-' || b[n-3] == '+') && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// appendDecimal writes a JSON number in plain notation.
func appendDecimal(b []byte, d Decimal) []byte {
	if d.exp >= 0 {
		b = strconv.AppendInt(b, d.coef, 10)
		for range d.exp {
			b = append(b, '0')
		}
		return b
	}
	return append(b, d.String()...)
}

// appendMap writes an object of strings, by key.
func appendMap[V ~string](b []byte, m map[string]V) []byte {
	type member struct {
		key   string
		value V
	}
	var few [16]member // as nearly always
	members := few[:0]
	for k, v := range m {
		members = append(members, member{k, v})
	}
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.key, b.key) })
	b = append(b, '{')
	for i := range members {
		b = append(quoteJSON(b, members[i].key), ':')
		b = append(quoteJSON(b, members[i].value), ',')
	}
	return closeObject(b)
}
