package eval

import (
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// GoldOf writes an extraction as an annotation: what a program read and a person
// has put right.
func GoldOf(x *schemas.Extraction) Gold {
	g := Gold{Doc: x.ArticleID, Entities: []GoldEntity{}, Quantities: []GoldQuantity{}, Times: []GoldTime{}, Statements: []GoldStatement{}}
	for i := range x.Entities {
		e := &x.Entities[i]
		g.Entities = append(g.Entities, GoldEntity{Name: e.Name, Type: e.Type, Mentions: slices.Clone(e.Mentions)})
	}
	for i := range x.Quantities {
		g.Quantities = append(g.Quantities, goldQuantity(&x.Quantities[i]))
	}
	for i := range x.Times {
		if t := &x.Times[i]; t.Placed && (t.Type == schemas.TimexDate || t.Type == schemas.TimexTime) {
			g.Times = append(g.Times, GoldTime{Span: t.Span, Text: t.Text, Value: t.Value})
		}
	}
	for i := range x.Statements {
		s := &x.Statements[i]
		g.Statements = append(g.Statements, GoldStatement{Span: s.Span, Text: s.Text, Speaker: slotName(s.Speaker)})
	}
	return g
}

func goldQuantity(q *schemas.Quantity) GoldQuantity {
	out := GoldQuantity{
		Span: q.Span, Text: q.Text, Value: q.Value, Min: q.Min, Max: q.Max, Comparator: q.Comparator, Unit: q.Unit,
		Agent: slotName(q.Agent), Place: slotName(q.Place), Time: q.Time, Modality: q.Modality, Source: slotName(q.Source),
	}
	if q.Counted != nil {
		out.Counted = q.Counted.Text
	}
	if q.Per != nil {
		out.Per = q.Per.Unit
		if q.Per.Name != "" {
			out.Per = q.Per.Name
		}
	}
	if q.Category != nil {
		out.Category = *q.Category
	}
	return out
}
