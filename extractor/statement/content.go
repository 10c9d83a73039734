package statement

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// trim drops from content what the record leaves out: outer quotation marks, a
// final comma or period, conjunctions at the seam.
func (t *text) trim(a, b int) (int, int) {
	for a < b && (t.mark(a) != notMark || t.isWord(a, ",", ":", ";", "-", "–", "—", "--", ".", ")")) {
		a++
	}
	for a < b {
		switch {
		case t.isWord(b-1, ",", ".", ";", ":", "-", "–", "—", "--", "..", "("):
		case t.mark(b-1) != notMark && !t.balanced(a, b):
		default:
			return a, b
		}
		b--
	}
	return a, b
}

// balanced reports whether the mark that ends [a,b) closes one inside it, as in
// 'it has "no records"'.
func (t *text) balanced(a, b int) bool {
	q := t.ends[b-1]
	return q >= 0 && t.quotes[q].open >= a
}

// mode tells from the quotes inside content how the words are given.
func (t *text) mode(a, b int) schemas.StatementMode {
	in, out, first := 0, 0, false
	for i := a; i < b; i++ {
		switch {
		case t.inside[i] >= 0:
			in++
		case t.pos(i) != pPunct && t.mark(i) == notMark:
			out++
			first = first || t.is(i, wFirst)
		}
	}
	switch {
	case in > 0 && out == 0, in == 0 && first:
		return schemas.Direct
	case in > 0:
		return schemas.Mixed
	}
	return schemas.Indirect
}

// hasVerb reports whether [a,b) holds a finite verb. A past form counts whatever
// its tag: taggers take "killed" for a participle as often as not.
func (t *text) hasVerb(a, b int) bool {
	for i := a; i < b; i++ {
		if p := t.pos(i); p == pVerb || p == pAux || p == pVerbal && t.Tokens[i].Tag == "VBN" {
			return true
		}
	}
	return false
}

// adverbials skips what may stand between a cue and its content: times, places
// and media: "said | on Tuesday in an interview with the paper | that".
func (t *text) adverbials(i, end int) int {
	for i < end {
		switch {
		case t.time(i), t.is(i, wAdv) && t.name(i) < 0 && !t.isWord(i, "there", "now", "even", "just", "only"):
			i++
		case t.is(i, wPrep) && t.time(i+1), t.isWord(i, "late", "early") && (t.time(i+1) || t.is(i+1, wPrep) && t.time(i+2)):
			i++
		case t.is(i, wPrep) && !t.isWord(i, "as", "for", "like", "despite") && !(t.isWord(i, "about", "over", "under") && t.pos(i+1) == pNum && !t.time(i+1)) && !(t.isWord(i, "to") && t.pos(i+1) != pDet && t.name(i+1) < 0 && !t.is(i+1, wMedium|wPlural)) && (t.pos(i+1) == pDet || t.nominal(i+1)):
			j := t.prepositional(i, end)
			if j == i {
				return i
			}
			i = j
		default:
			return i
		}
	}
	return i
}

// prepositional returns where the prepositional phrase at i ends; i if it is not
// one that goes with a cue.
func (t *text) prepositional(i, end int) int {
	j := i + 1
	medium := false
	for j < end && j-i < maxPhrase {
		if n := t.name(j); n >= 0 {
			j = min(max(t.Names[n].Range.To, j+1), end)
			continue
		}
		if t.time(j) {
			break
		}
		medium = medium || t.is(j, wMedium)
		if t.nominal(j) || t.pos(j) == pDet && (j == i+1 || t.is(j-1, wPrep)) || t.is(j, wPrep) && medium && (t.nominal(j+1) || t.pos(j+1) == pDet) && !t.time(j+1) || t.pos(j) == pVerbal && t.pos(j-1) == pDet {
			j++
			continue
		}
		break
	}
	if medium {
		return j
	}
	if j < end && !t.isWord(j, "that", ",", ".", ":", ";") && t.mark(j) == notMark && !t.time(j) && !t.is(j, wPrep) {
		return i // the noun phrase runs on into a clause: it may be the content's own
	}
	return j
}

// thatAfter returns the token after the "that" which opens the content of the cue
// before i, or -1. Only adverbials and short clauses may stand in between.
func (t *text) thatAfter(i, end int) int {
	if t.isWord(i, "that") {
		return i + 1
	}
	if t.isWord(i, "to", "so") {
		return -1
	}
	if !(t.is(i, wPrep|wAdv) || t.time(i) || t.isWord(i, "when", "while") || t.isWord(i, ",") && (t.is(i+1, wRel) || t.is(i+3, wRel))) {
		return -1
	}
	const window = 18
	clause := t.isWord(i, "when", "while", "after", "as", "before")
	for j := i; j < end && j-i < window; j++ {
		if t.isWord(j, ",") && (t.is(j+1, wRel) && !t.isWord(j+1, "that") || t.isWord(j+1, "where", "when") || t.isWord(j+2, "of") && t.is(j+3, wRel)) {
			if k := t.comma(j+1, end); t.isWord(k+1, "that") {
				return k + 2 // told police, who held him, that
			}
		}
		if p := t.pos(j); (p == pVerb || p == pAux) && !clause {
			return -1 // the content has begun: "admitted in court there was proof that …"
		}
		if t.isWord(j, "that") && !t.isWord(j-1, "so", "now", "such") && !t.is(j+1, wFinite) && t.Tokens[j].Tag != "DT" {
			return j + 1
		}
		if t.mark(j) != notMark || t.lex[j].cue == cueSay && t.lex[j].class&wBase == 0 && j > i {
			return -1
		}
	}
	return -1
}

// comma returns the next comma from token i on, end if there is none.
func (t *text) comma(i, end int) int {
	for i < end && !t.isWord(i, ",") {
		i++
	}
	return i
}

// afterTitle cuts from a range what repeats the title at the start of the text.
func (t *text) afterTitle(s extractor.Range) extractor.Range {
	if s.From < t.titleEnd && t.titleEnd < s.To {
		s.From = t.titleEnd
	}
	return s
}

// start returns where the content before a cue begins: after a dateline, after
// what an earlier statement of the sentence has used.
func (t *text) start(s extractor.Range, used int) int {
	a := max(s.From, used)
	if a > s.From {
		for a < s.To && (t.isWord(a, ",", ";", "and", "but", "while") || t.mark(a) == notMark && t.pos(a) == pPunct) {
			a++
		}
		return a
	}
	return t.dateline(s)
}

// dateline skips "CAIRO (Agency) -", "Agency -" and "MOSCOW" before the text proper.
func (t *text) dateline(s extractor.Range) int {
	if t.isWord(s.From, "(") {
		for i := s.From; i < s.To && i-s.From < 30; i++ {
			if t.isWord(i, ")") && i+1 < s.To {
				return i + 1
			}
		}
	}
	const window = 14
	for i := s.From + 1; i < s.To && i-s.From < window; i++ {
		if t.isWord(i, "-", "–", "—", "--") && !(i+1 < s.To && t.Tokens[i].Glued && t.Tokens[i+1].Glued) {
			if !t.hasVerb(s.From, i) {
				return i + 1
			}
			break
		}
		if t.is(i, wDet|wAux) {
			break
		}
	}
	i := s.From
	for i < s.To && i-s.From < 6 && allCaps(t.Word(i)) {
		i++
	}
	if i > s.From && i < s.To && (t.isWord(i, ":") || len(t.Word(s.From)) > 3 && !allCaps(t.Word(i)) && isUpper(t.Word(i)) || t.is(i, wDet) && len(t.Word(s.From)) > 4) {
		if t.isWord(i, ":") {
			i++
		}
		return i
	}
	return s.From
}

func allCaps(s string) bool {
	if len(s) < 3 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// objectEnd returns where a noun phrase that is content ends: before the clause or
// phrase that tells of its circumstances.
func (t *text) objectEnd(a, end int) int {
	for i := a + 2; i < end; i++ {
		if t.isWord(i, ",") && (t.is(i+1, wRel) || t.isWord(i+1, "where")) {
			if k := t.comma(i+1, end); t.isWord(k+1, "to", "not") { // the firm, which is closing, to wait
				i = k
				continue
			}
			return i
		}
		if t.isWord(i, "despite", "after", "while", "as", "when", "although") && t.inside[i] < 0 {
			return i
		}
	}
	return end
}

// cutCiting ends content before ", citing …" and before "but it was not clear".
func (t *text) cutCiting(a, end int) int {
	for i := a + 2; i < end; i++ {
		if t.inside[i] >= 0 {
			continue
		}
		if t.isWord(i, "citing") || t.isWord(i, "but", "and") && t.isWord(i+1, "it") && t.isWord(i+2, "was", "is") && t.isWord(i+3, "not", "unclear") {
			return i
		}
	}
	return end
}
