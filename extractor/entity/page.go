package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// A Reader makes Pages.
type Reader struct {
	clusters *linear.Clusters
	lists    *Lists
}

// A Page is what the model sees of a Doc: its words, what the lists say of
// them, and what the document says of a word elsewhere. Trainer and recogniser
// share it: a change of its features needs a new model.
type Page struct {
	words  []linear.Word
	glued  []bool
	upos   []uint32
	single []Kind // what the lists say of the word alone
	multi  []Kind // what they say of the longest phrase it is part of
	places []uint8
	first  []bool // begins a sentence
	shout  []bool // stands in a sentence in capitals
	runs   []extractor.Range
	memory memory
	lists  *Lists
}

// Places of a word in the longest listed phrase.
const (
	placeFirst = 1 + iota
	placeInner
	placeLast
)

// Read fills p from doc, which has tokens and sentences.
func (r *Reader) Read(p *Page, doc *extractor.Doc) {
	p.lists = r.lists
	n := len(doc.Tokens)
	p.words = resize(p.words, n)
	p.glued = resize(p.glued, n)
	p.upos = resize(p.upos, n)
	p.single = resize(p.single, n)
	p.multi = resize(p.multi, n)
	p.places = resize(p.places, n)
	p.first = resize(p.first, n)
	p.shout = resize(p.shout, n)
	p.runs = resize(p.runs, n)
	for i := range doc.Tokens {
		p.words[i] = linear.NewWord(r.clusters, doc.Word(i))
		p.glued[i] = doc.Tokens[i].Glued
		p.upos[i] = uint32(doc.Tokens[i].UPOS) + 1
	}
	for _, s := range doc.Sentences {
		p.sentence(s.Range)
		r.lists.mark(p, s.Range)
	}
	p.remember(doc)
}

// resize returns a zeroed slice of n elements, s itself if it is long enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	s = s[:n]
	clear(s)
	return s
}

// sentence sets first and shout of the tokens of r.
func (p *Page) sentence(r extractor.Range) {
	caps, words := 0, 0
	opened := false
	for i := r.From; i < r.To; i++ {
		w := &p.words[i]
		if !opened && !w.Marks {
			p.first[i], opened = true, true
		}
		if !w.Marks && !w.Digits {
			words++
			if w.Caps == linear.AllCaps {
				caps++
			}
		}
	}
	if words >= 4 && caps*10 >= words*7 {
		for i := r.From; i < r.To; i++ {
			p.shout[i] = true
		}
	}
}

var none linear.Word

func (p *Page) at(r extractor.Range, i int) *linear.Word {
	if i < r.From || i >= r.To {
		return &none
	}
	return &p.words[i]
}

// Class returns the class of token i that transitions depend on.
func (p *Page) Class(i int) uint8 {
	w := &p.words[i]
	switch {
	case w.Marks:
		return 4
	case w.Digits:
		return 5
	case w.Caps == linear.NoCaps && connectors[w.Lower]:
		return 6
	case w.Caps != linear.NoCaps && p.glued[i]:
		return 7
	}
	return uint8(w.Caps)
}

// numClasses is the number of classes of tokens.
const numClasses = 8

// connectors are the small words inside of names.
var connectors = hashSet("of", "for", "and", "the", "on", "in", "de", "la", "le", "du", "del", "bin", "bint", "ibn", "al", "el", "ul", "ud", "van", "von", "der", "den", "da", "di", "dos", "to", "at", "against", "y", "e")

func hashSet(words ...string) map[uint32]bool {
	m := make(map[uint32]bool, len(words))
	for _, w := range words {
		m[linear.Hash(w)] = true
	}
	return m
}
