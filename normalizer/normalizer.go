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
//   - reviews, people's decisions, are an input like the articles: a rejected
//     figure, a fixed slot or a blocked source holds for every print of the text.
//
// [Batch] does it for a fixed set. A [Normalizer] does it article by article with
// its state in SQLite, recomputes only what an article touches, and announces
// what happened as changes. Whatever the order, the final claims are the same,
// byte for byte.
package normalizer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// Config configures a [Normalizer]. Zero fields get the default given here.
type Config struct {
	Path       string        // required: the SQLite file; created if missing
	FinalAfter time.Duration // how long after the newest publication a claim becomes final; default 7 days; whole days
	Logger     *slog.Logger  // default: discard
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
	db  *sql.DB

	mu        sync.Mutex // guards what follows
	book      *book      // nil after a failed transaction: read again before use
	rulings   *rulings
	ledger    map[string]*entry
	due       map[string][]*claim // provisional claims by day last seen
	sequence  uint64              // of the extractions
	reviewed  uint64              // of the reviews
	newest    string              // greatest published_at day that is not in the future of its fetch
	watermark string
}

// An entry is what has been announced of a claim.
type entry struct {
	revision int
	final    bool
	gone     schemas.ChangeKind // empty for a living claim
}

// Open opens or creates the state and reads it in. The caller must close the
// Normalizer. Only one process may have a state open for writing.
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
	db, err := openState(ctx, cfg.Path)
	if err != nil {
		return nil, err
	}
	n := &Normalizer{cfg: cfg, log: cfg.Logger, db: db}
	if err := n.load(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("state %s: %w", cfg.Path, err)
	}
	return n, nil
}

// Close releases the state.
func (n *Normalizer) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.db.Close()
}

// load reads the state. The book is a function of the articles, so it is made
// again from them; what has been announced is read as it is.
func (n *Normalizer) load(ctx context.Context) error {
	n.book, n.ledger, n.due = nil, map[string]*entry{}, map[string][]*claim{}
	n.sequence, n.reviewed, n.newest, n.watermark = 0, 0, "", ""
	n.rulings = newRulings()
	err := eachRow(ctx, n.db, `SELECT body FROM review`, func(rows *sql.Rows) error {
		var body []byte
		if err := rows.Scan(&body); err != nil {
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
	err = eachRow(ctx, n.db, `SELECT body FROM input ORDER BY position`, func(rows *sql.Rows) error {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
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
	err = eachRow(ctx, n.db, `SELECT id, revision, final, gone FROM claim`, func(rows *sql.Rows) error {
		var id string
		var e entry
		if err := rows.Scan(&id, &e.revision, &e.final, &e.gone); err != nil {
			return err
		}
		n.ledger[id] = &e
		return nil
	})
	if err != nil {
		return err
	}
	err = eachRow(ctx, n.db, `SELECT key, value FROM meta`, func(rows *sql.Rows) error {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		switch key {
		case "sequence":
			n.sequence, err = strconv.ParseUint(value, 10, 64)
			return err
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
	b := newBook()
	b.fill(ds)
	for _, g := range b.groups {
		n.await(g.claims)
	}
	n.book = b
	return nil
}

func eachRow(ctx context.Context, db *sql.DB, query string, row func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
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

// Apply adds extractions: their claims, the changes they cause and the position in
// the stream become durable together, or not at all. Inputs at or before the
// position reached, and extractions that are known already, change nothing.
//
// An extraction that contradicts itself is an error that matches
// [schemas.ErrMalformed]; nothing of the batch is applied then, so that the caller
// can set it aside and repeat the rest.
func (n *Normalizer) Apply(ctx context.Context, inputs []Input) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return err
	}
	type arrival struct {
		doc  *document
		body []byte
	}
	var docs []arrival
	pack, err := newPacker()
	if err != nil {
		return err
	}
	last := n.sequence
	for i := range inputs {
		in := &inputs[i]
		if in.Sequence != 0 && in.Sequence <= last {
			continue
		}
		last = max(last, in.Sequence)
		d, err := prepare(&in.Extraction, n.rulings)
		if err != nil {
			return err
		}
		body, err := pack.pack(&in.Extraction)
		if err != nil {
			return err
		}
		if d.refused > 0 {
			n.log.Debug("figures without proof refused", "article", d.ref.ID, "figures", d.refused)
		}
		docs = append(docs, arrival{d, body})
	}
	if len(docs) == 0 {
		return nil
	}
	// Earliest first: a series is named by its first report, so this saves renaming
	// it when a feed lists the newest first.
	slices.SortStableFunc(docs, func(a, b arrival) int {
		return cmp.Or(byArticle(a.doc, b.doc), byEdition(a.doc, b.doc))
	})
	return n.commit(ctx, func(tx *writer) error {
		for _, a := range docs {
			if err := n.enter(tx, a.doc, a.body); err != nil {
				return err
			}
		}
		n.sequence = last
		if err := tx.meta("sequence", strconv.FormatUint(last, 10)); err != nil {
			return err
		}
		return n.advance(tx, n.lag())
	})
}

// commit runs f in one transaction. If that fails, memory may be ahead of the
// file, so the state is read again before its next use.
func (n *Normalizer) commit(ctx context.Context, f func(*writer) error) error {
	if err := n.ready(ctx); err != nil {
		return err
	}
	tx, err := newWriter(ctx, n.db)
	if err != nil {
		return fmt.Errorf("state %s: %w", n.cfg.Path, err)
	}
	if err = f(tx); err == nil {
		err = tx.commit()
	} else {
		tx.rollback()
	}
	if err != nil {
		n.book = nil
		return fmt.Errorf("state %s: %w", n.cfg.Path, err)
	}
	return nil
}

// enter adds one document and writes down what it changed.
func (n *Normalizer) enter(tx *writer, d *document, body []byte) error {
	fresh, err := tx.input(d, body)
	if err != nil || !fresh {
		return err
	}
	n.see(d)
	t := n.book.insert(d)
	if len(t.swaps) == 0 {
		return nil
	}
	cause, knownAt := articleCause(t.swaps[0].next)
	return n.publish(tx, t, cause, knownAt)
}

// publish announces what a turn did.
func (n *Normalizer) publish(tx *writer, t turn, cause schemas.Cause, knownAt string) error {
	for _, ev := range t.events() {
		if err := n.announce(tx, ev, cause, knownAt); err != nil {
			return err
		}
	}
	for _, g := range t.begun {
		n.await(g.claims)
	}
	return nil
}

// announce writes one change to the outbox and the ledger.
func (n *Normalizer) announce(tx *writer, ev event, cause schemas.Cause, knownAt string) error {
	id := ev.claim.rec.ID
	e := n.ledger[id]
	if e == nil {
		e = &entry{}
		n.ledger[id] = e
	}
	e.revision++
	e.gone = ""
	if ev.gone {
		e.gone = ev.kind
	}
	e.final = ev.kind == schemas.ChangeFinalized || e.final && stability(ev.claim.rec.LastSeen, n.watermark) == schemas.Final
	c, g := change(ev, cause, knownAt, e.revision, n.watermark)
	if err := tx.change(&c, g, n.watermark); err != nil {
		return err
	}
	return tx.claim(&c, e)
}

// await notes claims that will become final when their day is behind the watermark.
func (n *Normalizer) await(cs []*claim) {
	for _, c := range cs {
		day := date(c.rec.LastSeen)
		if e := n.ledger[c.rec.ID]; e == nil || !e.final || day >= n.watermark {
			n.due[day] = append(n.due[day], c)
		}
	}
}

// lag is the watermark that the newest publication allows.
func (n *Normalizer) lag() string {
	t, err := time.Parse(time.DateOnly, n.newest)
	if err != nil {
		return ""
	}
	return t.Add(-n.cfg.FinalAfter).Format(time.DateOnly)
}

// advance moves the watermark and announces what becomes final.
func (n *Normalizer) advance(tx *writer, watermark string) error {
	if watermark <= n.watermark {
		watermark = n.watermark
	} else if err := tx.meta("watermark", watermark); err != nil {
		return err
	}
	n.watermark = watermark
	clear(tx.series) // they say what is final
	var passed []*claim
	for day, cs := range n.due {
		if day >= watermark {
			continue
		}
		for _, c := range cs {
			if c.group == n.book.groups[c.group.id] && date(c.rec.LastSeen) == day && !n.ledger[c.rec.ID].final {
				passed = append(passed, c)
			}
		}
		delete(n.due, day)
	}
	slices.SortFunc(passed, func(a, b *claim) int { return cmp.Compare(a.rec.ID, b.rec.ID) })
	for i, c := range passed {
		if i > 0 && passed[i-1] == c {
			continue
		}
		if err := n.announce(tx, event{kind: schemas.ChangeFinalized, claim: c}, schemas.Cause{Watermark: watermark}, watermark); err != nil {
			return err
		}
	}
	return nil
}

// Finalize says that no more articles come: the watermark passes everything.
// Articles that come all the same are taken; their claims are final at once only
// if they are older than that.
func (n *Normalizer) Finalize(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.commit(ctx, func(tx *writer) error {
		t, err := time.Parse(time.DateOnly, n.latest())
		if err != nil {
			t = time.Time{}
		}
		return n.advance(tx, t.AddDate(0, 0, 1).Format(time.DateOnly))
	})
}

// latest is the last day that any claim awaits.
func (n *Normalizer) latest() string {
	last := n.newest
	for day := range n.due {
		last = max(last, day)
	}
	return last
}

// Review heeds a person's decision: reject a figure or statement, fix a slot of a
// figure, block a publisher (by domain) or somebody's word (by entity id). It holds
// for every article that prints the text it is anchored to, now and later. Changes
// that it causes go to the outbox in the same transaction. A review at or before
// the position reached in its stream, or known already, changes nothing; sequence
// is 0 outside a stream. One that cannot be carried out is an error that matches
// [schemas.ErrMalformed].
func (n *Normalizer) Review(ctx context.Context, sequence uint64, r schemas.Review) error {
	if err := checkReview(&r); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return err
	}
	if sequence != 0 && sequence <= n.reviewed {
		return nil
	}
	return n.commit(ctx, func(tx *writer) error {
		if sequence != 0 {
			n.reviewed = sequence
			if err := tx.meta("reviewed", strconv.FormatUint(sequence, 10)); err != nil {
				return err
			}
		}
		fresh, err := tx.review(&r)
		if err != nil || !fresh {
			return err
		}
		n.rulings.add(r)
		again := map[string][]*document{}
		for _, id := range n.book.concerned(&r) {
			es, err := tx.extractions(id)
			if err != nil {
				return err
			}
			for _, e := range es {
				d, err := prepare(e, n.rulings)
				if err != nil {
					return err
				}
				again[id] = append(again[id], d)
			}
			slices.SortFunc(again[id], byEdition)
		}
		cause, knownAt := reviewCause(&r)
		if err := n.publish(tx, n.book.rejudge(&r, again), cause, knownAt); err != nil {
			return err
		}
		return n.advance(tx, n.watermark)
	})
}

// concerned returns the articles that a review may bear on, by id.
func (b *book) concerned(r *schemas.Review) []string {
	var out []string
	for id, vs := range b.versions {
		for _, d := range vs {
			if r.Action == schemas.ReviewBlock || d.sum == r.Anchor.TextSHA256 {
				out = append(out, id)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// Outbox returns at most limit changes that have not been marked as sent, in the
// order in which they happened.
func (n *Normalizer) Outbox(ctx context.Context, limit int) ([]schemas.Change, error) {
	var out []schemas.Change
	rows, err := n.db.QueryContext(ctx, `SELECT body, series FROM outbox ORDER BY position LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var body, series []byte
		if err := rows.Scan(&body, &series); err != nil {
			return nil, fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
		}
		var c schemas.Change
		if err := json.Unmarshal(body, &c); err != nil {
			return nil, fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
		}
		if series != nil {
			if err := json.Unmarshal(series, &c.Series); err != nil {
				return nil, fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
			}
		}
		out = append(out, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
	}
	return out, nil
}

// Sent removes changes from the outbox; ids that are not there are ignored.
func (n *Normalizer) Sent(ctx context.Context, ids []string) error {
	tx, err := n.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
	}
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `DELETE FROM outbox WHERE id = ?`, id); err != nil {
			tx.Rollback()
			return fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
	}
	return nil
}

// Stats says how much a Normalizer holds.
type Stats struct {
	Articles int // whose figures count
	Claims   int // that stand
	Series   int
	Refused  int // figures and statements of these articles that had no proof
	Outbox   int // changes not marked as sent
}

// Stats returns what the Normalizer holds now.
func (n *Normalizer) Stats(ctx context.Context) (Stats, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var s Stats
	if err := n.ready(ctx); err != nil {
		return s, err
	}
	s.Articles, s.Series = len(n.book.graph.docs), len(n.book.groups)
	for _, d := range n.book.graph.docs {
		s.Refused += d.refused
	}
	for _, g := range n.book.groups {
		s.Claims += len(g.claims)
	}
	if err := n.db.QueryRowContext(ctx, `SELECT count(*) FROM outbox`).Scan(&s.Outbox); err != nil {
		return s, fmt.Errorf("outbox of %s: %w", n.cfg.Path, err)
	}
	return s, nil
}

// Sequence returns the position in the input stream that the state has reached.
func (n *Normalizer) Sequence() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sequence
}

// Claims returns the claims that stand, by id. The Normalizer must not change
// while the sequence is read.
func (n *Normalizer) Claims(ctx context.Context) iter.Seq2[schemas.Claim, error] {
	return func(yield func(schemas.Claim, error) bool) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if err := n.ready(ctx); err != nil {
			yield(schemas.Claim{}, err)
			return
		}
		var all []*claim
		for _, g := range n.book.groups {
			all = append(all, g.claims...)
		}
		slices.SortFunc(all, func(a, b *claim) int { return cmp.Compare(a.rec.ID, b.rec.ID) })
		for _, c := range all {
			if !yield(c.record(n.watermark), ctx.Err()) {
				return
			}
		}
	}
}

// Series returns the series that stand, by id, as [Normalizer.Claims] does.
func (n *Normalizer) Series(ctx context.Context) iter.Seq2[schemas.Series, error] {
	return func(yield func(schemas.Series, error) bool) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if err := n.ready(ctx); err != nil {
			yield(schemas.Series{}, err)
			return
		}
		all := make([]*group, 0, len(n.book.groups))
		for _, g := range n.book.groups {
			all = append(all, g)
		}
		slices.SortFunc(all, func(a, b *group) int { return cmp.Compare(a.id, b.id) })
		for _, g := range all {
			if !yield(g.record(n.watermark), ctx.Err()) {
				return
			}
		}
	}
}

// ready reads the state again after a failed transaction.
func (n *Normalizer) ready(ctx context.Context) error {
	if n.book != nil {
		return nil
	}
	if err := n.load(ctx); err != nil {
		return fmt.Errorf("state %s: %w", n.cfg.Path, err)
	}
	return nil
}

// Digest returns the [Digest] of the claims that stand.
func (n *Normalizer) Digest(ctx context.Context) (string, error) {
	h := newDigest()
	for c, err := range n.Claims(ctx) {
		if err == nil {
			err = h.add(&c)
		}
		if err != nil {
			return "", err
		}
	}
	return h.sum(), nil
}

// Replaced returns what took the place of a claim that is no more: how it ended
// and the ids of its heirs. It reports false for an id that lives or that was
// never announced.
func (n *Normalizer) Replaced(ctx context.Context, id string) (how schemas.ChangeKind, heirs []string, ok bool, err error) {
	var list string
	err = n.db.QueryRowContext(ctx, `SELECT gone, replaced_by FROM claim WHERE id = ? AND gone <> ''`, id).Scan(&how, &list)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(list), &heirs)
	}
	return how, heirs, err == nil, err
}
