package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// Sizes of what is under way at one time.
const (
	atomicMin         = 10       // fewer messages than this cost more staged than they save
	atomicMinInMemory = 4        // the same if they are staged in memory: as long as four syncs of the disk
	atomicMax         = 1000     // messages of an atomic batch: the limit of the server
	atomicBytes       = 16 << 20 // bytes of an atomic batch: the server holds one in memory to commit it
	maxAsync          = 256      // single messages waiting for their ack
	encodeMin         = 16       // records that are worth another core to encode
	batchHeaderRoom   = 256      // bytes the headers of a batch may add to a message
)

// PublishArticles stores articles on their stream. Like all Publish methods it
// returns when the server has stored every record, it stores a record whose id
// is known once, and it may be called again after any error. If a record cannot
// be sent at all, the error matches [schemas.ErrMalformed] and nothing was sent;
// if the bus cannot take records now, it matches [ErrUnavailable].
func (b *Bus) PublishArticles(ctx context.Context, articles []schemas.Article) error {
	return publish(ctx, b, schemas.StreamArticles, articles)
}

// PublishExtractions stores extractions on their stream; see PublishArticles.
func (b *Bus) PublishExtractions(ctx context.Context, extractions []schemas.Extraction) error {
	return publish(ctx, b, schemas.StreamExtractions, extractions)
}

// PublishChanges stores changes on the stream of claims; see PublishArticles.
func (b *Bus) PublishChanges(ctx context.Context, changes []schemas.Change) error {
	return publish(ctx, b, schemas.StreamClaims, changes)
}

// An EncodedChange is a change that was encoded before.
type EncodedChange struct {
	schemas.ChangeHead
	JSON   []byte
	Record *schemas.Change // what JSON says; may be nil
}

// PublishEncoded is PublishChanges for changes that are JSON already. It does not keep
// the JSON. The readers of this process may get what Record points to, so nobody may
// change it any more.
func (b *Bus) PublishEncoded(ctx context.Context, changes []EncodedChange) error {
	return publish(ctx, b, schemas.StreamClaims, changes)
}

// PublishReviews stores reviews on their stream; see PublishArticles.
func (b *Bus) PublishReviews(ctx context.Context, reviews []schemas.Review) error {
	return publish(ctx, b, schemas.StreamReviews, reviews)
}

// PublishDead stores dead letters on their stream; see PublishArticles.
func (b *Bus) PublishDead(ctx context.Context, letters []schemas.DeadLetter) error {
	return publish(ctx, b, schemas.StreamDead, letters)
}

func publish[T Record | EncodedChange](ctx context.Context, b *Bus, stream string, records []T) error {
	if len(records) == 0 {
		return nil
	}
	msgs, err := encodeAll(b, records)
	if err != nil {
		return err
	}
	all := len(msgs)
	seen := make(map[string]bool, all)
	msgs = slices.DeleteFunc(msgs, func(m message) bool { // the server would refuse the whole batch
		again := seen[m.id]
		seen[m.id] = true
		return again
	})
	if msgs, err = b.unknown(ctx, stream, msgs); err != nil {
		return fmt.Errorf("publish %d records to %s: %w", all, stream, err)
	}
	if n := all - len(msgs); n > 0 {
		b.metrics.published.WithLabelValues(stream, "duplicate").Add(float64(n))
	}
	start := time.Now()
	b.tails[stream].begin()
	err = b.send(ctx, stream, msgs)
	b.tails[stream].end(msgs, err == nil)
	if err != nil {
		b.metrics.publishErrors.WithLabelValues(stream).Inc()
		return fmt.Errorf("publish %d records to %s: %w", len(msgs), stream, err)
	}
	b.memories[stream].stored()
	b.published(stream, msgs, start)
	return nil
}

// encodeAll makes messages of records, on all cores if there are many.
func encodeAll[T any](b *Bus, records []T) ([]message, error) {
	msgs := make([]message, len(records))
	encode := func(from, to int) (err error) {
		for i := from; i < to; i++ {
			if msgs[i], err = b.encode(&records[i]); err != nil {
				return fmt.Errorf("publish record %d of %d: %w", i+1, len(records), err)
			}
		}
		return nil
	}
	parts := min(runtime.GOMAXPROCS(0), len(records)/encodeMin)
	if parts < 2 {
		return msgs, encode(0, len(records))
	}
	errs := make([]error, parts)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { errs[i] = encode(i*len(records)/parts, (i+1)*len(records)/parts) })
	}
	wg.Wait()
	return msgs, cmp.Or(errs...)
}

// send returns when all messages are stored. While the server commits one batch, the
// next is on its way.
func (b *Bus) send(ctx context.Context, stream string, msgs []message) error {
	if err := b.disk.check(1); err != nil {
		return err
	}
	Failpoint(FailBeforePublish)
	var ahead *batch
	for len(msgs) > 0 {
		chunk := msgs[:chunkLen(msgs)]
		msgs = msgs[len(chunk):]
		current := ahead
		if ahead = nil; current == nil {
			current = b.stage(stream, chunk)
		}
		b.commit(current)
		if len(msgs) > 0 {
			ahead = b.stage(stream, msgs[:chunkLen(msgs)])
		}
		if err := b.finish(ctx, stream, current); err != nil {
			return err
		}
	}
	Failpoint(FailAfterPublish)
	return nil
}

// chunkLen returns how many of the first messages make one batch; at least one.
func chunkLen(msgs []message) int {
	size := 0
	for i, m := range msgs {
		if size += m.size; i > 0 && size > atomicBytes || i == atomicMax {
			return i
		}
	}
	return len(msgs)
}

// sendEach publishes one by one, up to maxAsync ahead of the acks.
func (b *Bus) sendEach(ctx context.Context, stream string, msgs []message) error {
	if len(msgs) == 1 {
		return b.sendOne(ctx, stream, &msgs[0])
	}
	acks := make([]jetstream.PubAckFuture, len(msgs))
	for i, m := range msgs {
		if i == len(msgs)/2 {
			Failpoint(FailMidBatch)
		}
		var err error
		if acks[i], err = b.sendAsync(ctx, stream, m); err != nil {
			return err
		}
	}
	for i, ack := range acks {
		select {
		case a := <-ack.Ok():
			b.count(stream, "async", a)
			msgs[i].stored(a)
		case err := <-ack.Err():
			return publishError(err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (b *Bus) sendOne(ctx context.Context, stream string, m *message) error {
	wait, cancel := context.WithTimeout(ctx, b.cfg.AckTimeout)
	defer cancel()
	ack, err := b.js.PublishMsg(wait, m.msg, jetstream.WithExpectStream(stream))
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return publishError(err)
	}
	b.count(stream, "single", ack)
	m.stored(ack)
	return nil
}

// stored notes where a message is, unless it was stored before.
func (m *message) stored(ack *jetstream.PubAck) {
	if !ack.Duplicate {
		m.sequence = ack.Sequence
	}
}

// sendAsync takes a stalled publisher for what it is, a slow disk: it waits.
func (b *Bus) sendAsync(ctx context.Context, stream string, m message) (jetstream.PubAckFuture, error) {
	for {
		ack, err := b.js.PublishMsgAsync(m.msg, jetstream.WithExpectStream(stream), jetstream.WithStallWait(time.Second))
		switch {
		case errors.Is(err, jetstream.ErrTooManyStalledMsgs):
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
		case err != nil:
			return nil, publishError(err)
		default:
			return ack, nil
		}
	}
}

func (b *Bus) count(stream, how string, ack *jetstream.PubAck) {
	if ack.Duplicate {
		how = "duplicate"
	}
	b.metrics.published.WithLabelValues(stream, how).Inc()
}

// Error codes of the server that publishing meets.
const (
	codeMessageTooLarge jetstream.ErrorCode = 10054
	codeHeaderTooLarge  jetstream.ErrorCode = 10097
)

// publishError sorts an error of the client into malformed or unavailable.
func publishError(err error) error {
	var api *jetstream.APIError
	if errors.Is(err, nats.ErrMaxPayload) ||
		errors.As(err, &api) && (api.ErrorCode == codeMessageTooLarge || api.ErrorCode == codeHeaderTooLarge) {
		return fmt.Errorf("%w: %w", schemas.ErrMalformed, err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
