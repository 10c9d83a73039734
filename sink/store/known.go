package store

import (
	"cmp"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// known is what the store remembers of a claim that it wrote lately, so that the
// next change of it need not read the claim back, and rewrites only what differs.
// News is quick: nearly all changes are of claims that are hours old.
type known struct {
	stored   bool
	n        int64 // row number; 0 if it is new
	state    sink.State
	revision int
	first    uint64 // sequence of its first change
	seen     string // when it was last seen
	knownAt  string // since when that is known; '' if not known
	base     base   // what its changes are told by
	cites    uint64 // hash of the citations that its last change carried; 0 if not known
	exact    bool   // it has those and no others
	list     string // their numbers
	held     []held // all that it has or had
	tolds    int64  // greatest number among them
	names    uint64 // hash of the stored names; 0 if not known
	words    uint64 // hash of the words that are indexed; 0 if not known
	facts    uint64 // hash of what a change of stability leaves as it is; 0 if not known
	look     uint64 // hash of all that facts, names and words are made of but the citations; 0 if not known
}

// A seenKey names a time when a claim was last seen, as one of its changes said it.
type seenKey struct{ lastSeen, claim string }

// putSeen notes the rows of table seen that the batch has, in their order.
func (b *batch) putSeen() {
	keys := slices.SortedFunc(maps.Keys(b.seenAt), func(a, b seenKey) int {
		return cmp.Or(strings.Compare(a.lastSeen, b.lastSeen), strings.Compare(a.claim, b.claim))
	})
	for _, k := range keys {
		b.rows.seen.add(column{"last_seen", textOf(k.lastSeen)}, column{"claim_id", textOf(k.claim)}, column{"known_at", textOf(b.seenAt[k])})
	}
}

// maxKnown and maxSeries are how many claims and series a memory holds at least: together
// up to some 25 MB. A series with more than maxPoints is not held.
const (
	maxKnown  = 8192
	maxSeries = 4096
	maxPoints = 32
)

// A memory holds what was written lately. It is true as long as nobody else writes the
// database, which the positions tell.
type memory struct {
	seed      maphash.Seed
	stability int               // member of a claim
	positions map[string]uint64 // after the last batch; nil if there was none
	claims    recent[known]
	series    recent[seriesPast]
	names     map[nameRow]int64 // row numbers
	maker     struct {          // the one noted last
		made       schemas.MadeBy
		id, record string
	}
}

// recent holds values by id: those of the present half, and of the one before, which is
// dropped when the present one is full.
type recent[V any] struct {
	max             int // of a half
	present, before map[string]V
}

func newRecent[V any](max int) recent[V] {
	return recent[V]{max: max, present: map[string]V{}}
}

func (r *recent[V]) get(id string) (V, bool) {
	if v, ok := r.present[id]; ok {
		return v, true
	}
	v, ok := r.before[id]
	return v, ok
}

func (r *recent[V]) put(id string, v V) {
	if _, ok := r.present[id]; !ok && len(r.present) >= r.max {
		r.present, r.before = make(map[string]V, r.max), r.present
	}
	r.present[id] = v
}

// drop forgets one value.
func (r *recent[V]) drop(id string) {
	delete(r.present, id)
	delete(r.before, id)
}

func newMemory() *memory {
	m := &memory{seed: maphash.MakeSeed()}
	m.stability = stabilityMember(m.seed)
	m.forget()
	return m
}

// check forgets everything unless the database is as the last batch left it.
func (m *memory) check(positions map[string]uint64) {
	for stream, seq := range positions {
		if m.positions[stream] != seq {
			m.forget()
			return
		}
	}
}

func (m *memory) forget() {
	m.positions, m.names = nil, map[nameRow]int64{}
	m.claims, m.series = newRecent[known](maxKnown), newRecent[seriesPast](maxSeries)
}

// maxNames is how many names a memory holds.
const maxNames = 16384

func (m *memory) putName(n nameRow, number int64) {
	if len(m.names) >= maxNames {
		clear(m.names)
	}
	m.names[n] = number
}

// hash returns a hash of a row that is never 0.
func (m *memory) hash(row []column) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	for i := range row {
		v := &row[i].value
		h.WriteString(v.words)
		h.WriteByte(byte(v.kind))
		if v.kind > isText {
			maphash.WriteComparable(&h, v.number)
		}
	}
	return h.Sum64() | 1
}

// hashNames returns a hash of names in their order, which is never 0.
func (m *memory) hashNames(names []sink.Name) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	for i := range names {
		for _, s := range []string{names[i].Role, names[i].ID, names[i].Name, names[i].Folded} {
			h.WriteString(s)
			h.WriteByte(0)
		}
	}
	return h.Sum64() | 1
}

func (m *memory) hashString(s string) uint64 { return maphash.String(m.seed, s) | 1 }
