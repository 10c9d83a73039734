package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/schemas"
)

// natsFolder is the part of the data folder that belongs to the embedded server.
const natsFolder = "nats"

// busConfig is what the settings say about the bus.
func busConfig(s *config.Settings) (bus.Config, error) {
	keep, err := config.ParseKeep(s.Keep)
	if err != nil {
		return bus.Config{}, err
	}
	cfg := bus.Config{
		Dir: filepath.Join(s.DataDir, natsFolder), URL: s.NATS, NoSync: !s.Sync, Replicas: s.Replicas,
		CredsFile: s.NATSCreds, NKeyFile: s.NATSNKey, CAFile: s.NATSCA,
		MinFree: uint64(s.MinFree), Limits: map[string]bus.Limits{},
	}
	if s.NATS == "" {
		cfg.Listen = bus.ListenConfig{
			Addr: s.NATSListen, CertFile: s.NATSCert, KeyFile: s.NATSKey, NKeys: s.NATSOwners, Readers: s.NATSReaders,
		}
	} else {
		cfg.CertFile, cfg.KeyFile = s.NATSCert, s.NATSKey
	}
	for _, k := range keep {
		if k.Publisher == "" {
			cfg.Limits[k.Stream] = bus.Limits{MaxBytes: k.Bytes, MaxAge: k.Age}
		}
	}
	return cfg, nil
}

// How often retention looks after the streams.
const (
	spareEvery  = 2 * time.Second // whether one is nearly full
	retainEvery = time.Hour       // what is kept of single publishers
)

// retain drops what the settings do not keep. It is for a process that has the sinks,
// which alone knows what they have stored.
func (in *instance) retain(ctx context.Context) error {
	keep, err := config.ParseKeep(in.settings.Keep)
	if err != nil {
		return err
	}
	tick := time.NewTicker(spareEvery)
	defer tick.Stop()
	next := time.Time{}
	said := map[string]bool{} // what the log says of a stream until it goes well
	for {
		for _, stream := range []string{schemas.StreamArticles, schemas.StreamExtractions, schemas.StreamClaims} {
			err := in.makeRoom(ctx, stream)
			if err != nil && ctx.Err() == nil && !said[stream] {
				in.log.Warn("retention waits", "err", err)
			}
			said[stream] = err != nil
		}
		if !time.Now().Before(next) {
			in.retainSources(ctx, keep)
			next = time.Now().Add(retainEvery)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// makeRoom drops the oldest records of a stream that is nearly full, once all stages
// and sinks have them: the streams before it would stop. A state that is kept in this
// process is copied first if it could not be made again.
func (in *instance) makeRoom(ctx context.Context, stream string) error {
	until, err := in.bus.Spare(ctx, stream, in.needed(stream))
	if err != nil || until == 0 {
		return err
	}
	if stream == schemas.StreamExtractions {
		if in.normal != nil && !in.caughtUp.Load() { // it may be reading what its consumer is through with
			return nil
		}
		if err := in.copyBefore(ctx, until); err != nil {
			in.log.Warn("extractions are dropped before a snapshot has them: a state that is lost would lack some", "err", err)
		}
	}
	n, err := in.bus.Trim(ctx, stream, until)
	if n > 0 {
		in.log.Info("records dropped by retention: the stream was nearly full", "stream", stream, "records", n, "until", until)
	}
	return err
}

// retainSources drops what the settings do not keep of single publishers.
func (in *instance) retainSources(ctx context.Context, keep []config.Keep) {
	for _, k := range keep {
		if k.Publisher == "" { // the server's own limits do it
			continue
		}
		n, err := in.bus.Retain(ctx, sourceLimit(k), in.needed(k.Stream))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			in.log.Warn("retention failed and will be tried again", "err", err)
		case n > 0:
			in.log.Info("records dropped by retention", "stream", k.Stream, "publisher", k.Publisher, "records", n)
		}
	}
}

func sourceLimit(k config.Keep) bus.SourceLimit {
	l := bus.SourceLimit{Stream: k.Stream, Limits: bus.Limits{MaxBytes: k.Bytes, MaxAge: k.Age}}
	a := schemas.Article{Publisher: schemas.Publisher{Domain: k.Publisher}}
	if k.Stream == schemas.StreamArticles {
		l.Subject = schemas.ArticleSubject(&a)
	} else {
		l.Subject = schemas.ExtractionSubject(&schemas.Extraction{Article: a})
	}
	return l
}

// needed returns the first sequence of a stream that a sink of this process has
// not stored; 0 if none reads it.
func (in *instance) needed(stream string) uint64 {
	if stream == schemas.StreamExtractions {
		return 0
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	var first uint64
	for name := range in.sinks {
		// A sink that has not said yet where it is needs everything.
		if at := in.positions[name+" "+stream]; first == 0 || at+1 < first {
			first = at + 1
		}
	}
	return first
}

// admit publishes articles of the fetcher as soon as there is room. While it
// waits, their feed is not polled; nothing is fetched that has no place.
func (in *instance) admit(ctx context.Context, articles []schemas.Article) error {
	if err := in.awaitRoom(ctx); err != nil {
		return err
	}
	return in.emit(ctx, articles)
}

const (
	roomEvery    = 500 * time.Millisecond // how often a paused feed looks whether it may go on
	roomRemind   = time.Minute            // how often the log says that it still waits
	roomPatience = 2 * time.Minute        // how long a run that shall end waits for room on the disk
)

func (in *instance) awaitRoom(ctx context.Context) error {
	why := in.room(ctx)
	if why == nil {
		return nil
	}
	said := time.Time{} // by the first feed that waits, for all
	if in.paused.Add(1) == 1 {
		in.log.Warn("fetching pauses", "err", why)
		said = time.Now()
	}
	defer func() {
		if in.paused.Add(-1) == 0 && ctx.Err() == nil {
			in.log.Info("fetching goes on")
		}
	}()
	for why != nil {
		select {
		case <-time.After(roomEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
		why = in.room(ctx)
		if why != nil && !said.IsZero() && time.Since(said) > roomRemind {
			in.log.Warn("fetching still pauses, and goes on by itself when there is room", "err", why, "feeds", in.paused.Load())
			said = time.Now()
		}
	}
	return nil
}

// awaitDisk ends a run that shall end and cannot, because nobody makes room on the disk.
func (in *instance) awaitDisk(ctx context.Context) error {
	patience := in.patience
	if patience == 0 {
		patience = roomPatience
	}
	for since := time.Now(); ; {
		select {
		case <-time.After(roomEvery):
		case <-ctx.Done():
			return nil
		}
		why := in.bus.Full()
		if why == nil && in.paused.Load() > 0 {
			why = in.bus.Room()
		}
		switch {
		case why == nil:
			since = time.Now()
		case time.Since(since) > patience:
			return fmt.Errorf("%w; waited for %s: make room, or lower --min-free, and run the same again: what is done is kept", why, patience)
		}
	}
}

// room says why no new articles should come now; nil if they may.
func (in *instance) room(ctx context.Context) error {
	if err := in.bus.Room(); err != nil {
		return err
	}
	most := uint64(in.settings.MaxLag)
	if most == 0 {
		return nil
	}
	for _, c := range []struct{ stream, durable string }{
		{schemas.StreamArticles, extractorConsumer}, {schemas.StreamExtractions, in.partitioned(normalizerConsumer)},
	} {
		pending, unacked, err := in.bus.Lag(ctx, c.stream, c.durable)
		if err != nil {
			return err
		}
		if pending+unacked > most {
			return fmt.Errorf("%d articles wait for the %s, more than %d", pending+unacked, c.durable, most)
		}
	}
	return nil
}
