package bus

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// A Span is one piece of work on a record, for a tracing system. All ids come
// from content, so that every process that meets an article names its trace alike.
type Span struct {
	Trace  [16]byte // one for each version of an article
	ID     [8]byte
	Parent [8]byte // zero for the first
	Name   string  // "publish ARTICLES", "extractor"
	Start  time.Time
	End    time.Time
	Stream string
	Record string // id of the message
	About  string // article or claim
	Failed string // why; empty if it did not
}

// traceOf returns the trace and the first span of an article's version.
func traceOf(articleID, version string) (trace [16]byte, first [8]byte) {
	sum := sha256.Sum256([]byte("trace " + articleID + " " + version))
	copy(trace[:], sum[:])
	return trace, spanOf("publish", compoundID("article", articleID, version))
}

func spanOf(what, id string) (span [8]byte) {
	sum := sha256.Sum256([]byte("span " + what + " " + id))
	copy(span[:], sum[:])
	return span
}

// traceparent is the header of W3C Trace Context for a message; "" for a record
// that is about no article.
func (e *envelope) traceparent() string {
	if e.article == "" {
		return ""
	}
	trace, _ := traceOf(e.article, e.version)
	span := spanOf("publish", e.id)
	return "00-" + hex.EncodeToString(trace[:]) + "-" + hex.EncodeToString(span[:]) + "-01"
}

// parseTraceparent reads a header; ok is false for anything else.
func parseTraceparent(h string) (trace [16]byte, span [8]byte, ok bool) {
	f := strings.Split(h, "-")
	if len(f) < 4 || len(f[1]) != 32 || len(f[2]) != 16 {
		return trace, span, false
	}
	_, err1 := hex.Decode(trace[:], []byte(f[1]))
	_, err2 := hex.Decode(span[:], []byte(f[2]))
	return trace, span, err1 == nil && err2 == nil && trace != [16]byte{} && span != [8]byte{}
}

// causeOf returns the trace of a record and the span that brought it, as its header
// says; of a process that sends no traces, as that would have called them.
func (b *Bus) causeOf(header string, record any) (trace [16]byte, span [8]byte, ok bool) {
	if header != "" {
		return parseTraceparent(header)
	}
	e, err := b.envelopeOf(record)
	if err != nil || e.article == "" {
		return trace, span, false
	}
	trace, _ = traceOf(e.article, e.version)
	return trace, spanOf("publish", e.id), true
}

// published tells of messages that were stored.
func (b *Bus) published(stream string, msgs []message, start time.Time) {
	if b.cfg.Spans == nil {
		return
	}
	end := time.Now()
	for _, m := range msgs {
		trace, id, ok := parseTraceparent(m.msg.Header.Get(headerTrace))
		if !ok {
			continue
		}
		s := Span{
			Trace: trace, ID: id, Name: "publish " + stream, Start: start, End: end, Stream: stream, Record: m.id,
			About: m.msg.Header.Get(headerSubject),
		}
		if stream != schemas.StreamArticles {
			s.Parent = m.first
		}
		b.cfg.Spans(s)
	}
}

// Delivered tells that somebody outside of the streams has a record of them: a store,
// the receiver of a webhook. Nobody listens if Config.Spans is nil.
func (b *Bus) Delivered(to, stream string, record any, start time.Time) {
	if b.cfg.Spans == nil {
		return
	}
	e, err := b.envelopeOf(record)
	if err != nil || e.article == "" {
		return
	}
	trace, _ := traceOf(e.article, e.version)
	b.cfg.Spans(Span{
		Trace: trace, ID: spanOf(to, e.id), Parent: spanOf("publish", e.id), Name: to, Start: start, End: time.Now(),
		Stream: stream, Record: e.id, About: e.about,
	})
}

// handled tells of records that a handler was given.
func (c *consumer[T]) handled(ds []delivery[T], start time.Time, err error) {
	if c.bus.cfg.Spans == nil {
		return
	}
	end := time.Now()
	for _, d := range ds {
		trace, parent, ok := c.bus.causeOf(d.msg.Header.Get(headerTrace), d.rec.Record)
		if !ok {
			continue
		}
		id := d.msg.Header.Get(headerID)
		s := Span{
			Trace: trace, ID: spanOf(c.cfg.Durable, id), Parent: parent, Name: c.cfg.Durable, Start: start, End: end,
			Stream: c.cfg.Stream, Record: id, About: d.msg.Header.Get(headerSubject),
		}
		if err != nil {
			s.Failed = oneLine(err)
		}
		c.bus.cfg.Spans(s)
	}
}
