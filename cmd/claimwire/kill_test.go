//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/sample"
)

// TestKillAtRandom kills the real binary at moments that nothing chooses, again and
// again on one folder until a run gets through, and wants the claims of one
// undisturbed batch, byte for byte. CLAIMWIRE_TEST_RANDOM_KILLS sets how many kills; 2 by default.
func TestKillAtRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes")
	}
	t.Parallel()
	kills := 2
	if v := os.Getenv("CLAIMWIRE_TEST_RANDOM_KILLS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			t.Fatalf("CLAIMWIRE_TEST_RANDOM_KILLS=%q: want a number from 1 on", v)
		}
		kills = n
	}
	articles, err := sample.Variations(30)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	enc := json.NewEncoder(&lines)
	for i := range articles {
		if err := enc.Encode(&articles[i]); err != nil {
			t.Fatal(err)
		}
	}
	code, extractions, errs := claimwire(t, lines.String(), "extract", "--format", "extraction", "-")
	if code != exitOK {
		t.Fatal(errs)
	}
	path := filepath.Join(t.TempDir(), "extractions.jsonl")
	if err := os.WriteFile(path, []byte(extractions), 0o644); err != nil {
		t.Fatal(err)
	}
	_, want, errs := claimwire(t, "", "replay", path)
	digest := digestOf(t, errs)

	r := rand.New(rand.NewPCG(uint64(kills), 11))
	for done := 0; done < kills; {
		dir := t.TempDir()
		for {
			cmd := process(t, "replay", "--into", dir, path)
			var out strings.Builder
			cmd.Stderr = &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if done < kills {
				timer := time.AfterFunc(time.Duration(100+r.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
				defer timer.Stop()
			}
			err := cmd.Wait()
			var exit *exec.ExitError
			if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
				done++
				continue
			}
			if err != nil {
				t.Fatalf("after %d kills: %v\n%s", done, err, out.String())
			}
			if got := digestOf(t, out.String()); got != digest {
				t.Fatalf("after %d kills: digest %s, want %s", done, got, digest)
			}
			break
		}
		if got := exported(t, dir); got != want {
			t.Fatalf("after %d kills the claims differ from those of a batch: %d and %d bytes", done, len(got), len(want))
		}
	}
	t.Logf("%d kills", kills)
}
