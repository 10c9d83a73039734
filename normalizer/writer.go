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

	series map[*group]seriesRow // written in this transaction: several changes of one series are common
	ledger map[string]ledgerRow // by claim id: to be written at the end
	sent   []*schemas.Change    // in the order of the outbox
	last   positions
	buf    []byte
}

// positions are the last ones used in the tables of the outbox.
type positions struct{ change, series int64 }

func newWriter(ctx context.Context, db *database, last positions) (*writer, error) {
	tx, err := db.begin(ctx)
	if err != nil {
		return nil, err
	}
	return &writer{ctx: ctx, tx: tx, db: db, stmts: map[string]*sql.Stmt{}, series: map[*group]seriesRow{}, ledger: map[string]ledgerRow{}, last: last}, nil
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
	if err := w.writeLedger(); err != nil {
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

// change puts a change into the outbox, the series of g beside it.
func (w *writer) change(c *schemas.Change, g *group, watermark string) error {
	var series sql.NullInt64
	if g != nil {
		at, err := w.seriesOf(g, c, watermark)
		if err != nil {
			return err
		}
		series = sql.NullInt64{Int64: at.position, Valid: true}
		c.Series = nil
		defer func() { c.Series = at.series }()
	}
	w.buf = c.AppendJSON(w.buf[:0])
	w.last.change++
	if _, err := w.exec(`INSERT INTO outbox (position, series, body) VALUES (?, ?, ?)`, w.last.change, series, w.buf); err != nil {
		return err
	}
	return nil
}

// A seriesRow is where the series of a group stands in the outbox.
type seriesRow struct {
	position int64
	series   *schemas.Series
}

// seriesOf writes the series of g unless it stands there already. A long one holds
// other points for each change.
func (w *writer) seriesOf(g *group, c *schemas.Change, watermark string) (seriesRow, error) {
	if at, ok := w.series[g]; ok {
		return at, nil
	}
	s := g.record(watermark)
	whole := len(s.Points) <= schemas.MaxChangePoints
	trimPoints(&s, append([]string{c.Claim.ID}, c.Cause.Claims...))
	w.buf = s.AppendJSON(w.buf[:0])
	w.last.series++
	at := seriesRow{w.last.series, &s}
	if _, err := w.exec(`INSERT INTO outbox_series (position, body) VALUES (?, ?)`, at.position, w.buf); err != nil {
		return at, err
	}
	if whole {
		w.series[g] = at
	}
	return at, nil
}

// claim notes what the ledger says of a claim; the last word in a transaction is
// what is written. The record of a claim that is gone is kept, so that its id stays
// resolvable; that of a living one follows from the articles.
func (w *writer) claim(c *schemas.Change, e *entry) {
	row := ledgerRow{entry: e}
	if e.gone != "" {
		row.body, row.replaced = c.Claim.AppendJSON(nil), c.Claim.ReplacedBy
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
