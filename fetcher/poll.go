package fetcher

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher/feed"
	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

const (
	maxFailDelay = 24 * time.Hour
	maxEmitDelay = time.Minute // until articles that were not taken are offered again
)

// A poll is one poll of one feed.
type poll struct {
	*Fetcher
	feed Feed
	emit Emit
	dead Dead
	last bool // there will be no other: give up what fails

	st     *feedState
	listed time.Time // when the feed that is being read was asked for
	ref    warc.Ref  // and where the archive has it
	failed error     // of emit, dead or ctx
}

// run polls the feed and returns the time until the next poll, negative if the
// feed is gone.
func (p *poll) run(ctx context.Context) time.Duration {
	p.st = p.state.load(p.feed.URL)
	p.stats.remember(p.st, p.feed.URL)
	if p.st.Gone && !p.last {
		return -1
	}
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) { t.Polls++; f.Polls++ })
	wait, err := p.once(ctx)
	switch {
	case ctx.Err() != nil:
		p.failed = ctx.Err()
		return 0
	case p.failed != nil: // downstream: nothing is remembered, so nothing is lost
		p.log.Error("articles not taken; the feed will be polled again", "feed", redact(p.feed.URL), "err", p.failed)
		return min(p.backoff(0), maxEmitDelay)
	case err != nil:
		wait = p.broken(ctx, err)
	}
	p.st.NextPoll = p.cfg.Clock.Now().Add(max(0, wait))
	p.save()
	return wait
}

func (p *poll) save() {
	if err := p.state.save(p.feed.URL, p.st); err != nil {
		p.log.Error("state not saved", "feed", redact(p.feed.URL), "err", err)
	}
}

// A feedError is a poll that failed, with what the server sent.
type feedError struct {
	err  error
	body []byte
}

func (e *feedError) Error() string { return e.err.Error() }
func (e *feedError) Unwrap() error { return e.err }

func (p *poll) once(ctx context.Context) (time.Duration, error) {
	address := p.feed.URL
	if p.st.Moved != "" {
		address = p.st.Moved
	}
	req := request{url: address, accept: acceptFeed}
	if p.last || !p.rechecks() {
		req.etag, req.lastModified = p.st.ETag, p.st.LastModified
	}
	res, err := p.getRetry(ctx, req)
	if err != nil {
		return 0, withBody(err, res)
	}
	if res.status == http.StatusNotModified {
		p.moved(res)
		p.well(true)
		p.subscribed(ctx, nil)
		return max(p.interval(nil), p.fresh(res)), nil
	}
	p.listed, p.ref = res.at, res.ref
	parsed, err := parseFeed(res)
	if err == nil && parsed.Kind == feed.SitemapIndex {
		err = fmt.Errorf("a sitemap index, not a feed: choose one of %s: %w", strings.Join(parsed.Sitemaps[:min(len(parsed.Sitemaps), 3)], ", "), schemas.ErrMalformed)
	}
	if err != nil {
		return 0, withBody(fmt.Errorf("%s: %w", redact(address), err), res)
	}
	p.moved(res) // only now: many dead feeds redirect to a front page
	p.report(parsed)
	p.st.Listed = p.cfg.Clock.Now()
	complete := p.items(ctx, parsed)
	if p.failed != nil {
		return 0, nil
	}
	p.st.ETag, p.st.LastModified = "", ""
	if complete { // else the feed must come again, whole
		p.st.ETag, p.st.LastModified = res.header.Get("ETag"), res.header.Get("Last-Modified")
	}
	p.well(false)
	p.subscribed(ctx, parsed)
	return max(p.interval(parsed), p.fresh(res)), nil
}

// subscribed sees to the feed's subscription; parsed is nil if it sent nothing.
func (p *poll) subscribed(ctx context.Context, parsed *feed.Feed) {
	old, _ := p.push.current(p.st.WebSub, p.cfg.Clock.Now())
	if parsed == nil {
		if old == nil {
			return
		}
		parsed = &feed.Feed{Hub: old.Hub, Self: old.Topic}
	}
	if !p.last {
		p.st.WebSub = p.subscribe(ctx, parsed, old)
	}
}

// parseFeed reads a response as a feed.
func parseFeed(res *response) (*feed.Feed, error) {
	parsed, err := feed.Parse(res.body, res.contentType(), res.url.String())
	if err != nil {
		if kind := wall(res, 0); kind != "" {
			return nil, &WallError{URL: redact(res.url.String()), Kind: kind}
		}
	}
	return parsed, err
}

func withBody(err error, res *response) error {
	e := &feedError{err: err}
	if res != nil {
		e.body = res.body
	}
	return e
}

// moved remembers a permanent redirect.
func (p *poll) moved(res *response) {
	if res.moved != "" && p.st.Moved != res.moved {
		p.log.Info("feed has moved for good", "feed", redact(p.feed.URL), "url", redact(res.moved))
		p.st.Moved = res.moved
	}
}

func (p *poll) well(same bool) {
	p.st.Failures, p.st.Reason = 0, ""
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) {
		f.LastErr = ""
		if same {
			t.NotModified++
		}
	})
}

func (p *poll) report(parsed *feed.Feed) {
	p.stats.feed(p.feed.URL, func(_ *Totals, f *FeedStats) { f.Rhythm = rhythm(parsed.Items) })
	if len(parsed.Repairs) == 0 {
		return
	}
	p.stats.add(func(t *Totals) { t.Repaired++ })
	for _, r := range parsed.Repairs {
		p.log.Debug("feed repaired", "feed", redact(p.feed.URL), "fault", r.Kind, "count", r.Count, "detail", r.Detail)
	}
}

// broken notes a failed poll and returns the time until the next. A streak of
// the same failure is one dead letter.
func (p *poll) broken(ctx context.Context, err error) time.Duration {
	p.st.Failures++
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) { t.FeedErrors++; f.Errors++; f.LastErr = err.Error() })
	p.log.Warn("feed failed", "feed", redact(p.feed.URL), "err", err, "failures", p.st.Failures)
	if err.Error() != p.st.Reason {
		var fe *feedError
		errors.As(err, &fe)
		p.bury(ctx, redact(p.feed.URL), err, fe.body, p.st.Failures)
		p.st.Reason = err.Error()
	}
	var status *StatusError
	var held *polite.HeldError
	switch {
	case p.st.Moved != "" && !transient(err): // its old address may know better
		p.st.Moved = ""
	case errors.As(err, &status) && status.Code == http.StatusGone:
		p.st.Gone = true
		return -1
	case errors.As(err, &status) && status.RetryAfter > 0:
		return max(status.RetryAfter, p.interval(nil)) + time.Duration(p.cfg.Random()*float64(time.Minute))
	case errors.As(err, &held):
		return held.Until.Sub(p.cfg.Clock.Now()) + time.Duration(p.cfg.Random()*float64(time.Minute))
	}
	return p.backoff(p.st.Failures)
}

// backoff doubles the interval with each failure.
func (p *poll) backoff(failures int) time.Duration {
	base := p.feed.Interval
	if base <= 0 {
		base = p.cfg.Interval
	}
	d := min(base<<min(failures, 8), max(maxFailDelay, base))
	return d/2 + polite.Backoff(0, d, d, p.cfg.Random())/2
}

// interval adapts the time between polls to the feed's rhythm: half the usual
// gap between its items, and no sooner than it asks for.
func (p *poll) interval(parsed *feed.Feed) time.Duration {
	if p.feed.Interval > 0 {
		return p.jitter(p.feed.Interval)
	}
	if _, active := p.push.current(p.st.WebSub, p.cfg.Clock.Now()); active {
		return p.jitter(p.cfg.MaxInterval) // its hub says when there is news
	}
	return p.jitter(p.adapt(parsed))
}

// adapt returns the interval that fits a feed; parsed is nil if it sent nothing.
func (f *Fetcher) adapt(parsed *feed.Feed) time.Duration {
	d := f.cfg.Interval
	if parsed != nil {
		d = max(d, parsed.TTL, rhythm(parsed.Items)/2)
	}
	return min(d, f.cfg.MaxInterval)
}

// fresh returns how long the answer stays fresh by its Cache-Control header, at
// most an hour: longer times are mistakes more often than meant.
func (p *poll) fresh(res *response) time.Duration {
	if p.feed.Interval > 0 {
		return 0
	}
	for part := range strings.SplitSeq(res.header.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if n, err := strconv.Atoi(value); err == nil && strings.EqualFold(name, "max-age") && n > 0 {
			return min(time.Duration(min(n, 1<<20))*time.Second, time.Hour, p.cfg.MaxInterval)
		}
	}
	return 0
}

// rhythm returns the mean gap between the dated items; 0 if there are too few.
func rhythm(items []feed.Item) time.Duration {
	var newest, oldest time.Time
	n := 0
	for _, it := range items[:min(len(items), 20)] {
		t, err := time.Parse(time.RFC3339, it.Published)
		if err != nil {
			continue
		}
		if n == 0 || t.After(newest) {
			newest = t
		}
		if n == 0 || t.Before(oldest) {
			oldest = t
		}
		n++
	}
	if n < 3 {
		return 0
	}
	return newest.Sub(oldest) / time.Duration(n-1)
}

// bury hands on a dead letter.
func (p *poll) bury(ctx context.Context, address string, err error, body []byte, attempts int) {
	if p.dead == nil || ctx.Err() != nil {
		return
	}
	reason := strings.ToValidUTF8(err.Error(), "\ufffd")
	letter := schemas.DeadLetter{
		SchemaVersion: schemas.Version, ID: schemas.ID("d", string(schemas.StageFetch), address, reason), Stage: schemas.StageFetch,
		Reason: reason, Attempts: attempts, At: p.cfg.Clock.Now(), URL: address,
		Size: len(body), SHA256: schemas.SHA256(string(body)), Record: body[:min(len(body), schemas.MaxDeadRecord)],
	}
	if err := p.dead(ctx, letter); err != nil && p.failed == nil {
		p.failed = fmt.Errorf("dead letter: %w", err)
		return
	}
	p.stats.add(func(t *Totals) { t.DeadLetters++ })
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
