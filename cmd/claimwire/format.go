package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// A textWriter prints articles with their claims for people: figure, meaning,
// source and quote.
type textWriter struct {
	w       io.Writer
	explain bool // say why each figure was read as it was
}

func (t textWriter) finish() error { return nil }

func (t textWriter) article(e *english.Extractor, a schemas.Article) error {
	x, doc, err := e.Read(a)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(t.w)
	title := x.Article.Title
	if title == "" {
		title = x.ArticleID
	}
	fmt.Fprintf(w, "%s\n", printable(title))
	if line := join(" · ", x.Article.Publisher.Name, x.Article.PublishedAt, x.Article.Address()); line != "" {
		fmt.Fprintf(w, "%s\n", printable(line))
	}
	if x.Skipped != "" {
		fmt.Fprintf(w, "\n  skipped: %s\n", printable(x.Skipped))
	}
	offsets := schemas.NewOffsets(x.Article.Text)
	for i := range x.Quantities {
		q := &x.Quantities[i]
		fmt.Fprintf(w, "\n  %s\n    “%s”\n", printable(describe(x.Quantities, i)), printable(sentenceAround(x.Article.Text, offsets, q.Phrase)))
		if t.explain {
			explainQuantity(w, x.Article.Text, offsets, x.Quantities, i)
			if n := doc.Quantities[i].Sentence; i == 0 || n != doc.Quantities[i-1].Sentence {
				explainTree(w, doc, n)
			}
		}
	}
	for i := range x.Statements {
		s := &x.Statements[i]
		speaker := "somebody"
		if s.Speaker != nil {
			speaker = s.Speaker.Name
		}
		said := speaker + " " + s.Cue
		if strings.EqualFold(s.Cue, "according to") {
			said = "according to " + speaker
		}
		fmt.Fprintf(w, "\n  %s (%s)\n    “%s”\n", printable(said), s.Mode, printable(s.Text))
		if t.explain {
			explainRow(w, "rules", strings.Join(s.Rules, ", "))
		}
	}
	for i := range x.Events {
		ev := &x.Events[i]
		fmt.Fprintf(w, "\n  %s\n    “%s”\n", printable(happened(ev)), printable(sentenceAround(x.Article.Text, offsets, ev.Trigger.Span)))
	}
	if t.explain {
		for i := range x.Times {
			explainTime(w, &x.Times[i])
		}
	}
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("%w: %w", errOutput, err)
	}
	return nil
}

// describe puts the quantity at i of list into one line: "at most 200 aid trucks per day ·
// allowed · Israel · in Gaza · says Reuters".
func describe(list []schemas.Quantity, i int) string {
	q := &list[i]
	figure := q.Text
	if q.Comparator != schemas.Exact && q.Comparator != schemas.Between {
		figure = strings.ReplaceAll(string(q.Comparator), "_", " ") + " " + figure
	}
	switch {
	case q.Unit == schemas.UnitCount:
	case q.Unit == schemas.UnitPercent && !strings.ContainsAny(q.Text, "0123456789"):
		if q.Counted != nil { // a fifth of the income
			figure += " of"
		}
	default:
		figure += " " + q.Unit
	}
	if q.Counted != nil {
		figure += " " + q.Counted.Text
	}
	if q.Per != nil {
		figure += " per " + q.Per.Unit
	}
	if q.PartOf != nil && *q.PartOf >= 0 && *q.PartOf < len(list) {
		figure += ", part of the " + list[*q.PartOf].Text
	}
	parts := []string{figure}
	switch {
	case q.Measure != "" && q.Measure != schemas.OtherMeasure:
		parts = append(parts, q.Measure)
	case q.Predicate != "" && q.Predicate != "be" && q.Predicate != "have":
		parts = append(parts, q.Predicate)
	}
	if q.Modality != schemas.Asserted {
		parts = append(parts, string(q.Modality))
	}
	for _, slot := range []struct {
		label string
		slot  *schemas.Slot
	}{{"by ", q.Agent}, {"in ", q.Place}} {
		if slot.slot != nil {
			parts = append(parts, slot.label+slot.slot.Name)
		}
	}
	if q.Time != nil {
		parts = append(parts, days(q.Time))
	}
	if len(q.Attribution) > 1 {
		parts = append(parts, chain(q.Attribution))
	} else if q.Source != nil {
		parts = append(parts, "says "+q.Source.Name)
	}
	if !normalizer.Reportable(q) {
		parts = append(parts, "unsure")
	}
	return strings.Join(parts, " · ")
}

// chain puts who passed a figure on into words: "says SARA, citing the ministry".
func chain(links []schemas.Attribution) string {
	s := "says " + links[0].Who.Name
	for _, a := range links[1:] {
		s += ", from " + a.Who.Name
	}
	return s
}

// happened puts an event into one line: "consult: Norway, Kenya met Peru · in Lisbon · 2024-05-14".
func happened(ev *schemas.Event) string {
	var actors, others []string
	for _, p := range ev.Participants {
		if p.Role == "actor" {
			actors = append(actors, p.Name)
		} else {
			others = append(others, p.Name)
		}
	}
	line := join(" ", strings.Join(actors, ", "), ev.Trigger.Text)
	if len(others) > 0 {
		line += " → " + strings.Join(others, ", ")
	}
	parts := []string{string(ev.Type) + ": " + line}
	if ev.Modality != schemas.Asserted {
		parts = append(parts, string(ev.Modality))
	}
	if ev.Place != nil {
		parts = append(parts, "in "+ev.Place.Name)
	}
	if ev.Time != nil {
		parts = append(parts, days(ev.Time))
	}
	return strings.Join(parts, " · ")
}

// sentenceAround returns the sentence of text that holds span, shortened to some two
// hundred characters around it. It cuts at full stops before a capital.
func sentenceAround(text string, o schemas.Offsets, span schemas.Span) string {
	from, to := o.Bytes(span.Start), o.Bytes(span.End)
	start := strings.LastIndexByte(text[:from], '\n') + 1
	end := len(text)
	if i := strings.IndexByte(text[to:], '\n'); i >= 0 {
		end = to + i
	}
	before, after := text[start:from], text[to:end]
	for i := len(before) - 3; i > 0; i-- {
		if sentenceEnd(before[i:]) {
			before = before[i+2:]
			break
		}
	}
	for i := 0; i+2 < len(after); i++ {
		if sentenceEnd(after[i:]) {
			after = after[:i+1]
			break
		}
	}
	if cut := len(before) - 120; cut > 0 {
		if i := strings.IndexByte(before[cut:], ' '); i >= 0 {
			before = "… " + before[cut+i+1:]
		}
	}
	if len(after) > 120 {
		if i := strings.LastIndexByte(after[:120], ' '); i >= 0 {
			after = after[:i] + " …"
		}
	}
	return before + text[from:to] + after
}

// sentenceEnd reports whether s starts with the end of a sentence and the start of
// the next: "? W". A single letter before the stop, an initial, is not looked at.
func sentenceEnd(s string) bool {
	return len(s) > 2 && (s[0] == '.' || s[0] == '?' || s[0] == '!') && s[1] == ' ' && (s[2] >= 'A' && s[2] <= 'Z' || s[2] == '"' || s[2] >= 0xE2)
}

func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}
