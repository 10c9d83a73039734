package bus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/proctest"
)

const childDir = "CLAIMWIRE_BUS_TEST_DIR"

// TestMain lets the test binary be its own child process.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := childPipeline(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const killRecords = 240

// childAckWait is longer than a child may take: one that waits for the records
// that the last child had in hand fails.
const childAckWait = 2 * time.Minute

// childPipeline publishes articles and turns each into a change, and returns
// when all are done. It does not know what an earlier run of it has done.
func childPipeline(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	b, err := Open(ctx, Config{Dir: dir})
	if err != nil {
		return err
	}
	for as := articles(killRecords); len(as) > 0; as = as[60:] { // atomic batches
		if err := b.PublishArticles(ctx, as[:60]); err != nil {
			return err
		}
	}
	run, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() {
		cfg := ConsumerConfig{Stream: schemas.StreamArticles, Durable: "work", Stage: schemas.StageNormalize, Batch: 40, AckWait: childAckWait}
		done <- Consume(run, b, cfg, func(ctx context.Context, recs []Received[schemas.Article]) error {
			var out []schemas.Change
			for _, r := range recs {
				c := change(0)
				c.ID = "ch-" + r.Record.ID
				out = append(out, c)
			}
			return b.PublishChanges(ctx, out) // one by one
		})
	}()
	for {
		pending, ack, err := b.Lag(ctx, schemas.StreamArticles, "work")
		if err != nil {
			return err
		}
		if pending == 0 && ack == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	return errors.Join(<-done, b.Close(ctx))
}

func runChild(t *testing.T, dir, failpoint string) error {
	t.Helper()
	cmd := proctest.Tie(exec.CommandContext(t.Context(), os.Args[0]))
	cmd.Env = append(os.Environ(), childDir+"="+dir, "CLAIMWIRE_FAILPOINT="+failpoint)
	out, err := cmd.CombinedOutput()
	if len(out) > 0 {
		t.Logf("child: %s", out)
	}
	return err
}

// TestKill kills a pipeline in every window between two writes, several times in
// a row in the same directory, and then lets it end: nothing is lost, nothing is
// stored twice.
func TestKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs kill -9")
	}
	t.Parallel()
	for _, tt := range []struct {
		name   string
		passes []int
	}{
		{FailBeforePublish, []int{1, 3, 5}}, // passes 1 to 4 publish articles, then changes
		{FailMidBatch, []int{1, 2, 5, 6}},
		{FailAfterPublish, []int{1, 4, 6}},
		{FailBeforeAck, []int{1, 3}},
		{FailAfterAck, []int{1, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, n := range tt.passes {
				err := runChild(t, dir, fmt.Sprintf("%s:kill:%d", tt.name, n))
				if err == nil || !strings.Contains(err.Error(), "killed") {
					t.Fatalf("pass %d: child ended with %v, want a kill", n, err)
				}
			}
			if err := runChild(t, dir, ""); err != nil {
				t.Fatalf("last run: %v", err)
			}
			checkAll(t, dir)
		})
	}
}

// checkAll compares the streams with what one undisturbed run leaves.
func checkAll(t *testing.T, dir string) {
	t.Helper()
	b := openEmbedded(t, Config{Dir: dir})
	if got := last(t, b, schemas.StreamArticles); got != killRecords {
		t.Errorf("%d articles stored, want %d", got, killRecords)
	}
	if got := last(t, b, schemas.StreamDead); got != 0 {
		t.Errorf("%d dead letters, want none", got)
	}
	ids := map[string]int{}
	n := last(t, b, schemas.StreamClaims)
	for seq := range n {
		c, err := Get[schemas.Change](t.Context(), b, schemas.StreamClaims, seq+1)
		must(t, err)
		ids[c.ID]++
	}
	if n != killRecords || len(ids) != killRecords {
		t.Errorf("%d changes with %d ids, want %d", n, len(ids), killRecords)
	}
}
