package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// An endpoint is one Endpoint at work.
type endpoint struct {
	Endpoint
	sender *Sender
	log    *slog.Logger

	mu      sync.Mutex // owns what follows
	file    *positionFile
	pending []uint64 // sequences that are read and neither delivered nor passed over, ascending
	read    uint64   // last sequence that was read
	saved   time.Time
	changed bool // the file lacks whether it fails
	sent    int64
	lastErr string
}

// A message is the body of a request, as the specification has it.
type message struct {
	Type      string `json:"type"`      // "claim." and the kind of change, or "stream.gap"
	Timestamp string `json:"timestamp"` // when the change was known
	Data      any    `json:"data"`      // changeData or gapData
	id        string
	sequence  uint64
}

// changeData is the data of a message about a claim.
type changeData struct {
	Sequence uint64          `json:"sequence"` // of the change in CLAIMS
	Change   *schemas.Change `json:"change"`
}

// gapData is the data of a message that says that changes are lost to this
// endpoint, because the stream let go of them while it could not be reached.
type gapData struct {
	After   uint64 `json:"after"`   // last sequence before the gap
	First   uint64 `json:"first"`   // first sequence after it
	Restart string `json:"restart"` // path of the HTTP API where the claims are as they stand
}

// errDisabled ends the work of an endpoint.
var errDisabled = errors.New("endpoint disabled")

func (e *endpoint) status() Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	u, _ := url.Parse(e.URL)
	return Status{Name: e.Name, Host: u.Host, Position: e.position(), Sent: e.sent, Failing: e.file.Failing, Error: e.lastErr, Disabled: e.file.Disabled}
}

// position returns the sequence up to which all is done; e.mu is held.
func (e *endpoint) position() uint64 {
	if len(e.pending) > 0 {
		return e.pending[0] - 1
	}
	return max(e.read, e.file.Position)
}

// run delivers to the endpoint until ctx ends or it is disabled. What breaks the
// stream off is tried again.
func (e *endpoint) run(ctx context.Context) {
	if e.file.Disabled != "" {
		e.log.Warn("webhook is disabled; remove its position file to enable it", "why", e.file.Disabled, "file", e.file.path)
		return
	}
	for n := 1; ; n++ {
		err := e.follow(ctx)
		switch {
		case ctx.Err() != nil, errors.Is(err, errDisabled):
			return
		}
		e.log.Warn("the claim stream broke off; reading on", "err", err)
		if !wait(ctx, e.sender.pause(min(n, 3))) {
			return
		}
	}
}

// follow reads the stream and hands what the endpoint wants to its lanes.
func (e *endpoint) follow(ctx context.Context) error {
	since, err := e.begin(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	lanes := make([]chan *message, e.sender.cfg.Lanes)
	var work sync.WaitGroup
	for i := range lanes {
		lanes[i] = make(chan *message, 16)
		work.Go(func() {
			for m := range lanes[i] {
				if err := e.deliver(ctx, m); err != nil {
					cancel(err)
				}
			}
		})
	}
	put := func(lane int, m *message) error {
		select {
		case lanes[lane] <- m:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	quiet := make(chan struct{})
	work.Go(func() { e.saveLater(quiet) })
	var gone *sink.GoneError
	err = e.sender.cfg.Follow(ctx, since, func(sequence uint64, c *schemas.Change) error {
		wanted := e.wants(c)
		e.noteRead(sequence, wanted)
		if !wanted {
			return nil
		}
		return put(e.lane(c), newMessage(sequence, c))
	})
	if errors.As(err, &gone) && gone.First > 0 {
		err = e.skip(since, gone.First, func(m *message) error { return put(0, m) })
	}
	close(quiet)
	for _, l := range lanes {
		close(l)
	}
	work.Wait()
	e.save(true)
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return err
}

// begin returns the sequence to read after. What an earlier follow left
// undelivered is read again.
func (e *endpoint) begin(ctx context.Context) (uint64, error) {
	_, last, err := e.sender.cfg.Bounds(ctx)
	if err != nil {
		return 0, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.file.known {
		e.file.Position, e.file.known = last, true
		if e.Since != nil {
			e.file.Position = *e.Since
		}
		if err := e.file.save(); err != nil {
			return 0, err
		}
	}
	if e.file.Position > last { // a stream that was made anew
		e.log.Warn("the stream is younger than the webhook's position; beginning at its start", "position", e.file.Position)
		e.file.Position = 0
	}
	e.pending, e.read = nil, e.file.Position
	return e.file.Position, nil
}

// skip tells the receiver that the stream let go of changes, and goes on after them.
func (e *endpoint) skip(after, first uint64, put func(*message) error) error {
	e.log.Error("the stream no longer has changes that the webhook has not had", "after", after, "first", first)
	e.noteRead(first-1, true)
	return put(&message{
		Type: "stream.gap", Timestamp: time.Now().UTC().Format(time.RFC3339), Data: gapData{after, first, "/api/v1/claims"},
		id: fmt.Sprintf("gap_%d_%d", after, first), sequence: first - 1,
	})
}

// wants reports whether a change is for this endpoint.
func (e *endpoint) wants(c *schemas.Change) bool {
	return (len(e.Changes) == 0 || slices.Contains(e.Changes, c.Change)) && e.Query.Match(c) && e.Jump.reached(c)
}

// lane returns the lane of a change: one for each series.
func (e *endpoint) lane(c *schemas.Change) int {
	h := fnv.New32a()
	_, _ = io.WriteString(h, c.Claim.SeriesID)
	return int(h.Sum32() % uint32(e.sender.cfg.Lanes))
}

func newMessage(sequence uint64, c *schemas.Change) *message {
	return &message{Type: "claim." + string(c.Change), Timestamp: c.KnownAt, Data: changeData{sequence, c}, id: c.ID, sequence: sequence}
}

// noteRead notes that a sequence was read, and whether it is to be delivered.
func (e *endpoint) noteRead(sequence uint64, wanted bool) {
	e.mu.Lock()
	e.read = sequence
	if wanted {
		e.pending = append(e.pending, sequence)
	}
	e.mu.Unlock()
	e.save(false)
}

// done notes that a sequence was delivered.
func (e *endpoint) done(sequence uint64) {
	e.mu.Lock()
	if i, ok := slices.BinarySearch(e.pending, sequence); ok {
		e.pending = slices.Delete(e.pending, i, i+1)
	}
	e.sent++
	e.lastErr = ""
	e.changed = e.changed || !e.file.Failing.IsZero()
	e.file.Failing = time.Time{}
	e.mu.Unlock()
	e.save(false)
}

// saveEvery bounds how often a position is written, and so how much is sent again
// after a crash.
const saveEvery = 200 * time.Millisecond

// save writes the position if it moved and the last write is a while ago.
func (e *endpoint) save(now bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	at := e.position()
	if !now && (at == e.file.Position && !e.changed || time.Since(e.saved) < saveEvery) {
		return
	}
	e.file.Position, e.saved, e.changed = at, time.Now(), false
	if err := e.file.save(); err != nil {
		e.log.Error("webhook position not saved", "err", err)
	}
}

// saveLater writes the position that the last messages of a burst have left, until
// quiet is closed.
func (e *endpoint) saveLater(quiet <-chan struct{}) {
	tick := time.NewTicker(2 * saveEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			e.save(false)
		case <-quiet:
			return
		}
	}
}

// deliver sends a message until the receiver takes it. It returns an error if
// ctx ends or the endpoint is disabled.
func (e *endpoint) deliver(ctx context.Context, m *message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	started := time.Now()
	var failing time.Time // since when this message has been refused
	for n := 1; ; n++ {
		pause, err := e.attempt(ctx, m.id, body)
		if err == nil {
			e.done(m.sequence)
			if d, ok := m.Data.(changeData); ok && e.sender.cfg.Delivered != nil {
				e.sender.cfg.Delivered(e.Name, d.Change, started)
			}
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if n == 1 {
			failing = time.Now()
		}
		if err := e.failed(err, failing); err != nil {
			return err
		}
		if !wait(ctx, max(pause, e.sender.pause(n))) {
			return context.Cause(ctx)
		}
	}
}

// A refusedError is an answer that is no success.
type refusedError struct{ status int }

func (r *refusedError) Error() string {
	return fmt.Sprintf("answered %d %s", r.status, http.StatusText(r.status))
}

// failed notes a failed attempt at a message that has been refused since since;
// the error is errDisabled if it was the last.
func (e *endpoint) failed(err error, since time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lastErr = err.Error()
	if e.file.Failing.IsZero() {
		e.file.Failing, e.changed = time.Now(), true
		e.log.Warn("webhook not delivered; trying again", "err", err)
	}
	if e.file.Failing.Before(since) { // before a restart, or in another lane
		since = e.file.Failing
	}
	var refused *refusedError
	switch {
	case e.file.Disabled != "": // by another lane
	case errors.As(err, &refused) && refused.status == http.StatusGone:
		e.file.Disabled = "the receiver answered 410 Gone"
	case time.Since(since) >= e.sender.cfg.GiveUp:
		e.file.Disabled = "failing since " + since.UTC().Format(time.RFC3339) + ": " + err.Error()
	default:
		return nil
	}
	e.file.Position = e.position()
	e.log.Error("webhook disabled", "why", e.file.Disabled)
	if err := e.file.save(); err != nil {
		e.log.Error("webhook position not saved", "err", err)
	}
	return errDisabled
}

// attempt sends a message once. pause is how long the receiver asks to be left alone.
func (e *endpoint) attempt(ctx context.Context, id string, body []byte) (pause time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, e.sender.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	at := time.Now().Unix()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "claimwire-webhook/1")
	req.Header.Set(headerID, id)
	req.Header.Set(headerTime, strconv.FormatInt(at, 10))
	signatures := ""
	for i, s := range e.Secrets {
		if i > 0 {
			signatures += " "
		}
		signatures += s.sign(id, at, body)
	}
	req.Header.Set(headerSignature, signatures)
	resp, err := e.sender.client.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // its text has the address, which may hold a secret
			err = u.Err
		}
		return 0, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return 0, nil
	}
	return retryAfter(resp.Header, e.sender.cfg.LongestWait), &refusedError{resp.StatusCode}
}

// retryAfter returns what a Retry-After header asks for, at most longest.
func retryAfter(h http.Header, longest time.Duration) time.Duration {
	s := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(s); err == nil && seconds > 0 {
		return min(time.Duration(min(seconds, 86400))*time.Second, longest)
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(0, time.Until(at)), longest)
	}
	return 0
}

// wait returns false if ctx ends before d has passed.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
