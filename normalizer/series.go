package normalizer

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/normalizer/wording"
	"github.com/claimwire/claimwire/schemas"
)

// policy is the one stated rule by which a series prefers a figure: among the
// claims that stand (not denied, not taken back in a correction, not superseded) reportable ones first, then the
// newest day, then the most origins, then the smallest id.
const policy = "latest-most-origins"

// maxConflicts bounds the rivals noted for one claim: a day with a thousand
// different figures is told by its envelope.
const maxConflicts = 50

// grows are the measures whose figures for one incident can only rise as more
// becomes known: a lower figure later is a conflict, not news.
var grows = map[string]bool{
	"person-killed": true, "person-injured": true, "person-infected": true, "object-destroyed": true, "money-damage": true,
}

// compareFigures finds out which claims of one series a newer figure supersedes
// and which cannot be true together.
func compareFigures(cs []*claim) {
	if len(cs) < 2 || cs[0].rec.Kind != schemas.QuantityClaim {
		return
	}
	line := slices.Clone(cs)
	slices.SortFunc(line, byTime)
	for _, c := range line {
		if denied(c) {
			rivals(c, line)
		}
	}
	line = slices.DeleteFunc(line, func(c *claim) bool { return denied(c) || c.retraction() != nil })
	for i, c := range line {
		for _, p := range line[:i] {
			if p.superseded == nil && (later(c, p) || updates(c, p)) && succeeds(c, p) {
				p.superseded = c
			} else if c.superseded == nil && updates(p, c) && succeeds(p, c) {
				c.superseded = p
			}
		}
	}
	var stands *claim // the newest figure so far
	for i, c := range line {
		for j := i - 1; j >= 0 && line[j].asOf == c.asOf; j-- {
			if p := line[j]; p.superseded == nil && c.superseded == nil && excludes(c, p) {
				clash(c, p)
			}
		}
		if stands != nil {
			if stands.asOf < c.asOf && falls(c, stands) && excludes(c, stands) {
				clash(c, stands)
			}
			if !excludes(c, stands) {
				stands.neighbours, c.neighbours = append(stands.neighbours, c), append(c.neighbours, stands)
			}
		}
		if stands == nil || !falls(c, stands) {
			stands = c
		}
	}
}

// byTime orders the figures of a series: day, then moment, then number, then id.
func byTime(a, b *claim) int {
	return cmp.Or(cmp.Compare(a.asOf, b.asOf), cmp.Compare(a.moment, b.moment),
		a.mentions[0].Figure.Printed().Cmp(b.mentions[0].Figure.Printed()), cmp.Compare(a.rec.ID, b.rec.ID))
}

func denied(c *claim) bool { return c.rec.Modality == schemas.Negated }

// later reports whether c stood after p: on a later day, or later that day.
func later(c, p *claim) bool {
	return p.asOf < c.asOf || p.asOf == c.asOf && p.moment != "" && p.moment < c.moment && p.moment < c.first
}

// growing reports whether the figures of the series of c can only rise.
func growing(c *claim) bool { return c.rec.Cumulative || grows[c.rec.Measure] }

// succeeds reports whether the later figure c takes the place of p.
func succeeds(c, p *claim) bool {
	a, b := c.mentions[0].Figure, p.mentions[0].Figure
	switch a.Printed().Cmp(b.Printed()) {
	case 1:
		return true
	case -1:
		return !growing(c) && a.Disjoint(b)
	}
	return a.HasLo && a.HasHi && !b.HasHi && !a.Approx // "112" after "at least 112"
}

// falls reports whether c is lower than p where figures can only rise.
func falls(c, p *claim) bool {
	return growing(c) && c.mentions[0].Figure.Printed().Cmp(p.mentions[0].Figure.Printed()) < 0
}

// excludes reports whether two figures cannot both be right. "60" and "more than
// 60" are one figure in two hands, and an article does not contradict itself: what
// one voice gives twice is an older and a newer figure, or two countings.
func excludes(a, b *claim) bool {
	f, g := a.mentions[0].Figure, b.mentions[0].Figure
	return f.Printed() != g.Printed() && f.Disjoint(g) && !oneVoice(a, b, false)
}

// updates reports whether an article gives p as the older figure and c as the
// newer one.
func updates(c, p *claim) bool {
	return c.asOf == p.asOf && c.moved && p.moved && growing(c) && oneVoice(c, p, true)
}

// oneVoice reports whether one article gives both figures on the word of one
// source; of a change, if moved is set.
func oneVoice(a, b *claim, moved bool) bool {
	for i, j := 0, 0; i < len(a.mentions) && j < len(b.mentions); { // both in the order of articles
		m, n := a.mentions[i], b.mentions[j]
		switch c := byArticle(m.doc, n.doc); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			for k := j; k < len(b.mentions) && b.mentions[k].doc == m.doc; k++ {
				if n = b.mentions[k]; m.Source == n.Source && (!moved || m.Moved && n.Moved) {
					return true
				}
			}
			i++
		}
	}
	return false
}

// rivals sets a denial against the figures it denies: those of its own number.
func rivals(c *claim, line []*claim) {
	for _, p := range line {
		if !denied(p) && p.mentions[0].Figure.Printed() == c.mentions[0].Figure.Printed() {
			clash(c, p)
		}
	}
}

// retraction returns the denial by which a publisher of c took it back in a
// correction, nil if there is none.
func (c *claim) retraction() *claim {
	for _, d := range c.conflicts {
		for _, m := range d.mentions {
			if denied(d) && m.doc.correction && slices.ContainsFunc(c.mentions, func(o *mention) bool { return o.doc.publisher == m.doc.publisher }) {
				return d
			}
		}
	}
	return nil
}

func clash(a, b *claim) {
	if len(a.conflicts) >= maxConflicts || len(b.conflicts) >= maxConflicts {
		return
	}
	a.conflicts = insertClaim(a.conflicts, b)
	b.conflicts = insertClaim(b.conflicts, a)
}

func insertClaim(list []*claim, c *claim) []*claim {
	i, found := slices.BinarySearchFunc(list, c, func(a, b *claim) int { return cmp.Compare(a.rec.ID, b.rec.ID) })
	if found {
		return list
	}
	return slices.Insert(list, i, c)
}

// record is the series as readers get it.
func (n *group) record(watermark string) schemas.Series {
	all := n.slots()
	s := schemas.Series{
		SchemaVersion: schemas.Version, ID: n.id, Kind: all.Kind, Measure: all.Measure, Unit: all.Unit, Counted: all.Counted,
		Per: all.Per, Category: all.Category, Agent: all.Agent, Victim: all.Victim, Place: all.Place, Time: hull(n.members),
		Modality: all.Modality, Cumulative: all.Cumulative, FirstSeen: all.FirstSeen, LastSeen: all.LastSeen, Conflicts: []schemas.Conflict{}, Points: make([]schemas.SeriesPoint, 0, len(n.claims)),
		Stability: schemas.Final,
	}
	if s.Modality == schemas.Negated {
		s.Modality = schemas.Asserted
	}
	if n.title == "" {
		n.title = wording.Title(all, reportingWord(all, &n.members[0].cite))
	}
	s.Text = n.title
	line := slices.Clone(n.claims)
	slices.SortFunc(line, func(a, b *claim) int {
		return cmp.Or(cmp.Compare(a.asOf, b.asOf), cmp.Compare(a.rec.ID, b.rec.ID))
	})
	for _, c := range line {
		s.Points = append(s.Points, c.point())
		if stability(c.rec.LastSeen, watermark) == schemas.Provisional {
			s.Stability = schemas.Provisional
		}
		for _, o := range c.conflicts {
			if c.rec.ID < o.rec.ID {
				s.Conflicts = append(s.Conflicts, schemas.Conflict{Claims: [2]string{c.rec.ID, o.rec.ID}, AsOf: max(c.asOf, o.asOf)})
			}
		}
	}
	slices.SortFunc(s.Conflicts, func(a, b schemas.Conflict) int {
		return cmp.Or(cmp.Compare(a.Claims[0], b.Claims[0]), cmp.Compare(a.Claims[1], b.Claims[1]))
	})
	s.PointCount = len(s.Points)
	s.Envelope = envelope(n.claims)
	s.Preferred = preferred(line)
	return s
}

// slots are what all members say together. Of one claim they are known. Nobody may
// change them.
func (n *group) slots() *schemas.Claim {
	if len(n.claims) == 1 {
		return n.claims[0].rec
	}
	if n.all == nil {
		all := mergeSlots(n.members)
		if first, last := seen(n.members); first != nil {
			all.FirstSeen, all.LastSeen = first.published, last.published
		}
		n.all = &all
	}
	return n.all
}

func (c *claim) point() schemas.SeriesPoint {
	return schemas.SeriesPoint{
		Claim: c.rec.ID, AsOf: c.asOf, Value: c.rec.Value, Min: c.rec.Min, Max: c.rec.Max, Comparator: c.rec.Comparator,
		Modality: c.rec.Modality, Tier: c.rec.Tier, Superseded: c.superseded != nil, Origins: c.origins,
	}
}

// hull spans the times of the mentions; an end that is not said is left open.
func hull(ms []*mention) *schemas.Interval {
	var h *schemas.Interval
	for _, m := range ms {
		t := m.claim.Time
		if t == nil {
			continue
		}
		if h == nil {
			h = &schemas.Interval{Start: t.Start, End: t.End}
			continue
		}
		if h.Start == "" || t.Start == "" {
			h.Start = ""
		} else {
			h.Start = min(h.Start, t.Start)
		}
		if h.End == "" || t.End == "" {
			h.End = ""
		} else {
			h.End = max(h.End, t.End)
		}
	}
	return h
}

// envelope spans what each origin, and all of them, said: the least lower and the
// greatest upper bound, null where somebody's figure is unbounded.
func envelope(cs []*claim) schemas.Envelope {
	type share struct {
		origin string
		bounds bounds
	}
	var all bounds
	shares := make([]share, 0, len(cs)) // by origin
	for _, c := range cs {
		if c.rec.Kind != schemas.QuantityClaim || denied(c) {
			continue
		}
		all.add(c)
		for _, o := range c.origins {
			i, found := slices.BinarySearchFunc(shares, o, func(s share, o string) int { return cmp.Compare(s.origin, o) })
			if !found {
				shares = slices.Insert(shares, i, share{origin: o})
			}
			shares[i].bounds.add(c)
		}
	}
	e := schemas.Envelope{Min: all.min(), Max: all.max(), Origins: make([]schemas.OriginFigures, len(shares))}
	for i := range shares {
		e.Origins[i] = schemas.OriginFigures{Origin: shares[i].origin, Min: shares[i].bounds.min(), Max: shares[i].bounds.max()}
	}
	return e
}

type bounds struct {
	lo, hi       schemas.Decimal
	any          bool
	noLo, noHi   bool
	hasLo, hasHi bool
}

func (b *bounds) add(c *claim) {
	f := c.mentions[0].Figure
	b.any = true
	if !f.HasLo {
		b.noLo = true
	} else if !b.hasLo || f.Lo.Cmp(b.lo) < 0 {
		b.lo, b.hasLo = f.Lo, true
	}
	if !f.HasHi {
		b.noHi = true
	} else if !b.hasHi || f.Hi.Cmp(b.hi) > 0 {
		b.hi, b.hasHi = f.Hi, true
	}
}

func (b *bounds) min() *schemas.Decimal {
	if !b.any || b.noLo || !b.hasLo {
		return nil
	}
	return &b.lo
}

func (b *bounds) max() *schemas.Decimal {
	if !b.any || b.noHi || !b.hasHi {
		return nil
	}
	return &b.hi
}

func preferred(line []*claim) *schemas.Preferred {
	var best *claim
	for _, c := range line {
		if !denied(c) && c.retraction() == nil && (best == nil || prefer(c, best) < 0) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	return &schemas.Preferred{Claim: best.rec.ID, Policy: policy}
}

func prefer(a, b *claim) int {
	return cmp.Or(
		compareBool(a.rec.Tier == schemas.Reportable, b.rec.Tier == schemas.Reportable),
		compareBool(a.superseded == nil, b.superseded == nil),
		cmp.Compare(b.asOf, a.asOf),
		cmp.Compare(b.rec.Corroboration.Origins, a.rec.Corroboration.Origins),
		cmp.Compare(a.rec.ID, b.rec.ID))
}

// compareBool puts true first.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
