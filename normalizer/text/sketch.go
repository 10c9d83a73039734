package text

import "slices"

// How texts are compared. Changing any of these changes origins.
const (
	shingle    = 5  // words in a shingle
	bands      = 32 // LSH bands of two MinHash values each: 0.95 of the pairs with Jaccard 0.3 meet
	anchorMod  = 16 // one shingle in so many is an anchor, the same in every text that has it
	maxAnchors = 48 // anchors kept of one text, the smallest
	minShort   = 8  // shingles below which only equal texts are copies
	minLong    = 30 // shingles from which containment counts

	// A shared half of all words, or four fifths of the shorter text, is a copy.
	jaccardNum, jaccardDen   = 1, 2
	containsNum, containsDen = 4, 5
)

// A Sketch is what is kept of a text to find its copies.
type Sketch struct {
	Shingles []uint32 // hashes, sorted, unique
	Keys     []uint64 // blocks of the index that the text belongs to
}

// SketchOf reduces a text to its shingles and index keys.
func SketchOf(words []string) Sketch {
	var s Sketch
	if len(words) < shingle {
		return s
	}
	hs := make([]uint32, len(words))
	for i, w := range words {
		hs[i] = Hash(w)
	}
	s.Shingles = make([]uint32, 0, len(hs))
	for i := 0; i+shingle <= len(hs); i++ {
		h := uint64(14695981039346656037)
		for _, w := range hs[i : i+shingle] {
			h = (h ^ uint64(w)) * 1099511628211
		}
		s.Shingles = append(s.Shingles, uint32(mix(h)))
	}
	slices.Sort(s.Shingles)
	s.Shingles = slices.Compact(s.Shingles)
	s.Keys = keys(s.Shingles)
	return s
}

// keys are the LSH bands of the MinHash signature, which find texts that share
// much of both, and the anchors, which find a short text inside a long one.
func keys(shingles []uint32) []uint64 {
	var mins [2 * bands]uint32
	for i := range mins {
		mins[i] = ^uint32(0)
	}
	for _, s := range shingles {
		h := mix(uint64(s))
		step := h>>32 | 1 // double hashing gives the family its fixed seeds
		for i := range mins {
			h += step
			mins[i] = min(mins[i], uint32(h^h>>29))
		}
	}
	out := make([]uint64, 0, bands+8)
	for b := range bands {
		out = append(out, mix(uint64(b)<<56^uint64(mins[2*b])<<24^mix(uint64(mins[2*b+1]))))
	}
	if len(shingles) < minLong {
		return out
	}
	n := 0
	for _, s := range shingles {
		if s%anchorMod == 0 && n < maxAnchors {
			out = append(out, mix(1<<63|uint64(s)))
			n++
		}
	}
	return out
}

// mix is the finaliser of SplitMix64.
func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}

// Copies reports whether two texts are copies of one: the exact check behind the
// index.
func Copies(a, b Sketch) bool {
	la, lb := len(a.Shingles), len(b.Shingles)
	if min(la, lb) < minShort {
		return la == lb && la > 0 && slices.Equal(a.Shingles, b.Shingles)
	}
	n := 0
	for i, j := 0, 0; i < la && j < lb; {
		switch {
		case a.Shingles[i] < b.Shingles[j]:
			i++
		case a.Shingles[i] > b.Shingles[j]:
			j++
		default:
			n++
			i, j = i+1, j+1
		}
	}
	if n*jaccardDen >= (la+lb-n)*jaccardNum {
		return true
	}
	return min(la, lb) >= minLong && n*containsDen >= min(la, lb)*containsNum
}
