package normalizer

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/klauspost/compress/s2"
	_ "modernc.org/sqlite" // database/sql driver "sqlite"

	"github.com/claimwire/claimwire/schemas"
)

// layoutVersion changes with the tables. Older files are not converted: the state
// is rebuilt from the streams.
const layoutVersion = 3

// layout creates the tables. They are rowid tables with a unique index: random
// text keys in a WITHOUT ROWID table halve the speed of inserts. The series of a
// change stands beside it, once for all changes that have the same one.
const layout = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS input (
  position INTEGER PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL, reading TEXT NOT NULL,
  body BLOB NOT NULL, UNIQUE (article_id, version, reading));
CREATE TABLE IF NOT EXISTS review (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS claim (
  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, final INTEGER NOT NULL, print INTEGER NOT NULL,
  gone TEXT NOT NULL, replaced_by TEXT NOT NULL, body BLOB);
CREATE TABLE IF NOT EXISTS outbox (position INTEGER PRIMARY KEY, series INTEGER, body BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS outbox_by_series ON outbox (series);
CREATE TABLE IF NOT EXISTS outbox_series (position INTEGER PRIMARY KEY, body BLOB NOT NULL);
`

// openState opens the database. One connection: SQLite has one writer, and the
// state is private to it. synchronous=FULL is what makes a commit survive a power
// cut, and costs nothing next to the batch it commits.
func openState(ctx context.Context, path string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(4000)&_pragma=cache_size(-65536)&_txlock=immediate"
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("state %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if err := setUp(ctx, db); err != nil {
		db.Close()
		return nil, fmt.Errorf("state %s: %w", path, err)
	}
	return db, nil
}

func setUp(ctx context.Context, db *sql.DB) error {
	var version, tables int
	if err := db.QueryRowContext(ctx, `SELECT (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_master)`).Scan(&version, &tables); err != nil {
		return err
	}
	if tables > 0 && version != layoutVersion {
		return fmt.Errorf("layout %d, this program has %d: move the file away, and it is made again from the streams", version, layoutVersion)
	}
	_, err := db.ExecContext(ctx, layout+fmt.Sprintf("PRAGMA user_version = %d;", layoutVersion))
	return err
}

// A packer stores what a document is made of again at the next start: the
// extraction without what the normalizer does not read.
type packer struct{ raw []byte }

func (p *packer) pack(e *schemas.Extraction) []byte {
	slim := *e
	slim.Numbers, slim.Times, slim.Events = nil, nil, nil
	p.raw = slim.AppendJSON(p.raw[:0])
	return s2.Encode(nil, p.raw)
}

func unpack(b []byte) (*schemas.Extraction, error) {
	raw, err := s2.Decode(nil, b)
	if err != nil {
		return nil, err
	}
	var e schemas.Extraction
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	return &e, nil
}
