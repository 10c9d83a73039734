package entity

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// cut takes the first name off n, where n is several: halves of a compound
// ("Syrian-Turkish", "Russia-Ukraine"), places that only lost their comma
// ("Libya Tunisia"), what stands before and after a closing quote. The
// rest is empty if n is one name.
func (p *Page) cut(doc *extractor.Doc, n extractor.Name) (first, rest extractor.Name) {
	at, next := p.seam(doc, &n)
	if at == 0 {
		return n, extractor.Name{}
	}
	first, rest = n, n
	first.To, rest.From = at, next
	if p.words[at].Lower == hyphen && next > at {
		kind := schemas.Location
		if p.single[at-1]&Norp != 0 && p.single[next]&Norp != 0 {
			kind = schemas.Group
		}
		first.Type, rest.Type = kind, kind
	}
	first.Span, rest.Span = doc.SpanOf(first.Range), doc.SpanOf(rest.Range)
	return first, rest
}

// seam returns where the first part of n ends and where the next begins, 0 if n
// is one name.
func (p *Page) seam(doc *extractor.Doc, n *extractor.Name) (end, next int) {
	quotes, at := 0, 0
	for i := n.From + 1; i < n.To-1; i++ {
		w := &p.words[i]
		if w.Lower == quote {
			quotes, at = quotes+1, i
		}
		if w.Lower == hyphen && doc.Tokens[i].Glued && p.pair(i-1, i+1) && (i+2 == n.To || n.Type == schemas.Group) && i-1 == n.From {
			return i, i + 1
		}
	}
	if quotes == 1 && p.words[n.From].Lower != quote {
		return at, at + 1
	}
	if n.Type != schemas.Location || p.wholePhrase(n.From, n.To) {
		return 0, 0
	}
	for i := n.From + 1; i < n.To; i++ {
		if p.isPlace(doc, n.From, i) && p.isPlace(doc, i, n.To) {
			return i, i
		}
	}
	return 0, 0
}

// pair reports whether the words i and j are both peoples, or both countries.
func (p *Page) pair(i, j int) bool {
	return p.single[i]&p.single[j]&(Norp|Country) != 0 && p.words[j].Caps != linear.NoCaps && p.multi[i]&p.multi[j] == 0
}

// wholePhrase reports whether the words [i, j) are one listed phrase.
func (p *Page) wholePhrase(i, j int) bool {
	return p.places[i] == placeFirst && p.places[j-1] == placeLast
}

// isPlace reports whether the words [i, j) are a listed country, capital or
// region; one word may have lost the apostrophe of its possessive.
func (p *Page) isPlace(doc *extractor.Doc, i, j int) bool {
	if compass[p.words[i].Lower] || landforms[p.words[j-1].Lower] {
		return false
	}
	if j-i == 1 {
		return p.single[i]&Country != 0 || p.possessed(doc, i)
	}
	return p.wholePhrase(i, j) && p.multi[i]&Country != 0
}

// compass and landforms are words that places are named with, and listed as
// places themselves.
var (
	compass   = hashSet("north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "upper", "lower", "new", "greater", "northeast", "northwest", "southeast", "southwest")
	landforms = hashSet("north", "south", "east", "west", "islands", "island", "centre", "center", "delta", "coast", "bay", "district", "valley", "province")
)

// possessed reports whether token i is the possessive of a country that lost its
// apostrophe: "Libyas war". No listed word is one.
func (p *Page) possessed(doc *extractor.Doc, i int) bool {
	w := doc.Word(i)
	if p.single[i] != 0 || p.words[i].Caps != linear.Initial || len(w) < 5 || w[len(w)-1] != 's' {
		return false
	}
	return p.lists.lookup(linear.Hash(strings.ToLower(w[:len(w)-1])))&Country != 0
}

// locate makes a country that lost its apostrophe a place.
func (p *Page) locate(doc *extractor.Doc, n *extractor.Name) {
	if n.To-n.From == 1 && n.Type != schemas.Location && p.possessed(doc, n.From) {
		n.Type, n.Confidence = schemas.Location, max(n.Confidence, lowest)
	}
}

// lowest is the confidence of names that a rule alone is for.
const lowest = 0.7
