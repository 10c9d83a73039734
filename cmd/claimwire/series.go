package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/claimwire/claimwire/schemas"
)

var seriesCommand = command{
	name: "series", args: "[SERIES-ID]",
	summary: "Show how a figure changed: a table and a small chart",
	help: `
  claimwire series --measure person-killed --country PE      series that fit, newest first
  claimwire series s_vrfkz6utq45ikf64aoucsgwalr              one of them
  claimwire series s_vrfkz6utq45ikf64aoucsgwalr --policy lowest
  claimwire series s_vrfkz6utq45ikf64aoucsgwalr --known-at 2025-11-23T14:10:00Z
  claimwire series --country PE --known-at 2025-11-23        the list as it was known then
  claimwire series --q "ferry" --json                        Series records, one a line

Filters are those of the HTTP API. If one series fits it is shown at once.`,
	run: runSeries,
}

func runSeries(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	base := fs.String("url", "http://127.0.0.1:8417", "`URL` of the running instance")
	token := tokenFlag(fs)
	asJSON := fs.Bool("json", false, "print whole Series records")
	query, view := filterFlags(fs), url.Values{}
	fs.Func("policy", "which figure is preferred: latest, lowest, highest or most-origins", func(v string) error { view.Set("policy", v); return nil })
	fs.Func("known-at", "as was known at this date or `time`", func(v string) error { view.Set("known_at", v); return nil })
	fs.Func("limit", "`number` of series at most", func(v string) error { query.Set("limit", v); return nil })
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) > 1 || len(rest) == 1 && len(query) > 0 {
		return usagef("want one id, or filters")
	}
	found, err := findSeries(ctx, strings.TrimRight(*base, "/"), *token, rest, query, view)
	if err != nil {
		return err
	}
	switch {
	case *asJSON:
		enc := json.NewEncoder(std.out)
		enc.SetEscapeHTML(false)
		for i := range found {
			if err := enc.Encode(&found[i]); err != nil {
				return err
			}
		}
		return nil
	case len(found) == 0:
		return errors.New("no series fits")
	case len(found) == 1:
		return printSeries(std.out, &found[0])
	}
	w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
	for i := range found {
		s := &found[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%d %s\t%s\n", printable(s.ID), s.LastSeen[:min(10, len(s.LastSeen))], printable(preferredFigure(s)),
			s.PointCount, plural(s.PointCount, "figure"), printable(s.Text))
	}
	return w.Flush()
}

// findSeries asks a running instance; view are the parameters that do not select.
func findSeries(ctx context.Context, base, token string, ids []string, query, view url.Values) ([]schemas.Series, error) {
	if len(ids) == 1 {
		var s schemas.Series
		err := getJSON(ctx, base+"/api/v1/series/"+url.PathEscape(ids[0])+"?"+view.Encode(), token, &s)
		return []schemas.Series{s}, err
	}
	all := maps.Clone(query)
	maps.Copy(all, view)
	var page struct{ Items []schemas.Series }
	if err := getJSON(ctx, base+"/api/v1/series?"+all.Encode(), token, &page); err != nil {
		return nil, err
	}
	if len(page.Items) == 1 { // a list does not carry the points of long ones
		return findSeries(ctx, base, token, []string{page.Items[0].ID}, nil, view)
	}
	return page.Items, nil
}

// getJSON gets an answer of the HTTP API.
func getJSON(ctx context.Context, address, token string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return usageError{err}
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w; is 'claimwire run' up, and --url its address?", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return problemError(resp)
	}
	return json.NewDecoder(resp.Body).Decode(v)
}

// printSeries prints the points of a series as a table beside a bar of their size.
func printSeries(out io.Writer, s *schemas.Series) error {
	points := slices.Clone(s.Points)
	slices.SortStableFunc(points, func(a, b schemas.SeriesPoint) int { return strings.Compare(a.AsOf, b.AsOf) })
	most := 0.0
	for i := range points {
		most = max(most, math.Abs(size(&points[i])))
	}
	conflicting := map[string]bool{}
	for _, c := range s.Conflicts {
		conflicting[c.Claims[0]], conflicting[c.Claims[1]] = true, true
	}
	fmt.Fprintf(out, "%s\n%s\n%s\n", printable(s.Text), s.ID, preferredText(s))
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	for i := range points {
		p := &points[i]
		fmt.Fprintf(w, "%s\t%s\t%s\t%d %s\t%s\n", printable(p.AsOf), printable(pointText(p, s.Unit)), bar(math.Abs(size(p)), most),
			len(p.Origins), plural(len(p.Origins), "origin"), pointNotes(p, s, conflicting))
	}
	return w.Flush()
}

// preferredText says which figure is preferred, by which policy, and the envelope of
// all; empty for a series of statements or events.
func preferredText(s *schemas.Series) string {
	i := slices.IndexFunc(s.Points, func(p schemas.SeriesPoint) bool { return s.Preferred != nil && p.Claim == s.Preferred.Claim })
	if i < 0 || s.Kind != schemas.QuantityClaim {
		return ""
	}
	end := func(d *schemas.Decimal) string {
		if d == nil {
			return "open"
		}
		return d.String()
	}
	return fmt.Sprintf("preferred: %s (%s); all figures: %s to %s\n", printable(pointText(&s.Points[i], s.Unit)), printable(s.Preferred.Policy), end(s.Envelope.Min), end(s.Envelope.Max))
}

// preferredFigure is the figure that is preferred, empty if none is.
func preferredFigure(s *schemas.Series) string {
	for i := range s.Points {
		if s.Kind == schemas.QuantityClaim && s.Preferred != nil && s.Points[i].Claim == s.Preferred.Claim {
			return pointText(&s.Points[i], s.Unit)
		}
	}
	return ""
}

func pointNotes(p *schemas.SeriesPoint, s *schemas.Series, conflicting map[string]bool) string {
	var notes []string
	if conflicting[p.Claim] {
		notes = append(notes, "conflicting")
	}
	if p.Superseded {
		notes = append(notes, "superseded")
	}
	if p.Tier == schemas.Candidate {
		notes = append(notes, "candidate")
	}
	if p.Modality != s.Modality {
		notes = append(notes, string(p.Modality))
	}
	return strings.Join(notes, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// size is the figure as one number, 0 if it has none.
func size(p *schemas.SeriesPoint) float64 {
	for _, d := range []*schemas.Decimal{p.Value, p.Max, p.Min} {
		if d != nil {
			return d.Float64()
		}
	}
	return 0
}

// pointText is the figure with its comparator and unit.
func pointText(p *schemas.SeriesPoint, unit string) string {
	figure := "?"
	switch {
	case p.Value != nil:
		figure = p.Value.String()
	case p.Min != nil && p.Max != nil:
		figure = p.Min.String() + " to " + p.Max.String()
	case p.Min != nil:
		figure = p.Min.String()
	case p.Max != nil:
		figure = p.Max.String()
	}
	if p.Comparator != schemas.Exact && p.Comparator != schemas.Between {
		figure = strings.ReplaceAll(string(p.Comparator), "_", " ") + " " + figure
	}
	if unit != schemas.UnitCount && unit != "" {
		figure += " " + unit
	}
	return figure
}

// barWidth is how many characters the longest bar has.
const barWidth = 32

// bar draws v against most, in eighths of a character.
func bar(v, most float64) string {
	if most <= 0 {
		return ""
	}
	eighths := int(math.Round(v / most * barWidth * 8))
	out := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		out += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return out
}
