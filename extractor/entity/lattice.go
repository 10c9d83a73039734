package entity

import "math"

// impossible is the score of a label that cannot stand; sums of it don't overflow.
const impossible = math.MinInt32 / 4

// A lattice holds the scores of the labels of one sentence.
type lattice struct {
	n     int
	emits []int32 // n × NumLabels
	class []uint8
	alpha []int32 // best score of a path that ends here, emission included
	beta  []int32 // best score of what comes after
	back  []uint8
}

func (l *lattice) reset(n int) {
	l.n = n
	l.emits = grow(l.emits, n*NumLabels)
	l.alpha = grow(l.alpha, n*NumLabels)
	l.beta = grow(l.beta, n*NumLabels)
	l.back = grow(l.back, n*NumLabels)
	l.class = grow(l.class, n)
}

// grow returns a slice of n elements, s itself if it is long enough; what is in
// it is left.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

func (l *lattice) scores(i int) []int32 { return l.emits[i*NumLabels : (i+1)*NumLabels] }

// best returns the labels of the best path, in the memory of out.
func (l *lattice) best(m *Model, out []uint8) []uint8 {
	out = grow(out, l.n)
	if l.n == 0 {
		return out
	}
	for i := range l.n {
		e, a, b := (*[NumLabels]int32)(l.scores(i)), (*[NumLabels]int32)(l.alpha[i*NumLabels:]), (*[NumLabels]uint8)(l.back[i*NumLabels:])
		t := &m.trans[l.class[i]&(numClasses-1)]
		if i == 0 {
			for y := range uint8(NumLabels) {
				a[y] = impossible
				if follows(Outside, y) {
					a[y] = e[y] + t[Outside][y]
				}
			}
			continue
		}
		p := (*[NumLabels]int32)(l.alpha[(i-1)*NumLabels:])
		for k, top := range ahead(p, t) {
			y := starts[k]
			a[y], b[y] = max(int32(top>>tieBits)+e[y], impossible), uint8(tieMask-top&tieMask)
		}
		for y := uint8(2); y < NumLabels; y += 2 {
			top, from := p[y-1]+t[y-1][y], y-1
			if v := p[y] + t[y][y]; v > top {
				top, from = v, y
			}
			a[y], b[y] = max(top+e[y], impossible), from
		}
	}
	last := l.alpha[(l.n-1)*NumLabels : l.n*NumLabels]
	y := uint8(0)
	for k, v := range last {
		if v > last[y] {
			y = uint8(k)
		}
	}
	for i := l.n - 1; i >= 0; i-- {
		out[i] = y
		y = l.back[i*NumLabels+int(y)]
	}
	return out
}

// Below a score that ahead returns stand bits for the label that it is of.
const (
	tieBits = 4
	tieMask = 1<<tieBits - 1
)

// ahead returns for each of starts the best score of a path to it, given those of the labels
// before, and in the low bits how much the number of that label is below 15: the first
// of equals counts as the best.
func ahead(p *[NumLabels]int32, t *[NumLabels][NumLabels]int32) [len(starts)]int64 {
	const least = math.MinInt64
	k0, k1, k3, k5, k7, k9 := int64(least), int64(least), int64(least), int64(least), int64(least), int64(least)
	for q, v := range p {
		r, tie := &t[q], int64(tieMask-q)
		k0 = max(k0, int64(v+r[0])<<tieBits|tie)
		k1 = max(k1, int64(v+r[1])<<tieBits|tie)
		k3 = max(k3, int64(v+r[3])<<tieBits|tie)
		k5 = max(k5, int64(v+r[5])<<tieBits|tie)
		k7 = max(k7, int64(v+r[7])<<tieBits|tie)
		k9 = max(k9, int64(v+r[9])<<tieBits|tie)
	}
	return [...]int64{k0, k1, k3, k5, k7, k9}
}

// backward fills beta; best was called before.
func (l *lattice) backward(m *Model) {
	clear(l.beta[(l.n-1)*NumLabels : l.n*NumLabels])
	for i := l.n - 2; i >= 0; i-- {
		e, nb := (*[NumLabels]int32)(l.scores(i+1)), (*[NumLabels]int32)(l.beta[(i+1)*NumLabels:])
		t := &m.trans[l.class[i+1]&(numClasses-1)]
		var next [NumLabels]int32
		for y := range next {
			next[y] = max(e[y]+nb[y], impossible)
		}
		b := (*[NumLabels]int32)(l.beta[i*NumLabels:])
		for p := range b {
			r := &t[p]
			top := max(next[0]+r[0], next[1]+r[1], next[3]+r[3], next[5]+r[5], next[7]+r[7], next[9]+r[9])
			if p != Outside {
				y := Inside(uint8(p))
				top = max(top, next[y]+r[y])
			}
			b[p] = max(top, impossible)
		}
	}
}

// margin returns by how much the best path beats every path that does not have
// exactly this name [i, j) with this type; at least 0.
func (l *lattice) margin(labels []uint8, i, j int) int32 {
	total := l.alpha[i*NumLabels+int(labels[i])] + l.beta[i*NumLabels+int(labels[i])]
	other := int32(math.MinInt32)
	for k := i; k < j; k++ {
		for y := range NumLabels {
			if y != int(labels[k]) {
				other = max(other, l.alpha[k*NumLabels+y]+l.beta[k*NumLabels+y])
			}
		}
	}
	if j < l.n { // the name goes on
		y := int(Inside(labels[i]))
		other = max(other, l.alpha[j*NumLabels+y]+l.beta[j*NumLabels+y])
	}
	return max(0, total-max(other, impossible))
}
