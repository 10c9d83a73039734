package store

import (
	"database/sql"
	"errors"
	"fmt"
	"unsafe"

	"github.com/claimwire/claimwire/sink"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// A direct is the connection to SQLite that batches are written through, without
// database/sql and its driver: those ask for memory for every text that a statement
// gets, twice, and look for each value among all of the statement's, which is half of
// what a short statement costs. Here the texts of a statement are copied to one piece
// of memory, which is kept. One goroutine at a time uses a direct.
type direct struct {
	tls   *libc.TLS
	db    uintptr
	stmts map[string]directStmt
	args  []value // of the statement that is run
	texts []byte  // of them; outside of Go's memory
	at    uintptr // where texts begin
}

type directStmt struct {
	handle uintptr
	args   int // how many it takes
}

// keptTexts is how much memory for texts is kept; an article may need more for a while.
const keptTexts = 1 << 20

// openDirect opens a database that is there.
func openDirect(url string, pragmas ...string) (*direct, error) {
	d := &direct{tls: libc.NewTLS(), stmts: map[string]directStmt{}}
	err := d.open(url)
	for _, p := range pragmas {
		if err == nil {
			err = d.each("PRAGMA "+p, nil, func(func(...any) error) error { return nil })
		}
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *direct) open(url string) error {
	name, err := libc.CString(url)
	if err != nil {
		return err
	}
	defer libc.Xfree(d.tls, name)
	if err := d.room(int(unsafe.Sizeof(d.db))); err != nil {
		return err
	}
	code := sqlite3.Xsqlite3_open_v2(d.tls, name, d.at, sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_NOMUTEX|sqlite3.SQLITE_OPEN_URI, 0)
	d.db = *(*uintptr)(unsafe.Pointer(&d.texts[0]))
	return d.check(code)
}

// check returns the error that a result code means, nil for none.
func (d *direct) check(code int32) error {
	switch {
	case code == sqlite3.SQLITE_OK || code == sqlite3.SQLITE_ROW || code == sqlite3.SQLITE_DONE:
		return nil
	case d.db == 0:
		return fmt.Errorf("sqlite: %s (%d)", libc.GoString(sqlite3.Xsqlite3_errstr(d.tls, code)), code)
	}
	return fmt.Errorf("sqlite: %s (%d)", libc.GoString(sqlite3.Xsqlite3_errmsg(d.tls, d.db)), sqlite3.Xsqlite3_extended_errcode(d.tls, d.db))
}

// room sees to it that texts has at least n bytes. What it held is lost.
func (d *direct) room(n int) error {
	if n <= len(d.texts) {
		return nil
	}
	d.free()
	n = max(n, 1<<14)
	if n > 1<<30 {
		return fmt.Errorf("sqlite: a statement with texts of %d bytes", n)
	}
	if d.at = sqlite3.Xsqlite3_malloc(d.tls, int32(n)); d.at == 0 {
		return fmt.Errorf("sqlite: no memory for texts of %d bytes", n)
	}
	d.texts = foreign(d.at, n)
	return nil
}

func (d *direct) free() {
	sqlite3.Xsqlite3_free(d.tls, d.at)
	d.at, d.texts = 0, nil
}

// foreign returns n bytes of memory that is not Go's.
func foreign(at uintptr, n int) []byte {
	return unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), n)
}

func (d *direct) prepared(query string) (directStmt, error) {
	if st, ok := d.stmts[query]; ok {
		return st, nil
	}
	text, err := libc.CString(query)
	if err != nil {
		return directStmt{}, err
	}
	defer libc.Xfree(d.tls, text)
	if err := d.room(int(unsafe.Sizeof(text))); err != nil {
		return directStmt{}, err
	}
	if err := d.check(sqlite3.Xsqlite3_prepare_v2(d.tls, d.db, text, -1, d.at, 0)); err != nil {
		return directStmt{}, err
	}
	st := directStmt{handle: *(*uintptr)(unsafe.Pointer(&d.texts[0]))}
	st.args = int(sqlite3.Xsqlite3_bind_parameter_count(d.tls, st.handle))
	d.stmts[query] = st
	return st, nil
}

// bind gives a statement its values, which stand in texts until it has run.
func (d *direct) bind(st directStmt, args []value) error {
	if len(args) != st.args {
		return fmt.Errorf("sqlite: %d values for a statement that takes %d", len(args), st.args)
	}
	n := 1
	for i := range args {
		n += len(args[i].words)
	}
	if err := d.room(n); err != nil {
		return err
	}
	used := 0
	for i := range args {
		at, code := int32(i+1), int32(sqlite3.SQLITE_OK)
		switch v := &args[i]; v.kind {
		case isText:
			code = sqlite3.Xsqlite3_bind_text(d.tls, st.handle, at, d.at+uintptr(used), int32(len(v.words)), 0) // 0: it is not copied
			used += copy(d.texts[used:], v.words)
		case isNull:
			code = sqlite3.Xsqlite3_bind_null(d.tls, st.handle, at)
		default:
			code = sqlite3.Xsqlite3_bind_int64(d.tls, st.handle, at, v.number)
		}
		if code != sqlite3.SQLITE_OK {
			return d.check(code)
		}
	}
	return nil
}

// exec implements [session].
func (d *direct) exec(query string, args []any) error { return d.each(query, args, nil) }

// put implements [session].
func (d *direct) put(query string, values []value) error { return d.run(query, values, nil) }

// each implements [session].
func (d *direct) each(query string, args []any, row func(scan func(dest ...any) error) error) error {
	d.args = d.args[:0]
	for _, a := range args {
		v, err := valueOf(a)
		if err != nil {
			return fmt.Errorf("sqlite: %w", err)
		}
		d.args = append(d.args, v)
	}
	return d.run(query, d.args, row)
}

func (d *direct) run(query string, args []value, row func(scan func(dest ...any) error) error) error {
	st, err := d.prepared(query)
	if err == nil {
		err = d.bind(st, args)
	}
	if err != nil {
		return err
	}
	code := sqlite3.Xsqlite3_step(d.tls, st.handle)
	for ; code == sqlite3.SQLITE_ROW && err == nil; code = sqlite3.Xsqlite3_step(d.tls, st.handle) {
		if row != nil {
			err = row(func(dest ...any) error { return d.scan(st, dest) })
		}
	}
	err = errors.Join(err, d.check(code))
	sqlite3.Xsqlite3_reset(d.tls, st.handle) // its error is that of the step
	sqlite3.Xsqlite3_clear_bindings(d.tls, st.handle)
	if len(d.texts) > keptTexts {
		d.free()
	}
	return err
}

// scan reads the columns of the row that a statement stands at.
func (d *direct) scan(st directStmt, dest []any) error {
	for i, to := range dest {
		at := int32(i)
		switch to := to.(type) {
		case *string:
			*to = string(d.text(st, at))
		case *sink.State:
			*to = sink.State(d.text(st, at))
		case *[]byte:
			*to = nil
			if sqlite3.Xsqlite3_column_type(d.tls, st.handle, at) != sqlite3.SQLITE_NULL {
				*to = append([]byte{}, d.text(st, at)...)
			}
		case *sql.NullInt64:
			to.Valid = sqlite3.Xsqlite3_column_type(d.tls, st.handle, at) != sqlite3.SQLITE_NULL
			to.Int64 = sqlite3.Xsqlite3_column_int64(d.tls, st.handle, at)
		case *int64:
			*to = sqlite3.Xsqlite3_column_int64(d.tls, st.handle, at)
		case *uint64:
			*to = uint64(sqlite3.Xsqlite3_column_int64(d.tls, st.handle, at))
		case *int:
			*to = int(sqlite3.Xsqlite3_column_int64(d.tls, st.handle, at))
		case *table:
			*to = table(sqlite3.Xsqlite3_column_int64(d.tls, st.handle, at))
		default:
			return fmt.Errorf("sqlite: a column for %T", to)
		}
	}
	return nil
}

// text returns the text of a column, until the statement goes on.
func (d *direct) text(st directStmt, at int32) []byte {
	p := sqlite3.Xsqlite3_column_text(d.tls, st.handle, at)
	if p == 0 {
		return nil
	}
	return foreign(p, int(sqlite3.Xsqlite3_column_bytes(d.tls, st.handle, at)))
}

func (d *direct) begin() error { return d.exec(`BEGIN IMMEDIATE`, nil) }

// commit implements [session].
func (d *direct) commit() error { return d.exec(`COMMIT`, nil) }

// rollback implements [session].
func (d *direct) rollback() {
	if d.db != 0 && sqlite3.Xsqlite3_get_autocommit(d.tls, d.db) == 0 {
		_ = d.exec(`ROLLBACK`, nil) // fails only if SQLite has rolled back by itself
	}
}

func (d *direct) close() error {
	for _, st := range d.stmts {
		sqlite3.Xsqlite3_finalize(d.tls, st.handle) // its error is that of the last step
	}
	var err error
	if d.db != 0 {
		err = d.check(sqlite3.Xsqlite3_close_v2(d.tls, d.db))
	}
	d.free()
	d.db = 0
	d.tls.Close()
	return err
}
