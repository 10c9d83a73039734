//go:build unix

package main

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// TestStandby runs normalizers of the real binary on one server and one state. The
// leader is killed, the next one is paused and goes on when a third one leads: it is
// refused, nothing is lost or doubled, and the claims are those of one batch.
func TestStandby(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes and waits for leads to run out")
	}
	t.Parallel()
	nats := startNATS(t)
	state := database.Database(t)
	b, err := bus.Open(t.Context(), bus.Config{URL: nats.ClientURL()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(context.Background())
	es := extractions(t, 60)

	type normal struct {
		cmd *exec.Cmd
		log *syncBuffer
	}
	start := func(more ...string) *normal {
		n := &normal{log: &syncBuffer{}}
		n.cmd = process(t, append([]string{"run", "--nats", nats.ClientURL(), "--stages", "normalizer", "--standby", "--state", state, "--listen", "", "--data-dir", t.TempDir(), "--final-after", "2400h"}, more...)...)
		n.cmd.Stderr = n.log
		if err := n.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = n.cmd.Process.Kill(); _ = n.cmd.Wait() })
		return n
	}
	await := func(what string, n *normal, words string) {
		t.Helper()
		deadline := time.Now().Add(90 * time.Second)
		for !strings.Contains(n.log.String(), words) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: never said %q:\n%s", what, words, n.log.String())
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	publish := func(part []schemas.Extraction) {
		t.Helper()
		for i := range part {
			if err := b.PublishExtractions(t.Context(), part[i:i+1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	first := start()
	await("the first", first, "msg=leading")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	admin := l.Addr().String()
	l.Close()
	second := start("--admin-listen", admin)
	await("the second", second, "standing by")
	if ready, metrics := get(t, "http://"+admin+"/readyz"), get(t, "http://"+admin+"/metrics"); !strings.Contains(ready, "standing by") || !strings.Contains(metrics, "\nclaimwire_leading 0\n") || !strings.Contains(metrics, "\nclaimwire_ready 1\n") {
		t.Errorf("a standby says %q, and its metrics do not say that it stands by", ready)
	}
	publish(es[:20])
	killed := time.Now()
	if err := first.cmd.Process.Kill(); err != nil { // with some of them in hand
		t.Fatal(err)
	}
	await("the second", second, "msg=ready")
	afterKill := time.Since(killed)
	third := start()
	await("the third", third, "standing by")
	publish(es[20:40])
	if err := second.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	await("the third", third, "msg=ready")
	publish(es[40:])
	if err := second.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	await("the second, resumed", second, "another process leads")

	deadline := time.Now().Add(90 * time.Second)
	for {
		pending, unacked, err := b.Lag(t.Context(), schemas.StreamExtractions, normalizerConsumer)
		if err == nil && pending+unacked == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d extractions wait, %d are unfinished: %v\n%s", pending, unacked, err, third.log.String())
		}
		time.Sleep(50 * time.Millisecond)
	}
	for _, n := range []*normal{second, third} {
		if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := n.cmd.Wait(); err != nil {
			t.Errorf("after SIGTERM: %v\n%s", err, n.log.String())
		}
	}
	n, err := normalizer.Open(t.Context(), normalizer.Config{Path: state, FinalAfter: 2400 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if st, err := n.Stats(t.Context()); err != nil || st.Outbox > 0 {
		t.Errorf("the outbox has %d changes, %v", st.Outbox, err)
	}
	seen, revisions := map[string]bool{}, map[string]int{}
	if err := bus.Scan(t.Context(), b, schemas.StreamClaims, func(seq uint64, c *schemas.Change) error {
		if seen[c.ID] {
			t.Errorf("change %s is doubled", c.ID)
		}
		seen[c.ID] = true
		if revisions[c.Claim.ID]++; c.Revision != revisions[c.Claim.ID] {
			t.Errorf("record %d: revision %d of %s, want %d", seq, c.Revision, c.Claim.ID, revisions[c.Claim.ID])
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(seen) == 0 {
		t.Error("no changes: the test shows nothing")
	}
	if err := n.Finalize(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := n.Digest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cs, _, err := normalizer.Batch(es)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := normalizer.Digest(cs); got != want {
		t.Errorf("digest %s, that of one batch is %s", got, want)
	}
	t.Logf("taken over %s after the kill; %d changes", afterKill.Round(time.Millisecond), len(seen))
}

// TestStateLocation refuses a state that is no database.
func TestStateLocation(t *testing.T) {
	for _, args := range [][]string{
		{"run", "--state", "mysql://h/d", "--dry-run", "--data-dir", filepath.Join(t.TempDir(), "d")},
		{"run", "--standby", "--dry-run", "--data-dir", filepath.Join(t.TempDir(), "d")},
	} {
		if code, _, errs := claimwire(t, "", args...); code != exitUsage {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
	}
}
