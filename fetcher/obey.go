package fetcher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/schemas"
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
	robotsDir      = "robots"        // in the state folder
	robotsKept     = 30 * 24 * time.Hour
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
	fresh := e.rules == nil && f.recall(origin, e)
	if e.rules == nil || !now.Before(e.expires) {
		said, err := f.fetchRobots(ctx, origin)
		switch {
		case err != nil:
			return err // ctx ended, or the host is held: no verdict
		case said.Status == 0 && e.rules != nil:
			e.expires = now.Add(robotsRetry) // unreachable: the last rules stay in force
		case said.Status == 0:
			e.rules, e.expires, e.down = polite.Unreachable(), now.Add(robotsRetry), true
		default:
			e.rules, e.expires, e.down = said.rules(f.agent), now.Add(polite.RobotsTTL), false
			said.Expires = e.expires
			f.keep(said)
		}
		fresh = true
	}
	if fresh {
		if d, ok := e.rules.CrawlDelay(); ok {
			f.limiter.SetDelay(strings.ToLower(u.Hostname()), d)
		}
	}
	if !e.rules.Allowed(u.String()) {
		err := &RobotsError{URL: redact(u.String()), Unreachable: e.down}
		if f.deposits(u) {
			f.audit(u, err)
			return nil
		}
		return err
	}
	return nil
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// said is what an origin answered when it was asked for its robots.txt, as it is
// kept in the state folder.
type said struct {
	Origin  string    `json:"origin"`
	Status  int       `json:"status"` // 0 if it could not be asked
	Body    []byte    `json:"body,omitempty"`
	Expires time.Time `json:"expires"`
}

func (s *said) rules(agent string) *polite.Robots { return polite.RobotsFor(s.Status, s.Body, agent) }

func (f *Fetcher) fetchRobots(ctx context.Context, origin string) (*said, error) {
	res, err := f.get(ctx, request{url: origin + robotsPath, accept: acceptsRobots, maxBytes: robotsMaxBytes})
	var status *StatusError
	var held *polite.HeldError
	switch {
	case err == nil:
		return &said{Origin: origin, Status: res.status, Body: res.body}, nil
	case errors.As(err, &held), ctx.Err() != nil:
		return nil, err
	case errors.As(err, &status) && status.Code < 500 && status.Code != 429:
		return &said{Origin: origin, Status: status.Code}, nil
	case res != nil && int64(len(res.body)) == robotsMaxBytes: // too long: the first part counts
		return &said{Origin: origin, Status: 200, Body: res.body}, nil
	case blocked(err):
		return nil, err
	}
	f.log.Info("robots.txt cannot be had; its site is left alone", "url", origin+robotsPath, "err", err)
	return &said{Origin: origin}, nil
}

// recall takes the rules of an origin from the state folder, also if they have
// expired: they hold while the origin cannot be asked. It reports whether there
// are any.
func (f *Fetcher) recall(origin string, e *robotsEntry) bool {
	if f.cfg.StateDir == "" {
		return false
	}
	raw, err := os.ReadFile(f.robotsFile(origin))
	s := said{}
	if err != nil || json.Unmarshal(raw, &s) != nil || s.Origin != origin || s.Status == 0 {
		return false
	}
	e.rules, e.expires, e.down = s.rules(f.agent), s.Expires, false
	return true
}

// keep writes down what an origin said.
func (f *Fetcher) keep(s *said) {
	if f.cfg.StateDir == "" {
		return
	}
	raw, err := json.Marshal(s)
	if err == nil {
		err = replaceFile(filepath.Dir(f.robotsFile(s.Origin)), f.robotsFile(s.Origin), raw)
	}
	if err != nil {
		f.log.Error("robots.txt not kept", "url", s.Origin, "err", err)
	}
}

func (f *Fetcher) robotsFile(origin string) string {
	return filepath.Join(f.cfg.StateDir, robotsDir, schemas.ID("robots", origin)+".json")
}

// openRobots makes the folder of what origins said, and drops what is old.
func openRobots(stateDir string, now time.Time) error {
	dir := filepath.Join(stateDir, robotsDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("fetcher state: %w", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("fetcher state: %w", err)
	}
	for _, file := range files {
		if info, err := file.Info(); err == nil && now.Sub(info.ModTime()) > robotsKept {
			_ = os.Remove(filepath.Join(dir, file.Name())) // it is in nobody's way
		}
	}
	return nil
}
