package linear

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Sparse is a table of weights with few labels a row. Its file is
//
//	"CWSP", then little-endian: uint32 row bits, uint32 number of cells,
//	for each 16 rows a uint32 index of their first cell, for each row a uint8
//	number of cells, then the cells: uint8 label, ascending, and int8 weight.
//
// Most rows have few cells and are read in place. Most cells that a text needs
// stand in the few rows that have many: these are kept as heavy rows, [Lanes], in which
// one addition adds the weights of four labels.
type Sparse struct {
	rows  []uint32 // what each row is: isLight or isHeavy, size and index
	cells string   // of light rows
	heavy Lanes
	shift uint
}

const sparseHeader = 12

// Parts of an element of Sparse.rows; 0 is a row without cells.
const (
	isLight   = 1
	isHeavy   = 2
	sizeShift = 2  // four bits: cells of a light row
	rowShift  = 6  // index of the first cell, or of the heavy row
	maxLight  = 12 // cells
	maxCells  = 1 << (32 - rowShift)
)

// ReadSparse reads a table for labels below labels.
func ReadSparse(file string, labels int) (*Sparse, error) {
	if len(file) < sparseHeader || file[:4] != "CWSP" {
		return nil, fmt.Errorf("weights: no table of weights")
	}
	b, n := u32(file, 4), int(u32(file, 8))
	if b < 4 || b > 24 || n >= maxCells || len(file) != sparseHeader+4<<(b-4)+1<<b+2*n {
		return nil, fmt.Errorf("weights: %d bytes, not those of %d cells in 2^%d rows", len(file), n, b)
	}
	s := &Sparse{shift: 32 - uint(b), rows: make([]uint32, 1<<b)}
	file = file[sparseHeader:]
	starts, counts := file[:4<<(b-4)], file[4<<(b-4):]
	counts, s.cells = counts[:1<<b], counts[1<<b:]
	heavy := 0
	for i := range len(counts) {
		if counts[i] > maxLight {
			heavy++
		}
	}
	s.heavy = NewLanes(labels, heavy)
	at := 0
	for row := range s.rows {
		if row%16 == 0 && int(u32(starts, row/16*4)) != at {
			return nil, fmt.Errorf("weights: row %d starts at the wrong cell", row)
		}
		size := int(counts[row])
		if at+size > n {
			return nil, fmt.Errorf("weights: rows have over %d cells", n)
		}
		cells := s.cells[2*at : 2*(at+size)]
		last := -1
		for i := 0; i < len(cells); i += 2 {
			label := int(cells[i])
			if label >= labels || label <= last {
				return nil, fmt.Errorf("weights: label %d of %d after %d", label, labels, last)
			}
			last = label
		}
		switch {
		case size > maxLight:
			h := s.heavy.Append()
			s.rows[row] = h<<rowShift | isHeavy
			for i := 0; i < len(cells); i += 2 {
				s.heavy.Put(h, int(cells[i]), int16(int8(cells[i+1])))
			}
		case size > 0:
			s.rows[row] = uint32(at)<<rowShift | uint32(size)<<sizeShift | isLight
		}
		at += size
	}
	if at != n {
		return nil, fmt.Errorf("weights: rows have %d cells of %d", at, n)
	}
	return s, nil
}

// block is how many features are added up at a time: so many weights of 8 bits do
// not overflow 16.
const block = 64

// Add adds the weights of features to score, which is indexed by label.
func (s *Sparse) Add(score *[256]int32, features []uint32) {
	for len(features) > block {
		s.add(score, features[:block])
		features = features[block:]
	}
	s.add(score, features)
}

// AddTo adds the weights of features to a row of lanes, whose labels are those of s.
func (s *Sparse) AddTo(lanes *Lanes, row uint32, features []uint32) {
	for _, f := range features {
		r := s.rows[f>>s.shift]
		if r&isHeavy != 0 {
			lanes.AddRow(row, &s.heavy, r>>rowShift)
			continue
		}
		at := 2 * int(r>>rowShift)
		for range r >> sizeShift & 15 {
			lanes.Put(row, int(s.cells[at]), int16(int8(s.cells[at+1])))
			at += 2
		}
	}
}

// NewLanes returns lanes for the labels of s, see [NewLanes].
func (s *Sparse) NewLanes(rows int) Lanes {
	return Lanes{words: make([][4]uint64, 0, rows*s.heavy.wide), wide: s.heavy.wide}
}

// add adds the weights of at most block features. First it finds what rows they
// have, all look-ups at once since memory is slow, and then the sums.
func (s *Sparse) add(score *[256]int32, features []uint32) {
	var light, heavy [block]uint32
	lights, heavies := 0, 0
	for _, f := range features {
		row := s.rows[f>>s.shift]
		light[lights%block], heavy[heavies%block] = row, row>>rowShift
		lights += int(row & isLight)
		heavies += int(row & isHeavy / isHeavy)
	}
	s.heavy.Add(score, heavy[:heavies])
	for _, row := range light[:lights] {
		at := 2 * int(row>>rowShift)
		for n := int(row >> sizeShift & 15); n > 0; n, at = n-4, at+8 {
			w := Cells(s.cells, at, n)
			score[uint8(w)] += int32(int8(w >> 8))
			score[uint8(w>>16)] += int32(int8(w >> 24))
			score[uint8(w>>32)] += int32(int8(w >> 40))
			score[uint8(w>>48)] += int32(int8(w >> 56))
		}
	}
}

// PackSparse returns the file of a table: rows[i] are the weights of row i,
// by label, 0 meaning none; their number is a power of two.
func PackSparse(rows []map[uint8]int8) []byte {
	n := len(rows)
	out := []byte("CWSP")
	out = binary.LittleEndian.AppendUint32(out, uint32(bits.Len(uint(n))-1))
	out = binary.LittleEndian.AppendUint32(out, 0)
	var starts, counts, cells []byte
	total := 0
	for i, row := range rows {
		if i%16 == 0 {
			starts = binary.LittleEndian.AppendUint32(starts, uint32(total))
		}
		k := 0
		for label := range 256 {
			if w := row[uint8(label)]; w != 0 && k < 255 {
				cells = append(cells, byte(label), byte(w))
				k++
			}
		}
		counts = append(counts, byte(k))
		total += k
	}
	binary.LittleEndian.PutUint32(out[8:], uint32(total))
	out = append(out, starts...)
	return append(append(out, counts...), cells...)
}
