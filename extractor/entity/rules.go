package entity

import (
	"slices"
	"sort"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// repair applies the conventions for the edges and types of names, and then
// what the document says about a name elsewhere.
func repair(doc *extractor.Doc, p *Page, names []extractor.Name) []extractor.Name {
	out := make([]extractor.Name, 0, len(names)+4)
	for i := range names {
		for n, rest := p.cut(doc, names[i]); ; n, rest = p.cut(doc, rest) {
			if p.trim(doc, &n) {
				p.retype(&n)
				p.locate(doc, &n)
				out = p.push(doc, out, n)
			}
			if rest.From == rest.To {
				break
			}
		}
	}
	for range rounds {
		p.vote(doc, out)
	}
	return p.ministries(doc, p.echo(doc, out))
}

// ministries adds the ministries that are written small ("the defence
// ministry"): each is the name of one body all the same.
func (p *Page) ministries(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	found, at := len(names), 0
	for i := 1; i < len(doc.Tokens); i++ {
		for at < found && names[at].To < i {
			at++
		}
		if p.words[i].Lower != ministry || p.words[i].Caps != linear.NoCaps || !portfolios[p.words[i-1].Lower] || doc.Tokens[i].Sentence != doc.Tokens[i-1].Sentence {
			continue
		}
		if at < found && names[at].From <= i {
			continue
		}
		r := extractor.Range{From: i - 1, To: i + 1}
		names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: schemas.Organisation, Confidence: lowest, Entity: -1})
	}
	if len(names) > found {
		slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	}
	return names
}

// push appends n to out, or joins it with the last name there.
func (p *Page) push(doc *extractor.Doc, out []extractor.Name, n extractor.Name) []extractor.Name {
	if len(out) > 0 && p.joins(doc, out[len(out)-1], n) {
		last := &out[len(out)-1]
		if p.words[last.To].Lower == ampersand {
			last.Type = schemas.Organisation
		}
		last.To, last.End = n.To, n.End
		last.Confidence = min(last.Confidence, n.Confidence)
		return out
	}
	return append(out, n)
}

// rounds is how often votes are taken, so that what is known of one name reaches
// those listed with it.
const rounds = 2

// votes are what the names of one wording weigh, by type.
type votes struct {
	weight [numTypes]int32
	kinds  int
}

// vote gives all names of one wording the type that most speaks for, and lets
// full names speak for bare surnames. A name that the model is very sure of
// keeps its type.
func (p *Page) vote(doc *extractor.Doc, names []extractor.Name) {
	if len(names) == 0 {
		return
	}
	ballots := make(map[uint32]*votes, len(names))
	cast := func(key uint32, n *extractor.Name, share int32) {
		b := ballots[key]
		if b == nil {
			b = new(votes)
			ballots[key] = b
		}
		k := (Begin(n.Type) - 1) / 2
		if b.weight[k] == 0 {
			b.kinds++
		}
		b.weight[k] += max(1, int32(n.Confidence*100)-40) * share
	}
	for i := range names {
		n := &names[i]
		cast(p.wording(n.Range), n, 1)
		if n.Type == schemas.Person && p.located(doc, n) {
			place := extractor.Name{Type: schemas.Location, Confidence: 0.9}
			cast(p.wording(n.Range), &place, 3)
		}
		if i+1 < len(names) && p.listed(n, &names[i+1]) {
			other := &names[i+1]
			if n.Type != schemas.Location {
				n, other = other, n
			}
			place := extractor.Name{Type: schemas.Location, Confidence: 0.7}
			cast(p.wording(other.Range), &place, 2)
			n = &names[i]
		}
		if n.Type == schemas.Person && n.To-n.From > 1 {
			cast(p.words[n.To-1].Lower, n, 3)
		}
		if n.Type == schemas.Organisation && n.To-n.From > 2 {
			for k := n.From; k < n.To; k++ { // "the Observatory" is short for it
				if p.words[k].Caps == linear.Initial && p.single[k]&(First|Last|City|Country|Norp) == 0 {
					cast(p.words[k].Lower, n, 2)
				}
			}
		}
	}
	for i := range names {
		n := &names[i]
		b := ballots[p.wording(n.Range)]
		if b.kinds < 2 || n.Confidence > certain || n.Type == schemas.Group {
			continue
		}
		best := 0
		for k, w := range b.weight {
			if w > b.weight[best] {
				best = k
			}
		}
		if types[best] != schemas.Group {
			n.Type = types[best]
		}
	}
}

// located reports whether what stands before n says that it is a place: "in
// Tal Afar", "the villages of Tal Afar".
func (p *Page) located(doc *extractor.Doc, n *extractor.Name) bool {
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	if n.To < s.To && settlements[p.words[n.To].Lower] {
		return true
	}
	from := s.From
	if n.From-1 < from {
		return false
	}
	before := p.words[n.From-1].Lower
	return locatives[before] || before == of && n.From-2 >= from && (settlements[p.words[n.From-2].Lower] || parts[p.words[n.From-2].Lower])
}

// listed reports whether of the names a and b, with "and" between, one is a
// place and the other taken for a person without much reason.
func (p *Page) listed(a, b *extractor.Name) bool {
	if a.To+1 != b.From || p.words[a.To].Lower != and || a.To-a.From > 3 || b.To-b.From > 3 {
		return false
	}
	const doubtful = 0.8
	return a.Type == schemas.Location && b.Type == schemas.Person && b.Confidence < doubtful ||
		a.Type == schemas.Person && b.Type == schemas.Location && a.Confidence < doubtful
}

// certain is the confidence from which a name keeps its type.
const certain = 0.98

// wording returns a hash of the words of r.
func (p *Page) wording(r extractor.Range) uint32 {
	h := p.words[r.From].Lower
	for i := r.From + 1; i < r.To; i++ {
		h = linear.Join(h, p.words[i].Lower)
	}
	return h
}

// trim moves the edges of n inwards, past what does not belong to a name, and
// outwards over the halves of a compound adjective. It reports whether a name
// is left.
func (p *Page) trim(doc *extractor.Doc, n *extractor.Name) bool {
	for n.From < n.To {
		w := &p.words[n.From]
		switch {
		case w.Marks && w.Lower != open, w.Lower == the && w.Caps == linear.NoCaps, possessives[w.Lower]:
		case n.Type == schemas.Person && n.To-n.From > 1 && titles[w.Lower]:
		default:
			goto end
		}
		n.From++
	}
end:
	for n.To > n.From {
		w := &p.words[n.To-1]
		generic := n.To-n.From > 1 && w.Caps == linear.NoCaps && generics[w.Lower]
		number := n.Type == schemas.Person && w.Digits
		if !generic && !number && !possessives[w.Lower] && !(w.Marks && !closers[w.Lower]) {
			break
		}
		n.To--
	}
	if n.To > n.From && firms[p.words[n.To-1].Lower] && n.To < len(p.words) && p.words[n.To].Lower == period && p.glued[n.To] {
		n.To++ // the period of "Ltd." ends the sentence too
	}
	if n.From == n.To || n.Type == schemas.Person && n.To-n.From == 1 && honorific[p.words[n.From].Lower] {
		return false
	}
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	if n.Type == schemas.Group && n.From > s.From && directions[p.words[n.From-1].Lower] && p.words[n.From-1].Caps != linear.NoCaps && p.regional(n.From) {
		n.From--
	}
	n.Span = doc.SpanOf(n.Range)
	return true
}

// retype makes a name of nothing but demonyms NORP.
func (p *Page) retype(n *extractor.Name) {
	if n.Type == schemas.Group || n.To-n.From > 2 {
		return
	}
	for i := n.From; i < n.To; i++ {
		if p.words[i].Caps == linear.NoCaps || p.single[i]&Norp == 0 || p.single[i]&(City|Country) != 0 {
			return
		}
	}
	if n.Type == schemas.Organisation && n.Confidence > 0.6 {
		return // "Republicans" the party
	}
	n.Type = schemas.Group
}

// regional reports whether token i is a demonym that a direction can precede.
func (p *Page) regional(i int) bool { return (p.single[i]|p.multi[i])&Norp != 0 }

// joins reports whether the name b goes on with the name a: halves of a word
// with a hyphen between, both of one type; firms with "&" between; a creed and
// its religion.
func (p *Page) joins(doc *extractor.Doc, a, b extractor.Name) bool {
	if a.To == b.From && a.Type == schemas.Group && b.Type == schemas.Group {
		return b.To-b.From == 1 && creeds[p.words[a.To-1].Lower] && religions[p.words[b.From].Lower]
	}
	if a.To+1 != b.From || doc.Tokens[a.From].Sentence != doc.Tokens[b.From].Sentence {
		return false
	}
	if p.words[a.To].Lower == ampersand {
		return a.Type == schemas.Organisation || b.Type == schemas.Organisation
	}
	return a.Type == b.Type && a.To+1 == b.From && p.words[a.To].Lower == hyphen && doc.Tokens[a.To].Glued && doc.Tokens[b.From].Glued &&
		a.Type != schemas.Location && a.Type != schemas.Group
}

// sure is the confidence from which a name is looked for elsewhere in its
// document.
const sure = 0.9

// An echo is a name that the document has elsewhere: its first word, how many
// words it has, and where.
type echo struct {
	first uint32
	from  int
	to    int
	kind  schemas.EntityType
}

// echo finds again, where the model missed them, the names that it is sure of
// elsewhere in the document, and bare surnames of people named in full.
func (p *Page) echo(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	var known []echo
	for _, n := range names {
		if n.Confidence < sure || n.Type == schemas.Misc {
			continue
		}
		if p.words[n.From].Caps != linear.NoCaps && !p.shout[n.From] {
			known = append(known, echo{p.words[n.From].Lower, n.From, n.To, n.Type})
		}
		if last := n.To - 1; n.Type == schemas.Person && last > n.From && p.words[last].Caps != linear.NoCaps && p.words[last].Length > 3 {
			known = append(known, echo{p.words[last].Lower, last, n.To, n.Type})
		}
	}
	sort.SliceStable(known, func(i, j int) bool {
		a, b := known[i], known[j]
		if a.first != b.first {
			return a.first < b.first
		}
		return a.to-a.from > b.to-b.from
	})
	found := len(names)
	at := 0
	for i := 0; i < len(doc.Tokens); i++ {
		for at < found && names[at].To <= i {
			at++
		}
		limit := doc.Sentences[doc.Tokens[i].Sentence].To
		if at < found {
			if names[at].From <= i {
				i = names[at].To - 1
				continue
			}
			limit = min(limit, names[at].From)
		}
		if k := p.known(known, i, limit); k != nil && p.plausible(doc, i, i+k.to-k.from) {
			r := extractor.Range{From: i, To: i + k.to - k.from}
			names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: k.kind, Confidence: lowest, Entity: -1})
			i = r.To - 1
		} else if p.possessed(doc, i) {
			r := extractor.Range{From: i, To: i + 1}
			names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: schemas.Location, Confidence: lowest, Entity: -1})
		}
	}
	slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	return names
}

// known returns the longest echo that stands at token i before limit, nil if
// none does.
func (p *Page) known(known []echo, i, limit int) *echo {
	w := &p.words[i]
	if w.Caps == linear.NoCaps {
		return nil
	}
	k := sort.Search(len(known), func(k int) bool { return known[k].first >= w.Lower })
	const most = 64 // tries, so that the time stays linear
next:
	for end := min(k+most, len(known)); k < end && known[k].first == w.Lower; k++ {
		e := &known[k]
		if n := e.to - e.from; i+n > limit {
			continue
		}
		for d := range e.to - e.from {
			if p.words[i+d].Form != p.words[e.from+d].Form {
				continue next
			}
		}
		return e
	}
	return nil
}

// plausible reports whether the tokens [i, j) can be a name that the model
// missed: they are no words of the text in lower case, and no capitalised word
// that is in no name touches them.
func (p *Page) plausible(doc *extractor.Doc, i, j int) bool {
	if p.shout[i] || j-i == 1 && p.memory.find(p.words[i].Lower).small {
		return false
	}
	s := doc.Sentences[doc.Tokens[i].Sentence]
	if j < s.To && p.words[j].Caps != linear.NoCaps && !p.words[j].Marks {
		return false
	}
	return i == s.From || p.words[i-1].Caps == linear.NoCaps || p.words[i-1].Marks || p.first[i-1] || titles[p.words[i-1].Lower]
}

var (
	the         = linear.Hash("the")
	of          = linear.Hash("of")
	and         = linear.Hash("and")
	ampersand   = linear.Hash("&")
	quote       = linear.Hash("\"")
	period      = linear.Hash(".")
	creeds      = hashSet("sunni", "shia", "shiite", "shi'ite", "coptic", "orthodox", "ismaili", "maronite", "assyrian")
	religions   = hashSet("muslim", "muslims", "islam", "christian", "christians")
	firms       = hashSet("ltd", "inc", "co", "corp", "jr", "sr")
	ministry    = linear.Hash("ministry")
	portfolios  = hashSet("defence", "defense", "foreign", "interior", "health", "finance", "justice", "education", "oil", "energy", "transport", "agriculture", "information", "culture", "economy", "trade", "environment", "labor", "labour", "tourism", "electricity", "water")
	locatives   = hashSet("in", "near", "outside", "inside", "around", "across", "toward", "towards", "throughout", "northern", "southern", "eastern", "western", "central")
	possessives = hashSet("'s", "’s", "'", "’")
	closers     = hashSet(")", "+", "!", "\"", "”")
	directions  = hashSet("north", "south", "east", "west")

	// settlements stand beside the name of a place, parts before it with "of".
	settlements = hashSet("city", "cities", "town", "towns", "village", "villages", "province", "district", "districts", "neighborhood", "neighbourhood", "suburb", "suburbs", "enclave", "governorate", "municipality", "port", "region")
	parts       = hashSet("residents", "inhabitants", "outskirts", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "capital", "siege", "island", "area", "streets", "kilometers", "kilometres", "km", "miles", "centre", "center", "countryside")

	// generics are common nouns that say what a name is, after it and outside of it.
	generics = hashSet("group", "groups", "city", "cities", "town", "village", "villages", "province", "district", "region", "festival", "festivals", "militants", "fighters", "rebels", "party", "newspaper", "state", "company", "movement", "area", "border", "administration", "government", "officials", "holiday", "island", "islands", "airport", "river", "game", "games", "camp", "prison", "news", "agency")

	// honorific are the titles that are no name even alone.
	honorific = hashSet("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "gen", "gen.", "col", "col.", "lt", "lt.", "sgt", "sgt.", "capt", "capt.", "sen", "sen.", "rep", "rep.", "gov", "gov.", "prof", "prof.", "rev", "rev.", "president", "prime", "minister", "senator", "pope", "sir", "god", "allah")

	// titles stand before a name and outside of it.
	titles = hashSet("mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.", "prof", "prof.", "professor", "president", "vice", "prime", "minister", "premier",
		"senator", "sen", "sen.", "rep", "rep.", "representative", "congressman", "congresswoman", "governor", "gov", "gov.", "mayor", "judge", "justice",
		"general", "gen", "gen.", "colonel", "col", "col.", "lieutenant", "lt", "lt.", "captain", "capt", "capt.", "major", "maj", "maj.", "brigadier", "brig", "brig.",
		"sergeant", "sgt", "sgt.", "admiral", "adm", "adm.", "commander", "cmdr", "cmdr.", "king", "queen", "prince", "princess", "emperor", "pope", "cardinal", "archbishop", "bishop",
		"rev", "rev.", "reverend", "sheikh", "sheik", "imam", "ayatollah", "mullah", "sir", "dame", "secretary", "chancellor", "ambassador", "spokesman", "spokeswoman",
		"inspector", "constable", "detective", "officer", "coach", "sultan", "emir", "pastor", "rabbi", "foreign", "defense", "defence", "interior", "finance", "chief", "chairman", "chairwoman", "director", "superintendent", "hon", "hon.", "mp", "pm", "prophet")
)
