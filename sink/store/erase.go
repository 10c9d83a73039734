package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

var _ sink.Eraser = (*Store)(nil)

// Erase implements [sink.Eraser]: articles, citations, changes and series go; of
// claims that are no more their ids stay, and where they lead. Then the files are
// written anew. A PostgreSQL server may still hold old pages in its write-ahead log
// until it is recycled, and in backups.
func (s *Store) Erase(ctx context.Context, purge *schemas.Review) (int, error) {
	if s.write == nil {
		return 0, errors.New("store: opened for reading alone")
	}
	n, err := s.erase(ctx, purge)
	if err == nil {
		err = s.scrub(ctx)
	}
	if err != nil {
		return n, fmt.Errorf("store: purge %s: %w", purge.ID, err)
	}
	return n, nil
}

func (s *Store) erase(ctx context.Context, purge *schemas.Review) (int, error) {
	tx, err := s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // no effect after Commit
	s.memory.forget()
	e := &eraser{batch: newBatch(ctx, tx, s), Erasure: sink.NewErasure(purge)}
	for _, step := range []func() error{e.articles, e.changes, e.citations, e.claims, e.endedSeries} {
		if err := step(); err != nil {
			return 0, err
		}
	}
	return e.n, tx.Commit()
}

// An eraser is one purge in its transaction.
type eraser struct {
	*batch
	*sink.Erasure
	claimIDs map[string]bool // of claims that rested on what is gone
	n        int             // rows erased
}

// each gives the rows of a query to row, which must not use the transaction.
func (e *eraser) each(query string, row func(*sql.Rows) error) error {
	rows, err := e.tx.QueryContext(e.ctx, query)
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

// delete deletes the rows of a table that a number names.
func (e *eraser) delete(table, column string, numbers []int64) error {
	for _, n := range numbers {
		if err := e.exec(`DELETE FROM `+table+` WHERE `+column+` = ?`, n); err != nil {
			return err
		}
	}
	e.n += len(numbers)
	return nil
}

func (e *eraser) articles() error {
	var rows []int64
	var ids []string
	err := e.each(`SELECT n, text, record FROM articles`, func(r *sql.Rows) error {
		var n int64
		var text, record string
		if err := r.Scan(&n, &text, &record); err != nil {
			return err
		}
		var a schemas.Article
		if err := json.Unmarshal([]byte(record), &a); err != nil {
			return err
		}
		if a.Text == "" {
			a.Text = text
		}
		if _, erased := e.Article(&a); erased {
			rows, ids = append(rows, n), append(ids, a.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.Found(ids)
	if e.dialect == &sqlite {
		for _, n := range rows {
			if err := e.exec(`DELETE FROM articles_search WHERE rowid = ?`, n); err != nil {
				return err
			}
		}
	}
	return e.delete("articles", "n", rows)
}

// A told is a change as it is stored, and how much of it.
type told struct {
	sequence, citedAt int64
	change            schemas.Change
}

// changes erases those that go. One that stays and has its citations in one that
// goes gets them itself, for itself and for those after it that have them there.
func (e *eraser) changes() error {
	var all []told
	cites := map[int64][]schemas.Citation{}
	err := e.each(`SELECT sequence, cited_at, cause, record FROM changes ORDER BY sequence`, func(r *sql.Rows) error {
		var t told
		var cause, record string
		if err := r.Scan(&t.sequence, &t.citedAt, &cause, &record); err != nil {
			return err
		}
		if err := errors.Join(json.Unmarshal([]byte(cause), &t.change.Cause), json.Unmarshal([]byte(record), &t.change.Claim)); err != nil {
			return err
		}
		if t.citedAt != 0 {
			t.change.Claim.Citations = cites[t.citedAt]
		} else {
			cites[t.sequence] = t.change.Claim.Citations
		}
		e.See(&t.change, uint64(t.sequence))
		all = append(all, t)
		return nil
	})
	if err != nil {
		return err
	}
	var gone []int64
	e.claimIDs = map[string]bool{}
	moved := map[int64]int64{} // by the change that had the citations: the one that has them now; 0 while it is to be found
	for i := range all {
		t := &all[i]
		if e.Erases(&t.change, uint64(t.sequence)) {
			gone = append(gone, t.sequence)
			moved[t.sequence] = 0
			e.claimIDs[key(t.change.Claim.ID)] = true
			continue
		}
		to, lost := moved[t.citedAt]
		switch {
		case !lost:
		case to != 0:
			if err := e.exec(`UPDATE changes SET cited_at = ? WHERE sequence = ?`, to, t.sequence); err != nil {
				return err
			}
		default:
			t.change.Claim.MadeBy = schemas.MadeBy{} // stands in a table of its own
			if err := e.exec(`UPDATE changes SET cited_at = 0, record = ? WHERE sequence = ?`, e.asJSON(&t.change.Claim), t.sequence); err != nil {
				return err
			}
			moved[t.citedAt] = t.sequence
		}
	}
	return e.delete("changes", "sequence", gone)
}

func (e *eraser) citations() error {
	var gone []int64
	err := e.each(`SELECT n, claim_id, record FROM citations`, func(r *sql.Rows) error {
		var n int64
		var claim, record string
		if err := r.Scan(&n, &claim, &record); err != nil {
			return err
		}
		var z schemas.Citation
		if err := json.Unmarshal([]byte(record), &z); err != nil {
			return err
		}
		if _, erased := e.Citation(&z); erased {
			gone = append(gone, n)
			e.claimIDs[claim] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.delete("citations", "n", gone)
}

// claims empties those that are no more, and takes from the others the publishers
// that none of their citations has.
func (e *eraser) claims() error {
	ended := map[string]string{} // by id: what is left
	rows := map[string]int64{}
	err := e.each(`SELECT n, id, state, series_id, record FROM claims`, func(r *sql.Rows) error {
		var n int64
		var id, state, series, record string
		if err := r.Scan(&n, &id, &state, &series, &record); err != nil {
			return err
		}
		var c schemas.Claim
		if err := json.Unmarshal([]byte(record), &c); err != nil {
			return err
		}
		rests := e.claimIDs[id] || e.Series()[series] || e.Claim(&c)
		if rests {
			e.claimIDs[id] = true
		}
		if rests && state != string(sink.Living) {
			c.Withhold()
			c.MadeBy = schemas.MadeBy{} // stands in a table of its own
			ended[id], rows[id] = e.asJSON(&c), n
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id := range e.claimIDs {
		if ended[id] == "" {
			if err := e.exec(`DELETE FROM names WHERE claim_id = ? AND role = '`+publisherRole+`'
				AND name_id <> '' AND name_id NOT IN (SELECT lower(domain) FROM citations WHERE claim_id = ?)`, id, id); err != nil {
				return err
			}
			continue
		}
		if err := e.exec(`UPDATE claims SET text = '', value = NULL, min = NULL, max = NULL, counted = '', per = '', category = '', predicate = '',
			agent = '', victim = '', place = '', time_start = '', time_end = '', speaker = '', content = '', record = ? WHERE id = ?`, ended[id], id); err != nil {
			return err
		}
		if err := e.exec(`DELETE FROM names WHERE claim_id = ?`, id); err != nil {
			return err
		}
		if err := e.exec(`DELETE FROM citations WHERE claim_id = ?`, id); err != nil {
			return err
		}
		var err error
		if e.dialect == &sqlite {
			err = e.exec(`DELETE FROM claims_search WHERE rowid = ?`, rows[id])
		} else {
			err = e.exec(`UPDATE claims SET search = NULL WHERE id = ?`, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *eraser) endedSeries() error {
	for id := range e.Series() {
		if err := e.exec(`DELETE FROM series WHERE id = ? AND living = ?`, key(id), false); err != nil {
			return err
		}
	}
	return nil
}

// scrub writes the files anew: a database leaves what it deletes in pages that it
// may use again.
func (s *Store) scrub(ctx context.Context) error {
	if s.dialect == &postgres {
		for _, table := range []string{"articles", "changes", "citations", "claims", "names", "series"} {
			if _, err := s.write.ExecContext(ctx, `VACUUM (FULL) `+table); err != nil {
				return err
			}
		}
		return nil
	}
	for _, stmt := range []string{`INSERT INTO claims_search (claims_search) VALUES ('optimize')`, `INSERT INTO articles_search (articles_search) VALUES ('optimize')`, `VACUUM`} {
		if _, err := s.conn.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) { // readers hold old pages until they have done
		var busy, log, done int
		if err := s.conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done); err != nil || busy == 0 {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
