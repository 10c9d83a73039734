package statement_test

import (
	"fmt"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

func ExampleTagger() {
	doc := &extractor.Doc{Text: `Nine people are missing, the coastguard said. "We heard a loud crash," a survivor told reporters.`}
	stages := extractor.Pipeline{tokenize.New(), statement.New()}
	if err := stages.Annotate(doc); err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range doc.Statements {
		fmt.Printf("%s (%s, %s): %s\n", s.Speaker.Name, doc.Slice(s.Cue), s.Mode, doc.Slice(s.Span))
	}
	// Output:
	// the coastguard (said, indirect): Nine people are missing
	// a survivor (told, direct): We heard a loud crash
}
