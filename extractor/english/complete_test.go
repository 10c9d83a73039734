package english

import (
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestComplete fills a record as a person would write it by hand.
func TestComplete(t *testing.T) {
	killed := schemas.Killed
	x := schemas.Extraction{
		Article: schemas.Article{ID: "a", PublishedAt: "2026-03-02", Text: "In Oslo 12 aid workers were killed, Norway said."},
		Entities: []schemas.Entity{
			{ID: "e0", Type: schemas.Location, Name: "Oslo"},
			{ID: "e1", Type: schemas.Location, Name: "Norway", Key: "given", Country: "SE"},
			{ID: "e2", Type: schemas.Person, Name: "Paris Hallén"},
		},
		Quantities: []schemas.Quantity{{Span: schemas.Span{Start: 8, End: 10}, Text: "12", Category: &killed, Counted: &schemas.Counted{Text: "aid workers"}}},
	}
	if err := Complete(&x); err != nil {
		t.Fatal(err)
	}
	if x.ArticleID != "a" || x.ArticleVersion == "" || x.ArticleVersion != x.Article.Version {
		t.Errorf("article %q version %q of %q", x.ArticleID, x.ArticleVersion, x.Article.Version)
	}
	if e := x.Entities[0]; e.Key != "oslo" || e.Country != "NO" || len(e.Within) == 0 || e.Within[len(e.Within)-1] != "norway" {
		t.Errorf("Oslo: key %q, country %q, within %q", e.Key, e.Country, e.Within)
	}
	if e := x.Entities[1]; e.Key != "given" || e.Country != "SE" {
		t.Errorf("a given key was replaced: %q, %q", e.Key, e.Country)
	}
	if e := x.Entities[2]; e.Key != "paris hallen" || e.Country != "" {
		t.Errorf("a person: key %q, country %q", e.Key, e.Country)
	}
	q := x.Quantities[0]
	if q.Measure != "person-killed" || q.Counted.Head != "worker" || q.Phrase != q.Span || q.Unit != schemas.UnitCount || q.Comparator != schemas.Exact || q.Modality != schemas.Asserted {
		t.Errorf("quantity: %+v", q)
	}
}

// TestCompleteSlots gives slots that only name somebody the entities that they name.
func TestCompleteSlots(t *testing.T) {
	slot := func(name string) *schemas.Slot { return &schemas.Slot{Name: name} }
	text := "The Harbour Guard said 12 people died off Torvik. Ada Holm and Ole Holm of Torviken spoke."
	x := schemas.Extraction{
		Article: schemas.Article{ID: "a", PublishedAt: "2026-03-02", Text: text},
		Entities: []schemas.Entity{
			{Type: schemas.Organisation, Name: "Harbour Guard"},
			{Type: schemas.Location, Name: "Torvik"},
			{ID: "e0", Type: schemas.Person, Name: "Ada Holm", Aliases: []string{"Holm"}},
			{Type: schemas.Person, Name: "Ole Holm", Aliases: []string{"Holm", "Ole"}},
		},
		Quantities: []schemas.Quantity{{
			Span: schemas.Span{Start: 23, End: 25}, Source: slot("the harbour guard"), Place: slot("Torvik"), Agent: slot("Holm"), Victim: slot("Ole"),
			Attribution: []schemas.Attribution{{Who: schemas.Slot{Name: "Ada Holm"}}}, Per: &schemas.Rate{Text: "Day"},
		}},
		Statements: []schemas.Statement{{Span: schemas.Span{Start: 50, End: 58}, Speaker: slot("a passer-by"), Addressee: &schemas.Slot{Name: "Ole", Entity: "e0"}}},
	}
	read := x
	read.Quantities = []schemas.Quantity{x.Quantities[0]}
	read.Quantities[0].Rules, read.Quantities[0].Place = []string{"quantity/number"}, slot("Torvik")
	read.Entities = nil

	if err := Complete(&x); err != nil {
		t.Fatal(err)
	}
	id := map[string]string{}
	for _, e := range x.Entities {
		if e.ID == "" || id[e.ID] != "" {
			t.Errorf("%s has the id %q, as has %q", e.Name, e.ID, id[e.ID])
		}
		id[e.ID], id[e.Name] = e.Name, e.ID
	}
	q, s := x.Quantities[0], x.Statements[0]
	for _, tt := range []struct{ slot, got, want string }{
		{"source", q.Source.Entity, id["Harbour Guard"]},
		{"place", q.Place.Entity, id["Torvik"]},
		{"agent, a name of two", q.Agent.Entity, ""},
		{"victim, another form", q.Victim.Entity, id["Ole Holm"]},
		{"attribution", q.Attribution[0].Who.Entity, id["Ada Holm"]},
		{"speaker, a phrase", s.Speaker.Entity, ""},
		{"addressee, given", s.Addressee.Entity, "e0"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: entity %q, want %q", tt.slot, tt.got, tt.want)
		}
	}
	if q.Text != "12" || s.Text != "Ada Holm" || q.Per.Unit != "day" {
		t.Errorf("words %q and %q, per %q", q.Text, s.Text, q.Per.Unit)
	}
	if m := x.Entities[1].Mentions; len(m) != 1 || m[0].Text != "Torvik" || m[0].Start != 42 {
		t.Errorf("mentions of Torvik: %+v, want the one that is no part of another word", m)
	}

	read.Entities = []schemas.Entity{{ID: "e0", Type: schemas.Location, Name: "Torvik", Key: "torvik"}}
	if err := Complete(&read); err != nil || read.Quantities[0].Place.Entity != "" || len(read.Entities[0].Mentions) > 0 {
		t.Errorf("a record of the extractor was changed (%v): %+v", err, read.Quantities[0].Place)
	}
}
