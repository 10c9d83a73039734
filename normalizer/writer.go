package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/claimwire/claimwire/schemas"
)

// A writer is one transaction on the state.
type writer struct {
	ctx   context.Context
	tx    *sql.Tx
	stmts map[string]*sql.Stmt

	series map[*group][]byte // records written in this transaction: several changes of one series are common
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &writer{ctx: ctx, tx: tx, stmts: map[string]*sql.Stmt{}, series: map[*group][]byte{}}, nil
}

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	st := w.stmts[query]
	if st == nil {
		var err error
		if st, err = w.tx.PrepareContext(w.ctx, query); err != nil {
			return nil, err
		}
		w.stmts[query] = st
	}
	return st.ExecContext(w.ctx, args...)
}

func (w *writer) commit() error { return w.tx.Commit() }

// rollback gives the transaction up. Its error adds nothing to the one that led here.
func (w *writer) rollback() { _ = w.tx.Rollback() }

func (w *writer) meta(key, value string) error {
	_, err := w.exec(`INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

// input stores an extraction and reports whether it is new.
func (w *writer) input(d *document, body []byte) (fresh bool, err error) {
	res, err := w.exec(`INSERT INTO input (article_id, version, reading, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		d.ref.ID, d.ref.Version, schemas.SHA256(d.edited+d.knownAt+d.reading), body)
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
	res, err := w.exec(`INSERT INTO review (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING`, r.ID, body)
	if err != nil {
		return false, err
	}
	rows, err := res.RowsAffected()
	return rows > 0, err
}

// extractions returns the stored editions of an article.
func (w *writer) extractions(article string) ([]*schemas.Extraction, error) {
	rows, err := w.tx.QueryContext(w.ctx, `SELECT body FROM input WHERE article_id = ?`, article)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*schemas.Extraction
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		e, err := unpack(body)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// The records are complete, so they need not pass through the methods that fill
// empty lists: those encode everything once more at every level.
type (
	plainClaim  schemas.Claim
	plainSeries schemas.Series
	outgoing    struct {
		*schemas.Change
		Claim plainClaim `json:"claim"`
	}
)

// change puts a change into the outbox, the series of g beside it.
func (w *writer) change(c *schemas.Change, g *group, watermark string) error {
	body, err := json.Marshal(outgoing{c, plainClaim(c.Claim)})
	if err != nil {
		return err
	}
	var series []byte
	if g != nil {
		if series = w.series[g]; series == nil {
			s := g.record(watermark)
			whole := len(s.Points) <= schemas.MaxChangePoints
			trimPoints(&s, append([]string{c.Claim.ID}, c.Cause.Claims...))
			if series, err = json.Marshal((*plainSeries)(&s)); err != nil {
				return err
			}
			if whole {
				w.series[g] = series
			}
		}
	}
	_, err = w.exec(`INSERT INTO outbox (id, body, series) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, c.ID, body, series)
	return err
}

// claim writes the ledger. The record of a claim that is gone is kept, so that its
// id stays resolvable; that of a living one follows from the articles.
func (w *writer) claim(c *schemas.Change, e *entry) error {
	var body []byte
	replaced := []byte("[]")
	if e.gone != "" {
		var err error
		if body, err = json.Marshal(&c.Claim); err != nil {
			return err
		}
		if replaced, err = json.Marshal(c.Claim.ReplacedBy); err != nil {
			return err
		}
	}
	_, err := w.exec(`INSERT INTO claim (id, revision, final, gone, replaced_by, body) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, final = excluded.final, gone = excluded.gone, replaced_by = excluded.replaced_by, body = excluded.body`,
		c.Claim.ID, e.revision, e.final, string(e.gone), string(replaced), body)
	return err
}
