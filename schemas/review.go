package schemas

import (
	"encoding/json"
	"slices"
)

// Anchored returns a decision about the first of claims as reviews: one for each
// text that it rests on, so that the decision holds wherever that is printed, but
// one alone for a merge. The other claims are those that it is merged with or split
// from; a split without them takes the citations of the claim apart. The reviews
// are of the kind of the claim and have their ids.
func Anchored(r Review, claims ...*Claim) []Review {
	r.Kind = claims[0].Kind
	if r.Kind == QuantityClaim {
		r.Kind = ""
	}
	own := anchors(claims[0])
	var others []Anchor
	for _, c := range claims[1:] {
		others = append(others, anchors(c)...)
	}
	if r.Action == ReviewMerge {
		r.Anchors = slices.Concat(own, others)
		return []Review{r.sealed()}
	}
	var out []Review
	for i, a := range own {
		one := r
		one.Anchor = a
		if r.Action == ReviewSplit {
			one.Anchors = others
			if len(claims) == 1 {
				one.Anchors = slices.Delete(slices.Clone(own), i, i+1)
			}
		}
		out = append(out, one.sealed())
	}
	return out
}

// anchors lists the words that a claim rests on, those of one text once.
func anchors(c *Claim) []Anchor {
	var out []Anchor
	for i := range c.Citations {
		a := c.Citations[i].Anchor()
		if !slices.ContainsFunc(out, func(b Anchor) bool { return b.TextSHA256 == a.TextSHA256 && b.Span == a.Span }) {
			out = append(out, a)
		}
	}
	return out
}

// Blocked returns the review that blocks a source, with its id.
func Blocked(r Review, source string) Review {
	r.Action, r.Source = ReviewBlock, source
	return r.sealed()
}

// Purged returns the review that erases what p names, with its id.
func Purged(r Review, p *Purge) Review {
	r.Action, r.Purge = ReviewPurge, p
	return r.sealed()
}

// sealed returns the review with the id that names all it says.
func (r Review) sealed() Review {
	r.ID = ""
	b, err := json.Marshal(&r)
	if err != nil { // a value that came from JSON goes back to it
		panic(err)
	}
	r.ID = ID("r", string(b))
	return r
}
