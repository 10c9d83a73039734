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

// The templates of features are those of Zhang and Nivre (2011), with word clusters: s0 is the
// top of the stack, s1 and s2 stand below; b0 is next, b1 to b3 follow; l and r
// are the outermost dependents. They fall into three parts, since most of a state is as it was
// in the one before: what hangs on a word of the stack to its left, and all below it, stays as
// it is until that word leaves the stack, and the buffer's words until the first of them does.
var (
	stackTemplates = [...]uint8{ // of the stack, but for the right dependents of its top
		0, 1, 2, 3, 4, 5, 6, 7, 8, 18, 19, 29, 30, 31, 32, 33, 42, 45, 46, 49, 50, 57, 77, 78, 79, 83, 84, 89, 91, 93, 94, 95, 96, 99,
		100, 102, 108, 110, 112, 113, 115, 117, 121, 123, 124, 128, 129, 131, 132, 133, 134, 137, 140, 143, 144, 147, 151,
	}
	bufferTemplates = [...]uint8{ // of the words of the buffer without their dependents
		9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 38, 39, 51, 52,
	}
	otherTemplates = [...]uint8{
		22, 23, 24, 25, 26, 27, 28, 34, 35, 36, 37, 40, 41, 43, 44, 47, 48, 53, 54, 55, 56, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68,
		69, 70, 71, 72, 73, 74, 75, 76, 80, 81, 82, 85, 86, 87, 88, 90, 92, 97, 98, 101, 103, 104, 105, 106, 107, 109, 111, 114, 116,
		118, 119, 120, 122, 125, 126, 127, 130, 135, 136, 138, 139, 141, 142, 145, 146, 148, 149, 150, 152, 153, 154,
	}
)

// Features fills f with the features of the state, whose stack is not empty, by template.
// Trainer and parser share it: a change here needs a new model.
func (s *State) Features(f *[NumFeatures]uint32) {
	s.stackFeatures(f)
	s.bufferFeatures(f)
	s.otherFeatures(f)
}

// onStack returns the place of the word that k others of the stack stand above, ahead that
// of the word of the buffer that k stand before.
func (s *State) onStack(k int) int {
	if len(s.stack) > k {
		return int(s.stack[len(s.stack)-1-k])
	}
	return s.n + 1
}

func (s *State) ahead(k int) int {
	if s.next+k <= s.n {
		return s.next + k
	}
	return s.n + 1
}

// apart returns the distance of the two upmost words of the stack.
func (s *State) apart(second, top int) uint32 {
	if second == s.n+1 {
		return 9
	}
	return distance(second, top)
}

// stackFeatures sets the features of the stackTemplates.
func (s *State) stackFeatures(f *[NumFeatures]uint32) {
	is0, is1 := s.onStack(0), s.onStack(1)
	nodes := s.nodes[:s.n+2]
	s0, s1, s2 := &nodes[is0], &nodes[is1], &nodes[s.onStack(2)]
	s0l, s1l, s1r := &nodes[s0.kids[l1]], &nodes[s1.kids[l1]], &nodes[s1.kids[r1]]
	s0l2, s1r2 := &nodes[s0.kids[l2]], &nodes[s1.kids[r2]]
	s0L, s1L, s1R := fold(s0.sets[0]), fold(s1.sets[0]), fold(s1.sets[1])
	s1v, d1 := uint32(s1.rght)<<4|1<<8, s.apart(is1, is0)
	s1s0 := join(s1.t, s0.t)
	v3 := join(s2.t, s1s0)
	pp := join(s0.w, s0l.w) // noun, preposition; with s1 a verb or noun before them
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(0, 0)
	set(1, s0.wt)
	set(2, s0.w)
	set(3, s0.t)
	set(4, s1.wt)
	set(5, s1.w)
	set(6, s1.t)
	set(7, s2.wt)
	set(8, s2.t)
	set(18, join(s0.c, s0.t))
	set(19, join(s1.c, s1.t))
	set(29, join(s1.wt, s0.wt))
	set(30, join(s1.w, s0.w))
	set(31, s1s0)
	set(32, join(s1.wt, s0.t))
	set(33, join(s1.t, s0.wt))
	set(42, join(s1.c, s0.c))
	set(45, join(join(s1.c, s0.t), s1.t))
	set(46, join(join(s1.t, s0.c), s0.t))
	set(49, join(s1.w, s0.c))
	set(50, join(s1.c, s0.w))
	set(57, v3)
	set(77, join(s1s0, d1))
	set(78, join(join(s1.w, s0.t), d1))
	set(79, join(join(s1.t, s0.w), d1))
	set(83, join(s1.w, s1v))
	set(84, join(s1.t, s1v))
	set(89, join(s0.t, s0L))
	set(91, join(s0.w, s0L))
	set(93, join(s1.t, s1L))
	set(94, join(s1.t, s1R))
	set(95, join(s1.w, s1L))
	set(96, join(s1.w, s1R))
	set(99, join(s1s0, s1R))
	set(100, join(s1s0, s1L))
	set(102, join(s1s0, s0L))
	set(108, s0l.w)
	set(110, s1r.w)
	set(112, s1l.w)
	set(113, s0l.tl())
	set(115, s1r.tl())
	set(117, s1l.tl())
	set(121, join(s1s0, s0l.t))
	set(123, join(s1s0, s1r.t))
	set(124, join(s1s0, s1l.t))
	set(128, join(s1s0, s0l.lb()))
	set(129, join(s1s0, s1r.lb()))
	set(131, join(s1.w, pp))
	set(132, join(join(s1.w, s0l.w), s0.t))
	set(133, join(join(s1.t, s0l.w), s0.t))
	set(134, join(pp, s1.t))
	set(137, join(join(s1.c, s0l.w), s0.c))
	set(140, join(join(s0.t, s0l.t), s0l2.t))
	set(143, join(join(s1.t, s1r.t), s1r2.t))
	set(144, s0l2.tl())
	set(147, s1r2.tl())
	set(151, join(join(s1.w, s1r.lb()), s0.t))
}

// bufferFeatures sets the features of the bufferTemplates.
func (s *State) bufferFeatures(f *[NumFeatures]uint32) {
	nodes := s.nodes[:s.n+2]
	b0, b1, b2, b3 := &nodes[s.next], &nodes[s.ahead(1)], &nodes[s.ahead(2)], &nodes[s.ahead(3)]
	b0b1 := join(b0.t, b1.t)
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(9, b0.wt)
	set(10, b0.w)
	set(11, b0.t)
	set(12, b1.wt)
	set(13, b1.w)
	set(14, b1.t)
	set(15, b2.wt)
	set(16, b2.t)
	set(17, b3.t)
	set(20, join(b0.c, b0.t))
	set(21, join(b1.c, b1.t))
	set(38, b0b1)
	set(39, join(b0.wt, b1.t))
	set(51, join(b0b1, b2.t))
	set(52, join(join(b0b1, b2.t), b3.t))
}

// otherFeatures sets the features of the otherTemplates.
func (s *State) otherFeatures(f *[NumFeatures]uint32) {
	is0, is1 := s.onStack(0), s.onStack(1)
	nodes := s.nodes[:s.n+2]
	s0, s1, s2 := &nodes[is0], &nodes[is1], &nodes[s.onStack(2)]
	b0, b1, b2 := &nodes[s.next], &nodes[s.ahead(1)], &nodes[s.ahead(2)]
	s0l, s0r, s1r, b0l := &nodes[s0.kids[l1]], &nodes[s0.kids[r1]], &nodes[s1.kids[r1]], &nodes[b0.kids[l1]]
	s0r2, b0l2 := &nodes[s0.kids[r2]], &nodes[b0.kids[l2]]
	s0L, s0R, s1R, b0L := fold(s0.sets[0]), fold(s0.sets[1]), fold(s1.sets[1]), fold(b0.sets[0])
	s0v, s1v := uint32(s0.rght)<<4|uint32(s0.left), uint32(s1.rght)<<4|1<<8
	d0, d1 := distance(is0, s.next), s.apart(is1, is0)
	s0b0, s1s0, b0b1 := join(s0.t, b0.t), join(s1.t, s0.t), join(b0.t, b1.t)
	t3, u3, v3 := join(s0b0, b1.t), join(s1s0, b0.t), join(s2.t, s1s0)
	pp := join(s0.w, s0l.w)
	set := func(t, v uint32) { f[t] = linear.Mix(t, v) }
	set(22, join(s0.wt, b0.wt))
	set(23, join(s0.wt, b0.w))
	set(24, join(s0.w, b0.wt))
	set(25, join(s0.wt, b0.t))
	set(26, join(s0.t, b0.wt))
	set(27, join(s0.w, b0.w))
	set(28, s0b0)
	set(34, join(s1.t, b0.t))
	set(35, join(s1.wt, b0.t))
	set(36, join(s1.t, b0.wt))
	set(37, join(s1.w, b0.w))
	set(40, join(s0.t, b1.t))
	set(41, join(s0.c, b0.c))
	set(43, join(join(s0.c, b0.t), s0.t))
	set(44, join(join(s0.t, b0.c), b0.t))
	set(47, join(s0.w, b0.c))
	set(48, join(s0.c, b0.w))
	set(53, t3)
	set(54, join(t3, b2.t))
	set(55, u3)
	set(56, join(u3, b1.t))
	set(58, join(v3, b0.t))
	set(59, join(join(s2.t, s0.t), b0.t))
	set(60, join(s0.w, b0b1))
	set(61, join(s1.w, s0b0))
	set(62, join(join(s1.t, s0.w), b0.t))
	set(63, join(s1s0, b0.w))
	set(64, join(join(s0.t, b0.w), b1.t))
	set(65, join(s0b0, b1.w))
	set(66, join(join(s0.cc, b0.cc), b1.cc))
	set(67, join(join(s1.cc, s0.cc), b0.cc))
	set(68, join(join(s1.c, s0.c), b0.t))
	set(69, join(join(s0.c, b0.c), b1.t))
	set(70, join(join(s0.c, b0.t), b1.c))
	set(71, join(s0.w, d0))
	set(72, join(s0.t, d0))
	set(73, join(b0.w, d0))
	set(74, join(b0.t, d0))
	set(75, join(s0b0, d0))
	set(76, join(join(s0.w, b0.w), d0))
	set(80, join(join(u3, d0), d1))
	set(81, join(s0.w, s0v))
	set(82, join(s0.t, s0v))
	set(85, join(b0.w, uint32(b0.left)))
	set(86, join(b0.t, uint32(b0.left)))
	set(87, join(s0b0, s0v<<4|uint32(b0.left)))
	set(88, join(s1s0, s0v<<4|s1v<<12))
	set(90, join(s0.t, s0R))
	set(92, join(s0.w, s0R))
	set(97, join(b0.t, b0L))
	set(98, join(b0.w, b0L))
	set(101, join(s1s0, s0R))
	set(103, join(s0b0, s0R))
	set(104, join(s0b0, b0L))
	set(105, join(s0b0, s0L))
	set(106, join(u3, s0L))
	set(107, join(u3, s1R))
	set(109, s0r.w)
	set(111, b0l.w)
	set(114, s0r.tl())
	set(116, b0l.tl())
	set(118, join(s0b0, s0l.t))
	set(119, join(s0b0, s0r.t))
	set(120, join(s0b0, b0l.t))
	set(122, join(s1s0, s0r.t))
	set(125, join(s0b0, s0l.lb()))
	set(126, join(s0b0, s0r.lb()))
	set(127, join(s0b0, b0l.lb()))
	set(130, join(s1s0, s0r.lb()))
	set(135, join(pp, b0.t))
	set(136, join(join(s0.t, s0l.w), b0.t))
	set(138, join(join(s0.c, b0l.w), b0.c))
	set(139, join(join(s0.w, b0l.w), b0.t))
	set(141, join(join(s0.t, s0r.t), s0r2.t))
	set(142, join(join(b0.t, b0l.t), b0l2.t))
	set(145, s0r2.tl())
	set(146, b0l2.tl())
	set(148, join(join(s1s0, s1r.lb()), s0r.lb()))
	set(149, join(join(s0b0, s0r.lb()), b0l.lb()))
	set(150, join(join(s0.w, s0r.lb()), b0.t))
	set(152, join(join(s1.w, s0.t), b0.w))
	set(153, join(join(s1.w, s0.w), b0.w))
	set(154, join(join(s0.w, b0.w), b1.w))
}

func join(a, b uint32) uint32 { return linear.Join(a, b) }

// tl returns the tag of a dependent with its label, lb the label.
func (x *node) tl() uint32 { return linear.Join(x.t, uint32(x.label)) }
func (x *node) lb() uint32 { return uint32(x.label) }
