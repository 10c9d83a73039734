package tag

import (
	"strings"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// pastForms are irregular past tenses and participles that no noun shares.
// Treebanks are too small to hold them all, and their endings say nothing: after
// a subject a model takes "struck" for a noun it has not seen.
const pastForms = `
arose ate awoke became befell began blew bought brought built came caught chose clung crept dealt drank drew drove dug
fled flew flung forbade forgave forgot fought froze gave grew hid heard held hung kept knelt knew laid leapt led lent lit lost
made meant met mistook oversaw overthrew overtook paid ran rang rebuilt repaid resold rewrote rode said sang sank sat sent shone shook shrank slept slid
slung sold sought sped spent sprang spun stank stood strode strove struck strung stuck stung swam swept swore swung
taught told took tore threw trod undertook underwent understood undid upheld wept went withdrew withheld withstood woke wore wove wrote`

// A pastTable holds the words of pastForms, by linear.Word.Form. They are
// in small letters, as no name is.
type pastTable map[uint32]struct{}

func newPastTable(c *linear.Clusters) pastTable {
	t := pastTable{}
	for w := range strings.FieldsSeq(pastForms) {
		t[linear.NewWord(c, w).Form] = struct{}{}
	}
	return t
}

// verbal returns the verbal label with the highest score, of those with the tag
// of a past form.
func (m *Model) verbal(score []int32) (label uint8, ok bool) {
	for k, l := range m.Labels {
		if l.UPOS == extractor.VERB && (l.Tag == "VBD" || l.Tag == "VBN") && (!ok || score[k] > score[label]) {
			label, ok = uint8(k), true
		}
	}
	return label, ok
}
