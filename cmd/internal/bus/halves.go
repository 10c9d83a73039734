package bus

import (
	"context"
	"sync/atomic"
	"time"
)

// ConsumeInTwo is [Consume] for work that has two halves: while finish has a batch, handle
// may have the next. finish is called from one goroutine with what handle has returned
// nil for, in that order; what it returns decides about the records as the answer of
// handle does. They are acked when both are done, and come again from the beginning if
// the process ends before.
func ConsumeInTwo[T Record](ctx context.Context, b *Bus, cfg ConsumerConfig, handle, finish func(context.Context, []Received[T]) error) error {
	return consume(ctx, &consumer[T]{bus: b, cfg: cfg, handle: handle, finish: finish})
}

// halvesAhead is how many batches may wait for their second half.
const halvesAhead = 2

// A half is deliveries that have their first half behind them.
type half[T Record] struct {
	ds    []delivery[T]
	start time.Time // of the first half
	alive *shared
}

// startFinishing does second halves until the returned function is called, which waits
// for those that are left.
func (c *consumer[T]) startFinishing(ctx context.Context) (wait func()) {
	if c.finish == nil {
		return func() {}
	}
	c.halves = make(chan half[T], halvesAhead)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for h := range c.halves {
			c.complete(ctx, h.ds, h.start)
			h.alive.release()
		}
	}()
	return func() { close(c.halves); <-done }
}

// complete does the second half and settles the deliveries.
func (c *consumer[T]) complete(ctx context.Context, ds []delivery[T], start time.Time) {
	err := c.try(ctx, ds, c.finish)
	if err != nil && c.split(ctx, ds, err) {
		for i := range ds {
			c.complete(ctx, ds[i:i+1], start)
		}
		return
	}
	c.settle(ctx, ds, start, err)
}

// A shared keeps something up until the last who has it has released it.
type shared struct {
	held atomic.Int32
	stop func()
}

// newShared returns one that its caller has.
func newShared(stop func()) *shared {
	h := &shared{stop: stop}
	h.add()
	return h
}

func (h *shared) add() { h.held.Add(1) }

func (h *shared) release() {
	if h.held.Add(-1) == 0 {
		h.stop()
	}
}
