package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"github.com/claimwire/claimwire/schemas"
)

// ReadConfig configures [Read]. Zero fields get the default given here.
type ReadConfig struct {
	Stream string            // required
	Since  uint64            // sequence of the last record known; default 0: begin with the oldest kept
	Filter []string          // subjects; default all
	Batch  int               // most records handed over at once; default 100
	Stage  schemas.StageName // who sends dead letters for what cannot be read; default: such records are logged and passed over
	Passed func(seq uint64)  // called, between two calls of handle, for each record that was passed over; default: not
}

// Read gives the records of a stream after Since to handle, in order and without
// a gap, until ctx ends, the bus is closed or handle fails. The reader keeps its
// position itself; the server remembers nothing. It waits for new records but
// not for full batches. What a record points to may be shared with other readers: handle
// must not change it.
//
// It returns nil after ctx, the error of handle unchanged, or an error that
// matches [ErrGone] if records after Since, or after the last one handed over,
// were trimmed, or if Since lies beyond the end of the stream.
func Read[T Record](ctx context.Context, b *Bus, cfg ReadConfig, handle func(context.Context, []Received[T]) error) error {
	if cfg.Batch == 0 {
		cfg.Batch = 100
	}
	ctx, end, err := b.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	err = (&reader[T]{bus: b, cfg: cfg, last: cfg.Since, handle: handle}).run(ctx)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// Follow calls fn for every change after since, in order, until ctx ends or fn
// fails; since 0 begins with the oldest kept. See [Read] for what it returns.
func (b *Bus) Follow(ctx context.Context, since uint64, fn func(seq uint64, c *schemas.Change) error) error {
	cfg := ReadConfig{Stream: schemas.StreamClaims, Since: since}
	return Read(ctx, b, cfg, func(_ context.Context, recs []Received[schemas.Change]) error {
		for _, r := range recs {
			if err := fn(r.Sequence, r.Record); err != nil {
				return err
			}
		}
		return nil
	})
}

type reader[T Record] struct {
	bus    *Bus
	cfg    ReadConfig
	last   uint64      // sequence of the last message seen
	tail   *tailReader // nil if the stream has none, or it is filtered
	handle func(context.Context, []Received[T]) error
}

func (r *reader[T]) run(ctx context.Context) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	if len(r.cfg.Filter) == 0 {
		r.tail = r.bus.tails[r.cfg.Stream].join(r.last)
		defer r.tail.leave()
	}
	for fails := 0; ; {
		before := r.last
		err := r.follow(ctx)
		if err == nil {
			err = r.followTail(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil: // the stream's turn again
			continue
		case !errors.Is(err, errLost):
			return err
		}
		if fails++; r.last > before {
			fails = 1
		}
		r.bus.log.Debug("reader begins again", "stream", r.cfg.Stream, "after", r.last, "err", err)
		sleep(ctx, retryDelay(fails))
	}
}

// errLost says that the server's consumer of a reader is no more, or never came to
// be: another begins where it ended.
var errLost = errors.New("consumer lost")

// follow hands over the records after r.last with one consumer of the server's,
// until that is lost, or the tail has what comes next. The client library's ordered
// consumer does the same, but what it does about a server that has died goes on after
// the end of a context.
func (r *reader[T]) follow(ctx context.Context) error {
	if r.tail.reached(r.last) {
		return nil
	}
	name := nuid.Next()
	create, cancel := context.WithTimeout(ctx, ensureTimeout) // a server that died may have been chosen
	_, err := r.bus.js.CreateConsumer(create, r.cfg.Stream, jetstream.ConsumerConfig{
		Name:              name,
		FilterSubjects:    r.cfg.Filter,
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       r.last + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		InactiveThreshold: time.Minute,
		MemoryStorage:     true,
		Replicas:          1,
	})
	cancel()
	switch {
	case err != nil && transient(err):
		return fmt.Errorf("read %s: %w: %w", r.cfg.Stream, errLost, err)
	case err != nil:
		return fmt.Errorf("read %s: %w", r.cfg.Stream, err)
	}
	p, err := newPuller(r.bus.nc, r.cfg.Stream, name, r.cfg.Batch)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.cfg.Stream, err)
	}
	defer r.leave(ctx, p, name)
	for given := uint64(0); ; {
		wait, cancel := context.WithCancel(ctx)
		r.tail.whenCovered(cancel)
		msgs, err := p.fetch(wait)
		r.tail.whenCovered(nil)
		covered := wait.Err() != nil
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case covered && len(msgs) == 0:
		case errors.Is(err, errSilent) || err != nil && !errors.Is(err, errNothing):
			return fmt.Errorf("read %s: %w: %w", r.cfg.Stream, errLost, err)
		}
		batch, err := r.open(ctx, msgs, &given)
		if len(batch) > 0 {
			if err := r.handle(ctx, batch); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		if r.tail.reached(r.last) {
			return nil
		}
	}
}

// followTail hands over what this process publishes, until the tail does not have what
// comes next.
func (r *reader[T]) followTail(ctx context.Context) error {
	for {
		records, ok := r.tail.next(r.cfg.Batch)
		if !ok {
			return nil
		}
		if len(records) == 0 {
			if err := r.await(ctx); err != nil {
				return err
			}
			continue
		}
		batch := make([]Received[T], 0, len(records))
		for _, t := range records {
			r.last = t.sequence
			rec, err := recordOf[T](&t)
			if err != nil {
				if err := r.unreadable(ctx, t.subject, t.body, err); err != nil {
					return err
				}
				continue
			}
			batch = append(batch, Received[T]{Record: rec, Stream: r.cfg.Stream, Sequence: r.last, Subject: t.subject, Attempt: 1})
		}
		if len(batch) > 0 {
			if err := r.handle(ctx, batch); err != nil {
				return err
			}
		}
		r.tail.reached(r.last)
	}
}

// recordOf returns the record of a tail: a copy, whose parts the readers share.
func recordOf[T Record](t *tailed) (*T, error) {
	if c, ok := any(t.change).(*T); ok && c != nil {
		own := *c
		return &own, nil
	}
	return read[T](t.body)
}

// await returns when the tail may have news. Now and then it asks the server whether
// the stream has records that did not come by the tail.
func (r *reader[T]) await(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, tailLook)
	defer cancel()
	r.tail.whenNews(cancel)
	<-wait.Done()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	sent, quiet := r.tail.quiet()
	if errors.Is(wait.Err(), context.Canceled) || !quiet {
		return nil
	}
	state, err := r.bus.state(ctx, r.cfg.Stream)
	if err == nil && state.LastSeq > r.last { // an error passes, or the stream will have it too
		r.tail.others(sent)
	}
	return nil
}

// leave takes the consumer off the server, which would forget it after a minute.
func (r *reader[T]) leave(ctx context.Context, p *puller, name string) {
	_ = p.sub.Unsubscribe() // fails when the connection is closed
	if r.bus.nc.IsConnected() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = r.bus.js.DeleteConsumer(ctx, r.cfg.Stream, name)
	}
}

// check makes sure that the record after r.last has not been trimmed.
func (r *reader[T]) check(ctx context.Context) error {
	s, err := r.bus.js.Stream(ctx, r.cfg.Stream)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.cfg.Stream, err)
	}
	state := s.CachedInfo().State
	if r.last > 0 && r.last+1 < state.FirstSeq || r.last > state.LastSeq {
		return fmt.Errorf("read %s after %d: it holds %d to %d: %w", r.cfg.Stream, r.last, state.FirstSeq, state.LastSeq, ErrGone)
	}
	return nil
}

// open reads messages of which the first is the one after given, as the consumer
// counts. If one is missing it returns those before it and an error that matches errLost.
func (r *reader[T]) open(ctx context.Context, msgs []*nats.Msg, given *uint64) ([]Received[T], error) {
	var batch []Received[T]
	for _, m := range msgs {
		meta, err := m.Metadata()
		if err != nil {
			return batch, fmt.Errorf("read %s: %w", r.cfg.Stream, err)
		}
		if *given++; meta.Sequence.Consumer != *given {
			return batch, fmt.Errorf("read %s: message %d instead of %d: %w", r.cfg.Stream, meta.Sequence.Consumer, *given, errLost)
		}
		if r.last > 0 && meta.Sequence.Stream > r.last+1 && len(r.cfg.Filter) == 0 {
			if err := r.check(ctx); err != nil { // a gap: trimmed, or purged in the middle
				return batch, err
			}
		}
		r.last = meta.Sequence.Stream
		rec, err := decode[T](m.Header, m.Data)
		if err != nil {
			if err := r.unreadable(ctx, m.Subject, m.Data, err); err != nil {
				return batch, err
			}
			continue
		}
		batch = append(batch, Received[T]{Record: rec, Stream: r.cfg.Stream, Sequence: r.last, Subject: m.Subject, Attempt: 1})
	}
	return batch, nil
}

func (r *reader[T]) unreadable(ctx context.Context, subject string, body []byte, reason error) error {
	r.bus.log.Warn("record passed over", "stream", r.cfg.Stream, "sequence", r.last, "err", reason)
	if r.cfg.Stage != "" {
		letter := letterFor(r.cfg.Stage, r.cfg.Stream, r.last, subject, body, 1, reason)
		if err := r.bus.PublishDead(ctx, []schemas.DeadLetter{letter}); err != nil {
			return err
		}
	}
	if r.cfg.Passed != nil {
		r.cfg.Passed(r.last)
	}
	return nil
}

// Get returns the record at a sequence of a stream. The error matches
// [ErrNotFound] if there is none, [schemas.ErrMalformed] if it cannot be read.
func Get[T Record](ctx context.Context, b *Bus, stream string, seq uint64) (*T, error) {
	raw, err := b.raw(ctx, stream, seq)
	if err != nil {
		return nil, err
	}
	rec, err := decode[T](raw.Header, raw.Data)
	if err != nil {
		return nil, fmt.Errorf("record %d of %s: %w", seq, stream, err)
	}
	return rec, nil
}

// Get returns the bytes and the subject of the record at a sequence of a stream,
// readable or not. The error matches [ErrNotFound] if there is none.
func (b *Bus) Get(ctx context.Context, stream string, seq uint64) (subject string, body []byte, err error) {
	raw, err := b.raw(ctx, stream, seq)
	if err != nil {
		return "", nil, err
	}
	return raw.Subject, raw.Data, nil
}

func (b *Bus) raw(ctx context.Context, stream string, seq uint64) (*jetstream.RawStreamMsg, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("record %d of %s: %w", seq, stream, err)
	}
	raw, err := s.GetMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fmt.Errorf("record %d of %s: %w", seq, stream, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("record %d of %s: %w", seq, stream, err)
	}
	return raw, nil
}

// FirstSequence returns the sequence of the oldest record a stream keeps; one
// more than LastSequence if it keeps none.
func (b *Bus) FirstSequence(ctx context.Context, stream string) (uint64, error) {
	state, err := b.state(ctx, stream)
	return state.FirstSeq, err
}

// LastSequence returns the sequence of the newest record of a stream, kept or
// not; 0 if there never was one.
func (b *Bus) LastSequence(ctx context.Context, stream string) (uint64, error) {
	state, err := b.state(ctx, stream)
	return state.LastSeq, err
}

// Records returns how many records a stream keeps.
func (b *Bus) Records(ctx context.Context, stream string) (uint64, error) {
	state, err := b.state(ctx, stream)
	return state.Msgs, err
}

// Leader returns the name of the server that leads a stream of a cluster; "" if
// there is no cluster, or no leader at this moment.
func (b *Bus) Leader(ctx context.Context, stream string) (string, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return "", fmt.Errorf("stream %s: %w", stream, err)
	}
	if c := s.CachedInfo().Cluster; c != nil {
		return c.Leader, nil
	}
	return "", nil
}

func (b *Bus) state(ctx context.Context, stream string) (jetstream.StreamState, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return jetstream.StreamState{}, fmt.Errorf("stream %s: %w", stream, err)
	}
	return s.CachedInfo().State, nil
}

// Lag returns how many records of a stream a durable consumer has not been given
// yet, and how many it was given and has not finished. Both are 0 when it is
// idle. A consumer that does not exist yet has all records pending.
func (b *Bus) Lag(ctx context.Context, stream, durable string) (pending, ackPending uint64, err error) {
	state, err := b.state(ctx, stream)
	if err != nil {
		return 0, 0, err
	}
	c, err := b.js.Consumer(ctx, stream, durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return state.Msgs, 0, nil
	}
	if err != nil {
		return 0, 0, fmt.Errorf("consumer %s of %s: %w", durable, stream, err)
	}
	info := c.CachedInfo()
	pending = info.NumPending
	// The server tells consumers of new records a moment after it has stored
	// them, so NumPending alone can be 0 while there is work.
	if len(info.Config.FilterSubjects) == 0 && info.Config.FilterSubject == "" && state.LastSeq > info.Delivered.Stream {
		pending = max(pending, min(state.LastSeq-info.Delivered.Stream, state.Msgs))
	}
	return pending, uint64(max(info.NumAckPending, 0)), nil
}
