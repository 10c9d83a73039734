package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/parse"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func runParser(args []string) error {
	fs := flag.NewFlagSet("parser", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	out := fs.String("out", "extractor/parse/data/parser.bin.zst", "file to write")
	o := parserOptions{}
	fs.IntVar(&o.epochs, "epochs", 8, "passes over the corpora")
	fs.IntVar(&o.models, "models", 2, "add up so many models with seeds of their own")
	fs.IntVar(&o.updates, "updates", 4, "leave out features changed less often")
	fs.IntVar(&o.prune, "prune", 120, "leave out weights below this, in 1/100")
	fs.IntVar(&o.explore, "explore", 90, "follow the parser's own choice so many times of 100")
	fs.IntVar(&o.drop, "drop", 15, "leave out so many of 100 features in training")
	fs.IntVar(&o.folds, "folds", 5, "tag the training set with so many taggers, each trained without what it tags")
	fs.IntVar(&o.least, "least", 30, "relations seen less often lose their subtype")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the order of sentences")
	_ = fs.Parse(args)
	ewt, gum, err := readTraining(*dir)
	if err != nil {
		return err
	}
	docs := append(ewt, gum...)
	tags, err := jackknife(docs, o.folds)
	if err != nil {
		return err
	}
	file, err := trainParser(docs, tags, o)
	if err != nil {
		return err
	}
	fmt.Printf("parser: %d bytes\n", len(file))
	m, err := parse.ReadModel(string(file))
	if err != nil {
		return err
	}
	parser, err := parse.NewWith(m, parse.All)
	if err != nil {
		return err
	}
	scores, err := scoreParser(parser, *dir)
	if err != nil {
		return err
	}
	fmt.Print(scores)
	return writeModel(*out, file, parseCard, scores)
}

// jackknife tags each text with a tagger that was not trained on it, so that the
// parser learns from tags as wrong as those it will get.
func jackknife(docs []treebankDoc, folds int) ([][]uint32, error) {
	o := tagOptions{bits: 19, epochs: 8, prune: 12, models: 1, plain: 300, least: 1, drop: 25, top: 5, seed: 1}
	tags := make([][]uint32, len(docs))
	for fold := range folds {
		var train []treebankDoc
		for i, d := range docs {
			if i%folds != fold {
				train = append(train, d)
			}
		}
		fmt.Printf("parser: tagger %d of %d\n", fold+1, folds)
		file, err := trainTagger(train, o)
		if err != nil {
			return nil, err
		}
		m, err := tag.ReadModel(string(file))
		if err != nil {
			return nil, err
		}
		tagger, err := tag.NewWith(m)
		if err != nil {
			return nil, err
		}
		for i := fold; i < len(docs); i += folds {
			if tags[i], err = tagsOf(&docs[i], extractor.Pipeline{tokenize.New(), tagger}); err != nil {
				return nil, err
			}
		}
	}
	return tags, nil
}

// runTrees scores the embedded parser.
func runTrees(args []string) error {
	fs := flag.NewFlagSet("trees", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	_ = fs.Parse(args)
	parser, err := parse.New(parse.All)
	if err != nil {
		return err
	}
	scores, err := scoreParser(parser, *dir)
	fmt.Print(scores)
	return err
}

// scoreParser scores a parser on the development sets, with words of our own and
// with those of the treebank, on the tags that the program reads.
func scoreParser(parser extractor.Stage, dir string) (string, error) {
	tagger, err := tag.New()
	if err != nil {
		return "", err
	}
	var scores strings.Builder
	for _, f := range []string{"ewt-dev", "gum-dev"} {
		docs, err := readTreebank(filepath.Join(dir, "treebank", f+".conllu.gz"))
		if err != nil {
			return "", err
		}
		for _, way := range []struct {
			name string
			cut  func(*treebankDoc) extractor.Stage
		}{{"raw text", ownWords}, {"words given", goldWords}} {
			var n, u, l int
			for i := range docs {
				uas, las, err := scoreTree(&docs[i], extractor.Pipeline{way.cut(&docs[i]), tagger, tag.Mender{}, parser})
				if err != nil {
					return "", err
				}
				n, u, l = n+len(docs[i].words), u+uas, l+las
			}
			fmt.Fprintf(&scores, "%s, %s: UAS %.4f LAS %.4f\n", f, way.name, float64(u)/float64(n), float64(l)/float64(n))
		}
	}
	return scores.String(), nil
}

// ownWords returns the stage that cuts a text as the program does.
func ownWords(*treebankDoc) extractor.Stage { return tokenize.New() }

// goldWords returns the stage that cuts a text as the treebank does.
func goldWords(d *treebankDoc) extractor.Stage { return given{d.words, d.sentences()} }

// given is a stage that cuts a text as the treebank does.
type given struct {
	words     []treebankWord
	sentences []extractor.Range
}

// Annotate implements [extractor.Stage].
func (g given) Annotate(doc *extractor.Doc) error {
	for n, r := range g.sentences {
		for i := r.From; i < r.To; i++ {
			doc.Tokens = append(doc.Tokens, extractor.Token{Span: g.words[i].Span, Sentence: int32(n), Glued: i > 0 && g.words[i-1].End == g.words[i].Start, Head: -1, Name: -1, Time: -1})
		}
		doc.Sentences = append(doc.Sentences, extractor.Sentence{Range: r})
	}
	return nil
}

// scoreTree returns how many words of a text get the right head, and how many the
// right head and relation without its subtype. Words that are cut otherwise are wrong.
func scoreTree(d *treebankDoc, stages extractor.Pipeline) (uas, las int, err error) {
	doc := &extractor.Doc{Text: d.text}
	if err := stages.Annotate(doc); err != nil {
		return 0, 0, err
	}
	at := map[extractor.Span]*extractor.Token{}
	for i := range doc.Tokens {
		at[doc.Tokens[i].Span] = &doc.Tokens[i]
	}
	for i := range d.words {
		w := &d.words[i]
		t := at[w.Span]
		if t == nil {
			continue
		}
		want, got := w.Span, t.Span // a root is its own head
		if w.head >= 0 {
			want = d.words[w.head].Span
		}
		if t.Head >= 0 {
			got = doc.Tokens[t.Head].Span
		}
		if want != got {
			continue
		}
		uas++
		if plainRelation(w.rel) == plainRelation(t.Rel) {
			las++
		}
	}
	return uas, las, nil
}

func plainRelation(rel string) string {
	plain, _, _ := strings.Cut(rel, ":")
	return plain
}
