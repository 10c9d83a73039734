package tag

import "github.com/claimwire/claimwire/extractor/linear"

// sums remembers for words the sums of the weights of those features that depend
// on one word alone. They are half of all features, and most words of a text have come up
// before.
type sums struct {
	weights *linear.Sparse
	memo    linear.Memo
	lanes   linear.Lanes // at each place numSums rows
	known   [linear.MemoSize][numSums]bool
	rows    [linear.MemoSize][numSums]uint32
	tickets []linear.Ticket // of the words of the sentence
}

// Sums of a word.
const (
	ownSum   = iota // of a token with this word that is not the first
	leftSum         // of the token after it
	rightSum        // of the token before it
	numSums
)

func newSums(weights *linear.Sparse) sums {
	s := sums{weights: weights, lanes: weights.NewLanes(numSums * linear.MemoSize)}
	for i := range s.rows {
		for k := range s.rows[i] {
			s.rows[i][k] = s.lanes.Append()
		}
	}
	return s
}

// of returns the rows of lanes with the sums for token i of words, without its own if it is the
// first. If they cannot all be kept at once, it adds some to score instead.
func (s *sums) of(score *[256]int32, words []linear.Word, i int) (rows [numSums]uint32, n int) {
	l, w, r := s.place(words, i-1), -1, -1
	rows[0] = s.row(l, at(words, i-1), leftSum)
	n = 1
	if i > 0 {
		if w = s.place(words, i); w == l { // its place is taken, unless the words are equal
			s.lanes.Add(score, rows[:n])
			n = 0
		}
		rows[n] = s.row(w, &words[i], ownSum)
		n++
	}
	if r = s.place(words, i+1); r == l || r == w {
		s.lanes.Add(score, rows[:n])
		n = 0
	}
	rows[n] = s.row(r, at(words, i+1), rightSum)
	return rows, n + 1
}

// foresee has what is known of token i of words brought near, while something else is done.
func (s *sums) foresee(words []linear.Word, i int) {
	var rows [numSums]uint32
	for k, at := range [numSums]*linear.Word{ownSum: at(words, i), leftSum: at(words, i-1), rightSum: at(words, i+1)} {
		rows[k] = s.rows[s.memo.Foresee(at)][k]
	}
	s.lanes.Prefetch(rows[:])
}

// reset begins a sentence of n words.
func (s *sums) reset(n int) {
	s.tickets = append(s.tickets[:0], make([]linear.Ticket, n)...)
}

// place returns the place of word i, where what is known is of it and no other.
func (s *sums) place(words []linear.Word, i int) int {
	var outside linear.Ticket
	ticket := &outside
	if uint(i) < uint(len(s.tickets)) {
		ticket = &s.tickets[i]
	}
	place, known := s.memo.Place(at(words, i), ticket)
	if !known {
		s.known[place] = [numSums]bool{}
	}
	return place
}

// row returns the row of lanes with a sum of the word w of a place.
func (s *sums) row(place int, w *linear.Word, kind int) uint32 {
	row := s.rows[place][kind]
	if s.known[place][kind] {
		return row
	}
	s.known[place][kind] = true
	s.lanes.Clear(row)
	var static [NumStatic]uint32
	var templates []uint8
	switch kind {
	case ownSum:
		own(&static, w, false)
		templates = ownTemplates[:]
	case leftSum:
		left(&static, w)
		templates = leftTemplates[:]
	case rightSum:
		right(&static, w)
		templates = rightTemplates[:]
	}
	var features [len(ownTemplates)]uint32
	for k, t := range templates {
		features[k] = static[t]
	}
	s.weights.AddTo(&s.lanes, row, features[:len(templates)])
	return row
}
