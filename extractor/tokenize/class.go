package tokenize

import (
	"unicode"
	"unicode/utf8"
)

// A class is what a character means to the scanner.
type class uint8

const (
	mark   class = iota // punctuation and symbols
	blank               // white space, controls and invisible format characters
	letter              // letters and combining marks
	digit               // 0-9 and other decimal digits
)

// ascii holds the classes of the one-byte characters.
var ascii = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		switch {
		case c <= ' ' || c == 0x7f:
			t[c] = blank
		case c >= '0' && c <= '9':
			t[c] = digit
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			t[c] = letter
		}
	}
	return t
}()

// classAt returns the class and the length in bytes of the character at i. A
// byte that is no UTF-8 is a mark of its own.
func classAt(text string, i int) (class, int) {
	if c := text[i]; c < utf8.RuneSelf {
		return ascii[c], 1
	}
	r, n := utf8.DecodeRuneInString(text[i:])
	return classOf(r), n
}

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return ascii[max(r, 0)]
	case unicode.IsLetter(r), unicode.IsMark(r), r == 0xAD: // soft hyphen: inside a word
		return letter
	case unicode.IsDigit(r):
		return digit
	case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return blank
	}
	return mark
}

// isWord reports whether a letter or digit stands at i; false at the end.
func (s *scanner) isWord(i int) bool {
	if i >= s.end {
		return false
	}
	c, _ := classAt(s.text, i)
	return c >= letter
}

func (s *scanner) isLetter(i int) bool {
	if i >= s.end {
		return false
	}
	c, _ := classAt(s.text, i)
	return c == letter
}

func (s *scanner) isDigit(i int) bool { return i < s.end && s.text[i] >= '0' && s.text[i] <= '9' }

func (s *scanner) isUpper(i int) bool {
	if i >= s.end {
		return false
	}
	if c := s.text[i]; c < utf8.RuneSelf {
		return c >= 'A' && c <= 'Z'
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return unicode.IsUpper(r)
}

// skipBlank returns the first place from i on that is not blank, at most s.end.
func (s *scanner) skipBlank(i int) int {
	for i < s.end {
		c, n := classAt(s.text, i)
		if c != blank {
			return i
		}
		i += n
	}
	return s.end
}

// apostrophe returns the length of the apostrophe at i, 0 if there is none.
func (s *scanner) apostrophe(i int) int {
	switch {
	case i >= s.end:
		return 0
	case s.text[i] == '\'':
		return 1
	case s.end-i >= 3 && s.text[i:i+3] == "’":
		return 3
	}
	return 0
}
