// Package statement finds who said what: direct quotes, reported speech and
// mixtures of both, each with its speaker, its cue and the exact span of its
// content.
//
// Three passes run over a Doc. The first pairs quotation marks, paragraph by
// paragraph, and forgives marks that were lost. The second looks for reporting
// words outside quotes and finds, to their left and right, the speaker and the
// content. The third turns the speakers into entities: pronouns and descriptions
// ("the group added") are resolved to the last fitting name.
package statement

import (
	"slices"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A Tagger is the stage that sets [extractor.Doc.Statements]. It needs tokens and
// sentences; tags, names, entities and times make it more precise.
type Tagger struct {
	lex     map[string]lexeme
	scratch sync.Pool // of *reader
}

// New returns a Tagger.
func New() *Tagger {
	return &Tagger{lex: lexicon(), scratch: sync.Pool{New: func() any { return new(reader) }}}
}

// Annotate finds the statements of doc. It never fails.
func (t *Tagger) Annotate(doc *extractor.Doc) error {
	r := t.scratch.Get().(*reader)
	r.text.Doc = doc
	r.load(t.lex)
	r.findQuotes()
	r.found, r.last, r.used = r.found[:0], phrase{}, 0
	r.title()
	for i := 0; i < len(doc.Tokens); {
		s := r.text.sentence(i)
		i = s.To
		r.sentence(r.afterTitle(s))
	}
	r.continued()
	slices.SortStableFunc(r.found, func(a, b found) int { return a.from - b.from })
	r.emit()
	r.text.Doc = nil
	t.scratch.Put(r)
	return nil
}

// A found is one statement before its speaker is resolved.
type found struct {
	from, to  int // tokens of the content
	cue       extractor.Range
	speaker   phrase
	addressee phrase
	rule      string
}

// A reader reads one Doc.
type reader struct {
	text
	cueList []cue
	found   []found
	content []bool // token is inside content
	speaks  []bool // entity is named as a speaker
	count   []int  // mentions of each body up to name counted
	counted int
	salient int    // the body with most mentions so far, -1 if none
	last    phrase // speaker of the last statement, for participles and quotes that go on
	used    int    // end of the content found last
}

// add records a statement with content [a,b).
func (r *reader) add(a, b int, c *cue, speaker phrase, rule string) bool {
	a, b = r.trim(a, b)
	if b <= a {
		return false
	}
	f := found{from: a, to: b, cue: extractor.Range{From: c.at, To: c.end}, speaker: speaker, rule: rule}
	for i := len(r.found) - 1; i >= 0 && i >= len(r.found)-4; i-- {
		if g := &r.found[i]; g.from < b && a < g.to { // taken
			return false
		}
	}
	r.found = append(r.found, f)
	r.last = speaker
	r.used = max(r.used, b)
	q, _ := slices.BinarySearchFunc(r.quotes, a, func(z quote, a int) int { return z.to - a - 1 })
	for ; q < len(r.quotes) && r.quotes[q].from < b; q++ {
		r.quotes[q].used = true
	}
	return true
}

// sentence reads the statements of one sentence.
func (r *reader) sentence(s extractor.Range) {
	r.cueList = r.cues(s, r.cueList[:0])
	for k := range r.cueList {
		c := &r.cueList[k]
		end := r.contentEnd(k, s)
		if !c.part && c.subject.ok() {
			r.last = c.subject
		}
		switch {
		case c.kind == cueTo:
			r.according(c, s, end)
		case c.part && k == 0 && r.finiteCue(k+1):
			// "…, indicating that it may open, officials said": a part of the content
		case c.part && k == 0 && c.subject.ok():
			r.leading(c, c.subject, s, end)
		case c.part && k == 0:
			p := r.after(r.clauseStart(s.From, c.at-1))
			if !p.ok() || p.to > c.at {
				p = r.last
			}
			r.leading(c, p, s, end)
		case c.part, c.shared:
			r.leading(c, r.last, s, end)
		case c.inverted:
			r.invertedCue(c, s, end)
		default:
			r.subjectCue(c, s, end)
		}
	}
	if len(r.cueList) == 0 {
		r.headline(s)
	}
}

// finiteCue reports whether a cue that is no participle follows in the sentence.
func (r *reader) finiteCue(k int) bool {
	for ; k < len(r.cueList); k++ {
		if !r.cueList[k].part {
			return true
		}
	}
	return false
}

// contentEnd returns where the content after cue k must end: at the clause of the
// next cue.
func (r *reader) contentEnd(k int, s extractor.Range) int {
	c := &r.cueList[k]
	for j := k + 1; j < len(r.cueList); j++ {
		n := &r.cueList[j]
		seam := n.seam
		if seam <= c.end+2 {
			continue
		}
		if n.part || n.shared || n.kind == cueTo {
			return seam
		}
		p := seam - 1
		if n.inverted || r.isWord(p, ",", ";", "—", "–") || r.is(p, wConj) || r.isWord(p, "that", "which", "where") {
			for p > c.end && (r.is(p, wConj) || r.isWord(p, ",", ";", "that", "which", "where", "—", "–")) {
				p--
			}
			return p + 1
		}
	}
	return s.To
}

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
	if first = r.isWord(c.seam-1, ","); first && c.kind != cueThat {
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
		if r.isWord(i, ",") && r.finite(i+1, end-1) && (r.clauseAt(i+1) || r.mark(i+1) != notMark) {
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
	if j < 0 || i >= len(r.Tokens) || r.mark(j) == notMark || r.paragraph(j) != r.paragraph(i) || r.isWord(j-1, ".") && j+1 == i {
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
	if c.subject.bound && !c.inverted || c.kind == cueThat || c.kind == cueAcc || c.kind == cuePut || c.kind == cueTell {
		return false
	}
	a := r.start(s, r.used)
	if seam-a < 2 || !r.hasVerb(a, seam) || r.isWord(seam-1, "than", "as", "that", "which", "what", "who", "where", "when", "because", "if") || r.subordinate(a) && r.isWord(seam-1, ",") && !r.mainClause(a, seam) {
		return false
	}
	if r.inside[a] >= 0 && r.quotes[r.inside[a]].from < a && r.used <= r.quotes[r.inside[a]].from {
		a = r.quotes[r.inside[a]].from
	}
	return r.add(a, seam, c, speaker, "trailing")
}

// subordinate reports whether a clause at a depends on the one after it.
func (r *reader) subordinate(a int) bool {
	for r.isWord(a, "and", "but", "even") {
		a++
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
	return r.isWord(at, "believe", "believes", "believed", "think", "thinks", "thought", "suspect", "suspects", "suspected", "fear", "fears", "feared", "hope", "hopes", "hoped",
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
	if !r.isWord(j, ",") || r.is(j+1, wRel|wConj|wPart) || j+1 >= end {
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
	if c.at > s.From+1 && r.trailingTo(c, p, s) {
		return
	}
	j := p.to
	for j < end && !r.isWord(j, ",") && j-p.to < maxPhrase {
		j++
	}
	if e := p.extra; e.To > e.From && j == p.to && r.isWord(e.To, ",") && !r.hasVerb(e.From, e.To) && !r.is(e.From, wPrep) {
		j = e.To
	}
	if !r.isWord(j, ",") {
		j = r.adverbials(p.to, end)
	}
	if r.hasVerb(j, end) || c.at > s.From+1 && r.isWord(c.at-1, ",") && r.isWord(j, ",") && end-j > 2 {
		r.add(j, end, c, p, "according")
	}
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

// headline reads "Blast kills nine: ministry" and "Official: dam is safe".
func (r *reader) headline(s extractor.Range) {
	n := s.To - 1
	for n > s.From && r.pos(n) == pPunct {
		n--
	}
	if n-s.From < 4 {
		return
	}
	if r.Sentences[r.Tokens[s.From].Sentence].Heading {
		for k := s.From + 1; k < s.To-3 && k-s.From < 5; k++ {
			if p := (phrase{from: s.From, to: k, outer: s.From}); r.isWord(k, ":") && r.speakerLike(p) {
				c := cue{at: k, end: k + 1}
				r.add(k+1, s.To, &c, p, "headline")
				return
			}
		}
	}
	if !r.isWord(n, "monitor", "observatory", "ministry", "officials", "police", "media", "report", "un", "army", "minister", "spokesman", "source", "sources") {
		return
	}
	k := n
	for k > s.From && !r.isWord(k-1, ":", "-", "–", "—") && n-k < 4 {
		k--
	}
	if k <= s.From+3 || !r.isWord(k-1, ":", "-", "–", "—") || r.Tokens[k-1].Glued && !r.isWord(k-1, ":") {
		return
	}
	c := cue{at: k - 1, end: k}
	r.add(s.From, k-1, &c, phrase{from: k, to: n + 1, outer: k}, "headline")
}

// continued attributes quotes without a cue to the speaker who was quoted right
// before them.
func (r *reader) continued() {
	slices.SortStableFunc(r.found, func(a, b found) int { return a.from - b.from })
	n := len(r.found)
	k := 0
	var extra []found
	for q := range r.quotes {
		z := &r.quotes[q]
		for k < n && r.found[k].from < z.from {
			k++
		}
		if z.used || z.to-z.from < 3 || !r.wholeSentence(z) {
			continue
		}
		var f found
		switch {
		case k > 0 && r.follows(&r.found[k-1], z):
			f = r.found[k-1]
		case len(extra) > 0 && extra[len(extra)-1].to < z.from && r.follows(&extra[len(extra)-1], z):
			f = extra[len(extra)-1]
		case r.goesOn(q) && k < n && r.found[k].from >= r.quotes[q+1].from && r.found[k].to <= r.quotes[q+1].to:
			f = r.found[k]
		default:
			continue
		}
		f.from, f.to = r.trim(z.from, z.to)
		f.rule, f.addressee = "continued", phrase{}
		if f.from < f.to {
			z.used = true
			extra = append(extra, f)
		}
	}
	r.found = append(r.found, extra...)
}

// goesOn reports whether quote q runs to the end of its paragraph without a closing
// mark and the next one opens the paragraph after.
func (r *reader) goesOn(q int) bool {
	if q+1 >= len(r.quotes) {
		return false
	}
	z, n := &r.quotes[q], &r.quotes[q+1]
	return z.end == z.to && n.open == z.end
}

// wholeSentence reports whether a quote is words of its own, not part of a sentence.
func (r *reader) wholeSentence(z *quote) bool {
	s := r.text.sentence(z.open)
	return s.From == z.open || s.From == z.from
}

// follows reports whether quote z goes on from statement f: in its sentence or the
// one after, or at the start of the next paragraph.
func (r *reader) follows(f *found, z *quote) bool {
	last := max(f.to-1, f.cue.To-1)
	a, b := int(r.Tokens[last].Sentence), int(r.Tokens[z.open].Sentence)
	return b-a <= 1 || b-a <= 2 && r.Sentences[a].Paragraph == r.Sentences[b].Paragraph
}
