package normalizer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/normalizer/same"
	"github.com/claimwire/claimwire/schemas"
)

// filed makes a mention of a named story that is filed by day and place as well.
func filed(r *rand.Rand, i int) *mention {
	published := 20000 + r.IntN(60)
	d := &same.Doc{ID: fmt.Sprint("d", i), Published: published}
	for h := range uint32(5) {
		if r.IntN(3) > 0 {
			d.Names = append(d.Names, same.Name{Hash: h, Weight: 2})
		}
	}
	d.Top = d.Names
	v := schemas.Int(int64(10 + r.IntN(3)))
	f, _ := same.FigureOf(&v, nil, nil, schemas.Exact)
	m := &mention{doc: &document{match: d}}
	m.Mention = same.Mention{Doc: d, Key: fmt.Sprintf("%05d %s", published, d.ID), Measure: "person-killed", Unit: "count", Axis: schemas.Asserted, Head: "person", Figure: f, PartOf: -1}
	if r.IntN(2) == 0 {
		m.Place = same.Place{Key: "torvik"}
		day := published - r.IntN(40)
		m.Time = same.Span{Set: true, From: day, Until: day}
	}
	return m
}

// TestBlocksInAnyOrder files and removes mentions at random, with little reach, and
// keeps the pairs as the graph does: they must be those that the set of mentions says.
func TestBlocksInAnyOrder(t *testing.T) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 11))
		b := blocks{lists: map[uint64][]*mention{}, reach: 3}
		met := map[pair]bool{}
		note := func(x, y *mention, is bool) {
			if y.Key < x.Key {
				x, y = y, x
			}
			if is {
				met[pair{x, y}] = true
			} else {
				delete(met, pair{x, y})
			}
		}
		var in []*mention
		for i := range 200 {
			if len(in) > 20 && r.IntN(4) == 0 {
				at := r.IntN(len(in))
				gone := in[at]
				in = slices.Delete(in, at, at+1)
				for _, o := range in {
					note(gone, o, false)
				}
				for _, p := range b.remove(gone) {
					if b.meet(p.a, p.b) {
						note(p.a, p.b, true)
					}
				}
				continue
			}
			m := filed(r, i)
			others, parted := b.insert(m)
			for _, o := range others {
				note(m, o, true)
			}
			for _, p := range parted {
				if !b.meet(p.a, p.b) {
					note(p.a, p.b, false)
				}
			}
			in = append(in, m)
		}
		slices.SortFunc(in, func(x, y *mention) int { return strings.Compare(x.Key, y.Key) })
		fresh := blocks{lists: map[uint64][]*mention{}, reach: 3}
		for _, m := range in {
			fresh.insert(m)
		}
		n := 0
		for i, x := range in {
			for _, y := range in[i+1:] {
				want := fresh.meet(x, y)
				if got := met[pair{x, y}]; got != want {
					t.Fatalf("seed %d: %q and %q meet: %t, want %t", seed, x.Key, y.Key, got, want)
				}
				if want {
					n++
				}
			}
		}
		if all := len(in) * (len(in) - 1) / 2; n == 0 || n > all*3/4 {
			t.Errorf("seed %d: %d of %d pairs meet: the reach is not put to the test", seed, n, all)
		}
	}
}

// TestGroupsInAnyOrderBeyondReach tells stories that share every name with little
// reach, in several orders: the series are the same.
func TestGroupsInAnyOrderBeyondReach(t *testing.T) {
	var ds []*document
	r, w := rand.New(rand.NewPCG(3, 1)), newNewswire(t)
	for i := range 90 {
		n := int64(12 + r.IntN(6))
		text := fmt.Sprintf("Minister Sigrid Halle spoke of the blast in Torvik. There %d people were killed.", n)
		for range 12 {
			text += " " + w.vocabulary[r.IntN(len(w.vocabulary))]
		}
		day := fmt.Sprintf("2025-03-%02d", 1+2*r.IntN(3))
		p := newPage(t, fmt.Sprint("a", i), fmt.Sprintf("2025-03-%02dT%02d:00:00Z", 5+r.IntN(4), r.IntN(24)), fmt.Sprintf("p%d.example", i%7), text).
			name("Torvik", schemas.Location, "NO").name("Sigrid Halle", schemas.Person, "").
			quantity(fig{num: fmt.Sprint(n), phrase: fmt.Sprintf("%d people", n), n: n, counted: "people", head: "person", cat: schemas.Killed, place: "Torvik", from: day, until: day})
		d, err := prepare(&p.Extraction, newRulings())
		if err != nil {
			t.Fatal(err)
		}
		ds = append(ds, d)
	}
	tell := func(again bool) string {
		b := newBook(Partition{})
		b.graph.blocks.reach = 4
		for _, d := range ds {
			for _, m := range d.mentions {
				m.edges, m.first, m.copies, m.group, m.owner, m.series = nil, nil, nil, nil, nil, ""
			}
			b.insert(d)
		}
		if again { // taken out and put back
			for _, d := range ds[:30] {
				touched, stale := map[*mention]bool{}, map[*group]bool{}
				b.graph.swap(d, nil, touched, stale)
				b.graph.regroup(touched, stale)
				b.graph.swap(nil, d, touched, stale)
				b.graph.regroup(touched, stale)
			}
		}
		groups := map[string]bool{}
		for _, d := range ds {
			for _, m := range d.mentions {
				var keys []string
				for _, o := range m.group.members {
					keys = append(keys, o.Key)
				}
				groups[strings.Join(keys, "|")] = true
			}
		}
		var out []string
		for g := range groups {
			out = append(out, g)
		}
		slices.Sort(out)
		return strings.Join(out, "\n")
	}
	want := tell(false)
	for seed := range uint64(4) {
		rand.New(rand.NewPCG(seed, 2)).Shuffle(len(ds), func(i, j int) { ds[i], ds[j] = ds[j], ds[i] })
		if got := tell(seed%2 == 0); got != want {
			t.Errorf("seed %d: groups depend on the order of arrival\ngot\n%s\nwant\n%s", seed, got, want)
		}
	}
	if strings.Count(want, "\n") < 2 {
		t.Errorf("hardly any groups: %s", want)
	}
}

// checkGroups compares the groups with those that all mentions of the book give when
// they are grouped anew, by nothing but their edges.
func checkGroups(t *testing.T, b *book, when string) {
	t.Helper()
	g := b.graph
	g.walk++
	for _, d := range g.docs {
		for _, m := range d.mentions {
			if m.visit == g.walk || m.first != nil || !g.share.owns(m) {
				continue
			}
			region := g.component(m)
			sets := make([]uint64, len(region))
			for i, m := range region {
				sets[i], m.Set = m.Set, 0
			}
			formed := cluster(region, false)
			for i, m := range region {
				m.Set = sets[i]
			}
			for _, members := range formed {
				n := members[0].group
				if n == nil || !slices.Equal(n.members, members) {
					t.Fatalf("%s the group of %s (%s) has other members than %d of a region of %d", when, members[0].Key, members[0].cite.Quote.Exact, len(members), len(region))
				}
				if n.whole && len(formed) > 1 {
					t.Fatalf("%s a group of %d counts as whole beside %d others", when, len(members), len(formed)-1)
				}
				for _, m := range members {
					if m.group != n || b.groups[n.id] != n {
						t.Fatalf("%s %s is in a group that the book does not have", when, m.Key)
					}
				}
			}
		}
	}
}

// TestGroupsFollowFromEdges inserts articles one by one, some of them edited later, with
// little reach so that edges go too: the groups are those of the edges at any time.
func TestGroupsFollowFromEdges(t *testing.T) {
	for _, seed := range []uint64{0, 7, 31} {
		for _, reach := range []int{1, 2, 3, reach} {
			b := newBook(Partition{})
			b.graph.blocks.reach = reach
			for i, e := range newsroom(t, seed, 100) {
				d, err := prepare(&e, newRulings())
				if err != nil {
					t.Fatal(err)
				}
				b.insert(d)
				checkGroups(t, b, fmt.Sprintf("seed %d, reach %d: after article %d", seed, reach, i))
			}
		}
	}
}

// TestBlockOfOneName files ten thousand figures of one noun and one name: each meets
// its neighbours, not all the others.
func TestBlockOfOneName(t *testing.T) {
	const n = 10_000
	b := blocks{lists: map[uint64][]*mention{}, reach: reach}
	r := rand.New(rand.NewPCG(1, 4))
	pairs := 0
	for i := range n {
		m := filed(r, i)
		m.Doc.Published, m.Doc.Top, m.Place = 20000, []same.Name{{Hash: 1, Weight: 2}}, same.Place{}
		met, parted := b.insert(m)
		pairs += len(met) + len(parted)
	}
	if most := n * 2 * 3 * reach; pairs > most { // two families, each with neighbours on both sides and pairs across
		t.Errorf("%d pairs looked at, want at most %d", pairs, most)
	}
}
