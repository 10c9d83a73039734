package entity

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/claimwire/claimwire/schemas"
)

// ErrNoModel is returned by New if the program was built without models.
var ErrNoModel = errors.New("built without the names' model (build tag noweights)")

// Sizes of the parts of a model file.
const (
	modelHeader = 8
	transSize   = numClasses * NumLabels * NumLabels * 2
	marginSteps = 64
	numTypes    = 5
	curveSize   = numTypes * marginSteps * 2
	rowSize     = NumLabels + 1
)

// marginUnit is the margin, in units of scores, of one step of the curves.
const marginUnit = 64

// A Model is the weights of names. Its file is, little-endian,
//
//	"CWNM", uint32 row bits; transitions: int16 by class of token, label before
//	and label; curves of confidence: uint16 by type and step of margin, in
//	65535ths; rows: NumLabels int8, and uint8 by how many bits they are shifted
type Model struct {
	trans [numClasses][NumLabels][NumLabels]int32
	curve [numTypes][marginSteps]uint16
	rows  string // of rowSize bytes
	shift uint
}

// ReadModel reads a model file; the model refers to file.
func ReadModel(file string) (*Model, error) {
	if len(file) < modelHeader+transSize+curveSize || file[:4] != "CWNM" {
		return nil, fmt.Errorf("names: no model file")
	}
	b := binary.LittleEndian.Uint32([]byte(file[4:8]))
	if b < 1 || b > 24 || len(file) != modelHeader+transSize+curveSize+rowSize<<b {
		return nil, fmt.Errorf("names: %d bytes, not those of a model of 2^%d rows", len(file), b)
	}
	m := &Model{shift: uint(32 - b)}
	at := modelHeader
	word := func() uint16 {
		at += 2
		return uint16(file[at-2]) | uint16(file[at-1])<<8
	}
	for c := range m.trans {
		for p := range m.trans[c] {
			for y := range m.trans[c][p] {
				m.trans[c][p][y] = int32(int16(word()))
			}
		}
	}
	for t := range m.curve {
		for s := range m.curve[t] {
			m.curve[t][s] = word()
		}
	}
	m.rows = file[at:]
	return m, nil
}

// emit adds the weights of features to l, and of what does not fit there to score.
func (m *Model) emit(l *lanes, score *[NumLabels]int32, features []uint32) {
	var rows [blockSize]row
	for len(features) > 0 {
		n := min(len(features), blockSize)
		l.addRows(score, rows[:m.lookUp(&rows, features[:n])])
		features = features[n:]
	}
}

// blockSize is how many features are looked up at once.
const blockSize = 64

// A row is the weights of a feature as they stand in the file: of the first eight labels,
// and of the others with the shift above them.
type row struct {
	head uint64
	tail uint32
}

func (r *row) shift() uint32 { return r.tail >> 24 & 15 }

// lookUp sets rows to those of features, at most blockSize, that have weights, and returns
// their number. It does nothing else: so the look-ups wait for memory all at once.
func (m *Model) lookUp(rows *[blockSize]row, features []uint32) int {
	const empty = 15
	table, shift := m.rows, m.shift&31
	n := uint32(0)
	for _, f := range features {
		at := int(f>>shift) * rowSize
		packed := table[at : at+rowSize]
		r := row{u64(packed), u32(packed[8:])}
		rows[n%blockSize] = r
		n += (r.shift() - empty) >> 31
	}
	return int(n)
}

// Lanes are sums of rows: four labels to a word, 16 bits each, the even and the odd ones of
// the first eight, and the last three. They are too high by an excess, so as not to be negative.
type lanes struct {
	even8, odd8, last4 uint64
	excess             uint32 // at most maxExcess
}

const maxExcess = 1 << 15

// addRows adds rows to l; if it is full, to score what it has so far.
func (l *lanes) addRows(score *[NumLabels]int32, rows []row) {
	for {
		if rows = rows[l.add(rows):]; len(rows) == 0 {
			return
		}
		if l.excess == 0 { // too large for lanes
			rows[0].spread(score)
			rows = rows[1:]
		}
		l.spill(score)
	}
}

// add adds as many of rows as fit, and returns their number.
func (l *lanes) add(rows []row) int {
	const (
		mask = 0x00ff00ff00ff00ff
		plus = 0x8080808080808080
	)
	even8, odd8, last4, excess := l.even8, l.odd8, l.last4, l.excess
	n := 0
	for n < len(rows) {
		r := &rows[n]
		s := r.shift()
		if excess += 128 << s; excess > maxExcess {
			excess -= 128 << s
			break
		}
		head, tail := r.head^plus, uint64(r.tail^plus>>32)
		even8 += head & mask << s
		odd8 += head >> 8 & mask << s
		last4 += (tail&0xff00ff | tail<<24&(0xff<<32)) << s
		n++
	}
	*l = lanes{even8, odd8, last4, excess}
	return n
}

// join adds o to l; if it is full, to score what it has so far.
func (l *lanes) join(score *[NumLabels]int32, o *lanes) {
	if l.excess+o.excess > maxExcess {
		l.spill(score)
	}
	*l = lanes{l.even8 + o.even8, l.odd8 + o.odd8, l.last4 + o.last4, l.excess + o.excess}
}

// spill moves l to score.
func (l *lanes) spill(score *[NumLabels]int32) {
	excess := int32(l.excess)
	for k := range 4 {
		score[2*k] += int32(uint16(l.even8>>(16*k))) - excess
		score[2*k+1] += int32(uint16(l.odd8>>(16*k))) - excess
	}
	score[8] += int32(uint16(l.last4)) - excess
	score[9] += int32(uint16(l.last4>>32)) - excess
	score[10] += int32(uint16(l.last4>>16)) - excess
	*l = lanes{}
}

// spread adds one row to score.
func (r *row) spread(score *[NumLabels]int32) {
	for y := range score {
		w := uint32(r.head >> (8 * y))
		if y >= 8 {
			w = r.tail >> (8 * (y - 8))
		}
		score[y] += int32(int8(w)) << r.shift()
	}
}

// u64 and u32 read the little-endian number that s begins with.
func u64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func u32(s string) uint32 {
	_ = s[3]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// Confidence returns the probability that a name of type t with this margin is
// right.
func (m *Model) Confidence(t schemas.EntityType, margin int32) float64 {
	step := min(max(int(margin)/marginUnit, 0), marginSteps-1)
	for k, u := range types {
		if t == u {
			return float64(m.curve[k][step]) / 65535
		}
	}
	return 0
}

// Weights are what a trainer hands over.
type Weights struct {
	Trans [numClasses][NumLabels][NumLabels]int32
	Curve [numTypes][marginSteps]uint16
	Rows  [][NumLabels]int32 // their number is a power of two
}

// Pack returns the model file. A row is stored with 7 bits and a shift.
func (w *Weights) Pack() []byte {
	out := binary.LittleEndian.AppendUint32([]byte("CWNM"), uint32(bits.Len(uint(len(w.Rows)))-1))
	for c := range w.Trans {
		for p := range w.Trans[c] {
			for _, v := range w.Trans[c][p] {
				out = binary.LittleEndian.AppendUint16(out, uint16(int16(max(-1<<15, min(1<<15-1, v)))))
			}
		}
	}
	for t := range w.Curve {
		for _, v := range w.Curve[t] {
			out = binary.LittleEndian.AppendUint16(out, v)
		}
	}
	for _, row := range w.Rows {
		most := int32(0)
		for _, v := range row {
			most = max(most, v, -v)
		}
		if most == 0 {
			out = append(out, make([]byte, NumLabels)...)
			out = append(out, 15)
			continue
		}
		shift := max(0, bits.Len32(uint32(most))-7)
		for (most+1<<shift>>1)>>shift > 127 {
			shift++
		}
		for _, v := range row {
			half := int32(0)
			if shift > 0 {
				half = 1 << (shift - 1)
			}
			out = append(out, byte(int8((v+half)>>shift)))
		}
		out = append(out, byte(shift))
	}
	return out
}

// NumClasses, MarginSteps and MarginUnit tell a trainer the sizes of a model.
const (
	NumClasses  = numClasses
	MarginSteps = marginSteps
	MarginUnit  = marginUnit
)
