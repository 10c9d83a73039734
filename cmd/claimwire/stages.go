package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Fail points of the stages, for tests that kill the process in each window
// between two writes.
const (
	failBeforeApply = "before_apply" // extractions are at hand, the state knows nothing of them
	failAfterApply  = "after_apply"  // state and outbox are committed, nothing is published
	failAfterOutbox = "after_outbox" // changes are published, the outbox still has them
	failAfterSent   = "after_sent"   // the changes are marked as sent, the extractions are not acked
	failAfterSink   = "after_sink"   // a sink has stored a batch
)

// emit publishes articles of the fetcher or of the HTTP API.
func (in *instance) emit(ctx context.Context, articles []schemas.Article) error {
	for i := range articles {
		if err := articles[i].Complete(); err != nil {
			return err
		}
	}
	left := slices.DeleteFunc(slices.Clone(articles), func(a schemas.Article) bool {
		by, gone := in.purges.article(&a)
		if gone {
			in.log.Info("article left out: it was purged", "article", a.ID, "review", by)
		}
		return gone
	})
	if err := in.bus.PublishArticles(ctx, left); err != nil {
		return err
	}
	in.articles.Add(int64(len(left)))
	return nil
}

// dead publishes what the fetcher could not use.
func (in *instance) dead(ctx context.Context, letter schemas.DeadLetter) error {
	return in.bus.PublishDead(ctx, []schemas.DeadLetter{letter})
}

// How many articles one core takes at a time: few, so that another core that has
// nothing to do finds some; with a backlog enough to share one sync of the disk.
const (
	extractFew   = 2
	extractBatch = 16
)

// extract turns ARTICLES into EXTRACTIONS, on every core by itself: one that waits for
// the disk keeps no other from reading, nor does a long article.
func (in *instance) extract(ctx context.Context) error {
	reader, err := in.reader()
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for i := range max(2, runtime.GOMAXPROCS(0)) {
		ahead := extractAhead
		if i == 0 { // so that a core never has nothing to do
			ahead *= 4
		}
		g.Go(func() error {
			return bus.Consume(ctx, in.bus, bus.ConsumerConfig{
				Stream: schemas.StreamArticles, Durable: extractorConsumer, Stage: schemas.StageExtract,
				Batch: extractBatch, Few: extractFew, MaxAckPending: 100 * extractBatch,
			}, func(ctx context.Context, batch []bus.Received[schemas.Article]) error {
				if len(batch) > extractFew {
					in.awaitState(ctx, ahead)
				}
				return in.extractBatch(ctx, reader, batch)
			})
		})
	}
	return g.Wait()
}

// extractAhead is how many extractions may wait for the state while more are made of a
// backlog: more than it takes in at a time. Without a bound all that fetches and reads
// would be done first, and the last part of the work, which is done by one core, alone.
const extractAhead uint64 = 100

// awaitState returns when fewer extractions than a number wait for the state of this
// process, or when nobody can say.
func (in *instance) awaitState(ctx context.Context, ahead uint64) {
	for in.normal != nil && in.caughtUp.Load() {
		pending, unacked, err := in.bus.Lag(ctx, schemas.StreamExtractions, in.partitioned(normalizerConsumer))
		if err != nil || pending+unacked < ahead {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

func (in *instance) extractBatch(ctx context.Context, reader *english.Extractor, batch []bus.Received[schemas.Article]) error {
	var purged []uint64
	done := make(chan schemas.Extraction, len(batch))
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return in.publishExtractions(ctx, done) })
	g.Go(func() error {
		defer close(done)
		for _, r := range batch {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if _, gone := in.purges.article(r.Record); gone { // published by a process that had not heard of it
				purged = append(purged, r.Sequence)
				continue
			}
			x, err := extractOne(reader, r.Record)
			if err != nil {
				return err
			}
			done <- x
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	_, err := in.bus.Erase(ctx, schemas.StreamArticles, purged)
	return err
}

// publishExtractions publishes what was read while the next article is: one, or as many
// as have come while the disk was at work. With a backlog it waits for them all.
func (in *instance) publishExtractions(ctx context.Context, done <-chan schemas.Extraction) error {
	backlog := cap(done) == extractBatch
	for x := range done {
		out := []schemas.Extraction{x}
		for backlog || len(done) > 0 {
			x, more := <-done
			if !more {
				break
			}
			out = append(out, x)
		}
		if err := in.bus.PublishExtractions(ctx, out); err != nil {
			return err
		}
		in.extracted.Add(int64(len(out)))
		for i := range out {
			if why := out[i].Skipped; why != "" {
				in.skipped.Add(1)
				in.log.Info("article skipped", "article", out[i].ArticleID, "why", why)
				in.noteSkipped(why)
			}
		}
	}
	return nil
}

// extractOne reads one article. Reading is a pure function, so what fails once
// fails always: a dead letter at once, also for a bug that panics.
func extractOne(reader *english.Extractor, a *schemas.Article) (x schemas.Extraction, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("article %s: panic: %v: %w\n%s", a.ID, p, schemas.ErrMalformed, debug.Stack())
		}
	}()
	if x, err = reader.Extract(*a); err != nil && !errors.Is(err, schemas.ErrMalformed) {
		err = fmt.Errorf("%w: %w", schemas.ErrMalformed, err)
	}
	return x, err
}

// normalize turns EXTRACTIONS and REVIEWS into CLAIMS. State and outbox change in one
// transaction; the outbox is emptied before the extractions are acked, and at
// the start, so a crash in between repeats work and loses none.
func (in *instance) normalize(ctx context.Context) error {
	if err := in.sendWaiting(ctx); err != nil {
		return err
	}
	if err := in.catchUp(ctx); err != nil {
		return in.stateError(err)
	}
	in.caughtUp.Store(true)
	if err := in.sendWaiting(ctx); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return in.review(ctx) })
	g.Go(func() error { return in.applyExtractions(ctx) })
	g.Go(func() error { return in.settle(ctx) })
	g.Go(func() error { return in.auditExtractions(ctx) })
	g.Go(func() error { return in.auditReviews(ctx) })
	err := g.Wait()
	return errors.Join(err, in.normal.Settle(context.WithoutCancel(ctx)))
}

// sendWaiting empties the outbox that an earlier process left, for as long as that
// takes: a disk or a stream that is full now will have room again.
func (in *instance) sendWaiting(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, 10*time.Second) {
		err := in.flushOutbox(ctx)
		if err == nil || ctx.Err() != nil || !errors.Is(err, bus.ErrUnavailable) {
			return err
		}
		in.log.Warn("changes of an earlier run wait", "stage", "normalizer", "err", err, "in", wait.String())
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// settleEvery is how long the state may not know what was published: under load the
// next batch tells it, without a sync of the disk of its own.
const settleEvery = 250 * time.Millisecond

// settle tells the state what was published while no batch comes.
func (in *instance) settle(ctx context.Context) error {
	for pause := settleEvery; ; {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
		pause = settleEvery
		if err := in.normal.Settle(ctx); err != nil && ctx.Err() == nil {
			pause = 5 * time.Second
			in.log.Warn("the state does not take what was sent; trying again", "stage", "normalize", "err", in.stateError(err), "in", pause.String())
		}
	}
}

// review heeds what people decide.
func (in *instance) review(ctx context.Context) error {
	return bus.Consume(ctx, in.bus, bus.ConsumerConfig{
		Stream: schemas.StreamReviews, Durable: in.partitioned(reviewConsumer), Stage: schemas.StageNormalize,
	}, func(ctx context.Context, batch []bus.Received[schemas.Review]) error {
		for _, r := range batch {
			if err := in.heed(ctx, r); err != nil {
				return in.stateError(err)
			}
			in.log.Info("review heeded", "review", r.Record.ID, "action", string(r.Record.Action), "by", r.Record.By)
		}
		return in.flushOutbox(ctx)
	})
}

// heed carries a review out while nothing is on its way out: a purge must not be
// overtaken by what it erases.
func (in *instance) heed(ctx context.Context, r bus.Received[schemas.Review]) error {
	in.flushing.Lock()
	defer in.flushing.Unlock()
	return in.normal.Review(ctx, r.Sequence, *r.Record)
}

// stateError marks what is the fault of the state's disk or lock, not of the record.
func (in *instance) stateError(err error) error {
	if errors.Is(err, schemas.ErrMalformed) {
		return err
	}
	if errors.Is(err, normalizer.ErrFenced) {
		select {
		case in.fenced <- err:
		default: // it has been said
		}
	}
	return fmt.Errorf("%w: %w", bus.ErrUnavailable, err)
}

// applyExtractions lets the state take extractions in while the changes that those
// before them have brought are published.
func (in *instance) applyExtractions(ctx context.Context) error {
	return bus.ConsumeInTwo(ctx, in.bus, bus.ConsumerConfig{
		Stream: schemas.StreamExtractions, Durable: in.partitioned(normalizerConsumer), Stage: schemas.StageNormalize,
		GaveUp: func(seq uint64) {
			if err := in.normal.Seen(context.WithoutCancel(ctx), normalizer.Range{From: seq, To: seq}); err != nil { // the audit does it
				in.log.Debug("dead letter not noted", "sequence", seq, "err", err)
			}
		},
	}, func(ctx context.Context, batch []bus.Received[schemas.Extraction]) error {
		inputs := make([]normalizer.Input, len(batch))
		for i, r := range batch {
			inputs[i] = normalizer.Input{Sequence: r.Sequence, Extraction: *r.Record}
		}
		bus.Failpoint(failBeforeApply)
		if err := in.normal.Apply(ctx, inputs); err != nil {
			return in.stateError(err)
		}
		bus.Failpoint(failAfterApply)
		return nil
	}, func(ctx context.Context, batch []bus.Received[schemas.Extraction]) error {
		if err := in.flushOutbox(ctx); err != nil {
			return err
		}
		in.claimed(batch)
		var purged []uint64
		for _, r := range batch { // the normalizer has left them out by itself
			if _, gone := in.purges.article(&r.Record.Article); gone {
				purged = append(purged, r.Sequence)
			}
		}
		_, err := in.bus.Erase(ctx, schemas.StreamExtractions, purged)
		return err
	})
}

// outboxBatch is how many changes are published at once at most. The sinks get them
// together.
const outboxBatch = 1000

// flushOutbox publishes every change that the normalizer has committed.
func (in *instance) flushOutbox(ctx context.Context) error {
	in.flushing.Lock()
	defer in.flushing.Unlock()
	for {
		waiting, err := in.normal.Outbox(ctx, outboxBatch)
		if err != nil || len(waiting) == 0 {
			return err
		}
		changes := make([]bus.EncodedChange, len(waiting))
		for i, w := range waiting {
			changes[i] = bus.EncodedChange{ChangeHead: w.Head, JSON: w.JSON, Record: w.Change}
		}
		if err := in.bus.PublishEncoded(ctx, changes); err != nil {
			return err
		}
		bus.Failpoint(failAfterOutbox)
		in.normal.Sent(waiting[len(waiting)-1].Position)
		in.changes.Add(int64(len(waiting)))
		bus.Failpoint(failAfterSent)
	}
}

// sink writes the streams to one sink, each from where the sink left off. The
// sink keeps its positions together with what it stores, which makes the effect
// exactly once.
func (in *instance) sink(ctx context.Context, w *sinkWriter) error {
	g, ctx := errgroup.WithContext(ctx)
	if err := readInto(ctx, g, w, schemas.StreamArticles, func(r *sink.Record, a *schemas.Article) { r.Article = a }); err != nil {
		return err
	}
	if err := readInto(ctx, g, w, schemas.StreamClaims, func(r *sink.Record, c *schemas.Change) { r.Change = c }); err != nil {
		return err
	}
	if err := readInto(ctx, g, w, schemas.StreamReviews, func(r *sink.Record, v *schemas.Review) { r.Review = v }); err != nil {
		return err
	}
	return g.Wait()
}

// sinkBatch is how many records a sink is given at once at most: one transaction, in
// which a claim that changes often is put down once, as is each page of an index. A batch
// never waits to be full: large ones are what has come in while the one before was stored.
const sinkBatch = 2000

// readInto starts to hand the records of a stream to w; set puts one into its
// field of a sink.Record.
func readInto[T bus.Record](ctx context.Context, g *errgroup.Group, w *sinkWriter, stream string, set func(*sink.Record, *T)) error {
	since, err := w.out.Position(ctx, stream)
	if err != nil {
		return err
	}
	w.instance.stored(w.name, stream, since)
	g.Go(func() error {
		err := bus.Read(ctx, w.instance.bus, bus.ReadConfig{
			Stream: stream, Since: since, Stage: schemas.StageSink, Batch: sinkBatch,
			Passed: func(sequence uint64) { w.instance.stored(w.name, stream, sequence) },
		},
			func(ctx context.Context, batch []bus.Received[T]) error {
				records := make([]sink.Record, 0, len(batch))
				for _, r := range batch {
					rec := sink.Record{Stream: r.Stream, Sequence: r.Sequence}
					set(&rec, r.Record)
					if rec.Article != nil {
						if _, gone := w.instance.purges.article(rec.Article); gone {
							continue
						}
					}
					records = append(records, rec)
				}
				started := time.Now()
				if err := w.write(ctx, records); err != nil {
					return err
				}
				if w.instance.traces != nil {
					for _, r := range batch {
						w.instance.bus.Delivered("sink "+w.name, stream, r.Record, started)
					}
				}
				w.instance.stored(w.name, stream, batch[len(batch)-1].Sequence)
				bus.Failpoint(failAfterSink)
				return nil
			})
		if errors.Is(err, bus.ErrGone) {
			return fmt.Errorf("sink %s: %w; it was filled from the streams of another data folder, or was away for longer than they are kept (--keep): to begin it anew, move %s away", w.name, err, keptAt(w.name, w.instance.settings))
		}
		return err
	})
	return nil
}

// A sinkWriter gives the batches of several streams to one sink, one at a time.
type sinkWriter struct {
	instance *instance
	name     string
	mu       sync.Mutex // held while out is in use
	out      sink.Sink
}

// write stores a batch, trying again for as long as the sink fails: a database
// that is away for a minute costs a minute, not a claim.
func (w *sinkWriter) write(ctx context.Context, batch []sink.Record) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		started := time.Now()
		err := w.out.Write(ctx, batch)
		w.instance.stats.writing.WithLabelValues(w.name).Observe(time.Since(started).Seconds())
		if err == nil || ctx.Err() != nil {
			return err
		}
		w.instance.log.Error("sink does not take records; trying again", "stage", "sink", "sink", w.name, "err", err, "in", wait.String())
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// drain polls each feed once, waits until every stage has done its part, makes
// the claims final and waits for the sinks.
func (in *instance) drain(ctx context.Context) error {
	started := time.Now()
	step := func(what string) { in.log.Debug(what, "dur", time.Since(started).Round(time.Millisecond).String()) }
	source := in.source
	if source == nil {
		source = func(ctx context.Context) error { return in.fetcher.Once(ctx, in.feeds(), in.admit, in.dead) }
	}
	if err := source(ctx); err != nil {
		return err
	}
	step("fetched")
	if err := in.until(ctx, func() (bool, error) { return in.caughtUp.Load() || in.normal == nil, nil }); err != nil {
		return err
	}
	for _, c := range in.consumers() {
		if err := in.until(ctx, func() (bool, error) {
			pending, unacked, err := in.bus.Lag(ctx, c.stream, c.durable)
			return pending+unacked == 0, err
		}); err != nil {
			return err
		}
	}
	step("extracted and normalized")
	if err := in.applySkipped(ctx); err != nil {
		return err
	}
	if err := in.normal.Finalize(ctx); err != nil {
		return err
	}
	if err := in.flushOutbox(ctx); err != nil {
		return err
	}
	for _, stream := range []string{schemas.StreamArticles, schemas.StreamClaims} {
		last, err := in.bus.LastKept(ctx, stream)
		if err != nil {
			return err
		}
		for name := range in.sinks {
			if err := in.until(ctx, func() (bool, error) { return in.position(name, stream) >= last, nil }); err != nil {
				return fmt.Errorf("sink %s: %w", name, err)
			}
		}
	}
	step("stored")
	if in.onStored != nil {
		in.onStored()
	}
	digest, err := in.normal.Digest(ctx)
	if err != nil {
		return err
	}
	in.log.Info("done: "+in.status(), "digest", digest)
	if in.fetcher != nil {
		if st := in.fetcher.Stats(); st.Polls > 0 && st.FeedErrors == st.Polls {
			return fmt.Errorf("no feed could be read (%d tried); the log says why", st.Polls)
		}
	}
	return nil
}

// A consumer is one that drain waits for.
type consumer struct{ stream, durable string }

// consumers are those of the stages that run here, in the order of the flow.
func (in *instance) consumers() []consumer {
	var out []consumer
	if in.reader != nil {
		out = append(out, consumer{schemas.StreamArticles, extractorConsumer})
	}
	return append(out, consumer{schemas.StreamReviews, in.partitioned(reviewConsumer)}, consumer{schemas.StreamExtractions, in.partitioned(normalizerConsumer)})
}

// stored notes that a sink has everything up to a sequence of a stream.
func (in *instance) stored(name, stream string, sequence uint64) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.positions[name+" "+stream] = sequence
}

func (in *instance) position(name, stream string) uint64 {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.positions[name+" "+stream]
}

// until waits for done to report true. It asks often at first, and less the longer it
// takes: asking costs what it waits for.
func (in *instance) until(ctx context.Context, done func() (bool, error)) error {
	const least, most = 5 * time.Millisecond, 100 * time.Millisecond
	for started := time.Now(); ; {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		select {
		case <-time.After(min(max(time.Since(started)/16, least), most)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func untilEvery(ctx context.Context, pause time.Duration, done func() (bool, error)) error {
	for {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
