package normalizer

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/normalizer/text"
)

// stopwords tell nothing about the story: function words, and what every
// report of an event says.
var stopwords = wordSet(`
a an the this that these those some any all both each other another such own same no not nor only very too also just more most much many few
of in on at by for from with without within into onto over under about above below after before between through during against near since until
up down out off again further then once here there where when while why how as than so if or and but because although though however
i me my we us our you your he him his she her it its they them their who whom whose which what
is am are was were be been being have has had having do does did doing will would shall should can could may might must
say says said saying told tell tells tell according added adding report reports reported reporting reporters news media agency statement sources source
year years month months week weeks day days today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
one two three four five six seven eight nine ten first second last next new former late early least mr mrs ms
people person persons made make makes take takes took taken come came comes going gone went get got gets including included include
`)

func wordSet(s string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// contentHashes returns the hashes of the words that tell what a text is about,
// cut to six letters so that inflections meet, sorted and unique.
func contentHashes(words []string) []uint32 {
	out := make([]uint32, 0, len(words)/2)
	for _, w := range words {
		if len(w) < 4 || stopwords[w] || w[0] >= '0' && w[0] <= '9' {
			continue
		}
		if len(w) > 6 {
			w = w[:6]
		}
		out = append(out, text.Hash(w))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// singular cuts the plural off an English noun, well enough to compare modifiers.
func singular(w string) string {
	switch {
	case len(w) > 4 && strings.HasSuffix(w, "ies"):
		return w[:len(w)-3] + "y"
	case len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}
