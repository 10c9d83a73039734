package role

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// time sets when it happened: the time of the sentence nearest to the predicate
// that does not tell when somebody spoke.
func (r *reader) time(q *extractor.Quantity, p *predicate) {
	if p.beside = r.setBeside(q); p.aside || p.beside {
		return
	}
	at := q.From
	if p.token >= 0 {
		at = r.nounDescribed(q, p.token)
	}
	_, right := r.edges(q)
	best, least := -1, 1<<30
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last {
			continue
		}
		last = t
		own := r.follows(&r.doc.Times[t], q)
		if r.far(i, at) || !r.calendar(int(t)) || r.ofSpeech(&r.doc.Times[t]) && !(p.passive && r.is(p.token, say)) && !r.recorded(q, &r.doc.Times[t]) || !own && r.compared(q, &r.doc.Times[t]) || q.Category == "" && r.names(int(t)) && !r.namesCounted(q, int(t)) || r.startsFrom(q) && r.future(int(t)) {
			continue
		}
		if !own && (r.ofAnother(q, &r.doc.Times[t]) || r.describes(q, p, i) || r.descriptive(q.From, at, i) || r.sinceBest(&r.doc.Times[t], at)) {
			continue
		}
		d := i - at
		if d < 0 {
			d = 2 - d
		}
		if r.opens(int(t)) {
			d = min(d, 16)
		}
		crosses, parts := r.crosses(i, at), r.parts(i, at)
		if crosses && at > i && r.whenAfter(&r.doc.Times[t]) && r.doc.Times[t].Range.To+12 > at { // since 2014, when 600 were found
			crosses, d = false, min(d, 10)
		}
		if parts && i > at && r.sharesSubject(at, i) { // seized the ship and held seven men on Saturday
			parts, d = false, min(d, 20)
		}
		if parts && i < at && i <= r.from+2 && r.sharesSubject(i, at) { // Last year libraries lent books and counted visits
			parts = false
		}
		if crosses || parts {
			d += 12
		}
		if q.Category == "" && (crosses || d > 22) && r.ownClause(q, i) { // the sum that they lost in 2021
			crosses, d = false, min(d, 10)
		}
		if q.Category == "" && (d > 22 && i > r.from+5 || crosses || parts && i < at) {
			continue
		}
		if own || i >= right && i <= right+2 && r.pos(i-1) == extractor.ADP { // 59,000 in 2021
			d = 0
		}
		if suffers(q.Category) && q.Modality == schemas.Asserted && r.future(int(t)) {
			continue
		}
		if p.rule == "role/toll" && r.since(&r.doc.Times[t]) {
			d = 0
		}
		if d < least {
			best, least = int(t), d
		}
	}
	if best < 0 {
		if q.Time = r.window(at); q.Time != nil {
			origin(q, "time", schemas.Stated)
		}
		return
	}
	q.Time, q.Cumulative = r.interval(best, at)
	if v := r.periodOf(q, best); v != nil {
		q.Time = v
	}
	if q.Time != nil && q.Time.Start != "" && q.Time.Start == q.Time.End && r.beganThen(best, p) {
		q.Time, q.Cumulative = &extractor.Interval{Start: q.Time.Start, End: r.doc.Published.String()}, true
	}
	if q.Time != nil {
		origin(q, "time", schemas.Stated)
	}
}

// describes reports whether the time at token i stands in a relative clause about
// those whom q counts, which tells who they are and not what happened to them now:
// "freed 47 pupils they had seized in May".
func (r *reader) describes(q *extractor.Quantity, p *predicate, i int) bool {
	if !r.treed() || p.token < 0 {
		return false
	}
	h := r.figureHead(q)
	for range maxClimb {
		g := r.up(i)
		if g < 0 || i == p.token {
			return false
		}
		if r.doc.Tokens[i].Rel == "acl:relcl" {
			return g == h && i > h && !r.under(p.token, i)
		}
		i = g
	}
	return false
}

// ownClause reports whether the time at token i stands in a relative clause about an
// amount: "the £18m that they lost in 2021".
func (r *reader) ownClause(q *extractor.Quantity, i int) bool {
	if !r.treed() || q.Unit == schemas.UnitCount {
		return false
	}
	h := r.figureHead(q)
	for range maxClimb {
		g := r.up(i)
		if g < 0 {
			return false
		}
		if r.doc.Tokens[i].Rel == "acl:relcl" {
			return g == h
		}
		i = g
	}
	return false
}

// nounDescribed returns the noun that the verb at token v only describes, if it is one
// of being: what "signed a deal in May that is worth 5 million" dates is the deal.
// Other verbs are returned as they are.
func (r *reader) nounDescribed(q *extractor.Quantity, v int) int {
	if !r.treed() || q.Category != "" {
		return v
	}
	switch r.lemma(v) {
	case "be", "cost", "total", "cover":
	default:
		return v
	}
	for k, n := v, 0; n < 3; n++ {
		g := r.up(k)
		if g < 0 {
			break
		}
		if r.doc.Tokens[k].Rel == "acl:relcl" && g < v {
			return g
		}
		k = g
	}
	return v
}

// under reports whether token i hangs on token top of the tree.
func (r *reader) under(i, top int) bool {
	for range 2 * maxClimb {
		if i == top {
			return true
		}
		if i = r.up(i); i < 0 {
			return false
		}
	}
	return false
}

// beganThen reports whether time t is when that began which has done since what the
// predicate says: "the war, which began in April, has killed".
func (r *reader) beganThen(t int, p *predicate) bool {
	if p.token < 0 {
		return false
	}
	perfect := false
	for i := p.token - 1; i >= r.doc.Times[t].Range.To; i-- { // has killed 40 people and driven out 600
		perfect = perfect || r.word(i) == "has" || r.word(i) == "have"
	}
	if v := r.tag(p.token); !perfect || v != "VBN" && v != "VBD" {
		return false
	}
	for k := r.doc.Times[t].Range.From - 1; k > r.from && k > r.doc.Times[t].Range.From-5; k-- {
		switch r.word(k) {
		case "broke":
			if r.word(k+1) != "out" {
				return false
			}
			return r.kind(r.chunk(k)-1) == sub
		case "began", "started", "erupted":
			return r.kind(r.chunk(k)-1) == sub
		}
	}
	return false
}

// opens reports whether time t opens its sentence: "As of 31 March, …".
func (r *reader) opens(t int) bool {
	x := &r.doc.Times[t]
	return x.Range.From-r.from <= 3 && r.kind(r.chunk(x.Range.To)) == comma
}

// names reports whether time t stands before a noun to tell which one is meant:
// "the 2011 disaster", "a 14 December deadline", but not "Last year donors paid".
func (r *reader) names(t int) bool {
	x := &r.doc.Times[t]
	if x.Prep != "" || x.Range.To >= r.to || r.pos(x.Range.To) != extractor.NOUN {
		return false
	}
	switch r.word(x.Range.From) {
	case "Last", "This", "Next":
		return false
	}
	return true
}

// namesCounted reports whether time t stands before the noun that q counts, a period
// that is then that of the figure: "its second-quarter profit rose by 3 percent".
func (r *reader) namesCounted(q *extractor.Quantity, t int) bool {
	x := &r.doc.Times[t]
	if q.Counted == nil || x.Granularity == schemas.Day || x.Granularity == schemas.Minute {
		return false
	}
	k := r.doc.TokenAt(q.Counted.End - 1)
	return k >= x.Range.To && k < r.to && r.chunk(k) == r.chunk(x.Range.To)
}

// startsFrom reports whether q is where a change starts: "from 138,000 to 150,000".
func (r *reader) startsFrom(q *extractor.Quantity) bool {
	return q.Change != nil && r.word(r.doc.TokenAt(q.Phrase.Start)-1) == "from"
}

// far reports whether token i is too far from the act at token at to belong to it;
// what opens a sentence may belong to all of it.
func (r *reader) far(i, at int) bool {
	return (i > at+60 || i < at-60) && i > r.from+8
}

// aside reports whether the figure stands in a phrase that only describes where or
// whence: "people evacuated from two towns on Friday" dates the act, not the towns.
func (r *reader) aside(q *extractor.Quantity, p *predicate) bool {
	left, right := r.edges(q)
	if d, _ := schemas.UnitDimension(q.Unit); d == schemas.DimLength && q.Change == nil {
		k := right
		if r.word(k) == ")" {
			k++
		}
		switch r.word(k) {
		case "from", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "north-east", "north-west", "south-east", "south-west",
			"away", "off", "outside", "inland", "offshore", "(", "or", "downstream", "upstream":
			return true // how far it is
		}
	}
	if q.Unit != schemas.UnitCount || q.Change != nil {
		return false
	}
	switch r.word(left - 1) {
	case "from", "between", "near", "among":
		return true
	}
	if p.subject {
		return false
	}
	switch r.word(left - 1) {
	case "the":
		return r.word(left-2) != "of"
	case "at", "around":
		return true
	case "in", "into":
		switch r.word(left - 2) {
		case "hand", "handed", "handing", "turn", "turned", "turning", "bring", "brought", "let", "letting": // must hand in 3,000 rifles
			return false
		}
		return q.Counted != nil && !personal(q.Counted.Head)
	}
	return false
}

// asidePredicate gives a figure that only describes where or whence the verb that
// its preposition belongs to: "people evacuated from two towns were killed".
func (r *reader) asidePredicate(q *extractor.Quantity, p *predicate) {
	left, _ := r.edges(q)
	c := r.chunk(left - 1)
	if r.kind(c) != prep || r.kind(c-1) != vg || p.token == r.verb(c-1) {
		return
	}
	p.token, p.subject = r.verb(c-1), false
	q.Predicate = r.lemma(p.token)
	p.past, p.narrates = false, false
}

// parts reports whether a new clause joined by "and" starts between tokens i and j.
func (r *reader) parts(i, j int) bool {
	if i > j {
		i, j = j, i
	}
	for c := r.chunk(i); c >= 0 && c < len(r.chunks) && r.chunks[c].from < j; c++ {
		if r.kind(c) != conj || r.chunks[c].from <= i {
			continue
		}
		if r.kind(c+1) == vg && r.finite(c+1) || r.kind(c+1) == np && r.kind(c+2) == vg && r.finite(c+2) && r.kind(c-1) == comma || r.opensMain(c) {
			return true
		}
	}
	return false
}

// opensMain reports whether the conjunction of chunk c joins two main clauses, the
// second with a subject that a phrase follows: "mortality fell and demand in X is strong".
func (r *reader) opensMain(c int) bool {
	k := c + 1
	for n := 0; n < 3 && r.kind(k) == np && r.kind(k+1) == prep; n++ {
		k += 2
	}
	if r.kind(k) != np || r.kind(k+1) != vg || !r.finite(k+1) {
		return false
	}
	for k = c - 1; k >= 0; k-- {
		switch r.kind(k) {
		case stop, sub:
			return false
		case vg:
			return r.finite(k) && !r.is(r.verb(k), say)
		}
	}
	return false
}

// sharesSubject reports whether every clause between tokens i and j is joined by
// "and" without a subject of its own.
func (r *reader) sharesSubject(i, j int) bool {
	for c := r.chunk(i) + 1; c < len(r.chunks) && r.chunks[c].from < j; c++ {
		switch r.kind(c) {
		case stop, sub:
			if quoteMark(r.word(r.chunks[c].from)) && r.chunks[c].to-r.chunks[c].from == 1 {
				continue
			}
			return false
		case np:
			if r.kind(c-1) == conj && (r.kind(c+1) == vg && r.finite(c+1) || r.opensMain(c-1)) || r.kind(c-1) == comma && r.kind(c+1) == vg {
				return false
			}
		}
	}
	return true
}

// quoteMark reports whether w is a mark around a quotation.
func quoteMark(w string) bool {
	switch w {
	case "\"", "“", "”", "''", "``":
		return true
	}
	return false
}
