package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/schemas"
)

// TestTextFormat reads an article as a person would: figures with who passed them
// on, statements, events, each under its own sentence.
func TestTextFormat(t *testing.T) {
	e, err := english.New(english.Config{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := textWriter{w: &out, explain: true}
	a := schemas.Article{ID: "a", PublishedAt: "2024-05-15", Title: "Envoys meet", Language: "en", Text: `Envoys of Norway and Peru met in Lisbon on Tuesday. Dr. A. Moe spoke first.
The Sana news agency said 14 miners were killed in Peru on Tuesday, citing the health ministry. Nothing else was known.
The bakery lost 30.`}
	if err := w.article(e, a); err != nil {
		t.Fatal(err)
	}
	got := out.String()
	for _, want := range []string{
		"14 miners · person-killed · in Peru · 2024-05-14 · says Sana, from health ministry\n    “The Sana news agency said 14 miners were killed in Peru on Tuesday, citing the health ministry.”",
		"Sana said (indirect)",
		"consult: Norway, Peru met · in Lisbon · 2024-05-14\n    “Envoys of Norway and Peru met in Lisbon on Tuesday.”",
		"· unsure",
		"“Tuesday” DATE 2024-05-14 · 2024-05-14",
		"timex/weekday, timex/tense, timex/published",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %q in\n%s", want, got)
		}
	}
}
