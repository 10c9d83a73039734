package desk

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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
		"lasting": lasting,
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
	Wider    string // address of the same list with candidates, if nothing else fits; empty if it has them
	Feeds    []link // the same list in other forms
	Problem  string // why nothing is shown
	Version  string
}

type link struct{ Name, URL string }

// filters are the fields of the form, and what was asked for.
type filters struct {
	Measures, Countries, Tiers []option
	Text                       string
	Entity, Publisher, Origins string
	Hidden                     []link // other filters that came with the address
	Chips                      []chip // every filter that is set
	Active                     bool
}

// A chip is a filter that is set, and the address of the list without it.
type chip struct{ Name, Value, Without string }

type option struct {
	Value, Label string
	Selected     bool
}

// pageFilters are the parameters that the form has fields for.
var pageFilters = []string{"measure", "country", "tier", "q", "entity", "publisher", "min_origins"}

func (d *Desk) pageClaims(w http.ResponseWriter, r *http.Request) {
	values := given(r.URL.Query())
	page := listPage{Title: "Claims", Version: d.cfg.Version, Feeds: feeds("/api/v1/claims", values, claimForms)}
	status := http.StatusOK
	st, err := d.recentStats(r)
	if err == nil {
		page.Stats = st
		page.Filters = d.filters(values, st)
		err = d.fillList(r, values, &page)
	}
	if err != nil {
		p := d.problemOf(r, err)
		status, page.Problem = p.Status, p.words()
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

var (
	claimForms   = []link{{"JSON", "json"}, {"NDJSON", "ndjson"}, {"CSV", "csv"}, {"Atom feed", "atom"}}
	articleForms = claimForms[:3]
)

// feeds links to a list of the API in other forms, given as name and format.
func feeds(path string, values url.Values, forms []link) []link {
	var out []link
	for _, f := range forms {
		v := url.Values{}
		for name, vs := range values {
			if name != "cursor" {
				v[name] = vs
			}
		}
		v.Set("format", f.URL)
		out = append(out, link{f.Name, path + "?" + v.Encode()})
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
	if err = d.widen(r.Context(), &q); err != nil {
		return err
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
	if values.Get("tier") == "" {
		wider := maps.Clone(values)
		wider.Set("tier", "any")
		page.Wider = "/?" + wider.Encode()
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
	f := filters{Text: values.Get("q"), Entity: values.Get("entity"), Publisher: values.Get("publisher"), Origins: values.Get("min_origins"), Chips: chips("/", values)}
	f.Active = len(f.Chips) > 0
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
		if name == "cursor" || name == "limit" {
			continue
		}
		if slices.Contains(pageFilters, name) {
			vs = vs[1:] // the form has a field for the first
		}
		for _, v := range vs {
			f.Hidden = append(f.Hidden, link{name, v})
		}
	}
	slices.SortFunc(f.Hidden, func(a, b link) int { return strings.Compare(a.Name+a.URL, b.Name+b.URL) })
	return f
}

// chipLabels are what filters are called on the page, where that is not their name.
var chipLabels = map[string]string{"q": "words", "measure": "about", "country": "where", "min_origins": "origins from", "known_at": "as known on", "entity": "who"}

// chips returns a chip for each filter that is set on the page at path.
func chips(path string, values url.Values) []chip {
	var out []chip
	for name, vs := range values {
		if name == "cursor" || name == "limit" {
			continue
		}
		for i, v := range vs {
			rest := url.Values{}
			for n, others := range values {
				if n != "cursor" {
					rest[n] = others
				}
			}
			if rest[name] = slices.Delete(slices.Clone(vs), i, i+1); len(rest[name]) == 0 {
				delete(rest, name)
			}
			label := cmp.Or(chipLabels[name], name)
			switch name {
			case "measure":
				v = measureLabel(v)
			case "country":
				v = countryName(strings.ToUpper(v))
			}
			out = append(out, chip{label, v, path + "?" + rest.Encode()})
		}
	}
	slices.SortFunc(out, func(a, b chip) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value)) })
	return out
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
	note := notePage{http.StatusText(p.Status), p.words(), d.cfg.Version}
	if p.Status == http.StatusNotFound {
		note.Title = "Nothing is here"
		note.Detail = "The address may be cut short, of another desk, or of a moment at which this was not known yet (" + p.Detail + ")."
	}
	d.render(w, r, "note.html", p.Status, &note)
}

// A claimPage is what templates/claim.html shows.
type claimPage struct {
	Title   string
	Card    claimCard
	Grounds []string // why its citations are of one claim, and how sure that is
	Events  []eventRow
	JSON    string
	Frozen  string // as of when the page is; empty for now
	Link    string // address of the page as it is now, for good
	Report  reportForm
	Version string
}

type eventRow struct {
	Change, KnownAt, Why string
	URL                  string // of the cause
	Review               *reviewRow
}

func (d *Desk) pageClaim(w http.ResponseWriter, r *http.Request) {
	d.showClaim(w, r, http.StatusOK, &claimPage{})
}

func (d *Desk) showClaim(w http.ResponseWriter, r *http.Request, status int, page *claimPage) {
	c, _, err := d.cfg.Store.Claim(r.Context(), r.PathValue("id"))
	knownAt := ""
	if err == nil {
		knownAt, err = frozenAt(r)
	}
	if err == nil && knownAt != "" {
		c, err = d.claimAt(r, c, knownAt)
	}
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	if page.Card, err = d.card(r, c); err != nil {
		d.failPage(w, r, err)
		return
	}
	page.Card.openAll()
	self := "/claims/" + url.PathEscape(c.Record.ID)
	page.Title, page.JSON, page.Version = c.Record.Text, "/api/v1"+self+"?raw", d.cfg.Version
	page.Frozen, page.Link = d.frozenNote(knownAt), self+"?"+url.Values{"known_at": {c.KnownAt}}.Encode()
	page.Grounds = grounds(&c.Record)
	if page.Events, err = d.eventRows(r, c.Record.ID, knownAt); err != nil {
		d.failPage(w, r, err)
		return
	}
	if err := d.fillReport(r, &page.Report, &c.Record); err != nil {
		d.failPage(w, r, err)
		return
	}
	d.render(w, r, "claim.html", status, page)
}

// claimAt returns a claim as it was known at a time.
func (d *Desk) claimAt(r *http.Request, c *sink.Claim, knownAt string) (*sink.Claim, error) {
	found, err := d.cfg.Store.Claims(r.Context(), sink.Query{Series: c.Record.SeriesID, KnownAt: knownAt, Limit: maxTableLimit})
	if err != nil {
		return nil, err
	}
	for i := range found.Items {
		if found.Items[i].Record.ID == c.Record.ID {
			return &found.Items[i], nil
		}
	}
	return nil, fmt.Errorf("at that time claim %s was %w", c.Record.ID, sink.ErrNotFound)
}

// grounds says what the citations of a claim have in common, and how sure the program
// is of what it read.
func grounds(c *schemas.Claim) []string {
	n := c.Corroboration
	count := plural(n.Mentions, "citation", "citations") + " in " + plural(n.Articles, "article", "articles") + " of " + plural(n.Publishers, "publisher", "publishers") + ": "
	if n.Origins < n.Articles {
		count += "copies of one text counted once, " + plural(n.Origins, "independent origin", "independent origins") + "."
	} else {
		count += plural(n.Origins, "origin", "origins") + "."
	}
	var same []string
	if c.Kind == schemas.QuantityClaim {
		f := newFigure(c)
		same = append(same, "figure ("+strings.TrimSpace(f.Bound+" "+f.Before+f.Number)+")")
	}
	if c.Kind == schemas.StatementClaim && c.Speaker != nil {
		same = append(same, "speaker ("+c.Speaker.Name+")")
	}
	if c.Measure != schemas.OtherMeasure && c.Kind == schemas.QuantityClaim {
		same = append(same, "measure ("+measureLabel(c.Measure)+")")
	}
	if c.Place != nil {
		same = append(same, "place ("+c.Place.Name+")")
	}
	if c.Time != nil {
		same = append(same, "time ("+span(c.Time)+")")
	}
	out := []string{count}
	if n.Mentions > 1 && len(same) > 0 {
		out = append(out, "They agree on, or leave open, the "+strings.Join(same, ", the ")+".")
	}
	percent := func(p float64) string { return strconv.Itoa(int(math.Round(p*100))) + "%" }
	return append(out, "How sure the program is: "+percent(c.Confidence.Extraction)+" that it read the words rightly, "+percent(c.Confidence.Linking)+
		" that they belong together, "+percent(c.Confidence.Attribution)+" of who says so.")
}

// eventRows returns what happened to a claim up to a time.
func (d *Desk) eventRows(r *http.Request, id, knownAt string) ([]eventRow, error) {
	es, err := d.cfg.Store.Events(r.Context(), id)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range es {
		if es[i].Cause.Review != "" {
			ids = append(ids, es[i].Cause.Review)
		}
	}
	reviews, err := d.cfg.Store.Reviews(r.Context(), ids)
	if err != nil {
		return nil, err
	}
	named, err := d.cfg.Store.ReviewsOf(r.Context(), id)
	if err != nil {
		return nil, err
	}
	at, _ := sink.Instant(knownAt)
	later := func(known string) bool {
		known, _ = sink.Instant(known)
		return knownAt != "" && known >= sink.After(at)
	}
	var out []eventRow
	for i := range es {
		e := &es[i]
		if later(e.KnownAt) {
			continue
		}
		row := eventRow{Change: string(e.Change), KnownAt: d.when(e.KnownAt), Why: why(e)}
		if a := e.Cause.Article; a != nil {
			row.URL = "/articles/" + url.PathEscape(a.ID) + "?" + url.Values{"version": {a.Version}}.Encode()
		}
		for j := range reviews {
			if reviews[j].ID == e.Cause.Review {
				shown := d.reviewRow(&reviews[j])
				row.Review = &shown
			}
		}
		out = append(out, row)
	}
	// A merge or split is told where it was asked for, also if it changed another claim.
	for i := range named {
		shown := d.reviewRow(&named[i])
		told := slices.ContainsFunc(out, func(e eventRow) bool { return e.Review != nil && *e.Review == shown })
		if !told && !later(named[i].At.UTC().Format(time.RFC3339)) {
			out = append(out, eventRow{Change: "reviewed", KnownAt: shown.At, Why: "review", Review: &shown})
		}
	}
	return out, nil
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
	SVG     string
	Embed   string
	Frozen  string // as of when the page is; empty for now
	Link    string // address of the page as it is now, for good
	Version string

	Preferred *preferredLine // nil for a series of statements or events
}

// claimsOfSeries bounds the claims that the page of a series shows.
const claimsOfSeries = 100

// seriesView reads the series that a request names, as of the moment that it
// names, and its claims. It answers itself and returns nil if that fails, or if
// the claims went to another series.
func (d *Desk) seriesView(w http.ResponseWriter, r *http.Request) (*schemas.Series, []sink.Claim, string) {
	s, _, err := d.cfg.Store.Series(r.Context(), r.PathValue("id"))
	next, knownAt := "", ""
	if err == nil {
		knownAt, err = frozenAt(r)
	}
	var claims []sink.Claim
	switch {
	case err != nil:
	case knownAt != "":
		s, claims, err = d.seriesAt(r, s.ID, knownAt)
	default:
		if next, err = d.nextSeries(r, s.ID); err == nil && next == "" {
			var found *sink.ClaimPage
			if found, err = d.cfg.Store.Claims(r.Context(), sink.Query{Series: s.ID, Limit: claimsOfSeries}); err == nil {
				claims = found.Items
			}
		}
	}
	if err == nil && next == "" {
		err = d.prefer(r, s)
	}
	if err != nil {
		d.failPage(w, r, err)
		return nil, nil, ""
	}
	if next != "" {
		http.Redirect(w, r, strings.Replace(r.URL.Path, url.PathEscape(r.PathValue("id")), url.PathEscape(next), 1), http.StatusPermanentRedirect)
		return nil, nil, ""
	}
	return s, claims, knownAt
}

func (d *Desk) pageSeries(w http.ResponseWriter, r *http.Request) {
	s, claims, knownAt := d.seriesView(w, r)
	if s == nil {
		return
	}
	self := "/series/" + url.PathEscape(s.ID)
	frozen := ""
	if knownAt != "" {
		frozen = "?" + url.Values{"known_at": {knownAt}}.Encode()
	}
	v := url.Values{"series": {s.ID}, "tier": {"any"}, "state": {"any"}, "format": {"csv"}}
	if knownAt != "" {
		v.Set("known_at", knownAt)
	}
	page := seriesPage{
		Title: s.Text, History: newHistory(s, "", wideChart, claims), Version: d.cfg.Version,
		JSON: "/api/v1" + self, CSV: "/api/v1/claims?" + v.Encode(), SVG: self + "/chart.svg" + frozen, Embed: self + "/card.html" + frozen,
		Frozen: d.frozenNote(knownAt), Link: self + "?" + url.Values{"known_at": {lastKnown(claims)}}.Encode(),
		Preferred: newPreferred(s, self, knownAt),
	}
	for i := range claims[:min(len(claims), claimsOfSeries)] {
		card, err := d.card(r, &claims[i])
		if err != nil {
			d.failPage(w, r, err)
			return
		}
		card.History = nil
		page.Claims = append(page.Claims, card)
	}
	d.render(w, r, "series.html", http.StatusOK, &page)
}

// lastKnown returns when the last of the changes was known that claims have seen.
func lastKnown(claims []sink.Claim) string {
	last := ""
	for i := range claims {
		if at, ok := sink.Instant(claims[i].KnownAt); ok {
			last = max(last, at)
		}
	}
	return last
}
