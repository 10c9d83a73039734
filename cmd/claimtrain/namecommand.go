package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/linear"
)

func runNames(args []string) error {
	fs := flag.NewFlagSet("names", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	gaz := fs.String("gazetteers", "extractor/entity/resolve/data", "directory of the project's gazetteers")
	out := fs.String("out", "extractor/entity/data/names.bin.zst", "file to write")
	errs := fs.String("errors", "", "print the errors on this set")
	trial := fs.Bool("trial", false, "score, but write nothing")
	r := recipe{corpora: trainingCorpora}
	r.flags(fs)
	gmb := fs.Bool("gmb", false, "learn from the labels of the Groningen Meaning Bank too")
	_ = fs.Parse(args)
	if *gmb {
		r.corpora = append(r.corpora, gmbCorpus)
	}
	m, err := r.make(*dir, *gaz)
	if err != nil {
		return err
	}
	scores, err := scoreSets(*dir, m.rec, *errs)
	if err != nil {
		return err
	}
	fmt.Print(scores)
	if *trial {
		return nil
	}
	return writeModel(*out, m.file, namesCard, scores)
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
	scores, err := scoreSets(*dir, rec, "")
	fmt.Print(scores)
	return err
}

// A recipe is how a model of names is made.
type recipe struct {
	nameOptions
	corpora    []corpus
	silver     float64 // label more texts where a first model is so sure; 0: none
	noClusters bool
	noLists    bool
	cross      stagesFor // as by crossTags; nil to make them
}

// flags puts the settings of r, with their defaults, into fs.
func (r *recipe) flags(fs *flag.FlagSet) {
	fs.IntVar(&r.bits, "bits", 18, "the table has 2^bits rows")
	fs.IntVar(&r.epochs, "epochs", 12, "passes over the corpora")
	fs.IntVar(&r.drop, "drop", 30, "leave out so many of 100 features in training")
	fs.IntVar(&r.models, "models", 4, "add up so many models with seeds of their own")
	fs.Float64Var(&r.silver, "silver", 0.8, "label more texts with a first model, where it is so sure; 0: don't")
	fs.Uint64Var(&r.seed, "seed", 1, "seed of the order of sentences")
}

// A fitted is a model and the stage that uses it.
type fitted struct {
	file    []byte
	rec     *entity.Recognizer
	weights *entity.Weights
}

// make trains the model.
func (r recipe) make(dir, gazetteers string) (*fitted, error) {
	norp, err := demonyms(gazetteers)
	if err != nil {
		return nil, err
	}
	reader, err := r.reader()
	if err != nil {
		return nil, err
	}
	known, err := embeddedTags()
	if err != nil {
		return nil, err
	}
	var sents []nameSentence
	for _, c := range r.corpora {
		before := known
		if c.tagged {
			if before = r.cross; before == nil {
				before, err = crossTags(dir)
			}
			if err != nil {
				return nil, err
			}
		}
		docs, err := loadNames(dir, c, norp)
		if err != nil {
			return nil, err
		}
		s, err := prepare(reader, before, c, docs, norp, r.bits)
		if err != nil {
			return nil, err
		}
		for range c.times {
			sents = append(sents, s...)
		}
	}
	first := r.nameOptions
	if r.silver > 0 {
		first.models = min(2, r.models) // what only labels for the second need not be better
	}
	m, err := fit(dir, reader, sents, first, norp, nil)
	if err != nil || r.silver == 0 {
		return m, err
	}
	docs, err := readNames(filepath.Join(dir, silverFile+".tsv.gz"))
	if err != nil {
		return nil, err
	}
	more, err := silver(reader, docs, m.rec.Bare(), r.silver, r.bits)
	if err != nil {
		return nil, err
	}
	return fit(dir, reader, append(sents, more...), r.nameOptions, norp, m.weights)
}

// reader returns a reader of the embedded clusters and lists, but for those
// left out.
func (r recipe) reader() (*entity.Reader, error) {
	clusters, err := linear.DefaultClusters()
	if err != nil {
		return nil, err
	}
	lists, err := entity.DefaultLists()
	if err != nil {
		return nil, err
	}
	if r.noClusters {
		file, err := linear.PackClusters(nil, nil, 4)
		if err != nil {
			return nil, err
		}
		if clusters, err = linear.ReadClusters(string(file)); err != nil {
			return nil, err
		}
	}
	if r.noLists {
		file, err := entity.PackLists(nil, nil, 4)
		if err != nil {
			return nil, err
		}
		if lists, err = entity.ReadLists(string(file)); err != nil {
			return nil, err
		}
	}
	return entity.NewReaderWith(clusters, lists), nil
}

// calibrationCorpora are what confidences are judged on.
var calibrationCorpora = []corpus{{file: "names/dev/voa-dev", norp: true}, {file: "names/dev/ewt-dev"}, {file: "names/dev/crossner-politics-test"}}

// fit trains a model on sents, adds the weights of another if it is not nil, and
// calibrates the sum.
func fit(dir string, reader *entity.Reader, sents []nameSentence, o nameOptions, norp map[string]bool, other *entity.Weights) (*fitted, error) {
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
	if other != nil {
		sum(w, other)
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
	if err := calibrate(reader, w, held, marks); err != nil {
		return nil, err
	}
	file := w.Pack()
	m, err := entity.ReadModel(string(file))
	if err != nil {
		return nil, err
	}
	return &fitted{file, entity.NewWith(m, reader), w}, nil
}

// scoreSets scores rec on the sets of names; of the set whose file ends in errs
// it prints the errors, if errs is not empty.
func scoreSets(dir string, rec *entity.Recognizer, errs string) (string, error) {
	stages, err := withNames(rec)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	for _, f := range []string{"dev/ewt-dev", "dev/crossner-politics-test", "dev/voa-dev", "eval-only/worldwide-asia-indigenous"} {
		docs, err := readNames(filepath.Join(dir, "names", f+".tsv.gz"))
		if err != nil {
			return "", err
		}
		counts, err := scoreNames(docs, stages, func(what, kind, name string) {
			if errs != "" && strings.HasSuffix(f, errs) {
				fmt.Println("error", what, kind, name)
			}
		})
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "%-36s", f)
		for _, k := range []string{"POL", "PER", "ORG", "LOC", "NORP", "MISC"} {
			if t := counts[k]; t.right+t.missed > 0 {
				fmt.Fprintf(&out, " %s %.4f", k, t.f1())
			}
		}
		out.WriteByte('\n')
	}
	return out.String(), nil
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
