package parse

import "github.com/claimwire/claimwire/extractor/linear"

// distances maps how far apart two words are to one of 8 classes.
var distances = [...]uint8{0, 1, 2, 3, 4, 5, 5, 5, 6, 6, 6, 6, 6}

func distance(from, to int) uint32 {
	if d := to - from; d >= 0 && d < len(distances) {
		return uint32(distances[d])
	}
	return 7
}

// fold makes 32 bits of a set of labels.
func fold(set uint64) uint32 { return uint32(set) ^ uint32(set>>32)*0x9E3779B1 }

// NumFeatures is the number of features of a state.
const NumFeatures = 155

// Features fills f with the features of the state, whose stack is not empty.
// Trainer and parser share it: a change here needs a new model.
//
// The templates are those of Zhang and Nivre (2011), with word clusters: s0 is the
// top of the stack, s1 and s2 stand below; b0 is next, b1 to b3 follow; l and r
// are the outermost dependents.
func (s *State) Features(f *[NumFeatures]uint32) {
	none := s.n + 1
	stack := func(k int) int {
		if len(s.stack) > k {
			return int(s.stack[len(s.stack)-1-k])
		}
		return none
	}
	buffer := func(k int) int {
		if s.next+k <= s.n {
			return s.next + k
		}
		return none
	}
	is0, is1, ib0 := stack(0), stack(1), s.next
	nodes := s.nodes[:none+1]
	s0, s1, s2 := &nodes[is0], &nodes[is1], &nodes[stack(2)]
	b0, b1, b2, b3 := &nodes[ib0], &nodes[buffer(1)], &nodes[buffer(2)], &nodes[buffer(3)]
	n := 0
	add := func(v uint32) { f[n] = linear.Mix(uint32(n), v); n++ }

	// One word.
	add(0)
	add(s0.wt)
	add(s0.w)
	add(s0.t)
	add(s1.wt)
	add(s1.w)
	add(s1.t)
	add(s2.wt)
	add(s2.t)
	add(b0.wt)
	add(b0.w)
	add(b0.t)
	add(b1.wt)
	add(b1.w)
	add(b1.t)
	add(b2.wt)
	add(b2.t)
	add(b3.t)
	add(join(s0.c, s0.t))
	add(join(s1.c, s1.t))
	add(join(b0.c, b0.t))
	add(join(b1.c, b1.t))

	// Two words.
	s0b0 := join(s0.t, b0.t)
	s1s0 := join(s1.t, s0.t)
	b0b1 := join(b0.t, b1.t)
	add(join(s0.wt, b0.wt))
	add(join(s0.wt, b0.w))
	add(join(s0.w, b0.wt))
	add(join(s0.wt, b0.t))
	add(join(s0.t, b0.wt))
	add(join(s0.w, b0.w))
	add(s0b0)
	add(join(s1.wt, s0.wt))
	add(join(s1.w, s0.w))
	add(s1s0)
	add(join(s1.wt, s0.t))
	add(join(s1.t, s0.wt))
	add(join(s1.t, b0.t))
	add(join(s1.wt, b0.t))
	add(join(s1.t, b0.wt))
	add(join(s1.w, b0.w))
	add(b0b1)
	add(join(b0.wt, b1.t))
	add(join(s0.t, b1.t))
	add(join(s0.c, b0.c))
	add(join(s1.c, s0.c))
	add(join(join(s0.c, b0.t), s0.t))
	add(join(join(s0.t, b0.c), b0.t))
	add(join(join(s1.c, s0.t), s1.t))
	add(join(join(s1.t, s0.c), s0.t))
	add(join(s0.w, b0.c))
	add(join(s0.c, b0.w))
	add(join(s1.w, s0.c))
	add(join(s1.c, s0.w))

	// Three words and more.
	t3 := join(s0b0, b1.t)
	u3 := join(s1s0, b0.t)
	v3 := join(s2.t, s1s0)
	add(join(b0b1, b2.t))
	add(join(join(b0b1, b2.t), b3.t))
	add(t3)
	add(join(t3, b2.t))
	add(u3)
	add(join(u3, b1.t))
	add(v3)
	add(join(v3, b0.t))
	add(join(join(s2.t, s0.t), b0.t))
	add(join(s0.w, b0b1))
	add(join(s1.w, s0b0))
	add(join(join(s1.t, s0.w), b0.t))
	add(join(s1s0, b0.w))
	add(join(join(s0.t, b0.w), b1.t))
	add(join(s0b0, b1.w))
	add(join(join(s0.cc, b0.cc), b1.cc))
	add(join(join(s1.cc, s0.cc), b0.cc))
	add(join(join(s1.c, s0.c), b0.t))
	add(join(join(s0.c, b0.c), b1.t))
	add(join(join(s0.c, b0.t), b1.c))

	// Distance and valency.
	d0, d1 := distance(is0, ib0), uint32(9)
	if is1 != none {
		d1 = distance(is1, is0)
	}
	add(join(s0.w, d0))
	add(join(s0.t, d0))
	add(join(b0.w, d0))
	add(join(b0.t, d0))
	add(join(s0b0, d0))
	add(join(join(s0.w, b0.w), d0))
	add(join(s1s0, d1))
	add(join(join(s1.w, s0.t), d1))
	add(join(join(s1.t, s0.w), d1))
	add(join(join(u3, d0), d1))
	s0v, s1v := uint32(s0.rght)<<4|uint32(s0.left), uint32(s1.rght)<<4|1<<8
	add(join(s0.w, s0v))
	add(join(s0.t, s0v))
	add(join(s1.w, s1v))
	add(join(s1.t, s1v))
	add(join(b0.w, uint32(b0.left)))
	add(join(b0.t, uint32(b0.left)))
	add(join(s0b0, s0v<<4|uint32(b0.left)))
	add(join(s1s0, s0v<<4|s1v<<12))

	// Labels of dependents.
	s0L, s0R, s1L, s1R, b0L := fold(s0.sets[0]), fold(s0.sets[1]), fold(s1.sets[0]), fold(s1.sets[1]), fold(b0.sets[0])
	add(join(s0.t, s0L))
	add(join(s0.t, s0R))
	add(join(s0.w, s0L))
	add(join(s0.w, s0R))
	add(join(s1.t, s1L))
	add(join(s1.t, s1R))
	add(join(s1.w, s1L))
	add(join(s1.w, s1R))
	add(join(b0.t, b0L))
	add(join(b0.w, b0L))
	add(join(s1s0, s1R))
	add(join(s1s0, s1L))
	add(join(s1s0, s0R))
	add(join(s1s0, s0L))
	add(join(s0b0, s0R))
	add(join(s0b0, b0L))
	add(join(s0b0, s0L))
	add(join(u3, s0L))
	add(join(u3, s1R))

	// Dependents.
	s0l, s0r := &nodes[s0.kids[l1]], &nodes[s0.kids[r1]]
	s1l, s1r := &nodes[s1.kids[l1]], &nodes[s1.kids[r1]]
	b0l := &nodes[b0.kids[l1]]
	add(s0l.w)
	add(s0r.w)
	add(s1r.w)
	add(b0l.w)
	add(s1l.w)
	add(s0l.tl())
	add(s0r.tl())
	add(s1r.tl())
	add(b0l.tl())
	add(s1l.tl())
	add(join(s0b0, s0l.t))
	add(join(s0b0, s0r.t))
	add(join(s0b0, b0l.t))
	add(join(s1s0, s0l.t))
	add(join(s1s0, s0r.t))
	add(join(s1s0, s1r.t))
	add(join(s1s0, s1l.t))
	add(join(s0b0, s0l.lb()))
	add(join(s0b0, s0r.lb()))
	add(join(s0b0, b0l.lb()))
	add(join(s1s0, s0l.lb()))
	add(join(s1s0, s1r.lb()))
	add(join(s1s0, s0r.lb()))

	// Prepositional phrases: verb or noun, preposition, noun.
	pp := join(s0.w, s0l.w)
	add(join(s1.w, pp))
	add(join(join(s1.w, s0l.w), s0.t))
	add(join(join(s1.t, s0l.w), s0.t))
	add(join(pp, s1.t))
	add(join(pp, b0.t))
	add(join(join(s0.t, s0l.w), b0.t))
	add(join(join(s1.c, s0l.w), s0.c))
	add(join(join(s0.c, b0l.w), b0.c))
	add(join(join(s0.w, b0l.w), b0.t))

	// Second dependents, and dependents of both words.
	s0l2, s0r2 := &nodes[s0.kids[l2]], &nodes[s0.kids[r2]]
	b0l2, s1r2 := &nodes[b0.kids[l2]], &nodes[s1.kids[r2]]
	add(join(join(s0.t, s0l.t), s0l2.t))
	add(join(join(s0.t, s0r.t), s0r2.t))
	add(join(join(b0.t, b0l.t), b0l2.t))
	add(join(join(s1.t, s1r.t), s1r2.t))
	add(s0l2.tl())
	add(s0r2.tl())
	add(b0l2.tl())
	add(s1r2.tl())
	add(join(join(s1s0, s1r.lb()), s0r.lb()))
	add(join(join(s0b0, s0r.lb()), b0l.lb()))
	add(join(join(s0.w, s0r.lb()), b0.t))
	add(join(join(s1.w, s1r.lb()), s0.t))
	add(join(join(s1.w, s0.t), b0.w))
	add(join(join(s1.w, s0.w), b0.w))
	add(join(join(s0.w, b0.w), b1.w))
	for ; n < NumFeatures; n++ {
		f[n] = 0
	}
}

func join(a, b uint32) uint32 { return linear.Join(a, b) }

// tl returns the tag of a dependent with its label, lb the label.
func (x *node) tl() uint32 { return linear.Join(x.t, uint32(x.label)) }
func (x *node) lb() uint32 { return uint32(x.label) }
