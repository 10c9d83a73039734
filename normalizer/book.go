package normalizer

import (
	"cmp"
	"encoding/json"
	"slices"
)

// A book holds every version of every article, the groups of the versions that
// count, and their claims.
type book struct {
	graph    *graph
	versions map[string][]*document // by article id, in the order of edition
	groups   map[string]*group      // by series id
}

func newBook() *book {
	return &book{graph: newGraph(), versions: map[string][]*document{}, groups: map[string]*group{}}
}

// A turn is what the arrival of one document did to the book.
type turn struct {
	old, next    *document // versions of the article that counted before and count now; equal if nothing changed
	ended, begun []*group  // groups that are gone and groups that are new or changed
}

// insert adds a document. Which version of an article counts follows from all its
// versions, not from the order in which they come.
func (b *book) insert(d *document) turn {
	vs := b.versions[d.ref.ID]
	old := b.graph.docs[d.ref.ID]
	i, found := slices.BinarySearchFunc(vs, d, byEdition)
	if found {
		return turn{old: old, next: old}
	}
	vs = slices.Insert(vs, i, d)
	b.versions[d.ref.ID] = vs
	next := counting(vs)
	t := turn{old: old, next: next}
	if old != nil && next.equal(old) {
		return turn{old: old, next: old}
	}
	t.ended, t.begun = b.graph.replace(old, next)
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
	touched := map[*mention]bool{}
	for _, vs := range b.versions {
		b.graph.swap(nil, counting(vs), touched, map[*group]bool{})
	}
	_, begun := b.graph.regroup(touched, nil)
	for _, n := range begun {
		build(n)
		b.groups[n.id] = n
	}
}

// equal reports whether two editions give the same claims, however often fetched.
func (d *document) equal(o *document) bool {
	return d == o || d.ref == o.ref && d.reading == o.reading && d.published == o.published && d.url == o.url &&
		d.title == o.title && d.publisher == o.publisher
}

// byEdition orders the versions of an article: by the time of the edit, then of
// the fetch; readings of one version by the program that made them.
func byEdition(a, b *document) int {
	return cmp.Or(cmp.Compare(a.edited, b.edited), cmp.Compare(a.knownAt, b.knownAt), cmp.Compare(a.ref.Version, b.ref.Version), cmp.Compare(a.reading, b.reading))
}

// counting returns the version whose figures stand. A later version counts only
// if the page was really edited: one that shrank to less than half, or that a
// paywall cut, takes nothing back.
func counting(vs []*document) *document {
	var d *document
	for _, v := range vs {
		if d == nil || d.ref.Version == v.ref.Version || v.length*2 >= d.length && (!v.walled || d.walled) {
			d = v
		}
	}
	return d
}

func reading(by any) string {
	b, err := json.Marshal(by) // structs and maps of strings: sorted keys, cannot fail
	if err != nil {
		return ""
	}
	return string(b)
}
