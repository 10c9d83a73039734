// Package same decides which figures of different articles speak of one thing.
//
// [Compare] is a pure, symmetric function of two mentions: hard vetoes first,
// then an integer score of the evidence. [Cluster] turns the scored pairs into
// groups in which no two mentions veto each other. Neither looks at a clock, at
// the order of arrival or at any third article, so the groups are a function of
// the set of articles alone.
package same

import "github.com/claimwire/claimwire/schemas"

// A Mention is one figure, statement or event of one article, as far as matching goes.
type Mention struct {
	Doc       *Doc
	Index     int    // position among the mentions of the article
	Key       string // total order over all mentions: publication day, article, position
	Statement bool
	Event     bool

	Measure   string
	Dimension schemas.Dimension
	Unit      string
	Axis      schemas.Modality // modality, with negated counted as asserted
	Per       string
	Delta     schemas.FigureChange // empty if the figure is no change
	People    bool                 // counts people to whom something happened
	Head      string               // class of the counted noun; empty if none
	Mods      []string             // words that narrow the noun down, sorted
	Predicate string
	Figure    Figure
	Agent     Party
	Victim    Party
	Place     Place
	Time      Span
	Running   bool   // a running total
	Sentence  [2]int // code points of the sentence quoted
	Source    string // who says it; empty if the publisher does
	Moved     bool   // the figure is one end of a change: "rose from 12 to 16"
	PartOf    int    // Index of the whole that this is a part of; -1 if none

	Marks []Mark // what people decided about it
	Set   uint64 // mentions of one set do not veto each other, as whoever set it knows; 0 for none

	Speaker string   // statements: key of the speaker
	Content []uint32 // statements: hashes of the words said, sorted, unique
	Said    string   // statements: the folded words; events: names those who took part

	Parts  []Part // events: who took part
	Mutual bool   // events: of a type that all do together
}

// counts reports whether the mention is a figure.
func (m *Mention) counts() bool { return !m.Statement && !m.Event }

// A Mark says that a person ruled which mentions are of one thing. Two mentions with
// marks of one review on one side are; on different sides they are not.
type Mark struct {
	Review string // orders the reviews: of two that contradict each other the greater counts
	Side   int    // 0 for a merge; of a split 1 or 2
}

// ruled returns 1 if people put the two mentions together, -1 if they keep them
// apart, 0 if they have said nothing. Nobody can put together what has no common
// unit.
func ruled(a, b *Mention) int {
	if len(a.Marks) == 0 || len(b.Marks) == 0 || a.Statement != b.Statement || a.Event != b.Event || a.Unit != b.Unit {
		return 0
	}
	last, out := "", 0
	for _, m := range a.Marks {
		for _, n := range b.Marks {
			if m.Review != n.Review || m.Review < last {
				continue
			}
			switch {
			case m.Side == 0:
				last, out = m.Review, 1
			case m.Side != n.Side:
				last, out = m.Review, -1
			}
		}
	}
	return out
}

// A Party is a participant. The zero Party is "not said".
type Party struct {
	Key     string   // canonical key of a linked entity; empty for a phrase
	Country string   // ISO 3166-1 alpha-2; empty if unknown
	Words   []string // folded words of the name, sorted
	Firm    bool     // linked and stated by the sentence itself: fit to veto
}

// Known reports whether the text says who.
func (p Party) Known() bool { return p.Key != "" || len(p.Words) > 0 }

// A Place is where something happened. The zero Place is "not said".
type Place struct {
	Key     string
	Sound   string   // its [Spelling]
	Country string   // ISO 3166-1 alpha-2; empty if the gazetteer does not know it
	Within  []string // keys of what contains it
	Nation  bool     // a whole country
	Vague   bool     // the sentence does not say it: taken from the story around
}

// Known reports whether the text says where.
func (p Place) Known() bool { return p.Key != "" }

// A Span is an inclusive range of days, counted from 1970-01-01.
type Span struct {
	From, Until int
	Set         bool
	OpenStart   bool // only an end is said
	OpenEnd     bool // the end follows from the day of publication, or is not said
	Vague       bool // the sentence does not say it: taken from the story around
	Slack       int  // days of uncertainty of From: 0 for a day, 30 for a month
}

// short reports whether the span is one incident rather than a long period.
func (s Span) short() bool { return s.Set && !s.OpenStart && s.Slack == 0 && s.Until-s.From <= 7 }
