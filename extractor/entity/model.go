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
	rows  string
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

// emit sets score to the sums of the weights of features. It adds four labels at
// a time, in 16-bit lanes of words: even and odd labels of the first eight, and the last
// three. The weights in them are 128 too high, so as not to be negative.
func (m *Model) emit(score []int32, features []uint32) {
	const (
		lanes = 0x00ff00ff00ff00ff
		plus  = 0x8080808080808080
		empty = 15
		most  = 8 // a row shifted further does not fit the lanes
	)
	var (
		sum                [rowSize]int32
		even8, odd8, last4 uint64
		excess             uint32 // of every lane
		heads              [32]uint64
		tails              [32]uint32
	)
	rows, shift := m.rows, m.shift&31
	for len(features) > 0 {
		// Look-ups first, which wait for memory all at once.
		n := min(len(features), len(heads))
		for i, f := range features[:n] {
			row := rows[int(f>>shift)*rowSize:][:rowSize]
			heads[i&31], tails[i&31] = u64(row)^plus, u32(row[8:])
		}
		features = features[n:]
		for i, head := range heads[:n] {
			tail := uint64(tails[i] ^ plus>>32)
			s := tails[i] >> 24 & 15
			if s > most {
				if s != empty {
					spread(&sum, head^plus, tails[i], s)
				}
				continue
			}
			if excess+128<<s > 1<<15 {
				spill(&sum, even8, odd8, last4, int32(excess))
				even8, odd8, last4, excess = 0, 0, 0, 0
			}
			even8 += head & lanes << s
			odd8 += head >> 8 & lanes << s
			last4 += (tail&0xff00ff | tail<<24&(0xff<<32)) << s
			excess += 128 << s
		}
	}
	spill(&sum, even8, odd8, last4, int32(excess))
	copy(score, sum[:NumLabels])
}

// spread adds a row of large weights to sum.
func spread(sum *[rowSize]int32, head uint64, tail, shift uint32) {
	for y := range NumLabels {
		w := uint32(head >> (8 * y))
		if y >= 8 {
			w = tail >> (8 * (y - 8))
		}
		sum[y] += int32(int8(w)) << shift
	}
}

// spill adds the lanes that emit has added up to sum.
func spill(sum *[rowSize]int32, even8, odd8, last4 uint64, excess int32) {
	for k := range 4 {
		sum[2*k] += int32(uint16(even8>>(16*k))) - excess
		sum[2*k+1] += int32(uint16(odd8>>(16*k))) - excess
	}
	sum[8] += int32(uint16(last4)) - excess
	sum[9] += int32(uint16(last4>>32)) - excess
	sum[10] += int32(uint16(last4>>16)) - excess
}

// u64 and u32 read the little-endian number that s begins with.
func u64(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func u32(s string) uint32 {
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
