package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// sums remembers for words the sums of the weights of those features that depend
// on one word alone. They are half of all features, and most words of a text have come up
// before.
type sums struct {
	memo  linear.Memo
	known [linear.MemoSize][numRoles]bool
	sum   [linear.MemoSize][numRoles][NumLabels]int32
}

// score sets w's scores of token i of the sentence r.
func (m *Model) score(w *work, r extractor.Range, i int) {
	scores := (*[NumLabels]int32)(w.lattice.scores(i - r.From))
	var head [numHead]uint32
	w.page.pairFeatures(&head, r, i)
	f := w.features[:0]
	for _, at := range pairPlaces {
		f = append(f, head[at])
	}
	w.features = w.page.otherFeatures(f, r, i)
	m.emit(scores, w.features)
	for role := range numRoles {
		sum := w.sums.of(m, w.page.at(r, i+role-itself), role)
		for y := range sum {
			scores[y] += sum[y]
		}
	}
}

// of returns the sums of a word in a role, which hold until the next call.
func (s *sums) of(m *Model, w *linear.Word, role int) *[NumLabels]int32 {
	place, known := s.memo.Place(w)
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
	m.emit(sum, f)
	return sum
}
