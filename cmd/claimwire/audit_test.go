package main

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
)

// steal takes records off a stage's consumer and acks them without having done
// anything, until it has n.
func steal[T bus.Record](t *testing.T, b *bus.Bus, stream, durable string, n int) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var taken atomic.Int64
	go func() {
		ended <- bus.Consume(ctx, b, bus.ConsumerConfig{Stream: stream, Durable: durable, Stage: "thief", Batch: 2, MaxAckPending: 1600},
			func(_ context.Context, batch []bus.Received[T]) error {
				if taken.Add(int64(len(batch))) >= int64(n) {
					cancel()
				}
				return nil
			})
	}()
	return func() {
		t.Helper()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(2 * time.Minute):
			t.Fatalf("%d records of %s stolen, want %d", taken.Load(), stream, n)
		}
	}
}

// TestSkippedRecords acks articles and extractions in the name of the stages that never
// see them: they are found, and the state is that of an undisturbed run.
func TestSkippedRecords(t *testing.T) {
	t.Parallel()
	articles, err := sample.Variations(48)
	if err != nil {
		t.Fatal(err)
	}
	for i := range articles {
		if err := articles[i].Complete(); err != nil {
			t.Fatal(err)
		}
	}
	in := openStages(t, "extractor", "normalizer")
	in.auditEvery = 50 * time.Millisecond
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- in.run(ctx) }()
	if err := in.emit(ctx, articles[:1]); err != nil {
		t.Fatal(err)
	}
	if err := in.until(ctx, func() (bool, error) { // what is stolen before the stages have begun is no gap for them
		n, err := in.bus.Acked(ctx, schemas.StreamExtractions, normalizerConsumer)
		return n >= 1, err
	}); err != nil {
		t.Fatal(err)
	}
	thieves := []func(){
		steal[schemas.Article](t, in.bus, schemas.StreamArticles, extractorConsumer, 2),
		steal[schemas.Extraction](t, in.bus, schemas.StreamExtractions, normalizerConsumer, 2),
	}
	for i := 1; i < len(articles); i++ { // one by one, so that all get some
		if err := in.emit(ctx, articles[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, stolen := range thieves {
		stolen()
	}
	if err := in.until(ctx, func() (bool, error) {
		n, err := in.bus.Records(ctx, schemas.StreamExtractions)
		if err != nil || n < uint64(len(articles)) {
			return false, err
		}
		pending, unacked, err := in.bus.Lag(ctx, schemas.StreamExtractions, normalizerConsumer)
		return pending+unacked == 0 && len(in.normal.Unseen(n)) == 0, err
	}); err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	if err := in.until(ctx, func() (bool, error) { // they are counted when the gap is closed
		families, err := in.metrics.Gather()
		for _, f := range families {
			if f.GetName() == "claimwire_records_skipped_total" {
				for _, m := range f.GetMetric() {
					found[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
				}
			}
		}
		return found[string(schemas.StageNormalize)] >= 2 && found[string(schemas.StageExtract)] >= 2, err
	}); err != nil {
		t.Errorf("found %v, want at least 2 of each stage: %v", found, err)
	}
	if n, err := in.bus.Records(ctx, schemas.StreamDead); err != nil || n > 0 {
		t.Errorf("%d dead letters, %v", n, err)
	}
	var known []string
	if err := in.normal.Extractions(ctx, func(e *schemas.Extraction) error { known = append(known, e.ArticleID); return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range articles {
		if !slices.Contains(known, articles[i].ID) {
			t.Errorf("article %d is not in the state", i+1)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
