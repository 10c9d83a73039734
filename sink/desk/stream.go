package desk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// retryMillis is how long a client waits before it comes back.
const retryMillis = 3000

// An event is one change on its way to clients.
type event struct {
	sequence uint64
	change   *schemas.Change
	frame    []byte // as it goes over the line
}

func newEvent(sequence uint64, c *schemas.Change) (event, error) {
	frame := fmt.Appendf(nil, "id: %d\ndata: ", sequence)
	frame = c.AppendJSON(frame) // has no line breaks of its own
	return event{sequence, c, append(frame, '\n', '\n')}, nil
}

// getStream sends the changes after a sequence as server-sent events whose ids
// are sequences. What a filter leaves out still moves the id, by events without
// data, so that a client with a narrow filter can come back after a long time.
func (d *Desk) getStream(w http.ResponseWriter, r *http.Request) {
	if d.cfg.Follow == nil {
		writeProblem(w, problem{Status: http.StatusNotFound, Detail: "this desk has no stream"})
		return
	}
	q, since, err := d.streamStart(r)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	if d.streams.Add(1) > int64(d.cfg.MaxStreams) {
		d.streams.Add(-1)
		w.Header().Set("Retry-After", "30")
		writeProblem(w, problem{Status: http.StatusServiceUnavailable, Detail: "too many clients follow the stream"})
		return
	}
	defer d.streams.Add(-1)

	ctx, cancel := context.WithCancel(r.Context())
	events := make(chan event, 64)
	var wait sync.WaitGroup
	wait.Go(func() {
		defer close(events)
		if err := d.produce(ctx, since, events); err != nil && ctx.Err() == nil {
			d.cfg.Logger.Warn("stream ended", "since", since, "err", err)
		}
	})
	err = d.deliver(ctx, w, &q, since, events)
	cancel()
	wait.Wait()
	if err != nil && r.Context().Err() == nil {
		d.cfg.Logger.Info("stream client cut off", "addr", r.RemoteAddr, "err", err)
	}
}

// streamStart returns what to send and from where on.
func (d *Desk) streamStart(r *http.Request) (sink.Query, uint64, error) {
	q, since, given, err := parseStream(r.URL.Query(), r.Header.Get("Last-Event-ID"))
	if err != nil {
		return q, 0, err
	}
	if err = d.widen(r.Context(), &q); err != nil {
		return q, 0, err
	}
	first, last, err := d.cfg.Bounds(r.Context())
	switch {
	case err != nil:
		return q, 0, err
	case !given:
		return q, last, nil
	case since > last, since > 0 && since+1 < first: // a stream that was made anew, or a gap
		return q, 0, &sink.GoneError{First: first}
	}
	return q, since, nil
}

// produce sends every change after sequence to out, in order, from the hub if it
// has them and else from the stream itself. It waits for the client: what it has
// not taken stays in the stream.
func (d *Desk) produce(ctx context.Context, sequence uint64, out chan<- event) error {
	send := func(e event) error {
		select {
		case out <- e:
			sequence = e.sequence
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for {
		recent, changed, ok := d.hub.after(sequence)
		if !ok {
			if err := d.catchUp(ctx, sequence, send); err != nil {
				return err
			}
			continue
		}
		for _, e := range recent {
			if err := send(e); err != nil {
				return err
			}
		}
		if len(recent) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

var errCaughtUp = errors.New("caught up")

// catchUp sends from the stream itself until the hub has what comes next.
func (d *Desk) catchUp(ctx context.Context, since uint64, send func(event) error) error {
	err := d.cfg.Follow(ctx, since, func(sequence uint64, c *schemas.Change) error {
		e, err := newEvent(sequence, c)
		if err != nil {
			return err
		}
		if err := send(e); err != nil {
			return err
		}
		if d.hub.covers(sequence) {
			return errCaughtUp
		}
		return nil
	})
	if errors.Is(err, errCaughtUp) {
		return nil
	}
	if err == nil {
		err = errors.New("the stream ended")
	}
	return err
}

// deliver writes events to a client until it goes away or is too slow.
func (d *Desk) deliver(ctx context.Context, w http.ResponseWriter, q *sink.Query, since uint64, events <-chan event) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy in front must not collect
	out := &eventWriter{w: w, ctl: http.NewResponseController(w), timeout: d.cfg.WriteTimeout, sequence: since}
	out.printf("retry: %d\n\n", retryMillis)
	if err := out.flush(); err != nil {
		return err
	}
	ping := time.NewTicker(d.cfg.Ping)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-d.closing:
			return nil
		case <-ping.C:
			out.ping()
		case e, ok := <-events:
			if !ok {
				return errors.New("the stream ended")
			}
			out.event(q, e)
			for more := true; more && out.err == nil && len(events) > 0; {
				if e, more = <-events; more {
					out.event(q, e)
				}
			}
		}
		if err := out.flush(); err != nil {
			return err
		}
		if err := d.collect(ctx); err != nil {
			return err
		}
	}
}

// Waking many clients for each event costs more than the events do: with many of
// them each waits a while after a flush, so that events go out together.
const (
	manyClients = 50
	longestWait = 100 * time.Millisecond
)

// collect waits as long as the number of clients asks for.
func (d *Desk) collect(ctx context.Context) error {
	n := d.streams.Load()
	if n < manyClients {
		return nil
	}
	timer := time.NewTimer(min(time.Duration(n)*time.Millisecond/5, longestWait))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-d.closing:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// An eventWriter writes the text/event-stream format and keeps the first error.
type eventWriter struct {
	w        http.ResponseWriter
	ctl      *http.ResponseController
	timeout  time.Duration
	sequence uint64    // the last one that was heard of
	told     uint64    // the last one that the client was told
	renewed  time.Time // when the deadline was set
	err      error
}

func (o *eventWriter) printf(format string, args ...any) { o.write(fmt.Appendf(nil, format, args...)) }

// write writes into the server's buffer, or on to the client if that is full.
func (o *eventWriter) write(b []byte) {
	o.renew()
	if o.err == nil {
		_, o.err = o.w.Write(b)
	}
}

// renew moves the deadline of a client that has taken what came before.
func (o *eventWriter) renew() {
	if now := time.Now(); o.err == nil && now.Sub(o.renewed) > o.timeout/8 {
		o.renewed = now
		o.err = o.ctl.SetWriteDeadline(now.Add(o.timeout))
	}
}

func (o *eventWriter) event(q *sink.Query, e event) {
	o.sequence = e.sequence
	if q.Match(e.change) {
		o.told = e.sequence
		o.write(e.frame)
	}
}

// ping keeps the connection open and moves the client's id past what its filter left out.
func (o *eventWriter) ping() {
	if o.told != o.sequence {
		o.told = o.sequence
		o.printf(": ping\nid: %s\n\n", strconv.FormatUint(o.sequence, 10))
		return
	}
	o.printf(": ping\n\n")
}

func (o *eventWriter) flush() error {
	o.renew()
	if o.err == nil {
		o.err = o.ctl.Flush()
	}
	return o.err
}
