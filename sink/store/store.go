// Package store keeps articles, claims, their citations, series and changes in a
// SQL database: SQLite for one machine, PostgreSQL for several.
//
// The same tables and views stand in both; schema.sql documents every column. A
// journalist would start at the views:
//
//	SELECT published_at, publisher, source, value, comparator, quote
//	FROM figures WHERE measure = 'person-killed' AND country = 'TR' ORDER BY published_at;
//
//	SELECT as_of, value, comparator, superseded FROM series_points WHERE series_id = '…';
//
// Nothing is deleted: a claim that was merged, withdrawn or retracted keeps its
// row, with its state and what replaced it. What a batch stores and the stream
// positions that go with it are one transaction. SQLite runs with a write-ahead
// log, so other programs can open the file for reading at any time, and with
// synchronous=NORMAL: a power cut may take back the last batches, whole ones and with
// them the positions, so that they are read from the streams again. Those are synced
// before anything is read from them, and keep records for longer than a system keeps
// writes to itself.
//
// A change carries at most 20 citations of its claim. If a claim has more, the
// store keeps those it knows from earlier changes, and lets go of the ones of the
// article that caused the change and that the claim no longer has.
//
// What belongs to a claim refers to it by its number n, in tables that are made for
// writing: proofs, parts and name_list, history. The views citations, names and changes
// have it by the claim's id, as everybody else should read it.
//
// Changes are stored as differences. A citation stands once and has a number within
// its claim, which the changes that carry it list; those that a claim has no longer
// stand apart. Column record of a claim or a change holds the members that differ
// from those of the whole record of the change based_on.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Config configures a [Store].
type Config struct {
	Location string // required: path of a SQLite file, or a postgres:// URL
	ReadOnly bool   // open an existing database for reading alone; Write then fails

	// Still, with ReadOnly, lets a SQLite database be read in a folder that one may not
	// write to, for a short time in which nobody writes it: its readers do without locks.
	Still bool
}

// Streams are the streams that a [Store] keeps.
var Streams = []string{schemas.StreamArticles, schemas.StreamClaims, schemas.StreamReviews}

// A Store is a [sink.Sink] that keeps [Streams], and a [sink.Reader].
type Store struct {
	dialect   *dialect
	file      string  // SQLite: its absolute path
	write     *sql.DB // nil if read-only
	read      *sql.DB
	memory    *memory // of Write
	direct    *direct // SQLite: the connection of Write; nil before the first
	inserts   map[insertName]string
	refresh   string     // statement of batch.refresh
	batchRows *batchRows // of one batch after another
}

var (
	_ sink.Sink   = (*Store)(nil)
	_ sink.Reader = (*Store)(nil)
)

// Open opens or creates the database that cfg names and brings its schema up to
// date.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Location == "" {
		return nil, errors.New("store: no location")
	}
	s, err := open(ctx, cfg)
	if unwritable(err) && cfg.ReadOnly {
		path, wal := cfg.Location, cfg.Location+"-wal"
		switch info, statErr := os.Stat(wal); {
		case statErr == nil && info.Size() > 0:
			err = fmt.Errorf("%w: this user may not write in %s, and %s has changes that are not in %s yet: read as the user who runs claimwire, or copy both files",
				err, filepath.Dir(path), filepath.Base(wal), filepath.Base(path))
		case cfg.Still:
			return open(ctx, cfg, "immutable=1")
		default:
			err = fmt.Errorf("%w: a reader of SQLite needs to write in %s: run as the user who runs claimwire", err, filepath.Dir(path))
		}
	}
	return s, err
}

func open(ctx context.Context, cfg Config, params ...string) (*Store, error) {
	d, write, read, err := connect(cfg.Location, cfg.ReadOnly, params...)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{dialect: d, write: write, read: read, memory: newMemory(), inserts: map[insertName]string{}, batchRows: newBatchRows()}
	if err := s.prepare(ctx, cfg); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), s.Close())
	}
	return s, nil
}

// unwritable reports whether SQLite had to write to a file or folder and may not.
func unwritable(err error) bool {
	var e *driver.Error
	if !errors.As(err, &e) {
		return false
	}
	primary := e.Code() & 0xff
	return primary == sqlite3.SQLITE_READONLY || primary == sqlite3.SQLITE_CANTOPEN
}

func (s *Store) prepare(ctx context.Context, cfg Config) error {
	if cfg.ReadOnly {
		s.write = nil
		var version int
		return s.read.QueryRowContext(ctx, `SELECT MAX(version) FROM schema_version`).Scan(&version)
	}
	if s.dialect == &sqlite {
		var err error
		if s.file, err = filepath.Abs(cfg.Location); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(cfg.Location), 0o755); err != nil {
			return err
		}
	}
	return s.dialect.migrate(ctx, s.write)
}

// Position implements [sink.Sink].
func (s *Store) Position(ctx context.Context, stream string) (uint64, error) {
	return s.position(ctx, s.read, stream)
}

// A querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (s *Store) position(ctx context.Context, q querier, stream string) (uint64, error) {
	var seq int64
	err := q.QueryRowContext(ctx, s.dialect.bind(`SELECT sequence FROM positions WHERE stream = ?`), stream).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return uint64(seq), err
}

// Close implements [sink.Sink].
func (s *Store) Close() error {
	if s.dialect == &postgres {
		return s.read.Close()
	}
	err := s.read.Close()
	if s.direct != nil {
		_ = s.direct.exec(`PRAGMA optimize`, nil) // for the next start; its failure changes nothing
		err = errors.Join(err, s.direct.close())
	}
	if s.write != nil { // the last to close takes the write-ahead log into the file
		err = errors.Join(err, s.write.Close())
	}
	return err
}

// Write implements [sink.Sink].
func (s *Store) Write(ctx context.Context, records []sink.Record) error {
	if s.write == nil {
		return errors.New("store: opened for reading alone")
	}
	if err := s.writeAll(ctx, records); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func (s *Store) writeAll(ctx context.Context, records []sink.Record) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		tx.rollback() // no effect after commit
		if err != nil {
			s.memory.forget()
		}
	}()
	b := newBatch(tx, s)
	for _, stream := range Streams {
		if b.positions[stream], err = b.position(stream); err != nil {
			return err
		}
	}
	s.memory.check(b.positions)
	if err := errors.Join(b.recall(records), b.recallSeries(records)); err != nil {
		return err
	}
	for i := range records {
		if err := b.record(&records[i]); err != nil {
			return fmt.Errorf("record %d of %s: %w", records[i].Sequence, records[i].Stream, err)
		}
	}
	if !b.changed {
		return nil
	}
	if err := b.finish(); err != nil {
		return err
	}
	if err := tx.commit(); err != nil {
		return err
	}
	b.remember()
	return nil
}

// begin starts the transaction of a batch. SQLite has one writer; PostgreSQL's wait for
// each other, so that what one knows of a claim is what the other left.
func (s *Store) begin(ctx context.Context) (session, error) {
	if s.dialect == &sqlite {
		if s.direct == nil {
			var err error
			if s.direct, err = openDirect(sqliteURL(s.file), writerPragmas...); err != nil {
				return nil, err
			}
		}
		return s.direct, s.direct.begin()
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err = tx.ExecContext(ctx, s.dialect.writers); err != nil {
		_ = tx.Rollback() // the server lets go of it with the connection too
		return nil, err
	}
	return newPooled(ctx, tx, s.dialect), nil
}
