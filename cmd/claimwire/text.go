package main

import (
	"strings"
	"unicode"
)

// printable makes text from the web safe for a terminal: control characters,
// escape sequences and characters that reorder or hide text become "�"; line
// feeds and tabs become spaces.
func printable(s string) string {
	clean := true
	for _, r := range s {
		if !harmless(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			b.WriteByte(' ')
		case harmless(r):
			b.WriteRune(r)
		default:
			b.WriteRune('�')
		}
	}
	return b.String()
}

// harmless refuses C0 and C1 controls, and the format characters of Unicode
// Technical Report 36 that override direction or have no width; joiners, which
// Persian and emoji need, stay.
func harmless(r rune) bool {
	switch {
	case unicode.IsControl(r), r == 0x2028, r == 0x2029, r == 0xfeff, r == 0x061c,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x200b:
		return false
	}
	return true
}
