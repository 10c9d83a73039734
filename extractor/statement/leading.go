package statement

import (
	"github.com/claimwire/claimwire/extractor"
)

// leading reads content that stands after its cue.
func (r *reader) leading(c *cue, speaker phrase, s extractor.Range, end int) bool {
	i := c.end
	var to phrase
	if c.kind == cueTell || c.kind == cueAcc && r.isWord(c.at, "warned") {
		to = r.after(i)
		if !to.ok() {
			return false
		}
		i = to.to
	}
	if a := r.thatAfter(i, end); a >= 0 {
		return r.addLeading(a, end, c, speaker, to, "that", s)
	}
	if c.kind == cueAs {
		return r.as(c, speaker, end, s)
	}
	if c.kind == cueAcc && !r.isWord(c.at, "accused", "accuses", "accusing") {
		end = r.objectEnd(i, end)
	}
	if c.kind == cueAcc || c.kind == cuePut {
		return r.addLeading(i, end, c, speaker, to, "object", s)
	}
	j := r.adverbials(i, end)
	if c.kind == cueTell && j == i && r.isWord(j, "in", "at", "during", "from") {
		j = r.adverbials(j, end)
	}
	k := j
	if r.isWord(k, ":", ",") {
		k++
	}
	if k < end && r.mark(k) != notMark && (k > j || k+1 < len(r.inside) && r.inside[k+1] >= 0) {
		return r.addLeading(k, end, c, speaker, to, "quote-after", s)
	}
	if r.isWord(j, ":") && k < end {
		return r.addLeading(k, end, c, speaker, to, "colon", s)
	}
	if c.kind == cueThat && r.isWord(c.at, "expressed", "expresses", "voiced") {
		if p := r.after(i); p.ok() {
			if a := r.thatAfter(r.adverbials(p.to, end), end); a >= 0 {
				return r.addLeading(a, end, c, speaker, to, "that", s)
			}
		}
		return false
	}
	if j >= end || r.pos(j) == pPunct || c.kind == cueThat && !r.believes(c.at, j, end) {
		return false
	}
	if r.isWord(c.at, "warned", "warns", "warning", "warn") && r.isWord(c.end, "of", "about", "against") {
		return r.addLeading(c.end+1, r.objectEnd(c.end+1, end), c, speaker, to, "object", s)
	}
	if r.hasVerb(j, end) && c.kind != cueNoun && r.clauseAt(j) && (!r.isWord(c.at, "added", "adds", "add", "noted", "notes", "stated", "maintained", "maintains", "recalled", "recalls", "acknowledged", "stressed") || r.clauseFollows(j, end) || r.pos(j) == pPron || r.isWord(j, "there")) {
		return r.addLeading(j, end, c, speaker, to, "clause", s)
	}
	if c.kind == cueNoun && end-j >= 2 && !r.isWord(j, "responsibility") && (!r.is(j, wPrep) || r.isWord(j, "to")) {
		if !r.clauseFollows(j, end) {
			end = r.objectEnd(j, end)
		}
		return r.addLeading(j, end, c, speaker, to, "object", s)
	}
	return false
}

// believes reports whether a verb of thinking takes the clause at j: "believes the
// talks will fail".
func (r *reader) believes(at, j, end int) bool {
	return r.isWord(at, "believe", "believes", "believed", "reckon", "reckons", "reckoned", "think", "thinks", "thought", "suspect", "suspects", "suspected", "fear", "fears", "feared", "hope", "hopes", "hoped",
		"found", "finds", "show", "shows", "showed", "reveal", "reveals", "revealed", "suggest", "suggests", "suggested", "wrote", "writes") && r.clauseFollows(j, end)
}

// clauseFollows reports whether a noun phrase and its finite verb stand at j.
func (r *reader) clauseFollows(j, end int) bool {
	p := r.after(j)
	if !p.ok() {
		return false
	}
	k := p.to
	for k < end && k-j < 12 && (r.is(k, wPrep|wAdv) || r.time(k) || r.pos(k) == pAdv || k > p.to && r.nominal(k) || r.pos(k) == pDet) {
		k++
	}
	return k < end && (r.pos(k) == pVerb || r.pos(k) == pAux)
}

// as reads "described the raid as …".
func (r *reader) as(c *cue, speaker phrase, end int, s extractor.Range) bool {
	for i := c.end; i < end && i-c.end < 12; i++ {
		if !r.isWord(i, "as") || r.isWord(i+1, "well", "part", "they", "he", "it") {
			continue
		}
		a := i + 1
		if r.isWord(a, "a", "an", "the") && r.mark(min(a+1, len(r.Tokens)-1)) != notMark {
			a++
		}
		for k := a + 1; k < end; k++ {
			if r.inside[k] < 0 && (r.isWord(k, ",", ";") || r.is(k, wConj) && !r.nominal(k+1) && r.pos(k+1) != pAdj || r.isWord(k, "and") && r.pos(k+1) == pVerbal) {
				end = k
				break
			}
		}
		return r.addLeading(a, end, c, speaker, phrase{}, "as", s)
	}
	return false
}

// clauseAt reports whether a clause can start at token i.
func (r *reader) clauseAt(i int) bool {
	switch r.pos(i) {
	case pNoun, pDet, pPron, pNum, pAdj, pPrep, pAdv, pVerbal, pAux, pVerb:
		return true
	}
	return r.isWord(i, "if", "because", "when", "there", "both", "neither", "what", "whether")
}

// addLeading adds content that starts at a. If that is a quote which runs past
// the sentence, the quote decides where it ends.
func (r *reader) addLeading(a, end int, c *cue, speaker, to phrase, rule string, s extractor.Range) bool {
	for a < end && r.isWord(a, ",", ":") {
		a++
	}
	end = r.cutCiting(a, end)
	switch {
	case speaker.bound:
		end = r.relativeEnd(a, end)
	case r.isWord(speaker.outer-1, "where") && r.isWord(speaker.outer-2, ","):
		end = r.asideEnd(a, end)
	}
	if a+1 < len(r.inside) && r.mark(a) != notMark && r.inside[a+1] >= 0 {
		q := r.quotes[r.inside[a+1]]
		if q.end > s.To || s.To-q.end <= 3 || r.isWord(q.end, "-", "–", "—", "--") || q.to-q.from > 8 && rule == "quote-after" {
			if r.add(q.from, q.to, c, speaker, rule) {
				r.found[len(r.found)-1].addressee = to
				return true
			}
			return false
		}
	} else if end == s.To && end > 0 && r.inside[end-1] >= 0 {
		end = max(end, r.quotes[r.inside[end-1]].end) // the sentence was cut inside a quote
	}
	if !r.add(a, end, c, speaker, rule) {
		return false
	}
	r.found[len(r.found)-1].addressee = to
	return true
}

// asideEnd ends the content of "In Norway, where officials say …, it is snowing" before
// the comma that a clause follows.
func (r *reader) asideEnd(a, end int) int {
	for i := a + 1; i+2 < end; i++ {
		if r.isWord(i, ",") && r.inside[i] < 0 && r.clauseFollows(i+1, end) {
			return i
		}
	}
	return end
}

// relativeEnd ends the content of "the man, who said …, was freed" at its clause.
func (r *reader) relativeEnd(a, end int) int {
	for i := a + 1; i+1 < end; i++ {
		if p := r.pos(i + 1); r.isWord(i, ",") && r.inside[i] < 0 && (p == pVerb || p == pAux) {
			return i
		}
	}
	return end
}
