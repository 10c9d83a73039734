package schemas

import (
	"encoding/json"
	"math/bits"
	"strconv"
	"sync"
	"unicode/utf8"
)

// The records are read from JSON by the functions in decode.go, which are made from
// the types: every change of a claim is read by each sink, and encoding/json takes
// more time for that than SQLite takes to store it. They read what AppendJSON
// writes, members in any order. Whatever else may come, a member that this version
// does not know or null for a string, is left to encoding/json, so that the result is
// always its own.

// scan reads a record that read can read, else as encoding/json does.
func scan[T any](b []byte, v *T, read func(*scanner, *T)) error {
	*v = *new(T)
	if utf8.Valid(b) {
		s := scanners.Get().(*scanner)
		s.b, s.i, s.bad = b, 0, false
		read(s, v)
		s.space()
		done := !s.bad && s.i == len(b)
		s.b = nil
		scanners.Put(s)
		if done {
			return nil
		}
		*v = *new(T)
	}
	return json.Unmarshal(b, v)
}

// scanners are kept for the short strings that they have seen.
var scanners = sync.Pool{New: func() any { return new(scanner) }}

// A scanner goes through JSON. Once it has met what it cannot read it is bad, and
// what it returns means nothing.
type scanner struct {
	b     []byte
	i     int
	bad   bool
	words [256]string // short strings met before, so that each is kept once
}

// peek returns the next byte that is no space; 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) space() {
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return
		}
	}
}

// open passes the beginning of an object or list.
func (s *scanner) open(c byte) bool {
	if s.peek() != c {
		s.bad = true
		return false
	}
	s.i++
	return true
}

// more passes what stands before the nth member or element, or the end of the
// object or list, and then returns false.
func (s *scanner) more(n int, end byte) bool {
	c := s.peek()
	switch {
	case s.bad:
		return false
	case c == end:
		s.i++
		return false
	case n == 0:
		return true
	case c != ',':
		s.bad = true
		return false
	}
	s.i++
	return true
}

// key passes the name of a member and its colon.
func (s *scanner) key() []byte {
	k := s.raw()
	if s.peek() != ':' {
		s.bad = true
		return nil
	}
	s.i++
	return k
}

// once notes member n of an object. One that is there twice is left to encoding/json.
func (s *scanner) once(seen *uint64, n uint) {
	if *seen&(1<<n) != 0 {
		s.bad = true
	}
	*seen |= 1 << n
}

// raw passes a string without escapes and returns what is between its quotes.
func (s *scanner) raw() []byte {
	if s.peek() != '"' {
		s.bad = true
		return nil
	}
	if j := s.stop(s.i + 1); j < len(s.b) && s.b[j] == '"' {
		out := s.b[s.i+1 : j]
		s.i = j + 1
		return out
	}
	s.bad = true
	return nil
}

// stop returns where, from i, the first byte is that is no part of a plain string: its
// end, an escape, or what must not be in one; the end of the input if there is none.
func (s *scanner) stop(i int) int {
	b := s.b
	for i+8 <= len(b) {
		if found := special(eight(b, i)); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
		i += 8
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
		i++
	}
	return i
}

// maxWord is the length of the longest string that is kept for another one like it:
// that of a hash.
const maxWord = 71

func str[S ~string](s *scanner) S {
	if s.peek() != '"' {
		s.bad = true
		return ""
	}
	j := s.stop(s.i + 1)
	switch {
	case j == len(s.b) || s.b[j] < ' ':
		s.bad = true
		return ""
	case s.b[j] == '\\':
		return S(s.unescape(j))
	}
	out := s.b[s.i+1 : j]
	s.i = j + 1
	return S(s.word(out))
}

// word returns b as a string, the same one for the same short bytes.
func (s *scanner) word(b []byte) string {
	n := len(b)
	if n == 0 {
		return ""
	}
	if n > maxWord {
		return string(b)
	}
	h := uint(n) + uint(b[0])*7 + uint(b[n-1])*31 + uint(b[n/2])*131 + uint(b[n/3])*17
	at := &s.words[h%uint(len(s.words))]
	if *at != string(b) {
		*at = string(b)
	}
	return *at
}

// escapes are the bytes that a letter after a backslash stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape reads a string whose first escape is at j.
func (s *scanner) unescape(j int) string {
	b := s.b
	out := append(make([]byte, 0, 2*(j-s.i)+64), b[s.i+1:j]...)
	for j < len(b) {
		c := b[j]
		switch {
		case c == '"':
			s.i = j + 1
			return string(out)
		case c < ' ':
			s.bad = true
			return ""
		case c != '\\':
			out = append(out, c)
			j++
			continue
		}
		if j+1 >= len(b) {
			break
		}
		if e := escapes[b[j+1]]; e != 0 {
			out = append(out, e)
			j += 2
			continue
		}
		if b[j+1] != 'u' || j+6 > len(b) {
			break
		}
		r, err := strconv.ParseUint(string(b[j+2:j+6]), 16, 16)
		if err != nil || r >= 0xD800 && r < 0xE000 { // half of a character
			break
		}
		out = utf8.AppendRune(out, rune(r))
		j += 6
	}
	s.bad = true
	return ""
}

// null passes "null" if it is next.
func (s *scanner) null() bool {
	if s.peek() != 'n' {
		return false
	}
	return s.literal("null")
}

func (s *scanner) literal(text string) bool {
	if end := s.i + len(text); end <= len(s.b) && string(s.b[s.i:end]) == text {
		s.i = end
		return true
	}
	s.bad = true
	return false
}

func (s *scanner) bool() bool {
	if s.peek() == 't' {
		return s.literal("true")
	}
	s.literal("false")
	return false
}

// number passes a number as the grammar of JSON has it.
func (s *scanner) number() []byte {
	s.space()
	from := s.i
	s.skip('-')
	switch {
	case s.skip('0'):
	case s.digits() == 0:
		s.bad = true
	}
	if s.skip('.') && s.digits() == 0 {
		s.bad = true
	}
	if s.skip('e') || s.skip('E') {
		if !s.skip('+') {
			s.skip('-')
		}
		if s.digits() == 0 {
			s.bad = true
		}
	}
	return s.b[from:s.i]
}

func (s *scanner) skip(c byte) bool {
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *scanner) digits() int {
	from := s.i
	for s.i < len(s.b) && s.b[s.i] >= '0' && s.b[s.i] <= '9' {
		s.i++
	}
	return s.i - from
}

func (s *scanner) int() int64 {
	n, err := strconv.ParseInt(string(s.number()), 10, 64)
	s.bad = s.bad || err != nil
	return n
}

func (s *scanner) float() float64 {
	f, err := strconv.ParseFloat(string(s.number()), 64)
	s.bad = s.bad || err != nil
	return f
}

func (s *scanner) decimal() Decimal {
	d, err := ParseDecimal(string(s.number()))
	s.bad = s.bad || err != nil
	return d
}

// quoted passes a string without escapes and returns it with its quotes.
func (s *scanner) quoted() []byte {
	s.space()
	from := s.i
	s.raw()
	return s.b[from:s.i]
}

// strings reads an object of strings.
func stringMap[V ~string](s *scanner) map[string]V {
	if s.null() || !s.open('{') {
		return nil
	}
	m := map[string]V{}
	for n := 0; s.more(n, '}'); n++ {
		k := str[string](s)
		if s.peek() != ':' {
			s.bad = true
			return nil
		}
		s.i++
		m[k] = str[V](s)
	}
	return m
}
