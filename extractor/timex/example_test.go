package timex_test

import (
	"fmt"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func ExampleTagger() {
	doc := &extractor.Doc{
		Text:      "The dam broke on Tuesday, two days after the rain began. A new one will be built by the end of next year.",
		Published: extractor.ParseDate("2024-05-15"),
	}
	stages := extractor.Pipeline{tokenize.New(), timex.New()}
	if err := stages.Annotate(doc); err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range doc.Times {
		fmt.Printf("%s = %s (%s to %s)\n", doc.Slice(t.Span), t.Value, t.From, t.Until)
	}
	// Output:
	// Tuesday = 2024-05-14 (2024-05-14 to 2024-05-14)
	// two days after = 2024-05-14 (2024-05-14 to 2024-05-14)
	// the end of next year = 2025 (2025-01-01 to 2025-12-31)
}
