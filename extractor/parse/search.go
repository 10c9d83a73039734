package parse

import "math/bits"

// A search is the memory in which the rows of features are found. It is done in
// passes whose look-ups do not depend on each other, and those passes that look up do nothing
// else, so that they wait for memory together; with hardly a branch, since which
// features have rows cannot be foreseen.
type search struct {
	n        int
	features [maxFound]uint32
	groups   [maxFound]group
	hits     [maxFound]hit
	entries  [maxFound]uint32
	pairs    [maxPairs]hit

	// What was found: the first cells of light rows, and the numbers of heavy ones.
	light, heavy   [maxFound]uint32
	lights, heavys uint8
	cells          [maxFound]uint64
	touched        uint64
}

// A hit is an entry that may be that of a feature.
type hit struct{ feature, at uint32 } // at: index into entries

const (
	maxFound = 1 << 8  // each feature has one row, see NumFeatures
	maxPairs = 1 << 13 // a part has at most maxBucket rows, and hence 2*maxBucket-1 entries
)

// A share is a part of the features of a search, and of what was found for them.
type share struct {
	features           int // the end of those in search.features
	hits               uint8
	light, heavy       uint8 // the first of them
	lightEnd, heavyEnd uint8
}

// begin begins a search.
func (s *search) begin() { s.n = 0 }

// want adds the features of templates to those that are looked up.
func (s *search) want(features *[NumFeatures]uint32, templates []uint8) share {
	n := uint8(s.n)
	for _, t := range templates {
		s.features[n] = features[t]
		n++
	}
	s.n = int(n)
	return share{features: s.n}
}

// find looks up the features of shares, which are all.
func (x *index) find(s *search, shares []share) {
	for i, f := range s.features[:s.n] {
		s.groups[i%maxFound] = x.groups[f>>(32-partBits+groupBits)]
	}
	i, n := 0, uint8(0)
	for k := range shares {
		for ; i < shares[k].features; i++ {
			f, g := s.features[i%maxFound], &s.groups[i%maxFound]
			upTo := g.full << (^(f >> (32 - partBits)) & (1<<groupBits - 1)) // of the group's parts, those up to that of f
			s.hits[n] = hit{f, g.before + uint32(bits.OnesCount64(upTo))}
			n += uint8(upTo >> 63)
		}
		shares[k].hits = n
	}
	for i, h := range s.hits[:n] {
		s.entries[i%maxFound] = uint32(x.entries[h.at])
	}
	s.lights, s.heavys = 0, 0
	at := uint8(0)
	for k := range shares {
		p := &shares[k]
		p.light, p.heavy = s.lights, s.heavys
		x.classify(s, at, p.hits)
		p.lightEnd, p.heavyEnd = s.lights, s.heavys
		at = p.hits
	}
}

// classify finds the rows of the hits [from, to).
func (x *index) classify(s *search, from, to uint8) {
	lights, heavys, more := s.lights, s.heavys, uint(0)
	for i := from; i < to; i++ {
		f, e := s.hits[i].feature, s.entries[i]
		place := e ^ f<<partBits // of the feature, if its other bits are zero
		s.light[lights] = place
		lights += below(place, heavyFrom)
		place -= heavyFrom
		s.heavy[heavys] = place
		heavys += below(place, pairFrom-heavyFrom)
		pair := e%places - pairFrom
		s.pairs[more%maxPairs] = hit{f, uint32(x.single) + 2*pair}
		more += uint(below(pair, places-pairFrom))
	}
	for i := uint(0); i < more; i++ {
		h := s.pairs[i%maxPairs]
		for _, e := range x.entries[h.at:][:2] {
			e := uint32(e)
			place := e ^ h.feature<<partBits
			s.light[lights] = place
			lights += below(place, heavyFrom)
			place -= heavyFrom
			s.heavy[heavys] = place
			heavys += below(place, pairFrom-heavyFrom)
			if pair := e%places - pairFrom; pair < places-pairFrom { // the third row of a part
				s.pairs[more%maxPairs] = hit{h.feature, uint32(x.single) + 2*pair}
				more++
			}
		}
	}
	s.lights, s.heavys = lights, heavys
}

// below returns 1 if v is below limit, else 0, without a branch.
func below(v, limit uint32) uint8 { return uint8((uint64(v) - uint64(limit)) >> 63) }
