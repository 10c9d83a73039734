package normalizer

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// TestContradictions refuses extractions that contradict themselves as a whole, and
// the rest of the batch goes on without them.
func TestContradictions(t *testing.T) { onBoth(t, testContradictions) }

func testContradictions(t *testing.T) {
	const day = "2025-03-02"
	good := bombing(t, "good", day, "one.example", "16", 16, "", day)
	n := open(t, freshState(t))
	defer n.Close()
	for name, spoil := range map[string]func(*page){
		"another article": func(p *page) { p.Article.ID = "else" },
		"no article":      func(p *page) { p.ArticleID, p.Article.ID = "", "" },
		"another version": func(p *page) { p.ArticleVersion = "v_else" },
		"another text":    func(p *page) { p.Article.Text += " More." },
	} {
		bad := bombing(t, "bad", day, "two.example", "18", 18, "", day)
		spoil(bad)
		err := n.Apply(t.Context(), []Input{{Sequence: 1, Extraction: good.Extraction}, {Sequence: 2, Extraction: bad.Extraction}})
		if !errors.Is(err, schemas.ErrMalformed) || Check(&bad.Extraction) == nil {
			t.Errorf("%s: Apply = %v, want an error that matches ErrMalformed", name, err)
		}
		if n.Sequence() != 0 {
			t.Fatalf("%s: part of the batch was applied", name)
		}
	}
	if err := n.Apply(t.Context(), []Input{{Sequence: 1, Extraction: good.Extraction}}); err != nil || n.Sequence() != 1 {
		t.Errorf("the good one alone: %v, sequence %d", err, n.Sequence())
	}
}

// TestUnprovenFigures refuses single figures whose words, numbers or units make no
// sense; the others of the article stand.
func TestUnprovenFigures(t *testing.T) {
	const day = "2025-03-02"
	for name, spoil := range map[string]func(*schemas.Quantity){
		"words that do not stand there": func(q *schemas.Quantity) { q.Text = "61" },
		"a span beyond the text":        func(q *schemas.Quantity) { q.End = 1 << 30 },
		"a negative span":               func(q *schemas.Quantity) { q.Start = -4 },
		"an empty span":                 func(q *schemas.Quantity) { q.End = q.Start },
		"no number":                     func(q *schemas.Quantity) { q.Value = nil },
		"no such unit":                  func(q *schemas.Quantity) { q.Unit = "furlong-per-fortnight" },
		"no such measure":               func(q *schemas.Quantity) { q.Measure = "person-smitten" },
		"no such modality":              func(q *schemas.Quantity) { q.Modality = "surely" },
		"no such comparator":            func(q *schemas.Quantity) { q.Comparator = ">=" },
		"no such category":              func(q *schemas.Quantity) { c := schemas.Category("smitten"); q.Category = &c },
		"a part of itself":              func(q *schemas.Quantity) { i := 0; q.PartOf = &i },
		"a part of nothing":             func(q *schemas.Quantity) { i := 99; q.PartOf = &i },
		"time that runs backwards":      func(q *schemas.Quantity) { q.Time = &schemas.Interval{Start: "2025-03-09", End: "2025-03-01"} },
		"time that is none":             func(q *schemas.Quantity) { q.Time = &schemas.Interval{Start: "soon", End: "later"} },
		"a slot of nobody": func(q *schemas.Quantity) {
			q.Agent = &schemas.Slot{Name: "somebody", Entity: "e99", Start: -1, End: 1 << 20}
		},
	} {
		p := bombing(t, "a", day, "one.example", "16", 16, "", day)
		spoil(&p.Quantities[0])
		p.says("Sigrid Halle", "A lorry packed with explosives blew up beside the ferry terminal of Torvik")
		cs, _, err := Batch([]schemas.Extraction{p.Extraction})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if refused := Refused(&p.Extraction); (len(cs) == 1) != (len(refused) == 1) {
			t.Errorf("%s: %d claims, refused: %v", name, len(cs), refused)
		}
		said := false
		for i := range cs {
			said = said || cs[i].Kind == schemas.StatementClaim
			if r := Verify(cs[i:i+1], func(string, string) (*schemas.Article, bool) { return &p.Article, true }); len(r.Failures) > 0 {
				t.Errorf("%s: a claim without proof: %v", name, r.Failures)
			}
		}
		if !said {
			t.Errorf("%s: the statement of the article is gone", name)
		}
	}
}

// TestFuture keeps an article that says to be of a far year from making everything
// final that is younger.
func TestFuture(t *testing.T) { onBoth(t, testFuture) }

func testFuture(t *testing.T) {
	const day = "2025-03-02"
	var log strings.Builder
	n, err := Open(t.Context(), Config{Path: freshState(t), Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	fetched := "2025-03-03T10:00:00Z"
	late := bombing(t, "late", "2190-01-01", "one.example", "16", 16, "", day)
	late.fetched(fetched)
	today := bombing(t, "today", "2025-03-03", "two.example", "18", 18, "", day)
	if err := n.Apply(t.Context(), []Input{{Extraction: late.Extraction}, {Extraction: today.Extraction}}); err != nil {
		t.Fatal(err)
	}
	count := 0
	for c, err := range n.Claims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		count++
		if c.Stability == schemas.Final {
			t.Errorf("%s is final on the day it was printed", c.Text)
		}
	}
	if count != 2 {
		t.Errorf("%d claims, want 2", count)
	}
	if said := log.String(); strings.Count(said, "dated later") != 1 || !strings.Contains(said, "article=late") {
		t.Errorf("the log does not say why: %s", said)
	}
}

// TestNameEverywhere tells many stories whose articles all name the same body, in
// different towns on one day: none of them meet because of it.
func TestNameEverywhere(t *testing.T) {
	const stories = 150
	w := newNewswire(t)
	var es []schemas.Extraction
	for i := range stories {
		plot := w.begin(i, stories)
		people := []string{plot.who, "Ove R" + w.word(), "Ida K" + w.word(), "Per L" + w.word()}
		text := fmt.Sprintf("The Government said on Sunday that 12 people were killed in %s. %s and %s spoke of %s.", plot.town, strings.Join(people[:3], ", "), people[3], strings.Join(plot.topic, " "))
		p := newPage(t, fmt.Sprint("a", i), "2025-03-03", fmt.Sprintf("p%d.example", i), text).
			name(plot.town, schemas.Location, "").name("Government", schemas.Organisation, "")
		for _, who := range people {
			p.name(who, schemas.Person, "")
		}
		es = append(es, p.quantity(fig{num: "12", phrase: "12 people", n: 12, counted: "people", head: "person", cat: schemas.Killed, place: plot.town, from: "2025-03-02", until: "2025-03-02", source: "Government"}).Extraction)
	}
	cs, _, err := Batch(es)
	if err != nil {
		t.Fatal(err)
	}
	if len(cs) < stories*95/100 {
		t.Errorf("%d claims of %d fires: a name that is everywhere joined them", len(cs), stories)
	}
}
