package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// Older layouts whose states are converted.
const (
	rowOutbox = "5" // the outbox had a row for each change and another one for each series
	shelfless = "6" // no article ever left memory
)

// upgrade converts a state, all of it or nothing.
func (s *database) upgrade(ctx context.Context, layout string) error {
	tx, err := s.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	if layout == rowOutbox {
		if err := s.packOutbox(ctx, tx); err != nil {
			return err
		}
	}
	for stmt := range strings.SplitSeq(s.types.Replace(shelfLayout), ";\n") {
		if stmt == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, s.bind(`UPDATE meta SET value = ? WHERE key = 'layout'`), strconv.Itoa(layoutVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// packOutbox puts the outbox of layout 5 into chunks.
func (s *database) packOutbox(ctx context.Context, tx *sql.Tx) error {
	for _, stmt := range []string{
		`ALTER TABLE outbox RENAME TO outbox_5`, // nobody else can write to it from here on
		s.types.Replace(outboxLayout),
	} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	old, err := changesOf5(ctx, tx)
	if err != nil {
		return err
	}
	w := &writer{ctx: ctx, tx: tx, db: s, stmts: map[string]*sql.Stmt{}, crate: &crate{}, box: &outbox{}}
	for _, c := range old {
		w.crate.add(c.position, schemas.ChangeHead{}, nil, c.change.AppendJSON)
		if len(w.crate.raw) >= maxChunk {
			if err := w.closeChunk(); err != nil {
				return err
			}
		}
	}
	if err := w.closeChunk(); err != nil {
		return err
	}
	for _, stmt := range []string{`DROP TABLE outbox_5`, `DROP TABLE outbox_series`} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	return nil
}

type change5 struct {
	position int64
	change   *schemas.Change
}

// changesOf5 reads the outbox of layout 5.
func changesOf5(ctx context.Context, tx *sql.Tx) ([]change5, error) {
	rows, err := tx.QueryContext(ctx, `SELECT o.position, o.body, s.body FROM outbox_5 o LEFT JOIN outbox_series s ON s.position = o.series ORDER BY o.position`)
	if err != nil {
		return nil, err
	}
	var out []change5
	err = eachRow(rows, func(scan func(...any) error) error {
		c := change5{change: &schemas.Change{}}
		var body, series []byte
		if err := scan(&c.position, &body, &series); err != nil {
			return err
		}
		if err := c.change.ReadJSON(body); err != nil {
			return err
		}
		if series != nil {
			if err := json.Unmarshal(series, &c.change.Series); err != nil {
				return err
			}
		}
		out = append(out, c)
		return nil
	})
	return out, err
}
