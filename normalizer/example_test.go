package normalizer_test

import (
	"fmt"

	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// Two papers give the toll of one storm: two claims in one series, and the newer
// figure is preferred.
func ExampleBatch() {
	report := func(id, day string, dead int64, text string) schemas.Extraction {
		a := schemas.Article{ID: id, PublishedAt: day, Text: text, Publisher: schemas.Publisher{Domain: id + ".example"}}
		if err := a.Complete(); err != nil {
			panic(err)
		}
		killed, n := schemas.Killed, schemas.Int(dead)
		figure := schemas.Span{Start: 21, End: 23} // where the numeral stands in both texts
		return schemas.Extraction{
			SchemaVersion: schemas.Version, ArticleID: a.ID, ArticleVersion: a.Version, Article: a,
			Entities: []schemas.Entity{{
				ID: "e0", Type: schemas.Location, Name: "Mora", Key: "mora", Country: "SE",
				Mentions: []schemas.Mention{{Span: schemas.Span{Start: 34, End: 38}, Text: "Mora"}},
			}},
			Quantities: []schemas.Quantity{{
				Span: figure, Text: text[21:23], Phrase: figure, Value: &n, Comparator: schemas.Exact, Unit: schemas.UnitCount,
				Category: &killed, Measure: "person-killed", Modality: schemas.Asserted, Confidence: 0.9,
				Place: &schemas.Slot{Name: "Mora", Entity: "e0", Start: 34, End: 38}, Time: &schemas.Interval{Start: "2025-02-01", End: "2025-02-01"},
			}},
		}
	}
	claims, series, err := normalizer.Batch([]schemas.Extraction{
		report("courier", "2025-02-03", 14, "The storm has killed 14 people in Mora."),
		report("herald", "2025-02-02", 11, "The storm has killed 11 people in Mora."),
	})
	if err != nil {
		panic(err)
	}
	for _, s := range series {
		for _, p := range s.Points {
			fmt.Println(p.AsOf, p.Value, p.Superseded)
		}
		for _, c := range claims {
			if c.ID == s.Preferred.Claim {
				fmt.Printf("%s %q\n", c.Text, c.Citations[0].Quote.Exact)
			}
		}
	}
	// Output:
	// 2025-02-02 11 true
	// 2025-02-03 14 false
	// 14 people were killed in Mora on 1 February 2025. "The storm has killed 14 people in Mora."
}
