package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Sources implements [sink.Reader].
func (s *Store) Sources(ctx context.Context) ([]sink.Source, error) {
	out := []sink.Source{}
	err := s.rows(ctx, s.read, `SELECT a.domain, a.articles, b.publisher, a.latest,
			(SELECT COUNT(DISTINCT c.n) FROM name_list l JOIN parts p ON p.name = l.n JOIN claims c ON c.n = p.claim AND c.state = 'living' WHERE l.name_id = a.domain AND l.role = 'publisher')
		FROM (SELECT domain, COUNT(DISTINCT id) AS articles, MAX(sequence) AS newest, MAX(published_at) AS latest FROM articles GROUP BY domain) a
		JOIN articles b ON b.domain = a.domain AND b.sequence = a.newest
		ORDER BY a.articles DESC, a.domain`, nil, func(r *sql.Rows) error {
		var src sink.Source
		err := r.Scan(&src.Domain, &src.Articles, &src.Name, &src.LastSeen, &src.Claims)
		out = append(out, src)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return out, nil
}

// Entity implements [sink.Reader].
func (s *Store) Entity(ctx context.Context, id string) (*sink.EntityDetail, error) {
	out := &sink.EntityDetail{Entity: sink.Entity{ID: id, Roles: []string{}}}
	aliases, parts := map[string]int{}, map[string]int{}
	err := s.snapshot(ctx, func(tx *sql.Tx, _ uint64) error {
		err := s.rows(ctx, tx, `SELECT l.role, l.name, COUNT(*) FROM name_list l JOIN parts p ON p.name = l.n
			WHERE l.name_id = ? AND l.role NOT IN ('publisher', 'within') GROUP BY l.role, l.name`, []any{key(id)}, func(r *sql.Rows) error {
			var role, name string
			var n int
			err := r.Scan(&role, &name, &n)
			aliases[name] += n
			parts[role] += n
			return err
		})
		if err != nil {
			return err
		}
		if len(parts) == 0 {
			return fmt.Errorf("entity %s: %w", id, sink.ErrNotFound)
		}
		return tx.QueryRowContext(ctx, s.dialect.bind(`SELECT COUNT(DISTINCT p.claim) FROM name_list l JOIN parts p ON p.name = l.n
			WHERE l.name_id = ? AND l.role NOT IN ('publisher', 'within')`), key(id)).Scan(&out.Claims)
	})
	if err != nil {
		return nil, err
	}
	out.Parts = counts(parts)
	for _, c := range counts(aliases) {
		out.Aliases = append(out.Aliases, c.Value)
		if len(c.Value) > len(out.Name) || len(c.Value) == len(out.Name) && c.Value < out.Name {
			out.Name = c.Value
		}
	}
	for _, p := range out.Parts {
		out.Roles = append(out.Roles, p.Value)
	}
	slices.Sort(out.Roles)
	return out, nil
}

// Reviews implements [sink.Reader].
func (s *Store) Reviews(ctx context.Context, ids []string) ([]schemas.Review, error) {
	out := []schemas.Review{}
	for part := range slices.Chunk(ids, 200) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = key(id)
		}
		found, err := s.reviews(ctx, `id IN (`+marks(len(args))+`)`, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// ReviewsOf implements [sink.Reader]. People decide far less often than claims
// change: looking through all their decisions is fast enough.
func (s *Store) ReviewsOf(ctx context.Context, claim string) ([]schemas.Review, error) {
	name := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(key(claim))
	found, err := s.reviews(ctx, `action IN ('merge', 'split') AND record LIKE ? ESCAPE '\'`, `%"`+name+`"%`)
	return slices.DeleteFunc(found, func(r schemas.Review) bool { return !slices.Contains(r.Claims, claim) }), err
}

func (s *Store) reviews(ctx context.Context, where string, args ...any) ([]schemas.Review, error) {
	out := []schemas.Review{}
	err := s.rows(ctx, s.read, `SELECT record FROM reviews WHERE `+where+` ORDER BY sequence`, args, func(r *sql.Rows) error {
		var record []byte
		if err := r.Scan(&record); err != nil {
			return err
		}
		var rev schemas.Review
		err := json.Unmarshal(record, &rev)
		out = append(out, rev)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return out, nil
}

// Entities implements [sink.Reader].
func (s *Store) Entities(ctx context.Context, prefix string, limit int) ([]sink.Entity, error) {
	from := cut(clean(sink.Fold(prefix)), maxKey)
	found := map[string]*sink.Entity{}
	err := s.rows(ctx, s.read, `SELECT l.name_id, l.role, l.name, COUNT(*) FROM name_list l JOIN parts p ON p.name = l.n
		WHERE l.folded >= ? AND l.folded < ? AND l.name_id <> '' AND l.role NOT IN ('publisher', 'within')
		GROUP BY l.name_id, l.role, l.name`, []any{from, from + "\U0010FFFF"}, func(r *sql.Rows) error {
		var id, role, name string
		var n int
		if err := r.Scan(&id, &role, &name, &n); err != nil {
			return err
		}
		e := found[id]
		if e == nil {
			e = &sink.Entity{ID: id}
			found[id] = e
		}
		e.Claims += n
		if len(name) > len(e.Name) || len(name) == len(e.Name) && name < e.Name {
			e.Name = name
		}
		if !slices.Contains(e.Roles, role) {
			e.Roles = append(e.Roles, role)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	out := make([]sink.Entity, 0, len(found))
	for _, e := range found {
		slices.Sort(e.Roles)
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b sink.Entity) int {
		return cmp.Or(cmp.Compare(b.Claims, a.Claims), strings.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), limit)], nil
}
