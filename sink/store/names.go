package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/sink"
)

// Sources implements [sink.Reader].
func (s *Store) Sources(ctx context.Context) ([]sink.Source, error) {
	out := []sink.Source{}
	err := s.rows(ctx, s.read, `SELECT a.domain, a.articles, b.publisher, b.published_at,
			(SELECT COUNT(DISTINCT n.claim_id) FROM names n JOIN claims c ON c.id = n.claim_id AND c.state = 'living' WHERE n.name_id = a.domain AND n.role = 'publisher')
		FROM (SELECT domain, COUNT(DISTINCT id) AS articles, MAX(sequence) AS newest FROM articles GROUP BY domain) a
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

// Entities implements [sink.Reader].
func (s *Store) Entities(ctx context.Context, prefix string, limit int) ([]sink.Entity, error) {
	from := cut(clean(sink.Fold(prefix)), maxKey)
	found := map[string]*sink.Entity{}
	err := s.rows(ctx, s.read, `SELECT name_id, role, name, COUNT(*) FROM names
		WHERE folded >= ? AND folded < ? AND name_id <> '' AND role NOT IN ('publisher', 'within')
		GROUP BY name_id, role, name`, []any{from, from + "\U0010FFFF"}, func(r *sql.Rows) error {
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
