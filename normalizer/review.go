package normalizer

import (
	"context"
	"slices"
	"strconv"

	"github.com/claimwire/claimwire/schemas"
)

// Review heeds a person's decision: reject a figure or statement, fix a slot of a
// figure, block a publisher (by domain) or somebody's word (by entity id). It holds
// for every article that prints the text it is anchored to, now and later. Changes
// that it causes go to the outbox in the same transaction. A review at or before
// the position reached in its stream, or known already, changes nothing; sequence
// is 0 outside a stream. One that cannot be carried out is an error that matches
// [schemas.ErrMalformed].
func (n *Normalizer) Review(ctx context.Context, sequence uint64, r schemas.Review) error {
	if err := checkReview(&r); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return err
	}
	if sequence != 0 && sequence <= n.reviewed {
		return nil
	}
	return n.commit(ctx, func(tx *writer) error {
		if sequence != 0 {
			n.reviewed = sequence
			if err := tx.meta("reviewed", strconv.FormatUint(sequence, 10)); err != nil {
				return err
			}
		}
		fresh, err := tx.review(&r)
		if err != nil || !fresh {
			return err
		}
		n.rulings.add(r)
		again := map[string][]*document{}
		for _, id := range n.book.concerned(&r) {
			es, err := tx.extractions(id)
			if err != nil {
				return err
			}
			for _, e := range es {
				d, err := prepare(e, n.rulings)
				if err != nil {
					return err
				}
				again[id] = append(again[id], d)
			}
			slices.SortFunc(again[id], byEdition)
		}
		cause, knownAt := reviewCause(&r)
		if err := n.publish(tx, n.book.rejudge(&r, again), cause, knownAt); err != nil {
			return err
		}
		return n.advance(tx, n.watermark)
	})
}

// concerned returns the articles that a review may bear on, by id.
func (b *book) concerned(r *schemas.Review) []string {
	var out []string
	for id, vs := range b.versions {
		for _, d := range vs {
			if r.Action == schemas.ReviewBlock || d.sum == r.Anchor.TextSHA256 {
				out = append(out, id)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}
