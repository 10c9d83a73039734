package schemas

// An Extraction is everything the extractor reads out of one article. It
// carries the article, so that nothing else is needed to normalise or replay it.
type Extraction struct {
	SchemaVersion      string      `json:"schema_version"`      // [Version]
	ArticleID          string      `json:"article_id"`          // Article.ID
	ArticleVersion     string      `json:"article_version"`     // Article.Version
	Article            Article     `json:"article"`             // the article itself
	MadeBy             MadeBy      `json:"made_by"`             // the program that read it
	Skipped            string      `json:"skipped,omitempty"`   // why nothing was extracted ("language: fr"); empty if the article was read
	Entities           []Entity    `json:"entities"`            // in order of first mention
	Quantities         []Quantity  `json:"quantities"`          // in order of the text
	HeadlineQuantities []Quantity  `json:"headline_quantities"` // figures that stand in the title only; every offset is into Article.Title
	Numbers            []Number    `json:"numbers"`             // numbers that are no quantity, in order of the text
	Times              []Timex     `json:"times"`               // in order of the text
	Statements         []Statement `json:"statements"`          // in order of the text
	Events             []Event     `json:"events"`              // in order of the text
}

// MadeBy names the program and data that made a record, so that a reader can
// tell a change of the world from a change of the reader.
type MadeBy struct {
	Program string            `json:"program"`          // "claimwire" and its version
	NLP     string            `json:"nlp"`              // the language core: "own" or "prose"
	Models  map[string]string `json:"models,omitempty"` // name of each embedded model or word list to its [SHA256]
}

// A Mention is one occurrence of a name.
type Mention struct {
	Span
	Text string `json:"text"` // the words of the span
}

// An Entity is one named thing with all its mentions in the article.
type Entity struct {
	ID       string     `json:"id"`                // "e0", "e1", … in order of first mention; local to the extraction
	Type     EntityType `json:"type"`              // PER, ORG, LOC, NORP or MISC
	Name     string     `json:"name"`              // the fullest form in the article, without titles
	Key      string     `json:"key,omitempty"`     // the name's canonical key from the gazetteers ("united states"), else its folded form
	Country  string     `json:"country,omitempty"` // ISO 3166-1 alpha-2 code of a place, nationality or organisation; empty if unknown
	Within   []string   `json:"within,omitempty"`  // places: keys of the places that contain it, nearest first; empty if unknown
	Aliases  []string   `json:"aliases,omitempty"` // other forms, from the article and the gazetteers, sorted
	Roles    []string   `json:"roles,omitempty"`   // titles and offices the article gives: "intelligence chief"
	Mentions []Mention  `json:"mentions"`          // in order of the text; at least one
}

// A Slot names somebody or some place that plays a part in a quantity or statement.
type Slot struct {
	Name   string `json:"name"`             // the entity's name, or a short phrase of the text
	Entity string `json:"entity,omitempty"` // Entity.ID; empty if the slot is a phrase
	Start  int    `json:"start"`            // code points: the words that fill the slot
	End    int    `json:"end"`              // code points, exclusive
}

// A Counted is the noun phrase that a quantity counts or measures.
type Counted struct {
	Text  string `json:"text"`  // shortest phrase that identifies it: "aid trucks"
	Head  string `json:"head"`  // its head noun, lower-case singular: "truck"
	Start int    `json:"start"` // code points
	End   int    `json:"end"`   // code points, exclusive
}

// A Rate says per what a quantity is counted.
type Rate struct {
	Name string `json:"name,omitempty"` // what one counts per, as the slots name it: "day", "captive body"
	Text string `json:"text"`           // the words: "daily", "for every captive body"
	Unit string `json:"unit"`           // "day", "month", "year", "share", or the noun: "captive body"
}

// An Interval is an inclusive range of dates.
type Interval struct {
	Start string `json:"start"` // ISO 8601 date prefix; empty if open
	End   string `json:"end"`   // ISO 8601 date prefix; empty if open
}

// An Attribution is one link of the chain of people who pass a figure on.
type Attribution struct {
	Who Slot   `json:"who"` // who says it
	Cue string `json:"cue"` // "said", "according to"
	Span
}

// A Delta is a change in value that a quantity measures or is the result of.
type Delta struct {
	Kind FigureChange `json:"kind"` // rise, fall or level
	From *Decimal     `json:"from"` // value before; null if not said
	To   *Decimal     `json:"to"`   // value after; null if not said
}

// A Quantity is one expression that counts or measures something, as the article
// states it: nothing in it is guessed, and null means "not said".
type Quantity struct {
	Span
	Text        string                `json:"text"`        // the numeral words alone: "1.2 billion", "dozens"
	Phrase      Span                  `json:"phrase"`      // numeral with comparator, currency sign, noun and rate
	Value       *Decimal              `json:"value"`       // null for a range or a vague count
	Min         *Decimal              `json:"min"`         // lower end of a range; lower bound of a vague count
	Max         *Decimal              `json:"max"`         // upper end of a range
	Comparator  Comparator            `json:"comparator"`  // how the figure bounds the true value
	Unit        string                `json:"unit"`        // "count", "percent", "pp", "bp", an ISO 4217 code or a measure code; see units.go
	Counted     *Counted              `json:"counted"`     // what is counted; null if no noun is said
	Per         *Rate                 `json:"per"`         // null if it is no rate
	Category    *Category             `json:"category"`    // what happened to the people counted; null if nothing of the kind
	Measure     string                `json:"measure"`     // id in the measure registry; "other" if it lacks one
	Predicate   string                `json:"predicate"`   // lemma of the verb or noun that governs the figure; empty if none
	Agent       *Slot                 `json:"agent"`       // who did it or whose it is
	Victim      *Slot                 `json:"victim"`      // the named group it happened to
	Place       *Slot                 `json:"place"`       // where
	Time        *Interval             `json:"time"`        // when it happened or held; null if nothing is said
	Modality    Modality              `json:"modality"`    // asserted, required, allowed, planned, possible, negated
	Source      *Slot                 `json:"source"`      // who says it; null if the publisher does
	Attribution []Attribution         `json:"attribution"` // outermost speaker first
	PartOf      *int                  `json:"part_of"`     // index of the quantity of which this is a part; null if none
	Change      *Delta                `json:"change"`      // null if the figure is no change
	Cumulative  bool                  `json:"cumulative"`  // a running total ("since October"): it can only grow
	OriginOf    map[string]SlotOrigin `json:"origin_of"`   // for each slot that is filled: stated or inherited
	Rules       []string              `json:"rules"`       // what fired, in order: "quantity/money"
	Confidence  float64               `json:"confidence"`  // probability that value, noun and category are right, in [0, 1], two decimals
}

// A Number is a number that is no quantity.
type Number struct {
	Span
	Text  string     `json:"text"`  // the words of the span
	Value *Decimal   `json:"value"` // null if it has none (a score, a phone number)
	Kind  NumberKind `json:"kind"`  // what it is instead
}

// A Timex is one time expression (TIMEX3 of ISO-TimeML).
type Timex struct {
	Span
	Text        string      `json:"text"`             // without its preposition
	Type        TimexType   `json:"type"`             // DATE, TIME, DURATION or SET
	Value       string      `json:"value"`            // TIMEX3 value: "2025-11-25", "2025-W48", "P2D", "PRESENT_REF"
	Mod         string      `json:"mod,omitempty"`    // TIMEX3 modifier: START, MID, END, APPROX, BEFORE, AFTER; empty if none
	From        string      `json:"from,omitempty"`   // first day, ISO 8601; empty if it has no place on the calendar
	Until       string      `json:"until,omitempty"`  // last day, inclusive
	Granularity Granularity `json:"granularity"`      // unit that the expression names
	Anchor      string      `json:"anchor,omitempty"` // what it was resolved against: "published", "text", or a date; "unresolved" without any; empty if absolute
	Placed      bool        `json:"placed"`           // false for vague, rolling and decade expressions and "overnight"
	Rules       []string    `json:"rules,omitempty"`  // what read it and what placed it: "timex/weekday", "timex/tense"
}

// A Statement is one attributed content: a quote or reported speech.
type Statement struct {
	Span                    // the content, without cue, speaker and outer quotation marks
	Text      string        `json:"text"`      // the words of the span
	Speaker   *Slot         `json:"speaker"`   // null only if nobody is named or described
	Cue       string        `json:"cue"`       // the reporting word: "said", "according to"
	CueSpan   Span          `json:"cue_span"`  // where it stands
	Mode      StatementMode `json:"mode"`      // direct, indirect or mixed
	Addressee *Slot         `json:"addressee"` // who was told; null if not said
	Rules     []string      `json:"rules"`     // what fired
}

// An Event is one thing that the text says happened, by the PLOVER ontology.
type Event struct {
	Type         EventType     `json:"type"`         // PLOVER type
	Trigger      Mention       `json:"trigger"`      // the word that evokes it
	Participants []Participant `json:"participants"` // who took part, in order of the text
	Place        *Slot         `json:"place"`        // where; null if not said
	Time         *Interval     `json:"time"`         // when; null if not said
	Modality     Modality      `json:"modality"`     // asserted, required, allowed, planned, possible, negated
}

// A Participant is somebody's part in an event.
type Participant struct {
	Role string `json:"role"` // "actor", "recipient", "third party"
	Slot
}
