package parse

import (
	"errors"
	"fmt"

	"github.com/claimwire/claimwire/extractor/linear"
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
	for a := range t.slots {
		t.slots[a] = noSlot
	}
	heavy, err := t.readRows(file[tableHeader:tableHeader+counts], file[tableHeader+counts:], classes)
	if err != nil {
		return nil, err
	}
	t.heavy = linear.NewLanes(t.used, len(heavy))
	for _, cells := range heavy {
		row, most := t.heavy.Append(), int32(0)
		for k := 0; k < len(cells); k += 2 {
			w := t.weights[cells[k+1]]
			most = max(most, w, -w)
			t.heavy.Put(row, int(t.slots[cells[k]]), int16(w))
		}
		t.most = append(t.most, most)
	}
	a := linear.NewArena(t.index.size() + linear.TableSize[byte](len(t.cells)) + t.heavy.Size())
	t.index.move(a)
	t.heavy.Move(a)
	t.cells = linear.MoveTable(a, t.cells)
	return t, nil
}

// use gives an action the next slot, if it has none.
func (t *table) use(action byte) {
	if t.slots[action] == noSlot {
		t.slots[action] = uint8(t.used)
		t.used++
	}
}

// readRows reads the rows of the buckets, and returns the cells of heavy ones.
func (t *table) readRows(counts, rows string, classes int) (heavy []string, err error) {
	total := 0
	for _, c := range []byte(counts) {
		total += int(c>>4 + c&15)
	}
	t.cells = make([]byte, 0, max(0, len(rows)-2*total)+cellPadding)
	x := newIndexer(total)
	at := 0
	for b := range uint32(1 << bucketBits) {
		last := -1
		for range counts[b/2] >> (b % 2 * 4) & 15 {
			n, check, cells, err := cutRow(rows[at:], classes)
			if err != nil {
				return nil, err
			}
			at += n
			if check <= last {
				return nil, errors.New("weights: features do not ascend")
			}
			last = check
			feature := b<<checkBits | uint32(check)
			for i := 0; i < len(cells); i += 2 {
				t.use(cells[i])
			}
			if len(cells) > cellSize*maxLight {
				x.put(feature, heavyFrom+uint32(len(heavy)))
				heavy = append(heavy, cells)
				continue
			}
			x.put(feature, uint32(len(t.cells)/cellSize))
			for i := 0; i < len(cells); i += 2 {
				t.cells = append(t.cells, cells[i+1], t.slots[cells[i]])
			}
			t.cells[len(t.cells)-1] |= lastCell >> 8
		}
	}
	if at != len(rows) {
		return nil, errRows
	}
	if len(t.cells) > cellSize*heavyFrom || len(heavy) > pairFrom-heavyFrom {
		return nil, fmt.Errorf("weights: over %d cells, or over %d rows with over %d", heavyFrom, pairFrom-heavyFrom, maxLight)
	}
	if t.index, err = x.done(); err != nil {
		return nil, err
	}
	weighted := t.used
	for a := range classes {
		t.use(byte(a))
	}
	t.used = weighted
	t.cells = append(t.cells, make([]byte, cellPadding)...)
	return heavy, nil
}

// cutRow returns the size of the first of rows, the low bits of its feature and its
// cells, at least one.
func cutRow(rows string, classes int) (size, check int, cells string, err error) {
	if len(rows) < 4 {
		return 0, 0, "", errRows
	}
	head, from := u16(rows, 0), 2
	n := int(head & 7)
	if n == 0 {
		n, from = int(rows[2]), 3
	}
	size = from + 2*n
	if n == 0 || size > len(rows) {
		return 0, 0, "", errRows
	}
	cells = rows[from:size]
	action := -1
	for i := 0; i < len(cells); i += 2 {
		a := int(cells[i])
		if a >= classes || a <= action {
			return 0, 0, "", fmt.Errorf("weights: action %d of %d after %d", a, classes, action)
		}
		action = a
	}
	return size, int(head >> 3), cells, nil
}
