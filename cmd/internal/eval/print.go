package eval

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Print writes the report for people: the scores, the reliability table, and up to
// perGroup mistakes of each group. Texts go through clean, which makes what comes
// from the web safe for a terminal.
func (r *Report) Print(w io.Writer, perGroup int, clean func(string) string) error {
	for _, name := range Names() {
		if row, ok := r.Scores[name]; ok {
			printRow(w, name, row)
		}
	}
	printRow(w, "CLAIM core, reportable figures", r.Reportable)
	if len(r.Reliability) > 0 {
		fmt.Fprintf(w, "\nconfidence   figures   predicted   right\n")
		for _, b := range r.Reliability {
			fmt.Fprintf(w, "%.1f - %.1f    %7d   %9.2f   %5.2f\n", b.From, b.To, b.N, b.Predicted, b.Right)
		}
	}
	r.printMistakes(w, perGroup, clean)
	_, err := fmt.Fprintf(w, "\n%d articles\n", r.Articles)
	return err
}

func printRow(w io.Writer, name string, row Row) {
	fmt.Fprintf(w, "%-40s P %.3f  R %.3f  F1 %.3f  gold %d  predicted %d\n", name, row.P, row.R, row.F1, row.Gold, row.Predicted)
}

// groups is the order in which mistakes are printed.
var groups = [...]string{
	"missed", "spurious", "value", "comparator", "unit", "counted", "category", "per", "modality",
	"agent", "place", "time", "source", "statement missed", "statement spurious", "speaker", "entity",
}

func (r *Report) printMistakes(w io.Writer, perGroup int, clean func(string) string) {
	if perGroup <= 0 {
		return
	}
	by := map[string][]Mistake{}
	for _, m := range r.Mistakes {
		by[m.Group] = append(by[m.Group], m)
	}
	for _, group := range groups {
		list := by[group]
		if len(list) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s (%d)\n", group, len(list))
		for _, m := range list[:min(perGroup, len(list))] {
			fmt.Fprintf(w, "  %s  %s: want %s, got %s\n", clean(m.Doc), quote(clean(m.Text)), orNone(clean(m.Gold)), orNone(clean(m.Got)))
		}
	}
}

// maxShown bounds the words shown of a mistake, in code points.
const maxShown = 80

func quote(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxShown {
		s = string(slices.Concat(runes[:maxShown], []rune("…")))
	}
	return "“" + s + "”"
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}
