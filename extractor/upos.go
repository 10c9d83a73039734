package extractor

// UPOS is a universal part of speech (Universal Dependencies v2). The zero
// value means "not tagged".
type UPOS uint8

// Universal parts of speech.
const (
	NoPOS UPOS = iota
	ADJ
	ADP
	ADV
	AUX
	CCONJ
	DET
	INTJ
	NOUN
	NUM
	PART
	PRON
	PROPN
	PUNCT
	SCONJ
	SYM
	VERB
	X
)

var uposNames = [...]string{
	"_", "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN",
	"NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",
}

// String returns the UD name, "_" for NoPOS.
func (p UPOS) String() string {
	if int(p) >= len(uposNames) {
		return "X"
	}
	return uposNames[p]
}

// ParseUPOS returns the part of speech with this UD name, X if there is none.
func ParseUPOS(s string) UPOS {
	for i, n := range uposNames {
		if n == s {
			return UPOS(i)
		}
	}
	return X
}
