//go:build !noweights

package entity

import (
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tokenize"
	"github.com/claimwire/claimwire/schemas"
)

func TestKnowing(t *testing.T) {
	rec, err := New()
	if err != nil {
		t.Fatal(err)
	}
	rec, err = rec.Knowing([]extractor.KnownName{
		{Name: "Norway", Type: schemas.Organisation},
		{Name: "eNorda", Type: schemas.Organisation, Aliases: []string{"Vess", "the old hen"}},
		{Name: "Vess Harbour", Type: schemas.Location},
		{Name: " ", Type: schemas.Misc},
	}, tokenize.New())
	if err != nil {
		t.Fatal(err)
	}
	p := extractor.Pipeline{tokenize.New(), rec}
	for _, tt := range []struct{ in, want string }{
		{"eNorda fell, and so did Vess.", "eNorda/ORG, Vess/ORG"},
		{"Ships left Vess Harbour when the old hen called.", "Vess Harbour/LOC, the old hen/ORG"},
		{"The tables of Norway were set.", "Norway/ORG"},
		{"The University of Norway opened.", "University of Norway/ORG"}, // longer names stay
		{"", ""},
	} {
		doc := &extractor.Doc{Text: tt.in}
		if err := p.Annotate(doc); err != nil {
			t.Fatal(err)
		}
		if got := names(doc); got != tt.want {
			t.Errorf("names of %q = %s, want %s", tt.in, got, tt.want)
		}
		for i, n := range doc.Names {
			if n.Span != doc.SpanOf(n.Range) || doc.Tokens[n.From].Name != int32(i) {
				t.Errorf("names of %q: %v is out of place", tt.in, n)
			}
		}
	}
}
