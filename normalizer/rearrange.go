package normalizer

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/normalizer/same"
)

// maxRounds bounds how often a part of a component is made larger before all of it is
// grouped again.
const maxRounds = 4

// rearrange groups a newcomer together with some groups that it changes, as if nothing
// else were there, and then makes sure that nothing else is changed by that: each tie
// that leads out must be refused as before, by a veto between two of whom one is
// together with this end when it is taken, and one with the other. Groups of which that
// cannot be said are taken in. It reports false if that goes on too long.
//
// A group whose members are still together meets sooner, if anything, than it did, so
// what it was refused it still is: only the ties of the newcomer and of groups that are
// divided are looked at.
func (g *graph) rearrange(m *mention, ties []tie, around []*group, r *regrouping) bool {
	for range maxRounds {
		region := []*mention{m}
		for _, n := range around {
			n.blurred = false // the bonds are about to be made anew
			for _, o := range n.members {
				if o.first == nil {
					region = append(region, o)
				}
			}
		}
		slices.SortFunc(region, func(a, b *mention) int { return cmp.Compare(a.Key, b.Key) })
		formed := cluster(region, true)
		b := border{region: region, vetoes: map[*group][][2]*mention{}}
		for _, t := range ties {
			b.check(m, t)
		}
		for _, o := range divided(formed, m) {
			for _, e := range o.edges {
				if e.to.group != nil && e.to != m {
					b.check(o, tieOf(o, e))
				}
			}
		}
		if len(b.open) == 0 {
			g.put(formed, around, b.outside, r)
			return true
		}
		around = append(around, b.open...)
	}
	return false
}

// divided returns the members of groups that are no longer all together.
func divided(formed [][]*mention, m *mention) []*mention {
	now := map[*group]int{} // by old group, where its first member is
	split := map[*group]bool{}
	for i, members := range formed {
		for _, o := range members {
			if at, ok := now[o.group]; !ok {
				now[o.group] = i
			} else if at != i {
				split[o.group] = true
			}
		}
	}
	var out []*mention
	for _, members := range formed {
		for _, o := range members {
			if o != m && o.first == nil && split[o.group] {
				out = append(out, o)
			}
		}
	}
	return out
}

// A border is that of a region, which is being grouped by itself.
type border struct {
	region  []*mention
	vetoes  map[*group][][2]*mention // of one inside and one of a group outside, found so far
	outside []*group                 // that the region is tied to
	open    []*group                 // that may come to join somebody inside
}

// check looks at a tie of o, which is inside.
func (b *border) check(o *mention, t tie) {
	p := t.besides(o)
	if int(p.at) < len(b.region) && b.region[p.at] == p {
		return
	}
	n := p.group
	if !slices.Contains(b.outside, n) {
		b.outside = append(b.outside, n)
	}
	if !slices.Contains(b.open, n) && !b.apart(o.leader(t), p.leader(t), t, n) {
		b.open = append(b.open, n)
	}
}

// apart reports whether one of those who follow a leader inside when a tie is taken
// vetoes one of those who follow another in a group outside.
func (b *border) apart(leader, other *mention, t tie, n *group) bool {
	for _, v := range b.vetoes[n] {
		if v[0].leader(t) == leader && v[1].leader(t) == other {
			return true
		}
	}
	var ours []*mention
	for _, o := range b.region {
		if o.leader(t) == leader {
			ours = append(ours, o)
		}
	}
	for _, p := range n.members {
		if p.first != nil || p.leader(t) != other {
			continue
		}
		for _, o := range ours {
			if same.Vetoes(&o.Mention, &p.Mention) {
				b.vetoes[n] = append(b.vetoes[n], [2]*mention{o, p})
				return true
			}
		}
	}
	return false
}

// put makes groups of what was formed of a newcomer and some groups.
func (g *graph) put(formed [][]*mention, around, outside []*group, r *regrouping) {
	whole := len(formed) == 1 && len(outside) == 0
	for _, n := range around {
		whole = whole && n.whole
	}
	g.seal(formed)
	for _, n := range outside {
		n.whole = false
	}
	for _, members := range formed {
		if was := members[0].group; was != nil && slices.Equal(was.members, members) {
			was.whole = false
			continue
		}
		n := &group{id: seriesID(members[0]), members: members, whole: whole, plain: true}
		for _, o := range members {
			if o.group != nil {
				r.old[o.group] = true
			}
			o.group = n
		}
		r.made[n] = true
	}
}
