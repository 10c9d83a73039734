package main

import (
	"fmt"
	"math/rand/v2"
	"sort"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// tagOptions are the settings of a tagger's training.
type tagOptions struct {
	bits   int // rows of the weight table
	epochs int
	prune  int // weights below this are left out of the file
	models int // with seeds of their own, added up
	plain  int // a word is plain if it is seen so often with one label
	seed   uint64
	top    int // the least number of times a label is seen
	least  int // a weight counts once it was changed so often
	drop   int // in how many of 100 tokens a feature group is left out
}

// A tagSentence is a training sentence with its static features.
type tagSentence struct {
	words  []linear.Word
	static [][]uint32
	gold   []uint8
}

// A cell is one weight and what averaging needs.
type cell struct {
	label uint8
	n     uint8 // changes, at most 255
	w     int32
	acc   int64 // sum of update × time
}

// trainTagger returns the file of a model.
func trainTagger(docs []treebankDoc, o tagOptions) ([]byte, error) {
	labels, ids := labelSet(docs, o.top)
	clusters, err := linear.DefaultClusters()
	if err != nil {
		return nil, err
	}
	sents := tagSentences(docs, ids, clusters)
	plain := plainWords(sents, o.plain)
	rowsSum := make([]map[uint8]int32, 1<<o.bits)
	for k := range o.models {
		addRows(rowsSum, fitTagger(sents, plain, len(labels), o, o.seed+uint64(k)))
	}
	return tag.PackModel(labels, plain, pruned(rowsSum, o)), nil
}

// plainWords returns the words, by their Form, that are seen at least least
// times and, but for one time in 200, with one label only.
func plainWords(sents []tagSentence, least int) map[uint32]uint8 {
	count := map[uint32]map[uint8]int{}
	for _, s := range sents {
		for i, w := range s.words {
			if s.gold[i] == noGold {
				continue
			}
			if count[w.Form] == nil {
				count[w.Form] = map[uint8]int{}
			}
			count[w.Form][s.gold[i]]++
		}
	}
	out := map[uint32]uint8{}
	for form, labels := range count {
		total := 0
		for _, n := range labels {
			total += n
		}
		for label, n := range labels {
			if total >= least && (total-n)*200 <= total {
				out[form] = label
			}
		}
	}
	return out
}

// noGold marks a token that has no gold label.
const noGold = 255

// fitTagger runs the epochs of one model.
func fitTagger(sents []tagSentence, plain map[uint32]uint8, labels int, o tagOptions, seed uint64) []map[uint8]int32 {
	order := make([]int, len(sents))
	for i := range order {
		order[i] = i
	}
	rows := make([][]cell, 1<<o.bits)
	shift := 32 - uint(o.bits)
	score := make([]int32, labels)
	rng := rand.New(rand.NewPCG(seed, 1))
	t := int64(1)
	var feats []uint32
	var predicted []uint8
	dropped := dropper{below: uint64(o.drop) * 256 / 100}
	for epoch := range o.epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		wrong, total := 0, 0
		for _, at := range order {
			s := &sents[at]
			predicted = predicted[:0]
			for i := range s.words {
				if label, ok := plain[s.words[i].Form]; ok {
					predicted = append(predicted, label)
					continue
				}
				feats = append(feats[:0], s.static[i]...)
				feats = tag.History(feats, s.words, predicted, i)
				if o.drop > 0 {
					k := 0
					for _, f := range feats {
						if !dropped.next(rng) {
							feats[k] = f
							k++
						}
					}
					feats = feats[:k]
				}
				clear(score)
				for _, f := range feats {
					for _, c := range rows[f>>shift] {
						if int(c.n) >= o.least {
							score[c.label] += c.w
						}
					}
				}
				best := argmax(score)
				if g := s.gold[i]; g != noGold {
					total++
					if best != g {
						wrong++
						for _, f := range feats {
							bump(&rows[f>>shift], g, 1, t)
							bump(&rows[f>>shift], best, -1, t)
						}
					}
				}
				t++
				predicted = append(predicted, best)
			}
		}
		fmt.Printf("tagger: epoch %d: %.4f right on the training set\n", epoch+1, 1-float64(wrong)/float64(total))
	}
	return averaged(rows, t, o)
}

func argmax(score []int32) uint8 {
	best := 0
	for k, v := range score {
		if v > score[best] {
			best = k
		}
	}
	return uint8(best)
}

func bump(row *[]cell, label uint8, by int32, t int64) {
	for i := range *row {
		if c := &(*row)[i]; c.label == label {
			c.w += by
			c.n += 1 - c.n/255
			c.acc += int64(by) * t
			return
		}
	}
	*row = append(*row, cell{label, 1, by, int64(by) * t})
}

// tagScale is how many units of the file a weight of 1 is.
const tagScale = 12

// averaged returns the mean weights over time, in 1/256 of a unit.
func averaged(rows [][]cell, t int64, o tagOptions) []map[uint8]int32 {
	out := make([]map[uint8]int32, len(rows))
	for i, row := range rows {
		for _, c := range row {
			if int(c.n) < o.least {
				continue
			}
			if out[i] == nil {
				out[i] = map[uint8]int32{}
			}
			out[i][c.label] = int32((int64(c.w)*t - c.acc) * tagScale * 256 / t)
		}
	}
	return out
}

func addRows(sum, rows []map[uint8]int32) {
	for i, row := range rows {
		if sum[i] == nil {
			sum[i] = row
			continue
		}
		for label, w := range row {
			sum[i][label] += w
		}
	}
}

// pruned returns the weights in units, a byte each, without small ones.
func pruned(sum []map[uint8]int32, o tagOptions) []map[uint8]int8 {
	out := make([]map[uint8]int8, len(sum))
	for i, row := range sum {
		for label, v := range row {
			v /= int32(256 * o.models)
			if v = max(-127, min(127, v)); v >= int32(o.prune) || v <= -int32(o.prune) {
				if out[i] == nil {
					out[i] = map[uint8]int8{}
				}
				out[i][label] = int8(v)
			}
		}
	}
	return out
}

func sign(v int64) int64 {
	if v < 0 {
		return -1
	}
	return 1
}

// labelSet returns the pairs of tags seen at least least times, most frequent
// first.
func labelSet(docs []treebankDoc, least int) ([]tag.Label, map[tag.Label]uint8) {
	count := map[tag.Label]int{}
	for _, d := range docs {
		for _, w := range d.words {
			count[w.Label]++
		}
	}
	var labels []tag.Label
	for l, n := range count {
		if n >= least {
			labels = append(labels, l)
		}
	}
	sort.Slice(labels, func(i, j int) bool {
		a, b := labels[i], labels[j]
		if count[a] != count[b] {
			return count[a] > count[b]
		}
		return a.UPOS < b.UPOS || a.UPOS == b.UPOS && a.Tag < b.Tag
	})
	labels = labels[:min(len(labels), 254)]
	ids := map[tag.Label]uint8{}
	for i, l := range labels {
		ids[l] = uint8(i)
	}
	return labels, ids
}

// tagSentences cuts the texts with our own tokeniser and gives each token the
// gold label of its span, 255 if there is none.
func tagSentences(docs []treebankDoc, ids map[tag.Label]uint8, clusters *linear.Clusters) []tagSentence {
	var out []tagSentence
	tok := tokenize.New()
	for _, d := range docs {
		doc := &extractor.Doc{Text: d.text}
		if err := tok.Annotate(doc); err != nil {
			panic(err)
		}
		gold := map[extractor.Span]uint8{}
		for _, w := range d.words {
			if id, ok := ids[w.Label]; ok {
				gold[w.Span] = id
			}
		}
		for _, s := range doc.Sentences {
			ts := tagSentence{words: tag.Words(nil, clusters, doc, s.Range)}
			for i := range ts.words {
				ts.static = append(ts.static, tag.Static(nil, ts.words, i))
				g, ok := gold[doc.Tokens[s.From+i].Span]
				if !ok {
					g = noGold
				}
				ts.gold = append(ts.gold, g)
			}
			out = append(out, ts)
		}
	}
	return out
}

// scoreTreebank runs tokeniser and tagger over the texts: F1 of tokens and
// sentences, and the share of gold words with the right tags.
func scoreTreebank(docs []treebankDoc, stages extractor.Pipeline) (tokens, sentences, upos, xpos float64, err error) {
	var gold, sys, both, goldS, sysS, bothS, u, x float64
	for _, d := range docs {
		doc := &extractor.Doc{Text: d.text}
		if err := stages.Annotate(doc); err != nil {
			return 0, 0, 0, 0, err
		}
		at := map[extractor.Span]*extractor.Token{}
		for i := range doc.Tokens {
			at[doc.Tokens[i].Span] = &doc.Tokens[i]
		}
		starts := map[int]bool{}
		ends := map[extractor.Span]bool{}
		from := 0
		for _, w := range d.words {
			if t := at[w.Span]; t != nil {
				both++
				if t.UPOS == w.UPOS {
					u++
				}
				if t.Tag == w.Tag {
					x++
				}
			}
			starts[w.Start] = true
		}
		k := 0
		for _, e := range d.ends {
			from = d.words[k].Start
			for k < len(d.words) && d.words[k].End <= e {
				k++
			}
			ends[extractor.Span{Start: from, End: e}] = true
		}
		for _, s := range doc.Sentences {
			if ends[doc.SpanOf(s.Range)] {
				bothS++
			}
		}
		gold += float64(len(d.words))
		sys += float64(len(doc.Tokens))
		goldS += float64(len(d.ends))
		sysS += float64(len(doc.Sentences))
	}
	return 2 * both / (gold + sys), 2 * bothS / (goldS + sysS), u / gold, x / gold, nil
}
