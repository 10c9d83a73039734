package normalizer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

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
	on := n.shelf.stock
	s.Articles, s.Claims, s.Series, s.Refused = s.Articles+on.Articles, s.Claims+on.Claims, s.Series+on.Series, s.Refused+on.Refused
	s.Outbox = n.Waiting()
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
	return records(ctx, n,
		func(b *book) (out []*claim) {
			for _, g := range b.groups {
				out = append(out, g.claims...)
			}
			return out
		},
		func(c *claim) string { return c.rec.ID },
		func(c *claim) schemas.Claim { return c.record(n.watermark) },
		func(r *schemas.Claim) []byte { return r.AppendJSON(nil) })
}

// Series returns the series that stand, by id, as [Normalizer.Claims] does.
func (n *Normalizer) Series(ctx context.Context) iter.Seq2[schemas.Series, error] {
	return records(ctx, n,
		func(b *book) []*group { return slices.Collect(maps.Values(b.groups)) },
		func(g *group) string { return g.id },
		func(g *group) schemas.Series { return g.record(n.watermark) },
		func(r *schemas.Series) []byte { return r.AppendJSON(nil) })
}

// records yields what a book has, by id: what is in memory, and in between what is on
// the shelf, which goes through a table, so that memory does not have to hold it.
func records[T, R any](ctx context.Context, n *Normalizer, of func(*book) []T, id func(T) string, record func(T) R, encode func(*R) []byte) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		n.mu.Lock()
		defer n.mu.Unlock()
		var none R
		if err := n.ready(ctx); err != nil {
			yield(none, err)
			return
		}
		here := of(n.book)
		slices.SortFunc(here, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
		err := n.shelved(ctx, func(b *book, put func(id string, body []byte) error) error {
			for _, t := range of(b) {
				r := record(t)
				if err := put(id(t), encode(&r)); err != nil {
					return err
				}
			}
			return nil
		}, func(key string, body []byte) error {
			for len(here) > 0 && id(here[0]) < key {
				if !yield(record(here[0]), ctx.Err()) {
					return errEnough
				}
				here = here[1:]
			}
			var r R
			err := json.Unmarshal(body, &r)
			if err == nil && !yield(r, ctx.Err()) {
				err = errEnough
			}
			return err
		})
		if err != nil {
			if err != errEnough {
				yield(none, fmt.Errorf("state %s: %w", n.where(), err))
			}
			return
		}
		for _, t := range here {
			if !yield(record(t), ctx.Err()) {
				return
			}
		}
	}
}

// shelved makes a book of every bundle on the shelf, one after the other, gives it to
// fill, and what that puts to row, by id.
func (n *Normalizer) shelved(ctx context.Context, fill func(b *book, put func(id string, body []byte) error) error, row func(id string, body []byte) error) error {
	s := n.shelf
	s.reads = n.reads(ctx)
	bundles := s.bundles()
	if s.err != nil || len(bundles) == 0 {
		return s.err
	}
	for _, stmt := range []string{`DROP TABLE IF EXISTS spool`, n.db.types.Replace(`CREATE TEMPORARY TABLE spool (id {id} NOT NULL, body {blob} NOT NULL)`)} {
		if _, err := n.db.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(bundles, 256) {
		if err := n.spool(ctx, part, fill); err != nil {
			return err
		}
	}
	err := n.db.each(ctx, `SELECT id, body FROM spool ORDER BY id`, func(scan func(...any) error) error {
		var id string
		var body []byte
		if err := scan(&id, &body); err != nil {
			return err
		}
		return row(id, body)
	})
	if _, dropped := n.db.ExecContext(ctx, `DROP TABLE spool`); err == nil {
		err = dropped
	}
	return err
}

func (n *Normalizer) spool(ctx context.Context, bundles []int64, fill func(b *book, put func(id string, body []byte) error) error) error {
	tx, err := n.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	w := &writer{ctx: ctx, tx: tx, db: n.db, stmts: map[string]*sql.Stmt{}}
	put := func(id string, body []byte) error {
		_, err := w.exec(`INSERT INTO spool (id, body) VALUES (?, ?)`, id, body)
		return err
	}
	s := n.shelf
	s.reads = w.rows
	for _, id := range bundles {
		b := newBook(n.cfg.Partition)
		k, editions := s.open(id)
		err := s.err
		if err == nil {
			err = b.takeBack(k, editions)
		}
		if err == nil {
			err = fill(b, put)
		}
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// ready reads the state again after something failed.
func (n *Normalizer) ready(ctx context.Context) error {
	if n.book != nil && n.shelf.err == nil {
		return nil
	}
	if err := n.load(ctx); err != nil {
		return fmt.Errorf("state %s: %w", n.where(), err)
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
	err = n.db.QueryRowContext(ctx, n.db.bind(`SELECT gone, replaced_by FROM claim WHERE id = ? AND gone <> ''`), id).Scan(&how, &list)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(list), &heirs)
	}
	return how, heirs, err == nil, err
}
