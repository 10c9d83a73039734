package normalizer

import (
	"path/filepath"
	"testing"
)

// TestSnapshot copies a state that is in use, and goes on with the copy from where
// it was made: the same claims as those of all articles.
func TestSnapshot(t *testing.T) {
	ctx := t.Context()
	es := newsroom(t, 8, 50)
	dir := t.TempDir()
	path, to := filepath.Join(dir, "odd #1?", "state.db"), filepath.Join(dir, "copy.db")
	if _, err := Snapshot(ctx, path, to); err == nil {
		t.Error("a snapshot of nothing: no error")
	}
	path = filepath.Join(dir, "state.db")
	n := open(t, path)
	defer n.Close()
	for i := range es[:30] {
		if err := n.Apply(ctx, []Input{{Sequence: uint64(i + 1), Extraction: es[i]}}); err != nil {
			t.Fatal(err)
		}
	}
	if seq, err := Snapshot(ctx, path, to); err != nil || seq != 30 {
		t.Fatalf("Snapshot() = %d, %v, want 30", seq, err)
	}
	if _, err := Snapshot(ctx, path, to); err == nil {
		t.Error("a snapshot over another one: no error")
	}
	if err := n.Apply(ctx, []Input{{Sequence: 31, Extraction: es[30]}}); err != nil { // it is not fenced
		t.Fatal(err)
	}
	m := open(t, to)
	defer m.Close()
	for i := range es[30:] {
		if err := m.Apply(ctx, []Input{{Sequence: uint64(i + 31), Extraction: es[i+30]}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Finalize(ctx); err != nil {
		t.Fatal(err)
	}
	cs, _, err := Batch(es)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Digest(cs)
	if got, err := m.Digest(ctx); err != nil || got != want {
		t.Errorf("Digest() = %s, %v, want %s", got, err, want)
	}
}
