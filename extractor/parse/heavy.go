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
}

// A heavySlot says which row of lanes starts at a byte of the table.
type heavySlot struct {
	at, row uint32
	most    int32 // the greatest weight of the row, without sign; 0 if the slot is free
}

// newHeavyRows returns the rows of t that start at these bytes.
func newHeavyRows(t *table, starts []int, classes int) heavyRows {
	b := bits.Len(uint(2 * len(starts)))
	h := heavyRows{slots: make([]heavySlot, 1<<b), shift: uint(32 - b), lanes: linear.NewLanes(classes, len(starts))}
	for _, at := range starts {
		s := h.slot(uint32(at))
		s.at, s.row = uint32(at), h.lanes.Append()
		n, from := t.cells(at)
		for k := from; k < from+2*n; k += 2 {
			w := t.weights[t.rows[k+1]]
			s.most = max(s.most, w, -w, 1)
			h.lanes.Put(s.row, int(t.rows[k]), int16(w))
		}
	}
	return h
}

// slot returns the slot of the row that starts at at, or the free one where it goes.
func (h *heavyRows) slot(at uint32) *heavySlot {
	for k := at * 0x9E3779B1 >> h.shift; ; k++ {
		if s := &h.slots[int(k)&(len(h.slots)-1)]; s.at == at || s.most == 0 {
			return s
		}
	}
}

// add adds the rows that start at these bytes to score.
func (h *heavyRows) add(score *[256]int32, starts []uint32) {
	var rows [NumFeatures]uint32
	sum, n := int32(0), 0
	for _, at := range starts {
		s := h.slot(at)
		if sum += s.most; sum > maxWeight { // more would not fit the lanes
			h.lanes.Add(score, rows[:n])
			sum, n = s.most, 0
		}
		rows[n] = s.row
		n++
	}
	h.lanes.Add(score, rows[:n])
}
