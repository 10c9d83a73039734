package role

import (
	"slices"

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
		case "in", "on", "at", "for", "during", "the", "all", "of", "whole", "just", "same", "period", "month", "quarter":
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
	for c, i := r.chunk(p.token), p.token-1; c >= 0 && i >= r.chunks[c].from; i-- {
		perfect = perfect || r.word(i) == "has" || r.word(i) == "have"
	}
	if !perfect {
		return false
	}
	for k := r.doc.Times[t].Range.From - 1; k > r.from && k > r.doc.Times[t].Range.From-5; k-- {
		switch r.word(k) {
		case "began", "started", "erupted":
			return p.token > k && r.kind(r.chunk(k)-1) == sub
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

// window returns the dates of a rolling window of the sentence, "the past 24
// hours", counted back from publication; nil if there is none.
func (r *reader) window(at int) *extractor.Interval {
	if r.doc.Published.IsZero() {
		return nil
	}
	for i := r.from; i+2 < r.to; i++ {
		if w := r.word(i); w != "past" && w != "last" && w != "previous" || r.word(i-1) != "the" {
			continue
		}
		n, days := number(r.word(i+1)), 0
		switch r.word(i + 2) {
		case "hours":
			days = (n + 23) / 24
		case "days":
			days = n
		case "weeks":
			days = 7 * n
		}
		if n > 0 && days > 0 && days < 400 {
			end := r.spoken()
			return &extractor.Interval{Start: end.AddDays(-days).String(), End: end.String()}
		}
	}
	return nil
}

// spoken returns the day on which the words of the sentence were said, as far as it
// gives one, else the publication day.
func (r *reader) spoken() extractor.Date {
	last := int32(-1)
	for i := r.from; i < r.to; i++ {
		t := r.doc.Tokens[i].Time
		if t < 0 || t == last {
			continue
		}
		last = t
		if x := &r.doc.Times[t]; x.Placed && x.From == x.Until && r.ofSpeech(x) {
			if d := x.From.Days(r.doc.Published); d >= 0 && d < 14 {
				return x.From
			}
		}
	}
	return r.doc.Published
}

// accounting returns the period that ends with time x: "the financial year ended
// 30 June", "the three months to March"; nil if there is none.
func (r *reader) accounting(x *extractor.Time) *extractor.Interval {
	k := x.Range.From - 1
	switch r.word(k) {
	case "on", "at":
		k--
	}
	switch r.word(k) {
	case "ended", "ending", "to":
	default:
		return nil
	}
	if x.Until.IsZero() || x.Granularity != schemas.Day && x.Granularity != schemas.Month {
		return nil
	}
	months := 0
	switch r.word(k - 1) {
	case "year":
		months = 12
	case "quarter":
		months = 3
	case "half", "half-year":
		months = 6
	case "months":
		if months = number(r.word(k - 2)); months > 36 {
			months = 0
		}
	case "weeks":
		n := number(r.word(k - 2))
		if n == 0 || n > 60 || x.Granularity != schemas.Day {
			return nil
		}
		return &extractor.Interval{Start: x.Until.AddDays(1 - 7*n).String(), End: x.Until.String()}
	}
	if months == 0 {
		return nil
	}
	end := x.Until
	start := end.AddMonths(-months)
	if end.Day == extractor.DaysIn(end.Year, end.Month) {
		start.Day = extractor.DaysIn(start.Year, start.Month)
	}
	return &extractor.Interval{Start: start.AddDays(1).String(), End: end.String()}
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

// number reads a small whole number in digits or words, 0 for anything else.
func number(w string) int {
	for i, s := range [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"} {
		if w == s {
			return i + 1
		}
	}
	n := 0
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' || n > 10000 {
			return 0
		}
		n = n*10 + int(w[i]-'0')
	}
	return n
}

// dates reports whether time t can date an act: it has a place on the calendar,
// does not tell when somebody spoke and is no dateline.
func (r *reader) dates(t int) bool { return r.calendar(t) && !r.ofSpeech(&r.doc.Times[t]) }

// calendar reports whether time t of the sentence has a place on the calendar and is
// no dateline.
func (r *reader) calendar(t int) bool {
	x := &r.doc.Times[t]
	if !x.Placed || x.Type == schemas.TimexDuration || x.Type == schemas.TimexSet || x.Range.From < r.from || x.Range.To > r.to {
		return false
	}
	return !r.dateline(x)
}

// future reports whether time t starts after publication.
func (r *reader) future(t int) bool {
	x := &r.doc.Times[t]
	return !r.doc.Published.IsZero() && !x.From.IsZero() && r.doc.Published.Before(x.From)
}

// dateline reports whether the time is the day of publication, printed above or
// below the text: a whole date without preposition.
func (r *reader) dateline(x *extractor.Time) bool {
	if r.heads(x) {
		return true
	}
	if x.Prep != "" && !r.stamped(x) || x.Anchor != "" || r.doc.Published.IsZero() || x.From.IsZero() || x.Granularity != schemas.Day && x.Granularity != schemas.Minute {
		return false
	}
	d := x.From.Days(r.doc.Published)
	return d >= -1 && d <= 1
}

// heads reports whether the time closes a dateline at the start of its sentence:
// "LIMA, March 5 -", "Rome, 12 December 2024 (Agency) —".
func (r *reader) heads(x *extractor.Time) bool {
	if x.Range.From-r.from > 8 || x.Prep != "" {
		return false
	}
	switch r.word(x.Range.To) {
	case "-", "–", "—", "--", ":", "(", ".":
	default:
		return false
	}
	for k := r.from; k < x.Range.From; k++ {
		if r.pos(k) != extractor.PUNCT && r.doc.Tokens[k].Name < 0 && r.pos(k) != extractor.PROPN {
			return false
		}
	}
	return x.Range.From > r.from
}

// stamped reports whether a word before the time says that it is when the article
// was put out: "Last updated at", "Published on".
func (r *reader) stamped(x *extractor.Time) bool {
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-4; k-- {
		switch r.word(k) {
		case "updated", "Updated", "UPDATED", "published", "Published", "posted", "Posted", "modified", "Modified":
			return true
		}
	}
	return false
}

// ofSpeech reports whether the time tells when something was said: it stands
// beside a verb of saying.
func (r *reader) ofSpeech(x *extractor.Time) bool {
	c := r.chunk(x.Range.From)
	k := c - 1
	for n := 0; n < 3; n++ { // said in a statement on Sunday
		if r.kind(k) == prep {
			k--
		}
		if r.kind(k) == np && r.kind(k-1) == prep && r.kind(k-2) == np && r.kind(k-3) == vg && r.tells(r.verb(k-3)) { // told reporters in X on Sunday
			k -= 2
		}
		if r.kind(k) == np && (r.kind(k-1) == vg && r.tells(r.verb(k-1)) || r.kind(k-1) == prep && r.kind(k-2) == vg && r.is(r.verb(k-2), say)) {
			k--
		}
	}
	if r.kind(k) == vg && (r.is(r.verb(k), say) || r.putOut(k)) {
		return true
	}
	k = c + 1
	if r.kind(k) == np && r.kind(k+1) == vg && r.speaker(k) != nil { // on Sunday an official said
		k++
	}
	return r.kind(k) == vg && r.is(r.verb(k), say) && r.tag(r.verb(k)) != "VBG"
}

// recorded reports whether the verb of saying before time x is the passive one of which
// q is the subject: "Two deaths have been reported since March" dates the deaths.
func (r *reader) recorded(q *extractor.Quantity, x *extractor.Time) bool {
	for c := r.chunk(x.Range.From) - 1; c > 0 && r.chunks[c].from >= q.To; c-- {
		switch r.kind(c) {
		case vg:
			v := r.verb(c)
			return r.is(v, say) && r.passive(v) && !r.crosses(q.From, v)
		case sub, stop:
			return false
		}
	}
	return false
}

// putOut reports whether the verb group c says that a text was put out, after the noun
// for that text: "a poll published on Sunday".
func (r *reader) putOut(c int) bool {
	v := r.verb(c)
	if r.kind(c-1) != np || r.finite(c) && r.tag(v) != "VBD" || r.kind(c+1) == np {
		return false
	}
	switch r.word(v) {
	case "published", "released", "issued":
	default:
		return false
	}
	switch r.lemmaNoun(r.chunks[c-1].head) {
	case "poll", "survey", "study", "report", "figure", "statistic", "data", "statement", "research", "list", "document", "forecast", "estimate", "paper":
		return true
	}
	return r.kind(c-2) == prep && r.kind(c-3) == np && r.lemmaNoun(r.chunks[c-3].head) == "poll"
}

// tells reports whether the verb at token v takes the hearer as its object.
func (r *reader) tells(v int) bool {
	switch r.word(v) {
	case "told", "tells", "telling", "informed":
		return true
	}
	return false
}

// since reports whether the clause of the time starts with "since".
func (r *reader) since(x *extractor.Time) bool {
	if x.Prep == "since" {
		return true
	}
	for k := x.Range.From - 1; k >= r.from && k > x.Range.From-16; k-- {
		switch r.word(k) {
		case "since", "Since":
			return true
		case ",", ";", ".", "when", "as":
			return false
		}
	}
	return false
}

// interval returns the dates of time t for a figure at token at, -1 for none: from a
// start until publication after "since", open at one end after "before" and "until",
// both ends of "from … to".
func (r *reader) interval(t, at int) (*extractor.Interval, bool) {
	x := &r.doc.Times[t]
	start, end := ends(x)
	if start == "" && end == "" {
		return nil, false
	}
	prep := x.Prep
	if r.possessive(x.Range.To) { // by Friday's quake: the preposition is that of the quake
		prep = ""
	}
	if v := r.accounting(x); v != nil {
		return v, false
	}
	if v := r.firstOf(x); v != nil {
		return v, false
	}
	if r.soFar(x) {
		return &extractor.Interval{Start: x.From.String(), End: r.doc.Published.String()}, false
	}
	if r.since(x) && !(r.whenAfter(x) && (at < 0 || r.toldOf(x, at))) {
		if x.Mod == "START" && !x.From.IsZero() { // since the start of the year
			start = x.From.String()
		}
		return &extractor.Interval{Start: start, End: r.doc.Published.String()}, true
	}
	if x.Granularity == schemas.Month && prep != "from" && prep != "between" {
		if v := r.monthRange(t); v != nil {
			return v, false
		}
	}
	if prep == "" && r.word(x.Range.From-1) == "and" {
		prep = "and"
	}
	if v := r.daysJoined(t); v != nil && (prep == "" || prep == "on" || prep == "and") {
		return v, false
	}
	switch prep {
	case "from", "between":
		if t+1 < len(r.doc.Times) {
			y := &r.doc.Times[t+1]
			if y.Range.From-x.Range.To <= 2 && y.Placed {
				if _, e := ends(y); e != "" {
					return &extractor.Interval{Start: start, End: e}, false
				}
			}
		}
	case "to", "until", "till", "and", "through":
		if t > 0 {
			y := &r.doc.Times[t-1]
			if x.Range.From-y.Range.To <= 2 && y.Placed && (y.Prep == "from" || y.Prep == "between") {
				if s, _ := ends(y); s != "" {
					return &extractor.Interval{Start: s, End: end}, false
				}
			}
		}
		if prep == "until" || prep == "till" {
			start, end = "", lastDay(x, end)
		}
	case "before":
		start = ""
	case "by":
		if x.Mod == "END" && !x.Until.IsZero() {
			return &extractor.Interval{End: x.Until.String()}, false
		}
		if !x.Until.IsZero() && (x.Until.Before(r.doc.Published) || r.doc.Published.Before(x.From)) {
			start, end = "", lastDay(x, end)
		}
	}
	if (prep == "from" || prep == "") && x.Range.From > r.from {
		switch r.word(x.Range.From - 1) {
		case "from", "starting", "beginning":
			if w := r.word(x.Range.From - 2); w == "starting" || w == "beginning" || r.word(x.Range.From-1) != "from" {
				end = ""
			}
		}
	}
	return &extractor.Interval{Start: start, End: end}, false
}

// daysJoined returns the days of which time t is one, "on 3 and 4 April", "on Tuesday and
// on Wednesday"; nil if it stands alone.
func (r *reader) daysJoined(t int) *extractor.Interval {
	joined := func(x, y *extractor.Time) bool {
		gap := y.Range.From - x.Range.To
		if gap < 1 || gap > 2 || r.word(x.Range.To) != "and" || gap == 2 && r.word(x.Range.To+1) != "on" {
			return false
		}
		if x.Granularity != schemas.Day || y.Granularity != schemas.Day || x.From != x.Until || y.From != y.Until || x.From.IsZero() || y.From.IsZero() {
			return false
		}
		d := x.From.Days(y.From)
		return d > 0 && d < 7
	}
	times := r.doc.Times
	if t > 0 && times[t-1].Range.To <= times[t].Range.From && joined(&times[t-1], &times[t]) {
		t--
	}
	if t+1 >= len(times) || !joined(&times[t], &times[t+1]) {
		return nil
	}
	return &extractor.Interval{Start: times[t].From.String(), End: times[t+1].From.String()}
}

// whenAfter reports whether a clause says what happened at time x itself, whatever
// has been so since: "the worst since 2009, when 20 people died".
func (r *reader) whenAfter(x *extractor.Time) bool {
	k := x.Range.To
	if r.word(k) == "," {
		k++
	}
	return r.word(k) == "when"
}

// toldOf reports whether token at stands in the clause that says what happened at time
// x: "since 2009, when 20 people died", but neither "50 have died since May, when the
// rains began" nor what is joined to that, "and 90 fell ill".
func (r *reader) toldOf(x *extractor.Time, at int) bool {
	for k := x.Range.To + 2; k < at; k++ {
		if r.word(k) == "," && (r.word(k+1) == "and" || r.word(k+1) == "but") {
			return false
		}
	}
	return at > x.Range.To
}

// soFar reports whether time x has not ended yet and is told of up to now: "so far
// this year", "already this month".
func (r *reader) soFar(x *extractor.Time) bool {
	p := r.doc.Published
	if p.IsZero() || x.From.IsZero() || !x.From.Before(p) || !p.Before(x.Until) {
		return false
	}
	k := x.Range.From - 1
	if w := r.word(k); w == "in" || w == "during" {
		k--
	}
	if r.word(k) == "far" && r.word(k-1) == "so" || r.word(k) == "already" {
		return true
	}
	return r.word(x.Range.To) == "so" && r.word(x.Range.To+1) == "far" || r.word(x.Range.To) == "to" && r.word(x.Range.To+1) == "date"
}

// firstOf returns the part of the year x that words before it name: "the first nine
// months of 2023", "the last six months of last year"; nil if there are none.
func (r *reader) firstOf(x *extractor.Time) *extractor.Interval {
	k := x.Range.From - 1
	if x.Granularity != schemas.YearGr || x.From.IsZero() || r.word(k) != "of" && r.word(k) != "in" || r.word(k-1) != "months" {
		return nil
	}
	n := number(r.word(k - 2))
	if n == 0 || n > 11 {
		return nil
	}
	switch y := x.From; r.word(k - 3) {
	case "first":
		end := y.AddMonths(n).AddDays(-1)
		return &extractor.Interval{Start: y.String(), End: end.String()}
	case "last", "final":
		return &extractor.Interval{Start: y.AddMonths(12 - n).String(), End: x.Until.String()}
	}
	return nil
}

// monthRange returns the months from and to which time t stands with a hyphen, as in
// "the October-December quarter"; nil if it does not.
func (r *reader) monthRange(t int) *extractor.Interval {
	times := r.doc.Times
	if k := times[t].Range.From - 1; t > 0 && (r.word(k) == "-" || r.word(k) == "–") && times[t-1].Range.To == k {
		t--
	}
	if t+1 >= len(times) {
		return nil
	}
	x, y := &times[t], &times[t+1]
	if w := r.word(x.Range.To); w != "-" && w != "–" || y.Range.From != x.Range.To+1 || y.Granularity != schemas.Month || y.Until.IsZero() || x.From.IsZero() {
		return nil
	}
	start := extractor.DateOf(y.From.Year, x.From.Month, 1)
	if y.From.Before(start) { // November to February
		start.Year--
	}
	return &extractor.Interval{Start: start.String()[:7], End: y.From.String()[:7]}
}

// lastDay returns the last day of "the end of June", else end as it is.
func lastDay(x *extractor.Time, end string) string {
	if len(end) == 7 && x.Mod == "END" && !x.Until.IsZero() {
		return x.Until.String()
	}
	return end
}

// ends returns the first and last day of a time as ISO 8601 prefixes, as coarse
// as the text.
func ends(x *extractor.Time) (start, end string) {
	value := x.Value
	if len(value) > 10 && value[10] == 'T' {
		value = value[:10]
	}
	if len(value) == 4 && !x.From.IsZero() && (x.From.Month != 1 || x.Until.Month != 12) { // half a year
		return x.From.String()[:7], x.Until.String()[:7]
	}
	if len(value) == 10 || len(value) == 7 || len(value) == 4 {
		plain := true
		for i := range len(value) {
			if c := value[i]; c != '-' && (c < '0' || c > '9') {
				plain = false
			}
		}
		if plain {
			return value, value
		}
	}
	return x.From.String(), x.Until.String()
}
