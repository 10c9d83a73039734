package tokenize

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// A scanner cuts one line at a time.
type scanner struct {
	text  string
	end   int // of the line
	toks  []extractor.Token
	words *lexicon
}

// emit appends the token [i, j).
func (s *scanner) emit(i, j int) {
	glued := len(s.toks) > 0 && s.toks[len(s.toks)-1].End == i
	s.toks = append(s.toks, extractor.Token{
		Span:  extractor.Span{Start: i, End: j},
		Glued: glued,
		Head:  -1, Name: -1, Time: -1,
	})
}

// scan cuts the line from i to s.end.
func (s *scanner) scan(i int) {
	for i < s.end {
		c, n := classAt(s.text, i)
		switch c {
		case blank:
			i += n
		case letter:
			i = s.word(i)
		case digit:
			i = s.number(i)
		default:
			i = s.mark(i, n)
		}
	}
}

// mark cuts what starts with a character of n bytes that is neither letter nor
// digit, and returns where it ends.
func (s *scanner) mark(i, n int) int {
	c := s.text[i]
	j := i + n
	switch {
	case c == '.' && s.isDigit(j) && !s.gluedWord(i): // .265
		return s.number(i)
	case c == '+' && s.isDigit(j) && !s.gluedWord(i): // +44
		return s.number(i)
	case c == '#' && s.isLetter(j), c == '@' && s.isWord(j) && !s.gluedWord(i): // #tag, @name
		return s.tail(i, j)
	case c == '.' || c == '!' || c == '?':
		j = s.run(j, ".!?", c == '.')
	case c == '-', c == '*', c == '$', c == '+', c == '=', c == '_', c == '~', c == '`', c == '<' && j < s.end && s.text[j] == '<', c == '>' && j < s.end && s.text[j] == '>':
		for j < s.end && s.text[j] == c {
			j++
		}
		if c == '_' && s.isWord(j) {
			return s.tail(i, j)
		}
	case s.apostrophe(i) > 0:
		return s.quote(i, n)
	case c == ':' || c == ';':
		if k := s.smiley(i); k > 0 {
			j = k
		}
	case c >= 0x80: // a run of one and the same symbol: "——", "……"
		for j+n <= s.end && s.text[j:j+n] == s.text[i:i+n] && (s.text[i:i+n] == "—" || s.text[i:i+n] == "…" || s.text[i:i+n] == "–") {
			j += n
		}
	}
	s.emit(i, j)
	return j
}

// gluedWord reports whether the token before ends at i and ends in a letter or
// digit.
func (s *scanner) gluedWord(i int) bool {
	if len(s.toks) == 0 || s.toks[len(s.toks)-1].End != i {
		return false
	}
	c := s.text[i-1]
	return c >= 0x80 || ascii[c] >= letter
}

// run returns the end of a run of the marks in set from j on; dots alone join
// dots alone.
func (s *scanner) run(j int, set string, dots bool) int {
	for j < s.end && strings.IndexByte(set, s.text[j]) >= 0 && (s.text[j] == '.') == dots {
		j++
	}
	return j
}

// tail emits the token that starts at i and goes on with letters, digits and
// underscores from j.
func (s *scanner) tail(i, j int) int {
	for j < s.end && (s.isWord(j) || s.text[j] == '_') {
		_, n := classAt(s.text, j)
		j += n
	}
	s.emit(i, j)
	return j
}

// quote cuts an apostrophe or single quote of n bytes: ” as one mark, 's after
// a closing quote, '90s and 'em as words, else the mark alone.
func (s *scanner) quote(i, n int) int {
	j := i + n
	if m := s.apostrophe(j); m == n {
		s.emit(i, j+m)
		return j + m
	}
	glued := len(s.toks) > 0 && s.toks[len(s.toks)-1].End == i
	if glued {
		if k := s.clitic(i); k > 0 {
			s.emit(i, k)
			return k
		}
	} else {
		if s.isDigit(j) && s.isDigit(j+1) && !s.isDigit(j+2) { // '07, '90s
			j += 2
			if j < s.end && s.text[j] == 's' && !s.isWord(j+1) {
				j++
			}
			if !s.isWord(j) {
				s.emit(i, j)
				return j
			}
			j = i + n
		}
		k := j
		for k < s.end && k-j < 6 && s.isLetter(k) && s.text[k] < 0x80 {
			k++
		}
		if !s.isWord(k) && s.words.is(s.text[j:k], aphaeresis) && s.apostrophe(k) == 0 {
			s.emit(i, k)
			return k
		}
	}
	s.emit(i, j)
	return j
}

// clitic returns the end of the clitic whose apostrophe stands at i ('s, 're,
// 've, 'll, 'd, 'm), 0 if there is none.
func (s *scanner) clitic(i int) int {
	j := i + s.apostrophe(i)
	if j >= s.end {
		return 0
	}
	n := 0
	switch s.text[j] | 0x20 {
	case 's', 'd', 'm':
		n = 1
	case 'r', 'v':
		if j+1 < s.end && s.text[j+1]|0x20 == 'e' {
			n = 2
		}
	case 'l':
		if j+1 < s.end && s.text[j+1]|0x20 == 'l' {
			n = 2
		}
	}
	if n == 0 || s.isWord(j+n) || s.apostrophe(j+n) > 0 && s.isLetter(j+n+s.apostrophe(j+n)) {
		return 0
	}
	return j + n
}

// smiley returns the end of the emoticon at i, 0 if there is none.
func (s *scanner) smiley(i int) int {
	if i > 0 && s.text[i-1] >= '0' && s.text[i-1] <= '9' {
		return 0
	}
	j := i + 1
	if j < s.end && s.text[j] == '-' {
		j++
	}
	if j < s.end && strings.IndexByte("()DPp", s.text[j]) >= 0 && !s.isWord(j+1) {
		return j + 1
	}
	return 0
}
