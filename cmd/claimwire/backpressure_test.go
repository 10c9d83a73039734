package main

import (
	"context"
	"flag"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A stalledSink takes a batch and never comes back.
type stalledSink struct {
	once    sync.Once
	entered chan struct{} // closed when it has something to write
}

func (s *stalledSink) Write(ctx context.Context, _ []sink.Record) error {
	s.once.Do(func() { close(s.entered) })
	<-ctx.Done()
	return ctx.Err()
}

func (s *stalledSink) Position(context.Context, string) (uint64, error) { return 0, nil }
func (s *stalledSink) Close() error                                     { return nil }

func openStages(t *testing.T, stages ...string) *instance {
	t.Helper()
	var s config.Settings
	s.Register(flag.NewFlagSet("test", flag.ContinueOnError))
	s.DataDir, s.Listen, s.Sync, s.Stages = t.TempDir(), "", false, stages
	in, err := openInstance(t.Context(), &s, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

// TestStalledSink wants a sink that hangs to slow nobody else: the store gets
// every change, and the program still ends when it is told to.
func TestStalledSink(t *testing.T) {
	t.Parallel()
	in := openStages(t, "extractor", "normalizer", "sink")
	stalled := &stalledSink{entered: make(chan struct{})}
	in.sinks["stalled"] = stalled
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- in.run(ctx) }()
	articles, err := sample.Variations(12)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.emit(ctx, articles); err != nil {
		t.Fatal(err)
	}
	<-stalled.entered
	if err := in.until(ctx, func() (bool, error) {
		pending, unacked, err := in.bus.Lag(ctx, schemas.StreamExtractions, normalizerConsumer)
		if err != nil || pending+unacked > 0 || in.extracted.Load() < 12 {
			return false, err
		}
		last, err := in.bus.LastSequence(ctx, schemas.StreamClaims)
		return last > 0 && in.position("store", schemas.StreamClaims) >= last, err
	}); err != nil {
		t.Fatalf("the store waits for the stalled sink: %v", err)
	}
	if at := in.position("stalled", schemas.StreamClaims); at != 0 {
		t.Errorf("the stalled sink is at %d", at)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it does not end while a sink hangs")
	}
}

// TestLagPausesFetching lets no new articles in while the extractor is behind, or
// the server away, and lets them in again after that.
func TestLagPausesFetching(t *testing.T) {
	t.Parallel()
	in := openStages(t, "normalizer", "sink") // nobody reads articles
	in.settings.MaxLag = 2
	articles, err := sample.Variations(4)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.admit(t.Context(), articles[:2]); err != nil {
		t.Fatal(err)
	}
	if err := in.admit(t.Context(), articles[2:3]); err != nil { // two wait: no more than the bound
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := in.admit(short, articles[3:]); err == nil {
		t.Error("a fourth article is let in")
	}
	if err := in.room(t.Context()); err == nil || !strings.Contains(err.Error(), "3 articles wait for the extractor") {
		t.Errorf("room() = %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- in.admit(t.Context(), articles[3:]) }()
	for in.paused.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	in.reader = openStages(t, "extractor").reader
	ctx, stop := context.WithCancel(t.Context())
	var stages errgroup.Group
	stages.Go(func() error { return in.extract(ctx) })
	stages.Go(func() error { return in.normalize(ctx) })
	if err := <-done; err != nil {
		t.Error(err)
	}
	stop()
	if err := stages.Wait(); err != nil && ctx.Err() == nil {
		t.Error(err)
	}
}
