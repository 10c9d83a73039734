package role_test

import (
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/extractor/prose"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/role"
	"github.com/claimwire/claimwire/extractor/stagetest"
	"github.com/claimwire/claimwire/extractor/statement"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

const news = `At least 31 miners were killed on Sunday when a roof fell in at the Harrow pit, officials said.
The company, which employs about 1,200 people in the valley, lost $4.5 million in the first quarter.
Rescuers worked through the night. They had brought pumps, ropes and lamps from the coast.
"We will not stop until everybody is home," said the head of the team, who has led such work before.
Prices rose by 3 to 4 percent a year, down from 7 percent, while wages stood still.
Nobody was hurt when a second shaft, 40 km to the north, was closed a day later.
The minister promised that an inquiry would begin as soon as the families had been told.
`

// BenchmarkAnnotate measures quantities and roles together, the other layers
// being there.
func BenchmarkAnnotate(b *testing.B) {
	tags, err := prose.New()
	if err != nil {
		b.Fatal(err)
	}
	doc := &extractor.Doc{Text: strings.Repeat(news, 20), Published: extractor.ParseDate("2024-05-20")}
	before := extractor.Pipeline{tokenize.New(), tags, names{"Harrow": "LOC"}, resolve.New(), timex.New(), quantity.New(), statement.New()}
	if err := before.Annotate(doc); err != nil {
		b.Fatal(err)
	}
	stagetest.Speed(b, doc, quantity.New(), role.New())
}
