package tokenize

import (
	_ "embed"
	"strings"
	"sync"
)

// kind is a set of the classes of words that the scanner knows.
type kind uint16

const (
	title        kind = 1 << iota // abbreviation before a name, never ends a sentence: "Dr."
	final                         // abbreviation that may end a sentence: "Inc."
	state                         // abbreviation that needs a capital and a comma before it: "Mass."
	month                         // abbreviation before a number: "Sept."
	numbered                      // abbreviation before a number that is a word otherwise: "No."
	abbreviation                  // with dots inside: "Ph.D"
	prefix                        // stays with the word after the hyphen: "non-"
	starter                       // capitalised, most often opens a sentence: "The"
	unit                          // may be glued to a number: "km"
	domain                        // last part of a host or file name: "com"
	aphaeresis                    // with the apostrophe before it a word: "'em"
	sayer                         // verb of speaking: "said"
	lettered                      // noun before a letter that is no initial: "Plan B"
	money                         // currency that may be glued to the number after it: "RM"
)

var kinds = map[string]kind{
	"title": title, "final": final, "state": state, "month": month, "numbered": numbered, "abbreviation": abbreviation,
	"prefix": prefix, "starter": starter, "unit": unit, "domain": domain, "aphaeresis": aphaeresis, "sayer": sayer, "lettered": lettered, "money": money,
}

//go:embed data/words.txt
var wordsText string

// A lexicon holds the classes of lower-case words.
type lexicon struct {
	classes map[string]kind
	cuts    map[string]int // fused words: length of the first
}

// loadLexicon reads data/words.txt once. Each line of it is a class and its
// words; a word of class "fused" has a bar where it is cut.
var loadLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{classes: map[string]kind{}, cuts: map[string]int{}}
	for line := range strings.Lines(wordsText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		for _, w := range f[1:] {
			if f[0] == "fused" {
				l.cuts[strings.Replace(w, "|", "", 1)] = strings.IndexByte(w, '|')
				continue
			}
			l.classes[w] |= kinds[f[0]]
		}
	}
	return l
})

// maxKnown is the length of the longest word of the lexicon, in bytes.
const maxKnown = 16

// class returns the classes of w, whatever its case.
func (l *lexicon) class(w string) kind {
	if len(w) == 0 || len(w) > maxKnown {
		return 0
	}
	var buf [maxKnown]byte
	return l.classes[string(lower(&buf, w))]
}

// is reports whether w is of class k.
func (l *lexicon) is(w string, k kind) bool { return l.class(w)&k != 0 }

// fused returns where a word that is two is cut, 0 if it is one.
func (l *lexicon) fused(w string) int {
	if len(w) > maxKnown {
		return 0
	}
	var buf [maxKnown]byte
	return l.cuts[string(lower(&buf, w))]
}

// lower folds the ASCII letters of w into buf.
func lower(buf *[maxKnown]byte, w string) []byte {
	for i := range len(w) {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	return buf[:len(w)]
}
