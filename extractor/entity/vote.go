package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// rounds is how often votes are taken, so that what is known of one name reaches
// those listed with it.
const rounds = 2

// votes are what the names of one wording weigh, by type.
type votes struct {
	weight [numTypes]int32
	kinds  int
}

// vote gives all names of one wording the type that most speaks for, and lets
// full names speak for bare surnames. A name that the model is very sure of
// keeps its type.
func (p *Page) vote(doc *extractor.Doc, names []extractor.Name) {
	if len(names) == 0 {
		return
	}
	ballots := make(map[uint32]*votes, len(names))
	cast := func(key uint32, n *extractor.Name, share int32) {
		b := ballots[key]
		if b == nil {
			b = new(votes)
			ballots[key] = b
		}
		k := (Begin(n.Type) - 1) / 2
		if b.weight[k] == 0 {
			b.kinds++
		}
		b.weight[k] += max(1, int32(n.Confidence*100)-40) * share
	}
	give := func(n *extractor.Name, h hint) {
		if h.share > 0 {
			cast(p.wording(n.Range), &extractor.Name{Type: h.kind, Confidence: 0.9}, h.share)
		}
	}
	p.listHints(doc, names, give)
	for i := range names {
		n := &names[i]
		cast(p.wording(n.Range), n, 1)
		if n.Type == schemas.Person && p.located(doc, n) {
			give(n, hint{schemas.Location, 3})
		}
		if n.Type == schemas.Person && p.between(names, i) {
			give(n, hint{schemas.Location, 2})
		}
		give(n, p.hint(doc, n))
		if i+1 < len(names) && p.listed(n, &names[i+1]) {
			other := &names[i+1]
			if n.Type != schemas.Location {
				n, other = other, n
			}
			place := extractor.Name{Type: schemas.Location, Confidence: 0.7}
			cast(p.wording(other.Range), &place, 2)
			n = &names[i]
		}
		if n.Type == schemas.Person && n.To-n.From > 1 {
			cast(p.words[n.To-1].Lower, n, 3)
		}
		if n.Type == schemas.Organisation && n.To-n.From > 2 {
			for k := n.From; k < n.To; k++ { // "the Observatory" is short for it
				if p.words[k].Caps == linear.Initial && p.single[k]&(First|Last|City|Country|Norp) == 0 {
					cast(p.words[k].Lower, n, 2)
				}
			}
		}
	}
	for i := range names {
		n := &names[i]
		b := ballots[p.wording(n.Range)]
		if b.kinds < 2 || n.Confidence > certain || n.Type == schemas.Group {
			continue
		}
		best := 0
		for k, w := range b.weight {
			if w > b.weight[best] {
				best = k
			}
		}
		if types[best] != schemas.Group || n.To-n.From == 1 {
			n.Type = types[best]
		}
	}
}

// located reports whether what stands before n says that it is a place: "in
// Tal Afar", "the villages of Tal Afar".
func (p *Page) located(doc *extractor.Doc, n *extractor.Name) bool {
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	if p.calledPlace(n.To, s.To) {
		return true
	}
	from := s.From
	if n.From-1 < from {
		return false
	}
	before := p.words[n.From-1].Lower
	return locatives[before] || taken[before] && n.To-n.From == 1 ||
		holders[before] && n.From-2 >= from && p.words[n.From-2].Lower == hyphen ||
		before == of && n.From-2 >= from && (settlements[p.words[n.From-2].Lower] || parts[p.words[n.From-2].Lower])
}

// calledPlace reports whether the words from i on call what stands before them a
// place: "Kafrin town", "Kafrin, a small town".
func (p *Page) calledPlace(i, end int) bool {
	if i < end && settlements[p.words[i].Lower] {
		return true
	}
	if i < end && p.words[i].Lower == comma {
		i++
	}
	if i >= end || !articles[p.words[i].Lower] {
		return false
	}
	i++
	if i+1 < end && p.words[i].Caps == linear.NoCaps && !settlements[p.words[i].Lower] {
		i++
	}
	return i < end && settlements[p.words[i].Lower]
}

// listed reports whether of the names a and b, with "and" between, one is a
// place and the other taken for a person without much reason.
func (p *Page) listed(a, b *extractor.Name) bool {
	if a.To+1 != b.From || p.words[a.To].Lower != and || a.To-a.From > 3 || b.To-b.From > 3 {
		return false
	}
	const doubtful = 0.8
	return a.Type == schemas.Location && b.Type == schemas.Person && b.Confidence < doubtful ||
		a.Type == schemas.Person && b.Type == schemas.Location && a.Confidence < doubtful
}

// certain is the confidence from which a name keeps its type.
const certain = 0.98

// wording returns a hash of the words of r.
func (p *Page) wording(r extractor.Range) uint32 {
	h := p.words[r.From].Lower
	for i := r.From + 1; i < r.To; i++ {
		h = linear.Join(h, p.words[i].Lower)
	}
	return h
}
