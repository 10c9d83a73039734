package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/schemas"
)

// A running is the real binary at work on a data folder.
type running struct {
	t    *testing.T
	page string
	log  *syncBuffer
	stop func()
	cmd  *exec.Cmd

	ended chan struct{} // closed when the process has, with
	err   error
}

func (p *running) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// startProgram runs the stages without feeds, and waits until it is ready.
func startProgram(t *testing.T, dir string, args ...string) *running {
	t.Helper()
	p := &running{t: t, log: new(syncBuffer)}
	cmd := process(t, append([]string{"run", "--data-dir", dir, "--listen", "127.0.0.1:0", "--sync=false"}, args...)...)
	cmd.Stderr = p.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.cmd, p.ended = cmd, make(chan struct{})
	go func() { p.err = cmd.Wait(); close(p.ended) }()
	stopped := false
	p.stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if <-p.ended; p.err != nil {
			t.Errorf("%v\n%s", p.err, p.log.String())
		}
	}
	t.Cleanup(p.stop)
	p.await("ready", func() bool { return strings.Contains(p.log.String(), "page=http://") })
	_, page, _ := strings.Cut(p.log.String(), "page=")
	p.page, _, _ = strings.Cut(page, " ")
	return p
}

func (p *running) await(what string, done func() bool) {
	p.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		select {
		case <-p.ended:
			p.t.Fatalf("%s: the program has ended", what) // stop says why
		default:
		}
		if time.Now().After(end) {
			p.t.Fatalf("%s: not within two minutes\n%s", what, p.log.String())
		}
	}
}

func (p *running) send(articles []schemas.Article) {
	p.t.Helper()
	for i := range articles {
		raw, err := json.Marshal(&articles[i])
		if err != nil {
			p.t.Fatal(err)
		}
		resp, err := http.Post(p.page+"/api/v1/articles", "application/json", bytes.NewReader(raw))
		if err != nil {
			p.t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusAccepted {
			p.t.Fatalf("article %d: %s", i, resp.Status)
		}
	}
}

// TestSnapshots loses the state of a real run after the beginning of the stream was
// trimmed: the next start takes the newest snapshot that can be read, reads what the
// stream still has, and has the claims of before.
func TestSnapshots(t *testing.T) {
	if testing.Short() {
		t.Skip("runs real processes")
	}
	t.Parallel()
	articles, err := sample.Variations(24)
	if err != nil {
		t.Fatal(err)
	}
	whole := t.TempDir()
	taken := func(dir string, sequence int) string {
		return filepath.Join(dir, snapshotFolder, fmt.Sprintf(snapshotName, sequence))
	}
	there := func(path string) func() bool {
		return func() bool { _, err := os.Stat(path); return err == nil }
	}
	p := startProgram(t, whole, "--snapshot-every", "1s", "--snapshots", "50")
	for _, n := range []int{8, 12} {
		p.send(articles[:n]) // what it has already comes to nothing
		p.await("snapshot", there(taken(whole, n)))
	}
	p.stop()
	p = startProgram(t, whole) // the next snapshot is due tomorrow
	p.send(articles[12:])
	p.await("all articles", func() bool {
		return strings.Contains(get(t, p.page+"/metrics"), `claimwire_bus_handled_total{consumer="normalizer",result="acked",stream="EXTRACTIONS"} 12`)
	})
	p.stop()
	want := stateDigest(t, copyOf(t, filepath.Join(whole, "state.db")), nil)
	if got := stateDigest(t, copyOf(t, taken(whole, 12)), nil); got == want {
		t.Fatal("the second half changes nothing: the test shows nothing")
	}

	for _, tt := range []struct {
		name    string
		trimmed uint64
		harm    func(dir string) error
		log     []string
	}{
		{"whole", 12, func(string) error { return nil }, []string{"state-12.db", "snapshot=12"}},
		{"damaged", 8, func(dir string) error { return os.Truncate(taken(dir, 12), 20_000) }, []string{"cannot be read", "state-8.db", "snapshot=8"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			for i, n := range []int{8, 12} { // which it does not do, and the newest is to be taken
				at := time.Now().Add(time.Duration(i-2) * time.Minute)
				if err := os.Chtimes(taken(dir, n), at, at); err != nil {
					t.Fatal(err)
				}
			}
			trim(t, filepath.Join(dir, natsFolder), tt.trimmed)
			if err := os.Remove(filepath.Join(dir, "state.db")); err != nil {
				t.Fatal(err)
			}
			if err := tt.harm(dir); err != nil {
				t.Fatal(err)
			}
			p := startProgram(t, dir, "--snapshot-every", "1s", "--snapshots", "1")
			p.await("a snapshot of the state that was put back", there(taken(dir, 24)))
			p.await("one snapshot left", func() bool { all, _ := listSnapshots(dir); return len(all) == 1 })
			p.stop()
			for _, text := range tt.log {
				if !strings.Contains(p.log.String(), text) {
					t.Errorf("the log lacks %q", text)
				}
			}
			if strings.Contains(p.log.String(), "have to be replayed") {
				t.Error("records are missing")
			}
			if got := stateDigest(t, filepath.Join(dir, "state.db"), nil); got != want {
				t.Errorf("digest %s, want %s", got, want)
			}
			if t.Failed() {
				t.Log(p.log.String())
			}
		})
	}
}

// copyOf copies a state with what is in its log.
func copyOf(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "state.db")
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(path + suffix)
		if err == nil {
			err = os.WriteFile(to+suffix, raw, 0o600)
		}
		if err != nil && suffix == "" {
			t.Fatal(err)
		}
	}
	return to
}

// trim drops the first n extractions.
func trim(t *testing.T, dir string, n uint64) {
	t.Helper()
	b, err := bus.Open(t.Context(), bus.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var old []uint64
	for seq := range n {
		old = append(old, seq+1)
	}
	if got, err := b.Erase(t.Context(), schemas.StreamExtractions, old); err != nil || got != int(n) {
		t.Fatalf("%d trimmed, %v", got, err)
	}
	if err := closeStreams(b); err != nil {
		t.Fatal(err)
	}
}
