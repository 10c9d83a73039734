package desk

import (
	"context"
	"errors"
	"math"
	"sort"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// What a hub keeps for clients that are a little behind.
const (
	hubEvents = 4096
	hubBytes  = 16 << 20
)

// A hub reads the stream once and keeps its newest events for all clients.
type hub struct {
	mu      sync.Mutex
	base    uint64  // every event after it is in recent
	recent  []event // in order
	size    int     // bytes of their frames
	changed chan struct{}
}

func newHub() *hub { return &hub{base: math.MaxUint64, changed: make(chan struct{})} }

// run fills the hub until ctx ends.
func (h *hub) run(ctx context.Context, cfg Config) error {
	defer h.reset(math.MaxUint64)
	for {
		err := h.follow(ctx, cfg)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		cfg.Logger.Warn("the claim stream broke off; reading on", "err", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func (h *hub) follow(ctx context.Context, cfg Config) error {
	since := h.last()
	if since == math.MaxUint64 {
		_, last, err := cfg.Bounds(ctx)
		if err != nil {
			return err
		}
		since = last
		h.reset(last)
	}
	err := cfg.Follow(ctx, since, func(sequence uint64, c *schemas.Change) error {
		e, err := newEvent(sequence, c)
		if err == nil {
			h.add(e)
		}
		return err
	})
	var gone *sink.GoneError
	if errors.As(err, &gone) {
		h.reset(math.MaxUint64)
	}
	return err
}

// reset forgets all events; those after base come next.
func (h *hub) reset(base uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.base, h.recent, h.size = base, nil, 0
	h.wake()
}

// wake tells the clients that something changed; h.mu is held.
func (h *hub) wake() {
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *hub) last() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(h.recent); n > 0 {
		return h.recent[n-1].sequence
	}
	return h.base
}

func (h *hub) add(e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recent = append(h.recent, e)
	h.size += len(e.frame)
	drop := 0
	for len(h.recent)-drop > hubEvents || h.size > hubBytes && drop < len(h.recent)-1 {
		h.base = h.recent[drop].sequence
		h.size -= len(h.recent[drop].frame)
		drop++
	}
	if drop > 0 {
		clear(h.recent[:drop]) // clients may still read a slice of them, but not these
		h.recent = h.recent[drop:]
	}
	h.wake()
}

// after returns the events after sequence, and a channel that is closed when
// there are more; ok is false if the hub no longer has them all.
func (h *hub) after(sequence uint64) (recent []event, changed <-chan struct{}, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if sequence < h.base {
		return nil, nil, false
	}
	i := sort.Search(len(h.recent), func(i int) bool { return h.recent[i].sequence > sequence })
	return append([]event{}, h.recent[i:min(len(h.recent), i+64)]...), h.changed, true
}

// covers reports whether the hub has every event after sequence.
func (h *hub) covers(sequence uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return sequence >= h.base
}
