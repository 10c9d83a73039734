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
	cells   []byte     // of the light rows, as in the file, and 8 bytes more
	weights [256]int32 // by code
	heavy   linear.Lanes
	rows    []heavyRow
}

// A heavyRow is a row of table.heavy.
type heavyRow struct {
	row  uint32
	most int32 // the greatest weight, without sign
}

const (
	bucketBits  = 19
	checkBits   = 32 - bucketBits
	stepCount   = 127
	tableHeader = 4 + 2*stepCount + 4
	maxBucket   = 15
	maxWeight   = 1<<15 - 1
	maxLight    = 12 // cells of a light row
)

// add adds the weights of features to score, which is indexed by action.
func (t *table) add(score *[256]int32, features *[NumFeatures]uint32, s *search) {
	t.index.find(s, features)
	t.addHeavy(score, s.heavy)
	t.addLight(score, s.light, &s.words)
}

// addHeavy adds heavy rows, known by their numbers, to score.
func (t *table) addHeavy(score *[256]int32, numbers []uint32) {
	var rows [NumFeatures]uint32
	sum, n := int32(0), 0
	for _, k := range numbers {
		r := t.rows[k]
		if sum += r.most; sum > maxWeight { // more would not fit the lanes
			t.heavy.Add(score, rows[:n])
			sum, n = r.most, 0
		}
		rows[n] = r.row
		n++
	}
	t.heavy.Add(score, rows[:n])
}

// addLight adds light rows to score: the first four cells of all, the next four of those that
// have more, and so on. It needs the memory of rows, and that of words.
func (t *table) addLight(score *[256]int32, rows []lightRow, words *[]uint64) {
	for len(rows) > 0 {
		cells := room(*words, len(rows))
		*words = cells
		for i, r := range rows { // nothing else, so that it waits for memory once
			cells[i] = linear.Cells(t.cells[r>>lightBits*2:])
		}
		more := 0
		for i, r := range rows {
			n := uint32(r) & (1<<lightBits - 1)
			w := linear.Keep(cells[i], n)
			score[uint8(w)] += t.weights[uint8(w>>8)]
			score[uint8(w>>16)] += t.weights[uint8(w>>24)]
			score[uint8(w>>32)] += t.weights[uint8(w>>40)]
			score[uint8(w>>48)] += t.weights[uint8(w>>56)]
			rows[more] = r + 4<<lightBits - 4
			more += int((4 - n) >> 31)
		}
		rows = rows[:more]
	}
}

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
