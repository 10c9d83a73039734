package parse

import (
	"fmt"

	"github.com/claimwire/claimwire/extractor/linear"
)

// An index says which rows the features of a table have. A part of it is the features
// with the same top bits, and most parts are empty: it is small, since what a parser
// waits for is memory.
type index struct {
	groups  *[numGroups]group
	entries []entry
	single  int // the number of entries before the pairs
}

// A group is 64 parts of an index.
type group struct {
	full   uint64 // a bit for each part that is not empty, the first part lowest
	before uint32 // one less than the index of the entry of the first of them; those of the others follow
}

const (
	partBits  = 21 // of a feature, those that choose its part
	groupBits = 6
	numGroups = 1 << (partBits - groupBits)
)

// An entry stands for the row of a feature, or for all rows of a part that has several. It is
// a place, and above it the bits of the feature that do not choose its part. A
// place below heavyFrom is the first cell of a light row; from there on it is the
// number of a heavy row; and from pairFrom on the number of a pair of entries: of a row
// and another row, or of a row and a pair.
type entry uint32

const (
	places    = 1 << partBits
	heavyFrom = places / 8 * 6
	pairFrom  = places / 8 * 7
)

// An indexer fills an index with rows, whose features ascend.
type indexer struct {
	index
	part  uint32 // the one that is being read
	rows  []entry
	pairs []entry
}

// newIndexer returns an indexer for so many rows.
func newIndexer(rows int) *indexer {
	return &indexer{index: index{groups: new([numGroups]group), entries: make([]entry, 0, rows)}}
}

// put adds the row of a feature.
func (x *indexer) put(feature, place uint32) {
	if part := feature >> (32 - partBits); part != x.part {
		x.close()
		x.part = part
	}
	x.rows = append(x.rows, entry(feature<<partBits|place))
}

// close ends the part that was read last.
func (x *indexer) close() {
	if len(x.rows) == 0 {
		return
	}
	g := &x.groups[x.part>>groupBits]
	if g.full == 0 {
		g.before = uint32(len(x.entries)) - 1
	}
	g.full |= 1 << (x.part & (1<<groupBits - 1))
	n := len(x.rows) - 1
	last := x.rows[n]
	for ; n > 0; n-- {
		x.pairs = append(x.pairs, x.rows[n-1], last)
		last = entry(pairFrom + len(x.pairs)/2 - 1)
	}
	x.entries = append(x.entries, last)
	x.rows = x.rows[:0]
}

// done returns the index of all rows.
func (x *indexer) done() (index, error) {
	x.close()
	if len(x.pairs) > 2*(places-pairFrom) {
		return index{}, fmt.Errorf("weights: over %d rows with equal top bits", places-pairFrom)
	}
	x.single = len(x.entries)
	x.entries = append(x.entries, x.pairs...)
	return x.index, nil
}

// size returns the bytes that x takes of an arena.
func (x *index) size() int {
	return linear.TableSize[group](numGroups) + linear.TableSize[entry](len(x.entries))
}

// move moves x to the memory of a.
func (x *index) move(a *linear.Arena) {
	x.groups = (*[numGroups]group)(linear.MoveTable(a, x.groups[:]))
	x.entries = linear.MoveTable(a, x.entries)
}
