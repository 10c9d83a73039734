package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// Between gives every record of a stream from one sequence to another to fn, both
// included, until fn returns an error, which Between returns. The server that leads the
// stream is asked for one after the other: that is slow, and no consumer and no server
// that lags behind can leave one out. What cannot be read becomes a dead letter of the
// stage.
func Between[T Record](ctx context.Context, b *Bus, stream string, stage schemas.StageName, from, to uint64, fn func(Received[T]) error) error {
	for ; from <= to; from++ {
		m, seq, err := b.next(ctx, stream, ">", from)
		if errors.Is(err, ErrNotFound) || err == nil && seq > to {
			return nil
		}
		if err != nil {
			return fmt.Errorf("record %d of %s: %w", from, stream, err)
		}
		from = seq
		rec, err := decode[T](m.Header, m.Data)
		if err != nil {
			if err := b.PublishDead(ctx, []schemas.DeadLetter{letterFor(stage, stream, seq, m.Subject, m.Data, 1, err)}); err != nil {
				return err
			}
			continue
		}
		if err := fn(Received[T]{Record: rec, Stream: stream, Sequence: seq, Subject: m.Subject, Attempt: 1}); err != nil {
			return err
		}
	}
	return nil
}

// GiveUp stores a dead letter for a record that came from [Between].
func GiveUp[T Record](ctx context.Context, b *Bus, stage schemas.StageName, r Received[T], reason error) error {
	subject, body, err := b.Get(ctx, r.Stream, r.Sequence)
	if errors.Is(err, ErrNotFound) { // erased meanwhile
		return nil
	}
	if err != nil {
		return err
	}
	letter := letterFor(stage, r.Stream, r.Sequence, subject, body, r.Attempt, reason)
	letter.URL = addressOf(r.Record)
	return b.PublishDead(ctx, []schemas.DeadLetter{letter})
}

// next asks the leader of a stream for the first message of a subject from a sequence
// on. The error matches [ErrNotFound] if there is none.
func (b *Bus) next(ctx context.Context, stream, subject string, from uint64) (*nats.Msg, uint64, error) {
	body, err := json.Marshal(struct {
		Sequence uint64 `json:"seq"`
		Subject  string `json:"next_by_subj"`
	}{from, subject})
	if err != nil {
		return nil, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, b.cfg.AckTimeout)
	defer cancel()
	answer, err := b.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+stream, body)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	var got struct {
		Error   *jetstream.APIError `json:"error"`
		Message struct {
			Subject  string `json:"subject"`
			Sequence uint64 `json:"seq"`
			Header   []byte `json:"hdrs"`
			Data     []byte `json:"data"`
		} `json:"message"`
	}
	if err := json.Unmarshal(answer.Data, &got); err != nil {
		return nil, 0, err
	}
	if got.Error != nil {
		if got.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound {
			return nil, 0, ErrNotFound
		}
		return nil, 0, fmt.Errorf("%w: %w", ErrUnavailable, got.Error)
	}
	m := &nats.Msg{Subject: got.Message.Subject, Data: got.Message.Data}
	if len(got.Message.Header) > 0 {
		if m.Header, err = nats.DecodeHeadersMsg(got.Message.Header); err != nil {
			return nil, 0, err
		}
	}
	return m, got.Message.Sequence, nil
}
