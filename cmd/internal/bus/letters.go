package bus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// A StoredLetter is a dead letter with its place on the stream DEAD.
type StoredLetter struct {
	Position uint64 // sequence on DEAD
	schemas.DeadLetter
}

// Letters calls fn for every dead letter that is kept, oldest first, until fn
// returns an error, which it returns. Letters that come meanwhile are left out.
func (b *Bus) Letters(ctx context.Context, fn func(StoredLetter) error) error {
	last, err := b.LastSequence(ctx, schemas.StreamDead)
	if err != nil {
		return err
	}
	first, err := b.FirstSequence(ctx, schemas.StreamDead)
	if err != nil || first > last {
		return err
	}
	s, err := b.js.Stream(ctx, schemas.StreamDead)
	if err != nil {
		return fmt.Errorf("stream %s: %w", schemas.StreamDead, err)
	}
	for seq := first; seq <= last; seq++ {
		// The next one at or after seq: deleted letters leave holes.
		raw, err := s.GetMsg(ctx, seq, jetstream.WithGetMsgSubject("dead.v1.>"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("dead letter %d: %w", seq, err)
		}
		seq = raw.Sequence
		letter, err := decode[schemas.DeadLetter](raw.Header, raw.Data)
		if err != nil {
			b.log.Warn("dead letter cannot be read", "sequence", seq, "err", err)
			continue
		}
		if err := fn(StoredLetter{raw.Sequence, *letter}); err != nil {
			return err
		}
	}
	return nil
}

// Drop deletes the dead letter at a sequence of DEAD. The error matches
// [ErrNotFound] if there is none.
func (b *Bus) Drop(ctx context.Context, position uint64) error {
	s, err := b.js.Stream(ctx, schemas.StreamDead)
	if err != nil {
		return fmt.Errorf("stream %s: %w", schemas.StreamDead, err)
	}
	if _, err := b.raw(ctx, schemas.StreamDead, position); err != nil {
		return err
	}
	if err := s.DeleteMsg(ctx, position); err != nil {
		return fmt.Errorf("drop dead letter %d: %w", position, err)
	}
	return nil
}
