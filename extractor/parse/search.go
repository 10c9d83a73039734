package parse

// A search is the memory in which the rows of features are found. It is done in
// passes whose look-ups do not depend on each other, so that they wait for memory
// together, and with hardly a branch, since which features have rows cannot be foreseen.
type search struct {
	hits  []hit
	parts [NumFeatures + 1]hit // those whose entry is a part
	light []lightRow           // what was found
	heavy []uint32             // their numbers
	words []uint64             // cells of light rows
}

// A hit is an entry that may be the row of a feature.
type hit struct{ feature, at uint32 } // at: index into entries

// A lightRow is what is left to add of a row: the number of cells in its low bits, above
// them the first.
type lightRow uint32

const lightBits = 4

// find sets s to the rows of features.
func (x *index) find(s *search, features *[NumFeatures]uint32) {
	groups, entries := x.groups, x.entries
	hits := room(s.hits, NumFeatures+1)
	n := uint32(0)
	for _, f := range features {
		there, at := groups[f>>(partBits+groupBits)].find(f)
		hits[n] = hit{f, at}
		n += there
	}
	hits = hits[:n]
	parts := uint32(0)
	for _, h := range hits {
		s.parts[parts] = h
		parts += uint32(entries[h.at] >> partBit)
	}
	for _, h := range s.parts[:parts] {
		e := entries[h.at]
		at := groups[h.feature>>(partBits+groupBits)].first + e.start()
		for range e.check() {
			hits = append(hits, hit{h.feature, at})
			at++
		}
	}
	s.hits = hits
	s.light, s.heavy = room(s.light, len(hits)+1), room(s.heavy, len(hits)+1)
	lights, heavys := uint32(0), uint32(0)
	light, heavy := s.light, s.heavy
	for _, h := range hits {
		e := entries[h.at]
		first := groups[h.feature>>(partBits+groupBits)].base + e.start()
		heavy[heavys], light[lights] = e.start(), lightRow(first<<lightBits|uint32(e)>>sizeShift&(1<<lightBits-1))
		same := ((e.check() ^ h.feature&(1<<partBits-1)) - 1) >> 31 &^ uint32(e>>partBit)
		isHeavy := same & uint32(e>>heavyBit)
		heavys += isHeavy
		lights += same &^ isHeavy
	}
	s.light, s.heavy = light[:lights], heavy[:heavys]
}

// room returns a slice of n elements, in the memory of s if it is enough.
func room[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	return s[:n]
}
