package normalizer

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

func purgeOf(id string, p schemas.Purge) schemas.Review {
	return schemas.Review{
		SchemaVersion: schemas.Version, ID: id, At: time.Date(2025, 3, 6, 12, 0, 0, 0, time.UTC), By: "the archive", Why: "a court order",
		Action: schemas.ReviewPurge, Purge: &p,
	}
}

// TestPurge erases in the middle of a stream, delivers everything again, and wants
// the claims of the articles that are left, as if the others had never come.
func TestPurge(t *testing.T) { onBoth(t, testPurge) }

func testPurge(t *testing.T) {
	ctx := context.Background()
	es := newsroom(t, 3, 60)
	for name, r := range map[string]schemas.Review{
		"articles": purgeOf("r_1", schemas.Purge{Articles: []string{es[0].ArticleID, es[3].ArticleID, es[9].ArticleID, es[17].ArticleID, es[30].ArticleID, es[41].ArticleID}}),
		"a source": purgeOf("r_2", schemas.Purge{Domains: []string{"p3.example"}}),
		"a person": purgeOf("r_3", schemas.Purge{Names: []string{schemas.NameHash("Ole Brekke")}}),
	} {
		t.Run(name, func(t *testing.T) {
			var gone schemas.Tombstones
			gone.Add(&r)
			var left []schemas.Extraction
			for _, e := range es {
				if _, erased := gone.Article(&e.Article); !erased {
					left = append(left, e)
				}
			}
			if len(left) == len(es) || len(left) == 0 {
				t.Fatalf("%d of %d articles are left: the test shows nothing", len(left), len(es))
			}
			cs, _, err := Batch(left)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := Digest(cs)
			if cs, _, err = Batch(es, r); err != nil {
				t.Fatal(err)
			}
			if got, _ := Digest(cs); got != want {
				t.Errorf("Batch with the purge has digest %s, want %s", got, want)
			}

			path := freshState(t)
			n := open(t, path)
			rnd := rand.New(rand.NewPCG(5, 5))
			for round := range 2 { // the second time as a replay or a fetch brings it
				for _, i := range rnd.Perm(len(es)) {
					if err := n.Apply(ctx, []Input{{Extraction: es[i]}}); err != nil {
						t.Fatal(err)
					}
				}
				if round == 0 {
					standing := idsOf(t, n)
					before, err := n.Outbox(ctx, 1<<20)
					if err != nil {
						t.Fatal(err)
					}
					n.Sent(before[len(before)/2].Position)
					for range 2 { // delivered twice
						if err := n.Review(ctx, 7, r); err != nil {
							t.Fatal(err)
						}
					}
					checkErasure(t, n, &gone, standing)
					n.Close()
					n = open(t, path)
				}
			}
			defer func() { n.Close() }()
			if err := n.Finalize(ctx); err != nil {
				t.Fatal(err)
			}
			if got, err := n.Digest(ctx); err != nil || got != want {
				t.Errorf("Digest() = %s, %v, want %s as of the articles that are left", got, err, want)
			}
		})
	}
}

func idsOf(t *testing.T, n *Normalizer) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for c, err := range n.Claims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out[c.ID] = true
	}
	return out
}

// checkErasure wants that the changes of a purge say nothing of what is gone, that
// each claim that stood is told of once if it changed, and that what ended leads to
// what stands.
func checkErasure(t *testing.T, n *Normalizer, gone *schemas.Tombstones, before map[string]bool) {
	t.Helper()
	changes := outboxOf(t, n)
	standing := idsOf(t, n)
	told := map[string]schemas.ChangeKind{}
	for _, c := range changes {
		if gone.Claim(&c.Claim) || c.Series != nil && textErased(gone, c.Series.Text) {
			t.Errorf("%s of %s still says %s", c.Change, c.Claim.ID, c.Claim.Text)
		}
		if c.Cause.Review == "" {
			continue
		}
		told[c.Claim.ID] = c.Change
		if !standing[c.Claim.ID] {
			if c.Claim.Citations[0].Quote.Exact != "" || c.Claim.Text != "" || c.Claim.Value != nil {
				t.Errorf("%s of %s says %s", c.Change, c.Claim.ID, c.Claim.Text)
			}
			how, heirs, ok, err := n.Replaced(t.Context(), c.Claim.ID)
			if err != nil || !ok || how != c.Change || !slices.Equal(heirs, c.Claim.ReplacedBy) {
				t.Errorf("Replaced(%s) = %s, %v, %t, %v, announced as %s with %v", c.Claim.ID, how, heirs, ok, err, c.Change, c.Claim.ReplacedBy)
			}
		}
	}
	ended := 0
	for id := range before {
		if !standing[id] {
			ended++
			if told[id] == "" {
				t.Errorf("claim %s is gone without a word", id)
			}
		}
	}
	if ended == 0 {
		t.Error("no claim ended: the test shows nothing")
	}
	for id := range standing {
		if !before[id] && told[id] == "" {
			t.Errorf("claim %s stands and was never announced", id)
		}
	}
}

func textErased(gone *schemas.Tombstones, s string) bool {
	_, erased := gone.Text(s)
	return erased
}

// TestPurgeLeavesNothing looks for the words of an erased article in the bytes of
// the file, where they were before.
func TestPurgeLeavesNothing(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "state.db")
	n := open(t, path)
	a := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	b := newPage(t, "b", "2025-03-03", "two.example", "Ysolde Quenneville counted 43 people who were injured in Torvik, the guard said.").
		name("Ysolde Quenneville", schemas.Person, "").name("Torvik", schemas.Location, "NO").
		quantity(fig{num: "43", phrase: "43 people", n: 43, counted: "people", head: "person", cat: schemas.Injured, place: "Torvik", source: "Ysolde Quenneville"})
	edited := *b // an older edition of the article, whose claim has ended by now
	edited.Article.Text = strings.Replace(b.Article.Text, "43", "42", 1)
	edited.Article.ModifiedAt = "2025-03-04"
	edited.Article.Version, edited.Article.TextSHA256 = "", ""
	if err := edited.Article.Complete(); err != nil {
		t.Fatal(err)
	}
	edited.ArticleVersion = edited.Article.Version
	edited.Quantities = slices.Clone(b.Quantities)
	v := schemas.Int(42)
	edited.Quantities[0].Text, edited.Quantities[0].Value = "42", &v
	for _, e := range []schemas.Extraction{b.Extraction, edited.Extraction, a.Extraction} {
		if err := n.Apply(ctx, []Input{{Extraction: e}}); err != nil {
			t.Fatal(err)
		}
	}
	marker := []byte("Quenneville")
	if !inFiles(t, path, marker) {
		t.Fatal("the name is not in the file: the test shows nothing")
	}
	if err := n.Review(ctx, 1, purgeOf("r_1", schemas.Purge{Names: []string{schemas.NameHash("Ysolde Quenneville")}})); err != nil {
		t.Fatal(err)
	}
	if inFiles(t, path, marker) {
		t.Error("the name is still in the file")
	}
	changes := outboxOf(t, n)
	for _, c := range changes {
		if raw, _ := json.Marshal(c); bytes.Contains(raw, marker) {
			t.Errorf("%s says the name: %s", c.Change, raw)
		}
	}
	n.Close()
	n = open(t, path)
	defer n.Close()
	want, _, err := Batch([]schemas.Extraction{a.Extraction})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Finalize(ctx); err != nil {
		t.Fatal(err)
	}
	var got []schemas.Claim
	for c := range n.Claims(ctx) {
		got = append(got, c)
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(schemas.Decimal{})); d != "" {
		t.Errorf("what stands differs from the claims of the other article:\n%s", d)
	}
}

func inFiles(t *testing.T, path string, marker []byte) bool {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, marker) {
			return true
		}
	}
	return false
}

func TestNames(t *testing.T) {
	p := newPage(t, "a", "2025-03-02", "one.example", "Sigrid Halle of Torvik spoke. Halle smiled.").
		name("Sigrid Halle", schemas.Person, "NO").name("Torvik", schemas.Location, "NO")
	p.Entities[0].Mentions = append(p.Entities[0].Mentions, schemas.Mention{Text: "Halle"})
	id := newCanon(&p.Extraction).id(&p.Entities[0])
	if got, ok := Names(&p.Extraction, id); !ok || !slices.Equal(got, []string{"Sigrid Halle"}) {
		t.Errorf("Names(%s) = %v, %t, want the full name alone", id, got, ok)
	}
	if got, ok := Names(&p.Extraction, "e_nobody"); ok {
		t.Errorf("Names of nobody = %v", got)
	}
}
