// Package sample is a newsroom to try claimwire on: five invented publishers on
// a loopback HTTP server, with feeds, pages and robots.txt as real sites have
// them. The fetcher meets them like any site; only its dialer knows that their
// ".example" hosts live on this machine, so that no URL and no id depends on a port.
//
// The publishers differ as real ones do:
//
//	Meridian News Agency   meridian.example           Atom       dates in meta tags; its copy runs elsewhere too
//	Harbour Post           www.harbourpost.example    RSS 2.0    dates in JSON-LD
//	Levant Courier         www.levantcourier.example  JSON Feed  dates in microdata and <time>
//	Costa y Sierra         costaysierra.example       RSS 2.0    everything in windows-1252, dates in Dublin Core tags
//	Ledger Daily           www.ledgerdaily.example    Atom       dates in a JSON-LD graph
//
// They report three stories from 24 to 27 November 2025. People, companies,
// events and figures are invented, places and public bodies are real.
//
//   - Gaza: three days of talks in Cairo on the second phase of a ceasefire. Aid
//     quotas that are required, counted, proposed and agreed (500 a day supposed
//     to enter, no more than 180 counted, 420 agreed), a running toll since
//     October 10, a strike whose toll the military denies, and a correction (280
//     trucks were 208). Meridian's opening report runs word for word in the
//     Courier and abridged in the Post.
//   - Peru: an earthquake whose toll rises from 11 to 61 (11, 14, 26, 41, 43
//     against 47 on one evening, 58 in a joint list, 61). Meridian's report of 41
//     runs word for word in the Post. The 2,300 homeless families of the last
//     report stand in its headline only.
//   - Tavira: a take-over with two bidders: prices per share, sums, stakes, a
//     denied plan to cut 800 jobs.
//
// Everything served is the same, byte for byte, at every start. Articles are the
// text files of the content folder, in the format that parseArticle describes.
package sample

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Config configures a [Newsroom]. Zero fields get the default given here.
type Config struct {
	Pace   time.Duration // time between two publications; default: everything is published at the start
	Logger *slog.Logger  // for trouble of the HTTP server; default: discard
}

// A Newsroom serves the sample publishers until it is closed.
type Newsroom struct {
	articles []Article // by time of publication
	sites    map[string]*site
	pace     time.Duration
	start    time.Time

	address   string
	server    *http.Server
	unwatch   func() bool // ends the wait for the context of Start
	served    chan struct{}
	closeOnce sync.Once
	err       error // of closing
}

// Start listens on a free port of 127.0.0.1 and serves until Close is called or
// ctx ends; Close must be called in either case.
func Start(ctx context.Context, cfg Config) (*Newsroom, error) {
	n, err := newNewsroom(cfg)
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("sample newsroom: %w", err)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	n.address = l.Addr().String()
	n.server = &http.Server{
		Handler:           n,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(cfg.Logger.Handler(), slog.LevelWarn),
	}
	n.served = make(chan struct{})
	go func() {
		defer close(n.served)
		if err := n.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			cfg.Logger.Error("sample newsroom stops", "err", err)
		}
	}()
	n.unwatch = context.AfterFunc(ctx, func() { _ = n.server.Close() })
	return n, nil
}

// newNewsroom reads the embedded articles and renders their pages. The newsroom
// is a complete [http.Handler]; nothing listens yet.
func newNewsroom(cfg Config) (*Newsroom, error) {
	articles, err := loadArticles()
	if err != nil {
		return nil, fmt.Errorf("sample newsroom: %w", err)
	}
	n := &Newsroom{articles: articles, sites: make(map[string]*site), pace: cfg.Pace, start: time.Now()}
	for i := range publishers {
		s, err := newSite(&publishers[i], articles)
		if err != nil {
			return nil, fmt.Errorf("sample newsroom: %s: %w", publishers[i].host, err)
		}
		n.sites[s.host] = s
	}
	return n, nil
}

// Close stops the server and waits until it has stopped. It may be called more
// than once.
func (n *Newsroom) Close() error {
	n.closeOnce.Do(func() {
		n.unwatch()
		n.err = n.server.Close()
		<-n.served
	})
	return n.err
}

// Feeds returns the URL of each publisher's feed, in a fixed order.
func (n *Newsroom) Feeds() []string {
	urls := make([]string, len(publishers))
	for i := range publishers {
		urls[i] = publishers[i].url(publishers[i].feedPath)
	}
	return urls
}

// Hosts maps each host of the newsroom, without a port, to the address that
// serves it: what a dialer needs to know.
func (n *Newsroom) Hosts() map[string]string {
	hosts := make(map[string]string, len(n.sites))
	for h := range n.sites {
		hosts[h] = n.address
	}
	return hosts
}

// Articles returns everything the newsroom publishes, in order of publication,
// whether or not its time has come.
func (n *Newsroom) Articles() []Article { return slices.Clone(n.articles) }

// published returns how many of the articles are out by now.
func (n *Newsroom) published() int {
	if n.pace <= 0 {
		return len(n.articles)
	}
	return min(len(n.articles), 1+int(time.Since(n.start)/n.pace))
}
