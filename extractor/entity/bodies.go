package entity

import (
	"slices"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// bodies adds the organisations that the model missed but whose last word says
// what they are: "the National Weather Office".
func (p *Page) bodies(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	found, at := len(names), 0
	for i := 0; i < len(doc.Tokens); i++ {
		run := p.runs[i]
		if run.From != i || run.To-run.From < 2 || p.shout[i] {
			continue
		}
		switch {
		case p.words[i].Lower == the:
			run.From++
		case i == 0 || p.words[i-1].Lower != the: // without the article it may be anything
			continue
		}
		for at < found && names[at].To <= run.From {
			at++
		}
		last := run.To - 1
		if at < found && names[at].From < run.To || run.To-run.From < 2 || !heads[p.words[last].Lower] || p.first[run.From] && p.memory.find(p.words[run.From].Lower).small {
			continue
		}
		if run.To < len(doc.Tokens) && p.words[run.To].Lower == of {
			continue // "Supreme Court of Norland": more of it follows
		}
		names = append(names, extractor.Name{Span: doc.SpanOf(run), Range: run, Type: schemas.Organisation, Confidence: lowest, Entity: -1})
	}
	if len(names) > found {
		slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	}
	return names
}

// ministries adds the ministries that are written small ("the defence
// ministry"): each is the name of one body all the same.
func (p *Page) ministries(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	found, at := len(names), 0
	for i := 1; i < len(doc.Tokens); i++ {
		for at < found && names[at].To < i {
			at++
		}
		if p.words[i].Lower != ministry || p.words[i].Caps != linear.NoCaps || !portfolios[p.words[i-1].Lower] || doc.Tokens[i].Sentence != doc.Tokens[i-1].Sentence {
			continue
		}
		if at < found && names[at].From <= i {
			continue
		}
		r := extractor.Range{From: i - 1, To: i + 1}
		names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: schemas.Organisation, Confidence: lowest, Entity: -1})
	}
	if len(names) > found {
		slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	}
	return names
}
