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
	chunkSize   = 16 // articles handed to emit at once
	pageWorkers = 4  // pages of one feed fetched at a time
	maxAttempts = 3  // polls in which a page may fail before it is given up
	maxRechecks = 5  // old pages looked at again in one poll
	saveEvery   = 30 * time.Second
	minContent  = 200 // bytes of HTML with which an item without a page is an article
	minInstead  = 800 // bytes of HTML that can stand for a page that cannot be had
)

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
	saved := p.cfg.Clock.Now()
	for len(jobs) > 0 && p.failed == nil {
		n := min(len(jobs), chunkSize)
		p.fetchAll(ctx, parsed, jobs[:n])
		complete = p.deliver(ctx, jobs[:n]) && complete
		jobs = jobs[n:]
		// A long feed takes hours at one page a second: a restart must not begin
		// anew. The validators are still the old ones, so the feed will come again.
		if now := p.cfg.Clock.Now(); p.failed == nil && now.Sub(saved) >= saveEvery {
			p.save()
			saved = now
		}
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
		Robots: res.header.Get("X-Robots-Tag"), TDM: res.header.Get("TDM-Reservation"), Body: res.body, Hints: h, Now: now,
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
