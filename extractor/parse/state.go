package parse

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// A Move is one of the three kinds of step.
type Move uint8

// Moves. The buffer's first word is "next", the two upmost words of the stack are
// "top" and "second".
const (
	Shift Move = iota // next goes onto the stack
	Left              // top becomes a dependent of next and leaves the stack
	Right             // top becomes a dependent of second and leaves the stack
)

// An Action is a step with the relation that it gives. Actions count from 0:
// Shift, then Left and Right of each label in turn.
type Action uint8

// MaxLabels bounds the relations of a model, besides root: a set of them is a word.
const MaxLabels = 63

// NewAction returns the action of a move with a label; Shift has none.
func NewAction(m Move, label uint8) Action {
	if m == Shift {
		return 0
	}
	return Action(2*label + uint8(m))
}

// Move returns the kind of step.
func (a Action) Move() Move {
	if a == 0 {
		return Shift
	}
	return Move(2 - a&1)
}

// Label returns the relation of a Left or Right.
func (a Action) Label() uint8 { return uint8(a-1) / 2 }

// noLabel stands for "no arc", rootLabel for the arc to the root.
const (
	noLabel   = 255
	rootLabel = MaxLabels
)

// A node is one word of the sentence and what hangs on it so far.
type node struct {
	w, t, wt   uint32    // hashes of word, tag, and both
	c, cc      uint32    // hashes of a fine and a coarse cluster
	head       int32     // -1 if none yet
	kids       [4]int32  // leftmost, second leftmost, rightmost, second rightmost; the index of none if there is none
	sets       [2]uint64 // labels of left and right dependents
	label      uint8     // of the arc to head
	left, rght uint8     // numbers of dependents, at most 3
}

// Places in node.kids.
const (
	l1 = iota
	l2
	r1
	r2
)

// A State is the state of a parser within a sentence of n words: word i stands in
// the buffer, on the stack, or has its head. The root is the last item of the
// buffer, word n.
type State struct {
	nodes []node // the words, the root, and one that stands for "no word"
	n     int
	next  int
	stack []int32
}

// TagOf returns the hash of the tags of a token.
func TagOf(t *extractor.Token) uint32 { return linear.Hash(t.Tag)<<5 ^ uint32(t.UPOS) }

// Reset starts a sentence: its words and their tags, by [TagOf].
func (s *State) Reset(words []linear.Word, tags []uint32) {
	s.n, s.next = len(words), 0
	s.stack = s.stack[:0]
	s.nodes = s.nodes[:0]
	none := int32(s.n + 1)
	empty := node{head: -1, label: noLabel, kids: [4]int32{none, none, none, none}}
	for i := range words {
		w := &words[i]
		x := empty
		x.w, x.t = w.Norm, tags[i]
		x.wt = linear.Join(x.w, x.t)
		x.c, x.cc = uint32(w.Quad[1]), uint32(w.Quad[2])
		if w.Quad[0] == 0 { // a word without clusters is like others of its ending and case
			x.c = linear.Join(w.Suffix[2], uint32(w.Caps)<<1|1)
		}
		s.nodes = append(s.nodes, x)
	}
	root := empty
	root.w, root.t, root.wt = 1, 1, 1
	s.nodes = append(s.nodes, root, empty)
}

// Done reports whether every word has its head.
func (s *State) Done() bool { return s.next == s.n && len(s.stack) == 0 }

// Next returns the first word of the buffer, n for the root.
func (s *State) Next() int { return s.next }

// Top and Second return the two upmost words of the stack, -1 if there is none.
func (s *State) Top() int { return s.below(0) }

// Second returns the word under the top of the stack, -1 if there is none.
func (s *State) Second() int { return s.below(1) }

func (s *State) below(k int) int {
	if len(s.stack) <= k {
		return -1
	}
	return int(s.stack[len(s.stack)-1-k])
}

// Waiting reports whether word i is read and has no head yet.
func (s *State) Waiting(i int) bool { return i < s.next && s.nodes[i].head < 0 }

// Head returns the head of word i, -1 if it has none yet and n for the root, and
// the label of the arc.
func (s *State) Head(i int) (head int, label uint8) {
	return int(s.nodes[i].head), s.nodes[i].label
}

// Forced returns the only action if there is no choice: on an empty stack, and
// where the last word goes to the root. Such states are not scored.
func (s *State) Forced() (Action, bool) {
	switch {
	case len(s.stack) == 0:
		return NewAction(Shift, 0), true
	case s.next == s.n && len(s.stack) == 1:
		return NewAction(Left, rootLabel), true
	}
	return 0, false
}

// Can reports whether a move is possible; a sentence has one word at its root.
func (s *State) Can(m Move) bool {
	switch m {
	case Shift:
		return s.next < s.n
	case Left:
		return s.next < s.n && len(s.stack) > 0
	}
	return len(s.stack) > 1
}

// Best returns the possible action with the highest score, the first of equals.
func (s *State) Best(score []int32) Action {
	best, most := Action(0), int32(-1<<31)
	if s.Can(Shift) {
		most = score[0]
	}
	left, right := s.Can(Left), s.Can(Right)
	for k := 1; k+1 < len(score); k += 2 {
		if v := score[k]; v > most && left {
			best, most = Action(k), v
		}
		if v := score[k+1]; v > most && right {
			best, most = Action(k+1), v
		}
	}
	return best
}

// Do takes a step, which must be possible.
func (s *State) Do(a Action) {
	switch a.Move() {
	case Shift:
		s.stack = append(s.stack, int32(s.next))
		s.next++
	case Left:
		s.attach(s.Top(), s.next, a.Label())
	case Right:
		s.attach(s.Top(), s.Second(), a.Label())
	}
}

// attach makes the top of the stack a dependent of head.
func (s *State) attach(dependent, head int, label uint8) {
	s.stack = s.stack[:len(s.stack)-1]
	d, h := &s.nodes[dependent], &s.nodes[head]
	d.head, d.label = int32(head), label
	if dependent < head { // each new left dependent is further left than the others
		h.kids[l2], h.kids[l1] = h.kids[l1], int32(dependent)
		h.sets[0] |= 1 << label
		h.left = min(3, h.left+1)
		return
	}
	h.kids[r2], h.kids[r1] = h.kids[r1], int32(dependent)
	h.sets[1] |= 1 << label
	h.rght = min(3, h.rght+1)
}
