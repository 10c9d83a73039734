package bus

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/claimwire/claimwire/schemas"
)

// openBench opens a bus as it runs by default, every publish synced to disk, or
// without syncing.
func openBench(b *testing.B, noSync bool) *Bus {
	b.Helper()
	bus, err := Open(b.Context(), Config{Dir: b.TempDir(), NoSync: noSync})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := bus.Close(context.Background()); err != nil {
			b.Error(err)
		}
	})
	return bus
}

// benchChanges returns n changes of about 1 KB each, none of which was seen before.
func benchChanges(from, n int) []schemas.Change {
	cs := make([]schemas.Change, n)
	for i := range cs {
		cs[i] = change(from + i)
		cs[i].ID = fmt.Sprintf("ch-%09d", from+i)
	}
	return cs
}

func benchPublish(b *testing.B, noSync bool, n int, atomics bool) {
	bus := openBench(b, noSync)
	bus.atomic[schemas.StreamClaims].Store(atomics)
	m, err := bus.encode(&benchChanges(0, 1)[0])
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(n * m.msg.Size()))
	next := 0
	for b.Loop() {
		if err := bus.PublishChanges(b.Context(), benchChanges(next, n)); err != nil {
			b.Fatal(err)
		}
		next += n
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkPublish(b *testing.B) {
	for _, n := range []int{1, 10, 20, 50, 100, 500} {
		for _, atomics := range []bool{false, true} {
			if atomics && n < atomicMin {
				continue
			}
			for _, noSync := range []bool{false, true} {
				b.Run(fmt.Sprintf("n=%d/atomic=%t/sync=%t", n, atomics, !noSync), func(b *testing.B) { benchPublish(b, noSync, n, atomics) })
			}
		}
	}
}

func BenchmarkConsume(b *testing.B) {
	bus := openBench(b, true)
	const n = 5000
	as := articles(n)
	body := strings.Repeat("The harbour stays closed while divers look for the wreck. ", 70)[:4000]
	for i := range as {
		as[i].Text, as[i].Version = body+fmt.Sprint(i), ""
		if err := as[i].Complete(); err != nil {
			b.Fatal(err)
		}
	}
	if err := bus.PublishArticles(b.Context(), as); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(n * int64(len(body)))
	run := 0
	for b.Loop() {
		run++
		ctx, cancel := context.WithCancel(b.Context())
		got := 0
		cfg := ConsumerConfig{Stream: schemas.StreamArticles, Durable: fmt.Sprintf("run-%d", run), Stage: schemas.StageSink, Batch: 200}
		err := Consume(ctx, bus, cfg, func(_ context.Context, recs []Received[schemas.Article]) error {
			if got += len(recs); got >= n {
				cancel()
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(run*n)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkLatency publishes a record to a consumer that waits for it, synced to
// disk, and waits until it is handled.
func BenchmarkLatency(b *testing.B) {
	bus := openBench(b, false)
	ctx, cancel := context.WithCancel(b.Context())
	handled, done := make(chan bool), make(chan error, 1)
	go func() {
		cfg := ConsumerConfig{Stream: schemas.StreamClaims, Durable: "latency", Stage: schemas.StageSink}
		done <- Consume(ctx, bus, cfg, func(context.Context, []Received[schemas.Change]) error {
			handled <- true
			return nil
		})
	}()
	next := 0
	for b.Loop() {
		if err := bus.PublishChanges(b.Context(), benchChanges(next, 1)); err != nil {
			b.Fatal(err)
		}
		<-handled
		next++
	}
	cancel()
	if err := <-done; err != nil {
		b.Error(err)
	}
}

func BenchmarkRead(b *testing.B) {
	bus := openBench(b, true)
	const n = 5000
	if err := bus.PublishChanges(b.Context(), benchChanges(0, n)); err != nil {
		b.Fatal(err)
	}
	runs := 0
	for b.Loop() {
		runs++
		ctx, cancel := context.WithCancel(b.Context())
		err := bus.Follow(ctx, 0, func(seq uint64, _ *schemas.Change) error {
			if seq == n {
				cancel()
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(runs*n)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkEncode(b *testing.B) {
	bus := &Bus{cfg: Config{Name: "bench"}, bound: MaxMessage}
	c := change(1)
	m, err := bus.encode(&c)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(m.msg.Data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := bus.encode(&c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPipeline sends articles of 4 KB through every stream, with stages that
// compute nothing: an extraction with the article in it, then three changes of
// claims, then a reader. Everything is synced to disk and nothing is lost.
func BenchmarkPipeline(b *testing.B) {
	bus := openBench(b, false)
	const n, batch = 3000, 500
	body := strings.Repeat("The harbour stays closed while divers look for the wreck. ", 70)[:4000]
	ctx, cancel := context.WithCancel(b.Context())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		cfg := ConsumerConfig{Stream: schemas.StreamArticles, Durable: "extractor", Stage: schemas.StageExtract, Batch: batch}
		return Consume(ctx, bus, cfg, func(ctx context.Context, recs []Received[schemas.Article]) error {
			out := make([]schemas.Extraction, len(recs))
			for i, r := range recs {
				out[i] = schemas.Extraction{
					SchemaVersion: schemas.Version, ArticleID: r.Record.ID, ArticleVersion: r.Record.Version, Article: *r.Record,
					MadeBy: schemas.MadeBy{Program: "bench", NLP: "none"},
				}
			}
			return bus.PublishExtractions(ctx, out)
		})
	})
	g.Go(func() error {
		cfg := ConsumerConfig{Stream: schemas.StreamExtractions, Durable: "normalizer", Stage: schemas.StageNormalize, Batch: batch}
		return Consume(ctx, bus, cfg, func(ctx context.Context, recs []Received[schemas.Extraction]) error {
			var out []schemas.Change
			for _, r := range recs {
				for _, c := range benchChanges(0, 3) {
					c.ID = "ch-" + c.ID + r.Record.ArticleID
					out = append(out, c)
				}
			}
			return bus.PublishChanges(ctx, out)
		})
	})
	seen := make(chan uint64, 1<<16)
	g.Go(func() error {
		return bus.Follow(ctx, 0, func(seq uint64, _ *schemas.Change) error { seen <- seq; return nil })
	})
	run := 0
	for b.Loop() {
		as := articles(n)
		for i := range as {
			as[i].ID, as[i].Text, as[i].Version = fmt.Sprintf("art-%d-%d", run, i), body+fmt.Sprint(run, i), ""
			if err := as[i].Complete(); err != nil {
				b.Fatal(err)
			}
		}
		run++
		for len(as) > 0 {
			if err := bus.PublishArticles(ctx, as[:batch]); err != nil {
				b.Fatal(err)
			}
			as = as[batch:]
		}
		for <-seen < uint64(3*n*run) {
		}
	}
	b.ReportMetric(float64(run*n)/b.Elapsed().Seconds(), "articles/s")
	cancel()
	if err := g.Wait(); err != nil {
		b.Error(err)
	}
	if got := benchRecords(b, bus, schemas.StreamClaims); got != uint64(3*n*run) {
		b.Errorf("%d changes stored, want %d", got, 3*n*run)
	}
}

func benchRecords(b *testing.B, bus *Bus, stream string) uint64 {
	b.Helper()
	n, err := bus.Records(context.Background(), stream)
	if err != nil {
		b.Fatal(err)
	}
	return n
}
