package normalizer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// newsroom makes n reports of a few overlapping stories, with missing slots, wire
// copies, abridged copies and edited pages, from a fixed seed.
func newsroom(t testing.TB, seed uint64, n int) []schemas.Extraction {
	r := rand.New(rand.NewPCG(seed, 7))
	towns := []string{"Torvik", "Halden", "Sandnes", "Marsa"}
	people := []string{"Sigrid Halle", "Ole Brekke", "Amal Nasri"}
	verbs := []schemas.Category{schemas.Killed, schemas.Injured, schemas.Missing}
	var out []schemas.Extraction
	var texts []*page
	for i := range n {
		if len(texts) > 0 && r.IntN(5) == 0 { // a copy, somewhere else, perhaps later
			p := *texts[r.IntN(len(texts))]
			p.ArticleID = fmt.Sprintf("copy%03d", i)
			p.Article.ID, p.Article.Publisher.Domain = p.ArticleID, fmt.Sprintf("p%d.example", r.IntN(6))
			p.Article.PublishedAt = fmt.Sprintf("2025-03-%02d", 2+r.IntN(20))
			out = append(out, p.Extraction)
			continue
		}
		town, who, cat := towns[r.IntN(len(towns))], people[r.IntN(len(people))], verbs[r.IntN(len(verbs))]
		day := 2 + r.IntN(12)
		v := int64(10 + 7*r.IntN(6))
		id := fmt.Sprintf("a%03d", i)
		if r.IntN(6) == 0 && len(texts) > 0 { // a new version of an article
			id = texts[r.IntN(len(texts))].ArticleID
		}
		var filler strings.Builder
		for range 12 {
			fmt.Fprintf(&filler, " Crews of brigade %s searched quay %s of the harbour near the %s warehouse.", towns[r.IntN(4)], people[r.IntN(3)], string(rune('A'+r.IntN(20))))
		}
		host := people[r.IntN(len(people))]
		met := r.IntN(2) == 0 && host != who
		text := fmt.Sprintf("Something went wrong in %s, %s told reporters. It left %d people %s by the evening.%s", town, who, v, cat, filler.String())
		if met {
			text = fmt.Sprintf("%s %s received %s that week.", text, host, who)
		}
		p := newPage(t, id, fmt.Sprintf("2025-03-%02d", day+r.IntN(4)), fmt.Sprintf("p%d.example", r.IntN(6)), text).
			name(town, schemas.Location, "NO").name(who, schemas.Person, "")
		f := fig{num: fmt.Sprint(v), phrase: fmt.Sprintf("%d people", v), n: v, counted: "people", head: "person", cat: cat}
		if r.IntN(3) > 0 {
			f.place = town
		}
		if r.IntN(3) > 0 {
			f.from = fmt.Sprintf("2025-03-%02d", day)
			f.until = f.from
		}
		if r.IntN(4) == 0 {
			f.cmp = schemas.AtLeast
		}
		if met {
			where, when := town, fmt.Sprintf("2025-03-%02d", day+r.IntN(2))
			if r.IntN(3) == 0 {
				where = ""
			}
			if r.IntN(3) == 0 {
				when = ""
			}
			p.name(host, schemas.Person, "")
			p.event("consult", "received", host, who, where, when)
		}
		p.quantity(f).edition(fmt.Sprintf("2025-03-%02dT%02d:00:00Z", day+5, r.IntN(24)))
		texts = append(texts, p)
		out = append(out, p.Extraction)
	}
	return out
}

// TestOrder is the promise of the package: the same articles in any order, in one
// batch or one by one, with the state closed and opened between any two, give the
// same bytes.
func TestOrder(t *testing.T) { onBoth(t, testOrder) }

func testOrder(t *testing.T) {
	ctx := context.Background()
	seeds := uint64(3)
	if strings.Contains(t.Name(), "postgres") { // a round trip a statement
		seeds = 1
	}
	for seed := range seeds {
		es := newsroom(t, seed, 60)
		cs, _, err := Batch(es)
		if err != nil {
			t.Fatal(err)
		}
		want, err := Digest(cs)
		if err != nil {
			t.Fatal(err)
		}
		merged, happened := false, false
		for _, c := range cs {
			merged = merged || c.CitationCount > 2
			happened = happened || c.Kind == schemas.EventClaim && c.CitationCount > 1
		}
		if !merged || !happened {
			t.Fatalf("seed %d: no claim has three citations (%t) or no event has two (%t): the test shows nothing", seed, merged, happened)
		}
		for round := range uint64(2) {
			r := rand.New(rand.NewPCG(seed, round))
			r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
			cs, _, err := Batch(es)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := Digest(cs); got != want {
				t.Errorf("seed %d round %d: Batch of shuffled articles has digest %s, want %s", seed, round, got, want)
			}
			path := freshState(t)
			n := open(t, path)
			for i := 0; i < len(es); {
				step := 1 + r.IntN(9)
				var in []Input
				for ; step > 0 && i < len(es); step-- {
					in = append(in, Input{Sequence: uint64(i + 1), Extraction: es[i]})
					i++
				}
				if err := n.Apply(ctx, in); err != nil {
					t.Fatal(err)
				}
				if r.IntN(8) == 0 { // as after a kill: nothing but the file survives
					n.Close()
					n = open(t, path)
					if err := n.Apply(ctx, in); err != nil { // delivered again
						t.Fatal(err)
					}
				}
			}
			if err := n.Finalize(ctx); err != nil {
				t.Fatal(err)
			}
			if got, err := n.Digest(ctx); err != nil || got != want {
				t.Errorf("seed %d round %d: Digest() = %s, %v after Apply one by one, want %s", seed, round, got, err, want)
			}
			checkHistory(t, n)
			n.Close()
			if round > 0 || seed > 0 && testing.Short() {
				continue
			}
			for _, tt := range []struct {
				of      int
				forgets bool
			}{{2, false}, {8, false}, {8, true}} {
				if got := partitioned(t, es, tt.of, tt.forgets); got != want {
					t.Errorf("seed %d round %d: %d partitions (with a horizon: %t) have digest %s, want %s", seed, round, tt.of, tt.forgets, got, want)
				}
			}
		}
	}
}

// partitioned applies the articles to so many partitions and returns the digest of
// all their claims. Those that forget let articles leave memory as soon as they can.
func partitioned(t *testing.T, es []schemas.Extraction, of int, forgets bool) string {
	t.Helper()
	var all []schemas.Claim
	busy := 0
	for i := range of {
		cfg := Config{Path: freshState(t), Partition: Partition{i, of}}
		if forgets {
			cfg.Horizon, cfg.FinalAfter, cfg.eager = time.Nanosecond, 24*time.Hour, true
		}
		n, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		for j := range es {
			if err := n.Apply(t.Context(), []Input{{Sequence: uint64(j + 1), Extraction: es[j]}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := n.Finalize(t.Context()); err != nil {
			t.Fatal(err)
		}
		if forgets && n.shelf.last == 0 {
			t.Errorf("partition %d of %d let nothing go: the test shows nothing", i, of)
		}
		before := len(all)
		for c, err := range n.Claims(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		if len(all) > before {
			busy++
		}
		n.Close()
	}
	if busy < 2 {
		t.Errorf("of %d partitions %d have claims: the test shows nothing", of, busy)
	}
	digest, err := Digest(all)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

func TestParsePartition(t *testing.T) {
	for _, p := range []Partition{{0, 1}, {1, 8}, {7, 8}} {
		if got, err := ParsePartition(p.String()); err != nil || got != p {
			t.Errorf("ParsePartition(%q) = %v, %v, want %v", p.String(), got, err, p)
		}
	}
	for _, s := range []string{"", "1", "0/2", "3/2", "a/b", "1/2x", "1/2/3", "-1/2"} {
		if p, err := ParsePartition(s); err == nil {
			t.Errorf("ParsePartition(%q) = %v, want an error", s, p)
		}
	}
}

func open(t testing.TB, path string) *Normalizer {
	t.Helper()
	n, err := Open(context.Background(), Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// checkHistory replays the outbox: revisions ascend by one, and what is announced
// as living at the end is what stands.
func checkHistory(t *testing.T, n *Normalizer) {
	t.Helper()
	ctx := context.Background()
	changes := outboxOf(t, n)
	revision, alive, ids := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		if ids[c.ID] {
			t.Errorf("change %s is announced twice", c.ID)
		}
		ids[c.ID] = true
		if revision[c.Claim.ID]++; c.Revision != revision[c.Claim.ID] {
			t.Errorf("claim %s: revision %d of %s, want %d", c.Claim.ID, c.Revision, c.Change, revision[c.Claim.ID])
		}
		switch c.Change {
		case schemas.ChangeMerged, schemas.ChangeSplit:
			alive[c.Claim.ID] = false
			if len(c.Claim.ReplacedBy) == 0 {
				t.Errorf("claim %s %s into nothing", c.Claim.ID, c.Change)
			}
		case schemas.ChangeRevised, schemas.ChangeWithdrawn, schemas.ChangeRetracted:
			_, _, gone, err := n.Replaced(ctx, c.Claim.ID)
			if err != nil {
				t.Fatal(err)
			}
			alive[c.Claim.ID] = !gone
		default:
			alive[c.Claim.ID] = true
		}
	}
	for c, err := range n.Claims(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if !alive[c.ID] {
			t.Errorf("claim %s stands but was never announced, or was announced as gone", c.ID)
		}
		delete(alive, c.ID)
		if c.Stability != schemas.Final {
			t.Errorf("claim %s is %s at the end of input", c.ID, c.Stability)
		}
	}
	for id, living := range alive {
		if living {
			t.Errorf("claim %s was announced and is gone without a word", id)
		}
	}
}

// TestFlood takes one text that a publisher puts out again and again: absorbed in
// one claim, at a cost that stays near linear.
func TestFlood(t *testing.T) { onBoth(t, testFlood) }

func testFlood(t *testing.T) {
	ctx := context.Background()
	const times = 600
	var in []Input
	var es []schemas.Extraction
	for i := range times {
		p := bombing(t, fmt.Sprintf("a%05d", i), fmt.Sprintf("2025-03-%02d", 2+i%5), "mill.example", "16", 16, "", "2025-03-02")
		in = append(in, Input{Sequence: uint64(i + 1), Extraction: p.Extraction})
		es = append(es, p.Extraction)
	}
	n := open(t, freshState(t))
	defer n.Close()
	if err := n.Apply(ctx, in); err != nil {
		t.Fatal(err)
	}
	waiting, room := 0, 0 // of the one claim: its former editions must not be kept
	for _, ids := range n.due {
		waiting += len(ids)
	}
	for _, g := range n.book.groups {
		room += cap(g.claims[0].rec.Sources)
	}
	if waiting > 5 || room > 8 { // one a day
		t.Errorf("%d claims wait for the watermark, with room for %d sources", waiting, room)
	}
	if err := n.Finalize(ctx); err != nil {
		t.Fatal(err)
	}
	count := 0
	for c := range n.Claims(ctx) {
		count++
		if got := c.Corroboration; got.Articles != times || got.Publishers != 1 || got.Origins != 1 {
			t.Errorf("corroboration = %+v, want %d articles of one publisher and origin", got, times)
		}
	}
	if count != 1 {
		t.Errorf("%d claims, want 1", count)
	}
	cs, _, err := Batch(es)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Digest(cs)
	if got, err := n.Digest(ctx); err != nil || got != want {
		t.Errorf("Digest() = %s, %v, want %s as of Batch", got, err, want)
	}
}
