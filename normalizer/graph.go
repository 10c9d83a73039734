package normalizer

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/normalizer/text"
	"github.com/claimwire/claimwire/schemas"
)

// A graph holds the current version of every article and keeps its mentions in
// groups. After any sequence of replacements the groups are a function of the
// articles it holds: an edge depends on its two mentions only, and a touched
// component is grouped again from scratch.
type graph struct {
	share  Partition
	docs   map[string]*document // by article id
	texts  text.Index
	sums   map[string][]*document // by text hash: who prints the text, by article id
	blocks blocks
	story  same.Stories
	sets   uint64           // counts the sets of mentions that do not veto each other: see same.Mention
	walk   uint64           // counts the walks over the graph: a mention is visited if it has this number
	fetch  func(key uint64) // brings back what was let go; nil if nothing ever is
}

// need brings back what has a key, before it is looked up.
func (g *graph) need(key uint64) {
	if g.fetch != nil {
		g.fetch(key)
	}
}

// A group is one series: mentions of one thing, by key.
type group struct {
	id      string
	members []*mention
	claims  []*claim       // by id
	link    int            // see strength; 0 until it is asked for
	title   string         // of the series; empty until it is asked for
	all     *schemas.Claim // see slots; nil until it is asked for
	whole   bool           // it is all of its component, and nothing in it vetoes another
	plain   bool           // people have no say in its component: its groups follow from scores and vetoes
	blurred bool           // what its members know of how they came together is out of date, see bond
}

// with returns the group with other members, whose claims are not made yet.
func (n *group) with(members []*mention) *group {
	return &group{id: seriesID(members[0]), members: members, whole: n.whole, plain: n.plain, blurred: n.blurred}
}

func newGraph(share Partition) *graph {
	return &graph{share: share, docs: map[string]*document{}, sums: map[string][]*document{}, blocks: blocks{lists: map[uint64][]*mention{}, reach: reach}}
}

// swap puts a new version of an article in the place of the old one, which is nil
// for a new article, and notes what that touches: mentions whose component
// changed, and groups whose claims cite another origin now.
func (g *graph) swap(old, next *document, touched map[*mention]bool, stale map[*group]bool) {
	if old != nil {
		group := g.texts.Group(old.sum)
		first := g.sums[old.sum][0]
		g.unlinkAll(old, touched, stale)
		group = append(group, g.drop(old)...)
		g.relink(old.sum, first, nil, touched, stale)
		g.refresh(group, stale)
		for _, m := range old.mentions {
			delete(touched, m)
		}
	}
	if next != nil {
		g.need(sumKey(next.sum))
		var first *document
		if same := g.sums[next.sum]; len(same) > 0 {
			first = same[0]
		}
		texts := g.add(next)
		if g.sums[next.sum][0] == next {
			g.relink(next.sum, first, next, touched, stale)
		} else {
			g.linkAll(next, touched)
		}
		g.refresh(texts, stale)
	}
}

// relink ties the mentions of one text anew if another article prints it first
// than did so before; those of a fresh document are not tied yet.
func (g *graph) relink(sum string, was, fresh *document, touched map[*mention]bool, stale map[*group]bool) {
	docs := g.sums[sum]
	if len(docs) == 0 || docs[0] == was {
		return
	}
	for _, d := range docs {
		if d != fresh {
			g.unlinkAll(d, touched, stale)
		}
	}
	for _, d := range docs {
		g.linkAll(d, touched)
	}
}

// linkAll finds the place of the mentions of a document. Those of a text that
// another article printed first go where the first ones go, without a search: a
// text that is printed ten thousand times costs no more than it must.
func (g *graph) linkAll(d *document, touched map[*mention]bool) {
	first := g.sums[d.sum][0]
	for _, m := range d.mentions {
		if !g.share.owns(m) {
			continue
		}
		if first != d {
			if m.first = first.twin(m); m.first != nil {
				m.first.copies = append(m.first.copies, m)
				touched[m] = true
				continue
			}
		}
		g.link(m, touched)
		touched[m] = true
	}
}

// twin returns the mention of d that m is a copy of.
func (d *document) twin(m *mention) *mention {
	if m.Index >= len(d.mentions) {
		return nil
	}
	o := d.mentions[m.Index]
	if o.cite.Field != m.cite.Field || o.cite.Quote != m.cite.Quote || o.Figure != m.Figure || o.PartOf != m.PartOf ||
		o.claim.Kind != m.claim.Kind || same.Vetoes(&o.Mention, &m.Mention) {
		return nil
	}
	return o
}

// unlinkAll takes the mentions of a document out and notes those they were tied to.
func (g *graph) unlinkAll(d *document, touched map[*mention]bool, stale map[*group]bool) {
	for _, m := range d.mentions {
		if !g.share.owns(m) {
			continue
		}
		if m.group != nil {
			stale[m.group] = true
		}
		if f := m.first; f != nil {
			f.copies = slices.DeleteFunc(f.copies, func(x *mention) bool { return x == m })
			touched[f] = true
			delete(touched, m)
			m.first = nil
			continue
		}
		for _, c := range m.copies { // whoever calls links them again
			c.first = nil
		}
		m.copies = nil
		g.unlink(m, touched)
		delete(touched, m)
	}
}

// add returns the hashes of the texts whose group may have changed.
func (g *graph) add(d *document) (texts []string) {
	g.docs[d.ref.ID] = d
	texts = []string{d.sum}
	if len(g.sums[d.sum]) == 0 {
		texts = append(texts, g.texts.Add(d.sum, d.sketch)...)
	}
	i, _ := slices.BinarySearchFunc(g.sums[d.sum], d, byArticle)
	g.sums[d.sum] = slices.Insert(g.sums[d.sum], i, d)
	return texts
}

// drop returns the hashes of other texts whose group may have changed.
func (g *graph) drop(d *document) (texts []string) {
	delete(g.docs, d.ref.ID)
	if i, ok := slices.BinarySearchFunc(g.sums[d.sum], d, byArticle); ok {
		g.sums[d.sum] = slices.Delete(g.sums[d.sum], i, i+1)
	}
	if len(g.sums[d.sum]) == 0 {
		delete(g.sums, d.sum)
		texts = g.texts.Remove(d.sum)
	}
	return texts
}

// refresh names the origin of every article whose text is tied to one of these,
// and notes the groups whose claims cite another origin than before.
func (g *graph) refresh(sums []string, stale map[*group]bool) {
	done := map[string]bool{}
	for _, sum := range sums {
		if done[sum] {
			continue
		}
		var docs []*document
		for _, s := range g.texts.Group(sum) {
			done[s] = true
			docs = append(docs, g.sums[s]...)
		}
		if len(docs) == 0 {
			continue
		}
		origin, boilerplate := schemas.ID("o", slices.MinFunc(docs, byArticle).sum), isBoilerplate(docs)
		for _, d := range docs {
			if d.origin == origin && d.boilerplate == boilerplate {
				continue
			}
			d.origin, d.boilerplate = origin, boilerplate
			for _, m := range d.mentions {
				if m.group != nil {
					stale[m.group] = true
				}
			}
		}
	}
}

func byArticle(a, b *document) int {
	return cmp.Or(cmp.Compare(a.published, b.published), cmp.Compare(a.ref.ID, b.ref.ID))
}

// link finds the mentions that m may be one with.
func (g *graph) link(m *mention, touched map[*mention]bool) {
	met, parted := g.blocks.insert(m)
	g.walk++
	m.visit = g.walk
	for _, o := range met {
		if o.visit != g.walk {
			o.visit = g.walk
			g.tie(m, o)
		}
	}
	for _, p := range parted {
		score, tied := p.a.tied(p.b)
		if !tied || g.blocks.meet(p.a, p.b) {
			continue
		}
		p.a.untie(p.b)
		p.b.untie(p.a)
		if !idle(p.a, p.b, score) {
			touched[p.a], touched[p.b] = true, true
		}
	}
}

// idle reports whether the groups are what they are with or without an edge of this
// score between two mentions.
func idle(a, b *mention, score int) bool {
	n := a.group
	switch {
	case n == nil || b.group == nil:
		return true // it came with a newcomer, who has no group yet
	case !n.plain || !b.group.plain:
		return false
	case n != b.group:
		return true // it was refused
	// Two mentions of one group that are both tied to a third of it more strongly are
	// together before their own turn comes.
	case a.besides(b, func(x, y edge) bool { return x.to.group == n && x.score > score && y.score > score }):
		return true
	case n.whole && a.besides(b, func(x, _ edge) bool { return x.to.group == n }): // no newcomer, who may go elsewhere
		n.blurred = true
		return true // whatever hangs together is one, though later than it was
	}
	return false
}

// tie adds an edge if the evidence is enough for one.
func (g *graph) tie(m, o *mention) bool {
	score, veto := g.story.Compare(&m.Mention, &o.Mention)
	if veto || score < same.Threshold {
		return false
	}
	m.edges, o.edges = append(m.edges, edge{o, score}), append(o.edges, edge{m, score})
	return true
}

// tied reports whether two mentions are, and with which score.
func (m *mention) tied(o *mention) (score int, ok bool) {
	if len(o.edges) < len(m.edges) {
		m, o = o, m
	}
	for i := len(m.edges) - 1; i >= 0; i-- { // what is asked for is mostly new
		if m.edges[i].to == o {
			return m.edges[i].score, true
		}
	}
	return 0, false
}

// besides reports whether two mentions are tied to a third one by edges that will do.
func (m *mention) besides(o *mention, do func(m, o edge) bool) bool {
	for i := len(m.edges) - 1; i >= 0; i-- {
		e := m.edges[i]
		if score, ok := e.to.tied(o); ok && do(e, edge{e.to, score}) {
			return true
		}
	}
	return false
}

func (m *mention) untie(o *mention) {
	m.edges = slices.DeleteFunc(m.edges, func(e edge) bool { return e.to == o })
}

// unlink takes m out and adds the mentions it was tied to, and those that are tied
// now because it is gone.
func (g *graph) unlink(m *mention, touched map[*mention]bool) {
	met := g.blocks.remove(m)
	for _, e := range m.edges {
		touched[e.to] = true
		e.to.untie(m)
	}
	m.edges = nil
	for _, p := range met {
		if _, tied := p.a.tied(p.b); !tied && g.blocks.meet(p.a, p.b) && g.tie(p.a, p.b) {
			touched[p.a], touched[p.b] = true, true
		}
	}
}

// regroup groups the components of the touched mentions again.
func (g *graph) regroup(touched map[*mention]bool, stale map[*group]bool) (ended, begun []*group) {
	return g.regroupBy(touched, stale, g.settle)
}

// regroupBy is regroup with a way of its own to find the group of a newcomer.
func (g *graph) regroupBy(touched map[*mention]bool, stale map[*group]bool, settle func(*mention, *regrouping) bool) (ended, begun []*group) {
	if len(touched) == 0 && len(stale) == 0 {
		return nil, nil
	}
	news, copies := newcomers(touched)
	r := &regrouping{old: map[*group]bool{}, made: map[*group]bool{}, stale: stale}
	g.walk++
	g.form(touched, r)
	for _, m := range copies {
		if m.first.visit != g.walk { // else it was grouped with its copies
			r.enlarge(m.first.group, m)
		}
	}
	for _, m := range news {
		if m.visit == g.walk || settle(m, r) {
			continue
		}
		g.form(map[*mention]bool{m: true}, r)
	}
	for o := range stale { // outside the regions: same members, other citations
		if !r.old[o] && g.current(o.members[0]) {
			r.made[o.with(o.members)] = true
		}
		r.old[o] = true
	}
	for o := range r.old {
		if !r.made[o] {
			ended = append(ended, o)
		}
	}
	for n := range r.made {
		if !r.old[n] {
			begun = append(begun, n)
		}
	}
	for _, n := range begun {
		for _, m := range n.members {
			m.group = n
		}
	}
	order := func(a, b *group) int { return cmp.Compare(a.id, b.id) }
	slices.SortFunc(ended, order)
	slices.SortFunc(begun, order)
	return ended, begun
}

// A regrouping is what becomes of the groups in one turn.
type regrouping struct {
	old   map[*group]bool // that are no more, some of them made in this turn
	made  map[*group]bool
	stale map[*group]bool // whose claims cite another origin
}

// newcomers takes mentions out of touched that need no grouping of all that they are
// tied to: those that nothing was known of, and copies of what has a group. Both are
// sorted by key.
func newcomers(touched map[*mention]bool) (news, copies []*mention) {
	for m := range touched {
		switch {
		case m.first == nil && m.group == nil && len(m.copies) == 0 && len(m.Marks) == 0:
			news = append(news, m)
		case m.first == nil:
			continue
		case m.group == nil && m.first.group != nil:
			copies = append(copies, m)
		default:
			touched[m.first] = true
		}
		delete(touched, m)
	}
	byKey := func(a, b *mention) int { return cmp.Compare(a.Key, b.Key) }
	slices.SortFunc(news, byKey)
	slices.SortFunc(copies, byKey)
	return news, copies
}

// form groups the components of the touched mentions that this walk has not come to.
func (g *graph) form(touched map[*mention]bool, r *regrouping) {
	for m := range touched {
		if m.visit == g.walk || m.first != nil || !g.current(m) {
			continue
		}
		region := g.component(m)
		formed := cluster(region, true)
		for _, members := range formed {
			for _, m := range members {
				if m.group != nil {
					r.old[m.group] = true
				}
			}
		}
		plain := !slices.ContainsFunc(region, func(m *mention) bool { return len(m.Marks) > 0 })
		whole := len(formed) == 1 && plain
		if plain {
			g.seal(formed)
		}
		for _, members := range formed {
			was := members[0].group
			if was != nil && !r.stale[was] && slices.Equal(was.members, members) {
				was.whole, was.plain, was.blurred = whole, plain, false
				delete(r.old, was) // unchanged
				continue
			}
			r.made[&group{id: seriesID(members[0]), members: members, whole: whole, plain: plain}] = true
		}
	}
}

// seal remembers that the members of one group do not veto each other: those of a large
// component need not be compared again whenever it grows by one.
func (g *graph) seal(formed [][]*mention) {
	for _, members := range formed {
		g.sets++
		for _, m := range members {
			if m.first == nil { // copies have not been asked
				m.Set = g.sets
			}
		}
	}
}

// enlarge makes a group of one and a further member.
func (r *regrouping) enlarge(n *group, m *mention) *group {
	at, _ := slices.BinarySearchFunc(n.members, m, func(o, m *mention) int { return cmp.Compare(o.Key, m.Key) })
	members := slices.Insert(slices.Clip(n.members), at, m)
	more := n.with(members)
	for _, o := range members {
		o.group = more
	}
	r.old[n], r.made[more] = true, true
	return more
}

// component lists what is tied to m, by key.
func (g *graph) component(m *mention) []*mention {
	var out []*mention
	m.visit = g.walk
	for todo := []*mention{m}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		out = append(out, n)
		for _, e := range n.edges {
			if e.to.visit != g.walk {
				e.to.visit = g.walk
				todo = append(todo, e.to)
			}
		}
	}
	slices.SortFunc(out, func(a, b *mention) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// current reports whether m belongs to the current version of its article.
func (g *graph) current(m *mention) bool { return g.docs[m.doc.ref.ID] == m.doc }

// seriesID names a series by its first mention.
func seriesID(first *mention) string {
	if first.series == "" {
		first.series = schemas.ID("s", first.leaf...)
	}
	return first.series
}

// cluster groups a region, which is sorted by key. The members remember how they came
// together, if they shall.
func cluster(region []*mention, remember bool) [][]*mention {
	ms := make([]*same.Mention, len(region))
	for i, m := range region {
		m.at, ms[i] = int32(i), &m.Mention
	}
	var edges []same.Edge
	for i, m := range region {
		for _, e := range m.edges {
			if j := int(e.to.at); i < j && j < len(region) && region[j] == e.to {
				edges = append(edges, same.Edge{A: i, B: j, Score: e.score})
			}
		}
	}
	var joined func(same.Edge)
	if remember {
		joined = bonds(region)
	}
	roots := same.Cluster(ms, edges, joined)
	members := make([][]*mention, len(region))
	for i, root := range roots {
		members[root] = append(members[root], region[i])
	}
	members = slices.DeleteFunc(members, func(l []*mention) bool { return len(l) == 0 })
	for i, l := range members {
		n := len(l)
		for _, m := range l[:n] {
			l = append(l, m.copies...)
		}
		if len(l) > n {
			slices.SortFunc(l, func(a, b *mention) int { return cmp.Compare(a.Key, b.Key) })
		}
		members[i] = l
	}
	return members
}
