// Package parquet writes claims as a Parquet file that DuckDB, pandas and
// spreadsheets of data journalists open: one row for each citation.
//
//	SELECT published_at, publisher, source, value, quote
//	FROM 'claims.parquet' WHERE measure = 'person-killed' AND country = 'TR' ORDER BY 1;
//
// A Parquet file cannot grow, so this is no sink that follows the stream: 'claimwire
// export' makes a whole file of the claims in the store, which takes every record once.
//
// The file is written here, without a library: rows are flat, and of the format
// (https://parquet.apache.org/docs/file-format/) they need plain and dictionary
// pages, zstd, and a description in Thrift. The library that the tests read it with
// would make the program 5 MB larger and each start of it 7 MB heavier.
package parquet

import (
	"fmt"
	"io"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// A row is one citation with its claim.
type row struct {
	Claim       string
	Value       *float64
	Min         *float64
	Max         *float64
	ValueExact  *string // the value as an exact decimal
	Comparator  string
	Unit        string
	Counted     string
	Per         string
	Category    *string
	Modality    string
	Agent       *string
	Victim      *string
	Speaker     *string
	Place       *string
	Country     *string
	TimeStart   *string
	TimeEnd     *string
	PublishedAt *time.Time // null if only a date is known
	Published   string     // as the article has it
	Publisher   string
	Domain      string
	Source      *string
	Attribution *string // everybody whom it passed through, outermost speaker first
	Quote       string
	URL         string
	Origins     int32
	Publishers  int32
	Origin      string
	Measure     string
	Kind        string
	Tier        string
	Stability   string
	ClaimID     string
	SeriesID    string
	ArticleID   string
	QuoteStart  int32 // code points of the article's text
	QuoteEnd    int32
	TextSHA256  string
}

// A field is what is known of a column before its values.
type field struct {
	name       string
	kind       kind
	optional   bool
	dictionary bool           // texts that come again and again stand in the file once
	of         func(*row) any // its value: a type of a kind, or a pointer to it if it is optional
}

// fields are the columns, in the order of the file. Where the CSV form of the HTTP
// API has them too they have the same names.
var fields = []field{
	{"claim", text, false, false, func(r *row) any { return r.Claim }},
	{"value", double, true, false, func(r *row) any { return r.Value }},
	{"min", double, true, false, func(r *row) any { return r.Min }},
	{"max", double, true, false, func(r *row) any { return r.Max }},
	{"value_exact", text, true, false, func(r *row) any { return r.ValueExact }},
	{"comparator", text, false, true, func(r *row) any { return r.Comparator }},
	{"unit", text, false, true, func(r *row) any { return r.Unit }},
	{"counted", text, false, true, func(r *row) any { return r.Counted }},
	{"per", text, false, true, func(r *row) any { return r.Per }},
	{"category", text, true, true, func(r *row) any { return r.Category }},
	{"modality", text, false, true, func(r *row) any { return r.Modality }},
	{"agent", text, true, true, func(r *row) any { return r.Agent }},
	{"victim", text, true, true, func(r *row) any { return r.Victim }},
	{"speaker", text, true, true, func(r *row) any { return r.Speaker }},
	{"place", text, true, true, func(r *row) any { return r.Place }},
	{"country", text, true, true, func(r *row) any { return r.Country }},
	{"time_start", text, true, true, func(r *row) any { return r.TimeStart }},
	{"time_end", text, true, true, func(r *row) any { return r.TimeEnd }},
	{"published_at", moment, true, false, func(r *row) any { return r.PublishedAt }},
	{"published", text, false, false, func(r *row) any { return r.Published }},
	{"publisher", text, false, true, func(r *row) any { return r.Publisher }},
	{"domain", text, false, true, func(r *row) any { return r.Domain }},
	{"source", text, true, true, func(r *row) any { return r.Source }},
	{"attribution", text, true, true, func(r *row) any { return r.Attribution }},
	{"quote", text, false, false, func(r *row) any { return r.Quote }},
	{"url", text, false, false, func(r *row) any { return r.URL }},
	{"origins", whole, false, false, func(r *row) any { return r.Origins }},
	{"publishers", whole, false, false, func(r *row) any { return r.Publishers }},
	{"origin", text, false, true, func(r *row) any { return r.Origin }},
	{"measure", text, false, true, func(r *row) any { return r.Measure }},
	{"kind", text, false, true, func(r *row) any { return r.Kind }},
	{"tier", text, false, true, func(r *row) any { return r.Tier }},
	{"stability", text, false, true, func(r *row) any { return r.Stability }},
	{"claim_id", text, false, true, func(r *row) any { return r.ClaimID }},
	{"series_id", text, false, true, func(r *row) any { return r.SeriesID }},
	{"article_id", text, false, true, func(r *row) any { return r.ArticleID }},
	{"quote_start", whole, false, false, func(r *row) any { return r.QuoteStart }},
	{"quote_end", whole, false, false, func(r *row) any { return r.QuoteEnd }},
	{"text_sha256", text, false, true, func(r *row) any { return r.TextSHA256 }},
}

// A row group is written when it has so many rows or so many bytes.
const (
	maxRows  = 100_000
	maxBytes = 32 << 20
)

// A Writer writes a Parquet file. The same claims give the same bytes.
type Writer struct {
	file    *file
	columns []*column
	most    int // rows of a row group
}

// NewWriter returns a Writer to w, which need not seek.
func NewWriter(w io.Writer) *Writer {
	p := &Writer{file: newFile(w), most: maxRows}
	for _, f := range fields {
		c := &column{field: f}
		c.reset()
		p.columns = append(p.columns, c)
	}
	return p
}

// Claim adds a row for each citation of c.
func (w *Writer) Claim(c *schemas.Claim) error {
	for i := range c.Citations {
		r := newRow(c, &c.Citations[i])
		size := 0
		for _, col := range w.columns {
			col.add(&r)
			size += col.size()
		}
		if w.columns[0].rows >= w.most || size >= maxBytes {
			w.file.group(w.columns)
		}
	}
	return w.failed()
}

func (w *Writer) failed() error {
	if w.file.err != nil {
		return fmt.Errorf("parquet: %w", w.file.err)
	}
	return nil
}

// Close writes what is left and the end of the file, without which it is none.
func (w *Writer) Close() error {
	w.file.group(w.columns)
	_ = w.file.end(fields) // failed tells
	return w.failed()
}

func newRow(c *schemas.Claim, ct *schemas.Citation) row {
	r := row{
		Claim: c.Text, Value: float(c.Value), Min: float(c.Min), Max: float(c.Max), Comparator: string(c.Comparator), Unit: c.Unit, Counted: c.Counted, Per: c.Per,
		Modality: string(c.Modality), Agent: orParts(name(c.Agent), c, "actor"), Victim: orParts(name(c.Victim), c, "recipient"), Speaker: name(c.Speaker),
		Published: ct.PublishedAt, Publisher: ct.Publisher.Name, Domain: ct.Publisher.Domain, Source: name(ct.Source), Attribution: orNull(ct.PassedOn()), Quote: ct.Quote.Exact, URL: ct.URL,
		Origins: int32(c.Corroboration.Origins), Publishers: int32(c.Corroboration.Publishers), Origin: ct.Origin, Measure: c.Measure, Kind: string(c.Kind),
		Tier: string(c.Tier), Stability: string(c.Stability), ClaimID: c.ID, SeriesID: c.SeriesID, ArticleID: ct.ArticleID,
		QuoteStart: int32(ct.Start), QuoteEnd: int32(ct.End), TextSHA256: ct.TextSHA256,
	}
	if c.Value != nil {
		r.ValueExact = orNull(c.Value.String())
	}
	if c.Category != nil {
		r.Category = orNull(string(*c.Category))
	}
	if c.Place != nil {
		r.Place, r.Country = orNull(c.Place.Name), orNull(c.Place.Country)
	}
	if c.Time != nil {
		r.TimeStart, r.TimeEnd = orNull(c.Time.Start), orNull(c.Time.End)
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
	return orNull(e.Name)
}

// orNull returns nil for an empty text: null in the file.
func orNull(s string) *string {
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
