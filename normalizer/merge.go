package normalizer

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// mergeSlots fills the slots of a claim from its mentions: of what they say, the
// most frequent is taken, of equals the fuller name, then the smaller id. No
// mention adds what it does not say.
func mergeSlots(ms []*mention) schemas.Claim {
	c := ms[0].claim
	if len(ms) == 1 {
		return finish(c, ms)
	}
	c.Agent = pickEntity(ms, func(m *mention) *schemas.ClaimEntity { return m.claim.Agent })
	c.Victim = pickEntity(ms, func(m *mention) *schemas.ClaimEntity { return m.claim.Victim })
	c.Speaker = pickEntity(ms, func(m *mention) *schemas.ClaimEntity { return m.claim.Speaker })
	c.Place = pick(ms, func(m *mention) *schemas.ClaimPlace { return m.claim.Place },
		func(p *schemas.ClaimPlace) string { return p.ID },
		func(a, b *schemas.ClaimPlace) int {
			return cmp.Or(cmp.Compare(len(b.Path), len(a.Path)), cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(a.Name, b.Name))
		})
	c.Time = pick(ms, func(m *mention) *schemas.Interval { return m.claim.Time },
		func(t *schemas.Interval) schemas.Interval { return *t },
		func(a, b *schemas.Interval) int {
			return cmp.Or(cmp.Compare(len(b.Start), len(a.Start)), cmp.Compare(b.End, a.End), cmp.Compare(a.Start, b.Start))
		})
	c.Counted = pickString(ms, func(m *mention) string { return m.claim.Counted })
	c.Predicate = pickString(ms, func(m *mention) string { return m.claim.Predicate })
	c.Per = pickString(ms, func(m *mention) string { return m.claim.Per })
	c.OriginOf = map[string]schemas.SlotOrigin{}
	for _, m := range ms {
		c.Cumulative = c.Cumulative || m.claim.Cumulative
		if c.Category == nil {
			c.Category = m.claim.Category
		}
		if c.Change == nil {
			c.Change = m.claim.Change
		}
		for slot, o := range m.claim.OriginOf {
			if c.OriginOf[slot] != schemas.Stated {
				c.OriginOf[slot] = o
			}
		}
	}
	return finish(c, ms)
}

// finish fills what is a list in every record.
func finish(c schemas.Claim, ms []*mention) schemas.Claim {
	if c.OriginOf == nil {
		c.OriginOf = map[string]schemas.SlotOrigin{}
	}
	if c.Participants = []schemas.ClaimParticipant{}; c.Kind == schemas.EventClaim {
		c.Participants = mergeParticipants(ms)
	}
	c.Sources = []schemas.ClaimEntity{}
	for _, m := range ms {
		if s := m.cite.Source; s != nil && !m.Statement && (len(c.Sources) == 0 || c.Sources[len(c.Sources)-1] != *s) {
			c.Sources = append(c.Sources, *s)
		}
	}
	slices.SortFunc(c.Sources, func(a, b schemas.ClaimEntity) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(a.Name, b.Name))
	})
	c.Sources = slices.CompactFunc(c.Sources, func(a, b schemas.ClaimEntity) bool { return a.ID == b.ID && (a.ID != "" || a.Name == b.Name) })
	if cap(c.Sources) > 2*len(c.Sources)+4 { // the record is kept, the room for all mentions is not
		c.Sources = slices.Clone(c.Sources)
	}
	return c
}

func pickEntity(ms []*mention, get func(*mention) *schemas.ClaimEntity) *schemas.ClaimEntity {
	return pick(ms, get,
		func(e *schemas.ClaimEntity) [2]string { return [2]string{e.ID, phrase(e)} },
		func(a, b *schemas.ClaimEntity) int {
			return cmp.Or(-cmp.Compare(a.ID, b.ID), cmp.Compare(len(b.Name), len(a.Name)), cmp.Compare(a.Name, b.Name))
		})
}

func phrase(e *schemas.ClaimEntity) string {
	if e.ID == "" {
		return e.Name
	}
	return ""
}

// pick returns the value with the most frequent key; less breaks ties and chooses
// among the values of one key.
func pick[T any, K comparable](ms []*mention, get func(*mention) *T, key func(*T) K, less func(a, b *T) int) *T {
	var best *T
	same := true
	for _, m := range ms {
		switch v := get(m); {
		case v == nil:
		case best == nil:
			best = v
		case v != best && key(v) != key(best):
			same = false
		case v != best && less(v, best) < 0:
			best = v
		}
	}
	if same { // as nearly always
		return best
	}
	count := map[K]int{}
	var all []*T
	for _, m := range ms {
		if v := get(m); v != nil {
			count[key(v)]++
			all = append(all, v)
		}
	}
	return slices.MinFunc(all, func(a, b *T) int {
		return cmp.Or(cmp.Compare(count[key(b)], count[key(a)]), less(a, b))
	})
}

func pickString(ms []*mention, get func(*mention) string) string {
	one := get(ms[0])
	if !slices.ContainsFunc(ms, func(m *mention) bool { return get(m) != one }) {
		return one
	}
	s := pick(ms, func(m *mention) *string {
		if v := get(m); v != "" {
			return &v
		}
		return nil
	}, func(s *string) string { return *s }, func(a, b *string) int {
		return cmp.Or(cmp.Compare(len(*b), len(*a)), cmp.Compare(*a, *b))
	})
	if s == nil {
		return ""
	}
	return *s
}
