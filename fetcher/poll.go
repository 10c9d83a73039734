package fetcher

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/fetcher/feed"
	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/schemas"
)

type hints = readable.Hints

const (
	chunkSize    = 16 // articles handed to emit at once
	pageWorkers  = 4  // pages of one feed fetched at a time
	maxAttempts  = 3  // polls in which a page may fail before it is given up
	maxRechecks  = 5  // old pages looked at again in one poll
	maxFailDelay = 24 * time.Hour
	maxEmitDelay = time.Minute
	minContent   = 200 // bytes of HTML with which an item without a page is an article
	minInstead   = 800 // bytes of HTML that can stand for a page that cannot be had
)

// A poll is one poll of one feed.
type poll struct {
	*Fetcher
	feed Feed
	emit Emit
	dead Dead
	last bool // there will be no other: give up what fails

	st     *feedState
	failed error // of emit, dead or ctx
}

// run polls the feed and returns the time until the next poll, negative if the
// feed is gone.
func (p *poll) run(ctx context.Context) time.Duration {
	p.st = p.state.load(p.feed.URL)
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
	if err := p.state.save(p.feed.URL, p.st); err != nil {
		p.log.Error("state not saved", "feed", redact(p.feed.URL), "err", err)
	}
	return wait
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
		return p.interval(nil), nil
	}
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
	return p.interval(parsed), nil
}

// parseFeed reads a response as a feed.
func parseFeed(res *response) (*feed.Feed, error) {
	parsed, err := feed.Parse(res.body, res.contentType(), res.url.String())
	if err != nil {
		if kind := wall(res, 0); kind != "" {
			return nil, &WallError{URL: res.url.Redacted(), Kind: kind}
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

// A job is one item to fetch, and what came of it.
type job struct {
	item    feed.Item
	key     string
	st      itemState // the new state, kept once emit has succeeded
	recheck bool
	article *schemas.Article // nil if there is nothing to emit
	err     error
	body    []byte
}

// items fetches what is new or changed and emits it. It reports whether nothing
// has to be tried again.
func (p *poll) items(ctx context.Context, parsed *feed.Feed) (complete bool) {
	complete = true
	jobs := p.plan(parsed)
	for len(jobs) > 0 && p.failed == nil {
		n := min(len(jobs), chunkSize)
		p.fetchAll(ctx, parsed, jobs[:n])
		complete = p.deliver(ctx, jobs[:n]) && complete
		jobs = jobs[n:]
	}
	return complete
}

// plan returns the items to fetch, in the order of the feed.
func (p *poll) plan(parsed *feed.Feed) []*job {
	now := p.cfg.Clock.Now()
	var jobs []*job
	planned := map[string]bool{}
	rechecks := 0
	for _, it := range parsed.Items {
		key := readable.Clean(it.Link)
		if key == "" {
			key = it.ID
		}
		if key == "" && len(it.Content) >= minContent {
			key = schemas.ID("i", it.Title, it.Content)
		}
		if key == "" || planned[key] || parsed.Kind == feed.Sitemap && !current(it, now) {
			continue
		}
		planned[key] = true
		h := hash(it.Title, it.Published, it.Updated, it.Summary, it.Content)
		old := p.st.Items[key]
		j := &job{item: it, key: key, st: itemState{Hash: h, First: now, Checked: now, Listed: now}}
		if old != nil {
			old.Listed = now
			j.st.First, j.st.Attempts, j.st.Article = old.First, old.Attempts, old.Article
			j.st.ETag, j.st.LastModified = old.ETag, old.LastModified
			if old.Done && old.Hash == h {
				if p.last || rechecks >= maxRechecks || !due(old, now) {
					continue
				}
				rechecks++
				j.recheck = true
			}
		}
		jobs = append(jobs, j)
	}
	return jobs
}

// maxSitemapAge is how old a page in a sitemap may be to count as news: the rest
// of a sitemap is the site's archive.
const maxSitemapAge = 72 * time.Hour

// current reports whether a sitemap's page is news.
func current(it feed.Item, now time.Time) bool {
	for _, d := range []string{it.Published, it.Updated} {
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, d); err == nil {
				return now.Sub(t) <= maxSitemapAge
			}
		}
	}
	return false
}

// rechecks reports whether pages that the feed listed last should be looked at
// again. A 304 would not name them.
func (p *poll) rechecks() bool {
	now := p.cfg.Clock.Now()
	for _, it := range p.st.Items {
		if it.Done && !it.Listed.Before(p.st.Listed) && due(it, now) {
			return true
		}
	}
	return false
}

// due reports whether a page should be looked at again: news pages change in
// their first hours, and hardly after a week.
func due(s *itemState, now time.Time) bool {
	since := now.Sub(s.Checked)
	switch age := now.Sub(s.First); {
	case s.Article == 0: // given up, or never an article
		return false
	case age < 6*time.Hour:
		return since >= time.Hour
	case age < 48*time.Hour:
		return since >= 6*time.Hour
	case age < 7*24*time.Hour:
		return since >= 24*time.Hour
	}
	return false
}

// fetchAll fetches jobs, several at a time.
func (p *poll) fetchAll(ctx context.Context, parsed *feed.Feed, jobs []*job) {
	work := make(chan *job)
	var wg sync.WaitGroup
	for range min(pageWorkers, len(jobs)) {
		wg.Go(func() {
			for j := range work {
				p.fetch(ctx, parsed, j)
			}
		})
	}
	for _, j := range jobs {
		work <- j
	}
	close(work)
	wg.Wait()
}

// fetch gets the page of an item, or makes an article of the item's content if
// it has no page.
func (p *poll) fetch(ctx context.Context, parsed *feed.Feed, j *job) {
	h := hints{
		Feed: redact(p.feed.URL), Title: j.item.Title, Byline: j.item.Author, Published: j.item.Published, Updated: j.item.Updated,
		Publisher: parsed.Title, Language: parsed.Language, Rights: firstOf(j.item.Rights, parsed.Rights), Summary: j.item.Summary,
	}
	if j.item.Link == "" {
		j.body = []byte(j.item.Content)
		j.article, j.err = p.fromContent(j, h)
		return
	}
	req := request{url: j.item.Link, accept: acceptPage, robots: true}
	if j.st.Article != 0 && j.recheck { // a changed item is fetched whole: its title may have changed with it
		req.etag, req.lastModified = j.st.ETag, j.st.LastModified
	}
	res, err := p.getRetry(ctx, req)
	if res != nil {
		j.body = res.body
	}
	if err != nil {
		j.err = err
		p.instead(j, h)
		return
	}
	p.stats.add(func(t *Totals) { t.Pages++ })
	if res.status == http.StatusNotModified {
		return
	}
	j.st.ETag, j.st.LastModified = res.header.Get("ETag"), res.header.Get("Last-Modified")
	a, err := p.article(res, h)
	if err != nil {
		j.err = fmt.Errorf("%s: %w", redact(j.item.Link), err)
		p.instead(j, h)
		return
	}
	j.article = &a
}

// instead makes an article of the feed's own full text if the page will never be
// had: a wall, robots.txt or a media type stands before what the publisher gives
// away in its feed.
func (p *poll) instead(j *job, h hints) {
	var status *StatusError
	missing := errors.As(j.err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone)
	if len(j.item.Content) < minInstead || transient(j.err) || missing || j.recheck {
		return
	}
	if a, err := p.fromContent(j, h); err == nil {
		p.log.Info("article made of the feed's text", "url", redact(j.item.Link), "err", j.err)
		j.article, j.err = a, nil
	}
}

// fromContent makes an article of an item without a page. It is named by feed
// and guid, so that a changed text is a new version of it.
func (p *poll) fromContent(j *job, h hints) (*schemas.Article, error) {
	if len(j.item.Content) < minContent {
		return nil, fmt.Errorf("item %q: no link and no full content: %w", j.key, schemas.ErrMalformed)
	}
	now := p.cfg.Clock.Now()
	a, err := readable.Fragment(readable.Page{URL: j.item.Link, Body: []byte(j.item.Content), Hints: h, Now: now})
	if err != nil {
		return nil, fmt.Errorf("item %q: %w", j.key, err)
	}
	if j.item.Link == "" && j.item.ID != "" {
		a.ID = schemas.ID("a", "item", h.Feed, j.item.ID)
	}
	a.FetchedAt = &now
	return &a, nil
}

// article makes an article of a page.
func (f *Fetcher) article(res *response, h hints) (schemas.Article, error) {
	kind, _, _ := mime.ParseMediaType(res.contentType())
	switch {
	case kind == "", kind == "text/html", kind == "application/xhtml+xml", kind == "text/plain", kind == "application/octet-stream":
	case strings.HasSuffix(kind, "/xml"):
	default:
		return schemas.Article{}, fmt.Errorf("content type %s is no page: %w", kind, schemas.ErrMalformed)
	}
	now := f.cfg.Clock.Now()
	a, err := readable.Parse(readable.Page{
		URL: res.url.String(), ContentType: res.contentType(), Language: res.header.Get("Content-Language"),
		Body: res.body, Hints: h, Now: now,
	})
	a.FetchedAt = &now
	if kind = wall(res, len(a.Text)); kind != "" {
		f.stats.add(func(t *Totals) { t.Walls++ })
		return a, &WallError{URL: res.url.Redacted(), Kind: kind}
	}
	return a, err
}

// deliver emits the articles of jobs, then remembers the jobs. It reports
// whether none has to be tried again.
func (p *poll) deliver(ctx context.Context, jobs []*job) (complete bool) {
	if p.failed = ctx.Err(); p.failed != nil {
		return false
	}
	complete = true
	var out []schemas.Article
	for _, j := range jobs {
		switch {
		case j.err != nil:
			complete = p.lost(ctx, j) && complete
		case j.article == nil: // 304
			j.st.Done, j.st.Attempts = true, 0
			p.stats.add(func(t *Totals) { t.Unchanged++ })
		default:
			was := j.st.Article
			j.st.Article = hash(j.article.Version, j.article.Title, j.article.PublishedAt, j.article.Byline)
			j.st.Done, j.st.Attempts = true, 0
			if was == j.st.Article {
				p.stats.add(func(t *Totals) { t.Unchanged++ })
				continue
			}
			out = append(out, *j.article)
		}
	}
	if p.failed == nil && len(out) > 0 {
		p.failed = p.emit(ctx, out)
	}
	if p.failed != nil {
		return false
	}
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) { t.Articles += int64(len(out)); f.Articles += int64(len(out)) })
	for _, j := range jobs {
		p.st.Items[j.key] = &j.st
	}
	return complete
}

// lost notes a page that could not be had and reports whether it is given up.
func (p *poll) lost(ctx context.Context, j *job) (givenUp bool) {
	j.st.Attempts++
	var robots *RobotsError
	var held *polite.HeldError
	switch {
	case errors.As(j.err, &held), errors.As(j.err, &robots) && robots.Unreachable: // not the page's fault, and it will pass
		j.st.Attempts--
		if p.last {
			p.bury(ctx, redact(j.item.Link), j.err, nil, j.st.Attempts)
		}
		p.log.Info("page has to wait", "url", redact(j.item.Link), "err", j.err)
		return false
	case j.recheck: // what was emitted stays; a page that fails now withdraws nothing
		j.st.Done = true
		p.log.Info("page not fetched again", "url", redact(j.item.Link), "err", j.err)
		return true
	case errors.As(j.err, &robots):
		j.st.Done = true
		p.stats.add(func(t *Totals) { t.Robots++ })
		p.log.Info("page skipped", "url", redact(j.item.Link), "err", j.err)
		return true
	case transient(j.err) && j.st.Attempts < maxAttempts && !p.last:
		p.log.Info("page failed and will be tried again", "url", redact(j.item.Link), "err", j.err)
		return false
	}
	j.st.Done = true
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) { t.PageErrors++; f.Pages++ })
	p.log.Warn("page given up", "url", redact(j.item.Link), "feed", redact(p.feed.URL), "err", j.err)
	address := redact(j.item.Link)
	if j.item.Link == "" {
		address = redact(p.feed.URL)
	}
	p.bury(ctx, address, j.err, j.body, j.st.Attempts)
	return true
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
