package normalizer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/klauspost/compress/s2"

	"github.com/claimwire/claimwire/normalizer/text"
)

// A bundle is what the state knows of a set of articles beside the articles: see
// [shelf].
type bundle struct {
	Articles []string    // ids as columns of the state, sorted
	Edges    [][5]int    // of two mentions, each the number of its article and its own, and the score
	Copies   [][2]string // hashes of texts that are copies
	Ruled    []string    // the reviews that bear on its articles, for each article that has any
	Ledger   [][2]int64  // revision and print of its claims, by series and id
	Texts    []text.Outline
	Stock    stock
}

func (b *bundle) pack() ([]byte, error) {
	raw, err := json.Marshal(b)
	return s2.Encode(nil, raw), err
}

func unpackBundle(body []byte) (*bundle, error) {
	raw, err := s2.Decode(nil, body)
	var b bundle
	if err == nil {
		err = json.Unmarshal(raw, &b)
	}
	return &b, err
}

// cells lists the sets of documents that are tied together: what a bundle can be.
func (b *book) cells() [][]*document {
	g := b.graph
	docs := slices.SortedFunc(maps.Values(g.docs), func(a, b *document) int { return cmp.Compare(a.ref.ID, b.ref.ID) })
	parent := make([]int, len(docs))
	for i, d := range docs {
		d.number, parent[i] = i, i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	join := func(a, b *document) { parent[find(a.number)] = find(b.number) }
	for _, d := range docs {
		for _, m := range d.mentions {
			if m.first != nil {
				join(d, m.first.doc)
			}
			for _, e := range m.edges {
				join(d, e.to.doc)
			}
		}
		first := g.sums[d.sum][0]
		if join(d, first); d == first {
			g.texts.Links(d.sum, func(sum string) { join(d, g.sums[sum][0]) })
		}
	}
	at := map[int]int{}
	var out [][]*document
	for i, d := range docs {
		root := find(i)
		n, ok := at[root]
		if !ok {
			n = len(out)
			at[root] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], d)
	}
	return out
}

// wrap describes a cell.
func (b *book) wrap(cell []*document) *bundle {
	w := &bundle{}
	sums := map[string]bool{}
	for i, d := range cell {
		d.number = i
		w.Articles = append(w.Articles, column(d.ref.ID))
		w.Stock.Refused += d.refused
		if d.ruled != "" {
			w.Ruled = append(w.Ruled, d.ruled)
		}
		if !sums[d.sum] {
			sums[d.sum] = true
			w.Texts = append(w.Texts, d.sketch.Outline())
		}
	}
	for _, d := range cell {
		for _, m := range d.mentions {
			for _, e := range m.edges {
				if o := e.to; m.Key < o.Key {
					w.Edges = append(w.Edges, [5]int{d.number, m.Index, o.doc.number, o.Index, e.score})
				}
			}
		}
	}
	for _, sum := range slices.Sorted(maps.Keys(sums)) {
		b.graph.texts.Links(sum, func(other string) {
			if sum < other {
				w.Copies = append(w.Copies, [2]string{sum, other})
			}
		})
	}
	gs := groupsOf(cell)
	w.Stock.Articles, w.Stock.Series = len(cell), len(gs)
	for _, n := range gs {
		w.Stock.Claims += len(n.claims)
	}
	return w
}

// groupsOf lists the series that documents are in, by id.
func groupsOf(docs []*document) []*group {
	var out []*group
	for _, d := range docs {
		for _, m := range d.mentions {
			if m.group != nil {
				out = append(out, m.group)
			}
		}
	}
	slices.SortFunc(out, func(a, b *group) int { return cmp.Compare(a.id, b.id) })
	return slices.Compact(out)
}

// letGo takes a cell out of memory and returns the keys that it can be asked for by:
// each once, but an anchor as often as texts have it.
func (b *book) letGo(cell []*document) (keys, anchors []uint64) {
	g := b.graph
	for _, n := range groupsOf(cell) {
		delete(b.groups, n.id)
		for _, c := range n.claims {
			keys = append(keys, claimKey(c.rec.ID))
		}
	}
	for _, d := range cell {
		for _, m := range d.mentions {
			if g.share.owns(m) && m.first == nil {
				keys = g.blocks.forget(m, keys)
			}
		}
	}
	for _, d := range cell {
		keys = append(keys, articleKey(d.ref.ID))
		for _, v := range b.versions[d.ref.ID] {
			if keys = append(keys, sumKey(v.sum)); v.titleSum != "" {
				keys = append(keys, sumKey(v.titleSum))
			}
		}
		if g.sums[d.sum] != nil {
			for _, k := range d.sketch.Bands {
				keys = append(keys, bandKey(k))
			}
			anchors = append(anchors, d.sketch.Anchors...)
			g.texts.Forget(d.sum)
			delete(g.sums, d.sum)
		}
		delete(g.docs, d.ref.ID)
		delete(b.versions, d.ref.ID)
	}
	slices.Sort(keys)
	return slices.Compact(keys), anchors
}

// takeBack puts a bundle into the book, given the editions of each of its articles.
// Nothing outside of it changes by that.
func (b *book) takeBack(w *bundle, editions [][]*document) error {
	g := b.graph
	docs := make([]*document, len(editions))
	for i, vs := range editions {
		if len(vs) == 0 {
			return fmt.Errorf("article %s of a bundle is not in the state", w.Articles[i])
		}
		d := counting(vs)
		docs[i] = d
		b.versions[d.ref.ID], g.docs[d.ref.ID] = vs, d
		at, _ := slices.BinarySearchFunc(g.sums[d.sum], d, byArticle)
		g.sums[d.sum] = slices.Insert(g.sums[d.sum], at, d)
		g.texts.Restore(d.sum, d.sketch)
	}
	for _, c := range w.Copies {
		g.texts.Tie(c[0], c[1])
	}
	sums := make([]string, len(docs))
	for i, d := range docs {
		sums[i] = d.sum
	}
	g.refresh(sums, map[*group]bool{})
	for _, d := range docs {
		g.place(d)
	}
	for _, e := range w.Edges {
		if e[0] >= len(docs) || e[2] >= len(docs) || e[1] >= len(docs[e[0]].mentions) || e[3] >= len(docs[e[2]].mentions) {
			return fmt.Errorf("the bundle of article %s is of another reading", w.Articles[0])
		}
		m, o := docs[e[0]].mentions[e[1]], docs[e[2]].mentions[e[3]]
		m.edges, o.edges = append(m.edges, edge{o, e[4]}), append(o.edges, edge{m, e[4]})
	}
	touched := map[*mention]bool{}
	for _, d := range docs {
		for _, m := range d.mentions {
			if g.share.owns(m) && m.first == nil {
				touched[m] = true
			}
		}
	}
	r := &regrouping{old: map[*group]bool{}, made: map[*group]bool{}}
	g.walk++
	g.form(touched, r)
	for n := range r.made {
		for _, m := range n.members {
			m.group = n
		}
		build(n)
		b.groups[n.id] = n
	}
	return nil
}

// place puts the mentions of a document where they were.
func (g *graph) place(d *document) {
	first := g.sums[d.sum][0]
	for _, m := range d.mentions {
		if !g.share.owns(m) {
			continue
		}
		if first != d {
			if m.first = first.twin(m); m.first != nil {
				m.first.copies = append(m.first.copies, m)
				continue
			}
		}
		g.blocks.restore(m)
	}
}
