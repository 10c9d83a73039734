package text

// Keep makes the Index ask a store for texts that it has let go.
func (x *Index) Keep(s Store) { x.store = s }

// Links calls fn with the hash of every text that is a copy of this one.
func (x *Index) Links(sum string, fn func(sum string)) {
	if e := x.texts[sum]; e != nil {
		for _, o := range e.links {
			fn(o.sum)
		}
	}
}

// Forget lets a text go that the store has from now on, with all texts that it is
// linked to. Nothing else changes.
func (x *Index) Forget(sum string) {
	e := x.texts[sum]
	if e == nil {
		return
	}
	delete(x.texts, sum)
	for _, k := range e.sketch.Bands {
		drop(x.bands, k, e)
	}
	for _, k := range e.sketch.Anchors {
		drop(x.anchors, k, e)
	}
}

// Restore takes a text back, without its links.
func (x *Index) Restore(sum string, s Sketch) {
	if x.texts[sum] != nil {
		return
	}
	e := newEntry(sum, s)
	x.keep(e)
	for _, k := range s.Bands {
		x.bands[k] = append(x.bands[k], e)
	}
	for _, k := range s.Anchors {
		x.anchors[k] = append(x.anchors[k], e)
	}
}

// Tie restores the link of two texts that were restored.
func (x *Index) Tie(a, b string) {
	if e, o := x.texts[a], x.texts[b]; e != nil && o != nil {
		e.links, o.links = append(e.links, o), append(o.links, e)
	}
}
