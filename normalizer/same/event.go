package same

import (
	"slices"
	"strings"
)

// Weights of the evidence that two events are one.
const (
	wOnePart  = 25 // one participant in common
	wMorePart = 15 // each further one, up to three
	wTrigger  = 8  // one word for it

	gapEvents = 2 // days between publications of undated events
	gapEvent  = 7 // days between a dated and an undated report
)

// A Part is somebody's part in an event.
type Part struct {
	Role string // one for all who do it together
	Party
}

// compareEvents joins reports of one event: of one type, with participants in
// common, within a day and in one place, as far as the texts say.
func compareEvents(s *Stories, a, b *Mention) (score int, veto bool) {
	if eventsDiffer(a, b) {
		return 0, true
	}
	common, within := commonParts(a.Parts, b.Parts)
	place, _ := comparePlaces(a, b)
	time, _ := compareTimes(a, b)
	switch {
	case common == 0, common < 2 && !within:
		return 0, false // X met Y, and X met Z
	case time <= 0 && !closeReports(a, b):
		return 0, false
	}
	story := s.story(a.Doc, b.Doc)
	switch {
	case place <= 0 && story < minStory && (time <= 0 || common < 2 || !a.Mutual):
		return 0, false // one day has many meetings of one person, and many attacks
	case place <= 0 && common < 2 && story < sureStory:
		return 0, false
	}
	score = wOnePart + wMorePart*min(common-1, 2) + place + time + story/wStory
	if stem(a.Predicate) == stem(b.Predicate) {
		score += wTrigger
	}
	return score, false
}

// eventsDiffer reports whether two events are certainly not one.
func eventsDiffer(a, b *Mention) bool {
	if !a.Event || !b.Event || a.Measure != b.Measure || a.Axis != b.Axis {
		return true
	}
	if _, off := compareTimes(a, b); off {
		return true
	}
	if _, apart := comparePlaces(a, b); apart {
		return true
	}
	if a.Doc.ID == b.Doc.ID {
		if _, within := commonParts(a.Parts, b.Parts); !within {
			return true // one article tells two events with other people apart
		}
	}
	return otherParts(a.Parts, b.Parts)
}

// otherParts reports whether in some role both events have linked participants, and
// none of the one may be one of the other.
func otherParts(a, b []Part) bool {
	for _, p := range a {
		both, alike := false, false
		for _, o := range a {
			for _, q := range b {
				if o.Role == p.Role && q.Role == p.Role && o.Firm && q.Firm {
					both, alike = true, alike || !differ(o.Party, q.Party)
				}
			}
		}
		if both && !alike {
			return true
		}
	}
	return false
}

// commonParts counts the linked participants that two events share, and reports
// whether one of them names nobody else.
func commonParts(a, b []Part) (n int, within bool) {
	na, nb := 0, 0
	for i, p := range a {
		if !p.Firm || seenBefore(a, i) {
			continue
		}
		na++
		if slices.ContainsFunc(b, func(q Part) bool { return q.Firm && q.Key == p.Key && q.Role == p.Role }) {
			n++
		}
	}
	for i, q := range b {
		if q.Firm && !seenBefore(b, i) {
			nb++
		}
	}
	return n, n == min(na, nb)
}

func seenBefore(ps []Part, i int) bool {
	return slices.ContainsFunc(ps[:i], func(p Part) bool { return p.Firm && p.Key == ps[i].Key && p.Role == ps[i].Role })
}

// closeReports reports whether two events, of which at most one is dated, were
// published close enough together to be one.
func closeReports(a, b *Mention) bool {
	if a.Doc.Published == 0 || b.Doc.Published == 0 {
		return true
	}
	gap := a.Doc.Published - b.Doc.Published
	if gap < 0 {
		gap = -gap
	}
	if a.Time.Set || b.Time.Set {
		return gap <= gapEvent
	}
	return gap <= gapEvents
}

// stem cuts inflections off a trigger, well enough to compare two.
func stem(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w[:min(len(w), 4)]
}
