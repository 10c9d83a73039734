package sink

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
)

func figure(claim, asOf string, n int64, origins ...string) schemas.SeriesPoint {
	v := schemas.Int(n)
	return schemas.SeriesPoint{
		Claim: claim, AsOf: asOf, Value: &v, Comparator: schemas.Exact, Modality: schemas.Asserted, Tier: schemas.Reportable, Origins: origins,
	}
}

func with(p schemas.SeriesPoint, change func(*schemas.SeriesPoint)) schemas.SeriesPoint {
	change(&p)
	return p
}

func TestPolicies(t *testing.T) {
	points := []schemas.SeriesPoint{
		with(figure("old", "2025-03-02", 9, "o1", "o2", "o3", "o4"), func(p *schemas.SeriesPoint) { p.Superseded = true }),
		figure("least", "2025-03-03", 12, "o1"),
		figure("many", "2025-03-03", 16, "o1", "o2", "o3"),
		figure("most", "2025-03-03", 43, "o4"),
		figure("new", "2025-03-04", 20, "o5"),
		with(figure("denied", "2025-03-05", 1, "o6"), func(p *schemas.SeriesPoint) { p.Modality = schemas.Negated }),
		with(figure("candidate", "2025-03-06", 99, "o7"), func(p *schemas.SeriesPoint) { p.Tier = schemas.Candidate }),
		figure("taken", "2025-03-06", 100, "o1", "o2", "o3", "o4", "o5"),
	}
	for p, want := range map[Policy]string{Latest: "new", Lowest: "least", Highest: "most", MostOrigins: "many"} {
		got := p.Prefer(points, map[string]bool{"taken": true})
		if d := cmp.Diff(&schemas.Preferred{Claim: want, Policy: string(p)}, got); d != "" {
			t.Errorf("%s.Prefer (-want +got):\n%s", p, d)
		}
	}
	if got := Lowest.Prefer(points[5:6], nil); got != nil {
		t.Errorf("Prefer chooses %v of a denial alone", got)
	}
	if _, err := ParsePolicy("cheapest"); err == nil {
		t.Error("ParsePolicy takes any word")
	}
}

func TestEnvelopeOf(t *testing.T) {
	three, twelve, forty := schemas.Int(3), schemas.Int(12), schemas.Int(43)
	got := EnvelopeOf([]schemas.SeriesPoint{
		figure("a", "2025-03-02", 12, "o1", "o2"),
		figure("b", "2025-03-03", 43, "o1"),
		with(figure("c", "2025-03-03", 12, "o3"), func(p *schemas.SeriesPoint) { p.Comparator = schemas.AtLeast }),
		with(figure("d", "2025-03-03", 500, "o4"), func(p *schemas.SeriesPoint) { p.Modality = schemas.Negated }),
		with(figure("e", "2025-03-03", 0, "o2"), func(p *schemas.SeriesPoint) { p.Value, p.Min, p.Max = nil, &three, &twelve }),
	})
	want := schemas.Envelope{Min: &three, Origins: []schemas.OriginFigures{
		{Origin: "o1", Min: &twelve, Max: &forty}, {Origin: "o2", Min: &three, Max: &twelve}, {Origin: "o3", Min: &twelve},
	}}
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b schemas.Decimal) bool { return a == b })); d != "" {
		t.Errorf("EnvelopeOf (-want +got):\n%s", d)
	}
}
