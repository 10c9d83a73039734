package normalizer

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/claimwire/claimwire/normalizer/text"
	"github.com/claimwire/claimwire/schemas"
)

// purge erases what a review names: the articles and all that was made of them.
// Claims that other articles give too are announced again without them; the others
// are withdrawn, and say no more what they said. In the same transaction what was
// not sent yet of their history goes. Then the file is written anew, because a
// database leaves what it deletes in pages that it may use again; a crash in between
// is mended when the review comes again.
func (n *Normalizer) purge(ctx context.Context, sequence uint64, r schemas.Review) error {
	if err := n.commit(ctx, func(tx *writer) error {
		fresh, err := n.note(tx, sequence, &r)
		if err != nil || !fresh {
			return err
		}
		n.rulings.add(r)
		return n.eraseAll(tx, &r)
	}); err != nil {
		return err
	}
	if err := n.refill(ctx); err != nil {
		return fmt.Errorf("outbox of %s: %w", n.where(), err)
	}
	if err := n.db.scrub(ctx); err != nil {
		return fmt.Errorf("state %s: purge %s: write the file anew: %w", n.where(), r.ID, err)
	}
	return nil
}

func (n *Normalizer) eraseAll(tx *writer, r *schemas.Review) error {
	var gone schemas.Tombstones
	gone.Add(r)
	ids, err := tx.articles(func(a *schemas.Article) bool { _, erased := gone.Article(a); return erased })
	if err != nil {
		return err
	}
	gone.Add(&schemas.Review{ID: r.ID, Action: schemas.ReviewPurge, Purge: &schemas.Purge{Articles: ids}}) // found by publisher or name
	for _, id := range ids {
		n.book.graph.need(articleKey(id))
	}
	for _, id := range ids {
		if _, err := tx.exec(`DELETE FROM input WHERE article_id = ?`, column(id)); err != nil {
			return err
		}
	}
	t := n.book.erase(r, ids)
	series := map[string]bool{}
	for _, g := range t.ended {
		series[g.id] = true
	}
	if err := tx.eraseOutbox(func(c *schemas.Change) bool {
		by := c.Cause.Article
		return series[c.Claim.SeriesID] || gone.Claim(&c.Claim) || by != nil && slices.Contains(ids, by.ID)
	}); err != nil {
		return err
	}
	n.out.forget(0)
	if err := tx.eraseLedger(&gone); err != nil {
		return err
	}
	cause, knownAt := reviewCause(r)
	return n.publish(tx, t, cause, knownAt)
}

// articles returns the ids of the stored articles that match, sorted.
func (w *writer) articles(match func(*schemas.Article) bool) ([]string, error) {
	var out []string
	err := w.rows(`SELECT body FROM input`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		e, err := unpack(body)
		if err == nil && match(&e.Article) {
			out = append(out, e.ArticleID)
		}
		return err
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

// eraseOutbox takes the changes that match out of the outbox, and what is sent.
func (w *writer) eraseOutbox(match func(*schemas.Change) bool) error {
	if err := w.settle(true); err != nil {
		return err
	}
	return w.rewriteOutbox(func(_ int64, body []byte) (bool, error) {
		var c schemas.Change
		err := c.ReadJSON(body)
		return !match(&c), err
	}, "")
}

// eraseLedger empties the records of claims that ended before and rested on what is gone.
func (w *writer) eraseLedger(gone *schemas.Tombstones) error {
	empty := map[string][]byte{}
	err := w.rows(`SELECT id, body FROM claim WHERE body IS NOT NULL`, func(scan func(...any) error) error {
		var id string
		var body []byte
		if err := scan(&id, &body); err != nil {
			return err
		}
		var c schemas.Claim
		if err := json.Unmarshal(body, &c); err != nil {
			return err
		}
		if gone.Claim(&c) {
			c.Withhold()
			empty[id] = c.AppendJSON(nil)
		}
		return nil
	})
	for id, body := range empty {
		if err == nil {
			_, err = w.exec(`UPDATE claim SET body = ? WHERE id = ?`, body, id)
		}
	}
	return err
}

// erasures are the events of a purge: every claim of the series that it touched is
// announced again, because what was said of them before is erased too.
func (t turn) erasures() []event {
	before, now := claimsOf(t.ended), claimsOf(t.begun)
	has := func(cs []*claim, id string) bool {
		_, found := slices.BinarySearchFunc(cs, id, func(c *claim, id string) int { return cmp.Compare(c.rec.ID, id) })
		return found
	}
	var out []event
	for _, c := range now {
		if !has(before, c.rec.ID) {
			out = append(out, t.changed(nil, c)...)
		} else {
			out = append(out, event{kind: schemas.ChangeRevised, claim: c})
		}
	}
	for _, c := range before {
		if has(now, c.rec.ID) {
			continue
		}
		heirs := map[string]*claim{}
		for _, m := range c.mentions {
			if !t.replaced(m.doc) && m.owner != nil && m.owner != c {
				heirs[m.owner.rec.ID] = m.owner
			}
		}
		ev := event{kind: schemas.ChangeWithdrawn, claim: c, rivals: sortedClaims(heirs), gone: true, erased: true}
		switch len(heirs) {
		case 0:
		case 1:
			ev.kind = schemas.ChangeMerged
		default:
			ev.kind = schemas.ChangeSplit
		}
		out = append(out, ev)
	}
	return out
}

// Names returns the names of two words and more that an extraction gives an entity
// of a claim, by the entity's id: what an article may print of a person elsewhere
// too. It reports false if the extraction does not have the entity.
func Names(e *schemas.Extraction, id string) (names []string, ok bool) {
	c := newCanon(e)
	for i := range e.Entities {
		n := &e.Entities[i]
		if c.id(n) != id {
			continue
		}
		ok = true
		printed := []string{n.Name}
		for _, m := range n.Mentions {
			printed = append(printed, m.Text)
		}
		for _, name := range printed {
			if len(text.Words(name)) > 1 && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, ok
}

// Extractions gives every stored extraction to fn until it fails. They lack what the
// normalizer does not read.
func (n *Normalizer) Extractions(ctx context.Context, fn func(*schemas.Extraction) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.db.each(ctx, `SELECT body FROM input ORDER BY position`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		e, err := unpack(body)
		if err != nil {
			return err
		}
		return fn(e)
	})
}
