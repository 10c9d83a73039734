package desk

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// A history is a series as pages show it: a table, and a chart of the same.
type history struct {
	Title string
	URL   string
	Rows  []historyRow // newest first
	Steps []step       // the same in one line; nil if there is one figure
	More  int          // rows that are left out
	Chart *chart       // nil if there are not two days to draw
}

type historyRow struct {
	AsOf, Figure, URL          string
	Origins                    int
	Here, Superseded, Conflict bool
	Candidate                  bool
	Modal                      string
}

// A chart is an SVG drawing: a step line through the figures that stood, and a
// mark for each claim.
type chart struct {
	Width, Height   int
	Line            string // points of the polyline
	Marks           []chartMark
	Low, High       string // labels of the axis
	From, To        string
	BaseX, BaseY    string
	EndX, TopY      string
	LabelX, LabelY  string
	Label           string
	ShowAxis, Small bool
	Legend          []legendEntry
}

// A legendEntry names the origin that a colour stands for.
type legendEntry struct{ Class, Name string }

// colours is how many origins have a colour of their own; the rest share the last.
const colours = 8

type chartMark struct {
	X, Y, Y1, Y2 string // Y1 to Y2 is what the figure leaves open: a range, or all beyond "at least"
	Class        string
	Colour       string // class of its first origin
	Title        string // figure, source and quote
	point        *schemas.SeriesPoint
}

type chartSize struct {
	width, height, left, right, top, bottom float64
	step                                    float64 // between the marks of one day
	reach                                   float64 // of the bar of "at least": how far it points up
	axis                                    bool
	rows                                    int
}

var (
	smallChart = chartSize{width: 160, height: 40, left: 7, right: 7, top: 7, bottom: 7, step: 9, reach: 7, rows: 5}
	wideChart  = chartSize{width: 720, height: 260, left: 72, right: 24, top: 24, bottom: 36, step: 12, reach: 18, axis: true, rows: 200}
)

// newHistory renders a series; here is the claim it is shown beside, claims those
// whose quotes are shown with their figures.
func newHistory(s *schemas.Series, here string, size chartSize, claims []sink.Claim) history {
	h := history{Title: s.Text, URL: "/series/" + url.PathEscape(s.ID)}
	conflict := map[string]bool{}
	for _, c := range s.Conflicts {
		conflict[c.Claims[0]], conflict[c.Claims[1]] = true, true
	}
	points := ordered(s)
	h.Steps = steps(s, points, conflict, here)
	for _, p := range slices.Backward(points) {
		if len(h.Rows) == size.rows && p.Claim != here {
			h.More++
			continue
		}
		row := historyRow{
			AsOf: day(p.AsOf), Figure: pointFigure(s, p), URL: "/claims/" + url.PathEscape(p.Claim), Origins: len(p.Origins),
			Here: p.Claim == here, Superseded: p.Superseded, Conflict: conflict[p.Claim], Candidate: p.Tier == schemas.Candidate,
		}
		if p.Modality != s.Modality {
			row.Modal = modalLabel(p.Modality)
		}
		h.Rows = append(h.Rows, row)
	}
	h.Chart = newChart(s, conflict, here, size)
	if h.Chart != nil {
		h.Chart.colour(points, claims)
	}
	return h
}

// colour gives each origin its colour, in order of their first figures, and names
// the sources of the figures.
func (c *chart) colour(points []*schemas.SeriesPoint, claims []sink.Claim) {
	leads := map[string]*schemas.Citation{}
	for i := range claims {
		if cites := claims[i].Record.Citations; len(cites) > 0 {
			leads[claims[i].Record.ID] = &cites[0]
		}
	}
	classes := map[string]string{}
	var days []string // of the legend's entries
	for _, p := range points {
		if len(p.Origins) == 0 || classes[p.Origins[0]] != "" {
			continue
		}
		class := "o" + strconv.Itoa(min(len(classes), colours-1))
		classes[p.Origins[0]] = class
		if lead := leads[p.Claim]; lead != nil && len(c.Legend) < colours {
			c.Legend = append(c.Legend, legendEntry{class, sourceName(lead)})
			days = append(days, day(p.AsOf))
		}
	}
	named := map[string]int{}
	for _, entry := range c.Legend {
		named[entry.Name]++
	}
	for i := range c.Legend { // texts of one source are told apart by their days
		if entry := &c.Legend[i]; named[entry.Name] > 1 {
			entry.Name += ", " + days[i]
		}
	}
	for i := range c.Marks {
		m := &c.Marks[i]
		if len(m.point.Origins) > 0 {
			m.Colour = classes[m.point.Origins[0]]
		}
		if lead := leads[m.point.Claim]; lead != nil {
			m.Title += ", " + sourceName(lead) + ": “" + lead.Quote.Exact + "”"
		}
	}
}

// modalLabel says in what way something is claimed.
func modalLabel(m schemas.Modality) string {
	if m == schemas.Negated {
		return "denied"
	}
	return string(m)
}

// sourceName returns who printed a quote, and who is quoted.
func sourceName(ct *schemas.Citation) string {
	name := cmp.Or(ct.Publisher.Name, ct.Publisher.Domain, "unknown")
	if who := entity(ct.Source); who != "" {
		name += " (" + who + ")"
	}
	return name
}

// ordered returns the points of a series as they came. Of one day only this is
// known: what was superseded came before what stands; beyond it, tolls rise.
func ordered(s *schemas.Series) []*schemas.SeriesPoint {
	var out []*schemas.SeriesPoint
	for i := range s.Points {
		out = append(out, &s.Points[i])
	}
	slices.SortStableFunc(out, func(a, b *schemas.SeriesPoint) int {
		if c := strings.Compare(a.AsOf, b.AsOf); c != 0 {
			return c
		}
		if a.Superseded != b.Superseded {
			if a.Superseded {
				return -1
			}
			return 1
		}
		return compareFigures(a, b)
	})
	return out
}

func compareFigures(a, b *schemas.SeriesPoint) int {
	x, y := cmp.Or(a.Value, a.Min, a.Max), cmp.Or(b.Value, b.Min, b.Max)
	if x == nil || y == nil {
		return 0
	}
	return x.Cmp(*y)
}

// A step is a figure in the one-line history of a series.
type step struct {
	Figure         string
	Join           string // before it: an arrow, or a sign that it conflicts with the one before
	Here, Conflict bool
}

// maxSteps bounds the one-line history.
const maxSteps = 5

// steps returns the newest figures, oldest first, with the one shown among them.
func steps(s *schemas.Series, points []*schemas.SeriesPoint, conflict map[string]bool, here string) []step {
	var shown []*schemas.SeriesPoint
	for _, p := range points {
		if p.Tier == schemas.Reportable && p.Modality == s.Modality || p.Claim == here {
			shown = append(shown, p)
		}
	}
	var out []step
	for i, p := range shown {
		if i < len(shown)-maxSteps && p.Claim != here {
			continue
		}
		st := step{Figure: pointFigure(s, p), Here: p.Claim == here, Conflict: conflict[p.Claim]}
		switch {
		case len(out) == 0 && i > 0:
			st.Join = "… → "
		case len(out) > 0 && st.Conflict && out[len(out)-1].Conflict:
			st.Join = " or "
		case len(out) > 0:
			st.Join = " → "
		}
		out = append(out, st)
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

func pointFigure(s *schemas.Series, p *schemas.SeriesPoint) string {
	f := newFigure(&schemas.Claim{Kind: schemas.QuantityClaim, Value: p.Value, Min: p.Min, Max: p.Max, Comparator: p.Comparator, Unit: s.Unit})
	out := f.Before + f.Number
	if f.Bound != "" {
		out = f.Bound + " " + out
	}
	if f.Unit != "" {
		out += " " + f.Unit
	}
	return out
}

// A dot is a point of a series on its way to the chart.
type dot struct {
	at        time.Time
	low, high float64 // equal for a single value
	open      int     // 1 if the figure may be higher, -1 if it may be lower
	point     *schemas.SeriesPoint
}

func dots(s *schemas.Series) []dot {
	var out []dot
	for _, p := range ordered(s) {
		at, err := time.Parse("2006-01-02", p.AsOf)
		if err != nil || p.Modality == schemas.Negated {
			continue
		}
		d := dot{at: at, point: p}
		switch {
		case p.Value != nil:
			d.low = p.Value.Float64()
			d.high = d.low
		case p.Min != nil && p.Max != nil:
			d.low, d.high = p.Min.Float64(), p.Max.Float64()
		case p.Min != nil:
			d.low = p.Min.Float64()
			d.high = d.low
		case p.Max != nil:
			d.low = p.Max.Float64()
			d.high = d.low
		default:
			continue
		}
		switch p.Comparator {
		case schemas.AtLeast, schemas.MoreThan:
			d.open = 1
		case schemas.AtMost, schemas.LessThan:
			d.open = -1
		}
		out = append(out, d)
	}
	return out
}

func newChart(s *schemas.Series, conflict map[string]bool, here string, size chartSize) *chart {
	ds := dots(s)
	if len(ds) < 2 || ds[0].at.Equal(ds[len(ds)-1].at) {
		return nil // one day is no history
	}
	from, to := ds[0].at, ds[len(ds)-1].at
	low, high := ds[0].low, ds[0].high
	for _, d := range ds { // a candidate that is far off must not flatten the rest
		if d.point.Tier == schemas.Reportable || ds[0].point.Tier == schemas.Candidate {
			low, high = min(low, d.low), max(high, d.high)
		}
	}
	if low > 0 && low < high/2 {
		low = 0
	}
	if low == high {
		low, high = low-1, high+1
	}
	days := to.Sub(from).Hours() / 24
	x := func(t time.Time) float64 {
		return size.left + t.Sub(from).Hours()/24/days*(size.width-size.left-size.right)
	}
	y := func(v float64) float64 {
		v = min(max(v, low), high)
		return size.height - size.bottom - (v-low)/(high-low)*(size.height-size.top-size.bottom)
	}
	c := &chart{
		Width: int(size.width), Height: int(size.height), ShowAxis: size.axis, Small: !size.axis,
		From: from.Format("2 Jan"), To: to.Format("2 Jan 2006"), Low: axisLabel(low), High: axisLabel(high),
		BaseX: px(size.left), BaseY: px(size.height - size.bottom), EndX: px(size.width - size.right), TopY: px(size.top),
		LabelX: px(size.left - 10), LabelY: px(size.height - 10), Label: s.Text,
	}
	spread := spreader(ds, size)
	var lastY float64
	for i, d := range ds {
		cx, cy := x(d.at)+spread[i], y((d.low+d.high)/2)
		if d.point.Tier == schemas.Reportable {
			if c.Line != "" {
				c.Line += " " + px(cx) + "," + px(lastY)
			}
			c.Line += " " + px(cx) + "," + px(cy)
			lastY = cy
		}
		m := chartMark{X: px(cx), Y: px(cy), Class: "dot", Title: day(d.point.AsOf) + ": " + pointFigure(s, d.point), point: d.point}
		switch {
		case d.low != d.high:
			m.Y1, m.Y2 = px(y(d.low)), px(y(d.high))
		case d.open > 0:
			m.Y1, m.Y2 = px(cy), px(max(cy-size.reach, 1))
		case d.open < 0:
			m.Y1, m.Y2 = px(cy), px(min(cy+size.reach, size.height-1))
		}
		if conflict[d.point.Claim] {
			m.Class += " conflict"
		}
		if d.point.Tier == schemas.Candidate {
			m.Class += " candidate"
		}
		if d.point.Claim == here {
			m.Class += " here"
		}
		c.Marks = append(c.Marks, m)
	}
	return c
}

// spreader moves the marks of one day apart, in their order.
func spreader(ds []dot, size chartSize) []float64 {
	step := size.step
	out := make([]float64, len(ds))
	for i := 0; i < len(ds); {
		j := i
		for j < len(ds) && ds[j].at.Equal(ds[i].at) {
			j++
		}
		for k := i; k < j; k++ {
			out[k] = float64(k-i) * step
			switch {
			case j == len(ds): // the last day: to the left
				out[k] = -float64(j-1-k) * step
			case i > 0: // a day between: around it
				out[k] = (float64(k-i) - float64(j-1-i)/2) * step
			}
		}
		i = j
	}
	return out
}

func px(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

func axisLabel(v float64) string {
	d, err := schemas.ParseDecimal(strconv.FormatFloat(v, 'f', -1, 64))
	if err != nil {
		return ""
	}
	return spoken(d)
}
