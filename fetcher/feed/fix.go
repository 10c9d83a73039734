package feed

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html"
)

// A fixer turns gofeed's items into ours and fills what gofeed leaves empty.
type fixer struct {
	root *url.URL // where the feed came from; may be nil
	doc  *document
	feed *gofeed.Feed
	rep  *repairs
}

func (x fixer) items(src []*gofeed.Item) []Item {
	original, _ := x.feed.OriginalFeed().(*rss.Feed)
	out := make([]Item, 0, len(src))
	for i, it := range src {
		if it == nil {
			continue
		}
		item := Item{
			ID:      strings.TrimSpace(it.GUID),
			Title:   plain(it.Title),
			Author:  authors(it.Authors),
			Summary: it.Description,
			Content: it.Content,
			Rights:  plain(first(it.Extensions, "dc", "rights")),
		}
		m := mediaOf(it)
		item.Title, item.Summary = or(item.Title, plain(m.title)), or(item.Summary, m.description)
		permalink := ""
		if original != nil && i < len(original.Items) && original.Items[i] != nil && original.Items[i].GUID != nil {
			permalink = original.Items[i].GUID.IsPermalink
		}
		about := ""
		if x.doc != nil && len(x.doc.abouts) == len(src) {
			about = x.doc.abouts[i]
		}
		if item.ID == "" {
			item.ID = about
		}
		item.Link = x.link(it, item.ID, about, permalink, m.page)
		x.dates(&item, it)
		out = append(out, item)
	}
	return out
}

// link returns the item's address. FeedBurner's tracking link is replaced by
// the one it stands for.
func (x fixer) link(it *gofeed.Item, id, about, permalink, media string) string {
	if orig := absolute(x.root, first(it.Extensions, "feedburner", "origLink")); orig != "" {
		return orig
	}
	if l := absolute(x.root, it.Link); l != "" {
		return l
	}
	candidates := append(append([]string{about}, it.Links...), media)
	if strings.HasPrefix(id, "http") && !strings.EqualFold(permalink, "false") {
		candidates = append([]string{id}, candidates...)
	}
	for _, c := range candidates {
		if l := absolute(x.root, c); l != "" {
			x.rep.add(RepairLink, l)
			return l
		}
	}
	return ""
}

// media is what Media RSS says of an item.
type media struct {
	title, description string
	page               string // a page, not a picture or film; empty if none
}

// mediaOf reads media:content and what may stand in it or beside it, alone or in
// a media:group. The first of each counts.
func mediaOf(it *gofeed.Item) (m media) {
	take := func(parts map[string][]ext.Extension) {
		for _, p := range parts["title"] {
			m.title = or(m.title, strings.TrimSpace(p.Value))
		}
		for _, p := range parts["description"] {
			m.description = or(m.description, strings.TrimSpace(p.Value))
		}
		for _, p := range parts["content"] {
			if p.Attrs["medium"] == "document" || p.Attrs["type"] == "text/html" {
				m.page = or(m.page, p.Attrs["url"])
			}
		}
		for _, p := range parts["player"] {
			m.page = or(m.page, p.Attrs["url"])
		}
	}
	take(it.Extensions["media"])
	for _, name := range []string{"group", "content"} {
		for _, g := range it.Extensions["media"][name] {
			take(g.Children)
			for _, c := range g.Children["content"] {
				take(c.Children)
			}
		}
	}
	return m
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (x fixer) dates(item *Item, it *gofeed.Item) {
	raw := []string{it.Published, first(it.Extensions, "dcterms", "issued"), first(it.Extensions, "dcterms", "created"), first(it.Extensions, "dcterms", "date")}
	item.Published = x.date(raw, it.PublishedParsed)
	raw = []string{first(it.Extensions, "dcterms", "modified"), first(it.Extensions, "atom", "updated"), it.Updated}
	item.Updated = x.date(raw, it.UpdatedParsed)
}

// date returns the first of raw that can be read, else what gofeed made of it.
func (x fixer) date(raw []string, parsed *time.Time) string {
	bad := ""
	for _, s := range raw {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if d := formatDate(s); d != "" {
			return d
		}
		bad = s
	}
	if parsed != nil && !parsed.IsZero() && parsed.Year() > 0 && parsed.Year() < 10000 {
		return parsed.Format(time.RFC3339)
	}
	if bad != "" {
		x.rep.add(RepairDate, bad)
	}
	return ""
}

// zones are the abbreviations of RFC 822 and the commonest others, in hours.
// time.Parse knows only those of the machine it runs on.
var zones = strings.NewReplacer(
	" EST", " -0500", " EDT", " -0400", " CST", " -0600", " CDT", " -0500",
	" MST", " -0700", " MDT", " -0600", " PST", " -0800", " PDT", " -0700",
	" GMT", " +0000", " UTC", " +0000", " UT", " +0000", " Z", " +0000",
	" BST", " +0100", " CEST", " +0200", " CET", " +0100", " EEST", " +0300", " EET", " +0200",
	" IST", " +0530", " JST", " +0900", " MSK", " +0300",
)

var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05Z0700",
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04 -0700",
	"Mon, 2 Jan 06 15:04:05 -0700",
	"2 Jan 2006 15:04:05 -0700",
	"Monday, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 January 2006 15:04:05 -0700",
	"2006-01-02 15:04:05 -0700",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
}

// formatDate returns the RFC 3339 time, with its own offset, or the ISO 8601
// date that s denotes; "" if it cannot be read.
func formatDate(s string) string {
	if _, err := time.Parse("2006-01-02", s); err == nil {
		return s
	}
	z := zones.Replace(s + " ")
	z = strings.TrimSpace(z)
	for _, l := range timeLayouts {
		if t, err := time.Parse(l, z); err == nil && t.Year() > 0 {
			return t.Format(time.RFC3339)
		}
	}
	return ""
}

// ttl reads <ttl> (minutes) or the syndication module's period.
func ttl(f *rss.Feed) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(f.TTL)); err == nil && n > 0 {
		return min(time.Duration(n)*time.Minute, 24*time.Hour)
	}
	period := map[string]time.Duration{"hourly": time.Hour, "daily": 24 * time.Hour}[strings.TrimSpace(first(f.Extensions, "sy", "updatePeriod"))]
	if n, err := strconv.Atoi(strings.TrimSpace(first(f.Extensions, "sy", "updateFrequency"))); err == nil && n > 0 {
		period /= time.Duration(n)
	}
	return period
}

func first(e ext.Extensions, space, name string) string {
	if l := e[space][name]; len(l) > 0 {
		return strings.TrimSpace(l[0].Value)
	}
	return ""
}

func authors(people []*gofeed.Person) string {
	var names []string
	for _, p := range people {
		if p == nil {
			continue
		}
		name := plain(p.Name)
		if name == "" {
			name = plain(p.Email)
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// absolute resolves ref against root and returns it if it is an http or https
// address, else "".
func absolute(root *url.URL, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if root != nil {
		u = root.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	return u.String()
}

// plain returns the text of a string that may hold HTML, white space folded.
func plain(s string) string {
	if strings.ContainsAny(s, "<&") {
		var b strings.Builder
		z := html.NewTokenizer(strings.NewReader(s))
		for {
			tt := z.Next()
			if tt == html.ErrorToken {
				break
			}
			if tt == html.TextToken {
				b.Write(z.Text())
			} else {
				b.WriteByte(' ')
			}
		}
		// Feeds often escape twice: "Q&amp;amp;A".
		s = html.UnescapeString(html.UnescapeString(b.String()))
	}
	return strings.Join(strings.Fields(s), " ")
}
