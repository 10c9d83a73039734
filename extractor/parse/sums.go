package parse

// sums remembers the sums of those features that the next states of a sentence share.
type sums struct {
	features [NumFeatures]uint32
	search   search
	stack    []partial // by how many words stand below the top of the stack
	buffer   partial
}

// A partial is the sum of the weights of some features of a state, by slot.
type partial struct {
	of    int // the word that the state had there
	score [maxActions]int32
}

// maxActions bounds the actions of a model.
const maxActions = 2*MaxLabels + 2

// nobody is no word.
const nobody = -1

// reset begins a sentence.
func (p *sums) reset() {
	for i := range p.stack {
		p.stack[i].of = nobody
	}
	p.buffer.of = nobody
}

// score sets score to the sums of the weights t of the features of s.
func (p *sums) score(score *[256]int32, s *State, t *table) {
	for len(p.stack) < len(s.stack) {
		p.stack = append(p.stack, partial{of: nobody})
	}
	var shares [3]share
	n := 0
	p.search.begin()
	stack, top := &p.stack[len(s.stack)-1], s.Top()
	if stack.of != top {
		s.stackFeatures(&p.features)
		shares[n] = p.search.want(&p.features, stackTemplates[:])
		n++
	}
	if p.buffer.of != s.next {
		s.bufferFeatures(&p.features)
		shares[n] = p.search.want(&p.features, bufferTemplates[:])
		n++
	}
	s.otherFeatures(&p.features)
	shares[n] = p.search.want(&p.features, otherTemplates[:])
	n++
	t.find(&p.search, shares[:n])
	n = 0
	if stack.of != top {
		clear(score[:t.used])
		t.add(score, &p.search, shares[n])
		copy(stack.score[:t.used], score[:])
		stack.of = top
		n++
	}
	if p.buffer.of != s.next {
		clear(score[:t.used])
		t.add(score, &p.search, shares[n])
		copy(p.buffer.score[:t.used], score[:])
		p.buffer.of = s.next
		n++
	}
	for i, v := range stack.score[:t.used] {
		score[i] = v + p.buffer.score[i]
	}
	t.add(score, &p.search, shares[n])
}
