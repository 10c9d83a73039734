package store

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// Most changes leave nearly all of their claim as it was. A change is stored as the
// members of the claim's record that differ from those of an earlier change, its
// base, whose record is whole; so what a claim said at any time takes two rows to read.

// A base is what the store remembers of a whole record.
type base struct {
	sequence uint64   // of its change; 0: there is none
	size     int      // of the record in bytes
	members  []uint64 // hash of each member
}

// newBase remembers the record of a change as it is stored. One that another version
// wrote, with other members, is no base.
func (b *batch) newBase(sequence uint64, record []byte) base {
	var c schemas.Claim
	if c.ReadJSON(record) != nil {
		return base{}
	}
	if b.json = c.AppendJSON(b.json[:0]); !bytes.Equal(memberNames(b.json), memberNames(record)) {
		return base{}
	}
	return base{sequence, len(record), c.HashMembers(b.store.memory.seed, nil)}
}

// A parted record can be hashed and written member by member.
type parted interface {
	HashMembers(seed maphash.Seed, to []uint64) []uint64
	AppendMember(to []byte, member int) []byte
}

// appendOther appends what a record, whose members hash to now, has other than one whose
// members hash to before, as JSON; nothing if that is nothing. It fails if one of the two
// has a member that is absent from the other.
func appendOther(to []byte, record parted, before, now []uint64) (out []byte, ok bool) {
	start := len(to)
	for i, h := range now {
		if h == before[i] {
			continue
		}
		if h == 0 || before[i] == 0 {
			return to[:start], false
		}
		to = record.AppendMember(append(to, ','), i)
	}
	if len(to) == start {
		return to, true
	}
	to[start] = '{'
	return append(to, '}'), true
}

// patchOf returns what a claim, whose members hash to each, has other than its base; false
// if that is not worth it.
func (b *batch) patchOf(on base, c *schemas.Claim, each []uint64) (string, bool) {
	if on.sequence == 0 {
		return "", false
	}
	var ok bool
	b.json, ok = appendOther(b.json[:0], c, on.members, each)
	if !ok || 2*len(b.json) > on.size {
		return "", false
	}
	return string(b.json), true
}

// lasting hashes all members of a claim but the stability.
func (m *memory) lasting(each []uint64) (h uint64) {
	for i, member := range each {
		if i != m.stability {
			h = (bits.RotateLeft64(h, 5) ^ member) * 0x9e3779b97f4a7c15
		}
	}
	return h
}

// stabilityMember returns which member of a claim its stability is.
func stabilityMember(seed maphash.Seed) int {
	before := (&schemas.Claim{}).HashMembers(seed, nil)
	now := (&schemas.Claim{Stability: schemas.Final}).HashMembers(seed, nil)
	i := 0
	for before[i] == now[i] {
		i++
	}
	return i
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

// memberNames returns the names of all members of an object.
func memberNames(object []byte) []byte {
	out := make([]byte, 0, 512)
	for member := range eachMember(object) {
		out = append(out, memberName(member)...)
	}
	return out
}
