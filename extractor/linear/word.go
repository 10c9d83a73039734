package linear

import (
	"unicode"
	"unicode/utf8"
)

// Caps says how a word is capitalised.
type Caps uint8

// Capitalisations.
const (
	NoCaps    Caps = iota // lower case, or without letters
	Initial               // "Cairo"
	AllCaps               // "UN", "A"
	MixedCaps             // "al-Qaeda" as one word, "iPhone"
)

// A Word is what the models see of one token. Its values are hashes: equal
// words have equal values, 0 means that the text has no such word.
type Word struct {
	Form   uint32    // as written
	Lower  uint32    // lower case, digits as they are
	Norm   uint32    // lower case, every digit as 0
	Shape  uint32    // X for capitals, x for small letters, d for digits, marks as they are
	Short  uint32    // the shape with repeats dropped
	Prefix [4]uint32 // of 1 to 4 bytes, of Norm
	Suffix [4]uint32 // of 1 to 4 bytes, of Norm
	Quad   Quad      // clusters
	Caps   Caps
	Digits bool // has a digit
	Marks  bool // no letter or digit at all
	Length uint8
}

// maxLower is how much of a word its prefixes and suffixes are made of.
const maxLower = 48

// NewWord returns the record of s, with its clusters from c.
func NewWord(c *Clusters, s string) Word {
	w := Word{Form: hashSeed, Lower: hashSeed, Norm: hashSeed, Shape: hashSeed, Short: hashSeed}
	var buf [maxLower + utf8.UTFMax]byte
	n, letters, uppers, last := 0, 0, 0, byte(0)
	firstUpper := false
	for i := 0; i < len(s); {
		size, kind := 1, byte('x')
		from := n
		low := [utf8.UTFMax]byte{s[i]}
		switch b := s[i]; {
		case b >= 'a' && b <= 'z':
			letters++
		case b >= 'A' && b <= 'Z':
			low[0], kind = b|0x20, 'X'
		case b >= '0' && b <= '9':
			kind, w.Digits = 'd', true
		case b < utf8.RuneSelf:
			kind = b
		default:
			r, k := utf8.DecodeRuneInString(s[i:])
			size = k
			switch {
			case unicode.IsUpper(r):
				kind = 'X'
				if l := unicode.ToLower(r); utf8.RuneLen(l) == k {
					r = l
				}
			case unicode.IsLetter(r), unicode.IsMark(r):
				letters++
			default:
				kind = '*'
			}
			if r == utf8.RuneError && k == 1 {
				break
			}
			utf8.EncodeRune(low[:], r)
		}
		if kind == 'X' {
			letters++
			uppers++
			firstUpper = firstUpper || i == 0
		}
		for k := range size {
			w.Form = (w.Form ^ uint32(s[i+k])) * hashPrime
			w.Lower = (w.Lower ^ uint32(low[k])) * hashPrime
			c := low[k]
			if kind == 'd' {
				c = '0'
			}
			w.Norm = (w.Norm ^ uint32(c)) * hashPrime
			if n < maxLower {
				buf[n] = c
			}
			n++
		}
		if p := n; p <= 4 {
			for k := from; k < p; k++ {
				w.Prefix[k] = w.Norm
			}
		}
		if i < 24 {
			w.Shape = (w.Shape ^ uint32(kind)) * hashPrime
		}
		if kind != last {
			w.Short = (w.Short ^ uint32(kind)) * hashPrime
			last = kind
		}
		i += size
	}
	n = min(n, maxLower)
	h := uint32(hashSeed)
	for k := range min(n, 4) {
		h = (h ^ uint32(buf[n-1-k])) * hashPrime
		w.Suffix[k] = h
	}
	w.Length = uint8(n)
	w.Marks = letters == 0 && !w.Digits
	switch {
	case uppers == 0:
	case uppers == letters && (letters > 1 || len(s) <= 2):
		w.Caps = AllCaps
	case firstUpper && uppers == 1:
		w.Caps = Initial
	default:
		w.Caps = MixedCaps
	}
	w.Quad = c.Lookup(w.Lower)
	return w
}
