package bus

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// TestRetain drops the oldest records of one publisher, by size and by age, and
// leaves those of others, those unread and those a reader still needs.
func TestRetain(t *testing.T) {
	b := openEmbedded(t, Config{})
	as := articles(120)
	for i := range as {
		as[i].Publisher.Domain = []string{"first.example", "second.example"}[i%2]
	}
	must(t, b.PublishArticles(t.Context(), as))
	subject := schemas.ArticleSubject(&as[0])
	count := func() (own, other int) {
		for seq := range last(t, b, schemas.StreamArticles) {
			switch got, _, err := b.Get(t.Context(), schemas.StreamArticles, seq+1); {
			case errors.Is(err, ErrNotFound):
			case err != nil:
				t.Fatal(err)
			case got == subject:
				own++
			default:
				other++
			}
		}
		return own, other
	}
	retain := func(l Limits, keep uint64) uint64 {
		n, err := b.Retain(t.Context(), SourceLimit{Stream: schemas.StreamArticles, Subject: subject, Limits: l}, keep)
		must(t, err)
		return n
	}

	if n := retain(Limits{MaxBytes: 1 << 30, MaxAge: time.Hour}, 0); n != 0 {
		t.Errorf("%d records dropped within the limits", n)
	}
	if n := retain(Limits{MaxAge: time.Nanosecond}, 21); n != 10 { // sequences 1, 3, … 19
		t.Errorf("%d records dropped below sequence 21, want 10", n)
	}
	raw, err := b.raw(t.Context(), schemas.StreamArticles, 119)
	must(t, err)
	if n := retain(Limits{MaxBytes: 10*int64(len(raw.Data)) + 5}, 0); n != 40 {
		t.Errorf("%d records dropped to keep ten, want 40", n)
	}
	if own, other := count(); own != 10 || other != 60 {
		t.Errorf("%d and %d records left, want 10 and 60", own, other)
	}

	_, err = b.js.CreateConsumer(t.Context(), schemas.StreamArticles, jetstream.ConsumerConfig{Durable: "behind", AckPolicy: jetstream.AckExplicitPolicy})
	must(t, err)
	if n := retain(Limits{MaxAge: time.Nanosecond}, 0); n != 0 {
		t.Errorf("%d unread records dropped", n)
	}
	if n, err := b.Retain(t.Context(), SourceLimit{Stream: "NONE", Subject: "x"}, 0); err == nil {
		t.Errorf("Retain of no stream dropped %d", n)
	}
}

// TestSpare trims a stream that is nearly full to what its readers are through with.
func TestSpare(t *testing.T) {
	b := openEmbedded(t, Config{Limits: map[string]Limits{schemas.StreamArticles: {MaxBytes: 200 << 10}, schemas.StreamClaims: {MaxBytes: 100 << 10}}})
	spare := func(stream string, keep uint64) uint64 {
		t.Helper()
		until, err := b.Spare(t.Context(), stream, keep)
		must(t, err)
		return until
	}
	as := articles(500)
	n := 0
	for ; spare(schemas.StreamArticles, 0) == 0 && n < 60; n += 10 { // nobody reads: it fills, and nothing is spare
		must(t, b.PublishArticles(t.Context(), as[n:n+10]))
	}
	state, err := b.state(t.Context(), schemas.StreamArticles)
	must(t, err)
	if fill := 200 << 10 * 95 / 100; state.Bytes > uint64(fill) {
		t.Fatalf("%d bytes: too full to go on", state.Bytes)
	}
	if until := spare(schemas.StreamArticles, 0); until != 0 {
		t.Fatalf("records that nobody has read are spare below %d", until)
	}
	stop := work(t, b, fast(schemas.StreamArticles), func(context.Context, []Received[schemas.Article]) error { return nil })
	idle(t, b, schemas.StreamArticles, "work")
	_, err = b.js.CreateConsumer(t.Context(), schemas.StreamArticles, jetstream.ConsumerConfig{Durable: "left-behind", AckPolicy: jetstream.AckExplicitPolicy})
	must(t, err)
	if until := spare(schemas.StreamArticles, 1); until != 0 {
		t.Errorf("records that a sink has not stored are spare below %d", until)
	}
	// Far more than it holds goes through it.
	for ; n < len(as); n += 10 {
		if until := spare(schemas.StreamArticles, 0); until > 0 {
			if dropped, err := b.Trim(t.Context(), schemas.StreamArticles, until); err != nil || dropped == 0 {
				t.Fatalf("%d records dropped below %d, %v", dropped, until, err)
			}
			state, err := b.state(t.Context(), schemas.StreamArticles)
			must(t, err)
			if state.FirstSeq != until || state.Bytes > 100<<10 || state.Bytes < 20<<10 {
				t.Fatalf("%d bytes are left from sequence %d on, want a quarter of the limit from %d on", state.Bytes, state.FirstSeq, until)
			}
		}
		must(t, b.PublishArticles(t.Context(), as[n:min(n+10, len(as))]))
		idle(t, b, schemas.StreamArticles, "work")
	}
	stop()
	if got := last(t, b, schemas.StreamArticles); got != uint64(len(as)) {
		t.Errorf("%d articles, want %d", got, len(as))
	}
}
