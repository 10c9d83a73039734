package statement

import (
	"github.com/claimwire/claimwire/extractor"
)

// A phrase is a stretch of tokens that names or describes somebody.
type phrase struct {
	from, to int             // tokens; empty if to <= from
	outer    int             // first token of the clause part that belongs to it, adverbs and appositions included
	extra    extractor.Range // an apposition that may hold the name
}

func (p phrase) ok() bool { return p.to > p.from }

// sentence returns the token range of the sentence of token i.
func (t *text) sentence(i int) extractor.Range {
	return t.Sentences[t.Tokens[i].Sentence].Range
}

// before returns the subject to the left of the cue at c.
func (t *text) before(c int) phrase {
	s := t.sentence(c)
	j := c - 1
	for j >= s.From && (t.pos(j) == pAdv || t.is(j, wAdv) || t.pos(j) == pAux || t.is(j, wNot) || t.time(j) || t.is(j, wPrep) && t.time(j+1)) {
		j--
	}
	if j < s.From {
		return phrase{}
	}
	if t.is(j, wRel) && !t.isWord(j, "that") {
		j--
		if t.isWord(j, ",") {
			j--
		}
		if j < s.From {
			return phrase{}
		}
		return t.nounPhrase(s.From, j+1)
	}
	if t.pos(j) == pPron {
		return phrase{from: j, to: j + 1, outer: j}
	}
	if t.isWord(j, ",", ")", "–", "—", "--", "-") {
		return t.apposed(s.From, j)
	}
	return t.nounPhrase(s.From, j+1)
}

// apposed returns the subject before an apposition that ends at the mark j: "the
// minister, a former judge, said".
func (t *text) apposed(from, j int) phrase {
	const window = 40
	depth := 0
	for k := j - 1; k > from && j-k < window; k-- {
		switch w := t.Word(k); w {
		case ")":
			depth++
			continue
		case "(":
			if depth == 0 && t.isWord(j, ")") {
				return t.nounPhrase(from, k)
			}
			depth--
			continue
		case ",", "–", "—", "--", "-":
			if depth > 0 || t.isWord(j, ")") {
				continue
			}
			if w == "-" && t.Tokens[k].Glued {
				continue
			}
			p := t.nounPhrase(from, k)
			if !p.ok() {
				continue
			}
			if t.list(k, j) || t.clauseBefore(k, j) {
				continue
			}
			p.extra = extractor.Range{From: k + 1, To: j}
			return p
		}
	}
	p := t.nounPhrase(from, j)
	return p
}

// list reports whether what stands between the commas k and j is no apposition but
// an adverbial: "…, on Tuesday, said".
func (t *text) list(k, j int) bool { return false }

// clauseBefore reports whether the comma k closes a clause rather than opening an
// apposition: what follows it up to j then holds the subject itself.
func (t *text) clauseBefore(k, j int) bool {
	return t.isWord(k+1, "and", "but")
}

// nominal reports whether token i can stand inside a noun phrase.
func (t *text) nominal(i int) bool {
	switch t.pos(i) {
	case pNoun, pAdj, pNum, pPoss:
		return !t.time(i)
	}
	return false
}

// maxPhrase bounds a noun phrase in tokens.
const maxPhrase = 24

// nounPhrase returns the noun phrase that ends before token end.
func (t *text) nounPhrase(from, end int) phrase {
	for end > from && (t.is(end-1, wAdv) && t.name(end-1) < 0 || t.time(end-1)) {
		end--
	}
	k := end
	for k > from && end-k < maxPhrase {
		j := k - 1
		if n := t.name(j); n >= 0 {
			k = max(t.Names[n].Range.From, from)
			continue
		}
		switch {
		case t.nominal(j), t.pos(j) == pVerbal && k < end && t.nominal(k) && !t.isWord(j, "being"):
			k = j
			continue
		case t.isWord(j, "-", "–", "/", "&") && k < end && t.nominal(j-1):
			k = j
			continue
		case t.pos(j) == pDet && k < end:
			k = j
			if q := t.joint(from, j); q >= 0 {
				k = q
				continue
			}
			return t.made(k, end)
		case k < end && t.joint(from, k) >= 0:
			k = t.joint(from, k)
			continue
		}
		break
	}
	for k < end && (t.pos(k) == pPoss || t.isWord(k, "-", "–", "/", "&")) {
		k++
	}
	return t.made(k, end)
}

func (t *text) made(k, end int) phrase {
	if k >= end {
		return phrase{}
	}
	switch t.pos(end - 1) {
	case pNoun, pNum, pPron, pAdj:
		return phrase{from: k, to: end, outer: k}
	}
	return phrase{}
}

// joint returns the token to go on from if what stands before token k joins it to
// a noun phrase further left: "the head of | the agency", "the mayor and | the
// police". It returns -1 otherwise.
func (t *text) joint(from, k int) int {
	j := k - 1
	if j-1 < from || !t.nominal(j-1) {
		return -1
	}
	switch {
	case t.isWord(j, "of", "for"):
		return j
	case t.isWord(j, "in", "at", "from", "with", "to") && t.is(j-1, wOffice|wPlural):
		return j
	case t.isWord(j, "and") && (t.nominal(k) || t.pos(k) == pDet):
		if t.name(j-1) >= 0 || t.is(j-1, wOffice|wPlural|wBody) {
			return j
		}
	}
	return -1
}

// after returns the noun phrase that starts at token i: "said | the mayor, John Smith".
func (t *text) after(i int) phrase {
	s := t.sentence(i)
	k := i
	for k < s.To && k-i < maxPhrase {
		if n := t.name(k); n >= 0 {
			k = min(max(t.Names[n].Range.To, k+1), s.To)
			continue
		}
		switch {
		case t.pos(k) == pPron && k == i:
			return phrase{from: i, to: i + 1, outer: i}
		case t.time(k):
		case t.nominal(k), t.pos(k) == pDet && (k == i || t.isWord(k-1, "of", "for", "and", "in", "from")), t.isWord(k, "of", "for", "&") && k > i,
			t.isWord(k, "and") && k > i && (t.nominal(k+1) || t.pos(k+1) == pDet),
			t.isWord(k, "in", "from", "at") && k > i && t.is(k-1, wOffice|wPlural|wBody) && !t.time(k+1),
			t.isWord(k, "-") && k > i && t.Tokens[k].Glued, t.pos(k) == pVerbal && k > i && t.pos(k-1) == pDet:
			k++
			continue
		}
		break
	}
	for k > i && (t.isWord(k-1, "of", "for", "and", "in", "from", "at", "-", "&") || t.pos(k-1) == pDet || t.is(k-1, wAdv) && t.name(k-1) < 0) {
		k--
	}
	p := phrase{from: i, to: k, outer: k}
	if p.ok() && t.isWord(k, ",") {
		e := k + 1
		for e < s.To && e-k < maxPhrase && !t.isWord(e, ",", ".", ";") {
			e++
		}
		p.extra = extractor.Range{From: k + 1, To: e}
	}
	return p
}
