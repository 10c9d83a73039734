package desk

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// TestSeriesListThen: the list of series as it was known at a moment, in each of its forms,
// is what a desk had that knew no more.
func TestSeriesListThen(t *testing.T) {
	records := sinktest.Records()
	const at = "2025-11-23T11:30:00Z"
	var early []sink.Record
	for _, r := range records {
		if r.Change == nil || r.Change.KnownAt <= at {
			early = append(early, r)
		}
	}
	then, now := newFixture(t, early), newFixture(t, records)
	items := func(body string) string {
		list, _, _ := strings.Cut(body, `"sequence":`)
		return list
	}
	differ := 0
	for _, query := range []string{"", "policy=lowest", "policy=most-origins&tier=any", "country=TR&state=any", "q=tarsova", "format=csv", "format=ndjson", "format=csv&policy=highest", "kind=quantity&since=2025-11-22"} {
		frozen := "/api/v1/series?known_at=" + at + "&" + query
		_, want := then.get(t, "/api/v1/series?"+query)
		resp, got := now.get(t, frozen)
		if resp.StatusCode != 200 || items(got) != items(want) || !strings.Contains(got, "person-killed") {
			t.Errorf("%s: %d\n%s\nwant\n%s", query, resp.StatusCode, got, want)
		}
		if _, later := now.get(t, "/api/v1/series?"+query); items(later) != items(want) {
			differ++
		}
		if again, _ := now.get(t, frozen, "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: unchanged it is %d, want 304", query, again.StatusCode)
		}
	}
	if differ < 5 {
		t.Errorf("%d lists changed since: the test shows too little", differ)
	}
	resp, body := now.get(t, "/api/v1/series?limit=1&known_at="+at)
	var page sink.SeriesPage
	if err := json.Unmarshal([]byte(body), &page); err != nil || page.Next == "" || !strings.Contains(resp.Header.Get("Link"), "known_at=") {
		t.Fatalf("first page: %s, %v, Link %q", body, err, resp.Header.Get("Link"))
	}
	for moment, want := range map[string]int{at: 200, "2025-11-24": 400, "": 400} {
		if resp, body := now.get(t, "/api/v1/series?limit=1&known_at="+moment+"&cursor="+page.Next); resp.StatusCode != want {
			t.Errorf("cursor at %q: %d %s, want %d", moment, resp.StatusCode, body, want)
		}
	}
	_, html := now.get(t, "/series?policy=lowest&known_at="+at)
	for _, want := range []string{"As it was known on", `value="` + at + `"`, "known_at=2025-11-23T11%3A30%3A00Z&amp;policy=lowest\"", `href="/series?policy=lowest"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// TestSeriesTable: one row a series, with cells that no spreadsheet runs.
func TestSeriesTable(t *testing.T) {
	f := newFixture(t, withHostile())
	resp, body := f.get(t, "/api/v1/series?tier=any", "Accept", "text/csv")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) < 10 || !slices.Equal(rows[0], seriesHeader) || !strings.Contains(resp.Header.Get("Content-Disposition"), "series.csv") {
		t.Fatalf("CSV: %d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		checkCells(t, seriesHeader, row)
		if row[0] == "people killed in Tarsova" && (row[2] != "58" || row[10] != "19" || row[12] != "4" || row[20] != "TR") {
			t.Errorf("the toll is %v", row)
		}
	}
}
