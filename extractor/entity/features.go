package entity

import (
	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// numHead is the number of features that every token has, which come first.
const numHead = 55

// Features appends the features of token i of the sentence r.
func (p *Page) Features(f []uint32, r extractor.Range, i int) []uint32 {
	var head [numHead]uint32
	for role := range numRoles {
		wordFeatures(&head, role, p.at(r, i+role-itself))
	}
	p.pairFeatures(&head, r, i)
	return p.otherFeatures(append(f, head[:]...), r, i)
}

// Roles of a word for a token: it is two before it, one before it, the token itself, one
// or two after it.
const (
	itself   = 2
	numRoles = 5
)

// placeOfNorm and placeOfQuad say where in the head the features of a word in a role
// stand, ownPlaces those that only the token itself has, pairPlaces the others.
var (
	placeOfNorm = [numRoles]uint8{6, 4, 3, 5, 7}
	placeOfQuad = [numRoles]uint8{25, 29, 33, 37, 41}
	ownPlaces   = [...]uint8{2, 10, 17, 18, 19, 20, 21, 22, 23, 24}
	pairPlaces  = [...]uint8{0, 1, 8, 9, 11, 12, 13, 14, 15, 16, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54}
)

// wordFeatures sets the features that depend on one word alone.
func wordFeatures(f *[numHead]uint32, role int, w *linear.Word) {
	norm, quad := uint32(placeOfNorm[role]), uint32(placeOfQuad[role])
	f[norm] = linear.Mix(norm, w.Norm)
	for k := range uint32(4) {
		f[quad+k] = linear.Mix(quad+5+k, uint32(w.Quad[k]))
	}
	if role != itself {
		return
	}
	f[2] = linear.Mix(2, w.Form)
	f[10] = linear.Mix(10, w.Shape)
	for k := range uint32(4) {
		f[17+2*k] = linear.Mix(17+k, w.Prefix[k])
		f[18+2*k] = linear.Mix(21+k, w.Suffix[k])
	}
}

// pairFeatures sets the features of the head that depend on several words, or on
// how the token is written.
func (p *Page) pairFeatures(f *[numHead]uint32, r extractor.Range, i int) {
	w, l, n, ll, nn := p.at(r, i), p.at(r, i-1), p.at(r, i+1), p.at(r, i-2), p.at(r, i+2)
	flags := p.flags(r, i)
	prev, next := p.flags(r, i-1), p.flags(r, i+1)
	f[0] = linear.Mix(0, flags)
	f[1] = linear.Mix(1, flags|prev<<8|next<<16)
	f[8] = linear.Mix(8, linear.Join(l.Norm, w.Norm))
	f[9] = linear.Mix(9, linear.Join(w.Norm, n.Norm))
	f[11] = linear.Mix(11, linear.Join(l.Short, w.Short))
	f[12] = linear.Mix(12, linear.Join(w.Short, n.Short))
	f[13] = linear.Mix(13, linear.Join(linear.Join(l.Short, w.Short), n.Short))
	f[14] = linear.Mix(14, linear.Join(w.Norm, flags))
	f[15] = linear.Mix(15, linear.Join(l.Norm, flags))
	f[16] = linear.Mix(16, linear.Join(n.Norm, flags))
	f[45] = linear.Mix(51, uint32(l.Quad[1])<<16|uint32(w.Quad[1]))
	f[46] = linear.Mix(52, uint32(w.Quad[1])<<16|uint32(n.Quad[1]))
	f[47] = linear.Mix(53, uint32(l.Quad[2])|uint32(w.Quad[2])<<8|uint32(n.Quad[2])<<16)
	f[48] = linear.Mix(54, uint32(w.Quad[2])|flags<<16)
	f[49] = linear.Mix(55, uint32(l.Quad[2])|flags<<16)
	f[50] = linear.Mix(56, uint32(n.Quad[2])|flags<<16)
	f[51] = linear.Mix(57, linear.Join(ll.Norm, l.Norm))
	f[52] = linear.Mix(58, linear.Join(n.Norm, nn.Norm))
	f[53] = linear.Mix(59, uint32(ll.Quad[2])|uint32(l.Quad[2])<<8|flags<<16)
	f[54] = linear.Mix(60, uint32(n.Quad[2])|uint32(nn.Quad[2])<<8|flags<<16)
}

// otherFeatures appends the features after the head.
func (p *Page) otherFeatures(f []uint32, r extractor.Range, i int) []uint32 {
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
