package store_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
	"github.com/claimwire/claimwire/sink/sinktest"
	"github.com/claimwire/claimwire/sink/store"
)

// An oldStore is what a program that knew an earlier version of the schema stored of
// the first of some records.
type oldStore struct {
	version int
	records []sink.Record
	stored  int // of records
	rows    []oldRow
}

// oldStores are the old stores by version: the third told a change by its whole record,
// the sixth by what is new in it.
func oldStores(t *testing.T) []*oldStore {
	return []*oldStore{readOld(t, "third.jsonl", 3, 8), readOld(t, "sixth.jsonl", 6, 10)}
}

type oldRow struct {
	Table string
	Row   map[string]any
}

// readOld reads a file of records, then rows.
func readOld(t *testing.T, name string, version, stored int) *oldStore {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	old := &oldStore{version: version, stored: stored}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			oldRow
			Sequence uint64
			Article  *schemas.Article
			Change   *schemas.Change
		}
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.UseNumber()
		if err := d.Decode(&line); err != nil {
			t.Fatal(err)
		}
		switch {
		case line.Table != "":
			old.rows = append(old.rows, line.oldRow)
		case line.Article != nil:
			old.records = append(old.records, sink.Record{Stream: schemas.StreamArticles, Sequence: line.Sequence, Article: line.Article})
		default:
			old.records = append(old.records, sink.Record{Stream: schemas.StreamClaims, Sequence: line.Sequence, Change: line.Change})
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return old
}

// make makes the old store.
func (old *oldStore) make(t *testing.T, location string) {
	t.Helper()
	if !strings.HasPrefix(location, "postgres") {
		if err := os.MkdirAll(filepath.Dir(location), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.MakeOld(t.Context(), location, old.version); err != nil {
		t.Fatal(err)
	}
	db := direct(t, location)
	for _, r := range old.rows {
		var names, marks []string
		var values []any
		for name, v := range r.Row {
			names, marks = append(names, name), append(marks, "?")
			switch x := v.(type) {
			case json.Number:
				v = x.String()
				if name == "living" || name == "cumulative" {
					v = x != "0"
				} else if n, err := x.Int64(); err == nil {
					v = n
				}
			}
			values = append(values, v)
		}
		query := `INSERT INTO ` + r.Table + ` (` + strings.Join(names, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`
		if strings.HasPrefix(location, "postgres") {
			query = store.Numbered(query)
		}
		if _, err := db.ExecContext(t.Context(), query, values...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

// TestOldStore: a store of an older schema answers as before once it has been opened,
// goes on, and then answers as one that was made anew.
func TestOldStore(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		for _, old := range oldStores(t) {
			old.test(t, fresh(t), fresh(t))
		}
	})
}

func (old *oldStore) test(t *testing.T, location, fresh string) {
	t.Helper()
	old.make(t, location)
	s := open(t, location)
	checkKnownAt(t, s, old.records[:old.stored])
	checkOldSeries(t, s, old.records[:old.stored])
	for _, r := range old.records[old.stored:] {
		if err := s.Write(t.Context(), []sink.Record{r}); err != nil {
			t.Fatal(err)
		}
	}
	checkKnownAt(t, s, old.records)
	checkOldSeries(t, s, old.records)
	anew := filled(t, fresh, old.records)
	var got, want bytes.Buffer
	if err := errors.Join(s.Export(t.Context(), &got), anew.Export(t.Context(), &want)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(want.String(), "\n"), strings.Split(got.String(), "\n")); d != "" || want.Len() == 0 {
		t.Errorf("version %d: claims (-new store +old store):\n%s", old.version, d)
	}
	for _, of := range []func(s *store.Store) (any, error){
		func(s *store.Store) (any, error) { return s.Sources(t.Context()) },
		func(s *store.Store) (any, error) { return s.Entities(t.Context(), "", 100) },
		func(s *store.Store) (any, error) { return s.Events(t.Context(), old.records[1].Change.Claim.SeriesID) },
	} {
		got, err := of(s)
		want, err2 := of(anew)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("version %d (-new store +old store):\n%s", old.version, d)
		}
	}
	views := []string{`SELECT claim_id, article_id, article_version, url, publisher, domain, published_at, origin, source, attribution, field, quote, quote_start, quote_end, figure, figure_start, figure_end, text_sha256, record FROM citations`, `SELECT claim_id, role, name_id, name, folded FROM names`}
	if old.version == 6 { // changes are told in the same way
		views = append(views, `SELECT * FROM changes`)
	}
	for _, query := range views {
		got, want := allRows(t, location, query), allRows(t, fresh, query)
		if d := cmp.Diff(want, got); d != "" || len(want) == 0 {
			t.Errorf("version %d: %s (-new store +old store):\n%s", old.version, query, d)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// allRows returns what a query finds, sorted.
func allRows(t *testing.T, location, query string) []string {
	t.Helper()
	rows, err := direct(t, location).QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, v := range values {
			line += fmt.Sprintf("%v|", *v.(*any))
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// purged returns records and a purge of the second article, with the change that the
// purge causes: the claim that both articles made keeps the citation of the first.
func purged(records []sink.Record) ([]sink.Record, *schemas.Review, *schemas.Change) {
	var changes []*schemas.Change
	var articles []string
	for _, r := range records {
		if r.Change != nil {
			changes = append(changes, r.Change)
		} else {
			articles = append(articles, r.Article.ID)
		}
	}
	purge := &schemas.Review{ID: "r_purge", Action: schemas.ReviewPurge, Purge: &schemas.Purge{Articles: articles[1:2]}}
	c := *changes[len(changes)-1]
	c.ID, c.Change, c.Revision, c.KnownAt = "x_purge", schemas.ChangeRevised, c.Revision+1, "2025-11-27T00:00:00Z"
	c.Cause = schemas.Cause{Review: purge.ID, Claims: []string{}}
	c.Claim.Citations = c.Claim.Citations[:1]
	sinktest.Count(&c.Claim)
	return append(slices.Clone(records), sink.Record{Stream: schemas.StreamClaims, Sequence: 100, Change: &c}), purge, &c
}

// TestEraseBase erases an article: of the claim that rested on it too only what the purge
// made of it is left, although that was stored as a difference from what goes.
func TestEraseBase(t *testing.T) {
	forEach(t, func(t *testing.T, fresh func(t *testing.T) string) {
		for _, old := range oldStores(t) {
			records, purge, want := purged(old.records[:8])
			testEraseBase(t, filled(t, fresh(t), records), purge, want)
			location := fresh(t)
			old.make(t, location)
			testEraseBase(t, filled(t, location, records), purge, want)
		}
	})
}

func testEraseBase(t *testing.T, s *store.Store, purge *schemas.Review, want *schemas.Change) {
	t.Helper()
	if n, err := s.Erase(t.Context(), purge); err != nil || n == 0 {
		t.Fatalf("Erase() = %d, %v", n, err)
	}
	if n, err := s.Erase(t.Context(), purge); err != nil || n != 0 {
		t.Errorf("Erase() a second time = %d, %v", n, err)
	}
	final := *want
	final.ID, final.Change, final.Revision, final.KnownAt, final.Claim.Stability = "x_end", schemas.ChangeFinalized, want.Revision+1, "2025-11-28T00:00:00Z", schemas.Final
	for _, c := range []*schemas.Change{want, &final} {
		if c == &final {
			if err := s.Write(t.Context(), []sink.Record{{Stream: schemas.StreamClaims, Sequence: 101, Change: c}}); err != nil {
				t.Fatal(err)
			}
		}
		then, err := s.Claims(t.Context(), sink.Query{KnownAt: "2026"})
		if err != nil || len(then.Items) != 1 {
			t.Fatalf("%d claims were known, %v; want the one that stays", len(then.Items), err)
		}
		now, _, err := s.Claim(t.Context(), c.Claim.ID)
		if err != nil {
			t.Fatal(err)
		}
		for how, got := range map[string]schemas.Claim{"known": then.Items[0].Record, "now": now.Record} {
			if d := cmp.Diff(c.Claim, got, same); d != "" {
				t.Errorf("%s %s (-want +got):\n%s", c.Change, how, d)
			}
		}
	}
	if before, err := s.Claims(t.Context(), sink.Query{KnownAt: "2025-11-26"}); err != nil || len(before.Items) != 0 {
		t.Errorf("before the purge %d claims were known, %v; want none", len(before.Items), err)
	}
}

// checkOldSeries: series that changes of the older schema say nothing of are told by their
// claims: those that lived at a time, and no others.
func checkOldSeries(t *testing.T, s *store.Store, records []sink.Record) {
	t.Helper()
	changes := sinktest.Changes(records)
	for _, end := range changes {
		want := map[string][]string{} // claims by series
		states := map[string]sink.State{}
		series := map[string]string{}
		for _, c := range changes {
			if c.KnownAt <= end.KnownAt {
				states[c.Claim.ID] = sink.StateAfter(states[c.Claim.ID], c)
				series[c.Claim.ID] = c.Claim.SeriesID
			}
		}
		for id, state := range states {
			if state == sink.Living {
				want[series[id]] = append(want[series[id]], id)
			}
		}
		page, err := s.SeriesList(t.Context(), sink.Query{KnownAt: end.KnownAt, States: []sink.State{sink.Living}})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][]string{}
		for i := range page.Items {
			for _, p := range page.Items[i].Points {
				got[page.Items[i].ID] = append(got[page.Items[i].ID], p.Claim)
			}
		}
		for _, m := range []map[string][]string{want, got} {
			for _, ids := range m {
				slices.Sort(ids)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("series known at %s (-claims +points):\n%s", end.KnownAt, d)
		}
	}
}
