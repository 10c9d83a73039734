// Package quantity finds the expressions of a text that count or measure
// something, and tells them apart from the numbers that do not: dates, ages,
// scores, labels.
//
// The tagger passes over the tokens once. A word that can start a number is
// tried as a numeral; what stands around it decides what it is. Tables in data/
// hold the words; tags help to find the noun that is counted, but no rule needs
// them to be right.
//
// Every quantity carries the ids of the rules that made it: "quantity/digits",
// "quantity/about", "quantity/money".
package quantity

import (
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A Tagger sets Doc.Quantities, up to the slots, and Doc.Numbers. It needs
// tokens and sentences, and uses tags, names and times if they are there.
type Tagger struct {
	lex     *lexicon
	scratch sync.Pool
}

// New returns a Tagger.
func New() *Tagger {
	t := &Tagger{lex: loadLexicon()}
	t.scratch.New = func() any { return new(scanner) }
	return t
}

// Annotate implements [extractor.Stage].
func (t *Tagger) Annotate(doc *extractor.Doc) error {
	s := t.scratch.Get().(*scanner)
	s.doc, s.lex = doc, t.lex
	s.scan()
	s.doc = nil
	t.scratch.Put(s)
	return nil
}

// A scanner is the state of one pass over a Doc.
type scanner struct {
	doc     *extractor.Doc
	lex     *lexicon
	words   []*entry // one a token
	from    int      // tokens of the sentence in hand
	to      int
	sent    int
	first   int   // index of the sentence's first quantity
	figures int   // index after the sentence's last figure, before proposals
	all     class // every class that a word of the sentence has

	currency string // of the amount of money before, "" if there was none
}

func (s *scanner) scan() {
	doc := s.doc
	doc.Quantities, doc.Numbers = doc.Quantities[:0], doc.Numbers[:0]
	s.words, s.currency = s.words[:0], ""
	for i := range doc.Tokens {
		s.words = append(s.words, s.lex.lookup(doc.Word(i)))
	}
	for n := range doc.Sentences {
		s.sent, s.from, s.to, s.first = n, doc.Sentences[n].From, doc.Sentences[n].To, len(doc.Quantities)
		s.sentence()
	}
}

// starts are the classes of words that can start a numeral.
const starts = wordNumber | plural | few | half | fraction | ordinal | fold

func (s *scanner) sentence() {
	s.all = 0
	for _, e := range s.words[s.from:s.to] {
		s.all |= e.class
	}
	for i := s.from; i < s.to; {
		c := s.words[i].class
		if c&(starts|det) != 0 || s.digitFirst(i) || s.words[i] == unknown && s.signLength(i) > 0 {
			if next := s.try(i); next > i {
				i = next
				continue
			}
		}
		if c&loose != 0 || c&det != 0 && s.is(i+1, unit) {
			s.looseNumber(i)
		}
		i++
	}
	if s.sentenceHas(victim) {
		s.victims()
	}
	if len(s.doc.Quantities) > s.first {
		s.moneyGoesOn()
		s.parts()
		s.conversions()
		s.predicative()
		s.levels()
		s.elided()
		s.compared()
		s.changes()
	}
}

// try reads what starts at token i and returns the token to go on at, i if
// nothing starts there.
func (s *scanner) try(i int) int {
	n, ok := s.numeral(i)
	if !ok {
		return i
	}
	if s.other(&n) {
		return n.to
	}
	q := found{numeral: n, right: n.to, left: n.from}
	s.negate(&q)
	s.ratio(&q)
	s.quotient(&q)
	s.rangeTo(&q)
	s.measure(&q)
	s.belowZero(&q)
	s.compound(&q)
	if s.afterUnit(&q) {
		return max(q.to, n.to)
	}
	s.compare(&q)
	s.count(&q)
	s.rate(&q)
	s.emit(&q)
	return q.to
}

// A found is a quantity in the making.
type found struct {
	numeral
	hi         numeral // second number of a range; hi.to > 0 if there is one
	left       int     // first token that belongs to the phrase
	right      int     // token after the last that belongs to the number and its unit
	unit       string
	comparator schemas.Comparator
	counted    *extractor.Counted
	per        *extractor.Rate
	rules      [6]string
	nrules     int
	victims    bool
}

func (q *found) rule(id string) {
	if q.nrules < len(q.rules) {
		q.rules[q.nrules] = id
		q.nrules++
	}
}

// emit appends q to the Doc.
func (s *scanner) emit(q *found) {
	span := q.span
	to := q.to
	if q.hi.to > 0 {
		span.End = q.hi.span.End
	}
	out := extractor.Quantity{
		Span: span, Range: extractor.Range{From: q.from, To: to}, Sentence: s.sent,
		Comparator: q.comparator, Unit: q.unit, Counted: q.counted, Per: q.per,
		PartOf: -1, Victims: q.victims, Modality: schemas.Asserted, Confidence: 0.9,
	}
	out.Phrase = extractor.Span{Start: s.doc.Tokens[q.left].Start, End: max(s.doc.Tokens[q.right-1].End, span.End)}
	if q.counted != nil && q.counted.Start >= span.Start {
		out.Phrase.End = max(out.Phrase.End, q.counted.End)
	}
	if q.per != nil && q.per.Start >= span.Start {
		out.Phrase.End = max(out.Phrase.End, q.per.End)
	}
	switch {
	case q.hi.to > 0:
		lo, hi := q.value, q.hi.value
		out.Min, out.Max = &lo, &hi
	case q.kind == vague:
		lo := q.value
		out.Min = &lo
	case q.valid:
		v := q.value
		out.Value = &v
	}
	if !q.valid {
		out.Confidence = 0.3
	}
	out.Rules = append(make([]string, 0, q.nrules), q.rules[:q.nrules]...)
	s.doc.Quantities = append(s.doc.Quantities, out)
}

// number appends a number that is no quantity.
func (s *scanner) number(n *numeral, kind schemas.NumberKind) {
	out := extractor.Number{Span: n.span, Kind: kind}
	if n.valid && kind != schemas.Score && kind != schemas.Phone && (kind != schemas.Clock || n.kind == spelt || n.shape == plainShape) {
		v := n.value
		out.Value = &v
	}
	s.doc.Numbers = append(s.doc.Numbers, out)
}

// at returns the entry of token i, unknown outside of the sentence.
func (s *scanner) at(i int) *entry {
	if i < s.from || i >= s.to {
		return unknown
	}
	return s.words[i]
}

func (s *scanner) is(i int, c class) bool { return s.at(i).class&c != 0 }

// word returns the text of token i, "" outside of the sentence.
func (s *scanner) word(i int) string {
	if i < s.from || i >= s.to {
		return ""
	}
	return s.doc.Word(i)
}

// glued reports whether token i follows the one before it without a space.
func (s *scanner) glued(i int) bool {
	return i > s.from && i < s.to && s.doc.Tokens[i].Glued
}

// hyphen reports whether token i is a hyphen or dash that joins two words.
func (s *scanner) hyphen(i int) bool {
	switch s.word(i) {
	case "-", "‐", "‑":
		return s.glued(i) && s.glued(i+1)
	}
	return false
}

func (s *scanner) digitFirst(i int) bool {
	w := s.doc.Word(i)
	c := w[0]
	if c >= '0' && c <= '9' {
		return true
	}
	if c >= 0xC2 && c <= 0xE2 && len(w) <= 3 {
		return isVulgar(w)
	}
	return len(w) > 1 && (c == '.' || c == '+' || c == '-') && w[1] >= '0' && w[1] <= '9' ||
		len(w) > 2 && c == '-' && w[1] == '.' && w[2] >= '0' && w[2] <= '9'
}
