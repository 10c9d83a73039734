package fetcher

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/claimwire/claimwire/fetcher/feed"
)

// A Report says what polling a feed would bring.
type Report struct {
	URL         string        // as asked for, without credentials
	Moved       string        // where it has moved for good; empty if it has not
	Kind        feed.Kind     // empty if it is no feed
	Title       string        // empty if none
	Items       int           // items in it
	WithLink    int           // items that name a page
	WithContent int           // items that carry their text
	Newest      string        // date of the newest item; empty if none is dated
	Rhythm      time.Duration // mean time between items; 0 if unknown
	Interval    time.Duration // how often it would be polled
	Conditional bool          // it has validators, so that polls without news cost little
	Robots      string        // what robots.txt says of the first page: allowed, forbidden, unknown
	Repairs     []feed.Repair
	Feeds       []string    // feeds that a web page at this address links to
	Preview     []feed.Item // the first items, at most five
	Advice      []string    // what the user might do
}

// Check gets a feed once and reports on it; it remembers nothing. The report is
// filled as far as it goes if there is an error.
func (f *Fetcher) Check(ctx context.Context, address string) (Report, error) {
	r := Report{URL: redact(address), Robots: "unknown"}
	res, err := f.getRetry(ctx, request{url: address, accept: acceptFeed})
	if err != nil {
		return r, err
	}
	if res.moved != "" {
		r.Moved = redact(res.moved)
		r.Advice = append(r.Advice, "use its new address, "+r.Moved)
	}
	parsed, err := parseFeed(res)
	var page *feed.HTMLError
	if errors.As(err, &page) {
		r.Feeds = page.Feeds
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w", r.URL, err)
	}
	r.Kind, r.Title, r.Items, r.Repairs, r.Feeds = parsed.Kind, parsed.Title, len(parsed.Items), parsed.Repairs, parsed.Sitemaps
	r.Conditional = res.header.Get("ETag") != "" || res.header.Get("Last-Modified") != ""
	r.Rhythm = rhythm(parsed.Items)
	r.Interval = f.adapt(parsed)
	r.Preview = parsed.Items[:min(len(parsed.Items), 5)]
	f.look(ctx, &r, parsed)
	return r, nil
}

// look fills what follows from the items.
func (f *Fetcher) look(ctx context.Context, r *Report, parsed *feed.Feed) {
	var newest time.Time
	for _, it := range parsed.Items {
		if t, err := time.Parse(time.RFC3339, it.Published); err == nil && t.After(newest) {
			newest, r.Newest = t, it.Published
		}
		if len(it.Content) >= minContent {
			r.WithContent++
		}
		if it.Link == "" {
			continue
		}
		if r.WithLink++; r.WithLink == 1 {
			r.Robots = f.verdict(ctx, it.Link)
		}
	}
	if r.Items > 0 && r.WithLink == 0 && r.WithContent == 0 {
		r.Advice = append(r.Advice, "its items have neither links nor text: nothing would come of it")
	}
	if r.Robots == "forbidden" && r.WithContent == 0 {
		r.Advice = append(r.Advice, "robots.txt forbids its pages: ask the publisher")
	}
	if !newest.IsZero() && f.cfg.Clock.Now().Sub(newest) > 90*24*time.Hour {
		r.Advice = append(r.Advice, "nothing new for 90 days: it may be dead")
	}
	if r.Kind == feed.SitemapIndex {
		r.Advice = append(r.Advice, "choose one of the sitemaps it lists, the news sitemap if there is one")
	}
}

func (f *Fetcher) verdict(ctx context.Context, link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return "unknown"
	}
	var robots *RobotsError
	switch err := f.obey(ctx, u); {
	case err == nil:
		return "allowed"
	case errors.As(err, &robots):
		return "forbidden"
	}
	return "unknown"
}
