package normalizer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// rulings are what people decided, an input like the articles: what stands is a
// function of both, whatever came first. Of two reviews that contradict each other
// the later one counts, by its time, then by its id.
type rulings struct {
	byText  map[string][]ruling // about words, by text hash, in order
	blocked map[string][]string // publisher domains and entity ids, to the ids of the reviews
	purged  schemas.Tombstones
}

func newRulings() *rulings {
	return &rulings{byText: map[string][]ruling{}, blocked: map[string][]string{}}
}

// A ruling is what a review says of one stretch of words.
type ruling struct {
	*schemas.Review
	span schemas.Span
	side int // of a split: sideApart or sideRest
}

// Sides of a split.
const (
	sideApart = 1 // the words that are taken out
	sideRest  = 2 // the words that they are kept from
)

// anchored lists the words that a review is about.
func anchored(r *schemas.Review) []schemas.Anchor {
	if r.Action == schemas.ReviewMerge {
		return r.Anchors
	}
	return append([]schemas.Anchor{r.Anchor}, r.Anchors...)
}

// CheckReview returns an error that matches [schemas.ErrMalformed] for a review
// that cannot be carried out.
func CheckReview(r *schemas.Review) error {
	switch {
	case r.ID == "":
		return fmt.Errorf("review without id: %w", schemas.ErrMalformed)
	case r.Action == schemas.ReviewBlock && r.Source == "":
		return fmt.Errorf("review %s: no source to block: %w", r.ID, schemas.ErrMalformed)
	case r.Action == schemas.ReviewBlock:
		return nil
	case !slices.Contains(schemas.ReviewActions, r.Action):
		return fmt.Errorf("review %s: no action %q: %w", r.ID, r.Action, schemas.ErrMalformed)
	case r.Action == schemas.ReviewPurge && (r.Purge == nil || len(r.Purge.Articles)+len(r.Purge.Domains)+len(r.Purge.Names) == 0):
		return fmt.Errorf("review %s: nothing to purge: %w", r.ID, schemas.ErrMalformed)
	case r.Action == schemas.ReviewPurge:
		return nil
	case r.Action == schemas.ReviewMerge && len(r.Anchors) < 2 && len(r.Claims) < 2:
		return fmt.Errorf("review %s: a merge takes two claims: %w", r.ID, schemas.ErrMalformed)
	case r.Action == schemas.ReviewMerge:
		return nil
	case r.Action == schemas.ReviewSplit && len(r.Anchors)+len(r.Claims) == 0:
		return fmt.Errorf("review %s: nothing to split from: %w", r.ID, schemas.ErrMalformed)
	case r.Anchor.TextSHA256 == "" || r.Anchor.Start >= r.Anchor.End:
		return fmt.Errorf("review %s: anchored to no words: %w", r.ID, schemas.ErrMalformed)
	case r.Action == schemas.ReviewFix && r.Kind == schemas.EventClaim:
		ev := schemas.Event{}
		return fixEvent(&ev, r, nil)
	case r.Action == schemas.ReviewFix && r.Kind == schemas.StatementClaim:
		_, err := speakerOf(r)
		return err
	case r.Action == schemas.ReviewFix:
		q := schemas.Quantity{}
		if err := fixSlot(&q, r, nil); err != nil {
			return err
		}
	}
	return nil
}

// add takes a review in; a second one of the same id is ignored.
func (rs *rulings) add(r schemas.Review) {
	if r.Action == schemas.ReviewPurge {
		rs.purged.Add(&r)
		return
	}
	if r.Action == schemas.ReviewBlock {
		source := strings.ToLower(r.Source) // domains are; entity ids have no capitals
		list := rs.blocked[source]
		if i, found := slices.BinarySearch(list, r.ID); !found {
			rs.blocked[source] = slices.Insert(list, i, r.ID)
		}
		return
	}
	for i, a := range anchored(&r) {
		one := ruling{Review: &r, span: a.Span}
		if r.Action == schemas.ReviewSplit {
			one.side = min(sideApart+i, sideRest)
		}
		list := rs.byText[a.TextSHA256]
		at, found := slices.BinarySearchFunc(list, one, compareRulings)
		if !found {
			rs.byText[a.TextSHA256] = slices.Insert(list, at, one)
		}
	}
}

func compareRulings(a, b ruling) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.side, b.side), cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(a.span.End, b.span.End))
}

// about reports whether the ruling is about the words of a mention. Figures and
// triggers are short, so that any overlap tells; what is said often has the figures
// and words of others in it, so most of either has to be the same.
func (r *ruling) about(kind schemas.ClaimKind, words schemas.Span) bool {
	if cmp.Or(r.Kind, schemas.QuantityClaim) != kind {
		return false
	}
	if kind != schemas.StatementClaim {
		return overlaps(r.span, words)
	}
	common := min(r.span.End, words.End) - max(r.span.Start, words.Start)
	return 2*common > max(r.span.End-r.span.Start, words.End-words.Start)
}

// marks returns what merges and splits say of the words of a mention.
func (rs *rulings) marks(sum string, words schemas.Span, kind schemas.ClaimKind) []same.Mark {
	var out []same.Mark
	for _, r := range rs.byText[sum] {
		if (r.Action == schemas.ReviewMerge || r.Action == schemas.ReviewSplit) && r.about(kind, words) {
			out = append(out, same.Mark{Review: r.At.UTC().Format("20060102150405.000000000") + r.ID, Side: r.side})
		}
	}
	return out
}

// concern returns what names the rulings that bear on an article, "" if none does.
func (rs *rulings) concern(e *schemas.Extraction, sums ...string) string {
	var ids []string
	ids = append(ids, rs.blocked[strings.ToLower(e.Article.Publisher.Domain)]...)
	for _, sum := range sums {
		for _, r := range rs.byText[sum] {
			ids = append(ids, r.ID)
		}
	}
	if len(rs.blocked) > 0 {
		c := newCanon(e)
		for i := range e.Entities {
			ids = append(ids, rs.blocked[c.id(&e.Entities[i])]...)
		}
	}
	return strings.Join(ids, " ")
}

// quantity applies the reviews that are anchored to a figure. It reports false if
// the figure is rejected.
func (rs *rulings) quantity(sum string, q *schemas.Quantity, es []schemas.Entity) bool {
	stands := true
	for _, r := range rs.byText[sum] {
		if !r.about(schemas.QuantityClaim, q.Span) {
			continue
		}
		switch r.Action {
		case schemas.ReviewReject:
			stands = false
		case schemas.ReviewFix:
			stands = fixSlot(q, r.Review, es) == nil
		}
	}
	return stands
}

// statement applies the reviews that are anchored to what is said. It reports false
// if the statement is rejected.
func (rs *rulings) statement(sum string, s *schemas.Statement) bool {
	stands := true
	for _, r := range rs.byText[sum] {
		if !r.about(schemas.StatementClaim, s.Span) {
			continue
		}
		switch r.Action {
		case schemas.ReviewReject:
			stands = false
		case schemas.ReviewFix:
			speaker, err := speakerOf(r.Review)
			s.Speaker, stands = speaker, err == nil
		}
	}
	return stands
}

// event applies the reviews that are anchored to the trigger of an event, in an article
// with these entities. It reports false if the event is rejected.
func (rs *rulings) event(sum string, ev *schemas.Event, es []schemas.Entity) bool {
	stands := true
	for _, r := range rs.byText[sum] {
		if !r.about(schemas.EventClaim, ev.Trigger.Span) {
			continue
		}
		switch r.Action {
		case schemas.ReviewReject:
			stands = false
		case schemas.ReviewFix:
			stands = fixEvent(ev, r.Review, es) == nil
		}
	}
	return stands
}

// speakerOf reads the value of a review that says who made a statement.
func speakerOf(r *schemas.Review) (*schemas.Slot, error) {
	if r.Slot != "speaker" {
		return nil, fmt.Errorf("review %s: a statement has no slot %q to fix, only speaker: %w", r.ID, r.Slot, schemas.ErrMalformed)
	}
	raw, err := json.Marshal(r.Value)
	var s schemas.Slot
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil || s.Name == "" {
		return nil, fmt.Errorf("review %s: speaker without a name: %w", r.ID, schemas.ErrMalformed)
	}
	return &s, nil
}

func overlaps(a, b schemas.Span) bool { return a.Start < b.End && b.Start < a.End }

// fixable are the slots that a review may set. The words of the figure are not
// among them: they are the proof.
var fixable = []string{
	"value", "min", "max", "comparator", "unit", "counted", "per", "category", "measure", "agent", "victim", "place", "time", "modality", "source", "cumulative",
}

// fixSlot sets one slot of q from its JSON. Who or what is named there, without saying
// which entity of the article it is, is the one of that name.
func fixSlot(q *schemas.Quantity, r *schemas.Review, es []schemas.Entity) error {
	if !slices.Contains(fixable, r.Slot) {
		return fmt.Errorf("review %s: no slot %q: %w", r.ID, r.Slot, schemas.ErrMalformed)
	}
	fixed, err := withSlot(q, r.Slot, r.Value)
	if err != nil {
		return fmt.Errorf("review %s: %s: %w: %w", r.ID, r.Slot, err, schemas.ErrMalformed)
	}
	if err := inLists(fixed); err != nil {
		return fmt.Errorf("review %s: %w: %w", r.ID, err, schemas.ErrMalformed)
	}
	if _, known := schemas.UnitDimension(fixed.Unit); r.Slot == "unit" && !known {
		return fmt.Errorf("review %s: no unit %q: %w", r.ID, fixed.Unit, schemas.ErrMalformed)
	}
	for slot, s := range map[string]*schemas.Slot{"agent": fixed.Agent, "victim": fixed.Victim, "place": fixed.Place, "source": fixed.Source} {
		if slot == r.Slot {
			identify(s, es)
		}
	}
	if fixed.OriginOf == nil {
		fixed.OriginOf = map[string]schemas.SlotOrigin{}
	}
	fixed.OriginOf[r.Slot] = schemas.Stated // the reviewer read it in the text
	*q = *fixed
	return nil
}

// fixEvent sets one slot of ev from its JSON: type, place, time or participants. Who or
// what is named there, without saying which entity of the article it is, is the one of
// that name.
func fixEvent(ev *schemas.Event, r *schemas.Review, es []schemas.Entity) error {
	if !slices.Contains([]string{"type", "place", "time", "participants"}, r.Slot) {
		return fmt.Errorf("review %s: an event has no slot %q to fix, only type, place, time and participants: %w", r.ID, r.Slot, schemas.ErrMalformed)
	}
	fixed, err := withSlot(ev, r.Slot, r.Value)
	if err != nil {
		return fmt.Errorf("review %s: %s: %w: %w", r.ID, r.Slot, err, schemas.ErrMalformed)
	}
	switch r.Slot {
	case "type":
		if !slices.Contains(schemas.EventTypes, fixed.Type) {
			return fmt.Errorf("review %s: no type of event %q: %w", r.ID, fixed.Type, schemas.ErrMalformed)
		}
	case "place":
		identify(fixed.Place, es)
	case "participants":
		if len(fixed.Participants) == 0 {
			return fmt.Errorf("review %s: nobody took part; reject the event: %w", r.ID, schemas.ErrMalformed)
		}
		for i := range fixed.Participants {
			p := &fixed.Participants[i]
			if p.Name == "" || p.Role != "actor" && p.Role != "recipient" && p.Role != "third party" {
				return fmt.Errorf("review %s: participant %q in the role %q: want a name, and actor, recipient or third party: %w", r.ID, p.Name, p.Role, schemas.ErrMalformed)
			}
			identify(&p.Slot, es)
		}
	}
	*ev = *fixed
	return nil
}

// identify finds the entity that a slot names.
func identify(s *schemas.Slot, es []schemas.Entity) {
	if s == nil || s.Entity != "" {
		return
	}
	for i := range es {
		if es[i].Name == s.Name || slices.ContainsFunc(es[i].Mentions, func(m schemas.Mention) bool { return m.Text == s.Name }) {
			s.Entity = es[i].ID
			return
		}
	}
}

// withSlot returns a copy of q, sharing nothing with it, with one slot set.
func withSlot[T any](q *T, slot string, value any) (*T, error) {
	raw, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, err
	}
	if members[slot], err = json.Marshal(value); err != nil {
		return nil, err
	}
	if raw, err = json.Marshal(members); err != nil {
		return nil, err
	}
	var fixed T
	if err := json.Unmarshal(raw, &fixed); err != nil {
		return nil, err
	}
	return &fixed, nil
}

// blocks reports whether somebody's word is to be disregarded.
func (rs *rulings) blocks(c canon, s *schemas.Slot) bool {
	if s == nil || len(rs.blocked) == 0 {
		return false
	}
	e := c.byID[s.Entity]
	return e != nil && len(rs.blocked[c.id(e)]) > 0
}

// reviewCause is the cause of what a review brought about.
func reviewCause(r *schemas.Review) (schemas.Cause, string) {
	return schemas.Cause{Review: r.ID}, r.At.UTC().Format(time.RFC3339Nano)
}
