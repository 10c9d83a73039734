package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
)

// tagFor returns the Penn tag of a token. Where prose's token is a longer one
// ("$1.2bn", "aid-worker"), its tag fits only the words in it.
func tagFor(text, tag string, same bool) string {
	if same {
		return tag
	}
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsDigit(r):
		return "CD"
	case strings.ContainsRune("$£€¥₹", r):
		return "$"
	case text == "-" || text == "–":
		return "HYPH"
	case strings.EqualFold(text, "n't") || strings.EqualFold(text, "n’t"):
		return "RB"
	case text == "'s" || text == "’s" || text == "'" || text == "’":
		return "POS"
	case unicode.IsPunct(r):
		return punctTag(text)
	}
	return tag
}

func punctTag(text string) string {
	switch text {
	case ".", "?", "!":
		return "."
	case ",":
		return ","
	case "(", "[", "{":
		return "-LRB-"
	case ")", "]", "}":
		return "-RRB-"
	case `"`, "“":
		return "``"
	case "”":
		return "''"
	}
	return ":"
}

var universalTags = map[string]extractor.UPOS{
	"CC": extractor.CCONJ, "CD": extractor.NUM, "DT": extractor.DET, "EX": extractor.PRON, "FW": extractor.X,
	"IN": extractor.ADP, "JJ": extractor.ADJ, "JJR": extractor.ADJ, "JJS": extractor.ADJ, "LS": extractor.X,
	"MD": extractor.AUX, "NN": extractor.NOUN, "NNS": extractor.NOUN, "NNP": extractor.PROPN, "NNPS": extractor.PROPN,
	"PDT": extractor.DET, "POS": extractor.PART, "PRP": extractor.PRON, "PRP$": extractor.PRON,
	"RB": extractor.ADV, "RBR": extractor.ADV, "RBS": extractor.ADV, "RP": extractor.ADP, "SYM": extractor.SYM,
	"TO": extractor.PART, "UH": extractor.INTJ, "VB": extractor.VERB, "VBD": extractor.VERB, "VBG": extractor.VERB,
	"VBN": extractor.VERB, "VBP": extractor.VERB, "VBZ": extractor.VERB, "WDT": extractor.PRON, "WP": extractor.PRON,
	"WP$": extractor.PRON, "WRB": extractor.ADV, "$": extractor.SYM, "#": extractor.SYM,
}

var auxiliaries = map[string]bool{
	"be": true, "am": true, "is": true, "are": true, "was": true, "were": true, "been": true, "being": true,
	"'s": true, "'re": true, "'m": true,
}

// universal maps a Penn tag to its UD part of speech, as the UD English
// guidelines pair them. Only forms of "be" are told apart by word: "have" and
// "do" need a parse.
func universal(tag, text string) extractor.UPOS {
	if strings.HasPrefix(tag, "VB") && auxiliaries[strings.ToLower(text)] {
		return extractor.AUX
	}
	if p, ok := universalTags[tag]; ok {
		return p
	}
	r, _ := utf8.DecodeRuneInString(text)
	if unicode.IsPunct(r) {
		return extractor.PUNCT
	}
	return extractor.X
}
