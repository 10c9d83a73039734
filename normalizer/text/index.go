package text

import "slices"

// An Index keeps texts and links the ones that are copies of each other. Its
// zero value is empty. It is not safe for concurrent use.
type Index struct {
	texts map[string]*entry // by text hash
	block map[uint64][]*entry
}

type entry struct {
	sum    string
	sketch Sketch
	links  []*entry
}

// Add puts a text with this hash into the index and links it to its copies. A hash
// that is known already changes nothing.
func (x *Index) Add(sum string, s Sketch) {
	if x.texts == nil {
		x.texts, x.block = make(map[string]*entry), make(map[uint64][]*entry)
	}
	if x.texts[sum] != nil {
		return
	}
	e := &entry{sum: sum, sketch: s}
	x.texts[sum] = e
	seen := map[*entry]bool{}
	for _, k := range s.Keys {
		for _, o := range x.block[k] {
			if seen[o] {
				continue
			}
			seen[o] = true
			if Copies(s, o.sketch) {
				e.links, o.links = append(e.links, o), append(o.links, e)
			}
		}
		x.block[k] = append(x.block[k], e)
	}
}

// Remove takes a text out again: the last article that had it was edited.
func (x *Index) Remove(sum string) {
	e := x.texts[sum]
	if e == nil {
		return
	}
	delete(x.texts, sum)
	for _, k := range e.sketch.Keys {
		if x.block[k] = without(x.block[k], e); len(x.block[k]) == 0 {
			delete(x.block, k)
		}
	}
	for _, o := range e.links {
		o.links = without(o.links, e)
	}
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

func without(list []*entry, e *entry) []*entry {
	if i := slices.Index(list, e); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}
