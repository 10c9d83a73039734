package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// Scan gives every record of a stream that is kept to fn, oldest first, until fn
// returns an error, which Scan returns. Records that come meanwhile, and those that
// cannot be read, are left out.
func Scan[T Record](ctx context.Context, b *Bus, stream string, fn func(sequence uint64, rec *T) error) error {
	last, err := b.LastKept(ctx, stream)
	if err != nil || last == 0 {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := false
	end := func(seq uint64) { // that of a record that cannot be read
		if ended = seq >= last; ended {
			cancel()
		}
	}
	err = Read(ctx, b, ReadConfig{Stream: stream, Passed: end}, func(_ context.Context, batch []Received[T]) error {
		for _, r := range batch {
			if r.Sequence > last {
				return errScanned
			}
			if err := fn(r.Sequence, r.Record); err != nil {
				return err
			}
			if r.Sequence == last {
				return errScanned
			}
		}
		return nil
	})
	if errors.Is(err, errScanned) || ended {
		return nil
	}
	if err == nil {
		err = ctx.Err() // a part is not the whole
	}
	return err
}

var errScanned = errors.New("scanned")

// LastKept returns the sequence of the newest record that a stream keeps; 0 if it
// keeps none. It is less than LastSequence if that record was erased.
func (b *Bus) LastKept(ctx context.Context, stream string) (uint64, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("stream %s: %w", stream, err)
	}
	info := s.CachedInfo()
	if info.State.Msgs == 0 {
		return 0, nil
	}
	raw, err := s.GetLastMsgForSubject(ctx, info.Config.Subjects[0])
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("last record of %s: %w", stream, err)
	}
	return raw.Sequence, nil
}

// Erase deletes records by their sequences and overwrites their bytes on the disks
// of the server. Those that are gone already are passed over. It returns how many it
// erased.
func (b *Bus) Erase(ctx context.Context, stream string, sequences []uint64) (int, error) {
	if len(sequences) == 0 {
		return 0, nil
	}
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("erase from %s: %w", stream, err)
	}
	defer b.tails[stream].erase()
	n := 0
	for _, seq := range sequences {
		Failpoint(FailMidErase)
		if _, err := s.GetMsg(ctx, seq); errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err := s.SecureDeleteMsg(ctx, seq); err != nil {
			return n, fmt.Errorf("erase record %d of %s: %w", seq, stream, err)
		}
		n++
	}
	return n, nil
}

// Heeded reports whether every durable consumer of the stream of reviews has done
// with the one at a sequence.
func (b *Bus) Heeded(ctx context.Context, sequence uint64) (bool, error) {
	s, err := b.js.Stream(ctx, schemas.StreamReviews)
	if err != nil {
		return false, fmt.Errorf("stream %s: %w", schemas.StreamReviews, err)
	}
	all := s.ListConsumers(ctx)
	for info := range all.Info() {
		if info.Config.Durable != "" && info.AckFloor.Stream < sequence && (info.NumPending > 0 || info.NumAckPending > 0) {
			return false, nil
		}
	}
	return true, all.Err()
}

// Acked returns the sequence up to which a durable consumer has done with every
// record of a stream; 0 if it does not exist.
func (b *Bus) Acked(ctx context.Context, stream, durable string) (uint64, error) {
	c, err := b.js.Consumer(ctx, stream, durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("consumer %s of %s: %w", durable, stream, err)
	}
	return c.CachedInfo().AckFloor.Stream, nil
}
