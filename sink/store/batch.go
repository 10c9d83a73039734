package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A batch is one Write: its transaction, and what is put down at its end.
type batch struct {
	ctx       context.Context // of the one call that the batch lives for
	tx        *sql.Tx
	dialect   *dialect
	stmts     map[string]*sql.Stmt
	positions map[string]uint64
	changed   bool
	series    map[string]seriesState // the last state of each series in the batch
}

type seriesState struct {
	sequence uint64
	country  string
	series   *schemas.Series // nil if no claim is left in it
}

func (b *batch) stmt(query string) (*sql.Stmt, error) {
	if st := b.stmts[query]; st != nil {
		return st, nil
	}
	st, err := b.tx.PrepareContext(b.ctx, b.dialect.bind(query)) // closed with the transaction
	if err == nil {
		b.stmts[query] = st
	}
	return st, err
}

func (b *batch) exec(query string, args ...any) error {
	st, err := b.stmt(query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(b.ctx, args...)
	return err
}

// record stores r, unless it is stored already or its stream is not kept.
func (b *batch) record(r *sink.Record) error {
	last, kept := b.positions[r.Stream]
	if !kept || r.Sequence <= last {
		return nil
	}
	var err error
	switch {
	case r.Stream == schemas.StreamArticles && r.Article != nil:
		err = b.article(r.Article, r.Sequence)
	case r.Stream == schemas.StreamClaims && r.Change != nil:
		err = b.change(r.Change, r.Sequence)
	default:
		err = errors.Join(errors.New("carries nothing"), schemas.ErrMalformed)
	}
	b.positions[r.Stream], b.changed = r.Sequence, true
	return err
}

// finish puts down the series and positions that the batch arrived at.
func (b *batch) finish() error {
	for id, st := range b.series {
		if err := b.putSeries(id, st); err != nil {
			return err
		}
	}
	for stream, seq := range b.positions {
		if seq == 0 {
			continue
		}
		if err := b.exec(`INSERT INTO positions (stream, sequence) VALUES (?, ?)
			ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence`, stream, int64(seq)); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) article(a *schemas.Article, seq uint64) error {
	rest := *a
	text := clean(a.Text)
	if text == a.Text {
		rest.Text = ""
	} // else only the record has it exactly
	return b.upsert("articles", []string{"id", "version"}, []column{
		{"id", key(a.ID)},
		{"version", key(a.Version)},
		{"sequence", int64(seq)},
		{"url", clean(a.Address())},
		{"title", clean(a.Title)},
		{"byline", clean(a.Byline)},
		{"publisher", clean(a.Publisher.Name)},
		{"domain", clean(a.Publisher.Domain)},
		{"published_at", instant(a.PublishedAt)},
		{"language", clean(a.Language)},
		{"text", text},
		{"text_sha256", a.TextSHA256},
		{"record", asJSON(&rest)},
	})
}

// change stores one change and what it makes of its claim.
func (b *batch) change(c *schemas.Change, seq uint64) error {
	id := key(c.Claim.ID)
	before, err := b.claimBefore(id)
	if err != nil {
		return err
	}
	if before.revision >= c.Revision {
		repeated, err := b.seen(c.ID)
		if err != nil || repeated {
			return err // published again after the bus forgot its id: later changes stand
		}
	}
	state := sink.StateAfter(before.state, c)
	if before.n == 0 {
		before.first = seq
	}
	if err := b.putChange(c, seq, state); err != nil {
		return err
	}
	if err := b.upsert("claims", []string{"id"}, claimColumns(c, seq, before.first, state)); err != nil {
		return err
	}
	if err := b.putCitations(id, c); err != nil {
		return err
	}
	if err := b.putNames(id, c); err != nil {
		return err
	}
	if err := b.putSearch(id, &c.Claim, before.n); err != nil {
		return err
	}
	b.series[key(c.Claim.SeriesID)] = seriesState{seq, c.Country, c.Series}
	return nil
}

// claimRow is what a change needs to know of its claim as it was.
type claimRow struct {
	n        int64 // 0 if the claim is new
	state    sink.State
	revision int
	first    uint64
}

func (b *batch) claimBefore(id string) (claimRow, error) {
	st, err := b.stmt(`SELECT n, state, revision, first_sequence FROM claims WHERE id = ?`)
	if err != nil {
		return claimRow{}, err
	}
	var r claimRow
	err = st.QueryRowContext(b.ctx, id).Scan(&r.n, &r.state, &r.revision, &r.first)
	if errors.Is(err, sql.ErrNoRows) {
		return claimRow{}, nil
	}
	return r, err
}

func (b *batch) seen(changeID string) (bool, error) {
	st, err := b.stmt(`SELECT COUNT(*) FROM changes WHERE id = ?`)
	if err != nil {
		return false, err
	}
	var n int
	err = st.QueryRowContext(b.ctx, key(changeID)).Scan(&n)
	return n > 0, err
}

func (b *batch) putChange(c *schemas.Change, seq uint64, state sink.State) error {
	return b.upsert("changes", []string{"sequence"}, []column{
		{"sequence", int64(seq)},
		{"id", key(c.ID)},
		{"claim_id", key(c.Claim.ID)},
		{"series_id", key(c.Claim.SeriesID)},
		{"change", string(c.Change)},
		{"revision", c.Revision},
		{"known_at", instant(c.KnownAt)},
		{"country", clean(c.Country)},
		{"state", string(state)},
		{"tier", string(c.Claim.Tier)},
		{"origins", c.Claim.Corroboration.Origins},
		{"first_seen", instant(c.Claim.FirstSeen)},
		{"last_seen", instant(c.Claim.LastSeen)},
		{"cause", asJSON(&c.Cause)},
		{"record", asJSON(&c.Claim)},
	})
}

func claimColumns(c *schemas.Change, seq, first uint64, state sink.State) []column {
	cl := &c.Claim
	bare := *cl
	bare.Citations = nil
	var span schemas.Interval
	if cl.Time != nil {
		span = *cl.Time
	}
	place := ""
	if cl.Place != nil {
		place = cl.Place.Name
	}
	category := ""
	if cl.Category != nil {
		category = string(*cl.Category)
	}
	return []column{
		{"id", key(cl.ID)},
		{"series_id", key(cl.SeriesID)},
		{"state", string(state)},
		{"kind", string(cl.Kind)},
		{"measure", clean(cl.Measure)},
		{"tier", string(cl.Tier)},
		{"stability", string(cl.Stability)},
		{"text", clean(cl.Text)},
		{"value", number(cl.Value)},
		{"min", number(cl.Min)},
		{"max", number(cl.Max)},
		{"comparator", string(cl.Comparator)},
		{"unit", clean(cl.Unit)},
		{"counted", clean(cl.Counted)},
		{"per", clean(cl.Per)},
		{"category", category},
		{"predicate", clean(cl.Predicate)},
		{"modality", string(cl.Modality)},
		{"agent", entityName(cl.Agent)},
		{"victim", entityName(cl.Victim)},
		{"place", clean(place)},
		{"country", clean(c.Country)},
		{"time_start", clean(span.Start)},
		{"time_end", clean(span.End)},
		{"speaker", entityName(cl.Speaker)},
		{"content", clean(cl.Content)},
		{"cumulative", cl.Cumulative},
		{"mentions", cl.Corroboration.Mentions},
		{"articles", cl.Corroboration.Articles},
		{"publishers", cl.Corroboration.Publishers},
		{"origins", cl.Corroboration.Origins},
		{"first_seen", instant(cl.FirstSeen)},
		{"last_seen", instant(cl.LastSeen)},
		{"replaced_by", asJSON(append([]string{}, cl.ReplacedBy...))},
		{"last_change", string(c.Change)},
		{"revision", c.Revision},
		{"known_at", instant(c.KnownAt)},
		{"first_sequence", int64(first)},
		{"sequence", int64(seq)},
		{"record", asJSON(&bare)},
	}
}

// putCitations makes the stored citations those of the claim. A claim that has
// lost its last one keeps the old ones, as the proof of what it once said.
func (b *batch) putCitations(id string, c *schemas.Change) error {
	cites := c.Claim.Citations
	if len(cites) == 0 {
		return nil
	}
	if partial(&c.Claim) {
		if c.Cause.Article != nil {
			if err := b.exec(`DELETE FROM citations WHERE claim_id = ? AND article_id = ?`, id, key(c.Cause.Article.ID)); err != nil {
				return err
			}
		}
	} else if err := b.exec(`DELETE FROM citations WHERE claim_id = ?`, id); err != nil {
		return err
	}
	for i := range cites {
		if err := b.upsert("citations", citationKey, citationColumns(id, &cites[i])); err != nil {
			return err
		}
	}
	return nil
}

// partial reports whether a change carries only some of its claim's citations.
func partial(c *schemas.Claim) bool { return c.CitationCount > len(c.Citations) }

var citationKey = []string{"claim_id", "article_id", "article_version", "field", "quote_start", "quote_end", "figure_start"}

func citationColumns(id string, ct *schemas.Citation) []column {
	figure := schemas.Span{Start: -1, End: -1}
	words := ""
	if ct.Figure != nil {
		figure = *ct.Figure
		words, _ = schemas.NewOffsets(ct.Quote.Exact).Slice(ct.Quote.Exact,
			schemas.Span{Start: figure.Start - ct.Quote.Start, End: figure.End - ct.Quote.Start})
	}
	return []column{
		{"claim_id", id},
		{"article_id", key(ct.ArticleID)},
		{"article_version", key(ct.ArticleVersion)},
		{"url", clean(ct.URL)},
		{"publisher", clean(ct.Publisher.Name)},
		{"domain", clean(ct.Publisher.Domain)},
		{"published_at", instant(ct.PublishedAt)},
		{"origin", clean(ct.Origin)},
		{"source", entityName(ct.Source)},
		{"field", string(ct.Field)},
		{"quote", clean(ct.Quote.Exact)},
		{"quote_start", ct.Quote.Start},
		{"quote_end", ct.Quote.End},
		{"figure", clean(words)},
		{"figure_start", figure.Start},
		{"figure_end", figure.End},
		{"text_sha256", ct.TextSHA256},
		{"record", asJSON(ct)},
	}
}

func (b *batch) putNames(id string, c *schemas.Change) error {
	gone := `DELETE FROM names WHERE claim_id = ?`
	if partial(&c.Claim) {
		gone += ` AND role <> 'publisher'`
	}
	if err := b.exec(gone, id); err != nil {
		return err
	}
	names := sink.Names(&c.Claim, false)
	for _, ct := range c.Claim.Citations {
		names = append(names, sink.Name{Role: "publisher", ID: sink.Fold(ct.Publisher.Domain), Name: ct.Publisher.Name, Folded: sink.Fold(ct.Publisher.Name)})
	}
	for _, n := range names {
		if err := b.exec(`INSERT INTO names (claim_id, role, name_id, name, folded) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			id, n.Role, key(n.ID), clean(n.Name), key(n.Folded)); err != nil {
			return err
		}
	}
	return nil
}

// putSearch indexes the words of a claim for free text search; n is the row
// number it has, 0 if it is new.
func (b *batch) putSearch(id string, c *schemas.Claim, n int64) error {
	body := strings.Join(indexWords(c), " ")
	if b.dialect == &postgres {
		return b.exec(`UPDATE claims SET search = to_tsvector('simple', ?) WHERE id = ?`, body, id)
	}
	if n == 0 {
		return b.exec(`INSERT INTO claims_search (rowid, body) SELECT n, ? FROM claims WHERE id = ?`, body, id)
	}
	return b.exec(`INSERT OR REPLACE INTO claims_search (rowid, body) VALUES (?, ?)`, n, body)
}

// Bounds of the search index: more is no news, or no word.
const (
	maxWords   = 4000
	maxWordLen = 64
)

func indexWords(c *schemas.Claim) []string {
	words := sink.Words(sink.SearchText(c))
	for i, w := range words {
		words[i] = cut(clean(w), maxWordLen)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), maxWords)]
}

func (b *batch) putSeries(id string, st seriesState) error {
	if st.series == nil {
		return b.exec(`UPDATE series SET living = ?, sequence = ? WHERE id = ?`, false, int64(st.sequence), id)
	}
	s := st.series
	return b.upsert("series", []string{"id"}, []column{
		{"id", key(s.ID)},
		{"living", true},
		{"measure", clean(s.Measure)},
		{"text", clean(s.Text)},
		{"country", clean(st.country)},
		{"point_count", s.PointCount},
		{"conflicts", len(s.Conflicts)},
		{"first_seen", instant(s.FirstSeen)},
		{"last_seen", instant(s.LastSeen)},
		{"sequence", int64(st.sequence)},
		{"record", asJSON(s)},
	})
}

// A column is a name of this file and a value for it.
type column struct {
	name  string
	value any
}

// upsert inserts a row, or updates the one with the same key.
func (b *batch) upsert(table string, keys []string, columns []column) error {
	var names, marks, sets []string
	values := make([]any, len(columns))
	for i, c := range columns {
		names, marks, values[i] = append(names, c.name), append(marks, "?"), c.value
		if !slices.Contains(keys, c.name) {
			sets = append(sets, c.name+" = excluded."+c.name)
		}
	}
	return b.exec(`INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)
		ON CONFLICT (`+strings.Join(keys, ", ")+`) DO UPDATE SET `+strings.Join(sets, ", "), values...)
}

// clean makes s storable as text: PostgreSQL refuses NUL and bytes that are not
// UTF-8. The record beside it is JSON and holds s as exactly as JSON can.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}

// maxKey is how long an indexed value may be: PostgreSQL's limit is 2,700 bytes.
const maxKey = 300

// key returns s in the form in which it is indexed: a long one ends in a hash.
func key(s string) string {
	s = clean(s)
	if len(s) <= maxKey {
		return s
	}
	return cut(s, maxKey-40) + "…" + schemas.ID("k", s)
}

// cut returns at most n bytes of s, whole runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// instant returns the sortable form of a date or time, "" for anything else.
func instant(s string) string {
	t, _ := sink.Instant(s)
	return cut(t, 32)
}

func number(d *schemas.Decimal) any {
	if d == nil {
		return nil
	}
	return d.String()
}

func entityName(e *schemas.ClaimEntity) string {
	if e == nil {
		return ""
	}
	return clean(e.Name)
}

// asJSON returns the JSON of a record. Records hold no value that has none.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: record without JSON: " + err.Error())
	}
	return string(b)
}
