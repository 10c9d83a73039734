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
	codeAtomicDisabled    jetstream.ErrorCode = 10174
	codeAtomicIncomplete  jetstream.ErrorCode = 10176 // also: the batch took longer than the server keeps it
	codeAtomicUnsupported jetstream.ErrorCode = 10177
	codeAtomicTooLarge    jetstream.ErrorCode = 10199
	codeAtomicDuplicate   jetstream.ErrorCode = 10201
	codeAtomicInflight    jetstream.ErrorCode = 10210
)

// sendAtomic publishes messages as one batch, all or none, with one sync of the
// disk. A batch that the server refuses as a batch is sent in halves or one by
// one; ids make sure that nothing is stored twice.
func (b *Bus) sendAtomic(ctx context.Context, stream string, msgs []message) error {
	ack, err := b.commit(ctx, msgs)
	if err == nil && ack.Error == nil {
		b.metrics.published.WithLabelValues(stream, "atomic").Add(float64(len(msgs)))
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
	switch ack.Error.ErrorCode {
	case codeAtomicTooLarge:
		half := len(msgs) / 2
		if half < atomicMin {
			return b.sendEach(ctx, stream, msgs)
		}
		if err := b.sendAtomic(ctx, stream, msgs[:half]); err != nil {
			return err
		}
		return b.sendAtomic(ctx, stream, msgs[half:])
	case codeAtomicDisabled, codeAtomicUnsupported:
		b.atomic[stream].Store(false)
		return b.sendEach(ctx, stream, msgs)
	case codeAtomicDuplicate, codeAtomicIncomplete, codeAtomicInflight:
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

// commit sends the messages and waits for the answer to the last one, which
// commits. The messages leave it as they came.
func (b *Bus) commit(ctx context.Context, msgs []message) (*batchAck, error) {
	id := nuid.Next() // names the batch while it is open, no record
	defer func() {
		for _, m := range msgs {
			delete(m.msg.Header, headerBatch)
			delete(m.msg.Header, headerBatchSeq)
			delete(m.msg.Header, headerCommit)
		}
	}()
	last := len(msgs) - 1
	for i, m := range msgs {
		m.msg.Header[headerBatch] = []string{id}
		m.msg.Header[headerBatchSeq] = []string{strconv.Itoa(i + 1)}
		if i == last {
			break
		}
		if err := b.nc.PublishMsg(m.msg); err != nil {
			return nil, err
		}
		if i == len(msgs)/2 {
			Failpoint(FailMidBatch)
		}
	}
	msgs[last].msg.Header[headerCommit] = []string{"1"}
	wait, cancel := context.WithTimeout(ctx, b.cfg.AckTimeout)
	defer cancel()
	answer, err := b.nc.RequestMsgWithContext(wait, msgs[last].msg)
	if err != nil {
		return nil, err
	}
	ack := new(batchAck)
	if err := json.Unmarshal(answer.Data, ack); err != nil {
		return nil, fmt.Errorf("answer to a batch: %w", err)
	}
	if ack.Error == nil && (ack.Batch != id || ack.Count != len(msgs)) {
		// A server before 2.12 takes the headers for ordinary ones and has only
		// stored the messages one by one, without saying whether all of them.
		ack.Error = &jetstream.APIError{ErrorCode: codeAtomicDisabled, Description: "the server does not know batches"}
	}
	return ack, nil
}
