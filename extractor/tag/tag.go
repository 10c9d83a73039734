// Package tag gives every token its part of speech: the universal one and the
// Penn Treebank tag, in one go.
//
// The model is a linear one with hashed features, an averaged perceptron in
// integers, read left to right. A label is a pair of tags, so that the two
// never contradict each other.
package tag

import (
	"fmt"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// A Tagger is a stage that sets UPOS and Tag of every token. One may be used
// from several goroutines.
type Tagger struct {
	model    *Model
	clusters *linear.Clusters
	past     pastTable
	scratch  sync.Pool // of *work
}

// work is the memory of one Annotate. It remembers the sums of words between texts.
type work struct {
	words    []linear.Word
	labels   []uint8
	features []uint32
	score    [256]int32
	found    [2]linear.Found // of the token in hand, and of the next
	sums     sums
}

// New returns a Tagger with the embedded model. It returns an error if the
// program was built without it (tag noweights).
func New() (*Tagger, error) {
	m, err := embedded()
	if err != nil {
		return nil, err
	}
	return NewWith(m)
}

// NewWith returns a Tagger with the model m.
func NewWith(m *Model) (*Tagger, error) {
	c, err := linear.DefaultClusters()
	if err != nil {
		return nil, fmt.Errorf("tagger: %w", err)
	}
	t := &Tagger{model: m, clusters: c, past: newPastTable(c)}
	t.scratch.New = func() any { return &work{sums: newSums(m.weights)} }
	return t, nil
}

// Annotate sets UPOS and Tag of every token of doc.
func (t *Tagger) Annotate(doc *extractor.Doc) error {
	w := t.scratch.Get().(*work)
	defer t.scratch.Put(w)
	for _, s := range doc.Sentences {
		if s.From < 0 || s.To > len(doc.Tokens) || s.From > s.To {
			return fmt.Errorf("sentence %v: not within %d tokens", s.Range, len(doc.Tokens))
		}
		w.words = Words(w.words[:0], t.clusters, doc, s.Range)
		w.labels = w.labels[:0]
		w.sums.reset(len(w.words))
		label, plain := t.model.foresee(w, 0)
		for i := range s.To - s.From {
			next, nextPlain := t.model.foresee(w, i+1)
			if !plain {
				label = t.model.best(w, i)
				if u := t.model.Labels[label].UPOS; u == extractor.NOUN || u == extractor.PROPN {
					if _, past := t.past[w.words[i].Form]; past {
						if v, ok := t.model.verbal(w.score[:]); ok {
							label = v
						}
					}
				}
			}
			w.labels = append(w.labels, label)
			tok := &doc.Tokens[s.From+i]
			tok.UPOS, tok.Tag = t.model.Labels[label].UPOS, t.model.Labels[label].Tag
			label, plain = next, nextPlain
		}
	}
	return nil
}

// foresee looks up what does not depend on the labels of other tokens, if there is a token i: its
// only label, or the rows of its features, which come near while the token before it gets its label.
func (m *Model) foresee(w *work, i int) (label uint8, plain bool) {
	if i >= len(w.words) {
		return 0, true
	}
	if label, plain = m.plain[w.words[i].Form]; plain {
		return label, true
	}
	var static [NumStatic]uint32
	around(&static, w.words, i)
	f := w.features[:0]
	for _, t := range otherTemplates {
		f = append(f, static[t])
	}
	if i == 0 {
		own(&static, &w.words[i], true)
		for _, t := range ownTemplates {
			f = append(f, static[t])
		}
	}
	m.weights.Look(&w.found[i%2], f)
	w.sums.foresee(w.words, i)
	w.features = f
	return 0, false
}

// best returns the label of token i with the highest score, the first of equals.
func (m *Model) best(w *work, i int) uint8 {
	live := w.score[:len(m.Labels)]
	clear(live)
	f := History(w.features[:0], w.words, w.labels, i)
	m.weights.Look(&w.found[i%2], f)
	rows, n := w.sums.of(&w.score, w.words, i)
	m.weights.Sum(&w.score, &w.found[i%2], &w.sums.lanes, rows[:n])
	w.features = f
	label, most := 0, live[0]
	for k, v := range live {
		if v > most {
			label, most = k, v
		}
	}
	return uint8(label)
}
