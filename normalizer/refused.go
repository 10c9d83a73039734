package normalizer

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// Refused says which figures, statements and events of an extraction [Batch] and
// [Normalizer.Apply] leave out because nothing proves them, and why: their words do
// not stand in the text where the record says, or there is no number or no known
// unit.
func Refused(e *schemas.Extraction) []error {
	var out []error
	body := newField(schemas.InText, e.Article.Text, nil)
	title := newField(schemas.InTitle, e.Article.Title, nil)
	note := func(what string, i int, err error) {
		if err != nil {
			out = append(out, fmt.Errorf("%s[%d]: %w", what, i, err))
		}
	}
	for i := range e.Quantities {
		_, _, err := body.figure(&e.Quantities[i])
		note("quantities", i, err)
	}
	for i := range e.HeadlineQuantities {
		_, _, err := title.figure(&e.HeadlineQuantities[i])
		note("headline_quantities", i, err)
	}
	for i := range e.Statements {
		note("statements", i, body.stands(e.Statements[i].Span, e.Statements[i].Text))
	}
	for i := range e.Events {
		note("events", i, body.stands(e.Events[i].Trigger.Span, e.Events[i].Trigger.Text))
	}
	return out
}

// stands returns an error if the words do not stand at the span.
func (f *field) stands(s schemas.Span, words string) error {
	if f.has(s, words) {
		return nil
	}
	got, ok := f.offsets.Slice(f.text, s)
	if !ok || s.End == s.Start {
		return fmt.Errorf("%q: no words at %d to %d of the %s, which has %d code points", words, s.Start, s.End, f.name, f.offsets.Len())
	}
	if len(got) > 80 {
		got = got[:77] + "…"
	}
	return fmt.Errorf("%q: the %s has %q at %d to %d; offsets are code points", words, f.name, got, s.Start, s.End)
}

// figure returns the interval that a quantity allows, or why there is none.
func (f *field) figure(q *schemas.Quantity) (same.Figure, schemas.Dimension, error) {
	if err := f.stands(q.Span, q.Text); err != nil {
		return same.Figure{}, "", err
	}
	if !hasNumeral(q.Text) {
		return same.Figure{}, "", fmt.Errorf("%q is no numeral", q.Text)
	}
	figure, ok := same.FigureOf(q.Value, q.Min, q.Max, q.Comparator)
	if !ok {
		return figure, "", errors.New("neither value nor min nor max")
	}
	dim, known := schemas.UnitDimension(q.Unit)
	if !known {
		return figure, "", fmt.Errorf("no unit %q", q.Unit)
	}
	return figure, dim, inLists(q)
}

// inLists returns an error if a member has a value that its closed list lacks. An
// empty one has its default.
func inLists(q *schemas.Quantity) error {
	_, measure := schemas.LookupMeasure(q.Measure)
	switch {
	case q.Measure != "" && !measure:
		return fmt.Errorf("no measure %q", q.Measure)
	case q.Category != nil && !slices.Contains(schemas.Categories, *q.Category):
		return fmt.Errorf("no category %q: there are %s", *q.Category, list(schemas.Categories))
	case q.Comparator != "" && !slices.Contains(schemas.Comparators, q.Comparator):
		return fmt.Errorf("no comparator %q: there are %s", q.Comparator, list(schemas.Comparators))
	case q.Modality != "" && !slices.Contains(schemas.Modalities, q.Modality):
		return fmt.Errorf("no modality %q: there are %s", q.Modality, list(schemas.Modalities))
	case q.Time != nil && !isDate(q.Time.Start), q.Time != nil && !isDate(q.Time.End):
		return fmt.Errorf("time from %q to %q: want dates such as 2006-01-02, 2006-01 or 2006", q.Time.Start, q.Time.End)
	}
	return nil
}

func list[S ~string](values []S) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

// isDate reports whether s is the prefix of a date, or open.
func isDate(s string) bool {
	_, _, ok := days(s)
	return ok || s == ""
}
