package store

import (
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
	tx        session
	store     *Store
	dialect   *dialect
	positions map[string]uint64
	changed   bool
	claims    map[string]*pending    // what the batch makes of each claim
	series    map[string]seriesState // the last state of each series in the batch
	past      map[string]*seriesPast // what is known of each series before its next change
	changes   [][]column             // rows of changes
	ids       map[string]bool        // ids of changes
	seenAt    map[seenKey]string     // since when it is known
	makers    map[string]string      // records of made_by, by id
	json      []byte                 // for asJSON
	hashes    []uint64               // for contents
	members   []uint64               // for hashMembers
	numbers   []int64                // for new claims
	words     map[string]bool        // for indexWords
	rows      struct {               // that finish puts down
		claims, proofs, past, parts, series [][]column
		search                              []indexed
	}
}

type seriesState struct {
	sequence uint64
	country  string
	living   bool            // a claim is left in it
	series   *schemas.Series // as last seen with a claim; nil if the batch has not seen it so
}

func newBatch(tx session, s *Store) *batch {
	return &batch{
		tx: tx, store: s, dialect: s.dialect, positions: map[string]uint64{},
		claims: map[string]*pending{}, series: map[string]seriesState{}, past: map[string]*seriesPast{}, ids: map[string]bool{}, seenAt: map[seenKey]string{}, makers: map[string]string{},
	}
}

func (b *batch) exec(query string, args ...any) error { return b.tx.exec(query, args) }

// position returns how far a stream is stored.
func (b *batch) position(stream string) (seq uint64, err error) {
	err = b.tx.each(`SELECT sequence FROM positions WHERE stream = ?`, []any{stream}, func(scan func(...any) error) error { return scan(&seq) })
	return seq, err
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
	for _, t := range []struct {
		table string
		keys  []string
		rows  [][]column
	}{
		{"history", []string{"sequence"}, b.changes},
		{"claims", []string{"id"}, b.rows.claims},
		{"proofs", []string{"n"}, b.rows.proofs},
		{"past_proofs", []string{"n"}, b.rows.past},
		{"parts", []string{"name", "claim"}, b.rows.parts},
		{"seen", []string{"last_seen", "claim_id"}, b.seenRows()},
		{"series", []string{"id"}, b.rows.series},
	} {
		if err := b.insert(t.table, t.keys, t.rows); err != nil {
			return err
		}
	}
	if err := b.putSearch(); err != nil {
		return err
	}
	for id, record := range b.makers {
		if err := b.exec(`INSERT INTO made_by (id, record) VALUES (?, ?) ON CONFLICT (id) DO NOTHING`, id, record); err != nil {
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

// madeBy notes the maker of a record and returns its id.
func (b *batch) madeBy(m *schemas.MadeBy) string {
	last := &b.store.memory.maker
	if last.id == "" || m.Program != last.made.Program || m.NLP != last.made.NLP || !maps.Equal(m.Models, last.made.Models) {
		last.made, last.record = *m, b.asJSON(m)
		last.id = schemas.ID("m", last.record)
	}
	b.makers[last.id] = last.record
	return last.id
}

func (b *batch) article(a *schemas.Article, seq uint64) error {
	rest := *a
	text := clean(a.Text)
	if text == a.Text {
		rest.Text = ""
	} // else only the record has it exactly
	err := b.upsert("articles", []string{"id", "version"}, []column{
		{"id", key(a.ID)},
		{"version", key(a.Version)},
		{"sequence", int64(seq)},
		{"url", clean(a.Address())},
		{"title", clean(a.Title)},
		{"byline", clean(a.Byline)},
		{"publisher", key(a.Publisher.Name)},
		{"domain", key(a.Publisher.Domain)},
		{"published_at", instant(a.PublishedAt)},
		{"language", clean(a.Language)},
		{"text", text},
		{"text_sha256", a.TextSHA256},
		{"record", b.asJSON(&rest)},
	})
	if err != nil {
		return err
	}
	return b.putTitle(a)
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
		{"record", plainJSON(r)},
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

// rowsAtOnce is how many rows one statement inserts at most, a power of two. It saves
// PostgreSQL round trips; with SQLite many rows cost more than many statements: it
// keeps a journal of each, and the driver looks for every value among all.
func (d *dialect) rowsAtOnce() int {
	if d == &postgres {
		return 32
	}
	return 1
}

// insert inserts rows, or updates those with the same key. All have the same columns,
// and no two the same key unless that is all that they have.
func (b *batch) insert(table string, keys []string, rows [][]column) error {
	for len(rows) > 0 {
		n := b.dialect.rowsAtOnce()
		for n > len(rows) { // few sizes, so that statements are met again
			n /= 2
		}
		values := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			for _, c := range row {
				values = append(values, c.value)
			}
		}
		name := insertName{table, n}
		if b.store.inserts[name] == "" {
			b.store.inserts[name] = insertion(table, keys, rows[0], n)
		}
		if err := b.exec(b.store.inserts[name], values...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// An insertName tells the statements of insert apart: tables always get the same columns.
type insertName struct {
	table string
	rows  int
}

// insertion is the statement that inserts n rows with the columns of one.
func insertion(table string, keys []string, row []column, n int) string {
	var names, sets []string
	for _, c := range row {
		names = append(names, c.name)
		switch {
		case slices.Contains(keys, c.name) || table == "claims" && c.name == "n":
		case table == "seen": // the earliest
			sets = append(sets, c.name+" = CASE WHEN seen."+c.name+" < excluded."+c.name+" THEN seen."+c.name+" ELSE excluded."+c.name+" END")
		default:
			sets = append(sets, c.name+" = excluded."+c.name)
		}
	}
	into := `(` + strings.Join(names, ", ") + `) VALUES ` + strings.TrimSuffix(strings.Repeat("("+marks(len(row))+"), ", n), ", ")
	into += ` ON CONFLICT (` + strings.Join(keys, ", ") + `) DO `
	if len(sets) == 0 {
		return `INSERT INTO ` + table + ` ` + into + `NOTHING`
	}
	return `INSERT INTO ` + table + ` ` + into + `UPDATE SET ` + strings.Join(sets, ", ")
}

// asJSON returns the JSON of a record.
func (b *batch) asJSON(v interface{ AppendJSON([]byte) []byte }) string {
	b.json = v.AppendJSON(b.json[:0])
	return string(b.json)
}
