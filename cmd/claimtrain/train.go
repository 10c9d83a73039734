package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
)

// nameOptions are the settings of the training of names.
type nameOptions struct {
	bits   int
	epochs int
	drop   int // leave out so many of 100 features in training
	models int // with seeds of their own, added up
	seed   uint64
}

// A nameSentence is a training sentence, its features already hashed to rows.
type nameSentence struct {
	rows  []uint32
	ends  []int32 // of the rows of each token
	class []uint8
	allow []uint16
}

// A names trainer is an averaged structured perceptron. Where a corpus leaves
// open what a word is, the best path among those allowed is the truth.
type nameTrainer struct {
	o     nameOptions
	w     [][entity.NumLabels]int32
	acc   [][entity.NumLabels]int64
	trans [entity.NumClasses][entity.NumLabels][entity.NumLabels]int32
	tacc  [entity.NumClasses][entity.NumLabels][entity.NumLabels]int64
	t     int64

	emits []int32
	back  []uint8
	live  []uint32
	ends  []int32
}

// prepare cuts and hashes the texts of a corpus.
func prepare(reader *entity.Reader, before stagesFor, c corpus, docs []namesDoc, norp map[string]bool, bits int) ([]nameSentence, error) {
	return prepareWith(reader, before, docs, bits, func(doc *extractor.Doc, d namesDoc) ([]uint16, error) { return c.allow(doc, d, norp), nil })
}

// prepareWith does it with the labels that allow gives.
func prepareWith(reader *entity.Reader, before stagesFor, docs []namesDoc, bits int, allow func(*extractor.Doc, namesDoc) ([]uint16, error)) ([]nameSentence, error) {
	var out []nameSentence
	var page entity.Page
	var buf []uint32
	for _, d := range docs {
		doc := &extractor.Doc{Text: d.text}
		if err := before(d).Annotate(doc); err != nil {
			return nil, err
		}
		reader.Read(&page, doc)
		labels, err := allow(doc, d)
		if err != nil {
			return nil, err
		}
		for _, s := range doc.Sentences {
			var ns nameSentence
			for i := s.From; i < s.To; i++ {
				buf = page.Features(buf[:0], s.Range, i)
				for _, f := range buf {
					ns.rows = append(ns.rows, f>>(32-uint(bits)))
				}
				ns.ends = append(ns.ends, int32(len(ns.rows)))
				ns.class = append(ns.class, page.Class(i))
			}
			ns.allow = labels[s.From:s.To]
			ns.rows = append([]uint32(nil), ns.rows...)
			out = append(out, ns)
		}
	}
	return out, nil
}

// train runs the epochs and returns the weights.
func (tr *nameTrainer) train(sents []nameSentence, quiet bool) *entity.Weights {
	tr.w = make([][entity.NumLabels]int32, 1<<tr.o.bits)
	tr.acc = make([][entity.NumLabels]int64, 1<<tr.o.bits)
	rng := rand.New(rand.NewPCG(tr.o.seed, 2))
	order := make([]int, len(sents))
	for i := range order {
		order[i] = i
	}
	tr.t = 1
	var predicted, truth []uint8
	for epoch := range tr.o.epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		wrong := 0
		for _, k := range order {
			s := &sents[k]
			tr.score(s, rng)
			predicted = tr.decode(s, nil, predicted)
			tr.t++
			if !allowed(predicted, s.allow) {
				truth = tr.decode(s, s.allow, truth)
				tr.update(s, truth, 1)
				tr.update(s, predicted, -1)
				wrong++
			}
		}
		if !quiet {
			fmt.Printf("names: epoch %d: %d of %d sentences wrong\n", epoch+1, wrong, len(sents))
		}
	}
	return tr.weights()
}

func allowed(labels []uint8, allow []uint16) bool {
	for i, y := range labels {
		if allow[i]>>y&1 == 0 {
			return false
		}
	}
	return true
}

// score fills emits from the features that are not left out.
func (tr *nameTrainer) score(s *nameSentence, rng *rand.Rand) {
	const L = entity.NumLabels
	tr.emits = tr.emits[:0]
	tr.live = tr.live[:0]
	tr.ends = tr.ends[:0]
	at := int32(0)
	dropped := dropper{below: uint64(tr.o.drop) * 256 / 100}
	for _, end := range s.ends {
		var sum [L]int32
		for ; at < end; at++ {
			if dropped.next(rng) {
				continue
			}
			row := s.rows[at]
			tr.live = append(tr.live, row)
			for y, v := range &tr.w[row] {
				sum[y] += v
			}
		}
		tr.ends = append(tr.ends, int32(len(tr.live)))
		tr.emits = append(tr.emits, sum[:]...)
	}
}

// A dropper draws which features to leave out, eight from one random number.
type dropper struct {
	below uint64 // of 256
	bits  uint64
	left  int
}

func (d *dropper) next(rng *rand.Rand) bool {
	if d.below == 0 {
		return false
	}
	if d.left == 0 {
		d.bits, d.left = rng.Uint64(), 8
	}
	b := d.bits & 255
	d.bits >>= 8
	d.left--
	return b < d.below
}

// follows reports whether label y can stand after label p.
func follows(p, y uint8) bool { return y == 0 || y&1 == 1 || p == y || p == y-1 }

// decode returns the best path; allow, if not nil, restricts it.
func (tr *nameTrainer) decode(s *nameSentence, allow []uint16, out []uint8) []uint8 {
	const L = entity.NumLabels
	n := len(s.ends)
	out = append(out[:0], make([]uint8, n)...)
	if cap(tr.back) < n*L {
		tr.back = make([]uint8, n*L)
	}
	back := tr.back[:n*L]
	const never = math.MinInt32 / 2
	prev := [L]int32{}
	for y := 1; y < L; y++ {
		prev[y] = never
	}
	for i := range n {
		var cur [L]int32
		t := &tr.trans[s.class[i]]
		for y := range uint8(L) {
			cur[y] = never
			if allow != nil && allow[i]>>y&1 == 0 {
				continue
			}
			top, from := int32(never), uint8(0)
			for p := range uint8(L) {
				if v := prev[p] + t[p][y]; v > top && follows(p, y) && prev[p] > never/2 {
					top, from = v, p
				}
			}
			if top > never {
				cur[y] = top + tr.emits[i*L+int(y)]
			}
			back[i*L+int(y)] = from
		}
		prev = cur
	}
	y := uint8(0)
	for k, v := range prev {
		if v > prev[y] {
			y = uint8(k)
		}
	}
	for i := n - 1; i >= 0; i-- {
		out[i] = y
		y = back[i*L+int(y)]
	}
	return out
}

func (tr *nameTrainer) update(s *nameSentence, labels []uint8, by int32) {
	at, prev := int32(0), uint8(0)
	for i, end := range tr.ends {
		y := labels[i]
		for ; at < end; at++ {
			row := tr.live[at]
			tr.w[row][y] += by
			tr.acc[row][y] += int64(by) * tr.t
		}
		tr.trans[s.class[i]][prev][y] += by
		tr.tacc[s.class[i]][prev][y] += int64(by) * tr.t
		prev = y
	}
}

// nameScale is how many units of the file a weight of 1 is, over all models.
const nameScale = 16

// weights returns the mean weights over time, scaled.
func (tr *nameTrainer) weights() *entity.Weights {
	out := &entity.Weights{Rows: make([][entity.NumLabels]int32, len(tr.w))}
	mean := func(w int32, acc int64) int32 {
		v := (int64(w)*tr.t - acc) * int64(nameScale/tr.o.models)
		return int32((v + sign(v)*tr.t/2) / tr.t)
	}
	for i := range tr.w {
		for y := range tr.w[i] {
			out.Rows[i][y] = mean(tr.w[i][y], tr.acc[i][y])
		}
	}
	for c := range tr.trans {
		for p := range tr.trans[c] {
			for y := range tr.trans[c][p] {
				out.Trans[c][p][y] = mean(tr.trans[c][p][y], tr.tacc[c][p][y])
			}
		}
	}
	return out
}

// A tally counts right, spurious and missed names of one type.
type tally struct{ right, spurious, missed int }

func (t tally) f1() float64 {
	if t.right == 0 {
		return 0
	}
	return 2 * float64(t.right) / float64(2*t.right+t.spurious+t.missed)
}

// scoreNames runs the stages over the texts and returns the counts by type and
// those of people, organisations and places together under "POL".
func scoreNames(docs []namesDoc, stages extractor.Pipeline, report func(what, kind, name string)) (map[string]tally, error) {
	out := map[string]tally{}
	for _, d := range docs {
		doc := &extractor.Doc{Text: d.text}
		if err := stages.Annotate(doc); err != nil {
			return nil, err
		}
		gold := map[goldName]bool{}
		for _, n := range d.names {
			if n.kind == "FAC" || n.kind == "GPE" {
				n.kind = "LOC"
			}
			gold[n] = true
		}
		count := func(kind string, right, spurious, missed int) {
			add := func(k string) {
				t := out[k]
				out[k] = tally{t.right + right, t.spurious + spurious, t.missed + missed}
			}
			add(kind)
			if kind == "PER" || kind == "ORG" || kind == "LOC" {
				add("POL")
			}
		}
		for _, n := range doc.Names {
			g := goldName{n.Span, string(n.Type)}
			if gold[g] {
				delete(gold, g)
				count(g.kind, 1, 0, 0)
			} else {
				count(g.kind, 0, 1, 0)
				report("spurious", g.kind, d.text[g.Start:g.End])
			}
		}
		for g := range gold {
			count(g.kind, 0, 0, 1)
			report("missed", g.kind, d.text[g.Start:g.End])
		}
	}
	return out, nil
}
