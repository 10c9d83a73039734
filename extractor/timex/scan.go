package timex

import (
	"github.com/claimwire/claimwire/extractor"
)

// A word is what the tagger knows of one token.
type word struct {
	entry
	digits int8 // number of digits if the token starts with one
	upper  bool // starts with a capital letter
	mid    bool // had the prefix "mid-": "mid-July" is one token in UD
}

func (w *word) is(c class) bool { return w.class&c != 0 }

// scan looks every token up. Most words are in no table: one look-up is all they cost.
func scan(doc *extractor.Doc, lex map[string]entry, words []word) []word {
	words = words[:0]
	var buf [maxWord]byte
	for i := range doc.Tokens {
		words = append(words, word{})
		w := &words[len(words)-1]
		s := doc.Text[doc.Tokens[i].Start:doc.Tokens[i].End]
		if s == "" {
			continue
		}
		if len(s) > 4 && s[3] == '-' && equalFold(s[:3], "mid") {
			w.mid, s = true, s[4:]
		}
		if rest := trimApostrophe(s); rest != "" && isDigit(rest[0]) {
			scanDigits(rest, w)
			continue
		}
		w.upper = s[0] >= 'A' && s[0] <= 'Z'
		if len(s) > maxWord {
			continue
		}
		for j := 0; j < len(s); j++ {
			c := s[j]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			buf[j] = c
		}
		if e, ok := lex[string(buf[:len(s)])]; ok {
			w.entry = e
		}
	}
	return words
}

// trimApostrophe cuts the apostrophe of "'90s".
func trimApostrophe(s string) string {
	switch {
	case len(s) > 1 && s[0] == '\'':
		return s[1:]
	case len(s) > 3 && (s[:3] == "’" || s[:3] == "‘"):
		return s[3:]
	}
	return s
}

// maxDigits bounds the numbers a time expression can hold.
const maxDigits = 9

// scanDigits reads a token that starts with a digit: 12, 1,200, 21st, 1990s, 14:30.
func scanDigits(s string, w *word) {
	n, digits, i := 0, 0, 0
	for ; i < len(s); i++ {
		c := s[i]
		if c == ',' && digits > 0 && i+3 < len(s) && isDigit(s[i+1]) {
			continue
		}
		if !isDigit(c) {
			break
		}
		if digits++; digits <= maxDigits {
			n = n*10 + int(c-'0')
		}
	}
	w.class = cMixed
	if digits > maxDigits {
		return
	}
	w.val, w.digits = int32(n), int8(digits)
	switch rest := s[i:]; {
	case rest == "":
		w.class = cNum
		if digits == len(s) {
			w.class |= cDigits
		}
	case digits <= 2 && isOrdinalSuffix(rest):
		w.class, w.ord = cOrd, int16(n)
	}
}

func isOrdinalSuffix(s string) bool {
	switch s {
	case "st", "nd", "rd", "th", "ST", "ND", "RD", "TH":
		return true
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
