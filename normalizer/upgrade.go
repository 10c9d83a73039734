package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"

	"github.com/claimwire/claimwire/schemas"
)

// upgradeFrom is the one older layout whose states are converted: its outbox had a row
// for each change and another one for each series.
const upgradeFrom = 5

// upgrade converts a state, all of it or nothing.
func (s *database) upgrade(ctx context.Context) error {
	tx, err := s.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
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
		w.crate.add(c.position, schemas.ChangeHead{}, c.change.AppendJSON)
		if len(w.crate.raw) >= maxChunk {
			if err := w.closeChunk(); err != nil {
				return err
			}
		}
	}
	if err := w.closeChunk(); err != nil {
		return err
	}
	for _, stmt := range []string{`DROP TABLE outbox_5`, `DROP TABLE outbox_series`, `UPDATE meta SET value = '` + strconv.Itoa(layoutVersion) + `' WHERE key = 'layout'`} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	return tx.Commit()
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
