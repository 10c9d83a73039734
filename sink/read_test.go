package sink_test

import (
	"encoding/json"
	"testing"

	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// TestAppendJSON: pages written by hand are what encoding/json makes of the same
// fields.
func TestAppendJSON(t *testing.T) {
	claims := sink.ClaimPage{Items: []sink.Claim{}, Next: `a"b`, Sequence: 1<<64 - 1}
	series := sink.SeriesPage{Next: "", Sequence: 7}
	records := sinktest.Records()
	for _, text := range sinktest.HostileTexts() {
		records = append(records, sinktest.Hostile(text)...)
	}
	for i, c := range sinktest.Changes(records) {
		claims.Items = append(claims.Items, sink.Claim{Record: c.Claim, State: sink.Living, Country: c.Country, Change: c.Change, Revision: i, KnownAt: c.KnownAt, Sequence: uint64(i)})
		if c.Series != nil {
			series.Items = append(series.Items, *c.Series)
		}
	}
	for name, page := range map[string]interface {
		AppendJSON(b []byte) ([]byte, error)
	}{"claims": &claims, "series": &series, "empty": &sink.ClaimPage{Items: []sink.Claim{}}} {
		got, err := page.AppendJSON([]byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		want, err := json.Marshal(page)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(got[1:], &a); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := json.Unmarshal(want, &b); err != nil {
			t.Fatal(err)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if got[0] != 'x' || string(x) != string(y) {
			t.Errorf("%s: %s\nwant %s", name, x, y)
		}
	}
}
