package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/parse"
)

// parserOptions are the settings of a parser's training.
type parserOptions struct {
	epochs  int
	models  int // with seeds of their own, added up
	updates int // leave out features changed less often, on the average of the models
	prune   int // leave out weights below this, in 1/100
	explore int // from the second epoch on, follow the parser's own choice so many times of 100
	drop    int // leave out so many of 100 features in training
	folds   int // of the tagger that tags the training set
	least   int // relations seen less often lose their subtype
	seed    uint64
}

// A parseSentence is a training sentence.
type parseSentence struct {
	words  []linear.Word
	tags   []uint32
	heads  []int // by word; the number of words for the root
	labels []uint8
	deps   [][]int
}

// trainParser returns the file of a model.
func trainParser(docs []treebankDoc, tags [][]uint32, o parserOptions) ([]byte, error) {
	labels, ids := relationSet(docs, o.least)
	clusters, err := linear.DefaultClusters()
	if err != nil {
		return nil, err
	}
	sents := parseSentences(docs, tags, ids, clusters)
	var sum weightSum
	for k := range o.models {
		tr := newParserTrainer(len(labels), o, o.seed+uint64(k))
		tr.train(sents)
		sum.add(tr)
	}
	return parse.PackModel(labels, sum.rows(o)), nil
}

// relationSet returns the relations seen, most frequent first, and their labels.
// Relations seen less than least times count as the relation without its subtype.
func relationSet(docs []treebankDoc, least int) ([]string, map[string]uint8) {
	count := map[string]int{}
	for _, d := range docs {
		for _, w := range d.words {
			count[w.rel]++
		}
	}
	merged := map[string]string{}
	for rel, n := range count {
		merged[rel] = rel
		if n < least {
			merged[rel], _, _ = strings.Cut(rel, ":")
		}
	}
	total := map[string]int{}
	for rel, into := range merged {
		total[into] += count[rel]
	}
	delete(total, "root")
	labels := make([]string, 0, len(total))
	for rel := range total {
		labels = append(labels, rel)
	}
	slices.SortFunc(labels, func(a, b string) int {
		return cmp.Or(cmp.Compare(total[b], total[a]), cmp.Compare(a, b))
	})
	labels = labels[:min(len(labels), parse.MaxLabels)]
	ids := map[string]uint8{}
	for rel, into := range merged {
		if i := slices.Index(labels, into); i >= 0 {
			ids[rel] = uint8(i)
		}
	}
	return labels, ids
}

// parseSentences makes training sentences of the treebank's own words, with the
// given tags.
func parseSentences(docs []treebankDoc, tags [][]uint32, ids map[string]uint8, clusters *linear.Clusters) []parseSentence {
	var out []parseSentence
	for k := range docs {
		d := &docs[k]
		for _, r := range d.sentences() {
			n := r.To - r.From
			if n == 0 || n > parse.MaxTokens {
				continue
			}
			ps := parseSentence{tags: tags[k][r.From:r.To], deps: make([][]int, n+1)}
			for i := r.From; i < r.To; i++ {
				w := &d.words[i]
				ps.words = append(ps.words, linear.NewWord(clusters, d.text[w.Start:w.End]))
				head := n
				if w.head >= 0 {
					head = w.head - r.From
				}
				ps.heads = append(ps.heads, head)
				ps.labels = append(ps.labels, ids[w.rel])
				ps.deps[head] = append(ps.deps[head], i-r.From)
			}
			out = append(out, ps)
		}
	}
	return out
}

// cost returns how many arcs of the right tree are out of reach after a move that
// were in reach before (Goldberg and Nivre 2013, for the arc-hybrid system). It is
// exact for trees without crossing arcs. As a sentence has one word at its root,
// the arc to the root is in reach only of a word with nothing below it on the stack.
func (ps *parseSentence) cost(s *parse.State, m parse.Move) int {
	top, second, next, root := s.Top(), s.Second(), s.Next(), len(ps.heads)
	lost := 0
	if m == parse.Shift {
		h := ps.heads[next]
		if h < next && h != top && s.Waiting(h) || h == root && top >= 0 {
			lost++
		}
		for _, d := range ps.deps[next] {
			if d < next && s.Waiting(d) {
				lost++
			}
		}
		return lost
	}
	for _, d := range ps.deps[top] {
		if d >= next {
			lost++
		}
	}
	switch h := ps.heads[top]; {
	case h == root:
		if second < 0 {
			lost++
		}
	case m == parse.Left && (h > next || h == second), m == parse.Right && h >= next:
		lost++
	}
	return lost
}

// allowed fills ok with the actions that lose least; the arc's own label alone if
// the arc is right.
func (ps *parseSentence) allowed(s *parse.State, ok []bool) {
	clear(ok)
	best, costs := 1<<30, [3]int{}
	for m := parse.Shift; m <= parse.Right; m++ {
		costs[m] = 1 << 30
		if s.Can(m) {
			costs[m] = ps.cost(s, m)
			best = min(best, costs[m])
		}
	}
	if costs[parse.Shift] == best {
		ok[parse.NewAction(parse.Shift, 0)] = true
	}
	if costs[parse.Left] == best {
		ps.allowArc(s, ok, parse.Left, s.Next())
	}
	if costs[parse.Right] == best {
		ps.allowArc(s, ok, parse.Right, s.Second())
	}
}

// allowArc allows a move that gives the top of the stack a head: with its label if
// that is right, with any if it is wrong anyway.
func (ps *parseSentence) allowArc(s *parse.State, ok []bool, m parse.Move, head int) {
	if ps.heads[s.Top()] == head {
		ok[parse.NewAction(m, ps.labels[s.Top()])] = true
		return
	}
	for k := int(m); k < len(ok); k += 2 {
		ok[k] = true
	}
}

// A parserTrainer is an averaged perceptron over the parser's states.
type parserTrainer struct {
	o       parserOptions
	seed    uint64
	rng     *rand.Rand
	weights featureTable
	score   []int32
	ok      []bool
	state   parse.State
	t       int64 // states scored, from 1
}

func newParserTrainer(labels int, o parserOptions, seed uint64) *parserTrainer {
	n := 1 + 2*labels
	return &parserTrainer{o: o, seed: seed, rng: rand.New(rand.NewPCG(seed, 2)), score: make([]int32, n), ok: make([]bool, n), t: 1}
}

func (tr *parserTrainer) train(sents []parseSentence) {
	order := make([]int, len(sents))
	for i := range order {
		order[i] = i
	}
	for epoch := range tr.o.epochs {
		tr.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		wrong, total := 0, 0
		for _, at := range order {
			w, n := tr.sentence(&sents[at], epoch > 0)
			wrong += w
			total += n
		}
		fmt.Printf("parser: seed %d, epoch %d: %.4f of steps right on the training set, %d features\n", tr.seed, epoch+1, 1-float64(wrong)/float64(total), tr.weights.used)
	}
}

// sentence learns from one sentence; it returns how many of the steps chosen were
// wrong, of how many.
func (tr *parserTrainer) sentence(ps *parseSentence, explore bool) (wrong, total int) {
	var f [parse.NumFeatures]uint32
	s := &tr.state
	s.Reset(ps.words, ps.tags)
	dropped := dropper{below: uint64(tr.o.drop) * 256 / 100}
	for !s.Done() {
		if a, ok := s.Forced(); ok {
			s.Do(a)
			continue
		}
		s.Features(&f)
		if tr.o.drop > 0 {
			for i := range f {
				if dropped.next(tr.rng) {
					f[i] = 0
				}
			}
		}
		clear(tr.score)
		tr.weights.score(tr.score, f[:])
		predicted := s.Best(tr.score)
		ps.allowed(s, tr.ok)
		total++
		gold := predicted
		if !tr.ok[predicted] {
			wrong++
			best, most := -1, int32(0)
			for k, v := range tr.score {
				if tr.ok[k] && s.Can(parse.Action(k).Move()) && (best < 0 || v > most) {
					best, most = k, v
				}
			}
			gold = parse.Action(best)
			tr.weights.update(f[:], gold, predicted, tr.t)
		}
		tr.t++
		if explore && tr.rng.IntN(100) < tr.o.explore {
			s.Do(predicted)
		} else {
			s.Do(gold)
		}
	}
	return wrong, total
}

// tagsOf returns the tags that a tagger gives the words of a text; where it cuts
// the text in other words, the treebank's own.
func tagsOf(d *treebankDoc, stages extractor.Pipeline) ([]uint32, error) {
	doc := &extractor.Doc{Text: d.text}
	if err := stages.Annotate(doc); err != nil {
		return nil, err
	}
	at := map[extractor.Span]*extractor.Token{}
	for i := range doc.Tokens {
		at[doc.Tokens[i].Span] = &doc.Tokens[i]
	}
	out := make([]uint32, len(d.words))
	for i, w := range d.words {
		t := at[w.Span]
		if t == nil {
			t = &extractor.Token{UPOS: w.UPOS, Tag: w.Tag}
		}
		out[i] = parse.TagOf(t)
	}
	return out, nil
}
