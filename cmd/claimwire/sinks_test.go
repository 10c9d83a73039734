package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// TestSinks opens every sink of the table from settings alone and gives it a
// stream; the packages of the sinks run sinktest for the rest.
func TestSinks(t *testing.T) {
	dir := t.TempDir()
	s := &config.Settings{DataDir: dir, JSONL: filepath.Join(dir, "changes.jsonl")}
	asked := map[string]bool{}
	for _, name := range sinkNames(s) {
		asked[name] = true
	}
	records := sinktest.Records()
	last := uint64(0)
	for _, r := range records {
		if r.Stream == schemas.StreamClaims {
			last = max(last, r.Sequence)
		}
	}
	for name, open := range sinks {
		if !asked[name] {
			t.Errorf("no setting asks for sink %s", name)
		}
		out, err := open(t.Context(), s)
		if err != nil {
			t.Fatalf("sink %s: %v", name, err)
		}
		if err := out.Write(t.Context(), records); err != nil {
			t.Errorf("sink %s: %v", name, err)
		}
		if at, err := out.Position(t.Context(), schemas.StreamClaims); at != last || err != nil {
			t.Errorf("sink %s is at %d of CLAIMS, want %d: %v", name, at, last, err)
		}
		if err := out.Close(); err != nil {
			t.Errorf("sink %s: %v", name, err)
		}
	}
}

// TestSinkOfOtherStreams gives a run a file that was filled from other streams: it must
// neither skip records nor double them, and say what to do.
func TestSinkOfOtherStreams(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "changes.jsonl")
	out, err := sinks["jsonl"](t.Context(), &config.Settings{JSONL: path})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(out.Write(t.Context(), sinktest.Records()), out.Close()); err != nil {
		t.Fatal(err)
	}
	said, err := process(t, append(onceArgs(filepath.Join(dir, "data")), "--jsonl", path)...).CombinedOutput()
	if err == nil {
		t.Fatalf("a run took a file of other streams:\n%s", said)
	}
	if want := "move " + path + " and " + path + ".position away"; !strings.Contains(string(said), want) {
		t.Errorf("the run says\n%s\nwithout %q", said, want)
	}
}
