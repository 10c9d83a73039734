package schemas

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed measures.tsv
var measuresTSV string

// A Measure is one row of the registry of what claims can be about.
type Measure struct {
	ID          string    // "person-killed": one subject token
	Dimension   Dimension // unit dimension that its figures have
	Category    Category  // the category it stands for; empty if none
	Aliases     []string  // other names that filters accept
	Description string
}

// OtherMeasure is the measure of what the registry lacks.
const OtherMeasure = "other"

// StatementMeasure is the measure of statements.
const StatementMeasure = "statement"

var measures = sync.OnceValue(func() []Measure {
	var ms []Measure
	for line := range strings.Lines(measuresTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		m := Measure{ID: f[0], Dimension: Dimension(f[1]), Category: Category(f[2]), Description: f[4]}
		if f[3] != "" {
			m.Aliases = strings.Split(f[3], ",")
		}
		ms = append(ms, m)
	}
	return ms
})

// Measures returns the registry, sorted by id. The caller must not change it.
func Measures() []Measure { return measures() }

// LookupMeasure returns the measure with this id or alias.
func LookupMeasure(name string) (Measure, bool) {
	for _, m := range measures() {
		if m.ID == name {
			return m, true
		}
		for _, a := range m.Aliases {
			if a == name {
				return m, true
			}
		}
	}
	return Measure{}, false
}
