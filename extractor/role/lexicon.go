package role

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/claimwire/claimwire/schemas"
)

//go:embed data/cues.tsv
var cuesTSV string

//go:embed data/measures.tsv
var measuresTSV string

// A class is a set of the parts that a word can play in a sentence with figures.
type class uint32

const (
	trans      class = 1 << iota // kill: its object is the victim
	intrans                      // die: its subject is the victim
	state                        // dead, missing
	noun                         // deaths, hostages: count victims by themselves
	nominal                      // killing (of): an event noun with victims
	toll                         // toll
	fatal                        // words that make a number a death toll
	required                     // must
	requiredTo                   // agreed (to)
	allowed                      // allow
	planned                      // will
	possible                     // may
	negated                      // not
	say                          // said
	sayNoun                      // police, official: who says things
	event                        // attack, strike: happens, acts for somebody
	cause                        // quake, train: no agent
	carry                        // launched (an attack)
	actor                        // army, gunmen
	subord                       // when, while
	relative                     // who, which
	site                         // hospital, school: acts, and is somewhere
	illness                      // cholera, outbreak
)

var classNames = map[string]class{
	"trans": trans, "intrans": intrans, "state": state, "noun": noun, "nominal": nominal, "toll": toll, "fatal": fatal,
	"required": required, "requiredTo": requiredTo, "allowed": allowed, "planned": planned, "possible": possible,
	"negated": negated, "say": say, "sayNoun": sayNoun, "event": event, "cause": cause, "carry": carry, "actor": actor,
	"subord": subord, "relative": relative, "site": site,
	"illness": illness,
}

// A cue is what the tables say about one word.
type cue struct {
	text     string
	class    class
	category [6]schemas.Category // by class: trans, intrans, state, noun, nominal
	lemma    string
	measures []measureCue
}

// A measureCue is a measure that a word speaks for.
type measureCue struct {
	id    string
	dim   schemas.Dimension
	where string // counted, verb or any
}

var unknown = &cue{}

// categoryClasses are the classes that carry a category, in the order of cue.category.
var categoryClasses = [...]class{trans, intrans, state, noun, nominal}

// of returns the category that the word has in class c.
func (e *cue) of(c class) schemas.Category {
	for i, k := range categoryClasses {
		if k == c {
			return e.category[i]
		}
	}
	return ""
}

type lexicon map[string]*cue

var loadLexicon = sync.OnceValue(func() lexicon {
	l := lexicon{}
	for line := range strings.Lines(cuesTSV) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 3 || f[0][0] == '#' {
			continue
		}
		c := classNames[f[0]]
		category, lemma, _ := strings.Cut(f[1], ":")
		for w := range strings.FieldsSeq(f[2]) {
			e := l.entry(w)
			e.class |= c
			for i, k := range categoryClasses {
				if k == c {
					e.category[i] = schemas.Category(category)
					if e.lemma == "" {
						e.lemma = lemma
					}
				}
			}
		}
	}
	for line := range strings.Lines(measuresTSV) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 4 || f[0][0] == '#' {
			continue
		}
		for w := range strings.FieldsSeq(f[3]) {
			e := l.entry(w)
			e.measures = append(e.measures, measureCue{f[0], schemas.Dimension(f[1]), f[2]})
		}
	}
	return l
})

func (l lexicon) entry(w string) *cue {
	e := l[w]
	if e == nil {
		e = &cue{text: w}
		l[w] = e
	}
	return e
}

// lookup returns the cue of a word as it stands in a text. It does not allocate.
func (l lexicon) lookup(w string) *cue {
	if len(w) == 0 || len(w) > 20 {
		return unknown
	}
	var buf [20]byte
	for i := range len(w) {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buf[i] = c
	}
	if e := l[string(buf[:len(w)])]; e != nil {
		return e
	}
	return unknown
}
