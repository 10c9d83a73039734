package normalizer

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

func ruling(id string, action schemas.ReviewAction, p *page, words string) schemas.Review {
	return schemas.Review{
		SchemaVersion: schemas.Version, ID: id, At: time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC), By: "an editor", Why: "a test", Action: action,
		Anchor: schemas.Anchor{ArticleID: p.ArticleID, TextSHA256: p.Article.TextSHA256, Span: p.span(words)},
	}
}

// TestReview applies one decision to two articles and lists the changes and what
// stands; the same from the batch, whose input is all there at once.
func TestReview(t *testing.T) {
	const day = "2025-03-02"
	a := bombing(t, "a", day, "one.example", "16", 16, "", day)
	b := bombing(t, "b", day, "two.example", "20", 20, "", day)
	twin := bombing(t, "c", day, "three.example", "16", 16, "", day) // the text of a, elsewhere
	reject := ruling("r1", schemas.ReviewReject, a, "16")
	fix := ruling("r2", schemas.ReviewFix, b, "20")
	fix.Slot, fix.Value = "comparator", "at_least"
	block := schemas.Review{ID: "r3", At: reject.At, Action: schemas.ReviewBlock, Source: "Two.example"}
	guard := schemas.Review{ID: "r4", At: reject.At, Action: schemas.ReviewBlock, Source: newCanon(&a.Extraction).id(&a.Entities[2])}
	again := ruling("r5", schemas.ReviewFix, a, "16")
	again.At, again.Slot, again.Value = reject.At.Add(time.Hour), "value", 18
	tests := []struct {
		name    string
		reviews []schemas.Review
		changes []string
		stands  []string
	}{
		{"a rejected figure is retracted wherever the text is printed", []schemas.Review{reject}, []string{"retracted 16"}, []string{"20"}},
		{"a fixed slot revises", []schemas.Review{fix}, []string{"revised 20"}, []string{"16", "at_least 20"}},
		{"a blocked publisher", []schemas.Review{block}, []string{"retracted 20"}, []string{"16"}},
		{"a blocked source", []schemas.Review{guard}, []string{"retracted 16", "retracted 20"}, nil},
		{"the later of two that contradict each other", []schemas.Review{reject, again}, []string{"retracted 16"}, []string{"18", "20"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx := context.Background()
			path := filepath.Join(t.TempDir(), "state.db")
			n := open(t, path)
			if err := n.Apply(ctx, []Input{{Extraction: a.Extraction}, {Extraction: b.Extraction}, {Extraction: twin.Extraction}}); err != nil {
				t.Fatal(err)
			}
			for i, r := range tt.reviews {
				for range 2 { // delivered twice
					if err := n.Review(ctx, uint64(i+1), r); err != nil {
						t.Fatal(err)
					}
				}
			}
			n.Close()
			n = open(t, path)
			defer n.Close()
			changes, err := n.Outbox(ctx, 100)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range changes {
				if c.Change == schemas.ChangeRetracted || c.Change == schemas.ChangeRevised {
					got = append(got, string(c.Change)+" "+c.Claim.Value.String())
					if c.Cause.Review == "" || c.Cause.Article != nil {
						t.Errorf("cause = %+v, want the review", c.Cause)
					}
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.changes, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
			var stands []string
			for c := range n.Claims(ctx) {
				s := c.Value.String()
				if c.Comparator != schemas.Exact {
					s = string(c.Comparator) + " " + s
				}
				stands = append(stands, s)
			}
			slices.Sort(stands)
			if diff := cmp.Diff(tt.stands, stands); diff != "" {
				t.Errorf("what stands (-want +got):\n%s", diff)
			}
			if err := n.Finalize(ctx); err != nil {
				t.Fatal(err)
			}
			slices.Reverse(tt.reviews)
			cs, _, err := Batch([]schemas.Extraction{b.Extraction, twin.Extraction, a.Extraction}, tt.reviews...)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := Digest(cs)
			if got, err := n.Digest(ctx); err != nil || got != want {
				t.Errorf("Digest() = %s, %v, want %s as of Batch", got, err, want)
			}
		})
	}
}

// TestReviewOrder mixes reviews and articles in any order.
func TestReviewOrder(t *testing.T) {
	ctx := context.Background()
	es := newsroom(t, 21, 30)
	var rs []schemas.Review
	for i := range es {
		if i%5 == 0 && len(es[i].Quantities) > 0 {
			e := &es[i]
			rs = append(rs, schemas.Review{
				ID: "r" + e.ArticleID, At: time.Date(2025, 4, 1, i%24, 0, 0, 0, time.UTC), Action: schemas.ReviewReject,
				Anchor: schemas.Anchor{ArticleID: e.ArticleID, TextSHA256: e.Article.TextSHA256, Span: e.Quantities[0].Span},
			})
		}
	}
	rs = append(rs, schemas.Review{ID: "block", Action: schemas.ReviewBlock, Source: "p3.example"})
	cs, _, err := Batch(es, rs...)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Digest(cs)
	plain, _, err := Batch(es)
	if err != nil {
		t.Fatal(err)
	}
	if same, _ := Digest(plain); same == want {
		t.Fatal("the reviews change nothing: the test shows nothing")
	}
	r := rand.New(rand.NewPCG(4, 4))
	n := open(t, filepath.Join(t.TempDir(), "state.db"))
	defer n.Close()
	for i, j := 0, 0; i < len(es) || j < len(rs); {
		if j < len(rs) && (i == len(es) || r.IntN(4) == 0) {
			if err := n.Review(ctx, 0, rs[j]); err != nil {
				t.Fatal(err)
			}
			j++
			continue
		}
		if err := n.Apply(ctx, []Input{{Extraction: es[i]}}); err != nil {
			t.Fatal(err)
		}
		i++
	}
	if err := n.Finalize(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err := n.Digest(ctx); err != nil || got != want {
		t.Errorf("Digest() = %s, %v, want %s", got, err, want)
	}
	checkHistory(t, n)
}

func TestReviewMalformed(t *testing.T) {
	p := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	fix := func(slot string, value any) schemas.Review {
		r := ruling("r", schemas.ReviewFix, p, "16")
		r.Slot, r.Value = slot, value
		return r
	}
	unanchored := ruling("r", schemas.ReviewReject, p, "16")
	unanchored.Anchor.TextSHA256 = ""
	for name, r := range map[string]schemas.Review{
		"no id": {Action: schemas.ReviewBlock, Source: "x"}, "no source": {ID: "r", Action: schemas.ReviewBlock}, "unknown action": {ID: "r", Action: "praise"},
		"unanchored": unanchored, "no such slot": fix("start", 3), "a word for a number": fix("value", "many"), "text": fix("text", "17"),
	} {
		if err := checkReview(&r); !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("%s: error %v, want one that matches ErrMalformed", name, err)
		}
	}
}
