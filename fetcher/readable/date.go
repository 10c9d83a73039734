package readable

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
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
	if len(found) == 0 && root != nil {
		if s, ok := nearDate(root, p.Now); ok {
			found = append(found, s)
		}
	}
	if len(found) == 0 && root != nil {
		if s, ok := searchDate(leanDated(root), a.URL, p.Now); ok {
			found = append(found, s)
		}
	}
	add(schemas.FromText, m.visible...)
	add(schemas.FromFeed, p.Hints.Updated)
	if len(found) > 0 {
		s := localise(found, m.printed)
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
// source that gives the same instant with its offset is preferred; and if the
// address or the page's text names the day before or after, within what an offset
// can explain, and not the day itself, that day is taken.
//
// An address with a much earlier day wins too: such pages were moved to another
// system, or dated anew.
func localise(found []stamp, printed []string) stamp {
	s := found[0]
	for _, other := range found[1:] {
		switch {
		case s.day && !other.day && sameDay(s, other):
			return other // the same day, and its time
		case !s.day && !s.local() && other.local() && other.at.Sub(s.at).Abs() < time.Minute:
			return other
		case other.source == schemas.FromURL && s.source != schemas.FromFeed && s.at.Sub(other.at) > 30*24*time.Hour:
			return other
		}
	}
	if s.day || s.local() {
		return s
	}
	days := []stamp{}
	for _, other := range found[1:] {
		if other.source == schemas.FromURL {
			days = append(days, other)
		}
	}
	for _, text := range printed {
		days = append(days, printedDays(text)...)
	}
	for _, d := range days {
		if sameDay(s, d) {
			return s
		}
	}
	for _, d := range days {
		if sameDay(stamp{at: s.at.Add(-12 * time.Hour)}, d) || sameDay(stamp{at: s.at.Add(14 * time.Hour)}, d) {
			return d
		}
	}
	return s
}

func sameDay(a, b stamp) bool { return a.at.Format(time.DateOnly) == b.at.Format(time.DateOnly) }

var printedDate = regexp.MustCompile(`\b(?:[A-Z][A-Za-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?, (?:19|20)\d\d|\d{1,2}(?:st|nd|rd|th)?(?: of)? [A-Z][A-Za-z]{2,8}\.?,? (?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?:\b|T)`)

var ordinal = regexp.MustCompile(`(\d)(?:st|nd|rd|th)\b`)

// printedDays returns the days that an English text names in full.
func printedDays(text string) (out []stamp) {
	for _, d := range printedDate.FindAllString(text, 5) {
		d = strings.NewReplacer(".", "", "Sept ", "Sep ", "SEPT ", "Sep ", " of ", " ").Replace(ordinal.ReplaceAllString(d, "$1"))
		for _, l := range []string{"January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", "2 January, 2006", time.DateOnly} {
			if t, err := time.Parse(l, d); err == nil {
				out = append(out, stamp{at: t, day: true, source: schemas.FromText})
				break
			}
		}
	}
	return out
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
	"20060102150405",
	"20060102T150405Z0700",
	"2 January 2006 15:04", "2 Jan 2006 15:04", "2 January 2006, 15:04", "2 Jan 2006, 15:04",
	"January 2, 2006 15:04:05", "January 2, 2006 15:04", "January 2, 2006 3:04 PM", "January 2, 2006 3:04 pm",
	"Jan 2, 2006 15:04", "Jan 2, 2006 3:04 PM", "Jan 2, 2006 3:04 pm", "Jan 2, 2006, 3:04 PM", "January 2, 2006, 3:04 PM",
	"January 2, 2006 3:04 PM MST", "January 2, 2006 3:04 pm MST", "Jan 2, 2006 3:04 PM MST", "Jan 2, 2006 3:04 pm MST",
	"Monday, January 2, 2006 15:04", "Monday, January 2, 2006 3:04 PM", "Monday, January 2, 2006 - 15:04",
}

var dayLayouts = []string{
	time.DateOnly, "2006/01/02", "20060102", "January 2, 2006", "Jan 2, 2006", "Jan. 2, 2006", "2 January 2006", "2 Jan 2006",
	"Monday, January 2, 2006", "Monday 2 January 2006", "Monday, 2 January 2006",
}

// parseStamp reads a date and reports whether it can be believed at time now.
func parseStamp(v string, now time.Time) (stamp, bool) {
	v, _, _ = strings.Cut(strings.TrimSpace(v), " (") // JavaScript adds the zone's name
	if len(v) < 8 || len(v) > 64 {
		return stamp{}, false
	}
	if t, ok := epoch(v); ok {
		return stamp{at: t}, credible(t, now)
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, v, time.UTC); err == nil { // not with the zones of this machine
			if name, offset := t.Zone(); offset == 0 && name != "" && name != "UTC" && name != "GMT" { // whose hours are not known here
				return stamp{at: time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), day: true}, credible(t, now)
			}
			return stamp{at: fixed(t)}, credible(t, now)
		}
	}
	for _, l := range dayLayouts {
		if t, err := time.ParseInLocation(l, v, time.UTC); err == nil { // not with the zones of this machine
			return stamp{at: t, day: true}, credible(t, now)
		}
	}
	return stamp{}, false
}

// epoch reads seconds or milliseconds since 1970, as some pages give them.
func epoch(v string) (time.Time, bool) {
	n, err := strconv.ParseInt(v, 10, 64)
	switch {
	case err != nil:
	case len(v) == 10:
		return time.Unix(n, 0).UTC(), true
	case len(v) == 13:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Time{}, false
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

var urlDate = regexp.MustCompile(`[/_-]((?:19|20)\d\d)(?:[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])|/([1-9])/([1-9]|[12]\d|3[01])|/(1[0-2])/([1-9]))(?:[/_.-]|$)`)

func urlStamp(address string, now time.Time) (stamp, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return stamp{}, false
	}
	g := urlDate.FindStringSubmatch(u.Path)
	if g == nil {
		return namedMonth(u.Path, now)
	}
	month, _ := strconv.Atoi(g[2] + g[4] + g[6])
	day, _ := strconv.Atoi(g[3] + g[5] + g[7])
	s, ok := parseStamp(fmt.Sprintf("%s-%02d-%02d", g[1], month, day), now)
	s.source = schemas.FromURL
	return s, ok
}

var urlNamed = regexp.MustCompile(`(?i)/((?:19|20)\d\d)[/-](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[/-](0?[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)

// namedMonth reads "/2025/mar/04/".
func namedMonth(path string, now time.Time) (stamp, bool) {
	g := urlNamed.FindStringSubmatch(path)
	if g == nil {
		return stamp{}, false
	}
	t, err := time.Parse("2006 Jan 2", g[1]+" "+strings.ToUpper(g[2][:1])+strings.ToLower(g[2][1:])+" "+g[3])
	return stamp{at: t, day: true, source: schemas.FromURL}, err == nil && credible(t, now)
}

var urlMonth = regexp.MustCompile(`/((?:19|20)\d\d/(?:0[1-9]|1[0-2]))(?:/|$)`)

// searchDate looks for a date in the page's text; the last resort, and slow. If
// the address names a month, dates in it come first.
func searchDate(page *html.Node, address string, now time.Time) (stamp, bool) {
	if all := urlMonth.FindAllStringSubmatch(address, 5); len(all) > 0 {
		from, err := time.Parse("2006/01", all[len(all)-1][1]) // the last: archives put their own date first
		until := from.AddDate(0, 1, 0)
		if err == nil && credible(from, now) {
			if s, ok := searchBetween(page, address, from.AddDate(0, 0, -1), until, now); ok {
				return s, ok
			}
		}
	}
	return searchBetween(page, address, earliest, now.Add(maxAhead), now)
}

func searchBetween(page *html.Node, address string, first, last, now time.Time) (s stamp, ok bool) {
	defer func() {
		if recover() != nil {
			s, ok = stamp{}, false
		}
	}()
	res, err := htmldate.FromDocument(page, htmldate.Options{
		UseOriginalDate: true, ExtractTime: true, URL: address, MinDate: first, MaxDate: last,
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
