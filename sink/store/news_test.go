package store

import (
	"bytes"
	"slices"
	"testing"

	"github.com/claimwire/claimwire/schemas"
)

// FuzzNews: what is told of any series, and then of any other state of it, makes that state;
// and what a damaged column holds harms nothing but its series.
func FuzzNews(f *testing.F) {
	point := func(claim, day string) string {
		return `{"claim":"` + claim + `","as_of":"` + day + `","value":4,"comparator":"exact","modality":"asserted","tier":"reportable","origins":["o"]}`
	}
	f.Add([]byte(`{}`), []byte(`{"id":"s","points":[`+point("a", "2025-01-01")+`],"point_count":3,"conflicts":[{"claims":["a","b"]}]}`), `{"whole":true}`)
	f.Add([]byte(`{"points":[`+point("a", "2025-01-01")+`,`+point("b", "2025-01-02")+`],"preferred":{"claim":"a"}}`),
		[]byte(`{"points":[`+point("b", "2025-01-02")+`],"envelope":{"min":1,"max":4,"origins":[]}}`), `{"members":{"text":"x"},"gone":["a"]}`)
	f.Add([]byte(`{"envelope":{"min":null,"max":null,"origins":[{"origin":"o","min":4,"max":4}]}}`), []byte(`{"text":"x"}`), `{"whole":true,"members":{"points":[]}}`)
	f.Fuzz(func(t *testing.T, first, second []byte, damaged string) {
		var states [2]schemas.Series
		for i, raw := range [][]byte{first, second} {
			s := &states[i]
			if s.ReadJSON(raw) != nil || !asNormalizers(s) {
				return
			}
		}
		var c schemas.Claim
		record := c.AppendJSON(nil)
		b := &batch{store: &Store{memory: newMemory()}}
		h := chronicle{claims: map[string]bool{}}
		for i := range states {
			s := &states[i]
			for _, p := range s.Points {
				h.claims[key(p.Claim)] = true
			}
			if s.Preferred != nil {
				h.claims[key(s.Preferred.Claim)] = true
			}
			for _, k := range s.Conflicts {
				h.claims[key(k.Claims[0])], h.claims[key(k.Claims[1])] = true, true
			}
			before := alone(&c)
			if i > 0 {
				before = &states[i-1]
			}
			if err := h.hear("c", string(b.appendNews(nil, before, s, i == 0)), record); err != nil {
				t.Fatal(err)
			}
			got, err := h.series()
			if err != nil {
				t.Fatal(err)
			}
			if want := s.AppendJSON(nil); !bytes.Equal(got.AppendJSON(nil), want) {
				t.Fatalf("state %d:\n%s\nwant\n%s", i, got.AppendJSON(nil), want)
			}
		}
		if h.hear("c", damaged, record) == nil && h.begun {
			_, _ = h.series()
		}
	})
}

// asNormalizers reports whether a series has its lists in order, each item once.
func asNormalizers(s *schemas.Series) bool {
	points, conflicts := slices.Clone(s.Points), slices.Clone(s.Conflicts)
	sortPoints(points)
	sortConflicts(conflicts)
	seen := map[string]bool{}
	for i := range points {
		if points[i].Claim != s.Points[i].Claim || seen[points[i].Claim] {
			return false
		}
		seen[points[i].Claim] = true
	}
	return slices.Equal(conflicts, s.Conflicts) && len(slices.Compact(conflicts)) == len(s.Conflicts) &&
		(len(s.Envelope.Origins) != 1 || s.Envelope.Origins[0].Origin != noFigures)
}
