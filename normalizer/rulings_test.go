package normalizer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

func decision(id string, action schemas.ReviewAction, p *page, words string) schemas.Review {
	return schemas.Review{
		SchemaVersion: schemas.Version, ID: id, At: time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC), By: "an editor", Why: "a test", Action: action,
		Anchor: schemas.Anchor{ArticleID: p.ArticleID, TextSHA256: p.Article.TextSHA256, Span: p.span(words)},
	}
}

// TestReview applies one decision to two articles and lists the changes and what
// stands; the same from the batch, whose input is all there at once.
func TestReview(t *testing.T) { onBoth(t, testReview) }

func testReview(t *testing.T) {
	const day = "2025-03-02"
	a := bombing(t, "a", day, "one.example", "16", 16, "", day)
	b := bombing(t, "b", day, "two.example", "20", 20, "", day)
	twin := bombing(t, "c", day, "three.example", "16", 16, "", day) // the text of a, elsewhere
	reject := decision("r1", schemas.ReviewReject, a, "16")
	fix := decision("r2", schemas.ReviewFix, b, "20")
	fix.Slot, fix.Value = "comparator", "at_least"
	block := schemas.Review{ID: "r3", At: reject.At, Action: schemas.ReviewBlock, Source: "Two.example"}
	guard := schemas.Review{ID: "r4", At: reject.At, Action: schemas.ReviewBlock, Source: newCanon(&a.Extraction).id(&a.Entities[2])}
	again := decision("r5", schemas.ReviewFix, a, "16")
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
			path := freshState(t)
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
			changes := outboxOf(t, n)
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
func TestReviewOrder(t *testing.T) { onBoth(t, testReviewOrder) }

func testReviewOrder(t *testing.T) {
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
	anchor := func(i int) schemas.Anchor {
		return schemas.Anchor{ArticleID: es[i].ArticleID, TextSHA256: es[i].Article.TextSHA256, Span: es[i].Quantities[0].Span}
	}
	for i := range 8 { // merges and splits, some of one pair
		at := time.Date(2025, 4, 2, i, 0, 0, 0, time.UTC)
		m := schemas.Review{ID: fmt.Sprint("m", i), At: at, Action: schemas.ReviewMerge, Anchors: []schemas.Anchor{anchor(i), anchor(i + 9)}}
		s := schemas.Review{ID: fmt.Sprint("s", i), At: at.Add(time.Duration(i%2*120-60) * time.Minute), Action: schemas.ReviewSplit, Anchor: anchor(i + 1), Anchors: []schemas.Anchor{anchor(i + 9), anchor(i + 10)}}
		rs = append(rs, m, s)
	}
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
	n := open(t, freshState(t))
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

// TestMergeAndSplit moves figures between series and back.
func TestMergeAndSplit(t *testing.T) { onBoth(t, testMergeAndSplit) }

func testMergeAndSplit(t *testing.T) {
	const day = "2025-03-02"
	a := bombing(t, "a", day, "one.example", "16", 16, "", day)
	b := newPage(t, "b", day, "two.example", "Divers came to Torvik. A blast had killed 16 people at the ferry terminal, Minister Sigrid Halle said.").
		name("Torvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").
		quantity(fig{num: "16", phrase: "16 people", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: "2025-03-09", until: "2025-03-09"}) // a week later, says the record: another blast
	c := bombing(t, "c", "2025-03-03", "three.example", "19", 19, "", day)
	es := []schemas.Extraction{a.Extraction, b.Extraction, c.Extraction}
	id := func(article string, n *Normalizer) string {
		for z := range n.Claims(t.Context()) {
			if slices.ContainsFunc(z.Citations, func(ct schemas.Citation) bool { return ct.ArticleID == article }) {
				return z.ID
			}
		}
		t.Fatalf("no claim cites %s", article)
		return ""
	}
	at := time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name    string
		reviews func(n *Normalizer) []schemas.Review
		series  []string // values of each, by text
		changes []string
	}{
		{"as it is", func(*Normalizer) []schemas.Review { return nil }, []string{"16", "16 19"}, nil},
		{"a merge by ids", func(n *Normalizer) []schemas.Review {
			return []schemas.Review{{ID: "m", At: at, Action: schemas.ReviewMerge, Claims: []string{id("a", n), id("b", n)}}}
		}, []string{"16 19"}, []string{"merged 16"}},
		{"a split by ids", func(n *Normalizer) []schemas.Review {
			s := decision("s", schemas.ReviewSplit, c, "19")
			s.Claims = []string{id("c", n), id("a", n)}
			return []schemas.Review{s}
		}, []string{"16", "16", "19"}, []string{"split 19"}},
		{"a split of two citations of one claim", func(n *Normalizer) []schemas.Review {
			m := schemas.Review{ID: "m", At: at, Action: schemas.ReviewMerge, Claims: []string{id("a", n), id("b", n)}}
			if err := n.Review(t.Context(), 0, m); err != nil {
				t.Fatal(err)
			}
			s := decision("s", schemas.ReviewSplit, b, "16")
			s.At, s.Claims = at.Add(time.Hour), []string{id("b", n)}
			return []schemas.Review{s}
		}, []string{"16", "16 19"}, nil},
		{"the later of a split and a merge", func(n *Normalizer) []schemas.Review {
			m := schemas.Review{ID: "m", At: at, Action: schemas.ReviewMerge, Claims: []string{id("a", n), id("c", n)}}
			s := decision("s", schemas.ReviewSplit, c, "19")
			s.At, s.Claims = at.Add(-time.Hour), []string{id("c", n), id("a", n)}
			return []schemas.Review{s, m}
		}, []string{"16", "16 19"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := open(t, freshState(t))
			defer n.Close()
			var in []Input
			for i := range es {
				in = append(in, Input{Sequence: uint64(i + 1), Extraction: es[i]})
			}
			if err := n.Apply(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			for _, r := range tt.reviews(n) {
				if err := n.Review(t.Context(), 0, r); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for s := range n.Series(t.Context()) {
				var vs []string
				for _, p := range s.Points {
					vs = append(vs, p.Value.String())
				}
				slices.Sort(vs)
				got = append(got, strings.Join(vs, " "))
			}
			slices.Sort(got)
			if d := cmp.Diff(tt.series, got); d != "" {
				t.Errorf("series (-want +got):\n%s", d)
			}
			changes := outboxOf(t, n)
			if tt.changes != nil {
				got = nil
				for _, ch := range changes {
					if ch.Cause.Review != "" && ch.Change != schemas.ChangeAsserted && ch.Change != schemas.ChangeCorroborated && ch.Change != schemas.ChangeSuperseded {
						got = append(got, string(ch.Change)+" "+ch.Claim.Value.String())
					}
				}
				if d := cmp.Diff(tt.changes, got); d != "" {
					t.Errorf("changes (-want +got):\n%s", d)
				}
			}
			hs, err := n.Reviews(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var kept []schemas.Review
			for _, h := range hs {
				if h.Articles == 0 || len(h.Review.Anchors) == 0 {
					t.Errorf("review %s bears on %d articles, anchors %v", h.Review.ID, h.Articles, h.Review.Anchors)
				}
				kept = append(kept, h.Review)
			}
			cs, _, err := Batch(es, kept...) // what is kept of the reviews is enough to have the same again
			if err != nil {
				t.Fatal(err)
			}
			want, _ := Digest(cs)
			if err := n.Finalize(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, err := n.Digest(t.Context()); err != nil || got != want {
				t.Errorf("Digest() = %s, %v, want %s as of Batch", got, err, want)
			}
		})
	}
}

func TestReviewMalformed(t *testing.T) {
	p := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	fix := func(slot string, value any) schemas.Review {
		r := decision("r", schemas.ReviewFix, p, "16")
		r.Slot, r.Value = slot, value
		return r
	}
	unanchored := decision("r", schemas.ReviewReject, p, "16")
	unanchored.Anchor.TextSHA256 = ""
	for name, r := range map[string]schemas.Review{
		"no id": {Action: schemas.ReviewBlock, Source: "x"}, "no source": {ID: "r", Action: schemas.ReviewBlock}, "unknown action": {ID: "r", Action: "praise"},
		"a merge of one": {ID: "r", Action: schemas.ReviewMerge, Claims: []string{"c_1"}}, "a split from nothing": decision("r", schemas.ReviewSplit, p, "16"),
		"unanchored": unanchored, "no such slot": fix("start", 3), "a word for a number": fix("value", "many"), "text": fix("text", "17"),
		"no such comparator": fix("comparator", ">="), "no such modality": fix("modality", "sure"), "no such unit": fix("unit", "furlong"),
		"no such measure": fix("measure", "person-eaten"), "no date": fix("time", map[string]any{"start": "soon", "end": ""}),
	} {
		if err := CheckReview(&r); !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("%s: error %v, want one that matches ErrMalformed", name, err)
		}
	}
}

// TestReviewNamesEntity: who or what a fix names is the entity of that name.
func TestReviewNamesEntity(t *testing.T) {
	p := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	want, _ := batch(t, p)
	nowhere := *p
	nowhere.Quantities = slices.Clone(p.Quantities)
	nowhere.Quantities[0].Place = nil
	r := decision("r", schemas.ReviewFix, p, "16")
	r.Slot, r.Value = "place", map[string]any{"name": "Torvik"}
	got, _, err := Batch([]schemas.Extraction{nowhere.Extraction}, r)
	if err != nil || len(got) != 1 || got[0].Place == nil || got[0].Place.ID != want[0].Place.ID || got[0].Place.Country != "NO" {
		t.Errorf("place %+v, %v, want %+v", got[0].Place, err, want[0].Place)
	}
}

// TestReviewOfHeadline: a figure that only the headline prints is anchored to the
// headline, and the decision holds for whoever prints it.
func TestReviewOfHeadline(t *testing.T) {
	headed := func(id, publisher string) *page {
		p := newPage(t, id, "2025-03-02", publisher, "Boats kept leaving the harbour of Torvik all night. "+id)
		p.Article.Title = "Flood drives 900 families from Torvik"
		v, cat := schemas.Int(900), schemas.Displaced
		p.HeadlineQuantities = []schemas.Quantity{{
			Span: schemas.Span{Start: 13, End: 16}, Text: "900", Phrase: schemas.Span{Start: 13, End: 25}, Value: &v, Comparator: schemas.Exact,
			Unit: schemas.UnitCount, Measure: "person-displaced", Category: &cat, Modality: schemas.Asserted, Confidence: 0.9,
		}}
		return p
	}
	a, b := headed("a", "one.example"), headed("b", "two.example")
	n := open(t, freshState(t))
	defer n.Close()
	if err := n.Apply(t.Context(), []Input{{Extraction: a.Extraction}, {Extraction: b.Extraction}}); err != nil {
		t.Fatal(err)
	}
	var claims []schemas.Claim
	for c := range n.Claims(t.Context()) {
		claims = append(claims, c)
	}
	if len(claims) != 2 { // nothing but the headline tells that they are one story
		t.Fatalf("%d claims, want two", len(claims))
	}
	reject := schemas.Review{SchemaVersion: schemas.Version, At: time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC), By: "an editor", Why: "a test", Action: schemas.ReviewReject}
	for _, r := range schemas.Anchored(reject, &claims[0]) {
		if err := n.Review(t.Context(), 0, r); err != nil {
			t.Fatal(err)
		}
		if x, touched := Reviewed(&a.Extraction, []schemas.Review{r}); !touched || len(x.HeadlineQuantities) > 0 {
			t.Errorf("Reviewed() = %v, %t; the headline figure should be gone", x.HeadlineQuantities, touched)
		}
	}
	for c := range n.Claims(t.Context()) {
		t.Errorf("%q stands", c.Text)
	}
	if hs, err := n.Reviews(t.Context()); err != nil || len(hs) != 1 || hs[0].Articles != 2 {
		t.Errorf("Reviews() = %+v, %v, want one that bears on two articles", hs, err)
	}
}

// TestReviewOfStatement: decisions about what somebody said leave the figures in it
// alone, and hold when another reading draws its borders a little differently.
func TestReviewOfStatement(t *testing.T) {
	const said = "the ferry carried 80 passengers, twice what it was built for"
	p := newPage(t, "a", "2025-03-02", "one.example", "Inspector Liv Moen and Captain Odd Berg spoke. Moen said "+said+".").
		name("Liv Moen", schemas.Person, "").name("Odd Berg", schemas.Person, "").
		says("Liv Moen", said).
		quantity(fig{num: "80", phrase: "80 passengers", n: 80, counted: "passengers", head: "passenger", source: "Liv Moen"})
	statement := func(n *Normalizer) *schemas.Claim {
		for c := range n.Claims(t.Context()) {
			if c.Kind == schemas.StatementClaim {
				return &c
			}
		}
		return nil
	}
	base := schemas.Review{SchemaVersion: schemas.Version, At: time.Date(2025, 3, 5, 12, 0, 0, 0, time.UTC), By: "an editor", Why: "a test"}
	for _, tt := range []struct {
		name, speaker string
		change        func(r *schemas.Review)
	}{
		{"reject", "", func(r *schemas.Review) { r.Action = schemas.ReviewReject }},
		{"another speaker", "Odd Berg", func(r *schemas.Review) {
			r.Action, r.Slot, r.Value = schemas.ReviewFix, "speaker", schemas.Slot{Name: "Odd Berg", Entity: p.Entities[1].ID}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := open(t, freshState(t))
			defer n.Close()
			if err := n.Apply(t.Context(), []Input{{Extraction: p.Extraction}}); err != nil {
				t.Fatal(err)
			}
			r := base
			tt.change(&r)
			rs := schemas.Anchored(r, statement(n))
			rs[0].Anchor.Start += 4 // "the" is outside
			for i := range rs {
				if err := n.Review(t.Context(), 0, rs[i]); err != nil {
					t.Fatal(err)
				}
			}
			speaker, figures := "", 0
			for c := range n.Claims(t.Context()) {
				if c.Kind == schemas.QuantityClaim {
					figures++
				} else {
					speaker = c.Speaker.Name
				}
			}
			if speaker != tt.speaker || figures != 1 {
				t.Errorf("speaker %q and %d figures, want %q and one", speaker, figures, tt.speaker)
			}
		})
	}
	for _, slot := range []string{"value", "speaker"} {
		r := base
		r.Kind, r.Action, r.Slot, r.Anchor = schemas.StatementClaim, schemas.ReviewFix, slot, schemas.Anchor{TextSHA256: p.Article.TextSHA256, Span: p.span(said)}
		if err := CheckReview(&r); !errors.Is(err, schemas.ErrMalformed) {
			t.Errorf("fix of %s to nothing: %v", slot, err)
		}
	}
}

// TestMergeOfKinds: what somebody said and a figure are not one claim.
func TestMergeOfKinds(t *testing.T) {
	p := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02").
		says("Sigrid Halle", "A lorry packed with explosives blew up beside the ferry terminal of Torvik")
	n := open(t, freshState(t))
	defer n.Close()
	if err := n.Apply(t.Context(), []Input{{Extraction: p.Extraction}}); err != nil {
		t.Fatal(err)
	}
	r := schemas.Review{ID: "r", Action: schemas.ReviewMerge}
	for c := range n.Claims(t.Context()) {
		r.Claims = append(r.Claims, c.ID)
	}
	if err := n.Review(t.Context(), 0, r); len(r.Claims) != 2 || !errors.Is(err, schemas.ErrMalformed) {
		t.Errorf("a merge of %d claims of two kinds: %v", len(r.Claims), err)
	}
}
