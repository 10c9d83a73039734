package normalizer

import (
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

func TestSentence(t *testing.T) {
	dec := func(n int64, exp int) *schemas.Decimal {
		d, err := schemas.NewDecimal(n, exp)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	killed := schemas.Killed
	direct := schemas.Direct
	tests := []struct {
		c    schemas.Claim
		want string
	}{
		{schemas.Claim{
			Value: dec(342, 0), Comparator: schemas.AtLeast, Unit: "count", Counted: "Palestinians", Category: &killed, Measure: "person-killed",
			Agent: &schemas.ClaimEntity{Name: "Israel"}, Time: &schemas.Interval{Start: "2025-10-10", End: "2025-11-25"}, Cumulative: true,
		}, "At least 342 Palestinians killed by Israel since 2025-10-10."},
		{schemas.Claim{Value: dec(43, 0), Unit: "count", Counted: "dead", Category: &killed, Measure: "person-killed"}, "43 people killed."},
		{schemas.Claim{Value: dec(1, 0), Unit: "count", Counted: "policeman", Category: &killed, Measure: "person-killed"}, "1 policeman killed."},
		{schemas.Claim{
			Value: dec(600, 0), Unit: "count", Counted: "aid truck", Per: "day", Measure: "transport-enter", Modality: schemas.Required,
			Place: &schemas.ClaimPlace{Name: "Gaza"},
		}, "600 aid trucks per day (transport enter) in Gaza (required)."},
		{schemas.Claim{Value: dec(115, 8), Unit: "USD", Measure: "deal-value", Comparator: schemas.About}, "About 11.5 billion USD (deal value)."},
		{schemas.Claim{Value: dec(1234567, 0), Unit: "count", Counted: "body", Measure: "other"}, "1,234,567 bodies."},
		{schemas.Claim{Min: dec(10, 0), Max: dec(15, 0), Unit: "percent", Measure: "other", Counted: "loss"}, "10 to 15% loss."},
		{schemas.Claim{
			Value: dec(7, 0), Unit: "count", Counted: "box", Measure: "other", Modality: schemas.Negated,
			Sources: []schemas.ClaimEntity{{Name: "A"}, {Name: "B"}, {Name: "C"}, {Name: "D"}},
		}, "Denied: 7 boxes, according to A, B, C and 1 more."},
		{schemas.Claim{
			Value: dec(19, 0), Unit: "count", Counted: "children", Category: &killed, Measure: "person-killed", Time: &schemas.Interval{Start: "2001", End: "2001"},
			Sources: []schemas.ClaimEntity{{Name: "The regional office"}},
		}, "19 children killed in 2001, according to the regional office."},
		{schemas.Claim{
			Value: dec(3, 0), Unit: "count", Counted: "foot", Measure: "other", Time: &schemas.Interval{Start: "2001-04-02", End: "2001-04-02"},
			Sources: []schemas.ClaimEntity{{Name: "The Hague"}, {Name: "Witnesses"}},
		}, "3 feet on 2001-04-02, according to The Hague, witnesses."},
		{schemas.Claim{Kind: schemas.StatementClaim, Speaker: &schemas.ClaimEntity{Name: "Kalin"}, Content: "we stand", Mode: &direct}, "Kalin: “we stand”"},
	}
	for _, tt := range tests {
		if got := sentence(&tt.c); got != tt.want {
			t.Errorf("sentence(%+v)\n got %q\nwant %q", tt.c, got, tt.want)
		}
	}
}
