package parse

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/claimwire/claimwire/extractor/linear"
)

// A table holds the weights of features, read in place:
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
// kept once more as heavy rows, in which one addition adds the weights of four actions.
type table struct {
	rows    string
	index   index
	weights [256]int32 // by code
	heavy   heavyRows
}

const (
	bucketBits  = 19
	checkBits   = 32 - bucketBits
	stepCount   = 127
	tableHeader = 4 + 2*stepCount + 4
	maxBucket   = 15
	maxWeight   = 1<<15 - 1
)

var errRows = errors.New("weights: rows do not fit their buckets")

// readTable reads a table for actions below classes.
func readTable(file string, classes int) (*table, error) {
	const counts = 1 << bucketBits / 2
	if len(file) < tableHeader+counts || file[:4] != "CWDT" {
		return nil, errors.New("weights: no table of weights")
	}
	t := &table{}
	for k := range stepCount {
		w := int32(u16(file, 4+2*k))
		if w > maxWeight {
			return nil, fmt.Errorf("weights: a step of %d, over %d", w, maxWeight)
		}
		t.weights[k+1], t.weights[uint8(-k-1)] = w, -w
	}
	size := int(u16(file, tableHeader-4)) | int(u16(file, tableHeader-2))<<16
	if len(file) != tableHeader+counts+size {
		return nil, fmt.Errorf("weights: %d bytes, not %d", len(file), tableHeader+counts+size)
	}
	t.rows = file[tableHeader+counts:]
	total := 0
	for _, counts := range []byte(file[tableHeader : tableHeader+counts]) {
		total += int(counts>>4 + counts&15)
	}
	t.index = newIndex(total)
	x := indexer{&t.index, -1}
	heavy := []int{}
	at := 0
	for b := range uint32(1 << bucketBits) {
		last := -1
		for range file[tableHeader+b/2] >> (b % 2 * 4) & 15 {
			if at+4 > size {
				return nil, errRows
			}
			check := int(u16(t.rows, at) >> 3)
			if check <= last {
				return nil, errors.New("weights: features do not ascend")
			}
			last = check
			if !x.put(b<<checkBits|uint32(check), at) {
				return nil, errRows
			}
			n, from := t.cells(at)
			if n > maxLight {
				heavy = append(heavy, at)
			}
			at = from + 2*n
			if at > size {
				return nil, errRows
			}
			action := -1
			for i := from; i < at; i += 2 {
				if a := int(t.rows[i]); a >= classes || a <= action {
					return nil, fmt.Errorf("weights: action %d of %d after %d", a, classes, action)
				}
				action = int(t.rows[i])
			}
		}
	}
	if !x.end(at) {
		return nil, errRows
	}
	if at != size {
		return nil, errRows
	}
	t.heavy = newHeavyRows(t, heavy, classes)
	return t, nil
}

// cells returns the number of cells of the row at at and where they start.
func (t *table) cells(at int) (n, from int) {
	if n = int(t.rows[at] & 7); n > 0 {
		return n, at + 2
	}
	return int(t.rows[at+2]), at + 3
}

// A search is the memory of add.
type search struct {
	hits           [NumFeatures]hit
	at, end        [NumFeatures]uint32 // of the rows of each hit
	heads          [NumFeatures]uint32 // and the first bytes of the first
	light, heavy   [NumFeatures]uint32 // of the rows found: where their cells start; where they start
	sizes          [NumFeatures]uint8  // cells of light rows
	lights, heavys int
}

// add adds the weights of features to score, which is indexed by action. It is done
// in passes, in which look-ups do not depend on each other: they wait for memory
// together.
func (t *table) add(score *[256]int32, features *[NumFeatures]uint32, s *search) {
	t.find(s, features)
	t.heavy.add(score, s.heavy[:s.heavys])
	for i, at := range s.light[:s.lights] {
		n := int(s.sizes[i])
		for k := int(at); n > 0; n, k = n-4, k+8 {
			w := linear.Cells(t.rows, k, n)
			score[uint8(w)] += t.weights[uint8(w>>8)]
			score[uint8(w>>16)] += t.weights[uint8(w>>24)]
			score[uint8(w>>32)] += t.weights[uint8(w>>40)]
			score[uint8(w>>48)] += t.weights[uint8(w>>56)]
		}
	}
}

// find sets s to the rows of features.
func (t *table) find(s *search, features *[NumFeatures]uint32) {
	n := t.index.find(&s.hits, features)
	starts := t.index.starts
	for i := range s.hits[:n] {
		h := &s.hits[i]
		of := starts[h.start : h.start+2]
		s.at[i], s.end[i] = h.base+uint32(of[0]), h.base+uint32(of[1])
	}
	rows := t.rows
	for i, k := range s.at[:n] {
		r := rows[k : k+3]
		s.heads[i] = uint32(r[0]) | uint32(r[1])<<8 | uint32(r[2])<<16
	}
	s.lights, s.heavys = 0, 0
	for i := range s.hits[:n] {
		check, k, head := s.hits[i].feature&(1<<checkBits-1), s.at[i], s.heads[i]
		cells := cellsOf(head)
		for head>>3&(1<<checkBits-1) < check {
			k += 2 + cells>>8 + cells&255*2
			if k >= s.end[i] {
				break
			}
			r := rows[k : k+3]
			head = uint32(r[0]) | uint32(r[1])<<8 | uint32(r[2])<<16
			cells = cellsOf(head)
		}
		if head>>3&(1<<checkBits-1) != check {
			continue
		}
		s.heavy[s.heavys] = k
		s.light[s.lights], s.sizes[s.lights] = k+2+cells>>8, uint8(cells)
		isHeavy := (maxLight - cells&255) >> 31
		s.heavys += int(isHeavy)
		s.lights += int(1 - isHeavy)
	}
}

// cellsOf returns the number of cells of a row with these first three bytes, and 256 more if
// it is in the third of them.
func cellsOf(head uint32) uint32 {
	n := head & 7
	long := (n - 1) >> 31
	return n + long*(256+head>>16)
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
