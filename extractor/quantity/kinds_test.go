package quantity_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/quantity"
	"github.com/claimwire/claimwire/extractor/tag"
	"github.com/claimwire/claimwire/extractor/timex"
	"github.com/claimwire/claimwire/extractor/tokenize"
)

// TestKinds goes through the kinds of quantity that news prints, and the numbers
// that are none, one by one. Every line of want must be in what is found, with
// nothing else found where only is set.
func TestKinds(t *testing.T) {
	tags, err := tag.New()
	if err != nil {
		t.Skip("no tagger built in: ", err)
	}
	stages := extractor.Pipeline{tokenize.New(), tags, timex.New(), quantity.New()}
	for _, tt := range kinds {
		t.Run(tt.kind, func(t *testing.T) {
			doc := &extractor.Doc{Text: tt.text, Country: tt.country, Published: extractor.ParseDate("2024-05-15")}
			if err := stages.Annotate(doc); err != nil {
				t.Fatal(err)
			}
			got := render(doc)
			lines := 0
			for want := range strings.Lines(strings.TrimSpace(tt.want)) {
				lines++
				if want = strings.TrimSpace(want); !strings.Contains(got, "  "+want) {
					t.Errorf("%q: missing %q in\n%s", tt.text, want, got)
				}
			}
			if n := strings.Count(got, "\n"); n != lines {
				t.Errorf("%q: %d lines, want %d:\n%s", tt.text, n, lines, got)
			}
		})
	}
}

// kinds: what one line of want starts with must be found; as many lines as there
// are must be found in all.
var kinds = []struct{ kind, text, country, want string }{
	{"decimals", "The beam weighs 4.25 tonnes.", "", "4.25 | 4.25 exact t"},
	{"digits grouped by commas", "The port handled 12,345,678 crates.", "", "12,345,678 | 12345678 exact count | crates (crate)"},
	{"digits grouped by spaces", "The town has 70 000 people and 1 250 000 trees.", "", "70 000 | 70000 exact count | people (person)\n1 250 000 | 1250000 exact count | trees (tree)"},
	{"digits grouped the Indian way", "The temple took in 1,10,000 coconuts and Rs 3,45,67,890.", "", "1,10,000 | 110000 exact count | coconuts (coconut)\n3,45,67,890 | 34567890 exact INR"},
	{"lakh and crore", "The dam cost Rs 2 crore and moved 3 lakh farmers.", "", "2 crore | 20000000 exact INR\n3 lakh | 300000 exact count | farmers (farmer)"},
	{"number words", "Two hundred and forty-one goats were sold.", "", "Two hundred and forty-one | 241 exact count | goats (goat)"},
	{"quadrillions", "Debt stands at 2.3 quadrillion rupiah; six quadrillion bytes were kept.", "", "2.3 quadrillion | 2300000000000000 exact IDR\nsix quadrillion | 6000000000000000 exact B"},
	{"fractions", "Two-thirds of voters and half of the seats went left.", "", "Two-thirds | 66.7 exact percent | voters (voter)\nhalf | 50 exact percent | seats (seat)"},
	{"one in five", "One in five drivers had no licence.", "", "One in five | 20 exact percent | drivers (driver)"},
	{"bn", "They raised $1.2bn.", "", "1.2bn | 1200000000 exact USD"},
	{"m before people", "Some 8m people watched.", "", "8m | 8000000 about count | people (person)"},
	{"m before tall", "The wall is 8m tall.", "", "8 | 8 exact m"},
	{"both m", "Some 8m people watched, and the wall is 8m tall.", "", "8m | 8000000 about count\n8 | 8 exact m"},
	{"between", "Between 10 and 15 bridges closed.", "", "10 and 15 | 10..15 between count | bridges (bridge)"},
	{"range of percent", "Turnout was 8-10%.", "", "8-10 | 8..10 between percent"},
	{"the magnitude reaches left", "They culled 5 to 6 million ducks.", "", "5 to 6 million | 5000000..6000000 between count | ducks (duck)"},
	{"dozens", "Dozens of homes burned.", "", "Dozens | 24.. at_least count | homes (home)"},
	{"several hundred", "It took several hundred sheep.", "", "several hundred | 300.. at_least count | sheep (sheep)"},
	{"hundreds of thousands", "Hundreds of thousands of fans came.", "", "Hundreds of thousands | 200000.. at_least count | fans (fan)"},
	{"no casualties", "There were no casualties.", "", "no | 0 exact count | casualties (casualty)"},
	{"nobody", "Nobody was hurt.", "", "Nobody | 0 exact count"},
	{"or more", "Thirty ferries or more sank.", "", "Thirty | 30 at_least count | ferries (ferry)"},
	{"at most", "At most 12 tents fell.", "", "12 | 12 at_most count | tents (tent)"},
	{"plus", "A line of 40-plus lorries formed.", "", "40 | 40 at_least count | lorries (lorry)"},
	{"or fewer", "The mine employs 300 or fewer cooks.", "", "300 | 300 at_most count"},
	{"no more than", "It lets in no more than 20 vans.", "", "20 | 20 at_most count | vans (van)"},
	{"fewer than", "Fewer than 20 vans came.", "", "20 | 20 less_than count | vans (van)"},
	{"nearly", "Nearly 60 houses fell.", "", "60 | 60 about count | houses (house)"},
	{"a dollar sign", "It costs $30.", "", "30 | 30 exact USD"},
	{"a dollar sign in Canada", "It costs $30.", "CA", "30 | 30 exact CAD"},
	{"a dollar sign with a country", "It costs A$30, not C$4.5m.", "", "30 | 30 exact AUD\n4.5m | 4500000 exact CAD"},
	{"cents", "It costs 48 cents.", "", "48 | 0.48 exact USD"},
	{"percent, points and basis points", "Rents rose 3%, then 0.3 percentage points, then 12 basis points.", "", "3 | 3 exact percent\n0.3 | 0.3 exact pp\n12 | 12 exact bp"},
	{"a day", "The plant makes 40 buses a day.", "", "40 | 40 exact count | buses (bus) | per day"},
	{"daily", "The plant makes 40 buses daily.", "", "40 | 40 exact count | buses (bus) | per day"},
	{"per capita", "It pays $40 per capita.", "", "40 | 40 exact USD | per capita"},
	{"for every", "It gives 15 crates for every rescued sailor.", "", "15 | 15 exact count | crates (crate) | per rescued sailor"},
	{"a delta with its result", "The index rose 12 points to 58.", "", "12 | 12 exact count | points (point) | rise to 58\n58 | 58 exact count"},
	{"a delta with both ends", "Sales fell 3% from 120 to 116.", "", "3 | 3 exact percent | Sales (sale) | fall from 120 to 116\n120 | 120 exact count\n116 | 116 exact count"},
	{"both ends without a delta", "The toll rose from 12 to 15.", "", "12 | 12 exact count | level\n15 | 15 exact count | level from 12"},
	{"including", "They saved 112 miners, including 68 women.", "", "112 | 112 exact count | miners (miner)\n68 | 68 exact count | women (woman) | part of 0"},
	{"of whom", "They saved 112 miners, 68 of whom were hurt.", "", "112 | 112 exact count | miners (miner)\n68 | 68 exact count | miners (miner) | part of 0"},
	{"x of y", "The crew shot down 58 of 61 drones.", "", "58 | 58 exact count | drones (drone) | part of 1\n61 | 61 exact count | drones (drone)"},
	{"of the x, y", "Of the 40 sailors, 12 were hurt.", "", "40 | 40 exact count | sailors (sailor)\n12 | 12 exact count | sailors (sailor) | part of 0"},
	{"the noun with its modifiers", "The army let in 30 aid trucks.", "", "30 | 30 exact count | aid trucks (truck)"},

	{"ages", "The 34-year-old goalkeeper has a son aged 6.", "", "age: 34 = 34\nage: 6 = 6"},
	{"ordinals", "She finished third in the 21st race.", "", "ordinal: third = 3\nordinal: 21st = 21"},
	{"scores", "Rovers beat United 3-1.", "", "score: 3-1"},
	{"clock times", "The meeting began at 9:30 a.m.", "", "clock: 9:30"},
	{"years", "The bank failed in 2003.", "", "year: 2003 = 2003"},
	{"phone numbers", "Call 020 7946 0123 or +44 20 7946 0999 now.", "", "phone: 020 7946 0123\nphone: +44 20 7946 0999"},
	{"flight numbers", "Flight 302 and flight 19 left gate 12.", "", "label: 302 = 302\nlabel: 19 = 19\nlabel: 12 = 12"},
	{"model numbers", "An F-16 passed a Boeing 747-400.", "", "label: 16 = 16\nlabel: 747 = 747\nlabel: 400 = 400"},
	{"brands", "The iPhone 15 sells well.", "", "label: 15 = 15"},
	{"laws and resolutions", "Resolution 1701 and Article 51 were read.", "", "label: 1701 = 1701\nlabel: 51 = 51"},
	{"list numbering", "1. Open the tap. 2. Close it.", "", "list: 1. = 1\nlist: 2 = 2"},
	{"one as pronoun", "One cannot be sure; this one stayed.", "", "pronoun: One = 1\npronoun: one = 1"},
	{"durations", "The strike lasted two weeks.", "", "duration: two"},

	{"digits without end", "It has 99999999999999999999999 ants.", "", "99999999999999999999999 |  exact count | ants (ant)"},
	{"no day of the calendar", "On February 30 and on 0/0/0000 it rained.", "", "date: 30 = 30\ndate: 0/0/0000"},
	{"numbers glued to words", "They lost 350 milliondollars.", "", "350 million | 350000000 exact USD"},
	{"mixed scripts", "It has ３４ doors and 12٣ keys.", "", "label: 12٣ = 12"},
}

// TestRulesHaveCases demands a golden case of every rule id that the package sets.
func TestRulesHaveCases(t *testing.T) {
	shown := map[string]bool{}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			for line := range strings.Lines(string(f.Data)) {
				if f.Name == "want" && strings.HasPrefix(line, "  ") {
					for name := range strings.FieldsSeq(line[strings.LastIndex(line, "|")+1:]) {
						shown[name] = true
					}
				}
			}
		}
	}
	ids := ruleIDs(t)
	if len(ids) < 15 {
		t.Fatalf("only %d rule ids found in the source: %v", len(ids), ids)
	}
	for id := range ids {
		if !shown[strings.TrimPrefix(id, "quantity/")] {
			t.Errorf("no golden case shows %s", id)
		}
	}
}

// ruleIDs returns the rule ids that stand in the package's source.
func ruleIDs(t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && strings.HasPrefix(s, "quantity/") {
					ids[s] = true
				}
			}
			return true
		})
	}
	return ids
}
