package english

import (
	"cmp"
	"strings"

	"github.com/claimwire/claimwire/extractor/entity/resolve"
	"github.com/claimwire/claimwire/schemas"
)

// Complete fills what follows from the rest of an extraction that people or other
// programs made: the article's own members, what the gazetteers know of its
// entities, which of them the slots name, measures of categories, heads of counted
// phrases, words and span of each figure. What is given stays, and what an
// [Extractor] made is left as it is. An article that cannot be read is an error that
// matches [schemas.ErrMalformed].
func Complete(x *schemas.Extraction) error {
	if err := x.Article.Complete(); err != nil {
		return err
	}
	if x.ArticleID == "" {
		x.ArticleID = x.Article.ID
	}
	if x.ArticleVersion == "" {
		x.ArticleVersion = x.Article.Version
	}
	if byHand(x) {
		completeByHand(x)
	}
	resolve.Complete(x.Entities)
	for _, qs := range [][]schemas.Quantity{x.Quantities, x.HeadlineQuantities} {
		for i := range qs {
			completeQuantity(&qs[i])
		}
	}
	return nil
}

func completeQuantity(q *schemas.Quantity) {
	if q.Phrase.End <= q.Phrase.Start {
		q.Phrase = q.Span
	}
	if q.Measure == "" {
		q.Measure = schemas.OtherMeasure
		if q.Category != nil {
			q.Measure = "person-" + string(*q.Category)
		}
	}
	if q.Comparator == "" {
		q.Comparator = schemas.Exact
	}
	if q.Unit == "" {
		q.Unit = schemas.UnitCount
	}
	if q.Modality == "" {
		q.Modality = schemas.Asserted
	}
	if p := q.Per; p != nil && p.Unit == "" {
		p.Unit = strings.ToLower(cmp.Or(p.Name, p.Text))
	}
	if c := q.Counted; c != nil && c.Head == "" {
		if ws := strings.Fields(strings.ToLower(c.Text)); len(ws) > 0 {
			c.Head = headOf(strings.Trim(ws[len(ws)-1], ".,'’\""))
		}
	}
}

// headOf is the singular of a noun, well enough to compare with those that the
// extractor gives.
func headOf(noun string) string {
	switch noun {
	case "people":
		return "person"
	case "children":
		return "child"
	case "men":
		return "man"
	case "women":
		return "woman"
	}
	switch {
	case len(noun) > 4 && strings.HasSuffix(noun, "ies"):
		return noun[:len(noun)-3] + "y"
	case len(noun) > 3 && strings.HasSuffix(noun, "s") && !strings.HasSuffix(noun, "ss"):
		return noun[:len(noun)-1]
	}
	return noun
}
