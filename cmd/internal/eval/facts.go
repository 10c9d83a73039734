package eval

import (
	"fmt"
	"maps"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// Names of the scores of groups.
const (
	corefName     = "entity coref B3 (found mentions)"
	factName      = "FACT B3 (missed figures are singletons)"
	factPairsName = "FACT pairs across articles"
)

// bcubed compares two ways of grouping the same items: B-cubed, Bagga and Baldwin
// 1998. Both maps give the group of each item.
func bcubed(gold, got map[string]string) Row {
	if len(gold) == 0 {
		return Row{}
	}
	type cell struct{ gold, got string }
	both, ofGold, ofGot := map[cell]int{}, map[string]int{}, map[string]int{}
	for k, g := range gold {
		both[cell{g, got[k]}]++
		ofGold[g]++
		ofGot[got[k]]++
	}
	var p, r float64
	for _, k := range slices.Sorted(maps.Keys(gold)) { // in one order: sums of floats depend on it
		n := float64(both[cell{gold[k], got[k]}])
		p += n / float64(ofGot[got[k]])
		r += n / float64(ofGold[gold[k]])
	}
	p, r = p/float64(len(gold)), r/float64(len(gold))
	return Row{P: round4(p), R: round4(r), F1: round4(f1(p, r)), Gold: len(gold), Predicted: len(gold)}
}

// scoreFacts adds to scores how well series put the figures about one thing
// together: over all figures, and over pairs of figures of different articles.
func scoreFacts(scores map[string]Row, golds []Gold, claims []schemas.Claim) {
	series := seriesOf(claims)
	gold, got := map[string]string{}, map[string]string{}
	doc := map[string]string{}
	for i := range golds {
		for j := range golds[i].Quantities {
			q := &golds[i].Quantities[j]
			if q.Fact == "" {
				continue
			}
			key := fmt.Sprintf("%s\x00%d", golds[i].Doc, j)
			gold[key], got[key], doc[key] = golds[i].Cluster+"\x00"+q.Fact, "lone\x00"+key, golds[i].Doc
			for _, f := range series[golds[i].Doc] {
				if overlap(f.span, q.Span) > 0 {
					got[key] = f.series
					break
				}
			}
		}
	}
	if len(gold) == 0 {
		return
	}
	scores[factName] = bcubed(gold, got)
	var t tally
	keys := slices.Sorted(maps.Keys(gold))
	for i, a := range keys {
		for _, b := range keys[:i] {
			if doc[a] != doc[b] {
				g, p := gold[a] == gold[b], got[a] == got[b]
				t.add(one(g && p), one(p && !g), one(g && !p))
			}
		}
	}
	scores[factPairsName] = t.row()
}

// A figure is one place in an article that a series cites.
type figure struct {
	span   schemas.Span
	series string
}

// seriesOf lists the figures cited in each article's text, in the order of claims.
func seriesOf(claims []schemas.Claim) map[string][]figure {
	out := map[string][]figure{}
	for i := range claims {
		if claims[i].Kind != schemas.QuantityClaim {
			continue
		}
		for _, c := range claims[i].Citations {
			if c.Figure != nil && c.Field != schemas.InTitle {
				out[c.ArticleID] = append(out[c.ArticleID], figure{*c.Figure, claims[i].SeriesID})
			}
		}
	}
	return out
}
