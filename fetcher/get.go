package fetcher

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher/polite"
	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

const (
	maxRedirects = 5
	acceptFeed   = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
	acceptPage   = "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1"
)

// A StatusError is an answer that is not the page.
type StatusError struct {
	URL        string
	Code       int           // HTTP status
	RetryAfter time.Duration // how long the server asks to wait; 0 if it does not say
	Wall       string        // whose bot wall it is; empty if it is none
}

func (e *StatusError) Error() string {
	s := fmt.Sprintf("%s: status %d %s", e.URL, e.Code, http.StatusText(e.Code))
	if e.RetryAfter > 0 {
		s += fmt.Sprintf(", retry after %s", e.RetryAfter)
	}
	if e.Wall != "" {
		s += ", from a bot wall (" + e.Wall + ")"
	}
	return s
}

// ErrPurged says that what stands at an address was purged and is not fetched again.
var ErrPurged = errors.New("purged")

// A RobotsError says that a site's robots.txt forbids a page.
type RobotsError struct {
	URL         string
	Unreachable bool // robots.txt cannot be had, which forbids everything for now
}

func (e *RobotsError) Error() string {
	if e.Unreachable {
		return e.URL + ": left alone because its robots.txt cannot be had"
	}
	return e.URL + ": forbidden by robots.txt"
}

// A request is one GET.
type request struct {
	url          string
	accept       string
	etag         string // validators of the last answer, byte for byte; empty if none
	lastModified string
	robots       bool  // obey robots.txt
	maxBytes     int64 // 0: Config.MaxBytes
}

// A response is a 200 or 304.
type response struct {
	status int
	url    *url.URL // after redirects
	moved  string   // where the page has moved for good; empty if it has not
	header http.Header
	body   []byte
	at     time.Time // when the request was sent
	ref    warc.Ref  // where the archive has the body; zero if nowhere
}

func (r *response) contentType() string { return r.header.Get("Content-Type") }

// getRetry is get with retries of errors that may pass.
func (f *Fetcher) getRetry(ctx context.Context, req request) (*response, error) {
	for n := 0; ; n++ {
		res, err := f.get(ctx, req)
		if err == nil || n >= f.cfg.Retries || !transient(err) || ctx.Err() != nil {
			return res, err
		}
		var status *StatusError
		var held *polite.HeldError
		if errors.As(err, &held) || errors.As(err, &status) && status.RetryAfter > 0 {
			return res, err // the host says when; the next poll will see to it
		}
		f.stats.add(func(t *Totals) { t.Retries++ })
		if f.cfg.Clock.Sleep(ctx, polite.Backoff(n, time.Second, 30*time.Second, f.cfg.Random())) != nil {
			return res, err
		}
	}
}

// get sends a request and follows redirects. The response is not nil if bytes of
// a body came before an error.
func (f *Fetcher) get(ctx context.Context, req request) (*response, error) {
	u, err := url.Parse(req.url)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", req.url, schemas.ErrMalformed)
	}
	moved := "" // for as long as all redirects have been permanent
	permanent := true
	for hop := 0; ; hop++ {
		if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			return nil, fmt.Errorf("%s: not an http or https address: %w", redact(u.String()), schemas.ErrMalformed)
		}
		if f.cfg.Withheld != nil && f.cfg.Withheld(u) {
			return nil, fmt.Errorf("%s: %w", u.Hostname(), ErrPurged)
		}
		if req.robots && !f.cfg.IgnoreRobots {
			if err := f.obey(ctx, u); err != nil {
				return nil, err
			}
		}
		res, err := f.send(ctx, u, req)
		if err != nil {
			return res, err
		}
		next := ""
		switch res.status {
		case http.StatusMovedPermanently, http.StatusPermanentRedirect:
			next = res.header.Get("Location")
		case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
			next, permanent = res.header.Get("Location"), false
		default:
			res.url, res.moved = u, moved
			return res, nil
		}
		to, err := u.Parse(next)
		if next == "" || err != nil {
			return nil, fmt.Errorf("%s: redirect without a readable Location: %w", redact(u.String()), schemas.ErrMalformed)
		}
		if hop == maxRedirects {
			return nil, fmt.Errorf("%s: more than %d redirects: %w", redact(req.url), maxRedirects, schemas.ErrMalformed)
		}
		if to.Host == u.Host && to.Scheme == u.Scheme {
			to.User = u.User // credentials never go to another host
		}
		u = to
		if permanent {
			moved = u.String()
		}
	}
}

var errTimeout = errors.New("timed out")

// send sends one request, without following redirects.
func (f *Fetcher) send(ctx context.Context, u *url.URL, req request) (*response, error) {
	release, err := f.turn(ctx, u)
	if err != nil {
		return nil, err
	}
	defer release()
	return f.exchange(ctx, u, strings.ToLower(u.Hostname()), req)
}

// turn waits until a request to u may start, and returns the function to call when
// it has ended.
func (f *Fetcher) turn(ctx context.Context, u *url.URL) (release func(), err error) {
	host := strings.ToLower(u.Hostname())
	site := readable.Domain(host)
	if site == "" {
		site = host
	}
	free, err := f.limiter.Acquire(ctx, host, site)
	if err != nil {
		return nil, failure(ctx, u, "waiting for its turn", err)
	}
	select {
	case f.slots <- struct{}{}:
		return func() { <-f.slots; free() }, nil
	case <-ctx.Done():
		free()
		return nil, failure(ctx, u, "waiting for its turn", ctx.Err())
	}
}

func (f *Fetcher) exchange(ctx context.Context, u *url.URL, host string, req request) (*response, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, f.cfg.Timeout, errTimeout)
	defer cancel()
	rec := f.recorder()
	r, err := http.NewRequestWithContext(rec.trace(ctx), http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", redact(u.String()), schemas.ErrMalformed)
	}
	r.Header.Set("User-Agent", f.cfg.UserAgent)
	r.Header.Set("Accept", req.accept)
	r.Header.Set("Accept-Encoding", acceptEncoding)
	if req.etag != "" {
		r.Header.Set("If-None-Match", req.etag)
	}
	if req.lastModified != "" {
		r.Header.Set("If-Modified-Since", req.lastModified)
	}
	f.stats.add(func(t *Totals) { t.Requests++ })
	at := f.cfg.Clock.Now().UTC().Truncate(time.Microsecond)
	h, err := f.client.Do(r)
	if err != nil {
		return nil, failure(ctx, u, "request", err)
	}
	defer h.Body.Close()
	res := &response{status: h.StatusCode, header: h.Header, url: u, at: at}
	err = f.read(ctx, res, h, rec, host, req)
	res.ref = rec.write(res, r, h, err)
	return res, err
}

// read reads the body of an answer and makes an error of what is not the page.
func (f *Fetcher) read(ctx context.Context, res *response, h *http.Response, rec *recorder, host string, req request) (err error) {
	u, encoding := res.url, h.Header.Get("Content-Encoding")
	switch {
	case res.status == http.StatusNotModified:
		return nil
	case res.status >= 300 && res.status < 400: // for the archive
		_, err := io.Copy(io.Discard, io.LimitReader(rec.body(h.Body), maxSaid))
		rec.cut(err, h.ContentLength)
		return nil
	case res.status != http.StatusOK && res.status != http.StatusNonAuthoritativeInfo:
		return f.refused(res, h, rec, host)
	}
	limit := req.maxBytes
	if limit == 0 {
		limit = f.cfg.MaxBytes
	}
	if h.ContentLength > limit {
		rec.cut(nil, h.ContentLength)
		return fmt.Errorf("%s: body of %d bytes, over %d: %w", redact(u.String()), h.ContentLength, limit, schemas.ErrMalformed)
	}
	res.body, err = readBody(rec.body(h.Body), encoding, limit)
	f.stats.add(func(t *Totals) { t.Bytes += int64(len(res.body)) })
	if err != nil {
		rec.cut(err, h.ContentLength)
		return failure(ctx, u, "body", err)
	}
	return nil
}

// maxSaid is how much is read of a body that is not the page; some will do.
const maxSaid = 16 << 10

// refused makes an error of a status, and holds the host back if it asks for it.
func (f *Fetcher) refused(res *response, h *http.Response, rec *recorder, host string) error {
	now := f.cfg.Clock.Now()
	e := &StatusError{URL: redact(res.url.String()), Code: h.StatusCode}
	if h.StatusCode == http.StatusTooManyRequests || h.StatusCode == http.StatusServiceUnavailable {
		if e.RetryAfter = polite.RetryAfter(h.Header, now); e.RetryAfter > 0 {
			f.hold(host, now.Add(e.RetryAfter))
		}
	}
	// What it says, for the dead letter.
	var err error
	res.body, err = readBody(io.LimitReader(rec.body(h.Body), maxSaid), h.Header.Get("Content-Encoding"), 4*maxSaid)
	rec.cut(err, h.ContentLength)
	e.Wall = wall(res, 0)
	return e
}

// failure says what failed for which address.
func failure(ctx context.Context, u *url.URL, what string, err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err // it repeats the address, with credentials
	}
	if cause := context.Cause(ctx); errors.Is(cause, errTimeout) {
		err = fmt.Errorf("%w (%v)", errTimeout, err)
	}
	return fmt.Errorf("%s: %s: %w", redact(u.String()), what, err)
}

// transient reports whether a later try may succeed.
func transient(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		switch status.Code {
		case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return status.Code >= 520 && status.Code <= 529 // a proxy that cannot reach its origin
	}
	var robots *RobotsError
	if errors.As(err, &robots) || errors.Is(err, schemas.ErrMalformed) {
		return false
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return false
	}
	return !errors.Is(err, context.Canceled)
}
