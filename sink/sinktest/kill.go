package sinktest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas/proctest"
	"github.com/claimwire/claimwire/sink"
)

// killPlace is the environment variable that makes a test the child of [Kill]:
// it names the place to write to.
const killPlace = "CLAIMWIRE_SINKTEST_PLACE"

// kills is how often Kill kills a writer.
const kills = 15

// Kill checks that a sink which is killed (SIGKILL) in the middle of its work
// and started again, over and over, ends with the same contents as an undisturbed
// one. fresh makes a place and its name; open opens the sink over a named place,
// also in another process. It must be called from a test of its own, which the
// child runs too: nothing may come before it.
func Kill(t *testing.T, fresh func(t *testing.T) (string, Target), open func(place string) (sink.Sink, error)) {
	records := Many(150)
	if place := os.Getenv(killPlace); place != "" {
		writeAll(t, records, place, open)
		return
	}
	want := filled(t, func(t *testing.T) Target { _, target := fresh(t); return target }, records)
	place, target := fresh(t)
	for i := range kills {
		if done := killOne(t, place, i); done {
			t.Logf("all is written after %d kills", i)
			break
		}
	}
	child := child(t, place)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("the last writer: %v\n%s", err, out)
	}
	diff(t, "killed again and again", want, contents(t, target))
}

// writeAll is the child: it goes on where the place says, and prints a line
// after each batch.
func writeAll(t *testing.T, records []sink.Record, place string, open func(string) (sink.Sink, error)) {
	s, err := open(place)
	if err != nil {
		t.Fatal(err)
	}
	for batch := range slices.Chunk(records, 5) {
		var todo []sink.Record
		for _, r := range batch {
			if r.Sequence > position(t, s, r.Stream) {
				todo = append(todo, r)
			}
		}
		if len(todo) == 0 {
			continue
		}
		write(t, s, todo)
		fmt.Println("written")
	}
	closeSink(t, s)
}

// killOne starts a writer and kills it at a moment that differs with i. It
// reports whether the writer ended by itself.
func killOne(t *testing.T, place string, i int) (done bool) {
	cmd := child(t, place)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range 1 + i%4 {
		lines.Scan()
	}
	time.Sleep(time.Duration(i*i%29) * 100 * time.Microsecond)
	_ = cmd.Process.Kill()
	for lines.Scan() { // until the pipe closes
	}
	return cmd.Wait() == nil
}

func child(t *testing.T, place string) *exec.Cmd {
	cmd := proctest.Tie(exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$", "-test.count=1"))
	cmd.Env = append(os.Environ(), killPlace+"="+place)
	return cmd
}
