//go:build !noweights

package entity_test

import (
	"fmt"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func Example() {
	names, err := entity.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	doc := &extractor.Doc{Text: "Foreign Minister Hakan Fidan flew from Ankara to Cairo, Turkish officials said."}
	if err := (extractor.Pipeline{tokenize.New(), names}).Annotate(doc); err != nil {
		fmt.Println(err)
	}
	for _, n := range doc.Names {
		fmt.Println(n.Type, doc.Slice(n.Span))
	}
	// Output:
	// PER Hakan Fidan
	// LOC Ankara
	// LOC Cairo
	// NORP Turkish
}
