package bus

import (
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
