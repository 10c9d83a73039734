package schemas

import (
	"hash/maphash"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// The functions below are what the generated code in hash.go is made of. Records are
// hashed to compare them: that costs a tenth of writing and comparing their JSON.

// mix returns a hash of a hash and a number.
func mix(h, n uint64) uint64 {
	hi, lo := bits.Mul64(h^0x9e3779b97f4a7c15, n^0xd1b54a32d192ed03)
	return hi ^ lo
}

func mixBool(h uint64, b bool) uint64 {
	if b {
		return mix(h, 1)
	}
	return mix(h, 0)
}

// mixText hashes a string as quoteJSON writes it: bytes that are not UTF-8 are all alike.
func mixText(h uint64, seed maphash.Seed, s string) uint64 {
	if !utf8.ValidString(s) {
		var b strings.Builder
		for _, r := range s { // one for each byte, as in JSON
			b.WriteRune(r)
		}
		s = b.String()
	}
	return mix(h, maphash.String(seed, s))
}

// mixMap hashes a map, in whatever order.
func mixMap[V ~string](h uint64, seed maphash.Seed, m map[string]V) uint64 {
	sum := uint64(len(m))
	for k, v := range m {
		sum += mixText(mixText(0, seed, k), seed, string(v))
	}
	return mix(h, sum)
}
