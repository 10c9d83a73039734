package normalizer

import (
	"slices"
	"strings"

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
		if id := e.Entities[i].ID; id != "" { // else every slot without an entity would have this one
			c.byID[id] = &e.Entities[i]
		}
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
	s = s[:min(len(s), 10)]
	month, day := 1, 1
	year, ok := decimal(s[:min(len(s), 4)], 4)
	if ok && len(s) > 4 {
		month, ok = datePart(s[4:min(len(s), 7)])
	}
	if ok && len(s) > 7 {
		day, ok = datePart(s[7:])
	}
	if !ok || month > 12 || day > daysIn(year, month) {
		return 0, 0, false
	}
	first = dayNumber(year, month, day)
	switch last = first; len(s) {
	case 7:
		last = first + daysIn(year, month) - 1
	case 4:
		last = dayNumber(year+1, 1, 1) - 1
	}
	return first, last, true
}

// datePart reads a mark and two digits that are not zero: "-07".
func datePart(s string) (int, bool) {
	if len(s) != 3 || s[0] != '-' {
		return 0, false
	}
	n, ok := decimal(s[1:], 2)
	return n, ok && n > 0
}

// decimal reads so many digits and nothing else.
func decimal(s string, digits int) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, len(s) == digits
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// dayNumber counts the days of the Gregorian calendar from 1970-01-01.
func dayNumber(year, month, day int) int {
	if month <= 2 { // years from March to February, so that the odd day comes last
		year, month = year-1, month+12
	}
	return 365*year + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400) + (153*(month-3)+2)/5 + day - 1 - 719468
}

func floorDiv(a, b int) int {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}

// date returns the ISO 8601 day of an RFC 3339 time or date, "" if there is none.
func date(published string) string {
	if _, _, ok := days(published); !ok || len(published) < 10 {
		return ""
	}
	return published[:10]
}
