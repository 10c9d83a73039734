package schemas

// The closed lists of values. A value that is not listed here never appears in
// a record; adding one is a change that readers must be ready for, removing one
// changes [Version].

// An EntityType is the kind of thing a name names.
type EntityType string

// Entity types.
const (
	Person       EntityType = "PER"  // people
	Organisation EntityType = "ORG"  // organisations, armed groups, parties, companies, media
	Location     EntityType = "LOC"  // countries, cities, regions, buildings, seas
	Group        EntityType = "NORP" // nationality, religious, ethnic and political adjectives and nouns
	Misc         EntityType = "MISC" // named events, laws, products, works
)

// EntityTypes lists every EntityType.
var EntityTypes = []EntityType{Person, Organisation, Location, Group, Misc}

// A Comparator says how a figure bounds the true value.
type Comparator string

// Comparators.
const (
	Exact    Comparator = "exact"     // none said
	AtLeast  Comparator = "at_least"  // at least, no fewer than, or more; every vague count
	MoreThan Comparator = "more_than" // more than, over, exceeding
	AtMost   Comparator = "at_most"   // at most, no more than, up to, as many as
	LessThan Comparator = "less_than" // less than, fewer than, under, below
	About    Comparator = "about"     // about, around, some, nearly, almost, an estimated
	Between  Comparator = "between"   // a range: min and max are set
)

// Comparators lists every Comparator.
var Comparators = []Comparator{Exact, AtLeast, MoreThan, AtMost, LessThan, About, Between}

// A Category says what happened to the people counted.
type Category string

// Categories. The empty category means that nothing of the kind is said; it is
// null in JSON.
const (
	Killed    Category = "killed"
	Injured   Category = "injured"
	Missing   Category = "missing"
	Displaced Category = "displaced"
	Evacuated Category = "evacuated"
	Detained  Category = "detained"
	Abducted  Category = "abducted"
	Released  Category = "released"
	Rescued   Category = "rescued"
	Infected  Category = "infected"
)

// Categories lists every Category.
var Categories = []Category{Killed, Injured, Missing, Displaced, Evacuated, Detained, Abducted, Released, Rescued, Infected}

// A Modality says in which sense the text puts a figure or an event forward.
type Modality string

// Modalities.
const (
	Asserted Modality = "asserted" // stated as fact
	Required Modality = "required" // should, agreed to, supposed to, must
	Allowed  Modality = "allowed"  // is allowed, may enter under the terms; a permission, not an event
	Planned  Modality = "planned"  // will, is to, plans, expected to
	Possible Modality = "possible" // may, could, feared, alleged to
	Negated  Modality = "negated"  // denied, did not
)

// Modalities lists every Modality.
var Modalities = []Modality{Asserted, Required, Allowed, Planned, Possible, Negated}

// A NumberKind says what a number that is no quantity is.
type NumberKind string

// Number kinds.
const (
	Age      NumberKind = "age"      // "34-year-old", "aged 6"; value in years
	Ordinal  NumberKind = "ordinal"  // "second", "22nd"
	Score    NumberKind = "score"    // "3-1" of a match; no value
	Clock    NumberKind = "clock"    // "14:30", "9 a.m."; no value
	Year     NumberKind = "year"     // "2023"
	Duration NumberKind = "duration" // "two years"; value in the unit of the text
	DateNum  NumberKind = "date"     // a number inside a date: "October 10"
	Label    NumberKind = "label"    // flight, model, law, resolution, route, page: "Resolution 242", "F-16"
	Phone    NumberKind = "phone"    // telephone number
	Listing  NumberKind = "list"     // the numbering of a list
	Pronoun  NumberKind = "pronoun"  // "one" that counts nothing
)

// NumberKinds lists every NumberKind.
var NumberKinds = []NumberKind{Age, Ordinal, Score, Clock, Year, Duration, DateNum, Label, Phone, Listing, Pronoun}

// A TimexType is the type of a time expression by TIMEX3 (ISO-TimeML).
type TimexType string

// TIMEX3 types.
const (
	TimexDate     TimexType = "DATE"
	TimexTime     TimexType = "TIME"
	TimexDuration TimexType = "DURATION"
	TimexSet      TimexType = "SET"
)

// TimexTypes lists every TimexType.
var TimexTypes = []TimexType{TimexDate, TimexTime, TimexDuration, TimexSet}

// A Granularity is the size of the calendar unit a time expression names.
type Granularity string

// Granularities.
const (
	Minute  Granularity = "minute"
	Hour    Granularity = "hour"
	Day     Granularity = "day"
	Week    Granularity = "week"
	Weekend Granularity = "weekend"
	Month   Granularity = "month"
	Quarter Granularity = "quarter"
	Season  Granularity = "season"
	YearGr  Granularity = "year"
	Decade  Granularity = "decade"
	Century Granularity = "century"
	NoGrain Granularity = "none" // vague: "recently"
)

// Granularities lists every Granularity.
var Granularities = []Granularity{Minute, Hour, Day, Week, Weekend, Month, Quarter, Season, YearGr, Decade, Century, NoGrain}

// A StatementMode says how somebody's words are given.
type StatementMode string

// Statement modes.
const (
	Direct   StatementMode = "direct"   // inside quotation marks
	Indirect StatementMode = "indirect" // reported speech
	Mixed    StatementMode = "mixed"    // reported speech with quoted parts
)

// StatementModes lists every StatementMode.
var StatementModes = []StatementMode{Direct, Indirect, Mixed}

// A SlotOrigin says whether the sentence itself fills a slot.
type SlotOrigin string

// Slot origins.
const (
	Stated    SlotOrigin = "stated"    // the clause or sentence says it
	Inherited SlotOrigin = "inherited" // taken from the sentence before or from the incident under report
)

// SlotOrigins lists every SlotOrigin.
var SlotOrigins = []SlotOrigin{Stated, Inherited}

// A FigureChange says what kind of change a quantity measures.
type FigureChange string

// Figure changes.
const (
	Rise  FigureChange = "rise"  // the quantity is the amount of a rise
	Fall  FigureChange = "fall"  // the quantity is the amount of a fall
	Level FigureChange = "level" // the quantity is the level reached by a change
)

// FigureChanges lists every FigureChange.
var FigureChanges = []FigureChange{Rise, Fall, Level}

// A PublishedSource says where a publication date was found.
type PublishedSource string

// Sources of a publication date.
const (
	FromFeed   PublishedSource = "feed"
	FromJSONLD PublishedSource = "json-ld"
	FromMeta   PublishedSource = "meta"
	FromURL    PublishedSource = "url"
	FromText   PublishedSource = "text"
	FromNone   PublishedSource = "none" // no date found, or given without saying
)

// PublishedSources lists every PublishedSource.
var PublishedSources = []PublishedSource{FromFeed, FromJSONLD, FromMeta, FromURL, FromText, FromNone}

// A TextForm says how an article's text came to its present form.
type TextForm string

// Text forms.
const (
	Readable1 TextForm = "readable-1" // fetcher/readable: NFC, paragraphs joined by one line feed, other white space folded to one space
	AsGiven   TextForm = "as-given"   // exactly as an Article record brought it
)

// TextForms lists every TextForm.
var TextForms = []TextForm{Readable1, AsGiven}

// Ternary is yes, no or unknown.
type Ternary string

// Ternary values.
const (
	Yes     Ternary = "yes"
	No      Ternary = "no"
	Unknown Ternary = "unknown"
)

// Ternaries lists every Ternary.
var Ternaries = []Ternary{Yes, No, Unknown}

// A ClaimKind is the kind of proposition a claim makes.
type ClaimKind string

// Claim kinds.
const (
	QuantityClaim  ClaimKind = "quantity"
	StatementClaim ClaimKind = "statement"
	EventClaim     ClaimKind = "event"
)

// ClaimKinds lists every ClaimKind.
var ClaimKinds = []ClaimKind{QuantityClaim, StatementClaim, EventClaim}

// A Tier says whether a claim may be shown to a desk without being asked for.
type Tier string

// Tiers.
const (
	Reportable Tier = "reportable" // precise enough for alerts and desks
	Candidate  Tier = "candidate"  // kept and citable, shown on request
)

// Tiers lists every Tier.
var Tiers = []Tier{Reportable, Candidate}

// A Stability says whether later articles can still change a claim.
type Stability string

// Stabilities.
const (
	Provisional Stability = "provisional" // ahead of the watermark
	Final       Stability = "final"       // behind it: only an announced merge or split changes it
)

// Stabilities lists every Stability.
var Stabilities = []Stability{Provisional, Final}

// A TextField names the part of an article that a span points into.
type TextField string

// Text fields.
const (
	InText  TextField = "text"
	InTitle TextField = "title"
)

// TextFields lists every TextField.
var TextFields = []TextField{InText, InTitle}

// A RelationType relates one claim to another.
type RelationType string

// Relation types.
const (
	ContrastsWith  RelationType = "contrastsWith"  // two modalities of one topic: required 600, allowed 200
	PartOf         RelationType = "partOf"         // a sub-count of the other claim
	CompatibleWith RelationType = "compatibleWith" // both can be true: at least 342, 350
	ConflictsWith  RelationType = "conflictsWith"  // both cannot be true at one time
)

// RelationTypes lists every RelationType.
var RelationTypes = []RelationType{ContrastsWith, PartOf, CompatibleWith, ConflictsWith}

// A ChangeKind says what happened to a claim.
type ChangeKind string

// Change kinds.
const (
	ChangeAsserted     ChangeKind = "asserted"     // first citation of the claim
	ChangeCorroborated ChangeKind = "corroborated" // one more citation
	ChangeRevised      ChangeKind = "revised"      // the same article, edited, gives another figure
	ChangeSuperseded   ChangeKind = "superseded"   // a newer figure stands for the same thing
	ChangeConflicted   ChangeKind = "conflicted"   // another figure for the same time cannot be true together with it
	ChangeMerged       ChangeKind = "merged"       // joined into another claim: see replaced_by
	ChangeSplit        ChangeKind = "split"        // taken apart: see replaced_by
	ChangeFinalized    ChangeKind = "finalized"    // the watermark has passed it
	ChangeWithdrawn    ChangeKind = "withdrawn"    // the article no longer says it
	ChangeRetracted    ChangeKind = "retracted"    // an explicit correction or a review took it back
)

// ChangeKinds lists every ChangeKind.
var ChangeKinds = []ChangeKind{
	ChangeAsserted, ChangeCorroborated, ChangeRevised, ChangeSuperseded, ChangeConflicted,
	ChangeMerged, ChangeSplit, ChangeFinalized, ChangeWithdrawn, ChangeRetracted,
}

// A ReviewAction is what a person decided about a claim.
type ReviewAction string

// Review actions.
const (
	ReviewReject ReviewAction = "reject" // the text does not say this
	ReviewFix    ReviewAction = "fix"    // one slot has another value
	ReviewMerge  ReviewAction = "merge"  // two claims are one
	ReviewSplit  ReviewAction = "split"  // one claim is two
	ReviewBlock  ReviewAction = "block"  // disregard a source
	ReviewPurge  ReviewAction = "purge"  // erase an article, a source or a person, and keep them out
)

// ReviewActions lists every ReviewAction.
var ReviewActions = []ReviewAction{ReviewReject, ReviewFix, ReviewMerge, ReviewSplit, ReviewBlock, ReviewPurge}

// A StageName names a stage of the program, in dead letters and subjects.
type StageName string

// Stages.
const (
	StageFetch     StageName = "fetcher"
	StageExtract   StageName = "extractor"
	StageNormalize StageName = "normalizer"
	StageSink      StageName = "sink"
	StageDesk      StageName = "desk"
)

// StageNames lists every StageName.
var StageNames = []StageName{StageFetch, StageExtract, StageNormalize, StageSink, StageDesk}

// An EventType is a PLOVER event type (Political Language Ontology for Verifiable
// Event Records), lower-cased.
type EventType string

// EventTypes lists the PLOVER types.
var EventTypes = []EventType{
	"agree", "consult", "support", "cooperate", "aid", "yield", "request", "accuse", "reject",
	"threaten", "protest", "sanction", "mobilize", "coerce", "assault", "crimex", "misc",
}
