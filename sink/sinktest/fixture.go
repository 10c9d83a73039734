package sinktest

import (
	"fmt"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Records returns what a small newsroom would send: articles of four running
// stories in English, and the changes of their claims, of every kind that there
// is, with right offsets and hashes throughout. Each stream's sequence starts at 1. The caller may change
// the result.
func Records() []sink.Record {
	n := &newsroom{claims: map[string]*schemas.Claim{}, revisions: map[string]int{}}
	n.earthquake()
	n.talks()
	n.takeover()
	n.grounding()
	n.review()
	return n.records
}

// review is what somebody decided about the last claim that was retracted.
func (n *newsroom) review() {
	for _, c := range Changes(n.records) {
		if c.Change != schemas.ChangeRetracted || len(c.Claim.Citations) == 0 {
			continue
		}
		n.records = append(n.records, sink.Record{Stream: schemas.StreamReviews, Sequence: 1, Review: &schemas.Review{
			SchemaVersion: schemas.Version, ID: schemas.ID("r", c.ID), At: time.Date(2025, 11, 25, 9, 0, 0, 0, time.UTC), By: "Night desk",
			Why: "The paper counts, it does not assert.", Action: schemas.ReviewReject,
			Anchor: c.Claim.Citations[0].Anchor(),
		}})
		return
	}
}

// Changes returns the changes among records, in order.
func Changes(records []sink.Record) []*schemas.Change {
	var out []*schemas.Change
	for _, r := range records {
		if r.Change != nil {
			out = append(out, r.Change)
		}
	}
	return out
}

// A newsroom collects records while its stories are told.
type newsroom struct {
	records   []sink.Record
	claims    map[string]*schemas.Claim // the latest of each id that lives
	revisions map[string]int
	sequence  [2]uint64 // last one used: articles, changes
}

func (n *newsroom) article(domain, name, at, title string, paragraphs ...string) *schemas.Article {
	text := strings.Join(paragraphs, "\n")
	fetched, err := time.Parse(time.RFC3339, at)
	if err != nil {
		panic(err)
	}
	a := &schemas.Article{
		URL:       "https://www." + domain + "/" + strings.ReplaceAll(strings.ToLower(title), " ", "-"),
		Publisher: schemas.Publisher{Name: name, Domain: domain}, Title: title, PublishedAt: at, FetchedAt: &fetched,
		Language: "en", Text: text, TextForm: schemas.Readable1,
	}
	off, pos := schemas.NewOffsets(text), 0
	for _, p := range paragraphs {
		a.Paragraphs = append(a.Paragraphs, schemas.Paragraph{Span: schemas.Span{Start: off.Runes(pos), End: off.Runes(pos + len(p))}, Support: 2})
		pos += len(p) + 1
	}
	if err := a.Complete(); err != nil {
		panic(err)
	}
	n.sequence[0]++
	n.records = append(n.records, sink.Record{Stream: schemas.StreamArticles, Sequence: n.sequence[0], Article: a})
	return a
}

// Cite returns the citation of quote in a, with figure inside it. Both must
// occur in the text; origin names the text that a was copied from.
func Cite(a *schemas.Article, quote, figure, origin string) schemas.Citation {
	at := strings.Index(a.Text, quote)
	if at < 0 {
		panic("no such words in " + a.Title + ": " + quote)
	}
	off := schemas.NewOffsets(a.Text)
	span := schemas.Span{Start: off.Runes(at), End: off.Runes(at + len(quote))}
	text := []rune(a.Text)
	c := schemas.Citation{
		ArticleID: a.ID, ArticleVersion: a.Version, URL: a.Address(), Publisher: a.Publisher, PublishedAt: a.PublishedAt,
		Origin: origin, Support: 2, Field: schemas.InText, Start: span.Start, End: span.End, TextSHA256: a.TextSHA256,
		Quote: schemas.Quote{
			Exact: quote, Span: span,
			Prefix: string(text[max(0, span.Start-32):span.Start]), Suffix: string(text[span.End:min(len(text), span.End+32)]),
		},
	}
	if figure != "" {
		f := at + strings.Index(quote, figure)
		c.Figure = &schemas.Span{Start: off.Runes(f), End: off.Runes(f + len(figure))}
	}
	return c
}

// figure returns a claim of kind quantity about people or things.
func figure(series, measure string, value int64, cmp schemas.Comparator, text string) *schemas.Claim {
	v := schemas.Int(value)
	return &schemas.Claim{
		SchemaVersion: schemas.Version, ID: schemas.ID("c", series, v.String(), string(cmp)), SeriesID: schemas.ID("s", series),
		Kind: schemas.QuantityClaim, Measure: measure, Tier: schemas.Reportable, Stability: schemas.Provisional,
		MadeBy: schemas.MadeBy{Program: "claimwire test", NLP: "own"}, Text: text,
		Value: &v, Comparator: cmp, Unit: schemas.UnitCount, Modality: schemas.Asserted,
		Sources: []schemas.ClaimEntity{}, OriginOf: map[string]schemas.SlotOrigin{}, Relations: []schemas.Relation{}, ReplacedBy: []string{},
		Confidence: schemas.Confidence{Extraction: 0.97, Linking: 0.9, Attribution: 0.88},
	}
}

// tell announces a change of claim: cites are added to it, and corroboration and
// series follow from the claims told so far.
func (n *newsroom) tell(kind schemas.ChangeKind, c *schemas.Claim, cause *schemas.Article, cites ...schemas.Citation) {
	next := *c
	next.Citations = append(append([]schemas.Citation{}, c.Citations...), cites...)
	Count(&next)
	*c = next
	n.claims[c.ID] = c
	switch kind {
	case schemas.ChangeMerged, schemas.ChangeSplit, schemas.ChangeWithdrawn, schemas.ChangeRetracted:
		delete(n.claims, c.ID) // no longer in its series
	}
	n.revisions[c.ID]++
	n.sequence[1]++
	ch := &schemas.Change{
		SchemaVersion: schemas.Version, Change: kind, Revision: n.revisions[c.ID], KnownAt: c.LastSeen,
		Country: schemas.NoCountry, Claim: next, Cause: schemas.Cause{Claims: []string{}},
	}
	if cause != nil {
		ch.Cause.Article = &schemas.ArticleRef{ID: cause.ID, Version: cause.Version}
		ch.KnownAt = cause.FetchedAt.Format(time.RFC3339)
	} else {
		ch.Cause.Watermark = c.LastSeen
	}
	if c.Place != nil {
		ch.Country = c.Place.Country
	}
	ch.ID = schemas.ID("x", c.ID, string(kind), fmt.Sprint(n.sequence[1]))
	ch.Series = n.series(&next)
	n.records = append(n.records, sink.Record{Stream: schemas.StreamClaims, Sequence: n.sequence[1], Change: ch})
}

// Count sets the counts and dates of a claim that follow from its citations.
func Count(c *schemas.Claim) {
	articles, texts, publishers, origins := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	c.FirstSeen, c.LastSeen = "", ""
	for _, ct := range c.Citations {
		articles[ct.ArticleID], texts[ct.TextSHA256], publishers[ct.Publisher.Domain], origins[ct.Origin] = true, true, true, true
		if c.FirstSeen == "" || ct.PublishedAt < c.FirstSeen {
			c.FirstSeen = ct.PublishedAt
		}
		c.LastSeen = max(c.LastSeen, ct.PublishedAt)
	}
	c.CitationCount = len(c.Citations)
	c.Corroboration = schemas.Corroboration{Mentions: len(c.Citations), Articles: len(articles), Texts: len(texts), Publishers: len(publishers), Origins: len(origins)}
}

func (n *newsroom) series(last *schemas.Claim) *schemas.Series {
	s := &schemas.Series{
		SchemaVersion: schemas.Version, ID: last.SeriesID, Kind: last.Kind, Measure: last.Measure, Text: last.Counted,
		Unit: last.Unit, Counted: last.Counted, Per: last.Per, Category: last.Category, Agent: last.Agent, Victim: last.Victim, Place: last.Place, Time: last.Time,
		Modality: last.Modality, Stability: last.Stability, Points: []schemas.SeriesPoint{}, Envelope: schemas.Envelope{Origins: []schemas.OriginFigures{}}, Conflicts: []schemas.Conflict{},
	}
	if last.Place != nil {
		s.Text += " in " + last.Place.Name
	}
	for _, c := range n.claims {
		if c.SeriesID != last.SeriesID {
			continue
		}
		p := schemas.SeriesPoint{Claim: c.ID, AsOf: c.LastSeen[:10], Value: c.Value, Min: c.Min, Max: c.Max, Comparator: c.Comparator, Modality: c.Modality, Tier: c.Tier, Origins: []string{}}
		for _, ct := range c.Citations {
			p.Origins = append(p.Origins, ct.Origin)
		}
		sortStrings(&p.Origins)
		s.Points = append(s.Points, p)
		for _, r := range c.Relations {
			if r.Type == schemas.ConflictsWith && c.ID < r.Claim {
				s.Conflicts = append(s.Conflicts, schemas.Conflict{Claims: [2]string{c.ID, r.Claim}, AsOf: c.LastSeen[:10]})
			}
		}
		if s.FirstSeen == "" || c.FirstSeen < s.FirstSeen {
			s.FirstSeen = c.FirstSeen
		}
		s.LastSeen = max(s.LastSeen, c.LastSeen)
	}
	if len(s.Points) == 0 {
		return nil
	}
	sortPoints(s.Points)
	for i := range s.Points {
		s.Points[i].Superseded = i < len(s.Points)-1 && s.Points[i].AsOf < s.Points[len(s.Points)-1].AsOf
	}
	s.PointCount = len(s.Points)
	s.Envelope = sink.EnvelopeOf(s.Points)
	s.Preferred = &schemas.Preferred{Claim: s.Points[len(s.Points)-1].Claim, Policy: "latest-most-origins"}
	return s
}
