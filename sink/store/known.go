package store

import (
	"fmt"
	"hash/maphash"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// known is what the store remembers of a claim that it wrote lately, so that the
// next change of it need not read the claim back, and rewrites only what differs.
// News is quick: nearly all changes are of claims that are hours old.
type known struct {
	stored   bool
	n        int64 // SQLite: row number
	state    sink.State
	revision int
	first    uint64 // sequence of its first change
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
	maker     struct { // the one noted last
		made       schemas.MadeBy
		id, record string
	}
}

func newMemory() *memory {
	return &memory{seed: maphash.MakeSeed(), present: map[string]known{}}
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

func (m *memory) forget() { m.positions, m.present, m.before = nil, map[string]known{}, nil }

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

func (m *memory) hashString(s string) uint64 { return maphash.String(m.seed, s) | 1 }
