package linear

// Lanes are rows of weights of 16 bits for every label, four to a word, so that one
// addition adds four. A word is the sum of its four weights, each times 2^16 more than
// the one before; hence the sum of words is the word of the sums, as long as these fit 16
// bits with their signs.
type Lanes struct {
	words [][4]uint64 // wide elements a row
	wide  int
}

// lanesPer is the number of labels of an element of Lanes.words.
const lanesPer = 16

// NewLanes returns no rows yet, with room for rows, for labels below labels, which is
// at most 256.
func NewLanes(labels, rows int) Lanes {
	wide := (labels + lanesPer - 1) / lanesPer
	return Lanes{words: make([][4]uint64, 0, rows*wide), wide: wide}
}

// Append adds a row of zeros and returns what the other methods know it by.
func (l *Lanes) Append() (row uint32) {
	l.words = append(l.words, make([][4]uint64, l.wide)...)
	return uint32(len(l.words) - l.wide)
}

// Put adds to the weight of a label in a row.
func (l *Lanes) Put(row uint32, label int, weight int16) {
	l.words[int(row)+label/lanesPer][label/4%4] += uint64(int64(weight)) << (label % 4 * 16)
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
func (l *Lanes) Add(score *[256]int32, rows []uint32) {
	for k := range l.wide {
		var a, b, c, d uint64
		words := l.words[k:]
		for _, row := range rows {
			w := &words[row]
			a, b, c, d = a+w[0], b+w[1], c+w[2], d+w[3]
		}
		s := (*[lanesPer]int32)(score[lanesPer*k:])
		unpack((*[4]int32)(s[0:]), a)
		unpack((*[4]int32)(s[4:]), b)
		unpack((*[4]int32)(s[8:]), c)
		unpack((*[4]int32)(s[12:]), d)
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

// padding are cells, low byte first, for different labels that no model has: adding
// them up, with weights of 0, waits for nothing.
const padding = 0x00fc00fd00fe00ff

// Cells returns the first four of n cells of two bytes, label and weight, that stand at
// table[at:], low byte first. If there are fewer, the others have a label over 250 and the weight 0.
func Cells(table string, at, n int) uint64 {
	if n >= 4 {
		return u64(table[at:])
	}
	if at+8 <= len(table) {
		return u64(table[at:])&(1<<(16*n)-1) | padding>>(16*n)<<(16*n)
	}
	w := uint64(0)
	for i := range 2 * n {
		w |= uint64(table[at+i]) << (8 * i)
	}
	return w | padding>>(16*n)<<(16*n)
}

// u64 returns the little-endian number that s begins with.
func u64(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}
