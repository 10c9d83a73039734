package desk

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

func (d *Desk) getSeriesList(w http.ResponseWriter, r *http.Request) {
	form, err := tableFormOf(r, "series")
	var page *sink.SeriesPage
	if err == nil {
		page, err = d.seriesList(r, r.URL.Query(), form != formJSON, 0)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.linkNext(w, r, page.Next, page.Sequence)
	switch form {
	case formNDJSON:
		d.sendLines(w, r, len(page.Items), func(i int) any { return &page.Items[i] })
	case formCSV:
		d.sendSeriesCSV(w, r, page.Items)
	default:
		d.sendPage(w, r, page)
	}
}

// seriesList reads a list of series that prefer what the policy among values chooses; so
// many a page unless values say it, 0 for the usual.
func (d *Desk) seriesList(r *http.Request, values url.Values, table bool, limit int, kinds ...schemas.ClaimKind) (*sink.SeriesPage, error) {
	q, policy, err := parseSeriesList(values, table)
	if err != nil {
		return nil, err
	}
	if err = d.widen(r.Context(), &q); err != nil {
		return nil, err
	}
	if limit > 0 && !values.Has("limit") {
		q.Limit = limit
	}
	if len(q.Kinds) == 0 {
		q.Kinds = kinds
	}
	page, err := d.cfg.Store.SeriesList(r.Context(), q)
	if err != nil {
		return nil, err
	}
	return page, d.preferBy(r, page.Items, policy, q.KnownAt)
}

var seriesHeader = []string{
	"series", "as_of", "value", "min", "max", "comparator", "unit", "counted", "per", "policy", "all_min", "all_max", "figures", "conflicts",
	"category", "modality", "cumulative", "agent", "victim", "place", "country", "time_start", "time_end", "first_seen", "last_seen",
	"measure", "kind", "stability", "claim_id", "series_id",
}

// sendSeriesCSV answers with one row a series: the figure that it prefers.
func (d *Desk) sendSeriesCSV(w http.ResponseWriter, r *http.Request, series []schemas.Series) {
	var b bytes.Buffer
	row := tableWriter(&b, seriesHeader)
	for i := range series {
		row(seriesCells(&series[i]))
	}
	d.sendTable(w, r, "series.csv", b.Bytes())
}

func seriesCells(s *schemas.Series) []string {
	var p schemas.SeriesPoint
	policy := ""
	if s.Preferred != nil {
		p.Claim, policy = s.Preferred.Claim, s.Preferred.Policy
	}
	for i := range s.Points {
		if s.Points[i].Claim == p.Claim {
			p = s.Points[i]
		}
	}
	var span schemas.Interval
	if s.Time != nil {
		span = *s.Time
	}
	place, country, category := "", "", ""
	if s.Place != nil {
		place, country = s.Place.Name, s.Place.Country
	}
	if s.Category != nil {
		category = string(*s.Category)
	}
	return []string{
		s.Text, p.AsOf, decimal(p.Value), decimal(p.Min), decimal(p.Max), string(p.Comparator), s.Unit, s.Counted, s.Per, policy,
		decimal(s.Envelope.Min), decimal(s.Envelope.Max), strconv.Itoa(s.PointCount), strconv.Itoa(len(s.Conflicts)),
		category, string(s.Modality), strconv.FormatBool(s.Cumulative), entity(s.Agent), entity(s.Victim), place, country, span.Start, span.End, s.FirstSeen, s.LastSeen,
		s.Measure, string(s.Kind), string(s.Stability), p.Claim, s.ID,
	}
}

// A seriesListPage is what templates/serieslist.html shows.
type seriesListPage struct {
	Title    string
	Filters  filters
	Policies []option // by which one figure of each series is preferred
	Rows     []seriesRow
	Next     string // address of the next page; empty at the end
	KnownAt  string // as of when the list is; empty for now
	Frozen   string // that in words
	Now      string // address of the list as it is now
	Feeds    []link // the same list in other forms
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
	page := seriesListPage{Title: "Series", Version: d.cfg.Version, Feeds: feeds("/api/v1/series", values, articleForms), KnownAt: values.Get("known_at")}
	status := http.StatusOK
	st, err := d.recentStats(r)
	if err == nil {
		others := maps.Clone(values)
		delete(others, "policy") // the form has a field for each
		delete(others, "known_at")
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
	found, err := d.seriesList(r, values, false, 2*pageLimit, schemas.QuantityClaim)
	if err != nil {
		return err
	}
	if found.Next != "" {
		next := maps.Clone(values)
		next.Set("cursor", found.Next)
		page.Next = "/series?" + next.Encode()
	}
	page.Frozen = d.frozenNote(page.KnownAt)
	now := maps.Clone(values)
	for _, name := range []string{"known_at", "cursor"} {
		delete(now, name)
	}
	page.Now = "/series?" + now.Encode()
	view := url.Values{} // of each series
	for _, name := range []string{"known_at", "policy"} {
		if v := values.Get(name); v != "" {
			view.Set(name, v)
		}
	}
	for i := range found.Items {
		row := newSeriesRow(&found.Items[i])
		if len(view) > 0 {
			row.URL += "?" + view.Encode()
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
