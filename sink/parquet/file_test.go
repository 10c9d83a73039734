package parquet

import (
	"bytes"
	"errors"
	"math/bits"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/rle"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// A back is a row as the library reads it.
type back struct {
	Claim       string     `parquet:"claim,zstd"`
	Value       *float64   `parquet:"value,optional"`
	Min         *float64   `parquet:"min,optional"`
	Max         *float64   `parquet:"max,optional"`
	ValueExact  *string    `parquet:"value_exact,optional,zstd"`
	Comparator  string     `parquet:"comparator,dict,zstd"`
	Unit        string     `parquet:"unit,dict,zstd"`
	Counted     string     `parquet:"counted,dict,zstd"`
	Per         string     `parquet:"per,dict,zstd"`
	Category    *string    `parquet:"category,optional,dict,zstd"`
	Modality    string     `parquet:"modality,dict,zstd"`
	Agent       *string    `parquet:"agent,optional,dict,zstd"`
	Victim      *string    `parquet:"victim,optional,dict,zstd"`
	Speaker     *string    `parquet:"speaker,optional,dict,zstd"`
	Place       *string    `parquet:"place,optional,dict,zstd"`
	Country     *string    `parquet:"country,optional,dict,zstd"`
	TimeStart   *string    `parquet:"time_start,optional,dict,zstd"`
	TimeEnd     *string    `parquet:"time_end,optional,dict,zstd"`
	PublishedAt *time.Time `parquet:"published_at,optional,timestamp(millisecond)"`
	Published   string     `parquet:"published,zstd"`
	Publisher   string     `parquet:"publisher,dict,zstd"`
	Domain      string     `parquet:"domain,dict,zstd"`
	Source      *string    `parquet:"source,optional,dict,zstd"`
	Attribution *string    `parquet:"attribution,optional,dict,zstd"`
	Quote       string     `parquet:"quote,zstd"`
	URL         string     `parquet:"url,zstd"`
	Origins     int32      `parquet:"origins"`
	Publishers  int32      `parquet:"publishers"`
	Origin      string     `parquet:"origin,dict,zstd"`
	Measure     string     `parquet:"measure,dict,zstd"`
	Kind        string     `parquet:"kind,dict,zstd"`
	Tier        string     `parquet:"tier,dict,zstd"`
	Stability   string     `parquet:"stability,dict,zstd"`
	ClaimID     string     `parquet:"claim_id,dict,zstd"`
	SeriesID    string     `parquet:"series_id,dict,zstd"`
	ArticleID   string     `parquet:"article_id,dict,zstd"`
	QuoteStart  int32      `parquet:"quote_start"`
	QuoteEnd    int32      `parquet:"quote_end"`
	TextSHA256  string     `parquet:"text_sha256,dict,zstd"`
}

// claims have slots that are empty for all, for some and for none of them, and few
// and many different values.
func claims(t *testing.T) (out []*schemas.Claim) {
	t.Helper()
	for _, c := range sinktest.Changes(sinktest.Records()) {
		out = append(out, &c.Claim)
	}
	for _, text := range sinktest.HostileTexts() {
		for _, c := range sinktest.Changes(sinktest.Hostile(text)) {
			out = append(out, &c.Claim)
		}
	}
	for _, c := range sinktest.Changes(sinktest.Many(300)) {
		out = append(out, &c.Claim)
	}
	return out
}

// TestWhole compares every cell with what the library reads, with one row group
// and with many.
func TestWhole(t *testing.T) {
	all := claims(t)
	var want []back
	for _, c := range all {
		for i := range c.Citations {
			r := newRow(c, &c.Citations[i])
			if r.PublishedAt != nil { // milliseconds are kept
				at := r.PublishedAt.Truncate(time.Millisecond)
				r.PublishedAt = &at
			}
			want = append(want, back(r))
		}
	}
	for _, most := range []int{maxRows, 7, 64} {
		var b bytes.Buffer
		w := NewWriter(&b)
		w.most = most
		for _, c := range all {
			if err := w.Claim(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := pq.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(f.RowGroups()); n != (len(want)+most-1)/most {
			t.Errorf("%d rows, at most %d together, are %d row groups", len(want), most, n)
		}
		got, err := pq.Read[back](bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%d rows together: rows differ (-want +got):\n%s", most, diff)
		}
	}
}

// TestSchema compares what the file says of its columns with what the library says
// of the same ones.
func TestSchema(t *testing.T) {
	var b bytes.Buffer
	if err := NewWriter(&b).Close(); err != nil {
		t.Fatal(err)
	}
	f, err := pq.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	want := pq.SchemaOf(back{})
	got := f.Schema().Fields()
	if len(got) != len(want.Fields()) {
		t.Fatalf("%d columns, want %d", len(got), len(want.Fields()))
	}
	for i, w := range want.Fields() {
		typ := strings.ReplaceAll(w.Type().String(), "INT(32,true)", "INT32") // which says the same
		if g := got[i]; g.Name() != w.Name() || g.Optional() != w.Optional() || g.Type().String() != typ {
			t.Errorf("column %d is %s %s, optional: %t, want %s %s, optional: %t", i, g.Name(), g.Type(), g.Optional(), w.Name(), w.Type(), w.Optional())
		}
	}
}

// TestBounds: readers skip row groups by the least and the greatest value of a
// column, so these must be right.
func TestBounds(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	w.most = 50
	for _, c := range claims(t) {
		if err := w.Claim(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := pq.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for g, group := range f.Metadata().RowGroups {
		for i, c := range group.Columns {
			least, most := c.MetaData.Statistics.MinValue, c.MetaData.Statistics.MaxValue
			values := make([]pq.Value, group.NumRows)
			pages := f.RowGroups()[g].ColumnChunks()[i].Pages()
			page, err := pages.ReadPage()
			if err != nil {
				t.Fatal(err)
			}
			n, _ := page.Values().ReadValues(values) // io.EOF at the end
			_ = pages.Close()
			typ := f.Schema().Fields()[i].Type()
			nulls := int64(0)
			for _, v := range values[:n] {
				if v.IsNull() {
					nulls++
				} else if len(most) > 0 && (typ.Compare(v, typ.Kind().Value(least)) < 0 || typ.Compare(v, typ.Kind().Value(most)) > 0) {
					t.Fatalf("%s: %v is not between %q and %q", c.MetaData.PathInSchema, v, least, most)
				} else {
					looked++
				}
			}
			if nulls != c.MetaData.Statistics.NullCount || int64(n) != group.NumRows {
				t.Errorf("%s: %d nulls of %d, the file says %d of %d", c.MetaData.PathInSchema, nulls, n, c.MetaData.Statistics.NullCount, group.NumRows)
			}
		}
	}
	if looked < 1000 {
		t.Errorf("only %d values", looked)
	}
}

// A full disk is told once, whenever it comes.
func TestFull(t *testing.T) {
	all := claims(t)
	var whole bytes.Buffer
	write := func(out interface{ Write([]byte) (int, error) }) error {
		w := NewWriter(out)
		w.most = 40
		for _, c := range all {
			if err := w.Claim(c); err != nil {
				return err
			}
		}
		return w.Close()
	}
	if err := write(&whole); err != nil {
		t.Fatal(err)
	}
	for room := 0; room < whole.Len(); room += whole.Len()/20 + 1 {
		if err := write(&small{room: room}); !errors.Is(err, errFull) {
			t.Errorf("room for %d of %d bytes: %v, want %v", room, whole.Len(), err, errFull)
		}
	}
}

var errFull = errors.New("full")

// A small is a disk with little room.
type small struct{ room int }

func (s *small) Write(b []byte) (int, error) {
	if s.room -= len(b); s.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// FuzzRuns reads runs back with the library.
func FuzzRuns(f *testing.F) {
	f.Add([]byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4}, uint16(4))
	f.Add([]byte{0}, uint16(1))
	f.Add([]byte(strings.Repeat("a", 100)+"bcd"+strings.Repeat("e", 9)), uint16(300))
	f.Fuzz(func(t *testing.T, raw []byte, most uint16) {
		var values []uint32
		for i, b := range raw {
			v := uint32(b)
			if i > 0 && b%3 == 0 { // runs
				v = values[i-1]
			} else if most > 0 {
				v = v * 131 % uint32(most)
			} else {
				v = 0
			}
			values = append(values, v)
		}
		width := max(1, bits.Len(uint(max(most, 1)-1)))
		coded := appendRuns(nil, values, width)
		got, err := (&rle.Encoding{BitWidth: width}).DecodeInt32(nil, coded)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) < len(values) || len(got) >= len(values)+8 {
			t.Fatalf("%d values, want %d and up to 7 to fill up", len(got), len(values))
		}
		for i, v := range values {
			if uint32(got[i]) != v {
				t.Fatalf("value %d of %v is %d, width %d", i, values, got[i], width)
			}
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	var all []*schemas.Claim
	rows := 0
	for _, c := range sinktest.Changes(sinktest.Many(2000)) {
		all = append(all, &c.Claim)
		rows += len(c.Claim.Citations)
	}
	for b.Loop() {
		w := NewWriter(discard{})
		for _, c := range all {
			if err := w.Claim(c); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
