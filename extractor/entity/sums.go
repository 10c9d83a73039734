package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// sums remembers for words the sums of the weights of those features that depend
// on one word alone. They are half of all features, and most words of a text have come up
// before.
type sums struct {
	memo    linear.Memo
	tickets []linear.Ticket // of the words of the page
	known   [linear.MemoSize][numRoles]bool
	sum     [linear.MemoSize][numRoles]lanes
	rest    map[*lanes]*[NumLabels]int32 // what does not fit the lanes of a sum
}

// foresee looks at token i of the sentence r, if there is one: its features, whose rows come near
// while the token before it gets its scores.
func (m *Model) foresee(w *work, r extractor.Range, i int) {
	if i >= r.To {
		return
	}
	var head [numHead]uint32
	w.page.pairFeatures(&head, r, i)
	f := w.features[i%2][:0]
	for _, at := range pairPlaces {
		f = append(f, head[at])
	}
	f = w.page.otherFeatures(f, r, i)
	w.features[i%2] = f
	at := w.rows[:0]
	for _, v := range f {
		at = append(at, v>>(m.shift&31)*rowSize)
	}
	w.rows = at
	linear.PrefetchText(m.rows, at, 0)
	w.sums.foresee(w.page.at(r, i+numRoles-1-itself))
}

// score sets w's scores of token i of the sentence r, which was foreseen.
func (m *Model) score(w *work, r extractor.Range, i int) {
	scores := (*[NumLabels]int32)(w.lattice.scores(i - r.From))
	*scores = [NumLabels]int32{}
	var l lanes
	m.emit(&l, scores, w.features[i%2])
	for role := range numRoles {
		at := i + role - itself
		var outside linear.Ticket
		ticket := &outside
		if at >= r.From && at < r.To {
			ticket = &w.sums.tickets[at]
		}
		sum := w.sums.of(m, w.page.at(r, at), ticket, role)
		l.join(scores, sum)
		if len(w.sums.rest) == 0 {
			continue
		}
		if rest := w.sums.rest[sum]; rest != nil {
			for y, v := range rest {
				scores[y] += v
			}
		}
	}
	l.spill(scores)
}

// foresee has what is known of a word brought near.
func (s *sums) foresee(w *linear.Word) {
	place := s.memo.Foresee(w)
	linear.Prefetch(s.sum[place:], []uint32{0, 1, 2}, 6)
}

// reset begins a page of n words.
func (s *sums) reset(n int) { s.tickets = append(s.tickets[:0], make([]linear.Ticket, n)...) }

// of returns the sums of a word in a role, which hold until the next call. They are with those of
// s.rest.
func (s *sums) of(m *Model, w *linear.Word, ticket *linear.Ticket, role int) *lanes {
	place, known := s.memo.Place(w, ticket)
	if !known {
		s.known[place] = [numRoles]bool{}
	}
	sum := &s.sum[place][role]
	if s.known[place][role] {
		return sum
	}
	s.known[place][role] = true
	var head [numHead]uint32
	wordFeatures(&head, role, w)
	quad := placeOfQuad[role]
	f := append(make([]uint32, 0, 5+len(ownPlaces)), head[placeOfNorm[role]])
	f = append(f, head[quad:quad+4]...)
	if role == itself {
		for _, at := range ownPlaces {
			f = append(f, head[at])
		}
	}
	*sum = lanes{}
	var rest [NumLabels]int32
	m.emit(sum, &rest, f)
	delete(s.rest, sum)
	if rest != [NumLabels]int32{} {
		if s.rest == nil {
			s.rest = map[*lanes]*[NumLabels]int32{}
		}
		kept := rest
		s.rest[sum] = &kept
	}
	return sum
}
