package parse

import (
	"math/bits"

	"github.com/claimwire/claimwire/extractor/linear"
)

// A search is the memory in which the rows of features are found. It is done in steps: each
// ends with telling the processor what the next one looks up, which meanwhile comes from memory
// if something else is done between them. There is hardly a branch, since which features have rows
// cannot be foreseen.
type search struct {
	shares   [maxShares]share // of those features that are looked up
	n        int              // the number of shares
	features [maxFound]uint32
	at       [maxFound]uint32 // of the features: the group; then of hits: the index into entries
	hits     uint8            // the number of features that may have an entry
	pairs    [maxPairs]hit

	// What was found: the first cells of light rows, and the numbers of heavy ones with their rows of lanes.
	light, heavy, rows [maxFound]uint32
	lights, heavies    uint8
}

// A hit is an entry that may be that of a feature.
type hit struct{ feature, at uint32 } // at: index into entries

// A share is a part of the features of a search, and of what was found for them.
type share struct{ features, hits, lights, heavies uint8 } // the ends of those of the share in their arrays

const (
	maxFound  = 1 << 8  // each feature has one row, see NumFeatures
	maxPairs  = 1 << 12 // a part has at most maxBucket rows: so many less one for each feature
	maxShares = 3
)

// begin begins a search.
func (s *search) begin() { s.n = 0 }

// want adds the features of templates to those that are looked up, as a share.
func (s *search) want(features *[NumFeatures]uint32, templates []uint8) {
	n := uint8(0)
	if s.n > 0 {
		n = s.shares[s.n-1].features
	}
	for _, t := range templates {
		f := features[t]
		s.features[n], s.at[n] = f, f>>(32-partBits+groupBits)
		n++
	}
	s.shares[s.n].features = n
	s.n++
}

// groupShift is the size of a group, as a power of two.
const groupShift = 4

// open tells what the groups of the features are.
func (x *index) open(s *search) {
	linear.Prefetch(x.groups[:], s.at[:s.shares[s.n-1].features], groupShift)
}

// hit finds which features may have an entry, and tells which.
func (x *index) hit(s *search) {
	i, n := uint8(0), uint8(0)
	for k := range s.shares[:s.n] {
		for end := s.shares[k].features; i < end; i++ {
			f := s.features[i]
			g := &x.groups[f>>(32-partBits+groupBits)]
			upTo := g.full << (^(f >> (32 - partBits)) & (1<<groupBits - 1)) // of the group's parts, those up to that of f
			s.features[n], s.at[n] = f, g.before+uint32(bits.OnesCount64(upTo))
			n += uint8(upTo >> 63)
		}
		s.shares[k].hits = n
	}
	s.hits = n
	linear.Prefetch(x.entries, s.at[:n], 2)
}

// find finds the rows of the features.
func (x *index) find(s *search) {
	s.lights, s.heavies = 0, 0
	at := uint8(0)
	for k := range s.shares[:s.n] {
		p := &s.shares[k]
		x.classify(s, at, p.hits)
		at, p.lights, p.heavies = p.hits, s.lights, s.heavies
	}
}

// classify finds the rows of the hits [from, to).
func (x *index) classify(s *search, from, to uint8) {
	lights, heavies, more := s.lights, s.heavies, uint(0)
	for i := from; i < to; i++ {
		f, e := s.features[i], uint32(x.entries[s.at[i]])
		place := e ^ f<<partBits // of the feature, if its other bits are zero
		s.light[lights] = place
		lights += below(place, heavyFrom)
		place -= heavyFrom
		s.heavy[heavies] = place
		heavies += below(place, pairFrom-heavyFrom)
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
			s.heavy[heavies] = place
			heavies += below(place, pairFrom-heavyFrom)
			if pair := e%places - pairFrom; pair < places-pairFrom { // the third row of a part
				s.pairs[more%maxPairs] = hit{h.feature, uint32(x.single) + 2*pair}
				more++
			}
		}
	}
	s.lights, s.heavies = lights, heavies
}

// below returns 1 if v is below limit, else 0, without a branch.
func below(v, limit uint32) uint8 { return uint8((uint64(v) - uint64(limit)) >> 63) }
