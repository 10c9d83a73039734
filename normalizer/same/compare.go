package same

import (
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// Weights of the evidence. Two mentions meet at [Threshold]: a shared story and
// an equal figure are enough, a shared story and different figures are not
// unless time or place agree as well.
const (
	Threshold = 55
	Decided   = 1000 // people say that the two are of one thing: no veto of others counts

	wSameFigure  = 40  // the same interval
	wSameNumber  = 36  // the same number, bounded otherwise ("112", "at least 112")
	wSameVague   = 16  // "dozens" and "dozens"
	wNearFigure  = 12  // within a quarter of each other
	wOpenFigure  = 6   // neither excludes the other
	wSameDay     = 30  // one incident's day
	wSameStart   = 35  // running totals from one start
	wSamePeriod  = 20  // long periods that agree
	wOtherTime   = -25 // days apart, but one of them is not stated
	wSamePlace   = 22
	wInsidePlace = 15  // one contains the other, or the text puts them side by side
	wOtherPlace  = -15 // two names that nothing relates
	wAgent       = 15
	wVictim      = 12
	wHead        = 15  // one class of noun that identifies
	wMods        = 10  // the same narrowing words
	wGeneric     = 5   // "people" and "people"
	wNarrower    = -20 // "civilians" and "people"
	wMeasure     = 10  // a measure that says more than "other"
	wRate        = 8
	wStory       = 2 // divides the story score

	minStory  = 20 // story score from which two articles may be of one story
	sureStory = 35 // and from which a number and a noun are enough

	gapUndated = 10 // days between publications of undated figures
	gapDated   = 45 // days from an incident to an undated report of it
)

// Compare returns the evidence that two mentions speak of one thing: a score to
// be held against [Threshold], or a veto, which keeps them apart for good.
func Compare(a, b *Mention) (score int, veto bool) { return (*Stories)(nil).Compare(a, b) }

// Compare is [Compare] for many mentions a of one article in turn.
func (s *Stories) Compare(a, b *Mention) (score int, veto bool) {
	if r := ruled(a, b); r != 0 {
		return Decided, r < 0
	}
	if a.Event || b.Event {
		return compareEvents(s, a, b)
	}
	if a.Statement || b.Statement {
		return compareStatements(a, b)
	}
	if Vetoes(a, b) {
		return 0, true
	}
	sameDoc := a.Doc.ID == b.Doc.ID
	place, _ := comparePlaces(a, b)
	time, _ := compareTimes(a, b)
	figure := compareFigures(a.Figure, b.Figure)
	switch equal := figure >= wSameNumber; {
	case !sameDoc && time <= 0 && !inWindow(a, b):
		return 0, false
	case equal:
	case narrower(a, b):
		return 0, false // a sub-group, or another rate: only an equal figure says that it is the same thing
	case a.Place.Key != b.Place.Key && (a.Running || b.Running):
		return 0, false // totals of a country and of a town in it run side by side
	case a.Place.Key != b.Place.Key && place > 0 && !a.Figure.Near(b.Figure, 8, 1):
		return 0, false // so far apart they are of the town and of the country
	case figure == 0 && a.People && (a.Figure.single() || b.Figure.single()):
		return 0, false // one victim is a story of their own
	case figure == 0 && time <= 0 && (a.People || !alike(a.Agent, b.Agent)):
		return 0, false // undated figures that exclude each other: nothing says that they are of one thing
	case sameDoc && (place < wInsidePlace || time < wSamePeriod):
		return 0, false
	}
	story := s.story(a.Doc, b.Doc)
	agent, victim := alike(a.Agent, b.Agent), alike(a.Victim, b.Victim)
	switch {
	case place > 0 || agent || victim:
	case story < minStory, story < sureStory && time <= 0:
		return 0, false // a number and a noun alone tie nothing
	}
	score = figure + place + time + heads(a, b)
	if agent {
		score += wAgent
	}
	if victim {
		score += wVictim
	}
	if a.Measure != schemas.OtherMeasure {
		score += wMeasure
	}
	if a.Per != "" && a.Per == b.Per {
		score += wRate
	}
	score += story / wStory
	if a.Head != b.Head && a.Head != "" && b.Head != "" {
		score = min(score, Threshold) // last of all, when everybody's figures have met and may veto it
	}
	return score, false
}

// Vetoes reports whether two mentions are certainly not of one thing: the first
// half of [Compare], at a fraction of its cost.
func Vetoes(a, b *Mention) bool {
	if r := ruled(a, b); r != 0 {
		return r < 0
	}
	if a.Event || b.Event {
		return eventsDiffer(a, b)
	}
	if a.Statement || b.Statement {
		_, veto := compareStatements(a, b)
		return veto
	}
	if a.Measure != b.Measure || a.Unit != b.Unit || a.Axis != b.Axis || headsDiffer(a, b) ||
		a.Delta != b.Delta && a.Figure != b.Figure || a.Per != b.Per && a.Per != "" && b.Per != "" ||
		a.Running && b.Running && farStart(a.Time, b.Time) ||
		a.Doc.ID == b.Doc.ID && apartInside(a, b) {
		return true
	}
	if _, off := compareTimes(a, b); off {
		return true
	}
	if _, apart := comparePlaces(a, b); apart {
		return true
	}
	return differ(a.Agent, b.Agent) || differ(a.Victim, b.Victim)
}

// narrower reports whether one mention counts less, or otherwise, than the other.
func narrower(a, b *Mention) bool {
	return a.Per != b.Per || (a.PartOf >= 0) != (b.PartOf >= 0) || a.Head != b.Head ||
		a.Victim.Known() != b.Victim.Known() && a.Head == "" || disjointMods(a.Mods, b.Mods)
}

// apartInside reports whether one article tells two of its figures apart: as part
// and whole, as a sub-group and everybody, as a country and a place.
func apartInside(a, b *Mention) bool {
	if a.PartOf == b.Index || b.PartOf == a.Index {
		return true
	}
	if a.Figure.Printed() == b.Figure.Printed() {
		return false
	}
	if a.Head != b.Head {
		return true
	}
	if !a.Figure.Disjoint(b.Figure) {
		return false
	}
	// Nobody gives two figures for one thing in one article, unless a sentence tells
	// a change.
	if a.Source == b.Source && !a.Moved && !b.Moved {
		return true
	}
	return a.Place.Known() && b.Place.Known() && a.Place.Key != b.Place.Key && (a.Place.Nation || b.Place.Nation)
}

func compareFigures(a, b Figure) int {
	switch {
	case a == b && a.Vague:
		return wSameVague
	case a == b:
		return wSameFigure
	case a.Printed() == b.Printed() && !a.Vague && !b.Vague:
		return wSameNumber
	case a.Near(b, 5, 4) && !a.Vague && !b.Vague:
		return wNearFigure
	case !a.Disjoint(b):
		return wOpenFigure
	}
	return 0
}

// comparePlaces vetoes places of which neither contains the other. A place that
// no gazetteer knows may lie anywhere, but one article that gives different
// figures for two places tells them apart. A place that the sentence does not
// state counts a little and vetoes nothing.
func comparePlaces(a, b *Mention) (score int, apart bool) {
	p, q := a.Place, b.Place
	if !p.Known() || !q.Known() {
		return 0, false
	}
	score, apart = places(a, b)
	if apart && (p.Vague || q.Vague || a.still() && b.still() && a.Figure.Printed() == b.Figure.Printed()) {
		return wOtherPlace, false
	}
	return score, apart
}

// still reports whether the figure counts things, not what happened on a day: two
// towns, four crossings. The place beside such a figure is as often where the
// sentence goes on as where the things are.
func (m *Mention) still() bool {
	return !m.People && !m.Time.Set && m.Measure == schemas.OtherMeasure && m.Dimension == schemas.DimCount
}

func places(a, b *Mention) (score int, apart bool) {
	p, q := a.Place, b.Place
	switch {
	case p.Key == q.Key:
		if p.Country != "" && q.Country != "" && p.Country != q.Country {
			return 0, true
		}
		return wSamePlace, false
	case slices.Contains(p.Within, q.Key), slices.Contains(q.Within, p.Key),
		p.Country != "" && p.Country == q.Country && (p.Nation || q.Nation),
		beside(a.Doc, p.Key, q.Key), beside(b.Doc, p.Key, q.Key):
		return wInsidePlace, false
	case p.Country != "" && q.Country != "":
		return 0, true
	case p.Sound == q.Sound, longer(p.Key, q.Key), longer(q.Key, p.Key):
		return wInsidePlace, false
	case contrasted(a.Doc, p.Key, q.Key), contrasted(b.Doc, p.Key, q.Key):
		return 0, true
	}
	return wOtherPlace, false
}

// longer reports whether p is the name q with words before it: "northern Torvik".
func longer(p, q string) bool { return strings.HasSuffix(p, " "+q) }

// contrasted reports whether the article gives different figures of one measure
// for the two places, which makes them two.
func contrasted(d *Doc, p, q string) bool {
	return slices.Contains(d.Apart[p], q)
}

func beside(d *Doc, p, q string) bool {
	return slices.Contains(d.Near[p], q) || slices.Contains(d.Near[q], p)
}

// compareTimes vetoes event times more than a day apart, if both are stated.
func compareTimes(a, b *Mention) (score int, off bool) {
	s, t := a.Time, b.Time
	if !s.Set || !t.Set {
		return 0, false
	}
	score, off = times(s, t)
	if off && (s.Vague || t.Vague) {
		return wOtherTime, false
	}
	return score, off
}

func times(s, t Span) (score int, off bool) {
	slack := 1 + s.Slack + t.Slack
	if s.short() && t.short() {
		if s.From-t.Until > slack || t.From-s.Until > slack {
			return 0, true
		}
		return wSameDay, false
	}
	if s.short() != t.short() { // an incident and a long period are different things
		long, day := s, t
		if s.short() {
			long, day = t, s
		}
		if long.OpenStart || long.Until-long.From > 31+long.Slack || day.From-long.Until > slack || long.From-day.Until > slack {
			return 0, true
		}
		return 0, false
	}
	if farStart(s, t) {
		return 0, true
	}
	if !s.OpenStart && t.Until+slack < s.From && !t.OpenEnd || !t.OpenStart && s.Until+slack < t.From && !s.OpenEnd {
		return 0, true // one is over before the other begins
	}
	if !s.OpenEnd && !t.OpenEnd {
		if d := s.Until - t.Until; d > slack || -d > slack {
			return 0, true
		}
	}
	switch {
	case s.OpenStart || t.OpenStart:
		return 0, false
	case s.OpenEnd || t.OpenEnd:
		return wSameStart, false
	}
	return wSamePeriod, false
}

// farStart reports whether two periods begin more than a day apart, as far as
// their precision tells.
func farStart(s, t Span) bool {
	if !s.Set || !t.Set || s.OpenStart || t.OpenStart {
		return false
	}
	d := s.From - t.From
	return d > 1+t.Slack || -d > 1+s.Slack
}

// inWindow reports whether two figures, of which at most one is dated, were
// published close enough together to be of one thing.
func inWindow(a, b *Mention) bool {
	if a.Doc.Published == 0 || b.Doc.Published == 0 {
		return true
	}
	gap := a.Doc.Published - b.Doc.Published
	if gap < 0 {
		gap = -gap
	}
	if !a.Time.Set && !b.Time.Set {
		return gap <= gapUndated
	}
	return gap <= gapDated
}

// differ reports whether two linked participants are certainly not one.
func differ(p, q Party) bool {
	return p.Firm && q.Firm && p.Key != q.Key && (p.Country == "" || p.Country != q.Country) && !subset(p.Words, q.Words) && !subset(q.Words, p.Words)
}

// alike reports whether two participants look like one.
func alike(p, q Party) bool {
	if !p.Known() || !q.Known() {
		return false
	}
	return p.Key != "" && p.Key == q.Key || p.Country != "" && p.Country == q.Country || subset(p.Words, q.Words) || subset(q.Words, p.Words)
}

func subset(a, b []string) bool {
	if len(a) == 0 {
		return false
	}
	for _, w := range a {
		if !slices.Contains(b, w) {
			return false
		}
	}
	return true
}

func headsDiffer(a, b *Mention) bool {
	return a.Head != b.Head && a.Head != "" && b.Head != "" && a.Head != generic && b.Head != generic
}

func heads(a, b *Mention) int {
	if a.Head != b.Head && a.Head != "" && b.Head != "" {
		return wNarrower
	}
	if a.Head != b.Head || a.Head == "" {
		return 0
	}
	if a.Head == generic {
		return wGeneric
	}
	if len(a.Mods) > 0 && slices.Equal(a.Mods, b.Mods) {
		return wHead + wMods
	}
	return wHead
}

func disjointMods(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for _, w := range a {
		if slices.Contains(b, w) {
			return false
		}
	}
	return true
}

// compareStatements joins the same words of the same speaker. Words of one
// origin are often touched up, so five words in six may do.
func compareStatements(a, b *Mention) (score int, veto bool) {
	if !a.Statement || !b.Statement || a.Speaker != b.Speaker {
		return 0, true
	}
	if a.Said == b.Said {
		return 100, false
	}
	n := common(a.Content, b.Content)
	union := len(a.Content) + len(b.Content) - n
	if n < 6 || n*6 < union*5 {
		return 0, true
	}
	return 100 * n / union, false
}
