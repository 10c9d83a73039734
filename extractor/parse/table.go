package parse

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A table holds the weights of features, read in place:
//
//	"CWDT", 127 uint16 steps of weights, uint32 bytes of rows, for each of 2^19
//	buckets 4 bits: its number of features, low bits first, and the rows by bucket
//
// A feature stands in the bucket of its top bits. Its row is a uint16 with the
// other 13 bits above 3 bits for the number of cells, a byte with that number if
// it is over 7 (which the 3 bits give as 0), and the cells: action and code of the
// weight, a byte each. The code is the number of the step from 1, negative for a
// negative weight.
type table struct {
	filter  []uint64 // a bit for the low 22 bits of each feature: most of a text's features have no row
	starts  []uint32 // of the rows of each bucket, and the end of the last
	rows    string
	weights [256]int32 // by code
}

const (
	bucketBits  = 19
	checkBits   = 32 - bucketBits
	filterBits  = 22
	stepCount   = 127
	tableHeader = 4 + 2*stepCount + 4
	maxBucket   = 15
)

var errRows = errors.New("weights: rows do not fit their buckets")

// readTable reads a table for actions below classes.
func readTable(file string, classes int) (*table, error) {
	const counts = 1 << bucketBits / 2
	if len(file) < tableHeader+counts || file[:4] != "CWDT" {
		return nil, errors.New("weights: no table of weights")
	}
	t := &table{filter: make([]uint64, 1<<filterBits/64), starts: make([]uint32, 1<<bucketBits+1)}
	for k := range stepCount {
		w := int32(u16(file, 4+2*k))
		t.weights[k+1], t.weights[uint8(-k-1)] = w, -w
	}
	size := int(u16(file, tableHeader-4)) | int(u16(file, tableHeader-2))<<16
	if len(file) != tableHeader+counts+size {
		return nil, fmt.Errorf("weights: %d bytes, not %d", len(file), tableHeader+counts+size)
	}
	t.rows = file[tableHeader+counts:]
	at := 0
	for b := range 1 << bucketBits {
		t.starts[b] = uint32(at)
		for range file[tableHeader+b/2] >> (b % 2 * 4) & 15 {
			if at+2 > size {
				return nil, errRows
			}
			head := u16(t.rows, at)
			f := uint32(b)<<checkBits | uint32(head>>3)
			t.filter[f%(1<<filterBits)/64] |= 1 << (f % 64)
			n, from := t.cells(at)
			at = from + 2*n
			if at > size {
				return nil, errRows
			}
			for i := from; i < at; i += 2 {
				if int(t.rows[i]) >= classes {
					return nil, fmt.Errorf("weights: action %d of %d", t.rows[i], classes)
				}
			}
		}
	}
	t.starts[1<<bucketBits] = uint32(at)
	if at != size {
		return nil, errRows
	}
	return t, nil
}

// cells returns the number of cells of the row at at and where they start.
func (t *table) cells(at int) (n, from int) {
	if n = int(t.rows[at] & 7); n > 0 {
		return n, at + 2
	}
	if at+2 >= len(t.rows) {
		return 1, at + 2 // past the end, which the caller checks
	}
	return int(t.rows[at+2]), at + 3
}

// add adds the weights of features to score, which is indexed by action. It is all
// waiting for memory, and done in passes so that one pass's look-ups, which do not
// depend on each other, wait together.
func (t *table) add(score *[256]int32, features *[NumFeatures]uint32) {
	rows, starts := t.rows, t.starts[:1<<bucketBits+1]
	filter := (*[1 << filterBits / 64]uint64)(t.filter)
	var found, at, end [NumFeatures]uint32
	n := 0
	for _, f := range features {
		found[n] = f
		n += int(filter[f%(1<<filterBits)/64] >> (f % 64) & 1)
	}
	for i, f := range found[:n] {
		b := f >> checkBits
		at[i], end[i] = starts[b], starts[b+1]
	}
	var heads [NumFeatures]uint32
	for i := range n {
		if k := int(at[i]); at[i] < end[i] {
			heads[i] = uint32(rows[k]) | uint32(rows[k+1])<<8
		}
	}
	for i, f := range found[:n] {
		check, head := f&(1<<checkBits-1), heads[i]
		for k, to := int(at[i]), int(end[i]); k < to; {
			cells, from := int(head&7), k+2
			if cells == 0 {
				cells, from = int(rows[from]), from+1
			}
			k = from + 2*cells
			if head>>3 == check {
				for row := rows[from:k]; len(row) >= 2; row = row[2:] {
					score[row[0]] += t.weights[row[1]]
				}
				break
			}
			if k < to {
				head = uint32(rows[k]) | uint32(rows[k+1])<<8
			}
		}
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
			w := min(1<<16-1, max(int64(c.Weight), -int64(c.Weight)))
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
