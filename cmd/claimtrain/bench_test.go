//go:build !noweights

package main

import (
	"strings"
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/entity"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// report is a made-up agency report.
const report = `Flood kills 14 in river towns

PORT HALE (Wire) - At least 14 people died and more than 2,300 were evacuated after the Mira burst its banks on Tuesday, officials said.
"We couldn't reach the upper villages until 6 p.m.," Gov. Anna T. Lindqvist told reporters. "It's the worst flood since the 1970s."
The U.S. Agency for Rivers put the damage at $1.2bn, up from $300m in last year's storm; French and al-Noor Foundation teams are on their way to Lower Hale.
Lindqvist had warned in June that the dams near Port Hale, built with Chinese loans, were not inspected. The Interior Ministry denied it.
`

// BenchmarkCore times the text core: words, sentences, tags and names.
func BenchmarkCore(b *testing.B) {
	tagger, err := tag.New()
	if err != nil {
		b.Fatal(err)
	}
	names, err := entity.New()
	if err != nil {
		b.Fatal(err)
	}
	core := extractor.Pipeline{tokenize.New(), tagger, names}
	text := strings.Repeat(report, 5)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		doc := &extractor.Doc{Text: text}
		if err := core.Annotate(doc); err != nil {
			b.Fatal(err)
		}
		n += len(doc.Tokens)
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "words/s")
}
