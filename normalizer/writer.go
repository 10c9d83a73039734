package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// A writer is one transaction on the state.
type writer struct {
	ctx   context.Context
	tx    *sql.Tx
	db    *database
	stmts map[string]*sql.Stmt

	series map[*group]encoded   // of this transaction: several changes of one series are common
	ledger map[string]ledgerRow // by claim id: to be written at the end

	box     *outbox
	crate   *crate // the chunk that is being filled
	chunks  [][]Outgoing
	added   int   // changes in the chunks
	last    int64 // position used last
	settled int64 // see outbox; 0 if this transaction does not settle
	scratch *scratch
}

// begin starts a transaction.
func (n *Normalizer) begin(ctx context.Context) (*writer, error) {
	tx, err := n.db.begin(ctx)
	if err != nil {
		return nil, err
	}
	n.scratch.reset()
	if cap(n.scratch.crate.raw) == 0 {
		n.scratch.crate.raw = n.out.buffer()
	}
	return &writer{
		ctx: ctx, tx: tx, db: n.db, stmts: map[string]*sql.Stmt{}, series: map[*group]encoded{}, ledger: map[string]ledgerRow{},
		box: &n.out, crate: &n.scratch.crate, scratch: &n.scratch, last: n.out.last, // nobody else writes it
	}, nil
}

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	st := w.stmts[query]
	if st == nil {
		var err error
		if st, err = w.tx.PrepareContext(w.ctx, w.db.bind(query)); err != nil {
			return nil, err
		}
		w.stmts[query] = st
	}
	return st.ExecContext(w.ctx, args...)
}

// rows gives the rows of a query to row, which must not use the transaction.
func (w *writer) rows(query string, row func(scan func(...any) error) error, args ...any) error {
	rows, err := w.tx.QueryContext(w.ctx, w.db.bind(query), args...)
	if err != nil {
		return err
	}
	return eachRow(rows, row)
}

func (w *writer) commit() error {
	err := w.closeChunk()
	if err == nil {
		err = w.writeLedger()
	}
	if err != nil {
		w.rollback()
		return err
	}
	return w.tx.Commit()
}

// rollback gives the transaction up. Its error adds nothing to the one that led here.
func (w *writer) rollback() { _ = w.tx.Rollback() }

func (w *writer) meta(key, value string) error {
	_, err := w.exec(`INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

// input stores an extraction and reports whether it is new.
func (w *writer) input(d *document, body []byte) (fresh bool, err error) {
	res, err := w.exec(`INSERT INTO input (article_id, version, reading, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		column(d.ref.ID), column(d.ref.Version), schemas.SHA256(d.edited+d.knownAt+d.reading), body)
	if err != nil {
		return false, err
	}
	rows, err := res.RowsAffected()
	return rows > 0, err
}

// review stores a review and reports whether it is new.
func (w *writer) review(r *schemas.Review) (fresh bool, err error) {
	body, err := json.Marshal(r)
	if err != nil {
		return false, err
	}
	res, err := w.exec(`INSERT INTO review (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING`, column(r.ID), body)
	if err != nil {
		return false, err
	}
	rows, err := res.RowsAffected()
	return rows > 0, err
}

// extractions returns the stored editions of an article.
func (w *writer) extractions(article string) ([]*schemas.Extraction, error) {
	var out []*schemas.Extraction
	err := w.rows(`SELECT body FROM input WHERE article_id = ?`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		e, err := unpack(body)
		out = append(out, e)
		return err
	}, column(article))
	return out, err
}

// change puts a change into the outbox, with the series of g, nil for none.
func (w *writer) change(c *schemas.Change, g *group, watermark string) error {
	var series encoded
	if g != nil {
		series = w.seriesOf(g, c, watermark)
	}
	c.Series = series.record
	w.last++
	w.crate.add(w.last, c.Head(), c, func(b []byte) []byte { return appendChange(b, c, series.json) })
	if len(w.crate.raw) >= maxChunk {
		return w.closeChunk()
	}
	return nil
}

// closeChunk writes the chunk that is being filled.
func (w *writer) closeChunk() error {
	if len(w.crate.frames) == 0 {
		return nil
	}
	if err := w.insertChunk(w.crate); err != nil {
		return err
	}
	w.added += len(w.crate.frames)
	var buf []byte
	if len(w.crate.raw) >= maxChunk { // more will follow
		if buf = w.box.buffer(); buf == nil {
			buf = make([]byte, 0, maxChunk+maxChunk/8)
		}
	}
	w.chunks = append(w.chunks, w.crate.unload(buf))
	return nil
}

// An encoded series is one with its JSON.
type encoded struct {
	record *schemas.Series
	json   []byte
}

// seriesOf encodes the series of g, once in a transaction unless it is so long that
// each change has other points of it.
func (w *writer) seriesOf(g *group, c *schemas.Change, watermark string) encoded {
	if s, ok := w.series[g]; ok {
		return s
	}
	r := g.record(watermark)
	s := encoded{record: &r}
	if len(r.Points) > schemas.MaxChangePoints {
		trimPoints(&r, append([]string{c.Claim.ID}, c.Cause.Claims...))
		w.scratch.buf = r.AppendJSON(w.scratch.buf[:0])
		s.json = w.scratch.buf
		return s
	}
	start := len(w.scratch.bodies)
	w.scratch.bodies = r.AppendJSON(w.scratch.bodies)
	s.json = w.scratch.bodies[start:]
	w.series[g] = s
	return s
}

// A scratch is memory that one transaction leaves to the next.
type scratch struct {
	crate  crate
	packer packer
	buf    []byte
	bodies []byte // of series
}

func (s *scratch) reset() {
	s.crate.reset()
	if s.bodies = s.bodies[:0]; cap(s.bodies) > 16*maxChunk {
		s.bodies = nil
	}
}

// claim notes what the ledger says of a claim; the last word in a transaction is
// what is written. The record of a claim that is gone is kept, so that its id stays
// resolvable; that of a living one follows from the articles.
func (w *writer) claim(c *schemas.Change, e *entry) {
	row := ledgerRow{entry: e}
	if e.gone != "" {
		w.scratch.buf = c.Claim.AppendJSON(w.scratch.buf[:0])
		row.body, row.replaced = slices.Clone(w.scratch.buf), c.Claim.ReplacedBy
	}
	w.ledger[c.Claim.ID] = row
}

type ledgerRow struct {
	entry    *entry
	body     []byte
	replaced []string
}

func (w *writer) writeLedger() error {
	for _, id := range slices.Sorted(maps.Keys(w.ledger)) {
		row := w.ledger[id]
		replaced := "[]"
		if len(row.replaced) > 0 {
			replaced = `["` + strings.Join(row.replaced, `","`) + `"]` // ids are letters and digits
		}
		_, err := w.exec(`INSERT INTO claim (id, revision, final, print, gone, replaced_by, body) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, final = excluded.final, print = excluded.print, gone = excluded.gone, replaced_by = excluded.replaced_by, body = excluded.body`,
			id, row.entry.revision, bit(row.entry.final), row.entry.print, string(row.entry.gone), replaced, row.body)
		if err != nil {
			return err
		}
	}
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
