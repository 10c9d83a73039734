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
		e, a, b := l.scores(i), l.alpha[i*NumLabels:(i+1)*NumLabels], l.back[i*NumLabels:(i+1)*NumLabels]
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
		for _, y := range starts {
			top, from := int32(math.MinInt32), uint8(0)
			for q, v := range p {
				if v += t[q][y]; v > top {
					top, from = v, uint8(q)
				}
			}
			a[y], b[y] = max(top+e[y], impossible), from
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

// backward fills beta; best was called before.
func (l *lattice) backward(m *Model) {
	clear(l.beta[(l.n-1)*NumLabels : l.n*NumLabels])
	for i := l.n - 2; i >= 0; i-- {
		e, nb := l.scores(i+1), l.beta[(i+1)*NumLabels:(i+2)*NumLabels]
		t := &m.trans[l.class[i+1]&(numClasses-1)]
		var ahead [NumLabels]int32
		for y := range ahead {
			ahead[y] = max(e[y]+nb[y], impossible)
		}
		b := l.beta[i*NumLabels : (i+1)*NumLabels]
		for p := range uint8(NumLabels) {
			top := int32(math.MinInt32)
			for _, y := range starts {
				top = max(top, ahead[y]+t[p][y])
			}
			if p != Outside {
				y := Inside(p)
				top = max(top, ahead[y]+t[p][y])
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
