package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

func (d *Desk) getClaims(w http.ResponseWriter, r *http.Request) {
	form, err := formOf(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	q, err := parseList(r.URL.Query(), form == formNDJSON || form == formCSV)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if err = d.widen(r.Context(), &q); err != nil {
		d.fail(w, r, err)
		return
	}
	page, err := d.cfg.Store.Claims(r.Context(), q)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.linkNext(w, r, page.Next, page.Sequence)
	switch form {
	case formNDJSON:
		d.sendLines(w, r, len(page.Items), func(i int) any { return page.Items[i] })
	case formCSV:
		d.sendCSV(w, r, page.Items)
	case formAtom:
		d.sendAtom(w, r, page.Items)
	default:
		d.sendPage(w, r, page)
	}
}

// linkNext says in headers what the JSON form says in its envelope.
func (d *Desk) linkNext(w http.ResponseWriter, r *http.Request, next string, sequence uint64) {
	w.Header().Set("Claimwire-Sequence", strconv.FormatUint(sequence, 10))
	if next == "" {
		return
	}
	values := r.URL.Query()
	values.Set("cursor", next)
	w.Header().Set("Link", "<"+r.URL.Path+"?"+values.Encode()+`>; rel="next"`)
}

func (d *Desk) getClaim(w http.ResponseWriter, r *http.Request) {
	c, seq, err := d.cfg.Store.Claim(r.Context(), r.PathValue("id"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if c.State == sink.Replaced && len(c.Record.ReplacedBy) == 1 && !r.URL.Query().Has("raw") {
		http.Redirect(w, r, "/api/v1/claims/"+url.PathEscape(c.Record.ReplacedBy[0]), http.StatusPermanentRedirect)
		return
	}
	w.Header().Set("Claimwire-Sequence", strconv.FormatUint(seq, 10))
	d.sendJSON(w, r, c)
}

func (d *Desk) getEvents(w http.ResponseWriter, r *http.Request) {
	es, err := d.cfg.Store.Events(r.Context(), r.PathValue("id"))
	if err == nil && len(es) == 0 {
		err = sink.ErrNotFound
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, listOf[sink.Event]{es})
}

func (d *Desk) getSeries(w http.ResponseWriter, r *http.Request) {
	s, seq, err := d.cfg.Store.Series(r.Context(), r.PathValue("id"))
	next, knownAt := "", ""
	if err == nil {
		err = checkSeriesParams(r)
	}
	if err == nil {
		knownAt, err = frozenAt(r)
	}
	switch {
	case err != nil:
	case knownAt != "":
		s, _, err = d.seriesAt(r, s.ID, knownAt)
	default:
		next, err = d.nextSeries(r, s.ID)
	}
	if err == nil && next == "" {
		err = d.prefer(r, s)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if next != "" {
		to := url.URL{Path: "/api/v1/series/" + next, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusPermanentRedirect)
		return
	}
	w.Header().Set("Claimwire-Sequence", strconv.FormatUint(seq, 10))
	d.sendJSON(w, r, s)
}

func checkSeriesParams(r *http.Request) error {
	for name := range r.URL.Query() {
		if name != "policy" && name != "known_at" {
			return &parameterError{name, "not a parameter of a series: known_at or policy"}
		}
	}
	return nil
}

// nextSeries returns the series that the claims of one went to, "" if it still
// has some or they went nowhere.
func (d *Desk) nextSeries(r *http.Request, id string) (string, error) {
	for _, state := range []sink.State{sink.Living, sink.Replaced} {
		page, err := d.cfg.Store.Claims(r.Context(), sink.Query{Series: id, States: []sink.State{state}, Limit: 1})
		if err != nil || len(page.Items) == 0 {
			if err != nil {
				return "", err
			}
			continue
		}
		if state == sink.Living || len(page.Items[0].Record.ReplacedBy) == 0 {
			return "", nil
		}
		heir, _, err := d.cfg.Store.Claim(r.Context(), page.Items[0].Record.ReplacedBy[0])
		if errors.Is(err, sink.ErrNotFound) || err == nil && heir.Record.SeriesID == id {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		return heir.Record.SeriesID, nil
	}
	return "", nil
}

// A listOf is an answer that comes whole.
type listOf[T any] struct {
	Items []T `json:"items"`
}

func (d *Desk) getSources(w http.ResponseWriter, r *http.Request) {
	sources, err := d.cfg.Store.Sources(r.Context())
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, listOf[sink.Source]{sources})
}

func (d *Desk) getEntities(w http.ResponseWriter, r *http.Request) {
	values := r.URL.Query()
	limit := defaultLimit
	var err error
	if s := values.Get("limit"); s != "" {
		if limit, err = strconv.Atoi(s); err != nil || limit < 1 || limit > maxLimit {
			d.fail(w, r, &parameterError{"limit", "not a whole number from 1 to " + strconv.Itoa(maxLimit)})
			return
		}
	}
	if len(values.Get("q")) > maxParameter {
		d.fail(w, r, &parameterError{"q", "longer than " + strconv.Itoa(maxParameter) + " bytes"})
		return
	}
	entities, err := d.cfg.Store.Entities(r.Context(), values.Get("q"), limit)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, listOf[sink.Entity]{entities})
}

func (d *Desk) getArticle(w http.ResponseWriter, r *http.Request) {
	a, err := d.cfg.Store.Article(r.Context(), r.PathValue("id"), r.URL.Query().Get("version"))
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, a)
}

func (d *Desk) getStats(w http.ResponseWriter, r *http.Request) {
	st, err := d.recentStats(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, st)
}

// recentStats counts what is stored, at most every two seconds: it reads much.
func (d *Desk) recentStats(r *http.Request) (*sink.Stats, error) {
	d.stats.Lock()
	defer d.stats.Unlock()
	if now := time.Now(); d.stats.value == nil || now.After(d.stats.until) {
		st, err := d.cfg.Store.Stats(r.Context())
		if err != nil {
			return nil, err
		}
		d.stats.value, d.stats.until = st, now.Add(2*time.Second)
	}
	return d.stats.value, nil
}

// maxBody bounds a posted article: its text escaped in JSON.
const maxBody = 8 << 20

// accepted is the answer to an article that was taken.
type accepted struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

func (d *Desk) postArticle(w http.ResponseWriter, r *http.Request) {
	if d.cfg.Publish == nil {
		writeProblem(w, problem{Status: http.StatusForbidden, Detail: "this desk takes no articles"})
		return
	}
	var a schemas.Article
	if !d.readJSON(w, r, &a) {
		return
	}
	err := checkDates(&a)
	if err == nil {
		err = a.Complete()
	}
	if err == nil {
		err = d.cfg.Publish(r.Context(), &a)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(accepted{a.ID, a.Version})
}

// A fieldError says which field of a record that was sent is wrong, and how.
type fieldError struct{ name, detail string }

func (e *fieldError) Error() string { return e.name + ": " + e.detail }

// checkDates refuses dates that cannot be read: an article without a date is older than all
// others, which nobody who gives one means.
func checkDates(a *schemas.Article) error {
	for _, field := range []struct{ name, value string }{{"published_at", a.PublishedAt}, {"modified_at", a.ModifiedAt}} {
		if field.value == "" {
			continue
		}
		if _, ok := sink.Instant(field.value); !ok {
			return &fieldError{field.name, fmt.Sprintf("%.40q is no date (2025-11, 2025-11-23) or RFC 3339 time (2025-11-23T14:10:00Z); leave it out if it is unknown", field.value)}
		}
	}
	return nil
}
