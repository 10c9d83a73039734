package schemas_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
)

func TestComplete(t *testing.T) {
	a := schemas.Article{Text: "Türkiye sent 24 trucks.", PublishedAt: "2025-11-25"}
	if err := a.Complete(); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(a.ID, "a_") || !strings.HasPrefix(a.Version, "v_") || a.TextSHA256 != schemas.SHA256(a.Text) || a.TextForm != schemas.AsGiven {
		t.Errorf("Complete filled in %+v", a)
	}
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	schematest.Validate(t, "article", raw)

	again := a
	if err := again.Complete(); err != nil || again.ID != a.ID || again.Version != a.Version {
		t.Errorf("a second Complete changes the article: %+v, %v", again, err)
	}
}

// The id follows the page, the version follows the text, and given ids are kept.
func TestCompleteIDs(t *testing.T) {
	id := func(a schemas.Article) (string, string) {
		t.Helper()
		if err := a.Complete(); err != nil {
			t.Fatal(err)
		}
		return a.ID, a.Version
	}
	page := schemas.Article{URL: "http://news.example/x?utm_source=a", CanonicalURL: "https://news.example/x", Text: "One."}
	i1, v1 := id(page)
	page.URL, page.Text = "https://news.example/x", "Two."
	if i2, v2 := id(page); i2 != i1 || v2 == v1 {
		t.Errorf("an edited page: id %s then %s, version %s then %s", i1, i2, v1, v2)
	}
	if i, _ := id(schemas.Article{ID: "seed 1", Text: "One."}); i != "seed 1" {
		t.Errorf("a given id becomes %q", i)
	}
	i3, _ := id(schemas.Article{Text: "One."})
	if i4, _ := id(schemas.Article{Text: "Two."}); i3 == i4 {
		t.Errorf("two texts without a URL share the id %s", i3)
	}
}

func TestCompleteRefuses(t *testing.T) {
	paragraphs := func(spans ...schemas.Span) schemas.Article {
		a := schemas.Article{Text: "Türkiye."} // 8 code points
		for _, s := range spans {
			a.Paragraphs = append(a.Paragraphs, schemas.Paragraph{Span: s})
		}
		return a
	}
	tests := []struct {
		name    string
		article schemas.Article
		ok      bool
	}{
		{"no text", schemas.Article{Text: " \n"}, false},
		{"the longest text", schemas.Article{Text: strings.Repeat("a", schemas.MaxTextBytes)}, true},
		{"too long a text", schemas.Article{Text: strings.Repeat("a", schemas.MaxTextBytes+1)}, false},
		{"text that is not UTF-8", schemas.Article{Text: "a\xff"}, false},
		{"title that is not UTF-8", schemas.Article{Text: "a", Title: "\xff"}, false},
		{"paragraphs", paragraphs(schemas.Span{Start: 0, End: 3}, schemas.Span{Start: 4, End: 8}), true},
		{"paragraph past the end", paragraphs(schemas.Span{Start: 0, End: 9}), false},
		{"paragraph before the text", paragraphs(schemas.Span{Start: -1, End: 3}), false},
		{"paragraph turned round", paragraphs(schemas.Span{Start: 3, End: 1}), false},
		{"paragraphs that overlap", paragraphs(schemas.Span{Start: 0, End: 4}, schemas.Span{Start: 3, End: 8}), false},
	}
	for _, tt := range tests {
		err := tt.article.Complete()
		if (err == nil) != tt.ok || err != nil && !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("%s: Complete = %v, want ok %t", tt.name, err, tt.ok)
		}
	}
}

// Ids are part of what is published: they may never change.
func TestID(t *testing.T) {
	tests := []struct {
		parts []string
		want  string
	}{
		{nil, "a_4oymiquy7qobjgx36tejs35zeq"},
		{[]string{"url", "https://news.example/x"}, "a_5ffipue7pnvgkgc6sclbae6bkn"},
	}
	for _, tt := range tests {
		if got := schemas.ID("a", tt.parts...); got != tt.want {
			t.Errorf("ID(%q) = %s, want %s", tt.parts, got, tt.want)
		}
	}
	if schemas.ID("a", "b", "c") == schemas.ID("a", "bc") || schemas.ID("a", "b", "") == schemas.ID("a", "", "b") {
		t.Error("parts run together")
	}
}
