package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/parse"
)

// goldTags is a stage that gives the tags of a treebank.
type goldTags struct{ words []treebankWord }

func (g goldTags) Annotate(doc *extractor.Doc) error {
	for i := range doc.Tokens {
		doc.Tokens[i].UPOS, doc.Tokens[i].Tag = g.words[i].UPOS, g.words[i].Tag
	}
	return nil
}

func TestTrainParser(t *testing.T) {
	docs, err := readTreebank(write(t, "a.conllu", strings.Repeat(conllu, 10)))
	if err != nil {
		t.Fatal(err)
	}
	var tags [][]uint32
	for i := range docs {
		got, err := tagsOf(&docs[i], extractor.Pipeline{given{docs[i].words, docs[i].sentences()}, goldTags{docs[i].words}})
		if err != nil {
			t.Fatal(err)
		}
		tags = append(tags, got)
	}
	o := parserOptions{epochs: 4, models: 2, updates: 1, prune: 1, explore: 90, drop: 10, least: 1, seed: 1}
	var files [2][]byte
	for i := range files {
		if files[i], err = trainParser(docs, tags, o); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs differ")
	}
	m, err := parse.ReadModel(string(files[0]))
	if err != nil {
		t.Fatal(err)
	}
	parser, err := parse.NewWith(m, parse.All)
	if err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		d := &docs[i]
		uas, las, err := scoreTree(d, extractor.Pipeline{given{d.words, d.sentences()}, goldTags{d.words}, parser})
		if err != nil || uas != len(d.words) || las != len(d.words) {
			t.Errorf("%d heads and %d relations right of %d on the training set, %v", uas, las, len(d.words), err)
		}
	}
}

// sentenceOf makes a training sentence of words with these heads, counted from 1, 0
// for the root.
func sentenceOf(t *testing.T, text string, heads ...int) *parseSentence {
	t.Helper()
	clusters, err := linear.DefaultClusters()
	if err != nil {
		t.Fatal(err)
	}
	ps := &parseSentence{}
	for i, w := range strings.Fields(text) {
		ps.words = append(ps.words, linear.NewWord(clusters, w))
		ps.tags = append(ps.tags, 0)
		ps.labels = append(ps.labels, 0)
		ps.heads = append(ps.heads, (heads[i]+len(heads))%(len(heads)+1))
	}
	ps.deps = make([][]int, len(heads)+1)
	for i, h := range ps.heads {
		ps.deps[h] = append(ps.deps[h], i)
	}
	return ps
}

// TestOracle checks the cost of every move in every state against the best tree
// that each continuation gives.
func TestOracle(t *testing.T) {
	for _, ps := range []*parseSentence{
		sentenceOf(t, "Rescuers found two boys", 2, 0, 4, 2),
		sentenceOf(t, "He said she left on foot .", 2, 0, 4, 2, 6, 4, 2),
		sentenceOf(t, "The old mill by the river burned", 3, 3, 7, 6, 6, 3, 0),
		sentenceOf(t, "a b c d e f", 0, 1, 2, 3, 4, 5),
	} {
		memo := map[string]int{}
		var best func(path []parse.Action) int
		best = func(path []parse.Action) int {
			s := replay(ps, path)
			key := fmt.Sprint(s.Next())
			for i := range ps.heads {
				h, _ := s.Head(i)
				key += fmt.Sprint(" ", h)
			}
			most, ok := memo[key]
			if ok {
				return most
			}
			for _, a := range moves(s) {
				most = max(most, best(append(slices.Clone(path), a)))
			}
			if s.Done() {
				for i, h := range ps.heads {
					if got, _ := s.Head(i); got == h {
						most++
					}
				}
			}
			memo[key] = most
			return most
		}
		checked := 0
		var walk func(path []parse.Action)
		walk = func(path []parse.Action) {
			s := replay(ps, path)
			_, forced := s.Forced()
			for _, a := range moves(s) {
				next := append(slices.Clone(path), a)
				if lost := best(path) - best(next); !forced && lost != ps.cost(s, a.Move()) {
					t.Fatalf("move %d after %v loses %d arcs, cost %d", a.Move(), path, lost, ps.cost(s, a.Move()))
				}
				checked++
				walk(next)
			}
		}
		walk(nil)
		if checked < 20 {
			t.Errorf("%d moves checked", checked)
		}
	}
}

// replay returns the state after the actions of path.
func replay(ps *parseSentence, path []parse.Action) *parse.State {
	s := &parse.State{}
	s.Reset(ps.words, ps.tags)
	for _, a := range path {
		s.Do(a)
	}
	return s
}

// moves returns the actions that are possible, with one label.
func moves(s *parse.State) []parse.Action {
	if s.Done() {
		return nil
	}
	if a, ok := s.Forced(); ok {
		return []parse.Action{a}
	}
	var out []parse.Action
	for m := parse.Shift; m <= parse.Right; m++ {
		if s.Can(m) {
			out = append(out, parse.NewAction(m, 0))
		}
	}
	return out
}

func TestRelations(t *testing.T) {
	words := []treebankWord{{rel: "nsubj"}, {rel: "nsubj"}, {rel: "nsubj:outer"}, {rel: "obl:agent"}, {rel: "obl:agent"}, {rel: "root"}}
	labels, ids := relationSet([]treebankDoc{{words: words}}, 2)
	if want := []string{"nsubj", "obl:agent"}; !slices.Equal(labels, want) {
		t.Errorf("labels %v, want %v", labels, want)
	}
	if ids["nsubj:outer"] != 0 || ids["obl:agent"] != 1 {
		t.Errorf("ids %v", ids)
	}
}
