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
