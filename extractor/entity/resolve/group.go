package resolve

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// group joins names to entities. acronyms maps the folded acronyms that the text
// explains to their folded long forms.
func (d *document) group(acronyms map[string]string) {
	persons := d.chainPersons()
	long := d.longOrganisations(acronyms)
	byKey := map[string]int{}
	var things []*thing           // what the gazetteers know of each entity
	listed := map[string]*thing{} // people of the user, by the key of their chain
	for i := range d.Names {
		if d.Names[i].Type != schemas.Person {
			continue
		}
		if t := d.gazetteer.person(d.folded[i]); t != nil && listed[persons[i]] == nil {
			listed[persons[i]] = t
		}
	}
	d.Entities = d.Entities[:0]
	for i := range d.Names {
		n := &d.Names[i]
		text := d.Slice(n.Span)
		known := d.gazetteer.findFolded(text, d.folded[i], n.Type)
		if known != nil && known.typ != n.Type {
			known = nil
		}
		key := d.folded[i]
		switch {
		case n.Type == schemas.Person:
			known, key = listed[persons[i]], persons[i]
			if known != nil {
				key = known.key()
			}
		case acronyms[key] != "":
			key = acronyms[key]
			if t := d.gazetteer.byName[key]; t != nil && t.typ == n.Type {
				known, key = t, t.key()
			}
		case known != nil:
			key = known.key()
		case n.Type == schemas.Organisation:
			if l := long[key]; l != "" {
				key = l
			}
		}
		id := string(n.Type) + "\x00" + key
		e, ok := byKey[id]
		if !ok {
			e = len(d.Entities)
			byKey[id] = e
			d.Entities = append(d.Entities, extractor.Entity{Type: n.Type, Key: key})
			if known != nil {
				d.Entities[e].Country, d.Entities[e].Within = known.country, known.within
			}
			things = append(things, known)
		}
		n.Entity = e
		d.Entities[e].Mentions = append(d.Entities[e].Mentions, i)
	}
	for i := range d.Entities {
		d.name(&d.Entities[i], things[i])
	}
}

// name sets the fullest form and the aliases of e. What the user listed has the
// name that the user gave it.
func (d *document) name(e *extractor.Entity, t *thing) {
	forms := map[string]bool{}
	for _, m := range e.Mentions {
		form := d.Slice(d.Names[m].Span)
		forms[form] = true
		if e.Name == "" || fuller(form, e.Name) {
			e.Name = form
		}
	}
	known := d.gazetteer.find(e.Name, e.Type)
	if known != nil && known.typ == e.Type && e.Type != schemas.Person {
		if e.Type == schemas.Group { // the adjective names the group: "Palestinian" for "Palestinians"
			e.Name = known.name
		}
		forms[known.name] = true
		for _, a := range known.aliases {
			forms[a] = true
		}
	}
	if t != nil && t.own {
		e.Name = t.name
		for _, a := range t.aliases {
			forms[a] = true
		}
	}
	delete(forms, e.Name)
	e.Aliases = slices.Sorted(maps.Keys(forms))
}

// fuller reports whether form a says more than b: it is no acronym and longer.
func fuller(a, b string) bool {
	ua, ub := isUpper(a) && !strings.Contains(a, " "), isUpper(b) && !strings.Contains(b, " ")
	if ua != ub {
		return ub
	}
	return utf8.RuneCountInString(a) > utf8.RuneCountInString(b)
}

// window is how many names one name is compared with, so that a text of nothing
// but names takes linear time.
const window = 400

// chainPersons returns a key for each name of a person: the folded fullest name
// that it belongs to. A short name goes to the nearest full name before it that
// contains it, else to the first one after it.
func (d *document) chainPersons() map[int]string {
	type person struct {
		words []string
		name  int
	}
	var full []person
	for i := range d.Names {
		if d.Names[i].Type == schemas.Person {
			full = append(full, person{d.words(i), i})
		}
	}
	keys := map[int]string{}
	for i, p := range full {
		best := -1
		for j := i - 1; j >= max(0, i-window); j-- { // nearest before
			if len(full[j].words) > len(p.words) && isShortFor(p.words, full[j].words) {
				best = j
				break
			}
		}
		for j := i + 1; best < 0 && j < min(len(full), i+window); j++ { // first after
			if len(full[j].words) > len(p.words) && isShortFor(p.words, full[j].words) {
				best = j
			}
		}
		key := strings.Join(p.words, " ")
		if best >= 0 {
			key = strings.Join(full[best].words, " ")
		}
		keys[p.name] = key
	}
	// A middle form ("Bin Salman") points at its own fuller form in turn.
	direct := map[string]string{}
	for i, p := range full {
		direct[strings.Join(full[i].words, " ")] = keys[p.name]
	}
	for n, k := range keys {
		for range 8 { // chains are short; a cycle must end
			if next := direct[k]; next != "" && next != k {
				k = next
				continue
			}
			break
		}
		keys[n] = k
	}
	return keys
}

// isShortFor reports whether short can stand for the person named long: its last
// words, its first word, or the same with initials or without middle names.
func isShortFor(short, long []string) bool {
	if len(short) == 0 {
		return false
	}
	if slices.Equal(short, long[len(long)-len(short):]) {
		return true
	}
	if len(short) == 1 {
		return short[0] == long[0] && len(short[0]) > 2
	}
	if short[len(short)-1] != long[len(long)-1] { // the surname must agree
		return false
	}
	a, b := short[0], long[0]
	return a == b || len(a) == 1 && strings.HasPrefix(b, a) || len(b) == 1 && strings.HasPrefix(a, b)
}

// longOrganisations maps folded short names of organisations to the folded long
// name in the same text: initials without a definition ("ICRC" after
// "International Committee of the Red Cross"), and names without their generic
// last words ("Novalis" for "Novalis Group").
func (d *document) longOrganisations(acronyms map[string]string) map[string]string {
	long := map[string]string{}
	var names []string
	seen := map[string]bool{}
	for i := range d.Names {
		if text := d.Slice(d.Names[i].Span); d.Names[i].Type == schemas.Organisation && !seen[text] && len(names) < window {
			seen[text] = true
			names = append(names, text)
		}
	}
	for _, a := range names {
		ka := Fold(a)
		if acronyms[ka] != "" || long[ka] != "" {
			continue
		}
		for _, b := range names {
			kb := Fold(b)
			if len(kb) <= len(ka) || ka == kb {
				continue
			}
			if isAcronym(a) && initials(b) == strings.ReplaceAll(ka, " ", "") ||
				strings.HasPrefix(kb, ka+" ") && isGeneric(kb[len(ka)+1:]) {
				long[ka] = kb
				break
			}
		}
	}
	return long
}

// initials returns the first letters of the capitalised words of a name, folded.
func initials(name string) string {
	var b strings.Builder
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' }) {
		if isCapital(w) {
			r, _ := utf8.DecodeRuneInString(Fold(w))
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isGeneric reports whether words only say what kind of organisation it is.
func isGeneric(words string) bool {
	for _, w := range strings.Fields(words) {
		switch w {
		case "inc", "corp", "corporation", "co", "company", "ltd", "limited", "plc", "llc", "ag", "sa", "se", "nv", "gmbh", "group", "holdings",
			"holding", "international", "movement", "party", "bank", "university", "news", "agency", "airlines", "airways", "and", "&":
		default:
			return false
		}
	}
	return true
}
