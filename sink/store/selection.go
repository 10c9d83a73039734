package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// DefaultLimit is the page size of a query that names none, MaxLimit the largest.
const (
	DefaultLimit = 50
	MaxLimit     = 10_000
)

// A selection is a query as SQL over claims c. What changes with time is read
// from version: "c", or "h", the change that was the claim's last at a time.
type selection struct {
	version    string
	from       string // tables
	seen       string // column of when the claim was last seen
	id         string // column of the claim's id
	row        string // column of the row's number
	filters    []string
	filterArgs []any
	words      *wordFilter // nil if no words are asked for
	limit      int
	digest     string // of the query, so that a cursor of another one is refused
	cursorSeen string // last_seen and id of the last item of the page before
	cursorID   string
}

func (s *Store) selection(ctx context.Context, q *sink.Query) (*selection, error) {
	sel := &selection{version: "c", from: "claims c", seen: "c.last_seen", id: "c.id", row: "c.n"}
	if err := sel.setLimit(q.Limit); err != nil {
		return nil, err
	}
	if q.KnownAt != "" {
		at, ok := sink.Instant(q.KnownAt)
		if !ok {
			return nil, fmt.Errorf("%w: known_at %q is no date or time", sink.ErrQuery, q.KnownAt)
		}
		sel.version = "h"
		sel.from = `claims c JOIN history h ON h.claim = c.n JOIN seen s ON s.last_seen = h.last_seen AND s.claim_id = c.id`
		sel.seen, sel.id, sel.row = "s.last_seen", "s.claim_id", "h.sequence"
		sel.add(`s.known_at < ? AND h.sequence = (SELECT x.sequence FROM history x WHERE x.claim = c.n AND x.known_at < ? ORDER BY x.sequence DESC LIMIT 1)`, sink.After(at), sink.After(at))
	}
	if err := s.addFilters(ctx, sel, q); err != nil {
		return nil, err
	}
	filters := *q
	filters.Limit, filters.Cursor = 0, ""
	sel.digest = digest("", &filters)
	return sel, sel.setCursor(q.Cursor)
}

func (s *Store) addFilters(ctx context.Context, sel *selection, q *sink.Query) error {
	v := sel.version + "."
	in(sel, "c.kind", q.Kinds)
	in(sel, "c.measure", q.Measures)
	in(sel, "c.modality", q.Modalities)
	in(sel, v+"country", q.Countries)
	// Nearly all claims share these two: "|| ''" keeps the planner from starting at
	// an index on them instead of one in the order of the list.
	in(sel, v+"tier || ''", q.Tiers)
	in(sel, v+"state || ''", q.States)
	if q.Series != "" {
		sel.add("c.series_id = ?", key(q.Series))
	}
	if q.MinOrigins > 0 {
		sel.add(v+"origins >= ?", q.MinOrigins)
	}
	for _, bound := range []struct{ name, value, condition string }{
		{"since", q.Since, v + "last_seen >= ?"},
		{"until", q.Until, v + "first_seen < ?"},
	} {
		if err := sel.addBound(bound.name, bound.value, bound.condition); err != nil {
			return err
		}
	}
	for _, part := range []struct {
		roles string
		names []string
	}{
		{"'place', 'within'", q.Places},
		{"'agent', 'victim', 'speaker', 'source', 'participant', 'place', 'within'", q.Entities},
		{"'publisher'", q.Publishers},
	} {
		if err := s.addNames(ctx, sel, part.roles, part.names); err != nil {
			return err
		}
	}
	if len(q.Articles) > 0 {
		ids := make([]any, len(q.Articles))
		for i, id := range q.Articles {
			ids[i] = key(id)
		}
		sel.add(numberIn+`(SELECT p.n / `+perClaim+` FROM proofs p WHERE p.article_id IN (`+marks(len(ids))+`))`, ids...)
	}
	if words := sink.Words(q.Text); len(words) > 0 {
		sel.words = &wordFilter{index: "claims_search", column: "c.n", condition: s.dialect.searchIn, term: s.dialect.term(words)}
	}
	return nil
}

// numberIn begins a filter that lists claims by number.
const numberIn = "c.n IN "

// perSeries makes the filters fit to be asked for each series: SQLite would go through
// the claims that a filter lists, instead of those of the series.
func (sel *selection) perSeries() {
	for i, f := range sel.filters {
		if strings.HasPrefix(f, numberIn) {
			sel.filters[i] = "+" + f
		}
	}
}

func (sel *selection) setLimit(limit int) error {
	if sel.limit = limit; limit == 0 {
		sel.limit = DefaultLimit
	}
	if sel.limit < 0 || sel.limit > MaxLimit {
		return fmt.Errorf("%w: limit %d is not in [1, %d]", sink.ErrQuery, limit, MaxLimit)
	}
	return nil
}

// addBound adds the condition that the bound since or until puts on a date, if it is given.
func (sel *selection) addBound(name, value, condition string) error {
	if value == "" {
		return nil
	}
	at, ok := sink.Instant(value)
	if !ok {
		return fmt.Errorf("%w: %s %q is no date or time", sink.ErrQuery, name, value)
	}
	if name == "until" {
		at = sink.After(at)
	}
	sel.add(condition, at)
	return nil
}

// add adds a condition.
func (sel *selection) add(condition string, args ...any) {
	sel.filters = append(sel.filters, condition)
	sel.filterArgs = append(sel.filterArgs, args...)
}

func in[T ~string](sel *selection, column string, values []T) {
	if len(values) == 0 {
		return
	}
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = clean(string(v))
	}
	sel.add(column+" IN ("+marks(len(args))+")", args...)
}

// manyClaims is from how many claims on SQLite is told to walk the list and look
// each claim's names up, instead of gathering and sorting the claims of a name. On
// 100,000 claims the two cost the same at about 2,000: 9 ms. PostgreSQL has
// statistics and chooses by itself.
const manyClaims = 2000

// addNames selects the claims in which one of names, or the thing with that id,
// plays one of roles.
func (s *Store) addNames(ctx context.Context, sel *selection, roles string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	var ids, folded []any
	for _, n := range names {
		ids = append(ids, key(n))
		folded = append(folded, key(sink.Fold(n)))
	}
	m := marks(len(names))
	args := append(folded, ids...)
	gathered := `SELECT p.claim FROM name_list l JOIN parts p ON p.name = l.n WHERE l.folded IN (` + m + `) AND l.role IN (` + roles + `)
		UNION SELECT p.claim FROM name_list l JOIN parts p ON p.name = l.n WHERE l.name_id IN (` + m + `) AND l.role IN (` + roles + `)`
	if s.dialect == &sqlite {
		var n int
		count := `SELECT COUNT(*) FROM (` + strings.Replace(gathered, "UNION", "UNION ALL", 1) + ` LIMIT ?)`
		if err := s.read.QueryRowContext(ctx, count, append(slices.Clone(args), manyClaims)...).Scan(&n); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		if n >= manyClaims {
			sel.add(`EXISTS (SELECT 1 FROM parts p WHERE p.claim = c.n AND p.name IN (
				SELECT l.n FROM name_list l WHERE l.folded IN (`+m+`) AND l.role IN (`+roles+`) UNION SELECT l.n FROM name_list l WHERE l.name_id IN (`+m+`) AND l.role IN (`+roles+`)))`, args...)
			return nil
		}
	}
	sel.add(numberIn+`(`+gathered+`)`, args...)
	return nil
}

// conditions returns the filters as one condition, words last.
func (sel *selection) conditions() (string, []any) {
	condition, args := "1 = 1", slices.Clone(sel.filterArgs)
	if len(sel.filters) > 0 {
		condition = strings.Join(sel.filters, " AND ")
	}
	if sel.words != nil {
		words, more := sel.words.where()
		condition, args = condition+" AND "+words, append(args, more...)
	}
	return condition, args
}

// where returns filters and cursor as one condition on rows with these columns.
func (sel *selection) where(seen, id string) (string, []any) {
	condition, args := sel.conditions()
	after, more := sel.after(seen, id)
	return condition + after, append(args, more...)
}

// after returns the condition that a row comes after the cursor.
func (sel *selection) after(seen, id string) (string, []any) {
	if sel.cursorID == "" {
		return "", nil
	}
	return " AND (" + seen + ", " + id + ") < (?, ?)", []any{sel.cursorSeen, sel.cursorID}
}

// cursor returns the place after a row as an opaque string.
func (sel *selection) cursor(seen, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(sel.digest + "\x00" + seen + "\x00" + id))
}

func (sel *selection) setCursor(cursor string) error {
	if cursor == "" {
		return nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(raw), "\x00")
	if err != nil || len(parts) != 3 || parts[2] == "" || clean(parts[1]+parts[2]) != parts[1]+parts[2] {
		return fmt.Errorf("%w: the cursor is not one of ours", sink.ErrQuery)
	}
	if parts[0] != sel.digest {
		return fmt.Errorf("%w: the cursor belongs to a query with other filters", sink.ErrQuery)
	}
	sel.cursorSeen, sel.cursorID = parts[1], parts[2]
	return nil
}

// digest names the filters of a query for a list: a query without limit and cursor.
func digest(list string, filters any) string {
	return schemas.ID("q", list+plainJSON(filters))[2:10]
}
