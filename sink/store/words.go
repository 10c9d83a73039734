package store

import (
	"context"
	"database/sql"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A wordFilter selects rows by words in the search index. SQLite would gather all rows
// that have them and sort those, which takes half a second for words that each of
// 100,000 claims has. So rows are looked up here where that is quicker. PostgreSQL has
// statistics and chooses by itself.
type wordFilter struct {
	index     string // the search index; its rowid is column
	column    string
	condition string // on column, for rows with term
	term      string
	found     []any // values of key that are selected, once they are looked up; nil before
	key       string
}

// term is how the dialect asks for all of words, the last as a beginning.
func (d *dialect) term(words []string) string {
	for i, w := range words {
		words[i] = cut(clean(w), maxWordLen)
	}
	return d.searchTerm(words)
}

func (w *wordFilter) where() (string, []any) {
	switch {
	case w.found == nil:
		return w.condition, []any{w.term}
	case len(w.found) == 0:
		return "1 = 0", nil
	}
	list, args := make([]string, len(w.found)), []any(nil)
	for i, v := range w.found {
		if n, ok := v.(int64); ok { // the driver is slow with thousands of parameters
			list[i] = strconv.FormatInt(n, 10)
			continue
		}
		list[i], args = "?", append(args, v)
	}
	return w.key + " IN (" + strings.Join(list, ", ") + ")", args
}

// manyHits is from how many rows on they are not gathered but met in the order of the list.
const manyHits = 2000

// widestRange bounds the row numbers between which hits are read.
const widestRange = 20_000

// A window asks for the first rows of a list as if words did not matter: the key of the
// item and a row number, with placeholders for args and for how many.
type window struct {
	key, query string
	args       []any
}

// lookUp settles which rows of a list sel.words selects, if that can be told from few:
// words that few rows have, or so many that the first rows of the list will do.
func (s *Store) lookUp(ctx context.Context, q querier, sel *selection, first window) error {
	w := sel.words
	if w == nil || s.dialect != &sqlite {
		return nil
	}
	hits, err := s.hits(ctx, q, w, "ORDER BY rowid DESC LIMIT ?", manyHits+1)
	if err != nil {
		return err
	}
	if len(hits) <= manyHits {
		w.key, w.found = w.column, make([]any, 0, len(hits))
		for n := range hits {
			w.found = append(w.found, n)
		}
		return nil
	}
	newest := slices.Min(slices.Collect(maps.Keys(hits))) // of the rows from here on hits has all
	for _, many := range slices.Compact([]int{min(3*(sel.limit+1), widestRange), min(30*(sel.limit+1), widestRange)}) {
		keys, rows, err := s.firstRows(ctx, q, first, many)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			w.found = []any{}
			return nil
		}
		low, high := slices.Min(rows), slices.Max(rows)
		if low < newest {
			if high-low > widestRange {
				return nil
			}
			if hits, err = s.hits(ctx, q, w, "AND rowid BETWEEN ? AND ?", low, high); err != nil {
				return err
			}
			newest = math.MaxInt64
		}
		found := []any{}
		for i, key := range keys {
			if hits[rows[i]] && (len(found) == 0 || found[len(found)-1] != key) { // the rows of one key stand together
				found = append(found, key)
			}
		}
		if len(found) > sel.limit || len(rows) < many { // enough, or there are no more
			w.key, w.found = first.key, found[:min(len(found), sel.limit+1)]
			return nil
		}
	}
	return nil
}

// hits returns the row numbers that have the words.
func (s *Store) hits(ctx context.Context, q querier, w *wordFilter, bound string, args ...any) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := s.rows(ctx, q, `SELECT rowid FROM `+w.index+` WHERE `+w.index+` MATCH ? `+bound, append([]any{w.term}, args...), func(r *sql.Rows) error {
		var n int64
		err := r.Scan(&n)
		out[n] = true
		return err
	})
	return out, err
}

func (s *Store) firstRows(ctx context.Context, q querier, first window, many int) (keys []any, rows []int64, err error) {
	err = s.rows(ctx, q, first.query, append(slices.Clone(first.args), many), func(r *sql.Rows) error {
		var key any
		var n int64
		err := r.Scan(&key, &n)
		keys, rows = append(keys, key), append(rows, n)
		return err
	})
	return keys, rows, err
}

// firstClaims is the window of a list of claims as they are now.
func (sel *selection) firstClaims() window {
	bare := *sel
	bare.words = nil
	where, args := bare.where("c.last_seen", "c.id")
	return window{"c.n", `SELECT c.n, c.n FROM claims c WHERE ` + where + ` ORDER BY c.last_seen DESC, c.id DESC LIMIT ?`, args}
}

// firstSeries is the window of a list of series: their claims. The join begins with the
// series, since SQLite takes one that is called CROSS as it is written.
func (sel *selection) firstSeries() window {
	bare := *sel
	bare.words = nil
	conditions, args := bare.conditions()
	after, more := bare.after("s.last_seen", "s.id")
	return window{"c.series_id", `SELECT s.id, c.n FROM series s CROSS JOIN claims c ON c.series_id = s.id WHERE ` + conditions + after +
		` ORDER BY s.last_seen DESC, s.id DESC LIMIT ?`, append(args, more...)}
}

// firstArticles is the window of a list of articles.
func (sel *selection) firstArticles() window {
	bare := *sel
	bare.words = nil
	where, args := bare.where("a.published_at", "a.id")
	return window{"a.n", `SELECT a.n, a.n FROM articles a WHERE ` + where + ` AND ` + newestVersion + ` ORDER BY a.published_at DESC, a.id DESC LIMIT ?`, args}
}
