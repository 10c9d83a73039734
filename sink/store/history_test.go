package store_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// A history is a random one: what happens to the claims of some series, one thing after another.
type history struct {
	random    *rand.Rand
	at        time.Time
	records   []sink.Record
	claims    map[string]*schemas.Change // the last change of each
	states    map[string]sink.State
	conflicts map[schemas.Conflict]bool
	newer     map[string]bool // claims that are superseded
	n         int             // articles so far
}

func newHistory(seed uint64) *history {
	return &history{
		random: rand.New(rand.NewPCG(seed, 1)), at: time.Date(2025, 11, 1, 6, 0, 0, 0, time.UTC), claims: map[string]*schemas.Change{},
		states: map[string]sink.State{}, conflicts: map[schemas.Conflict]bool{}, newer: map[string]bool{},
	}
}

// step lets one thing happen, now and then at the same moment as the one before.
func (h *history) step() {
	if h.random.IntN(4) > 0 {
		h.at = h.at.Add(time.Duration(1+h.random.IntN(200)) * time.Minute)
	}
	living := slices.Sorted(maps.Keys(h.claims))
	living = slices.DeleteFunc(living, func(id string) bool { return h.states[id] != sink.Living })
	if len(living) < 3 || h.random.IntN(3) == 0 {
		h.assert()
		return
	}
	id := living[h.random.IntN(len(living))]
	c := h.claims[id].Claim
	switch h.random.IntN(9) {
	case 0, 1, 2:
		c.Citations = append(slices.Clone(c.Citations), h.cite(c.Value.String()))
		h.tell(schemas.ChangeCorroborated, c)
	case 3:
		h.newer[id] = true
		h.tell(schemas.ChangeSuperseded, c)
	case 4:
		c.Stability = schemas.Final
		h.tell(schemas.ChangeFinalized, c)
	case 5:
		for _, rival := range living {
			if o := h.claims[rival].Claim; rival != id && o.SeriesID == c.SeriesID {
				h.conflicts[schemas.Conflict{Claims: [2]string{min(id, rival), max(id, rival)}, AsOf: c.LastSeen[:10]}] = true
			}
		}
		h.tell(schemas.ChangeConflicted, c)
	case 6:
		h.end(schemas.ChangeWithdrawn, c)
	case 7:
		h.end(schemas.ChangeRetracted, c)
	case 8:
		c.Place = &schemas.ClaimPlace{ID: "p-strait", Name: "The Strait", Country: "GR", Path: []string{}}
		c.Tier = schemas.Candidate
		h.tell(schemas.ChangeRevised, c)
	}
}

func (h *history) end(kind schemas.ChangeKind, c schemas.Claim) {
	maps.DeleteFunc(h.conflicts, func(k schemas.Conflict, _ bool) bool { return slices.Contains(k.Claims[:], c.ID) })
	h.tell(kind, c)
}

// assert makes a claim, or one that ended stand again.
func (h *history) assert() {
	story, value := fmt.Sprint(h.random.IntN(6)), schemas.Int(int64(3+h.random.IntN(12)))
	measures := []string{"person-killed", "person-missing", "deal-value"}
	c := schemas.Claim{
		SchemaVersion: schemas.Version, ID: schemas.ID("c", story, value.String()), SeriesID: schemas.ID("s", story), Kind: schemas.QuantityClaim,
		Measure: measures[int(story[0])%3], Tier: []schemas.Tier{schemas.Reportable, schemas.Candidate}[h.random.IntN(2)], Stability: schemas.Provisional,
		Text: value.String() + " people in story " + story, Value: &value, Comparator: schemas.Exact, Unit: schemas.UnitCount, Modality: schemas.Asserted,
		Place:     &schemas.ClaimPlace{ID: "p-" + story, Name: "Harbour " + story, Country: []string{"TR", "GR"}[int(story[0])%2], Path: []string{}},
		Citations: []schemas.Citation{h.cite(value.String())}, Sources: []schemas.ClaimEntity{}, Relations: []schemas.Relation{}, ReplacedBy: []string{},
	}
	if h.states[c.ID] == sink.Living {
		return
	}
	delete(h.newer, c.ID)
	h.tell(schemas.ChangeAsserted, c)
}

// cite makes an article that says the figure, printed up to a day before.
func (h *history) cite(figure string) schemas.Citation {
	h.n++
	quote := "There are " + figure + " of them"
	a := &schemas.Article{
		URL: fmt.Sprint("https://paper.example/", h.n), Publisher: schemas.Publisher{Name: "Paper", Domain: "paper.example"},
		PublishedAt: h.at.Add(-time.Duration(h.random.IntN(1440)) * time.Minute).Format(time.RFC3339), Text: quote + ".",
	}
	if err := a.Complete(); err != nil {
		panic(err)
	}
	return sinktest.Cite(a, quote, figure, fmt.Sprint("origin ", h.random.IntN(9)))
}

func (h *history) tell(kind schemas.ChangeKind, c schemas.Claim) {
	sinktest.Count(&c)
	ch := &schemas.Change{
		SchemaVersion: schemas.Version, ID: fmt.Sprint("x", len(h.records)), Change: kind, Revision: 1, KnownAt: h.at.Format(time.RFC3339),
		Country: c.Place.Country, Claim: c, Cause: schemas.Cause{Claims: []string{}},
	}
	if was := h.claims[c.ID]; was != nil {
		ch.Revision = was.Revision + 1
	}
	h.claims[c.ID], h.states[c.ID] = ch, sink.StateAfter(h.states[c.ID], ch)
	ch.Series = h.series(&c)
	h.records = append(h.records, sink.Record{Stream: schemas.StreamClaims, Sequence: uint64(len(h.records) + 1), Change: ch})
}

// series is what the series of a claim is now; nil if none of its claims lives.
func (h *history) series(of *schemas.Claim) *schemas.Series {
	s := &schemas.Series{
		SchemaVersion: schemas.Version, ID: of.SeriesID, Kind: of.Kind, Measure: of.Measure, Unit: of.Unit, Modality: of.Modality, Stability: schemas.Final,
		Points: []schemas.SeriesPoint{}, Conflicts: []schemas.Conflict{},
	}
	for _, id := range slices.Sorted(maps.Keys(h.claims)) {
		c := &h.claims[id].Claim
		if c.SeriesID != of.SeriesID || h.states[id] != sink.Living {
			continue
		}
		p := schemas.SeriesPoint{
			Claim: id, AsOf: c.LastSeen[:10], Value: c.Value, Comparator: c.Comparator, Modality: c.Modality, Tier: c.Tier, Superseded: h.newer[id], Origins: []string{},
		}
		for _, ct := range c.Citations {
			p.Origins = append(p.Origins, ct.Origin)
		}
		slices.Sort(p.Origins)
		p.Origins = slices.Compact(p.Origins)
		s.Points, s.Place = append(s.Points, p), c.Place
		if c.Stability == schemas.Provisional {
			s.Stability = c.Stability
		}
		if s.FirstSeen == "" || c.FirstSeen < s.FirstSeen {
			s.FirstSeen = c.FirstSeen
		}
		s.LastSeen = max(s.LastSeen, c.LastSeen)
	}
	if len(s.Points) == 0 {
		return nil
	}
	slices.SortFunc(s.Points, func(a, b schemas.SeriesPoint) int {
		return cmp.Or(strings.Compare(a.AsOf, b.AsOf), strings.Compare(a.Claim, b.Claim))
	})
	for c := range h.conflicts {
		if h.claims[c.Claims[0]].Claim.SeriesID == s.ID {
			s.Conflicts = append(s.Conflicts, c)
		}
	}
	slices.SortFunc(s.Conflicts, func(a, b schemas.Conflict) int {
		return cmp.Or(strings.Compare(a.Claims[0], b.Claims[0]), strings.Compare(a.Claims[1], b.Claims[1]), strings.Compare(a.AsOf, b.AsOf))
	})
	s.Text = fmt.Sprintf("people at %s, %d figures", s.Place.Name, len(s.Points))
	if h.random.IntN(5) > 0 { // else it says nothing, as no normalizer would: that stands too
		s.Envelope = sink.EnvelopeOf(s.Points)
	}
	s.PointCount, s.Preferred = len(s.Points), sink.Latest.Prefer(s.Points, nil)
	if len(s.Points) > 4 { // a change carries only so many
		s.Points = s.Points[len(s.Points)-4:]
	}
	return s
}

// moments are queries about what does not change with time but through changes.
var moments = map[string]sink.Query{
	"usual":       {Tiers: []schemas.Tier{schemas.Reportable}, States: []sink.State{sink.Living}},
	"all":         {},
	"candidates":  {Tiers: []schemas.Tier{schemas.Candidate}, Limit: 2},
	"ended":       {States: []sink.State{sink.Withdrawn, sink.Retracted}, Limit: 1},
	"measure":     {Measures: []string{"person-killed"}, States: []sink.State{sink.Living}},
	"country":     {Countries: []string{"GR"}, Limit: 2},
	"place":       {Places: []string{"harbour 3", "p-1"}, Countries: []string{"TR"}},
	"some days":   {Since: "2025-11-02", Until: "2025-11-04T12:00:00Z", States: []sink.State{sink.Living}},
	"two origins": {MinOrigins: 2, Limit: 3},
	"one":         {Series: schemas.ID("s", "2")},
}

// seriesPages returns all pages of a list of series, one item a line.
func seriesPages(t *testing.T, s *store.Store, q sink.Query) []string {
	t.Helper()
	var out []string
	for {
		page, err := s.SeriesList(t.Context(), q)
		if err != nil {
			t.Fatalf("SeriesList(%+v): %v", q, err)
		}
		for i := range page.Items {
			out = append(out, string(page.Items[i].AppendJSON(nil)))
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return out
		}
	}
}

// TestSeriesKnownAt: whatever happens, a list of series as they were known at a time is the
// list that was there right after the last change known by then had been stored.
func TestSeriesKnownAt(t *testing.T) {
	steps := 80
	if testing.Short() {
		steps = 40
	}
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		for seed := range uint64(2) {
			h := newHistory(seed)
			for len(h.records) < steps {
				h.step()
			}
			s := open(t, fresh(t))
			defer s.Close()
			lists := map[string]map[string][]string{} // by moment and name of the query
			for rest := h.records; len(rest) > 0; {
				at, n := rest[0].Change.KnownAt, 1
				for n < len(rest) && rest[n].Change.KnownAt == at {
					n++
				}
				if err := s.Write(t.Context(), rest[:n]); err != nil {
					t.Fatal(err)
				}
				lists[at] = map[string][]string{}
				for name, q := range moments {
					lists[at][name] = seriesPages(t, s, q)
				}
				rest = rest[n:]
			}
			for how, s := range map[string]*store.Store{"step by step": s, "at once": filled(t, fresh(t), h.records)} {
				compareMoments(t, s, fmt.Sprintf("seed %d, stored %s", seed, how), lists)
			}
		}
	})
}

func compareMoments(t *testing.T, s *store.Store, what string, lists map[string]map[string][]string) {
	t.Helper()
	items := 0
	for at, want := range lists {
		for name, q := range moments {
			q.KnownAt = at
			got := seriesPages(t, s, q)
			items += len(got)
			if d := gocmp.Diff(want[name], got); d != "" {
				t.Fatalf("%s: %s as known at %s (-list of then +list):\n%s", what, name, at, d)
			}
		}
	}
	if items == 0 {
		t.Errorf("%s: no list had an item", what)
	}
}

// TestSeriesThenCursor: the cursor of a list as of a moment is of no use for another.
func TestSeriesThenCursor(t *testing.T) {
	h := newHistory(7)
	for len(h.records) < 40 {
		h.step()
	}
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), h.records)
		page, err := s.SeriesList(t.Context(), sink.Query{Limit: 1, KnownAt: "2025-11-03"})
		if err != nil || page.Next == "" {
			t.Fatalf("first page = %+v, %v; want a next one", page, err)
		}
		for _, at := range []string{"", "2025-11-04", "2025-11-03T00:00:00Z"} {
			if _, err := s.SeriesList(t.Context(), sink.Query{Limit: 1, KnownAt: at, Cursor: page.Next}); err == nil {
				t.Errorf("known at %q takes the cursor of 2025-11-03", at)
			}
		}
		before := seriesPages(t, s, sink.Query{KnownAt: "2025-10-01"})
		if len(before) != 0 {
			t.Errorf("before anything was known: %v", before)
		}
	})
}

// TestSeriesOutOfOrder: a claim that was known later has no part in the series of before,
// though its change was stored first.
func TestSeriesOutOfOrder(t *testing.T) {
	h := newHistory(1)
	add := func(at string, value int64) string {
		h.at, _ = time.Parse(time.RFC3339, at)
		v := schemas.Int(value)
		c := schemas.Claim{
			SchemaVersion: schemas.Version, ID: schemas.ID("c", v.String()), SeriesID: schemas.ID("s", "late"), Kind: schemas.QuantityClaim, Measure: "person-killed",
			Tier: schemas.Reportable, Stability: schemas.Provisional, Value: &v, Comparator: schemas.Exact, Unit: schemas.UnitCount, Modality: schemas.Asserted,
			Place: &schemas.ClaimPlace{ID: "p", Name: "P", Country: "TR", Path: []string{}}, Citations: []schemas.Citation{h.cite(v.String())},
		}
		h.tell(schemas.ChangeAsserted, c)
		return c.ID
	}
	noon, six, nine := add("2025-11-05T12:00:00Z", 12), add("2025-11-05T06:00:00Z", 6), add("2025-11-05T09:00:00Z", 9)
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		s := filled(t, fresh(t), h.records)
		for at, want := range map[string][]string{
			"2025-11-05T05:00:00Z": nil, "2025-11-05T07:00:00Z": {six}, "2025-11-05T10:00:00Z": {six, nine}, "2025-11-05T13:00:00Z": {six, nine, noon},
		} {
			page, err := s.SeriesList(t.Context(), sink.Query{KnownAt: at})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, item := range page.Items {
				for _, p := range item.Points {
					got = append(got, p.Claim)
				}
				if item.Preferred == nil || !slices.Contains(want, item.Preferred.Claim) || item.PointCount != len(want) || len(item.Envelope.Origins) == 0 {
					t.Errorf("known at %s: prefers %+v of %d in %+v", at, item.Preferred, item.PointCount, item.Envelope)
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("known at %s: points of %v, want %v", at, got, want)
			}
		}
	})
}
