// Command claimtrain makes the embedded models from named public corpora, byte
// for byte the same each time, and scores them.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

const usage = `usage: claimtrain COMMAND [flags]

  clusters -corpora DIR -out FILE   pack the word clusters
  lists    -corpora DIR -out FILE   pack the lists of names
  names    -corpora DIR -out FILE   train the model of names
  score    -corpora DIR             score the embedded model of names
  tagger   -corpora DIR -out FILE   train the tagger
`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	commands := map[string]func([]string) error{"clusters": runClusters, "tagger": runTagger, "lists": runLists, "names": runNames, "score": runScore}
	run, ok := commands[os.Args[1]]
	if !ok {
		fmt.Fprintf(os.Stderr, "claimtrain: no command %q\n%s", os.Args[1], usage)
		os.Exit(2)
	}
	if err := run(os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "claimtrain: %v\n", err)
		os.Exit(1)
	}
}

func runClusters(args []string) error {
	fs := flag.NewFlagSet("clusters", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	out := fs.String("out", "extractor/linear/data/clusters.bin", "file to write")
	_ = fs.Parse(args)
	words, quads, err := readClusters(filepath.Join(*dir, "gazetteers/word-clusters.tsv.gz"))
	if err != nil {
		return err
	}
	file, err := linear.PackClusters(words, quads, 18)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, file, 0o644)
}

func runTagger(args []string) error {
	fs := flag.NewFlagSet("tagger", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	out := fs.String("out", "extractor/tag/data/tagger.bin", "file to write")
	o := tagOptions{}
	fs.IntVar(&o.bits, "bits", 19, "the table has 2^bits rows")
	fs.IntVar(&o.epochs, "epochs", 10, "passes over the corpora")
	fs.IntVar(&o.prune, "prune", 3, "leave out weights below this")
	fs.IntVar(&o.models, "models", 1, "add up so many models with seeds of their own")
	fs.IntVar(&o.plain, "plain", 30, "words seen so often with one label only have no other")
	fs.IntVar(&o.least, "changes", 1, "a weight counts once it was changed so often")
	fs.IntVar(&o.drop, "drop", 25, "leave out so many of 100 features in training")
	fs.IntVar(&o.top, "least", 5, "leave out labels seen less often")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the order of sentences")
	_ = fs.Parse(args)
	var docs []treebankDoc
	for _, f := range []string{"ewt-train", "gum-train"} {
		d, err := readTreebank(filepath.Join(*dir, "treebank", f+".conllu.gz"))
		if err != nil {
			return err
		}
		docs = append(docs, d...)
	}
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
	for _, f := range []string{"ewt-dev", "gum-dev"} {
		d, err := readTreebank(filepath.Join(*dir, "treebank", f+".conllu.gz"))
		if err != nil {
			return err
		}
		tokens, sentences, upos, xpos, err := scoreTreebank(d, extractor.Pipeline{tokenize.New(), tagger})
		if err != nil {
			return err
		}
		fmt.Printf("%s: tokens %.4f sentences %.4f upos %.4f xpos %.4f\n", f, tokens, sentences, upos, xpos)
	}
	return os.WriteFile(*out, file, 0o644)
}

func runLists(args []string) error {
	fs := flag.NewFlagSet("lists", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	gaz := fs.String("gazetteers", "extractor/entity/resolve/data", "directory of the project's gazetteers")
	out := fs.String("out", "extractor/entity/data/lists.bin", "file to write")
	_ = fs.Parse(args)
	file, err := makeLists(*dir, *gaz)
	if err != nil {
		return err
	}
	return os.WriteFile(*out, file, 0o644)
}

func runNames(args []string) error {
	fs := flag.NewFlagSet("names", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	gaz := fs.String("gazetteers", "extractor/entity/resolve/data", "directory of the project's gazetteers")
	out := fs.String("out", "extractor/entity/data/names.bin", "file to write")
	gmb := fs.Bool("gmb", false, "train on the Groningen Meaning Bank too")
	errs := fs.String("errors", "", "print the errors on this set")
	self := fs.Float64("silver", 0, "label more texts with a first model, where it is so sure; 0: don't")
	only := fs.Bool("trial", false, "score, but write nothing")
	o := nameOptions{}
	fs.IntVar(&o.bits, "bits", 18, "the table has 2^bits rows")
	fs.IntVar(&o.epochs, "epochs", 12, "passes over the corpora")
	fs.IntVar(&o.drop, "drop", 30, "leave out so many of 100 features in training")
	fs.IntVar(&o.models, "models", 1, "add up so many models with seeds of their own")
	fs.IntVar(&o.scale, "scale", 16, "weights are multiplied by it")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the order of sentences")
	_ = fs.Parse(args)
	norp, err := demonyms(*gaz)
	if err != nil {
		return err
	}
	corpora := trainingCorpora
	if *gmb {
		corpora = append(corpora, gmbCorpus)
	}
	var sents []nameSentence
	for _, c := range corpora {
		docs, err := loadNames(*dir, c, norp)
		if err != nil {
			return err
		}
		s, err := prepare(c, docs, norp, o.bits)
		if err != nil {
			return err
		}
		for range c.times {
			sents = append(sents, s...)
		}
	}
	first, err := fit(*dir, sents, o, norp)
	if err != nil {
		return err
	}
	file, rec := first.file, first.rec
	if *self > 0 {
		docs, err := readNames(filepath.Join(*dir, silverFile+".tsv.gz"))
		if err != nil {
			return err
		}
		more, err := silver(docs, rec, *self, o.bits)
		if err != nil {
			return err
		}
		second, err := fit(*dir, append(sents, more...), o, norp)
		if err != nil {
			return err
		}
		file, rec = second.file, second.rec
	}
	if err := printScores(*dir, extractor.Pipeline{tokenize.New(), rec}, *errs); err != nil {
		return err
	}
	if *only {
		return nil
	}
	return os.WriteFile(*out, file, 0o644)
}

// A fitted is a model and the stage that uses it.
type fitted struct {
	file []byte
	rec  *entity.Recognizer
}

// calibrationCorpora are what confidences are judged on.
var calibrationCorpora = []corpus{{file: "names/dev/voa-dev", norp: true}, {file: "names/dev/ewt-dev"}, {file: "names/dev/crossner-politics-test"}}

// fit trains a model on sents and calibrates it.
func fit(dir string, sents []nameSentence, o nameOptions, norp map[string]bool) (*fitted, error) {
	var w *entity.Weights
	for k := range o.models {
		one := o
		one.seed += uint64(k)
		next := (&nameTrainer{o: one}).train(sents, true)
		if w == nil {
			w = next
			continue
		}
		sum(w, next)
	}
	var held []namesDoc
	var marks []bool
	for _, c := range calibrationCorpora {
		docs, err := loadNames(dir, c, norp)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			held, marks = append(held, d), append(marks, c.norp)
		}
	}
	if err := calibrate(w, held, marks); err != nil {
		return nil, err
	}
	file := w.Pack()
	m, err := entity.ReadModel(string(file))
	if err != nil {
		return nil, err
	}
	rec, err := entity.NewWith(m)
	return &fitted{file, rec}, err
}

// sum adds the weights of b to a: the sum of linear models votes like them all.
func sum(a, b *entity.Weights) {
	for i := range a.Rows {
		for y := range a.Rows[i] {
			a.Rows[i][y] += b.Rows[i][y]
		}
	}
	for c := range a.Trans {
		for p := range a.Trans[c] {
			for y := range a.Trans[c][p] {
				a.Trans[c][p][y] += b.Trans[c][p][y]
			}
		}
	}
}

// runScore scores a model of names that is written already.
func runScore(args []string) error {
	fs := flag.NewFlagSet("score", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	_ = fs.Parse(args)
	rec, err := entity.New()
	if err != nil {
		return err
	}
	return printScores(*dir, extractor.Pipeline{tokenize.New(), rec}, "")
}

// printScores scores stages on the sets of names; of the set whose file ends in
// errs it prints the errors.
func printScores(dir string, stages extractor.Pipeline, errs string) error {
	for _, f := range []string{"dev/ewt-dev", "dev/crossner-politics-test", "dev/voa-dev", "eval-only/worldwide-asia-indigenous"} {
		docs, err := readNames(filepath.Join(dir, "names", f+".tsv.gz"))
		if err != nil {
			return err
		}
		counts, err := scoreNames(docs, stages, func(what, kind, name string) {
			if errs != "" && strings.HasSuffix(f, errs) {
				fmt.Println("error", what, kind, name)
			}
		})
		if err != nil {
			return err
		}
		fmt.Printf("%-36s", f)
		for _, k := range []string{"POL", "PER", "ORG", "LOC", "NORP", "MISC"} {
			fmt.Printf(" %s %.4f", k, counts[k].f1())
		}
		fmt.Println()
	}
	return nil
}
