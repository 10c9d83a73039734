package fetcher

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher/feed"
	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/schemas"
)

// BackfillConfig says which pages of a site are wanted.
type BackfillConfig struct {
	Since    time.Time               // pages that are older are left out; required
	Until    time.Time               // pages that are younger are left out; zero for none
	Limit    int                     // pages at most; 0 for no bound
	Progress func(sitemap, page int) // called after each sitemap read and page done; may be nil
}

// BackfillStats count what a backfill has found.
type BackfillStats struct {
	Sitemaps int // read, pages of feeds included
	Listed   int // pages in them
	Wanted   int // of those within the time
	Undated  int // of those without a date, which are left out
	Foreign  int // on other sites, which are left out: slots in sitemaps are sold
	Articles int // handed on
	Skipped  map[SkipReason]int64
}

// Bounds on what a site can make a backfill read.
const (
	maxSitemaps     = 2000
	maxSitemapBytes = 50 << 20 // sitemaps.org
	maxSitemapDepth = 3
)

// Backfill walks the sitemaps of a site, or the pages of an archived feed
// (RFC 5005), and hands on the articles of a time, oldest sitemaps first as the
// site lists them. site is a front page, a sitemap or a feed. robots.txt, pauses
// and limits are the same as for feeds. Called again it goes on where it was
// interrupted; pages that are done are not fetched again. The error is that of
// emit, dead or ctx, or says that the site has no sitemap.
func (f *Fetcher) Backfill(ctx context.Context, site string, cfg BackfillConfig, emit Emit, dead Dead) (BackfillStats, error) {
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		return BackfillStats{}, fmt.Errorf("address %q: %w", site, schemas.ErrMalformed)
	}
	b := backfill{Fetcher: f, cfg: cfg, domain: readable.Domain(u.Hostname()), host: u.Hostname(), seen: map[string]bool{}}
	b.poll = poll{Fetcher: f, feed: Feed{URL: "backfill:" + target(u)}, emit: emit, dead: dead, last: true}
	b.poll.st = f.state.load(b.poll.feed.URL)
	b.poll.st.Listed = f.cfg.Clock.Now() // what this run lists is remembered
	before := b.poll.st.Skips
	starts, err := b.starts(ctx, u)
	if err != nil {
		return b.stats, err
	}
	for _, s := range starts {
		if err := b.walk(ctx, s, 0); err != nil {
			return b.stats, err
		}
	}
	b.poll.save()
	b.stats.Skipped = map[SkipReason]int64{}
	for r, n := range b.poll.st.Skips {
		b.stats.Skipped[r] = n - before[r]
	}
	if b.stats.Sitemaps == 0 {
		return b.stats, fmt.Errorf("%s: no sitemap and no feed could be read: %w", redact(site), schemas.ErrMalformed)
	}
	return b.stats, nil
}

type backfill struct {
	*Fetcher
	cfg    BackfillConfig
	domain string // registrable domain of the site; empty if it has none
	host   string
	poll   poll
	seen   map[string]bool // sitemaps read
	stats  BackfillStats
}

// starts returns where to begin: the address itself if it is a sitemap or feed,
// else the sitemaps of its robots.txt and the usual places.
func (b *backfill) starts(ctx context.Context, u *url.URL) ([]string, error) {
	if strings.Trim(u.Path, "/") != "" {
		return []string{u.String()}, nil
	}
	var out []string
	robots := u.ResolveReference(&url.URL{Path: robotsPath})
	res, err := b.get(ctx, request{url: robots.String(), accept: acceptsRobots, maxBytes: robotsMaxBytes})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		for _, s := range polite.Sitemaps(res.body) {
			if abs, err := robots.Parse(s); err == nil && !slices.Contains(out, abs.String()) {
				out = append(out, abs.String())
			}
		}
	}
	if len(out) == 0 {
		for _, path := range []string{"/sitemap.xml", "/sitemap_index.xml"} {
			out = append(out, u.ResolveReference(&url.URL{Path: path}).String())
		}
	}
	return out, nil
}

// walk reads a sitemap, those it lists, and the pages it names.
func (b *backfill) walk(ctx context.Context, address string, depth int) error {
	if b.full() || b.seen[address] || len(b.seen) >= maxSitemaps || depth > maxSitemapDepth {
		return nil
	}
	b.seen[address] = true
	parsed, err := b.sitemap(ctx, address)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		b.log.Warn("sitemap left out", "url", redact(address), "err", err)
		return nil
	}
	b.stats.Sitemaps++
	if err := b.pages(ctx, parsed); err != nil {
		return err
	}
	b.progress()
	for i, s := range parsed.Sitemaps {
		if i < len(parsed.Changed) && b.older(parsed.Changed[i]) {
			continue
		}
		if err := b.walk(ctx, s, depth+1); err != nil {
			return err
		}
	}
	if parsed.Next != "" && !b.past(parsed) {
		return b.walk(ctx, parsed.Next, depth) // maxSitemaps ends a circle that seen does not
	}
	return nil
}

func (b *backfill) full() bool { return b.cfg.Limit > 0 && b.stats.Wanted >= b.cfg.Limit }

func (b *backfill) progress() {
	if b.cfg.Progress != nil {
		b.cfg.Progress(b.stats.Sitemaps, b.stats.Articles)
	}
}

// sitemap gets a sitemap, which may be a gzip file.
func (b *backfill) sitemap(ctx context.Context, address string) (*feed.Feed, error) {
	res, err := b.getRetry(ctx, request{url: address, accept: acceptFeed, robots: true, maxBytes: maxSitemapBytes})
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(res.body, []byte{0x1f, 0x8b}) {
		if res.body, err = readBody(bytes.NewReader(res.body), "gzip", maxSitemapBytes); err != nil {
			return nil, err
		}
	}
	b.poll.listed, b.poll.ref = res.at, res.ref
	return parseFeed(res)
}

// pages fetches those pages of a sitemap that are wanted.
func (b *backfill) pages(ctx context.Context, parsed *feed.Feed) error {
	wanted := &feed.Feed{Kind: feed.RSS, Title: parsed.Title, Language: parsed.Language, Rights: parsed.Rights}
	for _, it := range parsed.Items {
		b.stats.Listed++
		date := firstOf(it.Published, it.Updated)
		switch {
		case !b.ours(it.Link):
			b.stats.Foreign++
		case date == "":
			b.stats.Undated++
		case b.full(), b.older(date) && b.older(it.Updated), b.younger(date):
		default:
			b.stats.Wanted++
			wanted.Items = append(wanted.Items, it)
		}
	}
	for len(wanted.Items) > 0 {
		n := min(len(wanted.Items), 100)
		part := *wanted
		part.Items = wanted.Items[:n]
		wanted.Items = wanted.Items[n:]
		before := b.Stats().Feeds[b.poll.feed.URL].Articles
		b.poll.items(ctx, &part)
		b.stats.Articles += int(b.Stats().Feeds[b.poll.feed.URL].Articles - before)
		b.poll.save()
		if b.poll.failed != nil {
			return b.poll.failed
		}
		b.progress()
	}
	return nil
}

// ours reports whether a page is on the site.
func (b *backfill) ours(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (strings.EqualFold(u.Hostname(), b.host) || b.domain != "" && readable.Domain(u.Hostname()) == b.domain)
}

// older reports whether a date lies before the time that is wanted; a day counts
// as its end. Without a date it does not.
func (b *backfill) older(date string) bool {
	if t, err := time.Parse(time.RFC3339, date); err == nil {
		return t.Before(b.cfg.Since)
	}
	t, err := time.Parse(time.DateOnly, date)
	return err == nil && !t.AddDate(0, 0, 1).After(b.cfg.Since)
}

func (b *backfill) younger(date string) bool {
	if b.cfg.Until.IsZero() {
		return false
	}
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		t, err = time.Parse(time.DateOnly, date)
	}
	return err == nil && t.After(b.cfg.Until)
}

// past reports whether all items of a feed's page are too old: those that follow
// are older still.
func (b *backfill) past(parsed *feed.Feed) bool {
	for _, it := range parsed.Items {
		if !b.older(firstOf(it.Updated, it.Published)) {
			return false
		}
	}
	return true
}
