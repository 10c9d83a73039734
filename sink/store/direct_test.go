package store

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/sink"
)

func openTestDirect(t *testing.T) *direct {
	path := filepath.Join(t.TempDir(), "a b?c.db")
	db, err := sql.Open("sqlite", sqliteURL(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE t (a, b UNIQUE)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := openDirect(sqliteURL(path), writerPragmas...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestDirect: values come back as they went in, also long ones, and what is rolled back is gone.
func TestDirect(t *testing.T) {
	d := openTestDirect(t)
	long := strings.Repeat("long ", keptTexts/4)
	for i, v := range []any{"", "nul \x00 inside", "broken \xff", long, "short", int64(-1 << 60), 7, true, nil} {
		if err := d.begin(); err != nil {
			t.Fatal(err)
		}
		if err := d.exec(`INSERT INTO t (a, b) VALUES (?, ?)`, []any{v, i}); err != nil {
			t.Fatal(err)
		}
		if err := d.commit(); err != nil {
			t.Fatal(err)
		}
		d.rollback() // without effect
		var text string
		var bytes []byte
		var number sql.NullInt64
		var n int
		err := d.each(`SELECT a, a, a, b FROM t WHERE b = ?`, []any{i}, func(scan func(...any) error) error { return scan(&text, &bytes, &number, &n) })
		if err != nil || n != i {
			t.Fatalf("row %d: %d, %v", i, n, err)
		}
		switch v := v.(type) {
		case string:
			if text != v || string(bytes) != v {
				t.Errorf("%q is %q, %q", v, text, bytes)
			}
		case int64:
			if number.Int64 != v || !number.Valid {
				t.Errorf("%d is %v", v, number)
			}
		case nil:
			if number.Valid || bytes != nil || text != "" {
				t.Errorf("nothing is %v, %v, %q", number, bytes, text)
			}
		}
	}
	if len(d.texts) > keptTexts {
		t.Errorf("%d bytes are kept for texts", len(d.texts))
	}
	if err := d.begin(); err != nil {
		t.Fatal(err)
	}
	if err := d.exec(`DELETE FROM t`, nil); err != nil {
		t.Fatal(err)
	}
	d.rollback()
	var n int
	if err := d.each(`SELECT COUNT(*) FROM t`, nil, func(scan func(...any) error) error { return scan(&n) }); err != nil || n != 9 {
		t.Errorf("%d rows after a rollback, %v", n, err)
	}
}

// TestDirectErrors: each error says what SQLite says, and the connection goes on.
func TestDirectErrors(t *testing.T) {
	d := openTestDirect(t)
	for _, tt := range []struct {
		query string
		args  []any
		want  string
	}{
		{`INSERT INTO nowhere VALUES (1)`, nil, "no such table"},
		{`INSERT INTO t (a) VALUES (?)`, nil, "0 values for a statement that takes 1"},
		{`INSERT INTO t (a) VALUES (?)`, []any{1, 2}, "2 values for a statement that takes 1"},
		{`INSERT INTO t (a) VALUES (?)`, []any{struct{}{}}, "a value of type struct {}"},
		{`COMMIT`, nil, "no transaction is active"},
	} {
		if err := d.exec(tt.query, tt.args); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.query, err, tt.want)
		}
	}
	insert := func() error { return d.exec(`INSERT INTO t (a, b) VALUES ('x', 1)`, nil) }
	if err := insert(); err != nil {
		t.Fatal(err)
	}
	if err := insert(); err == nil || !strings.Contains(err.Error(), "UNIQUE constraint failed: t.b") {
		t.Errorf("a second row: %v", err)
	}
	var state sink.State
	var odd chan int
	err := d.each(`SELECT a, b FROM t`, nil, func(scan func(...any) error) error { return scan(&state, &odd) })
	if err == nil || state != "x" || !strings.Contains(err.Error(), "a column for *chan int") {
		t.Errorf("state %q, error %v", state, err)
	}
	if _, err := openDirect(sqliteURL(filepath.Join(t.TempDir(), "none.db"))); err == nil || !strings.Contains(err.Error(), "unable to open database file") {
		t.Errorf("a database that is not there: %v", err)
	}
}
