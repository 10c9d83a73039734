package parse

// sums adds up the weights of the features of the states of a sentence, and remembers the sums of those
// features that the next states share. A state is done with in steps, see [search].
type sums struct {
	features [NumFeatures]uint32
	search   search
	stack    []partial // by how many words stand below the top of the stack
	buffer   partial
	newStack bool // the sum in hand of stack, or of the buffer, is not known yet
	newWords bool
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

// open begins with the state s.
func (p *sums) open(s *State, t *table) {
	for len(p.stack) < len(s.stack) {
		p.stack = append(p.stack, partial{of: nobody})
	}
	p.search.begin()
	stack, top := &p.stack[len(s.stack)-1], s.Top()
	if p.newStack = stack.of != top; p.newStack {
		stack.of = top
		s.stackFeatures(&p.features)
		p.search.want(&p.features, stackTemplates[:])
	}
	if p.newWords = p.buffer.of != s.next; p.newWords {
		p.buffer.of = s.next
		s.bufferFeatures(&p.features)
		p.search.want(&p.features, bufferTemplates[:])
	}
	s.otherFeatures(&p.features)
	p.search.want(&p.features, otherTemplates[:])
	t.index.open(&p.search)
}

// score sets score to the sums of all features of s, whose rows have been found.
func (p *sums) score(score *[256]int32, s *State, t *table) {
	k := 0
	stack := &p.stack[len(s.stack)-1]
	if p.newStack {
		clear(score[:t.used])
		t.add(score, &p.search, k)
		copy(stack.score[:t.used], score[:])
		k++
	}
	if p.newWords {
		clear(score[:t.used])
		t.add(score, &p.search, k)
		copy(p.buffer.score[:t.used], score[:])
		k++
	}
	for i, v := range stack.score[:t.used] {
		score[i] = v + p.buffer.score[i]
	}
	t.add(score, &p.search, k)
}
