//go:build linux

package main

import (
	"context"
	"database/sql"
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

// TestOnceDiskFull runs once on a disk without room: it ends, says why and what to do,
// and a second run goes on when there is room.
func TestOnceDiskFull(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 32)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 24<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	world, err := sample.Serve(t.Context(), bulky(2))
	if err != nil {
		t.Fatal(err)
	}
	defer world.Close()
	once := func() error {
		t.Helper()
		var s config.Settings
		s.Register(flag.NewFlagSet("test", flag.ContinueOnError))
		s.DataDir, s.Listen, s.Feeds, s.MinFree, s.Sync = filepath.Join(dir, "data"), "", world.Feeds(), 8<<20, false
		in, err := openInstance(t.Context(), &s, world.Hosts(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		in.once, in.patience = true, 2*time.Second
		err = in.run(t.Context())
		if closed := in.close(); closed != nil {
			t.Error(closed)
		}
		if err == nil && in.articles.Load() != 2 {
			t.Errorf("%d articles, want 2", in.articles.Load())
		}
		return err
	}
	if err := once(); err == nil || !strings.Contains(err.Error(), "MiB free") || !strings.Contains(err.Error(), "make room") {
		t.Fatalf("it ended with %v", err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := once(); err != nil {
		t.Fatal(err)
	}
}

// TestReadOnlyFolder reads a data folder that it may not write to.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if os.Getuid() == 0 {
		dir = smallDisk(t, 64)
	}
	data := filepath.Join(dir, "data")
	if out, err := process(t, append(onceArgs(data), "--min-free", "4MiB")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := exported(t, data)
	leftover := filepath.Join(data, "claims.db-wal")
	for _, left := range []bool{false, true} { // true: of a writer that was killed
		if left {
			if err := os.WriteFile(leftover, journal(t, data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		lock, unlock := func() error { return os.Chmod(data, 0o555) }, func() error { return os.Chmod(data, 0o755) }
		if os.Getuid() == 0 {
			lock = func() error { return syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, "") }
			unlock = func() error { return syscall.Mount("", dir, "", syscall.MS_REMOUNT, "") }
		}
		if err := lock(); err != nil {
			t.Skipf("no file system can be made read-only here: %v", err)
		}
		if left {
			code, _, errs := claimwire(t, "", "export", "--data-dir", data)
			if code == exitOK || !strings.Contains(errs, "as the user who runs claimwire") || !strings.Contains(errs, "claims.db-wal") {
				t.Errorf("export of what is not whole: exit %d, %s", code, errs)
			}
		} else {
			if code, out, errs := claimwire(t, "", "export", "--data-dir", data); code != exitOK || out != want {
				t.Errorf("export: exit %d, %d bytes, want %d: %s", code, len(out), len(want), errs)
			}
			if code, _, errs := claimwire(t, "", "verify", "--data-dir", data); code != exitOK {
				t.Errorf("verify: exit %d, %s", code, errs)
			}
			copied := filepath.Join(t.TempDir(), "state.db")
			if code, _, errs := claimwire(t, "", "snapshot", "--data-dir", data, copied); code != exitOK {
				t.Errorf("snapshot: exit %d, %s", code, errs)
			}
			if code, _, errs := claimwire(t, "", "dlq", "list", "--data-dir", data); code == exitOK || !strings.Contains(errs, "run as the user") {
				t.Errorf("dlq list: exit %d, %s", code, errs)
			}
		}
		if err := unlock(); err != nil {
			t.Fatal(err)
		}
	}
}

// journal returns what SQLite has not put into the claims of a folder yet when
// something was just written.
func journal(t *testing.T, dir string) []byte {
	t.Helper()
	path := filepath.Join(dir, "claims.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE left_over (a TEXT)`); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path + "-wal")
	if err != nil || len(raw) == 0 {
		t.Fatalf("%d bytes, %v", len(raw), err)
	}
	return raw
}
