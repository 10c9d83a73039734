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
		case c.passive:
			r.addLeading(c.end, end, &cue{at: c.at, end: c.at + 1}, c.subject, phrase{}, "passive", s)
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
		if seam <= c.end || seam <= c.end+2 && !n.shared {
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
			if p := (phrase{from: s.From, to: k, outer: s.From}); r.isWord(k, ":") && r.speakerLike(p) && r.lex[s.From].cue == noCue {
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
