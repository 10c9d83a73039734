package extractor

import (
	"strconv"

	"github.com/claimwire/claimwire/schemas"
)

// Extraction returns the annotations of d as a record about a, whose text d
// was made of. Byte offsets become code points here and nowhere else. If title is
// not nil it is the annotated title; its quantities become headline_quantities
// unless the text gives the same figure.
func (d *Doc) Extraction(a schemas.Article, by schemas.MadeBy, title *Doc) schemas.Extraction {
	w := recordWriter{doc: d, offsets: schemas.NewOffsets(d.Text)}
	e := schemas.Extraction{
		SchemaVersion:      schemas.Version,
		ArticleID:          a.ID,
		ArticleVersion:     a.Version,
		Article:            a,
		MadeBy:             by,
		Entities:           make([]schemas.Entity, 0, len(d.Entities)),
		Quantities:         make([]schemas.Quantity, 0, len(d.Quantities)),
		HeadlineQuantities: []schemas.Quantity{},
		Numbers:            make([]schemas.Number, 0, len(d.Numbers)),
		Times:              make([]schemas.Timex, 0, len(d.Times)),
		Statements:         make([]schemas.Statement, 0, len(d.Statements)),
		Events:             make([]schemas.Event, 0, len(d.Events)),
	}
	for i := range d.Entities {
		e.Entities = append(e.Entities, w.entity(i))
	}
	for i := range d.Quantities {
		e.Quantities = append(e.Quantities, w.quantity(&d.Quantities[i]))
	}
	for i := range d.Numbers {
		n := &d.Numbers[i]
		e.Numbers = append(e.Numbers, schemas.Number{Span: w.span(n.Span), Text: d.Slice(n.Span), Value: n.Value, Kind: n.Kind})
	}
	for i := range d.Times {
		e.Times = append(e.Times, w.timex(&d.Times[i]))
	}
	for i := range d.Statements {
		e.Statements = append(e.Statements, w.statement(&d.Statements[i]))
	}
	for i := range d.Events {
		e.Events = append(e.Events, w.event(&d.Events[i]))
	}
	if title != nil {
		w := recordWriter{doc: title, offsets: schemas.NewOffsets(title.Text)}
		for i := range title.Quantities {
			if q := &title.Quantities[i]; !d.hasFigure(q) {
				r := w.quantity(q)
				r.PartOf = nil // indices of the title's own list mean nothing here
				e.HeadlineQuantities = append(e.HeadlineQuantities, r)
			}
		}
	}
	return e
}

// hasFigure reports whether the text gives the figure of q as well.
func (d *Doc) hasFigure(q *Quantity) bool {
	for i := range d.Quantities {
		p := &d.Quantities[i]
		if p.Unit == q.Unit && equal(p.Value, q.Value) && equal(p.Min, q.Min) && equal(p.Max, q.Max) {
			return true
		}
	}
	return false
}

func equal(a, b *schemas.Decimal) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// A recordWriter turns annotations of one text into records.
type recordWriter struct {
	doc     *Doc
	offsets schemas.Offsets
}

func (w *recordWriter) span(s Span) schemas.Span {
	return schemas.Span{Start: w.offsets.Runes(s.Start), End: w.offsets.Runes(s.End)}
}

func (w *recordWriter) mention(s Span) schemas.Mention {
	return schemas.Mention{Span: w.span(s), Text: w.doc.Slice(s)}
}

func entityID(i int) string { return "e" + strconv.Itoa(i) }

func (w *recordWriter) entity(i int) schemas.Entity {
	e := &w.doc.Entities[i]
	r := schemas.Entity{
		ID: entityID(i), Type: e.Type, Name: e.Name, Key: e.Key, Country: e.Country, Within: e.Within,
		Aliases: e.Aliases, Roles: e.Roles, Mentions: make([]schemas.Mention, 0, len(e.Mentions)),
	}
	for _, n := range e.Mentions {
		r.Mentions = append(r.Mentions, w.mention(w.doc.Names[n].Span))
	}
	return r
}

func (w *recordWriter) slot(s *Slot) *schemas.Slot {
	if s == nil {
		return nil
	}
	p := w.span(s.Span)
	r := &schemas.Slot{Name: s.Name, Start: p.Start, End: p.End}
	if s.Entity >= 0 {
		r.Entity = entityID(s.Entity)
	}
	return r
}

func (w *recordWriter) quantity(q *Quantity) schemas.Quantity {
	r := schemas.Quantity{
		Span: w.span(q.Span), Text: w.doc.Slice(q.Span), Phrase: w.span(q.Phrase),
		Value: q.Value, Min: q.Min, Max: q.Max, Comparator: q.Comparator, Unit: q.Unit,
		Measure: q.Measure, Predicate: q.Predicate, Modality: q.Modality, Time: q.Time,
		Agent: w.slot(q.Agent), Victim: w.slot(q.Victim), Place: w.slot(q.Place), Source: w.slot(q.Source),
		Attribution: make([]schemas.Attribution, 0, len(q.Attribution)), Cumulative: q.Cumulative,
		OriginOf: q.OriginOf, Rules: q.Rules, Confidence: q.Confidence,
	}
	if r.Measure == "" {
		r.Measure = schemas.OtherMeasure
	}
	if q.Counted != nil {
		p := w.span(q.Counted.Span)
		r.Counted = &schemas.Counted{Text: w.doc.Slice(q.Counted.Span), Head: q.Counted.Head, Start: p.Start, End: p.End}
	}
	if q.Per != nil {
		r.Per = &schemas.Rate{Name: q.Per.Unit, Text: w.doc.Slice(q.Per.Span), Unit: q.Per.Unit}
	}
	if q.Category != "" {
		c := q.Category
		r.Category = &c
	}
	if q.PartOf >= 0 {
		p := q.PartOf
		r.PartOf = &p
	}
	if q.Change != nil {
		r.Change = &schemas.Delta{Kind: q.Change.Kind, From: q.Change.From, To: q.Change.To}
	}
	for _, a := range q.Attribution {
		r.Attribution = append(r.Attribution, schemas.Attribution{Who: *w.slot(&a.Who), Cue: w.doc.Slice(a.Cue), Span: w.span(a.Cue)})
	}
	if r.Rules == nil {
		r.Rules = []string{}
	}
	if r.OriginOf == nil {
		r.OriginOf = map[string]schemas.SlotOrigin{}
	}
	return r
}

func (w *recordWriter) timex(t *Time) schemas.Timex {
	return schemas.Timex{
		Span: w.span(t.Span), Text: w.doc.Slice(t.Span), Type: t.Type, Value: t.Value, Mod: t.Mod,
		From: t.From.String(), Until: t.Until.String(), Granularity: t.Granularity, Anchor: t.Anchor, Placed: t.Placed,
		Rules: t.Rules,
	}
}

func (w *recordWriter) statement(s *Statement) schemas.Statement {
	r := schemas.Statement{
		Span: w.span(s.Span), Text: w.doc.Slice(s.Span), Speaker: w.slot(s.Speaker),
		Cue: w.doc.Slice(s.Cue), CueSpan: w.span(s.Cue), Mode: s.Mode, Addressee: w.slot(s.Addressee), Rules: s.Rules,
	}
	if r.Rules == nil {
		r.Rules = []string{}
	}
	return r
}

func (w *recordWriter) event(e *Event) schemas.Event {
	r := schemas.Event{
		Type: e.Type, Trigger: w.mention(e.Trigger), Participants: make([]schemas.Participant, 0, len(e.Participants)),
		Place: w.slot(e.Place), Time: e.Time, Modality: e.Modality,
	}
	for i := range e.Participants {
		p := &e.Participants[i]
		r.Participants = append(r.Participants, schemas.Participant{Role: p.Role, Slot: *w.slot(&p.Slot)})
	}
	return r
}
