package entity

import (
	"slices"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

// A hint is what the words around a name say it is.
type hint struct {
	kind  schemas.EntityType
	share int32 // how many mentions it counts for; 0: no hint
}

// hint returns what the words around n, which are no part of it, say of its
// type: "the charity Oxbow", "an Oxbow spokeswoman", "Kafrin hospital",
// "Ann Lee, 40,".
func (p *Page) hint(doc *extractor.Doc, n *extractor.Name) hint {
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	before, after := p.small(s.Range, n.From-1), p.small(s.Range, n.To)
	listed := p.single[n.From] | p.multi[n.From]
	switch {
	case n.Type == schemas.Person && n.To-n.From == 1 && p.coined(doc, n.From):
		return hint{schemas.Organisation, 3}
	case n.Type == schemas.Person && (p.isGroup(s.Range, n.To) || facilities[after]):
		if facilities[after] {
			return hint{schemas.Location, 3}
		}
		return hint{schemas.Organisation, 3}
	case (n.Type == schemas.Person || n.Type == schemas.Misc || n.Type == schemas.Location && listed&(City|Country) == 0) && bodyNouns[before]:
		return hint{schemas.Organisation, 3}
	case n.Type == schemas.Person && n.To-n.From == 1 && staff[after] && listed&First == 0:
		return hint{schemas.Organisation, 2}
	case n.Type == schemas.Person && stock[after]:
		return hint{schemas.Organisation, 3}
	case unlisted(n, listed) && p.trades(s.Range, n):
		return hint{schemas.Organisation, 3}
	case unlisted(n, listed) && p.tail(n):
		return hint{schemas.Organisation, 2}
	case n.Type != schemas.Group && n.To-n.From == 1 && peoples[after] && listed&(First|Last|City|Country|Org|Company) == 0 && p.words[n.From].Caps == linear.Initial:
		return hint{schemas.Group, 3}
	case n.Type != schemas.Person && n.To-n.From > 1 && n.Confidence < sure && listed&(City|Country) == 0 && p.aged(doc, s.Range, n.To):
		return hint{schemas.Person, 3}
	}
	return hint{}
}

// unlisted reports whether no list knows n, one that the model does not take for an
// organisation: a person without a first name, a place of no map.
func unlisted(n *extractor.Name, listed Kind) bool {
	switch n.Type {
	case schemas.Person:
		return n.To-n.From == 1 && listed&First == 0
	case schemas.Location:
		return listed&(City|Country|Norp) == 0
	case schemas.Misc:
		return listed&(City|Country|Norp|First) == 0
	}
	return false
}

// trades reports whether the words around n say that it does business: "Oxbow's
// shares", "a stake in Oxbow", "Oxbow, which makes", "Oxbow said its sales".
func (p *Page) trades(r extractor.Range, n *extractor.Name) bool {
	const near = 3
	i := n.To
	switch {
	case i < r.To && possessives[p.words[i].Lower]:
		for k := i + 1; k < i+1+near && p.small(r, k) != 0; k++ {
			if assets[p.words[k].Lower] {
				return true
			}
		}
		return false
	case n.Type == schemas.Person && i+1 < r.To && p.words[i].Lower == comma && p.words[i+1].Lower == which:
		return true
	case reports[p.small(r, i)]:
		for k := i + 1; k < i+1+near && k < r.To; k++ {
			if p.words[k].Lower == its {
				return true
			}
		}
	}
	switch p.small(r, n.From-1) {
	case in, of:
		return holds[p.small(r, n.From-2)]
	}
	return false
}

// tail reports whether the last word of n is one that ends the names of firms and
// public bodies: "Northway Rail".
func (p *Page) tail(n *extractor.Name) bool {
	return n.To-n.From > 1 && n.To-n.From < 5 && p.words[n.To-1].Caps == linear.Initial && tails[p.words[n.To-1].Lower]
}

// small returns the lower case of token i, 0 if it is outside of r or capitalised.
func (p *Page) small(r extractor.Range, i int) uint32 {
	if i < r.From || i >= r.To || p.words[i].Caps != linear.NoCaps {
		return 0
	}
	return p.words[i].Lower
}

// isGroup reports whether the words from i on call what stands before them a
// group: "Ahrar group", "Ahrar rebel group".
func (p *Page) isGroup(r extractor.Range, i int) bool {
	if groupKinds[p.small(r, i)] {
		i++
	}
	return groupNouns[p.small(r, i)]
}

// aged reports whether an age stands at i, in commas: ", 40,".
func (p *Page) aged(doc *extractor.Doc, r extractor.Range, i int) bool {
	if i+1 >= r.To || p.words[i].Lower != comma && p.words[i].Lower != semicolon {
		return false
	}
	w := doc.Word(i + 1)
	if len(w) != 2 || w[0] < '1' || w[0] > '9' || w[1] < '0' || w[1] > '9' {
		return false
	}
	return i+2 == r.To || p.words[i+2].Marks && !possessives[p.words[i+2].Lower] && doc.Word(i+2) != "%" && doc.Word(i+2) != "-"
}

// coined reports whether token i is written as brands are and people are not:
// with a capital inside ("RailCo") that no "Mc" or "De" explains.
func (p *Page) coined(doc *extractor.Doc, i int) bool {
	w := &p.words[i]
	if w.Caps != linear.MixedCaps || w.Digits || p.single[i]&(First|Last) != 0 {
		return false
	}
	text, run := doc.Word(i), 0
	if text[0] < 'A' || text[0] > 'Z' {
		return false
	}
	for k := 1; k < len(text); k++ {
		c := text[k]
		switch {
		case c >= 0x80 || c == '\'':
			return false
		case c >= 'A' && c <= 'Z':
			return run > 2 // "McGee", "DeLuca", "LaRue", "VanDyke" have less before it
		}
		run++
	}
	return false
}

// listHints casts hints for the names of a list that a class noun opens: "brands
// such as Norda, Vera Malaga and Oxbow".
func (p *Page) listHints(doc *extractor.Doc, names []extractor.Name, give func(n *extractor.Name, h hint)) {
	for i := 0; i < len(names); i++ {
		kind, ok := p.classBefore(doc, names[i].From)
		if !ok {
			continue
		}
		sentence := doc.Tokens[names[i].From].Sentence
		for k := i; k < len(names) && k < i+12 && doc.Tokens[names[k].From].Sentence == sentence; k++ {
			if k > i && !p.continues(names[k-1].To, names[k].From) {
				break
			}
			if t := names[k].Type; t == schemas.Person || t != schemas.Group && kind != schemas.Misc && (kind != schemas.Person || t != schemas.Organisation) {
				give(&names[k], hint{kind, 3})
			}
		}
	}
}

// continues reports whether between tokens i and j nothing but commas and a
// conjunction stands.
func (p *Page) continues(i, j int) bool {
	if j == i || j-i > 2 {
		return false
	}
	for ; i < j; i++ {
		if w := p.words[i].Lower; w != comma && w != and && w != or {
			return false
		}
	}
	return true
}

// classBefore returns the type of the things that are listed from token i on.
func (p *Page) classBefore(doc *extractor.Doc, i int) (schemas.EntityType, bool) {
	r := doc.Sentences[doc.Tokens[i].Sentence].Range
	switch w := p.small(r, i-1); {
	case w == as && p.small(r, i-2) == such:
		i -= 2
	case w == like, w == including:
		i--
	default:
		return "", false
	}
	if i-1 >= r.From && p.words[i-1].Lower == comma {
		i--
	}
	kind, ok := classes[p.small(r, i-1)]
	return kind, ok
}

// between gives names between two places of a list to the places: "in Kafrin,
// Malaga and Sabada".
func (p *Page) between(names []extractor.Name, i int) bool {
	if i == 0 || i+1 >= len(names) || names[i].To-names[i].From > 2 {
		return false
	}
	a, b := &names[i-1], &names[i+1]
	return a.Type == schemas.Location && b.Type == schemas.Location && p.words[a.To].Lower == comma && p.continues(a.To, names[i].From) && p.continues(names[i].To, b.From)
}

// settle takes the words before a person's name into it, and makes it a place,
// if they are "the town of": "the town of Port [Vera Malaga]".
func (p *Page) settle(doc *extractor.Doc, before []extractor.Name, n *extractor.Name) {
	from := p.runs[n.From].From
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	if from >= n.From || from-2 < s.From || len(before) > 0 && before[len(before)-1].To > from {
		return
	}
	if p.small(s.Range, from-1) == of && settlements[p.small(s.Range, from-2)] {
		n.From, n.Type = from, schemas.Location
		n.Span = doc.SpanOf(n.Range)
	}
}

// quoted joins what one pair of quotes makes one name: "Malaga, Vera" is a
// person, and a person in the title of a work is part of the title.
func (p *Page) quoted(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	out := names[:0]
	for i := 0; i < len(names); i++ {
		n := names[i]
		if i+1 < len(names) && p.inverted(doc, &n, &names[i+1]) {
			n.To, n.End = names[i+1].To, names[i+1].End
			n.Confidence = min(n.Confidence, names[i+1].Confidence)
			out = append(out, n)
			i++
			continue
		}
		if r, ok := p.work(doc, &n); ok && (len(out) == 0 || out[len(out)-1].To <= r.From) {
			n = extractor.Name{Span: doc.SpanOf(r), Range: r, Type: schemas.Misc, Confidence: lowest, Entity: -1}
			for i+1 < len(names) && names[i+1].From < r.To {
				i++
			}
		}
		out = append(out, n)
	}
	return out
}

// senders adds the people of mail headers: "Malaga, Vera" <vera@port.example>.
func (p *Page) senders(doc *extractor.Doc, names []extractor.Name) []extractor.Name {
	found := false
	for i := 0; i+5 < len(doc.Tokens); i++ {
		if p.words[i].Lower != quote || p.words[i+2].Lower != comma || p.words[i+4].Lower != quote || p.words[i+5].Lower != less ||
			p.words[i+1].Caps == linear.NoCaps || p.words[i+3].Caps != linear.Initial || doc.Tokens[i+1].Sentence != doc.Tokens[i+3].Sentence {
			continue
		}
		r := extractor.Range{From: i + 1, To: i + 4}
		names = slices.DeleteFunc(names, func(n extractor.Name) bool { return n.From < r.To && r.From < n.To })
		names = append(names, extractor.Name{Span: doc.SpanOf(r), Range: r, Type: schemas.Person, Confidence: lowest, Entity: -1})
		found = true
	}
	if found {
		slices.SortFunc(names, func(a, b extractor.Name) int { return a.From - b.From })
	}
	return names
}

// trade moves the end of n over what belongs to the name of a business: the
// possessive of a shop ("at Norlund's for dinner"), and of its owner with what it
// is ("Vera's Diner").
func (p *Page) trade(doc *extractor.Doc, n *extractor.Name) {
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	if n.To >= s.To || !possessives[p.words[n.To].Lower] || n.Type == schemas.Group || n.Type == schemas.Misc {
		return
	}
	if i := n.To + 1; i < s.To && businesses[p.words[i].Lower] && p.words[i].Caps != linear.NoCaps && n.Type == schemas.Person {
		n.To, n.Type = i+1, schemas.Organisation
		n.Span = doc.SpanOf(n.Range)
		return
	}
	if n.Type == schemas.Person || !visits[p.small(s.Range, n.From-1)] || (p.single[n.From]|p.multi[n.From])&(City|Country) != 0 {
		return
	}
	if i := n.To + 1; i < s.To && p.words[i].Caps == linear.NoCaps && !p.words[i].Marks && doc.Tokens[i].UPOS != extractor.ADP {
		return // "at Norlund's plant"
	}
	n.To++
	n.Span = doc.SpanOf(n.Range)
}

// inverted reports whether a and b are surname and first name of one person, in
// quotes.
func (p *Page) inverted(doc *extractor.Doc, a, b *extractor.Name) bool {
	return a.Type == schemas.Person && b.Type == schemas.Person && a.To-a.From == 1 && a.To+1 == b.From && b.To-b.From < 3 && p.words[a.To].Lower == comma &&
		a.From > 0 && p.words[a.From-1].Lower == quote && b.To < len(doc.Tokens) && p.words[b.To].Lower == quote &&
		doc.Tokens[a.From].Sentence == doc.Tokens[b.From].Sentence
}

// work returns the quoted title that the person n is only a part of: words in
// capitals with small ones between, nothing else.
func (p *Page) work(doc *extractor.Doc, n *extractor.Name) (extractor.Range, bool) {
	const longest = 9
	if n.Type != schemas.Person {
		return extractor.Range{}, false
	}
	s := doc.Sentences[doc.Tokens[n.From].Sentence]
	r, joined := n.Range, false
	for r.From > s.From && n.From-r.From < longest && !quotes[p.words[r.From-1].Lower] {
		r.From--
		joined = joined || p.words[r.From].Caps == linear.NoCaps && p.words[r.From].Lower != and
		if p.words[r.From].Caps == linear.NoCaps && !connectors[p.words[r.From].Lower] {
			return r, false
		}
	}
	for r.To < s.To && r.To-n.To < longest && !quotes[p.words[r.To].Lower] {
		w := &p.words[r.To]
		if w.Marks && r.To+1 < s.To && quotes[p.words[r.To+1].Lower] {
			break // American comma
		}
		joined = joined || w.Caps == linear.NoCaps && w.Lower != and
		if w.Caps == linear.NoCaps && !connectors[w.Lower] {
			return r, false
		}
		r.To++
	}
	closed := r.To < s.To && (quotes[p.words[r.To].Lower] || p.words[r.To].Marks)
	opened := r.From > s.From && quotes[p.words[r.From-1].Lower]
	return r, joined && opened && closed && p.words[r.From].Caps != linear.NoCaps && p.words[r.To-1].Caps != linear.NoCaps
}

// Words around names that tell their type.
var (
	such      = linear.Hash("such")
	as        = linear.Hash("as")
	like      = linear.Hash("like")
	including = linear.Hash("including")
	or        = linear.Hash("or")
	semicolon = linear.Hash(";")
	less      = linear.Hash("<")

	postscript = linear.Hash("p.s.")
	quotes     = hashSet("\"", "“", "”", "''", "``", "«", "»")

	// bodyNouns stand right before the name of what they are.
	bodyNouns = hashSet("group", "company", "firm", "ngo", "charity", "newspaper", "daily", "tabloid", "weekly", "airline", "carrier", "website", "organisation", "organization",
		"movement", "militia", "faction", "platform", "startup", "start-up", "retailer", "automaker", "carmaker", "chipmaker", "drugmaker", "conglomerate", "nonprofit", "operator", "subsidiary", "watchdog", "lender", "insurer", "non-profit", "thinktank")
	// groupNouns stand behind the name of an armed or political group, groupKinds
	// between the two.
	groupNouns = hashSet("group", "militia", "movement", "organization", "organisation", "militants", "fighters", "rebels", "insurgents", "guerrillas")
	groupKinds = hashSet("rebel", "militant", "armed", "opposition", "terrorist", "terror", "jihadist", "islamist", "insurgent", "guerrilla", "extremist", "separatist", "rights", "advocacy", "aid", "environmental", "paramilitary", "political", "resistance")
	facilities = hashSet("hospital", "airport", "airbase", "crossing", "square", "mosque", "refinery", "dam", "bridge", "stadium", "prison", "checkpoint", "roundabout", "neighborhood", "neighbourhood", "highway", "street", "district", "province", "village")
	staff      = hashSet("spokesman", "spokeswoman", "spokesperson", "spokespeople", "executive", "executives", "employee", "employees", "subsidiary")
	stock      = hashSet("shares", "stock", "headquarters", "shareholders")
	// assets are what a firm has and a person or a place has not.
	assets = hashSet("shares", "stock", "profit", "profits", "revenue", "revenues", "sales", "earnings", "turnover", "shareholders", "investors", "customers", "workforce", "employees",
		"subsidiary", "subsidiaries", "factory", "factories", "plant", "plants", "stores", "shops", "outlets", "products", "headquarters", "board", "owner", "owners", "founder", "rivals", "bid", "takeover", "flights", "services")
	reports = hashSet("said", "says", "expects", "plans", "announced", "reported", "cut", "raised")
	holds   = hashSet("shares", "stake", "stakes", "stock", "shareholder", "shareholders", "investor", "investors", "subsidiary", "subsidiaries", "unit", "holding")
	tails   = hashSet("rail", "railways", "airlines", "airways", "motors", "steel", "foods", "media", "telecom", "holdings", "group", "industries", "systems", "technologies", "partners", "securities", "insurance", "mining",
		"minerals", "shipping", "logistics", "electric", "pharmaceuticals", "pharma", "hotels", "stores", "brothers", "bank", "alliance", "party", "council", "fund", "foundation", "institute", "society", "trust",
		"association", "federation", "agency", "authority", "commission", "relief", "watch", "aid", "union", "energy", "labs", "software", "ministry", "brigade", "brigades", "movement")
	which = linear.Hash("which")
	its   = linear.Hash("its")
	in    = linear.Hash("in")

	peoples = hashSet("people", "language", "tribe", "tribes", "tribesmen", "elders", "dialect", "speakers", "ancestry", "heritage", "minority", "ethnicity")

	visits     = hashSet("at", "to")
	businesses = hashSet("pizza", "pizzeria", "restaurant", "grill", "cafe", "café", "bar", "pub", "diner", "deli", "bakery", "bistro", "kitchen", "tavern", "garage", "salon", "boutique", "market", "stores", "supermarket", "pharmacy", "hotel", "inn", "gym", "karate", "auto", "plumbing", "florist", "jewelers")

	// classes are nouns that open a list of such things.
	classes = func() map[uint32]schemas.EntityType {
		m := map[uint32]schemas.EntityType{}
		for kind, words := range map[schemas.EntityType]map[uint32]bool{
			schemas.Misc:         hashSet("brands", "products", "films", "movies", "songs", "albums", "books", "novels", "shows", "games", "apps", "models", "festivals", "awards", "labels", "plays"),
			schemas.Organisation: hashSet("companies", "firms", "groups", "organisations", "organizations", "agencies", "banks", "retailers", "airlines", "newspapers", "clubs", "chains", "outlets", "publications", "institutions", "militias", "factions", "unions", "charities", "ngos", "automakers", "broadcasters", "websites", "bodies"),
			schemas.Location:     hashSet("cities", "towns", "villages", "countries", "provinces", "regions", "districts", "areas", "places", "neighbourhoods", "neighborhoods", "suburbs", "islands", "nations", "settlements"),
			schemas.Person:       hashSet("politicians", "leaders", "celebrities", "actors", "artists", "musicians", "writers", "activists", "ministers", "singers", "authors", "candidates", "lawmakers"),
		} {
			for w := range words {
				m[w] = kind
			}
		}
		return m
	}()
)
