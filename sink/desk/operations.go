package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Feeds are the feeds that are polled.
type Feeds interface {
	// Feeds lists them, in the order in which they were added.
	Feeds(ctx context.Context) ([]Feed, error)

	// CheckFeed reads a feed once and says what following it would bring. Its
	// error is for the person who asks.
	CheckFeed(ctx context.Context, url string) (*FeedPreview, error)

	// AddFeed follows a feed from now on, also after a restart. One that is followed
	// already is [ErrFollowed].
	AddFeed(ctx context.Context, url string) error
}

// A Feed is a feed that is polled, and how that goes.
type Feed struct {
	URL      string `json:"url"`             // without credentials
	Polls    int64  `json:"polls"`           // since the start
	Failed   int64  `json:"failed"`          // polls that failed
	Articles int64  `json:"articles"`        // that it brought
	Skipped  int64  `json:"skipped"`         // articles that did not come, or not whole, since it is followed
	Error    string `json:"error,omitempty"` // of the last poll; empty if it went well

	Rhythm int64 `json:"rhythm_seconds,omitempty"` // mean time between its items, in seconds; 0 if unknown

	Reasons []sink.Count     `json:"reasons,omitempty"` // why they were skipped, the commonest first
	Recent  []SkippedArticle `json:"recent,omitempty"`  // the last of them, newest first
}

// A SkippedArticle is one that a feed named and that did not come, or not whole.
type SkippedArticle struct {
	URL    string `json:"url"`    // without credentials
	Reason string `json:"reason"` // robots, wall, paywall, language, no text, gone, failed
	At     string `json:"at"`     // RFC 3339
}

// A FeedPreview says what a feed would bring.
type FeedPreview struct {
	Title    string   // of the feed; empty if none
	Kind     string   // rss, atom, …
	Items    int      // in it now
	Newest   string   // date of the newest; empty if none is dated
	Rhythm   int64    // mean time between items, in seconds; 0 if unknown
	Robots   string   // what robots.txt says of its pages: allowed, forbidden, unknown
	Titles   []string // of its first items
	Advice   []string // what the user might do
	Others   []string // feeds that the page links to, if it is no feed
	CanBeFed bool     // it is a feed that brings something
}

// Health says how the instance does.
type Health struct {
	Stages   []StageHealth   `json:"stages"`
	Skipped  []sink.Count    `json:"skipped"` // articles that were read and have no claims, by reason
	Dead     []Dead          `json:"dead"`    // newest first, at most twenty
	DeadAll  uint64          `json:"dead_count"`
	Webhooks []WebhookHealth `json:"webhooks"`
}

// A StageHealth is how far a stage is behind its stream.
type StageHealth struct {
	Stage  string `json:"stage"`
	Stream string `json:"stream"`
	Behind uint64 `json:"behind"` // records
}

// A Dead is a record that no stage could process.
type Dead struct {
	At       string `json:"at"`
	Stage    string `json:"stage"`
	Reason   string `json:"reason"`
	URL      string `json:"url,omitempty"`
	Attempts int    `json:"attempts"`
}

// A WebhookHealth is how deliveries to one endpoint go.
type WebhookHealth struct {
	Name    string `json:"name"`
	Host    string `json:"host"`
	Sent    int64  `json:"sent"`   // messages since the start
	Behind  uint64 `json:"behind"` // records of the stream that it has not heard of
	State   string `json:"state"`  // ok, failing or disabled
	Problem string `json:"problem,omitempty"`
}

func (d *Desk) getFeeds(w http.ResponseWriter, r *http.Request) {
	out := listOf[Feed]{[]Feed{}}
	if d.cfg.Feeds != nil {
		feeds, err := d.cfg.Feeds.Feeds(r.Context())
		if err != nil {
			d.fail(w, r, err)
			return
		}
		out.Items = append(out.Items, feeds...)
	}
	d.sendJSON(w, r, out)
}

// newFeed is the body of a request for a feed.
type newFeed struct {
	URL string `json:"url"`
}

func (d *Desk) postFeed(w http.ResponseWriter, r *http.Request) {
	var f newFeed
	if !d.readJSON(w, r, &f) {
		return
	}
	if err := d.addFeed(r.Context(), f.URL); err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_ = json.NewEncoder(w).Encode(f)
}

func (d *Desk) addFeed(ctx context.Context, address string) error {
	switch {
	case d.cfg.Feeds == nil:
		return &parameterError{"url", "this desk polls no feeds"}
	case feedURL(address) == "":
		return &parameterError{"url", "not an http or https address"}
	}
	return d.cfg.Feeds.AddFeed(ctx, feedURL(address))
}

// feedURL returns what somebody typed as an address, "" if it is none.
func feedURL(s string) string {
	s = strings.TrimSpace(s)
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	if len(s) > 2000 {
		return ""
	}
	return webURL(s)
}

func (d *Desk) getStatus(w http.ResponseWriter, r *http.Request) {
	h, err := d.health(r.Context())
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.sendJSON(w, r, h)
}

func (d *Desk) health(ctx context.Context) (*Health, error) {
	h := &Health{}
	if d.cfg.Health != nil {
		var err error
		if h, err = d.cfg.Health(ctx); err != nil {
			return nil, err
		}
	}
	out := *h // lists are never null
	out.Stages = append([]StageHealth{}, h.Stages...)
	out.Skipped = append([]sink.Count{}, h.Skipped...)
	out.Dead = append([]Dead{}, h.Dead...)
	out.Webhooks = append([]WebhookHealth{}, h.Webhooks...)
	return &out, nil
}

// A sourcesPage is what templates/sources.html shows.
type sourcesPage struct {
	Title   string
	Sources []sourceRow
	Feeds   []Feed
	Health  *Health
	CanAdd  bool // the caller may add feeds here
	SignIn  bool // somebody with another token might
	URL     string
	Preview *FeedPreview
	Problem string
	Added   string
	CSRF    string
	Version string
}

type sourceRow struct {
	sink.Source
	URL, When string
	Read      string // the list of its articles
}

func (d *Desk) pageSources(w http.ResponseWriter, r *http.Request) {
	d.showSources(w, r, http.StatusOK, &sourcesPage{Added: r.URL.Query().Get("added")})
}

// postSources checks a feed, or adds it.
func (d *Desk) postSources(w http.ResponseWriter, r *http.Request) {
	page := &sourcesPage{URL: feedURL(r.PostForm.Get("url"))}
	if page.URL == "" || d.cfg.Feeds == nil {
		page.URL, page.Problem = r.PostForm.Get("url"), "That is no http or https address."
		d.showSources(w, r, http.StatusBadRequest, page)
		return
	}
	if r.PostForm.Get("step") == "add" {
		if err := d.cfg.Feeds.AddFeed(r.Context(), page.URL); err != nil {
			page.Problem = err.Error()
			d.showSources(w, r, http.StatusBadGateway, page)
			return
		}
		http.Redirect(w, r, "/sources?added="+url.QueryEscape(page.URL), http.StatusSeeOther)
		return
	}
	preview, err := d.cfg.Feeds.CheckFeed(r.Context(), page.URL)
	page.Preview = preview
	if err != nil {
		page.Problem = err.Error()
	}
	d.showSources(w, r, http.StatusOK, page)
}

func (d *Desk) showSources(w http.ResponseWriter, r *http.Request, status int, page *sourcesPage) {
	sources, err := d.cfg.Store.Sources(r.Context())
	if err == nil {
		page.Health, err = d.health(r.Context())
	}
	if err == nil && d.cfg.Feeds != nil {
		page.Feeds, err = d.cfg.Feeds.Feeds(r.Context())
		page.Feeds = d.sayWhen(page.Feeds)
	}
	if err != nil {
		d.failPage(w, r, err)
		return
	}
	if c, err := d.caller(r); err == nil && d.cfg.Feeds != nil {
		page.CanAdd, page.SignIn, page.CSRF = c.may(ScopeAdmin), !c.may(ScopeAdmin) && len(d.cfg.Tokens) > 0, d.csrf(c)
	}
	page.Title, page.Version = "Sources", d.cfg.Version
	for _, s := range sources {
		row := sourceRow{Source: s, When: day(s.LastSeen[:min(10, len(s.LastSeen))])}
		if s.Domain != "" {
			row.URL = listURL("publisher", s.Domain)
			row.Read = "/articles?" + url.Values{"publisher": {s.Domain}}.Encode()
		}
		page.Sources = append(page.Sources, row)
	}
	for i := range page.Health.Dead {
		page.Health.Dead[i].At = d.when(page.Health.Dead[i].At)
	}
	d.render(w, r, "sources.html", status, page)
}

// sayWhen brings the times of skipped articles into the form of pages.
func (d *Desk) sayWhen(feeds []Feed) []Feed {
	out := slices.Clone(feeds)
	for i := range out {
		out[i].Recent = slices.Clone(out[i].Recent)
		for j := range out[i].Recent {
			out[i].Recent[j].At = d.when(out[i].Recent[j].At)
		}
	}
	return out
}

// readJSON reads the body of a request into v and answers if it cannot.
func (d *Desk) readJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	// A page of another site can send a form, but no JSON, without being asked for leave.
	if ct, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(ct) != "application/json" {
		writeProblem(w, problem{Status: http.StatusUnsupportedMediaType, Detail: "send JSON, as application/json"})
		return false
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(v)
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		writeProblem(w, problem{Status: http.StatusRequestEntityTooLarge, Detail: "over " + strconv.Itoa(maxBody) + " bytes"})
	case err != nil:
		writeProblem(w, problem{Status: http.StatusBadRequest, Detail: "not what is asked for: " + err.Error()})
	}
	return err == nil
}

// A reviewRow is a review as pages show it.
type reviewRow struct{ By, Why, What, At string }

func (d *Desk) reviewRow(v *schemas.Review) reviewRow {
	what := string(v.Action)
	if v.Action == schemas.ReviewFix {
		value, _ := json.Marshal(v.Value)
		what += " " + v.Slot + " to " + string(value)
	}
	return reviewRow{v.By, v.Why, what, d.when(v.At.Format(time.RFC3339))}
}
