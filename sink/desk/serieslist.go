package desk

import (
	"net/http"
	"net/url"

	"github.com/claimwire/claimwire/schemas"
)

// A seriesListPage is what templates/serieslist.html shows.
type seriesListPage struct {
	Title   string
	Filters filters
	Rows    []seriesRow
	Next    string // address of the next page; empty at the end
	JSON    string
	Problem string // why nothing is shown
	Version string
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
		page.Filters = d.filters(values, st)
		err = d.fillSeriesList(r, values, &page)
	}
	if err != nil {
		p := d.problemOf(r, err)
		status, page.Problem = p.Status, p.words()
	}
	d.render(w, r, "serieslist.html", status, &page)
}

func (d *Desk) fillSeriesList(r *http.Request, values url.Values, page *seriesListPage) error {
	q, err := parseList(values, false)
	if err != nil {
		return err
	}
	if !values.Has("limit") {
		q.Limit = 2 * pageLimit
	}
	if len(q.Kinds) == 0 {
		q.Kinds = []schemas.ClaimKind{schemas.QuantityClaim}
	}
	found, err := d.cfg.Store.SeriesList(r.Context(), q)
	if err != nil {
		return err
	}
	if found.Next != "" {
		values.Set("cursor", found.Next)
		page.Next = "/series?" + values.Encode()
	}
	for i := range found.Items {
		page.Rows = append(page.Rows, newSeriesRow(&found.Items[i]))
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
