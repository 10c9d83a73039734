//go:build unix

package normalizer

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// Environment of the process that TestShelfKilled starts: the state, and how many
// windows it passes before it kills itself.
const (
	envShelf   = "CLAIMWIRE_TEST_SHELF"
	envWindows = "CLAIMWIRE_TEST_WINDOWS"
)

// TestShelfKilled kills processes, as kill -9 does, in the middle of letting articles
// go and of bringing them back, one after the other on one state. In the end what was
// announced and what stands is that of a state that keeps all in memory.
func TestShelfKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills real processes")
	}
	onBoth(t, testShelfKilled)
}

func testShelfKilled(t *testing.T) {
	es := seasons(t, 1, 16)
	path := freshState(t)
	all := mindful(t, freshState(t), Partition{}, 0)
	defer all.Close()
	if err := applyRest(t, all, es); err != nil {
		t.Fatal(err)
	}
	kills := 0
	for windows := 1; ; windows += 3 { // further each time, so that it comes to an end
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestShelfChild$", "-test.count=1")
		cmd.Env = append(os.Environ(), envShelf+"="+path, envWindows+"="+strconv.Itoa(windows))
		out, err := cmd.CombinedOutput()
		if err == nil {
			break
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("after %d kills: %v\n%s", kills, err, out)
		}
		kills++
	}
	n := forgetful(t, path, Partition{}, 0)
	defer n.Close()
	if kills < 10 || n.shelf.stock.Articles < len(es)/5 {
		t.Errorf("%d kills, %d of %d articles on the shelf: the test shows nothing", kills, n.shelf.stock.Articles, len(es))
	}
	compareStates(t, all, n)
	checkHistory(t, n)
	t.Logf("%d kills, %d of %d articles on the shelf", kills, n.shelf.stock.Articles, len(es))
}

// TestShelfChild is the process that is killed.
func TestShelfChild(t *testing.T) {
	path := os.Getenv(envShelf)
	if path == "" {
		t.Skip("started by TestShelfKilled")
	}
	left, err := strconv.Atoi(os.Getenv(envWindows))
	if err != nil {
		t.Fatal(err)
	}
	n, err := Open(t.Context(), Config{Path: path, Horizon: time.Nanosecond, FinalAfter: 24 * time.Hour, eager: true, window: func() {
		if left--; left == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if err := applyRest(t, n, seasons(t, 1, 16)); err != nil {
		t.Fatal(err)
	}
}

// applyRest applies, one by one, the articles that the state does not have yet.
func applyRest(t *testing.T, n *Normalizer, es []schemas.Extraction) error {
	t.Helper()
	for i := int(n.Sequence()); i < len(es); i++ {
		if err := n.Apply(t.Context(), []Input{{Sequence: uint64(i + 1), Extraction: es[i]}}); err != nil {
			return err
		}
	}
	return n.Finalize(t.Context())
}
