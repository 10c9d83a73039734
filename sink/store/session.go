package store

import (
	"context"
	"database/sql"
)

// A session is the transaction of a batch.
type session interface {
	// exec runs a statement.
	exec(query string, args []any) error

	// put runs a statement that is run often.
	put(query string, values []value) error

	// each gives the rows of a query to row, which must not use the session.
	each(query string, args []any, row func(scan func(dest ...any) error) error) error

	commit() error

	// rollback has no effect after commit.
	rollback()
}

// A pooled is a session of a pool of connections. Its statements are not cut off with
// the context that it was begun with.
type pooled struct {
	ctx     context.Context
	tx      *sql.Tx
	dialect *dialect
	stmts   map[string]*sql.Stmt
}

func newPooled(ctx context.Context, tx *sql.Tx, d *dialect) *pooled {
	return &pooled{context.WithoutCancel(ctx), tx, d, map[string]*sql.Stmt{}}
}

func (p *pooled) prepared(query string) (*sql.Stmt, error) {
	if st := p.stmts[query]; st != nil {
		return st, nil
	}
	st, err := p.tx.PrepareContext(p.ctx, p.dialect.bind(query)) // closed with the transaction
	if err == nil {
		p.stmts[query] = st
	}
	return st, err
}

// exec implements [session].
func (p *pooled) exec(query string, args []any) error {
	st, err := p.prepared(query)
	if err == nil {
		_, err = st.ExecContext(p.ctx, args...)
	}
	return err
}

// put implements [session].
func (p *pooled) put(query string, values []value) error {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v.boxed()
	}
	return p.exec(query, args)
}

// each implements [session].
func (p *pooled) each(query string, args []any, row func(scan func(dest ...any) error) error) error {
	st, err := p.prepared(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(p.ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// commit implements [session].
func (p *pooled) commit() error { return p.tx.Commit() }

// rollback implements [session].
func (p *pooled) rollback() { _ = p.tx.Rollback() }
