package normalizer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// Apply adds extractions: their claims, the changes they cause and the position in
// the stream become durable together, or not at all. Extractions that are known
// already change nothing, whatever their position: what a process that was killed
// had in hand comes again after newer ones.
//
// An extraction that contradicts itself is an error that matches
// [schemas.ErrMalformed]; nothing of the batch is applied then, so that the caller
// can set it aside and repeat the rest.
func (n *Normalizer) Apply(ctx context.Context, inputs []Input) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return err
	}
	type arrival struct {
		doc  *document
		body []byte
	}
	var docs []arrival
	left, last := n.unseen.seeAll(n.sequence, inputs)
	for i := range inputs {
		in := &inputs[i]
		if by, erased := n.rulings.purged.Article(&in.Extraction.Article); erased {
			n.log.Debug("extraction of a purged article left out", "article", in.Extraction.ArticleID, "review", by)
			continue
		}
		d, err := prepare(&in.Extraction, n.rulings)
		if err != nil {
			return err
		}
		body := n.scratch.packer.pack(&in.Extraction)
		if d.refused > 0 {
			n.logRefused(&in.Extraction)
		}
		if day, _, ok := days(date(d.published)); ok && day > fetchedOn(d)+1 { // a day: clocks of the world differ by that
			n.log.Warn("article dated later than it was fetched: its date makes nothing final", "article", d.ref.ID, "published", d.published, "fetched", d.knownAt)
		}
		docs = append(docs, arrival{d, body})
	}
	if len(docs) == 0 && last == n.sequence && slices.Equal(left, n.unseen) {
		return nil
	}
	// Earliest first: a series is named by its first report, so this saves renaming
	// it when a feed lists the newest first.
	slices.SortStableFunc(docs, func(a, b arrival) int {
		return cmp.Or(byArticle(a.doc, b.doc), byEdition(a.doc, b.doc))
	})
	return n.commit(ctx, func(tx *writer) error {
		for _, a := range docs {
			if err := n.enter(tx, a.doc, a.body); err != nil {
				return err
			}
		}
		if err := n.reach(tx, left, last); err != nil {
			return err
		}
		if err := n.advance(tx, n.lag()); err != nil {
			return err
		}
		return n.shelve(tx)
	})
}

// fetchedOn is the day on which an article was known.
func fetchedOn(d *document) int {
	day, _, _ := days(date(d.knownAt))
	return day
}

// logRefused says what of an extraction has no proof; a statement of nobody is no fault.
func (n *Normalizer) logRefused(e *schemas.Extraction) {
	if refused := Refused(e); len(refused) > 0 {
		n.log.Warn("figures or statements without proof left out", "article", e.ArticleID, "count", len(refused), "err", refused[0])
	}
}

// commit runs f in one transaction. If that fails, memory may be ahead of the
// file, so the state is read again before its next use.
func (n *Normalizer) commit(ctx context.Context, f func(*writer) error) error {
	if err := n.ready(ctx); err != nil {
		return err
	}
	tx, err := n.begin(ctx)
	if err != nil {
		return fmt.Errorf("state %s: %w", n.where(), err)
	}
	n.shelf.reads = tx.rows
	if err = tx.settle(false); err == nil {
		err = f(tx)
	}
	if err == nil {
		err = n.shelf.settle(tx)
	}
	if err == nil {
		n.pass()
		err = tx.commit()
		n.pass()
	} else {
		tx.rollback()
	}
	if err != nil {
		n.book = nil
		return fmt.Errorf("state %s: %w", n.where(), err)
	}
	clear(n.shelf.back)
	n.out.add(tx)
	return nil
}

// enter adds one document and writes down what it changed.
func (n *Normalizer) enter(tx *writer, d *document, body []byte) error {
	n.book.graph.need(articleKey(d.ref.ID)) // without the edition that is about to be stored
	fresh, err := tx.input(d, body)
	if err != nil || !fresh {
		return err
	}
	n.see(d)
	n.shelf.arrived++
	t := n.book.insert(d)
	if len(t.swaps) == 0 {
		return nil
	}
	cause, knownAt := articleCause(t.swaps[0].next)
	return n.publish(tx, t, cause, knownAt)
}

// publish announces what a turn did.
func (n *Normalizer) publish(tx *writer, t turn, cause schemas.Cause, knownAt string) error {
	for _, ev := range t.events() {
		if err := n.announce(tx, ev, cause, knownAt); err != nil {
			return err
		}
	}
	for _, c := range t.shaken() {
		if e := n.entryOf(c.rec.ID); e != nil && e.final && e.print != print(c) {
			if err := n.announce(tx, event{kind: schemas.ChangeFinalized, claim: c}, cause, knownAt); err != nil {
				return err
			}
		}
	}
	for _, g := range t.begun {
		n.await(g.claims)
	}
	return nil
}

// announce writes one change to the outbox and the ledger.
func (n *Normalizer) announce(tx *writer, ev event, cause schemas.Cause, knownAt string) error {
	id := ev.claim.rec.ID
	e := n.entryOf(id)
	if e == nil {
		e = &entry{}
		n.ledger[id] = e
	}
	e.revision++
	e.gone = ""
	if ev.gone {
		e.gone = ev.kind
	}
	e.final = stability(ev.claim.rec.LastSeen, n.watermark) == schemas.Final && (e.final || ev.kind == schemas.ChangeFinalized)
	if e.final && !ev.gone {
		e.print = print(ev.claim)
	}
	c := new(schemas.Change)
	g := change(c, ev, cause, knownAt, e.revision, n.watermark)
	if err := tx.change(c, g, n.watermark); err != nil {
		return err
	}
	tx.claim(c, e)
	return nil
}

// await notes claims that will become final when their day is behind the watermark.
func (n *Normalizer) await(cs []*claim) {
	for _, c := range cs {
		day := date(c.rec.LastSeen)
		if e := n.entryOf(c.rec.ID); e == nil || !e.final || day >= n.watermark {
			if n.due[day] == nil {
				n.due[day] = map[string]string{}
			}
			n.due[day][c.rec.ID] = c.group.id
		}
	}
}

// lag is the watermark that the newest publication allows.
func (n *Normalizer) lag() string {
	t, err := time.Parse(time.DateOnly, n.newest)
	if err != nil {
		return ""
	}
	return t.Add(-n.cfg.FinalAfter).Format(time.DateOnly)
}

// advance moves the watermark and announces what becomes final.
func (n *Normalizer) advance(tx *writer, watermark string) error {
	if watermark <= n.watermark {
		watermark = n.watermark
	} else if err := tx.meta("watermark", watermark); err != nil {
		return err
	}
	n.watermark = watermark
	clear(tx.series) // they say what is final
	var passed []*claim
	for day, ids := range n.due {
		if day >= watermark {
			continue
		}
		for id, series := range ids {
			if c := n.book.claim(series, id); c != nil && date(c.rec.LastSeen) == day && !n.entryOf(id).final {
				passed = append(passed, c)
			}
		}
		delete(n.due, day)
	}
	slices.SortFunc(passed, byID)
	for _, c := range passed {
		if err := n.announce(tx, event{kind: schemas.ChangeFinalized, claim: c}, schemas.Cause{Watermark: watermark}, watermark); err != nil {
			return err
		}
	}
	return nil
}

// Finalize says that no more articles come: the watermark passes everything.
// Articles that come all the same are taken; their claims are final at once only
// if they are older than that.
func (n *Normalizer) Finalize(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.commit(ctx, func(tx *writer) error {
		t, err := time.Parse(time.DateOnly, n.latest())
		if err != nil {
			t = time.Time{}
		}
		return n.advance(tx, t.AddDate(0, 0, 1).Format(time.DateOnly))
	})
}

// latest is the last day that any claim awaits.
func (n *Normalizer) latest() string {
	last := n.newest
	for day := range n.due {
		last = max(last, day)
	}
	return last
}
