package tag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// ErrNoModel is returned by New if the program was built without models.
var ErrNoModel = errors.New("built without the tagger's model (build tag noweights)")

// A Label is what the model predicts.
type Label struct {
	UPOS extractor.UPOS
	Tag  string // Penn Treebank
}

// A Model is a set of labels and their weights. Its file is
//
//	"CWTG", uint16 length and text of the labels ("NOUN NN\n"…), table of weights
type Model struct {
	Labels  []Label
	weights *linear.Sparse
}

// ReadModel reads a model file; the model refers to file.
func ReadModel(file string) (*Model, error) {
	if len(file) < 6 || file[:4] != "CWTG" {
		return nil, fmt.Errorf("tagger: no model file")
	}
	n := int(file[4]) | int(file[5])<<8
	if len(file) < 6+n {
		return nil, fmt.Errorf("tagger: model file ends in its labels")
	}
	m := &Model{}
	for line := range strings.Lines(file[6 : 6+n]) {
		upos, tag, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok {
			return nil, fmt.Errorf("tagger: label %q", line)
		}
		m.Labels = append(m.Labels, Label{extractor.ParseUPOS(upos), tag})
	}
	if len(m.Labels) == 0 || len(m.Labels) > 255 {
		return nil, fmt.Errorf("tagger: %d labels", len(m.Labels))
	}
	var err error
	if m.weights, err = linear.ReadSparse(file[6+n:], len(m.Labels)); err != nil {
		return nil, fmt.Errorf("tagger: %w", err)
	}
	return m, nil
}

// PackModel returns the file of a model with these weights, as by
// [linear.PackSparse].
func PackModel(labels []Label, rows []map[uint8]int8) []byte {
	var text strings.Builder
	for _, l := range labels {
		fmt.Fprintf(&text, "%s %s\n", l.UPOS, l.Tag)
	}
	out := binary.LittleEndian.AppendUint16([]byte("CWTG"), uint16(text.Len()))
	return append(append(out, text.String()...), linear.PackSparse(rows)...)
}
