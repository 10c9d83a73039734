package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

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
	claims    map[string]*pending    // what the batch makes of each claim
	series    map[string]seriesState // the last state of each series in the batch
	changes   [][]column             // rows of changes
	ids       map[string]bool        // ids of changes
}

type seriesState struct {
	sequence uint64
	country  string
	living   bool            // a claim is left in it
	series   *schemas.Series // as last seen with a claim; nil if the batch has not seen it so
}

func newBatch(ctx context.Context, tx *sql.Tx, d *dialect) *batch {
	return &batch{
		ctx: ctx, tx: tx, dialect: d, stmts: map[string]*sql.Stmt{}, positions: map[string]uint64{},
		claims: map[string]*pending{}, series: map[string]seriesState{}, ids: map[string]bool{},
	}
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
	case r.Stream == schemas.StreamReviews && r.Review != nil:
		err = b.review(r.Review, r.Sequence)
	default:
		err = errors.Join(errors.New("carries nothing"), schemas.ErrMalformed)
	}
	b.positions[r.Stream], b.changed = r.Sequence, true
	return err
}

// finish puts down the claims, series and positions that the batch arrived at.
func (b *batch) finish() error {
	if err := b.insert("changes", []string{"sequence"}, b.changes); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(b.claims)) {
		if err := b.putClaim(id, b.claims[id]); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.series)) {
		if err := b.putSeries(id, b.series[id]); err != nil {
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

func (b *batch) review(r *schemas.Review, seq uint64) error {
	return b.upsert("reviews", []string{"id"}, []column{
		{"id", key(r.ID)},
		{"sequence", int64(seq)},
		{"at", instant(r.At.UTC().Format(time.RFC3339Nano))},
		{"by", clean(r.By)},
		{"why", clean(r.Why)},
		{"action", string(r.Action)},
		{"slot", clean(r.Slot)},
		{"source", clean(r.Source)},
		{"article_id", key(r.Anchor.ArticleID)},
		{"text_sha256", key(r.Anchor.TextSHA256)},
		{"record", asJSON(r)},
	})
}

// A column is the name of a column and a value for it. Names come from this
// package alone.
type column struct {
	name  string
	value any
}

// upsert inserts a row, or updates the one with the same key.
func (b *batch) upsert(table string, keys []string, row []column) error {
	return b.insert(table, keys, [][]column{row})
}

// rowsAtOnce is how many rows one statement inserts.
const rowsAtOnce = 32

// insert inserts rows, or updates those with the same key. All have the same
// columns, and no two the same key.
func (b *batch) insert(table string, keys []string, rows [][]column) error {
	for part := range slices.Chunk(rows, rowsAtOnce) {
		var names, sets, tuples []string
		var values []any
		for _, c := range part[0] {
			names = append(names, c.name)
			if !slices.Contains(keys, c.name) {
				sets = append(sets, c.name+" = excluded."+c.name)
			}
		}
		for _, row := range part {
			tuples = append(tuples, "("+marks(len(row))+")")
			for _, c := range row {
				values = append(values, c.value)
			}
		}
		if err := b.exec(`INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES `+strings.Join(tuples, ", ")+`
			ON CONFLICT (`+strings.Join(keys, ", ")+`) DO UPDATE SET `+strings.Join(sets, ", "), values...); err != nil {
			return err
		}
	}
	return nil
}
