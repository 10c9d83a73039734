package role

import (
	"slices"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// What a figure is compared with, and the times of both.

// setBeside reports whether q only compares the figure before it, whose time is then its
// own: "sold 18,200 cars in May, 12 percent fewer than a year earlier".
func (r *reader) setBeside(q *extractor.Quantity) bool {
	if q.Unit != schemas.UnitPercent {
		return false
	}
	left, _ := r.edges(q)
	k := q.To
	switch r.word(k) {
	case "percent", "%", "per":
		if k++; r.word(k) == "cent" {
			k++
		}
	}
	switch r.word(k) {
	case "more", "fewer", "less", "higher", "lower":
	default:
		return false
	}
	return r.word(left-1) == "," && r.word(k+1) == "than"
}

// periodOf returns the part of year t that figure q, to which its sentence compares one of
// a month or a quarter, is of: July 2023 in "3.9 million in July, up from 3.7 million a
// year earlier"; nil if it is the whole year.
func (r *reader) periodOf(q *extractor.Quantity, t int) *extractor.Interval {
	x := &r.doc.Times[t]
	if x.Granularity != schemas.YearGr || x.From.IsZero() || x.From.Month != 1 || x.Until.Month != 12 {
		return nil
	}
	same := false
	switch r.word(x.Range.To - 1) {
	case "earlier", "before", "ago", "previously":
		same = true
	}
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-5; k-- {
		same = same || r.word(k) == "same" || r.word(k) == "corresponding"
	}
	if !same {
		return nil
	}
	qs := r.doc.Quantities
	n, _ := slices.BinarySearchFunc(qs, q.Start, func(p extractor.Quantity, start int) int { return p.Start - start })
	for n--; n >= 0 && qs[n].Sentence == q.Sentence; n-- {
		p := qs[n].Time
		if p == nil || len(p.Start) < 7 || len(p.End) < 7 || qs[n].Cumulative {
			continue
		}
		if len(p.Start) == 10 && p.Start == p.End { // a day says nothing of a year before
			return nil
		}
		start, end := extractor.ParseDate(p.Start), extractor.ParseDate(p.End)
		if len(p.Start) == 7 {
			start = extractor.ParseDate(p.Start + "-01")
		}
		if len(p.End) == 7 {
			end = extractor.ParseDate(p.End + "-01")
		}
		if start.IsZero() || end.IsZero() {
			return nil
		}
		back := 12 * (start.Year - x.From.Year)
		if back <= 0 || back > 36 {
			return nil
		}
		return &extractor.Interval{Start: start.AddMonths(-back).String()[:len(p.Start)], End: end.AddMonths(-back).String()[:len(p.End)]}
	}
	return nil
}

// follows reports whether time x stands right after figure q, and thus dates it
// alone: "59,000 in 2021", "six in the whole of 2023", "290 ten years ago".
func (r *reader) follows(x *extractor.Time, q *extractor.Quantity) bool {
	_, k := r.edges(q)
	if k > x.Range.From || k < x.Range.From-5 {
		return false
	}
	for ; k < x.Range.From; k++ {
		switch r.word(k) {
		case "in", "on", "at", "for", "during", "the", "all", "of", "whole", "just", "same", "period", "month", "quarter", "since":
		default:
			return false
		}
	}
	return true
}

// ofAnother reports whether time x dates only another figure, with which its
// sentence compares q: "75,000 people, down from 390,000 in 1990".
func (r *reader) ofAnother(q *extractor.Quantity, x *extractor.Time) bool {
	qs := r.doc.Quantities
	n, _ := slices.BinarySearchFunc(qs, x.Start, func(p extractor.Quantity, start int) int { return p.Start - start })
	if n--; n < 0 || qs[n].Sentence != q.Sentence || &qs[n] == q || !r.follows(x, &qs[n]) {
		return false
	}
	left, _ := r.edges(&qs[n])
	if w := r.word(left - 1); x.Prep == "since" && (w == "up" || w == "down") { // costs $2, up 14 percent since August
		return true
	}
	return r.baseline(left)
}

// baseline reports whether what starts at token i is what something else is
// compared with: "than 20", "down from 20", "compared with 20".
func (r *reader) baseline(i int) bool {
	switch r.word(i - 1) {
	case "than", "versus", "vs", "against":
		return true
	case "from":
		switch r.word(i - 2) {
		case "up", "down", ",", "rise", "increase", "fall", "drop", "decline", "jump", "decrease":
			return true
		}
		return false
	case "with", "to":
		return r.word(i-2) == "compared" || r.word(i-2) == "Compared"
	}
	return false
}

// sinceBest reports whether time x, later than token at, only says how long something
// had not been so: "its worst result since 2007".
func (r *reader) sinceBest(x *extractor.Time, at int) bool {
	if x.Range.From < at || x.Prep != "since" {
		return false
	}
	for k := x.Range.From - 2; k > at && k > x.Range.From-7; k-- {
		switch r.word(k) {
		case "first", "last", "record":
			return true
		}
		if t := r.tag(k); (t == "JJS" || t == "RBS") && r.word(k-1) != "at" { // at least 40 since
			return true
		}
	}
	return false
}

// compared reports whether time x is what the change or share q is measured
// against, and not when it happened: "24 percent more than in the same period last
// year", "60 percent over the previous year".
func (r *reader) compared(q *extractor.Quantity, x *extractor.Time) bool {
	if k := x.Range.From - 1; r.word(k) == "than" || r.word(k-1) == "than" && r.pos(k) == extractor.ADP {
		return true
	}
	switch q.Unit {
	case schemas.UnitPercent, schemas.UnitPoint, schemas.UnitBasis:
	default:
		if q.Change == nil {
			return false
		}
	}
	for k := x.Range.From; k < x.Range.To; k++ {
		switch r.word(k) {
		case "previous", "preceding", "prior", "earlier", "before", "same":
			return true
		}
	}
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-7; k-- {
		switch r.word(k) {
		case "than", "compared", "versus", "vs", "against", "same", "corresponding":
			return true
		case "on":
			if k == x.Range.From-1 && x.Granularity != schemas.Day { // 4 percent on 2024
				return true
			}
		case "from":
			if last := r.word(x.Range.To - 1); last == "ago" {
				return true
			}
		case ",", ";", "(", ")":
			return false
		}
	}
	return false
}
