package eval

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// A slotCheck is the comparison of one slot of a figure.
type slotCheck struct {
	name        string
	gold, got   string // as printed with a mistake
	right       bool   // equal, or empty on both sides
	core, rated bool   // part of CLAIM core; has a "slot" score
}

func (a *article) quantities() {
	gold, read := a.gold.Quantities, a.read.Quantities
	pairs := match(spansOf(gold, func(q *GoldQuantity) schemas.Span { return q.Span }), spansOf(read, func(q *schemas.Quantity) schemas.Span { return q.Span }))
	found, core, full := 0, 0, 0
	for i, j := range pairs {
		if j < 0 {
			a.missed(&gold[i])
			continue
		}
		found++
		rightCore, rightFull := a.quantity(&gold[i], &read[j])
		core += one(rightCore)
		full += one(rightFull)
	}
	for j := range read {
		if q := &read[j]; !slices.Contains(pairs, j) {
			a.mistake("spurious", q.Text, "", strings.TrimSpace(countedName(q)+" "+categoryName(q)))
			a.calibrate(q, false)
		}
	}
	a.tally("quantity found").pairs(found, len(gold), len(read))
	a.tally("CLAIM core").pairs(core, len(gold), len(read))
	a.tally("CLAIM full").pairs(full, len(gold), len(read))
}

// missed counts a figure that was not found.
func (a *article) missed(g *GoldQuantity) {
	a.mistake("missed", g.Text, strings.TrimSpace(g.Counted+" "+string(g.Category)), "")
	a.reportable.miss++
	for name, filled := range map[string]bool{
		"agent": g.Agent != "", "place": g.Place != "", "source": g.Source != "",
		"time": g.Time != nil, "per": g.Per != "", "category": g.Category != "",
	} {
		a.tally("slot "+name).slot(filled, false, false)
	}
}

// quantity compares a figure with its annotation and reports whether CLAIM core
// and CLAIM full are right.
func (a *article) quantity(g *GoldQuantity, p *schemas.Quantity) (core, full bool) {
	core, full = true, true
	for _, c := range a.checks(g, p) {
		if c.rated {
			a.tally("slot "+c.name).slot(c.gold != "", c.got != "", c.right && c.gold != "")
		}
		if !c.rated {
			a.tally("of found: "+c.name).add(one(c.right), one(!c.right), one(!c.right))
		}
		core = core && (c.right || !c.core)
		full = full && c.right
		if !c.right {
			a.mistake(c.name, g.Text, c.gold, c.got)
		}
	}
	a.calibrate(p, core)
	// A right figure that is too unsure to be reported is missed among those reported.
	a.reportable.miss += one(!core || !normalizer.Reportable(p))
	return core, full
}

// checks compares every slot, in the order of the printed table.
func (a *article) checks(g *GoldQuantity, p *schemas.Quantity) []slotCheck {
	modality := func(m schemas.Modality) schemas.Modality {
		if m == schemas.Allowed || m == "" {
			return schemas.Asserted // a permission counts as stated
		}
		return m
	}
	value := sameNumber(g.Value, p.Value) && (g.Value != nil || sameNumber(g.Min, p.Min) && sameNumber(g.Max, p.Max))
	counted, per, category := countedName(p), rateName(p), categoryName(p)
	return []slotCheck{
		{name: "value", gold: numbers(g.Value, g.Min, g.Max), got: numbers(p.Value, p.Min, p.Max), right: value, core: true},
		{name: "comparator", gold: string(g.Comparator), got: string(p.Comparator), right: g.Comparator == p.Comparator, core: true},
		{name: "unit", gold: g.Unit, got: p.Unit, right: g.Unit == p.Unit, core: true},
		{name: "counted", gold: g.Counted, got: counted, right: sameCounted(g.Counted, counted), core: true},
		{name: "modality", gold: string(g.Modality), got: string(p.Modality), right: modality(g.Modality) == modality(p.Modality)},
		{name: "category", gold: string(g.Category), got: category, right: string(g.Category) == category, core: true, rated: true},
		{name: "per", gold: g.Per, got: per, right: nameTest{}.same(g.Per, per) && (g.Per == "") == (per == ""), core: true, rated: true},
		a.name("agent", g.Agent, p.Agent),
		a.name("place", g.Place, p.Place),
		a.name("source", g.Source, p.Source),
		{
			name: "time", gold: interval(g.Time), got: interval(p.Time), rated: true,
			right: sameInterval(g.Time, p.Time) || g.Time == nil && p.Time == nil,
		},
	}
}

func (a *article) name(slot, gold string, read *schemas.Slot) slotCheck {
	got := slotName(read)
	right := gold == "" && got == "" || gold != "" && got != "" && a.names.same(gold, got)
	return slotCheck{name: slot, gold: gold, got: got, right: right, rated: true}
}

func countedName(q *schemas.Quantity) string {
	if q.Counted == nil {
		return ""
	}
	return q.Counted.Text
}

func rateName(q *schemas.Quantity) string {
	switch {
	case q.Per == nil:
		return ""
	case q.Per.Name != "":
		return q.Per.Name
	}
	return q.Per.Text
}

func categoryName(q *schemas.Quantity) string {
	if q.Category == nil {
		return ""
	}
	return string(*q.Category)
}

func numbers(value, low, high *schemas.Decimal) string {
	var parts []string
	for _, d := range []*schemas.Decimal{value, low, high} {
		if d != nil {
			parts = append(parts, d.String())
		}
	}
	return strings.Join(parts, " to ")
}

func interval(t *schemas.Interval) string {
	if t == nil {
		return ""
	}
	return t.Start + "/" + t.End
}
