package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// Features appends the features of token i of the sentence r.
func (p *Page) Features(f []uint32, r extractor.Range, i int) []uint32 {
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	w, l, n, ll, nn := p.at(r, i), p.at(r, i-1), p.at(r, i+1), p.at(r, i-2), p.at(r, i+2)
	flags := p.flags(r, i)
	prev, next := p.flags(r, i-1), p.flags(r, i+1)

	add(0, flags)
	add(1, flags|prev<<8|next<<16)
	add(2, w.Form)
	add(3, w.Norm)
	add(4, l.Norm)
	add(5, n.Norm)
	add(6, ll.Norm)
	add(7, nn.Norm)
	add(8, linear.Join(l.Norm, w.Norm))
	add(9, linear.Join(w.Norm, n.Norm))
	add(10, w.Shape)
	add(11, linear.Join(l.Short, w.Short))
	add(12, linear.Join(w.Short, n.Short))
	add(13, linear.Join(linear.Join(l.Short, w.Short), n.Short))
	add(14, linear.Join(w.Norm, flags))
	add(15, linear.Join(l.Norm, flags))
	add(16, linear.Join(n.Norm, flags))
	for k := range 4 {
		add(17+uint32(k), w.Prefix[k])
		add(21+uint32(k), w.Suffix[k])
	}
	for d, v := range [5]*linear.Word{ll, l, w, n, nn} {
		for k := range 4 {
			add(30+uint32(d*4+k), uint32(v.Quad[k]))
		}
	}
	add(51, uint32(l.Quad[1])<<16|uint32(w.Quad[1]))
	add(52, uint32(w.Quad[1])<<16|uint32(n.Quad[1]))
	add(53, uint32(l.Quad[2])|uint32(w.Quad[2])<<8|uint32(n.Quad[2])<<16)
	add(54, uint32(w.Quad[2])|flags<<16)
	add(55, uint32(l.Quad[2])|flags<<16)
	add(56, uint32(n.Quad[2])|flags<<16)
	add(57, linear.Join(ll.Norm, l.Norm))
	add(58, linear.Join(n.Norm, nn.Norm))
	add(59, uint32(ll.Quad[2])|uint32(l.Quad[2])<<8|flags<<16)
	add(60, uint32(n.Quad[2])|uint32(nn.Quad[2])<<8|flags<<16)
	f = p.tagFeatures(f, r, i)
	f = p.listFeatures(f, r, i)
	return p.memoryFeatures(f, i)
}

// flags returns what the form of token i says, 0 outside of the sentence.
func (p *Page) flags(r extractor.Range, i int) uint32 {
	if i < r.From || i >= r.To {
		return 0
	}
	w := &p.words[i]
	v := uint32(w.Caps) + 1
	switch {
	case w.Marks:
		v = 5
	case w.Digits:
		v = 6
	}
	if p.first[i] {
		v |= 8
	}
	if p.shout[i] {
		v |= 16
	}
	if p.glued[i] {
		v |= 32
	}
	return v
}

// listFeatures appends what the lists say.
func (p *Page) listFeatures(f []uint32, r extractor.Range, i int) []uint32 {
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	caps := uint32(p.words[i].Caps)
	s, m := p.single[i], p.multi[i]
	add(64, uint32(s)|caps<<16)
	add(65, uint32(m)|uint32(p.places[i])<<16|caps<<20)
	for k := Kind(1); k <= lastKind; k <<= 1 {
		if s&k != 0 {
			add(66, uint32(k)|caps<<16)
		}
		if m&k != 0 {
			add(67, uint32(k)|uint32(p.places[i])<<16|caps<<20)
		}
	}
	var ps, ns, pm, nm Kind
	if i > r.From {
		ps, pm = p.single[i-1], p.multi[i-1]
	}
	if i+1 < r.To {
		ns, nm = p.single[i+1], p.multi[i+1]
	}
	const people = First | Last
	add(68, uint32(ps|pm)|caps<<16)
	add(69, uint32(ns|nm)|caps<<16)
	add(70, uint32(s&people)|uint32(ps&people)<<4|uint32(ns&people)<<8|caps<<16)
	if (ps|pm)&Role != 0 {
		add(71, uint32(s&^Role)|caps<<16)
	}
	return f
}

// tagFeatures appends what the parts of speech around token i are.
func (p *Page) tagFeatures(f []uint32, r extractor.Range, i int) []uint32 {
	add := func(t, v uint32) { f = append(f, linear.Mix(t, v)) }
	tag := func(i int) uint32 {
		if i < r.From || i >= r.To {
			return 0
		}
		return p.upos[i]
	}
	caps := uint32(p.words[i].Caps)
	ll, l, w, n, nn := tag(i-2), tag(i-1), tag(i), tag(i+1), tag(i+2)
	add(101, w|caps<<8)
	add(102, l|w<<8|caps<<16)
	add(103, w|n<<8|caps<<16)
	add(104, l|w<<8|n<<16|caps<<24)
	add(105, ll|l<<8|caps<<16)
	add(106, n|nn<<8|caps<<16)
	return f
}
