package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

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
// not for full batches.
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
	last   uint64 // sequence of the last message seen
	handle func(context.Context, []Received[T]) error
}

func (r *reader[T]) run(ctx context.Context) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	deliver := jetstream.OrderedConsumerConfig{
		FilterSubjects:    r.cfg.Filter,
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       r.last + 1,
		InactiveThreshold: time.Minute,
		MaxResetAttempts:  -1,
	}
	cons, err := r.bus.js.OrderedConsumer(ctx, r.cfg.Stream, deliver)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.cfg.Stream, err)
	}
	// Not PullMaxMessagesWithBytesLimit: with it the client asks for more than its
	// buffer takes, drops messages and reads them again.
	it, err := cons.Messages(jetstream.PullMaxMessages(2 * r.cfg.Batch))
	if err != nil {
		return fmt.Errorf("read %s: %w", r.cfg.Stream, err)
	}
	defer it.Stop()
	for {
		batch, err := r.next(ctx, it)
		if err != nil {
			return err
		}
		if len(batch) == 0 {
			continue
		}
		if err := r.handle(ctx, batch); err != nil {
			return err
		}
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

// next waits for one message and takes what else has arrived.
func (r *reader[T]) next(ctx context.Context, it jetstream.MessagesContext) ([]Received[T], error) {
	var batch []Received[T]
	wait := ctx
	for more := uint64(1); more > 0 && len(batch) < r.cfg.Batch; {
		m, err := it.Next(jetstream.NextContext(wait))
		if err != nil && ctx.Err() == nil && wait.Err() != nil {
			return batch, nil // what was announced was purged meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", r.cfg.Stream, err)
		}
		if wait == ctx {
			var cancel context.CancelFunc
			wait, cancel = context.WithTimeout(ctx, time.Second)
			defer cancel()
		}
		if more, err = r.place(ctx, m); err != nil {
			return nil, err
		}
		rec, err := decode[T](m.Headers(), m.Data())
		if err != nil {
			if err := r.unreadable(ctx, m, err); err != nil {
				return nil, err
			}
			continue
		}
		batch = append(batch, Received[T]{Record: rec, Stream: r.cfg.Stream, Sequence: r.last, Subject: m.Subject(), Attempt: 1})
	}
	return batch, nil
}

// place moves the position to m, and returns how many messages wait behind it.
func (r *reader[T]) place(ctx context.Context, m jetstream.Msg) (more uint64, err error) {
	meta, err := m.Metadata()
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", r.cfg.Stream, err)
	}
	if r.last > 0 && meta.Sequence.Stream > r.last+1 && len(r.cfg.Filter) == 0 {
		if err := r.check(ctx); err != nil { // a gap: trimmed, or purged in the middle
			return 0, err
		}
	}
	r.last = meta.Sequence.Stream
	return meta.NumPending, nil
}

func (r *reader[T]) unreadable(ctx context.Context, m jetstream.Msg, reason error) error {
	r.bus.log.Warn("record passed over", "stream", r.cfg.Stream, "sequence", r.last, "err", reason)
	if r.cfg.Stage != "" {
		letter := letterFor(r.cfg.Stage, r.cfg.Stream, r.last, m.Subject(), m.Data(), 1, reason)
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
