package schemas

import "strings"

// A Claim is one proposition with one value, and every place where it was
// printed. Nothing in it depends on a clock or on the order of arrival: the same
// articles in any order give the same bytes.
type Claim struct {
	SchemaVersion string    `json:"schema_version"` // [Version]
	ID            string    `json:"id"`             // names the series, the normalised interval and the polarity
	SeriesID      string    `json:"series_id"`      // the same proposition with the value left open
	Kind          ClaimKind `json:"kind"`           // quantity, statement or event
	Measure       string    `json:"measure"`        // id in the measure registry: "person-killed", "statement"
	Predicate     string    `json:"predicate"`      // lemma of the governing word; empty if none
	Tier          Tier      `json:"tier"`           // reportable or candidate
	Stability     Stability `json:"stability"`      // provisional or final
	MadeBy        MadeBy    `json:"made_by"`        // the program that read the texts
	Text          string    `json:"text"`           // one sentence that renders the claim, made of its slots

	Value      *Decimal              `json:"value"`      // null for a range, a vague count or a statement
	Min        *Decimal              `json:"min"`        // lower end of a range or bound of a vague count
	Max        *Decimal              `json:"max"`        // upper end of a range
	Comparator Comparator            `json:"comparator"` // "exact" for statements and events
	Unit       string                `json:"unit"`       // as in Quantity; "count" for statements and events
	Counted    string                `json:"counted"`    // canonical noun phrase: "aid truck"; empty if none
	Per        string                `json:"per"`        // unit of a rate: "day"; empty if it is no rate
	Category   *Category             `json:"category"`   // null if none
	Agent      *ClaimEntity          `json:"agent"`      // who did it; null if not said
	Victim     *ClaimEntity          `json:"victim"`     // the named group it happened to
	Place      *ClaimPlace           `json:"place"`      // where it happened
	Time       *Interval             `json:"time"`       // when it happened or held
	Modality   Modality              `json:"modality"`   // a denied claim is "negated"
	Sources    []ClaimEntity         `json:"sources"`    // everybody that the citations attribute it to, sorted by id; empty if only the publishers say it
	Cumulative bool                  `json:"cumulative"` // a running total
	OriginOf   map[string]SlotOrigin `json:"origin_of"`  // for each filled slot: stated if any citation states it
	Change     *Delta                `json:"change"`     // the rise or fall that the figure measures or results from; null if it is no change

	EventType    EventType          `json:"event_type,omitempty"` // events: the PLOVER type; absent otherwise
	Participants []ClaimParticipant `json:"participants"`         // events: who took part, sorted by role, id; empty otherwise

	Speaker *ClaimEntity   `json:"speaker"` // statements: who says it; null otherwise
	Mode    *StatementMode `json:"mode"`    // statements: direct, indirect or mixed; null otherwise
	Content string         `json:"content"` // statements: what is said; empty otherwise

	Citations     []Citation    `json:"citations"`      // sorted by published_at, article_id, start; at least one
	CitationCount int           `json:"citation_count"` // all of them: a Change carries at most 20
	Corroboration Corroboration `json:"corroboration"`  // how many repeat it, counted without the limit on citations
	FirstSeen     string        `json:"first_seen"`     // least published_at of the citations
	LastSeen      string        `json:"last_seen"`      // greatest published_at of the citations
	Relations     []Relation    `json:"relations"`      // sorted by type, claim
	Confidence    Confidence    `json:"confidence"`     // how sure the reading is
	ReplacedBy    []string      `json:"replaced_by"`    // claims that took this one's place; empty for a living claim
}

// A ClaimEntity is a person, organisation or group in canonical form.
type ClaimEntity struct {
	ID      string     `json:"id"`                // names the entity across articles; empty for a phrase that names nobody
	Name    string     `json:"name"`              // fullest name seen, or the phrase
	Type    EntityType `json:"type,omitempty"`    // empty for a phrase
	Country string     `json:"country,omitempty"` // ISO 3166-1 alpha-2
}

// A ClaimAttribution is one link of the chain of people who pass a claim on: a
// publisher prints that an agency said it, citing a ministry.
type ClaimAttribution struct {
	Who ClaimEntity `json:"who"` // who says it, or is quoted for it
	Cue string      `json:"cue"` // the words that say so: "said", "according to", "citing"; empty if there are none
}

// A ClaimParticipant is somebody's part in an event claim.
type ClaimParticipant struct {
	Role   string      `json:"role"`   // as in [Participant]
	Entity ClaimEntity `json:"entity"` // who it is
}

// TookPart names those who took part in an event in one role, in order, joined by
// "; "; empty if nobody did, or if the claim is no event.
func (c *Claim) TookPart(role string) string {
	var names []string
	for i := range c.Participants {
		if p := &c.Participants[i]; p.Role == role {
			names = append(names, p.Entity.Name)
		}
	}
	return strings.Join(names, "; ")
}

// A ClaimPlace is a place in canonical form.
type ClaimPlace struct {
	ID      string   `json:"id"`                // names the place across articles
	Name    string   `json:"name"`              // fullest name seen
	Country string   `json:"country,omitempty"` // ISO 3166-1 alpha-2
	Path    []string `json:"path"`              // ids of the places that contain it, nearest first; empty if unknown
}

// A Citation is the proof of a claim: exact words of the stored article text.
// text[start:end] == quote.exact always, and the figure lies inside the quote.
type Citation struct {
	ArticleID      string             `json:"article_id"`            // Article.ID
	ArticleVersion string             `json:"article_version"`       // Article.Version
	URL            string             `json:"url"`                   // canonical URL, else the one fetched; empty if the article has none
	Publisher      Publisher          `json:"publisher"`             // who published the article
	PublishedAt    string             `json:"published_at"`          // as in Article
	Origin         string             `json:"origin"`                // names the text it comes from: copies of one wire text share it
	Support        int                `json:"support"`               // Paragraph.Support of the paragraph quoted
	Field          TextField          `json:"field"`                 // what the offsets point into: text, or title for a headline figure
	Start          int                `json:"start"`                 // = quote.start
	End            int                `json:"end"`                   // = quote.end
	Quote          Quote              `json:"quote"`                 // the words, and a few around them
	Figure         *Span              `json:"figure"`                // the numeral; null for statements and events
	Words          *Span              `json:"words,omitempty"`       // what is said, of a statement; the trigger, of an event; absent for a figure
	Source         *ClaimEntity       `json:"source"`                // who is quoted for it here; null if the publisher says it
	Attribution    []ClaimAttribution `json:"attribution,omitempty"` // by whom it came to the publisher, outermost speaker first; absent if the publisher says it
	TextSHA256     string             `json:"text_sha256"`           // of the field quoted
}

// Anchor returns the words that a review of the citation's claim is tied to: the
// numeral, what is said or the trigger, else the whole quote.
func (c *Citation) Anchor() Anchor {
	a := Anchor{ArticleID: c.ArticleID, TextSHA256: c.TextSHA256, Span: c.Quote.Span}
	switch {
	case c.Figure != nil:
		a.Span = *c.Figure
	case c.Words != nil:
		a.Span = *c.Words
	}
	return a
}

// PassedOn puts the attribution into one line, outermost speaker first: "Interport
// (according to); prison service (cited)"; empty if the publisher says it.
func (c *Citation) PassedOn() string {
	links := make([]string, len(c.Attribution))
	for i, a := range c.Attribution {
		if links[i] = a.Who.Name; a.Cue != "" {
			links[i] += " (" + a.Cue + ")"
		}
	}
	return strings.Join(links, "; ")
}

// A Quote is a W3C TextQuoteSelector with its position.
type Quote struct {
	Exact  string `json:"exact"`  // the words quoted
	Prefix string `json:"prefix"` // up to 32 code points before
	Suffix string `json:"suffix"` // up to 32 code points after
	Span
}

// Corroboration counts who repeats a claim. Only publishers and origins may be
// called independent, and origins alone when copies are known.
type Corroboration struct {
	Mentions   int `json:"mentions"`   // citations
	Articles   int `json:"articles"`   // distinct articles
	Texts      int `json:"texts"`      // distinct texts
	Publishers int `json:"publishers"` // distinct publishers
	Origins    int `json:"origins"`    // distinct origins of text
}

// A Relation ties a claim to another one.
type Relation struct {
	Type  RelationType `json:"type"`  // how the other claim relates to this one
	Claim string       `json:"claim"` // Claim.ID
}

// Confidence holds probabilities in [0, 1], two decimals each. None of them says
// that a claim is true, only that the texts say it.
type Confidence struct {
	Extraction  float64 `json:"extraction"`  // the words were read rightly: the best citation counts
	Linking     float64 `json:"linking"`     // the citations speak of one thing
	Attribution float64 `json:"attribution"` // the sources are the right ones
}

// A Series is one proposition with the value left open, and its history.
type Series struct {
	SchemaVersion string        `json:"schema_version"` // [Version]
	ID            string        `json:"id"`             // names the smallest key of its members
	Kind          ClaimKind     `json:"kind"`           // quantity, statement or event
	Measure       string        `json:"measure"`        // id in the measure registry
	Text          string        `json:"text"`           // renders the proposition: "people killed in Gaza by Israel"
	Unit          string        `json:"unit"`           // as in Quantity
	Counted       string        `json:"counted"`        // as in Claim
	Per           string        `json:"per"`            // as in Claim
	Category      *Category     `json:"category"`       // as in Claim
	Agent         *ClaimEntity  `json:"agent"`          // as in Claim
	Victim        *ClaimEntity  `json:"victim"`         // as in Claim
	Place         *ClaimPlace   `json:"place"`          // the widest of its claims
	Time          *Interval     `json:"time"`           // the hull of its claims' times; null if none has one
	Modality      Modality      `json:"modality"`       // as in Claim; a denial joins the series it denies
	Cumulative    bool          `json:"cumulative"`     // a running total
	Stability     Stability     `json:"stability"`      // final once every claim of it is
	Points        []SeriesPoint `json:"points"`         // one a claim, sorted by as_of, claim
	PointCount    int           `json:"point_count"`    // all of them: a Change carries at most 200
	Envelope      Envelope      `json:"envelope"`       // least and greatest figure, by origin
	Conflicts     []Conflict    `json:"conflicts"`      // sorted
	Preferred     *Preferred    `json:"preferred"`      // null if every claim of it is denied or withdrawn
	FirstSeen     string        `json:"first_seen"`     // least of its claims
	LastSeen      string        `json:"last_seen"`      // greatest of its claims
}

// A SeriesPoint is one claim of a series.
type SeriesPoint struct {
	Claim      string     `json:"claim"`      // Claim.ID
	AsOf       string     `json:"as_of"`      // the day the figure stood: that of its newest origin, by the first print of each; a reprint of an old text makes no figure new
	Value      *Decimal   `json:"value"`      // as in Claim
	Min        *Decimal   `json:"min"`        // as in Claim
	Max        *Decimal   `json:"max"`        // as in Claim
	Comparator Comparator `json:"comparator"` // as in Claim
	Modality   Modality   `json:"modality"`   // as in Claim
	Tier       Tier       `json:"tier"`       // as in Claim
	Origins    []string   `json:"origins"`    // sorted
	Superseded bool       `json:"superseded"` // a newer figure stands
}

// An Envelope spans all figures of a series.
type Envelope struct {
	Min     *Decimal        `json:"min"`     // null if unbounded or no figure
	Max     *Decimal        `json:"max"`     // null if unbounded or no figure
	Origins []OriginFigures `json:"origins"` // sorted by origin
}

// OriginFigures is the range of figures that one origin gave.
type OriginFigures struct {
	Origin string   `json:"origin"` // as in Citation
	Min    *Decimal `json:"min"`    // least; null if unbounded
	Max    *Decimal `json:"max"`    // greatest; null if unbounded
}

// A Conflict is a pair of claims that cannot both be true.
type Conflict struct {
	Claims [2]string `json:"claims"` // Claim.ID, sorted
	AsOf   string    `json:"as_of"`  // the later of the two days
}

// Preferred is the figure a reader would be shown first, and why.
type Preferred struct {
	Claim  string `json:"claim"`  // Claim.ID
	Policy string `json:"policy"` // "latest-most-origins"
}
