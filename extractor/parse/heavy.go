package parse

import (
	"math/bits"

	"github.com/claimwire/claimwire/extractor/linear"
)

// maxLight is the most cells of a row that is read in place; others are heavy.
const maxLight = 12

// A heavyRows holds rows of a table as weights of all actions, by where they start
// in the table.
type heavyRows struct {
	slots []heavySlot // open addressing, a power of two
	shift uint
	lanes linear.Lanes
	most  []int32 // the greatest weight of each row, without sign
}

// A heavySlot says which row starts at a byte of the table; row counts from 1.
type heavySlot struct{ at, row uint32 }

// newHeavyRows returns the rows of t that start at these bytes.
func newHeavyRows(t *table, starts []int, classes int) heavyRows {
	b := bits.Len(uint(2 * len(starts)))
	h := heavyRows{slots: make([]heavySlot, 1<<b), shift: uint(32 - b), lanes: linear.NewLanes(classes, len(starts)), most: make([]int32, len(starts))}
	for i, at := range starts {
		s := h.slot(uint32(at))
		s.at, s.row = uint32(at), uint32(i+1)
		h.lanes.Append()
		n, from := t.cells(at)
		for k := from; k < from+2*n; k += 2 {
			w := t.weights[t.rows[k+1]]
			h.most[i] = max(h.most[i], w, -w)
			h.lanes.Set(int(t.rows[k]), int16(w))
		}
	}
	return h
}

// slot returns the slot of the row that starts at at, or the free one where it goes.
func (h *heavyRows) slot(at uint32) *heavySlot {
	for k := at * 0x9E3779B1 >> h.shift; ; k++ {
		if s := &h.slots[int(k)&(len(h.slots)-1)]; s.at == at || s.row == 0 {
			return s
		}
	}
}

// add adds the rows that start at these bytes to score.
func (h *heavyRows) add(score *[256]int32, starts []uint32) {
	var rows [NumFeatures]uint32
	sum, n := int32(0), 0
	for _, at := range starts {
		r := h.slot(at).row - 1
		if sum += h.most[r]; sum > maxWeight { // more would not fit the lanes
			h.lanes.Add(score, rows[:n])
			sum, n = h.most[r], 0
		}
		rows[n] = r
		n++
	}
	h.lanes.Add(score, rows[:n])
}
