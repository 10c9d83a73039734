package readable

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalize returns s in the form that [schemas.Readable1] names:
//
//   - Unicode normalisation form C;
//   - paragraphs joined by exactly one line feed, none of them empty;
//   - any other run of white space is one space, with none beside a line feed;
//   - no control characters, no bidirectional overrides or isolates, and nothing
//     invisible that splits words (soft hyphen, zero-width space, byte order mark).
//
// Every line of s becomes a paragraph. Normalising twice changes nothing.
func Normalize(s string) string {
	lines := strings.Split(s, "\n")
	out := lines[:0]
	for _, l := range lines {
		if l = Line(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// Line normalises one paragraph: as [Normalize], but a line feed is white space
// like any other.
func Line(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false // white space is waiting to be written
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			gap = b.Len() > 0
		case dropped(r):
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// plainASCII reports whether Line has nothing to do.
func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}

func dropped(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069: // bidirectional embeddings, overrides, isolates
		return true
	case r == 0x00AD, r == 0x200B, r == 0x2060, r == 0xFEFF:
		return true
	case r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE: // not characters
		return true
	}
	return false
}

// Paragraphs splits plain text into normalised paragraphs: at blank lines if
// there are any, so that hard-wrapped text is joined again, else at every line.
func Paragraphs(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2029", "\n\n").Replace(text)
	var out []string
	var open []string
	flush := func() {
		if l := Line(strings.Join(open, " ")); l != "" {
			out = append(out, l)
		}
		open = open[:0]
	}
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	wrapped := false
	for _, l := range lines {
		wrapped = wrapped || strings.TrimSpace(l) == ""
	}
	for _, l := range lines {
		if !wrapped || strings.TrimSpace(l) == "" {
			flush()
		}
		open = append(open, l)
	}
	flush()
	return out
}

func validUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
