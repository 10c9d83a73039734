// Package entity finds the names of people, organisations, places, peoples and
// other things in a text.
//
// The names come from a linear sequence model: features of words, clusters,
// lists of names and of the document around, weights in integers, the best
// sequence of labels by dynamic programming. A thin layer of rules after it
// fixes what is a matter of convention: titles, articles and possessives stand
// outside of a name. Grouping names into things is left to package resolve.
package entity

import (
	"fmt"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// A Recognizer is a stage that sets the names of a Doc. One may be used from
// several goroutines.
type Recognizer struct {
	model   *Model
	reader  *Reader
	bare    bool              // no rules after the model
	told    map[uint32][]told // names of the user, by the hash of their first word
	scratch sync.Pool         // of *work
}

// work is the memory of one Annotate. It remembers the sums of words between texts.
type work struct {
	page     Page
	sums     sums
	features [2][]uint32 // of the token in hand, and of the next
	rows     []uint32    // their places in the model
	lattice  lattice
	labels   []uint8
}

// New returns a Recognizer with the embedded model. It returns an error if the
// program was built without it (tag noweights).
func New() (*Recognizer, error) {
	m, err := embedded()
	if err != nil {
		return nil, err
	}
	r, err := NewReader()
	if err != nil {
		return nil, err
	}
	return NewWith(m, r), nil
}

// NewWith returns a Recognizer with the model m, which was trained on what r
// reads.
func NewWith(m *Model, r *Reader) *Recognizer {
	rec := &Recognizer{model: m, reader: r}
	rec.scratch.New = func() any { return new(work) }
	return rec
}

// Bare returns a Recognizer with the same model and no rules after it, for
// training.
func (r *Recognizer) Bare() *Recognizer {
	b := NewWith(r.model, r.reader)
	b.bare = true
	return b
}

// Annotate sets the names of doc and the name of each token.
func (r *Recognizer) Annotate(doc *extractor.Doc) error {
	w := r.scratch.Get().(*work)
	defer r.scratch.Put(w)
	for _, s := range doc.Sentences {
		if s.From < 0 || s.To > len(doc.Tokens) || s.From > s.To {
			return fmt.Errorf("sentence %v: not within %d tokens", s.Range, len(doc.Tokens))
		}
	}
	r.reader.Read(&w.page, doc)
	w.sums.reset(len(doc.Tokens))
	doc.Names = make([]extractor.Name, 0, len(doc.Tokens)/12+1)
	for _, s := range doc.Sentences {
		w.lattice.reset(s.To - s.From)
		r.model.foresee(w, s.Range, s.From)
		for i := s.From; i < s.To; i++ {
			r.model.foresee(w, s.Range, i+1)
			r.model.score(w, s.Range, i)
			w.lattice.class[i-s.From] = w.page.Class(i)
		}
		w.labels = w.lattice.best(r.model, w.labels)
		doc.Names = appendNames(doc.Names, doc, s.Range, w, r.model)
	}
	if !r.bare {
		doc.Names = r.tell(doc, &w.page, repair(doc, &w.page, doc.Names))
	}
	for i := range doc.Tokens {
		doc.Tokens[i].Name = -1
	}
	for k, n := range doc.Names {
		for i := n.From; i < n.To; i++ {
			doc.Tokens[i].Name = int32(k)
		}
	}
	return nil
}

// appendNames appends the names that the labels of sentence r say.
func appendNames(names []extractor.Name, doc *extractor.Doc, r extractor.Range, w *work, m *Model) []extractor.Name {
	marginals := false
	for i := 0; i < len(w.labels); {
		y := w.labels[i]
		if y == Outside {
			i++
			continue
		}
		j := i + 1
		for j < len(w.labels) && w.labels[j] == Inside(y) {
			j++
		}
		if !marginals {
			w.lattice.backward(m)
			marginals = true
		}
		n := extractor.Name{Range: extractor.Range{From: r.From + i, To: r.From + j}, Type: TypeOf(y), Entity: -1}
		n.Span = doc.SpanOf(n.Range)
		n.Confidence = m.Confidence(n.Type, w.lattice.margin(w.labels, i, j))
		names = append(names, n)
		i = j
	}
	return names
}

// NewReader returns a Reader of the embedded lists and clusters.
func NewReader() (*Reader, error) {
	c, err := linear.DefaultClusters()
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	l, err := DefaultLists()
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	return NewReaderWith(c, l), nil
}

// NewReaderWith returns a Reader of other clusters and lists.
func NewReaderWith(c *linear.Clusters, l *Lists) *Reader { return &Reader{clusters: c, lists: l} }
