package fetcher

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
)

// A robotsCache keeps the rules of each origin.
type robotsCache struct {
	mu      sync.Mutex // owns entries
	entries map[string]*robotsEntry
}

type robotsEntry struct {
	mu      sync.Mutex // owns what follows; held while robots.txt is fetched, so that it is fetched once
	rules   *polite.Robots
	expires time.Time
	down    bool // rules are those for an origin that cannot be asked
}

const (
	maxRobots      = 5_000           // origins; then the cache starts afresh
	robotsRetry    = 5 * time.Minute // until an origin that could not be asked is asked again
	robotsPath     = "/robots.txt"
	acceptsRobots  = "text/plain, */*;q=0.1"
	robotsMaxBytes = polite.MaxRobotsBytes
)

// obey returns a [*RobotsError] if u must not be fetched, and takes over the
// host's Crawl-delay.
func (f *Fetcher) obey(ctx context.Context, u *url.URL) error {
	origin := origin(u)
	f.robots.mu.Lock()
	e := f.robots.entries[origin]
	if e == nil {
		if len(f.robots.entries) >= maxRobots {
			clear(f.robots.entries)
		}
		e = &robotsEntry{}
		f.robots.entries[origin] = e
	}
	f.robots.mu.Unlock()

	e.mu.Lock()
	defer e.mu.Unlock()
	now := f.cfg.Clock.Now()
	if e.rules == nil || !now.Before(e.expires) {
		rules, ttl, err := f.fetchRobots(ctx, origin)
		switch {
		case err != nil:
			return err // ctx ended, or the host is held: no verdict
		case ttl == robotsRetry && e.rules != nil:
			e.expires = now.Add(ttl) // unreachable: the last rules stay in force
		default:
			e.rules, e.expires, e.down = rules, now.Add(ttl), ttl == robotsRetry
		}
		if d, ok := e.rules.CrawlDelay(); ok {
			f.limiter.SetDelay(strings.ToLower(u.Hostname()), d)
		}
	}
	if !e.rules.Allowed(u.String()) {
		err := &RobotsError{URL: u.Redacted(), Unreachable: e.down}
		if f.deposits(u) {
			f.audit(u, err)
			return nil
		}
		return err
	}
	return nil
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

func (f *Fetcher) fetchRobots(ctx context.Context, origin string) (*polite.Robots, time.Duration, error) {
	res, err := f.get(ctx, request{url: origin + robotsPath, accept: acceptsRobots, maxBytes: robotsMaxBytes})
	var status *StatusError
	var held *polite.HeldError
	switch {
	case err == nil:
		return polite.RobotsFor(res.status, res.body, f.agent), polite.RobotsTTL, nil
	case errors.As(err, &held), ctx.Err() != nil:
		return nil, 0, err
	case errors.As(err, &status) && status.Code < 500 && status.Code != 429:
		return polite.RobotsFor(status.Code, nil, f.agent), polite.RobotsTTL, nil
	case res != nil && int64(len(res.body)) == robotsMaxBytes: // too long: the first part counts
		return polite.ParseRobots(res.body, f.agent), polite.RobotsTTL, nil
	case blocked(err):
		return nil, 0, err
	}
	f.log.Info("robots.txt cannot be had; its site is left alone", "url", origin+robotsPath, "err", err)
	return polite.Unreachable(), robotsRetry, nil
}
