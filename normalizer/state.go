package normalizer

import (
	"bytes"
	"compress/flate"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/url"

	_ "modernc.org/sqlite" // database/sql driver "sqlite"

	"github.com/claimwire/claimwire/schemas"
)

// layout creates the tables. They are rowid tables with a unique index: random
// text keys in a WITHOUT ROWID table halve the speed of inserts.
const layout = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS input (
  position INTEGER PRIMARY KEY, article_id TEXT NOT NULL, version TEXT NOT NULL, reading TEXT NOT NULL,
  body BLOB NOT NULL, UNIQUE (article_id, version, reading));
CREATE TABLE IF NOT EXISTS review (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS claim (
  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, final INTEGER NOT NULL,
  gone TEXT NOT NULL, replaced_by TEXT NOT NULL, body BLOB);
CREATE TABLE IF NOT EXISTS outbox (position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body BLOB NOT NULL, series BLOB);
`

// openState opens the database. One connection: SQLite has one writer, and the
// state is private to it. synchronous=FULL is what makes a commit survive a power
// cut, and costs nothing next to the batch it commits.
func openState(ctx context.Context, path string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(4000)&_txlock=immediate"
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, fmt.Errorf("state %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, layout); err != nil {
		db.Close()
		return nil, fmt.Errorf("state %s: %w", path, err)
	}
	return db, nil
}

// A packer stores what a document is made of again at the next start: the
// extraction without what the normalizer does not read.
type packer struct {
	out bytes.Buffer
	w   *flate.Writer // half a megabyte of tables: made once for a batch
}

func newPacker() (*packer, error) {
	p := &packer{}
	var err error
	p.w, err = flate.NewWriter(&p.out, flate.BestSpeed)
	return p, err
}

func (p *packer) pack(e *schemas.Extraction) ([]byte, error) {
	slim := *e
	slim.Numbers, slim.Times, slim.Events = nil, nil, nil
	raw, err := json.Marshal(&slim)
	if err != nil {
		return nil, fmt.Errorf("extraction of article %s: %w", e.ArticleID, err)
	}
	p.out.Reset()
	p.w.Reset(&p.out)
	if _, err := p.w.Write(raw); err != nil {
		return nil, err
	}
	if err := p.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(p.out.Bytes()), nil
}

func unpack(b []byte) (*schemas.Extraction, error) {
	raw, err := io.ReadAll(flate.NewReader(bytes.NewReader(b)))
	if err != nil {
		return nil, err
	}
	var e schemas.Extraction
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	return &e, nil
}
