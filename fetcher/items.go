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
	"github.com/claimwire/claimwire/fetcher/warc"
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
	changed bool // the feed says something else of it than before
	hints   hints
	pages   []schemas.Article // what its page holds: one article, or the posts of a live blog
	emits   []schemas.Article // those of them that are new or changed
	same    uint64            // another feed brought the article with this hash; nothing was fetched
	later   bool              // another feed is fetching it
	ref     warc.Ref
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
		p.shared.end(jobs[:n], p.failed == nil)
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
			j.st.Posts, j.st.Ref, j.changed = old.Posts, old.Ref, old.Hash != h
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
	case len(s.Posts) > 0 && age < 48*time.Hour: // a live blog
		return since >= 10*time.Minute
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
	j.hints = hints{
		Feed: redact(p.feed.URL), Title: j.item.Title, Byline: j.item.Author, Published: j.item.Published, Updated: j.item.Updated,
		Publisher: parsed.Title, Language: parsed.Language, Rights: firstOf(j.item.Rights, parsed.Rights), Summary: j.item.Summary,
	}
	if j.item.Link == "" {
		j.body = []byte(j.item.Content)
		j.err = p.fromContent(j)
		return
	}
	if j.same, j.later = p.shared.begin(j, p.feed.URL, p.cfg.Clock.Now()); j.same != 0 || j.later {
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
		p.instead(j)
		return
	}
	p.stats.add(func(t *Totals) { t.Pages++ })
	if res.status == http.StatusNotModified {
		return
	}
	j.st.ETag, j.st.LastModified = res.header.Get("ETag"), res.header.Get("Last-Modified")
	j.hints.Partners = p.partners(res.url)
	j.pages, err = p.articles(res, j.hints)
	j.ref = res.ref
	if err != nil {
		j.pages, j.err = nil, fmt.Errorf("%s: %w", redact(j.item.Link), err)
		p.instead(j)
	}
}

// instead makes an article of the feed's own full text if the page will never be
// had: a wall, robots.txt or a media type stands before what the publisher gives
// away in its feed.
func (p *poll) instead(j *job) {
	var status *StatusError
	missing := errors.As(j.err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone)
	if len(j.item.Content) < minInstead || transient(j.err) || missing || j.recheck {
		return
	}
	if why := j.err; p.fromContent(j) == nil {
		p.log.Info("article made of the feed's text", "url", redact(j.item.Link), "err", why)
		j.err = nil
	}
}

// fromContent makes an article of an item without a page. It is named by feed
// and guid, so that a changed text is a new version of it.
func (p *poll) fromContent(j *job) error {
	if len(j.item.Content) < minContent {
		return fmt.Errorf("item %q: no link and no full content: %w", j.key, schemas.ErrMalformed)
	}
	a, err := readable.Fragment(readable.Page{URL: j.item.Link, Body: []byte(j.item.Content), Hints: j.hints, Now: p.listed})
	if err != nil {
		return fmt.Errorf("item %q: %w", j.key, err)
	}
	if j.item.Link == "" && j.item.ID != "" {
		a.ID = schemas.ID("a", "item", j.hints.Feed, j.item.ID)
	}
	a.FetchedAt, a.Archive = &p.listed, archiveRef(p.ref)
	j.pages, j.ref = []schemas.Article{a}, p.ref
	return nil
}

// articles makes the article of a page, or those of a live blog's posts.
func (f *Fetcher) articles(res *response, h hints) ([]schemas.Article, error) {
	if err := isPage(res.contentType()); err != nil {
		return nil, err
	}
	articles, err := readable.ParseAll(readable.Page{
		URL: res.url.String(), ContentType: res.contentType(), Language: res.header.Get("Content-Language"),
		Robots: res.header.Get("X-Robots-Tag"), TDM: res.header.Get("TDM-Reservation"), Body: res.body, Hints: h, Now: res.at,
	})
	text := 0
	for i := range articles {
		text += len(articles[i].Text)
		articles[i].FetchedAt, articles[i].Archive = &res.at, archiveRef(res.ref)
		f.setRights(&articles[i], res.url)
	}
	if kind := wall(res, text); kind != "" {
		f.stats.add(func(t *Totals) { t.Walls++ })
		return articles, &WallError{URL: redact(res.url.String()), Kind: kind}
	}
	return articles, err
}

// isPage returns an error for media types that hold no article.
func isPage(contentType string) error {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case kind == "", kind == "text/html", kind == "application/xhtml+xml", kind == "text/plain", kind == "application/octet-stream":
	case strings.HasSuffix(kind, "/xml"):
	default:
		return fmt.Errorf("content type %s is no page: %w", kind, schemas.ErrMalformed)
	}
	return nil
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
			continue
		case j.later:
			complete = false
			continue
		case j.same != 0: // another feed's
			j.st.Article = j.same
			p.stats.add(func(t *Totals) { t.Shared++ })
		default:
			p.news(j)
		}
		j.st.Done, j.st.Attempts = true, 0
		out = append(out, j.emits...)
	}
	if p.failed == nil && len(out) > 0 {
		p.archiveDerived(jobs)
		p.failed = p.emit(ctx, out)
	}
	if p.failed != nil {
		return false
	}
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) { t.Articles += int64(len(out)); f.Articles += int64(len(out)) })
	for _, j := range jobs {
		if !j.later {
			p.st.Items[j.key] = &j.st
			p.noteArticles(j.emits)
		}
	}
	return complete
}

// news chooses those of a job's articles that are new or changed. A 304 has none.
func (p *poll) news(j *job) {
	was := j.st.Article
	posts := map[string]uint64{}
	for _, a := range j.pages {
		h := hash(a.Version, a.Title, a.PublishedAt, a.Byline)
		if len(j.pages) == 1 {
			j.st.Article = h
			if was != h {
				j.emits = append(j.emits, a)
			}
			break
		}
		posts[a.ID] = h
		if j.st.Posts[a.ID] != h {
			j.emits = append(j.emits, a)
		}
	}
	if len(posts) > 0 { // posts that the page no longer shows have scrolled away
		j.st.Posts, j.st.Article = posts, hash(j.key)
	}
	if len(j.emits) == 0 {
		p.stats.add(func(t *Totals) { t.Unchanged++ })
	}
}

// lost notes a page that could not be had and reports whether it is given up.
func (p *poll) lost(ctx context.Context, j *job) (givenUp bool) {
	j.st.Attempts++
	var robots *RobotsError
	var held *polite.HeldError
	switch {
	case errors.Is(j.err, ErrPurged): // nothing is noted of it
		j.st.Done = true
		return true
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
		p.skip(SkipRobots, j.item.Link)
		p.log.Info("page skipped", "url", redact(j.item.Link), "err", j.err)
		return true
	case transient(j.err) && j.st.Attempts < maxAttempts && !p.last:
		p.log.Info("page failed and will be tried again", "url", redact(j.item.Link), "err", j.err)
		return false
	}
	j.st.Done = true
	p.skip(skipReason(j.err), firstOf(j.item.Link, j.key))
	p.stats.feed(p.feed.URL, func(t *Totals, f *FeedStats) { t.PageErrors++; f.Pages++ })
	p.log.Warn("page given up", "url", redact(j.item.Link), "feed", redact(p.feed.URL), "err", j.err)
	address := redact(j.item.Link)
	if j.item.Link == "" {
		address = redact(p.feed.URL)
	}
	p.bury(ctx, address, j.err, j.body, j.st.Attempts)
	return true
}
