package tokenize

import "strings"

// maxDotted bounds a word with inner dots, in bytes: what is longer is kept
// whole, so that the time stays linear.
const maxDotted = 128

// word cuts what starts with the letter at i and returns where it ends.
func (s *scanner) word(i int) int {
	if j := s.url(i); j > 0 {
		s.emit(i, j)
		return j
	}
	if j := s.currency(i); j > 0 {
		s.emit(i, j)
		return s.number(j)
	}
	j, dots, at := i, 0, false
scan:
	for j < s.end {
		c, n := classAt(s.text, j)
		if c >= letter {
			j += n
			continue
		}
		switch b := s.text[j]; {
		case b == '.' && s.isWord(j+1) && j > i:
			dots++
		case b == '_' && s.isWord(j+1), b == '*' && s.isLetter(j+1):
		case b == '&' && s.isUpper(j+1) && s.text[j-1] >= 'A' && s.text[j-1] <= 'Z' && j-i < 4: // AT&T, R&D
		case b == '@' && s.isWord(j+1):
			at = true
		case b == '-' && s.isWord(j+1) && (at || dots == 0 && s.isLetter(j+1) && s.words.is(s.text[i:j], prefix)):
		case s.apostrophe(j) > 0:
			n = s.apostrophe(j)
			if !s.isLetter(j+n) || s.clitic(j) > 0 {
				break scan
			}
			if s.notAt(j) && j-1 > i { // do|n't
				s.emit(i, j-1)
				s.emit(j-1, j+n+1)
				return j + n + 1
			}
		default:
			break scan
		}
		j += n
	}
	if at || j-i > maxDotted && dots > 0 {
		s.emit(i, j)
		return j
	}
	if dots > 0 {
		if k := s.cutDots(i, j); k > 0 {
			return k
		}
	}
	if j < s.end && s.text[j] == '$' && j-i < 4 && s.isUpper(i) && s.isUpper(j-1) && !s.isLetter(j+1) { // US$, HK$
		s.emit(i, j+1)
		return j + 1
	}
	if k := s.period(i, j, dots); k > 0 {
		s.emit(i, k)
		return k
	}
	if dots == 0 && s.contraction(i, j) {
		return j
	}
	s.emit(i, j)
	return s.possessive(j)
}

// possessive emits the clitic at j, if there is one, and returns its end.
func (s *scanner) possessive(j int) int {
	if s.apostrophe(j) > 0 {
		if k := s.clitic(j); k > 0 {
			s.emit(j, k)
			return k
		}
	}
	return j
}

// notAt reports whether the apostrophe at j is that of n't.
func (s *scanner) notAt(j int) bool {
	k := j + s.apostrophe(j)
	return s.text[j-1]|0x20 == 'n' && s.text[k]|0x20 == 't' && !s.isWord(k+1)
}

// contraction emits the two words of cannot, gonna, dont and the like.
func (s *scanner) contraction(i, j int) bool {
	if j-i > 8 || j-i < 2 || s.isUpper(i) && s.isUpper(j-1) || i > 0 && s.text[i-1] == '-' { // no "i'm" in "Dong-im"
		return false
	}
	k := s.words.fused(s.text[i:j])
	if k == 0 {
		return false
	}
	s.emit(i, i+k)
	s.emit(i+k, j)
	return true
}

// currency returns the end of the letters of a currency that are glued to a
// number ("RM69.6 million", "Rs500"), 0 if none stand at i.
func (s *scanner) currency(i int) int {
	j := i
	for j < s.end && j-i <= maxCurrency && ascii[s.text[j]&0x7f] == letter && s.text[j] < 0x80 {
		j++
	}
	if j-i < 2 || j-i > maxCurrency || !s.isDigit(j) || !s.isUpper(i) || !s.words.is(s.text[i:j], money) {
		return 0
	}
	return j
}

// maxCurrency is the length of the longest currency that is written before its
// number, in bytes.
const maxCurrency = 3

// url returns the end of the web address at i, 0 if there is none.
func (s *scanner) url(i int) int {
	t := s.text[i:s.end]
	switch {
	case len(t) > 8 && t[0]|0x20 == 'h' && (hasFold(t, "http://") || hasFold(t, "https://")):
	case len(t) > 5 && t[0]|0x20 == 'w' && hasFold(t, "www."):
	case len(t) > 7 && t[0]|0x20 == 'm' && hasFold(t, "mailto:"):
	case len(t) > 6 && t[0]|0x20 == 'f' && hasFold(t, "ftp://"):
	default:
		return 0
	}
	j := i
	for j < s.end {
		c, n := classAt(s.text, j)
		if c == blank || strings.IndexByte("\"<>", s.text[j]) >= 0 || c == mark && s.text[j] >= 0x80 {
			break
		}
		j += n
	}
	for j > i && strings.IndexByte(".,;:!?)]}'*", s.text[j-1]) >= 0 {
		if s.text[j-1] == ')' && strings.IndexByte(s.text[i:j], '(') >= 0 {
			break
		}
		j--
	}
	return j
}

func hasFold(t, p string) bool { return len(t) >= len(p) && strings.EqualFold(t[:len(p)], p) }

// cutDots looks at a word with inner dots: "U.S", "example.com" and "v1.2" stay
// whole (it returns 0); of "end.Next" it emits "end" and "." and returns where
// to go on.
func (s *scanner) cutDots(i, j int) int {
	w := s.text[i:j]
	last := w[strings.LastIndexByte(w, '.')+1:]
	first := w[:strings.IndexByte(w, '.')]
	switch {
	case initialism(w), s.words.is(w, abbreviation), s.words.is(last, domain), strings.EqualFold(first, "www"):
		return 0
	case s.words.class(first)&(title|month) != 0 && s.isUpper(i+len(first)+1): // Dr.Michael
		s.emit(i, i+len(first)+1)
		return i + len(first) + 1
	case len(first) == 1 && s.isUpper(i) && s.isUpper(i+2) && len(w) > 3: // J.Smith
		s.emit(i, i+2)
		return i + 2
	case s.isDigit(i+len(first)+1) && len(first) < 3, strings.Count(w, ".") > 2:
		return 0
	}
	s.emit(i, i+len(first))
	s.emit(i+len(first), i+len(first)+1)
	return i + len(first) + 1
}

// initialism reports whether w is single letters with dots between: "U.S".
func initialism(w string) bool {
	if len(w) < 3 || len(w)%2 == 0 {
		return false
	}
	for k := range len(w) {
		if (k%2 == 1) != (w[k] == '.') || k%2 == 0 && ascii[w[k]&0x7f] != letter {
			return false
		}
	}
	return true
}
