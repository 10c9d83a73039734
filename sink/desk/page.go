package desk

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// pageLimit is how many claims one page shows.
const pageLimit = 20

func (d *Desk) loadPages() error {
	pages, err := template.New("").Funcs(template.FuncMap{
		"asset":   func(name string) string { return d.assets[name].url },
		"number":  func(n int) string { return group(strconv.Itoa(n)) },
		"visible": visible,
		"short":   short,
		"plural":  plural,
	}).ParseFS(files, "templates/*.html")
	d.pages = pages
	return err
}

// A listPage is what templates/list.html shows.
type listPage struct {
	Title    string
	Filters  filters
	Claims   []claimCard
	Stats    *sink.Stats
	Sequence uint64
	Stream   string // address of the stream with the same filters; empty if there is none
	Next     string // address of the next page; empty at the end
	Feeds    []link // the same list in other forms
	Problem  string // why nothing is shown
	Version  string
}

type link struct{ Name, URL string }

// filters are the fields of the form, and what was asked for.
type filters struct {
	Measures, Countries, Tiers []option
	Text                       string
	Hidden                     []link // other filters that came with the address
	Note                       string // what they are
	Active                     bool
}

type option struct {
	Value, Label string
	Selected     bool
}

// pageFilters are the parameters that the form has fields for.
var pageFilters = []string{"measure", "country", "tier", "q"}

func (d *Desk) pageClaims(w http.ResponseWriter, r *http.Request) {
	values := given(r.URL.Query())
	page := listPage{Title: "Claims", Version: d.cfg.Version, Feeds: feeds(values)}
	status := http.StatusOK
	st, err := d.recentStats(r)
	if err == nil {
		page.Stats = st
		page.Filters = d.filters(values, st)
		err = d.fillList(r, values, &page)
	}
	if err != nil {
		p := d.problemOf(r, err)
		status, page.Problem = p.Status, p.Detail
		if p.Parameter != "" {
			page.Problem = p.Parameter + ": " + p.Detail
		}
	}
	d.render(w, r, "list.html", status, &page)
}

// given returns the parameters that have a value: an empty field of a form asks
// for nothing.
func given(values url.Values) url.Values {
	out := url.Values{}
	for name, vs := range values {
		for _, v := range vs {
			if v != "" {
				out.Add(name, v)
			}
		}
	}
	return out
}

func feeds(values url.Values) []link {
	var out []link
	for _, f := range []struct{ name, format string }{{"JSON", "json"}, {"NDJSON", "ndjson"}, {"CSV", "csv"}, {"Atom feed", "atom"}} {
		v := url.Values{}
		for name, vs := range values {
			if name != "cursor" {
				v[name] = vs
			}
		}
		v.Set("format", f.format)
		out = append(out, link{f.name, "/api/v1/claims?" + v.Encode()})
	}
	return out
}

func (d *Desk) fillList(r *http.Request, values url.Values, page *listPage) error {
	q, err := parseList(values, false)
	if err != nil {
		return err
	}
	if !values.Has("limit") {
		q.Limit = pageLimit
	}
	found, err := d.cfg.Store.Claims(r.Context(), q)
	if err != nil {
		return err
	}
	page.Sequence = found.Sequence
	if found.Next != "" {
		values.Set("cursor", found.Next)
		page.Next = "/?" + values.Encode()
	}
	for i := range found.Items {
		card, err := d.card(r, &found.Items[i])
		if err != nil {
			return err
		}
		page.Claims = append(page.Claims, card)
	}
	if d.cfg.Follow != nil && q.Cursor == "" && q.KnownAt == "" {
		v := url.Values{}
		for name, vs := range values {
			if slices.Contains(filterNames, name) {
				v[name] = vs
			}
		}
		v.Set("since", strconv.FormatUint(found.Sequence, 10))
		page.Stream = "/api/v1/stream?" + v.Encode()
	}
	return nil
}

func (d *Desk) filters(values url.Values, st *sink.Stats) filters {
	f := filters{Text: values.Get("q")}
	measure, _ := schemas.LookupMeasure(values.Get("measure"))
	f.Measures = []option{{Value: "", Label: "Everything"}}
	for _, c := range st.Measures {
		f.Measures = append(f.Measures, option{c.Value, measureLabel(c.Value) + " (" + group(strconv.Itoa(c.Count)) + ")", c.Value == measure.ID})
	}
	country := strings.ToUpper(values.Get("country"))
	f.Countries = []option{{Value: "", Label: "Anywhere"}}
	for _, c := range st.Countries {
		f.Countries = append(f.Countries, option{c.Value, countryName(c.Value) + " (" + group(strconv.Itoa(c.Count)) + ")", c.Value == country})
	}
	tier := values.Get("tier")
	f.Tiers = []option{{"", "Reportable", tier == ""}, {"candidate", "Candidates", tier == "candidate"}, {"any", "Both", tier == "any"}}
	for name, vs := range values {
		if slices.Contains(pageFilters, name) {
			f.Active = true
			continue
		}
		if name == "cursor" || name == "limit" {
			continue
		}
		for _, v := range vs {
			f.Hidden = append(f.Hidden, link{name, v})
			f.Active = true
		}
	}
	slices.SortFunc(f.Hidden, func(a, b link) int { return strings.Compare(a.Name+a.URL, b.Name+b.URL) })
	var notes []string
	for _, h := range f.Hidden {
		notes = append(notes, strings.ReplaceAll(h.Name, "_", " ")+" "+short(h.URL))
	}
	f.Note = strings.Join(notes, " · ")
	return f
}

// render writes a page.
func (d *Desk) render(w http.ResponseWriter, r *http.Request, name string, status int, data any) {
	var b bytes.Buffer
	if err := d.pages.ExecuteTemplate(&b, name, data); err != nil {
		d.cfg.Logger.Error("page failed", "page", name, "err", err)
		http.Error(w, "the page could not be made; the log says why", http.StatusInternalServerError)
		return
	}
	if status != http.StatusOK {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write(b.Bytes())
		return
	}
	d.send(w, r, "text/html; charset=utf-8", b.Bytes())
}

// A notePage says that there is nothing to show.
type notePage struct{ Title, Detail, Version string }

func (d *Desk) noPage(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, "note.html", http.StatusNotFound, &notePage{"Nothing here", "No page has this address.", d.cfg.Version})
}

func (d *Desk) failPage(w http.ResponseWriter, r *http.Request, err error) {
	p := d.problemOf(r, err)
	d.render(w, r, "note.html", p.Status, &notePage{http.StatusText(p.Status), p.Detail, d.cfg.Version})
}

// A claimPage is what templates/claim.html shows.
type claimPage struct {
	Title   string
	Card    claimCard
	Events  []eventRow
	JSON    string
	Version string
}

type eventRow struct{ Change, KnownAt, Why string }

func (d *Desk) pageClaim(w http.ResponseWriter, r *http.Request) {
	c, _, err := d.cfg.Store.Claim(r.Context(), r.PathValue("id"))
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	card, err := d.card(r, c)
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	card.Open = true
	es, err := d.cfg.Store.Events(r.Context(), c.Record.ID)
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	page := claimPage{Title: c.Record.Text, Card: card, JSON: "/api/v1/claims/" + url.PathEscape(c.Record.ID) + "?raw", Version: d.cfg.Version}
	for _, e := range es {
		page.Events = append(page.Events, eventRow{string(e.Change), d.when(e.KnownAt), why(&e)})
	}
	d.render(w, r, "claim.html", http.StatusOK, &page)
}

func why(e *sink.Event) string {
	switch {
	case e.Cause.Article != nil:
		return "article"
	case e.Cause.Review != "":
		return "review"
	case e.Cause.Watermark != "":
		return "time passed"
	}
	return ""
}

// A seriesPage is what templates/series.html shows.
type seriesPage struct {
	Title   string
	History history
	Claims  []claimCard
	JSON    string
	CSV     string
	Version string
}

func (d *Desk) pageSeries(w http.ResponseWriter, r *http.Request) {
	s, _, err := d.cfg.Store.Series(r.Context(), r.PathValue("id"))
	next := ""
	if err == nil {
		next, err = d.nextSeries(r, s.ID)
	}
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	if next != "" {
		http.Redirect(w, r, "/series/"+url.PathEscape(next), http.StatusPermanentRedirect)
		return
	}
	found, err := d.cfg.Store.Claims(r.Context(), sink.Query{Series: s.ID, Limit: 100})
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	v := url.Values{"series": {s.ID}, "tier": {"any"}, "state": {"any"}, "format": {"csv"}}
	page := seriesPage{
		Title: s.Text, History: newHistory(s, "", wideChart), Version: d.cfg.Version,
		JSON: "/api/v1/series/" + url.PathEscape(s.ID), CSV: "/api/v1/claims?" + v.Encode(),
	}
	for i := range found.Items {
		card, err := d.card(r, &found.Items[i])
		if err != nil {
			d.failPage(w, r, err)
			return
		}
		card.History = nil
		page.Claims = append(page.Claims, card)
	}
	d.render(w, r, "series.html", http.StatusOK, &page)
}

// A sourcesPage is what templates/sources.html shows.
type sourcesPage struct {
	Title   string
	Sources []sourceRow
	Version string
}

type sourceRow struct {
	sink.Source
	URL, When string
}

func (d *Desk) pageSources(w http.ResponseWriter, r *http.Request) {
	sources, err := d.cfg.Store.Sources(r.Context())
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	page := sourcesPage{Title: "Sources", Version: d.cfg.Version}
	for _, s := range sources {
		row := sourceRow{Source: s, When: day(s.LastSeen[:min(10, len(s.LastSeen))])}
		if s.Domain != "" {
			row.URL = listURL("publisher", s.Domain)
		}
		page.Sources = append(page.Sources, row)
	}
	d.render(w, r, "sources.html", http.StatusOK, &page)
}
