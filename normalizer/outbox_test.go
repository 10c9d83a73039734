package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/claimwire/claimwire/schemas"
)

// fill applies a newsroom and returns what waits to be sent.
func fill(t *testing.T, n *Normalizer, seed uint64) []Outgoing {
	t.Helper()
	for i, e := range newsroom(t, seed, 20) {
		if err := n.Apply(t.Context(), []Input{{Sequence: uint64(i + 1), Extraction: e}}); err != nil {
			t.Fatal(err)
		}
	}
	return waiting(t, n, 1<<20)
}

func waiting(t *testing.T, n *Normalizer, limit int) []Outgoing {
	t.Helper()
	out, err := n.Outbox(t.Context(), limit)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func bodies(out []Outgoing) []string {
	var s []string
	for _, o := range out {
		s = append(s, string(o.JSON))
	}
	return s
}

// TestOutgoingChange holds the changes that are handed on in memory against their JSON:
// who reads the one knows what the other says.
func TestOutgoingChange(t *testing.T) {
	for seed := range uint64(4) {
		n := open(t, filepath.Join(t.TempDir(), "state.db"))
		fill(t, n, seed)
		if err := n.Finalize(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, o := range waiting(t, n, 1<<20) {
			if got := o.Change.AppendJSON(nil); string(got) != string(o.JSON) {
				t.Fatalf("change %s in memory:\n%s\nas JSON:\n%s", o.Head.ID, got, o.JSON)
			}
			var read schemas.Change
			if err := read.ReadJSON(o.JSON); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&read, o.Change, cmpopts.EquateEmpty(), cmpopts.EquateComparable(schemas.Decimal{})); d != "" {
				t.Fatalf("change %s in memory differs from what is read of its JSON:\n%s", o.Head.ID, d)
			}
		}
		n.Close()
	}
}

// TestOutbox sends a part of a chunk, and wants the rest and nothing else: from
// memory, after Settle, and after the state was opened again.
func TestOutbox(t *testing.T) { onBoth(t, testOutbox) }

func testOutbox(t *testing.T) {
	ctx := t.Context()
	path := freshState(t)
	n := open(t, path)
	all := fill(t, n, 1)
	want := bodies(all)
	for i := range all[1:] {
		if all[i].Position >= all[i+1].Position {
			t.Fatalf("position %d before %d", all[i].Position, all[i+1].Position)
		}
	}
	check := func(when string, sent int) {
		t.Helper()
		if d := cmp.Diff(want[sent:], bodies(waiting(t, n, 1<<20))); d != "" {
			t.Errorf("%s the outbox differs from the %d changes that were not sent:\n%s", when, len(want)-sent, d)
		}
		if got := bodies(waiting(t, n, 3)); !slices.Equal(got, want[sent:][:3]) {
			t.Errorf("%s Outbox(3) = %q", when, got)
		}
		if got := n.Waiting(); got != len(want)-sent {
			t.Errorf("%s Waiting() = %d, want %d", when, got, len(want)-sent)
		}
	}
	check("at first", 0)
	sent := len(all) / 3
	n.Sent(all[sent-1].Position)
	check("after Sent", sent)
	n.Sent(all[0].Position) // of long ago
	check("after an older Sent", sent)
	n.Close()
	n = open(t, path)
	check("opened before the state knew", 0)
	n.Sent(all[sent-1].Position)
	if err := n.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	check("after Settle", sent)
	n.Close()
	n = open(t, path)
	check("opened again", sent)
	n.Sent(all[len(all)-1].Position + 1000)
	if err := n.Finalize(ctx); err != nil { // the transaction removes what is sent
		t.Fatal(err)
	}
	if got := waiting(t, n, 1); len(got) == 0 || got[0].Position <= all[len(all)-1].Position {
		t.Errorf("new changes are at %v, those sent ended at %d", got, all[len(all)-1].Position)
	}
	n.Close()
	n = open(t, path)
	defer n.Close()
	for _, o := range waiting(t, n, 1<<20) {
		if o.Head.Change != schemas.ChangeFinalized {
			t.Errorf("%s of %s is in the outbox again", o.Head.Change, o.Head.Claim)
		}
	}
}

// TestOutboxBeyondMemory takes more than is kept in memory out of the outbox, while
// more comes.
func TestOutboxBeyondMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	n := open(t, path)
	defer n.Close()
	want := bodies(fill(t, n, 2))
	n.out.forget(0) // as if it had never had room
	var got []string
	for round := 0; ; round++ {
		out := waiting(t, n, 5)
		if len(out) == 0 {
			break
		}
		got = append(got, bodies(out)...)
		n.Sent(out[len(out)-1].Position)
		if round == 3 {
			n.out.forget(0)
			before := n.Waiting()
			if err := n.Finalize(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n.Waiting() <= before {
				t.Fatalf("%d changes wait, %d before the last: the test shows nothing", n.Waiting(), before)
			}
		}
	}
	if len(got) <= len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("%d changes came out, want the %d that were first and more", len(got), len(want))
	}
	if n.Waiting() != 0 {
		t.Errorf("Waiting() = %d of an empty outbox", n.Waiting())
	}
}

// TestUpgrade opens a state of the layout before: what it had not sent is sent, byte
// for byte.
func TestUpgrade(t *testing.T) { onBoth(t, testUpgrade) }

func testUpgrade(t *testing.T) {
	ctx := context.Background()
	path := freshState(t)
	n := open(t, path)
	want := fill(t, n, 3)
	inTx := func(f func(tx *sql.Tx)) {
		t.Helper()
		tx, err := n.db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		f(tx)
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	inTx(func(tx *sql.Tx) {
		exec := func(query string, args ...any) {
			t.Helper()
			if _, err := tx.Exec(n.db.bind(query), args...); err != nil {
				t.Fatal(err)
			}
		}
		exec(`DROP TABLE outbox`)
		exec(n.db.types.Replace(`CREATE TABLE outbox (position {key}, series BIGINT, body {blob} NOT NULL)`))
		exec(`CREATE INDEX outbox_by_series ON outbox (series)`)
		exec(n.db.types.Replace(`CREATE TABLE outbox_series (position {key}, body {blob} NOT NULL)`))
		for i, o := range want {
			c := changeOf(t, o)
			var series any
			if c.Series != nil {
				series = i + 1
				exec(`INSERT INTO outbox_series (position, body) VALUES (?, ?)`, i+1, c.Series.AppendJSON(nil))
				c.Series = nil
			}
			exec(`INSERT INTO outbox (position, series, body) VALUES (?, ?, ?)`, o.Position, series, c.AppendJSON(nil))
		}
		exec(`UPDATE meta SET value = '5' WHERE key = 'layout'`)
	})
	n.Close()
	for range 2 {
		n = open(t, path)
		got := waiting(t, n, 1<<20)
		if d := cmp.Diff(bodies(want), bodies(got)); d != "" {
			t.Errorf("the outbox of the older layout comes out otherwise:\n%s", d)
		}
		if len(got) > 0 && got[0].Position != want[0].Position {
			t.Errorf("the first is at %d, it was at %d", got[0].Position, want[0].Position)
		}
		n.Close()
	}
}

func TestAppendChange(t *testing.T) {
	s := schemas.Series{ID: "s_1", Text: `null,"more":`}
	for _, c := range []schemas.Change{
		{ID: "ch_1", Claim: schemas.Claim{Text: `"series":null,"more":""}`}},
		{ID: "ch_2", More: `/api/v1/claims/"null,"more":`, Claim: schemas.Claim{Text: "plain"}},
	} {
		if got, want := string(appendChange([]byte("x"), &c, nil)), "x"+string(c.AppendJSON(nil)); got != want {
			t.Errorf("appendChange without a series = %s, want %s", got, want)
		}
		got := string(appendChange(nil, &c, s.AppendJSON(nil)))
		c.Series = &s
		if want := string(c.AppendJSON(nil)); got != want {
			t.Errorf("appendChange = %s, want %s", got, want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("appendChange = %s, which is no JSON", got)
		}
	}
}

// FuzzChunk opens chunks of any bytes, and gets back what was put into one.
func FuzzChunk(f *testing.F) {
	f.Add([]byte("{}\x00{}"), int64(7))
	f.Add([]byte(strings.Repeat("a", 300)), int64(1))
	f.Fuzz(func(t *testing.T, data []byte, first int64) {
		_ = openChunk(first, data, func(int64, []byte) error { return nil }) // no panic
		first = max(first, 1) % (1 << 40)
		var c crate
		want := slices.Collect(strings.SplitSeq(string(data), "\x00"))
		for i, s := range want {
			c.add(first+int64(i*i), schemas.ChangeHead{}, nil, func(b []byte) []byte { return append(b, s...) })
		}
		packed := slices.Clone(c.pack())
		var got []string
		if err := openChunk(first, packed, func(position int64, body []byte) error {
			if i := int64(len(got)); position != first+i*i {
				t.Errorf("change %d is at %d, want %d", i, position, first+i*i)
			}
			got = append(got, string(body))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q back, want %q", got, want)
		}
		raw := c.raw[:len(c.raw)-1]
		c.raw = raw
		if len(data) > 0 {
			if err := openChunk(first, c.pack(), func(int64, []byte) error { return nil }); err == nil {
				t.Error("a chunk that is cut off is opened without an error")
			}
		}
	})
}
