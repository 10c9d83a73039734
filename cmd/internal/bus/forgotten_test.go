package bus

import (
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// TestForgotten publishes again what was stored before a pause that is longer than the
// server remembers ids for: the newest records are known all the same, the rest is new.
func TestForgotten(t *testing.T) {
	dir := t.TempDir()
	b, err := Open(t.Context(), Config{Dir: dir})
	must(t, err)
	must(t, b.PublishChanges(t.Context(), changes(30)))
	cfg := b.streamConfig(schemas.StreamClaims)
	forget := func() {
		t.Helper()
		cfg.Duplicates = 100 * time.Millisecond
		_, err := b.js.UpdateStream(t.Context(), cfg)
		must(t, err)
		time.Sleep(3 * cfg.Duplicates)
	}
	forget()
	must(t, b.memories[schemas.StreamClaims].look(t.Context(), b, schemas.StreamClaims)) // as a day later
	must(t, b.PublishChanges(t.Context(), changes(40)))
	if n := last(t, b, schemas.StreamClaims); n != 40 {
		t.Errorf("%d changes after a pause, want the 30 of before and 10 new ones", n)
	}
	forget()
	closeBus(t, b)

	// At a start the window is set anew, and the server has read no ids.
	b, err = Open(t.Context(), Config{Dir: dir})
	must(t, err)
	defer closeBus(t, b)
	forget()
	must(t, b.PublishChanges(t.Context(), changes(50)))
	if n := last(t, b, schemas.StreamClaims); n != 50 {
		t.Errorf("%d changes after a restart, want the 40 of before and 10 new ones", n)
	}

	// Without that memory the server alone does store them again.
	forget()
	b.memories[schemas.StreamClaims].window, b.memories[schemas.StreamClaims].last = time.Hour, time.Now()
	b.memories[schemas.StreamClaims].ids = nil
	must(t, b.PublishChanges(t.Context(), changes(50)))
	if n := last(t, b, schemas.StreamClaims); n != 100 {
		t.Errorf("%d changes, want 100: the test does not make the server forget", n)
	}
}
