// Package normalizer makes claims of extractions: one claim per stated fact and
// value, with every place that printed it, in a series with the other figures for
// the same thing.
//
// The layers, each a function of the articles alone:
//
//   - text finds copies: wire stories, abridgements, edited republications. A group
//     of copies is one origin, however many publishers print it.
//
//   - entities and places get ids from what one extraction says of them, so that no
//     later article changes an id.
//
//   - same compares two mentions: hard vetoes (measure, unit, modality, event times
//     more than a day apart, places neither of which contains the other, different
//     linked participants), then an integer score. Slots that are not said count
//     for nothing; figures that lack them meet on the story they share.
//
//   - a component of compatible mentions is grouped by descending score, never
//     across a veto. A group is a series; its mentions of one interval are a claim.
//
//   - events are compared by type, the named people and bodies that took part, place
//     and day; each is a series of one claim. Only what is said to have happened
//     counts, and only with somebody named.
//
//   - reviews, people's decisions, are an input like the articles: a rejected
//     figure, a fixed slot, a merge, a split or a blocked source holds for every
//     print of the text.
//
// What it costs: BenchmarkApply measures mentions a second on one core into SQLite
// with synchronous=FULL, and the memory of each, some six kilobytes. Without a horizon
// all articles stay in memory; with one, those that are older and final leave it for
// the state and come back by key (BenchmarkHorizon). When one machine is not
// enough, a [Partition] takes part of the measures. A name that every article has costs
// its neighbourhood: of the figures that share it, each meets the 128 before and after
// it. A series of thousands of figures takes some milliseconds of each new one
// (BenchmarkOneName).
//
// Decision, 2026-11: the horizon changes no result, so it is no part of what a result
// depends on. A rule like "figures of articles more than so many days apart never
// meet" would have been simpler, but then the claims of an archive would depend on
// what a newsroom's memory is good for. Instead what leaves does so with all that it
// is tied to, see shelf, and whoever looks a key up gets all that has it. What that
// cannot let go is a story that never rests: as long as one of its articles is younger
// than the horizon, all that are tied to it stay.
//
// [Batch] does it for a fixed set. A [Normalizer] does it article by article with
// its state in SQLite or PostgreSQL, recomputes only what an article touches, and announces
// what happened as changes. Whatever the order, the final claims are the same,
// byte for byte.
package normalizer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// Config configures a [Normalizer]. Zero fields get the default given here.
type Config struct {
	Path       string        // required: the SQLite file, created if missing, or a postgres:// URL
	FinalAfter time.Duration // how long after the newest publication a claim becomes final; default 7 days; whole days
	Horizon    time.Duration // how long after its publication an article stays in memory; whole days; default 0: for ever
	Partition  Partition     // which claims are this one's; default all
	Logger     *slog.Logger  // default: discard

	eager bool // look after every transaction what can leave memory
	reach int  // see blocks; 0 for its default

	window func() // called where a crash would find a move to or from the shelf half done
}

// An Input is one extraction and its place in the stream it came from.
type Input struct {
	Sequence   uint64 // ascending; 0 outside a stream
	Extraction schemas.Extraction
}

// A Normalizer keeps the claims of a growing set of articles. Its methods may be
// called from several goroutines; they run one after the other.
type Normalizer struct {
	cfg Config
	log *slog.Logger
	db  *database

	mu        sync.Mutex // guards what follows
	book      *book      // nil after a failed transaction: read again before use
	shelf     *shelf     // what is older than the horizon
	rulings   *rulings
	ledger    map[string]*entry
	due       map[string]map[string]string // ids of claims that may be provisional by day last seen, with their series; not the claims, of which there is a new one for each citation
	sequence  uint64                       // of the extractions
	unseen    unseen                       // what of them never came
	reviewed  uint64                       // of the reviews
	scratch   scratch                      // of the transaction under way
	newest    string                       // greatest published_at day that is not in the future of its fetch
	watermark string

	out outbox // guards itself
}

// An entry is what has been announced of a claim.
type entry struct {
	revision int
	final    bool
	print    int64              // of the record announced last, once it is final
	gone     schemas.ChangeKind // empty for a living claim
}

// Open opens or creates the state and reads it in. The caller must close the
// Normalizer. Whoever opens a state takes it over: from then on a Normalizer that
// had it open before, in this process or another, gets [ErrFenced] from everything
// that writes, also if it was paused in the middle of it.
func Open(ctx context.Context, cfg Config) (*Normalizer, error) {
	if cfg.Path == "" {
		return nil, errors.New("no path for the state")
	}
	if cfg.FinalAfter <= 0 {
		cfg.FinalAfter = 7 * 24 * time.Hour
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	db, err := openState(ctx, cfg.Path, cfg.Partition)
	if err != nil {
		return nil, err
	}
	n := &Normalizer{cfg: cfg, log: cfg.Logger, db: db}
	err = db.takeOver(ctx)
	if err == nil {
		err = n.load(ctx)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("state %s: %w", n.where(), err)
	}
	return n, nil
}

// where names the state in errors.
func (n *Normalizer) where() string { return Shown(n.cfg.Path) }

// Close releases the state.
func (n *Normalizer) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.db.Close()
}

// load reads the state. The book is a function of the articles, so it is made
// again from them; what has been announced is read as it is.
func (n *Normalizer) load(ctx context.Context) error {
	n.book, n.ledger, n.due = nil, map[string]*entry{}, map[string]map[string]string{}
	n.sequence, n.unseen, n.reviewed, n.newest, n.watermark = 0, nil, 0, "", ""
	n.rulings = newRulings()
	b := newBook(n.cfg.Partition)
	b.graph.blocks.reach = cmp.Or(n.cfg.reach, reach)
	n.shelf = newShelf(b, n.rulings, n.ledger)
	n.shelf.reads = n.reads(ctx)
	away, err := n.loadShelf(ctx)
	if err != nil {
		return err
	}
	err = n.db.each(ctx, `SELECT body FROM review`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		var r schemas.Review
		if err := json.Unmarshal(body, &r); err != nil {
			return err
		}
		n.rulings.add(r)
		return nil
	})
	if err != nil {
		return err
	}
	var ds []*document
	err = n.atHand(ctx, away, func(body []byte) error {
		e, err := unpack(body)
		if err != nil {
			return err
		}
		d, err := prepare(e, n.rulings)
		if err != nil {
			return err
		}
		ds = append(ds, d)
		n.see(d)
		return nil
	})
	if err != nil {
		return err
	}
	err = n.db.each(ctx, `SELECT key, value FROM meta`, func(scan func(...any) error) error {
		var key, value string
		if err := scan(&key, &value); err != nil {
			return err
		}
		switch key {
		case "sequence":
			n.sequence, err = strconv.ParseUint(value, 10, 64)
			return err
		case "unseen":
			return json.Unmarshal([]byte(value), &n.unseen)
		case "reviewed":
			n.reviewed, err = strconv.ParseUint(value, 10, 64)
			return err
		case "watermark":
			n.watermark = value
		}
		return nil
	})
	if err != nil {
		return err
	}
	var last int64
	if err := n.db.QueryRowContext(ctx, `SELECT coalesce(max(last_position), 0) FROM outbox`).Scan(&last); err != nil {
		return err
	}
	n.out.forget(last)
	if err := n.refill(ctx); err != nil {
		return err
	}
	b.fill(ds)
	if err := n.loadLedger(ctx, b); err != nil {
		return err
	}
	for _, g := range b.groups {
		n.await(g.claims)
	}
	n.book = b
	return n.shelf.err
}

// reads gives access to the state outside of transactions.
func (n *Normalizer) reads(ctx context.Context) reads {
	return func(query string, row func(scan func(...any) error) error, args ...any) error {
		return n.db.each(ctx, query, row, args...)
	}
}

// atHand gives the stored extractions of articles that are not on the shelf to fn.
func (n *Normalizer) atHand(ctx context.Context, away map[string]bool, fn func(body []byte) error) error {
	body := func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		return fn(body)
	}
	if len(away) == 0 {
		return n.db.each(ctx, `SELECT body FROM input ORDER BY position`, body)
	}
	var positions []int64
	err := n.db.each(ctx, `SELECT position, article_id FROM input ORDER BY position`, func(scan func(...any) error) error {
		var at int64
		var id string
		err := scan(&at, &id)
		if !away[id] {
			positions = append(positions, at)
		}
		return err
	})
	for _, at := range positions {
		if err == nil {
			err = n.db.each(ctx, `SELECT body FROM input WHERE position = ?`, body, at)
		}
	}
	return err
}

// loadLedger reads what has been announced of the claims that are in memory; of the
// others it notes that something was.
func (n *Normalizer) loadLedger(ctx context.Context, b *book) error {
	var living map[string]bool // nil for all
	if n.cfg.Horizon > 0 {
		living = map[string]bool{}
		for _, g := range b.groups {
			for _, c := range g.claims {
				living[c.rec.ID] = true
			}
		}
	}
	return n.db.each(ctx, `SELECT id, revision, final, gone, print FROM claim`, func(scan func(...any) error) error {
		var id string
		var e entry
		if err := scan(&id, &e.revision, &e.final, &e.gone, &e.print); err != nil {
			return err
		}
		if living != nil && !living[id] {
			n.shelf.sieve.add(claimKey(id))
			return nil
		}
		n.ledger[id] = &e
		return nil
	})
}

// see moves the newest publication day. A page that claims to be of the future
// counts as of the day it was fetched.
func (n *Normalizer) see(d *document) {
	day := date(d.published)
	if f := date(d.knownAt); f != "" {
		day = min(day, f)
	}
	n.newest = max(n.newest, day)
}
