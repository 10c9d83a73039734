package bus

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
)

// maxReason bounds the text of a dead letter's reason, in bytes.
const maxReason = 4 << 10

// NewDeadLetter returns the dead letter for a record as its stage had it in
// hand. Its id names stage and record, so that giving up twice is one letter.
// The caller fills URL, Subject and Sequence where there is any.
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

// giveUp stores a dead letter for d and takes d off the consumer. If the letter
// cannot be stored now, d comes again.
func (c *consumer[T]) giveUp(ctx context.Context, d delivery[T], reason error) {
	letter := NewDeadLetter(c.cfg.Stage, d.msg.Data, d.rec.Attempt, reason)
	letter.Subject, letter.Sequence = d.rec.Subject, d.rec.Sequence
	if d.rec.Record != nil {
		letter.URL = addressOf(d.rec.Record)
	}
	if err := c.bus.PublishDead(ctx, []schemas.DeadLetter{letter}); err != nil {
		c.later(d, errors.Join(reason, err))
		return
	}
	c.bus.log.Warn("record given up", "stage", c.cfg.Stage, "stream", c.cfg.Stream, "sequence", d.rec.Sequence,
		"attempt", d.rec.Attempt, "err", reason)
	_ = d.msg.Respond([]byte("+TERM " + oneLine(reason))) // lost: it comes again, and its letter is a duplicate
	c.count("dead", 1)
}

func oneLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return cut(line, 256)
}
