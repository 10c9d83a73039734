// Package timex finds the time expressions of a text and places them on the
// calendar: "Tuesday", "two days after the blast", "the end of June", "2003".
//
// One pass looks every token up in a small table; only the few that can start an
// expression are parsed, by hand-written rules that look a bounded way ahead.
// Expressions are then resolved in the order of the text: against the
// publication date, or against the date named last where the words ask for it
// ("the next day") or where the whole text tells of another time.
//
// Values are TIMEX3 (ISO-TimeML). What has no place on the calendar — rolling
// windows, decades, "recently", "overnight", relative expressions without a
// publication date — is kept, with Placed false.
package timex

import (
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A Tagger is the stage that sets [extractor.Doc.Times] and [extractor.Token.Time].
// It needs tokens and sentences; tags and names make it more precise.
type Tagger struct {
	lex     map[string]entry
	scratch sync.Pool // of *scratch
}

// scratch is memory that one Annotate uses and the next may use again.
type scratch struct {
	words []word
	exprs []expr
}

// New returns a Tagger.
func New() *Tagger {
	return &Tagger{lex: lexicon(), scratch: sync.Pool{New: func() any { return new(scratch) }}}
}

// Annotate finds and resolves the time expressions of doc. It never fails.
func (t *Tagger) Annotate(doc *extractor.Doc) error {
	s := t.scratch.Get().(*scratch)
	defer t.scratch.Put(s)
	s.words = scan(doc, t.lex, s.words)
	p := &parser{doc: doc, words: s.words}
	s.exprs = p.expressions(s.exprs[:0])
	doc.Times = doc.Times[:0]
	for i := range doc.Tokens {
		doc.Tokens[i].Time = -1
	}
	r := &resolver{p: p, dct: doc.Published}
	r.narrative = narrative(s.exprs, doc.Published)
	for i := range s.exprs {
		r.emit(doc, s.exprs, i)
	}
	return nil
}

// expressions returns all expressions, ascending and without overlap.
func (p *parser) expressions(out []expr) []expr {
	for i := 0; i < len(p.words); {
		w := &p.words[i]
		if w.class == 0 && !p.mayBeRare(i) {
			i++
			continue
		}
		e, ok := p.next(i)
		if !ok || e.to <= i || p.insideName(&e) {
			i++
			continue
		}
		second, more := p.tail(&e)
		out = append(out, e)
		if i = e.to; more {
			out = append(out, second)
			i = second.to
		}
	}
	return out
}

func (p *parser) mayBeRare(i int) bool {
	n := p.doc.Tokens[i].Len()
	return n == 2 || n == 9
}

// insideName reports whether e is only a part of a name: "the Sunday Times", "Theresa May".
func (p *parser) insideName(e *expr) bool {
	t := &p.doc.Tokens[e.to-1]
	if t.Name < 0 || int(t.Name) >= len(p.doc.Names) || e.to-e.from > 2 {
		return false
	}
	n := &p.doc.Names[t.Name]
	if n.Range.From == e.from && n.Range.To == e.to {
		return n.Type == schemas.Person && e.form == fDate && e.year == 0 && !p.at(e.from-1).is(cPrep)
	}
	if n.Range.From > e.from || n.Range.To < e.to || n.Type == schemas.Group {
		return false
	}
	switch e.form {
	case fDate:
		return e.year == 0 || n.Range.From < e.from && n.Range.To > e.to
	case fDay, fPart, fSet, fRef, fRel, fDuration:
		return true
	}
	return false
}

// narrative reports whether a text tells of another time than its publication:
// many dates of other years, hardly any words that lean on the present.
func narrative(exprs []expr, dct extractor.Date) bool {
	far, years, near := 0, 0, 0
	for i := range exprs {
		e := &exprs[i]
		switch {
		case e.form == fDate && e.year != 0 && e.month != 0:
			if y := e.year - dct.Year; y < -1 || y > 1 {
				far++
			} else if e.day == 0 || abs(extractor.DateOf(e.year, timeMonth(e.month), e.day).Days(dct)) < 45 {
				near++
			}
		case e.form == fDate && e.year != 0 && (e.year < dct.Year-2 || e.year > dct.Year+2):
			years++
		case e.form == fDay, e.form == fDate && e.weekday > 0 && e.day == 0, e.form == fRel && e.rel >= rLast && e.rel <= rNext && !e.def:
			near++
		}
	}
	if dct.IsZero() {
		return far >= 3 && near == 0
	}
	return far >= 3 && far > 2*near || near == 0 && far+years >= 3 || years >= 6 && near <= (far+years)/8
}

func abs(n int) int { return max(n, -n) }

// emit resolves expression i and adds it to doc.
func (r *resolver) emit(doc *extractor.Doc, exprs []expr, i int) {
	e := &exprs[i]
	r.shareDay(exprs, i)
	r.fired = 0
	at := r.resolve(e)
	r.note(e, at)
	switch at.anchor {
	case "":
	case byPublished:
		r.fired |= rulePublished
	case unresolved:
		r.fired |= ruleUnresolved
	default:
		r.fired |= ruleFromText
	}
	rng := extractor.Range{From: e.from, To: e.to}
	t := extractor.Time{
		Span: doc.SpanOf(rng), Range: rng, Type: e.timexType(), Value: value(e, at.point), Mod: modNames[e.mod],
		From: at.first, Until: at.last, Granularity: e.grain(at.point), Anchor: at.anchor, Placed: e.placed(at.point), Prep: r.p.prep(e.from),
		Rules: (e.rules | r.fired).names(),
	}
	if at.first.Year <= 0 || at.last.Year > 9999 { // no ISO 8601 date of four digits
		t.From, t.Until, t.Placed = extractor.Date{}, extractor.Date{}, false
	}
	if e.half == 1 {
		t.Mod = modNames[mStart]
	} else if e.half == 2 {
		t.Mod = modNames[mEnd]
	}
	for j := e.from; j < e.to; j++ {
		doc.Tokens[j].Time = int32(len(doc.Times))
	}
	doc.Times = append(doc.Times, t)
}

// shareDay gives "9 a.m. to 5 p.m. on Friday" one day.
func (r *resolver) shareDay(exprs []expr, i int) {
	e := &exprs[i]
	if e.form != fClock || i+1 >= len(exprs) {
		return
	}
	n := &exprs[i+1]
	if n.from-e.to > 2 || n.from == e.to || n.minute < 0 || n.form != fDate && n.form != fDay && n.form != fRel || !r.p.sameSentence(e.from, n.from) {
		return
	}
	m := *n
	m.from, m.to, m.minute, m.hourOnly, m.zone = e.from, e.to, e.minute, e.hourOnly, e.zone
	m.rules |= ruleClock | ruleDated
	*e = m
}

func (e *expr) timexType() schemas.TimexType {
	switch {
	case e.form == fDuration, e.form == fOffset && e.unit <= uHour:
		return schemas.TimexDuration
	case e.form == fSet:
		return schemas.TimexSet
	case e.minute >= 0 || e.part > 0:
		return schemas.TimexTime
	}
	return schemas.TimexDate
}

func (e *expr) grain(p point) schemas.Granularity {
	switch e.form {
	case fDuration, fSet:
		return unitGrain[e.unit]
	case fDecade:
		return schemas.Decade
	case fCentury:
		return schemas.Century
	case fRef:
		return schemas.NoGrain
	}
	switch {
	case e.minute >= 0 && e.hourOnly:
		return schemas.Hour
	case e.minute >= 0:
		return schemas.Minute
	case p.grain != "":
		return p.grain
	case e.unit != uNone:
		return unitGrain[e.unit]
	case e.day > 0 || e.weekday > 0 || e.form == fDay || e.form == fPart:
		return schemas.Day
	case e.month > 0:
		return schemas.Month
	case e.season > 0:
		return schemas.Season
	case e.quarter > 0:
		return schemas.Quarter
	}
	return schemas.YearGr
}

// placed reports whether e lies on the calendar.
func (e *expr) placed(p point) bool {
	switch {
	case p.isZero(), e.form == fPart, p.grain == schemas.Decade, p.grain == schemas.Century:
		return false
	}
	return true
}

// prep returns the preposition before token i, lower case.
func (p *parser) prep(i int) string {
	for _, w := range [...]string{"on", "in", "at", "by", "since", "until", "till", "from", "to", "before", "after", "during", "for", "within", "between", "through", "throughout", "over", "around", "of", "about"} {
		if p.isWord(i-1, w) {
			return w
		}
	}
	return ""
}
