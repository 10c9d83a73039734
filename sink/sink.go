// Package sink defines where claims go. Each destination is a sub-package that
// implements [Sink]; sinktest checks any of them.
package sink

import (
	"context"

	"github.com/claimwire/claimwire/schemas"
)

// A Record is one message of a stream. Exactly one of its pointers is set.
type Record struct {
	Stream     string // name of the stream: schemas.StreamArticles, StreamExtractions, StreamClaims or StreamReviews
	Sequence   uint64 // position in it, from 1
	Article    *schemas.Article
	Extraction *schemas.Extraction
	Change     *schemas.Change
	Review     *schemas.Review
}

// A Sink stores records. Delivery is at least once and in order of Sequence
// within a stream, so a Sink must take the same record twice without effect.
//
// The methods are called from one goroutine at a time.
type Sink interface {
	// Write stores records, all or none, together with the positions, and returns when
	// they survive the end of the process. A sink may lose the last writes in a power
	// cut if it loses their positions with them: the streams give them again.
	// Records of streams that the sink does not keep are ignored. Other sinks get the
	// same records: Write must not change them, nor what they point to, and may keep them.
	Write(ctx context.Context, records []Record) error

	// Position returns the greatest Sequence of stream that has been stored, 0 if none has.
	Position(ctx context.Context, stream string) (uint64, error)

	// Close releases what the sink holds. No method is called after it.
	Close() error
}
