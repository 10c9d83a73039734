package normalizer

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/normalizer/same"
)

// A tie is an edge with both its ends, a before b by key.
type tie struct {
	a, b  *mention
	score int
}

func tieOf(m *mention, e edge) tie {
	if m.Key < e.to.Key {
		return tie{m, e.to, e.score}
	}
	return tie{e.to, m, e.score}
}

// besides returns the end that is not m.
func (t tie) besides(m *mention) *mention {
	if t.a == m {
		return t.b
	}
	return t.a
}

// compare orders ties as [same.Cluster] takes them.
func (t tie) compare(u tie) int {
	if t.score != u.score {
		return cmp.Compare(u.score, t.score)
	}
	if t.a != u.a {
		return cmp.Compare(t.a.Key, u.a.Key)
	}
	return cmp.Compare(t.b.Key, u.b.Key)
}

// A bond tells how a mention came to its group: by which tie it was joined, with all
// that had come to it until then, to which other one. The bonds of a group form a tree;
// its root has none. They tell who is together when a tie is taken, though not all of
// them: newcomers may have brought others together sooner.
type bond struct {
	by tie
	to *mention
}

// bonds gives the members of a region, which is to be grouped anew, their bonds.
func bonds(region []*mention) func(same.Edge) {
	for _, m := range region {
		m.bond = bond{}
	}
	sizes := make([]int, len(region)) // by root, beyond the root itself
	return func(e same.Edge) {
		by := tie{region[e.A], region[e.B], e.Score}
		a, b := by.a.root(), by.b.root()
		if sizes[a.at] < sizes[b.at] { // so that the tree stays low
			a, b = b, a
		}
		b.bond = bond{by, a}
		sizes[a.at] += sizes[b.at] + 1
	}
}

func (m *mention) root() *mention {
	for m.bond.to != nil {
		m = m.bond.to
	}
	return m
}

// leader returns who leads those that m is together with, for sure, when a tie is taken.
func (m *mention) leader(t tie) *mention {
	if m.group != nil && m.group.blurred {
		return m
	}
	for m.bond.to != nil && m.bond.by.compare(t) < 0 {
		m = m.bond.to
	}
	return m
}

// A newcomer is a mention that looks for its group.
type newcomer struct {
	*mention
	home   *group     // that it has joined; nil so far
	since  tie        // by which it did
	beside []*mention // of home, that it is tied to and together with
	others []*other   // groups that it may not join
}

// An other is a group that a newcomer is tied to and does not come into.
type other struct {
	*group
	foes   []*mention    // of it, that veto the newcomer
	vetoes [][2]*mention // of home and of it, found so far
}

// settle puts a newcomer into the group that it would come into if all that it is tied
// to were grouped again. It reports whether it can do so with a look at some of it.
//
// Ties are taken as [same.Cluster] takes them. As long as each is refused, because
// somebody whom the other end is together with by then vetoes the newcomer, nothing
// changes for anybody. The first that is not leads to its group. If nobody of that
// vetoes it, it can only make members meet earlier that meet anyway, and what was
// refused between groups still is. So all others stay where they are if each further
// tie to another group is refused: by a veto between two of whom one is together with
// the newcomer by then, and one with the other end. If not, see rearrange.
func (g *graph) settle(m *mention, r *regrouping) bool {
	if !g.current(m) {
		return false
	}
	ties := make([]tie, 0, len(m.edges))
	for _, e := range m.edges {
		if n := e.to.group; n == nil {
			continue // a newcomer too, which comes later
		} else if !n.plain {
			return false
		}
		ties = append(ties, tieOf(m, e))
	}
	slices.SortFunc(ties, tie.compare)
	c := newcomer{mention: m}
	for _, t := range ties {
		o := t.besides(m)
		if !c.take(t, o) {
			around := []*group{o.group}
			if c.home != nil {
				around = append(around, c.home)
			}
			return g.rearrange(m, ties, around, r)
		}
	}
	n := c.home
	if n == nil {
		g.sets++
		m.Set, m.bond = g.sets, bond{}
		n = &group{id: seriesID(m), members: []*mention{m}, whole: true, plain: true}
		m.group, r.made[n] = n, true
	} else {
		m.Set, m.bond = c.beside[0].Set, bond{c.since, c.beside[0].leader(c.since)}
		n = r.enlarge(n, m)
	}
	for _, o := range c.others {
		n.whole, o.whole = false, false
	}
	return true
}

// take follows a tie to o. It reports false if it cannot tell what becomes of it.
func (c *newcomer) take(t tie, o *mention) bool {
	if o.group == c.home {
		c.beside = append(c.beside, o)
		return true
	}
	x := c.other(o.group)
	at := o.leader(t)
	if slices.ContainsFunc(x.foes, func(f *mention) bool { return f.leader(t) == at }) {
		return true
	}
	if c.home != nil {
		return c.apart(x, t, o, at)
	}
	if len(x.foes) > 0 {
		return false // they may be together already, or not
	}
	c.others = c.others[:len(c.others)-1] // nobody there vetoes the newcomer, so no tie to it was refused
	c.home, c.since, c.beside = o.group, t, append(c.beside, o)
	return true
}

// other returns what is known of another group.
func (c *newcomer) other(n *group) *other {
	for _, x := range c.others {
		if x.group == n {
			return x
		}
	}
	x := &other{group: n}
	for _, o := range n.members {
		if o.first == nil && same.Vetoes(&o.Mention, &c.Mention) {
			x.foes = append(x.foes, o)
		}
	}
	c.others = append(c.others, x)
	return x
}

// apart reports whether somebody whom the newcomer is together with when a tie is taken
// vetoes somebody of those that follow a leader in another group.
func (c *newcomer) apart(x *other, t tie, o, leader *mention) bool {
	var leaders []*mention // of those that the newcomer is together with
	for _, b := range c.beside {
		if l := b.leader(t); !slices.Contains(leaders, l) {
			leaders = append(leaders, l)
		}
	}
	for _, v := range x.vetoes {
		if v[1].leader(t) == leader && slices.Contains(leaders, v[0].leader(t)) {
			return true
		}
	}
	for _, b := range c.beside {
		if same.Vetoes(&b.Mention, &o.Mention) {
			x.vetoes = append(x.vetoes, [2]*mention{b, o})
			return true
		}
	}
	for _, p := range x.members {
		if p.first != nil || p.leader(t) != leader {
			continue
		}
		for _, h := range c.home.members {
			if h.first == nil && slices.Contains(leaders, h.leader(t)) && same.Vetoes(&h.Mention, &p.Mention) {
				x.vetoes = append(x.vetoes, [2]*mention{h, p})
				return true
			}
		}
	}
	return false
}
