package text

import (
	"math/bits"
	"slices"
)

// How texts are compared. Changing any of these changes origins.
const (
	shingle    = 5  // words in a shingle
	bands      = 32 // LSH bands: 0.98 of the pairs with Jaccard 0.5 meet in one, 0.02 of those with 0.1
	rows       = 3  // MinHash values in a band
	anchorMod  = 12 // one shingle in so many is an anchor, the same in every text that has it
	maxAnchors = 96 // pairs of anchors kept of one text
	minShort   = 8  // shingles below which only equal texts are copies
	minLong    = 30 // shingles from which containment counts

	// A shared half of all words, or four fifths of the shorter text, is a copy.
	jaccardNum, jaccardDen   = 1, 2
	containsNum, containsDen = 4, 5
)

// A Sketch is what is kept of a text to find its copies.
type Sketch struct {
	Shingles []uint32 // hashes, sorted, unique
	Bands    []uint64 // of the MinHash signature; none for a text of a few words
	Anchors  []uint64 // sorted, unique
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
	s.Anchors = anchors(s.Shingles)
	slices.Sort(s.Shingles)
	s.Shingles = slices.Compact(s.Shingles)
	s.Bands = signature(s.Shingles)
	return s
}

// Beyond counts the shingles of s that o does not have.
func (s Sketch) Beyond(o Sketch) int {
	n, j := 0, 0
	for _, h := range s.Shingles {
		for j < len(o.Shingles) && o.Shingles[j] < h {
			j++
		}
		if j == len(o.Shingles) || o.Shingles[j] != h {
			n++
		}
	}
	return n
}

// anchors are the keys that find a short text inside a long one: pairs of anchors
// that follow each other. One alone would tie all texts that share a stock phrase.
func anchors(inOrder []uint32) []uint64 {
	if len(inOrder) < minLong {
		return nil
	}
	var out []uint64
	last := uint32(0)
	for _, s := range inOrder {
		if s%anchorMod != 0 || s == last {
			continue
		}
		if last != 0 {
			out = append(out, mix(uint64(last)<<32|uint64(s)))
		}
		last = s
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxAnchors)]
}

// signature is the LSH bands of the MinHash values, which find texts that share
// much of both.
func signature(shingles []uint32) []uint64 {
	var mins [rows * bands]uint32
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
	out := make([]uint64, bands)
	for b := range out {
		h := uint64(b) + 1
		for _, m := range mins[rows*b : rows*b+rows] {
			h = mix(h<<32 ^ h>>32 ^ uint64(m))
		}
		out[b] = h
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
	n, lost := 0, 0
	spare := spare(la, lb)
	for i, j := 0, 0; i < la && j < lb; {
		switch {
		case a.Shingles[i] < b.Shingles[j]:
			i++
			if lost++; lost > spare {
				return false
			}
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

// spare returns how many of its shingles, which are la, a text may lack in another one of
// lb and be a copy of it all the same.
func spare(la, lb int) int {
	return la - min(min(la, lb)*containsNum/containsDen, (la+lb)*jaccardNum/(jaccardNum+jaccardDen))
}

// A mask has a bit for each shingle of a text, some for several. It tells of most texts
// that share a stock paragraph and no more that they are no copies, at a hundredth of
// what it costs to compare them.
type mask [64]uint64

func maskOf(s Sketch) mask {
	var m mask
	for _, h := range s.Shingles {
		m[h/64%64] |= 1 << (h % 64)
	}
	return m
}

// excludes reports whether two texts are certainly no copies: each bit that only a has
// stands for a shingle, or several, that only a has.
func (m *mask) excludes(o *mask, a, b Sketch) bool {
	la, lb := len(a.Shingles), len(b.Shingles)
	if min(la, lb) < minShort {
		return false
	}
	ours, theirs := 0, 0
	for i := range m {
		ours += bits.OnesCount64(m[i] &^ o[i])
		theirs += bits.OnesCount64(o[i] &^ m[i])
	}
	return ours > spare(la, lb) || theirs > spare(lb, la)
}
