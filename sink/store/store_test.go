package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

var same = cmp.Options{cmp.AllowUnexported(schemas.Decimal{}), cmpopts.EquateEmpty()}

// forEach runs a test on both databases. fresh returns the location of an empty one.
func forEach(t *testing.T, test func(t *testing.T, fresh func(t *testing.T) string)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "odd name #1?%41", "claims.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, func(t *testing.T) string { return postgres.Database(t) })
	})
}

func open(t *testing.T, location string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Location: location})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		sinktest.Test(t, func(t *testing.T) sinktest.Target {
			location := fresh(t)
			return sinktest.Target{
				Open:     func() (sink.Sink, error) { return store.Open(t.Context(), store.Config{Location: location}) },
				Contents: func() ([]string, error) { return dump(location) },
				Keeps:    store.Streams,
			}
		})
	})
}

func TestKillSQLite(t *testing.T) {
	t.Parallel()
	kill(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "claims.db") })
}

func TestKillPostgres(t *testing.T) {
	t.Parallel()
	kill(t, func(t *testing.T) string { return postgres.Database(t) })
}

func kill(t *testing.T, fresh func(t *testing.T) string) {
	open := func(place string) (sink.Sink, error) {
		return store.Open(context.Background(), store.Config{Location: place})
	}
	sinktest.Kill(t, func(t *testing.T) (string, sinktest.Target) {
		place := fresh(t)
		return place, sinktest.Target{
			Open:     func() (sink.Sink, error) { return open(place) },
			Contents: func() ([]string, error) { return dump(place) },
			Keeps:    store.Streams,
		}
	}, open)
}

// dump returns every row of every table of records, without row numbers.
func dump(location string) ([]string, error) {
	db, err := sql.Open(driverOf(location))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var out []string
	for _, table := range []string{"articles", "claims", "citations", "past_proofs", "names", "series", "changes", "reviews"} {
		rows, err := db.Query(`SELECT * FROM ` + table)
		if err != nil {
			return nil, err
		}
		columns, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				return nil, err
			}
			line := table
			for i, c := range columns {
				if c != "n" {
					line += fmt.Sprintf("|%s=%v", c, *values[i].(*any))
				}
			}
			out = append(out, line)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out, nil
}

// filled returns a store that holds records.
func filled(t *testing.T, location string, records []sink.Record) *store.Store {
	t.Helper()
	s := open(t, location)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	if err := s.Write(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	return s
}

// last returns the last change of each claim, by claim id.
func last(records []sink.Record) map[string]*schemas.Change {
	out := map[string]*schemas.Change{}
	for _, c := range sinktest.Changes(records) {
		out[c.Claim.ID] = c
	}
	return out
}

// TestQueries compares what the database selects with what Query.Match selects,
// for every field alone and some together.
func TestQueries(t *testing.T) {
	queries := map[string]sink.Query{
		"all":             {},
		"kind":            {Kinds: []schemas.ClaimKind{schemas.StatementClaim}},
		"measure":         {Measures: []string{"person-killed"}},
		"measures":        {Measures: []string{"person-killed", "deal-value"}},
		"no such measure": {Measures: []string{"temperature"}},
		"country":         {Countries: []string{"PS"}},
		"no country":      {Countries: []string{schemas.NoCountry}},
		"place":           {Places: []string{"tarsova"}},
		"place id":        {Places: []string{"p-gaza"}},
		"inside a place":  {Places: []string{"p-turkiye"}},
		"entity":          {Entities: []string{"selin aktas"}},
		"entity id":       {Entities: []string{"e-calder"}},
		"publisher":       {Publishers: []string{"northwire.example"}},
		"publisher name":  {Publishers: []string{"the meridian"}},
		"modality":        {Modalities: []schemas.Modality{schemas.Required, schemas.Planned}},
		"tier":            {Tiers: []schemas.Tier{schemas.Candidate}},
		"series":          {Series: schemas.ID("s", "quake-toll")},
		"since":           {Since: "2025-11-24"},
		"until":           {Until: "2025-11-22"},
		"window":          {Since: "2025-11-22T18:00:00Z", Until: "2025-11-23T11:00:00+00:00"},
		"origins":         {MinOrigins: 2},
		"text":            {Text: "RESCUERS floodl"},
		"text of number":  {Text: "2.4 billion"},
		"text accents":    {Text: "Türkiye aktaş"},
		"text nothing":    {Text: "rescuers zebra"},
		"text marks":      {Text: `"; DROP ' (-*:|&!`},
		"together":        {Measures: []string{"person-killed"}, Countries: []string{"TR"}, Tiers: []schemas.Tier{schemas.Reportable}, Text: "41", MinOrigins: 1},
	}
	records := sinktest.Records()
	queries["article"] = sink.Query{Articles: []string{records[0].Article.ID}}
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		for name, q := range queries {
			var want, got []string
			for id, c := range last(records) {
				if q.Match(c) {
					want = append(want, id)
				}
			}
			page, err := s.Claims(t.Context(), q)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for _, c := range page.Items {
				got = append(got, c.Record.ID)
			}
			slices.Sort(want)
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s: (-Match +Claims)\n%s", name, d)
			}
		}
	})
}

// TestRecords: a claim comes out as its last change had it, in the right order.
func TestRecords(t *testing.T) {
	records := sinktest.Records()
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		page, err := s.Claims(t.Context(), sink.Query{})
		if err != nil {
			t.Fatal(err)
		}
		want := last(records)
		if len(page.Items) != len(want) || page.Next != "" {
			t.Errorf("%d claims, next %q; want %d and no next page", len(page.Items), page.Next, len(want))
		}
		if want := uint64(len(sinktest.Changes(records))); page.Sequence != want {
			t.Errorf("sequence %d, want %d", page.Sequence, want)
		}
		before := "~"
		for _, c := range page.Items {
			if c.Record.LastSeen > before {
				t.Errorf("claim of %s after one of %s", c.Record.LastSeen, before)
			}
			before = c.Record.LastSeen
			ch := want[c.Record.ID]
			if d := cmp.Diff(ch.Claim, c.Record, same); d != "" {
				t.Errorf("claim %q (-sent +stored):\n%s", c.Record.Text, d)
			}
			if c.Revision != ch.Revision || c.Change != ch.Change || c.Country != ch.Country {
				t.Errorf("claim %q: revision %d, change %s, country %s", c.Record.Text, c.Revision, c.Change, c.Country)
			}
			one, _, err := s.Claim(t.Context(), c.Record.ID)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&c, one, same); d != "" {
				t.Errorf("Claim differs from Claims: %s", d)
			}
			series, _, err := s.Series(t.Context(), c.Record.SeriesID)
			if err != nil {
				t.Fatal(err)
			}
			if c.State == sink.Living && !slices.ContainsFunc(series.Points, func(p schemas.SeriesPoint) bool { return p.Claim == c.Record.ID }) {
				t.Errorf("claim %q is not in its series", c.Record.Text)
			}
			for _, ct := range c.Record.Citations {
				a, err := s.Article(t.Context(), ct.ArticleID, ct.ArticleVersion)
				if err != nil {
					t.Fatal(err)
				}
				if words, ok := schemas.NewOffsets(a.Text).Slice(a.Text, ct.Quote.Span); !ok || words != ct.Quote.Exact {
					t.Errorf("article has %q where the citation says %q", words, ct.Quote.Exact)
				}
			}
		}
	})
}

func TestStates(t *testing.T) {
	records := sinktest.Records()
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		st, err := s.Stats(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if st.Replaced != 2 || st.Withdrawn != 1 || st.Retracted != 1 || st.Claims+4 != len(last(records)) {
			t.Errorf("stats = %+v, want two replaced, one withdrawn and one retracted of %d claims", st, len(last(records)))
		}
		if st.Articles != 11 || st.Publishers != 6 || st.Positions[schemas.StreamArticles] != 12 {
			t.Errorf("stats = %+v, want 11 articles, one of them twice, of 6 publishers", st)
		}
		page, err := s.Claims(t.Context(), sink.Query{States: []sink.State{sink.Replaced}})
		if err != nil || len(page.Items) != 2 || len(page.Items[0].Record.ReplacedBy) != 2 || len(page.Items[1].Record.ReplacedBy) != 1 {
			t.Fatalf("replaced claims = %v, %v, want one that was split and one that was merged", page, err)
		}
		gone := page.Items[1]
		if next, _, err := s.Claim(t.Context(), gone.Record.ReplacedBy[0]); err != nil || next.State != sink.Living {
			t.Errorf("replacement = %v, %v", next, err)
		}
		events, err := s.Events(t.Context(), gone.Record.ID)
		if err != nil || len(events) != 2 || events[0].Change != schemas.ChangeAsserted || events[1].Change != schemas.ChangeMerged {
			t.Errorf("events = %+v, %v; want asserted and merged", events, err)
		}
		for _, err := range []error{
			second(s.Claim(t.Context(), "c_none")), second(s.Series(t.Context(), "s_none")),
			func() error { _, err := s.Article(t.Context(), "a_none", ""); return err }(),
		} {
			if !errors.Is(err, sink.ErrNotFound) {
				t.Errorf("error %v, want ErrNotFound", err)
			}
		}
	})
}

func second[T any](_ T, _ uint64, err error) error { return err }

// TestKnownAt asks for the past: after each change the list must be what the
// changes up to it make.
func TestKnownAt(t *testing.T) {
	for name, records := range map[string][]sink.Record{"stories": sinktest.Records(), "many citations": sinktest.Many(60)} {
		t.Run(name, func(t *testing.T) { testKnownAt(t, records) })
	}
}

func testKnownAt(t *testing.T, records []sink.Record) {
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		checkKnownAt(t, filled(t, fresh(t), records), records)
	})
}

func checkKnownAt(t *testing.T, s *store.Store, records []sink.Record) {
	t.Helper()
	for _, at := range []string{
		"2025-11-01T00:00:25Z", "2025-11-22T08:00:00Z", "2025-11-22", "2025-11-23T11:00:00Z", "2025-11-24", "2025-11-26T05:30:00Z", "2025-11-26T06:30:00Z", "2026",
	} {
		state := map[string]schemas.Claim{}
		for _, c := range sinktest.Changes(records) {
			if known, _ := sink.Instant(c.KnownAt); known < sink.After(at) {
				state[c.Claim.ID] = c.Claim
			}
		}
		page, err := s.Claims(t.Context(), sink.Query{KnownAt: at, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]schemas.Claim{}
		for _, c := range page.Items {
			got[c.Record.ID] = c.Record
		}
		if d := cmp.Diff(state, got, same); d != "" {
			t.Errorf("known at %s (-want +got):\n%s", at, d)
		}
	}
}

// TestUnion: a claim with more citations than a change carries has them all.
func TestUnion(t *testing.T) {
	records := sinktest.Many(60)
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		location := fresh(t)
		s := filled(t, location, records)
		page, err := s.Claims(t.Context(), sink.Query{Measures: []string{"person-missing"}})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("claims = %v, %v", page, err)
		}
		c := page.Items[0].Record
		if len(c.Citations) != 60 || c.CitationCount != 60 {
			t.Errorf("%d citations, count %d, want 60", len(c.Citations), c.CitationCount)
		}
		if !slices.IsSortedFunc(c.Citations, func(a, b schemas.Citation) int { return strings.Compare(a.PublishedAt, b.PublishedAt) }) {
			t.Errorf("citations are not in order")
		}

		// The first article is edited and no longer says it.
		changes := sinktest.Changes(records)
		ch := *changes[len(changes)-1]
		ch.ID, ch.Change, ch.Revision = "x_edit", schemas.ChangeCorroborated, ch.Revision+1
		ch.Cause = schemas.Cause{Article: &schemas.ArticleRef{ID: c.Citations[0].ArticleID, Version: "v2"}}
		ch.Claim.CitationCount--
		if err := s.Write(t.Context(), []sink.Record{{Stream: schemas.StreamClaims, Sequence: 10_000, Change: &ch}}); err != nil {
			t.Fatal(err)
		}
		after, _, err := s.Claim(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.Citations[1:], after.Record.Citations, same); d != "" {
			t.Errorf("after the edit (-want +got):\n%s", d)
		}
		if page, err := s.Claims(t.Context(), sink.Query{Publishers: []string{"Paper 3"}, Measures: []string{"person-missing"}}); err != nil || len(page.Items) != 1 {
			t.Errorf("by a publisher whose citation is not among the newest: %v, %v", page, err)
		}
	})
}

// TestLongSeries: a series has all its points, although a change carries the newest.
func TestLongSeries(t *testing.T) {
	records := sinktest.Records()
	changes := sinktest.Changes(records)
	for _, c := range changes {
		if c.Series != nil {
			c.Series.Points = c.Series.Points[len(c.Series.Points)-1:] // as if a change carried one at most
		}
	}
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		series, _, err := s.Series(t.Context(), schemas.ID("s", "quake-toll"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range series.Points {
			got = append(got, fmt.Sprint(p.AsOf, " ", p.Value, " ", p.Superseded, " ", len(p.Origins)))
		}
		slices.Sort(got)
		want := []string{"2025-11-22 19 true 1", "2025-11-22 41 true 1", "2025-11-23 53 true 1", "2025-11-23 58 false 2"}
		if series.Points[len(series.Points)-1].Value.String() == "53" {
			want[2], want[3] = "2025-11-23 53 false 1", "2025-11-23 58 true 2"
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("points (-want +got):\n%s", d)
		}
	})
}

// TestRepeated: a change that comes again under a new sequence, as when the bus
// has forgotten its id, does not undo what came after it.
func TestRepeated(t *testing.T) {
	records := sinktest.Records()
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		var before, after bytes.Buffer
		if err := s.Export(t.Context(), &before); err != nil {
			t.Fatal(err)
		}
		again := slices.Clone(records)
		for i := range again {
			again[i].Sequence += 10_000
		}
		if err := s.Write(t.Context(), again); err != nil {
			t.Fatal(err)
		}
		if err := s.Export(t.Context(), &after); err != nil {
			t.Fatal(err)
		}
		var one bytes.Buffer // all in one batch
		if err := filled(t, fresh(t), slices.Concat(records, again)).Export(t.Context(), &one); err != nil {
			t.Fatal(err)
		}
		if one.String() != before.String() {
			t.Errorf("repeated in one batch, the claims differ:\n%s", cmp.Diff(before.String(), one.String()))
		}
		if before.String() != after.String() || before.Len() == 0 {
			t.Errorf("the claims changed (-before +after):\n%s", cmp.Diff(before.String(), after.String()))
		}
		lines := strings.Split(strings.TrimSpace(before.String()), "\n")
		if !slices.IsSorted(lines) { // every line begins with schema_version and id
			t.Errorf("export is not sorted by id")
		}
	})
}

func TestPages(t *testing.T) {
	records := sinktest.Many(57)
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		q := sink.Query{Limit: 10, Tiers: []schemas.Tier{schemas.Reportable}}
		seen, seenSeries := map[string]int{}, map[string]int{}
		for pages := 1; ; pages++ {
			page, err := s.Claims(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Items {
				seen[c.Record.ID]++
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				if pages != 6 {
					t.Errorf("%d pages, want 6", pages)
				}
				break
			}
		}
		for q.Cursor = ""; ; {
			page, err := s.SeriesList(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, se := range page.Items {
				seenSeries[se.ID]++
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		for _, m := range []map[string]int{seen, seenSeries} {
			if len(m) != 58 {
				t.Errorf("%d items in all pages, want 58", len(m))
			}
			for id, n := range m {
				if n != 1 {
					t.Errorf("%s occurs %d times", id, n)
				}
			}
		}
		first, err := s.Claims(t.Context(), sink.Query{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for name, q := range map[string]sink.Query{
			"other filters": {Cursor: first.Next, Measures: []string{"price"}},
			"garbage":       {Cursor: "%%%"},
			"empty parts":   {Cursor: "AAA"},
			"limit":         {Limit: -1},
			"big limit":     {Limit: 1_000_000},
			"since":         {Since: "yesterday"},
			"known at":      {KnownAt: "2025-13-45"},
		} {
			if _, err := s.Claims(t.Context(), q); !errors.Is(err, sink.ErrQuery) {
				t.Errorf("%s: error %v, want ErrQuery", name, err)
			}
		}
	})
}

func TestViews(t *testing.T) {
	records := sinktest.Records()
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		location := fresh(t)
		s := open(t, location)
		if err := errors.Join(s.Write(t.Context(), records), s.Close()); err != nil {
			t.Fatal(err)
		}
		db := direct(t, location)
		var n, figureOK int
		if err := db.QueryRow(`SELECT COUNT(*), SUM(CASE WHEN quote LIKE '%' || figure || '%' AND figure <> '' THEN 1 ELSE 0 END)
			FROM figures WHERE measure = 'person-killed' AND value > 40 AND country = 'TR'`).Scan(&n, &figureOK); err != nil {
			t.Fatal(err)
		}
		if n != 5 || figureOK != 5 {
			t.Errorf("figures: %d rows, %d with their figure in the quote, want 5", n, figureOK)
		}
		var days string
		rows, err := db.Query(`SELECT as_of || '=' || CAST(value AS INTEGER) FROM series_points WHERE measure = 'person-killed' ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var day string
			if err := rows.Scan(&day); err != nil {
				t.Fatal(err)
			}
			days += day + " "
		}
		if want := "2025-11-22=19 2025-11-22=41 2025-11-23=53 2025-11-23=58 "; days != want {
			t.Errorf("series_points = %q, want %q", days, want)
		}
	})
}

func TestSourcesAndEntities(t *testing.T) {
	records := sinktest.Records()
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		sources, err := s.Sources(t.Context())
		if err != nil || len(sources) != 6 {
			t.Fatalf("Sources = %+v, %v, want 6", sources, err)
		}
		want := sink.Source{Domain: "harbour-post.example", Name: "Harbour Post", Articles: 3, Claims: 3, LastSeen: "2025-11-25T08:30:00Z"}
		if sources[0] != want {
			t.Errorf("first source = %+v, want %+v", sources[0], want)
		}
		if err := s.Write(t.Context(), older(records)); err != nil {
			t.Fatal(err)
		}
		if sources, err = s.Sources(t.Context()); err != nil || sources[0].Articles != 4 || sources[0].LastSeen != want.LastSeen {
			t.Errorf("after an older article came late: %+v, %v, want the same date", sources[0], err)
		}
		for prefix, want := range map[string]string{"SEL": "Selin Aktaş", "selin aktas": "Selin Aktaş", "joint": "Joint Crossing Cell (JCC)", "Tarsova": "Tarsova"} {
			got, err := s.Entities(t.Context(), prefix, 10)
			if err != nil || len(got) != 1 || got[0].Name != want || got[0].Claims == 0 || len(got[0].Roles) == 0 {
				t.Errorf("Entities(%q) = %+v, %v, want %s", prefix, got, err, want)
			}
		}
		if got, err := s.Entities(t.Context(), "", 2); err != nil || len(got) != 2 || got[0].Claims < got[1].Claims {
			t.Errorf("Entities of any name = %+v, %v, want the 2 with the most claims", got, err)
		}
		if got, err := s.Entities(t.Context(), "nobody\x00", 2); err != nil || len(got) != 0 {
			t.Errorf("Entities of no name = %+v, %v", got, err)
		}
	})
}

// older is an article of the first publisher that comes last and is the oldest.
func older(records []sink.Record) []sink.Record {
	a := *records[0].Article
	a.URL, a.CanonicalURL, a.ID, a.PublishedAt = a.URL+"-before", "", "", "2025-01-01T00:00:00Z"
	if err := a.Complete(); err != nil {
		panic(err)
	}
	return []sink.Record{{Stream: schemas.StreamArticles, Sequence: 1000, Article: &a}}
}

// TestFrequentName: a name that plays a part in very many claims is found in another
// way; the pages are the same.
func TestFrequentName(t *testing.T) {
	if testing.Short() {
		t.Skip("stores 3,000 claims")
	}
	t.Parallel()
	s := filled(t, filepath.Join(t.TempDir(), "claims.db"), sinktest.Many(2500))
	all, err := s.Claims(t.Context(), sink.Query{Limit: 3000})
	if err != nil {
		t.Fatal(err)
	}
	publisher := map[string][]string{} // ids of claims by publisher
	for _, c := range all.Items {
		seen := map[string]bool{}
		for _, ct := range c.Record.Citations {
			if d := ct.Publisher.Domain; !seen[d] {
				seen[d] = true
				publisher[d] = append(publisher[d], c.Record.ID)
			}
		}
	}
	every := sink.Query{Limit: 700}
	for d := range publisher { // all fifty together are more than the bound
		every.Publishers = append(every.Publishers, d)
	}
	for name, q := range map[string]sink.Query{"all": every, "one": {Publishers: []string{"p7.example"}, Limit: 20}} {
		want := map[string]bool{}
		for _, d := range q.Publishers {
			for _, id := range publisher[d] {
				want[id] = true
			}
		}
		got, pages := map[string]bool{}, 0
		for {
			page, err := s.Claims(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			pages++
			for _, c := range page.Items {
				if got[c.Record.ID] || !want[c.Record.ID] {
					t.Errorf("%s: claim %s is listed twice or wrongly", name, c.Record.ID)
				}
				got[c.Record.ID] = true
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if len(got) != len(want) || pages < 2 {
			t.Errorf("%s: %d claims on %d pages, want %d", name, len(got), pages, len(want))
		}
	}
}

// TestFrequentWords: words that very many claims have are looked for in another way; the
// pages are the same.
func TestFrequentWords(t *testing.T) {
	if testing.Short() {
		t.Skip("stores 2,500 claims")
	}
	s := filled(t, filepath.Join(t.TempDir(), "claims.db"), sinktest.Many(2500))
	ids := func(q sink.Query, series bool) (out []string) {
		t.Helper()
		for {
			next := ""
			if series {
				page, err := s.SeriesList(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for i := range page.Items {
					out = append(out, page.Items[i].ID)
				}
				next = page.Next
			} else {
				page, err := s.Claims(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				for i := range page.Items {
					out = append(out, page.Items[i].Record.ID)
				}
				next = page.Next
			}
			if q.Cursor = next; next == "" {
				return out
			}
		}
	}
	var papers []string
	for i := range 25 {
		papers = append(papers, fmt.Sprintf("p%d.example", 2*i))
	}
	evacuated := []string{"person-evacuated"} // what the words select too
	for name, q := range map[string]sink.Query{
		"all": {Limit: 170}, "from a day on": {Since: "2025-11-01T00:20:00Z", Limit: 70}, "some publishers": {Publishers: papers, Limit: 90},
		"one publisher": {Publishers: []string{"p7.example"}, Limit: 7}, "old": {Until: "2025-11-01T00:10:00Z", Limit: 40}, "a large page": {Limit: 2400},
	} {
		for _, series := range []bool{false, true} {
			with, without := q, q
			with.Text, without.Measures = "people evacu", evacuated
			got, want := ids(with, series), ids(without, series)
			if !slices.Equal(got, want) || len(want) == 0 {
				t.Errorf("%s, series %t: %d items by words, %d by measure, or in another order", name, series, len(got), len(want))
			}
		}
	}
	if got := ids(sink.Query{Text: "people evacuated", Measures: []string{"person-missing"}}, false); len(got) != 0 {
		t.Errorf("words of other claims find %v", got)
	}
}

// TestEntity: one entity with what claims call it and the parts it plays.
func TestEntity(t *testing.T) {
	records := sinktest.Records()
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		found, err := s.Entities(t.Context(), "selin", 1)
		if err != nil || len(found) != 1 {
			t.Fatalf("Entities = %+v, %v", found, err)
		}
		e, err := s.Entity(t.Context(), found[0].ID)
		if err != nil || e.Name != found[0].Name || e.Claims == 0 || len(e.Aliases) == 0 || len(e.Parts) != len(e.Roles) {
			t.Errorf("Entity(%q) = %+v, %v", found[0].ID, e, err)
		}
		if _, err := s.Entity(t.Context(), "nobody'; --"); !errors.Is(err, sink.ErrNotFound) {
			t.Errorf("Entity of no such id: %v, want ErrNotFound", err)
		}
	})
}

// TestReviews: who decided what, and why, can be asked for by id.
func TestReviews(t *testing.T) {
	records := sinktest.Records()
	want := records[len(records)-1].Review
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), records)
		got, err := s.Reviews(t.Context(), []string{"r_none", want.ID})
		if err != nil || len(got) != 1 || got[0].By != want.By || got[0].Why != want.Why || got[0].Anchor != want.Anchor || !got[0].At.Equal(want.At) {
			t.Errorf("Reviews = %+v, %v, want %+v", got, err, want)
		}
		if got, err := s.Reviews(t.Context(), nil); err != nil || len(got) != 0 {
			t.Errorf("Reviews of no ids = %+v, %v", got, err)
		}
		split := *want
		split.ID, split.Action, split.Claims = "r_split", schemas.ReviewSplit, []string{"c_one", "c_two"}
		if err := s.Write(t.Context(), []sink.Record{{Stream: schemas.StreamReviews, Sequence: 2, Review: &split}}); err != nil {
			t.Fatal(err)
		}
		for claim, n := range map[string]int{"c_one": 1, "c_two": 1, "c": 0, "c_on_": 0, "%": 0, "C_ONE": 0, `c\_one`: 0} {
			if got, err := s.ReviewsOf(t.Context(), claim); err != nil || len(got) != n || n == 1 && got[0].ID != split.ID {
				t.Errorf("ReviewsOf(%q) = %+v, %v, want %d", claim, got, err, n)
			}
		}
	})
}

func TestReadOnly(t *testing.T) {
	location := filepath.Join(t.TempDir(), "claims.db")
	if _, err := store.Open(t.Context(), store.Config{Location: location, ReadOnly: true}); err == nil {
		t.Fatal("a database that is not there opens for reading")
	}
	w := filled(t, location, sinktest.Records())
	r, err := store.Open(t.Context(), store.Config{Location: location, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Write(t.Context(), sinktest.Records()); err == nil {
		t.Errorf("Write to a read-only store: no error")
	}
	var a, b bytes.Buffer
	if err := errors.Join(w.Export(t.Context(), &a), r.Export(t.Context(), &b)); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() || a.Len() == 0 {
		t.Errorf("reader and writer differ")
	}
}
