package normalizer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// stayRounds is how many rounds what came back stays at least, because what is asked
// for once is often asked for again. As a round comes when an eighth of the articles in
// memory are new, this takes no more memory than what is young does.
const stayRounds = 4

// minArrived is how many articles come before it is worth looking what can go.
const minArrived = 256

// shelve lets the articles go that are older than the horizon, with all that they are
// tied to, and final. It looks at everything in memory, so it does that when an eighth
// of it is new.
func (n *Normalizer) shelve(tx *writer) error {
	s := n.shelf
	if n.cfg.Horizon <= 0 || !n.cfg.eager && s.arrived < max(minArrived, len(n.book.graph.docs)/8) {
		return nil
	}
	newest, err := time.Parse(time.DateOnly, n.newest)
	if err != nil {
		return nil
	}
	s.arrived = 0
	s.round++
	line := newest.Add(-n.cfg.Horizon).Format(time.DateOnly)
	var pins []pin
	for _, cell := range n.book.cells() {
		if !n.rests(cell, line) {
			continue
		}
		w := n.book.wrap(cell)
		for _, g := range groupsOf(cell) {
			for _, c := range g.claims {
				e := n.ledger[c.rec.ID]
				w.Ledger = append(w.Ledger, [2]int64{int64(e.revision), e.print})
				delete(n.ledger, c.rec.ID)
			}
		}
		body, err := w.pack()
		if err != nil {
			return err
		}
		s.last++
		if _, err := tx.exec(`INSERT INTO bundle (position, body) VALUES (?, ?)`, s.last, body); err != nil {
			return err
		}
		pins = append(pins, s.put(n.book, cell, w)...)
		n.pass()
	}
	if len(pins) == 0 {
		return s.err
	}
	for id, e := range n.ledger {
		if e.gone != "" {
			s.sieve.add(claimKey(id))
			delete(n.ledger, id)
		}
	}
	if err := tx.meta("bundles", strconv.FormatInt(s.last, 10)); err != nil {
		return err
	}
	return cmp.Or(s.err, tx.pin(pins))
}

// pass tells a test that a window between two writes is open.
func (n *Normalizer) pass() {
	if n.cfg.window != nil {
		n.cfg.window()
	}
}

// rests reports whether nothing in a cell is young or waits for the watermark.
func (n *Normalizer) rests(cell []*document, line string) bool {
	for _, d := range cell {
		if d.stays > n.shelf.round && !n.cfg.eager {
			return false
		}
		if slices.ContainsFunc(n.book.versions[d.ref.ID], func(v *document) bool { return date(v.published) >= line }) {
			return false
		}
		for _, m := range d.mentions {
			if m.owner == nil {
				continue
			}
			if e := n.entryOf(m.owner.rec.ID); e == nil || !e.final || stability(m.owner.rec.LastSeen, n.watermark) != schemas.Final {
				return false
			}
		}
	}
	return true
}

// entryOf returns what has been announced of a claim, nil if nothing was.
func (n *Normalizer) entryOf(id string) *entry {
	e := n.ledger[id]
	if e != nil || n.shelf == nil || !n.shelf.sieve.has(claimKey(id)) {
		return e
	}
	n.shelf.rows(`SELECT revision, final, gone, print FROM claim WHERE id = ?`, func(scan func(...any) error) error {
		e = &entry{}
		return scan(&e.revision, &e.final, &e.gone, &e.print)
	}, id)
	if e != nil {
		n.ledger[id] = e
	}
	return e
}

// put moves a cell from the book to the shelf, and returns the keys of the bundle made
// last.
func (s *shelf) put(b *book, cell []*document, w *bundle) (pins []pin) {
	keys, anchors := b.letGo(cell)
	s.stock.add(w.Stock, 1)
	s.on[s.last] = w.Texts
	for _, a := range anchors {
		if n, ok := s.away[a]; ok {
			s.away[a] = n + 1
		}
		keys = append(keys, bandKey(a))
	}
	for _, k := range keys {
		s.sieve.add(k)
		delete(s.whole, k)
		pins = append(pins, pin{k, s.last})
	}
	return pins
}

// pin writes down which bundles have which keys.
func (w *writer) pin(pins []pin) error {
	slices.SortFunc(pins, func(a, b pin) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.bundle, b.bundle)) })
	for len(pins) > 0 {
		shard := shardOf(pins[0].key)
		n, _ := slices.BinarySearchFunc(pins, shard+1, func(p pin, shard int64) int { return cmp.Compare(shardOf(p.key), shard) })
		body := make([]byte, 0, 16*n)
		for _, p := range pins[:n] {
			body = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(body, p.key), uint64(p.bundle))
		}
		if _, err := w.exec(`INSERT INTO bundle_key (shard, body) VALUES (?, ?)`, shard, body); err != nil {
			return err
		}
		pins = pins[n:]
	}
	return nil
}

// restore brings a bundle back, if it is on the shelf.
func (s *shelf) restore(id int64) {
	if _, ok := s.on[id]; !ok {
		return
	}
	w, editions := s.open(id)
	if w == nil || s.err != nil {
		return
	}
	s.back[id] = true
	delete(s.on, id)
	s.stock.add(w.Stock, -1)
	s.arrived, s.came = s.arrived+len(w.Articles), s.came+len(w.Articles)
	if s.err = s.book.takeBack(w, editions); s.err != nil {
		return
	}
	var docs []*document
	for _, vs := range editions {
		d := counting(vs)
		d.stays = s.round + stayRounds
		docs = append(docs, d)
		if s.book.graph.sums[d.sum][0] != d { // of one text once
			continue
		}
		for _, a := range d.sketch.Anchors {
			if n, ok := s.away[a]; ok {
				s.away[a] = n - 1
			}
		}
	}
	for _, g := range groupsOf(docs) {
		for _, c := range g.claims {
			if len(w.Ledger) == 0 {
				s.err = fmt.Errorf("the bundle of article %s has other claims than it had", w.Articles[0])
				return
			}
			s.ledger[c.rec.ID] = &entry{revision: int(w.Ledger[0][0]), final: true, print: w.Ledger[0][1]}
			w.Ledger = w.Ledger[1:]
		}
	}
}

// open reads a bundle and the editions of each of its articles; nil if there is none.
func (s *shelf) open(id int64) (w *bundle, editions [][]*document) {
	if w = s.bundle(id); w == nil || s.err != nil {
		return nil, nil
	}
	for _, article := range w.Articles {
		var vs []*document
		s.bodies(article, func(e *schemas.Extraction) error {
			d, err := prepare(e, s.rules)
			vs = append(vs, d)
			return err
		})
		slices.SortStableFunc(vs, byEdition)
		editions = append(editions, slices.CompactFunc(vs, func(a, b *document) bool { return byEdition(a, b) == 0 }))
	}
	return w, editions
}

// bundle reads a bundle, nil if it is not in the state.
func (s *shelf) bundle(id int64) (w *bundle) {
	s.rows(`SELECT body FROM bundle WHERE position = ?`, func(scan func(...any) error) error {
		var body []byte
		err := scan(&body)
		if err == nil {
			w, err = unpackBundle(body)
		}
		return err
	}, id)
	return w
}

// bodies gives the stored editions of an article to fn, by its id as a column.
func (s *shelf) bodies(article string, fn func(*schemas.Extraction) error) {
	s.rows(`SELECT body FROM input WHERE article_id = ? ORDER BY position`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		e, err := unpack(body)
		if err == nil {
			err = fn(e)
		}
		return err
	}, article)
}

// settle tells the state of the bundles that are in memory again.
func (s *shelf) settle(tx *writer) error {
	for id := range s.back {
		if _, err := tx.exec(`DELETE FROM bundle WHERE position = ?`, id); err != nil {
			return err
		}
	}
	return s.err
}

// bundles lists what is on the shelf, in the order in which it got there.
func (s *shelf) bundles() []int64 { return slices.Sorted(maps.Keys(s.on)) }

// summon brings back what a review bears on, as it was read before the review.
func (s *shelf) summon(r *schemas.Review) error {
	for _, a := range anchored(r) {
		s.need(sumKey(a.TextSHA256))
	}
	if r.Action != schemas.ReviewBlock {
		return s.err
	}
	source := strings.ToLower(r.Source)
	for _, id := range s.bundles() {
		w := s.bundle(id)
		for i := 0; w != nil && i < len(w.Articles); i++ {
			named := false
			s.bodies(w.Articles[i], func(e *schemas.Extraction) error {
				named = named || names(e, source)
				return nil
			})
			if named {
				s.restore(id)
				break
			}
		}
	}
	return s.err
}

// names reports whether an extraction is of a publisher or has an entity: what a
// review can block.
func names(e *schemas.Extraction, source string) bool {
	c := newCanon(e)
	return strings.ToLower(e.Article.Publisher.Domain) == source ||
		slices.ContainsFunc(e.Entities, func(n schemas.Entity) bool { return c.id(&n) == source })
}

// ruled counts the articles on the shelf that each review bears on.
func (s *shelf) ruled() map[string]int {
	out := map[string]int{}
	for _, id := range s.bundles() {
		w := s.bundle(id)
		if w == nil {
			continue
		}
		for _, list := range w.Ruled {
			ids := strings.Fields(list)
			slices.Sort(ids)
			for _, r := range slices.Compact(ids) {
				out[r]++
			}
		}
	}
	return out
}

// loadShelf reads what is on the shelf and returns the articles that are, as columns
// of the state. What the ties of a bundle say is what this program would find, so what
// another one has put there is taken off, and so is everything without a horizon.
func (n *Normalizer) loadShelf(ctx context.Context) (away map[string]bool, err error) {
	count := 0
	if err := n.db.QueryRowContext(ctx, `SELECT count(*) FROM bundle`).Scan(&count); err != nil {
		return nil, err
	}
	if n.cfg.Horizon <= 0 && count == 0 {
		return nil, nil
	}
	maker, err := n.db.meta(ctx, "bundler")
	if err != nil {
		return nil, err
	}
	own := ""
	if n.cfg.Horizon > 0 {
		if own, err = executable(); err != nil {
			return nil, err
		}
	}
	if own != maker || own == "" {
		if err := n.clearShelf(ctx, own); err != nil {
			return nil, err
		}
	}
	s := n.shelf
	last, err := n.db.meta(ctx, "bundles")
	if err == nil && last != "" {
		s.last, err = strconv.ParseInt(last, 10, 64)
	}
	if err != nil {
		return nil, err
	}
	away = map[string]bool{}
	err = n.db.each(ctx, `SELECT position, body FROM bundle`, func(scan func(...any) error) error {
		var id int64
		var body []byte
		if err := scan(&id, &body); err != nil {
			return err
		}
		w, err := unpackBundle(body)
		if err != nil {
			return err
		}
		s.on[id] = w.Texts
		s.stock.add(w.Stock, 1)
		for _, a := range w.Articles {
			away[a] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return away, n.db.each(ctx, `SELECT body FROM bundle_key`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		for ; len(body) >= 16; body = body[16:] {
			if _, ok := s.on[int64(binary.BigEndian.Uint64(body[8:]))]; ok {
				s.sieve.add(binary.BigEndian.Uint64(body))
			}
		}
		return nil
	})
}

// clearShelf takes everything off: the articles count as never having left.
func (n *Normalizer) clearShelf(ctx context.Context, maker string) error {
	tx, err := n.db.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	for _, stmt := range []string{`DELETE FROM bundle`, `DELETE FROM bundle_key`, `DELETE FROM meta WHERE key = 'bundler'`} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	if maker != "" {
		if _, err := tx.ExecContext(ctx, n.db.bind(`INSERT INTO meta (key, value) VALUES ('bundler', ?)`), maker); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// executable names this program by its bytes.
func executable() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
