package normalizer

import (
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestAttribution: a citation names everybody whom a figure passed through, and a
// review of the source takes the place of what was read.
func TestAttribution(t *testing.T) {
	p := newPage(t, "a", "2025-03-02", "one.example", "Norish media said 14 miners had died, citing the pit owner. Sigrid Halle said: “Nobody warned us.”").
		name("Norish media", schemas.Organisation, "NO").
		quantity(fig{num: "14", n: 14, counted: "miners", head: "miner", cat: schemas.Killed, source: "Norish media"}).
		says("Sigrid Halle", "Nobody warned us.")
	q := &p.Quantities[0]
	q.Attribution = []schemas.Attribution{{Who: *q.Source, Cue: "said"}, {Who: *p.slot("the pit owner"), Cue: "citing"}}
	cs, _ := batch(t, p)
	want := map[schemas.ClaimKind]string{schemas.QuantityClaim: "Norish media (said); the pit owner (citing)", schemas.StatementClaim: "Sigrid Halle (said)"}
	for i := range cs {
		z := &cs[i].Citations[0]
		if got := z.PassedOn(); got != want[cs[i].Kind] {
			t.Errorf("a %s is passed on by %q, want %q", cs[i].Kind, got, want[cs[i].Kind])
		}
		if z.Attribution[0].Who != *z.Source {
			t.Errorf("a %s is attributed to %+v first, its source is %+v", cs[i].Kind, z.Attribution[0].Who, *z.Source)
		}
	}
	q.Source = p.slot("Sigrid Halle") // as a review would
	if cs, _ = batch(t, p); len(cs) != 2 {
		t.Fatalf("%d claims, want 2", len(cs))
	}
	for i := range cs {
		if got := cs[i].Citations[0].PassedOn(); cs[i].Kind == schemas.QuantityClaim && got != "Sigrid Halle" {
			t.Errorf("with another source it is passed on by %q", got)
		}
	}
	q.Source = nil
	cs, _ = batch(t, p)
	for i := range cs {
		if got := cs[i].Citations[0].Attribution; cs[i].Kind == schemas.QuantityClaim && got != nil {
			t.Errorf("without a source it is passed on by %v", got)
		}
	}
}
