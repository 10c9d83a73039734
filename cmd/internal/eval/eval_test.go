package eval

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// load reads a file of testdata, one T a line.
func load[T any](t *testing.T, name string) []T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for line := range bytes.Lines(data) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	return out
}

func gold(t *testing.T) []Gold {
	t.Helper()
	f, err := os.Open("testdata/gold.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	golds, err := ReadGold(f)
	if err != nil {
		t.Fatal(err)
	}
	return golds
}

func extractions(t *testing.T) map[string]schemas.Extraction {
	out := map[string]schemas.Extraction{}
	for _, x := range load[schemas.Extraction](t, "extractions.jsonl") {
		out[x.ArticleID] = x
	}
	return out
}

// TestScore compares with want.json, which another implementation of the same
// metrics computed from the same files: readings with mistakes of every kind, and
// none at all of one article.
func TestScore(t *testing.T) {
	var want map[string]Row
	data, err := os.ReadFile("testdata/want.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	got := Score(gold(t), extractions(t), load[schemas.Claim](t, "claims.jsonl"))
	if len(got.Scores) != len(want) || len(want) != len(Names()) {
		t.Errorf("%d scores, want %d; there are %d names", len(got.Scores), len(want), len(Names()))
	}
	for name, w := range want {
		g, ok := got.Scores[name]
		if !ok {
			t.Errorf("no score %q", name)
			continue
		}
		if math.Abs(g.P-w.P) > 1e-4 || math.Abs(g.R-w.R) > 1e-4 || math.Abs(g.F1-w.F1) > 1e-4 || g.Gold != w.Gold {
			t.Errorf("%s = %+v, want %+v", name, g, w)
		}
	}
}

func TestScorePerfect(t *testing.T) {
	golds, read := gold(t), map[string]schemas.Extraction{}
	for i := range golds {
		read[golds[i].Doc] = asRead(&golds[i])
	}
	r := Score(golds, read, nil)
	for _, name := range Names() {
		if row := r.Scores[name]; !strings.HasPrefix(name, "FACT") && (row.F1 != 1 || row.P != 1 || row.R != 1) {
			t.Errorf("%s = %+v for the annotation itself", name, row)
		}
	}
	if len(r.Mistakes) > 0 {
		t.Errorf("mistakes in the annotation itself: %+v", r.Mistakes)
	}
	if r.Reportable.F1 != 1 || len(r.Reliability) != 1 || r.Reliability[0].Right != 1 {
		t.Errorf("reportable %+v, reliability %+v", r.Reportable, r.Reliability)
	}
}

// asRead turns an annotation into the extraction that agrees with it.
func asRead(g *Gold) schemas.Extraction {
	x := schemas.Extraction{ArticleID: g.Doc}
	for _, e := range g.Entities {
		x.Entities = append(x.Entities, schemas.Entity{Name: e.Name, Type: e.Type, Mentions: e.Mentions})
	}
	slot := func(name string) *schemas.Slot {
		if name == "" {
			return nil
		}
		return &schemas.Slot{Name: name}
	}
	for _, q := range g.Quantities {
		p := schemas.Quantity{
			Span: q.Span, Text: q.Text, Value: q.Value, Min: q.Min, Max: q.Max, Comparator: q.Comparator, Unit: q.Unit, Measure: "person-killed",
			Agent: slot(q.Agent), Place: slot(q.Place), Source: slot(q.Source), Time: q.Time, Modality: q.Modality, Confidence: 1,
		}
		if q.Counted != "" {
			p.Counted = &schemas.Counted{Text: q.Counted}
		}
		if q.Per != "" {
			p.Per = &schemas.Rate{Text: q.Per}
		}
		if q.Category != "" {
			p.Category = &q.Category
		}
		x.Quantities = append(x.Quantities, p)
	}
	for _, m := range g.Times {
		x.Times = append(x.Times, schemas.Timex{Span: m.Span, Type: schemas.TimexDate, Value: m.Value, Placed: true})
	}
	for _, s := range g.Statements {
		x.Statements = append(x.Statements, schemas.Statement{Span: s.Span, Speaker: slot(s.Speaker)})
	}
	return x
}

// TestReportable counts apart what is good enough to be reported, and that every
// figure that was read lies in one bin.
func TestReportable(t *testing.T) {
	r := Score(gold(t), extractions(t), nil)
	read, unsure := 0, 0
	for _, x := range extractions(t) {
		for i := range x.Quantities {
			read++
			if q := &x.Quantities[i]; q.Confidence < 0.5 || q.Counted == nil && q.Category == nil && q.Measure == schemas.OtherMeasure {
				unsure++
			}
		}
	}
	if r.Reportable.Gold != 22 || r.Reportable.Predicted != read-unsure {
		t.Errorf("reportable = %+v, want 22 annotated and %d read", r.Reportable, read-unsure)
	}
	n, right := 0, 0.0
	for _, b := range r.Reliability {
		if b.Predicted < b.From || b.Predicted > b.To {
			t.Errorf("mean confidence of %+v lies outside the bin", b)
		}
		n += b.N
		right += b.Right * float64(b.N)
	}
	core := r.Scores["CLAIM core"]
	if n != core.Predicted || math.Abs(right-core.P*float64(n)) > 0.01 {
		t.Errorf("the bins hold %d figures, %.2f of them right; CLAIM core has %+v", n, right, core)
	}
}

func TestSameName(t *testing.T) {
	names := newNameTest([]GoldEntity{{Name: "International Committee of the Red Cross", Mentions: []schemas.Mention{{Text: "ICRC"}}}})
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"Adré", "Adre", true},
		{"the rebels", "rebel", true},
		{"Idriss Mahamat", "Mahamat", true},
		{"Ministry", "Ministries", true},
		{"ICRC", "Red Cross", true},
		{"ICRC", "International Committee of the Red Cross", true},
		{"ICRC", "Red Crescent", false},
		{"", "the", true},
		{"", "army", false},
		{"army", "army of the north and the south and west and east of everything", false},
	} {
		if got := names.same(tt.a, tt.b); got != tt.want {
			t.Errorf("same(%q, %q) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
		if got := names.same(tt.b, tt.a); got != tt.want {
			t.Errorf("same(%q, %q) = %t, want %t", tt.b, tt.a, got, tt.want)
		}
	}
}

func TestMatch(t *testing.T) {
	span := func(a, b int) schemas.Span { return schemas.Span{Start: a, End: b} }
	got := match([]schemas.Span{span(0, 10), span(10, 14), span(20, 22)}, []schemas.Span{span(8, 14), span(0, 9), span(30, 31)})
	if want := []int{1, 0, -1}; got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("match = %v, want %v", got, want)
	}
}

func TestSameDate(t *testing.T) {
	for _, tt := range []struct {
		gold, got string
		want      bool
	}{
		{"2025", "2025-10-10", true}, {"2025-10", "2025-10-10", true}, {"2025-10-10", "2025-10", false}, {"", "", true}, {"", "2025", false}, {"2025", "", false},
	} {
		if got := sameDate(tt.gold, tt.got); got != tt.want {
			t.Errorf("sameDate(%q, %q) = %t, want %t", tt.gold, tt.got, got, tt.want)
		}
	}
}

func TestReadGoldErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "no annotations"},
		{"\n{\"doc\":\"a\"}\nrubbish\n", "line 3: no annotation"},
		{`{"quantities":[]}`, "line 1: no doc"},
		{"{\"doc\":\"a\"}\n{\"doc\":\"a\"}\n", "line 2: article a is annotated on line 1 already"},
		{`{"doc":"a","quantities":[{"value":"many"}]}`, "line 1: no annotation"},
	} {
		if _, err := ReadGold(strings.NewReader(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ReadGold(%q): %v, want %q", tt.in, err, tt.want)
		}
	}
}

func TestCheck(t *testing.T) {
	const text = "Zürich: 12 people"
	good := Gold{Doc: "z", Quantities: []GoldQuantity{{Span: schemas.Span{Start: 8, End: 10}, Text: "12"}}}
	if err := good.Check(text); err != nil {
		t.Error(err)
	}
	for _, span := range []schemas.Span{{Start: 9, End: 11}, {Start: 8, End: 8}, {Start: -1, End: 3}, {Start: 16, End: 18}} {
		bad := Gold{Doc: "z", Quantities: []GoldQuantity{{Span: span, Text: "12"}}}
		if err := bad.Check(text); err == nil || !strings.Contains(err.Error(), `article z: quantity "12"`) {
			t.Errorf("Check of %v: %v", span, err)
		}
	}
}

func TestPrint(t *testing.T) {
	r := Score(gold(t), extractions(t), nil)
	var out strings.Builder
	if err := r.Print(&out, 1, strings.ToUpper); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CLAIM core, reportable figures", "confidence   figures", "\nvalue (1)\n  FERRY-MORNING  “37”: want 37, got 36\n", "\nmissed (3)\n", "6 articles"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
