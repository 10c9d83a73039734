package parse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// ErrNoModel is returned by New if the program was built without models.
var ErrNoModel = errors.New("built without the parser's model (build tag noweights)")

// A Model is a set of relations and weights for the actions. Its file is,
// little-endian,
//
//	"CWDP", uint16 length and text of the relations ("nsubj\n"…), table of weights
type Model struct {
	Labels  []string // by label; the root relation is none of them
	weights *table
}

// classes returns the number of actions.
func (m *Model) classes() int { return 1 + 2*len(m.Labels) }

// ReadModel reads a model file, of which the model keeps nothing.
func ReadModel(file string) (*Model, error) {
	if len(file) < 6 || file[:4] != "CWDP" {
		return nil, errors.New("parser: no model file")
	}
	n := int(file[4]) | int(file[5])<<8
	if len(file) < 6+n {
		return nil, errors.New("parser: model file ends in its relations")
	}
	m := &Model{Labels: strings.Split(strings.TrimSuffix(strings.Clone(file[6:6+n]), "\n"), "\n")}
	if len(m.Labels) > MaxLabels {
		return nil, fmt.Errorf("parser: %d relations, over %d", len(m.Labels), MaxLabels)
	}
	var err error
	if m.weights, err = readTable(file[6+n:], m.classes()); err != nil {
		return nil, fmt.Errorf("parser: %w", err)
	}
	return m, nil
}

// A Row is the weights of a feature.
type Row struct {
	Feature uint32
	Cells   []Cell // ascending by action
}

// A Cell is the weight of a feature for an action, in units of the model's scores.
type Cell struct {
	Action Action
	Weight int32
}

// PackModel returns the file of a model with these relations and weights, whose
// rows ascend by feature. Weights are rounded to one of 255 steps, finer near zero.
func PackModel(labels []string, rows []Row) []byte {
	text := strings.Join(labels, "\n") + "\n"
	out := binary.LittleEndian.AppendUint16([]byte("CWDP"), uint16(len(text)))
	return packTable(append(out, text...), rows)
}
