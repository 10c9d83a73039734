package normalizer

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/pgtest"
)

// server is the one PostgreSQL server of all tests.
var server pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	server.Stop()
	os.Exit(code)
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(*testing.T)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		if testing.Short() {
			t.Skip("starts a database server")
		}
		test(t)
	})
}

// freshState returns the location of an empty state, in the database whose name
// stands in that of the test.
func freshState(t testing.TB) string {
	t.Helper()
	if strings.Contains(t.Name()+"/", "/postgres/") {
		return server.Database(t)
	}
	return filepath.Join(t.TempDir(), "state.db")
}

// TestFence opens a state twice: the one who came first writes nothing any more,
// whatever it was about to do.
func TestFence(t *testing.T) { onBoth(t, testFence) }

func testFence(t *testing.T) {
	ctx := t.Context()
	path := freshState(t)
	first := open(t, path)
	defer first.Close()
	a := bombing(t, "a", "2025-03-02", "one.example", "16", 16, "", "2025-03-02")
	b := bombing(t, "b", "2025-03-03", "two.example", "20", 20, "", "2025-03-02")
	if err := first.Apply(ctx, []Input{{Sequence: 1, Extraction: a.Extraction}}); err != nil {
		t.Fatal(err)
	}
	mine, err := first.Outbox(ctx, 10)
	if err != nil || len(mine) == 0 {
		t.Fatalf("%d changes, %v", len(mine), err)
	}
	second := open(t, path)
	defer second.Close()
	for name, write := range map[string]func() error{
		"Apply":  func() error { return first.Apply(ctx, []Input{{Sequence: 2, Extraction: b.Extraction}}) },
		"Review": func() error { return first.Review(ctx, 1, decision("r1", schemas.ReviewReject, a, "16")) },
		"Purge":  func() error { return first.Review(ctx, 2, purgeOf("r_2", schemas.Purge{Articles: []string{"a"}})) },
		"Settle": func() error {
			first.Sent(mine[len(mine)-1].Position)
			return first.Settle(ctx)
		},
		"Finalize": func() error { return first.Finalize(ctx) },
	} {
		if err := write(); !errors.Is(err, ErrFenced) {
			t.Errorf("%s of the first = %v, want %v", name, err, ErrFenced)
		}
	}
	if theirs, err := second.Outbox(ctx, 10); err != nil || len(theirs) != len(mine) {
		t.Errorf("the second has %d changes, %v, want the %d that were not sent", len(theirs), err, len(mine))
	}
	if err := second.Apply(ctx, []Input{{Sequence: 2, Extraction: b.Extraction}}); err != nil {
		t.Fatal(err)
	}
	if err := second.Finalize(ctx); err != nil {
		t.Fatal(err)
	}
	cs, _, err := Batch([]schemas.Extraction{a.Extraction, b.Extraction})
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Digest(cs)
	if got, err := second.Digest(ctx); err != nil || got != want {
		t.Errorf("Digest() = %s, %v, want %s", got, err, want)
	}
}
