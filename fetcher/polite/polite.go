// Package polite keeps a fetcher from being a burden: it spaces requests per
// host and per registrable domain, reads robots.txt as RFC 9309 says, reads
// Retry-After, and spreads retries so that they don't come in bursts.
//
// It makes no requests itself.
package polite

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Clock tells the time and waits. The zero value is the real one.
type Clock struct {
	NowFunc   func() time.Time                                 // default time.Now
	SleepFunc func(ctx context.Context, d time.Duration) error // default: a timer
}

// Now returns the time.
func (c Clock) Now() time.Time {
	if c.NowFunc != nil {
		return c.NowFunc()
	}
	return time.Now()
}

// Sleep waits for d, or until ctx ends, whose error it returns.
func (c Clock) Sleep(ctx context.Context, d time.Duration) error {
	if c.SleepFunc != nil {
		return c.SleepFunc(ctx, d)
	}
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Backoff returns how long to wait before retry n (from 0): a random part of
// base doubled n times, at most limit. random is in [0, 1). Full jitter keeps
// clients that failed together from returning together.
func Backoff(n int, base, limit time.Duration, random float64) time.Duration {
	d := limit
	if n < 30 {
		d = min(limit, base<<n)
	}
	if d <= 0 { // shifted out
		d = limit
	}
	return time.Duration(random * float64(d))
}

// MaxRetryAfter bounds what a server can ask for.
const MaxRetryAfter = 24 * time.Hour

// RetryAfter reads the header of that name: seconds or an HTTP date. It returns 0
// if there is none, or none that can be read.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if n, err := strconv.ParseInt(v, 10, 32); err == nil {
		return min(max(0, time.Duration(n)*time.Second), MaxRetryAfter)
	}
	if t, err := http.ParseTime(v); err == nil {
		return min(max(0, t.Sub(now)), MaxRetryAfter)
	}
	return 0
}
