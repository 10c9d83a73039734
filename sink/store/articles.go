package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// newestVersion is the condition that an article a has not been stored again since.
const newestVersion = `NOT EXISTS (SELECT 1 FROM articles b WHERE b.id = a.id AND b.sequence > a.sequence)`

// Articles implements [sink.Reader].
func (s *Store) Articles(ctx context.Context, q sink.ArticleQuery) (*sink.ArticlePage, error) {
	sel, err := s.articleSelection(ctx, &q)
	if err != nil {
		return nil, err
	}
	page := &sink.ArticlePage{Items: []sink.ArticleHead{}}
	err = s.snapshot(ctx, func(tx *sql.Tx, seq uint64) error {
		page.Sequence = seq
		if err := s.lookUp(ctx, tx, sel, sel.firstArticles()); err != nil {
			return err
		}
		where, args := sel.where("a.published_at", "a.id")
		// The inner query finds which, so that nothing is sorted or counted for the others.
		query := `SELECT a.record, a.published_at, a.id, (SELECT COUNT(DISTINCT c.n) FROM proofs p, claims c
				WHERE p.article_id = a.id AND c.n = p.n / ` + perClaim + ` AND c.state || '' = 'living')
			FROM articles a WHERE a.n IN (SELECT a.n FROM articles a WHERE ` + where + ` AND ` + newestVersion + `
				ORDER BY a.published_at DESC, a.id DESC LIMIT ?)
			ORDER BY a.published_at DESC, a.id DESC`
		var lastSeen, lastID string
		return s.rows(ctx, tx, query, append(args, sel.limit+1), func(r *sql.Rows) error {
			if len(page.Items) == sel.limit {
				page.Next = sel.cursor(lastSeen, lastID)
				return nil
			}
			var record []byte
			var claims int
			if err := r.Scan(&record, &lastSeen, &lastID, &claims); err != nil {
				return err
			}
			var a schemas.Article
			if err := a.ReadJSON(record); err != nil {
				return err
			}
			page.Items = append(page.Items, sink.NewArticleHead(&a, claims))
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

func (s *Store) articleSelection(ctx context.Context, q *sink.ArticleQuery) (*selection, error) {
	sel := &selection{}
	if err := sel.setLimit(q.Limit); err != nil {
		return nil, err
	}
	for _, bound := range []struct{ name, value, condition string }{
		{"since", q.Since, "a.published_at >= ?"},
		{"until", q.Until, "a.published_at <> '' AND a.published_at < ?"},
	} {
		if err := sel.addBound(bound.name, bound.value, bound.condition); err != nil {
			return nil, err
		}
	}
	sel.addLanguages(q.Languages)
	if words := sink.Words(q.Text); len(words) > 0 {
		sel.words = &wordFilter{index: "articles_search", column: "a.n", condition: s.dialect.titleIn, term: s.dialect.term(words)}
	}
	if err := s.addPublishers(ctx, sel, q.Publishers); err != nil {
		return nil, err
	}
	filters := *q
	filters.Limit, filters.Cursor = 0, ""
	sel.digest = digest("articles", &filters)
	return sel, sel.setCursor(q.Cursor)
}

func (sel *selection) addLanguages(languages []string) {
	var either []string
	var args []any
	for _, l := range languages {
		if l = strings.ToLower(clean(l)); l == "und" {
			l = ""
		}
		either = append(either, "LOWER(a.language) = ?")
		args = append(args, l)
		if l != "" {
			either = append(either, "LOWER(a.language) >= ? AND LOWER(a.language) < ?")
			args = append(args, l+"-", l+".") // "." comes after "-"
		}
	}
	if len(either) > 0 {
		sel.add("("+strings.Join(either, " OR ")+")", args...)
	}
}

// addPublishers selects the articles of publishers whose domain or name is one of names.
func (s *Store) addPublishers(ctx context.Context, sel *selection, names []string) error {
	if len(names) == 0 {
		return nil
	}
	wanted := map[string]bool{}
	for _, n := range names {
		wanted[key(sink.Fold(n))] = true
	}
	var pairs []any
	err := s.eachPublisher(ctx, func(domain, name string) {
		if domain != "" && wanted[key(sink.Fold(domain))] || name != "" && wanted[key(sink.Fold(name))] {
			pairs = append(pairs, domain, name)
		}
	})
	switch {
	case err != nil:
		return fmt.Errorf("store: %w", err)
	case len(pairs) == 0:
		sel.add("1 = 0")
		return nil
	case len(pairs) > 2*MaxLimit:
		return fmt.Errorf("%w: that publisher has too many names", sink.ErrQuery)
	}
	among := ` IN (VALUES ` + strings.TrimSuffix(strings.Repeat("(?, ?), ", len(pairs)/2), ", ") + `)`
	column := "a.domain"
	if s.dialect == &sqlite {
		var n int
		count := `SELECT COUNT(*) FROM (SELECT 1 FROM articles a WHERE (a.domain, a.publisher)` + among + ` LIMIT ?)`
		if err := s.read.QueryRowContext(ctx, count, append(slices.Clone(pairs), manyClaims)...).Scan(&n); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if n >= manyClaims { // as in addNames: walk the list instead of gathering and sorting
			column = "a.domain || ''"
		}
	}
	sel.add(`(`+column+`, a.publisher)`+among, pairs...)
	return nil
}

// eachPublisher calls fn for every pair of domain and name that articles have. It goes
// from one to the next in the index: there are many articles of few publishers.
func (s *Store) eachPublisher(ctx context.Context, fn func(domain, name string)) error {
	return s.rows(ctx, s.read, `WITH RECURSIVE p (domain, publisher) AS (
			SELECT * FROM (SELECT domain, publisher FROM articles ORDER BY domain, publisher LIMIT 1) f
			UNION ALL
			SELECT a.domain, a.publisher FROM p JOIN articles a ON a.n = COALESCE(
				(SELECT b.n FROM articles b WHERE b.domain = p.domain AND b.publisher > p.publisher ORDER BY b.publisher LIMIT 1),
				(SELECT b.n FROM articles b WHERE b.domain > p.domain ORDER BY b.domain, b.publisher LIMIT 1))
		) SELECT domain, publisher FROM p`, nil, func(r *sql.Rows) error {
		var domain, name string
		if err := r.Scan(&domain, &name); err != nil {
			return err
		}
		fn(domain, name)
		return nil
	})
}

// putTitle indexes the words of the title of an article that is stored.
func (b *batch) putTitle(a *schemas.Article) error {
	words := strings.Join(b.indexWords(a.Title), " ")
	if b.dialect == &sqlite {
		return b.exec(`INSERT OR REPLACE INTO articles_search (rowid, body) SELECT n, ? FROM articles WHERE id = ? AND version = ?`, words, key(a.ID), key(a.Version))
	}
	return b.exec(`UPDATE articles SET search = to_tsvector('simple', ?) WHERE id = ? AND version = ?`, words, key(a.ID), key(a.Version))
}
