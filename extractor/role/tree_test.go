//go:build !noweights

package role_test

import (
	"testing"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/parse"
	"github.com/claimwire/claimwire/extractor/tag"
)

// TestTrees reads testdata/trees/*.txtar, as TestGolden does, with tags and trees
// of our own models.
func TestTrees(t *testing.T) {
	tagger, err := tag.New()
	if err != nil {
		t.Fatal(err)
	}
	parser, err := parse.New(parse.Needed)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/trees/*.txtar", []extractor.Stage{tagger, tag.Mender{}}, []extractor.Stage{parser})
}
