package tokenize_test

import (
	"fmt"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func Example() {
	doc := &extractor.Doc{Text: "The firm didn't pay $1.2bn. It couldn't."}
	if err := tokenize.New().Annotate(doc); err != nil {
		fmt.Println(err)
	}
	for _, s := range doc.Sentences {
		for i := s.From; i < s.To; i++ {
			fmt.Print(doc.Word(i), "|")
		}
		fmt.Println()
	}
	// Output:
	// The|firm|did|n't|pay|$|1.2|bn|.|
	// It|could|n't|.|
}
