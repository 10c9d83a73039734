package bus

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// TestStaging sends the server half of a batch: it keeps it in memory, and nothing of
// it is there when the bus is closed.
func TestStaging(t *testing.T) {
	dir := t.TempDir()
	b, err := Open(t.Context(), Config{Dir: dir})
	must(t, err)
	if b.staging == "" {
		closeBus(t, b)
		if runtime.GOOS == "linux" {
			t.Skip("no room in /dev/shm")
		}
		return
	}
	msgs, err := encodeAll(b, articles(30))
	must(t, err)
	s := b.stage(schemas.StreamArticles, msgs)
	must(t, s.err)
	must(t, b.nc.Flush())
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		kept, err := os.ReadDir(filepath.Join(b.staging, schemas.StreamArticles))
		must(t, err)
		if len(kept) > 0 {
			break
		}
		if ctx.Err() != nil {
			t.Fatal("the server keeps the batch elsewhere")
		}
		time.Sleep(time.Millisecond)
	}
	b.commit(s)
	must(t, b.finish(ctx, schemas.StreamArticles, s))
	closeBus(t, b)
	if _, err := os.Stat(b.staging); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left behind: %v", b.staging, err)
	}
	if _, err := os.Lstat(b.batches(schemas.StreamArticles)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the link is left behind: %v", err)
	}

	// A link of another machine, whose memory is not here, holds nothing up.
	must(t, os.Symlink(filepath.Join(dir, "gone"), b.batches(schemas.StreamArticles)))
	b, err = Open(t.Context(), Config{Dir: dir})
	must(t, err)
	defer closeBus(t, b)
	must(t, b.PublishArticles(t.Context(), articles(60)[30:]))
	if n := counted(t, b.metrics.published.WithLabelValues(schemas.StreamArticles, "atomic")); n != 30 {
		t.Errorf("%v articles in a batch, want 30", n)
	}

	must(t, os.RemoveAll(b.staging)) // as some systems do when their user logs out
	must(t, b.PublishArticles(t.Context(), articles(80)[60:]))
	must(t, b.PublishArticles(t.Context(), articles(100)[80:]))
	if n := counted(t, b.metrics.published.WithLabelValues(schemas.StreamArticles, "atomic")); n != 50 {
		t.Errorf("%v articles in batches after their folder was removed, want 50", n)
	}
	if n := last(t, b, schemas.StreamArticles); n != 100 {
		t.Errorf("%d articles, want 100", n)
	}
}
