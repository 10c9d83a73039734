package store_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// purgeOf is a purge of everything that prints the names of two persons: one of many
// who give a figure, and one whose claims nobody else has.
func purgeOf() *schemas.Review {
	return &schemas.Review{
		SchemaVersion: schemas.Version, ID: "r_purge", At: time.Date(2025, 11, 26, 9, 0, 0, 0, time.UTC), By: "the archive", Why: "a request", Action: schemas.ReviewPurge,
		Purge: &schemas.Purge{Articles: []string{}, Domains: []string{}, Names: []string{schemas.NameHash("Selin Aktaş"), schemas.NameHash("Leyla Haddad")}},
	}
}

// purgedMarks are in the names alone, in small letters.
var purgedMarks = []string{"selin", "haddad"}

// caused returns the changes that a normalizer makes of a purge: claims that other
// articles give too are revised, the others withdrawn. ended are the ids of these.
func caused(records []sink.Record, purge *schemas.Review) (changes []sink.Record, ended map[string]bool) {
	gone := sink.NewErasure(purge)
	var articles []string
	seq := uint64(0)
	for _, r := range records {
		if r.Article != nil {
			if _, is := gone.Article(r.Article); is {
				articles = append(articles, r.Article.ID)
			}
		}
		if r.Change != nil {
			seq = max(seq, r.Sequence)
		}
	}
	gone.Found(articles)
	for _, c := range sinktest.Changes(records) {
		gone.See(c, 0)
	}
	ended = map[string]bool{}
	latest := last(records)
	for _, id := range slices.Sorted(maps.Keys(latest)) {
		was := latest[id]
		if !gone.Series()[was.Claim.SeriesID] || sink.StateAfter("", was) != sink.Living {
			continue
		}
		next := *was
		next.ID, next.Change, next.Revision = schemas.ID("x", was.ID, purge.ID), schemas.ChangeRevised, was.Revision+1
		next.Cause = schemas.Cause{Review: purge.ID, Claims: []string{}}
		next.Claim.Citations = slices.DeleteFunc(slices.Clone(was.Claim.Citations), func(z schemas.Citation) bool { _, is := gone.Citation(&z); return is })
		next.Claim.Text, next.Claim.Sources = was.Claim.Counted, []schemas.ClaimEntity{}
		if len(next.Claim.Citations) == 0 {
			next.Change, next.Series = schemas.ChangeWithdrawn, nil
			next.Claim.Citations = was.Claim.Citations
			next.Claim.Withhold()
			ended[id] = true
		} else {
			sinktest.Count(&next.Claim)
		}
		seq++
		changes = append(changes, sink.Record{Stream: schemas.StreamClaims, Sequence: seq, Change: &next})
	}
	return changes, ended
}

// TestErase erases two persons while somebody reads: no byte of them stays in what
// the database keeps, nor in what it has counted of it, and all else stands.
func TestErase(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		ctx := t.Context()
		location, records, purge := fresh(t), sinktest.Records(), purgeOf()
		s := filled(t, location, records)
		db := direct(t, location)
		if _, err := db.Exec(`ANALYZE`); err != nil {
			t.Fatal(err)
		}
		if in := holding(t, db, location); len(in) != len(purgedMarks) {
			t.Fatalf("before, they are in %q: the test shows nothing", in)
		}
		before := exportedClaims(t, s)
		changes, ended := caused(records, purge)
		if len(ended) == 0 || len(changes) == len(ended) {
			t.Fatalf("%d changes end %d claims: the test shows nothing", len(changes), len(ended))
		}
		if err := s.Write(ctx, changes); err != nil {
			t.Fatal(err)
		}

		// A reader who began before sees it all to the end, and is waited for.
		reader, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: strings.HasPrefix(location, "postgres"), Isolation: isolation(location)})
		if err != nil {
			t.Fatal(err)
		}
		var n, articles int // of a table that is not written anew: it holds no lock on the others
		if err := errors.Join(reader.QueryRow(`SELECT COUNT(*) FROM reviews`).Scan(&n), db.QueryRow(`SELECT COUNT(*) FROM articles`).Scan(&articles)); err != nil {
			t.Fatal(err)
		}
		type result struct {
			n   int
			err error
		}
		done := make(chan result, 1)
		go func() {
			n, err := s.Erase(ctx, purge)
			done <- result{n, err}
		}()
		for left := articles; left == articles; time.Sleep(10 * time.Millisecond) { // until others see it gone
			if err := db.QueryRow(`SELECT COUNT(*) FROM articles`).Scan(&left); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case r := <-done:
			t.Errorf("Erase() = %d, %v, while a reader has all that was", r.n, r.err)
			done <- r
		case <-time.After(300 * time.Millisecond):
		}
		if err := reader.Rollback(); err != nil {
			t.Fatal(err)
		}
		if r := <-done; r.err != nil || r.n == 0 {
			t.Fatalf("Erase() = %d, %v", r.n, r.err)
		}
		if left := holding(t, db, location); len(left) > 0 {
			t.Errorf("they are still in %q", left)
		}
		if n, err := s.Erase(ctx, purge); err != nil || n != 0 {
			t.Errorf("Erase() a second time = %d, %v", n, err)
		}

		gone := sink.NewErasure(purge)
		for _, c := range sinktest.Changes(slices.Concat(records, changes)) {
			gone.See(c, 0)
		}
		after := exportedClaims(t, s)
		same := 0
		for id, line := range before {
			if c := last(records)[id]; !gone.Series()[c.Claim.SeriesID] {
				same++
				if after[id] != line {
					t.Errorf("a claim that has nothing to do with it changed:\n%s", cmp.Diff(line, after[id]))
				}
			}
		}
		if same == 0 {
			t.Error("every claim had to do with it: the test shows less than it should")
		}
		checkErased(t, s, records, ended)
		if p, err := s.Position(ctx, schemas.StreamClaims); err != nil || p != changes[len(changes)-1].Sequence {
			t.Errorf("Position() = %d, %v", p, err)
		}
		if err := s.Write(ctx, records); err != nil { // delivered again: known by position
			t.Fatal(err)
		}
		if left := holding(t, db, location); len(left) > 0 {
			t.Errorf("after another delivery they are in %q", left)
		}
	})
}

// checkErased looks for what is gone as readers do.
func checkErased(t *testing.T, s *store.Store, records []sink.Record, ended map[string]bool) {
	t.Helper()
	ctx := t.Context()
	for id := range ended {
		c, _, err := s.Claim(ctx, id)
		if err != nil || c.State != sink.Withdrawn || c.Record.Text != "" || c.Record.Value != nil {
			t.Errorf("Claim(%s) = %+v, %v, want a withdrawn one that says nothing", id, c, err)
		}
	}
	states := []sink.State{sink.Living, sink.Replaced, sink.Withdrawn, sink.Retracted}
	for _, words := range []string{"haddad", "selin"} {
		if page, err := s.Claims(ctx, sink.Query{Text: words, States: states}); err != nil || len(page.Items) > 0 {
			t.Errorf("Claims that say %q = %+v, %v", words, page, err)
		}
		if found, err := s.Entities(ctx, words, 5); err != nil || len(found) > 0 {
			t.Errorf("Entities(%q) = %+v, %v", words, found, err)
		}
	}
	var events, articles bytes.Buffer
	for id := range last(records) {
		es, err := s.Events(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(es)
		if err != nil {
			t.Fatal(err)
		}
		events.Write(raw)
	}
	if err := s.ExportArticles(ctx, &articles); err != nil {
		t.Fatal(err)
	}
	for _, mark := range purgedMarks {
		if holds(events.Bytes(), mark) || holds(articles.Bytes(), mark) {
			t.Errorf("histories or articles say %q", mark)
		}
	}
	if articles.Len() == 0 {
		t.Error("no article is left: the test shows less than it should")
	}
}

// exportedClaims are the lines of an export, by id.
func exportedClaims(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(b.String()) {
		var c schemas.Claim
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		out[c.ID] = line
	}
	return out
}

func holds(raw []byte, mark string) bool { return bytes.Contains(bytes.ToLower(raw), []byte(mark)) }

// isolation is that of a reader who sees one state of the database.
func isolation(location string) sql.IsolationLevel {
	if strings.HasPrefix(location, "postgres") {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// driverOf returns what package sql calls the database at a location.
func driverOf(location string) (driver, name string) {
	if strings.HasPrefix(location, "postgres") {
		return "pgx", location
	}
	return "sqlite", (&url{location}).sqlite()
}

// direct is a connection past the store.
func direct(t *testing.T, location string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driverOf(location))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// holding names the files of a database in whose bytes each of purgedMarks stands: of
// PostgreSQL those of every table and index, its own included, not the write-ahead log.
func holding(t *testing.T, db *sql.DB, location string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	look := func(name string, raw []byte) {
		raw = bytes.ToLower(raw)
		for _, mark := range purgedMarks {
			if bytes.Contains(raw, []byte(mark)) {
				found[mark] = append(found[mark], name)
			}
		}
	}
	if !strings.HasPrefix(location, "postgres") {
		files, err := filepath.Glob(filepath.Join(filepath.Dir(location), "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("files of %s: %q, %v", location, files, err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			look(filepath.Base(f), raw)
		}
		return found
	}
	if _, err := db.Exec(`CHECKPOINT`); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT relname, pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
		WHERE relkind IN ('r', 't', 'i') AND pg_relation_size(oid) > 0 AND NOT relisshared`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var raw []byte
		if err := rows.Scan(&name, &raw); err != nil {
			t.Fatal(err)
		}
		look(name, raw)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}
