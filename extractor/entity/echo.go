package entity

import (
	"slices"
	"sort"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// sure is the confidence from which a name is looked for elsewhere in its
// document.
const sure = 0.9

// most is how many echoes with one first word are tried, so that the time stays
// linear.
const most = 64

// An echo is a name that the document has elsewhere: its first word, how many
// words it has, and where.
type echo struct {
	first uint32
	from  int
	to    int
	kind  schemas.EntityType
}

// echo finds again, where the model missed them, the names that it is sure of
// elsewhere in the document, and bare surnames of people named in full.
func (p *Page) echo(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	var known []echo
	for _, n := range names {
		if n.Confidence < sure || n.Type == schemas.Misc {
			continue
		}
		if p.words[n.From].Caps != linear.NoCaps && !p.shout[n.From] {
			known = append(known, echo{p.words[n.From].Lower, n.From, n.To, n.Type})
		}
		if p.eastern(n) {
			known = append(known, echo{p.words[n.From].Lower, n.From, n.From + 1, n.Type})
		}
		if last := n.To - 1; n.Type == schemas.Person && last > n.From && p.words[last].Caps != linear.NoCaps && p.words[last].Length > 3 {
			known = append(known, echo{p.words[last].Lower, last, n.To, n.Type})
		}
	}
	sort.SliceStable(known, func(i, j int) bool {
		a, b := known[i], known[j]
		if a.first != b.first {
			return a.first < b.first
		}
		return a.to-a.from > b.to-b.from
	})
	for i := range names {
		n := &names[i]
		if n.To-n.From != 1 || n.Confidence >= sure {
			continue
		}
		if k := p.stem(doc, known, n.From); k != nil {
			n.Type = k.kind
		}
	}
	found := len(names)
	at := 0
	for i := 0; i < len(doc.Tokens); i++ {
		for at < found && names[at].To <= i {
			at++
		}
		limit := doc.Sentences[doc.Tokens[i].Sentence].To
		if at < found {
			if names[at].From <= i {
				i = names[at].To - 1
				continue
			}
			limit = min(limit, names[at].From)
		}
		if k := p.known(known, i, limit); k != nil && p.plausible(doc, i, i+k.to-k.from) {
			r := extractor.Range{From: i, To: i + k.to - k.from}
			names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: k.kind, Confidence: lowest, Entity: -1})
			i = r.To - 1
		} else if k := p.stem(doc, known, i); k != nil && p.plausible(doc, i, i+1) {
			r := extractor.Range{From: i, To: i + 1}
			names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: k.kind, Confidence: lowest, Entity: -1})
		} else if p.possessed(doc, i) {
			r := extractor.Range{From: i, To: i + 1}
			names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: schemas.Location, Confidence: lowest, Entity: -1})
		}
	}
	slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	return names
}

// eastern reports whether n is a person whose family name stands first: the given
// name has a hyphen and a small second half, "Moon Jae-in".
func (p *Page) eastern(n extractor.Name) bool {
	return n.Type == schemas.Person && n.To-n.From == 4 && p.words[n.From+2].Lower == hyphen && p.words[n.From+3].Caps == linear.NoCaps && p.words[n.From].Length > 2
}

// stem returns the echo of one word whose possessive token i is, with its
// apostrophe lost ("Lindens army"), nil if there is none.
func (p *Page) stem(doc *extractor.Doc, known []echo, i int) *echo {
	w := doc.Word(i)
	if len(w) < 4 || w[len(w)-1] != 's' || p.words[i].Caps == linear.NoCaps || p.single[i] != 0 {
		return nil
	}
	w = w[:len(w)-1]
	first, form := linear.Hash(strings.ToLower(w)), linear.Hash(w)
	k := sort.Search(len(known), func(k int) bool { return known[k].first >= first })
	for end := min(k+most, len(known)); k < end && known[k].first == first; k++ {
		if known[k].to-known[k].from == 1 && p.words[known[k].from].Form == form {
			return &known[k]
		}
	}
	return nil
}

// known returns the longest echo that stands at token i before limit, nil if
// none does.
func (p *Page) known(known []echo, i, limit int) *echo {
	w := &p.words[i]
	if w.Caps == linear.NoCaps {
		return nil
	}
	k := sort.Search(len(known), func(k int) bool { return known[k].first >= w.Lower })
next:
	for end := min(k+most, len(known)); k < end && known[k].first == w.Lower; k++ {
		e := &known[k]
		if n := e.to - e.from; i+n > limit {
			continue
		}
		for d := range e.to - e.from {
			if p.words[i+d].Form != p.words[e.from+d].Form {
				continue next
			}
		}
		return e
	}
	return nil
}

// plausible reports whether the tokens [i, j) can be a name that the model
// missed: they are no words of the text in lower case, and no capitalised word
// that is in no name touches them.
func (p *Page) plausible(doc *extractor.Doc, i, j int) bool {
	if p.shout[i] || j-i == 1 && p.memory.find(p.words[i].Lower).small {
		return false
	}
	s := doc.Sentences[doc.Tokens[i].Sentence]
	if j < s.To && p.words[j].Caps != linear.NoCaps && !p.words[j].Marks {
		return false
	}
	return i == s.From || p.words[i-1].Caps == linear.NoCaps || p.words[i-1].Marks || p.first[i-1] || titles[p.words[i-1].Lower]
}
