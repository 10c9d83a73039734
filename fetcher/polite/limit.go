package polite

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Limits bound what one host or domain is asked for. Zero fields get the default
// given here.
type Limits struct {
	PerHost   int           // requests at a time to one host; default 2
	PerDomain int           // requests at a time to one registrable domain; default 6
	Delay     time.Duration // between the starts of two requests to one host; default 1s, negative for none
	MaxWait   time.Duration // longest wait before a request is refused with a [HeldError]; default 1m
	Clock     Clock
}

// A HeldError says that a host has asked not to be called before a time.
type HeldError struct {
	Host  string
	Until time.Time
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("%s asked not to be called before %s", e.Host, e.Until.UTC().Format(time.RFC3339))
}

// A Limiter spaces requests. It may be used from several goroutines.
type Limiter struct {
	limits Limits

	mu    sync.Mutex // owns what follows
	hosts map[string]*lane
	sites map[string]*lane
}

// A lane is the queue of one host or domain.
type lane struct {
	slots chan struct{} // holds one token for each request under way
	next  time.Time     // earliest start of the next request
	held  time.Time     // no request before it
	delay time.Duration // negative: not set
	users int           // requests waiting or under way
}

// NewLimiter returns a Limiter.
func NewLimiter(l Limits) *Limiter {
	if l.PerHost <= 0 {
		l.PerHost = 2
	}
	if l.PerDomain <= 0 {
		l.PerDomain = 6
	}
	if l.Delay == 0 {
		l.Delay = time.Second
	}
	if l.MaxWait <= 0 {
		l.MaxWait = time.Minute
	}
	return &Limiter{limits: l, hosts: map[string]*lane{}, sites: map[string]*lane{}}
}

// Acquire waits until a request to host, which belongs to the registrable domain
// site, may start, and returns the function to call when it has ended. If the
// wait would be longer than Limits.MaxWait because the host was held, it returns
// a [*HeldError] at once.
func (l *Limiter) Acquire(ctx context.Context, host, site string) (release func(), err error) {
	h := l.enter(l.hosts, host, l.limits.PerHost)
	s := l.enter(l.sites, site, l.limits.PerDomain)
	leave := func() {
		l.mu.Lock()
		h.users--
		s.users--
		l.mu.Unlock()
	}
	// The host's slot comes first: requests that wait for a slow host must not
	// use up what its neighbours on the same domain may have.
	if err := l.take(ctx, h, host); err != nil {
		leave()
		return nil, err
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		<-h.slots
		leave()
		return nil, ctx.Err()
	}
	return func() {
		<-s.slots
		<-h.slots
		leave()
	}, nil
}

func (l *Limiter) take(ctx context.Context, h *lane, host string) error {
	if err := l.refused(h, host); err != nil {
		return err
	}
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		if err := l.refused(h, host); err != nil {
			<-h.slots
			return err
		}
		l.mu.Lock()
		now := l.limits.Clock.Now()
		start := later(h.next, h.held)
		if !start.After(now) {
			delay := h.delay
			if delay < 0 {
				delay = max(0, l.limits.Delay)
			}
			h.next = now.Add(delay)
			l.mu.Unlock()
			return nil
		}
		l.mu.Unlock()
		if err := l.limits.Clock.Sleep(ctx, start.Sub(now)); err != nil {
			<-h.slots
			return err
		}
	}
}

func (l *Limiter) refused(h *lane, host string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.held.Sub(l.limits.Clock.Now()) > l.limits.MaxWait {
		return &HeldError{Host: host, Until: h.held}
	}
	return nil
}

// maxLanes is when idle lanes are forgotten.
const maxLanes = 10_000

func (l *Limiter) enter(lanes map[string]*lane, key string, slots int) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := lanes[key]
	if e == nil {
		if len(lanes) >= maxLanes {
			now := l.limits.Clock.Now()
			for k, old := range lanes {
				if old.users == 0 && !later(old.next, old.held).After(now) {
					delete(lanes, k)
				}
			}
		}
		e = &lane{slots: make(chan struct{}, slots), delay: -1}
		lanes[key] = e
	}
	e.users++
	return e
}

// SetDelay sets the time between two requests to host, as its robots.txt or the
// user wants it; 0 for none.
func (l *Limiter) SetDelay(host string, d time.Duration) {
	h := l.enter(l.hosts, host, l.limits.PerHost)
	l.mu.Lock()
	h.delay = max(0, d)
	h.users--
	l.mu.Unlock()
}

// Hold keeps every request to host back until a time, as its Retry-After says.
func (l *Limiter) Hold(host string, until time.Time) {
	h := l.enter(l.hosts, host, l.limits.PerHost)
	l.mu.Lock()
	h.held = later(h.held, until)
	h.users--
	l.mu.Unlock()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
