// Package fetcher polls feeds, gets the pages they name and turns them into
// Articles.
//
//	feeds, sitemaps --> feed.Parse --items--> pages --> readable.ParseAll --Article--> emit
//	                                            └─► warc.Writer: every request and answer, and what was made of it
//
// It is made for the open web. Feeds and pages are hostile input: bodies, their
// decompression, redirects and times are bounded, and no request reaches a
// private network ([Config.AllowPrivate]). Publishers are guests' hosts: requests
// are conditional and spaced per host, robots.txt is obeyed for pages, and
// Retry-After is honoured. One bad feed or page never stops the others: it is
// counted, logged with its address, and handed on as a dead letter.
//
// An Article names the record of the archive that it was made of:
// [VerifyArchived] walks back to the bytes, [Replay] makes the same articles again.
//
// Delivery is at least once: a feed's validators and the articles seen are
// remembered only after emit has taken the articles.
package fetcher

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// Config configures a [Fetcher]. Zero fields get the default given here.
type Config struct {
	UserAgent     string              // required: product name, version and a contact address
	Timeout       time.Duration       // for one request and its body; default 20s
	HeaderTimeout time.Duration       // until the answer's header has come; default 10s
	MaxBytes      int64               // per body, after decompression; default 4 MiB
	MaxInFlight   int                 // requests at a time to all hosts together; default 32
	Limits        polite.Limits       // per host and domain
	Retries       int                 // further tries after a passing error; default 2, negative for none
	Interval      time.Duration       // shortest time between two polls of a feed; default 15m
	MaxInterval   time.Duration       // longest; default 6h
	StateDir      string              // folder for validators and what has been seen; empty keeps them in memory
	Hosts         map[string]string   // host name -> "address:port" to dial for it, with no delay; these alone pass the guard
	Rights        map[string]string   // by host or domain: what the user has agreed with a publisher; travels with its articles
	Partners      map[string]string   // by host or domain: domains, parted by spaces, within which its pages' canonical addresses are believed too
	LegalDeposit  []string            // hosts or domains whose robots.txt does not bind us by law; each use is logged and travels with the article
	AllowPrivate  bool                // let requests reach private, loopback and link-local addresses
	Resolver      *net.Resolver       // default: the system's; the guard judges what it answers
	IgnoreRobots  bool                // fetch pages that robots.txt forbids
	Callback      string              // URL at which hubs reach [Fetcher.Push]; empty: feeds are polled only
	Archive       *warc.Writer        // where every request and answer is recorded; nil for nowhere
	Withheld      func(*url.URL) bool // addresses of pages and publishers that were purged, which are left alone; nil for none
	Logger        *slog.Logger        // default: discard
	Random        func() float64      // in [0, 1), for jitter; default: math/rand
	Clock         polite.Clock        // default: the real one
}

// A Feed is one feed to poll.
type Feed struct {
	URL      string
	Interval time.Duration // between two polls; 0 adapts it to the feed's rhythm within Config's bounds
}

// Emit takes finished articles, in the order of their feed. When it returns nil
// they must be safe.
type Emit func(ctx context.Context, articles []schemas.Article) error

// Dead takes what could not be processed.
type Dead func(ctx context.Context, letter schemas.DeadLetter) error

// A Fetcher polls feeds. Its methods may be used from several goroutines.
type Fetcher struct {
	cfg     Config
	agent   string // product token for robots.txt
	client  *http.Client
	limiter *polite.Limiter
	slots   chan struct{} // one token for each request under way
	robots  robotsCache
	held    holds
	state   *store
	shared  shared
	push    pusher
	stats   counters
	log     *slog.Logger
}

// New returns a Fetcher.
func New(cfg Config) (*Fetcher, error) {
	agent := productToken(cfg.UserAgent)
	if agent == "" {
		return nil, errors.New("fetcher: UserAgent must begin with a product name")
	}
	setDefault(&cfg.Timeout, 20*time.Second)
	setDefault(&cfg.HeaderTimeout, 10*time.Second)
	setDefault(&cfg.MaxBytes, 4<<20)
	setDefault(&cfg.MaxInFlight, 32)
	setDefault(&cfg.Interval, 15*time.Minute)
	setDefault(&cfg.MaxInterval, max(6*time.Hour, cfg.Interval))
	if cfg.Retries == 0 {
		cfg.Retries = 2
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Random == nil {
		cfg.Random = rand.Float64
	}
	cfg.Limits.Clock = cfg.Clock
	state, err := openStore(cfg.StateDir)
	if err != nil {
		return nil, err
	}
	f := &Fetcher{
		cfg: cfg, agent: agent, limiter: polite.NewLimiter(cfg.Limits),
		slots: make(chan struct{}, cfg.MaxInFlight), state: state, log: cfg.Logger,
	}
	f.client = newClient(cfg)
	f.robots.entries = map[string]*robotsEntry{}
	f.stats.feeds = map[string]*FeedStats{}
	if cfg.StateDir != "" {
		if err := openRobots(cfg.StateDir, cfg.Clock.Now()); err != nil {
			return nil, err
		}
		f.openHolds()
	}
	for host := range cfg.Hosts {
		f.limiter.SetDelay(host, 0)
	}
	return f, nil
}

func setDefault[T int | int64 | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// productToken returns the first word of a user agent, without its version.
func productToken(ua string) string {
	t, _, _ := strings.Cut(strings.TrimSpace(ua), " ")
	t, _, _ = strings.Cut(t, "/")
	return t
}

// Run polls feeds until ctx ends, and returns its error. It owns the goroutines
// it starts and returns after the last has ended. emit and dead are called from
// several goroutines; if they fail, the feed is tried again at its next poll.
func (f *Fetcher) Run(ctx context.Context, feeds []Feed, emit Emit, dead Dead) error {
	f.Recall(feeds)
	var wg sync.WaitGroup
	for _, feed := range feeds {
		wg.Go(func() { f.follow(ctx, feed, emit, dead) })
	}
	wg.Wait()
	<-ctx.Done()
	return ctx.Err()
}

// follow polls one feed until ctx ends or the feed is gone.
func (f *Fetcher) follow(ctx context.Context, feed Feed, emit Emit, dead Dead) {
	st := f.state.load(feed.URL)
	if st.WebSub != nil {
		f.push.remember(st.WebSub)
	}
	wait := st.NextPoll.Sub(f.cfg.Clock.Now())
	for f.wait(ctx, max(0, wait), st.WebSub) == nil {
		p := poll{Fetcher: f, feed: feed, emit: emit, dead: dead}
		wait = p.run(ctx)
		if ctx.Err() != nil {
			return
		}
		if wait < 0 {
			f.log.Warn("feed is gone and will not be polled again", "feed", redact(feed.URL))
			return
		}
	}
}

// Once polls each feed one time and returns when all are done. The error is
// that of ctx, or the first of emit and dead: a bad feed or page is none.
func (f *Fetcher) Once(ctx context.Context, feeds []Feed, emit Emit, dead Dead) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	f.Recall(feeds)
	var wg sync.WaitGroup
	for _, feed := range feeds {
		wg.Go(func() {
			p := poll{Fetcher: f, feed: feed, emit: emit, dead: dead, last: true}
			p.run(ctx)
			if p.failed != nil {
				cancel(p.failed)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// Page gets one page that somebody asked for by its address, so robots.txt does
// not apply, and returns its article, of a live blog the newest post. It remembers
// nothing.
func (f *Fetcher) Page(ctx context.Context, address string) (schemas.Article, error) {
	res, err := f.getRetry(ctx, request{url: address, accept: acceptPage})
	if err != nil {
		return schemas.Article{}, err
	}
	articles, err := f.articles(res, hints{Partners: f.partners(res.url)})
	if err != nil {
		return schemas.Article{}, fmt.Errorf("%s: %w", redact(address), err)
	}
	return articles[0], nil
}

// jitter spreads d by a tenth to either side, so that feeds that were added
// together drift apart.
func (f *Fetcher) jitter(d time.Duration) time.Duration {
	return d - d/10 + time.Duration(f.cfg.Random()*float64(d/5))
}

// redact returns an address without its credentials, for logs and records: without
// user and password, and with "xxxxx" in place of what parameters say that are named
// like a key.
func redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(unreadable address)"
	}
	query := strings.Split(u.RawQuery, "&")
	hidden := false
	for i, p := range query {
		if name, value, _ := strings.Cut(p, "="); value != "" && namesKey(name) {
			query[i], hidden = name+"=xxxxx", true
		}
	}
	if u.User == nil && !hidden {
		return address
	}
	u.User, u.RawQuery = nil, strings.Join(query, "&")
	return u.String()
}

// namesKey reports whether a parameter of an address is named like one that lets its
// owner in.
func namesKey(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "key", "pass", "pwd", "auth", "sig", "jwt", "sid", "code":
		return true
	}
	for _, part := range []string{"token", "secret", "passw", "apikey", "api_key", "api-key", "accesskey", "access_key", "authkey", "auth_key", "signature", "session", "credential"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// withoutUser returns an address that still leads there, if it was not the user alone
// who might go.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}

func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64()
}
