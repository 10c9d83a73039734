package resolve

import (
	_ "embed"
	"maps"
	"strings"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

//go:generate go run gen_cities.go $CITIES_JSON

var (
	//go:embed data/countries.tsv
	countriesTSV string
	//go:embed data/groups.tsv
	groupsTSV string
	//go:embed data/organisations.tsv
	organisationsTSV string
	//go:embed data/places.tsv
	placesTSV string
	//go:embed data/cities.tsv.zst
	packedCities string
	//go:embed data/SOURCES.md
	sourcesMD string
)

// cities is sorted by its first column and searched in place.
var cities = sync.OnceValue(func() string { return linear.UnpackEmbedded(packedCities) })

// Sources returns where the word lists come from and their licences.
func Sources() string { return sourcesMD }

// Lists returns the word lists of this package with the hash of each, for
// [schemas.MadeBy].
func Lists() map[string]string {
	return map[string]string{
		"countries.tsv": schemas.SHA256(countriesTSV), "groups.tsv": schemas.SHA256(groupsTSV),
		"organisations.tsv": schemas.SHA256(organisationsTSV), "places.tsv": schemas.SHA256(placesTSV),
		"cities.tsv": schemas.SHA256(cities()),
	}
}

// A thing is what a gazetteer knows about one named thing.
type thing struct {
	id       string // canonical key; "" for the folded name
	own      bool   // listed by the user: nothing overrules it
	typ      schemas.EntityType
	name     string   // canonical name
	aliases  []string // other names, sorted as in the list
	country  string   // ISO 3166-1 alpha-2; "" if unknown or none
	within   []string // keys of the places that contain it, nearest first
	state    bool     // a country
	division bool     // a first-level division that English writes behind its cities: "Ontario"
}

func (t *thing) key() string {
	if t.id != "" {
		return t.id
	}
	return Fold(t.name)
}

// A gazetteer finds things by the folded form of any of their names.
type gazetteer struct {
	byName map[string]*thing
	forms  map[string]*thing // exact forms that may be added where the name finder saw nothing
	first  map[string]int    // first word of a form to the greatest number of tokens of such forms
	states map[string]string // country code to the country's key
}

var loadGazetteer = sync.OnceValue(func() *gazetteer {
	g := &gazetteer{byName: map[string]*thing{}, forms: map[string]*thing{}, first: map[string]int{}, states: map[string]string{}}
	for f := range rows(countriesTSV) {
		names, adjectives := split(f[1]), split(f[2])
		c := &thing{typ: schemas.Location, name: names[0], aliases: names[1:], country: f[0], state: true}
		g.add(c, names)
		g.states[c.country] = c.key()
		if len(adjectives) > 0 {
			g.add(&thing{typ: schemas.Group, name: adjectives[0], aliases: adjectives[1:], country: f[0]}, adjectives)
		}
		for _, capital := range split(f[3]) {
			g.add(&thing{typ: schemas.Location, name: capital, country: f[0], within: []string{c.key()}}, []string{capital})
		}
	}
	for f := range rows(groupsTSV) {
		names := append([]string{f[0]}, split(f[1])...)
		g.add(&thing{typ: schemas.Group, name: f[0], aliases: names[1:]}, names)
	}
	for f := range rows(organisationsTSV) {
		names := append([]string{f[0]}, split(f[1])...)
		g.add(&thing{typ: schemas.Organisation, name: f[0], aliases: names[1:], country: f[2]}, names)
	}
	for f := range rows(placesTSV) {
		names := split(f[0])
		t := &thing{typ: schemas.Location, name: names[0], aliases: names[1:], country: f[1], division: f[3] == "division"}
		for _, w := range split(f[2]) {
			t.within = append(t.within, Fold(w))
		}
		if c := g.states[f[1]]; c != "" {
			t.within = append(t.within, c)
		}
		g.add(t, names)
	}
	return g
})

// rows yields the columns of each line that is no comment, at least four of them.
func rows(tsv string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(tsv) {
			line = strings.TrimRight(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			f := strings.Split(line, "\t")
			for len(f) < 4 {
				f = append(f, "")
			}
			if !yield(f) {
				return
			}
		}
	}
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}

// add enters t under names. A name that is taken keeps its first meaning:
// countries come before their capitals, both before other lists.
func (g *gazetteer) add(t *thing, names []string) {
	for _, n := range names {
		if k := Fold(n); g.byName[k] == nil {
			g.byName[k] = t
		}
		w := strings.FieldsFunc(n, func(r rune) bool { return r == ' ' || r == '-' })
		if g.forms[n] == nil && len(w) > 0 && (t.own || strings.ToLower(n[:1]) != n[:1]) {
			g.forms[n] = t
			g.first[w[0]] = max(g.first[w[0]], len(w)+strings.Count(n, "-")+strings.Count(n, "'"))
		}
	}
}

// with returns g with the names of the user on top: they overrule what g knows.
func (g *gazetteer) with(names []extractor.KnownName) *gazetteer {
	w := &gazetteer{byName: maps.Clone(g.byName), forms: maps.Clone(g.forms), first: maps.Clone(g.first), states: g.states}
	for i := range names {
		n := &names[i]
		t := &thing{id: n.Key, own: true, typ: n.Type, name: n.Name, aliases: n.Aliases, country: n.Country}
		if c := g.states[n.Country]; c != "" && n.Type == schemas.Location && c != t.key() {
			t.within = []string{c}
		}
		for _, f := range n.Forms() {
			delete(w.byName, Fold(f))
			delete(w.forms, f)
		}
		w.add(t, n.Forms())
	}
	return w
}

// find returns the thing with this name; nil if no list has it. Cities come last
// and only for names that are taken for places.
func (g *gazetteer) find(name string, typ schemas.EntityType) *thing {
	return g.findFolded(name, Fold(name), typ)
}

// person returns the person that the user listed under this folded name, nil if
// there is none: no other list has people.
func (g *gazetteer) person(folded string) *thing {
	if t := g.byName[folded]; t != nil && t.typ == schemas.Person {
		return t
	}
	return nil
}

// findFolded is find for a name whose folded form is known.
func (g *gazetteer) findFolded(name, k string, typ schemas.EntityType) *thing {
	k = strings.TrimPrefix(k, "the ")
	if t := g.byName[k]; t != nil {
		return t
	}
	if typ != schemas.Location {
		return nil
	}
	country, division, ok := city(k)
	if !ok {
		return nil
	}
	t := &thing{typ: schemas.Location, name: name, country: country}
	if division != "" {
		t.within = append(t.within, Fold(division))
	}
	if c := g.states[country]; c != "" {
		t.within = append(t.within, c)
	}
	return t
}

// city looks a folded name up in the list of unambiguous cities, by binary
// search in the text of the list: there is nothing to load.
func city(key string) (country, division string, ok bool) {
	list := cities()
	lo, hi := 0, len(list)
	for lo < hi {
		mid := lo + (hi-lo)/2
		start := strings.LastIndexByte(list[:mid], '\n') + 1
		end := start + strings.IndexByte(list[start:], '\n')
		name, rest, _ := strings.Cut(list[start:end], "\t")
		switch strings.Compare(name, key) {
		case 0:
			country, division, _ = strings.Cut(rest, "\t")
			return country, division, true
		case -1:
			lo = end + 1
		default:
			hi = start
		}
	}
	return "", "", false
}
