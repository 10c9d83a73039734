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
// Most rows have one cell or two, and are kept where the row is looked up. Most cells that
// a text needs stand in the few rows that have many: these are kept as heavy rows, [Lanes],
// in which one addition adds the weights of four labels.
type Sparse struct {
	parts []sparsePart
	rows  []sparseRow // those that have cells
	cells []byte      // of light rows
	heavy Lanes
	shift uint
}

// A sparsePart is 64 rows of the file. Most rows have no cells: the table is small, since what
// adding up waits for is memory.
type sparsePart struct {
	full   uint64 // a bit for each row that has cells
	before uint32 // one less than the index into Sparse.rows of the first of them
}

const partBits = 6

// A sparseRow is the cells of a row of one or two cells, low byte first; or what its low
// byte says: a light row, the number of its cells in 4 bits and the first of them in 20; or
// a heavy row, known by the other 24 bits.
type sparseRow uint32

const (
	sparseHeader = 12
	isLight      = 0xfe // in the low byte of a sparseRow, where others have a label
	isHeavy      = 0xff
	maxLabels    = 250
	maxSmall     = 2  // cells of a row that is kept where it is looked up
	maxLight     = 12 // cells of a light row
	maxCells     = 1 << 20
)

// ReadSparse reads a table for labels below labels.
func ReadSparse(file string, labels int) (*Sparse, error) {
	if labels > maxLabels {
		return nil, fmt.Errorf("weights: %d labels, over %d", labels, maxLabels)
	}
	if len(file) < sparseHeader || file[:4] != "CWSP" {
		return nil, fmt.Errorf("weights: no table of weights")
	}
	b, n := u32(file, 4), int(u32(file, 8))
	if b < partBits || b > 24 || n >= maxCells || len(file) != sparseHeader+4<<(b-4)+1<<b+2*n {
		return nil, fmt.Errorf("weights: %d bytes, not those of %d cells in 2^%d rows", len(file), n, b)
	}
	file = file[sparseHeader:]
	starts, counts := file[:4<<(b-4)], file[4<<(b-4):]
	counts, cells := counts[:1<<b], counts[1<<b:]
	s := &Sparse{shift: 32 - uint(b), parts: make([]sparsePart, 1<<b>>partBits)}
	s.size(counts, labels)
	for row := range len(counts) {
		if row%16 == 0 && int(u32(starts, row/16*4)) != n-len(cells)/2 {
			return nil, fmt.Errorf("weights: row %d starts at the wrong cell", row)
		}
		size := 2 * int(counts[row])
		if size > len(cells) {
			return nil, fmt.Errorf("weights: rows have over %d cells", n)
		}
		if err := s.put(row, cells[:size], labels); err != nil {
			return nil, err
		}
		cells = cells[size:]
	}
	if len(cells) > 0 {
		return nil, fmt.Errorf("weights: rows lack %d cells of %d", len(cells)/2, n)
	}
	s.cells = append(s.cells, make([]byte, CellsPadding)...)
	a := NewArena(TableSize[sparsePart](len(s.parts)) + TableSize[sparseRow](len(s.rows)) + TableSize[byte](len(s.cells)) + s.heavy.Size())
	s.parts, s.rows, s.cells = MoveTable(a, s.parts), MoveTable(a, s.rows), MoveTable(a, s.cells)
	s.heavy.Move(a)
	return s, nil
}

// size makes room for rows with so many cells.
func (s *Sparse) size(counts string, labels int) {
	full, heavy, light := 0, 0, 0
	for i := range len(counts) {
		switch n := int(counts[i]); {
		case n > maxLight:
			heavy++
		case n > maxSmall:
			light += n
		}
		if counts[i] > 0 {
			full++
		}
	}
	s.rows, s.heavy, s.cells = make([]sparseRow, 0, full), NewLanes(labels, heavy), make([]byte, 0, 2*light+CellsPadding)
}

// put adds the next row, with its cells.
func (s *Sparse) put(row int, cells string, labels int) error {
	last := -1
	for i := 0; i < len(cells); i += 2 {
		label := int(cells[i])
		if label >= labels || label <= last {
			return fmt.Errorf("weights: label %d of %d after %d", label, labels, last)
		}
		last = label
	}
	p := &s.parts[row>>partBits]
	if row&(1<<partBits-1) == 0 {
		p.before = uint32(len(s.rows)) - 1
	}
	var r sparseRow
	switch n := len(cells) / 2; {
	case n == 0:
		return nil
	case n == 1:
		r = sparseRow(uint32(u16(cells, 0)) | padding>>16<<16&(1<<32-1))
	case n == 2:
		r = sparseRow(u32(cells, 0))
	case n <= maxLight:
		r = sparseRow(uint32(len(s.cells)/2)<<12 | uint32(n)<<8 | isLight)
		s.cells = append(s.cells, cells...)
	default:
		h := s.heavy.Append()
		r = sparseRow(h<<8 | isHeavy)
		for i := 0; i < len(cells); i += 2 {
			s.heavy.Put(h, int(cells[i]), int16(int8(cells[i+1])))
		}
	}
	p.full |= 1 << (row & (1<<partBits - 1))
	s.rows = append(s.rows, r)
	return nil
}

// block is how many features are added up at a time: so many weights of 8 bits do
// not overflow 16.
const block = 64

// Add adds the weights of features to score, which is indexed by label.
func (s *Sparse) Add(score *[256]int32, features []uint32) {
	var f Found
	for len(features) > 0 {
		n := min(block, len(features))
		s.look(&f, features[:n])
		s.Sum(score, &f, &s.heavy, nil)
		features = features[n:]
	}
}

// Found is the rows of some features, at most 64. The zero Found is of none.
type Found struct {
	small, light, heavy     [block + 1]uint32
	smalls, lights, heavies uint32
}

// Reset makes f a Found of no features.
func (f *Found) Reset() { f.smalls, f.lights, f.heavies = 0, 0, 0 }

// Look adds the rows of features to f, and has what they say brought near while something else is done.
func (s *Sparse) Look(f *Found, features []uint32) {
	lights, heavies := f.lights, f.heavies
	s.look(f, features)
	var at [block + 1]uint32
	n := 0
	for _, r := range f.light[lights:f.lights] {
		at[n] = r >> 4
		n++
	}
	Prefetch(s.cells, at[:n], 1)
	s.heavy.Prefetch(f.heavy[heavies:f.heavies])
}

// Sum adds the weights of what was found to score, which is indexed by label, and rows of lanes,
// whose labels are those of s. The sums of these rows must stay below 2^14, without sign. Then f is of
// no features.
func (s *Sparse) Sum(score *[256]int32, f *Found, lanes *Lanes, rows []uint32) {
	for _, w := range f.small[:f.smalls] {
		score[uint8(w)] += int32(int8(w >> 8))
		score[uint8(w>>16)] += int32(int8(w >> 24))
	}
	s.heavy.addWith(score, f.heavy[:f.heavies], lanes, rows)
	s.addLight(score, f.light[:f.lights])
	f.Reset()
}

// AddTo adds the weights of features, at most 64, to a row of lanes, whose labels are those
// of s.
func (s *Sparse) AddTo(lanes *Lanes, row uint32, features []uint32) {
	var rows [block + 1]sparseRow
	for _, r := range rows[:s.find(&rows, features)] {
		switch uint8(r) {
		case isHeavy:
			lanes.AddRow(row, &s.heavy, uint32(r>>8))
		case isLight:
			at := 2 * int(r>>12)
			for range r >> 8 & 15 {
				lanes.Put(row, int(s.cells[at]), int16(int8(s.cells[at+1])))
				at += 2
			}
		default:
			lanes.Put(row, int(uint8(r)), int16(int8(r>>8)))
			if weight := int16(int8(r >> 24)); weight != 0 {
				lanes.Put(row, int(uint8(r>>16)), weight)
			}
		}
	}
}

// find sets rows to those of at most block features that have cells, and returns their
// number. Look-ups do not depend on each other, so that they wait for memory together,
// and there is no branch, since which features have rows cannot be foreseen.
func (s *Sparse) find(rows *[block + 1]sparseRow, features []uint32) int {
	var places [256]uint32
	n := uint8(0)
	for _, f := range features {
		row := f >> (s.shift & 31)
		p := &s.parts[row>>partBits]
		upTo := p.full << (^row & (1<<partBits - 1)) // of its rows, those up to that of f
		places[n] = p.before + uint32(bits.OnesCount64(upTo))
		n += uint8(upTo >> 63)
	}
	for i, at := range places[:n] {
		rows[i] = s.rows[at]
	}
	return int(n)
}

// NewLanes returns lanes for the labels of s, see [NewLanes].
func (s *Sparse) NewLanes(rows int) Lanes {
	n := rows * s.heavy.wide
	return Lanes{words: NewTable[[laneWords]uint64](NewArena(TableSize[[laneWords]uint64](n)), n)[:0], wide: s.heavy.wide}
}

// look adds the rows of at most block features to f.
func (s *Sparse) look(f *Found, features []uint32) {
	var rows [block + 1]sparseRow
	smalls, lights, heavies := f.smalls, f.lights, f.heavies
	for _, r := range rows[:s.find(&rows, features)] {
		row := uint32(r)
		f.small[smalls], f.light[lights], f.heavy[heavies] = row, row>>8, row>>8
		kind := row & 0xff
		smalls += (kind - isLight) >> 31
		lights += (kind + 2) >> 8 &^ ((kind + 1) >> 8)
		heavies += (kind + 1) >> 8
	}
	f.smalls, f.lights, f.heavies = smalls, lights, heavies
}

// addLight adds light rows to score: the first four cells of all, the next four of those
// that have more, and so on. A row has the number of its cells in 4 bits and the first of them
// above; the memory of rows is needed.
func (s *Sparse) addLight(score *[256]int32, rows []uint32) {
	var cells [block]uint64
	for len(rows) > 0 {
		for i, r := range rows {
			cells[i%block] = Cells(s.cells[2*(r>>4):])
		}
		more := 0
		for i, r := range rows {
			n := r & 15
			w := Keep(cells[i%block], n)
			score[uint8(w)] += int32(int8(w >> 8))
			score[uint8(w>>16)] += int32(int8(w >> 24))
			score[uint8(w>>32)] += int32(int8(w >> 40))
			score[uint8(w>>48)] += int32(int8(w >> 56))
			rows[more] = r + 4<<4 - 4
			more += int((4 - n) >> 31)
		}
		rows = rows[:more]
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
