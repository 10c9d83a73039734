package event

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/claimwire/claimwire/schemas"
)

//go:embed data/events.tsv
var eventsTSV string

// A frame is what the table says about a word that evokes an event.
type frame struct {
	kind     schemas.EventType
	object   bool     // the direct object is the recipient
	mutual   bool     // so is it here; without one the subject is enough
	thing    bool     // the direct object is a thing, which must be there
	refuse   bool     // an infinitive must follow
	both     bool     // nothing is said without actor and recipient
	particle string   // "over" of "hand over"; "" if none
	preps    []string // prepositions before the recipient
}

// takes reports whether the recipient may stand after the preposition w.
func (f *frame) takes(w string) bool {
	for _, p := range f.preps {
		if p == w {
			return true
		}
	}
	return false
}

// A word is what the table says about one word form.
type word struct {
	verb, noun *frame
	light      []schemas.EventType // types of the nouns that it carries as a light verb
	control    schemas.Modality    // of the infinitive after it; "" if it governs none
	aux        schemas.Modality    // of the verb after it; "" if none
	say        bool                // reports a clause
	condition  bool                // if, unless
	person     bool                // noun for people or a body that acts
}

func (w *word) carries(t schemas.EventType) bool {
	for _, l := range w.light {
		if l == t {
			return true
		}
	}
	return false
}

type lexicon map[string]*word

var unknown = &word{}

var loadLexicon = sync.OnceValue(func() lexicon {
	l := lexicon{}
	for line := range strings.Lines(eventsTSV) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) != 4 || strings.HasPrefix(f[0], "#") {
			continue
		}
		fr := parseFrame(f[1], f[2])
		for form := range strings.FieldsSeq(f[3]) {
			w := l[form]
			if w == nil {
				w = &word{}
				l[form] = w
			}
			w.set(f[0], f[1], fr)
		}
	}
	return l
})

func (w *word) set(class, value string, fr *frame) {
	switch class {
	case "verb":
		w.verb = fr
	case "noun":
		w.noun = fr
	case "light":
		w.light = append(w.light, schemas.EventType(value))
	case "control":
		w.control = schemas.Modality(value)
	case "aux":
		w.aux = schemas.Modality(value)
	case "say":
		w.say = true
	case "if":
		w.condition = true
	case "person":
		w.person = true
	}
}

func parseFrame(kind, args string) *frame {
	fr := &frame{kind: schemas.EventType(kind)}
	for a := range strings.SplitSeq(args, ",") {
		switch {
		case a == "obj":
			fr.object = true
		case a == "mutual":
			fr.mutual = true
		case a == "thing":
			fr.thing = true
		case a == "refuse":
			fr.refuse = true
		case a == "both":
			fr.both = true
		case strings.HasPrefix(a, "+"):
			fr.particle = a[1:]
		case a != "-":
			fr.preps = append(fr.preps, a)
		}
	}
	return fr
}

// maxWord bounds the words looked up, in bytes; all forms of the table are shorter.
const maxWord = 20

// lookup returns the entry of a word as it stands in a text. It does not allocate.
func (l lexicon) lookup(w string) *word {
	if len(w) == 0 || len(w) > maxWord {
		return unknown
	}
	var buf [maxWord]byte
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
