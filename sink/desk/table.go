package desk

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A form is the shape of an answer.
type form int

const (
	formJSON   form = iota
	formNDJSON      // one item a line
	formCSV         // one citation, series or article a row
	formAtom        // a feed of claims, for feed readers
)

// formOf reads which form a request wants: by parameter, for people who click a
// link, or by Accept.
func formOf(r *http.Request) (form, error) {
	switch f := r.URL.Query().Get("format"); f {
	case "json":
		return formJSON, nil
	case "ndjson":
		return formNDJSON, nil
	case "csv":
		return formCSV, nil
	case "atom":
		return formAtom, nil
	case "":
	default:
		return 0, &parameterError{"format", strconv.Quote(f) + " is none of json, ndjson, csv, atom"}
	}
	accept := r.Header.Get("Accept")
	switch {
	case strings.Contains(accept, "application/x-ndjson"):
		return formNDJSON, nil
	case strings.Contains(accept, "text/csv"):
		return formCSV, nil
	case strings.Contains(accept, "application/atom+xml"):
		return formAtom, nil
	}
	return formJSON, nil
}

// tableFormOf is formOf for a list that is no feed.
func tableFormOf(r *http.Request, items string) (form, error) {
	form, err := formOf(r)
	if err == nil && form == formAtom {
		if form = formJSON; r.URL.Query().Has("format") {
			err = &parameterError{"format", items + " come as json, ndjson or csv"}
		}
	}
	return form, err
}

func (d *Desk) sendLines(w http.ResponseWriter, r *http.Request, n int, item func(int) any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i := range n {
		if err := enc.Encode(item(i)); err != nil {
			d.fail(w, r, err)
			return
		}
	}
	d.send(w, r, "application/x-ndjson", b.Bytes())
}

var csvHeader = []string{
	"claim", "value", "min", "max", "comparator", "unit", "counted", "per", "category", "modality",
	"agent", "victim", "place", "country", "time_start", "time_end",
	"published_at", "published_utc", "published_local", "publisher", "domain", "source", "figure", "quote", "url",
	"origins", "publishers", "origin", "measure", "kind", "tier", "stability", "state", "claim_id", "series_id", "article_id", "quote_start", "quote_end",
	"attribution",
}

// sendCSV answers with one row a citation.
func (d *Desk) sendCSV(w http.ResponseWriter, r *http.Request, claims []sink.Claim) {
	var b bytes.Buffer
	row := tableWriter(&b, csvHeader)
	for i := range claims {
		for j := range claims[i].Record.Citations {
			row(d.csvRow(&claims[i], &claims[i].Record.Citations[j]))
		}
	}
	d.sendTable(w, r, "claims.csv", b.Bytes())
}

// tableWriter writes the header of a table, and returns what writes a row with safe cells.
func tableWriter(b *bytes.Buffer, header []string) func(row []string) {
	out := csv.NewWriter(b)
	out.UseCRLF = true // RFC 4180
	write := func(row []string) {
		for k := range row {
			row[k] = safeCell(row[k])
		}
		_ = out.Write(row) // to memory
		out.Flush()
	}
	write(slices.Clone(header))
	return write
}

func (d *Desk) sendTable(w http.ResponseWriter, r *http.Request, filename string, table []byte) {
	w.Header().Set("Content-Disposition", `attachment; filename="`+filename+`"`)
	d.send(w, r, "text/csv; charset=utf-8; header=present", table)
}

func (d *Desk) csvRow(c *sink.Claim, ct *schemas.Citation) []string {
	cl := &c.Record
	var span schemas.Interval
	if cl.Time != nil {
		span = *cl.Time
	}
	place, category, figure := "", "", ""
	if cl.Place != nil {
		place = cl.Place.Name
	}
	if cl.Category != nil {
		category = string(*cl.Category)
	}
	f := ct.Figure
	if cl.Kind == schemas.EventClaim {
		f = ct.Words
	}
	if f != nil {
		figure, _ = schemas.NewOffsets(ct.Quote.Exact).Slice(ct.Quote.Exact, schemas.Span{Start: f.Start - ct.Start, End: f.End - ct.Start})
	}
	utc, local := d.times(ct.PublishedAt)
	return []string{
		cl.Text, decimal(cl.Value), decimal(cl.Min), decimal(cl.Max), string(cl.Comparator), cl.Unit, cl.Counted, cl.Per, category, string(cl.Modality),
		cmp.Or(entity(cl.Agent), cl.TookPart("actor")), cmp.Or(entity(cl.Victim), cl.TookPart("recipient")), place, countryCell(c.Country), span.Start, span.End,
		ct.PublishedAt, utc, local, ct.Publisher.Name, ct.Publisher.Domain, entity(ct.Source), figure, ct.Quote.Exact, ct.URL,
		strconv.Itoa(cl.Corroboration.Origins), strconv.Itoa(cl.Corroboration.Publishers), ct.Origin,
		cl.Measure, string(cl.Kind), string(cl.Tier), string(cl.Stability), string(c.State), cl.ID, cl.SeriesID, ct.ArticleID,
		strconv.Itoa(ct.Start), strconv.Itoa(ct.End), ct.PassedOn(),
	}
}

// times returns a time in UTC and in the desk's zone, "" if s is only a date.
func (d *Desk) times(s string) (utc, local string) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return "", ""
	}
	return t.UTC().Format("2006-01-02 15:04:05"), t.In(d.cfg.Location).Format("2006-01-02 15:04:05 -07:00")
}

// safeCell defuses a cell that a spreadsheet would take for a formula. Numbers
// stay numbers.
func safeCell(s string) string {
	if s == "" || !strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return s
	}
	if _, err := schemas.ParseDecimal(s); err == nil {
		return s
	}
	return "'" + s
}

// countryCell is a country in a table, empty if there is none.
func countryCell(code string) string { return strings.TrimSuffix(code, schemas.NoCountry) }

func decimal(d *schemas.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func entity(e *schemas.ClaimEntity) string {
	if e == nil {
		return ""
	}
	return e.Name
}
