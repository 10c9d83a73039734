package parse

import (
	"testing"

	"github.com/claimwire/claimwire/extractor/linear"
)

// checkTree fails if the heads are no projective tree with one root: heads[i] is
// the head of word i, the number of words for the root.
func checkTree(t *testing.T, heads []int) {
	t.Helper()
	n, roots := len(heads), 0
	for i, h := range heads {
		if h < 0 || h > n || h == i {
			t.Fatalf("head of word %d of %v", i, heads)
		}
		if h == n {
			roots++
			continue
		}
		for k := min(i, h) + 1; k < max(i, h); k++ { // all between hang on them or below
			a, steps := k, 0
			for a != i && a != h && a != n && steps <= n {
				a, steps = heads[a], steps+1
			}
			if a == n || steps > n {
				t.Fatalf("word %d between %d and its head %d hangs elsewhere in %v", k, i, h, heads)
			}
		}
	}
	for i := range heads {
		a, steps := i, 0
		for a != n && steps <= n {
			a, steps = heads[a], steps+1
		}
		if a != n {
			t.Fatalf("word %d hangs on a circle in %v", i, heads)
		}
	}
	if n > 0 && roots != 1 {
		t.Fatalf("%d roots in %v", roots, heads)
	}
}

func heads(s *State, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i], _ = s.Head(i)
	}
	return out
}

// Whatever the scores, the steps make a tree.
func FuzzState(f *testing.F) {
	f.Add(uint8(5), []byte{0, 9, 1, 200, 3, 3, 3, 90, 4, 4})
	f.Add(uint8(0), []byte{})
	f.Add(uint8(1), []byte{7})
	f.Add(uint8(200), []byte{1, 2, 3, 4, 5, 6, 250})
	f.Fuzz(func(t *testing.T, n uint8, choices []byte) {
		var s State
		var features [NumFeatures]uint32
		s.Reset(make([]linear.Word, n), make([]uint32, n))
		score := make([]int32, 1+2*5)
		for k := 0; !s.Done(); k++ {
			if k > 2*int(n) {
				t.Fatalf("%d steps for %d words", k, n)
			}
			if a, ok := s.Forced(); ok {
				s.Do(a)
				continue
			}
			s.Features(&features)
			for i := range score {
				if len(choices) > 0 {
					score[i] = int32(choices[(k*len(score)+i)%len(choices)]) - 128
				}
			}
			s.Do(s.Best(score))
		}
		checkTree(t, heads(&s, int(n)))
	})
}

func TestActions(t *testing.T) {
	seen := map[Action]bool{}
	for label := range uint8(MaxLabels + 1) {
		for _, m := range []Move{Left, Right} {
			a := NewAction(m, label)
			if seen[a] || a.Move() != m || a.Label() != label {
				t.Errorf("NewAction(%d, %d) = %d: %d, %d", m, label, a, a.Move(), a.Label())
			}
			seen[a] = true
		}
	}
	if a := NewAction(Shift, 3); a != 0 || a.Move() != Shift {
		t.Errorf("Shift = %d: %d", a, a.Move())
	}
}

// "Rescuers found two boys": the steps of its tree, and what the state shows on the way.
func TestSteps(t *testing.T) {
	var s State
	s.Reset(make([]linear.Word, 4), make([]uint32, 4))
	const nsubj, nummod, obj = 1, 2, 3
	for _, a := range []Action{
		NewAction(Shift, 0), NewAction(Left, nsubj), NewAction(Shift, 0), NewAction(Shift, 0),
		NewAction(Left, nummod), NewAction(Shift, 0),
	} {
		if !s.Can(a.Move()) {
			t.Fatalf("move %d is not possible at word %d", a.Move(), s.Next())
		}
		s.Do(a)
	}
	if s.Top() != 3 || s.Second() != 1 || s.Next() != 4 || s.Can(Shift) || s.Can(Left) || !s.Waiting(3) || s.Waiting(2) {
		t.Errorf("top %d, second %d, next %d", s.Top(), s.Second(), s.Next())
	}
	s.Do(NewAction(Right, obj))
	a, ok := s.Forced()
	if !ok || a.Label() != rootLabel {
		t.Fatalf("Forced() = %d, %v", a, ok)
	}
	s.Do(a)
	checkTree(t, heads(&s, 4))
	for i, want := range [][2]int{{1, nsubj}, {4, rootLabel}, {3, nummod}, {1, obj}} {
		if h, l := s.Head(i); h != want[0] || int(l) != want[1] {
			t.Errorf("Head(%d) = %d, %d, want %v", i, h, l, want)
		}
	}
}
