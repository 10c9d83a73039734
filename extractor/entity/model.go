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

// emit adds up the weights of the features.
func (m *Model) emit(score []int32, features []uint32) {
	var sum [NumLabels]int32
	for _, f := range features {
		at := int(f>>m.shift) * rowSize
		row := m.rows[at : at+rowSize]
		s := row[NumLabels] & 15
		if s == 15 {
			continue
		}
		for y := range NumLabels {
			sum[y] += int32(int8(row[y])) << s
		}
	}
	copy(score, sum[:])
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
