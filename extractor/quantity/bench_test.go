package quantity_test

import (
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// news is wire-like text with a figure in every second sentence.
const news = `At least 31 miners came up alive on Sunday after a roof fell in at the Harrow pit, officials said.
The company, which employs about 1,200 people in the valley, lost $4.5 million in the first quarter.
Rescuers worked through the night. They had brought pumps, ropes and lamps from the coast.
"We will not stop until everybody is home," said the head of the team, who has led such work before.
Prices rose by 3 to 4 percent a year, down from 7 percent, while wages stood still.
Nobody was hurt when a second shaft, 40 km to the north, was closed a day later.
The minister promised that an inquiry would begin as soon as the families had been told.
`

// BenchmarkAnnotate measures the tagger alone.
func BenchmarkAnnotate(b *testing.B) {
	doc := &extractor.Doc{Text: strings.Repeat(news, 20)}
	if err := tokenize.New().Annotate(doc); err != nil {
		b.Fatal(err)
	}
	stagetest.Speed(b, doc, quantity.New())
}
