package normalizer

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

// forgetful opens a state whose articles leave memory as soon as they can.
func forgetful(t testing.TB, path string, share Partition, reach int) *Normalizer {
	t.Helper()
	n, err := Open(t.Context(), Config{Path: path, Horizon: time.Nanosecond, FinalAfter: 24 * time.Hour, Partition: share, eager: true, reach: reach})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// mindful opens a state that keeps everything in memory, and calls claims final as
// early as the forgetful one.
func mindful(t testing.TB, path string, share Partition, reach int) *Normalizer {
	t.Helper()
	n, err := Open(t.Context(), Config{Path: path, FinalAfter: 24 * time.Hour, Partition: share, reach: reach})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestHorizon gives two states the same articles in the same steps, in order and
// shuffled. One lets go of everything it can after each step. Every change that they
// announce, and what stands in the end, has to be the same, byte for byte.
func TestHorizon(t *testing.T) { onBoth(t, testHorizon) }

func testHorizon(t *testing.T) {
	seeds, size := uint64(2), 24
	if strings.Contains(t.Name(), "postgres") || testing.Short() { // a round trip a statement
		seeds, size = 1, 12
	}
	for seed := range seeds {
		es := seasons(t, seed, size)
		r := rand.New(rand.NewPCG(seed, 3))
		for round, share := range []Partition{{}, {}, {1, 2}} {
			reach := []int{0, 2, 0}[round] // so few that blocks are crowded
			if round > 0 {
				r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
			}
			paths := [2]string{freshState(t), freshState(t)}
			a, b := mindful(t, paths[0], share, reach), forgetful(t, paths[1], share, reach)
			away, came := 0, 0
			for i := 0; i < len(es); {
				step := min(1+r.IntN(9), len(es)-i)
				var in []Input
				for ; step > 0; step-- {
					in = append(in, Input{Sequence: uint64(i + 1), Extraction: es[i]})
					i++
				}
				before := b.shelf.came
				if r.IntN(8) == 0 { // given up somewhere in the middle, or at the end
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(r.IntN(20_000))*time.Microsecond)
					_ = b.Apply(ctx, in)
					cancel()
				}
				both(t, a, b, func(n *Normalizer) error { return n.Apply(t.Context(), in) })
				away, came = max(away, b.shelf.stock.Articles), came+max(0, b.shelf.came-before)
				if r.IntN(12) == 0 {
					b.Close()
					b = forgetful(t, paths[1], share, reach)
				}
			}
			both(t, a, b, func(n *Normalizer) error { return n.Finalize(t.Context()) })
			if t.Logf("seed %d round %d: at most %d of %d articles were away, %d came back", seed, round, away, len(es), came); away < len(es)/4 || came == 0 {
				t.Error("the test shows nothing")
			}
			compareStates(t, a, b)
			checkHistory(t, b)
			a.Close()
			b.Close()
		}
	}
}

func both(t *testing.T, a, b *Normalizer, do func(*Normalizer) error) {
	t.Helper()
	for _, n := range []*Normalizer{a, b} {
		if err := do(n); err != nil {
			t.Fatal(err)
		}
	}
}

// compareStates compares all that two states announced and all that stands in them.
func compareStates(t *testing.T, a, b *Normalizer) {
	t.Helper()
	ctx := context.Background()
	var said [2][]string
	var standing [2][]string
	var counts [2]Stats
	for i, n := range []*Normalizer{a, b} {
		changes, err := n.Outbox(ctx, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			said[i] = append(said[i], string(c.JSON))
		}
		for c, err := range n.Claims(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			standing[i] = append(standing[i], string(c.AppendJSON(nil)))
		}
		for s, err := range n.Series(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			standing[i] = append(standing[i], string(s.AppendJSON(nil)))
		}
		if counts[i], err = n.Stats(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if len(said[0]) == 0 || len(standing[0]) == 0 {
		t.Fatal("nothing was announced, or nothing stands: the test shows nothing")
	}
	for i := range said[0] {
		if i >= len(said[1]) || said[0][i] != said[1][i] {
			t.Errorf("change %d of %d and %d differs:\n%s", i, len(said[0]), len(said[1]), cmp.Diff(said[0][i], append(said[1], make([]string, i+1)...)[i]))
			break
		}
	}
	if len(said[1]) > len(said[0]) {
		t.Errorf("%d changes, want %d", len(said[1]), len(said[0]))
	}
	if d := cmp.Diff(standing[0], standing[1]); d != "" {
		t.Errorf("what stands differs (-all in memory +with a horizon):\n%s", d)
	}
	if d := cmp.Diff(counts[0], counts[1]); d != "" {
		t.Errorf("Stats (-all in memory +with a horizon):\n%s", d)
	}
}

// seasons makes the reports of five newsrooms of their own, a month each, nearly in
// order: some come late, some texts are printed again a season later, some articles
// are edited when all is over.
func seasons(t testing.TB, seed uint64, size int) []schemas.Extraction {
	r := rand.New(rand.NewPCG(seed, 11))
	var out []schemas.Extraction
	for season := range 5 {
		names := strings.NewReplacer("a0", fmt.Sprintf("a%d", season), "copy0", fmt.Sprintf("copy%d", season),
			"2025-03-", fmt.Sprintf("2025-%02d-", season+3),
			"orvik", "orva"+string(rune('k'+season)), "alden", "aldu"+string(rune('k'+season)), "andnes", "andna"+string(rune('k'+season)), "arsa", "ars"+string(rune('k'+season)),
			"alle", "all"+string(rune('k'+season)), "rekke", "rekk"+string(rune('k'+season)), "asri", "asr"+string(rune('k'+season)))
		for _, e := range newsroom(t, 10*seed+uint64(season), size) {
			e = rewritten(t, e, names)
			if season > 1 {
				e = withTail(t, e, tail)
			}
			if len(out) > 2*size && r.IntN(12) == 0 { // once more, long after
				old := out[r.IntN(len(out)-size)]
				old.ArticleID += "again"
				old.Article.ID, old.Article.PublishedAt = old.ArticleID, e.Article.PublishedAt
				out = append(out, old)
			}
			if len(out) > 2*size && r.IntN(12) == 0 { // a word was changed, long after
				old := rewritten(t, out[r.IntN(len(out)-size)], strings.NewReplacer("Crews of", "Teams of"))
				if r.IntN(2) == 0 {
					old = withTail(t, old, "")
				}
				old.Article.ModifiedAt = e.Article.ModifiedAt
				out = append(out, old)
			}
			out = append(out, e)
		}
	}
	for i := range out { // some come late
		if r.IntN(8) == 0 {
			j := min(i+r.IntN(3*size), len(out)-1)
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

// tail stands below many articles: more of them have it than may be compared for it.
const tail = "\n\nThis bulletin reaches subscribers twice every weekday thanks to volunteers, printers and the lighthouse fund; write to the desk " +
	"if yours is late, soaked or chewed, and another will be posted before the ferry leaves. Names of donors hang framed above our kettle. " +
	"Old issues are bound each winter and may be read at the public library on request, gloves and patience provided free of charge."

// withTail puts what stands below an article in the place of what does.
func withTail(t testing.TB, e schemas.Extraction, tail string) schemas.Extraction {
	t.Helper()
	body, _, _ := strings.Cut(e.Article.Text, "\n\nThis bulletin")
	e.Article.Text = body + tail
	e.Article.TextSHA256, e.Article.Version = "", ""
	if err := e.Article.Complete(); err != nil {
		t.Fatal(err)
	}
	e.ArticleVersion = e.Article.Version
	return e
}

// rewritten replaces words by others as long, wherever they stand.
func rewritten(t testing.TB, e schemas.Extraction, words *strings.Replacer) schemas.Extraction {
	t.Helper()
	var out schemas.Extraction
	if err := json.Unmarshal([]byte(words.Replace(string(e.AppendJSON(nil)))), &out); err != nil {
		t.Fatal(err)
	}
	out.Article.TextSHA256, out.Article.Version = "", ""
	if err := out.Article.Complete(); err != nil {
		t.Fatal(err)
	}
	out.ArticleVersion = out.Article.Version
	return out
}
