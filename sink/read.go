package sink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/claimwire/claimwire/schemas"
)

// ErrNotFound is matched by the error of a read for an id that was never stored.
var ErrNotFound = errors.New("not found")

// ErrQuery is matched by the error of a read whose [Query] makes no sense.
var ErrQuery = errors.New("bad query")

// A GoneError says that a stream no longer keeps the records asked for.
type GoneError struct {
	First uint64 // oldest sequence that is still kept; 0 if nothing is
}

// Error implements error.
func (e *GoneError) Error() string {
	return fmt.Sprintf("no longer kept: the oldest record has sequence %d", e.First)
}

// A State says whether a claim still stands. Every claim ever stored keeps its
// row, whatever becomes of it.
type State string

// States of a claim.
const (
	Living    State = "living"    // it stands; it may be superseded by a newer figure
	Replaced  State = "replaced"  // merged or split: see Claim.ReplacedBy
	Withdrawn State = "withdrawn" // no article says it any more
	Retracted State = "retracted" // a correction or a review took it back
)

// States lists every State.
var States = []State{Living, Replaced, Withdrawn, Retracted}

// StateAfter returns the state of a claim after a change, given the one before
// ("" for a new claim). Changes that only say something about a claim, such as
// finalized, leave its state alone.
func StateAfter(before State, c *schemas.Change) State {
	switch c.Change {
	case schemas.ChangeMerged, schemas.ChangeSplit:
		return Replaced
	case schemas.ChangeWithdrawn:
		return Withdrawn
	case schemas.ChangeRetracted:
		return Retracted
	}
	switch {
	case len(c.Claim.ReplacedBy) > 0:
		return Replaced
	case before == "", c.Change == schemas.ChangeAsserted, c.Change == schemas.ChangeCorroborated, c.Change == schemas.ChangeRevised:
		return Living
	}
	return before
}

// A Claim is a stored claim with what its last change said about it. Its JSON
// is the claim's own with the further fields added.
type Claim struct {
	Record   schemas.Claim
	State    State
	Country  string             // country token of the last change: ISO 3166-1 alpha-2 or "--"
	Change   schemas.ChangeKind // last change
	Revision int                // changes so far
	KnownAt  string             // when the last change was known
	Sequence uint64             // sequence of the last change in CLAIMS
}

// claimFacts is what the JSON of a Claim adds to its record.
type claimFacts struct {
	State    State              `json:"state"`
	Country  string             `json:"country"`
	Change   schemas.ChangeKind `json:"last_change"`
	Revision int                `json:"revision"`
	KnownAt  string             `json:"known_at"`
	Sequence uint64             `json:"changed_at"`
}

// MarshalJSON implements [json.Marshaler].
func (c Claim) MarshalJSON() ([]byte, error) { return c.AppendJSON(nil) }

// AppendJSON appends the claim as JSON, the bytes of MarshalJSON: lists have many,
// and going through encoding/json would look through each again.
func (c *Claim) AppendJSON(b []byte) ([]byte, error) {
	facts, err := json.Marshal(claimFacts{c.State, c.Country, c.Change, c.Revision, c.KnownAt, c.Sequence})
	if err != nil {
		return b, err
	}
	b = c.Record.AppendJSON(b)
	b[len(b)-1] = ','
	return append(b, facts[1:]...), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (c *Claim) UnmarshalJSON(b []byte) error {
	var f claimFacts
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*c = Claim{State: f.State, Country: f.Country, Change: f.Change, Revision: f.Revision, KnownAt: f.KnownAt, Sequence: f.Sequence}
	return json.Unmarshal(b, &c.Record)
}

// A ClaimPage is one page of a list of claims.
type ClaimPage struct {
	Items    []Claim `json:"items"`
	Next     string  `json:"next"`     // cursor of the next page; empty at the end
	Sequence uint64  `json:"sequence"` // CLAIMS sequence that the page is true for: follow the stream from it
}

// AppendJSON appends the page as JSON, the bytes of [json.Marshal].
func (p *ClaimPage) AppendJSON(b []byte) ([]byte, error) {
	var err error
	b = append(b, `{"items":[`...)
	for i := range p.Items {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = p.Items[i].AppendJSON(b); err != nil {
			return b, err
		}
	}
	return appendEnd(b, p.Next, p.Sequence)
}

// AppendJSON appends the page as JSON, the bytes of [json.Marshal].
func (p *SeriesPage) AppendJSON(b []byte) ([]byte, error) {
	b = append(b, `{"items":[`...)
	for i := range p.Items {
		if i > 0 {
			b = append(b, ',')
		}
		b = p.Items[i].AppendJSON(b)
	}
	return appendEnd(b, p.Next, p.Sequence)
}

// appendEnd appends what follows the items of a page.
func appendEnd(b []byte, next string, sequence uint64) ([]byte, error) {
	quoted, err := json.Marshal(next)
	if err != nil {
		return b, err
	}
	b = append(append(b, `],"next":`...), quoted...)
	b = strconv.AppendUint(append(b, `,"sequence":`...), sequence, 10)
	return append(b, '}'), nil
}

// A SeriesPage is one page of a list of series.
type SeriesPage struct {
	Items    []schemas.Series `json:"items"`
	Next     string           `json:"next"`
	Sequence uint64           `json:"sequence"`
}

// An Event is one change of a claim, as its history shows it.
type Event struct {
	Sequence uint64             `json:"sequence"` // in CLAIMS
	ID       string             `json:"id"`       // Change.ID
	Change   schemas.ChangeKind `json:"change"`
	ClaimID  string             `json:"claim"`
	SeriesID string             `json:"series"`
	Revision int                `json:"revision"`
	KnownAt  string             `json:"known_at"`
	Cause    schemas.Cause      `json:"cause"`
}

// Stats counts what a store holds.
type Stats struct {
	Articles   int               `json:"articles"`   // distinct pages
	Claims     int               `json:"claims"`     // living claims
	Reportable int               `json:"reportable"` // living claims of tier reportable
	Replaced   int               `json:"replaced"`
	Withdrawn  int               `json:"withdrawn"`
	Retracted  int               `json:"retracted"`
	Citations  int               `json:"citations"`
	Series     int               `json:"series"`
	Publishers int               `json:"publishers"` // of articles, by domain
	Measures   []Count           `json:"measures"`   // of living claims, most frequent first
	Countries  []Count           `json:"countries"`  // of living claims, most frequent first
	LastSeen   string            `json:"last_seen"`  // greatest published_at of all claims
	Positions  map[string]uint64 `json:"positions"`  // greatest sequence stored of each stream
}

// A Count is a value and how often it occurs.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// A Source is a publisher, as its articles name it.
type Source struct {
	Domain   string `json:"domain"`   // empty if unknown
	Name     string `json:"name"`     // as its newest article has it
	Articles int    `json:"articles"` // distinct pages
	Claims   int    `json:"claims"`   // living claims that cite it
	LastSeen string `json:"last_seen"`
}

// An Entity is somebody or some place that plays a part in claims.
type Entity struct {
	ID     string   `json:"id"`     // as in ClaimEntity and ClaimPlace
	Name   string   `json:"name"`   // the longest form in its claims
	Roles  []string `json:"roles"`  // parts it plays, sorted: agent, participant, place, source, speaker, victim
	Claims int      `json:"claims"` // in which it plays one, whatever became of them
}

// An EntityDetail is an Entity with all that claims call it.
type EntityDetail struct {
	Entity
	Aliases []string `json:"aliases"` // every form in its claims, the most frequent first
	Parts   []Count  `json:"parts"`   // how often it plays each of its roles
}

// A Reader answers questions about stored claims. Its methods may be used from
// several goroutines, also while the store is written to: each answer is
// consistent in itself and true for the sequence it names.
type Reader interface {
	// Claims returns the claims that q selects, those published last first. A
	// query that makes no sense gives an error that matches ErrQuery.
	Claims(ctx context.Context, q Query) (*ClaimPage, error)

	// Claim returns one claim with all its citations, in whatever state; the
	// error matches ErrNotFound if there never was one.
	Claim(ctx context.Context, id string) (*Claim, uint64, error)

	// SeriesList returns the series that have a claim which q selects, those
	// published last first; with KnownAt both are as they were known then.
	SeriesList(ctx context.Context, q Query) (*SeriesPage, error)

	// Series returns one series with all its points; the error matches ErrNotFound if there never was one.
	Series(ctx context.Context, id string) (*schemas.Series, uint64, error)

	// Events returns the changes of a claim, or of all claims of a series, oldest first.
	Events(ctx context.Context, id string) ([]Event, error)

	// Retracted names the claims of some series that were taken back and not asserted
	// again, as far as was known at a time; "" for now.
	Retracted(ctx context.Context, series []string, knownAt string) (map[string]bool, error)

	// Article returns a version of an article, the one stored last if version
	// is empty; the error matches ErrNotFound if there is none.
	Article(ctx context.Context, id, version string) (*schemas.Article, error)

	// Articles returns the articles that q selects, in the versions stored last, those
	// published last first. A query that makes no sense gives an error that matches ErrQuery.
	Articles(ctx context.Context, q ArticleQuery) (*ArticlePage, error)

	// Sources lists the publishers, those with the most articles first.
	Sources(ctx context.Context) ([]Source, error)

	// Entities lists the entities and places whose name begins with prefix,
	// without case and accents, those with the most claims first: at most limit.
	Entities(ctx context.Context, prefix string, limit int) ([]Entity, error)

	// Entity returns one entity or place; the error matches ErrNotFound if no claim names it.
	Entity(ctx context.Context, id string) (*EntityDetail, error)

	// Reviews returns the reviews that are stored of those with these ids, in their order.
	Reviews(ctx context.Context, ids []string) ([]schemas.Review, error)

	// ReviewsOf returns the merges and splits that name a claim, in their order. They
	// need not have changed it: of two claims that are taken apart one may stay.
	ReviewsOf(ctx context.Context, claim string) ([]schemas.Review, error)

	// Stats counts what is stored.
	Stats(ctx context.Context) (*Stats, error)

	// Position is as in [Sink].
	Position(ctx context.Context, stream string) (uint64, error)
}
