package statement

import (
	"github.com/claimwire/claimwire/extractor"
)

// A phrase is a stretch of tokens that names or describes somebody.
type phrase struct {
	from, to int             // tokens; empty if to <= from
	outer    int             // first token of the clause part that belongs to it, adverbs and appositions included
	bound    bool            // tied to what stands before it ("who said", "and said"): that is no content
	extra    extractor.Range // an apposition that may hold the name
}

func (p phrase) ok() bool { return p.to > p.from }

// maxSentence bounds in tokens what is read as one sentence, so that a text
// without full stops costs no more than another.
const maxSentence = 300

// sentence returns the token range of the sentence of token i, or of the part of
// it that holds i.
func (t *text) sentence(i int) extractor.Range {
	if i >= len(t.Tokens) {
		return extractor.Range{From: len(t.Tokens), To: len(t.Tokens)}
	}
	s := t.Sentences[t.Tokens[i].Sentence].Range
	if s.To-s.From <= maxSentence {
		return s
	}
	s.From += (i - s.From) / maxSentence * maxSentence
	s.To = min(s.To, s.From+maxSentence)
	return s
}

// before returns the subject to the left of the cue at c. What stands before from
// is not looked at: it belongs to an earlier cue.
func (t *text) before(c, from int) phrase {
	j := c - 1
	for j >= from && (t.pos(j) == pAdv || t.is(j, wAdv) && t.name(j) < 0 || t.pos(j) == pAux || t.is(j, wNot) || t.time(j) || t.is(j, wPrep) && t.time(j+1)) {
		j--
	}
	if j < from {
		return phrase{}
	}
	if t.is(j, wRel) && !t.isWord(j, "that") {
		j--
		if t.isWord(j, ",") {
			j--
		}
		if j < from {
			return phrase{}
		}
		p := t.nounPhrase(from, j+1)
		p.bound = true
		return p
	}
	if t.pos(j) == pPron {
		k := j
		if t.isWord(j-1, "of") && t.isWord(j-2, "one", "some", "many", "most", "several", "two", "both") {
			k = j - 2
		}
		return phrase{from: k, to: j + 1, outer: k}
	}
	if t.isWord(j, "and", "but") && from > t.sentence(c).From {
		return phrase{} // the second verb of the subject before
	}
	if p := t.nounPhrase(from, j+1); p.ok() && p.from > from+1 && t.nominal(p.from-2) || p.ok() && t.isWord(p.from-2, ",") {
		switch {
		case t.is(p.from-1, wRel) && !t.isWord(p.from-1, "whose", "that"): // rebels who the army says have lost
			p.bound = true
			return p
		case t.isWord(p.from-1, ",") && p.from-1 > from && t.speakerLike(p) && (t.pos(p.from) == pDet || t.is(p.to-1, wPlural)): // the reactor, the operator said, was safe
			return p
		}
	}
	b := t.clauseStart(from, j)
	if p := t.after(b); p.ok() && p.to <= j+1 && !t.finiteBetween(p.to, j+1) {
		p.outer = b
		if !t.is(p.to, wRel) {
			p.extra = extractor.Range{From: p.to, To: j + 1}
		}
		return p
	} else if t.isWord(j, "and", "but") && p.ok() && p.to <= j {
		p.outer = j // the second verb of one subject: what stands before is no content
		p.bound = true
		return p
	}
	if t.isWord(j, ",", ")", "–", "—", "--", "-") {
		return t.apposed(from, j)
	}
	return t.nounPhrase(from, j+1)
}

// clauseStart returns where the clause that ends at token j begins: after a quote,
// after adverbs and after an adverbial that a comma ends.
func (t *text) clauseStart(from, j int) int {
	b := from
	for i := j; i > from; i-- {
		if t.closedAt(i) && t.ownQuote(int(t.ends[i]), from) {
			b = i + 1
			break
		}
	}
	if b == from {
		b = t.dateline(extractor.Range{From: from, To: j + 1})
	}
	for n := 0; n < 4 && b < j; n++ {
		for b < j && (t.isWord(b, ",", "(", "-") || t.mark(b) != notMark || t.pos(b) == pConj || t.isWord(b, "but", "and") || (t.is(b, wAdv) || t.pos(b) == pAdv) && t.name(b) < 0 || t.time(b)) {
			b++
		}
		if !t.is(b, wPrep|wConj) && t.pos(b) != pVerbal {
			break
		}
		k := b
		for k < j && k-b < 20 && !t.isWord(k, ",") {
			k++
		}
		if !t.isWord(k, ",") {
			break
		}
		b = k + 1
	}
	return b
}

// ownQuote reports whether a quote is words that somebody speaks rather than a name
// or a single expression inside a sentence.
func (t *text) ownQuote(q, from int) bool {
	z := &t.quotes[q]
	return z.open <= from || z.to-z.from > 5
}

// finiteBetween reports whether a finite verb outside a relative clause stands in
// [a,b): what precedes it is then not the subject of what follows.
func (t *text) finiteBetween(a, b int) bool {
	relative, verb := false, -1 // the last verb of the relative clause, -1 before it
	for i := a; i < b; i++ {
		switch {
		case t.is(i, wRel) && (i == a || t.isWord(i-1, ",") || t.nominal(i-1)):
			relative, verb = true, -1
		case t.time(i):
		case t.pos(i) == pVerb || t.pos(i) == pAux || t.pos(i) == pVerbal && t.Tokens[i].Tag == "VBN":
			switch {
			case relative && verb >= a && t.nominal(i-1) && t.Tokens[i].Tag != "VBN" && !t.connected(verb, i):
				return true // the tower that fell on the house was struck: a verb outside the clause
			case relative:
				verb = i
				continue
			case t.reduced(i, b):
				continue
			}
			return true
		case t.isWord(i, ",") && i+1 < b && i > a && relative:
			relative = false
		case t.is(i, wConj) && !t.isWord(i, "and", "or", "as"), t.isWord(i, "that") && i > a && !relative && t.Tokens[i].Tag == "IN", t.isWord(i, ";", ":"), t.closedAt(i) && t.ownQuote(int(t.ends[i]), a):
			return true
		}
	}
	return false
}

// connected reports whether a conjunction or a mark stands between tokens a and b.
func (t *text) connected(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if t.is(i, wConj|wRel) || t.pos(i) == pPunct || t.pos(i) == pConj {
			return true
		}
	}
	return false
}

// reduced reports whether a past form is a participle: "an official killed by".
func (t *text) reduced(i, end int) bool {
	w := t.Word(i)
	n := len(w)
	if n < 4 || w[n-2:] != "ed" && w[n-2:] != "en" && t.Tokens[i].Tag != "VBN" || t.pos(i) == pAux {
		return false
	}
	if t.Tokens[i].Tag != "VBN" {
		return i+1 < end && t.isWord(i+1, "by")
	}
	return i+1 < end && !t.isWord(i+2, "least", "most") && (t.isWord(i+1, "by", "in", "from", "at", "with", "to", "on", "as") || t.time(i+1)) && t.nominal(i-1)
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
			if t.clauseBefore(k, j) {
				continue
			}
			p.extra = extractor.Range{From: k + 1, To: j}
			return p
		}
	}
	p := t.nounPhrase(from, j)
	return p
}

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
		case t.is(j, wDet) && t.isWord(j, "one", "another") && k < end:
			return t.made(j, end)
		case t.nominal(j), t.pos(j) == pVerbal && k < end && t.isWord(j-1, "-", "–"), t.pos(j) == pVerbal && t.Tokens[j].Tag != "VBG" && k < end && t.nominal(k) && !t.isWord(j, "being"):
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
	case pDet:
		if end-k > 1 || !t.isWord(k, "some", "many", "others", "several", "most", "both", "all") {
			return phrase{}
		}
		return phrase{from: k, to: end, outer: k}
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
	if j-1 < from || !t.nominal(j-1) && t.pos(j-1) != pVerbal && t.pos(j-1) != pVerb {
		return -1
	}
	switch {
	case t.isWord(j, "of", "for"):
		return j
	case t.isWord(j, "in", "at", "from", "with", "to") && t.is(j-1, wOffice|wPlural|wBody), t.isWord(j, "from") && t.isWord(j-1, "data", "figures", "statistics", "records", "images", "numbers"):
		return j
	case t.isWord(j, "to", "with", "by", "on") && j-2 >= from && (t.pos(j-1) == pVerbal || t.pos(j-1) == pVerb || t.isWord(j-1, tied[:]...)) && t.nominal(j-2):
		if t.isWord(j-1, tied[:]...) {
			return j - 1
		}
	case t.isWord(j, "and") && (t.nominal(k) || t.pos(k) == pDet):
		if t.name(j-1) >= 0 || t.is(j-1, wOffice|wPlural|wBody) {
			return j
		}
	}
	return -1
}

// tied are words that tie a noun to a prepositional phrase: "a source familiar with".
var tied = [...]string{"familiar", "close", "loyal", "sympathetic", "linked", "allied", "affiliated", "opposed", "connected", "briefed"}

// continues reports whether the noun phrase that starts at token i goes on with token k.
func (t *text) continues(i, k int) bool {
	switch p := t.pos(k); {
	case t.nominal(k):
		return true
	case k == i:
		return p == pDet
	case p == pDet:
		return t.isWord(k-1, "of", "for", "and", "in", "from", "with", "to", "on")
	case t.isWord(k, "of", "for", "&"):
		return true
	case t.isWord(k, "and"):
		return t.nominal(k+1) || t.pos(k+1) == pDet
	case t.isWord(k, "in", "from", "at"):
		return t.is(k-1, wOffice|wPlural|wBody) && !t.time(k+1)
	case t.isWord(k, "with", "to", "on"):
		return t.isWord(k-1, tied[:]...) || t.isWord(k, "with") && t.is(k-1, wOffice|wPlural) && t.isWord(k+1, "knowledge")
	case t.isWord(k, tied[:]...):
		return t.isWord(k+1, "with", "to", "on")
	case t.isWord(k, "-", "–", "/"):
		return t.Tokens[k].Glued
	}
	return t.pos(k) == pVerbal && (t.isWord(k-1, "-", "–") || t.pos(k-1) == pDet)
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
		if t.pos(k) == pPron && k == i {
			return phrase{from: i, to: i + 1, outer: i}
		}
		if t.time(k) || !t.continues(i, k) {
			break
		}
		k++
	}
	if k == i+1 && t.isWord(i, "some", "many", "others", "several", "most") {
		return phrase{from: i, to: k, outer: k}
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
