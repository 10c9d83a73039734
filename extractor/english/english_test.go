package english_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/schematest"
)

// harbour is an article with every kind of annotation: a quota and what is let
// through, a running toll, a rate by a noun, shared slots of two figures, titles,
// short names, an acronym.
const harbour = `Envoys of Norway, Kenya and Peru met in Lisbon to discuss the second phase of the truce in Yemen, Kenyan media reported.
Norway's security adviser, Ingrid Moe, arrived on Tuesday with Peru's Foreign Minister Doctor Luis Quispe Rojas.
Moe said that Norway would go on to pay for the ports.
Under the truce agreement, 900 lorries of grain were supposed to enter Yemen daily.
However, Kenya is allowing no more than 350 grain lorries into Yemen per day.
Shelling has killed at least 57 Yemenis since November 3.
For every prisoner, Kenya is to hand over the remains of 12 Yemenis.
Kenya has killed more than 4,000 people and wounded over 9,500 others in attacks in Yemen since March 2024.
“We will count every lorry,” a diplomat close to the talks told the Port Review, adding that the Joint Harbour Inspection Office (JHIO) would publish its lists.
The JHIO has 40 inspectors.`

func reader(t testing.TB, nlp string) *english.Extractor {
	t.Helper()
	e, err := english.New(english.Config{NLP: nlp, Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func extract(t testing.TB, e *english.Extractor, a schemas.Article) schemas.Extraction {
	t.Helper()
	x, err := e.Extract(a)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestQuantities(t *testing.T) {
	x := extract(t, reader(t, "own"), schemas.Article{ID: "h", PublishedAt: "2025-11-27", Text: harbour})
	type row struct {
		Text, Value, Counted, Per, Category, Agent, Place, Start string
		Comparator                                               schemas.Comparator
		Modality                                                 schemas.Modality
	}
	var got []row
	for _, q := range x.Quantities {
		r := row{Text: q.Text, Comparator: q.Comparator, Modality: q.Modality}
		if q.Value != nil {
			r.Value = q.Value.String()
		}
		if q.Counted != nil {
			r.Counted = q.Counted.Text
		}
		if q.Per != nil {
			r.Per = q.Per.Unit
		}
		if q.Category != nil {
			r.Category = string(*q.Category)
		}
		if q.Agent != nil {
			r.Agent = q.Agent.Name
		}
		if q.Time != nil {
			r.Start = q.Time.Start
		}
		got = append(got, r)
	}
	want := []row{
		{Text: "900", Value: "900", Counted: "lorries", Per: "day", Comparator: "exact", Modality: "required"},
		{Text: "350", Value: "350", Counted: "grain lorries", Per: "day", Agent: "Kenya", Comparator: "at_most", Modality: "allowed"},
		{Text: "57", Value: "57", Counted: "Yemenis", Category: "killed", Start: "2025-11-03", Comparator: "at_least", Modality: "asserted"},
		{Text: "12", Value: "12", Counted: "Yemenis", Per: "prisoner", Agent: "Kenya", Comparator: "exact", Modality: "planned"},
		{Text: "4,000", Value: "4000", Counted: "people", Category: "killed", Agent: "Kenya", Start: "2024-03", Comparator: "more_than", Modality: "asserted"},
		{Text: "9,500", Value: "9500", Counted: "people", Category: "injured", Agent: "Kenya", Start: "2024-03", Comparator: "more_than", Modality: "asserted"},
		{Text: "40", Value: "40", Counted: "inspectors", Agent: "Joint Harbour Inspection Office", Comparator: "exact", Modality: "asserted"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("quantities (-want +got):\n%s", diff)
	}
}

func TestEntities(t *testing.T) {
	x := extract(t, reader(t, "own"), schemas.Article{ID: "h", PublishedAt: "2025-11-27", Text: harbour})
	full := map[string]string{} // surface form to the entity's name
	for _, e := range x.Entities {
		for _, m := range e.Mentions {
			full[m.Text] = e.Name
		}
		if e.Name == "Yemen" && e.Country != "YE" {
			t.Errorf("Yemen has country %q", e.Country)
		}
	}
	for short, want := range map[string]string{
		"Moe": "Ingrid Moe", "JHIO": "Joint Harbour Inspection Office", "Luis Quispe Rojas": "Luis Quispe Rojas", "Yemenis": "Yemeni",
	} {
		if full[short] != want {
			t.Errorf("%q stands for %q, want %q", short, full[short], want)
		}
	}
	for _, tm := range x.Times {
		if tm.Text == "Tuesday" && tm.Value != "2025-11-25" {
			t.Errorf("Tuesday of an article of Thursday 27 November is %s", tm.Value)
		}
	}
	speakers := map[string]bool{}
	for _, s := range x.Statements {
		if s.Speaker != nil {
			speakers[s.Speaker.Name] = true
		}
	}
	for _, want := range []string{"Ingrid Moe", "Kenyan media"} {
		if !speakers[want] {
			t.Errorf("nobody quotes %s: %v", want, speakers)
		}
	}
}

// Trees have a vote on the slots of figures and nothing else; CoNLL-U's trees of
// all sentences change no figure.
func TestParse(t *testing.T) {
	a := schemas.Article{ID: "h", PublishedAt: "2025-11-27", Text: harbour}
	got := map[string]schemas.Extraction{}
	for _, mode := range []string{english.ParseOn, english.ParseAll, english.ParseOff} {
		e, err := english.New(english.Config{Parse: mode})
		if err != nil {
			t.Fatal(err)
		}
		got[mode] = extract(t, e, a)
	}
	asJSON := func(v any) string {
		b, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if diff := cmp.Diff(asJSON(got[english.ParseOn]), asJSON(got[english.ParseAll])); diff != "" {
		t.Errorf("with trees of all sentences (-some +all):\n%s", diff)
	}
	on, off := got[english.ParseOn], got[english.ParseOff]
	if on.MadeBy.Models["parser"] == "" || off.MadeBy.Models["parser"] != "" {
		t.Errorf("made by %v with trees, %v without", on.MadeBy, off.MadeBy)
	}
	if diff := cmp.Diff(asJSON([]any{on.Statements, on.Entities, on.Times}), asJSON([]any{off.Statements, off.Entities, off.Times})); diff != "" {
		t.Errorf("without trees:\n%s", diff)
	}
	voted := 0
	for i := range on.Quantities {
		q, p := on.Quantities[i], off.Quantities[i]
		if q.Value.String() != p.Value.String() || q.Unit != p.Unit {
			t.Errorf("figure %q is %v %s, without trees %v %s", q.Text, q.Value, q.Unit, p.Value, p.Unit)
		}
		if strings.Contains(strings.Join(q.Rules, " "), "role/tree") {
			voted++
		}
	}
	if voted < 5 {
		t.Errorf("the tree voted on %d figures of %d", voted, len(on.Quantities))
	}
	if _, err := english.New(english.Config{Parse: "maybe"}); err == nil {
		t.Error(`Parse "maybe": no error`)
	}
}

func TestHeadlineOnly(t *testing.T) {
	x := extract(t, reader(t, "own"), schemas.Article{
		ID: "h", PublishedAt: "2025-11-27", Title: "Ferry sinks off Kenya, 23 dead", Text: "A ferry sank off the coast of Kenya on Monday. Rescuers searched through the night.",
	})
	if len(x.Quantities) != 0 || len(x.HeadlineQuantities) != 1 || x.HeadlineQuantities[0].Text != "23" {
		t.Errorf("quantities %v, of the headline %v; want the 23 apart", x.Quantities, x.HeadlineQuantities)
	}
}

// TestBadInput wants a clear error or few, well-formed annotations, and no panic.
func TestBadInput(t *testing.T) {
	e := reader(t, "own")
	if _, err := e.Extract(schemas.Article{ID: "x", Text: "bad \xff bytes"}); !errors.Is(err, schemas.ErrMalformed) {
		t.Errorf("invalid UTF-8: %v", err)
	}
	if _, err := e.Extract(schemas.Article{ID: "x"}); !errors.Is(err, schemas.ErrMalformed) {
		t.Errorf("no text: %v", err)
	}
	for name, text := range map[string]string{
		"digits":       strings.Repeat("9", 100_000),
		"no space":     strings.Repeat("abc", 50_000),
		"punctuation":  strings.Repeat(".,;!?()", 10_000),
		"capitals":     strings.Repeat("NINE PEOPLE WERE KILLED IN ROME. ", 500),
		"nul":          "Nine\x00people\x00died.",
		"marks":        "e" + strings.Repeat("\u0301", 10_000) + " 12 people",
		"direction":    "\u202e12 people\u202c died in \u2066Rome\u2069.",
		"mixed script": "В Риме погибли 12 people и 3 عاملين 👩‍👩‍👧.",
		"lines":        strings.Repeat("\n", 50_000) + "12 people",
		"names":        strings.Repeat("Ann Lee ", 10_000),
		"quotes":       strings.Repeat("“‘\"", 10_000),
		"no date":      "On Tuesday 12 people died.",
	} {
		a := schemas.Article{ID: name, Language: "en", Text: text}
		if name != "no date" {
			a.PublishedAt = "2025-11-27"
		}
		check(t, extract(t, e, a))
	}
}

// check checks what holds for every extraction: its schema, and that each span
// is the text it says.
func check(t *testing.T, x schemas.Extraction) {
	t.Helper()
	raw, err := json.Marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	if err := schematest.Check("extraction", raw); err != nil {
		t.Errorf("article %s: %.2000v", x.ArticleID, err)
	}
	o := schemas.NewOffsets(x.Article.Text)
	same := func(kind string, s schemas.Span, want string) {
		t.Helper()
		if got, ok := o.Slice(x.Article.Text, s); !ok || got != want || !utf8.ValidString(got) {
			t.Errorf("article %s: %s %v is %.40q, says %.40q", x.ArticleID, kind, s, got, want)
		}
	}
	for _, q := range x.Quantities {
		same("quantity", q.Span, q.Text)
		if q.Phrase.Start > q.Start || q.Phrase.End < q.End {
			t.Errorf("article %s: figure %v outside its phrase %v", x.ArticleID, q.Span, q.Phrase)
		}
	}
	for _, n := range x.Numbers {
		same("number", n.Span, n.Text)
	}
	for _, tm := range x.Times {
		same("time", tm.Span, tm.Text)
	}
	for _, s := range x.Statements {
		same("statement", s.Span, s.Text)
	}
	for _, e := range x.Entities {
		for _, m := range e.Mentions {
			same("mention", m.Span, m.Text)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add(harbour)
	f.Add("“Nobody was hurt,” said Mr. Türkoğlu (aged 45) on 30 February; $1.2bn, 8-10%, 3–1.")
	e := reader(f, "own")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.TrimSpace(text) == "" || len(text) > 4000 {
			t.Skip()
		}
		a := schemas.Article{ID: "f", Language: "en", PublishedAt: "2025-11-27", Text: text}
		first := extract(t, e, a)
		check(t, first)
		if diff := cmp.Diff(first, extract(t, e, a), cmp.Comparer(func(a, b schemas.Decimal) bool { return a == b })); diff != "" {
			t.Errorf("the same text gave two results:\n%s", diff)
		}
	})
}

// BenchmarkExtract measures the whole way from text to extraction, with each
// language core, and our own without trees, in one run.
func BenchmarkExtract(b *testing.B) {
	for name, cfg := range map[string]english.Config{"own": {}, "own,parse=off": {Parse: english.ParseOff}, "prose": {NLP: "prose"}} {
		b.Run(name, func(b *testing.B) {
			e, err := english.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			a := schemas.Article{ID: "h", Language: "en", PublishedAt: "2025-11-27", Text: harbour}
			words := len(strings.Fields(harbour))
			b.SetBytes(int64(len(harbour)))
			b.ReportAllocs()
			for b.Loop() {
				extract(b, e, a)
			}
			b.ReportMetric(float64(words)*float64(b.N)/b.Elapsed().Seconds(), "words/s")
		})
	}
}
