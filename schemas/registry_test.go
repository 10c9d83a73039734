package schemas_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/claimwire/claimwire/schemas"
)

var subjectToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,63}$`)

// Every constant of an enum type stands in its list, once and in the same order,
// and every list of enums.go is a list of such a type.
func TestEnumLists(t *testing.T) {
	src := parseSource(t)
	for _, typ := range slices.Sorted(maps.Keys(src.lists)) {
		list := src.lists[typ]
		if consts := src.consts[typ]; consts != nil {
			if d := cmp.Diff(consts, list); d != "" {
				t.Errorf("%s: constants and list differ (-constants +list):\n%s", typ, d)
			}
		}
		if len(slices.Compact(slices.Sorted(slices.Values(list)))) != len(list) {
			t.Errorf("%s: a value stands twice in %q", typ, list)
		}
	}
	for typ := range src.consts {
		if src.lists[typ] == nil && typ != "Dimension" {
			t.Errorf("%s has constants and no list in enums.go", typ)
		}
	}
	if got := len(src.lists); got < 20 {
		t.Errorf("found %d lists in enums.go: the reader of this test misses some", got)
	}
}

func TestMeasures(t *testing.T) {
	dims := parseSource(t).consts["Dimension"]
	names := map[string]string{} // id or alias to the id that owns it
	ms := schemas.Measures()
	byCategory := map[schemas.Category]string{}
	for i, m := range ms {
		if i > 0 && ms[i-1].ID >= m.ID {
			t.Errorf("%s stands after %s", m.ID, ms[i-1].ID)
		}
		for _, n := range append([]string{m.ID}, m.Aliases...) {
			if !subjectToken.MatchString(n) {
				t.Errorf("%s: %q is no subject token", m.ID, n)
			}
			if o, ok := names[n]; ok {
				t.Errorf("%q names both %s and %s", n, o, m.ID)
			}
			names[n] = m.ID
			if got, ok := schemas.LookupMeasure(n); !ok || got.ID != m.ID {
				t.Errorf("LookupMeasure(%q) = %s, %t, want %s", n, got.ID, ok, m.ID)
			}
		}
		if !slices.Contains(dims, string(m.Dimension)) {
			t.Errorf("%s: no dimension %q", m.ID, m.Dimension)
		}
		if m.Description == "" {
			t.Errorf("%s has no description", m.ID)
		}
		if m.Category == "" {
			continue
		}
		if !slices.Contains(schemas.Categories, m.Category) {
			t.Errorf("%s: no category %q", m.ID, m.Category)
		}
		if o, ok := byCategory[m.Category]; ok {
			t.Errorf("category %s has two measures, %s and %s", m.Category, o, m.ID)
		}
		byCategory[m.Category] = m.ID
	}
	for _, c := range schemas.Categories {
		if byCategory[c] == "" {
			t.Errorf("category %s has no measure", c)
		}
	}
	for _, e := range schemas.EventTypes {
		if _, ok := schemas.LookupMeasure("event-" + string(e)); !ok {
			t.Errorf("event type %s has no measure", e)
		}
	}
	for _, id := range []string{schemas.OtherMeasure, schemas.StatementMeasure} {
		if _, ok := schemas.LookupMeasure(id); !ok {
			t.Errorf("no measure %s", id)
		}
	}
	for _, id := range []string{"", "rumour", "PERSON-KILLED"} {
		if m, ok := schemas.LookupMeasure(id); ok {
			t.Errorf("LookupMeasure(%q) = %s", id, m.ID)
		}
	}
}

// A row with a missing column would panic the reader in every program.
func TestMeasuresFile(t *testing.T) {
	raw, err := os.ReadFile("measures.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		if !strings.HasPrefix(line, "#") && strings.Count(line, "\t") != 4 {
			t.Errorf("measures.tsv:%d: %d columns, want 5: %q", i+1, strings.Count(line, "\t")+1, line)
		}
	}
}

func TestUnits(t *testing.T) {
	tests := []struct {
		unit string
		want schemas.Dimension // empty for none
	}{
		{"count", schemas.DimCount},
		{"percent", schemas.DimPercent},
		{"pp", schemas.DimPercent},
		{"bp", schemas.DimPercent},
		{"USD", schemas.DimMoney},
		{"TRY", schemas.DimMoney},
		{"XCG", schemas.DimMoney},
		{"DEM", schemas.DimMoney}, // withdrawn
		{"km", schemas.DimLength},
		{"Cel", schemas.DimTemperature},
		{"ABC", ""}, // three capitals, no currency
		{"XXX", ""},
		{"usd", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got, ok := schemas.UnitDimension(tt.unit); got != tt.want || ok != (tt.want != "") {
			t.Errorf("UnitDimension(%q) = %q, %t, want %q", tt.unit, got, ok, tt.want)
		}
	}
	dims := parseSource(t).consts["Dimension"]
	us := schemas.Units()
	for i, u := range us {
		if i > 0 && us[i-1] >= u {
			t.Errorf("Units: %q stands after %q", u, us[i-1])
		}
		if d, ok := schemas.UnitDimension(u); !ok || !slices.Contains(dims, string(d)) {
			t.Errorf("UnitDimension(%q) = %q, %t", u, d, ok)
		}
	}
	money := 0
	for _, u := range us {
		if d, _ := schemas.UnitDimension(u); d == schemas.DimMoney {
			money++
			if !regexp.MustCompile(`^[A-Z]{3}$`).MatchString(u) {
				t.Errorf("currency %q is not three capitals", u)
			}
		}
	}
	if money < 170 {
		t.Errorf("%d currencies, want all of ISO 4217", money)
	}
}

func TestSubjectToken(t *testing.T) {
	long := strings.Repeat("a", 63)
	for in, want := range map[string]string{
		"": "unknown", "--": "--", "PS": "PS", "news.example": "news_example", "person-killed": "person-killed", long: long,
	} {
		if got := schemas.SubjectToken(in); got != want {
			t.Errorf("SubjectToken(%q) = %q, want %q", in, got, want)
		}
	}
	names := []string{long + "a", long + "b", "a b", "a*b", "a>b", "türkiye.example", "turkiye\x00"}
	seen := map[string]string{}
	for _, n := range names {
		got := schemas.SubjectToken(n)
		if !subjectToken.MatchString(got) {
			t.Errorf("SubjectToken(%q) = %q", n, got)
		}
		if o, ok := seen[got]; ok {
			t.Errorf("SubjectToken gives %q for both %q and %q", got, o, n)
		}
		seen[got] = n
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "name")
		if got := schemas.SubjectToken(s); !subjectToken.MatchString(got) {
			t.Fatalf("SubjectToken(%q) = %q", s, got)
		}
	})
}

// Subjects have the tokens that the streams listen to, whatever the web sends.
func TestSubjects(t *testing.T) {
	a := &schemas.Article{Publisher: schemas.Publisher{Domain: "News.Example"}}
	hostile := &schemas.Article{Publisher: schemas.Publisher{Domain: "a.>.*. b"}}
	for got, want := range map[string]string{
		schemas.ArticleSubject(a):                                             `^articles\.v1\.news_example$`,
		schemas.ArticleSubject(&schemas.Article{}):                            `^articles\.v1\.unknown$`,
		schemas.ArticleSubject(hostile):                                       `^articles\.v1\.[A-Za-z0-9_-]{1,63}$`,
		schemas.ExtractionSubject(&schemas.Extraction{Article: *a}):           `^extractions\.v1\.news_example$`,
		schemas.ReviewSubject(&schemas.Review{Action: schemas.ReviewFix}):     `^reviews\.v1\.fix$`,
		schemas.DeadSubject(&schemas.DeadLetter{Stage: schemas.StageExtract}): `^dead\.v1\.extractor$`,
		schemas.ClaimSubject(&schemas.Change{Change: schemas.ChangeSuperseded, Country: "PS", Claim: schemas.Claim{Measure: "person-killed"}}):    `^claims\.v1\.person-killed\.PS\.superseded$`,
		schemas.ClaimSubject(&schemas.Change{Change: schemas.ChangeAsserted, Country: schemas.NoCountry, Claim: schemas.Claim{Measure: "other"}}): `^claims\.v1\.other\.--\.asserted$`,
	} {
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("subject %q, want %s", got, want)
		}
	}
}
