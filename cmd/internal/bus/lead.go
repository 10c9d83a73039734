package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// ErrLost says that a lead was lost: the server could not be told in time that this
// process lives, or another one took it.
var ErrLost = errors.New("the lead was lost")

// A Lead is the right of one process of several to do something, for as long as it
// keeps saying that it lives. A process that is paused does not know that it has lost
// the lead: what it writes must be fenced by whoever stores it.
type Lead struct {
	kv       jetstream.KeyValue
	key, id  string
	ttl      time.Duration
	revision uint64
	until    time.Time // the server keeps it at least so long
}

// Lead waits until this process has the lead of a name. ttl is how long a leader that
// says nothing keeps it; 0 takes 10s. waiting is called once, if somebody has it.
func (b *Bus) Lead(ctx context.Context, name string, ttl time.Duration, waiting func()) (*Lead, error) {
	if ttl == 0 {
		ttl = 10 * time.Second
	}
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "leads", Description: "Who leads what", TTL: ttl, Replicas: b.cfg.Replicas, MaxBytes: 1 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("lead of %s: %w", name, err)
	}
	l := &Lead{kv: kv, key: key(name), id: nuid.Next(), ttl: ttl}
	for told := false; ; {
		revision, asked, err := hold(ctx, kv, l.key, l.id, 0)
		switch {
		case err == nil:
			l.revision, l.until = revision, asked.Add(ttl)
			return l, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case conflict(err):
			if !told && waiting != nil {
				waiting()
			}
			told = true
		case errors.Is(err, jetstream.ErrKeyNotFound): // it has just run out
			continue
		default:
			b.log.Warn("no answer about the lead; trying again", "lead", name, "err", err)
		}
		sleep(ctx, ttl/10)
	}
}

// Keep says until ctx ends that this process lives, and then returns nil. The error matches [ErrLost].
func (l *Lead) Keep(ctx context.Context) error {
	tick := time.NewTicker(l.ttl / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if time.Now().After(l.until) { // this process slept
			return ErrLost
		}
		try, cancel := context.WithDeadline(ctx, l.until)
		revision, asked, err := hold(try, l.kv, l.key, l.id, l.revision)
		cancel()
		switch {
		case err == nil:
			l.revision, l.until = revision, asked.Add(l.ttl)
		case ctx.Err() != nil:
			return nil
		case conflict(err), errors.Is(err, jetstream.ErrKeyNotFound):
			return ErrLost
		case time.Now().After(l.until):
			return fmt.Errorf("%w: %w", ErrLost, err)
		}
	}
}

// Leave gives the lead up, once the work is done, for others to take at once.
func (l *Lead) Leave(ctx context.Context) error {
	err := l.kv.Delete(ctx, l.key, jetstream.LastRevision(l.revision))
	if conflict(err) {
		return nil // somebody else has it
	}
	return err
}

// TakeBack makes the server give out again what others have in hand of the durable
// consumers named, instead of waiting until their time is up. Whoever calls it must
// keep those others from writing.
func (b *Bus) TakeBack(ctx context.Context, durables ...string) error {
	return b.takeBack(ctx, func(durable string) bool { return slices.Contains(durables, durable) })
}
