package linear

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Sparse is a table of weights with few labels a row, read in place:
//
//	"CWSP", then little-endian: uint32 row bits, uint32 number of cells,
//	for each 16 rows a uint32 index of their first cell, for each row a uint8
//	number of cells, then the cells: uint8 label and int8 weight.
type Sparse struct {
	starts []uint32 // of the cells of each row, and the end of the last
	cells  string
	shift  uint
}

const sparseHeader = 12

// ReadSparse reads a table for labels below labels.
func ReadSparse(file string, labels int) (*Sparse, error) {
	if len(file) < sparseHeader || file[:4] != "CWSP" {
		return nil, fmt.Errorf("weights: no table of weights")
	}
	b, n := u32(file, 4), int(u32(file, 8))
	if b < 4 || b > 24 || len(file) != sparseHeader+4<<(b-4)+1<<b+2*n {
		return nil, fmt.Errorf("weights: %d bytes, not those of %d cells in 2^%d rows", len(file), n, b)
	}
	s := &Sparse{shift: 32 - uint(b)}
	file = file[sparseHeader:]
	starts, counts := file[:4<<(b-4)], file[4<<(b-4):]
	counts, s.cells = counts[:1<<b], counts[1<<b:]
	s.starts = make([]uint32, 1<<b+1)
	at := 0
	for row := range 1 << b {
		if row%16 == 0 && int(u32(starts, row/16*4)) != at {
			return nil, fmt.Errorf("weights: row %d starts at the wrong cell", row)
		}
		at += int(counts[row])
		s.starts[row+1] = uint32(at)
	}
	if at != n {
		return nil, fmt.Errorf("weights: rows have %d cells of %d", at, n)
	}
	for i := 0; i < len(s.cells); i += 2 {
		if int(s.cells[i]) >= labels {
			return nil, fmt.Errorf("weights: label %d of %d", s.cells[i], labels)
		}
	}
	return s, nil
}

// Add adds the weights of features to score, which is indexed by label.
func (s *Sparse) Add(score *[256]int32, features []uint32) {
	for _, f := range features {
		row := f >> s.shift
		cells := s.cells[s.starts[row]*2 : s.starts[row+1]*2]
		for i := 0; i+1 < len(cells); i += 2 {
			score[cells[i]] += int32(int8(cells[i+1]))
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
