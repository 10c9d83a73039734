// Package text finds articles that share their words: wire copies, abridged
// copies and edited republications of one text. Every such group is one origin,
// however many publishers print it.
//
// "Same text" is kept apart from "same fact": nothing here looks at figures.
package text

import (
	"unicode"
	"unicode/utf8"
)

// Words returns the words of s, folded to lower case: runs of letters, digits
// and marks. Words joined by an apostrophe are two; soft hyphens, joiners and other
// invisible characters are passed over, since only some copies of a text have them.
func Words(s string) []string {
	folded := make([]byte, 0, len(s)+len(s)/16+8) // all words, one after the other
	ends := make([]int, 0, len(s)/5+1)
	inside := false
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		word := false
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			word = true
		case 'A' <= r && r <= 'Z':
			word, r = true, r+'a'-'A'
		case r >= utf8.RuneSelf:
			r, n = utf8.DecodeRuneInString(s[i:])
			if word = unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r); word {
				r = unicode.ToLower(r)
			} else if unicode.Is(unicode.Cf, r) {
				i += n
				continue
			}
		}
		if word {
			folded = utf8.AppendRune(folded, r)
		} else if inside {
			ends = append(ends, len(folded))
		}
		inside = word
		i += n
	}
	if inside {
		ends = append(ends, len(folded))
	}
	all, start := string(folded), 0
	out := make([]string, len(ends))
	for i, end := range ends {
		out[i] = all[start:end]
		start = end
	}
	return out
}

// Hash is FNV-1a of s: fixed for all time, because groups depend on it.
func Hash(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}
