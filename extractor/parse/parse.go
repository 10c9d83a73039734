// Package parse gives sentences a dependency tree in the relations of Universal
// Dependencies.
//
// The parser is greedy and arc-hybrid (Kuhlmann, Gómez-Rodríguez and Satta 2011):
// it reads a sentence once from left to right, and a linear model with hashed
// features decides each step. Scores are sums of integers, so that a tree is the
// same on every platform. Trees are a second voter on who did what; nothing that
// patterns read well rests on them.
package parse

import (
	"fmt"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// MaxTokens is the length of the longest sentence that gets a tree. Longer ones
// are lists and tables, on which a tree says nothing.
const MaxTokens = 200

// A Scope says which sentences get a tree.
type Scope uint8

// Scopes.
const (
	Quantities Scope = iota // sentences with a quantity whose slots are still to be filled
	All                     // every sentence
)

// A Parser is a stage that sets Head and Rel of the tokens of sentences in its
// scope. It needs tags, and for the scope Quantities the stage of quantities. One
// may be used from several goroutines.
type Parser struct {
	model    *Model
	clusters *linear.Clusters
	scope    Scope
	scratch  sync.Pool // of *work
}

// work is the memory of one Annotate.
type work struct {
	words    []linear.Word
	tags     []uint32
	state    State
	features [NumFeatures]uint32
	score    [256]int32
	search   search
}

// New returns a Parser with the embedded model. It returns an error if the
// program was built without it (build tag noweights).
func New(scope Scope) (*Parser, error) {
	m, err := embedded()
	if err != nil {
		return nil, err
	}
	return NewWith(m, scope)
}

// NewWith returns a Parser with the model m.
func NewWith(m *Model, scope Scope) (*Parser, error) {
	c, err := linear.DefaultClusters()
	if err != nil {
		return nil, fmt.Errorf("parser: %w", err)
	}
	p := &Parser{model: m, clusters: c, scope: scope}
	p.scratch.New = func() any { return new(work) }
	return p, nil
}

// Annotate implements [extractor.Stage].
func (p *Parser) Annotate(doc *extractor.Doc) error {
	w := p.scratch.Get().(*work)
	defer p.scratch.Put(w)
	if p.scope == All {
		for n := range doc.Sentences {
			if err := p.sentence(w, doc, n); err != nil {
				return err
			}
		}
		return nil
	}
	last := -1
	for i := range doc.Quantities {
		if n := doc.Quantities[i].Sentence; n != last {
			if err := p.sentence(w, doc, n); err != nil {
				return err
			}
			last = n
		}
	}
	return nil
}

// sentence gives sentence n its tree, if it is not too long.
func (p *Parser) sentence(w *work, doc *extractor.Doc, n int) error {
	if n < 0 || n >= len(doc.Sentences) {
		return fmt.Errorf("sentence %d: there are %d", n, len(doc.Sentences))
	}
	r := doc.Sentences[n].Range
	if r.From < 0 || r.To > len(doc.Tokens) || r.From > r.To {
		return fmt.Errorf("sentence %v: not within %d tokens", r, len(doc.Tokens))
	}
	if r.To-r.From > MaxTokens {
		return nil
	}
	w.words, w.tags = w.words[:0], w.tags[:0]
	for i := r.From; i < r.To; i++ {
		w.words = append(w.words, linear.NewWord(p.clusters, doc.Word(i)))
		w.tags = append(w.tags, TagOf(&doc.Tokens[i]))
	}
	p.model.parse(w)
	for i := range w.words {
		t := &doc.Tokens[r.From+i]
		head, label := w.state.Head(i)
		if head < 0 || head == len(w.words) {
			t.Head, t.Rel = int32(r.From+i), "root"
			continue
		}
		t.Head, t.Rel = int32(r.From+head), p.model.Labels[label]
	}
	return nil
}

// parse reads w.words and w.tags into the tree of w.state.
func (m *Model) parse(w *work) {
	s := &w.state
	s.Reset(w.words, w.tags)
	for !s.Done() {
		if a, ok := s.Forced(); ok {
			s.Do(a)
			continue
		}
		s.Features(&w.features)
		live := w.score[:m.classes()]
		clear(live)
		m.weights.add(&w.score, &w.features, &w.search)
		s.Do(s.Best(live))
	}
}
