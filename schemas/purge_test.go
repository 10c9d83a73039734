package schemas_test

import (
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

func TestTombstones(t *testing.T) {
	var ts schemas.Tombstones
	if !ts.Empty() {
		t.Error("no purge, and the tombstones are not empty")
	}
	ts.Add(&schemas.Review{ID: "r_0", Action: schemas.ReviewBlock, Source: "other.example"})
	ts.Add(&schemas.Review{ID: "r_1", Action: schemas.ReviewPurge, Purge: &schemas.Purge{
		Articles: []string{"a_gone"}, Domains: []string{"Tattle.example"}, Names: []string{schemas.NameHash("Mira Østby-Vale")},
	}})
	for _, tt := range []struct {
		name string
		a    schemas.Article
		want bool
	}{
		{"its id", schemas.Article{ID: "a_gone"}, true},
		{"another id", schemas.Article{ID: "a_here"}, false},
		{"its publisher", schemas.Article{ID: "a", Publisher: schemas.Publisher{Domain: "tattle.example"}}, true},
		{"a subdomain", schemas.Article{ID: "a", Publisher: schemas.Publisher{Domain: "sport.tattle.example"}}, true},
		{"a domain that ends alike", schemas.Article{ID: "a", Publisher: schemas.Publisher{Domain: "nottattle.example"}}, false},
		{"a blocked source is not purged", schemas.Article{ID: "a", Publisher: schemas.Publisher{Domain: "other.example"}}, false},
		{"the name in the text", schemas.Article{ID: "a", Text: "On Monday MIRA Østby–Vale’s lawyer spoke."}, true},
		{"the name in the title", schemas.Article{ID: "a", Title: "Mira Østby-Vale resigns"}, true},
		{"the name in the byline", schemas.Article{ID: "a", Byline: "By Mira Østby-Vale"}, true},
		{"a part of the name", schemas.Article{ID: "a", Text: "Mira Østby spoke; Vale did not."}, false},
		{"the name within words", schemas.Article{ID: "a", Text: "Amira Østby-Vale spoke."}, false},
	} {
		if by, got := ts.Article(&tt.a); got != tt.want || got && by != "r_1" {
			t.Errorf("%s: Article(%+v) = %q, %t, want %t", tt.name, tt.a, by, got, tt.want)
		}
	}
}

func TestWithhold(t *testing.T) {
	c := samples(t)["claim"].(schemas.Claim)
	id, series := c.ID, c.SeriesID
	c.Withhold()
	if c.ID != id || c.SeriesID != series || c.Text != "" || c.Value != nil || c.Agent != nil || c.Content != "" || len(c.Citations) == 0 || c.Citations[0].Quote.Exact != "" || c.Citations[0].URL != "" {
		t.Errorf("withheld: %+v", c)
	}
}

func FuzzTombstones(f *testing.F) {
	f.Add("Ada Roe", "and then Ada Roe said")
	f.Fuzz(func(t *testing.T, name, text string) {
		var ts schemas.Tombstones
		ts.Add(&schemas.Review{ID: "r", Action: schemas.ReviewPurge, Purge: &schemas.Purge{Names: []string{schemas.NameHash(name)}}})
		ts.Text(text)
		if h := schemas.NameHash(name); h != "" {
			if _, ok := ts.Text("x " + name + " x"); !ok && len(name) < 12 { // longer names may have more words than are looked for
				t.Errorf("%q is not found between words", name)
			}
		}
	})
}
