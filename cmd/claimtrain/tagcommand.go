package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func runTagger(args []string) error {
	fs := flag.NewFlagSet("tagger", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	out := fs.String("out", "extractor/tag/data/tagger.bin.zst", "file to write")
	o := tagOptions{}
	fs.IntVar(&o.bits, "bits", 19, "the table has 2^bits rows")
	fs.IntVar(&o.epochs, "epochs", 12, "passes over the corpora")
	fs.IntVar(&o.prune, "prune", 12, "leave out weights below this")
	fs.IntVar(&o.models, "models", 3, "add up so many models with seeds of their own")
	fs.IntVar(&o.plain, "plain", 300, "words seen so often with one label only have no other")
	fs.IntVar(&o.least, "changes", 1, "a weight counts once it was changed so often")
	fs.IntVar(&o.drop, "drop", 25, "leave out so many of 100 features in training")
	fs.IntVar(&o.top, "least", 5, "leave out labels seen less often")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the order of sentences")
	_ = fs.Parse(args)
	ewt, gum, err := readTraining(*dir)
	if err != nil {
		return err
	}
	docs := append(ewt, gum...)
	file, err := trainTagger(docs, o)
	if err != nil {
		return err
	}
	fmt.Printf("tagger: %d bytes\n", len(file))
	m, err := tag.ReadModel(string(file))
	if err != nil {
		return err
	}
	tagger, err := tag.NewWith(m)
	if err != nil {
		return err
	}
	var scores strings.Builder
	for _, f := range []string{"ewt-dev", "gum-dev"} {
		d, err := readTreebank(filepath.Join(*dir, "treebank", f+".conllu.gz"))
		if err != nil {
			return err
		}
		tokens, sentences, upos, xpos, err := scoreTreebank(d, extractor.Pipeline{tokenize.New(), tagger})
		if err != nil {
			return err
		}
		fmt.Fprintf(&scores, "%s: tokens %.4f sentences %.4f upos %.4f xpos %.4f\n", f, tokens, sentences, upos, xpos)
	}
	fmt.Print(scores.String())
	return writeModel(*out, file, tagCard, scores.String())
}
