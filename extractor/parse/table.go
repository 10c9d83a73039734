package parse

import (
	"encoding/binary"

	"github.com/claimwire/claimwire/extractor/linear"
)

// A table holds the weights of features. Its file is
//
//	"CWDT", 127 uint16 steps of weights, uint32 bytes of rows, for each of 2^19
//	buckets 4 bits: its number of features, low bits first, and the rows by bucket
//
// A feature stands in the bucket of its top bits, in ascending order. Its row is a
// uint16 with the other 13 bits above 3 bits for the number of cells, a byte with that
// number if it is over 7 (which the 3 bits give as 0), and the cells: action and code of
// the weight, a byte each. The code is the number of the step from 1, negative for a
// negative weight.
//
// Half of the cells that a text needs stand in the few rows that have many. These are
// heavy rows, in which one addition adds the weights of four actions.
type table struct {
	index   index
	cells   []byte     // of the light rows, see lightCell
	weights [256]int32 // by code
	slots   [256]uint8 // by action: its place in scores
	used    int        // the number of actions that have weights; their slots come first
	heavy   linear.Lanes
	most    []int32 // by number of a heavy row: its greatest weight, without sign
}

// A cell of a light row is 16 bits: the code of the weight, the slot of the action, and a bit that the
// last cell of the row has.
const (
	cellSize    = 2
	lastCell    = 1 << 15
	noSlot      = 255
	cellPadding = 6 // bytes after the last cell, since four cells are read at once
)

const (
	bucketBits  = 19
	checkBits   = 32 - bucketBits
	stepCount   = 127
	tableHeader = 4 + 2*stepCount + 4
	maxBucket   = 15
	maxWeight   = 1<<15 - 1
	maxLight    = 12 // cells of a light row
)

// find finds the rows of the features of s, and tells which.
func (t *table) find(s *search) {
	t.index.find(s)
	linear.Prefetch(t.cells, s.light[:s.lights], 1)
	for i, n := range s.heavy[:s.heavies] {
		s.rows[i%maxFound] = t.heavy.Row(n)
	}
	t.heavy.Prefetch(s.rows[:s.heavies])
}

// add adds the weights of the rows of a share to score, which is indexed by slot.
func (t *table) add(score *[256]int32, s *search, k int) {
	from, to := share{}, s.shares[k]
	if k > 0 {
		from = s.shares[k-1]
	}
	t.addHeavy(score, s.heavy[from.heavies:to.heavies], s.rows[from.heavies:to.heavies])
	t.addLight(score, s.light[from.lights:to.lights])
}

// best returns the action that is possible in s with the highest score by slot, the first of equals.
func (t *table) best(s *State, score *[256]int32, classes int) Action {
	// A score with the action below it, turned round: the greatest is that of the first of equals.
	shift, left, right := int64(-1<<63), int64(-1<<63), int64(-1<<63)
	if s.Can(Shift) {
		shift = int64(score[t.slots[0]])<<8 | 255
	}
	for a := 1; a+1 < classes; a += 2 {
		left = max(left, int64(score[t.slots[uint8(a)]])<<8|int64(255-a))
		right = max(right, int64(score[t.slots[uint8(a+1)]])<<8|int64(254-a))
	}
	best := shift
	if s.Can(Left) {
		best = max(best, left)
	}
	if s.Can(Right) {
		best = max(best, right)
	}
	return Action(255 - uint8(best))
}

// addHeavy adds heavy rows, known by their numbers and by their rows of lanes, to score.
func (t *table) addHeavy(score *[256]int32, numbers, rows []uint32) {
	sum, from := int32(0), 0
	for i, k := range numbers {
		most := t.most[k]
		if sum += most; sum > maxWeight { // more would not fit the lanes
			t.heavy.Add(score, rows[from:i])
			sum, from = most, i
		}
	}
	t.heavy.Add(score, rows[from:])
}

// addLight adds light rows, known by their first cells, to score: the first four cells of all, the next
// four of those that have more, and so on. The memory of rows is needed.
func (t *table) addLight(score *[256]int32, rows []uint32) {
	const last4 = lastCell | lastCell<<16 | lastCell<<32 | lastCell<<48
	for len(rows) > 0 {
		more := 0
		for _, at := range rows {
			w := binary.LittleEndian.Uint64(t.cells[cellSize*at:])
			last := w & last4
			last &= -last       // of the first cell that is the last of a row
			kept := last<<1 - 1 // the cells up to that
			rows[more] = at + 4
			more += int((last - 1) >> 63)
			w = w&^last4&kept | padding&^kept
			score[uint8(w>>8)] += t.weights[uint8(w)]
			score[uint8(w>>24)] += t.weights[uint8(w>>16)]
			score[uint8(w>>40)] += t.weights[uint8(w>>32)]
			score[w>>56] += t.weights[uint8(w>>48)]
		}
		rows = rows[:more]
	}
}

// padding is four cells of weight 0 for different slots, which wait for nothing.
const padding = 127<<8 | 126<<24 | 125<<40 | 124<<56

// packTable appends a table to out.
func packTable(out []byte, rows []Row) []byte {
	steps := newSteps(rows)
	out = append(out, "CWDT"...)
	for _, w := range steps {
		out = binary.LittleEndian.AppendUint16(out, uint16(w))
	}
	counts := make([]byte, 1<<bucketBits/2)
	var body []byte
	for _, r := range rows {
		b := r.Feature >> checkBits
		shift := b % 2 * 4
		n := min(255, len(r.Cells))
		if n == 0 || counts[b/2]>>shift&15 == maxBucket {
			continue
		}
		counts[b/2] += 1 << shift
		small := n
		if n > 7 {
			small = 0
		}
		body = binary.LittleEndian.AppendUint16(body, uint16(r.Feature&(1<<checkBits-1))<<3|uint16(small))
		if n > 7 {
			body = append(body, byte(n))
		}
		for _, c := range r.Cells[:n] {
			body = append(body, byte(c.Action), steps.code(c.Weight))
		}
	}
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	return append(append(out, counts...), body...)
}

// steps are the weights that a code can stand for, ascending in even proportion
// from the least to the greatest.
type steps [stepCount]int32

func newSteps(rows []Row) (s steps) {
	least, most := int64(1<<15), int64(1)
	for _, r := range rows {
		for _, c := range r.Cells {
			w := min(maxWeight, max(int64(c.Weight), -int64(c.Weight)))
			least, most = min(least, max(1, w)), max(most, w)
		}
	}
	least = min(least, most)
	for growth := int64(0); ; growth++ { // in 1/65536 a step, the smallest that gets there
		v := least << 16
		for k := range s {
			s[k] = int32(v >> 16)
			v += v * growth >> 16
		}
		if int64(s[stepCount-1]) >= most {
			s[stepCount-1] = int32(most)
			return s
		}
	}
}

// code returns the code of the step nearest to w.
func (s *steps) code(w int32) byte {
	size := max(w, -w)
	best := 0
	for k, v := range s {
		if d := v - size; max(d, -d) < max(s[best]-size, size-s[best]) {
			best = k
		}
	}
	if w < 0 {
		return byte(int8(-best - 1))
	}
	return byte(best + 1)
}

func u16(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }
