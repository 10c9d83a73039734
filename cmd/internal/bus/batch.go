package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Headers of an atomic batch (NATS architecture decision record 50).
const (
	headerBatch    = "Nats-Batch-Id"
	headerBatchSeq = "Nats-Batch-Sequence"
	headerCommit   = "Nats-Batch-Commit"
)

// Answers to a batch that another way of publishing gets around.
const (
	codeNotStored         jetstream.ErrorCode = 10077 // the stream is full, or the disk fails
	codeAtomicDisabled    jetstream.ErrorCode = 10174
	codeAtomicIncomplete  jetstream.ErrorCode = 10176 // also: the batch took longer than the server keeps it
	codeAtomicUnsupported jetstream.ErrorCode = 10177
	codeAtomicTooLarge    jetstream.ErrorCode = 10199
	codeAtomicDuplicate   jetstream.ErrorCode = 10201
	codeAtomicInflight    jetstream.ErrorCode = 10210
)

// A batch is messages that are stored together: all or none, with one sync of the disk.
type batch struct {
	id     string // names it while it is open, no record; empty if the messages go one by one
	msgs   []message
	err    error              // why the server was not sent all of it
	answer *nats.Subscription // to the last message, which commits; nil before
}

// batchMin is how many messages are sent as a batch at least.
func (b *Bus) batchMin() int {
	if b.staging != "" {
		return atomicMinInMemory
	}
	return atomicMin
}

// stage sends all messages but the last to the server, which keeps them apart until
// the last comes. Too few for that, or for a stream that takes no batches, stay here.
func (b *Bus) stage(stream string, msgs []message) *batch {
	if len(msgs) < b.batchMin() || !b.atomic[stream].Load() {
		return &batch{msgs: msgs}
	}
	s := &batch{id: nuid.Next(), msgs: msgs}
	for i, m := range msgs {
		m.msg.Header[headerBatch] = []string{s.id}
		m.msg.Header[headerBatchSeq] = []string{strconv.Itoa(i + 1)}
		if i == len(msgs)-1 {
			break
		}
		if s.err = b.nc.PublishMsg(m.msg); s.err != nil {
			break
		}
		if i == len(msgs)/2 {
			Failpoint(FailMidBatch)
		}
	}
	return s
}

// commit sends the last message. The messages leave it as they came.
func (b *Bus) commit(s *batch) {
	if s.id == "" {
		return
	}
	last := s.msgs[len(s.msgs)-1].msg
	if s.err == nil {
		last.Header[headerCommit], last.Reply = []string{"1"}, b.nc.NewInbox()
		s.answer, s.err = b.nc.SubscribeSync(last.Reply)
	}
	if s.err == nil {
		s.err = b.nc.PublishMsg(last)
	}
	last.Reply = ""
	for _, m := range s.msgs {
		delete(m.msg.Header, headerBatch)
		delete(m.msg.Header, headerBatchSeq)
		delete(m.msg.Header, headerCommit)
	}
}

// finish returns when the messages of a batch that was committed are stored. A batch
// that the server refuses as a batch is sent in halves or one by one; ids make sure
// that nothing is stored twice.
func (b *Bus) finish(ctx context.Context, stream string, s *batch) error {
	if s.id == "" {
		return b.sendEach(ctx, stream, s.msgs)
	}
	msgs := s.msgs
	ack, err := b.await(ctx, s)
	if err == nil && ack.Error == nil {
		b.metrics.published.WithLabelValues(stream, "atomic").Add(float64(len(msgs)))
		for i := range msgs { // they stand side by side
			msgs[i].sequence = ack.Seq - uint64(len(msgs)-1-i)
		}
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil && !errors.Is(err, nats.ErrTimeout) && !errors.Is(err, context.DeadlineExceeded) {
		return publishError(err)
	}
	reason := "timeout" // nobody knows whether it was stored
	if err == nil {
		reason = strconv.Itoa(int(ack.Error.ErrorCode))
	}
	b.metrics.fallbacks.WithLabelValues(stream, reason).Inc()
	if err != nil {
		return b.sendEach(ctx, stream, msgs)
	}
	code := ack.Error.ErrorCode
	switch {
	case code == codeAtomicTooLarge, code == codeNotStored && len(msgs) > 2*atomicMin: // what a full stream has room for goes in, so that it is seen to be full
		half := len(msgs) / 2
		for _, part := range [][]message{msgs[:half], msgs[half:]} {
			s := b.stage(stream, part)
			b.commit(s)
			if err := b.finish(ctx, stream, s); err != nil {
				return err
			}
		}
		return nil
	case code == codeAtomicDisabled, code == codeAtomicUnsupported:
		b.atomic[stream].Store(false)
		return b.sendEach(ctx, stream, msgs)
	case code == codeAtomicDuplicate, code == codeAtomicIncomplete, code == codeAtomicInflight:
		if err := b.linkStaging(); err != nil { // somebody may have cleared the memory
			b.log.Warn("batches have no folder: publishing is slower", "err", err)
		}
		return b.sendEach(ctx, stream, msgs)
	}
	return publishError(ack.Error)
}

// batchAck is the answer to the last message of a batch.
type batchAck struct {
	Error  *jetstream.APIError `json:"error"`
	Stream string              `json:"stream"`
	Seq    uint64              `json:"seq"`
	Batch  string              `json:"batch"`
	Count  int                 `json:"count"`
}

// await waits for the answer to a batch.
func (b *Bus) await(ctx context.Context, s *batch) (*batchAck, error) {
	if s.answer != nil {
		defer func() { _ = s.answer.Unsubscribe() }() // fails if the connection is closed
	}
	if s.err != nil {
		return nil, s.err
	}
	wait, cancel := context.WithTimeout(ctx, b.cfg.AckTimeout)
	defer cancel()
	answer, err := s.answer.NextMsgWithContext(wait)
	if err != nil {
		return nil, err
	}
	if len(answer.Data) == 0 && answer.Header.Get("Status") == "503" {
		return nil, nats.ErrNoResponders
	}
	ack := new(batchAck)
	if err := json.Unmarshal(answer.Data, ack); err != nil {
		return nil, fmt.Errorf("answer to a batch: %w", err)
	}
	if ack.Error == nil && (ack.Batch != s.id || ack.Count != len(s.msgs)) {
		// A server before 2.12 takes the headers for ordinary ones and has only
		// stored the messages one by one, without saying whether all of them.
		ack.Error = &jetstream.APIError{ErrorCode: codeAtomicDisabled, Description: "the server does not know batches"}
	}
	return ack, nil
}
