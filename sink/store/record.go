package store

import (
	"bytes"
	"hash/maphash"
	"slices"
)

// Most changes leave nearly all of their claim as it was. A change is stored as the
// members of the claim's record that differ from those of an earlier change, its
// base, whose record is whole; so what a claim said at any time takes two rows to read.

// A base is what the store remembers of a whole record.
type base struct {
	sequence uint64   // of its change; 0: there is none
	names    uint64   // hash of the names of its members
	members  []uint64 // hash of each
}

// newBase remembers the record of a change.
func (b *batch) newBase(sequence uint64, record []byte) base {
	names, _ := b.hashMembers(record)
	return base{sequence, names, slices.Clone(b.members)}
}

// hashMembers hashes the members of a record into b.members, all of their names, and all
// members but the stability.
func (b *batch) hashMembers(record []byte) (names, lasting uint64) {
	seed := b.store.memory.seed
	var h, rest maphash.Hash
	h.SetSeed(seed)
	rest.SetSeed(seed)
	b.members = b.members[:0]
	for member := range eachMember(record) {
		name := memberName(member)
		h.Write(name)
		n := maphash.Bytes(seed, member)
		b.members = append(b.members, n)
		if string(name) != `"stability":` {
			maphash.WriteComparable(&rest, n)
		}
	}
	return h.Sum64(), rest.Sum64()
}

// patchOf returns what a record, whose members hash to each, has other than its base;
// false if that is not worth it.
func patchOf(b base, record []byte, names uint64, each []uint64) (string, bool) {
	if b.sequence == 0 || names != b.names || len(each) != len(b.members) {
		return "", false
	}
	if slices.Equal(each, b.members) {
		return "", true
	}
	var out []byte
	i := 0
	for member := range eachMember(record) {
		if each[i] != b.members[i] {
			out = append(append(out, ','), member...)
		}
		i++
	}
	if out == nil {
		return "", true
	}
	if 2*len(out) > len(record) {
		return "", false
	}
	out[0] = '{'
	return string(append(out, '}')), true
}

// patched returns the record that a patch makes of its base.
func patched(base, patch []byte) []byte {
	if len(patch) == 0 {
		return base
	}
	news := slices.AppendSeq(make([][]byte, 0, 8), eachMember(patch))
	out := make([]byte, 0, len(base)+len(patch))
	for member := range eachMember(base) {
		if len(news) > 0 && bytes.Equal(memberName(member), memberName(news[0])) { // they come in order
			member, news = news[0], news[1:]
		}
		out = append(append(out, ','), member...)
	}
	if len(out) == 0 { // it is no object
		return base
	}
	out[0] = '{'
	return append(out, '}')
}

// eachMember yields the members of a JSON object as the records are written, without
// spaces: name, colon and value.
func eachMember(object []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		depth, start := 0, 1
		for i := 0; i < len(object); i++ {
			switch object[i] {
			case '"':
				i = endOfString(object, i)
			case '{', '[':
				depth++
			case '}', ']':
				depth--
				if depth == 0 && i > start {
					yield(object[start:i])
					return
				}
			case ',':
				if depth == 1 {
					if !yield(object[start:i]) {
						return
					}
					start = i + 1
				}
			}
		}
	}
}

// endOfString returns the place of the quote that ends the string begun at i, or the
// length of b.
func endOfString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return i
}

// memberName returns the name of a member with its quotes. Names hold no quotes.
func memberName(member []byte) []byte {
	return member[:bytes.IndexByte(member, ':')+1]
}
