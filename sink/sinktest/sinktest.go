// Package sinktest checks implementations of [sink.Sink]: call [Test] from the
// test of any of them. It also holds a small newsroom of records, [Records], to
// test readers with.
package sinktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A Target is one empty place that a sink writes to.
type Target struct {
	// Open opens the sink over the place. After Close it is called again and
	// must find what was written before.
	Open func() (sink.Sink, error)

	// Contents returns everything that a reader of the place sees, in an order
	// that depends on nothing but the records. It is called while no sink is
	// open. Two places that were sent the same records must have equal contents.
	Contents func() ([]string, error)

	// Keeps lists the streams that the sink keeps.
	Keeps []string

	// Form says that Contents is a form which is made of what the sink stores, such
	// as a feed or a table: it need not show every change, nor each as an item.
	Form bool
}

// Only returns a sink that hands on the records of the given streams and knows
// of no other, to test a form that is made of these alone.
func Only(s sink.Sink, streams ...string) sink.Sink { return only{s, streams} }

type only struct {
	sink.Sink
	streams []string
}

func (o only) Write(ctx context.Context, records []sink.Record) error {
	return o.Sink.Write(ctx, slices.DeleteFunc(slices.Clone(records), func(r sink.Record) bool { return !slices.Contains(o.streams, r.Stream) }))
}

// Test checks the promises of [sink.Sink] on places made by fresh, each as a
// subtest, beside each other. A place must be gone when its test ends (t.Cleanup).
func Test(t *testing.T, fresh func(t *testing.T) Target) {
	one := func(check func(*testing.T, Target)) func(*testing.T, func(*testing.T) Target) {
		return func(t *testing.T, fresh func(*testing.T) Target) { check(t, fresh(t)) }
	}
	for _, c := range []struct {
		name  string
		check func(*testing.T, func(*testing.T) Target)
	}{
		{"Empty", one(testEmpty)},
		{"Reopen", testReopen},
		{"Twice", testTwice},
		{"Overlap", testOverlap},
		{"Batching", testBatching},
		{"Order", testOrder},
		{"AllOrNone", one(testAllOrNone)},
		{"Cancelled", one(testCancelled)},
		{"NotKept", one(testNotKept)},
		{"Gaps", one(testGaps)},
		{"Hostile", testHostile},
		{"Big", one(testBig)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t, fresh)
		})
	}
}

func testEmpty(t *testing.T, target Target) {
	s := open(t, target)
	for _, stream := range []string{schemas.StreamArticles, schemas.StreamExtractions, schemas.StreamClaims} {
		wantPosition(t, s, stream, 0)
	}
	write(t, s, nil)
	closeSink(t, s)
	if got := contents(t, target); len(got) != 0 {
		t.Errorf("contents of an empty place = %d items, want none", len(got))
	}
}

// testReopen: what was written is there, and the position is known, after the
// sink has been closed and opened after every record.
func testReopen(t *testing.T, fresh func(t *testing.T) Target) {
	records := Records()
	want := filled(t, fresh, records)
	if len(want) == 0 {
		t.Fatal("nothing is stored")
	}
	target := fresh(t)
	last := map[string]uint64{}
	for _, r := range records {
		s := open(t, target)
		wantPosition(t, s, r.Stream, last[r.Stream])
		write(t, s, []sink.Record{r})
		if slices.Contains(target.Keeps, r.Stream) {
			last[r.Stream] = r.Sequence
		}
		wantPosition(t, s, r.Stream, last[r.Stream])
		closeSink(t, s)
	}
	diff(t, "reopened after every record", want, contents(t, target))
}

func testTwice(t *testing.T, fresh func(t *testing.T) Target) {
	records := Records()
	want := filled(t, fresh, records)
	target := fresh(t)
	s := open(t, target)
	for i := range records {
		write(t, s, records[i:i+1])
		write(t, s, records[i:i+1])
	}
	write(t, s, records)
	closeSink(t, s)
	s = open(t, target)
	write(t, s, records)
	closeSink(t, s)
	diff(t, "written twice, and all again after a restart", want, contents(t, target))
}

// testOverlap sends batches of which the first half is old, as happens when an
// acknowledgement was lost.
func testOverlap(t *testing.T, fresh func(t *testing.T) Target) {
	records := Records()
	want := filled(t, fresh, records)
	target := fresh(t)
	s := open(t, target)
	for i := range records {
		write(t, s, records[max(0, i-5):i+1])
	}
	closeSink(t, s)
	diff(t, "overlapping batches", want, contents(t, target))
}

func testBatching(t *testing.T, fresh func(t *testing.T) Target) {
	records := Records()
	want := filled(t, fresh, records)
	for _, size := range []int{1, 2, 3, 7} {
		target := fresh(t)
		s := open(t, target)
		for batch := range slices.Chunk(records, size) {
			write(t, s, batch)
		}
		closeSink(t, s)
		diff(t, fmt.Sprintf("batches of %d", size), want, contents(t, target))
	}
}

// testOrder: the contents grow with the records. A sink that ignored all but
// the first record, say, would pass the other tests.
func testOrder(t *testing.T, fresh func(t *testing.T) Target) {
	records := Records()
	var before []string
	states := map[string]bool{}
	target := fresh(t)
	for i, r := range records {
		s := open(t, target)
		write(t, s, []sink.Record{r})
		closeSink(t, s)
		now := contents(t, target)
		states[fmt.Sprintf("%q", now)] = true
		kept := slices.Contains(target.Keeps, r.Stream)
		if same := slices.Equal(before, now); same == kept && !(kept && target.Form) {
			t.Errorf("record %d of stream %s: contents unchanged = %t, want %t", i, r.Stream, same, !kept)
		}
		before = now
	}
	if kinds := len(schemas.ChangeKinds); len(states) < kinds {
		t.Errorf("the contents had only %d states, want at least %d", len(states), kinds)
	}
}

// testAllOrNone: a record that cannot be stored takes its whole batch with it.
func testAllOrNone(t *testing.T, target Target) {
	records := Records()
	stream := target.Keeps[min(1, len(target.Keeps)-1)]
	s := open(t, target)
	write(t, s, records[:4])
	before := position(t, s, stream)
	batch := slices.Clone(records[4:10])
	batch = append(batch, sink.Record{Stream: stream, Sequence: 10_000}) // carries nothing
	if err := s.Write(t.Context(), batch); err == nil {
		t.Errorf("Write of a batch with a record that carries nothing: no error")
	}
	wantPosition(t, s, stream, before)
	closeSink(t, s)
	stored := contents(t, target)

	s = open(t, target)
	wantPosition(t, s, stream, before)
	write(t, s, records[4:10]) // and the sink still works
	closeSink(t, s)
	if slices.Equal(stored, contents(t, target)) {
		t.Errorf("the batch is there although its Write failed")
	}
}

func testCancelled(t *testing.T, target Target) {
	records := Records()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := open(t, target)
	if err := s.Write(ctx, records); !errors.Is(err, context.Canceled) {
		t.Errorf("Write with a cancelled context = %v, want context.Canceled", err)
	}
	for _, stream := range target.Keeps {
		wantPosition(t, s, stream, 0)
	}
	closeSink(t, s)
	if got := contents(t, target); len(got) != 0 {
		t.Errorf("%d items are stored although the context was cancelled", len(got))
	}
}

func testNotKept(t *testing.T, target Target) {
	s := open(t, target)
	write(t, s, []sink.Record{{Stream: "NO_SUCH_STREAM", Sequence: 7}})
	wantPosition(t, s, "NO_SUCH_STREAM", 0)
	closeSink(t, s)
	if got := contents(t, target); len(got) != 0 {
		t.Errorf("%d items are stored of a stream that is not kept", len(got))
	}
}

// testGaps: a stream may skip sequences, and its first need not be 1.
func testGaps(t *testing.T, target Target) {
	records := Records()
	s := open(t, target)
	last := map[string]uint64{}
	for i := range records {
		records[i].Sequence = 1000 + uint64(i)*17
		if slices.Contains(target.Keeps, records[i].Stream) {
			last[records[i].Stream] = records[i].Sequence
		}
	}
	write(t, s, records)
	for stream, seq := range last {
		wantPosition(t, s, stream, seq)
	}
	closeSink(t, s)
	if len(contents(t, target)) == 0 {
		t.Errorf("nothing is stored")
	}
}

func testHostile(t *testing.T, fresh func(t *testing.T) Target) {
	seen := map[string]string{}
	for _, text := range HostileTexts() {
		target := fresh(t)
		s := open(t, target)
		write(t, s, Hostile(text))
		closeSink(t, s)
		got := fmt.Sprintf("%q", contents(t, target))
		if len(contents(t, target)) == 0 {
			t.Errorf("%q: nothing is stored", text)
		}
		if other, ok := seen[got]; ok {
			t.Errorf("%q and %q are stored alike", text, other)
		}
		seen[got] = text
	}
}

func testBig(t *testing.T, target Target) {
	const articles = 400 // each with a claim of its own, and a change of one that all share
	records := Many(articles)
	s := open(t, target)
	write(t, s, records)
	for _, stream := range target.Keeps {
		var last uint64
		for _, r := range records {
			if r.Stream == stream {
				last = r.Sequence
			}
		}
		wantPosition(t, s, stream, last) // 0 of a stream that has none
	}
	closeSink(t, s)
	if got := len(contents(t, target)); got < 2*articles && !target.Form || got < articles {
		t.Errorf("%d items are stored of a batch of %d", got, len(records))
	}
}

// filled returns the contents of a place that got records in one batch.
func filled(t *testing.T, fresh func(t *testing.T) Target, records []sink.Record) []string {
	t.Helper()
	target := fresh(t)
	s := open(t, target)
	write(t, s, records)
	closeSink(t, s)
	return contents(t, target)
}

func open(t *testing.T, target Target) sink.Sink {
	t.Helper()
	s, err := target.Open()
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

func closeSink(t *testing.T, s sink.Sink) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

// write wants records to be as they were afterwards: others have them too.
func write(t *testing.T, s sink.Sink, records []sink.Record) {
	t.Helper()
	before := asJSON(t, records)
	if err := s.Write(t.Context(), records); err != nil {
		t.Fatalf("Write of %d records: %v", len(records), err)
	}
	if asJSON(t, records) != before {
		t.Errorf("Write changed its records")
	}
}

func asJSON(t *testing.T, records []sink.Record) string {
	t.Helper()
	b, err := json.Marshal(records)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func contents(t *testing.T, target Target) []string {
	t.Helper()
	c, err := target.Contents()
	if err != nil {
		t.Fatalf("Contents: %v", err)
	}
	return c
}

func position(t *testing.T, s sink.Sink, stream string) uint64 {
	t.Helper()
	got, err := s.Position(t.Context(), stream)
	if err != nil {
		t.Fatalf("Position(%s): %v", stream, err)
	}
	return got
}

func wantPosition(t *testing.T, s sink.Sink, stream string, want uint64) {
	t.Helper()
	if got := position(t, s, stream); got != want {
		t.Errorf("Position(%s) = %d, want %d", stream, got, want)
	}
}

func diff(t *testing.T, how string, want, got []string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: contents differ from those of one batch (-want +got):\n%s", how, d)
	}
}
