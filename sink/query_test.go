package sink_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func TestInstant(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		ok       bool
	}{
		{"2025", "2025", true},
		{"2025-10", "2025-10", true},
		{"2025-10-10", "2025-10-10", true},
		{"2025-10-10T12:00:00+02:00", "2025-10-10T10:00:00Z", true},
		{"2025-10-10T12:00:00.75Z", "2025-10-10T12:00:00Z", true},
		{"2025-10-10T12:00:00Z", "2025-10-10T12:00:00Z", true},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", true},
		{"2025-02-29T12:00:00Z", "", false},
		{"2025-10-00T12:00:00Z", "", false},
		{"2025-10-10T24:00:00Z", "", false},
		{"2025-10-10T12:00:60Z", "", false},
		{"2025-13", "2025-13", false},
		{"10 October", "", false},
		{"", "", false},
	} {
		if got, ok := sink.Instant(tt.in); ok != tt.ok || ok && got != tt.want {
			t.Errorf("Instant(%q) = %q, %t, want %q, %t", tt.in, got, ok, tt.want, tt.ok)
		}
	}
	inOrder := []string{"2025", "2025-10", "2025-10-10", "2025-10-10T10:00:00Z", "2025-10-10T23:59:59Z", sink.After("2025-10-10"), "2025-10-11", sink.After("2025-10"), "2025-11", sink.After("2025"), "2026"}
	if !slices.IsSorted(inOrder) {
		t.Errorf("%q are not in order", inOrder)
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                          nil,
		"Over 170,700 wounded.":     {"over", "170700", "wounded"},
		"€2.4bn, Türkiye's Kızılay": {"2", "4bn", "turkiye", "s", "kızılay"},
		"aid-worker's\u202e <b>":    {"aid", "worker", "s", "b"},
		"1,2 and 3,":                {"12", "and", "3"},
		"غزّة 12":                   {"غزة", "12"},
	} {
		if got := sink.Words(in); !slices.Equal(got, want) {
			t.Errorf("Words(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestStateAfter(t *testing.T) {
	change := func(kind schemas.ChangeKind, replacedBy ...string) *schemas.Change {
		return &schemas.Change{Change: kind, Claim: schemas.Claim{ReplacedBy: replacedBy}}
	}
	for _, tt := range []struct {
		before sink.State
		c      *schemas.Change
		want   sink.State
	}{
		{"", change(schemas.ChangeAsserted), sink.Living},
		{"", change(schemas.ChangeFinalized), sink.Living},
		{sink.Living, change(schemas.ChangeSuperseded), sink.Living},
		{sink.Living, change(schemas.ChangeMerged, "c_1"), sink.Replaced},
		{sink.Living, change(schemas.ChangeSplit, "c_1", "c_2"), sink.Replaced},
		{sink.Replaced, change(schemas.ChangeFinalized, "c_1"), sink.Replaced},
		{sink.Living, change(schemas.ChangeWithdrawn), sink.Withdrawn},
		{sink.Withdrawn, change(schemas.ChangeFinalized), sink.Withdrawn},
		{sink.Withdrawn, change(schemas.ChangeCorroborated), sink.Living},
		{sink.Living, change(schemas.ChangeRetracted), sink.Retracted},
		{sink.Retracted, change(schemas.ChangeConflicted), sink.Retracted},
	} {
		if got := sink.StateAfter(tt.before, tt.c); got != tt.want {
			t.Errorf("StateAfter(%q, %s) = %q, want %q", tt.before, tt.c.Change, got, tt.want)
		}
	}
}

// TestClaimJSON: the JSON of a stored claim is that of its record and more.
func TestClaimJSON(t *testing.T) {
	for i, c := range sinktest.Changes(sinktest.Records()) {
		in := sink.Claim{Record: c.Claim, State: sink.Living, Country: c.Country, Change: c.Change, Revision: c.Revision, KnownAt: c.KnownAt, Sequence: uint64(i)}
		raw, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out sink.Claim
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(in, out, cmp.AllowUnexported(schemas.Decimal{}), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("claim %d (-in +out):\n%s", i, d)
		}
	}
}

// Records of the fixture are what they claim to be: every quote stands in its article.
func TestFixture(t *testing.T) {
	articles := map[string]*schemas.Article{}
	for _, r := range slices.Concat(sinktest.Records(), sinktest.Many(30)) {
		if r.Article != nil {
			articles[r.Article.Version] = r.Article
			continue
		}
		if r.Change == nil {
			continue
		}
		for _, ct := range r.Change.Claim.Citations {
			a := articles[ct.ArticleVersion]
			if words, ok := schemas.NewOffsets(a.Text).Slice(a.Text, ct.Quote.Span); !ok || words != ct.Quote.Exact || ct.TextSHA256 != a.TextSHA256 {
				t.Errorf("article has %q where the citation says %q", words, ct.Quote.Exact)
			}
			if ct.Figure != nil && (ct.Figure.Start < ct.Start || ct.Figure.End > ct.End) {
				t.Errorf("the figure of %q lies outside it", ct.Quote.Exact)
			}
		}
	}
}

func ExampleQuery_Match() {
	q := sink.Query{Countries: []string{"TR"}, Measures: []string{"person-killed"}, MinOrigins: 2}
	for _, c := range sinktest.Changes(sinktest.Records()) {
		if q.Match(c) {
			fmt.Println(c.Change, c.Claim.Text)
		}
	}
	// Output:
	// corroborated 58 people killed in Tarsova, Selin Aktaş says
	// conflicted 58 people killed in Tarsova, Selin Aktaş says
}
