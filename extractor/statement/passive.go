package statement

import "github.com/claimwire/claimwire/extractor"

// passiveCue reports whether the verb at c.at is a passive that names who speaks after
// "by" and is followed by content, "was told by X that", and fills c.
func (t *text) passiveCue(c *cue, s extractor.Range) bool {
	if !t.passive(c.at, s) || !t.is(t.auxBefore(c.at, s), wBe) {
		return false
	}
	by := c.end
	if !t.isWord(by, "by") {
		return false
	}
	p := t.after(by + 1)
	if !p.ok() || t.time(by+1) || t.pos(p.to-1) == pNum || t.is(p.to-1, wMedium) || t.pos(p.from) == pPron && t.isWord(p.from, "which", "that", "what") {
		return false
	}
	i := t.adverbials(p.to, s.To)
	switch c.kind {
	case cueTell:
		if !t.isWord(i, "that", "to", "not") {
			return false
		}
	case cueAcc:
		if !t.isWord(i, "of", "for", "to", "not") {
			return false
		}
	case cueAs:
		if !t.isWord(i, "as") {
			return false
		}
	case cueSay, cueNoun, cueThat:
		warns := t.isWord(c.at, "warned", "advised", "asked")
		if !(t.isWord(i, "that") && (warns || t.isWord(t.auxBefore(c.at, s)-1, "it") || t.isWord(t.auxBefore(c.at, s)-2, "it"))) && !(warns && t.isWord(i, "to", "not")) {
			return false
		}
	default:
		return false
	}
	if t.isWord(i, "that", "of", "for", "as") {
		i++
	}
	c.passive, c.subject, c.end = true, p, i
	c.seam = t.clauseStart(s.From, c.at)
	return i < s.To
}

// auxBefore returns the auxiliary before the participle at token i, over adverbs.
func (t *text) auxBefore(i int, s extractor.Range) int {
	j := i - 1
	for j > s.From && (t.is(j, wAdv) || t.pos(j) == pAdv) && t.name(j) < 0 {
		j--
	}
	return j
}
