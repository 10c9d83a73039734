package store

import (
	"context"
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
// written anew, once readers who began before have done: it takes room for them twice,
// and with PostgreSQL each table is closed to readers for as long as it is written
// (VACUUM FULL). A PostgreSQL server may still hold old pages in its write-ahead log
// until it is recycled, and in backups; if the database belongs to another user, also
// in the catalog of samples that its planner keeps, where no query shows them.
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
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // no effect after Commit
	if s.dialect.writers != "" {
		if _, err := tx.ExecContext(ctx, s.dialect.writers); err != nil {
			return 0, err
		}
	}
	s.memory.forget()
	e := &eraser{batch: newBatch(newPooled(ctx, tx, s.dialect), s), Erasure: sink.NewErasure(purge)}
	for _, step := range []func() error{e.articles, e.changes, e.citations, e.pastCitations, e.claims, e.endedSeries, e.toldSeries, e.leftovers} {
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
	claimIDs map[string]bool           // of claims that rested on what is gone
	bases    map[int64]string          // whole records of changes
	gone     map[int64]bool            // changes that go
	listed   map[string]map[int64]bool // citations that changes which stay carried, by claim and number
	untold   map[string]bool           // series of claimIDs, and those that the purge names
	n        int                       // rows erased
}

// each gives the rows of a query to row, which must not use the transaction.
func (e *eraser) each(query string, row func(scan func(dest ...any) error) error) error {
	return e.tx.each(query, nil, row)
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
	err := e.each(`SELECT n, text, record FROM articles`, func(scan func(...any) error) error {
		var n int64
		var text, record string
		if err := scan(&n, &text, &record); err != nil {
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

// A told is a change as it is stored.
type told struct {
	sequence, citedAt, basedOn int64
	list                       []int64 // numbers of the citations that it carried
	record                     string  // whole
	change                     schemas.Change
}

// changes erases those that go. One that stays and has its record or its citations in
// one that goes gets them itself.
func (e *eraser) changes() error {
	all, err := e.told()
	if err != nil {
		return err
	}
	var gone []int64
	e.claimIDs, e.gone, e.untold = map[string]bool{}, map[int64]bool{}, map[string]bool{}
	for i := range all {
		t := &all[i]
		if e.Erases(&t.change, uint64(t.sequence)) {
			gone = append(gone, t.sequence)
			e.gone[t.sequence] = true
			e.claimIDs[key(t.change.Claim.ID)] = true
		}
	}
	e.listed = map[string]map[int64]bool{}
	for i := range all {
		t := &all[i]
		if e.gone[t.sequence] {
			continue
		}
		if err := e.keep(t); err != nil {
			return err
		}
	}
	return e.delete("history", "sequence", gone)
}

// told reads all changes, and has e take notice of them.
func (e *eraser) told() ([]told, error) {
	cites, err := e.numbered()
	if err != nil {
		return nil, err
	}
	var all []told
	e.bases = map[int64]string{}
	carried := map[int64][]schemas.Citation{} // of changes stored by earlier versions
	err = e.each(`SELECT sequence, cited_at, based_on, claim_id, cites, cause, record FROM changes ORDER BY sequence`, func(scan func(...any) error) error {
		var t told
		var claim, list, cause string
		if err := scan(&t.sequence, &t.citedAt, &t.basedOn, &claim, &list, &cause, &t.record); err != nil {
			return err
		}
		if t.basedOn == 0 {
			e.bases[t.sequence] = t.record
		} else {
			t.record = string(patched([]byte(e.bases[t.basedOn]), []byte(t.record)))
		}
		var err error
		t.list, err = numbers(list)
		if err := errors.Join(err, json.Unmarshal([]byte(cause), &t.change.Cause), json.Unmarshal([]byte(t.record), &t.change.Claim)); err != nil {
			return err
		}
		c := &t.change.Claim
		switch {
		case t.list != nil:
			for _, n := range t.list {
				if ct := cites[claim][n]; ct != nil {
					c.Citations = append(c.Citations, *ct)
				}
			}
		case t.citedAt != 0:
			c.Citations = carried[t.citedAt]
		case len(c.Citations) > 0:
			carried[t.sequence] = c.Citations
		}
		e.See(&t.change, uint64(t.sequence))
		all = append(all, t)
		return nil
	})
	return all, err
}

// numbered reads the citations that claims have and had, by claim and number.
func (e *eraser) numbered() (map[string]map[int64]*schemas.Citation, error) {
	out := map[string]map[int64]*schemas.Citation{}
	err := e.each(`SELECT c.id, p.n % `+perClaim+`, p.record FROM proofs p JOIN claims c ON c.n = p.n / `+perClaim+`
		UNION ALL SELECT c.id, p.n % `+perClaim+`, p.record FROM past_proofs p JOIN claims c ON c.n = p.n / `+perClaim, func(scan func(...any) error) error {
		var claim string
		var n int64
		var record []byte
		if err := scan(&claim, &n, &record); err != nil {
			return err
		}
		if out[claim] == nil {
			out[claim] = map[int64]*schemas.Citation{}
		}
		ct := &schemas.Citation{}
		out[claim][n] = ct
		return ct.ReadJSON(record)
	})
	return out, err
}

// keep sees to it that a change which stays can be read without those that go.
func (e *eraser) keep(t *told) error {
	claim := key(t.change.Claim.ID)
	if e.listed[claim] == nil {
		e.listed[claim] = map[int64]bool{}
	}
	for _, n := range t.list {
		e.listed[claim][n] = true
	}
	if !e.gone[t.basedOn] && !e.gone[t.citedAt] {
		return nil
	}
	record := t.record
	if e.gone[t.citedAt] {
		t.change.Claim.MadeBy = schemas.MadeBy{} // stands in a table of its own
		t.citedAt, record = 0, e.asJSON(&t.change.Claim)
	}
	return e.exec(`UPDATE history SET cited_at = ?, based_on = 0, record = ? WHERE sequence = ?`, t.citedAt, record, t.sequence)
}

func (e *eraser) citations() error {
	var gone []int64
	err := e.each(`SELECT p.n, c.id, p.record FROM proofs p JOIN claims c ON c.n = p.n / `+perClaim, func(scan func(...any) error) error {
		var n int64
		var claim, record string
		if err := scan(&n, &claim, &record); err != nil {
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
	return e.delete("proofs", "n", gone)
}

// pastCitations erases those that no change carried which stays.
func (e *eraser) pastCitations() error {
	var gone []int64
	err := e.each(`SELECT p.n, p.n % `+perClaim+`, c.id, p.record FROM past_proofs p JOIN claims c ON c.n = p.n / `+perClaim, func(scan func(...any) error) error {
		var n, told int64
		var claim string
		var record []byte
		if err := scan(&n, &told, &claim, &record); err != nil {
			return err
		}
		var ct schemas.Citation
		if err := ct.ReadJSON(record); err != nil {
			return err
		}
		_, erased := e.Citation(&ct)
		if erased {
			e.claimIDs[claim] = true
		}
		if erased || e.claimIDs[claim] && !e.listed[claim][told] {
			gone = append(gone, n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.delete("past_proofs", "n", gone)
}

// claims empties those that are no more, and takes from the others the publishers
// that none of their citations has.
func (e *eraser) claims() error {
	ended := map[string]string{} // by id: what is left
	whole := map[string]string{} // by id: records whose base is gone
	rows := map[string]int64{}
	err := e.each(`SELECT n, id, state, series_id, based_on, record FROM claims`, func(scan func(...any) error) error {
		var n, basedOn int64
		var id, state, series, record string
		if err := scan(&n, &id, &state, &series, &basedOn, &record); err != nil {
			return err
		}
		if basedOn != 0 {
			record = string(patched([]byte(e.bases[basedOn]), []byte(record)))
		}
		if e.gone[basedOn] {
			whole[id] = record
		}
		rows[id] = n
		var c schemas.Claim
		if err := json.Unmarshal([]byte(record), &c); err != nil {
			return err
		}
		rests := e.claimIDs[id] || e.Series()[series] || e.Claim(&c)
		if rests {
			e.claimIDs[id], e.untold[series] = true, true
		}
		if rests && state != string(sink.Living) {
			c.Withhold()
			c.MadeBy = schemas.MadeBy{} // stands in a table of its own
			ended[id] = e.asJSON(&c)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id, record := range whole {
		if err := e.exec(`UPDATE claims SET based_on = 0, record = ? WHERE id = ?`, record, id); err != nil {
			return err
		}
	}
	for id := range e.claimIDs {
		if ended[id] == "" {
			if err := e.exec(`DELETE FROM parts WHERE claim = ? AND name IN (SELECT l.n FROM parts p JOIN name_list l ON l.n = p.name WHERE p.claim = ? AND l.role = '`+publisherRole+`'
				AND l.name_id <> '' AND l.name_id NOT IN (SELECT lower(domain) FROM citations WHERE claim_id = ?))`, rows[id], rows[id], id); err != nil {
				return err
			}
			continue
		}
		if err := e.exec(`UPDATE claims SET text = '', value = NULL, min = NULL, max = NULL, counted = '', per = '', category = '', predicate = '',
			agent = '', victim = '', place = '', time_start = '', time_end = '', speaker = '', content = '', based_on = 0, record = ? WHERE id = ?`, ended[id], id); err != nil {
			return err
		}
		if err := e.exec(`DELETE FROM parts WHERE claim = ?`, rows[id]); err != nil {
			return err
		}
		for _, table := range []string{"proofs", "past_proofs"} {
			if err := e.exec(`DELETE FROM `+table+` WHERE n BETWEEN ? AND ?`, proofNumber(rows[id], 0), proofNumber(rows[id]+1, -1)); err != nil {
				return err
			}
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

// toldSeries makes the changes of every series say nothing of it that one of those did
// which went: the next change says all of it again.
func (e *eraser) toldSeries() error {
	for id := range e.untold {
		if err := errors.Join(e.exec(`UPDATE history SET series = '' WHERE series_id = ?`, id), e.exec(`UPDATE series SET known_from = '' WHERE id = ?`, id)); err != nil {
			return err
		}
	}
	return nil
}

// leftovers erases what nothing refers to any more.
func (e *eraser) leftovers() error {
	for _, stmt := range []string{
		`DELETE FROM name_list WHERE n NOT IN (SELECT name FROM parts)`,
		`DELETE FROM seen WHERE NOT EXISTS (SELECT 1 FROM claims c JOIN history h ON h.claim = c.n WHERE c.id = seen.claim_id AND h.last_seen = seen.last_seen)`,
	} {
		if err := e.exec(stmt); err != nil {
			return err
		}
	}
	return nil
}

// scrub writes the files anew: a database leaves what it deletes in pages that it
// may use again, and keeps samples of its columns to plan queries with.
func (s *Store) scrub(ctx context.Context) error {
	if s.dialect == &postgres {
		return s.scrubPostgres(ctx)
	}
	for _, stmt := range []string{`INSERT INTO claims_search (claims_search) VALUES ('optimize')`, `INSERT INTO articles_search (articles_search) VALUES ('optimize')`, `ANALYZE`, `VACUUM`} {
		if _, err := s.write.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	return retry(ctx, func() (bool, error) { // readers hold old pages until they have done
		var busy, log, done int
		err := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done)
		return busy == 0, err
	})
}

// scrubPostgres first waits for transactions that began before: what they may still
// look at is copied to the new files.
func (s *Store) scrubPostgres(ctx context.Context) error {
	var now int64 // of 64 bits, which do not start again
	if err := s.write.QueryRowContext(ctx, `SELECT pg_snapshot_xmax(pg_current_snapshot())::TEXT::BIGINT`).Scan(&now); err != nil {
		return err
	}
	if err := retry(ctx, func() (done bool, err error) {
		err = s.write.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
			AND pid <> pg_backend_pid() AND age(backend_xmin) > age(($1::BIGINT % 4294967296)::TEXT::XID))`, now).Scan(&done)
		return done, err
	}); err != nil {
		return err
	}
	for _, table := range []string{"articles", "history", "proofs", "past_proofs", "claims", "name_list", "parts", "seen", "series"} {
		if _, err := s.write.ExecContext(ctx, `VACUUM (FULL, ANALYZE) `+table); err != nil {
			return err
		}
	}
	_, err := s.write.ExecContext(ctx, `VACUUM (FULL) pg_statistic`) // has the samples; who does not own the database gets a warning
	return err
}

// retry tries until done, with ever longer pauses.
func retry(ctx context.Context, try func() (done bool, err error)) error {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		if done, err := try(); err != nil || done {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
