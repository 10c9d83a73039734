package bus

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/claimwire/claimwire/schemas"
)

// Streams returns the names of the streams.
func Streams() []string {
	return []string{schemas.StreamArticles, schemas.StreamExtractions, schemas.StreamClaims, schemas.StreamReviews, schemas.StreamDead}
}

// Limits bound what a stream keeps. 0 means unbounded.
type Limits struct {
	MaxBytes int64         // bytes on disk before compression
	MaxAge   time.Duration // records are dropped after it
}

// DefaultLimits returns the limits of a stream, by its name, that is created
// without limits of its own. An existing stream keeps what it has.
func DefaultLimits(stream string) Limits {
	const day = 24 * time.Hour
	switch stream {
	case schemas.StreamArticles:
		return Limits{2 << 30, 7 * day}
	case schemas.StreamExtractions:
		return Limits{6 << 30, 7 * day}
	case schemas.StreamClaims:
		return Limits{6 << 30, 365 * day}
	case schemas.StreamReviews:
		return Limits{1 << 30, 0} // people's work: kept
	}
	return Limits{512 << 20, 30 * day}
}

// streamConfig describes a stream. A full stream refuses new records, and their
// publisher waits: nothing unread is dropped for want of space. DEAD alone drops
// its oldest, so that a flood of bad input does not stop the good.
func (b *Bus) streamConfig(name string) jetstream.StreamConfig {
	limits, ok := b.cfg.Limits[name]
	if !ok {
		limits = DefaultLimits(name)
	}
	cfg := jetstream.StreamConfig{
		Name:               name,
		Retention:          jetstream.LimitsPolicy,
		Storage:            jetstream.FileStorage,
		Discard:            jetstream.DiscardNew,
		MaxBytes:           orUnbounded(limits.MaxBytes),
		MaxAge:             limits.MaxAge,
		MaxMsgSize:         MaxMessage,
		MaxMsgs:            -1,
		MaxMsgsPerSubject:  -1,
		MaxConsumers:       -1,
		Replicas:           b.cfg.Replicas,
		Compression:        jetstream.S2Compression,
		AllowDirect:        true,
		AllowAtomicPublish: !olderThan(b.nc.ConnectedServerVersion(), 2, 12),
		Duplicates:         2 * time.Hour,
	}
	switch name {
	case schemas.StreamArticles:
		cfg.Description, cfg.Subjects = "Articles as fetched: "+schemaURN("article"), []string{"articles.v1.>"}
	case schemas.StreamExtractions:
		cfg.Description, cfg.Subjects = "What was read out of each article: "+schemaURN("extraction"), []string{"extractions.v1.>"}
	case schemas.StreamClaims:
		cfg.Description, cfg.Subjects = "Changes of claims: "+schemaURN("change"), []string{"claims.v1.>"}
	case schemas.StreamReviews:
		cfg.Description, cfg.Subjects = "Decisions of people: "+schemaURN("review"), []string{"reviews.v1.>"}
		cfg.Duplicates = 24 * time.Hour
	case schemas.StreamDead:
		cfg.Description, cfg.Subjects = "Records that could not be processed: "+schemaURN("dead-letter"), []string{"dead.v1.>"}
		cfg.Duplicates = 24 * time.Hour
		cfg.Discard = jetstream.DiscardOld
	}
	if limits.MaxAge > 0 { // the server refuses a window longer than the age
		cfg.Duplicates = min(cfg.Duplicates, limits.MaxAge)
	}
	return cfg
}

func orUnbounded(n int64) int64 {
	if n == 0 {
		return -1
	}
	return n
}

// Answers of the server when streams are set up.
const (
	codeClusterIncomplete jetstream.ErrorCode = 10004
	codeClusterNoPeers    jetstream.ErrorCode = 10005 // fewer nodes are up than replicas are asked for
	codeClusterNotReady   jetstream.ErrorCode = 10008
	codeNoStorage         jetstream.ErrorCode = 10047 // the limits of all streams together exceed what the server may store
)

// transient reports whether an error of the JetStream API is one of a server or
// cluster that is starting or electing a leader.
func transient(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api.ErrorCode == codeClusterIncomplete || api.ErrorCode == codeClusterNoPeers || api.ErrorCode == codeClusterNotReady
	}
	return errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, nats.ErrNoResponders) || errors.Is(err, nats.ErrConnectionReconnecting)
}

// ensureStreams creates what is missing and brings what exists up to date. It
// waits for a cluster that has just been started, but not for ever.
func (b *Bus) ensureStreams(ctx context.Context) error {
	const patience = 30 * time.Second
	end := time.Now().Add(patience)
	for n := 1; ; n++ {
		err := b.tryStreams(ctx)
		if err == nil || ctx.Err() != nil || !transient(err) || time.Now().After(end) {
			return err
		}
		b.log.Info("bus waits for the server", "err", err)
		sleep(ctx, retryDelay(n))
	}
}

func (b *Bus) tryStreams(ctx context.Context) error {
	if _, err := b.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("JetStream of %s: %w", b.nc.ConnectedUrlRedacted(), err)
	}
	for _, name := range Streams() {
		info, err := b.ensureStream(ctx, b.streamConfig(name))
		if api := new(jetstream.APIError); errors.As(err, &api) && api.ErrorCode == codeNoStorage {
			return fmt.Errorf("stream %s: the server has not that much room, set smaller limits: %w", name, err)
		}
		if err != nil {
			return fmt.Errorf("stream %s: %w", name, err)
		}
		ok := new(atomic.Bool)
		ok.Store(info.Config.AllowAtomicPublish)
		if !info.Config.AllowAtomicPublish {
			b.log.Warn("the server takes no atomic batches: publishing is slower", "stream", name, "version", b.nc.ConnectedServerVersion())
		}
		b.atomic[name] = ok
	}
	if _, err := b.ensureStream(ctx, b.advisoryStream()); err != nil {
		return fmt.Errorf("stream %s: %w", streamAdvisories, err)
	}
	return nil
}

func (b *Bus) ensureStream(ctx context.Context, want jetstream.StreamConfig) (*jetstream.StreamInfo, error) {
	s, err := b.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		// Another process may do the same at this moment; the server takes
		// two equal creations as one.
		if s, err = b.js.CreateStream(ctx, want); err == nil {
			return s.CachedInfo(), nil
		}
	}
	if err != nil {
		return nil, err
	}
	have := s.CachedInfo().Config
	next := b.merge(have, want)
	if reflect.DeepEqual(have, next) {
		return s.CachedInfo(), nil
	}
	b.log.Info("bus updates a stream", "stream", want.Name, "diff", configDiff(have, next))
	s, err = b.js.UpdateStream(ctx, next)
	if err != nil {
		return nil, err
	}
	return s.CachedInfo(), nil
}

// merge returns have with the settings that the program relies on. Limits and
// replicas are the operator's unless the configuration names them.
func (b *Bus) merge(have, want jetstream.StreamConfig) jetstream.StreamConfig {
	next := have
	next.Description = want.Description
	next.Subjects = want.Subjects
	next.Discard = want.Discard
	next.AllowDirect = want.AllowDirect
	next.AllowAtomicPublish = want.AllowAtomicPublish
	next.Duplicates = want.Duplicates
	next.MaxMsgSize = want.MaxMsgSize
	if _, ok := b.cfg.Limits[want.Name]; ok {
		next.MaxBytes, next.MaxAge = want.MaxBytes, want.MaxAge
	}
	if next.MaxAge > 0 {
		next.Duplicates = min(next.Duplicates, next.MaxAge)
	}
	if b.cfg.Replicas > have.Replicas {
		next.Replicas = b.cfg.Replicas
	}
	return next
}

// configDiff lists the fields that differ, as "Field: old -> new".
func configDiff(have, next jetstream.StreamConfig) []string {
	var diff []string
	h, n := reflect.ValueOf(have), reflect.ValueOf(next)
	for i := range h.NumField() {
		if a, b := h.Field(i).Interface(), n.Field(i).Interface(); !reflect.DeepEqual(a, b) {
			diff = append(diff, fmt.Sprintf("%s: %v -> %v", h.Type().Field(i).Name, a, b))
		}
	}
	return diff
}
