package normalizer

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

// seriesOf returns how the figures fall into series: the printed numbers of each,
// sorted.
func seriesOf(ss []schemas.Series) [][]string {
	var out [][]string
	for _, s := range ss {
		if s.Kind != schemas.QuantityClaim {
			continue
		}
		var nums []string
		for _, p := range s.Points {
			nums = append(nums, p.Value.String())
		}
		slices.Sort(nums)
		out = append(out, nums)
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

func TestSeries(t *testing.T) {
	strike := func(id, published, text string) *page { return newPage(t, id, published, id+".example", text) }
	tests := []struct {
		name  string
		pages []*page
		want  [][]string
	}{
		{"one blast told with six tolls is one series", []*page{
			bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"),
			bombing(t, "b", "2025-03-02", "two.example", "43", 43, "", "2025-03-02"),
			bombing(t, "c", "2025-03-03", "three.example", "100", 100, schemas.AtLeast, "2025-03-02"),
			bombing(t, "d", "2025-03-03", "four.example", "112", 112, "", "2025-03-02"),
			bombing(t, "e", "2025-03-04", "five.example", "126", 126, "", "2025-03-02"),
			bombing(t, "f", "2025-03-03", "six.example", "112", 112, schemas.AtLeast, "2025-03-02"),
		}, [][]string{{"100", "112", "112", "126", "16", "43"}}},
		{"two blasts in one town in one week stay two", []*page{
			bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"),
			bombing(t, "b", "2025-03-07", "one.example", "17", 17, "", "2025-03-06"),
		}, [][]string{{"16"}, {"17"}}},
		{"a day's tolerance", []*page{
			bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-01"),
			bombing(t, "b", "2025-03-02", "two.example", "17", 17, "", "2025-03-02"),
		}, [][]string{{"16", "17"}}},
		{"a sub-count is not the total", []*page{
			strike("a", "2025-05-01", "The landslide in Halden killed 30 people, including 12 children, rescuers said.").
				name("Halden", schemas.Location, "NO").
				quantity(fig{num: "30", n: 30, counted: "people", head: "person", cat: schemas.Killed, place: "Halden", from: "2025-05-01", until: "2025-05-01"}).
				quantity(fig{num: "12", n: 12, counted: "children", head: "child", cat: schemas.Killed, place: "Halden", from: "2025-05-01", until: "2025-05-01", partOf: 1}),
			strike("b", "2025-05-02", "Rescuers found more bodies; the landslide in Halden killed 34 people, 14 of them children.").
				name("Halden", schemas.Location, "NO").
				quantity(fig{num: "34", n: 34, counted: "people", head: "person", cat: schemas.Killed, place: "Halden", from: "2025-05-01", until: "2025-05-01"}).
				quantity(fig{num: "14", n: 14, counted: "children", head: "child", cat: schemas.Killed, place: "Halden", from: "2025-05-01", until: "2025-05-01", partOf: 1}),
		}, [][]string{{"12", "14"}, {"30", "34"}}},
		{"a number, a noun and a date tie no two stories", []*page{
			strike("a", "2025-05-01", "Ole Brekke will send 40 trucks this week, the hauliers of Sandnes heard.").name("Ole Brekke", schemas.Person, "").name("Sandnes", schemas.Location, "NO").
				quantity(fig{num: "40", phrase: "40 trucks", n: 40, counted: "trucks", head: "truck", from: "2025-05-01", until: "2025-05-01"}),
			strike("b", "2025-05-01", "A fire in a depot near Marsa gutted 40 trucks, said Amal Nasri of the brigade.").name("Amal Nasri", schemas.Person, "").name("Marsa", schemas.Location, "TN").
				quantity(fig{num: "40", phrase: "40 trucks", n: 40, counted: "trucks", head: "truck", from: "2025-05-01", until: "2025-05-01"}),
		}, [][]string{{"40"}, {"40"}}},
		{"the place beside a count of things does not part it", []*page{
			strike("a", "2025-05-01", "Ferries still serve two islands off Halden, said Ole Brekke of the Coast Line, which Sigrid Halle runs.").
				name("Halden", schemas.Location, "NO").name("Ole Brekke", schemas.Person, "").name("Coast Line", schemas.Organisation, "NO").name("Sigrid Halle", schemas.Person, "").
				quantity(fig{num: "two", n: 2, counted: "islands", head: "island", place: "Halden"}),
			strike("b", "2025-05-02", "From Larvik the Coast Line still serves two islands by ferry, its Sigrid Halle and Ole Brekke said.").
				name("Larvik", schemas.Location, "NO").name("Ole Brekke", schemas.Person, "").name("Coast Line", schemas.Organisation, "NO").name("Sigrid Halle", schemas.Person, "").
				quantity(fig{num: "two", n: 2, counted: "islands", head: "island", place: "Larvik"}),
		}, [][]string{{"2"}}},
		{"two figures in one breath are of two things", []*page{
			strike("a", "2025-05-01", "From Halden 5000 people were moved and from the islands 2200 people, the mayor said.").name("Halden", schemas.Location, "NO").
				quantity(fig{num: "5000", phrase: "5000 people", n: 5000, counted: "people", head: "person", cat: schemas.Evacuated, place: "Halden", from: "2025-05-01", until: "2025-05-01"}).
				quantity(fig{num: "2200", phrase: "2200 people", n: 2200, counted: "people", head: "person", cat: schemas.Evacuated, place: "Halden", from: "2025-05-01", until: "2025-05-01"}),
		}, [][]string{{"2200"}, {"5000"}}},
		{"unless two sources give them", []*page{
			strike("a", "2025-05-01", "In Halden police counted 18 dead, the army 8 dead.").name("Halden", schemas.Location, "NO").
				quantity(fig{num: "18", phrase: "18 dead", n: 18, counted: "dead", head: "dead", cat: schemas.Killed, place: "Halden", from: "2025-05-01", until: "2025-05-01", source: "police"}).
				quantity(fig{num: "8", phrase: " 8 dead", n: 8, counted: "dead", head: "dead", cat: schemas.Killed, place: "Halden", from: "2025-05-01", until: "2025-05-01", source: "the army"}),
		}, [][]string{{"18", "8"}}},
		{"places apart", []*page{
			bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"),
			newPage(t, "b", "2025-03-02", "two.example", "In Larvik the blast killed 16 people, Sigrid Halle said.").
				name("Larvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").
				quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Larvik", from: "2025-03-02", until: "2025-03-02"}),
		}, [][]string{{"16"}, {"16"}}},
		{"a place in its country", []*page{
			bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"),
			newPage(t, "b", "2025-03-02", "two.example", "A blast in Norway killed 19 people, Sigrid Halle said.").
				name("Norway", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").
				quantity(fig{num: "19", n: 19, counted: "people", head: "person", cat: schemas.Killed, place: "Norway", from: "2025-03-02", until: "2025-03-02"}),
		}, [][]string{{"16", "19"}}},
		{"owed and allowed", []*page{
			strike("a", "2025-11-25", "Under the accord 600 aid trucks a day were due in Marsa. Only 200 aid trucks a day may pass, drivers in Marsa said.").
				name("Marsa", schemas.Location, "").
				quantity(fig{num: "600", n: 600, counted: "aid trucks", head: "truck", place: "Marsa", per: "day", mod: schemas.Required}).
				quantity(fig{num: "200", n: 200, counted: "aid trucks", head: "truck", place: "Marsa", per: "day", mod: schemas.Allowed, cmp: schemas.AtMost}),
		}, [][]string{{"200"}, {"600"}}},
		{"a denial joins what it denies", []*page{
			bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"),
			newPage(t, "b", "2025-03-02", "two.example", "The Harbour Guard denied that the blast in Torvik killed 16 people. Sigrid Halle gave no toll.").
				name("Torvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").name("Harbour Guard", schemas.Organisation, "NO").
				quantity(fig{num: "16", n: 16, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: "2025-03-02", until: "2025-03-02", mod: schemas.Negated}),
		}, [][]string{{"16", "16"}}},
		{"undated figures meet only inside a window", []*page{
			strike("a", "2025-02-01", "Foreman Ole Brekke said the Sandnes yard needs 90 welders.").name("Ole Brekke", schemas.Person, "").name("Sandnes", schemas.Location, "NO").
				quantity(fig{num: "90", n: 90, counted: "welders", head: "welder", place: "Sandnes"}),
			strike("b", "2025-02-03", "The Sandnes yard still needs 90 welders, Ole Brekke repeated.").name("Ole Brekke", schemas.Person, "").name("Sandnes", schemas.Location, "NO").
				quantity(fig{num: "90", n: 90, counted: "welders", head: "welder", place: "Sandnes"}),
			strike("c", "2025-06-03", "The Sandnes yard again needs 90 welders, Ole Brekke said.").name("Ole Brekke", schemas.Person, "").name("Sandnes", schemas.Location, "NO").
				quantity(fig{num: "90", n: 90, counted: "welders", head: "welder", place: "Sandnes"}),
		}, [][]string{{"90"}, {"90"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, ss := batch(t, tt.pages...)
			if diff := cmp.Diff(tt.want, seriesOf(ss)); diff != "" {
				t.Errorf("series (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClaim(t *testing.T) {
	cs, ss := batch(t,
		bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02"),
		bombing(t, "b", "2025-03-03", "two.example", "16", 16, "", "2025-03-02"),
		bombing(t, "c", "2025-03-04", "one.example", "20", 20, schemas.AtLeast, "2025-03-02"),
	)
	if len(cs) != 2 || len(ss) != 1 {
		t.Fatalf("Batch gives %d claims in %d series, want 2 in 1", len(cs), len(ss))
	}
	i := slices.IndexFunc(cs, func(c schemas.Claim) bool { return c.CitationCount == 2 })
	if i < 0 {
		t.Fatal("no claim has two citations")
	}
	c, later := cs[i], cs[1-i]
	if got, want := c.Corroboration, (schemas.Corroboration{Mentions: 2, Articles: 2, Texts: 1, Publishers: 2, Origins: 1}); got != want {
		t.Errorf("corroboration of one text in two papers is %+v, want %+v", got, want)
	}
	if c.FirstSeen != "2025-03-02" || c.LastSeen != "2025-03-03" {
		t.Errorf("seen from %s to %s, want 2025-03-02 to 2025-03-03", c.FirstSeen, c.LastSeen)
	}
	if got, want := c.Text, "16 people were killed in Torvik on 2 March 2025, according to Harbour Guard."; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if got, want := c.Citations[0].Quote.Exact, "The blast in Torvik killed 16 people, the Harbour Guard reported."; got != want {
		t.Errorf("quote = %q, want %q", got, want)
	}
	if c.Tier != schemas.Reportable || c.Stability != schemas.Final {
		t.Errorf("claim is %s and %s, want reportable and final", c.Tier, c.Stability)
	}
	s := ss[0]
	if s.Preferred == nil || s.Preferred.Claim != later.ID {
		t.Errorf("preferred = %+v, want the newer figure %s", s.Preferred, later.ID)
	}
	if !s.Points[0].Superseded || s.Points[1].Superseded {
		t.Errorf("superseded: first %t, second %t, want true, false", s.Points[0].Superseded, s.Points[1].Superseded)
	}
}

func TestHeadlineFigureIsCandidate(t *testing.T) {
	p := newPage(t, "a", "2025-03-02", "one.example", "The ferry sank off Bodo, the coast guard said.").name("Bodo", schemas.Location, "NO")
	p.Article.Title = "Ferry sinks with 40 aboard"
	v := schemas.Int(40)
	p.HeadlineQuantities = []schemas.Quantity{{
		Span: schemas.Span{Start: 17, End: 19}, Text: "40", Phrase: schemas.Span{Start: 17, End: 19}, Value: &v,
		Comparator: schemas.Exact, Unit: schemas.UnitCount, Measure: schemas.OtherMeasure, Modality: schemas.Asserted, Confidence: 0.9,
		Counted: &schemas.Counted{Text: "aboard", Head: "aboard"},
	}}
	cs, _ := batch(t, p)
	if len(cs) != 1 || cs[0].Tier != schemas.Candidate || cs[0].Citations[0].Field != schemas.InTitle {
		t.Fatalf("claims = %+v, want one candidate that cites the title", cs)
	}
	rep := Verify(cs, func(string, string) (*schemas.Article, bool) { return &p.Article, true })
	if rep.Exact != 1 {
		t.Errorf("Verify: %v", rep.Failures)
	}
}

func TestStatements(t *testing.T) {
	text := "“We shall rebuild every pier before the winter storms arrive,” Sigrid Halle said in Torvik."
	said := "We shall rebuild every pier before the winter storms arrive,"
	mk := func(id, pub string) *page {
		return newPage(t, id, "2025-03-02", pub, text).name("Sigrid Halle", schemas.Person, "").says("Sigrid Halle", said)
	}
	other := newPage(t, "c", "2025-03-02", "three.example", "“We shall rebuild every pier before the winter storms arrive,” Ole Brekke said.").
		name("Ole Brekke", schemas.Person, "").says("Ole Brekke", said)
	cs, _ := batch(t, mk("a", "one.example"), mk("b", "two.example"), other)
	if len(cs) != 2 {
		t.Fatalf("%d claims, want 2: the same words of two people are two", len(cs))
	}
	for _, c := range cs {
		if c.Kind != schemas.StatementClaim || c.Speaker == nil || c.Measure != schemas.StatementMeasure {
			t.Errorf("claim = %+v, want a statement with speaker", c)
		}
	}
}

func TestMalformed(t *testing.T) {
	p := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	p.ArticleVersion = "v_other"
	if _, _, err := Batch([]schemas.Extraction{p.Extraction}); err == nil {
		t.Error("Batch takes an extraction of another version of its article")
	}
	p = bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	p.Quantities[0].Start++
	p.Quantities[0].End++
	cs, _ := batch(t, p)
	if len(cs) != 0 {
		t.Errorf("a figure that does not stand where it should gives %d claims, want 0", len(cs))
	}
}
