package store

import (
	"cmp"
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
	ids       map[string]bool        // ids of changes
	seenAt    map[seenKey]string     // since when it is known
	makers    map[string]string      // records of made_by, by id
	json      []byte                 // for asJSON
	hashes    []uint64               // for contents
	members   []uint64               // for say and tell
	before    []uint64               // for tell
	numbers   []int64                // for new claims
	lastName  int64                  // SQLite: greatest row number of a name; 0 if not known
	words     map[string]bool        // for indexWords
	row       []column               // for rows that are made in parts
	rows      *batchRows             // that finish puts down
	search    []indexed              // words that it indexes
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
		rows: s.batchRows.begin(), claims: map[string]*pending{}, series: map[string]seriesState{}, past: map[string]*seriesPast{}, ids: map[string]bool{}, seenAt: map[seenKey]string{}, makers: map[string]string{},
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
	// New rows of claims, and of what refers to them by number, then come at the end.
	inOrder := slices.SortedFunc(maps.Keys(b.claims), func(x, y string) int {
		return cmp.Or(cmp.Compare(b.claims[x].n, b.claims[y].n), strings.Compare(x, y))
	})
	for _, id := range inOrder {
		if err := b.putClaim(id, b.claims[id]); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(b.series)) {
		if err := b.putSeries(id, b.series[id]); err != nil {
			return err
		}
	}
	b.putSeen()
	for _, t := range b.rows.all() {
		if err := b.insert(t); err != nil {
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
	err := b.putNow("articles", []string{"id", "version"}, []column{
		{"id", textOf(key(a.ID))},
		{"version", textOf(key(a.Version))},
		{"sequence", numberOf(seq)},
		{"url", textOf(clean(a.Address()))},
		{"title", textOf(clean(a.Title))},
		{"byline", textOf(clean(a.Byline))},
		{"publisher", textOf(key(a.Publisher.Name))},
		{"domain", textOf(key(a.Publisher.Domain))},
		{"published_at", textOf(instant(a.PublishedAt))},
		{"language", textOf(clean(a.Language))},
		{"text", textOf(text)},
		{"text_sha256", textOf(a.TextSHA256)},
		{"record", textOf(b.asJSON(&rest))},
	})
	if err != nil {
		return err
	}
	return b.putTitle(a)
}

func (b *batch) review(r *schemas.Review, seq uint64) error {
	return b.putNow("reviews", []string{"id"}, []column{
		{"id", textOf(key(r.ID))},
		{"sequence", numberOf(seq)},
		{"at", textOf(instant(r.At.UTC().Format(time.RFC3339Nano)))},
		{"by", textOf(clean(r.By))},
		{"why", textOf(clean(r.Why))},
		{"action", textOf(r.Action)},
		{"slot", textOf(clean(r.Slot))},
		{"source", textOf(clean(r.Source))},
		{"article_id", textOf(key(r.Anchor.ArticleID))},
		{"text_sha256", textOf(key(r.Anchor.TextSHA256))},
		{"record", textOf(plainJSON(r))},
	})
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

// insert inserts rows, or updates those with the same key.
func (b *batch) insert(t *tableRows) error {
	width := len(t.columns)
	for values := t.values; len(values) > 0; {
		n := b.dialect.rowsAtOnce()
		for n*width > len(values) { // few sizes, so that statements are met again
			n /= 2
		}
		name := insertName{t.table, n}
		if b.store.inserts[name] == "" {
			b.store.inserts[name] = insertion(t, n)
		}
		if err := b.tx.put(b.store.inserts[name], values[:n*width]); err != nil {
			return err
		}
		values = values[n*width:]
	}
	return nil
}

// An insertName tells the statements of insert apart: tables always get the same columns.
type insertName struct {
	table string
	rows  int
}

// insertion is the statement that inserts n rows of t.
func insertion(t *tableRows, n int) string {
	var sets []string
	for _, name := range t.columns {
		switch {
		case slices.Contains(t.keys, name) || t.table == "claims" && name == "n":
		case t.table == "seen": // the earliest
			sets = append(sets, name+" = CASE WHEN seen."+name+" < excluded."+name+" THEN seen."+name+" ELSE excluded."+name+" END")
		default:
			sets = append(sets, name+" = excluded."+name)
		}
	}
	into := `(` + strings.Join(t.columns, ", ") + `) VALUES ` + strings.TrimSuffix(strings.Repeat("("+marks(len(t.columns))+"), ", n), ", ")
	into += ` ON CONFLICT (` + strings.Join(t.keys, ", ") + `) DO `
	if len(sets) == 0 {
		return `INSERT INTO ` + t.table + ` ` + into + `NOTHING`
	}
	return `INSERT INTO ` + t.table + ` ` + into + `UPDATE SET ` + strings.Join(sets, ", ")
}

// asJSON returns the JSON of a record.
func (b *batch) asJSON(v interface{ AppendJSON([]byte) []byte }) string {
	b.json = v.AppendJSON(b.json[:0])
	return string(b.json)
}
