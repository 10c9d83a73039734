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
	Needed Scope = iota // sentences with a quantity whose slots are still to be filled, or with a speaker hard to find
	All                 // every sentence that has no tree yet
)

// A Parser is a stage that sets Head and Rel of the tokens of sentences in its
// scope. It needs tags, and for the scope Needed the stage of quantities. One
// may be used from several goroutines.
type Parser struct {
	model    *Model
	clusters *linear.Clusters
	scope    Scope
	scratch  sync.Pool // of *work
}

// work is the memory of one Annotate.
type work struct {
	words   []linear.Word // those of all jobs
	tags    []uint32
	tokens  []int
	asides  []aside
	jobs    []job
	readers [numReaders]reader
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
	for i := range doc.Quantities {
		if n := doc.Quantities[i].Sentence; n < 0 || n >= len(doc.Sentences) {
			return fmt.Errorf("sentence %d: there are %d", n, len(doc.Sentences))
		}
	}
	w.words, w.tags, w.tokens, w.asides, w.jobs = w.words[:0], w.tags[:0], w.tokens[:0], w.asides[:0], w.jobs[:0]
	q := 0
	for n := range doc.Sentences {
		r := doc.Sentences[n].Range
		if r.From < 0 || r.To > len(doc.Tokens) || r.From > r.To {
			return fmt.Errorf("sentence %v: not within %d tokens", r, len(doc.Tokens))
		}
		for q < len(doc.Quantities) && doc.Quantities[q].Sentence < n {
			q++
		}
		counts := q < len(doc.Quantities) && doc.Quantities[q].Sentence == n
		if r.From == r.To || r.To-r.From > MaxTokens || doc.Tokens[r.From].Head >= 0 {
			continue
		}
		if p.scope == All || counts || farSpeaker(doc, r) {
			p.sentence(w, doc, r)
		}
	}
	p.model.read(&w.readers, w.jobs, func(j *job, s *State) { p.plant(doc, j, s) })
	p.graft(doc, w.jobs)
	return nil
}

// farSpeaker reports whether a sentence has a verb of saying right after a clause that
// describes a noun: patterns then may take a noun of that clause for who says it.
func farSpeaker(doc *extractor.Doc, r extractor.Range) bool {
	opened := r.To // where the clause in hand begins
	for i := r.From + 1; i < r.To; i++ {
		switch t := &doc.Tokens[i]; t.Tag {
		case "WP", "WDT", "WP$", "WRB":
			opened = i
		case "VBN", "VBG":
			if i < opened && nounTag(doc.Tokens[i-1].Tag) {
				opened = i
			}
		case ",", ".", ":", "``", "''":
			opened = r.To
		case "VBD", "VBZ", "VBP":
			if i > opened+1 && t.UPOS == extractor.VERB && doc.Tokens[i-1].UPOS != extractor.PRON && reports(doc.Word(i)) {
				return true
			}
		}
	}
	return false
}

func nounTag(tag string) bool {
	switch tag {
	case "NN", "NNS", "NNP", "NNPS":
		return true
	}
	return false
}

// reports reports whether w says that somebody says something.
func reports(w string) bool {
	switch w {
	case "found", "finds", "show", "shows", "showed", "concluded", "denied", "denies", "promised", "pledged", "declared", "urged":
		return true
	}
	return says(w)
}

// sentence adds the jobs of the sentence in tokens r.
func (p *Parser) sentence(w *work, doc *extractor.Doc, r extractor.Range) {
	first := len(w.asides)
	w.asides = asides(w.asides, doc, r.From, r.To)
	apart := w.asides[first:]
	from := len(w.tokens)
	for i, k := r.From, 0; i < r.To; i++ {
		if k < len(apart) && i == apart[k].marks.From {
			i = apart[k].marks.To - 1
			k++
			continue
		}
		w.tokens = append(w.tokens, i)
	}
	p.job(w, doc, from, nil)
	for k := range apart {
		from = len(w.tokens)
		for i := apart[k].From; i < apart[k].To; i++ {
			w.tokens = append(w.tokens, i)
		}
		p.job(w, doc, from, &apart[k])
	}
}

// job adds the job of the tokens in w.tokens[from:].
func (p *Parser) job(w *work, doc *extractor.Doc, from int, a *aside) {
	tokens, first := w.tokens[from:], len(w.words)
	for _, i := range tokens {
		w.words = append(w.words, linear.NewWord(p.clusters, doc.Word(i)))
		w.tags = append(w.tags, TagOf(&doc.Tokens[i]))
	}
	w.jobs = append(w.jobs, job{words: w.words[first:], tags: w.tags[first:], tokens: tokens, aside: a})
}

// plant writes the tree of j, which s has, into doc.
func (p *Parser) plant(doc *extractor.Doc, j *job, s *State) {
	for k, i := range j.tokens {
		t := &doc.Tokens[i]
		head, label := s.Head(k)
		if head < 0 || head == len(j.tokens) {
			j.root = i
			t.Head, t.Rel = int32(i), "root"
			continue
		}
		t.Head, t.Rel = int32(j.tokens[head]), p.model.Labels[label]
	}
}

// graft hangs the trees of asides on those of their sentences, which come before them.
func (p *Parser) graft(doc *extractor.Doc, jobs []job) {
	root := 0
	for k := range jobs {
		a, head := jobs[k].aside, jobs[k].root
		if a == nil {
			root = head
			continue
		}
		above := root
		if a.noun > 0 {
			above = whole(doc, a.noun)
		}
		doc.Tokens[head].Head, doc.Tokens[head].Rel = int32(above), a.rel
		for i := a.marks.From; i < a.marks.To; i++ {
			if i < a.From || i >= a.To {
				doc.Tokens[i].Head, doc.Tokens[i].Rel = int32(head), "punct"
			}
		}
	}
}

// whole returns the head of the name or compound that the noun at token i ends.
func whole(doc *extractor.Doc, i int) int {
	for range MaxTokens {
		switch t := &doc.Tokens[i]; t.Rel {
		case "flat", "compound", "nmod:desc":
			i = int(t.Head)
		default:
			return i
		}
	}
	return i
}
