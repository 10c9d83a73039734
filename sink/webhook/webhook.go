// Package webhook posts changes of claims to HTTP endpoints, by the Standard
// Webhooks specification (https://www.standardwebhooks.com): signed messages,
// retries with growing pauses, and an end when a receiver answers 410 Gone.
//
// Each endpoint follows the CLAIMS stream with a position of its own, kept in a
// file, so a receiver that is away for an hour costs the others nothing and
// loses nothing itself. Delivery is at least once: a message keeps its
// webhook-id however often it is sent, and receivers drop what they have seen.
// The changes of one series arrive in the order of the stream; different series
// are sent beside each other.
package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// An Endpoint is one receiver and what it wants to hear.
type Endpoint struct {
	Name    string   // required and unique: names the endpoint in logs and on disk
	URL     string   // required: https, or http with Config.AllowHTTP
	Secrets []Secret // at least one; every message is signed with each, so that a new one can be brought in before the old one goes

	Query   sink.Query           // which claims
	Changes []schemas.ChangeKind // which kinds of change; empty for all
	Jump    Jump                 // how far the figure must have moved
	Since   *uint64              // sequence to begin after if the endpoint is new; nil for now, 0 for the oldest kept
}

// Config configures a [Sender]. Zero fields get the default given here.
type Config struct {
	Endpoints []Endpoint
	Dir       string // required: folder of the endpoints' positions

	// Follow and Bounds read the CLAIMS stream, as desk.Config says. Required.
	Follow func(ctx context.Context, since uint64, fn func(sequence uint64, c *schemas.Change) error) error
	Bounds func(ctx context.Context) (first, last uint64, err error)

	// Dial opens connections to endpoints. It must refuse addresses that
	// somebody who may name an endpoint must not reach. Required.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Delivered hears of each change that a receiver has taken, and when it was sent
	// first. Default: nobody does.
	Delivered func(endpoint string, c *schemas.Change, started time.Time)

	AllowHTTP   bool          // endpoints may have http addresses
	Timeout     time.Duration // of one attempt; default 15s
	FirstRetry  time.Duration // pause after the first failure, doubled after each further one; default 5s
	LongestWait time.Duration // longest pause; default 15m
	GiveUp      time.Duration // an endpoint that fails for this long is disabled; default 72h
	Lanes       int           // messages of one endpoint under way at once; default 4
	Logger      *slog.Logger  // default: discard
}

// A Status says how one endpoint does.
type Status struct {
	Name     string    `json:"name"`
	Host     string    `json:"host"`               // of its address, without what may be secret in the rest
	Position uint64    `json:"position"`           // everything up to this sequence is delivered or of no interest
	Sent     int64     `json:"sent"`               // messages delivered since the start
	Failing  time.Time `json:"failing,omitzero"`   // since when; zero if the last attempt went well
	Error    string    `json:"error,omitempty"`    // of the last attempt
	Disabled string    `json:"disabled,omitempty"` // why nothing is sent any more
}

// A Sender delivers to all endpoints.
type Sender struct {
	cfg       Config
	client    *http.Client
	endpoints []*endpoint
}

// New checks the endpoints and reads their positions.
func New(cfg Config) (*Sender, error) {
	if cfg.Dir == "" || cfg.Follow == nil || cfg.Bounds == nil || cfg.Dial == nil {
		return nil, errors.New("webhook: Dir, Follow, Bounds and Dial are required")
	}
	setDefault(&cfg.Timeout, 15*time.Second)
	setDefault(&cfg.FirstRetry, 5*time.Second)
	setDefault(&cfg.LongestWait, 15*time.Minute)
	setDefault(&cfg.GiveUp, 72*time.Hour)
	setDefault(&cfg.Lanes, 4)
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Sender{cfg: cfg, client: &http.Client{
		// No proxy: it would dial for us, past the guard.
		Transport:     &http.Transport{DialContext: cfg.Dial, ResponseHeaderTimeout: cfg.Timeout, MaxIdleConnsPerHost: cfg.Lanes, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	for _, e := range cfg.Endpoints {
		if err := e.check(cfg.AllowHTTP); err != nil {
			return nil, fmt.Errorf("webhook %q: %w", e.Name, err)
		}
		if slices.ContainsFunc(s.endpoints, func(other *endpoint) bool { return other.Name == e.Name }) {
			return nil, fmt.Errorf("webhook %q: two endpoints have this name", e.Name)
		}
		file, err := openPosition(cfg.Dir, e.Name)
		if err != nil {
			return nil, fmt.Errorf("webhook %q: %w", e.Name, err)
		}
		s.endpoints = append(s.endpoints, &endpoint{Endpoint: e, sender: s, file: file, log: cfg.Logger.With("webhook", e.Name)})
	}
	return s, nil
}

func setDefault[T int | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

func (e *Endpoint) check(allowHTTP bool) error {
	u, err := url.Parse(e.URL)
	switch {
	case e.Name == "":
		return errors.New("has no name")
	case err != nil || u.Host == "" || u.User != nil:
		return errors.New("its url is none, or carries a password")
	case u.Scheme != "https" && (u.Scheme != "http" || !allowHTTP):
		return fmt.Errorf("its url must be https, not %s", u.Scheme)
	case len(e.Secrets) == 0:
		return errors.New("has no secret")
	case e.Query.Limit != 0 || e.Query.Cursor != "" || e.Query.KnownAt != "" || len(e.Query.States) > 0:
		return errors.New("limit, cursor, known_at and state do not go with a stream")
	}
	for _, c := range e.Changes {
		if !slices.Contains(schemas.ChangeKinds, c) {
			return fmt.Errorf("no kind of change %q", c)
		}
	}
	return nil
}

// Run delivers until ctx ends, and returns its error. It owns the goroutines it
// starts. An endpoint that fails, or is disabled, does not end it.
func (s *Sender) Run(ctx context.Context) error {
	var wait sync.WaitGroup
	for _, e := range s.endpoints {
		wait.Go(func() { e.run(ctx) })
	}
	wait.Wait()
	s.client.CloseIdleConnections()
	<-ctx.Done()
	return ctx.Err()
}

// Status says how the endpoints do, in the order of the configuration.
func (s *Sender) Status() []Status {
	out := make([]Status, 0, len(s.endpoints))
	for _, e := range s.endpoints {
		out = append(out, e.status())
	}
	return out
}

// pause returns how long to wait after the n-th failure in a row, spread by a
// fifth so that endpoints on one machine do not come back together.
func (s *Sender) pause(n int) time.Duration {
	d := s.cfg.FirstRetry
	for range min(n-1, 30) {
		if d *= 2; d >= s.cfg.LongestWait {
			d = s.cfg.LongestWait
			break
		}
	}
	return d - d/10 + rand.N(d/5+1)
}
