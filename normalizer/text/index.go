package text

import "slices"

// maxCommon is how many texts may share an anchor for it to tie them: what more
// texts have is a stock paragraph, and comparing all of them would cost the square
// of their number.
const maxCommon = 60

// An Index keeps texts and links the ones that are copies of each other. Two texts
// are compared if they share a band, or an anchor that at most maxCommon texts have,
// so that the links follow from the set of texts, whatever came first. Its zero
// value is empty. It is not safe for concurrent use.
type Index struct {
	texts   map[string]*entry // by text hash
	bands   map[uint64][]*entry
	anchors map[uint64][]*entry
	search  uint64 // counts the searches for copies
	store   Store  // nil if all texts are at hand
}

// A Store has the texts that an Index has let go.
type Store interface {
	Find(key uint64, s Sketch) // puts the texts with this band or anchor back that are copies of s: see [Index.Restore]
	Fetch(anchor uint64)       // puts every text with this anchor back
	Count(anchor uint64) int   // how many texts with this anchor are away
}

type entry struct {
	sum    string
	sketch Sketch
	mask   mask
	links  []*entry
	visit  uint64 // of a search: see Index.search
}

func newEntry(sum string, s Sketch) *entry { return &entry{sum: sum, sketch: s, mask: maskOf(s)} }

// Add puts a text with this hash into the index and links it to its copies. A hash
// that is known already changes nothing. It returns the hashes of other texts whose
// group may be smaller than it was, because an anchor became common.
func (x *Index) Add(sum string, s Sketch) (loosened []string) {
	if x.texts[sum] != nil {
		return nil
	}
	e := newEntry(sum, s)
	x.keep(e)
	for _, k := range s.Anchors {
		x.anchors[k] = append(x.anchors[k], e)
		if x.share(k) == maxCommon+1 {
			x.fetch(k)
			loosened = append(loosened, x.loosen(k)...)
		}
	}
	x.search++
	e.visit = x.search
	try := func(others []*entry) {
		for _, o := range others {
			if o.visit == x.search {
				continue
			}
			o.visit = x.search
			if !e.mask.excludes(&o.mask, e.sketch, o.sketch) && Copies(s, o.sketch) {
				e.links, o.links = append(e.links, o), append(o.links, e)
			}
		}
	}
	for _, k := range s.Bands {
		x.find(k, s)
		try(x.bands[k])
		x.bands[k] = append(x.bands[k], e)
	}
	for _, k := range s.Anchors {
		if x.share(k) <= maxCommon {
			x.find(k, s)
			try(x.anchors[k])
		}
	}
	return loosened
}

func (x *Index) keep(e *entry) {
	if x.texts == nil {
		x.texts, x.bands, x.anchors = make(map[string]*entry), make(map[uint64][]*entry), make(map[uint64][]*entry)
	}
	x.texts[e.sum] = e
}

// share returns how many texts have an anchor, at hand or not.
func (x *Index) share(anchor uint64) int {
	if x.store == nil {
		return len(x.anchors[anchor])
	}
	return len(x.anchors[anchor]) + x.store.Count(anchor)
}

func (x *Index) fetch(anchor uint64) {
	if x.store != nil {
		x.store.Fetch(anchor)
	}
}

func (x *Index) find(key uint64, s Sketch) {
	if x.store != nil {
		x.store.Find(key, s)
	}
}

// loosen cuts the links that rested on an anchor alone.
func (x *Index) loosen(k uint64) (loosened []string) {
	for _, e := range x.anchors[k] {
		e.links = slices.DeleteFunc(e.links, func(o *entry) bool {
			if !slices.Contains(o.sketch.Anchors, k) || x.meet(e, o) {
				return false
			}
			loosened = append(loosened, e.sum, o.sum)
			return true
		})
	}
	return loosened
}

// meet reports whether two texts are to be compared.
func (x *Index) meet(e, o *entry) bool {
	for i, k := range e.sketch.Bands {
		if i < len(o.sketch.Bands) && o.sketch.Bands[i] == k {
			return true
		}
	}
	return slices.ContainsFunc(e.sketch.Anchors, func(k uint64) bool {
		return slices.Contains(o.sketch.Anchors, k) && x.share(k) <= maxCommon
	})
}

// Remove takes a text out again: the last article that had it was edited. It
// returns the hashes of other texts whose group may be larger than it was.
func (x *Index) Remove(sum string) (tied []string) {
	e := x.texts[sum]
	if e == nil {
		return nil
	}
	delete(x.texts, sum)
	for _, o := range e.links {
		o.links = without(o.links, e)
	}
	for _, k := range e.sketch.Bands {
		drop(x.bands, k, e)
	}
	for _, k := range e.sketch.Anchors {
		drop(x.anchors, k, e)
		if x.share(k) == maxCommon {
			x.fetch(k)
			tied = append(tied, x.tie(k)...)
		}
	}
	return tied
}

// tie makes the links that an anchor allows once it is no longer common.
func (x *Index) tie(k uint64) (tied []string) {
	list := x.anchors[k]
	for i, e := range list {
		for _, o := range list[:i] {
			if !slices.Contains(e.links, o) && Copies(e.sketch, o.sketch) {
				e.links, o.links = append(e.links, o), append(o.links, e)
				tied = append(tied, e.sum)
			}
		}
	}
	return tied
}

// Group returns the hashes of all texts that are copies of copies of this one,
// itself included, sorted.
func (x *Index) Group(sum string) []string {
	e := x.texts[sum]
	if e == nil {
		return nil
	}
	seen := map[*entry]bool{e: true}
	out := []string{sum}
	for todo := []*entry{e}; len(todo) > 0; {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, o := range next.links {
			if !seen[o] {
				seen[o] = true
				out, todo = append(out, o.sum), append(todo, o)
			}
		}
	}
	slices.Sort(out)
	return out
}

func drop(block map[uint64][]*entry, k uint64, e *entry) {
	if block[k] = without(block[k], e); len(block[k]) == 0 {
		delete(block, k)
	}
}

func without(list []*entry, e *entry) []*entry {
	if i := slices.Index(list, e); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}
