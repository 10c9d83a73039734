package fetcher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/fetcher/feed"
	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/schemas"
)

// commonPaths is where feeds lie on sites that don't say so.
var commonPaths = []string{"/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json"}

// Discover returns the addresses of a site's feeds: the address itself if it is
// one, else those that its page links to and the news sitemaps of its robots.txt,
// else those that are found at the usual places. It returns an error that matches
// [schemas.ErrMalformed] if there are none.
func (f *Fetcher) Discover(ctx context.Context, site string) ([]string, error) {
	res, err := f.getRetry(ctx, request{url: site, accept: acceptPage})
	if err != nil {
		return nil, err
	}
	parsed, err := parseFeed(res)
	if err == nil && parsed.Kind != feed.SitemapIndex {
		return []string{withoutUser(site)}, nil
	}
	var found []string
	var page *feed.HTMLError
	if errors.As(err, &page) {
		found = page.Feeds
	}
	for _, s := range f.newsSitemaps(ctx, res.url) {
		if !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	for _, path := range commonPaths {
		if len(found) > 0 || ctx.Err() != nil {
			break
		}
		u := res.url.ResolveReference(&url.URL{Path: path})
		if r, err := f.get(ctx, request{url: u.String(), accept: acceptFeed}); err == nil {
			if parsed, err := parseFeed(r); err == nil && parsed.Kind != feed.SitemapIndex {
				found = append(found, withoutUser(u.String()))
			}
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: no feeds found: %w", redact(site), schemas.ErrMalformed)
	}
	return found, nil
}

// newsSitemaps returns the sitemaps of the site's robots.txt that are for news.
func (f *Fetcher) newsSitemaps(ctx context.Context, at *url.URL) []string {
	u := at.ResolveReference(&url.URL{Path: robotsPath})
	res, err := f.get(ctx, request{url: u.String(), accept: acceptsRobots, maxBytes: robotsMaxBytes})
	if err != nil || !bytes.Contains(bytes.ToLower(res.body), []byte("sitemap")) {
		return nil
	}
	var out []string
	for _, s := range polite.Sitemaps(res.body) {
		if abs, err := u.Parse(s); err == nil && strings.Contains(strings.ToLower(abs.Path), "news") && len(out) < 5 {
			out = append(out, withoutUser(abs.String()))
		}
	}
	return out
}
