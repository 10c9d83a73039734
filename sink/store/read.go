package store

import (
	"bufio"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// snapshot calls fn with a transaction in which every query sees the same data,
// and the CLAIMS sequence that it is true for.
func (s *Store) snapshot(ctx context.Context, fn func(tx *sql.Tx, sequence uint64) error) error {
	tx, err := s.read.BeginTx(ctx, s.dialect.readTx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer tx.Rollback() // it has written nothing
	seq, err := s.position(ctx, tx, schemas.StreamClaims)
	if err == nil {
		err = fn(tx, seq)
	}
	if err != nil && !errors.Is(err, sink.ErrNotFound) && !errors.Is(err, sink.ErrQuery) {
		err = fmt.Errorf("store: %w", err)
	}
	return err
}

// rows calls scan for each row of a query.
func (s *Store) rows(ctx context.Context, q querier, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := q.QueryContext(ctx, s.dialect.bind(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Claims implements [sink.Reader].
func (s *Store) Claims(ctx context.Context, q sink.Query) (*sink.ClaimPage, error) {
	sel, err := s.selection(ctx, &q)
	if err != nil {
		return nil, err
	}
	page := &sink.ClaimPage{Items: []sink.Claim{}}
	err = s.snapshot(ctx, func(tx *sql.Tx, seq uint64) error {
		page.Sequence = seq
		return s.claims(ctx, tx, sel, &q, page)
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

// claims fills a page of claims.
func (s *Store) claims(ctx context.Context, tx *sql.Tx, sel *selection, q *sink.Query, page *sink.ClaimPage) error {
	if sel.version == "c" {
		if err := s.lookUp(ctx, tx, sel, sel.firstClaims()); err != nil {
			return err
		}
	}
	last, then := "", []carried(nil)
	fields := claimFields(sel.version) + `, ` + sel.version + `.last_seen`
	if q.KnownAt != "" {
		fields += `, ` + carriedFields
	}
	where, args := sel.where(sel.seen, sel.id)
	// The inner query finds which, so that no record is read for the others.
	order := ` ORDER BY ` + sel.seen + ` DESC, ` + sel.id + ` DESC`
	query := `SELECT ` + fields + ` FROM ` + sel.from + ` WHERE ` + sel.row + ` IN (
		SELECT ` + sel.row + ` FROM ` + sel.from + ` WHERE ` + where + order + ` LIMIT ?)` + order
	err := s.rows(ctx, tx, query, append(args, sel.limit+1), func(r *sql.Rows) error {
		if len(page.Items) == sel.limit {
			page.Next = sel.cursor(last, key(page.Items[sel.limit-1].Record.ID))
			return nil
		}
		var cites carried
		more := []any{&last}
		if q.KnownAt != "" {
			more = append(more, &cites.list, &cites.earlier)
		}
		c, err := scanClaim(r, more...)
		page.Items, then = append(page.Items, c), append(then, cites)
		return err
	})
	switch {
	case err != nil:
		return err
	case q.KnownAt != "":
		return s.addCarried(ctx, tx, page.Items, then)
	}
	return s.addCitations(ctx, tx, page.Items)
}

// claimFields are the columns that scanClaim reads; what changes with time comes
// from version, the claim itself or one of its changes.
func claimFields(version string) string {
	change := "last_change"
	if version != "c" {
		change = "change"
	}
	v := func(name string) string { return version + "." + name }
	return strings.Join([]string{
		v("record"), `(SELECT b.record FROM history b WHERE b.sequence = ` + v("based_on") + `)`,
		`(SELECT m.record FROM made_by m WHERE m.id = ` + v("made_by") + `)`,
		v("state"), v("country"), v(change), v("revision"), v("known_at"), v("sequence"),
	}, ", ")
}

func scanClaim(r interface{ Scan(...any) error }, more ...any) (sink.Claim, error) {
	var c sink.Claim
	var record, base, madeBy []byte
	if err := r.Scan(append([]any{&record, &base, &madeBy, &c.State, &c.Country, &c.Change, &c.Revision, &c.KnownAt, &c.Sequence}, more...)...); err != nil {
		return c, err
	}
	if base != nil {
		record = patched(base, record)
	}
	if err := c.Record.ReadJSON(record); err != nil {
		return c, err
	}
	if madeBy != nil {
		return c, json.Unmarshal(madeBy, &c.Record.MadeBy)
	}
	return c, nil
}

// addCitations fills the citations of claims.
func (s *Store) addCitations(ctx context.Context, q querier, claims []sink.Claim) error {
	const atOnce = 200
	for part := range slices.Chunk(claims, atOnce) {
		index := make(map[string]*sink.Claim, len(part))
		args := make([]any, len(part))
		for i := range part {
			id := key(part[i].Record.ID)
			index[id], args[i] = &part[i], id
			part[i].Record.Citations = []schemas.Citation{}
		}
		err := s.rows(ctx, q, `SELECT c.id, p.record FROM claims c JOIN proofs p ON `+ofClaim+` WHERE c.id IN (`+marks(len(args))+`)`, args, func(r *sql.Rows) error {
			var id string
			var record []byte
			if err := r.Scan(&id, &record); err != nil {
				return err
			}
			var ct schemas.Citation
			if err := ct.ReadJSON(record); err != nil {
				return err
			}
			c := &index[id].Record
			c.Citations = append(c.Citations, ct)
			return nil
		})
		if err != nil {
			return err
		}
		for i := range part {
			sortCitations(part[i].Record.Citations)
		}
	}
	return nil
}

// A carried list is what a change stores of the citations that it carried.
type carried struct {
	list    string // their numbers
	earlier []byte // the record that has them, if an earlier change's does: changes stored by earlier versions
}

// carriedFields are the columns of a change h that hold a carried list.
const carriedFields = `h.cites, (SELECT p.record FROM history p WHERE p.sequence = h.cited_at)`

// addCarried fills the citations that the changes carried which claims come from; if
// a change lists none, its record has them.
func (s *Store) addCarried(ctx context.Context, q querier, claims []sink.Claim, then []carried) error {
	lists := map[string][]int64{} // by key of the claim
	var ids []any
	for i := range claims {
		c := &claims[i].Record
		var err error
		switch {
		case then[i].list != "":
			id := key(c.ID)
			ids = append(ids, id)
			if lists[id], err = numbers(then[i].list); err == nil {
				c.Citations = []schemas.Citation{}
			}
		case then[i].earlier != nil:
			var earlier schemas.Claim
			err = earlier.ReadJSON(then[i].earlier)
			c.Citations = earlier.Citations
		}
		if err != nil {
			return err
		}
	}
	found := map[string]map[int64]schemas.Citation{}
	const atOnce = 200
	for part := range slices.Chunk(ids, atOnce) {
		if err := s.numbered(ctx, q, part, lists, found); err != nil {
			return err
		}
	}
	for i := range claims {
		c := &claims[i].Record
		id := key(c.ID)
		for _, n := range lists[id] {
			if ct, ok := found[id][n]; ok {
				c.Citations = append(c.Citations, ct)
			}
		}
	}
	return nil
}

// numbered finds the citations that are listed of claims, by claim and number.
func (s *Store) numbered(ctx context.Context, q querier, ids []any, lists map[string][]int64, found map[string]map[int64]schemas.Citation) error {
	in := marks(len(ids))
	return s.rows(ctx, q, `SELECT c.id, p.n % `+perClaim+`, p.record FROM claims c JOIN proofs p ON `+ofClaim+` WHERE c.id IN (`+in+`)
		UNION ALL SELECT c.id, p.n % `+perClaim+`, p.record FROM claims c JOIN past_proofs p ON `+ofClaim+` WHERE c.id IN (`+in+`)`, append(slices.Clone(ids), ids...), func(r *sql.Rows) error {
		var id string
		var n int64
		var record []byte
		if err := r.Scan(&id, &n, &record); err != nil {
			return err
		}
		if !slices.Contains(lists[id], n) {
			return nil
		}
		if found[id] == nil {
			found[id] = map[int64]schemas.Citation{}
		}
		var ct schemas.Citation
		err := ct.ReadJSON(record)
		found[id][n] = ct
		return err
	})
}

// numbers reads a list of numbers.
func numbers(list string) ([]int64, error) {
	var out []int64
	for f := range strings.FieldsSeq(list) {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// sortCitations puts citations in the order of the record.
func sortCitations(cites []schemas.Citation) {
	slices.SortFunc(cites, func(a, b schemas.Citation) int {
		return cmp.Or(
			strings.Compare(a.PublishedAt, b.PublishedAt), strings.Compare(a.ArticleID, b.ArticleID), cmp.Compare(a.Start, b.Start),
			cmp.Compare(a.End, b.End), strings.Compare(a.ArticleVersion, b.ArticleVersion), strings.Compare(string(a.Field), string(b.Field)), cmp.Compare(figureStart(a), figureStart(b)))
	})
}

func figureStart(c schemas.Citation) int {
	if c.Figure == nil {
		return -1
	}
	return c.Figure.Start
}

// Claim implements [sink.Reader].
func (s *Store) Claim(ctx context.Context, id string) (*sink.Claim, uint64, error) {
	var claims []sink.Claim
	var sequence uint64
	err := s.snapshot(ctx, func(tx *sql.Tx, seq uint64) error {
		sequence = seq
		c, err := scanClaim(tx.QueryRowContext(ctx, s.dialect.bind(`SELECT `+claimFields("c")+` FROM claims c WHERE c.id = ?`), key(id)))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("claim %s: %w", id, sink.ErrNotFound)
		}
		if err != nil {
			return err
		}
		claims = []sink.Claim{c}
		return s.addCitations(ctx, tx, claims)
	})
	if err != nil {
		return nil, 0, err
	}
	return &claims[0], sequence, nil
}

// SeriesList implements [sink.Reader].
func (s *Store) SeriesList(ctx context.Context, q sink.Query) (*sink.SeriesPage, error) {
	sel, err := s.selection(ctx, &q)
	if err != nil {
		return nil, err
	}
	page := &sink.SeriesPage{Items: []schemas.Series{}}
	err = s.snapshot(ctx, func(tx *sql.Tx, seq uint64) error {
		page.Sequence = seq
		if q.KnownAt != "" {
			return s.seriesThen(ctx, tx, sel, &q, page)
		}
		sel.perSeries()
		if err := s.lookUp(ctx, tx, sel, sel.firstSeries()); err != nil {
			return err
		}
		last := ""
		conditions, args := sel.conditions()
		after, more := sel.after("s.last_seen", "s.id")
		query := `SELECT s.record, s.last_seen FROM series s WHERE EXISTS (SELECT 1 FROM claims c WHERE c.series_id = s.id AND ` +
			conditions + `)` + after + ` ORDER BY s.last_seen DESC, s.id DESC LIMIT ?`
		return s.rows(ctx, tx, query, append(append(args, more...), sel.limit+1), func(r *sql.Rows) error {
			if len(page.Items) == sel.limit {
				page.Next = sel.cursor(last, key(page.Items[sel.limit-1].ID))
				return nil
			}
			var record []byte
			if err := r.Scan(&record, &last); err != nil {
				return err
			}
			var item schemas.Series
			if err := item.ReadJSON(record); err != nil {
				return err
			}
			page.Items = append(page.Items, item)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return page, nil
}

// Series implements [sink.Reader].
func (s *Store) Series(ctx context.Context, id string) (*schemas.Series, uint64, error) {
	var out schemas.Series
	var sequence uint64
	err := s.snapshot(ctx, func(tx *sql.Tx, seq uint64) error {
		sequence = seq
		var record []byte
		err := tx.QueryRowContext(ctx, s.dialect.bind(`SELECT record FROM series WHERE id = ?`), key(id)).Scan(&record)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("series %s: %w", id, sink.ErrNotFound)
		}
		if err != nil {
			return err
		}
		if err := out.ReadJSON(record); err != nil {
			return err
		}
		return s.addPoints(ctx, tx, &out)
	})
	if err != nil {
		return nil, 0, err
	}
	return &out, sequence, nil
}

// addPoints adds the points of a long series that its last change did not carry:
// they are older than those it did, and so have been superseded.
func (s *Store) addPoints(ctx context.Context, q querier, series *schemas.Series) error {
	if series.PointCount <= len(series.Points) {
		return nil
	}
	known := map[string]bool{}
	for _, p := range series.Points {
		known[p.Claim] = true
	}
	var older []sink.Claim
	err := s.rows(ctx, q, `SELECT `+claimFields("c")+` FROM claims c WHERE c.series_id = ? AND c.state = 'living'`, []any{key(series.ID)}, func(r *sql.Rows) error {
		c, err := scanClaim(r)
		if err == nil && !known[c.Record.ID] {
			older = append(older, c)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := s.addCitations(ctx, q, older); err != nil {
		return err
	}
	for i := range older {
		series.Points = append(series.Points, point(&older[i].Record, true))
	}
	sortPoints(series.Points)
	return nil
}

// point is the point of a claim in its series.
func point(c *schemas.Claim, superseded bool) schemas.SeriesPoint {
	p := schemas.SeriesPoint{
		Claim: c.ID, Value: c.Value, Min: c.Min, Max: c.Max, Comparator: c.Comparator, Modality: c.Modality, Tier: c.Tier,
		Superseded: superseded, Origins: []string{},
	}
	prints := map[string]string{} // by origin: the day of its first print
	for _, ct := range c.Citations {
		day := ct.PublishedAt[:min(10, len(ct.PublishedAt))]
		if was, ok := prints[ct.Origin]; !ok || was == "" || day != "" && day < was {
			prints[ct.Origin] = day
		}
	}
	for origin, day := range prints {
		p.AsOf = max(p.AsOf, day)
		p.Origins = append(p.Origins, origin)
	}
	slices.Sort(p.Origins)
	return p
}

// Events implements [sink.Reader].
func (s *Store) Events(ctx context.Context, id string) ([]sink.Event, error) {
	out := []sink.Event{}
	k := key(id)
	err := s.rows(ctx, s.read, `SELECT h.sequence, h.id, c.id, h.series_id, h.change, h.revision, h.known_at, h.cause
		FROM claims c JOIN history h ON h.claim = c.n
		WHERE h.claim = (SELECT n FROM claims WHERE id = ?) OR h.series_id = ? ORDER BY h.sequence`, []any{k, k}, func(r *sql.Rows) error {
		var e sink.Event
		var cause []byte
		if err := r.Scan(&e.Sequence, &e.ID, &e.ClaimID, &e.SeriesID, &e.Change, &e.Revision, &e.KnownAt, &cause); err != nil {
			return err
		}
		if err := json.Unmarshal(cause, &e.Cause); err != nil {
			return err
		}
		out = append(out, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return out, nil
}

// Article implements [sink.Reader].
func (s *Store) Article(ctx context.Context, id, version string) (*schemas.Article, error) {
	query, args := `SELECT record, text FROM articles WHERE id = ?`, []any{key(id)}
	if version != "" {
		query += ` AND version = ?`
		args = append(args, key(version))
	}
	var record []byte
	var text string
	err := s.read.QueryRowContext(ctx, s.dialect.bind(query+` ORDER BY sequence DESC LIMIT 1`), args...).Scan(&record, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("article %s: %w", id, sink.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return articleOf(record, text)
}

func articleOf(record []byte, text string) (*schemas.Article, error) {
	a := &schemas.Article{}
	if err := a.ReadJSON(record); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if a.Text == "" {
		a.Text = text
	}
	return a, nil
}

// Stats implements [sink.Reader].
func (s *Store) Stats(ctx context.Context) (*sink.Stats, error) {
	st := &sink.Stats{Positions: map[string]uint64{}}
	err := s.snapshot(ctx, func(tx *sql.Tx, _ uint64) error {
		if err := s.countClaims(ctx, tx, st); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, s.dialect.bind(`SELECT
				(SELECT COUNT(DISTINCT id) FROM articles), (SELECT COUNT(*) FROM proofs), (SELECT COUNT(*) FROM series WHERE living = ?),
				(SELECT COUNT(DISTINCT domain) FROM articles), (SELECT COALESCE(MAX(last_seen), '') FROM claims)`), true).
			Scan(&st.Articles, &st.Citations, &st.Series, &st.Publishers, &st.LastSeen); err != nil {
			return err
		}
		return s.rows(ctx, tx, `SELECT stream, sequence FROM positions`, nil, func(r *sql.Rows) error {
			var stream string
			var seq int64
			err := r.Scan(&stream, &seq)
			st.Positions[stream] = uint64(seq)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return st, nil
}

// countClaims counts claims by what the index claims_counts has of them.
func (s *Store) countClaims(ctx context.Context, q querier, st *sink.Stats) error {
	measures, countries := map[string]int{}, map[string]int{}
	err := s.rows(ctx, q, `SELECT state, tier, measure, country, COUNT(*) FROM claims GROUP BY state, tier, measure, country`, nil, func(r *sql.Rows) error {
		var state sink.State
		var tier schemas.Tier
		var measure, country string
		var n int
		if err := r.Scan(&state, &tier, &measure, &country, &n); err != nil {
			return err
		}
		switch state {
		case sink.Living:
			st.Claims += n
			measures[measure] += n
			countries[country] += n
			if tier == schemas.Reportable {
				st.Reportable += n
			}
		case sink.Replaced:
			st.Replaced += n
		case sink.Withdrawn:
			st.Withdrawn += n
		case sink.Retracted:
			st.Retracted += n
		}
		return nil
	})
	st.Measures, st.Countries = counts(measures), counts(countries)
	return err
}

// counts returns the most frequent values first.
func counts(m map[string]int) []sink.Count {
	out := make([]sink.Count, 0, len(m))
	for v, n := range m {
		out = append(out, sink.Count{Value: v, Count: n})
	}
	slices.SortFunc(out, func(a, b sink.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
	})
	return out
}

// Export writes the living claims as JSON lines, with all their citations,
// sorted by id: the same articles give the same bytes.
func (s *Store) Export(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err := s.snapshot(ctx, func(tx *sql.Tx, _ uint64) error {
		after := ""
		for {
			var part []sink.Claim
			err := s.rows(ctx, tx, `SELECT `+claimFields("c")+` FROM claims c WHERE c.state = 'living' AND c.id > ? ORDER BY c.id LIMIT 200`, []any{after}, func(r *sql.Rows) error {
				c, err := scanClaim(r)
				part = append(part, c)
				return err
			})
			if err != nil || len(part) == 0 {
				return err
			}
			if err := s.addCitations(ctx, tx, part); err != nil {
				return err
			}
			for i := range part {
				if err := enc.Encode(&part[i].Record); err != nil {
					return err
				}
			}
			after = key(part[len(part)-1].Record.ID)
		}
	})
	return errors.Join(err, out.Flush())
}

// ExportReviews writes every decision of people as JSON lines, in the order in which
// they came.
func (s *Store) ExportReviews(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	err := s.rows(ctx, s.read, `SELECT record FROM reviews ORDER BY sequence`, nil, func(r *sql.Rows) error {
		var record []byte
		if err := r.Scan(&record); err != nil {
			return err
		}
		_, err := out.Write(append(record, '\n'))
		return err
	})
	return errors.Join(err, out.Flush())
}

// ExportArticles writes every article in its current version as JSON lines,
// sorted by id: what the citations of Export can be checked against.
func (s *Store) ExportArticles(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err := s.rows(ctx, s.read, `SELECT record, text FROM current_articles ORDER BY id`, nil, func(r *sql.Rows) error {
		var record []byte
		var text string
		if err := r.Scan(&record, &text); err != nil {
			return err
		}
		a, err := articleOf(record, text)
		if err != nil {
			return err
		}
		return enc.Encode(a)
	})
	if err != nil {
		err = fmt.Errorf("store: %w", err)
	}
	return errors.Join(err, out.Flush())
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
