package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A gate knows what was purged and keeps it out.
type gate struct {
	mu   sync.RWMutex
	tomb schemas.Tombstones // owned by mu
}

func (g *gate) add(r *schemas.Review) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tomb.Add(r)
}

func (g *gate) article(a *schemas.Article) (review string, gone bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.tomb.Article(a)
}

// address reports whether nothing shall be fetched from an address: the page of an
// article, or a host of a publisher.
func (g *gate) address(u *url.URL) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if _, gone := g.tomb.Domain(u.Hostname()); gone {
		return true
	}
	_, gone := g.tomb.ID(schemas.ID("a", "url", u.String()))
	return gone
}

// purgeSubject is where purges are on the stream of reviews.
var purgeSubject = schemas.ReviewSubject(&schemas.Review{Action: schemas.ReviewPurge})

func (in *instance) loadPurges(ctx context.Context) error {
	return bus.Scan(ctx, in.bus, schemas.StreamReviews, func(_ uint64, r *schemas.Review) error { in.purges.add(r); return nil })
}

// followPurges takes notice of purges as they are decided.
func (in *instance) followPurges(ctx context.Context) error {
	return bus.Read(ctx, in.bus, bus.ReadConfig{Stream: schemas.StreamReviews, Filter: []string{purgeSubject}}, func(_ context.Context, batch []bus.Received[schemas.Review]) error {
		for _, r := range batch {
			in.purges.add(r.Record)
		}
		return nil
	})
}

// An erasure counts what one process erased for one purge.
type erasure struct {
	Streams map[string]int `json:"streams"` // records, by name of the stream
	Sinks   map[string]int `json:"sinks"`   // rows and lines, by name of the sink
	Archive int            `json:"archive"` // records
}

// eraseResults are the erasures that are done, by the id of the review.
type eraseResults struct {
	mu   sync.Mutex
	done map[string]*erasure // owned by mu
}

func (e *eraseResults) get(review string) *erasure {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done[review]
}

func (e *eraseResults) put(review string, x *erasure) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.done == nil {
		e.done = map[string]*erasure{}
	}
	e.done[review] = x
}

// erasePurges does what each purge asks of this process's stores, one after the
// other. How far it has come is kept in a file, written when all is done: after a
// crash the purge begins anew, and finds less to do.
func (in *instance) erasePurges(ctx context.Context) error {
	mark := filepath.Join(in.settings.DataDir, "purged")
	raw, err := os.ReadFile(mark)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	since, _ := strconv.ParseUint(strings.TrimSpace(string(raw)), 10, 64) // of a damaged file: all once more
	if last, err := in.bus.LastSequence(ctx, schemas.StreamReviews); err != nil {
		return err
	} else if since > last { // of another server
		since = 0
	}
	return bus.Read(ctx, in.bus, bus.ReadConfig{Stream: schemas.StreamReviews, Filter: []string{purgeSubject}, Since: since}, func(ctx context.Context, batch []bus.Received[schemas.Review]) error {
		for _, r := range batch {
			for wait := time.Second; ; wait = min(2*wait, time.Minute) {
				err := in.erase(ctx, r.Sequence, r.Record)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err == nil {
					break
				}
				in.log.Error("purge not finished; trying again", "review", r.Record.ID, "err", err, "in", wait.String())
				select {
				case <-time.After(wait):
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			if err := os.WriteFile(mark+".tmp", []byte(strconv.FormatUint(r.Sequence, 10)+"\n"), 0o644); err != nil {
				return err
			}
			if err := os.Rename(mark+".tmp", mark); err != nil {
				return err
			}
		}
		return nil
	})
}

// Fail points of a purge.
const (
	failPurgeHeeded  = "purge_heeded"  // the normalizer has erased, nobody else has
	failPurgeSinks   = "purge_sinks"   // the sinks have too
	failPurgeArchive = "purge_archive" // and the archive; the streams have not
)

// erase takes what a purge names out of everything that this process keeps. First
// the normalizers withdraw the claims; the sinks store that before they forget the
// rest; the streams come last, because they tell what belongs together.
func (in *instance) erase(ctx context.Context, sequence uint64, r *schemas.Review) error {
	in.purges.add(r)
	const pause = 50 * time.Millisecond
	if err := untilEvery(ctx, pause, func() (bool, error) {
		if in.normal != nil { // whose consumer may not be there yet
			if pending, unacked, err := in.bus.Lag(ctx, schemas.StreamReviews, in.partitioned(reviewConsumer)); err != nil || pending+unacked > 0 {
				return false, err
			}
		}
		return in.bus.Heeded(ctx, sequence)
	}); err != nil {
		return err
	}
	if err := in.dropSnapshots(); err != nil {
		return err
	}
	bus.Failpoint(failPurgeHeeded)
	x := &erasure{Streams: map[string]int{}, Sinks: map[string]int{}}
	for _, stream := range []string{schemas.StreamArticles, schemas.StreamClaims} {
		last, err := in.bus.LastKept(ctx, stream)
		if err != nil {
			return err
		}
		for name := range in.sinks {
			if err := untilEvery(ctx, pause, func() (bool, error) { return in.position(name, stream) >= last, nil }); err != nil {
				return err
			}
		}
	}
	for name, w := range in.writers {
		n, err := w.erase(ctx, r)
		if err != nil {
			return err
		}
		x.Sinks[name] = n
	}
	bus.Failpoint(failPurgeSinks)
	var err error
	if dir := archiveDir(in.settings.DataDir); in.archive != nil {
		x.Archive, err = fetcher.EraseArchive(in.archive, "", r)
	} else {
		x.Archive, err = fetcher.EraseArchive(nil, dir, r)
	}
	if err != nil {
		return err
	}
	bus.Failpoint(failPurgeArchive)
	if in.normal != nil {
		if x.Streams, err = eraseStreams(ctx, in.bus, r); err != nil {
			return err
		}
	}
	in.erased.put(r.ID, x)
	in.log.Info("purged", "review", r.ID, "by", r.By, "streams", fmt.Sprint(x.Streams), "sinks", fmt.Sprint(x.Sinks), "archive", x.Archive)
	return nil
}

// erase erases from the sink, if it can.
func (w *sinkWriter) erase(ctx context.Context, r *schemas.Review) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e, ok := w.out.(sink.Eraser); ok {
		return e.Erase(ctx, r)
	}
	return 0, fmt.Errorf("sink %s cannot erase: remove its records by hand", w.name)
}

// A streamErasure lists the records of the streams that a purge erases.
type streamErasure struct {
	gone      *sink.Erasure
	sequences map[string][]uint64
	articles  map[string]schemas.Article // by id, one version of each; without text
}

// findInStreams looks for what a purge erases.
func findInStreams(ctx context.Context, b *bus.Bus, r *schemas.Review) (*streamErasure, error) {
	e := &streamErasure{gone: sink.NewErasure(r), sequences: map[string][]uint64{}, articles: map[string]schemas.Article{}}
	note := func(stream string, seq uint64, a *schemas.Article) {
		if _, gone := e.gone.Article(a); gone {
			e.sequences[stream] = append(e.sequences[stream], seq)
			bare := *a
			bare.Text, bare.Paragraphs = "", nil
			e.articles[a.ID] = bare
		}
	}
	err := bus.Scan(ctx, b, schemas.StreamArticles, func(seq uint64, a *schemas.Article) error {
		note(schemas.StreamArticles, seq, a)
		return nil
	})
	if err == nil {
		err = bus.Scan(ctx, b, schemas.StreamExtractions, func(seq uint64, x *schemas.Extraction) error {
			note(schemas.StreamExtractions, seq, &x.Article)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for id := range e.articles {
		ids = append(ids, id)
	}
	e.gone.Found(ids)
	if err := bus.Scan(ctx, b, schemas.StreamClaims, func(seq uint64, c *schemas.Change) error { e.gone.See(c, seq); return nil }); err != nil {
		return nil, err
	}
	if err := bus.Scan(ctx, b, schemas.StreamClaims, func(seq uint64, c *schemas.Change) error {
		if e.gone.Erases(c, seq) {
			e.sequences[schemas.StreamClaims] = append(e.sequences[schemas.StreamClaims], seq)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return e, b.Letters(ctx, func(l bus.StoredLetter) error {
		if letterGone(&e.gone.Tombstones, &l.DeadLetter) {
			e.sequences[schemas.StreamDead] = append(e.sequences[schemas.StreamDead], l.Position)
		}
		return nil
	})
}

// letterGone reports whether a dead letter holds a record of what was purged.
func letterGone(gone *schemas.Tombstones, l *schemas.DeadLetter) bool {
	if u, err := url.Parse(l.URL); err == nil && l.URL != "" {
		if _, is := gone.Domain(u.Hostname()); is {
			return true
		}
		if _, is := gone.ID(schemas.ID("a", "url", l.URL)); is {
			return true
		}
	}
	if _, is := gone.Text(string(l.Record) + " " + l.Reason); is {
		return true
	}
	var rec struct {
		schemas.Article
		In *schemas.Article `json:"article"`
	}
	if json.Unmarshal(l.Record, &rec) != nil {
		return false
	}
	if rec.In != nil {
		rec.Article = *rec.In
	}
	_, is := gone.Article(&rec.Article)
	return is
}

// eraseStreams erases from the streams and returns how many records of each. The
// articles go last: after a crash they tell again what belongs to them.
func eraseStreams(ctx context.Context, b *bus.Bus, r *schemas.Review) (map[string]int, error) {
	e, err := findInStreams(ctx, b, r)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, stream := range []string{schemas.StreamClaims, schemas.StreamDead, schemas.StreamExtractions, schemas.StreamArticles} {
		if out[stream], err = b.Erase(ctx, stream, e.sequences[stream]); err != nil {
			return out, err
		}
	}
	return out, nil
}
