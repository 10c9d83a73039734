package english_test

import (
	"os"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestPages counts what is read from pages that are no news: headlines in
// capitals, menus, tables turned to text, results, recipes, poems, terms, other
// languages. most is how many figures a page may yield that look fit to report,
// and sure how many of those with a confidence of 0.9 or more.
func TestPages(t *testing.T) {
	e := reader(t, "own")
	for _, tt := range []struct {
		page       string
		most, sure int
		skipped    bool
	}{
		{page: "headlines", most: 0, sure: 0},
		{page: "menu", most: 1, sure: 1},
		{page: "table", most: 0, sure: 0},
		{page: "results", most: 2, sure: 2},
		{page: "recipe", most: 8, sure: 7},
		{page: "poem", most: 3, sure: 3},
		{page: "terms", most: 0, sure: 0},
		{page: "french", skipped: true},
		{page: "german", skipped: true},
	} {
		t.Run(tt.page, func(t *testing.T) {
			data, err := os.ReadFile("testdata/pages/" + tt.page + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			x := extract(t, e, schemas.Article{ID: tt.page, PublishedAt: "2024-05-15", Text: strings.TrimSpace(string(data))})
			if (x.Skipped != "") != tt.skipped {
				t.Fatalf("skipped: %q, want skipped %t", x.Skipped, tt.skipped)
			}
			most, sure := 0, 0
			for i := range x.Quantities {
				q := &x.Quantities[i]
				if q.Confidence < 0.5 || q.Counted == nil && q.Category == nil && q.Measure == schemas.OtherMeasure {
					continue
				}
				if most++; q.Confidence >= 0.9 {
					sure++
				}
				counted := ""
				if q.Counted != nil {
					counted = q.Counted.Text
				}
				t.Logf("%s %q of %q %s %.2f", q.Measure, q.Text, counted, q.Unit, q.Confidence)
				if q.Category != nil && q.Confidence >= 0.9 {
					t.Errorf("%q is %s at confidence %.2f", q.Text, *q.Category, q.Confidence)
				}
			}
			t.Logf("%d figures in %d words, %d of them sure", most, len(strings.Fields(string(data))), sure)
			if most > tt.most || sure > tt.sure {
				t.Errorf("%d figures, %d of them sure; want at most %d and %d", most, sure, tt.most, tt.sure)
			}
		})
	}
}

// TestNewsPage shows that what TestPages holds down is not silence.
func TestNewsPage(t *testing.T) {
	data, err := os.ReadFile("testdata/pages/news.txt")
	if err != nil {
		t.Fatal(err)
	}
	x := extract(t, reader(t, "own"), schemas.Article{ID: "news", PublishedAt: "2024-05-15", Text: string(data)})
	sure := 0
	for _, q := range x.Quantities {
		if q.Confidence >= 0.85 {
			sure++
		}
	}
	if sure < 6 {
		t.Errorf("%d sure figures, want 6 at least: %+v", sure, x.Quantities)
	}
}
