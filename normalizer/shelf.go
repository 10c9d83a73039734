package normalizer

import (
	"encoding/binary"
	"slices"
	"sort"

	"github.com/claimwire/claimwire/normalizer/text"
)

// A shelf has the articles that are old and finished: they have left memory for the
// state, in bundles, and come back when something asks for one of their keys.
//
// A bundle is a set of articles whose mentions are tied to each other, directly or
// through others, or whose texts are copies, and to nothing outside: it leaves and
// comes back whole, with its ties, so nothing that it holds has to be found again.
// What is looked up by key, a list of the blocks, the texts with one band, an article,
// a claim, is brought back before it is looked at, so that every answer is what it
// would be with everything in memory: a shelf changes what it costs, and no byte of
// the result.
//
// Which keys are on the shelf a [sieve] tells in a few bytes each; which bundles have
// a key the state does.
type shelf struct {
	book   *book
	rules  *rulings
	ledger map[string]*entry
	reads  reads // of the state, as whoever is at work sees it

	sieve   sieve                    // keys that are in the state, or were
	whole   map[uint64]struct{}      // some of these of which nothing is left on the shelf
	away    map[uint64]int           // anchors, to the number of texts on the shelf: as far as known
	on      map[int64][]text.Outline // the bundles on the shelf, and the texts in each
	back    map[int64]bool           // bundles that are in memory again, which the state does not know yet
	last    int64                    // number of the bundle made last; none is used twice
	stock   stock                    // what is on the shelf
	arrived int                      // articles that came or came back since the last round
	round   int                      // how often it was looked what can go
	came    int                      // articles that came back since the start
	err     error                    // the first failure: what was done since then is to be given up
}

// A reads function gives the rows of a query to row.
type reads func(query string, row func(scan func(...any) error) error, args ...any) error

// A stock counts what the bundles hold.
type stock struct{ Articles, Claims, Series, Refused int }

func (s *stock) add(o stock, sign int) {
	s.Articles += sign * o.Articles
	s.Claims += sign * o.Claims
	s.Series += sign * o.Series
	s.Refused += sign * o.Refused
}

// maxNoted bounds what is remembered of answers that can be had again.
const maxNoted = 1 << 16

// newShelf puts a shelf behind a book.
func newShelf(b *book, rules *rulings, ledger map[string]*entry) *shelf {
	s := &shelf{book: b, rules: rules, ledger: ledger, whole: map[uint64]struct{}{}, away: map[uint64]int{}, on: map[int64][]text.Outline{}, back: map[int64]bool{}}
	b.graph.fetch, b.graph.blocks.fetch = s.need, s.need
	b.graph.texts.Keep(textShelf{s})
	return s
}

// Keys of one kind never meet those of another.
func bandKey(k uint64) uint64     { return mix(k ^ 0x9e3779b97f4a7c15) }
func sumKey(sum string) uint64    { return mix(hashOf("text", sum)) }
func articleKey(id string) uint64 { return mix(hashOf("article", id)) }
func claimKey(id string) uint64   { return mix(hashOf("claim", id)) }
func shardOf(key uint64) int64    { return int64(key >> 53) } // of 2,048

// A pin is a key of a bundle.
type pin struct {
	key    uint64
	bundle int64
}

// A textShelf is the shelf as the index of texts sees it.
type textShelf struct{ s *shelf }

var _ text.Store = textShelf{}

func (t textShelf) Fetch(anchor uint64) { t.s.need(bandKey(anchor)) }

// Find looks before it brings back: what texts of one publisher share is mostly what
// stands below all of them.
func (t textShelf) Find(key uint64, sketch text.Sketch) {
	s, k := t.s, bandKey(key)
	if _, ok := s.whole[k]; ok || !s.sieve.has(k) {
		return
	}
	for _, p := range s.pins(k) {
		if slices.ContainsFunc(s.on[p.bundle], func(o text.Outline) bool { return !o.Excludes(sketch) }) {
			s.restore(p.bundle)
		}
	}
}

// Count looks an anchor up once and keeps count from then on.
func (t textShelf) Count(anchor uint64) int {
	s, key := t.s, bandKey(anchor)
	if !s.sieve.has(key) {
		return 0
	}
	if _, ok := s.whole[key]; ok {
		return 0
	}
	n, ok := s.away[anchor]
	if !ok {
		for _, p := range s.pins(key) {
			if _, ok := s.on[p.bundle]; ok {
				n++
			}
		}
		if len(s.away) >= maxNoted {
			clear(s.away)
		}
		s.away[anchor] = n
	}
	return n
}

// need brings back every bundle that has a key.
func (s *shelf) need(key uint64) {
	if !s.sieve.has(key) {
		return
	}
	if _, ok := s.whole[key]; ok {
		return
	}
	for _, p := range s.pins(key) {
		s.restore(p.bundle)
	}
	if len(s.whole) >= maxNoted {
		clear(s.whole)
	}
	s.whole[key] = struct{}{}
}

// pins lists the bundles that have a key, and some that had it once.
func (s *shelf) pins(key uint64) []pin {
	var out []pin
	s.rows(`SELECT body FROM bundle_key WHERE shard = ?`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		n := len(body) / 16
		at := sort.Search(n, func(i int) bool { return binary.BigEndian.Uint64(body[16*i:]) >= key })
		for ; at < n && binary.BigEndian.Uint64(body[16*at:]) == key; at++ {
			out = append(out, pin{key, int64(binary.BigEndian.Uint64(body[16*at+8:]))})
		}
		return nil
	}, shardOf(key))
	return out
}

// rows reads from the state. An error ends up in err, because whoever looks something
// up has no use for it.
func (s *shelf) rows(query string, row func(scan func(...any) error) error, args ...any) {
	if s.err == nil {
		s.err = s.reads(query, row, args...)
	}
}
