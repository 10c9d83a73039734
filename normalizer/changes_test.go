package normalizer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

// TestChanges tells short stories and lists the changes that matter, as kind and
// figure; asserted and finalized are left out.
func TestChanges(t *testing.T) { onBoth(t, testChanges) }

func testChanges(t *testing.T) {
	const day = "2025-03-02"
	long := strings.Repeat(" Tugs from three ports stood by while divers went down.", 12)
	edit := func(p *page, at string) *page { return p.edition(at) }
	withText := func(id, published, text string, f func(*page) *page) *page {
		return f(newPage(t, id, published, "one.example", text).name("Torvik", schemas.Location, "NO"))
	}
	tests := []struct {
		name  string
		pages []*page
		want  []string
	}{
		{"a rising toll is superseded", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			bombing(t, "b", "2025-03-03", "two.example", "20", 20, "", day),
		}, []string{"superseded 16"}},
		{"two tolls on one day are in conflict", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			bombing(t, "b", day, "two.example", "7", 7, "", day),
		}, []string{"conflicted 16", "conflicted 7"}},
		{"later the same day is a newer toll", []*page{
			bombing(t, "a", day+"T08:00:00Z", "one.example", "16", 16, "", day),
			bombing(t, "b", day+"T17:00:00Z", "two.example", "20", 20, "", day),
		}, []string{"superseded 16"}},
		{"later by the moment, not by the clock on the wall", []*page{
			bombing(t, "a", day+"T09:00:00+09:00", "one.example", "16", 16, "", day),
			bombing(t, "b", day+"T07:00:00Z", "two.example", "20", 20, "", day),
		}, []string{"superseded 16"}},
		{"a lower toll later is no news but a conflict", []*page{
			bombing(t, "a", day, "one.example", "20", 20, "", day),
			bombing(t, "b", "2025-03-03", "two.example", "16", 16, "", day),
		}, []string{"conflicted 16", "conflicted 20"}},
		{"a bound and a figure inside it agree", []*page{
			bombing(t, "a", day, "one.example", "342", 342, schemas.AtLeast, day),
			bombing(t, "b", day, "two.example", "345", 345, "", day),
		}, nil},
		{"the same figure elsewhere corroborates", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			bombing(t, "b", day, "two.example", "16", 16, "", day),
		}, []string{"corroborated 16"}},
		{"the same page again is nothing", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			bombing(t, "a", day, "one.example", "16", 16, "", day),
		}, nil},
		{"an edited figure is revised", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			edit(bombing(t, "a", day, "one.example", "18", 18, "", day), "2025-03-03"),
		}, []string{"revised 16"}},
		{"a figure that an edit removes is withdrawn", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			edit(newPage(t, "a", day, "one.example", "A lorry packed with explosives blew up beside the ferry terminal of Torvik, Minister Sigrid Halle said. No toll was known."), "2025-03-03"),
		}, []string{"withdrawn 16"}},
		{"a page that shrank withdraws nothing", []*page{
			withText("a", day, "A blast in Torvik killed 16 people."+long, func(p *page) *page {
				return p.quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik"})
			}),
			edit(newPage(t, "a", day, "one.example", "Sign in to read on."), "2025-03-03"),
		}, nil},
		{"a page that has only a part of its text now withdraws nothing", []*page{
			withText("a", day, "Guards closed the pier of Torvik at dawn."+long+" The blast killed 16 people.", func(p *page) *page {
				return p.quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik"})
			}),
			newPage(t, "a", day, "one.example", "Guards closed the pier of Torvik at dawn."+long).fetched("2025-03-03T08:00:00Z"),
			edit(newPage(t, "a", day, "one.example", "Guards closed the pier of Torvik at dawn."+long+" Continue reading on page 2 of 3."), "2025-03-04"),
		}, nil},
		{"an edit that only removes a sentence withdraws its figure", []*page{
			withText("a", day, "Guards closed the pier of Torvik at dawn."+long+" The blast killed 16 people.", func(p *page) *page {
				return p.quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik"})
			}),
			edit(newPage(t, "a", day, "one.example", "Guards closed the pier of Torvik at dawn."+long), "2025-03-03"),
		}, []string{"withdrawn 16"}},
		{"a correction retracts", []*page{
			bombing(t, "a", day, "one.example", "61", 61, "", day),
			edit(withText("a", day, "A lorry packed with explosives blew up in Torvik. The blast killed 16 people. Correction: an earlier version of this article gave another toll.", func(p *page) *page {
				return p.quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: day, until: day})
			}), "2025-03-03"),
		}, []string{"retracted 61"}},
		{"sixty and more than sixty are one figure in two hands", []*page{
			bombing(t, "a", day, "one.example", "60", 60, schemas.MoreThan, day),
			bombing(t, "b", day, "two.example", "60", 60, "", day),
		}, nil},
		{"two voices in one article are in conflict", []*page{
			withText("a", day, "In Torvik police counted 18 dead, the army 8 dead.", func(p *page) *page {
				return p.
					quantity(fig{num: "18", phrase: "18 dead", n: 18, counted: "dead", head: "dead", cat: schemas.Killed, place: "Torvik", from: day, until: day, source: "police"}).
					quantity(fig{num: "8", phrase: " 8 dead", n: 8, counted: "dead", head: "dead", cat: schemas.Killed, place: "Torvik", from: day, until: day, source: "the army"})
			}),
		}, []string{"conflicted 18", "conflicted 8"}},
		{"an article that raises its own toll is no conflict", []*page{
			withText("a", day, "The toll in Torvik rose to 18 dead from an earlier 8 dead.", func(p *page) *page {
				return p.
					quantity(fig{num: "18", phrase: "18 dead", n: 18, counted: "dead", head: "dead", cat: schemas.Killed, place: "Torvik", from: day, until: day}).
					quantity(fig{num: "8", phrase: "earlier 8 dead", n: 8, counted: "dead", head: "dead", cat: schemas.Killed, place: "Torvik", from: day, until: day})
			}),
		}, []string{"superseded 8"}},
		{"a running total that rises", []*page{
			withText("a", day, "Since January 70 people have died in Torvik.", func(p *page) *page {
				return p.quantity(fig{num: "70", phrase: "70 people", n: 70, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: "2025-01", until: day, running: true})
			}),
			newPage(t, "b", "2025-06-02", "two.example", "Since January 95 people have died in Torvik.").name("Torvik", schemas.Location, "NO").
				quantity(fig{num: "95", phrase: "95 people", n: 95, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: "2025-01", until: "2025-06-02", running: true}),
		}, []string{"superseded 70"}},
		{"what is left of the missing can fall", []*page{
			withText("a", day, "In Torvik 40 people are missing.", func(p *page) *page {
				return p.quantity(fig{num: "40", phrase: "40 people", n: 40, counted: "people", head: "person", cat: schemas.Missing, place: "Torvik", from: day, until: day})
			}),
			newPage(t, "b", "2025-03-03", "two.example", "In Torvik 12 people are still missing.").name("Torvik", schemas.Location, "NO").
				quantity(fig{num: "12", phrase: "12 people", n: 12, counted: "people", head: "person", cat: schemas.Missing, place: "Torvik", from: day, until: day}),
		}, []string{"superseded 40"}},
		{"a correction in an article of its own retracts", []*page{
			bombing(t, "a", day, "one.example", "61", 61, "", day),
			newPage(t, "b", "2025-03-03", "one.example", "Correction: an earlier version of our report said that the blast in Torvik killed 61 people. It killed 16 people, Sigrid Halle of the Harbour Guard said.").
				name("Torvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").name("Harbour Guard", schemas.Organisation, "NO").
				quantity(fig{num: "61", phrase: "61 people", n: 61, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: day, until: day}).
				quantity(fig{num: "16", phrase: "16 people", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: day, until: day, source: "Sigrid Halle"}),
		}, []string{"retracted 61"}},
		{"a denial is in conflict with what it denies", []*page{
			bombing(t, "a", day, "one.example", "16", 16, "", day),
			newPage(t, "b", day, "two.example", "The Harbour Guard denied that the blast in Torvik killed 16 people. Sigrid Halle gave no toll.").
				name("Torvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").name("Harbour Guard", schemas.Organisation, "NO").
				quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: day, until: day, mod: schemas.Negated}),
		}, []string{"conflicted 16", "conflicted 16"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx := context.Background()
			n := open(t, freshState(t))
			defer n.Close()
			for i, p := range tt.pages {
				if err := n.Apply(ctx, []Input{{Sequence: uint64(i + 1), Extraction: p.Extraction}}); err != nil {
					t.Fatal(err)
				}
			}
			changes := outboxOf(t, n)
			var got []string
			for _, c := range changes {
				if c.Change != schemas.ChangeAsserted && c.Change != schemas.ChangeFinalized {
					got = append(got, string(c.Change)+" "+c.Claim.Value.String())
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMerged lets an earlier report arrive late: the series takes its name, and
// the old ids lead to the new ones.
func TestMerged(t *testing.T) { onBoth(t, testMerged) }

func testMerged(t *testing.T) {
	ctx := context.Background()
	n := open(t, freshState(t))
	defer n.Close()
	apply := func(p *page) {
		t.Helper()
		if err := n.Apply(ctx, []Input{{Extraction: p.Extraction}}); err != nil {
			t.Fatal(err)
		}
	}
	apply(bombing(t, "b", "2025-03-03", "two.example", "16", 16, "", "2025-03-02"))
	var old string
	for c := range n.Claims(ctx) {
		old = c.ID
	}
	apply(bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"))
	how, heirs, ok, err := n.Replaced(ctx, old)
	if err != nil || !ok || how != schemas.ChangeMerged || len(heirs) != 1 {
		t.Fatalf("Replaced(%s) = %s, %v, %t, %v, want merged into one", old, how, heirs, ok, err)
	}
	found := false
	for c := range n.Claims(ctx) {
		found = found || c.ID == heirs[0] && c.CitationCount == 2
	}
	if !found {
		t.Errorf("heir %s does not stand with two citations", heirs[0])
	}
}

func TestOutboxIsEmptied(t *testing.T) { onBoth(t, testOutboxIsEmptied) }

func testOutboxIsEmptied(t *testing.T) {
	ctx := context.Background()
	path := freshState(t)
	n := open(t, path)
	if err := n.Apply(ctx, []Input{{Sequence: 9, Extraction: bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02").Extraction}}); err != nil {
		t.Fatal(err)
	}
	n.Close()
	n = open(t, path)
	defer n.Close()
	if n.Sequence() != 9 {
		t.Errorf("Sequence() = %d after reopening, want 9", n.Sequence())
	}
	if s, err := n.Stats(ctx); err != nil || s != (Stats{Articles: 1, Claims: 1, Series: 1, Outbox: 1}) {
		t.Errorf("Stats() = %+v, %v, want one of each", s, err)
	}
	cs, err := n.Outbox(ctx, 10)
	if err != nil || len(cs) != 1 {
		t.Fatalf("Outbox() = %d changes, %v, want 1", len(cs), err)
	}
	if c := changeOf(t, cs[0]); c.Series == nil || c.Country != "NO" || c.KnownAt != "2025-03-02" || c.Cause.Article == nil {
		t.Errorf("change = %+v, want series, country NO, cause and the day of publication", c)
	}
	n.Sent(cs[0].Position)
	if cs, err := n.Outbox(ctx, 10); err != nil || len(cs) != 0 {
		t.Errorf("Outbox() = %d changes, %v after Sent, want none", len(cs), err)
	}
}

// TestManyCitations: a change of a claim that dozens of articles give carries the
// newest of them and its cause, but all where it says that some are gone, and when it
// makes the claim final: who follows the changes ends with what stands.
func TestManyCitations(t *testing.T) {
	n := open(t, freshState(t))
	defer n.Close()
	const articles, day = 30, "2025-03-02"
	var pages []*page
	for i := range articles {
		p := bombing(t, fmt.Sprintf("a%02d", i), fmt.Sprintf("2025-03-02T12:%02d:00Z", i), fmt.Sprintf("p%d.example", i), "16", 16, "", day)
		pages = append(pages, p)
	}
	first := pages[0]
	for _, p := range append(pages[1:], first) { // the first names the series: with it the claim gets another id
		if err := n.Apply(t.Context(), []Input{{Extraction: p.Extraction}}); err != nil {
			t.Fatal(err)
		}
	}
	block := schemas.Review{ID: "r", At: time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC), Action: schemas.ReviewBlock, Source: "p5.example"}
	if err := n.Review(t.Context(), 0, block); err != nil {
		t.Fatal(err)
	}
	if err := n.Finalize(t.Context()); err != nil {
		t.Fatal(err)
	}
	changes := outboxOf(t, n)
	seen := map[schemas.ChangeKind]int{}
	for i := range changes {
		c := &changes[i]
		seen[c.Change]++
		carried, want := len(c.Claim.Citations), min(c.Claim.CitationCount, schemas.MaxChangeCitations)
		if c.Change == schemas.ChangeFinalized || c.Change == schemas.ChangeAsserted || c.Cause.Review != "" {
			want = c.Claim.CitationCount
		}
		if carried != want || (c.More == "") != (carried == c.Claim.CitationCount) {
			t.Errorf("%s of a claim with %d citations carries %d, want %d; more %q", c.Change, c.Claim.CitationCount, carried, want, c.More)
		}
		if a := c.Cause.Article; a != nil && c.Change == schemas.ChangeCorroborated && !slices.ContainsFunc(c.Claim.Citations, func(z schemas.Citation) bool { return z.ArticleID == a.ID }) {
			t.Errorf("%s does not cite its cause %s", c.Change, a.ID)
		}
	}
	if seen[schemas.ChangeCorroborated] < schemas.MaxChangeCitations || seen[schemas.ChangeFinalized] == 0 || seen[schemas.ChangeRevised]+seen[schemas.ChangeRetracted] == 0 {
		t.Errorf("changes %v", seen)
	}
}
