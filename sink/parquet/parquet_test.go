package parquet_test

import (
	"bytes"
	"testing"

	pq "github.com/parquet-go/parquet-go"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink/parquet"
	"github.com/claimwire/claimwire/sink/sinktest"
)

func file(t *testing.T, claims []*schemas.Claim) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewWriter(&b)
	for _, c := range claims {
		if err := w.Claim(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claims are those of the newsroom and of hostile texts.
func claims() (out []*schemas.Claim) {
	for _, c := range sinktest.Changes(sinktest.Records()) {
		out = append(out, &c.Claim)
	}
	for _, text := range sinktest.HostileTexts() {
		for _, c := range sinktest.Changes(sinktest.Hostile(text)) {
			out = append(out, &c.Claim)
		}
	}
	for _, c := range sinktest.Changes(sinktest.Many(1500)) { // more than are written at once
		out = append(out, &c.Claim)
	}
	return out
}

// TestRead reads the file back: a row for each citation, with its words and figures.
func TestRead(t *testing.T) {
	all := claims()
	raw := file(t, all)
	f, err := pq.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	type back struct {
		ClaimID string   `parquet:"claim_id"`
		Quote   string   `parquet:"quote"`
		Value   *float64 `parquet:"value,optional"`
		Source  *string  `parquet:"source,optional"`
		Passed  *string  `parquet:"attribution,optional"`
		Start   int32    `parquet:"quote_start"`
	}
	rows, err := pq.Read[back](bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(rows)) != f.NumRows() {
		t.Errorf("%d rows read, the file says %d", len(rows), f.NumRows())
	}
	i := 0
	for _, c := range all {
		for _, ct := range c.Citations {
			if i == len(rows) {
				t.Fatalf("only %d rows", i)
			}
			r := rows[i]
			i++
			if r.ClaimID != c.ID || r.Quote != ct.Quote.Exact || (r.Value == nil) != (c.Value == nil) || c.Value != nil && *r.Value != c.Value.Float64() ||
				(r.Source == nil) != (ct.Source == nil || ct.Source.Name == "") || int(r.Start) != ct.Start ||
				(r.Passed == nil) != (ct.PassedOn() == "") || r.Passed != nil && *r.Passed != ct.PassedOn() {
				t.Fatalf("row %d is %+v, want %q of claim %s", i, r, ct.Quote.Exact, c.ID)
			}
		}
	}
	if i != len(rows) {
		t.Errorf("%d rows, want %d", len(rows), i)
	}
}

// TestSame: the same claims give the same bytes.
func TestSame(t *testing.T) {
	if !bytes.Equal(file(t, claims()), file(t, claims())) {
		t.Error("two files of the same claims differ")
	}
}

func TestEmpty(t *testing.T) {
	raw := file(t, nil)
	f, err := pq.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || f.NumRows() != 0 || len(f.Schema().Columns()) < 30 {
		t.Errorf("a file of no claims: %v", err)
	}
}
