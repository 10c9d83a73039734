// Package linear holds what the linear models of the extractor share: the
// record of a word that features are made of, word clusters, feature hashing
// and packed integer weights.
//
// A feature is a 32-bit hash of a template and its values; a row of weights is
// chosen by the top bits of that hash, so that a model is a table and needs no
// dictionary. Scores are integers: they are the same on every platform.
package linear

// Mix returns the feature of template t (a small number of the caller's) with
// the value v.
func Mix(t, v uint32) uint32 {
	h := (v ^ t*0x9E3779B1) * 0x85EBCA6B
	h ^= h >> 15
	h *= 0xC2B2AE35
	return h ^ h>>13
}

// Join returns one value for a pair of values, order mattering.
func Join(a, b uint32) uint32 {
	h := a*0x01000193 ^ b
	h *= 0x2C1B3C6D
	return h ^ h>>12
}

const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

// Hash returns the FNV-1a hash of s.
func Hash(s string) uint32 {
	h := uint32(hashSeed)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * hashPrime
	}
	return h
}
