package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// What a series was at any time is told by its changes: each has what the series' record
// has other than after the change before, its news. The changes that were known at a
// time, one after another, make the series as it was known then.

// A news is what one change says of its series. In the column it is JSON without the
// members that are empty.
type news struct {
	Whole     bool                  `json:"whole"`     // it says all: what came before does not count
	Members   json.RawMessage       `json:"members"`   // of the bare record, those that are other than before; if it is whole, than the claim's
	Points    []schemas.SeriesPoint `json:"points"`    // that are new, or other than before
	Gone      []string              `json:"gone"`      // claims that have no point any more
	Conflicts []schemas.Conflict    `json:"conflicts"` // that are new
	Settled   []schemas.Conflict    `json:"settled"`   // that are no more
}

// seriesPast is what a batch knows of a series before its next change.
type seriesPast struct {
	series    *schemas.Series
	knownFrom string // the earliest time at which a change told all of it; "" if none did
}

// recallSeries looks up the series that records are about.
func (b *batch) recallSeries(records []sink.Record) error {
	var ids []any
	for i := range records {
		r := &records[i]
		if r.Stream != schemas.StreamClaims || r.Change == nil || r.Sequence <= b.positions[r.Stream] {
			continue
		}
		id := key(r.Change.Claim.SeriesID)
		if b.past[id] != nil {
			continue
		}
		past, known := b.store.memory.series.get(id)
		b.past[id] = &past
		if !known {
			ids = append(ids, id)
		}
	}
	return eachPart(ids, b.recallSomeSeries)
}

func (b *batch) recallSomeSeries(ids []any) error {
	query := `SELECT id, known_from, record FROM series WHERE id IN (` + marks(len(ids)) + `)`
	return b.tx.each(query, ids, func(scan func(...any) error) error {
		var id string
		var record []byte
		p := &seriesPast{series: &schemas.Series{}}
		if err := errors.Join(scan(&id, &p.knownFrom, &record), p.series.ReadJSON(record)); err != nil {
			return err
		}
		b.past[id] = p
		return nil
	})
}

// tell returns what a change says of its series, and the series' last_seen if that is
// another than before; both are empty if it says nothing. The change that was known
// first tells all, so that every time at which the series is known has a beginning.
func (b *batch) tell(p *seriesPast, c *schemas.Change) (told, seen string) {
	if c.Series == nil {
		return "", ""
	}
	before, knownAt := p.series, instant(c.KnownAt)
	whole := p.knownFrom == "" || knownAt < p.knownFrom
	if whole {
		before, p.knownFrom = alone(&c.Claim), knownAt
	}
	if whole || before.LastSeen != c.Series.LastSeen {
		seen = instant(c.Series.LastSeen)
	}
	p.series = c.Series
	b.json = b.appendNews(b.json[:0], before, c.Series, whole)
	return string(b.json), seen
}

// alone is what the record of a series most often is that has this claim alone, without
// points. What is stored rests on it: it must never be another.
func alone(c *schemas.Claim) *schemas.Series {
	return &schemas.Series{
		SchemaVersion: c.SchemaVersion, ID: c.SeriesID, Kind: c.Kind, Measure: c.Measure, Unit: c.Unit, Counted: c.Counted, Per: c.Per, Category: c.Category,
		Agent: c.Agent, Victim: c.Victim, Place: c.Place, Time: c.Time, Modality: c.Modality, Cumulative: c.Cumulative, Stability: c.Stability,
		Preferred: &schemas.Preferred{Claim: c.ID, Policy: "latest-most-origins"}, FirstSeen: c.FirstSeen, LastSeen: c.LastSeen,
	}
}

// appendNews appends what a record has other than the one before; nothing if that is nothing.
func (b *batch) appendNews(out []byte, before, now *schemas.Series, whole bool) []byte {
	start := len(out)
	out = append(out, '{')
	if whole {
		out = append(out, `"whole":true,`...)
	}
	points, gone := otherPoints(before.Points, now.Points)
	same := len(points)+len(gone) == 0 && sameEnvelope(&before.Envelope, &now.Envelope) // as nearly always
	was, is := bare(before, same), bare(now, same)
	b.before, b.members = was.HashMembers(b.store.memory.seed, b.before[:0]), is.HashMembers(b.store.memory.seed, b.members[:0])
	at := len(out)
	out = append(out, `"members":`...)
	from := len(out)
	if out, _ = appendOther(out, &is, b.before, b.members); len(out) > from { // no member is ever absent
		out = append(out, ',')
	} else {
		out = out[:at]
	}
	if len(points) > 0 {
		out = append(out, `"points":[`...)
		for i := range points {
			out = append(points[i].AppendJSON(out), ',')
		}
		out = append(out[:len(out)-1], "],"...)
	}
	if len(gone) > 0 {
		out = append(append(append(out, `"gone":`...), plainJSON(gone)...), ',')
	}
	if conflicts := otherConflicts(before.Conflicts, now.Conflicts); len(conflicts) > 0 {
		out = append(append(append(out, `"conflicts":`...), plainJSON(conflicts)...), ',')
	}
	if settled := otherConflicts(now.Conflicts, before.Conflicts); len(settled) > 0 {
		out = append(append(append(out, `"settled":`...), plainJSON(settled)...), ',')
	}
	if len(out) == start+1 {
		return out[:start]
	}
	out[len(out)-1] = '}'
	return out
}

// noFigures stands for an envelope that is empty although the points have figures.
const noFigures = "none"

// bare is a record without what stands apart or follows from that: its points, the
// number of them that it has, their envelope and its conflicts; also without any
// envelope, if that does not matter.
func bare(s *schemas.Series, noEnvelope bool) schemas.Series {
	b := *s
	b.Points, b.Conflicts, b.PointCount = nil, nil, s.PointCount-len(s.Points)
	if noEnvelope {
		b.Envelope = schemas.Envelope{}
		return b
	}
	follows := sink.EnvelopeOf(s.Points)
	switch {
	case sameEnvelope(&s.Envelope, &follows):
		b.Envelope = schemas.Envelope{}
	case sameEnvelope(&s.Envelope, &schemas.Envelope{}):
		b.Envelope = schemas.Envelope{Origins: []schemas.OriginFigures{{Origin: noFigures}}}
	}
	return b
}

func sameEnvelope(a, b *schemas.Envelope) bool {
	return sameNumber(a.Min, b.Min) && sameNumber(a.Max, b.Max) && slices.EqualFunc(a.Origins, b.Origins, func(a, b schemas.OriginFigures) bool {
		return a.Origin == b.Origin && sameNumber(a.Min, b.Min) && sameNumber(a.Max, b.Max)
	})
}

func otherPoints(before, now []schemas.SeriesPoint) (other []schemas.SeriesPoint, gone []string) {
	if slices.EqualFunc(before, now, func(a, b schemas.SeriesPoint) bool { return a.Claim == b.Claim && samePoint(&a, &b) }) {
		return nil, nil
	}
	was := make(map[string]*schemas.SeriesPoint, len(before))
	for i := range before {
		was[before[i].Claim] = &before[i]
	}
	for i := range now {
		p := was[now[i].Claim]
		if p == nil || !samePoint(p, &now[i]) {
			other = append(other, now[i])
		}
		delete(was, now[i].Claim)
	}
	for _, p := range before {
		if was[p.Claim] != nil {
			gone = append(gone, p.Claim)
		}
	}
	return other, gone
}

func samePoint(a, b *schemas.SeriesPoint) bool {
	return a.AsOf == b.AsOf && a.Comparator == b.Comparator && a.Modality == b.Modality && a.Tier == b.Tier && a.Superseded == b.Superseded &&
		sameNumber(a.Value, b.Value) && sameNumber(a.Min, b.Min) && sameNumber(a.Max, b.Max) && slices.Equal(a.Origins, b.Origins)
}

func sameNumber(a, b *schemas.Decimal) bool {
	return a == b || a != nil && b != nil && a.String() == b.String()
}

// otherConflicts returns those of now that are not in before.
func otherConflicts(before, now []schemas.Conflict) []schemas.Conflict {
	if slices.Equal(before, now) {
		return nil
	}
	was := make(map[schemas.Conflict]bool, len(before))
	for _, c := range before {
		was[c] = true
	}
	return slices.DeleteFunc(slices.Clone(now), func(c schemas.Conflict) bool { return was[c] })
}

// A chronicle makes a series of what its changes say of it, in their order.
type chronicle struct {
	begun     bool   // a change has told all
	record    []byte // bare
	points    map[string]schemas.SeriesPoint
	conflicts map[schemas.Conflict]bool
	claims    map[string]bool // that the changes are of
}

// hear adds what a change of a claim says; record is that of the claim if it tells all.
func (h *chronicle) hear(claim, told string, record []byte) error {
	if h.claims == nil {
		h.claims = map[string]bool{}
	}
	h.claims[claim] = true
	if told == "" {
		return nil
	}
	var n news
	if err := json.Unmarshal([]byte(told), &n); err != nil {
		return err
	}
	if n.Whole {
		var c schemas.Claim
		if err := c.ReadJSON(record); err != nil {
			return err
		}
		first := bare(alone(&c), false)
		h.begun, h.record = true, first.AppendJSON(nil)
		h.points, h.conflicts = map[string]schemas.SeriesPoint{}, map[schemas.Conflict]bool{}
	}
	if !h.begun {
		return nil
	}
	h.record = patched(h.record, n.Members)
	for _, p := range n.Points {
		h.points[p.Claim] = p
	}
	for _, claim := range n.Gone {
		delete(h.points, claim)
	}
	for _, c := range n.Conflicts {
		h.conflicts[c] = true
	}
	for _, c := range n.Settled {
		delete(h.conflicts, c)
	}
	return nil
}

// series returns what the changes make of the series. Claims that none of them is of
// were known later, though their changes came before.
func (h *chronicle) series() (*schemas.Series, error) {
	s := &schemas.Series{}
	if err := s.ReadJSON(h.record); err != nil {
		return nil, err
	}
	late := 0
	s.Points, s.Conflicts = []schemas.SeriesPoint{}, []schemas.Conflict{}
	for claim, p := range h.points {
		if h.claims[key(claim)] {
			s.Points = append(s.Points, p)
		} else {
			late++
		}
	}
	for c := range h.conflicts {
		if h.claims[key(c.Claims[0])] && h.claims[key(c.Claims[1])] {
			s.Conflicts = append(s.Conflicts, c)
		}
	}
	sortPoints(s.Points)
	sortConflicts(s.Conflicts)
	s.PointCount += len(s.Points)
	switch o := s.Envelope.Origins; {
	case len(o) == 1 && o[0].Origin == noFigures:
		s.Envelope = schemas.Envelope{Origins: []schemas.OriginFigures{}}
	case late > 0 || len(o) == 0 && s.Envelope.Min == nil && s.Envelope.Max == nil:
		s.Envelope = sink.EnvelopeOf(s.Points)
	}
	if p := s.Preferred; p != nil && !h.claims[key(p.Claim)] {
		if s.Preferred = sink.Latest.Prefer(s.Points, nil); s.Preferred != nil {
			s.Preferred.Policy = p.Policy
		}
	}
	return s, nil
}

func sortPoints(points []schemas.SeriesPoint) {
	slices.SortFunc(points, func(a, b schemas.SeriesPoint) int {
		return cmp.Or(strings.Compare(a.AsOf, b.AsOf), strings.Compare(a.Claim, b.Claim))
	})
}

func sortConflicts(conflicts []schemas.Conflict) {
	slices.SortFunc(conflicts, func(a, b schemas.Conflict) int {
		return cmp.Or(strings.Compare(a.Claims[0], b.Claims[0]), strings.Compare(a.Claims[1], b.Claims[1]), strings.Compare(a.AsOf, b.AsOf))
	})
}

// chronicles reads what the changes before an instant say of some series, by key.
func (s *Store) chronicles(ctx context.Context, q querier, ids []any, before string) (map[string]*chronicle, error) {
	out := make(map[string]*chronicle, len(ids))
	const atOnce = 200
	for part := range slices.Chunk(ids, atOnce) {
		err := s.rows(ctx, q, `SELECT h.series_id, c.id, h.series,
				CASE WHEN h.series LIKE '{"whole"%' THEN h.record END, CASE WHEN h.series LIKE '{"whole"%' THEN (SELECT b.record FROM history b WHERE b.sequence = h.based_on) END
			FROM history h JOIN claims c ON c.n = h.claim WHERE h.series_id IN (`+marks(len(part))+`) AND h.known_at < ? ORDER BY h.series_id, h.sequence`,
			append(slices.Clone(part), before), func(r *sql.Rows) error {
				var id, claim, told string
				var record, base []byte
				if err := r.Scan(&id, &claim, &told, &record, &base); err != nil {
					return err
				}
				if base != nil {
					record = patched(base, record)
				}
				if out[id] == nil {
					out[id] = &chronicle{}
				}
				return out[id].hear(claim, told, record)
			})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
