package normalizer

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/normalizer/text"
	"github.com/claimwire/claimwire/schemas"
)

// A document is one version of an article with everything that claims are made of.
type document struct {
	ref         schemas.ArticleRef
	knownAt     string // Change.KnownAt of what it causes
	edited      string // when this version was made: modified_at, else published_at
	reading     string // the program that read it
	ruled       string // the reviews that bear on it
	published   string // Article.PublishedAt
	instant     string // the same in UTC
	url         string
	publisher   string // what tells publishers apart
	sum         string // hash of the text
	titleSum    string // hash of the title, which headline figures are anchored to; empty without them
	length      int    // code points of the text
	title       string
	correction  bool // says itself that it corrects something
	walled      bool
	calls       bool // the text ends in a call to read on elsewhere
	madeBy      schemas.MadeBy
	match       *same.Doc
	sketch      text.Sketch
	mentions    []*mention
	parts       bool                    // some figure is a part of another
	contrasts   map[*mention][]*mention // figures of one topic in two modalities
	origin      string                  // names the earliest print of the text; set by the graph
	boilerplate bool                    // the text is no article; set by the graph
	refused     int                     // figures without proof
	printed     uint64                  // see print; 0 until asked for
	number      int                     // of a walk over documents
	stays       int                     // it came back from the shelf and stays until that round, see shelf
}

// A mention is one figure, statement or event in canonical form with its citation.
type mention struct {
	same.Mention
	doc        *document
	leaf       []string      // names the slots, the value left open
	claim      schemas.Claim // the slots; citations and counts are empty
	cite       schemas.Citation
	confidence int // of the extraction, in hundredths
	headline   bool

	edges  []edge     // other mentions that may be of the same thing
	first  *mention   // the same mention of the same text printed earlier; nil if this is the first
	copies []*mention // those that have this one as first
	series string     // id of the series it would name; empty until asked for
	value  string     // see valueKey; empty until asked for
	group  *group     // the series it is in
	owner  *claim     // the claim it proves
	bond   bond       // by which it came to its group

	visit uint64 // of a walk over the graph: see graph.walk
	at    int32  // place in the region that is grouped
}

type edge struct {
	to    *mention
	score int
}

// prepare turns an extraction into a document. It returns an error that matches
// [schemas.ErrMalformed] if the extraction contradicts itself as a whole; single
// figures without proof are refused and counted.
func prepare(e *schemas.Extraction, rs *rulings) (*document, error) {
	a := &e.Article
	if err := Check(e); err != nil {
		return nil, err
	}
	body := newField(schemas.InText, a.Text, a.Paragraphs)
	words := text.Words(a.Text)
	d := &document{
		ref:        schemas.ArticleRef{ID: a.ID, Version: a.Version},
		knownAt:    knownAt(a),
		edited:     cmp.Or(a.ModifiedAt, a.PublishedAt),
		reading:    reading(e.MadeBy),
		published:  a.PublishedAt,
		instant:    instant(a.PublishedAt),
		url:        a.Address(),
		publisher:  cmp.Or(a.Publisher.Domain, strings.ToLower(a.Publisher.Name)),
		sum:        body.sum,
		length:     body.offsets.Len(),
		title:      a.Title,
		correction: corrects(a),
		walled:     a.Paywalled == schemas.Yes,
		calls:      callsOn(ending(a.Text, 200)),
		madeBy:     e.MadeBy,
		sketch:     text.SketchOf(words),
	}
	day, _, _ := days(date(a.PublishedAt))
	d.match = &same.Doc{
		ID:        a.ID,
		Published: day,
		Names:     storyNames(e.Entities),
		Words:     contentHashes(words),
		Title:     contentHashes(text.Words(a.Title)),
		Near:      besides(body, e.Entities),
	}
	d.match.Top = topNames(d.match.Names)
	var headline *field
	if len(e.HeadlineQuantities) > 0 {
		headline = newField(schemas.InTitle, a.Title, nil)
		d.titleSum = headline.sum
	}
	d.ruled = rs.concern(e, d.sum, d.titleSum)
	if len(rs.blocked[strings.ToLower(a.Publisher.Domain)]) > 0 {
		return d, nil // nothing that it prints counts
	}
	r := reader{e: e, d: d, canon: newCanon(e), rulings: rs, day: day}
	whole := r.quantities(body, e.Quantities, false)
	for i := range e.Quantities { // parts, once every index has its mention
		if p := e.Quantities[i].PartOf; p != nil && *p >= 0 && *p < len(whole) && *p != i && whole[i] != nil && whole[*p] != nil {
			whole[i].PartOf, d.parts = whole[*p].Index, true
		}
	}
	if headline != nil {
		r.quantities(headline, e.HeadlineQuantities, true)
	}
	r.statements(body)
	r.events(body)
	r.nameLeaves()
	ms := make([]*same.Mention, len(d.mentions))
	for i, m := range d.mentions {
		ms[i] = &m.Mention
	}
	d.match.Contrast(ms)
	d.contrasts = contrasts(d.mentions)
	return d, nil
}

func knownAt(a *schemas.Article) string {
	if a.FetchedAt != nil {
		return a.FetchedAt.UTC().Format("2006-01-02T15:04:05.999999999Z07:00")
	}
	return a.PublishedAt
}

// correctionCue is how publishers mark a text that takes something back.
var correctionCue = regexp.MustCompile(`(?i)\b(correction|corrected|clarification|retraction)\s*:|\bearlier version of this (article|story|report)\b|\b(misstated|incorrectly (said|stated|reported|gave))\b`)

func corrects(a *schemas.Article) bool {
	return correctedText(a.Title) || correctedText(a.Text)
}

func correctedText(s string) bool {
	for _, part := range []string{"orrect", "ORRECT", "earlier version", "isstated", "larification", "LARIFICATION", "etraction", "ETRACTION"} {
		if strings.Contains(s, part) { // the expression is slow
			return correctionCue.MatchString(s)
		}
	}
	return false
}

// callCue is how a page that gives a part of its article ends.
var callCue = regexp.MustCompile(`(?i)(\b(read more|read on|read the (full|whole|rest)|continue reading|continued on|full story|next page|page \d+ (of|/) ?\d+|subscribe|sign (in|up)|log in|already a (subscriber|member))\b[^\n]{0,80}|…|\.\.\.|\[\.\.\.\])[\s.!»›]*$`)

// callsOn reports whether the end of a text calls to read on. The expression is slow, so
// what every one of the cues has is looked for first.
func callsOn(end string) bool {
	low := strings.ToLower(end)
	for _, part := range []string{"read", "continue", "full story", "page", "subscribe", "sign ", "log in", "already a", "…", "..."} {
		if strings.Contains(low, part) {
			return callCue.MatchString(end)
		}
	}
	return false
}

// ending returns the last n bytes of s at most.
func ending(s string, n int) string { return s[max(len(s)-n, 0):] }

// storyNames weighs the names of an article by how much they tell about its
// story: a person or organisation more than a place, a place more than a
// nationality, and what is named often more than what is named once.
func storyNames(es []schemas.Entity) []same.Name {
	weight := map[uint32]int{}
	for i := range es {
		w := 1
		switch es[i].Type {
		case schemas.Person, schemas.Organisation, schemas.Misc:
			w = 3
		case schemas.Location:
			w = 2
		}
		if len(es[i].Mentions) > 2 {
			w++
		}
		h := text.Hash(entityKey(&es[i]))
		weight[h] = max(weight[h], w)
	}
	out := make([]same.Name, 0, len(weight))
	for h, w := range weight {
		out = append(out, same.Name{Hash: h, Weight: w})
	}
	slices.SortFunc(out, func(a, b same.Name) int { return cmp.Compare(a.Hash, b.Hash) })
	return out
}

// besideCue is what stands between a place and the larger or nearby one that
// locates it: "Ardal, a village outside Torvik", "Torvik's Ardal".
var besideCue = regexp.MustCompile(`^(['’]?s?|,|,? (?:[\pL-]+ ){0,6}(?:in|of|near|outside|inside))(?: the)?(?: [\pL-]+)? ?$`)

// besides reads from the text which places lie in or beside which.
func besides(f *field, es []schemas.Entity) map[string][]string {
	type at struct {
		schemas.Span
		key string
	}
	var places []at
	for i := range es {
		if es[i].Type != schemas.Location {
			continue
		}
		for _, m := range es[i].Mentions {
			places = append(places, at{m.Span, entityKey(&es[i])})
		}
	}
	slices.SortFunc(places, func(a, b at) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.key, b.key)) })
	out := map[string][]string{}
	for i := 1; i < len(places); i++ {
		p, q := places[i-1], places[i]
		if p.key == q.key || q.Start-p.End > 60 {
			continue
		}
		between, ok := f.offsets.Slice(f.text, schemas.Span{Start: p.End, End: q.Start})
		if ok && besideCue.MatchString(between) && !slices.Contains(out[p.key], q.key) {
			out[p.key] = append(out[p.key], q.key)
		}
	}
	return out
}

// nameLeaves gives every mention its leaf key: the slots with the value left
// open, the article, and a number if the article says the same again.
func (r *reader) nameLeaves() {
	times := map[string]int{}
	for _, m := range r.d.mentions {
		key := leafOf(m)
		m.leaf = []string{key, r.d.ref.ID, strconv.Itoa(times[key])}
		times[key]++
	}
}

// leafVersion changes when the meaning of leaf keys does; ids change with it.
const leafVersion = "1"

// leafOf joins the slots by a mark that no folded word contains.
func leafOf(m *mention) string {
	start := ""
	if m.claim.Time != nil {
		start = m.claim.Time.Start
	}
	return strings.Join([]string{
		leafVersion, string(m.claim.Kind), m.Measure, m.Unit, string(m.Axis), m.Per, string(m.Delta), m.Head, strings.Join(m.Mods, " "),
		partyKey(m.Agent), partyKey(m.Victim), m.Place.Key, start, strconv.FormatBool(m.Running), strconv.FormatBool(m.PartOf >= 0),
		m.Speaker, m.Said,
	}, "\x1f")
}

func partyKey(p same.Party) string {
	if p.Key != "" {
		return p.Key
	}
	return strings.Join(p.Words, " ")
}

// contrasts finds figures of one topic that an article gives in two modalities:
// six hundred were due, no more than two hundred are let in.
func contrasts(ms []*mention) map[*mention][]*mention {
	out := map[*mention][]*mention{}
	for i, a := range ms {
		for _, b := range ms[:i] {
			if a.claim.Kind != schemas.QuantityClaim || b.claim.Kind != schemas.QuantityClaim || a.Axis == b.Axis || a.headline != b.headline || a.Measure != b.Measure ||
				a.Unit != b.Unit || a.Head != b.Head || a.Per != b.Per || a.Delta != b.Delta {
				continue
			}
			if a.Measure == schemas.OtherMeasure && a.Head == "" || a.Place.Known() && b.Place.Known() && a.Place.Key != b.Place.Key {
				continue
			}
			out[a], out[b] = append(out[a], b), append(out[b], a)
		}
	}
	return out
}

// Check returns an error that matches [schemas.ErrMalformed] if an extraction
// contradicts itself, so that [Batch] or [Normalizer.Apply] would refuse it.
func Check(e *schemas.Extraction) error {
	a := &e.Article
	switch {
	case e.ArticleID == "" || e.ArticleID != a.ID:
		return fmt.Errorf("extraction of article %q carries article %q: %w", e.ArticleID, a.ID, schemas.ErrMalformed)
	case e.ArticleVersion != a.Version:
		return fmt.Errorf("extraction of article %s: version %q of %q: %w", a.ID, e.ArticleVersion, a.Version, schemas.ErrMalformed)
	case a.TextSHA256 != "" && a.TextSHA256 != schemas.SHA256(a.Text):
		return fmt.Errorf("extraction of article %s: text does not have its hash: %w", a.ID, schemas.ErrMalformed)
	}
	return nil
}
