package fetcher

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/schemas"
)

// A scenario is one promise to publishers, users or readers, as a loopback web
// on which it can be broken.
type scenario struct {
	name  string
	pages bool // it is about what a feed library does not do: pages, robots.txt, hubs, the archive
	run   func(w *world)
}

// scenarios returns all of them, in the order of the package comment's promises.
func scenarios() []scenario {
	var all []scenario
	for _, part := range [][]scenario{feedScenarios(), politeScenarios(), robotsScenarios(), safetyScenarios(), articleScenarios(), moreScenarios()} {
		all = append(all, part...)
	}
	return all
}

// A world is the web of one scenario, the program that reads it and what was
// found wrong with the program.
type world struct {
	*site
	clock  *fakeClock
	config func(*Config) // changes the configuration before the first poll; may be nil
	dir    string        // for state

	open     func(w *world) client // starts the program anew
	patience time.Duration         // with one poll, before it is ended from outside
	allowed  time.Duration         // for what should take no time worth mention
	client   client
	faults   []string
}

// A client is a program under test.
type client interface {
	poll(ctx context.Context, feed string) answer
}

// An answer is what one poll of a feed brought.
type answer struct {
	articles []schemas.Article // new ones
	letters  []schemas.DeadLetter
	wait     time.Duration // until it would be polled again; negative: never; 0: the program does not say
	err      error         // of the feed or of any page
}

func (a answer) text() string {
	if len(a.articles) == 0 {
		return ""
	}
	return a.articles[0].Text
}

// poll polls a feed with whatever runs, starting it if nothing does.
func (w *world) poll(feed string) answer {
	if w.client == nil {
		w.client = w.open(w)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), w.patience)
	defer cancel()
	return w.client.poll(ctx, feed)
}

// restart ends the program: what it knows afterwards it has read from its folder.
func (w *world) restart() { w.client = nil }

func (w *world) check(ok bool, format string, args ...any) {
	if !ok {
		w.faults = append(w.faults, fmt.Sprintf(format, args...))
	}
}

// titles checks the titles of the articles that a poll brought.
func (w *world) titles(a answer, want ...string) {
	var got []string
	for _, x := range a.articles {
		got = append(got, x.Title)
	}
	w.check(strings.Join(got, "|") == strings.Join(want, "|"), "articles %q, want %q; errors: %v", got, want, a.err)
}

// fails checks that a poll brought nothing but an error that says why.
func (w *world) fails(a answer, why string) {
	w.check(a.err != nil && strings.Contains(a.err.Error(), why), "error %v, want one that says %q", a.err, why)
	w.check(len(a.articles) == 0, "%d articles from it", len(a.articles))
}

// a serves an article at path.
func (w *world) article(path, title string) {
	w.serve(path, page(title, ""), "Content-Type", "text/html; charset=utf-8")
}

func newWorld(t *testing.T, open func(*world) client) *world {
	return &world{site: newSite(t), clock: &fakeClock{now: start}, dir: t.TempDir(), open: open, patience: 2 * time.Minute, allowed: time.Minute}
}

// A product is claimwire's fetcher.
type product struct{ f *Fetcher }

func openProduct(w *world) client {
	return product{w.fetcher(func(c *Config) {
		c.StateDir, c.Clock = w.dir, w.clock.clock()
		if w.config != nil {
			w.config(c)
		}
	})}
}

func (p product) poll(ctx context.Context, address string) answer {
	k := &sinkhole{}
	one := poll{Fetcher: p.f, feed: Feed{URL: address}, emit: k.emit, dead: k.dead}
	a := answer{wait: one.run(ctx), err: one.failed}
	a.articles, a.letters = k.articles, k.letters
	if a.err == nil && len(k.letters) > 0 {
		a.err = errors.New(k.reasons())
	}
	return a
}

// A bare client is gofeed without anything around it, as its documentation shows.
// An item's title, link and content count as its article.
type bare struct{ parser *gofeed.Parser }

func openBare(w *world) client {
	cfg := Config{Hosts: map[string]string{}}
	if w.config != nil {
		w.config(&cfg)
	}
	p := gofeed.NewParser()
	p.Client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, _, _ := net.SplitHostPort(address); strings.HasSuffix(host, ".example") {
			address = w.server.Listener.Addr().String()
		}
		return (&net.Dialer{Resolver: cfg.Resolver}).DialContext(ctx, network, address)
	}}}
	return bare{p}
}

func (b bare) poll(ctx context.Context, address string) answer {
	f, err := b.parser.ParseURLWithContext(address, ctx)
	if err != nil {
		return answer{err: err}
	}
	var a answer
	for _, it := range f.Items {
		a.articles = append(a.articles, schemas.Article{Title: it.Title, URL: it.Link, CanonicalURL: readable.Clean(it.Link), Text: it.Content, PublishedAt: it.Published})
	}
	return a
}

// TestConformance runs every scenario.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t, openProduct)
			s.run(w)
			for _, f := range w.faults {
				t.Error(f)
			}
		})
	}
}

// TestConformanceTable counts what gofeed alone passes of the scenarios that are
// about feeds, and holds the README to the counts.
func TestConformanceTable(t *testing.T) {
	if testing.Short() {
		t.Skip("gofeed alone waits for servers that never answer")
	}
	t.Parallel()
	all, feeds := scenarios(), 0
	var passed atomic.Int32
	t.Run("gofeed", func(t *testing.T) {
		for _, s := range all {
			if s.pages {
				continue
			}
			feeds++
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, openBare)
				w.patience = 8 * time.Second
				w.allowed = w.patience // whatever ends by itself, however slow the machine
				s.run(w)
				if len(w.faults) == 0 {
					passed.Add(1)
				} else {
					t.Logf("gofeed alone: %s", strings.Join(w.faults, "; "))
				}
			})
		}
	})
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []string{
		fmt.Sprintf("| claimwire | %d of %d | %d of %d |", feeds, feeds, len(all)-feeds, len(all)-feeds),
		fmt.Sprintf("| gofeed 1.4.2 alone | %d of %d | does none |", passed.Load(), feeds),
	} {
		if !regexp.MustCompile(regexp.QuoteMeta(row)).Match(readme) {
			t.Errorf("README.md has no row %q", row)
		}
	}
}
