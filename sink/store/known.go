package store

import (
	"cmp"
	"fmt"
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
}

// A seenKey names a time when a claim was last seen, as one of its changes said it.
type seenKey struct{ lastSeen, claim string }

// seenRows returns the rows of table seen that the batch has, in their order.
func (b *batch) seenRows() [][]column {
	keys := slices.SortedFunc(maps.Keys(b.seenAt), func(a, b seenKey) int {
		return cmp.Or(strings.Compare(a.lastSeen, b.lastSeen), strings.Compare(a.claim, b.claim))
	})
	rows := make([][]column, len(keys))
	for i, k := range keys {
		rows[i] = []column{{"last_seen", k.lastSeen}, {"claim_id", k.claim}, {"known_at", b.seenAt[k]}}
	}
	return rows
}

// maxKnown is how many claims each half of a memory holds: some 12 MB in all.
const maxKnown = 8192

// A memory holds the claims written lately: those of the present half, and of the
// one before, which is dropped when the present one is full. It is true as long as
// nobody else writes the database, which the positions tell.
type memory struct {
	seed      maphash.Seed
	positions map[string]uint64 // after the last batch; nil if there was none
	present   map[string]known  // by claim id
	before    map[string]known
	names     map[nameRow]int64 // row numbers
	maker     struct {          // the one noted last
		made       schemas.MadeBy
		id, record string
	}
}

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed(), present: map[string]known{}, names: map[nameRow]int64{}}
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
	m.positions, m.present, m.before, m.names = nil, map[string]known{}, nil, map[nameRow]int64{}
}

// maxNames is how many names a memory holds.
const maxNames = 16384

func (m *memory) putName(n nameRow, number int64) {
	if len(m.names) >= maxNames {
		clear(m.names)
	}
	m.names[n] = number
}

func (m *memory) get(id string) (known, bool) {
	if k, ok := m.present[id]; ok {
		return k, true
	}
	k, ok := m.before[id]
	return k, ok
}

func (m *memory) put(id string, k known) {
	if _, ok := m.present[id]; !ok && len(m.present) >= maxKnown {
		m.present, m.before = make(map[string]known, maxKnown), m.present
	}
	m.present[id] = k
}

// hash returns a hash of a row that is never 0.
func (m *memory) hash(row []column) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	for _, c := range row {
		switch v := c.value.(type) {
		case string:
			h.WriteString(v)
		case nil:
		case int:
			maphash.WriteComparable(&h, v)
		case int64:
			maphash.WriteComparable(&h, v)
		case bool:
			maphash.WriteComparable(&h, v)
		default:
			fmt.Fprint(&h, v)
		}
		h.WriteByte(0)
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
