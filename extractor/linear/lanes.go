package linear

import "encoding/binary"

// Lanes are rows of weights of 16 bits for every label, four to a word, so that one
// addition adds four. A word is the sum of its four weights, each times 2^16 more than
// the one before; hence the sum of words is the word of the sums, as long as these fit 16
// bits with their signs.
type Lanes struct {
	words [][laneWords]uint64 // wide elements a row, each a line of the cache
	wide  int
}

const (
	laneWords = 8
	lanesPer  = 4 * laneWords // labels of an element of Lanes.words
)

// NewLanes returns no rows yet, with room for rows, for labels below labels, which is
// at most 256.
func NewLanes(labels, rows int) Lanes {
	wide := (labels + lanesPer - 1) / lanesPer
	return Lanes{words: make([][laneWords]uint64, 0, rows*wide), wide: wide}
}

// Size returns the bytes that l takes of an arena.
func (l *Lanes) Size() int { return TableSize[[laneWords]uint64](len(l.words)) }

// Move moves l to the memory of a.
func (l *Lanes) Move(a *Arena) { l.words = MoveTable(a, l.words) }

// Append adds a row of zeros and returns what the other methods know it by.
func (l *Lanes) Append() (row uint32) {
	for range l.wide {
		l.words = append(l.words, [laneWords]uint64{})
	}
	return uint32(len(l.words) - l.wide)
}

// Row returns what the row that was appended as number n, from 0, is known by.
func (l *Lanes) Row(n uint32) uint32 { return n * uint32(l.wide) }

// Put adds to the weight of a label in a row.
func (l *Lanes) Put(row uint32, label int, weight int16) {
	l.words[int(row)+label/lanesPer][label/4%laneWords] += uint64(int64(weight)) << (label % 4 * 16)
}

// AddRow adds a row of o, which has as many labels, to a row of l.
func (l *Lanes) AddRow(row uint32, o *Lanes, from uint32) {
	for k := range uint32(l.wide) {
		a, b := &l.words[row+k], &o.words[from+k]
		for i := range a {
			a[i] += b[i]
		}
	}
}

// Clear makes a row zeros.
func (l *Lanes) Clear(row uint32) { clear(l.words[row : int(row)+l.wide]) }

// Add adds rows, whose sums must fit 16 bits, to score, which is indexed by label.
func (l *Lanes) Add(score *[256]int32, rows []uint32) { l.addWith(score, rows, l, nil) }

// addWith is Add of rows and of others in o, which has as many labels.
func (l *Lanes) addWith(score *[256]int32, rows []uint32, o *Lanes, others []uint32) {
	for k := range l.wide {
		a, b, c, d, e, f, g, h := sum(l.words[k:], rows)
		if len(others) > 0 {
			i, j, k, l, m, n, o, p := sum(o.words[k:], others)
			a, b, c, d, e, f, g, h = a+i, b+j, c+k, d+l, e+m, f+n, g+o, h+p
		}
		s := (*[lanesPer]int32)(score[lanesPer*k:])
		unpack((*[4]int32)(s[0:]), a)
		unpack((*[4]int32)(s[4:]), b)
		unpack((*[4]int32)(s[8:]), c)
		unpack((*[4]int32)(s[12:]), d)
		unpack((*[4]int32)(s[16:]), e)
		unpack((*[4]int32)(s[20:]), f)
		unpack((*[4]int32)(s[24:]), g)
		unpack((*[4]int32)(s[28:]), h)
	}
}

// sum returns the sums of the elements of words at rows. It stands alone so that all of them
// are in registers.
//
//go:noinline
func sum(words [][laneWords]uint64, rows []uint32) (a, b, c, d, e, f, g, h uint64) {
	for _, row := range rows {
		w := &words[row]
		a += w[0]
		b += w[1]
		c += w[2]
		d += w[3]
		e += w[4]
		f += w[5]
		g += w[6]
		h += w[7]
	}
	return
}

// Prefetch is [Prefetch] of rows.
func (l *Lanes) Prefetch(rows []uint32) {
	for k := range min(l.wide, len(l.words)) {
		Prefetch(l.words[k:], rows, 6)
	}
}

// unpack adds the weights in a word to four scores.
func unpack(score *[4]int32, word uint64) {
	const signs = 0x8000800080008000
	word = (word + signs) ^ signs // what a negative weight has borrowed from the next is given back
	score[0] += int32(int16(word))
	score[1] += int32(int16(word >> 16))
	score[2] += int32(int16(word >> 32))
	score[3] += int32(int16(word >> 48))
}

// Cells returns the four cells of two bytes, label and weight, that stand at the start of
// cells, low byte first.
func Cells(cells []byte) uint64 { return binary.LittleEndian.Uint64(cells) }

// Keep returns the first n of four cells; the others have a label over 250 and the weight 0.
func Keep(cells uint64, n uint32) uint64 {
	kept := kept[min(n, 4)]
	return cells&kept | padding&^kept
}

// CellsPadding is how many bytes must follow the last cell of a table for [Cells].
const CellsPadding = 8

// padding are cells for different labels that no model has: adding them up, with weights of
// 0, waits for nothing.
const padding = 0x00fc00fd00fe00ff

// kept are the bits of so many cells.
var kept = [5]uint64{0, 1<<16 - 1, 1<<32 - 1, 1<<48 - 1, 1<<64 - 1}
