package tokenize

import (
	"strings"
	"unicode/utf8"
)

// period returns the end of the word [i, j) with the period at j if the period
// belongs to the word, else 0.
func (s *scanner) period(i, j, dots int) int {
	if j >= s.end || s.text[j] != '.' || j+1 < s.end && s.text[j+1] == '.' || s.isWord(j+1) && dots == 0 {
		return 0
	}
	w := s.text[i:j]
	switch {
	case dots > 0 && (initialism(w) || s.words.is(w, abbreviation)):
		return j + 1
	case dots > 0:
		return 0
	case utf8.RuneCountInString(w) == 1:
		if s.initial(i, j) || s.dating(i, j) {
			return j + 1
		}
		return 0
	}
	c := s.words.class(w)
	next := s.skipBlank(j + 1)
	switch {
	case c&(title|final|state|month|numbered) == 0:
		return 0
	case c&state != 0 && s.isUpper(i) && !s.starts(next) && len(s.toks) > 0 && s.tok(len(s.toks)-1) == ",": // "Boston, Mass."
		return j + 1
	case c&title != 0 && s.isUpper(i) && next < s.end && (s.isUpper(next) || !s.isLetter(next)):
		return j + 1
	case c&month != 0 && s.isUpper(i) && (s.isDigit(next) || next < s.end && (s.text[next] == ',' || s.text[next] == '(')):
		return j + 1
	case c&numbered != 0 && s.isDigit(next):
		return j + 1
	case c&final != 0 && (!s.starts(next) || s.text[j+1:min(j+2, s.end)] == ")"):
		return j + 1
	}
	return 0
}

// initial reports whether the one-letter word [i, j) before a period is the
// initial of a name: "Jennifer M. Anderson".
func (s *scanner) initial(i, j int) bool {
	if !s.isUpper(i) {
		return false
	}
	next := s.skipBlank(j + 1)
	if next == s.end {
		return false
	}
	if n := len(s.toks); n > 0 && s.toks[n-1].End < i {
		prev := s.toks[n-1]
		if s.text[i:j] == "I" && !s.isUpper(prev.Start) {
			return false
		}
		if s.starts(next) && (!s.isUpper(prev.Start) || s.words.is(s.text[prev.Start:prev.End], lettered)) {
			return false
		}
	}
	return s.isUpper(next) || s.text[next] == ','
}

// dating reports whether the one-letter word [i, j) before a period dates
// something: "(b. 1954)", "c. 1230", "p. 12".
func (s *scanner) dating(i, j int) bool {
	if strings.IndexByte("bcdmprnv", s.text[i]) < 0 {
		return false
	}
	next := s.skipBlank(j + 1)
	return s.isDigit(next) || i > 0 && s.text[i-1] == '(' && s.isUpper(next)
}

// starts reports whether a new sentence may well begin at i: the line ends
// there, or a capitalised function word stands there.
func (s *scanner) starts(i int) bool {
	for i < s.end && (s.text[i] == '"' || s.text[i] == '\'' || s.text[i] == '(' || s.text[i] == ')') {
		i = s.skipBlank(i + 1)
	}
	if i >= s.end {
		return true
	}
	if !s.isUpper(i) {
		return false
	}
	j := i
	for j < s.end && j-i < 16 && s.isLetter(j) {
		_, n := classAt(s.text, j)
		j += n
	}
	return s.words.is(s.text[i:j], starter)
}
