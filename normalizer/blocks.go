package normalizer

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/normalizer/same"
)

// blocks find the mentions that may be of one thing with another. A mention is filed
// in several families: of one measure, unit and axis, of one counted noun or one
// number, because two figures that differ in both never meet, and of one name or
// place. A family is cut into buckets of time, and a mention looks into its own and
// the two beside it.
//
// Within a family only so many neighbours in the order of keys meet, see reach: a
// name that every article has would otherwise cost the square of its figures. Which
// pairs meet follows from the set of mentions, whatever came first.
type blocks struct {
	lists map[uint64][]*mention // by family and bucket, sorted by key
	reach int                   // neighbours on either side
	met   []*mention
	fetch func(key uint64) // brings back what was let go of a list; nil if nothing ever is
}

// list returns a whole list.
func (b *blocks) list(key uint64) []*mention {
	if b.fetch != nil {
		b.fetch(key)
	}
	return b.lists[key]
}

// restore files m where it was, before anybody looks into the lists. Those that it
// comes into may lack others that were let go.
func (b *blocks) restore(m *mention) {
	var room filingRoom
	for _, f := range filings(m, room[:0]) {
		list := b.lists[f.key(0)]
		b.lists[f.key(0)] = slices.Insert(list, position(list, m), m)
	}
}

// forget takes m out as if it had never been there, and returns the keys of the lists
// that lack it now.
func (b *blocks) forget(m *mention, keys []uint64) []uint64 {
	var room filingRoom
	for _, f := range filings(m, room[:0]) {
		key := f.key(0)
		keys = append(keys, key)
		list := b.lists[key]
		if at := position(list, m); at < len(list) && list[at] == m {
			if len(list) == 1 {
				delete(b.lists, key)
			} else {
				b.lists[key] = slices.Delete(list, at, at+1)
			}
		}
	}
	return keys
}

// reach is far more than the reports of one thing that lie between two others of
// it: figures of common names meet in their neighbourhood and through it.
const reach = 128

// A filing is one place of a mention in the blocks.
type filing struct {
	family uint64
	bucket int
	near   bool // the buckets beside it count
	all    bool // all of them meet: people said so
}

func (f filing) key(offset int) uint64 { return f.family ^ mix(uint64(int64(f.bucket+offset))) }

// A pair is two mentions of one family, the one filed first before the other.
type pair struct{ a, b *mention }

// insert files m and returns the mentions that it meets in at least one family, each
// time they do, until the next insert; and the pairs that it pushed out of each
// other's reach in one family.
func (b *blocks) insert(m *mention) (met []*mention, parted []pair) {
	met = b.met[:0]
	var room filingRoom
	for _, f := range filings(m, room[:0]) {
		list := b.list(f.key(0))
		at := position(list, m)
		w := b.around(f, list, at, at)
		met = append(append(append(append(met, w.past...), w.before...), w.after...), w.next...)
		parted = b.across(f, w, parted)
		b.lists[f.key(0)] = slices.Insert(list, at, m)
	}
	b.met = met
	return met, parted
}

// remove takes m out and returns the pairs that came into each other's reach in one
// family.
func (b *blocks) remove(m *mention) (met []pair) {
	var room filingRoom
	for _, f := range filings(m, room[:0]) {
		list := b.list(f.key(0))
		at := position(list, m)
		if at == len(list) || list[at] != m {
			continue
		}
		met = b.across(f, b.around(f, list, at, at+1), met)
		if len(list) == 1 {
			delete(b.lists, f.key(0))
			continue
		}
		b.lists[f.key(0)] = slices.Delete(list, at, at+1)
	}
	return met
}

func position(list []*mention, m *mention) int {
	if n := len(list); n == 0 || list[n-1].Key < m.Key { // as nearly always
		return n
	}
	at, _ := slices.BinarySearchFunc(list, m, func(o, m *mention) int { return cmp.Compare(o.Key, m.Key) })
	return at
}

// A window is what lies in reach of a place in a list: of the bucket before, of its
// own on both sides, and of the bucket after.
type window struct{ past, before, after, next []*mention }

func (b *blocks) around(f filing, list []*mention, end, start int) window {
	n := b.reach
	if f.all {
		return window{before: list[:end], after: list[start:]}
	}
	w := window{before: list[max(end-n, 0):end], after: list[start:min(start+n, len(list))]}
	if f.near && len(w.before) < n {
		past := b.list(f.key(-1))
		w.past = past[max(len(past)-(n-len(w.before)), 0):]
	}
	if f.near && len(w.after) < n {
		next := b.list(f.key(1))
		w.next = next[:min(n-len(w.after), len(next))]
	}
	return w
}

// across adds the pairs on two sides of a place between which so many mentions lie
// that one more, at this place, parts them.
func (b *blocks) across(f filing, w window, out []pair) []pair {
	if f.all || len(w.past)+len(w.before)+len(w.after)+len(w.next) <= b.reach {
		return out
	}
	left, right := slices.Concat(w.past, w.before), slices.Concat(w.after, w.next)
	for i, o := range left {
		if j := b.reach - (len(left) - i); j < len(right) {
			out = append(out, pair{o, right[j]})
		}
	}
	return out
}

// meet reports whether two mentions are within each other's reach in any family.
func (b *blocks) meet(m, o *mention) bool {
	if o.Key < m.Key {
		m, o = o, m
	}
	var room, theirRoom filingRoom
	theirs := filings(o, theirRoom[:0])
	for _, f := range filings(m, room[:0]) {
		for _, t := range theirs {
			if t.family == f.family && b.close(m, o, f, t) {
				return true
			}
		}
	}
	return false
}

func (b *blocks) close(m, o *mention, f, t filing) bool {
	switch gap := t.bucket - f.bucket; {
	case gap == 0 && f.all:
		return true
	case gap == 0:
		list := b.list(f.key(0))
		d := position(list, o) - position(list, m)
		return d <= b.reach && -d <= b.reach
	case !f.near || gap > 1 || gap < -1:
		return false
	case gap < 0: // a later report of an earlier day
		m, o, f, t = o, m, t, f
	}
	list, theirs := b.list(f.key(0)), b.list(t.key(0))
	return len(list)-position(list, m)+position(theirs, o) <= b.reach
}

// bucketDays is the length of the periods that undated figures are blocked by:
// at least the window in which they may meet.
const bucketDays = 16

// maxNames is how many names of an article its figures are blocked by.
const maxNames = 12

// A filingRoom has room for the filings of nearly every mention.
type filingRoom [2*maxNames + 4]filing

// filings appends where m is filed, in a fixed order, each place once.
func filings(m *mention, out []filing) []filing {
	published := m.Doc.Published / bucketDays
	if m.Statement {
		who := hashOf("speaker", m.Speaker)
		out = append(out, filing{family: who ^ hashOf("said", m.Said)}, filing{family: who, bucket: published, near: true})
	} else if m.Event {
		for i, p := range m.Parts {
			if p.Firm && !slices.ContainsFunc(m.Parts[:i], func(o same.Part) bool { return o.Firm && o.Key == p.Key }) {
				out = append(out, filing{family: hashOf(m.Measure, p.Key), bucket: published, near: true})
			}
		}
	} else {
		base := hashOf(m.Measure, m.Unit, string(m.Axis))
		kinds := [2]uint64{mix(base ^ hashOf("noun", m.Head))}
		n := 1
		if !m.Figure.Vague {
			kinds[1], n = mix(base^hashOf("number", m.Figure.Printed().String())), 2
		}
		add := func(name uint64, bucket int) {
			for _, k := range kinds[:n] {
				out = append(out, filing{family: mix(k ^ name), bucket: bucket, near: true})
			}
		}
		for _, name := range m.Doc.Top {
			add(mix(uint64(name.Hash)), published)
		}
		switch p := m.Place.Key; { // a wider place meets by the names of its story: a block for a country would hold half the world
		case p == "":
		case m.Time.Set && m.Time.Until-m.Time.From <= 7:
			add(hashOf("day", p), m.Time.From/bucketDays)
		case m.Time.Set:
			add(hashOf("since", p), m.Time.From/366)
		}
	}
	for _, mark := range m.Marks {
		if mark.Side == 0 {
			out = append(out, filing{family: hashOf("merge", mark.Review), all: true})
		}
	}
	if len(m.Marks) > 1 { // two marks of one review
		slices.SortFunc(out, func(a, b filing) int { return cmp.Or(cmp.Compare(a.family, b.family), cmp.Compare(a.bucket, b.bucket)) })
		out = slices.Compact(out)
	}
	return out
}

func topNames(names []same.Name) []same.Name {
	if len(names) <= maxNames {
		return names
	}
	top := slices.Clone(names)
	slices.SortFunc(top, func(a, b same.Name) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Hash, b.Hash)) })
	return top[:maxNames]
}

// hashOf is FNV-1a over strings with a mark between them.
func hashOf(parts ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range parts {
		for i := 0; i < len(s); i++ {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	return h
}

// mix is the finaliser of SplitMix64.
func mix(h uint64) uint64 {
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}
