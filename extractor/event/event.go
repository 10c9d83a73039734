// Package event finds what the text says happened between people and bodies: who
// met, agreed with, attacked, accused, sanctioned or handed something over to whom,
// typed by the PLOVER ontology.
//
// It prefers saying nothing to saying something wrong. A verb or noun of the table
// evokes an event only if those who take part stand where its pattern expects
// them: the subject before an active verb, the object or a prepositional phrase
// after it, "by" after a passive. Pronouns are not resolved.
package event

import (
	"slices"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// Roles of participants.
const (
	Actor     = "actor"     // who does it, or all who do it together
	Recipient = "recipient" // who it is done to or with
)

// Events is the stage that sets [extractor.Doc.Events]. It needs tags and names;
// entities and times are used if they are there.
type Events struct {
	lex     lexicon
	scratch sync.Pool // of *reader
}

// New returns an Events.
func New() *Events {
	return &Events{lex: loadLexicon(), scratch: sync.Pool{New: func() any { return new(reader) }}}
}

// Annotate implements [extractor.Stage]. It never fails.
func (e *Events) Annotate(doc *extractor.Doc) error {
	r := e.scratch.Get().(*reader)
	r.doc = doc
	r.words = r.words[:0]
	for i := range doc.Tokens {
		r.words = append(r.words, e.lex.lookup(doc.Word(i)))
	}
	r.counted()
	doc.Events = doc.Events[:0]
	for _, s := range doc.Sentences {
		if s.From < s.To {
			r.sentence(s.Range)
		}
	}
	slices.SortStableFunc(doc.Events, func(a, b extractor.Event) int { return a.Trigger.Start - b.Trigger.Start })
	r.doc = nil
	clear(r.words)
	e.scratch.Put(r)
	return nil
}

// A reader is the state of one pass over a Doc.
type reader struct {
	doc      *extractor.Doc
	words    []*word // one a token
	figure   []bool  // one a token: belongs to a figure or stands before it ("more than")
	from, to int     // tokens of the sentence in hand
	chunks   []chunk
}

// maxFigure bounds the words of a figure with its comparator, in tokens.
const maxFigure = 8

// counted marks figures, which are read as one part of their noun phrase.
func (r *reader) counted() {
	r.figure = append(r.figure[:0], make([]bool, len(r.doc.Tokens))...)
	for i := range r.doc.Quantities {
		q := &r.doc.Quantities[i]
		to := min(q.To, len(r.figure))
		for k := max(r.doc.TokenAt(q.Phrase.Start), to-maxFigure, 0); k < to; k++ {
			r.figure[k] = true
		}
	}
}

// evokes reports whether a sentence holds a word of the table at all.
func (r *reader) evokes(s extractor.Range) bool {
	for i := s.From; i < s.To; i++ {
		if r.words[i].verb != nil || r.words[i].noun != nil {
			return true
		}
	}
	return false
}

func (r *reader) sentence(s extractor.Range) {
	if !r.evokes(s) {
		return
	}
	r.from, r.to = s.From, s.To
	if r.is(s.To-1, "?") {
		return
	}
	r.chunked(s)
	for c := range r.chunks {
		switch r.chunks[c].kind {
		case vg:
			r.verbs(c)
		case np:
			r.nominal(c)
		}
	}
}

// add records an event unless too little is known of it.
func (r *reader) add(f *frame, trigger extractor.Range, m schemas.Modality, actors, recipients []extractor.Slot, c int) {
	if len(actors)+len(recipients) == 0 || f.both && (len(actors) == 0 || len(recipients) == 0) {
		return
	}
	recipients = without(recipients, actors)
	if f.both && len(recipients) == 0 {
		return
	}
	e := extractor.Event{Type: f.kind, Trigger: r.doc.SpanOf(trigger), Modality: m}
	for _, s := range actors {
		e.Participants = append(e.Participants, extractor.Participant{Role: Actor, Slot: s})
	}
	for _, s := range recipients {
		e.Participants = append(e.Participants, extractor.Participant{Role: Recipient, Slot: s})
	}
	e.Place = r.place(c, e.Participants)
	e.Time = r.time(c)
	r.doc.Events = append(r.doc.Events, e)
}

// without returns the slots of list that others does not hold: nobody does
// something to himself.
func without(list, others []extractor.Slot) []extractor.Slot {
	var out []extractor.Slot
	for _, s := range list {
		known := false
		for _, o := range others {
			known = known || s.Span == o.Span || s.Entity >= 0 && s.Entity == o.Entity
		}
		if !known {
			out = append(out, s)
		}
	}
	return out
}
