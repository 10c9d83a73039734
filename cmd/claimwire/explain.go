package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// explainQuantity prints why quantity i of list was read as it was: how sure that
// is, which words fill each slot and whether its own sentence says so, and the
// rules that fired.
func explainQuantity(w io.Writer, text string, o schemas.Offsets, list []schemas.Quantity, i int) {
	q := &list[i]
	sure := "enough for a reportable claim"
	if !normalizer.Reportable(q) {
		sure = "a candidate only"
	}
	explainRow(w, "confidence", fmt.Sprintf("%.2f, %s", q.Confidence, sure))
	explainRow(w, "value", valueLine(q))
	if q.Counted != nil {
		explainRow(w, "counts", q.Counted.Text)
	}
	for _, s := range []struct {
		name string
		slot *schemas.Slot
	}{{"agent", q.Agent}, {"victim", q.Victim}, {"place", q.Place}, {"source", q.Source}} {
		if s.slot != nil {
			explainRow(w, s.name, s.slot.Name+origin(q, s.name)+spelled(text, o, s.slot))
		}
	}
	if q.Time != nil {
		explainRow(w, "time", days(q.Time)+origin(q, "time"))
	}
	if len(q.Attribution) > 1 {
		var chain []string
		for _, a := range q.Attribution {
			chain = append(chain, a.Who.Name+" “"+a.Cue+"”")
		}
		explainRow(w, "passed on", strings.Join(chain, ", "))
	}
	if q.PartOf != nil && *q.PartOf >= 0 && *q.PartOf < len(list) {
		explainRow(w, "part of", list[*q.PartOf].Text)
	}
	explainRow(w, "rules", strings.Join(q.Rules, ", "))
}

// explainTime prints what a time expression was read as, and why.
func explainTime(w io.Writer, t *schemas.Timex) {
	where := "no place on the calendar"
	if t.Placed {
		where = days(&schemas.Interval{Start: t.From, End: t.Until})
	}
	fmt.Fprintf(w, "\n  %s\n", printable("“"+t.Text+"” "+join(" · ", string(t.Type)+" "+t.Value, where)))
	explainRow(w, "rules", strings.Join(t.Rules, ", "))
}

// explainRow prints one line under a figure; nothing if there is nothing to say.
func explainRow(w io.Writer, name, value string) {
	if value != "" {
		fmt.Fprintf(w, "      %-11s %s\n", name, printable(value))
	}
}

// valueLine puts the figure as it is understood: "at least 342 count", "10 to 15 km".
func valueLine(q *schemas.Quantity) string {
	var number string
	switch {
	case q.Value != nil:
		number = q.Value.String()
	case q.Min != nil && q.Max != nil:
		number = q.Min.String() + " to " + q.Max.String()
	case q.Min != nil:
		number = q.Min.String()
	case q.Max != nil:
		number = q.Max.String()
	}
	if q.Comparator != schemas.Exact && q.Comparator != schemas.Between {
		number = strings.ReplaceAll(string(q.Comparator), "_", " ") + " " + number
	}
	if q.Unit != schemas.UnitCount {
		number += " " + q.Unit
	}
	if q.Per != nil {
		number += " per " + q.Per.Unit
	}
	parts := []string{strings.TrimSpace(number), strings.ReplaceAll(string(q.Modality), "_", " ")}
	if q.Cumulative {
		parts = append(parts, "a running total")
	}
	return join(", ", parts...)
}

// origin says where a slot's filler comes from.
func origin(q *schemas.Quantity, slot string) string {
	switch q.OriginOf[slot] {
	case schemas.Stated:
		return ", stated in the sentence"
	case schemas.Inherited:
		return ", inherited from the text around it"
	}
	return ""
}

// spelled gives the words that fill a slot where they differ from its name.
func spelled(text string, o schemas.Offsets, s *schemas.Slot) string {
	words, ok := o.Slice(text, schemas.Span{Start: s.Start, End: s.End})
	if !ok || words == "" || strings.TrimPrefix(words, "the ") == strings.TrimPrefix(s.Name, "the ") {
		return ""
	}
	return " as “" + words + "”"
}

// days prints an interval: one day, a period, or an open one.
func days(t *schemas.Interval) string {
	switch {
	case t.Start == t.End:
		return t.Start
	case t.Start == "":
		return "until " + t.End
	case t.End == "":
		return "since " + t.Start
	}
	return t.Start + " to " + t.End
}
