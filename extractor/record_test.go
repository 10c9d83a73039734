package extractor_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// TestExtractionOffsets checks that bytes become code points, with characters of
// one to four bytes and combining marks before the figure.
func TestExtractionOffsets(t *testing.T) {
	for _, prefix := range []string{"", "Türkiye: ", "Tu\u0308rkiye: ", "غزة: ", "👩‍👩‍👧 ", "e\u0301\u0323 "} {
		text := prefix + "40 trucks"
		start := len(prefix)
		forty := schemas.Int(40)
		doc := &extractor.Doc{Text: text, Quantities: []extractor.Quantity{{
			Span:    extractor.Span{Start: start, End: start + 2},
			Phrase:  extractor.Span{Start: start, End: start + 9},
			Value:   &forty,
			PartOf:  -1,
			Counted: &extractor.Counted{Span: extractor.Span{Start: start + 3, End: start + 9}, Head: "truck"},
		}}}
		a := schemas.Article{ID: "a", Text: text}
		if err := a.Complete(); err != nil {
			t.Fatal(err)
		}
		q := doc.Extraction(a, schemas.MadeBy{}, nil).Quantities[0]
		runes := []rune(text)
		if got := string(runes[q.Start:q.End]); got != "40" || q.Text != "40" {
			t.Errorf("%q: figure is %q, text %q", text, got, q.Text)
		}
		if got := string(runes[q.Counted.Start:q.Counted.End]); got != "trucks" {
			t.Errorf("%q: counted is %q", text, got)
		}
		if got := string(runes[q.Phrase.Start:q.Phrase.End]); got != "40 trucks" {
			t.Errorf("%q: phrase is %q", text, got)
		}
	}
}

func TestHeadlineFiguresOfTheTextAreLeftOut(t *testing.T) {
	quantity := func(text string, n int64) *extractor.Doc {
		d := schemas.Int(n)
		return &extractor.Doc{Text: text, Quantities: []extractor.Quantity{{Span: extractor.Span{End: 2}, Value: &d, Unit: "count", PartOf: -1}}}
	}
	body := quantity("40 died in the storm", 40)
	a := schemas.Article{ID: "a", Text: body.Text}
	if got := body.Extraction(a, schemas.MadeBy{}, quantity("40 dead", 40)).HeadlineQuantities; len(got) != 0 {
		t.Errorf("a figure of the text stands among the headline's: %v", got)
	}
	if got := body.Extraction(a, schemas.MadeBy{}, quantity("41 dead", 41)).HeadlineQuantities; len(got) != 1 || got[0].Text != "41" {
		t.Errorf("headline quantities = %v, want the 41", got)
	}
}

func TestDate(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"2025-11-25", "2025-11-25"},
		{"2025-11-25T23:30:00-05:00", "2025-11-25"}, // the day where it was printed
		{"2025-11", "2025-11-01"},
		{"2025", "2025-01-01"},
		{"", ""},
		{"25 Nov", ""},
		{"2025-02-30", ""},
	} {
		if got := extractor.ParseDate(tt.in).String(); got != tt.want {
			t.Errorf("ParseDate(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	d := extractor.DateOf(2024, 1, 31)
	if diff := cmp.Diff("2024-02-29", d.AddMonths(1).String()); diff != "" {
		t.Errorf("a month after 31 January (-want +got):\n%s", diff)
	}
	if got := d.AddDays(-31).String(); got != "2023-12-31" {
		t.Errorf("AddDays(-31) = %s", got)
	}
	if got := d.Days(extractor.DateOf(2024, 3, 1)); got != 30 {
		t.Errorf("Days = %d, want 30", got)
	}
}
