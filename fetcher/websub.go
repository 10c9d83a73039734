package fetcher

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // old hubs sign with nothing else
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	stdhash "hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/fetcher/feed"
)

// WebSub (W3C Recommendation, 2018): a feed that names a hub is subscribed to, and
// polled at once when the hub says that it has changed. What a hub sends is not
// read as the feed: a poll is one cheap request, and its answer comes from the
// publisher.

const (
	pushLease    = 10 * 24 * time.Hour // what is asked for
	minLease     = 10 * time.Minute    // what a hub may give
	pushRenew    = 12 * time.Hour      // before the end of a lease
	pushRetry    = 6 * time.Hour       // until a hub that refused is asked again
	pushGap      = 30 * time.Second    // between two polls that a hub brings about
	maxPush      = 4 << 20             // bytes of a notification
	maxCallbacks = 10_000
)

// subscription is what is remembered of a feed at its hub.
type subscription struct {
	Hub     string    `json:"hub"`
	Topic   string    `json:"topic"`
	Token   string    `json:"token"`            // the last part of the callback's path: nobody else knows it
	Secret  string    `json:"secret"`           // notifications are signed with it
	Asked   time.Time `json:"asked"`            // when the hub was last asked
	Expires time.Time `json:"expires,omitzero"` // zero until the hub has verified the callback
}

// A pusher knows the subscriptions. Its zero value is ready.
type pusher struct {
	mu    sync.Mutex // owns what follows
	feeds map[string]*pushed
}

// pushed is one feed with a subscription, by the token of its callback.
type pushed struct {
	sub    subscription
	wake   context.CancelFunc // ends the feed's wait; nil if it does not wait
	pinged time.Time          // when a notification last ended a wait
	due    bool               // one has come since
}

// subscribe asks the feed's hub for notifications, if there is a hub and no lease
// that lasts. It returns the subscription to remember; nil if there is none.
func (f *Fetcher) subscribe(ctx context.Context, parsed *feed.Feed, old *subscription) *subscription {
	if f.cfg.Callback == "" || parsed.Hub == "" || parsed.Self == "" || parsed.Self != withoutUser(parsed.Self) || parsed.Hub != withoutUser(parsed.Hub) {
		return nil // a feed behind a password is not a hub's business
	}
	now := f.cfg.Clock.Now()
	if old == nil || old.Hub != parsed.Hub || old.Topic != parsed.Self {
		old = &subscription{Hub: parsed.Hub, Topic: parsed.Self, Token: random(), Secret: random()}
	}
	f.push.remember(old)
	next := old.Asked.Add(pushRetry)
	if now.Before(old.Expires) {
		next = old.Expires.Add(-min(pushRenew, old.Expires.Sub(old.Asked)/2))
	}
	if now.Before(next) {
		return old
	}
	sub := *old
	sub.Asked = now
	f.push.remember(&sub)
	if err := f.askHub(ctx, &sub); err != nil {
		f.log.Info("hub does not take the subscription", "url", redact(sub.Hub), "err", err)
	}
	return &sub
}

// askHub sends a subscription request. It goes through the same guard as every
// other request.
func (f *Fetcher) askHub(ctx context.Context, s *subscription) error {
	ctx, cancel := context.WithTimeoutCause(ctx, f.cfg.Timeout, errTimeout)
	defer cancel()
	u, err := url.Parse(s.Hub)
	if err != nil {
		return err
	}
	release, err := f.turn(ctx, u)
	if err != nil {
		return err
	}
	defer release()
	form := url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {s.Topic}, "hub.callback": {strings.TrimRight(f.cfg.Callback, "/") + "/" + s.Token},
		"hub.secret": {s.Secret}, "hub.lease_seconds": {strconv.Itoa(int(pushLease.Seconds()))},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", f.cfg.UserAgent)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f.stats.add(func(t *Totals) { t.Requests++ })
	h, err := f.client.Do(r)
	if err != nil {
		return failure(ctx, u, "request", err)
	}
	defer h.Body.Close()
	if h.StatusCode/100 != 2 { // a redirect is not followed: the secret is meant for this hub
		return &StatusError{URL: redact(u.String()), Code: h.StatusCode}
	}
	return nil
}

// Push returns the handler of [Config.Callback], to which hubs send their
// questions and notifications. It answers 404 to whoever does not know the address
// of a subscription.
func (f *Fetcher) Push() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		switch r.Method {
		case http.MethodGet:
			f.verifyPush(w, r.URL.Query(), token)
		case http.MethodPost:
			f.takePush(w, r, token)
		default:
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
}

// verifyPush answers a hub's question whether we have asked for a subscription.
func (f *Fetcher) verifyPush(w http.ResponseWriter, q url.Values, token string) {
	now := f.cfg.Clock.Now()
	f.push.mu.Lock()
	defer f.push.mu.Unlock()
	p := f.push.feeds[token]
	if p == nil || q.Get("hub.topic") != p.sub.Topic {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	switch q.Get("hub.mode") {
	case "subscribe":
		lease := pushLease
		if n, err := strconv.Atoi(q.Get("hub.lease_seconds")); err == nil {
			lease = min(max(time.Duration(min(n, 1<<30))*time.Second, minLease), 2*pushLease)
		}
		if now.Sub(p.sub.Asked) > pushRetry { // we have not asked lately
			w.WriteHeader(http.StatusNotFound)
			return
		}
		p.sub.Expires = now.Add(lease)
		f.log.Info("subscribed", "feed", redact(p.sub.Topic), "url", redact(p.sub.Hub), "until", p.sub.Expires.Format(time.RFC3339))
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, q.Get("hub.challenge"))
	case "denied":
		p.sub.Expires = time.Time{}
		f.log.Info("hub denies the subscription", "feed", redact(p.sub.Topic), "err", oneLine(q.Get("hub.reason")))
	default: // nobody here unsubscribes
		w.WriteHeader(http.StatusNotFound)
	}
}

// takePush has a feed polled if a notification is signed. By the standard the
// answer does not tell whether it was.
func (f *Fetcher) takePush(w http.ResponseWriter, r *http.Request, token string) {
	f.push.mu.Lock()
	p := f.push.feeds[token]
	var sub subscription
	if p != nil {
		sub = p.sub
	}
	f.push.mu.Unlock()
	now := f.cfg.Clock.Now()
	if p == nil || !now.Before(sub.Expires) {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPush))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	if !signed(r.Header.Get("X-Hub-Signature"), sub.Secret, body) {
		f.log.Warn("notification with a wrong signature", "feed", redact(sub.Topic))
		return
	}
	f.stats.add(func(t *Totals) { t.Pushes++ })
	f.push.ping(token)
}

// signed checks a signature "method=hex".
func signed(signature, secret string, body []byte) bool {
	method, given, _ := strings.Cut(signature, "=")
	newHash := map[string]func() stdhash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}[method]
	mac, err := hex.DecodeString(given)
	if newHash == nil || err != nil || secret == "" {
		return false
	}
	h := hmac.New(newHash, []byte(secret))
	h.Write(body)
	return subtle.ConstantTimeCompare(mac, h.Sum(nil)) == 1
}

func (p *pusher) remember(s *subscription) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.feeds == nil {
		p.feeds = map[string]*pushed{}
	}
	old := p.feeds[s.Token]
	if old == nil {
		if len(p.feeds) >= maxCallbacks {
			return
		}
		old = &pushed{}
		p.feeds[s.Token] = old
		old.sub = *s
		return
	}
	expires := old.sub.Expires // the callback knows better
	old.sub = *s
	if expires.After(s.Expires) {
		old.sub.Expires = expires
	}
}

// current returns what is known of a subscription now, and whether it is in force.
func (p *pusher) current(s *subscription, now time.Time) (*subscription, bool) {
	if s == nil {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.feeds[s.Token]; known != nil {
		c := known.sub
		return &c, now.Before(c.Expires)
	}
	return s, false
}

// ping ends the wait of a feed, or the next one if it does not wait.
func (p *pusher) ping(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.feeds[token]; f != nil {
		f.due = true
		if f.wake != nil {
			f.wake()
		}
	}
}

// wait sleeps for d, or until a notification about the subscription comes, but
// no shorter than pushGap after the last that did.
func (f *Fetcher) wait(ctx context.Context, d time.Duration, s *subscription) error {
	sleep, wake := context.WithCancel(ctx)
	defer wake()
	p := f.push.waiting(s, wake)
	if p == nil {
		return f.cfg.Clock.Sleep(ctx, d)
	}
	err := f.cfg.Clock.Sleep(sleep, d)
	pinged := f.push.woken(p)
	if sleep.Err() == nil || ctx.Err() != nil {
		return err
	}
	if gap := pushGap - f.cfg.Clock.Now().Sub(pinged); gap > 0 {
		if err := f.cfg.Clock.Sleep(ctx, gap); err != nil {
			return err
		}
	}
	f.push.mu.Lock()
	p.pinged = f.cfg.Clock.Now()
	f.push.mu.Unlock()
	return nil
}

// waiting notes how to wake the feed of a subscription; nil if it has none.
func (p *pusher) waiting(s *subscription, wake context.CancelFunc) *pushed {
	if s == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.feeds[s.Token]
	if f != nil {
		if f.wake = wake; f.due {
			wake()
		}
	}
	return f
}

// woken ends a wait and returns when a notification last ended one.
func (p *pusher) woken(f *pushed) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.wake, f.due = nil, false
	return f.pinged
}

func random() string {
	b := make([]byte, 24)
	rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}

// oneLine bounds what a hub says for the log.
func oneLine(s string) string { return fmt.Sprintf("%.200q", s) }
