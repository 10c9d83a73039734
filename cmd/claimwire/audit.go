package main

import (
	"context"
	"errors"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// The consumers of the server say what a stage gets, and forget what they take for
// done. A server that became their leader, or a client that may write to them, can move
// one past a record that nobody has handled. So each stage compares, every so often and
// when it starts, what it has had with what the streams hold, and reads for itself what
// it was never given. With nothing amiss that is a comparison of two numbers, and for
// articles the headers of what is new.

// auditPause is how long a record that was passed over waits at most until it is read.
const auditPause = 10 * time.Second

// auditing calls audit until ctx ends, at once and then every so often.
func (in *instance) auditing(ctx context.Context, stage schemas.StageName, audit func(context.Context) error) error {
	pause := in.auditEvery
	if pause == 0 {
		pause = auditPause
	}
	for {
		if err := audit(ctx); err != nil && ctx.Err() == nil {
			in.log.Warn("audit not finished; trying again", "stage", stage, "err", err, "in", pause.String())
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// skippedRecords tells of records that a stage was never given.
func (in *instance) skippedRecords(stage schemas.StageName, stream string, sequences []uint64) {
	if len(sequences) == 0 {
		return
	}
	in.stats.skipped.WithLabelValues(string(stage)).Add(float64(len(sequences)))
	in.log.Warn("records that the stream's consumer took for done were never given out: they are read now",
		"stage", stage, "stream", stream, "records", len(sequences), "from", sequences[0], "to", sequences[len(sequences)-1])
}

// auditExtractions applies the extractions that the consumer takes for done and the
// state does not have.
func (in *instance) auditExtractions(ctx context.Context) error {
	return in.auditing(ctx, schemas.StageNormalize, in.applySkipped)
}

func (in *instance) applySkipped(ctx context.Context) error {
	floor, err := in.bus.Acked(ctx, schemas.StreamExtractions, in.partitioned(normalizerConsumer))
	if err != nil {
		return err
	}
	gaps := in.normal.Unseen(floor) // asked later: what is acked has been applied
	if len(gaps) == 0 {
		return nil
	}
	first, err := in.bus.FirstSequence(ctx, schemas.StreamExtractions)
	if err != nil {
		return err
	}
	for _, gap := range gaps {
		var found []uint64
		err := bus.Between(ctx, in.bus, schemas.StreamExtractions, schemas.StageNormalize, max(gap.From, first), gap.To, func(r bus.Received[schemas.Extraction]) error {
			err := in.normal.Apply(ctx, []normalizer.Input{{Sequence: r.Sequence, Extraction: *r.Record}})
			if errors.Is(err, schemas.ErrMalformed) {
				return bus.GiveUp(ctx, in.bus, schemas.StageNormalize, r, err)
			}
			if err != nil {
				return in.stateError(err)
			}
			found = append(found, r.Sequence)
			return in.flushOutbox(ctx)
		})
		in.skippedRecords(schemas.StageNormalize, schemas.StreamExtractions, found)
		if err != nil {
			return err
		}
		if err := in.normal.Seen(ctx, gap); err != nil {
			return in.stateError(err)
		}
	}
	return nil
}

// auditReviews heeds again what the consumer of reviews takes for done: one that is
// known changes nothing. At the start all have been heeded, see [instance.catchUp].
func (in *instance) auditReviews(ctx context.Context) error {
	var done uint64
	begun := false
	return in.auditing(ctx, schemas.StageNormalize, func(ctx context.Context) error {
		floor, err := in.bus.Acked(ctx, schemas.StreamReviews, in.partitioned(reviewConsumer))
		if err != nil {
			return err
		}
		if !begun {
			begun, done = true, floor
		}
		if err := bus.Between(ctx, in.bus, schemas.StreamReviews, schemas.StageNormalize, done+1, floor, func(r bus.Received[schemas.Review]) error {
			if err := in.heed(ctx, r); err != nil && !errors.Is(err, schemas.ErrMalformed) { // a dead letter
				return in.stateError(err)
			}
			done = r.Sequence
			return in.flushOutbox(ctx)
		}); err != nil {
			return err
		}
		done = max(done, floor)
		return nil
	})
}

// auditArticles reads the articles that the consumer takes for done and that have no
// extraction.
func (in *instance) auditArticles(ctx context.Context) error {
	var answers *bus.Answers
	return in.auditing(ctx, schemas.StageExtract, func(ctx context.Context) (err error) {
		if answers == nil {
			if answers, err = in.bus.NewAnswers(ctx, extractorConsumer); err != nil {
				return err
			}
		}
		return in.extractSkipped(ctx, answers)
	})
}

func (in *instance) extractSkipped(ctx context.Context, answers *bus.Answers) error {
	missing, err := answers.Missing(ctx)
	if err != nil || len(missing) == 0 {
		return err
	}
	reader, err := in.reader()
	if err != nil {
		return err
	}
	var found []uint64
	defer func() { in.skippedRecords(schemas.StageExtract, schemas.StreamArticles, found) }()
	for _, seq := range missing {
		err := bus.Between(ctx, in.bus, schemas.StreamArticles, schemas.StageExtract, seq, seq, func(r bus.Received[schemas.Article]) error {
			err := in.extractBatch(ctx, reader, []bus.Received[schemas.Article]{r})
			if errors.Is(err, schemas.ErrMalformed) {
				return bus.GiveUp(ctx, in.bus, schemas.StageExtract, r, err)
			}
			if err == nil {
				found = append(found, seq)
			}
			return err
		})
		if err != nil {
			return err
		}
		answers.Settle(seq) // also one that is not on the stream any more
	}
	return nil
}
