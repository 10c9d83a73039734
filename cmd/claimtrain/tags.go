package main

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// A stagesFor returns the stages that a text goes through before its names are
// looked for.
type stagesFor func(d namesDoc) extractor.Pipeline

// withNames returns the stages of the program up to rec.
func withNames(rec extractor.Stage) (extractor.Pipeline, error) {
	tagger, err := tag.New()
	if err != nil {
		return nil, err
	}
	return extractor.Pipeline{tokenize.New(), tagger, rec}, nil
}

// embeddedTags returns the embedded tagger for any text.
func embeddedTags() (stagesFor, error) {
	tagger, err := tag.New()
	if err != nil {
		return nil, err
	}
	stages := extractor.Pipeline{tokenize.New(), tagger}
	return func(namesDoc) extractor.Pipeline { return stages }, nil
}

// crossTags returns a tagger for each half of the documents of the treebank EWT
// that has learned from the other half and from GUM. The embedded one knows
// all of them by heart: names trained on its tags would trust tags too much.
func crossTags(dir string) (stagesFor, error) {
	ewt, gum, err := readTraining(dir)
	if err != nil {
		return nil, err
	}
	var stages [2]extractor.Pipeline
	for half := range stages {
		docs := gum[:len(gum):len(gum)]
		for i, d := range ewt {
			if i%2 != half {
				docs = append(docs, d)
			}
		}
		file, err := trainTagger(docs, crossOptions)
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
		stages[half] = extractor.Pipeline{tokenize.New(), tagger}
	}
	return func(d namesDoc) extractor.Pipeline { return stages[d.place%2] }, nil
}

// crossOptions make taggers quickly that are nearly as good as the embedded one.
var crossOptions = tagOptions{bits: 18, epochs: 6, prune: 4, models: 1, plain: 300, seed: 1, top: 5, least: 1, drop: 25}
