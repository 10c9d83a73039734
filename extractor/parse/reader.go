package parse

import "github.com/claimwire/claimwire/extractor/linear"

// numReaders is how many trees are in the making at once: while one waits for memory, the others go on.
const numReaders = 4

// A reader makes one tree after the other, each from a job, in steps.
type reader struct {
	job   *job // nil if there is none
	next  step
	state State
	sums  sums
	score [256]int32
}

// A job is words that get a tree: a sentence without its asides, or one of these.
type job struct {
	words  []linear.Word
	tags   []uint32
	tokens []int  // their places in the text
	root   int    // the token at the root of the tree, once it is made
	aside  *aside // nil for a sentence
}

// A step is what a reader does next for the state in hand.
type step uint8

const (
	toHit    step = iota // find which features may have weights
	toFind               // find their weights
	toChoose             // add them up, act, and begin with the next state
)

// start begins with a job, which may be done at once.
func (r *reader) start(m *Model, j *job) (done bool) {
	r.job = j
	r.state.Reset(j.words, j.tags)
	r.sums.reset()
	return r.open(m)
}

// open goes on to the next state in which there is a choice, and begins with it.
func (r *reader) open(m *Model) (done bool) {
	s := &r.state
	for !s.Done() {
		a, ok := s.Forced()
		if !ok {
			r.sums.open(s, m.weights)
			r.next = toHit
			return false
		}
		s.Do(a)
	}
	return true
}

// step takes the next step. It reports whether the tree is done.
func (r *reader) step(m *Model) (done bool) {
	switch r.next {
	case toHit:
		m.weights.index.hit(&r.sums.search)
		r.next = toFind
	case toFind:
		m.weights.find(&r.sums.search)
		r.next = toChoose
	case toChoose:
		r.sums.score(&r.score, &r.state, m.weights)
		r.state.Do(m.weights.best(&r.state, &r.score, m.classes()))
		return r.open(m)
	}
	return false
}

// read makes the trees of jobs, and calls done for each with the state in which its tree is.
func (m *Model) read(readers *[numReaders]reader, jobs []job, done func(j *job, s *State)) {
	busy := 0
	take := func(r *reader) { // a job that is not done at once
		for r.job = nil; len(jobs) > 0 && r.job == nil; jobs = jobs[1:] {
			if j := &jobs[0]; r.start(m, j) {
				done(j, &r.state)
				r.job = nil
			}
		}
		if r.job != nil {
			busy++
		}
	}
	for k := range readers {
		take(&readers[k])
	}
	for busy > 0 {
		for k := range readers {
			if r := &readers[k]; r.job != nil && r.step(m) {
				done(r.job, &r.state)
				busy--
				take(r)
			}
		}
	}
}
