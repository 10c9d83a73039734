package parse

import "math/bits"

// An index says which rows the features of a table have. A part of it is the features
// with the same top bits, and most parts are empty: it is small, since what a parser
// waits for is memory.
type index struct {
	groups  *[numGroups]group
	entries []entry
}

// A group is 64 parts of an index.
type group struct {
	full  uint64 // a bit for each part that is not empty
	first uint32 // index into entries of the first of them; those of the others follow
	base  uint32 // the first cell of the group's light rows
}

const (
	partBits  = 12 // of a feature, below those that choose its part
	groupBits = 6
	numGroups = 1 << (32 - partBits - groupBits)
)

// An entry stands for a row, or for all rows of a part that has several. From its low
// bits up it has
//
//   - start, 14 bits: the first cell of a light row, from the base of its group on; the number
//     of a heavy row; the first entry of the rows of a part, from the first of the group on
//   - check, 12 bits: those of the row's feature below its part; the number of rows of a part
//   - size, 4 bits: the number of cells of a light row
//   - a bit for a heavy row, and one for a part
type entry uint32

const (
	startBits = 14
	sizeShift = startBits + partBits
	heavyBit  = sizeShift + 4
	partBit   = heavyBit + 1
)

func (e entry) start() uint32 { return uint32(e) & (1<<startBits - 1) }
func (e entry) check() uint32 { return uint32(e) >> startBits & (1<<partBits - 1) }

// An indexer fills an index with rows, whose features ascend.
type indexer struct {
	index
	rows    []indexRow   // of the group that is being read
	several [][]indexRow // those of its parts with several rows
}

type indexRow struct {
	feature uint32
	entry   entry
}

// newIndexer returns an indexer for so many rows.
func newIndexer(rows int) *indexer {
	return &indexer{index: index{groups: new([numGroups]group), entries: make([]entry, 0, rows+rows/4)}}
}

// open returns the group of a feature, whose light rows start at base if it is new.
func (x *indexer) open(feature, base uint32) *group {
	g := &x.groups[feature>>(partBits+groupBits)]
	if n := len(x.rows); n == 0 || x.rows[0].feature>>(partBits+groupBits) != feature>>(partBits+groupBits) {
		x.close()
		g.base = base
	}
	return g
}

// put adds a row to the group that was opened for its feature: a light one with size
// cells, or a heavy one if size is 0.
func (x *indexer) put(feature, start, size uint32) {
	e := entry(start | feature&(1<<partBits-1)<<startBits | size<<sizeShift)
	if size == 0 {
		e |= 1 << heavyBit
	}
	x.rows = append(x.rows, indexRow{feature, e})
}

// close ends the group that was opened last.
func (x *indexer) close() {
	if len(x.rows) == 0 {
		return
	}
	g := &x.groups[x.rows[0].feature>>(partBits+groupBits)]
	g.first = uint32(len(x.entries))
	x.several = x.several[:0]
	for rows := x.rows; len(rows) > 0; {
		part, n := rows[0].feature>>partBits, 1
		for n < len(rows) && rows[n].feature>>partBits == part {
			n++
		}
		g.full |= 1 << (part & (1<<groupBits - 1))
		x.entries = append(x.entries, rows[0].entry)
		if n > 1 {
			x.several = append(x.several, rows[:n])
		}
		rows = rows[n:]
	}
	for _, rows := range x.several {
		_, at := g.find(rows[0].feature)
		x.entries[at] = entry(uint32(len(x.entries)) - g.first | uint32(len(rows))<<startBits | 1<<partBit)
		for _, r := range rows {
			x.entries = append(x.entries, r.entry)
		}
	}
	x.rows = x.rows[:0]
}

// find returns where the entry of the part of a feature is, and 1 if it is there: 0 if the
// part is empty.
func (g *group) find(feature uint32) (there, at uint32) {
	part := feature >> partBits & (1<<groupBits - 1)
	return uint32(g.full >> part & 1), g.first + uint32(bits.OnesCount64(g.full&(1<<part-1)))
}
