package normalizer

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/normalizer/wording"
	"github.com/claimwire/claimwire/schemas"
)

// reportableAt is the extraction confidence, in hundredths, from which a claim is
// reportable. A figure must also say what it counts, stand in an article's text,
// and not come from a page of boilerplate.
const reportableAt = 50

// A claim is one value of a series with its proofs.
type claim struct {
	rec        *schemas.Claim // complete but for citations, stability and relations; shared by the claims that it describes, so never changed
	group      *group
	mentions   []*mention // in the order of the citations
	origins    []string   // of the mentions, sorted, each once
	asOf       string     // day of the first print of its newest origin
	moment     string     // the same as an instant; empty if only the day is known
	first      string     // instant of rec.FirstSeen
	superseded *claim     // the newer figure that stands; nil if this one does
	conflicts  []*claim   // by id
	neighbours []*claim   // compatible figures next to it in the series
	moved      bool       // a sentence gives its figure as one end of a change
}

// build makes the claims of a group.
func build(n *group) {
	piles := pileUp(n.members)
	n.claims = make([]*claim, len(piles))
	for i := range piles {
		n.claims[i] = newClaim(n, &piles[i])
	}
	slices.SortFunc(n.claims, byID)
	compareFigures(n.claims)
}

// A pile is the mentions of one value in a group.
type pile struct {
	value    string
	was      *claim // that they prove so far; nil if they do not all prove the same one
	count    int
	mentions []*mention // nil if they are those of was, and no others
}

// pileUp sorts the members of a group by their value.
func pileUp(members []*mention) []pile {
	piles := make([]pile, 0, 4)
	var index map[string]int // once there are many
	find := func(value string) int {
		if index != nil {
			if i, ok := index[value]; ok {
				return i
			}
			return -1
		}
		return slices.IndexFunc(piles, func(p pile) bool { return p.value == value })
	}
	for _, m := range members {
		value := valueKey(m)
		i := find(value)
		if i < 0 {
			i = len(piles)
			if piles = append(piles, pile{value: value, was: m.owner}); index != nil {
				index[value] = i
			} else if len(piles) == 12 {
				index = map[string]int{}
				for i := range piles {
					index[piles[i].value] = i
				}
			}
		}
		p := &piles[i]
		if p.count++; p.was != m.owner {
			p.was = nil
		}
	}
	changed := false
	for i := range piles {
		if p := &piles[i]; p.was == nil || len(p.was.mentions) != p.count {
			p.mentions, changed = make([]*mention, 0, p.count), true
		}
	}
	if changed {
		for _, m := range members {
			if p := &piles[find(valueKey(m))]; p.mentions != nil {
				p.mentions = append(p.mentions, m)
			}
		}
	}
	return piles
}

// What names the one claim of the series of a statement and of an event.
const (
	saidValue     = "said"
	happenedValue = "happened"
)

// valueKey names the value within a series: the normalised interval, and whether
// it is denied.
func valueKey(m *mention) string {
	switch {
	case m.value != "":
	case m.claim.Kind == schemas.StatementClaim:
		m.value = saidValue
	case m.claim.Kind == schemas.EventClaim:
		m.value = happenedValue
	case m.claim.Modality == schemas.Negated:
		m.value = "not " + m.Figure.Key()
	default:
		m.value = m.Figure.Key()
	}
	return m.value
}

func newClaim(n *group, p *pile) *claim {
	c := &claim{group: n}
	shared := p.mentions == nil // the series changed, this figure did not
	if was := p.was; shared {
		c.rec, c.mentions, c.first, c.moved = was.rec, was.mentions, was.first, was.moved
	} else {
		ms := p.mentions
		c.mentions = ms
		slices.SortFunc(ms, byCitation)
		c.rec, c.first = describe(ms)
		c.moved = slices.ContainsFunc(ms, func(m *mention) bool { return m.Moved })
	}
	for _, m := range c.mentions {
		m.owner = c
	}
	c.origins = origins(c.mentions)
	if d := newest(c.mentions); d != nil {
		c.asOf = date(d.published)
		if len(d.published) > 10 {
			c.moment = d.instant
		}
	}
	id := c.rec.ID
	if c.rec.SeriesID != n.id {
		id = schemas.ID("c", n.id, p.value)
	}
	counts := c.rec.Corroboration
	if !shared {
		counts = corroboration(c)
	}
	counts.Origins = len(c.origins)
	sure, tier := confidence(c), tier(c)
	if r := c.rec; r.ID != id || r.Corroboration != counts || r.Confidence != sure || r.Tier != tier {
		if shared {
			own := *r
			r = &own
		}
		r.ID, r.SeriesID, r.Corroboration, r.Confidence, r.Tier = id, n.id, counts, sure, tier
		c.rec = r
	}
	return c
}

// describe makes the record of what the mentions say, and the instant from which it
// was known; where it belongs and how sure it is are left open.
func describe(ms []*mention) (rec *schemas.Claim, since string) {
	r := mergeSlots(ms)
	r.CitationCount = len(ms)
	if first, last := seen(ms); first != nil {
		r.FirstSeen, r.LastSeen, since = first.published, last.published, first.instant
	}
	r.Relations, r.ReplacedBy = []schemas.Relation{}, []string{}
	r.Text = wording.Sentence(&r, reportingWord(&r, &ms[0].cite))
	return &r, since
}

// origins lists the origins of mentions, sorted, each once.
func origins(ms []*mention) []string {
	out := make([]string, 0, 1)
	for _, m := range ms {
		if len(out) == 0 || out[len(out)-1] != m.doc.origin {
			out = append(out, m.doc.origin)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func byCitation(a, b *mention) int {
	return cmp.Or(cmp.Compare(a.cite.PublishedAt, b.cite.PublishedAt), cmp.Compare(a.cite.ArticleID, b.cite.ArticleID), cmp.Compare(a.cite.Start, b.cite.Start), cmp.Compare(a.Key, b.Key))
}

// seen returns the documents with the least and the greatest published_at; times
// are compared as moments, whatever their zones. Without any they are nil.
func seen(ms []*mention) (first, last *document) {
	for _, m := range ms {
		d := m.doc
		if d.published == "" {
			continue
		}
		if first == nil || byInstant(d, first) < 0 {
			first = d
		}
		if last == nil || byInstant(last, d) < 0 {
			last = d
		}
	}
	return first, last
}

// newest returns the first print of the origin that came last; nil if nothing is
// dated.
func newest(ms []*mention) *document {
	if len(ms) == 1 && ms[0].doc.published != "" {
		return ms[0].doc
	}
	prints := map[string]*document{}
	for _, m := range ms {
		if p := prints[m.doc.origin]; m.doc.published != "" && (p == nil || byInstant(m.doc, p) < 0) {
			prints[m.doc.origin] = m.doc
		}
	}
	var out *document
	for _, d := range prints {
		if out == nil || byInstant(out, d) < 0 {
			out = d
		}
	}
	return out
}

func byInstant(a, b *document) int {
	return cmp.Or(cmp.Compare(a.instant, b.instant), cmp.Compare(a.published, b.published))
}

// instant returns a time in UTC, so that text order is the order of time; a date
// stays as it is.
func instant(s string) string {
	if len(s) <= 10 {
		return s
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return s
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000000Z")
}

func corroboration(c *claim) schemas.Corroboration {
	if len(c.mentions) == 1 {
		return schemas.Corroboration{Mentions: 1, Articles: 1, Texts: 1, Publishers: 1, Origins: 1}
	}
	articles := 0
	texts, publishers := map[string]bool{}, map[string]bool{}
	var last *document
	for _, m := range c.mentions { // in the order of articles
		d := m.doc
		if d == last {
			continue
		}
		articles++
		if last == nil || d.sum != last.sum {
			texts[d.sum] = true
		}
		if d.publisher == "" { // an unknown publisher is nobody else's
			publishers["article "+d.ref.ID] = true
		} else if last == nil || d.publisher != last.publisher {
			publishers[d.publisher] = true
		}
		last = d
	}
	return schemas.Corroboration{Mentions: len(c.mentions), Articles: articles, Texts: len(texts), Publishers: len(publishers), Origins: len(c.origins)}
}

// confidence is made of integers and rounded once, so it is the same everywhere.
func confidence(c *claim) schemas.Confidence {
	best, attributed := 0, 0
	for _, m := range c.mentions {
		best = max(best, m.confidence)
		if m.cite.Source != nil {
			attributed++
		}
	}
	link := 100 // one text needs no link
	if len(c.group.members) > 1 {
		link = c.group.strength()
	}
	attribution := 60
	if attributed > 0 {
		attribution = 80
	}
	return schemas.Confidence{Extraction: float64(best) / 100, Linking: float64(link) / 100, Attribution: float64(attribution) / 100}
}

// strength is the weakest of the best links of the members, scaled so that the
// threshold is 50 and twice the threshold is 99.
func (n *group) strength() int {
	if n.link > 0 {
		return n.link
	}
	weakest := 1000
	for _, m := range n.members {
		if m.first != nil || len(m.copies)+1 == len(n.members) {
			continue // tied by its text
		}
		best := 0
		for _, e := range m.edges {
			if best >= weakest {
				break // no weaker than others are
			}
			if e.to.group == n {
				best = max(best, e.score)
			}
		}
		weakest = min(weakest, best)
	}
	n.link = min(max(weakest*100/(2*same.Threshold), 50), 99)
	return n.link
}

// Reportable reports whether a claim that rests on q alone, in the text of an
// article, would be of tier [schemas.Reportable].
func Reportable(q *schemas.Quantity) bool {
	return int(math.Round(q.Confidence*100)) >= reportableAt &&
		(q.Counted != nil || q.Category != nil || q.Measure != schemas.OtherMeasure)
}

func tier(c *claim) schemas.Tier {
	if !slices.ContainsFunc(c.mentions, func(m *mention) bool { return !m.doc.boilerplate }) {
		return schemas.Candidate
	}
	if c.rec.Kind == schemas.StatementClaim {
		if c.rec.Speaker.ID == "" {
			return schemas.Candidate
		}
		return schemas.Reportable
	}
	if c.rec.Kind == schemas.EventClaim {
		return eventTier(c.rec)
	}
	body := slices.ContainsFunc(c.mentions, func(m *mention) bool { return !m.headline && m.confidence >= reportableAt })
	if body && (c.rec.Counted != "" || c.rec.Category != nil || c.rec.Measure != schemas.OtherMeasure) {
		return schemas.Reportable
	}
	return schemas.Candidate
}

// Boilerplate is one body under this many titles that share no word: a sign-in
// page or a newsletter form, no article.
const boilerplateTitles = 4

func isBoilerplate(docs []*document) bool {
	var titles [][]uint32
	for _, d := range docs {
		t := d.match.Title
		if len(t) < 2 || slices.ContainsFunc(titles, func(u []uint32) bool { return share(t, u) }) {
			continue
		}
		if titles = append(titles, t); len(titles) == boilerplateTitles {
			return true
		}
	}
	return false
}

func share(a, b []uint32) bool {
	return slices.ContainsFunc(a, func(w uint32) bool { return slices.Contains(b, w) })
}

// relations ties a claim to the claims that stand now.
func (c *claim) relations() []schemas.Relation {
	out := []schemas.Relation{}
	add := func(t schemas.RelationType, o *claim) {
		if o != nil && o != c {
			out = append(out, schemas.Relation{Type: t, Claim: o.rec.ID})
		}
	}
	for _, m := range c.mentions {
		if m.PartOf >= 0 && m.doc.mentions[m.PartOf].Measure == m.Measure { // of another measure it is another's share
			add(schemas.PartOf, m.doc.mentions[m.PartOf].owner)
		}
		for _, o := range m.doc.contrasts[m] {
			add(schemas.ContrastsWith, o.owner)
		}
	}
	for _, o := range c.conflicts {
		add(schemas.ConflictsWith, o)
	}
	for _, o := range c.neighbours {
		add(schemas.CompatibleWith, o)
	}
	slices.SortFunc(out, func(a, b schemas.Relation) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Claim, b.Claim))
	})
	return slices.Compact(out)
}

// record is the claim as readers get it. Behind the watermark it is final.
func (c *claim) record(watermark string) schemas.Claim {
	var r schemas.Claim
	c.newest(&r, watermark, len(c.mentions), nil)
	return r
}

// newest writes the record of the claim into r, with the newest citations up to a limit
// and all of one article, nil for none. It reports whether that leaves some out.
func (c *claim) newest(r *schemas.Claim, watermark string, limit int, of *schemas.ArticleRef) (more bool) {
	cites := make([]schemas.Citation, 0, min(limit, len(c.mentions)))
	*r = *c.rec
	extra := len(c.mentions) - limit
	more = extra > 0
	for _, m := range c.mentions {
		if extra > 0 && (of == nil || m.cite.ArticleID != of.ID) {
			extra--
			continue
		}
		cites = append(cites, m.cite)
		cites[len(cites)-1].Origin = m.doc.origin
	}
	r.Citations, r.Relations, r.Stability = cites, c.relations(), stability(r.LastSeen, watermark)
	return more
}

func stability(lastSeen, watermark string) schemas.Stability {
	if watermark != "" && date(lastSeen) < watermark {
		return schemas.Final
	}
	return schemas.Provisional
}
