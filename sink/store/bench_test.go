package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// BenchmarkWrite stores what the pipeline makes of printed news, in batches of 500:
// of each article 17 claims are new, of which every second is printed again by the
// next article and all are made final later.
func BenchmarkWrite(b *testing.B) {
	const articles, batch = 300, 500
	records := news(articles)
	var size int64
	for b.Loop() {
		location := filepath.Join(b.TempDir(), "claims.db")
		s, err := store.Open(b.Context(), store.Config{Location: location})
		if err != nil {
			b.Fatal(err)
		}
		for part := range slices.Chunk(records, batch) {
			if err := s.Write(b.Context(), part); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(location)
		if err != nil {
			b.Fatal(err)
		}
		size = info.Size()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*articles)/1000, "ms/article")
	b.ReportMetric(float64(size)/articles/1024, "KiB/article")
}

// news returns the records of articles as a store gets them: articles, then changes.
func news(articles int) []sink.Record {
	const claims = 17
	var records, changes []sink.Record
	var before []*schemas.Change // of the article before
	revisions := map[string]int{}
	tell := func(kind schemas.ChangeKind, c schemas.Claim, cause *schemas.Article, at string) *schemas.Change {
		revisions[c.ID]++
		ch := &schemas.Change{
			SchemaVersion: schemas.Version, ID: schemas.ID("x", c.ID, fmt.Sprint(revisions[c.ID])), Change: kind, Revision: revisions[c.ID],
			KnownAt: at, Country: c.Place.Country, Claim: c, Series: seriesOf(&c), Cause: schemas.Cause{Claims: []string{}},
		}
		if cause != nil {
			ch.Cause.Article = &schemas.ArticleRef{ID: cause.ID, Version: cause.Version}
		}
		changes = append(changes, sink.Record{Stream: schemas.StreamClaims, Sequence: uint64(len(changes) + 1), Change: ch})
		return ch
	}
	var final []*schemas.Change
	for i := range articles {
		a, quotes := report(i, claims)
		records = append(records, sink.Record{Stream: schemas.StreamArticles, Sequence: uint64(i + 1), Article: a})
		for j, prior := range before {
			if j%2 == 0 {
				c := prior.Claim
				c.Citations = append(slices.Clone(c.Citations), sinktest.Cite(a, quotes[j], fmt.Sprint(100+j), a.ID))
				sinktest.Count(&c)
				c.Confidence.Linking = 0.95
				before[j] = tell(schemas.ChangeCorroborated, c, a, a.PublishedAt)
			}
		}
		final, before = append(final, before...), nil
		for j, q := range quotes {
			before = append(before, tell(schemas.ChangeAsserted, newsClaim(i, j, a, q), a, a.PublishedAt))
		}
	}
	for _, ch := range append(final, before...) {
		c := ch.Claim
		c.Stability = schemas.Final
		tell(schemas.ChangeFinalized, c, nil, "2026-01-01T00:00:00Z")
	}
	return append(records, changes...)
}

// report is an article of n sentences that are quoted.
func report(i, n int) (*schemas.Article, []string) {
	text := ""
	quotes := make([]string, n)
	for j := range quotes {
		quotes[j] = fmt.Sprintf("The council of the %d. quarter said that %d loads of grain and 40 pumps had come over the northern bridge since Monday", j, 100+j)
		text += quotes[j] + ", which is less than it had hoped for in spring.\n"
	}
	a := &schemas.Article{
		URL:       fmt.Sprintf("https://www.paper%d.example/stories/grain-comes-over-the-northern-bridge-%d", i%12, i),
		Publisher: schemas.Publisher{Name: fmt.Sprint("Paper ", i%12), Domain: fmt.Sprintf("www.paper%d.example", i%12)}, Title: fmt.Sprint("Grain comes over the bridge: ", i),
		PublishedAt: time.Date(2025, 11, 1, 0, i, 0, 0, time.UTC).Format(time.RFC3339), Language: "en", Text: text, TextForm: schemas.Readable1,
	}
	if err := a.Complete(); err != nil {
		panic(err)
	}
	return a, quotes
}

func newsClaim(i, j int, a *schemas.Article, quote string) schemas.Claim {
	v := schemas.Int(int64(100 + j))
	id := fmt.Sprint("news ", i, " ", j)
	c := schemas.Claim{
		SchemaVersion: schemas.Version, ID: schemas.ID("c", id), SeriesID: schemas.ID("s", id), Kind: schemas.QuantityClaim, Measure: "cargo-entered", Predicate: "come",
		Tier: schemas.Reportable, Stability: schemas.Provisional, MadeBy: schemas.MadeBy{Program: "claimwire test", NLP: "own"},
		Text:  fmt.Sprintf("%d loads of grain came over the northern bridge into the %d. quarter of Orsk since 2025-10-27", 100+j, j),
		Value: &v, Comparator: schemas.Exact, Unit: schemas.UnitCount, Counted: "load of grain", Modality: schemas.Asserted,
		Agent:     &schemas.ClaimEntity{ID: schemas.ID("e", fmt.Sprint(j)), Name: fmt.Sprintf("Council of the %d. quarter", j)},
		Place:     &schemas.ClaimPlace{ID: schemas.ID("p", "orsk"), Name: "Orsk", Country: "UA", Path: []string{schemas.ID("p", "north"), schemas.ID("p", "country")}},
		Time:      &schemas.Interval{Start: "2025-10-27", End: "2025-11-01"},
		Sources:   []schemas.ClaimEntity{{ID: schemas.ID("e", fmt.Sprint(j)), Name: fmt.Sprintf("Council of the %d. quarter", j)}},
		OriginOf:  map[string]schemas.SlotOrigin{},
		Citations: []schemas.Citation{sinktest.Cite(a, quote, fmt.Sprint(100+j), a.ID)}, Relations: []schemas.Relation{}, ReplacedBy: []string{},
		Confidence: schemas.Confidence{Extraction: 0.8, Linking: 0.9, Attribution: 0.8},
	}
	sinktest.Count(&c)
	return c
}

// seriesOf returns the series of a claim that is alone in it.
func seriesOf(c *schemas.Claim) *schemas.Series {
	p := schemas.SeriesPoint{Claim: c.ID, AsOf: c.LastSeen[:10], Value: c.Value, Comparator: c.Comparator, Modality: c.Modality, Tier: c.Tier, Origins: []string{c.Citations[0].Origin}}
	return &schemas.Series{
		SchemaVersion: schemas.Version, ID: c.SeriesID, Kind: c.Kind, Measure: c.Measure, Text: "loads of grain into Orsk", Unit: c.Unit, Counted: c.Counted,
		Agent: c.Agent, Place: c.Place, Time: c.Time, Modality: c.Modality, Stability: c.Stability, Points: []schemas.SeriesPoint{p}, PointCount: 1,
		Envelope: schemas.Envelope{Min: c.Value, Max: c.Value, Origins: []schemas.OriginFigures{}}, Conflicts: []schemas.Conflict{},
		Preferred: &schemas.Preferred{Claim: c.ID, Policy: "latest-most-origins"}, FirstSeen: c.FirstSeen, LastSeen: c.LastSeen,
	}
}
