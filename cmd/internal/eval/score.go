package eval

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// A Row is one line of scores, rounded to four decimals.
type Row struct {
	P         float64 `json:"p"`         // share of what was read that is right
	R         float64 `json:"r"`         // share of what is annotated that was read right
	F1        float64 `json:"f1"`        // harmonic mean of the two
	Gold      int     `json:"gold"`      // annotated
	Predicted int     `json:"predicted"` // read
}

// A Bin is one line of the reliability table: figures whose confidence lies in
// [From, To), the last bin including 1.
type Bin struct {
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	N         int     `json:"n"`         // figures
	Predicted float64 `json:"predicted"` // mean confidence
	Right     float64 `json:"right"`     // share whose CLAIM core is right
}

// A Mistake is one thing read wrongly, missed or made up.
type Mistake struct {
	Group string // "missed", "spurious", or the slot that is wrong
	Doc   string
	Text  string // the words annotated or read
	Gold  string // what the annotation has; empty for nothing
	Got   string // what was read
}

// A Report is the result of [Score].
type Report struct {
	Articles    int            `json:"articles"`
	Scores      map[string]Row `json:"scores"`      // by the names of [Names], plus those of facts if the annotation has any
	Reportable  Row            `json:"reportable"`  // CLAIM core, counting only figures good enough for a reportable claim
	Reliability []Bin          `json:"reliability"` // bins that hold a figure, ascending
	Mistakes    []Mistake      `json:"-"`           // in the order of articles and text
}

// Names of the scores, in the order of the printed table. "CLAIM core" asks for
// value, comparator, unit, noun, category and rate together; "CLAIM full" for
// every slot as well. "of found" and slots count figures that were found.
func Names() []string {
	return []string{
		"entity PER", "entity ORG", "entity LOC", "entity NORP", "entity PER+ORG+LOC", "entity all", corefName,
		"quantity found", "of found: value", "of found: comparator", "of found: unit", "of found: counted", "of found: modality",
		"slot agent", "slot place", "slot source", "slot time", "slot per", "slot category", "CLAIM core", "CLAIM full",
		"time found", "time value", "statement found", "STATEMENT with speaker", factName, factPairsName,
	}
}

// A tally counts hits (right in both), false alarms and misses.
type tally struct{ hit, alarm, miss int }

func (t *tally) add(hit, alarm, miss int) { t.hit += hit; t.alarm += alarm; t.miss += miss }

// pairs counts a one-to-one comparison of which hit items are right on both sides.
func (t *tally) pairs(hit, gold, predicted int) { t.add(hit, predicted-hit, gold-hit) }

// slot counts one slot: annotated, read, and read rightly.
func (t *tally) slot(gold, read, right bool) {
	t.add(one(right), one(read && !right), one(gold && !right))
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t tally) row() Row {
	p, r := ratio(t.hit, t.hit+t.alarm), ratio(t.hit, t.hit+t.miss)
	return Row{P: round4(p), R: round4(r), F1: round4(f1(p, r)), Gold: t.hit + t.miss, Predicted: t.hit + t.alarm}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func f1(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// bins of the reliability table.
const bins = 10

// A scorer adds up the articles of one run.
type scorer struct {
	tallies    map[string]*tally
	gold, got  map[string]string // coreference: mention to the entity annotated and read
	reportable tally
	bins       [bins]struct {
		n, right int
		sum      int // confidences in hundredths
	}
	mistakes []Mistake
}

// Score compares extractions, by article id, and the final claims made of them
// with the annotations. An article without extraction counts as one in which
// nothing was read. Facts are scored if any figure has one.
func Score(golds []Gold, extractions map[string]schemas.Extraction, claims []schemas.Claim) Report {
	s := &scorer{tallies: map[string]*tally{}, gold: map[string]string{}, got: map[string]string{}}
	for i := range golds {
		x := extractions[golds[i].Doc]
		a := article{scorer: s, gold: &golds[i], read: &x, names: newNameTest(golds[i].Entities)}
		a.entities()
		a.quantities()
		a.times()
		a.statements()
	}
	r := Report{Articles: len(golds), Scores: map[string]Row{}, Reportable: s.reportable.row(), Reliability: s.reliability(), Mistakes: s.mistakes}
	for name, t := range s.tallies {
		r.Scores[name] = t.row()
	}
	r.Scores[corefName] = bcubed(s.gold, s.got)
	scoreFacts(r.Scores, golds, claims)
	return r
}

func (s *scorer) tally(name string) *tally {
	t, ok := s.tallies[name]
	if !ok {
		t = new(tally)
		s.tallies[name] = t
	}
	return t
}

// calibrate notes one figure that was read.
func (s *scorer) calibrate(q *schemas.Quantity, right bool) {
	hundredths := min(max(int(math.Round(q.Confidence*100)), 0), 100)
	b := &s.bins[min(hundredths*bins/100, bins-1)]
	b.n++
	b.right += one(right)
	b.sum += hundredths
	if normalizer.Reportable(q) {
		s.reportable.add(one(right), one(!right), 0)
	}
}

func (s *scorer) reliability() []Bin {
	var out []Bin
	for i, b := range s.bins {
		if b.n > 0 {
			out = append(out, Bin{
				From: float64(i) / bins, To: float64(i+1) / bins, N: b.n,
				Predicted: round4(float64(b.sum) / 100 / float64(b.n)), Right: round4(ratio(b.right, b.n)),
			})
		}
	}
	return out
}

// An article compares one article's reading with its annotation.
type article struct {
	*scorer
	gold  *Gold
	read  *schemas.Extraction
	names nameTest
}

func (a *article) mistake(group, text, gold, got string) {
	a.mistakes = append(a.mistakes, Mistake{Group: group, Doc: a.gold.Doc, Text: text, Gold: gold, Got: got})
}

// mentionKey is what must be equal for a mention to be right, but for its type.
type mentionKey = schemas.Span

// A mention is what one side says of a span.
type mention struct {
	kind   schemas.EntityType
	entity int
	text   string
}

func (a *article) entities() {
	gold, got := map[mentionKey]mention{}, map[mentionKey]mention{}
	for i := range a.gold.Entities {
		for _, m := range a.gold.Entities[i].Mentions {
			gold[m.Span] = mention{a.gold.Entities[i].Type, i, m.Text}
		}
	}
	for i := range a.read.Entities {
		for _, m := range a.read.Entities[i].Mentions {
			got[m.Span] = mention{a.read.Entities[i].Type, i, m.Text}
		}
	}
	for _, kind := range []schemas.EntityType{schemas.Person, schemas.Organisation, schemas.Location, schemas.Group} {
		var t tally
		for k, m := range gold {
			t.hit += one(m.kind == kind && got[k].kind == kind)
			t.miss += one(m.kind == kind && got[k].kind != kind)
		}
		for k, m := range got {
			t.alarm += one(m.kind == kind && gold[k].kind != kind)
		}
		a.tally("entity "+string(kind)).add(t.hit, t.alarm, t.miss)
		a.tally("entity all").add(t.hit, t.alarm, t.miss)
		if kind != schemas.Group {
			a.tally("entity PER+ORG+LOC").add(t.hit, t.alarm, t.miss)
		}
	}
	for k, g := range gold {
		if p, ok := got[k]; ok {
			key := fmt.Sprintf("%s\x00%d-%d", a.gold.Doc, k.Start, k.End)
			a.scorer.gold[key] = fmt.Sprintf("%s\x00%d", a.gold.Doc, g.entity)
			a.got[key] = fmt.Sprintf("%s\x00%d", a.gold.Doc, p.entity)
		}
	}
	a.entityMistakes(gold, got)
}

func (a *article) entityMistakes(gold, got map[mentionKey]mention) {
	var keys []mentionKey
	for k, g := range gold {
		if p, ok := got[k]; !ok || p.kind != g.kind {
			keys = append(keys, k)
		}
	}
	for k := range got {
		if _, ok := gold[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, compareSpans)
	for _, k := range keys {
		g, p := gold[k], got[k]
		text := g.text
		if text == "" {
			text = p.text
		}
		a.mistake("entity", text, string(g.kind), string(p.kind))
	}
}

func (a *article) times() {
	var read []schemas.Timex
	for _, t := range a.read.Times {
		if t.Placed && t.Type != schemas.TimexDuration && t.Type != schemas.TimexSet && !strings.HasSuffix(t.Value, "_REF") {
			read = append(read, t)
		}
	}
	pairs := match(spansOf(a.gold.Times, func(t *GoldTime) schemas.Span { return t.Span }), spansOf(read, func(t *schemas.Timex) schemas.Span { return t.Span }))
	found, right := 0, 0
	for i, j := range pairs {
		g := &a.gold.Times[i]
		switch {
		case j < 0:
			a.mistake("time", g.Text, g.Value, "")
			continue
		case day(g.Value) == day(read[j].Value):
			right++
		default:
			a.mistake("time", g.Text, g.Value, read[j].Value)
		}
		found++
	}
	for j := range read {
		if !slices.Contains(pairs, j) {
			a.mistake("time", read[j].Text, "", read[j].Value)
		}
	}
	a.tally("time found").pairs(found, len(pairs), len(read))
	a.tally("time value").pairs(right, len(pairs), len(read))
}

// day cuts the clock from a value.
func day(s string) string { return s[:min(len(s), len("2006-01-02"))] }

// sameContent is the overlap, as a share of both spans together, from which two
// statements have the same content.
const sameContent = 0.6

func (a *article) statements() {
	gold, read := a.gold.Statements, a.read.Statements
	pairs := match(spansOf(gold, func(s *GoldStatement) schemas.Span { return s.Span }), spansOf(read, func(s *schemas.Statement) schemas.Span { return s.Span }))
	found, right := 0, 0
	for i, j := range pairs {
		g := &gold[i]
		if j >= 0 && float64(overlap(g.Span, read[j].Span))/float64(union(g.Span, read[j].Span)) < sameContent {
			pairs[i], j = -1, -1
		}
		if j < 0 {
			a.mistake("statement missed", g.Text, g.Speaker, "")
			continue
		}
		found++
		if got := slotName(read[j].Speaker); a.names.same(g.Speaker, got) {
			right++
		} else {
			a.mistake("speaker", read[j].Text, g.Speaker, got)
		}
	}
	for j := range read {
		if !slices.Contains(pairs, j) {
			a.mistake("statement spurious", read[j].Text, "", slotName(read[j].Speaker))
		}
	}
	a.tally("statement found").pairs(found, len(gold), len(read))
	a.tally("STATEMENT with speaker").pairs(right, len(gold), len(read))
}

func spansOf[T any](list []T, span func(*T) schemas.Span) []schemas.Span {
	out := make([]schemas.Span, len(list))
	for i := range list {
		out[i] = span(&list[i])
	}
	return out
}

func compareSpans(a, b schemas.Span) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return a.End - b.End
}

func slotName(s *schemas.Slot) string {
	if s == nil {
		return ""
	}
	return s.Name
}
