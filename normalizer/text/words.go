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
// and marks. Words joined by an apostrophe are two.
func Words(s string) []string {
	out := make([]string, 0, len(s)/6)
	var buf []byte
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			buf = utf8.AppendRune(buf, unicode.ToLower(r))
		} else if len(buf) > 0 {
			out, buf = append(out, string(buf)), buf[:0]
		}
	}
	if len(buf) > 0 {
		out = append(out, string(buf))
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
