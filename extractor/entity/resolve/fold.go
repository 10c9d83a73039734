package resolve

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which two spellings of one name are equal: lower
// case, no diacritics, straight apostrophes dropped, hyphens and dots as the
// spelling variants of news have them ("Al-Thani", "Al Thani"; "U.S.", "US").
func Fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return foldRunes(s)
		case c >= 'A' && c <= 'Z', c == '.', c == '-', c == '\'':
			plain = false
		}
	}
	if plain {
		return s
	}
	return foldASCII(s)
}

// foldASCII is foldRunes for text in ASCII, which most is.
func foldASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for i := range len(s) {
		c := s[i]
		switch c {
		case '.', '\'', '`':
			continue
		case '-', ' ', '\t', '\n', '\v', '\f', '\r':
			gap = b.Len() > 0
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteByte(c)
	}
	return b.String()
}

func foldRunes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '.', r == '\'', r == '’', r == '‘', r == 'ʼ', r == '`':
			continue
		case r == '-' || r == '‐' || r == '‑' || r == '–' || r == '\u00a0' || r == '\u00ad':
			b.WriteByte(' ')
			continue
		}
		switch r = unicode.ToLower(r); r { // letters that no decomposition takes apart
		case 'ı':
			r = 'i'
		case 'ø':
			r = 'o'
		case 'ł':
			r = 'l'
		case 'đ', 'ð':
			r = 'd'
		case 'ß':
			b.WriteByte('s')
			r = 's'
		case 'æ':
			b.WriteByte('a')
			r = 'e'
		case 'œ':
			b.WriteByte('o')
			r = 'e'
		}
		b.WriteRune(r)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
