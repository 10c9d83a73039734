package parse

import "math/bits"

// An index says where the rows of each part of a table start. A part is the rows of
// features with the same top bits, and most are empty: it is small, since what a parser
// waits for is memory.
type index struct {
	groups []group
	starts []uint16 // of each part that is not empty, from the base of its group on; after the last of a group its end
}

// A group is 64 parts of an index.
type group struct {
	full  uint64 // a bit for each part that is not empty
	first uint32 // index into starts of the first of them
	base  uint32 // where its rows start
}

const (
	partBits  = 12 // of a feature, below those that choose its part
	groupBits = 6
)

// newIndex returns an index with room for so many rows.
func newIndex(rows int) index {
	return index{
		groups: make([]group, 1<<(32-partBits-groupBits)),
		starts: make([]uint16, 0, rows+1<<(32-partBits-groupBits)),
	}
}

// An indexer fills an index.
type indexer struct {
	*index
	part int // the last with a row, -1 if there is none yet
}

// put notes that the row of a feature, not below the one before, starts at at. It
// reports whether the index can say so.
func (x *indexer) put(feature uint32, at int) bool {
	part := int(feature >> partBits)
	if part == x.part {
		return true
	}
	g := &x.groups[part>>groupBits]
	if x.part < 0 || part>>groupBits != x.part>>groupBits {
		if !x.end(at) {
			return false
		}
		g.first, g.base = uint32(len(x.starts)), uint32(at)
	}
	x.part = part
	g.full |= 1 << (part & (1<<groupBits - 1))
	x.starts = append(x.starts, uint16(at-int(g.base)))
	return at-int(g.base) < 1<<16
}

// end notes that the last group with a row ends at at, and reports whether it can.
func (x *indexer) end(at int) bool {
	if x.part < 0 {
		return true
	}
	d := at - int(x.groups[x.part>>groupBits].base)
	x.starts = append(x.starts, uint16(d))
	return d < 1<<16
}

// A hit is a part that has rows.
type hit struct {
	feature uint32
	start   uint32 // index into starts
	base    uint32
}

// find puts the features whose parts have rows into hits, of which there are as many as
// features, and returns their number.
func (x *index) find(hits *[NumFeatures]hit, features *[NumFeatures]uint32) int {
	n := 0
	for _, f := range features {
		g := &x.groups[f>>(partBits+groupBits)]
		part := f >> partBits & (1<<groupBits - 1)
		below := g.full & (1<<part - 1)
		hits[n] = hit{f, g.first + uint32(bits.OnesCount64(below)), g.base}
		n += int(g.full >> part & 1)
	}
	return n
}
