package normalizer

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

// TestFollower keeps what a reader of the changes knows: once all is final it is
// what stands, byte for byte, also if claims were final long before the last article
// came.
func TestFollower(t *testing.T) { onBoth(t, testFollower) }

func testFollower(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(4) {
		es := newsroom(t, seed+30, 70)
		r := rand.New(rand.NewPCG(seed, 9))
		r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
		path := freshState(t)
		start := func() *Normalizer {
			n, err := Open(ctx, Config{Path: path, FinalAfter: 24 * time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		n := start()
		known, again := map[string]schemas.Claim{}, 0
		follow := func() {
			for {
				changes, err := n.Outbox(ctx, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range changes {
					c := changeOf(t, o)
					if c.Change == schemas.ChangeFinalized && c.Cause.Article != nil {
						again++
					}
					known[c.Claim.ID] = c.Claim
				}
				if len(changes) == 0 {
					return
				}
				n.Sent(changes[len(changes)-1].Position)
			}
		}
		for i := range es {
			if err := n.Apply(ctx, []Input{{Extraction: es[i]}}); err != nil {
				t.Fatal(err)
			}
			if r.IntN(10) == 0 {
				n.Close()
				n = start()
			}
			if r.IntN(3) == 0 {
				follow()
			}
		}
		if err := n.Finalize(ctx); err != nil {
			t.Fatal(err)
		}
		follow()
		if again == 0 {
			t.Errorf("seed %d: no claim was announced a second time: the test shows nothing", seed)
		}
		for c, err := range n.Claims(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			k, ok := known[c.ID]
			switch {
			case !ok:
				t.Errorf("seed %d: claim %s was never announced", seed, c.ID)
			case c.CitationCount > schemas.MaxWholeCitations: // a change carries a part
			default:
				if d := cmp.Diff(string(c.AppendJSON(nil)), string(k.AppendJSON(nil))); d != "" {
					t.Errorf("seed %d: claim %s (-stands +announced):\n%s", seed, c.ID, d)
				}
			}
		}
		n.Close()
	}
}
