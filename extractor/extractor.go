// Package extractor turns the text of an article into annotations with exact
// spans: names, quantities, numbers, times, statements and events.
//
// One [Doc] passes through an ordered list of stages. Each stage lives in its
// own sub-package, adds one layer and reads the layers before it:
//
//	tokenize > tag, entity (or prose) > entity/resolve > timex > quantity > parse > statement > role > event
//
// Stages talk through the Doc, never through imports of each other. Package
// extractor/english puts them in order.
//
// Inside the stages every offset is a byte offset into [Doc.Text]; [Doc.Extraction]
// converts to code points once, where the record leaves the process.
package extractor

import (
	"fmt"

	"github.com/claimwire/claimwire/schemas"
)

// A Stage adds one layer of annotation to a Doc.
//
// Annotate does no I/O, starts no goroutines and logs nothing. It is
// deterministic, and one Stage may be used from several goroutines on different
// Docs. It returns an error only if doc breaks a promise of an earlier stage;
// text it does not understand is not an error.
type Stage interface {
	Annotate(doc *Doc) error
}

// A Pipeline is an ordered list of stages.
type Pipeline []Stage

// Annotate runs the stages over doc, in order.
func (p Pipeline) Annotate(doc *Doc) error {
	for _, s := range p {
		if err := s.Annotate(doc); err != nil {
			return fmt.Errorf("%T: %w", s, err)
		}
	}
	return nil
}

// A Span is a half-open range of bytes of Doc.Text, on rune boundaries.
type Span struct{ Start, End int }

// Len returns the length in bytes.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether t lies inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share a byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// A Range is a half-open range of token indices of Doc.Tokens.
type Range struct{ From, To int }

// A Doc is one text with its annotations. One goroutine owns it at a time.
type Doc struct {
	Text      string // valid UTF-8, never changed
	Title     string // context only; the title is annotated as a Doc of its own
	Published Date   // publication day, against which times are resolved; zero if unknown
	Country   string // ISO 3166-1 alpha-2 of the publisher, to read "$"; empty if unknown

	Paragraphs []Span     // set by tokenize: every token lies in one
	Sentences  []Sentence // set by tokenize: ascending, no gaps between token ranges
	Tokens     []Token    // set by tokenize; tagged by tag or prose

	Names      []Name      // set by entity or prose: flat, ascending, non-overlapping
	Entities   []Entity    // set by entity/resolve: groups of names
	Times      []Time      // set by timex: ascending, non-overlapping
	Quantities []Quantity  // set by quantity, slots by statement and role: ascending
	Numbers    []Number    // set by quantity: numbers that are no quantity
	Statements []Statement // set by statement: ascending
	Events     []Event     // set by event
}

// A Token is one word or mark, cut as Universal Dependencies cuts English:
// "do|n't", "Israel|'s", "$|1.2|bn", "aid|-|worker".
type Token struct {
	Span
	Glued    bool   // no white space between this token and the one before it
	Sentence int32  // index into Doc.Sentences
	UPOS     UPOS   // universal part of speech; 0 until tagged
	Tag      string // Penn Treebank tag, "NNP"; "" until tagged
	Head     int32  // parse: index of the head token in Doc.Tokens, own index for a root, -1 if not parsed
	Rel      string // parse: UD relation to Head; "" if not parsed
	Name     int32  // index into Doc.Names, -1 if in no name
	Time     int32  // index into Doc.Times, -1 if in no time expression
}

// A Sentence is a range of tokens and the paragraph it stands in.
type Sentence struct {
	Range
	Paragraph int  // index into Doc.Paragraphs
	Heading   bool // a paragraph of its own without final punctuation, e.g. a sub-heading
}

// A Name is one occurrence of a name in the text.
type Name struct {
	Span
	Range      // its tokens
	Type       schemas.EntityType
	Confidence float64 // probability that span and type are right, in [0, 1]
	Entity     int     // index into Doc.Entities, -1 until resolved
}

// An Entity is one named thing.
type Entity struct {
	Type     schemas.EntityType
	Name     string   // fullest form in the text
	Key      string   // canonical key
	Country  string   // ISO 3166-1 alpha-2; empty if unknown
	Aliases  []string // sorted
	Within   []string // keys of the places that contain it, nearest first
	Roles    []string // titles given in the text, in order
	Mentions []int    // indices into Doc.Names, ascending
}

// A Time is one time expression.
type Time struct {
	Span
	Range       // its tokens
	Type        schemas.TimexType
	Value       string // TIMEX3 value
	Mod         string
	From, Until Date // inclusive; zero if it has no place on the calendar
	Granularity schemas.Granularity
	Anchor      string
	Placed      bool
	Prep        string // preposition before it, lower case: "since", "by", "until", "on"; "" if none
	Rules       []string
}

// A Slot is somebody or some place that plays a part: an entity, or a phrase.
type Slot struct {
	Span          // the words that fill it
	Entity int    // index into Doc.Entities, -1 for a phrase
	Name   string // the entity's name or the phrase
}

// Counted is the noun phrase that a quantity counts.
type Counted struct {
	Span
	Head string // head noun, lower-case singular
}

// Rate says per what a quantity is counted.
type Rate struct {
	Span
	Unit string // "day", "captive body"
}

// An Attribution is one link of an attribution chain.
type Attribution struct {
	Who Slot
	Cue Span
}

// Delta is the change of value that a quantity measures or results from.
type Delta struct {
	Kind     schemas.FigureChange
	From, To *schemas.Decimal
}

// An Interval is an inclusive range of dates as ISO 8601 prefixes.
type Interval = schemas.Interval

// A Quantity is one expression that counts or measures something. The quantity
// stage sets what stands at the numeral; the role stage sets the slots from
// Category on.
type Quantity struct {
	Span            // the numeral words
	Range           // their tokens
	Phrase     Span // numeral with comparator, currency sign, noun and rate
	Sentence   int  // index into Doc.Sentences
	Value      *schemas.Decimal
	Min, Max   *schemas.Decimal
	Comparator schemas.Comparator
	Unit       string
	Counted    *Counted
	Per        *Rate
	Change     *Delta
	PartOf     int  // index into Doc.Quantities, -1 if none
	Victims    bool // a zero or singular count that is one only if a category is found; dropped by role otherwise

	Category    schemas.Category // "" if none
	Measure     string
	Predicate   string
	Agent       *Slot
	Victim      *Slot
	Place       *Slot
	Time        *Interval
	Modality    schemas.Modality
	Source      *Slot
	Attribution []Attribution
	Cumulative  bool
	OriginOf    map[string]schemas.SlotOrigin // nil until the first slot is set
	Rules       []string
	Confidence  float64
}

// A Number is a number that is no quantity.
type Number struct {
	Span
	Value *schemas.Decimal
	Kind  schemas.NumberKind
}

// A Statement is one attributed content.
type Statement struct {
	Span            // the content
	Speaker   *Slot // nil if nobody is named or described
	Cue       Span
	Mode      schemas.StatementMode
	Addressee *Slot
	Rules     []string
}

// An Event is one thing that the text says happened.
type Event struct {
	Type         schemas.EventType
	Trigger      Span
	Participants []Participant
	Place        *Slot
	Time         *Interval
	Modality     schemas.Modality
}

// A Participant is somebody's part in an event.
type Participant struct {
	Role string
	Slot
}

// Slice returns the text of s.
func (d *Doc) Slice(s Span) string { return d.Text[s.Start:s.End] }

// Word returns the text of token i.
func (d *Doc) Word(i int) string { return d.Text[d.Tokens[i].Start:d.Tokens[i].End] }

// TokenAt returns the index of the first token that ends after byte offset b;
// len(d.Tokens) if there is none.
func (d *Doc) TokenAt(b int) int {
	lo, hi := 0, len(d.Tokens)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if d.Tokens[mid].End > b {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// SpanOf returns the bytes that the tokens of r cover; r must not be empty.
func (d *Doc) SpanOf(r Range) Span {
	return Span{d.Tokens[r.From].Start, d.Tokens[r.To-1].End}
}
