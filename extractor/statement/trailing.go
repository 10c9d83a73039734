package statement

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// subjectCue reads "X said …" and "…, X said".
func (r *reader) subjectCue(c *cue, s extractor.Range, end int) {
	if q := r.quoteBefore(c.subject.outer); q >= 0 && !(r.isWord(c.end, "that") && r.quotes[q].open > s.From && r.quotes[q].to-r.quotes[q].from < 6) {
		r.trailing(c, c.subject, s)
		r.resumed(c, c.subject, s, end)
		return
	}
	first := r.contentFirst(c, s)
	if first && r.trailing(c, c.subject, s) {
		r.resumed(c, c.subject, s, end)
		return
	}
	if r.leading(c, c.subject, s, end) {
		return
	}
	if !first && r.trailing(c, c.subject, s) {
		r.resumed(c, c.subject, s, end)
		return
	}
	if r.isWord(c.seam-1, ",") && c.kind != cueThat {
		r.resumed(c, c.subject, s, end) // "The bridge, she said, will be rebuilt."
	}
	// '"It works." The mayor said on Monday.': the sentence has no content of its own.
	if c.subject.outer == s.From && s.From > 0 && r.adverbials(c.end, s.To) >= s.To-1 {
		q := r.ends[s.From-1]
		if q >= 0 && !r.quotes[q].used && r.paragraph(s.From-1) == r.paragraph(s.From) {
			r.add(r.quotes[q].from, r.quotes[q].to, c, c.subject, "quote-before")
		}
	}
}

// contentFirst reports whether a clause stands before the speaker that no
// conjunction ties to it: "The road was cut, officials said", with or without comma.
func (r *reader) contentFirst(c *cue, s extractor.Range) bool {
	o := c.subject.outer
	if c.subject.bound || r.isWord(c.end, "that", ":") || r.is(o-1, wConj|wRel) || r.isWord(o-1, ";", "after", "before", "since", "once", "until", "where") || c.kind != cueSay && c.kind != cueNoun && c.kind != cueTell {
		return false
	}
	a := r.start(s, r.used)
	if r.subordinate(a) && !r.mainClause(a, o) {
		return false
	}
	if e := r.entityAt(c.subject.to - 1); c.kind == cueNoun && !r.isWord(o-1, ",") && e >= 0 && r.Entities[e].Type == schemas.Location {
		return false // "the third case in Delta reported this month"
	}
	if c.kind == cueNoun && !r.isWord(o-1, ",") && r.adverbials(c.end, s.To) < s.To-1 {
		return false
	}
	if !r.isWord(o-1, ",") && r.clauseFollows(r.adverbials(c.end, s.To), s.To) && !r.mainVerb(a, o) {
		return false
	}
	return o-a >= 3 && r.hasVerb(a, o)
}

// mainVerb reports whether [a,b) holds a finite verb outside relative clauses.
func (r *reader) mainVerb(a, b int) bool {
	for i := a; i < b; i++ {
		switch {
		case r.is(i, wRel) || r.isWord(i, "where", "when"):
			return false
		case r.pos(i) == pVerb || r.pos(i) == pAux:
			return true
		}
	}
	return false
}

// mainClause reports whether a clause follows the subordinate one at a.
func (r *reader) mainClause(a, end int) bool {
	for i := a; i < end-3; i++ {
		if r.isWord(i, ",") && !r.is(i+1, wRel) && !r.isWord(i+1, "where") && r.finite(i+1, end-1) && (r.clauseAt(i+1) || r.mark(i+1) != notMark) {
			return true
		}
	}
	return false
}

// invertedCue reads '"…", said X'.
func (r *reader) invertedCue(c *cue, s extractor.Range, end int) {
	p := r.after(c.at + 1)
	if !p.ok() {
		return
	}
	r.trailing(c, p, s)
	r.resumed(c, p, s, end)
}

// quoteBefore returns the quote that ends right before token i, -1 if none does.
func (r *reader) quoteBefore(i int) int {
	j := i - 1
	if r.isWord(j, ",") {
		j--
	}
	if j < 0 || i >= len(r.Tokens) || r.mark(j) == notMark || r.paragraph(j) != r.paragraph(i) || r.isWord(i, "and", "but") || r.isWord(j-1, ".") && j+1 == i {
		return -1
	}
	return int(r.ends[j])
}

func (r *reader) paragraph(i int) int { return r.Sentences[r.Tokens[i].Sentence].Paragraph }

// trailing reads content that stands before its cue.
func (r *reader) trailing(c *cue, speaker phrase, s extractor.Range) bool {
	seam := c.seam
	if q := r.quoteBefore(seam); q >= 0 {
		return r.trailingQuote(q, c, speaker, s)
	}
	if e := r.entityAt(c.subject.to - 1); c.kind == cueNoun && !r.isWord(seam-1, ",") && c.subject.ok() && e >= 0 && r.Entities[e].Type == schemas.Location {
		return false
	}
	if c.subject.bound && !c.inverted || c.kind == cueAcc || c.kind == cuePut {
		return false
	}
	if (c.kind == cueThat || c.kind == cueTell) && !r.closes(c, s) {
		return false
	}
	a := r.start(s, r.used)
	if seam-a < 2 || !r.hasVerb(a, seam) || r.isWord(seam-1, "than", "as", "that", "which", "what", "who", "where", "when", "because", "if", "whether", "why", "how") || r.subordinate(a) && r.isWord(seam-1, ",") && !r.mainClause(a, seam) && !r.aside(c, speaker, s) {
		return false
	}
	if r.inside[a] >= 0 && r.quotes[r.inside[a]].from < a && r.used <= r.quotes[r.inside[a]].from {
		a = r.quotes[r.inside[a]].from
	}
	return r.add(a, seam, c, speaker, "trailing")
}

// closes reports whether a comma and the cue with nothing but its hearers end the
// sentence: "…, the authors write.", "…, an official told reporters."
func (r *reader) closes(c *cue, s extractor.Range) bool {
	if !r.isWord(c.seam-1, ",") || c.inverted {
		return false
	}
	i := c.end
	if c.kind == cueTell {
		p := r.after(i)
		if !p.ok() {
			return false
		}
		i = p.to
	} else if !r.isWord(c.at, "write", "writes", "wrote", "believe", "believes", "reckon", "reckons", "think", "thinks", "suggest", "suggests", "fear", "fears", "feared", "show", "shows", "showed", "found", "reveal", "reveals", "revealed", "indicate", "indicates", "indicated", "suggested", "rules", "ruled", "disclosed") {
		return false
	}
	return r.adverbials(i, s.To) >= s.To-1
}

// subordinate reports whether a clause at a depends on the one after it.
func (r *reader) subordinate(a int) bool {
	for r.isWord(a, "and", "but", "even") {
		a++
	}
	if a >= len(r.Tokens) {
		return false
	}
	if tag := r.Tokens[a].Tag; (tag == "VBN" || tag == "VBD" || tag == "VBG") && isUpper(r.Word(a)) && r.name(a) < 0 && (r.is(a+1, wPrep) || r.time(a+1)) {
		return true // Shaken by the news, Moved on Monday
	}
	return r.isWord(a, "although", "though", "while", "when", "if", "because", "since", "after", "before", "as", "whereas", "until", "once", "unless",
		"asked", "speaking", "addressing", "responding", "referring", "commenting", "writing", "citing", "quoting")
}

// trailingQuote reads a quote that ends right before speaker and cue. Words of the
// same sentence before it belong to it: "the plan is 'dead'", he said.
func (r *reader) trailingQuote(q int, c *cue, speaker phrase, s extractor.Range) bool {
	a := r.quotes[q].from
	if open := r.quotes[q].open; open > s.From && r.used < open {
		if b := r.start(s, r.used); b < open && r.hasVerb(b, open) && !r.isWord(open-1, ",", ":") {
			return r.add(b, r.quotes[q].end, c, speaker, "trailing-mixed")
		}
	}
	return r.add(a, r.quotes[q].to, c, speaker, "quote-before")
}

// aside reports whether commas set cue and speaker off from a sentence that is all
// content: "If it rains, the agency says, the dam will fill."
func (r *reader) aside(c *cue, speaker phrase, s extractor.Range) bool {
	i := c.end
	if c.inverted {
		i = speaker.to
	}
	i = r.adverbials(i, s.To)
	return r.isWord(c.seam-1, ",") && r.isWord(i, ",") && r.finite(i+1, s.To) && c.kind == cueSay
}

// resumed reads the rest of content that a cue interrupts: "The plan, he said, …".
func (r *reader) resumed(c *cue, speaker phrase, s extractor.Range, end int) {
	i := c.end
	if c.inverted {
		i = speaker.to
	}
	j := r.adverbials(i, end)
	if r.isWord(j, "while") && r.hasVerb(j+1, end) && !r.isPart(j+1) {
		r.add(j+1, end, c, speaker, "resumed")
		return
	}
	if r.isWord(j, ",") && r.isWord(j+1, "and") && r.isWord(c.seam-1, ",") && (r.pos(j+2) == pVerb || r.pos(j+2) == pAux) {
		j++ // it was hit by lightning, he said, and fell
	}
	if !r.isWord(j, ",", "and") || r.is(j+1, wRel|wConj|wPart) || j+1 >= end {
		return
	}
	if r.mark(j+1) != notMark {
		if j+2 < len(r.inside) && r.inside[j+2] >= 0 {
			q := r.quotes[r.inside[j+2]]
			r.add(q.from, q.to, c, speaker, "resumed")
		}
		return
	}
	if c.inverted && speaker.extra.To > speaker.extra.From || !r.hasVerb(j+1, end) {
		return
	}
	if r.pos(j+1) == pVerbal {
		return
	}
	r.add(j+1, end, c, speaker, "resumed")
}

// isPart reports whether token i is a present participle: "while visiting".
func (r *reader) isPart(i int) bool {
	w := r.Word(i)
	return len(w) > 4 && w[len(w)-3:] == "ing"
}

// according reads "according to X".
func (r *reader) according(c *cue, s extractor.Range, end int) {
	p := r.after(c.end)
	if !p.ok() {
		return
	}
	if c.at > s.From+1 && !r.isWord(c.at-1, "and", "but", "as", "that", "while") && r.trailingTo(c, p, s) {
		return
	}
	j := p.to
	for j < end && !r.isWord(j, ",") && j-p.to < maxPhrase {
		j++
	}
	if e := p.extra; e.To > e.From && j == p.to && r.isWord(e.To, ",") && !r.hasVerb(e.From, r.relativeIn(e)) && !r.is(e.From, wPrep) {
		j = e.To
	}
	if !r.isWord(j, ",") {
		if j = r.adverbials(p.to, end); !r.finite(j, end) { // a survey published on Monday
			return
		}
	}
	if r.hasVerb(j, end) || c.at > s.From+1 && r.isWord(c.at-1, ",") && r.isWord(j, ",") && end-j > 2 {
		r.add(j, end, c, p, "according")
	}
}

// relativeIn returns the first token of a relative clause in e, its end if there is none.
func (r *reader) relativeIn(e extractor.Range) int {
	for i := e.From; i < e.To; i++ {
		if r.is(i, wRel) || r.isWord(i, "where") {
			return i
		}
	}
	return e.To
}

func (r *reader) trailingTo(c *cue, p phrase, s extractor.Range) bool {
	a := r.start(s, r.used)
	if q := r.quoteBefore(c.at); q >= 0 && r.quotes[q].open <= a+1 {
		return r.add(r.quotes[q].from, r.quotes[q].to, c, p, "according")
	}
	if c.at-a < 3 || !r.hasVerb(a, c.at) {
		return false
	}
	return r.add(a, c.at, c, p, "according")
}
