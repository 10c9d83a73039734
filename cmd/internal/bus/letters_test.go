package bus

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

func allLetters(t *testing.T, b *Bus) (out []StoredLetter) {
	t.Helper()
	must(t, b.Letters(t.Context(), func(l StoredLetter) error { out = append(out, l); return nil }))
	return out
}

func TestLetters(t *testing.T) {
	b := openEmbedded(t, Config{})
	if got := allLetters(t, b); len(got) != 0 {
		t.Errorf("an empty stream has %d letters", len(got))
	}
	for _, reason := range []string{"first", "second", "third"} {
		must(t, b.PublishDead(t.Context(), []schemas.DeadLetter{NewDeadLetter(schemas.StageFetch, []byte(reason), 1, errors.New(reason))}))
	}
	got := allLetters(t, b)
	if len(got) != 3 || got[1].Reason != "second" || got[1].Position != 2 {
		t.Fatalf("letters %+v", got)
	}
	must(t, b.Drop(t.Context(), 2))
	if err := b.Drop(t.Context(), 2); !errors.Is(err, ErrNotFound) {
		t.Errorf("second Drop = %v, want %v", err, ErrNotFound)
	}
	if got := allLetters(t, b); len(got) != 2 || got[1].Position != 3 {
		t.Errorf("letters after a drop %+v", got)
	}
	stop := errors.New("enough")
	n := 0
	if err := b.Letters(t.Context(), func(StoredLetter) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("Letters = %v after %d calls, want %v after 1", err, n, stop)
	}
}

// TestAdvisories gives a dead letter to records that a foreign consumer gave up,
// for want of deliveries or on purpose, and no second one to those of our own.
func TestAdvisories(t *testing.T) {
	b := openEmbedded(t, Config{})
	must(t, b.PublishArticles(t.Context(), articles(3)))
	watch := make(chan error, 1)
	go func() { watch <- b.Advisories(t.Context()) }()

	foreign, err := b.js.CreateConsumer(t.Context(), schemas.StreamArticles, jetstream.ConsumerConfig{
		Durable: "foreign", AckPolicy: jetstream.AckExplicitPolicy, MaxDeliver: 1, AckWait: 100 * time.Millisecond,
	})
	must(t, err)
	batch, err := foreign.Fetch(3)
	must(t, err)
	var msgs []jetstream.Msg
	for m := range batch.Messages() {
		msgs = append(msgs, m)
	}
	must(t, batch.Error())
	must(t, msgs[0].TermWithReason("it smells"))
	must(t, msgs[1].Ack())
	// msgs[2] is forgotten: its AckWait ends, and there is no further delivery. The
	// server notices at the next request.
	for range 100 {
		if len(allLetters(t, b)) == 2 {
			break
		}
		time.Sleep(50 * time.Millisecond)
		_, _ = foreign.FetchNoWait(1)
	}
	got := map[uint64]string{}
	for _, l := range allLetters(t, b) {
		got[l.Sequence] = l.Reason
		if l.Stage != schemas.StageExtract || l.Size == 0 {
			t.Errorf("letter %+v", l)
		}
	}
	if len(got) != 2 || !strings.Contains(got[1], "it smells") || !strings.Contains(got[3], "1 times") {
		t.Errorf("reasons %v", got)
	}

	own := ConsumerConfig{Stream: schemas.StreamArticles, Durable: "own", Stage: schemas.StageExtract}
	stop := work(t, b, own, func(context.Context, []Received[schemas.Article]) error { return schemas.ErrMalformed })
	idle(t, b, schemas.StreamArticles, "own")
	stop()
	time.Sleep(300 * time.Millisecond)      // its advisories are read
	if n := len(allLetters(t, b)); n != 3 { // record 2 is new; 1 and 3 have their letters already
		t.Errorf("%d letters, want 3", n)
	}
}
