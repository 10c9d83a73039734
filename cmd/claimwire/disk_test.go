//go:build linux

package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
)

// smallDisk mounts a file system of the given size in MiB until the test ends.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may mount a file system")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", size)); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func freeMiB(t *testing.T, dir string) int64 {
	t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	return int64(st.Bavail) * st.Bsize >> 20
}

// TestDiskFull runs the stages on a file system that fills up: fetching pauses
// while there is still room for what is under way, and goes on by itself when
// somebody has made room. Nothing is lost.
func TestDiskFull(t *testing.T) {
	if testing.Short() {
		t.Skip("writes some dozens of megabytes")
	}
	t.Parallel()
	const articles, disk, minFree = 64, 64, 8
	dir := smallDisk(t, disk)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, (disk-2*minFree-3)<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	world, err := sample.Serve(t.Context(), bulky(articles))
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()

	var s config.Settings
	s.Register(flag.NewFlagSet("test", flag.ContinueOnError))
	s.DataDir, s.Listen, s.Feeds, s.MinFree, s.Sync = filepath.Join(dir, "data"), "", world.Feeds(), minFree<<20, false
	var log syncBuffer
	in, err := openInstance(t.Context(), &s, world.Hosts(), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	in.once = true
	var least atomic.Int64
	least.Store(disk)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for ctx.Err() == nil {
			least.Store(min(least.Load(), freeMiB(t, dir)))
			time.Sleep(20 * time.Millisecond)
		}
	}()
	done := make(chan error, 1)
	go func() { done <- in.run(ctx) }()

	wait := func(what string) {
		t.Helper()
		for end := time.Now().Add(3 * time.Minute); !strings.Contains(log.String(), what); time.Sleep(20 * time.Millisecond) {
			select {
			case err := <-done:
				t.Fatalf("it ended before %q: %v\n%s", what, err, log.String())
			default:
			}
			if time.Now().After(end) {
				t.Fatalf("no %q within three minutes; %d MiB free\n%s", what, freeMiB(t, dir), log.String())
			}
		}
	}
	wait("fetching pauses")
	for range 100 { // what is under way comes to rest
		before := in.extracted.Load()
		time.Sleep(100 * time.Millisecond)
		if in.extracted.Load() == before && before == in.articles.Load() {
			break
		}
	}
	paused := in.articles.Load()
	if paused == 0 || paused >= articles {
		t.Errorf("paused after %d of %d articles", paused, articles)
	}
	if free := freeMiB(t, dir); free >= 2*minFree {
		t.Errorf("paused with %d MiB free", free)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	wait("fetching goes on")
	if err := <-done; err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	if got := in.articles.Load(); got != articles {
		t.Errorf("%d articles published, want %d", got, articles)
	}
	n := 0
	if err := fromStore(in.claims.ExportArticles, t.Context(), func(*schemas.Article) error { n++; return nil }); err != nil || n != articles {
		t.Errorf("%d articles stored, %v, want %d", n, err, articles)
	}
	if least.Load() < 1 || strings.Contains(log.String(), "no space left") {
		t.Errorf("the disk was full: %d MiB free at the least\n%s", least.Load(), log.String())
	}
	t.Logf("paused after %d articles, at least %d MiB free", paused, least.Load())
}
