package text

import "math/bits"

// An Outline is what is kept in memory of a text that is not at hand, some bytes for
// each of its sentences: enough to tell of most texts that they are no copies of it.
type Outline struct {
	Bits     []byte // one is set for each shingle; the number of bits is a power of two
	Shingles int
}

// Outline reduces a sketch.
func (s Sketch) Outline() Outline {
	n := len(s.Shingles)
	o := Outline{Bits: make([]byte, max(8, 1<<bits.Len(uint(n))/4)), Shingles: n} // two to four bits a shingle
	for _, h := range s.Shingles {
		o.Bits[o.at(h)] |= 1 << (h % 8)
	}
	return o
}

func (o Outline) at(shingle uint32) int { return int(shingle/8) & (len(o.Bits) - 1) }

// Excludes reports whether the text is certainly no copy of the other one: no more
// shingles can be in both than have their bit set.
func (o Outline) Excludes(other Sketch) bool {
	la, lb, n := len(other.Shingles), o.Shingles, 0
	for _, h := range other.Shingles {
		if o.Bits[o.at(h)]&(1<<(h%8)) != 0 {
			n++
		}
	}
	n = min(n, lb)
	return n*jaccardDen < (la+lb-n)*jaccardNum && n*containsDen < min(la, lb)*containsNum
}
