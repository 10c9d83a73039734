package readable

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	dateparser "github.com/markusmobius/go-dateparser"
	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"

	"github.com/claimwire/claimwire/schemas"
)

// Bounds of a date that is believed: the web has no older news pages, and
// clocks and time zones are never two days wrong.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

const maxAhead = 48 * time.Hour

// A stamp is a date or an instant as a source gives it.
type stamp struct {
	at     time.Time // in the source's own offset; midnight UTC for a date
	day    bool      // only a date was given
	source schemas.PublishedSource
}

func (s stamp) String() string {
	if s.day {
		return s.at.Format(time.DateOnly)
	}
	return s.at.Format(time.RFC3339)
}

// sees reports whether the source gives a local time, not just UTC.
func (s stamp) local() bool {
	_, offset := s.at.Zone()
	return !s.day && offset != 0
}

// setDates finds when the article was published and last changed. The first
// source with a credible date wins, in the order feed, JSON-LD, meta tags, URL,
// text. A later source may then correct the day: see [localise].
func setDates(a *schemas.Article, p Page, m *meta, root *html.Node) {
	var found []stamp
	add := func(source schemas.PublishedSource, values ...string) {
		for _, v := range values {
			if s, ok := parseStamp(v, p.Now); ok {
				s.source = source
				found = append(found, s)
			}
		}
	}
	add(schemas.FromFeed, p.Hints.Published)
	add(schemas.FromJSONLD, m.ld.published)
	add(schemas.FromMeta, m.published...)
	if s, ok := urlStamp(a.URL, p.Now); ok {
		found = append(found, s)
	}
	if len(m.visible) > 0 {
		add(schemas.FromText, m.visible[0])
	}
	add(schemas.FromFeed, p.Hints.Updated)
	if len(found) == 0 && root != nil {
		if s, ok := searchDate(root, a.URL, p.Now); ok {
			found = append(found, s)
		}
	}
	if len(found) > 0 {
		s := localise(found)
		a.PublishedAt, a.PublishedSource = s.String(), s.source
	}
	for _, v := range append(append([]string{m.ld.modified}, m.modified...), p.Hints.Updated) {
		if s, ok := parseStamp(v, p.Now); ok {
			a.ModifiedAt = s.String()
			break
		}
	}
}

// localise returns the first stamp, on the day that readers saw. An instant in
// UTC falls on another day than the one printed for publishers far from
// Greenwich, and weekdays in the text are relative to the printed day. So a
// source that gives the same instant with its offset is preferred, and if the
// address names the day before or after, within what an offset can explain, that
// day is taken.
func localise(found []stamp) stamp {
	s := found[0]
	if s.local() {
		return s
	}
	for _, other := range found[1:] {
		switch {
		case s.day && !other.day && other.at.Format(time.DateOnly) == s.at.Format(time.DateOnly):
			return other // the same day, and its time
		case !s.day && other.local() && other.at.Sub(s.at).Abs() < time.Minute:
			return other
		}
	}
	for _, other := range found[1:] {
		if s.day || !other.day || other.source != schemas.FromURL {
			continue
		}
		before, after := s.at.Add(-12*time.Hour), s.at.Add(14*time.Hour)
		day := other.at.Format(time.DateOnly)
		if day != s.at.Format(time.DateOnly) && (day == before.Format(time.DateOnly) || day == after.Format(time.DateOnly)) {
			return other
		}
	}
	return s
}

var layouts = []string{
	time.RFC3339,
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02T15:04Z0700",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05 Z07:00",
	"2006-01-02 15:04:05 MST",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
	"2006-01-02 15:04",
	time.RFC1123Z,
	time.RFC1123,
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon Jan 2 15:04:05 -0700 2006",
	"Mon Jan 2 2006 15:04:05 GMT-0700",
}

var dayLayouts = []string{
	time.DateOnly, "2006/01/02", "20060102", "January 2, 2006", "Jan 2, 2006", "Jan. 2, 2006", "2 January 2006", "2 Jan 2006",
	"Monday, January 2, 2006", "Monday 2 January 2006", "Monday, 2 January 2006",
}

// parseStamp reads a date and reports whether it can be believed at time now.
func parseStamp(v string, now time.Time) (stamp, bool) {
	v = strings.TrimSpace(v)
	if len(v) < 8 || len(v) > 64 {
		return stamp{}, false
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, v); err == nil {
			return stamp{at: fixed(t)}, credible(t, now)
		}
	}
	for _, l := range dayLayouts {
		if t, err := time.Parse(l, v); err == nil {
			return stamp{at: t, day: true}, credible(t, now)
		}
	}
	return stamp{}, false
}

// fixed drops the name of a zone: time.Parse takes names from the machine it
// runs on.
func fixed(t time.Time) time.Time {
	name, offset := t.Zone()
	if name != "" && name != "UTC" && offset == 0 {
		return t.UTC()
	}
	if offset == 0 {
		return t.UTC()
	}
	return t.In(time.FixedZone("", offset))
}

func credible(t, now time.Time) bool {
	return !t.Before(earliest) && (now.IsZero() || !t.After(now.Add(maxAhead)))
}

var urlDate = regexp.MustCompile(`[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)

func urlStamp(address string, now time.Time) (stamp, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return stamp{}, false
	}
	g := urlDate.FindStringSubmatch(u.Path)
	if g == nil {
		return stamp{}, false
	}
	s, ok := parseStamp(g[1]+"-"+g[2]+"-"+g[3], now)
	s.source = schemas.FromURL
	return s, ok
}

// searchDate looks for a date in the page's text; the last resort, and slow.
func searchDate(root *html.Node, address string, now time.Time) (s stamp, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = stamp{}, false
		}
	}()
	last := now.Add(maxAhead)
	res, err := htmldate.FromDocument(root, htmldate.Options{
		UseOriginalDate: true, ExtractTime: true, URL: address, MinDate: earliest, MaxDate: last,
		DateParserConfig: &dateparser.Configuration{CurrentTime: now},
	})
	if err != nil || res.IsZero() || !credible(res.DateTime, now) {
		return stamp{}, false
	}
	s = stamp{at: fixed(res.DateTime), source: schemas.FromText}
	if !res.HasTime || !res.HasTimezone {
		y, mo, d := res.DateTime.Date()
		s.at, s.day = time.Date(y, mo, d, 0, 0, 0, 0, time.UTC), true
	}
	return s, true
}
