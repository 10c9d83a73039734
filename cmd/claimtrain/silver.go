package main

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
)

// silverDocs are texts without labels that a first model labels for the second.
// Their own labels are not read.
const silverFile = "names/train/gmb-train"

// silver labels texts with the stages of a first model and prepares them: names
// it is sure of and plain words are taken as they are, the rest is left open.
func silver(reader *entity.Reader, docs []namesDoc, rec extractor.Stage, sure float64, bits int) ([]nameSentence, error) {
	const anything = 1<<entity.NumLabels - 1
	stages, err := withNames(rec)
	if err != nil {
		return nil, err
	}
	before, err := embeddedTags()
	if err != nil {
		return nil, err
	}
	return prepareWith(reader, before, docs, bits, func(doc *extractor.Doc, d namesDoc) ([]uint16, error) {
		own := &extractor.Doc{Text: d.text}
		if err := stages.Annotate(own); err != nil {
			return nil, err
		}
		allow := make([]uint16, len(doc.Tokens))
		for i := range allow {
			allow[i] = 1 << Outside
			if c := doc.Word(i)[0]; c >= 'A' && c <= 'Z' && i != doc.Sentences[doc.Tokens[i].Sentence].From {
				allow[i] = anything
			}
		}
		for _, n := range own.Names {
			y := entity.Begin(n.Type)
			for i := n.From; i < n.To; i++ {
				allow[i] = 1 << y
				if n.Confidence < sure {
					allow[i] = anything
				}
				y = entity.Inside(y)
			}
		}
		return allow, nil
	})
}
