package normalizer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// Stats says how much a Normalizer holds.
type Stats struct {
	Articles int // whose figures count
	Claims   int // that stand
	Series   int
	Refused  int // figures and statements of these articles that had no proof
	Outbox   int // changes not marked as sent
}

// Stats returns what the Normalizer holds now.
func (n *Normalizer) Stats(ctx context.Context) (Stats, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var s Stats
	if err := n.ready(ctx); err != nil {
		return s, err
	}
	s.Articles, s.Series = len(n.book.graph.docs), len(n.book.groups)
	for _, d := range n.book.graph.docs {
		s.Refused += d.refused
	}
	for _, g := range n.book.groups {
		s.Claims += len(g.claims)
	}
	s.Outbox = n.Waiting()
	return s, nil
}

// Sequence returns the position in the input stream that the state has reached.
func (n *Normalizer) Sequence() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sequence
}

// Claims returns the claims that stand, by id. The Normalizer must not change
// while the sequence is read.
func (n *Normalizer) Claims(ctx context.Context) iter.Seq2[schemas.Claim, error] {
	return func(yield func(schemas.Claim, error) bool) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if err := n.ready(ctx); err != nil {
			yield(schemas.Claim{}, err)
			return
		}
		var all []*claim
		for _, g := range n.book.groups {
			all = append(all, g.claims...)
		}
		slices.SortFunc(all, func(a, b *claim) int { return cmp.Compare(a.rec.ID, b.rec.ID) })
		for _, c := range all {
			if !yield(c.record(n.watermark), ctx.Err()) {
				return
			}
		}
	}
}

// Series returns the series that stand, by id, as [Normalizer.Claims] does.
func (n *Normalizer) Series(ctx context.Context) iter.Seq2[schemas.Series, error] {
	return func(yield func(schemas.Series, error) bool) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if err := n.ready(ctx); err != nil {
			yield(schemas.Series{}, err)
			return
		}
		all := make([]*group, 0, len(n.book.groups))
		for _, g := range n.book.groups {
			all = append(all, g)
		}
		slices.SortFunc(all, func(a, b *group) int { return cmp.Compare(a.id, b.id) })
		for _, g := range all {
			if !yield(g.record(n.watermark), ctx.Err()) {
				return
			}
		}
	}
}

// ready reads the state again after a failed transaction.
func (n *Normalizer) ready(ctx context.Context) error {
	if n.book != nil {
		return nil
	}
	if err := n.load(ctx); err != nil {
		return fmt.Errorf("state %s: %w", n.where(), err)
	}
	return nil
}

// Digest returns the [Digest] of the claims that stand.
func (n *Normalizer) Digest(ctx context.Context) (string, error) {
	h := newDigest()
	for c, err := range n.Claims(ctx) {
		if err == nil {
			err = h.add(&c)
		}
		if err != nil {
			return "", err
		}
	}
	return h.sum(), nil
}

// Replaced returns what took the place of a claim that is no more: how it ended
// and the ids of its heirs. It reports false for an id that lives or that was
// never announced.
func (n *Normalizer) Replaced(ctx context.Context, id string) (how schemas.ChangeKind, heirs []string, ok bool, err error) {
	var list string
	err = n.db.QueryRowContext(ctx, n.db.bind(`SELECT gone, replaced_by FROM claim WHERE id = ? AND gone <> ''`), id).Scan(&how, &list)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(list), &heirs)
	}
	return how, heirs, err == nil, err
}
