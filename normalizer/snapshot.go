package normalizer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Snapshot copies a state in SQLite into a new file, also while a Normalizer has it
// open, and returns the position in the stream of extractions that the copy has
// reached. The copy holds everything that claims are made of: a Normalizer that opens
// it needs of the stream only what came after. PostgreSQL has pg_dump for this.
func Snapshot(ctx context.Context, location, to string) (sequence uint64, err error) {
	if IsPostgres(location) {
		return 0, errors.New("a state in PostgreSQL is copied by pg_dump")
	}
	if _, err := os.Stat(location); err != nil {
		return 0, fmt.Errorf("state: %w", err)
	}
	if _, err := os.Stat(to); err == nil {
		return 0, fmt.Errorf("snapshot %s: the file exists", to)
	}
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, fmt.Errorf("snapshot: %w", err)
	}
	if sequence, err = copyState(ctx, location, part); err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		return 0, fmt.Errorf("snapshot of %s: %w", location, errors.Join(err, os.RemoveAll(part)))
	}
	return sequence, nil
}

// copyState writes the copy, and reads the position out of it.
func copyState(ctx context.Context, location, part string) (uint64, error) {
	open := func(path, params string) (*sql.DB, error) {
		u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "_pragma=busy_timeout(5000)" + params}
		return sql.Open("sqlite", u.String())
	}
	vacuum := func(params string) error {
		db, err := open(location, params)
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, `VACUUM INTO ?`, part)
		return errors.Join(err, db.Close())
	}
	err := vacuum("")
	if e := new(driver.Error); errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_READONLY || e.Code()&0xff == sqlite3.SQLITE_CANTOPEN) {
		if _, wal := os.Stat(location + "-wal"); errors.Is(wal, os.ErrNotExist) { // a folder that one may only read, and that nobody writes
			err = vacuum("&mode=ro&immutable=1")
		}
	}
	if err != nil {
		return 0, err
	}
	f, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return 0, err
	}
	plain, err := open(part, "")
	if err != nil {
		return 0, err
	}
	defer plain.Close()
	text, err := (&database{DB: plain, dialect: sqlite}).meta(ctx, "sequence")
	if err != nil || text == "" {
		return 0, err
	}
	return strconv.ParseUint(text, 10, 64)
}
