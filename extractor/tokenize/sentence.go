package tokenize

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
)

// maxHeading is the most tokens a heading has.
const maxHeading = 20

// sentences cuts the tokens from index from on, which are one paragraph, and
// appends them to out.
func (s *scanner) sentences(out []extractor.Sentence, from, paragraph int) []extractor.Sentence {
	first := len(out)
	begin := from
	closed := false
	for i := from; i < len(s.toks); {
		end := s.sentenceEnd(i)
		i++
		if end == 0 {
			closed = false
			continue
		}
		closed, i = true, end
		if end < len(s.toks) && (!s.breaks(end) || s.listNumber(begin, end)) {
			continue
		}
		out = s.appendSentence(out, begin, end, paragraph)
		begin = end
	}
	if begin < len(s.toks) {
		out = s.appendSentence(out, begin, len(s.toks), paragraph)
	}
	if len(out) == first+1 && !closed && len(s.toks)-from <= maxHeading && !s.lastIs(":;,") {
		out[first].Heading = true
	}
	return out
}

func (s *scanner) appendSentence(out []extractor.Sentence, from, to, paragraph int) []extractor.Sentence {
	for k := from; k < to; k++ {
		s.toks[k].Sentence = int32(len(out))
	}
	return append(out, extractor.Sentence{Range: extractor.Range{From: from, To: to}, Paragraph: paragraph})
}

func (s *scanner) lastIs(set string) bool {
	return strings.IndexByte(set, s.text[s.toks[len(s.toks)-1].End-1]) >= 0
}

func (s *scanner) tok(i int) string { return s.text[s.toks[i].Start:s.toks[i].End] }

// sentenceEnd returns the index after the end mark at i and the closing quotes
// and brackets glued to it, 0 if there is no end mark at i.
func (s *scanner) sentenceEnd(i int) int {
	if !s.ends(i) {
		return 0
	}
	j := i + 1
	for j < len(s.toks) {
		if s.note(j) { // "ended. [2]"
			j += 3
			continue
		}
		if !s.toks[j].Glued {
			return j
		}
		switch w := s.tok(j); {
		case w == "\"" || w == "'" || w == "”" || w == "’" || w == "''" || w == ")" || w == "]" || w == "»" || w == "’’" || s.ends(j):
			j++
		default:
			return j
		}
	}
	return j
}

// listNumber reports whether the tokens [from, to) are the number of an item:
// "2" and ".".
func (s *scanner) listNumber(from, to int) bool {
	return to-from == 2 && s.toks[from].Len() < 3 && s.isDigit(s.toks[from].Start) && s.tok(from+1) == "."
}

// note reports whether a footnote mark of three tokens stands at j.
func (s *scanner) note(j int) bool {
	return j+2 < len(s.toks) && s.tok(j) == "[" && s.tok(j+2) == "]" && s.isDigit(s.toks[j+1].Start)
}

// ends reports whether token i can end a sentence.
func (s *scanner) ends(i int) bool {
	w := s.tok(i)
	switch w[len(w)-1] {
	case '!', '?':
		return len(w) == 1 || s.text[s.toks[i].Start] == '!' || s.text[s.toks[i].Start] == '?'
	case '.':
		if len(w) == 1 || w[0] == '.' {
			return true
		}
		return initialism(w[:len(w)-1])
	}
	return w == "…"
}

// breaks reports whether a new sentence begins at token i, which stands after
// an end mark and its closers.
func (s *scanner) breaks(i int) bool {
	j := i
	for j+1 < len(s.toks) && s.opens(j) {
		j++
	}
	last := s.tok(i - 1)
	quoted := last == "\"" || last == "”" || last == "''" || last == "'" || last == "’" || last == ")" || last == "]"
	mark := s.endMark(i)
	word := s.tok(j)
	lower := s.isLetter(s.toks[j].Start) && !s.isUpper(s.toks[j].Start)
	switch {
	case len(mark) > 1 && mark[0] != '.' && mark[0] != '!' && mark[0] != '?': // an initialism
		return s.breaksAfterInitialism(mark, i, j)
	case s.endsAny(i) || strings.IndexByte(",;:)", word[0]) >= 0 || word == "—" || word == "–" || word == "--":
		return false
	case i != j && s.isDigit(s.toks[j].Start) && (mark == "!" || mark == "?"): // "Viva Maria! (1965)"
		return false
	case lower && (quoted || len(mark) > 1 && mark[0] == '.' || mark == "…"):
		return false
	case lower:
		return s.breaksBeforeLower(i, j, mark)
	case quoted && last != ")" && last != "]" && mark[0] != '.' && s.speaks(j):
		return false
	}
	return true
}

// opens reports whether token j is an opening quote or bracket.
func (s *scanner) opens(j int) bool {
	switch s.tok(j) {
	case "\"", "'", "“", "‘", "``", "(", "[", "«":
		return true
	}
	return false
}

// endsAny reports whether token i is an end mark itself, apart from the one before.
func (s *scanner) endsAny(i int) bool {
	w := s.tok(i)
	return w[0] == '.' || w[0] == '!' || w[0] == '?'
}

// endMark returns the end mark before token i, behind its closers.
func (s *scanner) endMark(i int) string {
	for k := i - 1; k > 0; k-- {
		if s.ends(k) {
			return s.tok(k)
		}
	}
	return s.tok(i - 1)
}

// breaksAfterInitialism decides after "U.S." or "p.m.", with the next word at j.
func (s *scanner) breaksAfterInitialism(mark string, i, j int) bool {
	at := s.toks[j].Start
	if strings.EqualFold(mark, "e.g.") || strings.EqualFold(mark, "i.e.") {
		return false
	}
	if i-1 >= 0 && s.tok(i-1) != mark { // a quote or bracket closed after it
		return s.starts(at)
	}
	if strings.EqualFold(mark, "p.m.") || strings.EqualFold(mark, "a.m.") {
		w := s.tok(j)
		return s.isUpper(at) && !(len(w) > 1 && s.isUpper(at+1)) && !s.words.is(w, month) && !strings.HasSuffix(w, "day")
	}
	return s.starts(at)
}

// breaksBeforeLower decides before a lower-case word at j: careless writers
// begin sentences so, but it follows abbreviations and names ("Yahoo!") too.
func (s *scanner) breaksBeforeLower(i, j int, mark string) bool {
	if mark != "." {
		return i-2 >= 0 && !s.isUpper(s.toks[max(i-2, 0)].Start)
	}
	if i < 2 || j != i {
		return j != i
	}
	prev := s.tok(i - 2)
	return len(prev) > 3 && !s.isUpper(s.toks[i-2].Start) || prev == "it" || prev == ")"
}

// speaks reports whether the words from j on name a speaker: "Smith said".
func (s *scanner) speaks(j int) bool {
	for k := j; k < len(s.toks) && k < j+4; k++ {
		if s.words.is(s.tok(k), sayer) {
			return true
		}
		if !s.isUpper(s.toks[k].Start) {
			return false
		}
	}
	return false
}
