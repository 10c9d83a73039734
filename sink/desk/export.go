package desk

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// An embedded drawing has its colours in itself: it is shown where the desk's
// sheet is not. These are those of the sheet.
const drawingStyle = `
.chart{font:13px system-ui,sans-serif;color:#1b1f23;background:#fff}
.chart polyline{fill:none;stroke:#8a9299;stroke-width:1.5;stroke-linejoin:round}
.chart .axis{stroke:#dedbd2}.chart .faint{stroke-dasharray:2 4}.chart text{fill:#565e66}
.chart .dot{stroke:#fff;stroke-width:1.5}.chart .range{stroke-width:3;opacity:.45}
.o0{fill:#0f5c63;stroke:#0f5c63}.o1{fill:#a2431c;stroke:#a2431c}.o2{fill:#5b4a9b;stroke:#5b4a9b}.o3{fill:#2d6a2f;stroke:#2d6a2f}
.o4{fill:#9b1c5a;stroke:#9b1c5a}.o5{fill:#7a5c00;stroke:#7a5c00}.o6{fill:#1f5fa8;stroke:#1f5fa8}.o7{fill:#565e66;stroke:#565e66}
.chart .candidate{fill:#fff}.chart .conflict{stroke:#d9822b;stroke-width:3}`

// A drawing is a chart with its own colours.
type drawing struct {
	Chart *chart
	Style template.CSS
}

// seriesChart answers with the chart of a series as a file.
func (d *Desk) seriesChart(w http.ResponseWriter, r *http.Request) {
	s, claims, _ := d.seriesView(w, r)
	if s == nil {
		return
	}
	h := newHistory(s, "", wideChart, claims)
	if h.Chart == nil {
		writeProblem(w, problem{Status: http.StatusNotFound, Detail: "the series has no two days to draw"})
		return
	}
	d.file(w, r, "drawing.svg.html", "image/svg+xml", "series.svg", &drawing{h.Chart, drawingStyle})
}

// An embedCard is what templates/embed.html shows: one file without scripts that
// loads nothing.
type embedCard struct {
	Title  string
	Style  template.CSS
	Chart  *chart
	Newest *historyRow
	Lead   *citationCard
	AsOf   string
	Frozen string
}

// seriesCard answers with a series as a page of its own, to be put into others.
func (d *Desk) seriesCard(w http.ResponseWriter, r *http.Request) {
	s, claims, knownAt := d.seriesView(w, r)
	if s == nil {
		return
	}
	h := newHistory(s, "", wideChart, claims)
	card := embedCard{Title: s.Text, Style: drawingStyle, Chart: h.Chart, AsOf: d.when(lastKnown(claims)), Frozen: d.frozenNote(knownAt)}
	for i := range h.Rows {
		if row := &h.Rows[i]; !row.Superseded && !row.Candidate && card.Newest == nil {
			card.Newest = row
		}
	}
	if card.Newest == nil && len(h.Rows) > 0 {
		card.Newest = &h.Rows[0]
	}
	if c := claimOfRow(claims, card.Newest); c != nil && len(c.Citations) > 0 {
		lead, err := d.citation(r, &c.Citations[len(c.Citations)-1])
		if err != nil {
			d.failPage(w, r, err)
			return
		}
		card.Lead = &lead
	}
	d.file(w, r, "embed.html", "text/html; charset=utf-8", "card.html", &card)
}

func claimOfRow(claims []sink.Claim, row *historyRow) *schemas.Claim {
	for i := range claims {
		if row != nil && row.URL == "/claims/"+url.PathEscape(claims[i].Record.ID) {
			return &claims[i].Record
		}
	}
	return nil
}

// file answers with a file that stands alone: styles inside, nothing else runs or loads.
func (d *Desk) file(w http.ResponseWriter, r *http.Request, name, contentType, filename string, data any) {
	var b bytes.Buffer
	if err := d.pages.ExecuteTemplate(&b, name, data); err != nil {
		d.cfg.Logger.Error("file failed", "page", name, "err", err)
		http.Error(w, "the file could not be made; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups")
	w.Header().Set("Content-Disposition", `inline; filename="`+filename+`"`)
	d.send(w, r, contentType, bytes.TrimSpace(b.Bytes()))
}
