package parse

import "math/bits"

// A search is the memory in which the rows of features are found. It is done in
// passes whose look-ups do not depend on each other, so that they wait for memory
// together, and with hardly a branch, since which features have rows cannot be foreseen.
type search struct {
	hits  [maxHits]hit
	light [maxFound]uint32 // what was found: the first cells of light rows
	heavy [maxFound]uint32 // the numbers of heavy ones
	cells [maxFound]uint64
}

// A hit is an entry that may be that of a feature.
type hit struct{ feature, at uint32 } // at: index into entries

const (
	maxFound = 1 << 8  // each feature has one row, see NumFeatures
	maxHits  = 1 << 13 // a part has at most maxBucket rows, and hence 2*maxBucket-1 entries
)

// find looks the features up, and returns the numbers of light and heavy rows that are in s.
func (x *index) find(s *search, features *[NumFeatures]uint32) (light, heavy int) {
	groups, entries, pairs := x.groups, x.entries, uint32(x.single)
	n := uint(0)
	for _, f := range features {
		g := &groups[f>>(32-partBits+groupBits)]
		upTo := g.full << (^(f >> (32 - partBits)) & (1<<groupBits - 1)) // of the group's parts, those up to that of f
		s.hits[n%maxHits] = hit{f, g.before + uint32(bits.OnesCount64(upTo))}
		n += uint(upTo >> 63)
	}
	lights, heavies := uint8(0), uint8(0)
	for i := uint(0); i < n; i++ {
		h := s.hits[i%maxHits]
		e := uint32(entries[h.at])
		place := e ^ h.feature<<partBits // of the feature, if its other bits are zero
		s.light[lights] = place
		lights += below(place, heavyFrom)
		place -= heavyFrom
		s.heavy[heavies] = place
		heavies += below(place, pairFrom-heavyFrom)
		if pair := e%places - pairFrom; pair < places-pairFrom {
			at := pairs + 2*pair
			s.hits[n%maxHits] = hit{h.feature, at}
			s.hits[(n+1)%maxHits] = hit{h.feature, at + 1}
			n += 2
		}
	}
	return int(lights), int(heavies)
}

// below returns 1 if v is below limit, else 0, without a branch.
func below(v, limit uint32) uint8 { return uint8((uint64(v) - uint64(limit)) >> 63) }
