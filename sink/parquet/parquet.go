// Package parquet writes claims as a Parquet file that DuckDB, pandas and
// spreadsheets of data journalists open: one row for each citation.
//
//	SELECT published_at, publisher, source, value, quote
//	FROM 'claims.parquet' WHERE measure = 'person-killed' AND country = 'TR' ORDER BY 1;
//
// A Parquet file cannot grow, so this is no sink that follows the stream: 'claimwire
// export' makes a whole file of the claims in the store, which takes every record once.
package parquet

import (
	"fmt"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/claimwire/claimwire/schemas"
)

// A row is one citation with its claim. Its columns are those of the CSV form of
// the HTTP API where both have them.
type row struct {
	Claim       string     `parquet:"claim,zstd"`
	Value       *float64   `parquet:"value,optional"`
	Min         *float64   `parquet:"min,optional"`
	Max         *float64   `parquet:"max,optional"`
	ValueExact  *string    `parquet:"value_exact,optional,zstd"` // the value as an exact decimal
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
	PublishedAt *time.Time `parquet:"published_at,optional,timestamp(millisecond)"` // null if only a date is known
	Published   string     `parquet:"published,zstd"`                               // as the article has it
	Publisher   string     `parquet:"publisher,dict,zstd"`
	Domain      string     `parquet:"domain,dict,zstd"`
	Source      *string    `parquet:"source,optional,dict,zstd"`
	Attribution *string    `parquet:"attribution,optional,dict,zstd"` // everybody whom it passed through, outermost speaker first
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
	QuoteStart  int32      `parquet:"quote_start"` // code points of the article's text
	QuoteEnd    int32      `parquet:"quote_end"`
	TextSHA256  string     `parquet:"text_sha256,dict,zstd"`
}

// rowsAtOnce is how many rows are handed to the file together.
const rowsAtOnce = 1000

// A Writer writes a Parquet file. The same claims give the same bytes.
type Writer struct {
	file *parquet.GenericWriter[row]
	rows []row
}

// NewWriter returns a Writer to w, which need not seek.
func NewWriter(w io.Writer) *Writer {
	return &Writer{file: parquet.NewGenericWriter[row](w, parquet.CreatedBy("claimwire", "1", ""), parquet.MaxRowsPerRowGroup(100_000))}
}

// Claim adds a row for each citation of c.
func (w *Writer) Claim(c *schemas.Claim) error {
	for i := range c.Citations {
		w.rows = append(w.rows, newRow(c, &c.Citations[i]))
	}
	if len(w.rows) < rowsAtOnce {
		return nil
	}
	return w.flush()
}

func (w *Writer) flush() error {
	if _, err := w.file.Write(w.rows); err != nil {
		return fmt.Errorf("parquet: %w", err)
	}
	w.rows = w.rows[:0]
	return nil
}

// Close writes what is left and the end of the file, without which it is none.
func (w *Writer) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	if err := w.file.Close(); err != nil {
		return fmt.Errorf("parquet: %w", err)
	}
	return nil
}

func newRow(c *schemas.Claim, ct *schemas.Citation) row {
	r := row{
		Claim: c.Text, Value: float(c.Value), Min: float(c.Min), Max: float(c.Max), Comparator: string(c.Comparator), Unit: c.Unit, Counted: c.Counted, Per: c.Per,
		Modality: string(c.Modality), Agent: orParts(name(c.Agent), c, "actor"), Victim: orParts(name(c.Victim), c, "recipient"), Speaker: name(c.Speaker),
		Published: ct.PublishedAt, Publisher: ct.Publisher.Name, Domain: ct.Publisher.Domain, Source: name(ct.Source), Attribution: text(ct.PassedOn()), Quote: ct.Quote.Exact, URL: ct.URL,
		Origins: int32(c.Corroboration.Origins), Publishers: int32(c.Corroboration.Publishers), Origin: ct.Origin, Measure: c.Measure, Kind: string(c.Kind),
		Tier: string(c.Tier), Stability: string(c.Stability), ClaimID: c.ID, SeriesID: c.SeriesID, ArticleID: ct.ArticleID,
		QuoteStart: int32(ct.Start), QuoteEnd: int32(ct.End), TextSHA256: ct.TextSHA256,
	}
	if c.Value != nil {
		r.ValueExact = text(c.Value.String())
	}
	if c.Category != nil {
		r.Category = text(string(*c.Category))
	}
	if c.Place != nil {
		r.Place, r.Country = text(c.Place.Name), text(c.Place.Country)
	}
	if c.Time != nil {
		r.TimeStart, r.TimeEnd = text(c.Time.Start), text(c.Time.End)
	}
	if at, err := time.Parse(time.RFC3339Nano, ct.PublishedAt); err == nil {
		at = at.UTC()
		r.PublishedAt = &at
	}
	return r
}

func float(d *schemas.Decimal) *float64 {
	if d == nil {
		return nil
	}
	f := d.Float64()
	return &f
}

func name(e *schemas.ClaimEntity) *string {
	if e == nil {
		return nil
	}
	return text(e.Name)
}

// text returns nil for an empty text: null in the file.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orParts is a slot, else those who took part in an event in a role.
func orParts(slot *string, c *schemas.Claim, role string) *string {
	if names := c.TookPart(role); slot == nil && names != "" {
		return &names
	}
	return slot
}
