package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// fewSeries is up to how many series are looked for by what selects their claims, instead of
// met in the order of the list.
const fewSeries = 300

// seriesThen fills a page of series as they were known at q.KnownAt: those that had a
// claim which q selects, in the order that they had.
func (s *Store) seriesThen(ctx context.Context, tx *sql.Tx, sel *selection, q *sink.Query, page *sink.SeriesPage) error {
	at, _ := sink.Instant(q.KnownAt)
	before := sink.After(at)
	keys, seen, err := s.orderThen(ctx, tx, sel, q, before)
	if err != nil {
		return err
	}
	if len(keys) > sel.limit {
		keys = keys[:sel.limit]
		page.Next = sel.cursor(seen[sel.limit-1], keys[sel.limit-1].(string))
	}
	told, err := s.chronicles(ctx, tx, keys, before)
	if err != nil {
		return err
	}
	for _, k := range keys {
		var item *schemas.Series
		if h := told[k.(string)]; h != nil && h.begun {
			item, err = h.series()
		} else {
			item, err = s.untold(ctx, tx, k.(string), q.KnownAt, before)
		}
		if err != nil {
			return err
		}
		page.Items = append(page.Items, *item)
	}
	return nil
}

// orderThen returns the keys of the series of a page and of the one after it, and when
// each was last seen.
func (s *Store) orderThen(ctx context.Context, tx *sql.Tx, sel *selection, q *sink.Query, before string) (keys []any, seen []string, err error) {
	conditions, args := sel.conditions()
	// That a claim of the series is selected is looked up for each, and so in this order.
	which, whichArgs := `EXISTS (SELECT 1 FROM history h CROSS JOIN claims c CROSS JOIN seen s WHERE c.n = h.claim AND s.last_seen = h.last_seen AND s.claim_id = c.id AND h.series_id = k.series_id AND `+conditions+`)`, args
	if isNarrow(q) {
		var few []any
		err := s.rows(ctx, tx, `SELECT DISTINCT h.series_id FROM `+sel.from+` WHERE `+conditions+` LIMIT ?`, append(slices.Clone(args), fewSeries+1), func(r *sql.Rows) error {
			var id string
			err := r.Scan(&id)
			few = append(few, id)
			return err
		})
		if err != nil || len(few) == 0 {
			return nil, nil, err
		}
		if len(few) <= fewSeries {
			which, whichArgs = `k.series_id IN (`+marks(len(few))+`)`, few
		}
	}
	// A series has one measure, which is quicker to look up than its claims.
	about, args := "", []any{before}
	if len(q.Measures) > 0 {
		about = ` AND s.measure IN (` + marks(len(q.Measures)) + `)`
		for _, m := range q.Measures {
			args = append(args, clean(m))
		}
	}
	args = append(append(args, before), whichArgs...)
	since := ""
	if at, ok := sink.Instant(q.Since); ok { // no series was seen before the claims that are asked for
		since, args = " AND k.series_seen >= ?", append(args, at)
	}
	after, more := sel.after("k.series_seen", "k.series_id")
	args = append(append(args, more...), sel.limit+1)
	err = s.rows(ctx, tx, `SELECT k.series_id, k.series_seen FROM history k WHERE k.series_seen <> '' AND k.known_at < ?
		AND EXISTS (SELECT 1 FROM series s WHERE s.id = k.series_id`+about+`)
		AND NOT EXISTS (SELECT 1 FROM history x WHERE x.series_id = k.series_id AND x.sequence > k.sequence AND x.known_at < ? AND x.series_seen <> '')
		AND `+which+since+after+` ORDER BY k.series_seen DESC, k.series_id DESC LIMIT ?`, args, func(r *sql.Rows) error {
		var id, last string
		err := r.Scan(&id, &last)
		keys, seen = append(keys, id), append(seen, last)
		return err
	})
	return keys, seen, err
}

// isNarrow reports whether a query has a filter that an index finds claims by.
func isNarrow(q *sink.Query) bool {
	return q.Series != "" || q.Text != "" || len(q.Measures)+len(q.Places)+len(q.Entities)+len(q.Publishers)+len(q.Articles) > 0
}

// Retracted implements [sink.Reader].
func (s *Store) Retracted(ctx context.Context, series []string, knownAt string) (map[string]bool, error) {
	out := map[string]bool{}
	const atOnce = 200
	for part := range slices.Chunk(series, atOnce) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = key(id)
		}
		query := `SELECT claim_id, change FROM changes WHERE series_id IN (` + marks(len(args)) + `) AND change IN ('asserted', 'retracted')`
		if at, ok := sink.Instant(knownAt); ok {
			query, args = query+` AND known_at < ?`, append(args, sink.After(at))
		}
		err := s.rows(ctx, s.read, query+` ORDER BY sequence`, args, func(r *sql.Rows) error {
			var claim string
			var change schemas.ChangeKind
			err := r.Scan(&claim, &change)
			if delete(out, claim); change == schemas.ChangeRetracted {
				out[claim] = true
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	return out, nil
}

// untold makes a series whose changes do not say what they made of it, since an earlier
// version stored them: of what it is now, and of its claims as they were known then.
func (s *Store) untold(ctx context.Context, tx *sql.Tx, id, knownAt, before string) (*schemas.Series, error) {
	then := &schemas.Series{}
	var record []byte
	if err := tx.QueryRowContext(ctx, s.dialect.bind(`SELECT record FROM series WHERE id = ?`), id).Scan(&record); err != nil {
		return nil, err
	}
	if err := then.ReadJSON(record); err != nil {
		return nil, err
	}
	q := sink.Query{Series: then.ID, KnownAt: knownAt, States: []sink.State{sink.Living}, Limit: schemas.MaxChangePoints}
	sel, err := s.selection(ctx, &q)
	if err != nil {
		return nil, err
	}
	claims := &sink.ClaimPage{}
	if err := s.claims(ctx, tx, sel, &q, claims); err != nil {
		return nil, err
	}
	superseded, conflicts, err := s.standing(ctx, tx, id, before)
	if err != nil {
		return nil, err
	}
	then.Points, then.Conflicts, then.Stability, then.FirstSeen, then.LastSeen = []schemas.SeriesPoint{}, conflicts, schemas.Final, "", ""
	for i := range claims.Items {
		c := &claims.Items[i].Record
		then.Points = append(then.Points, point(c, superseded[c.ID]))
		if c.Stability == schemas.Provisional {
			then.Stability = schemas.Provisional
		}
		if then.FirstSeen == "" || c.FirstSeen < then.FirstSeen {
			then.FirstSeen = c.FirstSeen
		}
		then.LastSeen = max(then.LastSeen, c.LastSeen)
	}
	sortPoints(then.Points)
	then.PointCount, then.Envelope = len(then.Points), sink.EnvelopeOf(then.Points)
	then.Preferred = sink.Latest.Prefer(then.Points, nil)
	return then, nil
}

// standing returns which claims of a series the changes up to a time call superseded, and
// which they set against each other.
func (s *Store) standing(ctx context.Context, tx *sql.Tx, id, before string) (superseded map[string]bool, conflicts []schemas.Conflict, err error) {
	superseded, conflicts = map[string]bool{}, []schemas.Conflict{}
	err = s.rows(ctx, tx, `SELECT c.id, h.change, h.cause FROM history h JOIN claims c ON c.n = h.claim WHERE h.series_id = ? AND h.known_at < ? ORDER BY h.sequence`, []any{id, before}, func(r *sql.Rows) error {
		var claim string
		var kind schemas.ChangeKind
		var cause []byte
		if err := r.Scan(&claim, &kind, &cause); err != nil {
			return err
		}
		switch kind {
		case schemas.ChangeSuperseded:
			superseded[claim] = true
		case schemas.ChangeAsserted, schemas.ChangeRevised:
			delete(superseded, claim)
		case schemas.ChangeConflicted:
			var why schemas.Cause
			if err := json.Unmarshal(cause, &why); err != nil {
				return err
			}
			for _, rival := range why.Claims {
				conflicts = append(conflicts, schemas.Conflict{Claims: [2]string{min(claim, rival), max(claim, rival)}})
			}
		}
		return nil
	})
	sortConflicts(conflicts)
	return superseded, slices.Compact(conflicts), err
}
