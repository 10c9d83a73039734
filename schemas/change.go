package schemas

import "time"

// A Change is one event in the life of a claim, the record of the CLAIMS stream.
type Change struct {
	SchemaVersion string     `json:"schema_version"` // [Version]
	ID            string     `json:"id"`             // names claim, kind, revision and cause: the same event always has the same id
	Change        ChangeKind `json:"change"`         // what happened
	Revision      int        `json:"revision"`       // how many changes of this claim the normalizer has announced, this one included
	KnownAt       string     `json:"known_at"`       // when the cause was known: fetched_at, else published_at, of the article; time of the review; watermark of a finalization
	Cause         Cause      `json:"cause"`          // what brought it about
	Country       string     `json:"country"`        // the subject's country token: ISO 3166-1 alpha-2 or "--"
	Claim         Claim      `json:"claim"`          // after the change; of more than [MaxChangeCitations] citations it has the newest and those of the cause
	Series        *Series    `json:"series"`         // the claim's series after the change, with at most [MaxChangePoints] points, the newest; null if it has none left
	More          string     `json:"more"`           // path of the claim on the HTTP API, where all citations are; empty if all are here
}

// A ChangeHead is what goes with a Change beside its body: where it is published and
// what it is about.
type ChangeHead struct {
	ID      string
	Change  ChangeKind
	KnownAt string
	Subject string      // see [ClaimSubject]
	Claim   string      // Claim.ID
	Article *ArticleRef // nil if no article caused it
}

// Head returns what goes with c.
func (c *Change) Head() ChangeHead {
	return ChangeHead{ID: c.ID, Change: c.Change, KnownAt: c.KnownAt, Subject: ClaimSubject(c), Claim: c.Claim.ID, Article: c.Cause.Article}
}

// How much of a claim a Change carries: the newest citations and series points,
// those of the cause always among them. A finalization carries all citations, and so
// does a change that moved some between claims or that no article caused, up to MaxWholeCitations: who follows
// the changes then knows them all.
const (
	MaxChangeCitations = 20
	MaxWholeCitations  = 2000
	MaxChangePoints    = 200
)

// A Cause says what brought a change about. Exactly one of the first three is set.
type Cause struct {
	Article   *ArticleRef `json:"article"`   // an article or a new version of it
	Review    string      `json:"review"`    // Review.ID; empty if none
	Watermark string      `json:"watermark"` // the watermark that passed; empty if none
	Claims    []string    `json:"claims"`    // other claims involved: the new figure of a superseded claim, the rival of a conflicted one
}

// An ArticleRef names one version of an article.
type ArticleRef struct {
	ID      string `json:"id"`      // Article.ID
	Version string `json:"version"` // Article.Version
}

// A Review is a person's decision about a claim, an input of the normalizer. It
// is anchored to the text, so that it survives a replay and better models.
type Review struct {
	SchemaVersion string       `json:"schema_version"`    // [Version]
	ID            string       `json:"id"`                // names who, when and what: the same decision always has the same id
	At            time.Time    `json:"at"`                // when it was decided
	By            string       `json:"by"`                // who decided
	Why           string       `json:"why"`               // the reason, for people
	Action        ReviewAction `json:"action"`            // what is to be done
	Kind          ClaimKind    `json:"kind,omitempty"`    // what the words of its anchors are; absent: a figure
	Anchor        Anchor       `json:"anchor"`            // the words it is about; zero for a block or a merge
	Anchors       []Anchor     `json:"anchors,omitempty"` // merge: words of all claims involved; split: those that Anchor is kept apart from; empty if Claims alone says so
	Slot          string       `json:"slot"`              // fix: the slot's name
	Value         any          `json:"value"`             // fix: its value, as the slot's JSON
	Claims        []string     `json:"claims"`            // merge, split: the claims involved, as ids at the time of the review
	Source        string       `json:"source"`            // block: publisher domain or entity id
	Purge         *Purge       `json:"purge,omitempty"`   // purge: what is erased; absent otherwise
}

// An Anchor ties a review to words of an article.
type Anchor struct {
	ArticleID  string `json:"article_id"`  // Article.ID
	TextSHA256 string `json:"text_sha256"` // of the text that the span is in; empty if the review has no anchor
	Span
}

// MaxDeadRecord is how many bytes of a record a DeadLetter keeps.
const MaxDeadRecord = 64 << 10

// A DeadLetter is a record that a stage could not process, with the reason.
type DeadLetter struct {
	SchemaVersion string    `json:"schema_version"` // [Version]
	ID            string    `json:"id"`             // names stage and record
	Stage         StageName `json:"stage"`          // the stage that gave it up
	Reason        string    `json:"reason"`         // the error, for people
	Attempts      int       `json:"attempts"`       // how often it was tried
	At            time.Time `json:"at"`             // when it was given up
	URL           string    `json:"url"`            // page or feed; empty if it was not about one
	Subject       string    `json:"subject"`        // where the record came from; empty outside the bus
	Sequence      uint64    `json:"sequence"`       // stream sequence of the record; 0 outside the bus
	Size          int       `json:"size"`           // bytes of the whole record
	SHA256        string    `json:"sha256"`         // of the whole record
	Record        []byte    `json:"record"`         // its first [MaxDeadRecord] bytes, base 64
}
