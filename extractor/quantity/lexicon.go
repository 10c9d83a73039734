package quantity

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/words.tsv
var wordsTSV string

//go:embed data/units.tsv
var unitsTSV string

// A class is a set of the roles that a word can play near a number.
type class uint64

const (
	small    class = 1 << iota // zero to nineteen
	ten                        // twenty to ninety
	hundred                    // hundred
	mag                        // thousand, million, lakh
	suffix                     // bn, k: a magnitude right after digits
	soft                       // m, b, t: a magnitude only where the context says so
	dozen                      // dozen
	plural                     // dozens, hundreds, thousands
	few                        // several, few, couple
	half                       // half
	fraction                   // third, quarters, tenths
	ordinal                    // first, second
	fold                       // tenfold
	timeunit                   // day, years
	month                      // October
	weekday                    // Monday
	clock                      // a.m., GMT
	rateadv                    // daily
	det                        // a, the, his
	prep                       // of, in
	conj                       // and, which
	pron                       // he, who
	aux                        // is, have, would
	adverb                     // also, seriously
	label                      // Flight, Resolution: a number after it names something
	street                     // Road
	sport                      // beat, league
	vote                       // voted, ballot
	rise                       // rose, up
	fall                       // fell, down
	victim                     // killed, injury: what happens to victims
	person                     // soldier, woman
	mass                       // tonnes
	skipnoun                   // number, toll: counts something else
	unit                       // km
	degree                     // degrees
	area                       // square, cubic
	percent                    // percent, %
	point                      // points
	basis                      // bps
	sign                       // $, Rs, USD
	money                      // dollars
	cent                       // cents
	whose                      // Canadian (dollars)
	big                        // G: a magnitude right after long numbers
	loose                      // pair, single: a number that is no quantity by itself
)

var classNames = map[string]class{
	"small": small, "ten": ten, "hundred": hundred, "mag": mag, "suffix": suffix, "soft": soft, "dozen": dozen,
	"plural": plural, "few": few, "half": half, "fraction": fraction, "ordinal": ordinal, "fold": fold,
	"timeunit": timeunit, "month": month, "weekday": weekday, "clock": clock, "rateadv": rateadv, "det": det,
	"prep": prep, "conj": conj, "pron": pron, "aux": aux, "adverb": adverb, "label": label, "street": street,
	"sport": sport, "vote": vote, "rise": rise, "fall": fall, "victim": victim, "person": person, "mass": mass,
	"skipnoun": skipnoun, "unit": unit, "degree": degree, "area": area, "percent": percent, "point": point,
	"basis": basis, "sign": sign, "money": money, "cent": cent, "whose": whose, "big": big, "loose": loose,
}

// wordNumber are the classes of words that can start or continue a number.
const wordNumber = small | ten | hundred | mag | dozen

// An entry is what the tables say about one word.
type entry struct {
	text     string // the word in lower case; "" for words that no table has
	class    class
	n        int64 // small, ten, hundred, mag, soft, dozen, plural, few: the number
	scale    int64 // suffix: the magnitude
	parts    int64 // half, fraction: the denominator
	rank     int64 // ordinal
	times    int64 // fold
	unit     string
	money    string // sign, money, cent: ISO 4217
	per      string // rateadv: the unit of time
	country  string // whose
	dimPower int64  // area: 2 or 3
	alone    int64  // loose: the number
}

// A lexicon is the tables, indexed.
type lexicon struct {
	words map[string]*entry // by lower-case word
	exact map[string]*entry // spelled with capitals
	local map[string]string // "USD:CA": the dollar of Canada
}

var unknown = &entry{}

var loadLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{map[string]*entry{}, map[string]*entry{}, map[string]string{}}
	for _, table := range []string{wordsTSV, unitsTSV} {
		for line := range strings.Lines(table) {
			f := strings.Split(strings.TrimRight(line, "\n"), "\t")
			if len(f) != 3 || f[0][0] == '#' {
				continue
			}
			if f[0] == "local" {
				l.local[f[1]] = f[2]
				continue
			}
			for w := range strings.FieldsSeq(f[2]) {
				l.add(classNames[f[0]], f[1], w)
			}
		}
	}
	for w, e := range l.exact { // what a spelling adds to the word
		if low, ok := l.words[strings.ToLower(w)]; ok {
			merged := *low
			merged.class |= e.class
			if e.unit != "" {
				merged.unit = e.unit
			}
			if e.money != "" {
				merged.money = e.money
			}
			if e.scale != 0 {
				merged.scale = e.scale
			}
			if e.country != "" {
				merged.country = e.country
			}
			l.exact[w] = &merged
		}
	}
	return l
})

// add enters one row's value for the word w.
func (l *lexicon) add(c class, value, w string) {
	m, key := l.words, w
	if w != "=" && w[0] == '=' {
		m, key = l.exact, w[1:]
	}
	e := m[key]
	if e == nil {
		e = &entry{text: strings.ToLower(key)}
		m[key] = e
	}
	e.class |= c
	n, _ := strconv.ParseInt(value, 10, 64)
	switch c {
	case suffix, big:
		e.scale = n
	case half, fraction:
		e.parts = n
	case ordinal:
		e.rank = n
	case fold:
		e.times = n
	case area:
		e.dimPower = n
	case unit, degree, percent, point, basis:
		if e.unit == "" {
			e.unit = value
		}
	case sign, money, cent:
		e.money = value
	case rateadv:
		e.per = value
	case whose:
		e.country = value
	case loose:
		e.alone = n
	default:
		if n != 0 {
			e.n = n
		}
	}
}

// lookup returns the entry of a word as it stands in a text. It does not allocate.
func (l *lexicon) lookup(w string) *entry {
	if len(w) == 0 || len(w) > 20 {
		return unknown
	}
	var buf [20]byte
	upper := false
	for i := range len(w) {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			upper = true
			c |= 0x20
		}
		buf[i] = c
	}
	if len(w) <= 4 {
		if e := l.exact[w]; e != nil {
			return e
		}
		if upper && len(w) > 1 && isUpper(w) { // IS, WHO, US: an acronym, not the word
			if e := l.words[string(buf[:len(w)])]; e != nil && e.class&closed == 0 {
				return e
			}
			return unknown
		}
	}
	if !upper {
		if e := l.words[w]; e != nil {
			return e
		}
		return unknown
	}
	if e := l.words[string(buf[:len(w)])]; e != nil {
		return e
	}
	return unknown
}

func isUpper(w string) bool {
	for i := range len(w) {
		if w[i] < 'A' || w[i] > 'Z' {
			return false
		}
	}
	return true
}

func (e *entry) of(c class) bool { return e.class&c != 0 }
