package tag

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
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

// A Model is a set of labels, the words that have only one, and weights for the
// others. Its file is, little-endian,
//
//	"CWTG", uint16 length and text of the labels ("NOUN NN\n"…),
//	uint16 number of plain words, for each its uint32 hash and uint8 label,
//	table of weights
type Model struct {
	Labels  []Label
	plain   map[uint32]uint8 // by linear.Word.Form
	weights *linear.Sparse
}

// plainSize is the bytes of a plain word.
const plainSize = 5

// Plain returns the only label that a word has, by its Form.
func (m *Model) Plain(form uint32) (label uint8, ok bool) {
	label, ok = m.plain[form]
	return label, ok
}

// ReadModel reads a model file, of which the model keeps nothing.
func ReadModel(file string) (*Model, error) {
	if len(file) < 6 || file[:4] != "CWTG" {
		return nil, fmt.Errorf("tagger: no model file")
	}
	n := int(file[4]) | int(file[5])<<8
	if len(file) < 6+n {
		return nil, fmt.Errorf("tagger: model file ends in its labels")
	}
	m := &Model{}
	for line := range strings.Lines(strings.Clone(file[6 : 6+n])) {
		upos, tag, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !ok {
			return nil, fmt.Errorf("tagger: label %q", line)
		}
		m.Labels = append(m.Labels, Label{extractor.ParseUPOS(upos), tag})
	}
	if len(m.Labels) == 0 || len(m.Labels) > 255 {
		return nil, fmt.Errorf("tagger: %d labels", len(m.Labels))
	}
	file = file[6+n:]
	if len(file) < 2 {
		return nil, fmt.Errorf("tagger: model file ends after its labels")
	}
	n = int(file[0]) | int(file[1])<<8
	file = file[2:]
	if len(file) < n*plainSize {
		return nil, fmt.Errorf("tagger: model file ends in its plain words")
	}
	m.plain = make(map[uint32]uint8, n)
	for i := range n {
		w := []byte(file[i*plainSize : (i+1)*plainSize])
		if int(w[4]) >= len(m.Labels) {
			return nil, fmt.Errorf("tagger: label %d of %d", w[4], len(m.Labels))
		}
		m.plain[binary.LittleEndian.Uint32(w)] = w[4]
	}
	var err error
	if m.weights, err = linear.ReadSparse(file[n*plainSize:], len(m.Labels)); err != nil {
		return nil, fmt.Errorf("tagger: %w", err)
	}
	return m, nil
}

// PackModel returns the file of a model with these plain words, by their Form,
// and weights, as by [linear.PackSparse].
func PackModel(labels []Label, plain map[uint32]uint8, rows []map[uint8]int8) []byte {
	var text strings.Builder
	for _, l := range labels {
		fmt.Fprintf(&text, "%s %s\n", l.UPOS, l.Tag)
	}
	out := binary.LittleEndian.AppendUint16([]byte("CWTG"), uint16(text.Len()))
	out = append(out, text.String()...)
	out = binary.LittleEndian.AppendUint16(out, uint16(len(plain)))
	for _, form := range slices.Sorted(maps.Keys(plain)) {
		out = append(binary.LittleEndian.AppendUint32(out, form), plain[form])
	}
	return append(out, linear.PackSparse(rows)...)
}
