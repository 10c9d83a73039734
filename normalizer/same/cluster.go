package same

import "slices"

// An Edge is a scored pair of mentions, as indices into the list being clustered.
type Edge struct{ A, B, Score int }

// Cluster groups mentions: edges are taken by descending score, ties by the keys
// of their ends, and two groups join unless a mention of one vetoes a mention of
// the other. It returns, for every mention, the index of the group's first
// mention by key. The result depends on the set of mentions alone. The mentions
// must be sorted by key; the edges are sorted in place. Each time two groups join,
// joined is told by which edge; nil if nobody asks.
func Cluster(ms []*Mention, edges []Edge, joined func(Edge)) []int {
	for i, e := range edges {
		edges[i].A, edges[i].B = min(e.A, e.B), max(e.A, e.B)
	}
	slices.SortFunc(edges, func(x, y Edge) int {
		if x.Score != y.Score {
			return y.Score - x.Score
		}
		if x.A != y.A {
			return x.A - y.A
		}
		return x.B - y.B
	})
	c := clusters{ms: ms, parent: make([]int, len(ms)), members: make([][]int, len(ms))}
	if !slices.ContainsFunc(ms, func(m *Mention) bool { return len(m.Marks) > 0 }) {
		c.foes = newFoes(len(ms))
	}
	alone := make([]int, len(ms))
	for i := range ms {
		alone[i] = i
		c.parent[i], c.members[i] = i, alone[i:i+1:i+1]
	}
	for _, e := range edges {
		if c.join(c.find(e.A), c.find(e.B), e.Score == Decided) && joined != nil {
			joined(e)
		}
	}
	out := make([]int, len(ms))
	for i := range ms {
		out[i] = c.find(i)
	}
	return out
}

type clusters struct {
	ms      []*Mention
	parent  []int
	members [][]int
	foes    *foes // nil if people had a say: then what was refused may be allowed later
}

func (c *clusters) find(i int) int {
	for c.parent[i] != i {
		c.parent[i] = c.parent[c.parent[i]]
		i = c.parent[i]
	}
	return i
}

// join makes one group of two, unless they are one or must not be.
func (c *clusters) join(a, b int, decided bool) bool {
	if a == b || c.foes.are(a, b) {
		return false
	}
	for _, i := range c.members[a] {
		for _, j := range c.members[b] {
			if set := c.ms[i].Set; set != 0 && set == c.ms[j].Set || !Vetoes(c.ms[i], c.ms[j]) {
				continue
			}
			if ruled(c.ms[i], c.ms[j]) < 0 || !decided && !c.spoken(a, i, j) && !c.spoken(b, j, i) {
				c.foes.add(a, b)
				return false
			}
		}
	}
	if b < a { // the root is the smallest key
		a, b = b, a
	}
	c.parent[b] = a
	c.members[a] = append(c.members[a], c.members[b]...)
	c.members[b] = nil
	c.foes.join(a, b)
	return true
}

// spoken reports whether people put i, of this group, together with a mention that
// does not veto o: then i does not either.
func (c *clusters) spoken(group, i, o int) bool {
	if len(c.ms[i].Marks) == 0 {
		return false
	}
	for _, k := range c.members[group] {
		if k != i && ruled(c.ms[i], c.ms[k]) > 0 && !Vetoes(c.ms[k], c.ms[o]) {
			return true
		}
	}
	return false
}

// foes remember which groups must not join, by their roots: a veto between two mentions
// stands however their groups grow. Dozens of edges lie between two groups, and without
// a memory each of them would have all pairs compared again.
type foes struct {
	of     [][]int // by root; some are no roots any more
	paired map[[2]int]bool
}

func newFoes(n int) *foes { return &foes{make([][]int, n), map[[2]int]bool{}} }

func (f *foes) are(a, b int) bool { return f != nil && f.paired[[2]int{min(a, b), max(a, b)}] }

func (f *foes) add(a, b int) {
	if f == nil || f.are(a, b) {
		return
	}
	f.paired[[2]int{min(a, b), max(a, b)}] = true
	f.of[a], f.of[b] = append(f.of[a], b), append(f.of[b], a)
}

// join makes the foes of b those of a.
func (f *foes) join(a, b int) {
	if f == nil {
		return
	}
	for _, o := range f.of[b] {
		f.add(a, o)
	}
	f.of[b] = nil
}
