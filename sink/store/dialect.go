package store

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

//go:embed schema.sql
var schemaSQL string

// reviewsSQL is the second version of the schema.
//
//go:embed reviews.sql
var reviewsSQL string

// compactSQL is the third version of the schema.
//
//go:embed compact.sql
var compactSQL string

// articlesSQL is the fourth version of the schema.
//
//go:embed articles.sql
var articlesSQL string

// leanSQL is the fifth version of the schema, with a part for each database.
var (
	//go:embed lean.sql
	leanSQL string
	//go:embed lean_sqlite.sql
	leanSQLite string
	//go:embed lean_postgres.sql
	leanPostgres string
)

// historySQL is the sixth version of the schema.
//
//go:embed history.sql
var historySQL string

// A dialect is what differs between the two databases.
type dialect struct {
	name       string
	types      *strings.Replacer // for schema.sql
	extra      string            // what schema.sql cannot say for both: free text search, series_points
	titles     string            // what articles.sql cannot say for both: search in titles
	lock       string            // keeps two processes from migrating at once
	numbered   bool              // placeholders are $1, $2, … and not ?
	searchIn   string            // condition on claims c that free text matches
	titleIn    string            // condition on articles a whose titles free text matches
	searchTerm func(words []string) string
	readTx     *sql.TxOptions // one consistent snapshot
}

var sqlite = dialect{
	name:  "sqlite",
	types: strings.NewReplacer("{serial}", "INTEGER PRIMARY KEY", "{text}", "TEXT", "{number}", "NUMERIC", "{bool}", "INTEGER"),
	extra: `
CREATE VIRTUAL TABLE claims_search USING fts5(body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
CREATE VIEW series_points AS
	SELECT s.id AS series_id, s.text AS series, s.measure, p.value ->> 'as_of' AS as_of, p.value ->> 'value' AS value,
		p.value ->> 'min' AS min, p.value ->> 'max' AS max, p.value ->> 'comparator' AS comparator, p.value ->> 'modality' AS modality,
		p.value ->> 'tier' AS tier, p.value ->> 'superseded' AS superseded, p.value ->> 'claim' AS claim_id
	FROM series s, json_each(s.record, '$.points') p WHERE s.living;`,
	// Of articles that are stored already the tokenizer takes the accents off.
	titles: `
CREATE VIRTUAL TABLE articles_search USING fts5(body, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
INSERT INTO articles_search (rowid, body) SELECT n, title FROM articles;`,
	titleIn:  `a.n IN (SELECT rowid FROM articles_search WHERE articles_search MATCH ?)`,
	searchIn: `c.n IN (SELECT rowid FROM claims_search WHERE claims_search MATCH ?)`,
	searchTerm: func(words []string) string {
		for i, w := range words {
			words[i] = `"` + w + `"` // words are letters and digits only
		}
		return strings.Join(words, " ") + "*"
	},
}

var postgres = dialect{
	name:  "postgres",
	types: strings.NewReplacer("{serial}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "{text}", `TEXT COLLATE "C"`, "{number}", "NUMERIC", "{bool}", "BOOLEAN"),
	extra: `
ALTER TABLE claims ADD COLUMN search TSVECTOR;
CREATE INDEX claims_search ON claims USING GIN (search);
CREATE VIEW series_points AS
	SELECT s.id AS series_id, s.text AS series, s.measure, p ->> 'as_of' AS as_of, (p ->> 'value')::NUMERIC AS value,
		(p ->> 'min')::NUMERIC AS min, (p ->> 'max')::NUMERIC AS max, p ->> 'comparator' AS comparator, p ->> 'modality' AS modality,
		p ->> 'tier' AS tier, (p ->> 'superseded')::BOOLEAN AS superseded, p ->> 'claim' AS claim_id
	FROM series s, json_array_elements(s.record::JSON -> 'points') p WHERE s.living;`,
	titles: `
ALTER TABLE articles ADD COLUMN search TSVECTOR;
UPDATE articles SET search = to_tsvector('simple', title);
CREATE INDEX articles_search ON articles USING GIN (search);`,
	titleIn:  `a.search @@ to_tsquery('simple', ?)`,
	lock:     `SELECT pg_advisory_xact_lock(7167217)`,
	numbered: true,
	searchIn: `c.search @@ to_tsquery('simple', ?)`,
	searchTerm: func(words []string) string {
		return strings.Join(words, " & ") + ":*"
	},
	readTx: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
}

// bind puts the placeholders of query into the form of the dialect. Queries
// contain no other question marks.
func (d *dialect) bind(query string) string {
	if !d.numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); i++ {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// connect opens the pools for writing and for reading.
func connect(location string, readOnly bool) (d *dialect, write, read *sql.DB, err error) {
	if strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://") {
		db, err := sql.Open("pgx", location)
		if err != nil {
			return nil, nil, nil, err
		}
		db.SetMaxOpenConns(16)
		return &postgres, db, db, nil
	}
	path, err := filepath.Abs(location)
	if err != nil {
		return nil, nil, nil, err
	}
	if !readOnly {
		if write, err = sql.Open("sqlite", sqliteURL(path, "_txlock=immediate", "_pragma=journal_mode(WAL)", "_pragma=synchronous(NORMAL)",
			"_pragma=cache_size(-65536)", "_pragma=wal_autocheckpoint(4000)")); err != nil {
			return nil, nil, nil, err
		}
		write.SetMaxOpenConns(1)
	}
	if read, err = sql.Open("sqlite", sqliteURL(path, "mode=ro", "_pragma=query_only(1)", "_pragma=cache_size(-16384)", "_pragma=mmap_size(268435456)")); err != nil {
		return nil, nil, nil, err
	}
	read.SetMaxOpenConns(8)
	return &sqlite, write, read, nil
}

func sqliteURL(path string, params ...string) string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "_pragma=busy_timeout(5000)&" + strings.Join(params, "&")}
	return u.String()
}

// migrations are applied in order, each in a transaction of its own.
func (d *dialect) migrations() []string {
	return []string{d.types.Replace(schemaSQL) + d.extra, d.types.Replace(reviewsSQL), d.types.Replace(compactSQL), d.types.Replace(articlesSQL) + d.titles, d.types.Replace(leanSQL) + d.lean(), d.types.Replace(historySQL)}
}

func (d *dialect) lean() string {
	if d == &postgres {
		return leanPostgres
	}
	return leanSQLite
}

// migrate brings the database to the newest schema.
func (d *dialect) migrate(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)`); err != nil {
		return err
	}
	for {
		done, err := d.migrateOne(ctx, db)
		if err != nil || done {
			return err
		}
	}
}

func (d *dialect) migrateOne(ctx context.Context, db *sql.DB) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback() // no effect after Commit
	if d.lock != "" {
		if _, err := tx.ExecContext(ctx, d.lock); err != nil {
			return false, err
		}
	}
	var version int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&version); err != nil {
		return false, err
	}
	all := d.migrations()
	switch {
	case version == len(all):
		return true, nil
	case version > len(all):
		return false, fmt.Errorf("schema version %d is newer than this program, which knows %d", version, len(all))
	}
	if _, err := tx.ExecContext(ctx, all[version]); err != nil {
		return false, fmt.Errorf("migration %d: %w", version+1, err)
	}
	if _, err := tx.ExecContext(ctx, d.bind(`INSERT INTO schema_version (version) VALUES (?)`), version+1); err != nil {
		return false, err
	}
	return false, tx.Commit()
}
