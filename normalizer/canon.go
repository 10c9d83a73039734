package normalizer

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/normalizer/text"
	"github.com/claimwire/claimwire/schemas"
)

// canon gives the entities of one extraction ids that hold across articles. An
// id follows from the entity as the extraction describes it and from nothing
// that another article says, so it never changes when articles arrive.
type canon struct {
	article string
	byID    map[string]*schemas.Entity
}

func newCanon(e *schemas.Extraction) canon {
	c := canon{article: e.ArticleID, byID: make(map[string]*schemas.Entity, len(e.Entities))}
	for i := range e.Entities {
		c.byID[e.Entities[i].ID] = &e.Entities[i]
	}
	return c
}

// entity returns the canonical form of a slot, nil for an empty one.
func (c canon) entity(s *schemas.Slot) *schemas.ClaimEntity {
	if s == nil || s.Name == "" {
		return nil
	}
	e := c.byID[s.Entity]
	if e == nil {
		return &schemas.ClaimEntity{Name: s.Name}
	}
	return &schemas.ClaimEntity{ID: c.id(e), Name: e.Name, Type: e.Type, Country: e.Country}
}

// id names an entity. People of one bare name are different people unless one
// article says otherwise, so a single word names a person inside its article only.
func (c canon) id(e *schemas.Entity) string {
	key := entityKey(e)
	switch {
	case e.Type == schemas.Location:
		return placeID(e.Country, key)
	case e.Type == schemas.Person && !strings.Contains(key, " "):
		return schemas.ID("e", string(e.Type), key, c.article)
	}
	return schemas.ID("e", string(e.Type), e.Country, key)
}

func entityKey(e *schemas.Entity) string {
	if e.Key != "" {
		return e.Key
	}
	return strings.Join(text.Words(e.Name), " ")
}

func placeID(country, key string) string { return schemas.ID("p", country, key) }

// place returns the canonical form of a place slot with its containment path: the
// places that the gazetteer puts around it, then its country.
func (c canon) place(s *schemas.Slot) (*schemas.ClaimPlace, same.Place) {
	if s == nil || s.Name == "" {
		return nil, same.Place{}
	}
	e := c.byID[s.Entity]
	if e == nil {
		key := strings.Join(text.Words(s.Name), " ")
		return &schemas.ClaimPlace{ID: placeID("", key), Name: s.Name, Path: []string{}}, same.Place{Key: key, Sound: same.Spelling(key)}
	}
	key := entityKey(e)
	p := &schemas.ClaimPlace{ID: placeID(e.Country, key), Name: e.Name, Country: e.Country, Path: []string{}}
	m := same.Place{Key: key, Sound: same.Spelling(key), Country: e.Country, Within: e.Within}
	nation := nationKey(e.Country)
	m.Nation = nation != "" && key == nation
	for _, w := range e.Within {
		p.Path = append(p.Path, placeID(e.Country, w))
	}
	if nation != "" && !m.Nation && !slices.Contains(e.Within, nation) {
		p.Path = append(p.Path, placeID(e.Country, nation))
		m.Within = append(slices.Clone(m.Within), nation)
	}
	return p, m
}

// nationKey returns the key of a country: its English name, folded.
func nationKey(country string) string {
	if country == "" {
		return ""
	}
	r, err := language.ParseRegion(country)
	if err != nil {
		return ""
	}
	return strings.Join(text.Words(display.English.Regions().Name(r)), " ")
}

// party returns what matching needs of a participant.
func (c canon) party(s *schemas.Slot, origin schemas.SlotOrigin) same.Party {
	if s == nil || s.Name == "" {
		return same.Party{}
	}
	p := same.Party{Words: text.Words(s.Name)}
	if e := c.byID[s.Entity]; e != nil {
		p.Key, p.Country, p.Words = entityKey(e), e.Country, text.Words(e.Name)
		p.Firm = origin != schemas.Inherited
	}
	p.Words = slices.DeleteFunc(p.Words, func(w string) bool { return stopwords[w] })
	slices.Sort(p.Words)
	return p
}

// span converts an interval of ISO 8601 prefixes to days.
func span(iv *schemas.Interval, cumulative bool, published int) same.Span {
	if iv == nil || iv.Start == "" && iv.End == "" {
		return same.Span{}
	}
	s := same.Span{Set: true}
	from, _, ok1 := days(iv.Start)
	_, until, ok2 := days(iv.End)
	switch {
	case ok1 && ok2 && until >= from:
		s.From, s.Until = from, until
	case ok1:
		s.From, s.Until, s.OpenEnd = from, max(published, from), true
	case ok2:
		s.From, s.Until, s.OpenStart = until, until, true
	default:
		return same.Span{}
	}
	switch len(iv.Start) {
	case 4:
		s.Slack = 365
	case 7:
		s.Slack = 30
	}
	if len(iv.Start) < 10 && iv.Start == iv.End { // "in October": the period itself
		s.Slack = 0
	}
	if cumulative || published != 0 && s.Until >= published && s.Until-s.From > 7 {
		s.OpenEnd = true
	}
	return s
}

// days returns the first and last day of an ISO 8601 date prefix, counted from
// 1970-01-01.
func days(s string) (first, last int, ok bool) {
	if len(s) > 10 {
		s = s[:10]
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		if len(s) != len(layout) {
			continue
		}
		t, err := time.Parse(layout, s)
		if err != nil {
			return 0, 0, false
		}
		end := t
		switch len(s) {
		case 7:
			end = t.AddDate(0, 1, -1)
		case 4:
			end = t.AddDate(1, 0, -1)
		}
		return int(t.Unix() / 86400), int(end.Unix() / 86400), true
	}
	return 0, 0, false
}

// date returns the ISO 8601 day of an RFC 3339 time or date, "" if there is none.
func date(published string) string {
	if _, _, ok := days(published); !ok || len(published) < 10 {
		return ""
	}
	return published[:10]
}
