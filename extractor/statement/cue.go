package statement

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A cue is one reporting word with what was found around it.
type cue struct {
	at       int // token
	end      int // token after the cue words
	kind     cueKind
	part     bool   // a participle: it takes the speaker of the cue before it
	subject  phrase // to the left
	inverted bool   // "said X"
	shared   bool   // "… and said": the subject is that of the cue before it
	passive  bool   // "was told by X": the subject follows
	seam     int    // first token of the cue's clause: content before it ends there
}

// cues returns the cues of a sentence that introduce content, in order.
func (t *text) cues(s extractor.Range, out []cue) []cue {
	from := s.From
	for i := s.From; i < s.To; i++ {
		l := t.lex[i]
		if l.cue == noCue || t.inside[i] >= 0 {
			continue
		}
		c := cue{at: i, end: i + 1, kind: l.cue, part: l.class&wPart != 0}
		if t.fits(&c, s, from) {
			out = append(out, c)
			from = c.end
		}
	}
	return out
}

// fits reports whether the word at c.at is used as a cue, and fills c. What stands
// before from belongs to the cue before it.
func (t *text) fits(c *cue, s extractor.Range, from int) bool {
	i := c.at
	if c.kind == cueTo {
		c.end, c.seam = i+2, i
		return t.isWord(i+1, "to") && i+2 < s.To
	}
	if !t.takesObject(c, s) || t.name(i) >= 0 && isUpper(t.Word(i)) {
		return false
	}
	if c.part {
		return t.fitsParticiple(c, s, from)
	}
	if t.passiveCue(c, s) {
		return true
	}
	if !t.finiteUse(c, s) {
		return false
	}
	if c.inverted = t.inverts(i, s); c.inverted {
		c.seam = i
		return true
	}
	c.subject = t.corrected(t.before(i, from), i, s, from)
	if !c.subject.ok() && from > s.From && t.coordinated(i) {
		c.shared = true
		c.seam = i
		for c.seam > from && !t.isWord(c.seam, "and", "but", ",") {
			c.seam--
		}
		return true
	}
	c.seam = max(from, c.subject.outer)
	if c.subject.ok() && (t.nobody(c.subject.from) || t.nobody(c.subject.outer) || t.isWord(c.subject.from-1, "neither") || t.isWord(c.subject.from-2, "neither")) {
		return false // no group has claimed it: nobody spoke
	}
	if t.numeral(c) || t.contact(c) {
		return false
	}
	return c.subject.ok() && !(c.subject.to == c.subject.from+1 && t.isWord(c.subject.from, "i", "we", "you", "me", "them", "him", "us", "that", "this", "which", "what"))
}

// numeral reports whether a bare number stands where the speaker should: "6,105 confirmed
// cases", "17 had predicted a cut".
func (t *text) numeral(c *cue) bool {
	p := c.subject
	return p.to == p.from+1 && t.pos(p.from) == pNum && !t.isWord(p.from, "one") && !t.isWord(c.at, "said", "say", "told", "added")
}

// contact reports whether pronoun and cue belong to a clause that describes what stands
// before it, of which nothing is said: "the 5 percent they had demanded", "more slowly
// than it had thought".
func (t *text) contact(c *cue) bool {
	p := c.subject
	if p.to != p.from+1 || t.pos(p.from) != pPron {
		return false
	}
	return t.isWord(p.from-1, "than") || t.isWord(c.at-1, "had", "have", "has") && t.nominal(p.from-1)
}

// nobody reports whether the subject that begins at token i is none.
func (t *text) nobody(i int) bool {
	return t.isWord(i, "none", "neither", "nobody", "nothing") || t.isWord(i, "no") && t.pos(i+1) != pNum || t.isWord(i, "no") && t.isWord(i+1, "one")
}

// takesObject checks the words that a cue of its kind needs after it.
func (t *text) takesObject(c *cue, s extractor.Range) bool {
	i := c.at
	switch c.kind {
	case cuePut:
		if t.isWord(i, "spoke", "speak", "speaks") {
			c.end = i + 2
		}
		return t.putsFigure(i, s)
	case cueTell:
		k := i + 1
		if t.pos(k) == pDet {
			k++
		}
		return !t.isWord(k, "truth", "lie", "lies", "story", "stories", "tale", "tales", "joke", "jokes", "time")
	case cueAs:
		return t.asFollows(i, s)
	case cueAcc:
		if t.isWord(i, "called", "calls") {
			c.end = i + 2
			return t.isWord(i+1, "on", "for", "upon")
		}
	}
	return true
}

// finiteUse tells a verb that reports from nouns, infinitives, negations and passives.
func (t *text) finiteUse(c *cue, s extractor.Range) bool {
	i := c.at
	switch {
	case t.negated(i, s) && !t.isWord(i, "deny", "denied"), t.isWord(i-1, "to") && !t.isWord(i-2, "on"):
		return false
	case t.lex[i].class&wBase != 0 && !t.present(i, s), t.nounUse(i), t.passive(i, s):
		return false
	case c.kind == cueNoun && t.is(i-1, wPrep) && !t.time(i-1):
		return false
	case t.isWord(i, "said", "says") && t.isWord(i+1, "to") && t.isWord(i+2, "be", "have"):
		return false
	case t.isWord(i, "asked", "asks", "ask") && t.isWord(i+1, "not") && t.isWord(i+2, "to") && t.isWord(i+3, "be"):
		return false // who asked not to be named: what they say comes later
	case c.kind == cueNoun && t.isWord(i+1, "responsibility", "credit", "victory"):
		return false // an act, not words: what stands before it is no content
	}
	return true
}

// nounUse reports whether a word that is tagged as a noun is one. Taggers take
// verbs in headlines and after names for nouns.
func (t *text) nounUse(i int) bool {
	tag := t.Tokens[i].Tag
	if tag != "NN" && tag != "NNS" {
		return false
	}
	if (t.isWord(i+1, ".") || i+1 == len(t.Tokens)) && t.is(i-1, wBody|wOffice|wPlural) && (t.isWord(i-2, ",") || t.isWord(i-3, ",")) {
		return false // …, the council estimates.
	}
	switch t.pos(i - 1) {
	case pNum, pAdj, pPoss, pDet:
		return true
	}
	if tag == "NNS" && !t.isWord(i, "reports", "claims", "calls", "shows", "states", "estimates", "points", "rules", "notes", "remarks", "fears", "hopes", "finds", "promises", "pledges", "vows", "replies") || tag == "NN" && t.lex[i].class&wBase == 0 {
		return false
	}
	if n := t.name(i - 1); n >= 0 && t.Names[n].Type == schemas.Person {
		return false
	}
	return !t.is(i-1, wPlural|wPronoun) || t.pos(i+1) != pPron && t.pos(i+1) != pDet && !t.isWord(i+1, "that")
}

// asFollows reports whether "as" stands near after a verb of describing.
func (t *text) asFollows(i int, s extractor.Range) bool {
	for j := i + 1; j < s.To && j-i < 12; j++ {
		if t.isWord(j, "as") {
			return true
		}
	}
	return false
}

// coordinated reports whether the cue at i is the second verb of a subject: "said …
// but urged …".
func (t *text) coordinated(i int) bool {
	j := i - 1
	for j > 0 && (t.pos(j) == pAdv || t.is(j, wAdv)) && t.name(j) < 0 {
		j--
	}
	return t.isWord(j, "and", "but")
}

// putsFigure reports "put the toll at", "gave the toll as" and "spoke of 300".
func (t *text) putsFigure(i int, s extractor.Range) bool {
	if t.isWord(i, "spoke", "speak", "speaks") {
		j := i + 2
		for j < s.To && j < i+5 && (t.pos(j) == pAdv || t.is(j, wPrep) || t.isWord(j, "some", "more", "at", "least")) {
			j++
		}
		return t.isWord(i+1, "of") && j < s.To && t.pos(j) == pNum
	}
	figure, link := false, "at"
	if t.isWord(i, "gave", "gives") {
		link = "as"
	}
	for j := i + 1; j < s.To && j-i < 16; j++ {
		if t.isWord(j, "toll", "number", "figure", "count", "total", "cost", "estimate", "casualties", "dead", "losses", "damage", "crowd", "turnout", "attendance", "damages", "bill", "price", "value", "population") {
			figure = true
		}
		if figure && t.isWord(j, link) {
			return true
		}
	}
	return false
}

// fitsParticiple accepts "…, adding that" and "quoted as saying".
func (t *text) fitsParticiple(c *cue, s extractor.Range, from int) bool {
	i := c.at
	c.seam = i
	if j := t.quotedBefore(i, s); j >= 0 && !t.is(j-1, wBe|wAdv) && t.after(j+1).ok() { // "the paper quoted X as saying"
		c.part = false
		c.subject = t.after(j + 1)
		c.subject.outer = j
		if p := t.before(j, s.From); p.ok() {
			c.subject.outer = p.outer
		}
		c.seam = c.subject.outer
		return true
	} else if j >= 0 {
		for j > s.From && (t.is(j-1, wAux) || t.is(j-1, wAdv)) {
			j--
		}
		c.part = false
		c.subject = t.before(j, s.From)
		if c.subject.ok() {
			c.seam = c.subject.outer
		}
		return true
	}
	if t.isWord(i, "saying", "stating", "adding") && t.isWord(i-1, "by") && i+1 < s.To && (t.isWord(i+1, "that", ",", ":") || t.mark(i+1) != notMark) {
		return true
	}
	if i == s.From || t.pos(i-1) == pDet || t.isWord(i-1, "and", "or") || t.pos(i-1) == pAux || t.is(i-1, wPrep) {
		return false
	}
	switch {
	case t.isWord(i, "adding", "saying", "noting", "stressing", "insisting", "stating", "arguing", "explaining", "claiming", "alleging", "emphasizing", "emphasising", "declaring", "reiterating", "asserting", "acknowledging", "admitting", "predicting", "estimating", "recalling", "contending", "cautioning", "confirming", "announcing", "specifying", "maintaining", "clarifying"):
		return t.isWord(i-1, ",") || t.lex[i-1].cue != noCue || t.isWord(i, "adding", "saying") || t.is(i-1, wMedium)
	case t.lex[i].cue == cueAs:
		return true
	case t.isWord(i, "warning", "telling", "accusing", "blaming", "urging", "calling", "denying", "reporting"):
		return t.isWord(i-1, ",") || t.is(i-1, wMedium) && t.isWord(i, "warning", "urging", "accusing", "blaming")
	}
	return t.isWord(i+1, "that") && t.isWord(i-1, ",")
}

// quotedBefore returns the "quoted" of "was quoted … as saying", -1 if there is none.
func (t *text) quotedBefore(i int, s extractor.Range) int {
	if !t.isWord(i-1, "as") {
		return -1
	}
	for j := i - 2; j > s.From && i-j < 25; j-- {
		if t.isWord(j, "quoted", "cited") {
			return j
		}
	}
	return -1
}

func (t *text) negated(i int, s extractor.Range) bool {
	for j := i - 1; j >= s.From && i-j <= 2; j-- {
		if t.is(j, wNot) {
			return true
		}
		if t.pos(j) != pAdv && t.pos(j) != pAux {
			return false
		}
	}
	return false
}

// present reports whether a base form is a present tense: "officials say".
func (t *text) present(i int, s extractor.Range) bool {
	if t.isWord(i, "saying", "stating", "adding") && t.isWord(i-1, "by") && i+1 < s.To && (t.isWord(i+1, "that", ",", ":") || t.mark(i+1) != notMark) {
		return true
	}
	if i == s.From || t.pos(i-1) == pDet || t.isWord(i-1, "and", "or") || t.pos(i-1) == pAdj || t.is(i-1, wPrep) {
		return false
	}
	switch t.Tokens[i].Tag {
	case "VBP":
		return true
	case "VB", "NN", "NNP", "":
		return t.is(i-1, wPronoun|wPlural) || t.pos(i-1) == pNoun && t.isWord(i, "say", "believe", "think", "write", "warn", "estimate")
	}
	return t.isWord(i, "say")
}

// passive reports whether the cue is the participle of a passive or of a reduced
// relative clause: "was reported", "the cases reported in May".
func (t *text) passive(i int, s extractor.Range) bool {
	j := i - 1
	for j > s.From && (t.is(j, wAdv) || t.pos(j) == pAdv) && t.name(j) < 0 {
		j--
	}
	if t.is(j, wBe) && j >= s.From && !(t.isWord(j, "'s", "’s") && t.Tokens[j].Tag == "POS") {
		return true
	}
	if t.isWord(i-1, ",") && t.lex[i].cue != cueSay && (t.time(i+1) || t.isWord(i+1, "by", "on", "in", "at")) && t.name(i-2) < 0 {
		return true // "the deal, announced on Friday, …"
	}
	return t.pos(j) == pDet && !t.isWord(j, "some", "many", "others", "several", "most", "both", "all")
}

// inverts reports whether the speaker follows the cue: '"…," said X'.
func (t *text) inverts(i int, s extractor.Range) bool {
	if i == s.From {
		return false
	}
	if t.mark(i-1) != notMark && t.closedAt(i-1) || t.isWord(i-1, ",") && i-2 >= 0 && t.mark(i-2) != notMark && t.closedAt(i-2) {
		return t.pos(i+1) != pPunct
	}
	if t.mark(i-1) != notMark && t.isWord(i-2, ",", "?", "!") { // the opening mark was lost
		return t.pos(i+1) != pPunct
	}
	k := t.lex[i].cue
	if p := t.pos(i - 1); p == pAux || p == pAdv || t.is(i-1, wPronoun) {
		return false
	}
	if k != cueSay && k != cueNoun || t.isWord(i+1, "that") {
		return false
	}
	if t.coordinated(i) && t.pos(i+1) == pNum {
		return false // "… and said 41 people were treated"
	}
	p := t.after(i + 1)
	if p.ok() && t.isWord(i-1, ",") && t.isWord(p.to, "who", "whose") && t.hasVerb(s.From, i) {
		return true // …, said a fisherman whose boat was lost
	}
	if !p.ok() || !t.speakerLike(p) || !t.hasVerb(s.From, i) {
		return false
	}
	if t.isWord(i-1, ",", "—", "–") {
		return p.to >= s.To || t.isWord(p.to, ",", ".", ";", ")", "who", "in", "at", "on", "during", "after") || t.time(p.to)
	}
	// Lost comma: "The wounded were stable said the head of the clinic".
	return t.finite(s.From, i) && (p.to >= s.To-1 || t.isWord(p.to, "who", "that", ",", "a", "an", "head", "chief", "the")) && !t.hasVerb(p.to, min(p.to+1, s.To)) && !t.finite(i+1, p.to)
}

// finite reports whether a finite verb stands in [a,b).
func (t *text) finite(a, b int) bool {
	for i := a; i < b; i++ {
		if p := t.pos(i); p == pVerb || p == pAux {
			return true
		}
	}
	return false
}

// speakerLike reports whether a phrase names or describes somebody who can speak.
func (t *text) speakerLike(p phrase) bool {
	if p.to-p.from == 1 && t.pos(p.from) == pPron {
		return true
	}
	for i := p.from; i < p.to; i++ {
		if t.name(i) >= 0 || t.is(i, wOffice|wPlural|wBody) {
			return true
		}
	}
	return false
}

// closedAt reports whether the mark at token i closes a quote.
func (t *text) closedAt(i int) bool { return i >= 0 && t.ends[i] >= 0 }
