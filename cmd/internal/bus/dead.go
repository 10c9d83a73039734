package bus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go"

	"github.com/claimwire/claimwire/schemas"
)

// maxReason bounds the text of a dead letter's reason, in bytes.
const maxReason = 4 << 10

// NewDeadLetter returns the dead letter for a record that did not come from the
// bus, such as a feed. Its id names stage and record, so that giving up twice is
// one letter. The caller fills URL where there is one.
func NewDeadLetter(stage schemas.StageName, record []byte, attempts int, reason error) schemas.DeadLetter {
	sum := sha256.Sum256(record)
	hash := hex.EncodeToString(sum[:])
	return schemas.DeadLetter{
		SchemaVersion: schemas.Version,
		ID:            schemas.ID("d", string(stage), hash),
		Stage:         stage,
		Reason:        cut(strings.ToValidUTF8(reason.Error(), "\uFFFD"), maxReason),
		Attempts:      attempts,
		At:            time.Now().UTC(),
		Size:          len(record),
		SHA256:        "sha256:" + hash,
		Record:        record[:min(len(record), schemas.MaxDeadRecord)],
	}
}

// cut returns at most n bytes of s, ending with a whole character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// letterFor returns the dead letter for a record of the bus. Its id names the
// place in the stream, too: a record that was retried and fails again is news.
func letterFor(stage schemas.StageName, stream string, seq uint64, subject string, body []byte, attempts int, reason error) schemas.DeadLetter {
	l := NewDeadLetter(stage, body, attempts, reason)
	l.Subject, l.Sequence = subject, seq
	l.ID = schemas.ID("d", string(stage), l.SHA256, stream, strconv.FormatUint(seq, 10))
	return l
}

// giveUp stores a dead letter for d and takes d off the consumer. If the letter
// cannot be stored now, d comes again.
func (c *consumer[T]) giveUp(ctx context.Context, d delivery[T], reason error) {
	letter := letterFor(c.cfg.Stage, d.rec.Stream, d.rec.Sequence, d.rec.Subject, d.msg.Data, d.rec.Attempt, reason)
	if d.rec.Record != nil {
		letter.URL = addressOf(d.rec.Record)
	}
	if err := c.bus.PublishDead(ctx, []schemas.DeadLetter{letter}); err != nil {
		c.later(d, errors.Join(reason, err))
		return
	}
	c.bus.log.Warn("record given up", "stage", c.cfg.Stage, "stream", c.cfg.Stream, "sequence", d.rec.Sequence,
		"attempt", d.rec.Attempt, "err", reason)
	if c.cfg.GaveUp != nil {
		c.cfg.GaveUp(d.rec.Sequence)
	}
	_ = d.msg.Respond([]byte("+TERM " + oneLine(reason))) // lost: it comes again, and its letter is a duplicate
	c.count("dead", 1)
}

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return cut(line, 256)
}

// Retry publishes the record of a dead letter again, unchanged, from the stream
// it was on. All consumers of the stream get it. Retrying the same letter twice
// within the stream's duplicate window does it once. The error matches
// [ErrNotFound] if the record is not on a stream any more or never was: then
// only its source can send it again.
func (b *Bus) Retry(ctx context.Context, letter schemas.DeadLetter) error {
	stream := streamOf(letter.Subject)
	if stream == "" || letter.Sequence == 0 {
		return fmt.Errorf("retry %s: it did not come from a stream: %w", letter.ID, ErrNotFound)
	}
	raw, err := b.raw(ctx, stream, letter.Sequence)
	if err != nil {
		return fmt.Errorf("retry %s: %w", letter.ID, err)
	}
	if schemas.SHA256(string(raw.Data)) != letter.SHA256 {
		return fmt.Errorf("retry %s: record %d of %s is another one: %w", letter.ID, letter.Sequence, stream, ErrNotFound)
	}
	id := schemas.ID("retry", letter.ID, letter.At.UTC().Format(time.RFC3339Nano)) // its own id is known to the stream
	m := &nats.Msg{Subject: raw.Subject, Data: raw.Data, Header: nats.Header{nats.MsgIdHdr: {id}}}
	for name, values := range raw.Header {
		if !strings.HasPrefix(strings.ToLower(name), "nats-") { // those were for the server, and for then
			m.Header[name] = values
		}
	}
	if err := b.send(ctx, stream, []message{{id: id, msg: m}}); err != nil {
		return fmt.Errorf("retry %s: %w", letter.ID, err)
	}
	return nil
}

// streamOf returns the stream that a subject belongs to, "" if it is none of ours.
func streamOf(subject string) string {
	kind, _, _ := strings.Cut(subject, ".v1.")
	switch kind {
	case "articles":
		return schemas.StreamArticles
	case "extractions":
		return schemas.StreamExtractions
	case "claims":
		return schemas.StreamClaims
	case "reviews":
		return schemas.StreamReviews
	}
	return ""
}
