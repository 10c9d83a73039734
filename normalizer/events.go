package normalizer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// eventConfidence stands for what extractions do not give for events: how often type
// and participants are right, in hundredths.
const eventConfidence = 70

// events adds what the text says happened. An event counts if it is said to have
// happened, not planned, possible or denied, and if somebody who took part has a
// name.
func (r *reader) events(f *field) {
	for i := range r.e.Events {
		read := r.e.Events[i]
		ev := &read
		if !r.rulings.event(f.sum, ev, r.e.Entities) || ev.Modality != schemas.Asserted || !slices.Contains(schemas.EventTypes, ev.Type) {
			continue
		}
		measure := "event-" + string(ev.Type)
		parts, who := r.participants(ev)
		if !slices.ContainsFunc(parts, func(p same.Part) bool { return p.Firm }) {
			continue
		}
		if !f.has(ev.Trigger.Span, ev.Trigger.Text) {
			r.d.refused++
			continue
		}
		trigger := ev.Trigger.Span
		m := &mention{doc: r.d, confidence: eventConfidence}
		m.cite = r.citation(f, f.quote(trigger))
		m.cite.Words = &trigger
		m.claim = schemas.Claim{
			SchemaVersion: schemas.Version, Kind: schemas.EventClaim, Measure: measure, Predicate: strings.ToLower(ev.Trigger.Text), MadeBy: r.e.MadeBy,
			Comparator: schemas.Exact, Unit: schemas.UnitCount, Modality: schemas.Asserted, EventType: ev.Type, Participants: who, Time: ev.Time,
		}
		m.Doc, m.PartOf, m.Event, m.Parts = r.d.match, -1, true, parts
		m.Measure, m.Unit, m.Axis, m.Predicate = measure, schemas.UnitCount, schemas.Asserted, m.claim.Predicate
		m.Mutual = mutual[ev.Type]
		m.Sentence = [2]int{m.cite.Start, m.cite.End}
		m.claim.Place, m.Place = r.canon.place(ev.Place)
		m.Time = span(ev.Time, false, r.day)
		m.Said = partsKey(parts)
		m.Marks = r.rulings.marks(f.sum, trigger, schemas.EventClaim)
		r.add(m)
	}
}

// mutual are the types of what is done together: whom a sentence puts first tells
// nothing about them.
var mutual = map[schemas.EventType]bool{"agree": true, "consult": true, "cooperate": true}

// participants returns who took part, for matching and for the record.
func (r *reader) participants(ev *schemas.Event) (parts []same.Part, who []schemas.ClaimParticipant) {
	for i := range ev.Participants {
		p := &ev.Participants[i]
		if p.Name == "" {
			continue
		}
		role := p.Role
		if mutual[ev.Type] {
			role = "actor"
		}
		part := same.Part{Role: role, Party: r.canon.party(&p.Slot, schemas.Stated)}
		if e := r.canon.byID[p.Entity]; e != nil && e.Type == schemas.Person && !strings.Contains(part.Key, " ") {
			part.Key = r.canon.id(e) // a single word names a person inside the article only
		}
		parts = append(parts, part)
		who = append(who, schemas.ClaimParticipant{Role: p.Role, Entity: *r.canon.entity(&p.Slot)})
	}
	return parts, sortParticipants(who)
}

// partsKey names those who took part, in an order of its own.
func partsKey(parts []same.Part) string {
	var keys []string
	for _, p := range parts {
		keys = append(keys, p.Role+" "+partyKey(p.Party))
	}
	slices.Sort(keys)
	return strings.Join(slices.Compact(keys), "\x1e")
}

// mergeParticipants unites those whom the mentions name. Phrases ("two officials")
// are left to the roles in which nobody is named. In what is done together, somebody
// whom one article puts first and another last is put first.
func mergeParticipants(ms []*mention) []schemas.ClaimParticipant {
	var all []schemas.ClaimParticipant
	for _, m := range ms {
		all = append(all, m.claim.Participants...)
	}
	named := map[string]bool{}
	least := map[string]string{} // by entity: the least role
	for i := range all {
		if p := &all[i]; p.Entity.ID != "" {
			named[p.Role] = true
			if r, ok := least[p.Entity.ID]; !ok || p.Role < r {
				least[p.Entity.ID] = p.Role
			}
		}
	}
	out := []schemas.ClaimParticipant{}
	for _, p := range all {
		if p.Entity.ID == "" && named[p.Role] {
			continue
		}
		if p.Entity.ID != "" && ms[0].Mutual {
			p.Role = least[p.Entity.ID]
		}
		out = append(out, p)
	}
	return sortParticipants(out)
}

// sortParticipants orders them by role and id, each once under its fullest name.
func sortParticipants(ps []schemas.ClaimParticipant) []schemas.ClaimParticipant {
	slices.SortFunc(ps, func(a, b schemas.ClaimParticipant) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Entity.ID, b.Entity.ID), cmp.Compare(len(b.Entity.Name), len(a.Entity.Name)), cmp.Compare(a.Entity.Name, b.Entity.Name))
	})
	return slices.CompactFunc(ps, func(a, b schemas.ClaimParticipant) bool {
		return a.Role == b.Role && a.Entity.ID == b.Entity.ID && (a.Entity.ID != "" || a.Entity.Name == b.Entity.Name)
	})
}

// eventTier is reportable if somebody is named and it is known with whom, to whom,
// where or when it happened.
func eventTier(c *schemas.Claim) schemas.Tier {
	named := 0
	for i := range c.Participants {
		if c.Participants[i].Entity.ID != "" {
			named++
		}
	}
	if named > 1 || named > 0 && len(c.Participants) > 1 && (c.Place != nil || c.Time != nil) {
		return schemas.Reportable
	}
	return schemas.Candidate
}
