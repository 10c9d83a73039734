// Package resolve groups the names of one article into the things they name:
// acronyms with their expansions ("Civil Military Coordination Centre (CMCC)"),
// short names with full ones ("Kalin", "Ibrahim Kalin"), spellings and
// translations of countries ("Türkiye", "Turkey"), and gives each its fullest
// form, a canonical key, a country and the titles the text gives it.
//
// The gazetteers are read here and nowhere else. What they do not settle stays
// empty: an ambiguous place has no country.
package resolve

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/schemas"
)

// A Resolver sets Doc.Entities and mends Doc.Names: it adds names that the
// gazetteers or other mentions make certain and cuts titles off.
type Resolver struct{ gazetteer *gazetteer }

// New returns a Resolver. The first call loads the gazetteers.
func New() *Resolver { return &Resolver{loadGazetteer()} }

// NewWith returns a Resolver that knows names as well, before all gazetteers.
func NewWith(names []extractor.KnownName) *Resolver {
	if len(names) == 0 {
		return New()
	}
	return &Resolver{loadGazetteer().with(names)}
}

// Annotate implements [extractor.Stage].
func (r *Resolver) Annotate(doc *extractor.Doc) error {
	d := &document{Doc: doc, gazetteer: r.gazetteer}
	d.trimNames()
	d.joinArticles()
	d.addKnown()
	acronyms := d.findAcronyms()
	d.addRepeats()
	d.splitPlaces()
	d.settle()
	d.fixTypes()
	d.voteTypes()
	d.group(acronyms)
	d.addRoles()
	return nil
}

// A document is one Doc while its names are resolved.
type document struct {
	*extractor.Doc
	gazetteer *gazetteer
	folded    []string        // Fold of each name, once the names are settled
	lower     map[string]bool // words that the text also writes in lower case; nil until asked for
}

// trimNames cuts titles, articles and possessives off names and drops what has
// no letter left.
func (d *document) trimNames() {
	kept := d.Names[:0]
	for _, n := range d.Names {
		from, to := n.From, n.To
		for to > from && isClitic(d.Word(to-1)) {
			to--
		}
		for from < to-1 && (d.isArticle(from) || n.Type == schemas.Person && isTitle(d.Word(from))) {
			from++
			for from < to-1 && d.Word(from) == "." {
				from++
			}
		}
		if from < to && hasLetter(d.Slice(d.SpanOf(extractor.Range{From: from, To: to}))) {
			n.Range = extractor.Range{From: from, To: to}
			n.Span = d.SpanOf(n.Range)
			kept = append(kept, n)
		}
	}
	d.Names = kept
	d.index()
}

// isArticle reports whether token i is an article that no name begins with: a
// capital inside of a sentence belongs to the name ("The Daily Herald").
func (d *document) isArticle(i int) bool {
	w := d.Word(i)
	return w == "the" || w == "The" && d.startsSentence(i) || w == "THE"
}

// index points tokens at their names again.
func (d *document) index() {
	for i := range d.Tokens {
		d.Tokens[i].Name = -1
	}
	for i := range d.Names {
		for t := d.Names[i].From; t < d.Names[i].To; t++ {
			d.Tokens[t].Name = int32(i)
		}
	}
}

// insert adds a name over tokens from to to and removes the names it overlaps.
// Until settle the names are out of order and removed ones have no tokens.
func (d *document) insert(from, to int, typ schemas.EntityType, confidence float64) {
	for t := from; t < to; t++ {
		if n := d.Tokens[t].Name; n >= 0 {
			for u := d.Names[n].From; u < d.Names[n].To; u++ {
				d.Tokens[u].Name = -1
			}
			d.Names[n].Range = extractor.Range{}
		}
	}
	n := extractor.Name{Range: extractor.Range{From: from, To: to}, Type: typ, Confidence: confidence, Entity: -1}
	n.Span = d.SpanOf(n.Range)
	for t := from; t < to; t++ {
		d.Tokens[t].Name = int32(len(d.Names))
	}
	d.Names = append(d.Names, n)
}

// settle puts the names into the order of the text.
func (d *document) settle() {
	d.Names = slices.DeleteFunc(d.Names, func(n extractor.Name) bool { return n.From == n.To })
	slices.SortFunc(d.Names, func(a, b extractor.Name) int { return a.From - b.From })
	d.index()
	d.folded = make([]string, len(d.Names))
	for i := range d.Names {
		d.folded[i] = Fold(d.Slice(d.Names[i].Span))
	}
}

// joinArticles takes the Arabic article and its like into the name that it is
// hyphenated with: "al-Nasr", "Deir el-Balah".
func (d *document) joinArticles() {
	for i := 0; i < len(d.Names); i++ {
		from, n := d.Names[i].From, d.Names[i]
		if n.From == n.To || from < 2 || !d.Tokens[from].Glued || !d.Tokens[from-1].Glued || d.Word(from-1) != "-" || !isArabicArticle(d.Word(from-2)) {
			continue
		}
		from -= 2
		if before := d.Tokens[from].Name; before >= 0 { // what is named already grows into one name
			from = d.Names[before].From
		} else if from > 0 && d.Tokens[from-1].Name >= 0 && d.Names[d.Tokens[from-1].Name].Type == n.Type && !d.startsSentence(from) {
			from = d.Names[d.Tokens[from-1].Name].From
		} else if w := d.Word(max(from-1, 0)); from > 0 && !d.startsSentence(from) && !d.startsSentence(from-1) &&
			isCapital(w) && d.Tokens[from-1].UPOS == extractor.PROPN && d.Tokens[from-1].Name < 0 && !isTitle(w) {
			from--
		}
		d.insert(from, n.To, n.Type, n.Confidence)
	}
}

func isArabicArticle(w string) bool {
	switch strings.ToLower(w) {
	case "al", "el", "ad", "ar", "as", "at", "ash", "an", "az", "ul", "ibn", "abu", "ed", "ez":
		return true
	}
	return false
}

// addKnown adds the countries, nationalities and organisations of the gazetteers
// that the name finder has not seen, or of which it has seen a part.
func (d *document) addKnown() {
	for i := 0; i < len(d.Tokens); i++ {
		longest, ok := d.gazetteer.first[firstWord(d.Word(i))]
		if !ok || d.shouting(i) || d.loud(i-1) && d.loud(i+1) {
			continue
		}
		for n := min(longest, len(d.Tokens)-i); n > 0; n-- {
			if !d.open(i, i+n) {
				continue
			}
			form := d.Slice(d.SpanOf(extractor.Range{From: i, To: i + n}))
			if t := d.gazetteer.forms[form]; t != nil && d.plausible(i, i+n, t) {
				d.insert(i, i+n, t.typ, 0.8)
				i += n - 1
				break
			}
		}
	}
}

// open reports whether a known name may stand over these tokens: they lie in one
// sentence, and every name there lies inside them and is shorter.
func (d *document) open(from, to int) bool {
	for t := from; t < to; t++ {
		if d.Tokens[t].Sentence != d.Tokens[from].Sentence {
			return false
		}
		if n := d.Tokens[t].Name; n >= 0 && (d.Names[n].From < from || d.Names[n].To > to || d.Names[n].To-d.Names[n].From == to-from) {
			return false
		}
	}
	return true
}

func firstWord(w string) string {
	if i := strings.IndexByte(w, '-'); i > 0 {
		return w[:i]
	}
	return w
}

func (d *document) free(from, to int) bool {
	for t := from; t < to; t++ {
		if d.Tokens[t].Name >= 0 || d.Tokens[t].Sentence != d.Tokens[from].Sentence {
			return false
		}
	}
	return true
}

// plausible refuses a known form that is only part of a longer capitalised name
// ("Jordan" in "Jordan Peterson"), except for adjectives ("Syrian Army").
func (d *document) plausible(from, to int, t *thing) bool {
	if t.typ == schemas.Group || t.own {
		return true
	}
	if to < len(d.Tokens) && !d.startsSentence(to) && isCapital(d.Word(to)) && d.Tokens[to].UPOS == extractor.PROPN {
		return false
	}
	return from == 0 || d.startsSentence(from) || !(isCapital(d.Word(from-1)) && d.Tokens[from-1].UPOS == extractor.PROPN) || d.Tokens[from-1].Name >= 0
}

func (d *document) startsSentence(t int) bool {
	return t == 0 || d.Tokens[t-1].Sentence != d.Tokens[t].Sentence
}

// shouting reports whether the sentence of token t is all in capitals, where
// "US" and "IT" tell nothing.
func (d *document) shouting(t int) bool {
	s := d.Sentences[d.Tokens[t].Sentence]
	words := 0
	for i := s.From; i < s.To; i++ {
		for _, r := range d.Word(i) {
			if unicode.IsLower(r) {
				return false
			}
		}
		words++
	}
	return words > 3
}

// loud reports whether token i is a word in capitals.
func (d *document) loud(i int) bool { return i >= 0 && i < len(d.Tokens) && isUpper(d.Word(i)) }

// addRepeats adds the other occurrences of names found somewhere in the text.
func (d *document) addRepeats() {
	type form struct {
		text string
		typ  schemas.EntityType
		n    int
	}
	byFirst := map[string][]form{}
	seen := map[string]bool{}
	for i := range d.Names {
		n := &d.Names[i]
		text := d.Slice(n.Span)
		if n.From == n.To || seen[text] || !isCapital(text) || n.Type == schemas.Misc || utf8.RuneCountInString(text) < 2 {
			continue
		}
		if n.To-n.From == 1 && (n.Confidence < 0.6 || d.usedInLowerCase(text)) {
			continue // one odd word is no reason to take every other one for a name
		}
		seen[text] = true
		first := d.Word(n.From)
		byFirst[first] = append(byFirst[first], form{text, n.Type, n.To - n.From})
	}
	for i := 0; i < len(d.Tokens); i++ {
		if d.Tokens[i].Name >= 0 {
			continue
		}
		best := form{}
		for _, f := range byFirst[d.Word(i)] {
			if f.n > best.n && i+f.n <= len(d.Tokens) && d.free(i, i+f.n) && d.Slice(d.SpanOf(extractor.Range{From: i, To: i + f.n})) == f.text {
				best = f
			}
		}
		if best.n > 0 && d.plausible(i, i+best.n, &thing{typ: best.typ}) {
			d.insert(i, i+best.n, best.typ, 0.7)
			i += best.n - 1
		}
	}
}

func (d *document) usedInLowerCase(word string) bool {
	if d.lower == nil {
		d.lower = map[string]bool{}
		for i := range d.Tokens {
			if w := d.Word(i); !isCapital(w) {
				d.lower[w] = true
			}
		}
	}
	return d.lower[strings.ToLower(word)]
}

// fixTypes lets the gazetteers overrule the name finder where a whole name is
// known, unless a longer name of a person shows that it is a surname or first
// name here ("Jordan", "Israel").
func (d *document) fixTypes() {
	for i := range d.Names {
		n := &d.Names[i]
		t := d.gazetteer.byName[d.folded[i]]
		if t == nil && n.Type == schemas.Person { // a possessive that lost its apostrophe: "Al-Qaedas"
			if name, ok := strings.CutSuffix(d.folded[i], "s"); ok && len(name) > 4 {
				t = d.gazetteer.byName[name]
			}
		}
		if t == nil || t.typ == n.Type {
			continue
		}
		if t.own {
			n.Type = t.typ
			continue
		}
		if n.Type == schemas.Person && d.partOfPerson(i) {
			continue
		}
		if isUpper(t.name) || !caseFits(d.Slice(n.Span), t) {
			continue
		}
		n.Type = t.typ
	}
}

// voteTypes gives all occurrences of one form the type that most of them have,
// weighted by confidence: a text does not use one name for a person and a place.
// A title before the name speaks for a person.
func (d *document) voteTypes() {
	votes := map[string]map[schemas.EntityType]int{}
	for i := range d.Names {
		n := &d.Names[i]
		text := d.Slice(n.Span)
		if votes[text] == nil {
			votes[text] = map[schemas.EntityType]int{}
		}
		votes[text][n.Type] += int(n.Confidence * 100)
		if n.From == 0 || d.startsSentence(n.From) {
			continue
		}
		switch before := d.Word(n.From - 1); {
		case isTitle(before) && isCapital(before):
			votes[text][schemas.Person] += 100
		case n.Type == schemas.Group: // "into English"
		case isWhere(before) && d.isCity(i) && !certain(n),
			isInside(before) && n.Type == schemas.Person && !certain(n) && !d.partOfPerson(i): // nobody is in a person
			votes[text][schemas.Location] += 200
		}
		if n.Type == schemas.Person && d.besidePlace(i) && !d.partOfPerson(i) {
			votes[text][schemas.Location] += 60
		}
	}
	for i := range d.Names {
		n := &d.Names[i]
		best, most := n.Type, 0
		for _, t := range schemas.EntityTypes {
			if v := votes[d.Slice(n.Span)][t]; v > most {
				best, most = t, v
			}
		}
		if t := d.gazetteer.byName[d.folded[i]]; t != nil && t.own {
			best = t.typ
		}
		n.Type = best
	}
}

// certain reports whether the name finder is so sure of n that a preposition
// makes no place of it: "trust in Ann Lee".
func certain(n *extractor.Name) bool {
	if n.To-n.From > 1 {
		return n.Confidence > 0.85
	}
	return n.Confidence > 0.95
}

// isWhere reports whether a name after this word is likely a place: "in Homs",
// "the town of Larnaca".
func isWhere(w string) bool {
	switch w {
	case "in", "near", "at", "from", "around", "outside", "into", "toward", "towards", "of":
		return true
	}
	return false
}

func isInside(w string) bool {
	switch w {
	case "in", "near", "outside":
		return true
	}
	return false
}

// besidePlace reports whether name i is joined with a place by "and": "Larnaca and
// Paphos".
func (d *document) besidePlace(i int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if j < 0 || j >= len(d.Names) || d.Names[j].Type != schemas.Location {
			continue
		}
		a, b := d.Names[min(i, j)], d.Names[max(i, j)]
		if b.From == a.To+1 && (d.Word(a.To) == "and" || d.Word(a.To) == "or") {
			return true
		}
	}
	return false
}

// isCity reports whether name i is a place that no longer name of a person has as
// a part.
func (d *document) isCity(i int) bool {
	_, _, ok := city(d.folded[i])
	return ok && !d.partOfPerson(i)
}

// splitPlaces takes apart what the name finder has joined because a comma or an
// apostrophe is lost: "Oporto Portugal", "Norways Bergen".
func (d *document) splitPlaces() {
	for i := 0; i < len(d.Names); i++ {
		n := d.Names[i]
		if n.Type != schemas.Location || n.To-n.From < 2 || d.isPlace(n.From, n.To) {
			continue
		}
		for at := n.From + 1; at < n.To; at++ {
			if d.isState(at, n.To, "") && (d.isPlace(n.From, at) || at == n.From+1 && d.isDivision(at, n.To)) && !isCompass(d.Word(n.From)) || d.isState(n.From, at, "s") {
				d.insert(n.From, at, n.Type, n.Confidence)
				d.insert(at, n.To, n.Type, n.Confidence)
				break
			}
		}
	}
}

// isPlace reports whether the gazetteers know the tokens as a place.
func (d *document) isPlace(from, to int) bool {
	if !isCapital(d.Word(from)) {
		return false
	}
	k := Fold(d.Slice(d.SpanOf(extractor.Range{From: from, To: to})))
	if t := d.gazetteer.byName[k]; t != nil {
		return t.typ == schemas.Location
	}
	_, _, ok := city(k)
	return ok
}

// isCompass reports whether w is part of the name of the place after it: "North
// America".
func isCompass(w string) bool {
	switch strings.ToLower(w) {
	case "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "upper", "lower", "new", "greater", "latin", "baja", "upstate", "downtown", "mainland", "rural":
		return true
	}
	return false
}

// isDivision reports whether the tokens are the name of a division that
// newsrooms write behind its cities.
func (d *document) isDivision(from, to int) bool {
	t := d.gazetteer.byName[Fold(d.Slice(d.SpanOf(extractor.Range{From: from, To: to})))]
	return t != nil && t.division
}

// isState reports whether the tokens are the name of a country, or of a division
// that newsrooms write behind its cities, followed by suffix.
func (d *document) isState(from, to int, suffix string) bool {
	name, ok := strings.CutSuffix(Fold(d.Slice(d.SpanOf(extractor.Range{From: from, To: to}))), suffix)
	t := d.gazetteer.byName[name]
	return ok && t != nil && (t.state || t.division) && utf8.RuneCountInString(name) > 3
}

// caseFits keeps an acronym of the lists ("IS", "US") from claiming a name that
// is written otherwise ("Us").
func caseFits(text string, t *thing) bool {
	if text == t.name || slices.Contains(t.aliases, text) {
		return true
	}
	return utf8.RuneCountInString(text) > 4
}

func (d *document) partOfPerson(i int) bool {
	short := d.words(i)
	for j := max(0, i-window); j < min(len(d.Names), i+window); j++ {
		if j == i || d.Names[j].Type != schemas.Person {
			continue
		}
		if long := d.words(j); len(long) > len(short) && containsRun(long, short) {
			return true
		}
	}
	return false
}

// words returns the folded words of name i.
func (d *document) words(i int) []string {
	return strings.Fields(d.folded[i])
}

func containsRun(long, short []string) bool {
	for i := 0; i+len(short) <= len(long); i++ {
		if slices.Equal(long[i:i+len(short)], short) {
			return true
		}
	}
	return false
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

func isUpper(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 1
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func isClitic(w string) bool {
	switch w {
	case "'s", "’s", "'", "’", "s'", ",", ".":
		return true
	}
	return false
}
