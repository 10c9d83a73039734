package normalizer

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// A book holds every version of every article, the groups of the versions that
// count, and their claims.
type book struct {
	graph    *graph
	versions map[string][]*document // by article id, in the order of edition
	groups   map[string]*group      // by series id
}

func newBook(share Partition) *book {
	return &book{graph: newGraph(share), versions: map[string][]*document{}, groups: map[string]*group{}}
}

// A turn is what the arrival of one document, or of a review, did to the book.
type turn struct {
	review       *schemas.Review // what brought it about; nil if a document did
	purged       bool            // the review erased the old documents of the swaps
	swaps        []swap          // empty if nothing changed
	ended, begun []*group        // groups that are gone and groups that are new or changed
}

// A swap puts the version of an article that counts now in the place of the one
// that did before, which is nil for a new article; next is nil for one that is purged.
type swap struct{ old, next *document }

// insert adds a document. Which version of an article counts follows from all its
// versions, not from the order in which they come; those that are stored already must
// be at hand.
func (b *book) insert(d *document) turn {
	vs := b.versions[d.ref.ID]
	old := b.graph.docs[d.ref.ID]
	i, found := slices.BinarySearchFunc(vs, d, byEdition)
	if found {
		return turn{}
	}
	vs = slices.Insert(vs, i, d)
	b.versions[d.ref.ID] = vs
	next := counting(vs)
	if old != nil && next.equal(old) {
		return turn{}
	}
	return b.replace(swap{old, next})
}

// rejudge puts documents in the place of the same editions, read again under
// other rulings.
func (b *book) rejudge(r *schemas.Review, again map[string][]*document) turn {
	var swaps []swap
	for _, id := range slices.Sorted(maps.Keys(again)) {
		b.versions[id] = again[id]
		if old, next := b.graph.docs[id], counting(again[id]); !old.equal(next) {
			swaps = append(swaps, swap{old, next})
		}
	}
	t := b.replace(swaps...)
	t.review = r
	return t
}

// erase takes articles out.
func (b *book) erase(r *schemas.Review, ids []string) turn {
	var swaps []swap
	for _, id := range ids {
		delete(b.versions, id)
		if old := b.graph.docs[id]; old != nil {
			swaps = append(swaps, swap{old: old})
		}
	}
	t := b.replace(swaps...)
	t.review, t.purged = r, true
	return t
}

// claim returns a claim of a series as it is now, nil if there is none.
func (b *book) claim(series, id string) *claim {
	g := b.groups[series]
	if g == nil {
		return nil
	}
	i, found := slices.BinarySearchFunc(g.claims, id, func(c *claim, id string) int { return cmp.Compare(c.rec.ID, id) })
	if !found {
		return nil
	}
	return g.claims[i]
}

func (b *book) replace(swaps ...swap) turn {
	t := turn{swaps: swaps}
	touched, stale := map[*mention]bool{}, map[*group]bool{}
	for _, s := range swaps {
		b.graph.swap(s.old, s.next, touched, stale)
	}
	t.ended, t.begun = b.graph.regroup(touched, stale)
	for _, n := range t.ended {
		if b.groups[n.id] == n {
			delete(b.groups, n.id)
		}
	}
	for _, n := range t.begun {
		build(n)
		b.groups[n.id] = n
	}
	return t
}

// fill adds documents to an empty book, all at once: the result is the same as
// that of one insert after the other.
func (b *book) fill(ds []*document) {
	for _, d := range ds {
		vs := b.versions[d.ref.ID]
		if i, found := slices.BinarySearchFunc(vs, d, byEdition); !found {
			b.versions[d.ref.ID] = slices.Insert(vs, i, d)
		}
	}
	count := make([]*document, 0, len(b.versions))
	for _, vs := range b.versions {
		count = append(count, counting(vs))
	}
	slices.SortFunc(count, byArticle) // in which they cost the least
	touched := map[*mention]bool{}
	for _, d := range count {
		b.graph.swap(nil, d, touched, map[*group]bool{})
	}
	atOnce := func(*mention, *regrouping) bool { return false }
	ended, begun := b.graph.regroupBy(touched, nil, atOnce)
	for _, n := range ended { // of what came back from the shelf meanwhile
		if b.groups[n.id] == n {
			delete(b.groups, n.id)
		}
	}
	for _, n := range begun {
		build(n)
		b.groups[n.id] = n
	}
}

// equal reports whether two editions give the same claims, however often fetched.
func (d *document) equal(o *document) bool {
	return d == o || d.ref == o.ref && d.reading == o.reading && d.ruled == o.ruled && d.published == o.published && d.url == o.url &&
		d.title == o.title && d.publisher == o.publisher
}

// byEdition orders the versions of an article: by the time of the edit, then of
// the fetch; readings of one version by the program that made them.
func byEdition(a, b *document) int {
	return cmp.Or(cmp.Compare(a.edited, b.edited), cmp.Compare(a.knownAt, b.knownAt), cmp.Compare(a.ref.Version, b.ref.Version), cmp.Compare(a.reading, b.reading))
}

// counting returns the version whose figures stand. A later version counts only
// if the page was really edited: one that shrank to less than half, or that a
// paywall or a page break cut, takes nothing back.
func counting(vs []*document) *document {
	var d *document
	for _, v := range vs {
		if d == nil || d.ref.Version == v.ref.Version || v.length*2 >= d.length && (!v.walled || d.walled) && !v.pieceOf(d) {
			d = v
		}
	}
	return d
}

// callWords are how many words a page that is cut may add to call for more.
const callWords = 16

// pieceOf reports whether v is d with something missing: it has no words of its own
// but a call to read on, and the page does not say that it was edited since.
func (v *document) pieceOf(d *document) bool {
	switch own := v.sketch.Beyond(d.sketch); {
	case v.calls && !d.calls:
		return own <= callWords
	case v.edited == d.edited:
		return own == 0 && v.length < d.length
	}
	return false
}

func reading(by any) string {
	b, err := json.Marshal(by) // structs and maps of strings: sorted keys, cannot fail
	if err != nil {
		return ""
	}
	return string(b)
}
