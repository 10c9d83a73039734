package bus

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Answers to a write that somebody else came before.
const (
	codeWrongLast           jetstream.ErrorCode = 10071
	codeWrongLastReplicated jetstream.ErrorCode = 10164
)

// conflict reports whether an error says that somebody else wrote before.
func conflict(err error) bool {
	var api *jetstream.APIError
	return errors.Is(err, jetstream.ErrKeyExists) ||
		errors.As(err, &api) && (api.ErrorCode == codeWrongLast || api.ErrorCode == codeWrongLastReplicated)
}

// hold writes the id of a holder to a key whose entries run out: a new one if revision
// is 0, else after the entry of that revision. It returns the new revision, and a
// moment before the server begins to count its time.
//
// The answer to an earlier write may have been lost, so that the newest entry is the
// holder's own and it does not know: it is taken for what it is. Else nobody could
// have the key until that entry runs out. The error matches conflict if another has
// the key, [jetstream.ErrKeyNotFound] if nobody has it any more.
func hold(ctx context.Context, kv jetstream.KeyValue, key, id string, revision uint64) (uint64, time.Time, error) {
	asked := time.Now()
	next, err := write(ctx, kv, key, id, revision)
	if !conflict(err) {
		return next, asked, err
	}
	entry, getErr := kv.Get(ctx, key)
	switch {
	case getErr != nil:
		return 0, asked, getErr
	case string(entry.Value()) != id:
		return 0, asked, err
	}
	asked = time.Now()
	next, err = write(ctx, kv, key, id, entry.Revision())
	return next, asked, err
}

func write(ctx context.Context, kv jetstream.KeyValue, key, id string, revision uint64) (uint64, error) {
	if revision == 0 {
		return kv.Create(ctx, key, []byte(id))
	}
	return kv.Update(ctx, key, []byte(id), revision)
}
