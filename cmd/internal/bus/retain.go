package bus

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// A SourceLimit bounds what a stream keeps of one subject, such as all articles
// of a publisher.
type SourceLimit struct {
	Stream  string
	Subject string
	Limits
}

// Retain drops the oldest records of a subject that are over their limits. What a
// durable consumer has not finished stays, whatever its age; so do the records
// from sequence keep on, for readers that mind their own position; 0 names none.
// It returns how many records it dropped.
func (b *Bus) Retain(ctx context.Context, l SourceLimit, keep uint64) (uint64, error) {
	dropped, err := b.retain(ctx, l, keep)
	if err != nil {
		return 0, fmt.Errorf("retention of %s: %w", l.Subject, err)
	}
	return dropped, nil
}

func (b *Bus) retain(ctx context.Context, l SourceLimit, keep uint64) (uint64, error) {
	s, err := b.js.Stream(ctx, l.Stream)
	if err != nil {
		return 0, err
	}
	until, err := overLimits(ctx, s, l)
	if err != nil {
		return 0, err
	}
	if keep > 0 {
		until = min(until, keep)
	}
	consumers := s.ListConsumers(ctx)
	for info := range consumers.Info() {
		if info.Config.Durable != "" {
			until = min(until, info.AckFloor.Stream+1)
		}
	}
	if err := consumers.Err(); err != nil || until <= 1 {
		return 0, err
	}
	return purge(ctx, s, jetstream.WithPurgeSubject(l.Subject), jetstream.WithPurgeSequence(until))
}

// purge returns how many records are gone; those that came meanwhile hide as many.
func purge(ctx context.Context, s jetstream.Stream, what ...jetstream.StreamPurgeOpt) (uint64, error) {
	before := s.CachedInfo().State.Msgs
	if err := s.Purge(ctx, what...); err != nil {
		return 0, err
	}
	info, err := s.Info(ctx)
	if err != nil {
		return 0, err
	}
	return before - min(before, info.State.Msgs), nil
}

// headroom is how many bytes of a stream's limit stay free, so that a batch, which is
// stored whole or not at all, always finds room: a tenth, of small streams up to half.
func headroom(most int64) int64 { return max(most/10, min(atomicBytes, most/2)) }

// Spare returns the sequence below which a stream that is nearly full can let go of
// its records, 0 if it needs not or cannot: a full stream takes no new ones, and all
// that come before it wait. What one of our consumers has not finished stays, and so
// do the records from sequence keep on, for readers that mind their own position; 0
// names none. Consumers of others do not hold it up. A stream that stages read and
// that no stage has begun to read keeps everything.
func (b *Bus) Spare(ctx context.Context, stream string, keep uint64) (uint64, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("stream %s: %w", stream, err)
	}
	most, state := s.CachedInfo().Config.MaxBytes, s.CachedInfo().State
	free := headroom(most)
	if most <= 0 || state.Msgs == 0 || state.Bytes <= uint64(most-free) {
		return 0, nil
	}
	// As large a part of the records as of the bytes, until there is half as much more
	// room: they are of like size, and the next look takes what this leaves.
	part := 1 - float64(most-free-free/2)/float64(state.Bytes)
	until := state.FirstSeq + uint64(part*float64(state.LastSeq-state.FirstSeq+1)) + 1
	if keep > 0 {
		until = min(until, keep)
	}
	read := false
	consumers := s.ListConsumers(ctx)
	for info := range consumers.Info() {
		if info.Config.Durable != "" && strings.HasPrefix(info.Config.Description, ownConsumer) {
			read, until = true, min(until, info.AckFloor.Stream+1)
		}
	}
	if err := consumers.Err(); err != nil {
		return 0, fmt.Errorf("consumers of %s: %w", stream, err)
	}
	if !read && stream != schemas.StreamClaims || until <= state.FirstSeq {
		return 0, nil
	}
	return until, nil
}

// Trim drops the records of a stream below a sequence and returns how many.
func (b *Bus) Trim(ctx context.Context, stream string, until uint64) (uint64, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, fmt.Errorf("stream %s: %w", stream, err)
	}
	n, err := purge(ctx, s, jetstream.WithPurgeSequence(until))
	if err != nil {
		return n, fmt.Errorf("trim %s: %w", stream, err)
	}
	return n, nil
}

// overLimits returns the sequence of the first record of the subject that is
// within both limits.
func overLimits(ctx context.Context, s jetstream.Stream, l SourceLimit) (uint64, error) {
	var total int64
	size := func(m jetstream.Msg) int64 {
		n, _ := strconv.ParseInt(m.Headers().Get(nats.MsgSize), 10, 64) // the server wrote it
		return n
	}
	if l.MaxBytes > 0 {
		if err := walk(ctx, s, l.Subject, func(m jetstream.Msg, _ *jetstream.MsgMetadata) bool { total += size(m); return true }); err != nil {
			return 0, err
		}
	}
	oldest := time.Time{}
	if l.MaxAge > 0 {
		oldest = time.Now().Add(-l.MaxAge)
	}
	until := uint64(1)
	err := walk(ctx, s, l.Subject, func(m jetstream.Msg, meta *jetstream.MsgMetadata) bool {
		if !meta.Timestamp.Before(oldest) && (l.MaxBytes == 0 || total <= l.MaxBytes) {
			return false
		}
		total -= size(m)
		until = meta.Sequence.Stream + 1
		return true
	})
	return until, err
}

// walk gives the headers of every record of a subject to fn, in order, until fn
// returns false. The bodies stay with the server.
func walk(ctx context.Context, s jetstream.Stream, subject string, fn func(jetstream.Msg, *jetstream.MsgMetadata) bool) error {
	return walkFrom(ctx, s, 1, []string{subject}, fn)
}

// walkFrom is walk from a sequence on, and for all subjects if none is named.
func walkFrom(ctx context.Context, s jetstream.Stream, from uint64, subjects []string, fn func(jetstream.Msg, *jetstream.MsgMetadata) bool) error {
	cons, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		FilterSubjects: subjects, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from, HeadersOnly: true, InactiveThreshold: time.Minute,
	})
	if err != nil {
		return err
	}
	info, err := cons.Info(ctx)
	if err != nil {
		return err
	}
	if info.NumPending == 0 {
		return nil
	}
	it, err := cons.Messages(jetstream.PullMaxMessages(1000))
	if err != nil {
		return err
	}
	defer it.Stop()
	for {
		m, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err != nil {
			return err
		}
		if !fn(m, meta) || meta.NumPending == 0 {
			return nil
		}
	}
}
