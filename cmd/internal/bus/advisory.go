package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// streamAdvisories keeps what the server says when a consumer gives a record up.
// The consumers of [Consume] store a dead letter before they do; others, such as
// a subscriber's own or one whose max_deliver an operator has changed, leave no
// other trace.
const streamAdvisories = "ADVISORIES"

func (b *Bus) advisoryStream() jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        streamAdvisories,
		Description: "Records that a consumer gave up, as the server tells",
		Subjects:    []string{"$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>", "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>"},
		Storage:     jetstream.FileStorage,
		Discard:     jetstream.DiscardOld,
		MaxBytes:    64 << 20,
		MaxAge:      7 * 24 * time.Hour,
		MaxMsgs:     -1,
		MaxMsgSize:  -1,
		Duplicates:  2 * time.Minute,
		Replicas:    b.cfg.Replicas,
		Compression: jetstream.S2Compression,
		AllowDirect: true,
	}
}

// An advisory is what the server publishes; the fields of both kinds.
type advisory struct {
	Stream     string `json:"stream"`
	Consumer   string `json:"consumer"`
	Sequence   uint64 `json:"stream_seq"`
	Deliveries int    `json:"deliveries"`
	Reason     string `json:"reason"` // of a termination
}

func (a *advisory) reason() error {
	if a.Reason != "" {
		return fmt.Errorf("ended by consumer %s after %d deliveries: %s", a.Consumer, a.Deliveries, a.Reason)
	}
	return fmt.Errorf("consumer %s was given it %d times and never finished it", a.Consumer, a.Deliveries)
}

// Advisories stores a dead letter for every record that any consumer of the
// streams gives up, until ctx ends. Several processes share the work.
func (b *Bus) Advisories(ctx context.Context) error {
	ctx, end, err := b.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	for n := 1; ctx.Err() == nil; n++ {
		if err := b.advisories(ctx); ctx.Err() == nil {
			b.log.Warn("advisories wait", "err", err)
			sleep(ctx, retryDelay(n))
		}
	}
	return nil
}

// advisories reads until something fails.
func (b *Bus) advisories(ctx context.Context) error {
	cons, err := b.js.CreateOrUpdateConsumer(ctx, streamAdvisories, jetstream.ConsumerConfig{
		Durable: "dead-letters", AckPolicy: jetstream.AckExplicitPolicy, AckWait: 30 * time.Second, MaxDeliver: -1,
	})
	if err != nil {
		return fmt.Errorf("consumer of %s: %w", streamAdvisories, err)
	}
	it, err := cons.Messages(jetstream.PullMaxMessages(10))
	if err != nil {
		return fmt.Errorf("read %s: %w", streamAdvisories, err)
	}
	defer it.Stop()
	for {
		m, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read %s: %w", streamAdvisories, err)
		}
		if err := b.advise(ctx, m.Data()); err != nil {
			b.log.Warn("advisory will be read again", "err", err)
			_ = m.NakWithDelay(5 * time.Second)
			continue
		}
		_ = m.Ack() // lost: it comes again, and its letter is a duplicate
	}
}

// advise stores the dead letter for one advisory, unless [Consume] has stored one
// before it ended the record.
func (b *Bus) advise(ctx context.Context, body []byte) error {
	var a advisory
	if err := json.Unmarshal(body, &a); err != nil {
		b.log.Warn("advisory cannot be read", "err", err)
		return nil
	}
	stage, ours := readerOf(a.Stream)
	if !ours {
		return nil
	}
	if a.Reason != "" {
		c, err := b.js.Consumer(ctx, a.Stream, a.Consumer)
		if err == nil && strings.HasPrefix(c.CachedInfo().Config.Description, ownConsumer) {
			return nil
		}
	}
	raw, err := b.raw(ctx, a.Stream, a.Sequence)
	if errors.Is(err, ErrNotFound) {
		return nil // trimmed: there is nothing to keep
	}
	if err != nil {
		return err
	}
	return b.PublishDead(ctx, []schemas.DeadLetter{
		letterFor(stage, a.Stream, a.Sequence, raw.Subject, raw.Data, a.Deliveries, a.reason()),
	})
}

// readerOf returns the stage that reads a stream.
func readerOf(stream string) (schemas.StageName, bool) {
	switch stream {
	case schemas.StreamArticles:
		return schemas.StageExtract, true
	case schemas.StreamExtractions, schemas.StreamReviews:
		return schemas.StageNormalize, true
	case schemas.StreamClaims:
		return schemas.StageSink, true
	}
	return "", false
}
