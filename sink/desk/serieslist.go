package desk

import (
	"maps"
	"net/http"
	"net/url"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A seriesListPage is what templates/serieslist.html shows.
type seriesListPage struct {
	Title    string
	Filters  filters
	Policies []option // by which one figure of each series is preferred
	Rows     []seriesRow
	Next     string // address of the next page; empty at the end
	JSON     string
	Problem  string // why nothing is shown
	Version  string
}

// A seriesRow is one series in a list: its latest figure and a small chart.
type seriesRow struct {
	Title, URL   string
	Latest, When string // the preferred figure, and the day of the newest
	Figures      int
	Conflicts    bool
	Chart        *chart // nil if there are not two days to draw
}

// pageSeriesList shows series of figures; statements have none to draw.
func (d *Desk) pageSeriesList(w http.ResponseWriter, r *http.Request) {
	values := given(r.URL.Query())
	page := seriesListPage{Title: "Series", Version: d.cfg.Version, JSON: "/api/v1/series?" + values.Encode()}
	status := http.StatusOK
	st, err := d.recentStats(r)
	if err == nil {
		others := maps.Clone(values)
		delete(others, "policy") // the form has a field for it
		page.Filters, page.Policies = d.filters(others, st), policies(values.Get("policy"))
		err = d.fillSeriesList(r, values, &page)
	}
	if err != nil {
		p := d.problemOf(r, err)
		status, page.Problem = p.Status, p.words()
	}
	d.render(w, r, "serieslist.html", status, &page)
}

func policies(chosen string) []option {
	out := []option{{Value: "", Label: "Preferred", Selected: chosen == ""}}
	for _, p := range sink.Policies {
		out = append(out, option{string(p), string(p), chosen == string(p)})
	}
	return out
}

func (d *Desk) fillSeriesList(r *http.Request, values url.Values, page *seriesListPage) error {
	found, err := d.seriesList(r, values, 2*pageLimit, schemas.QuantityClaim)
	if err != nil {
		return err
	}
	if found.Next != "" {
		next := maps.Clone(values)
		next.Set("cursor", found.Next)
		page.Next = "/series?" + next.Encode()
	}
	for i := range found.Items {
		row := newSeriesRow(&found.Items[i])
		if p := values.Get("policy"); p != "" {
			row.URL += "?" + url.Values{"policy": {p}}.Encode()
		}
		page.Rows = append(page.Rows, row)
	}
	return nil
}

func newSeriesRow(s *schemas.Series) seriesRow {
	h := newHistory(s, "", smallChart, nil)
	row := seriesRow{Title: s.Text, URL: h.URL, When: day(s.LastSeen[:min(10, len(s.LastSeen))]), Figures: s.PointCount, Conflicts: len(s.Conflicts) > 0, Chart: h.Chart}
	for i := range s.Points {
		p := &s.Points[i]
		if row.Latest == "" || s.Preferred != nil && p.Claim == s.Preferred.Claim {
			row.Latest = pointFigure(s, p)
		}
	}
	return row
}
