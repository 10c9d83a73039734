package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
)

// withLetters leaves three articles and their dead letters in a data folder.
func withLetters(t *testing.T) (dir string, ids []string) {
	t.Helper()
	dir = t.TempDir()
	b, err := bus.Open(t.Context(), bus.Config{Dir: filepath.Join(dir, natsFolder), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(context.Background())
	as, err := sample.Variations(3)
	if err != nil {
		t.Fatal(err)
	}
	for i := range as {
		if err := as[i].Complete(); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.PublishArticles(t.Context(), as); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	go func() {
		for ctx.Err() == nil && len(ids) < 3 {
			time.Sleep(10 * time.Millisecond)
			ids = nil
			if err := b.Letters(ctx, func(l bus.StoredLetter) error { ids = append(ids, l.ID); return nil }); err != nil {
				break
			}
		}
		cancel()
	}()
	err = bus.Consume(ctx, b, bus.ConsumerConfig{Stream: schemas.StreamArticles, Durable: extractorConsumer, Stage: schemas.StageExtract},
		func(context.Context, []bus.Received[schemas.Article]) error { return schemas.ErrMalformed })
	if err != nil || len(ids) != 3 {
		t.Fatalf("%d letters, %v", len(ids), err)
	}
	return dir, ids
}

func TestDLQ(t *testing.T) {
	t.Parallel()
	dir, ids := withLetters(t)
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := claimwire(t, "", append([]string{"dlq", "--data-dir", dir}, args...)...)
		if code != want {
			t.Errorf("dlq %v: exit %d, want %d: %s%s", args, code, want, out, errs)
		}
		return out + errs
	}
	if out := run(exitOK, "list"); strings.Count(out, "\n") != 3 || !strings.Contains(out, ids[2]+"  2") || !strings.Contains(out, "extractor") {
		t.Errorf("list:\n%s", out)
	}
	if out := run(exitOK, "list", "--stage", "sink"); out != "" {
		t.Errorf("letters of the sinks:\n%s", out)
	}
	if out := run(exitOK, "list", "--json"); strings.Count(out, `"schema_version"`) != 3 {
		t.Errorf("list --json:\n%s", out)
	}
	if out := run(exitOK, "show", ids[0]); !strings.Contains(out, "record 1") || !strings.Contains(out, `"schema_version"`) {
		t.Errorf("show:\n%s", out)
	}
	run(exitFailed, "show", "d_none")
	run(exitFailed, "show", "d")
	run(exitUsage)
	run(exitUsage, "show")
	run(exitUsage, "drop")
	run(exitUsage, "drop", "--all", ids[0])
	run(exitUsage, "list", "--stage", "kitchen")
	if out := run(exitOK, "retry", ids[0]); !strings.Contains(out, "1 sent again") {
		t.Errorf("retry: %s", out)
	}
	if out := run(exitOK, "drop", ids[1]); !strings.Contains(out, "1 dropped") {
		t.Errorf("drop: %s", out)
	}
	if out := run(exitOK, "list"); strings.Count(out, "\n") != 1 || !strings.Contains(out, ids[2]) {
		t.Errorf("list after retry and drop:\n%s", out)
	}

	// The same with a process that has the folder; the article that was sent again
	// is read now.
	var s config.Settings
	s.Register(flag.NewFlagSet("test", flag.ContinueOnError))
	s.DataDir, s.Listen, s.Sync, s.Stages = dir, "", false, config.List{"extractor", "normalizer", "sink"}
	in, err := openInstance(t.Context(), &s, nil, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- in.run(ctx) }()
	if out := run(exitOK, "list"); !strings.Contains(out, ids[2]) {
		t.Errorf("list of a running process:\n%s", out)
	}
	if out := run(exitOK, "retry", "--all"); !strings.Contains(out, "1 sent again") {
		t.Errorf("retry of a running process: %s", out)
	}
	if out := run(exitOK, "list"); out != "" {
		t.Errorf("list after retry:\n%s", out)
	}
	if err := in.until(t.Context(), func() (bool, error) { return in.extracted.Load() >= 2, nil }); err != nil {
		t.Fatal(err)
	}
	last, err := in.bus.LastSequence(t.Context(), schemas.StreamClaims)
	for err == nil && last == 0 {
		time.Sleep(20 * time.Millisecond)
		last, err = in.bus.LastSequence(t.Context(), schemas.StreamClaims)
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := bus.Get[schemas.Change](t.Context(), in.bus, schemas.StreamClaims, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.until(t.Context(), func() (bool, error) { return in.position("store", schemas.StreamClaims) >= last, nil }); err != nil {
		t.Fatal(err)
	}
	code, out, errs := claimwire(t, "", "trace", "--data-dir", dir, c.Claim.ID)
	if code != exitOK || !strings.Contains(out, "EXTRACTIONS 1") || !strings.Contains(out, "CLAIMS 1") || !strings.Contains(out, "done: store") || !strings.Contains(out, "“") {
		t.Errorf("trace: exit %d\n%s%s", code, out, errs)
	}
	if code, _, errs := claimwire(t, "", "trace", "--data-dir", dir, "c_none"); code != exitFailed || !strings.Contains(errs, "no claim") {
		t.Errorf("trace of no claim: exit %d %s", code, errs)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestDLQNothingThere(t *testing.T) {
	code, _, errs := claimwire(t, "", "dlq", "list", "--data-dir", t.TempDir())
	if code != exitFailed || !strings.Contains(errs, "no streams in") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
