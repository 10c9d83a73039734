package bus

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// A TraceQuery names what [Bus.Trace] looks for.
type TraceQuery struct {
	Claim    string   `json:"claim"`    // Claim.ID
	Articles []string `json:"articles"` // Article.ID of those that it cites
}

// A Step is one record on the way from an article to a claim.
type Step struct {
	Stream   string    `json:"stream"`
	Sequence uint64    `json:"sequence"`
	Subject  string    `json:"subject"`
	Type     string    `json:"type"`  // ce-type: "claimwire.article.v1"
	ID       string    `json:"id"`    // of the message
	About    string    `json:"about"` // article or claim
	At       time.Time `json:"at"`    // when the server stored it
	Trace    string    `json:"trace"` // traceparent, if there is one
	Done     []string  `json:"done"`  // durable consumers that have finished it
	Waiting  []string  `json:"waiting"`
}

// Trace returns the records that are kept of articles and of a claim, stream by
// stream in the order of the flow. It reads the headers of whole streams, which
// takes seconds for millions of records.
func (b *Bus) Trace(ctx context.Context, q TraceQuery) ([]Step, error) {
	var steps []Step
	for _, part := range []struct {
		stream, subject string
		about           []string
	}{
		{schemas.StreamArticles, "articles.v1.>", q.Articles},
		{schemas.StreamExtractions, "extractions.v1.>", q.Articles},
		{schemas.StreamClaims, "claims.v1.>", []string{q.Claim}},
	} {
		found, err := b.trace(ctx, part.stream, part.subject, part.about)
		if err != nil {
			return nil, fmt.Errorf("trace %s in %s: %w", q.Claim, part.stream, err)
		}
		steps = append(steps, found...)
	}
	return steps, nil
}

func (b *Bus) trace(ctx context.Context, stream, subject string, about []string) ([]Step, error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return nil, err
	}
	var steps []Step
	if err := walk(ctx, s, subject, func(m jetstream.Msg, meta *jetstream.MsgMetadata) bool {
		h := m.Headers()
		if slices.Contains(about, h.Get(headerSubject)) {
			steps = append(steps, Step{
				Stream: stream, Sequence: meta.Sequence.Stream, Subject: m.Subject(), Type: h.Get(headerType), ID: h.Get(headerID),
				About: h.Get(headerSubject), At: meta.Timestamp.UTC(), Trace: h.Get(headerTrace),
			})
		}
		return true
	}); err != nil {
		return nil, err
	}
	consumers := s.ListConsumers(ctx)
	for info := range consumers.Info() {
		if info.Config.Durable == "" {
			continue
		}
		for i := range steps {
			if steps[i].Sequence <= info.AckFloor.Stream {
				steps[i].Done = append(steps[i].Done, info.Name)
			} else {
				steps[i].Waiting = append(steps[i].Waiting, info.Name)
			}
		}
	}
	return steps, consumers.Err()
}
