package bus

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/claimwire/claimwire/schemas"
)

// sequenced makes messages with bodies of n bytes for the sequences from..to.
func sequenced(from, to uint64, n int) []message {
	var out []message
	for seq := from; seq <= to; seq++ {
		out = append(out, message{sequence: seq, msg: &nats.Msg{Subject: fmt.Sprint("claims.v1.x.", seq), Data: make([]byte, n)}})
	}
	return out
}

func newTail() *tail { return &tail{readers: map[*tailReader]bool{}} }

// TestTail publishes to a tail and asks what it has for a reader at some place.
func TestTail(t *testing.T) {
	const none = 0 // the tail does not have what comes next
	publish := func(t *tail, from, to uint64, n int) {
		t.begin()
		t.end(sequenced(from, to, n), true)
	}
	tests := []struct {
		name  string
		does  func(*tail)
		after uint64
		want  uint64 // first sequence that it gives; the one after the last if it waits
	}{
		{"nothing published", func(*tail) {}, 5, none},
		{"near the end", func(l *tail) { publish(l, 4, 9, 1) }, 6, 7},
		{"at the end", func(l *tail) { publish(l, 4, 9, 1) }, 9, 10},
		{"before the first", func(l *tail) { publish(l, 4, 9, 1) }, 2, none},
		{"beyond the end", func(l *tail) { publish(l, 4, 9, 1) }, 10, none},
		{"goes on", func(l *tail) { publish(l, 4, 9, 1); publish(l, 10, 12, 1) }, 8, 9},
		{"others published", func(l *tail) { publish(l, 4, 9, 1); publish(l, 11, 12, 1) }, 10, none},
		{"not stored", func(l *tail) { publish(l, 4, 9, 1); l.begin(); l.end(sequenced(10, 11, 1), false) }, 9, none},
		{"tried again", func(l *tail) {
			publish(l, 4, 9, 1)
			l.begin()
			l.end(sequenced(10, 11, 1), false)
			publish(l, 12, 13, 1)
		}, 11, 12},
		{"known before", func(l *tail) { publish(l, 4, 9, 1); l.begin(); l.end([]message{{msg: new(nats.Msg)}}, true) }, 7, 8},
		{"erased", func(l *tail) { publish(l, 4, 9, 1); l.erase() }, 7, none},
		{"too much for a tail", func(l *tail) { publish(l, 4, 9, tailBytes/4) }, 4, none},
		{"as much as it keeps", func(l *tail) { publish(l, 4, 9, tailBytes/4) }, 5, 6},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			l := newTail()
			r := l.join(tc.after)
			if tc.after > 3 {
				l.join(3) // a reader who lags
			}
			tc.does(l)
			got, ok := r.next(2)
			switch {
			case !ok && tc.want == none:
			case ok && len(got) == 0 && tc.want == l.last+1:
			case ok && len(got) > 0 && got[0].sequence == tc.want && got[0].subject == fmt.Sprint("claims.v1.x.", tc.want):
			default:
				t.Errorf("next = %d records %v, %v, want from %d", len(got), got, ok, tc.want)
			}
			if l.bytes > tailBytes {
				t.Errorf("keeps %d bytes", l.bytes)
			}
		})
	}
}

// TestTailForgets checks that a tail keeps nothing that all readers have.
func TestTailForgets(t *testing.T) {
	l := newTail()
	publish := func(from, to uint64) { l.begin(); l.end(sequenced(from, to, 10), true) }
	publish(1, 5)
	if len(l.kept) != 0 {
		t.Errorf("without a reader it keeps %d records", len(l.kept))
	}
	fast, slow := l.join(5), l.join(5)
	publish(6, 10)
	fast.reached(10)
	if len(l.kept) != 5 {
		t.Errorf("for a reader who lags it keeps %d records, want 5", len(l.kept))
	}
	slow.reached(8)
	if len(l.kept) != 2 || l.bytes != 20 {
		t.Errorf("it keeps %d records and %d bytes, want 2 and 20", len(l.kept), l.bytes)
	}
	slow.leave()
	if len(l.kept) != 0 || l.bytes != 0 {
		t.Errorf("after the slow reader has left it keeps %d records, %d bytes", len(l.kept), l.bytes)
	}
}

// TestFollowTail checks that a reader who has caught up leaves the server alone, and gets
// what another process publishes.
func TestFollowTail(t *testing.T) {
	b := openEmbedded(t, Config{})
	must(t, b.PublishChanges(t.Context(), changes(20)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen, stopped := make(chan uint64, 100), make(chan error)
	go func() {
		stopped <- b.Follow(ctx, 0, func(seq uint64, c *schemas.Change) error {
			if want := fmt.Sprintf("ch-%04d", seq-1); c.ID != want {
				return fmt.Errorf("record %d is %s, want %s", seq, c.ID, want)
			}
			seen <- seq
			return nil
		})
	}()
	next := func(want uint64) {
		t.Helper()
		select {
		case got := <-seen:
			if got != want {
				t.Fatalf("record %d, want %d", got, want)
			}
		case err := <-stopped:
			t.Fatal(err)
		case <-time.After(30 * time.Second):
			t.Fatalf("record %d does not come", want)
		}
	}
	for seq := range uint64(20) {
		next(seq + 1)
	}
	all := changes(30)
	must(t, b.PublishChanges(t.Context(), all[20:24]))
	for seq := range uint64(4) {
		next(21 + seq)
	}
	s, err := b.js.Stream(t.Context(), schemas.StreamClaims)
	must(t, err)
	eventually(t, func() bool {
		info, err := s.Info(t.Context())
		return err == nil && info.State.Consumers == 0
	})
	other, err := b.encode(&all[24])
	must(t, err)
	_, err = b.js.PublishMsg(t.Context(), other.msg) // as another process would
	must(t, err)
	next(25)
	must(t, b.PublishChanges(t.Context(), all[25:]))
	for seq := range uint64(5) {
		next(26 + seq)
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// eventually waits for done.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("does not come about")
		}
	}
}

// encoded makes changes that are handed on as they are of some, as a process does that
// has made them.
func encoded(changes []schemas.Change) []EncodedChange {
	out := make([]EncodedChange, len(changes))
	for i := range changes {
		out[i] = EncodedChange{ChangeHead: changes[i].Head(), JSON: changes[i].AppendJSON(nil), Record: &changes[i]}
	}
	return out
}

// TestTailShares hands changes on as they are: what a reader makes of a record is not
// seen by another, and no body is kept for them.
func TestTailShares(t *testing.T) {
	l := newTail()
	r := l.join(0)
	made := changes(2)
	msgs := sequenced(1, 2, 100)
	msgs[0].change, msgs[1].change = &made[0], &made[1]
	l.begin()
	l.end(msgs, true)
	got, _ := r.next(2)
	if len(got) != 2 || got[0].body != nil || l.bytes != 200 {
		t.Fatalf("keeps %d records of %d bytes, with the body %q, want 2 of 200 without", len(got), l.bytes, got[0].body)
	}
	for range 2 {
		c, err := recordOf[schemas.Change](&got[0])
		if err != nil || c.ID != "ch-0000" {
			t.Fatalf("record of the tail: %v, %v", c, err)
		}
		c.ID = "mine"
	}
}

// TestFollowers has readers begin anywhere and read at any pace, while changes are
// published in batches of any size, by others too, and some are erased: nobody misses
// a record, sees one twice or out of order.
func TestFollowers(t *testing.T) {
	const total, readers = 3000, 6
	b := openEmbedded(t, Config{})
	all := changes(total)
	random := rand.New(rand.NewPCG(1, 2))
	published, publishing := context.WithCancel(t.Context())
	var erased sync.Map
	go func() {
		defer publishing()
		for sent := 0; sent < total; {
			n := min(1+random.IntN(200), total-sent)
			var err error
			switch random.IntN(12) {
			case 0:
				var m message
				if m, err = b.encode(&all[sent]); err == nil {
					n = 1
					_, err = b.js.PublishMsg(t.Context(), m.msg)
				}
			case 1:
				if sent > 0 {
					gone := uint64(1 + random.IntN(sent))
					erased.Store(gone, true)
					_, err = b.Erase(t.Context(), schemas.StreamClaims, []uint64{gone})
				}
				n = 0
			case 2, 3, 4, 5:
				err = b.PublishEncoded(t.Context(), encoded(all[sent:sent+n]))
			default:
				err = b.PublishChanges(t.Context(), all[sent:sent+n])
			}
			if err != nil {
				t.Error(err)
				return
			}
			if sent += n; random.IntN(4) == 0 {
				b.tails[schemas.StreamClaims].mu.Lock()
				b.tails[schemas.StreamClaims].off = time.Time{} // others are forgotten at once
				b.tails[schemas.StreamClaims].mu.Unlock()
				time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
			}
		}
	}()
	var work sync.WaitGroup
	for i := range readers {
		work.Go(func() {
			since := uint64(0)
			if i%2 == 1 {
				eventually(t, func() bool { n, err := b.LastSequence(t.Context(), schemas.StreamClaims); return err == nil && n > 500 })
				since = uint64(100 * i)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			var got []uint64
			cfg := ReadConfig{Stream: schemas.StreamClaims, Since: since, Batch: 1 + 60*i}
			err := Read(ctx, b, cfg, func(_ context.Context, batch []Received[schemas.Change]) error {
				for _, r := range batch {
					if want := fmt.Sprintf("ch-%04d", r.Sequence-1); r.Record.ID != want {
						return fmt.Errorf("record %d is %s, want %s", r.Sequence, r.Record.ID, want)
					}
					got = append(got, r.Sequence)
				}
				if i == 4 {
					time.Sleep(5 * time.Millisecond)
				}
				if got[len(got)-1] == total {
					return errEnough
				}
				return nil
			})
			if !errors.Is(err, errEnough) {
				t.Errorf("reader %d: %v after %d records", i, err, len(got))
				return
			}
			if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
				t.Errorf("reader %d: out of order, or doubled", i)
			}
			for seq := since + 1; seq <= total; seq++ {
				if _, gone := erased.Load(seq); !gone && !slices.Contains(got, seq) {
					t.Errorf("reader %d: record %d is missing", i, seq)
					return
				}
			}
		})
	}
	work.Wait()
	<-published.Done()
}

var errEnough = errors.New("enough")
