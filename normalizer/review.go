package normalizer

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/schemas"
)

// Review heeds a person's decision: reject a figure, statement or event, fix a slot of
// one, merge claims into one series, split words off the series they are in,
// block a publisher (by domain) or somebody's word (by entity id), purge articles. It holds for every
// article that prints the text it is anchored to, now and later; a merge or split
// that names claims only is anchored to the words that they rest on now. Changes
// that it causes go to the outbox in the same transaction. A review that is known
// already changes nothing; sequence is its position in its stream, 0 outside one. One that cannot be carried out is an error that matches
// [schemas.ErrMalformed].
func (n *Normalizer) Review(ctx context.Context, sequence uint64, r schemas.Review) error {
	if err := CheckReview(&r); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return err
	}
	if r.Action == schemas.ReviewPurge {
		return n.purge(ctx, sequence, r)
	}
	known, err := n.known(ctx, r.ID)
	if err != nil || known {
		return err
	}
	err = resolve(&r, func(id string) (schemas.ClaimKind, []schemas.Anchor, error) { return n.wordsOf(ctx, id) })
	if err != nil {
		return err
	}
	return n.commit(ctx, func(tx *writer) error {
		fresh, err := n.note(tx, sequence, &r)
		if err != nil || !fresh {
			return err
		}
		if err := n.shelf.summon(&r); err != nil {
			return err
		}
		n.rulings.add(r)
		return n.rejudge(tx, &r)
	})
}

// known reports whether a review has been heeded.
func (n *Normalizer) known(ctx context.Context, id string) (bool, error) {
	var times int
	err := n.db.QueryRowContext(ctx, n.db.bind(`SELECT count(*) FROM review WHERE id = ?`), column(id)).Scan(&times)
	if err != nil {
		return false, fmt.Errorf("state %s: %w", n.where(), err)
	}
	return times > 0, nil
}

// note stores a review and its position, and reports whether it is new.
func (n *Normalizer) note(tx *writer, sequence uint64, r *schemas.Review) (fresh bool, err error) {
	if sequence > n.reviewed {
		n.reviewed = sequence
		if err := tx.meta("reviewed", strconv.FormatUint(sequence, 10)); err != nil {
			return false, err
		}
	}
	return tx.review(r)
}

// rejudge reads the articles that a review bears on again.
func (n *Normalizer) rejudge(tx *writer, r *schemas.Review) error {
	again := map[string][]*document{}
	for _, id := range n.book.concerned(r) {
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
	cause, knownAt := reviewCause(r)
	if err := n.publish(tx, n.book.rejudge(r, again), cause, knownAt); err != nil {
		return err
	}
	return n.advance(tx, n.watermark)
}

// resolve anchors a merge or split that names claims only. It returns an error that
// matches [schemas.ErrMalformed] if nobody knows the claims.
func resolve(r *schemas.Review, words func(claim string) (schemas.ClaimKind, []schemas.Anchor, error)) error {
	if r.Action != schemas.ReviewMerge && r.Action != schemas.ReviewSplit || len(r.Anchors) > 0 {
		return nil
	}
	for _, id := range r.Claims {
		kind, as, err := words(id)
		switch {
		case err != nil:
			return err
		case len(as) == 0:
			continue
		case r.Kind == "":
			r.Kind = kind
		case kind != r.Kind:
			return fmt.Errorf("review %s: claim %s is a %s, not a %s: %w", r.ID, id, kind, r.Kind, schemas.ErrMalformed)
		}
		own := slices.ContainsFunc(as, func(a schemas.Anchor) bool { return sameWords(a, r.Anchor) })
		for _, a := range as {
			switch {
			case r.Action == schemas.ReviewSplit && own && (len(r.Claims) > 1 || sameWords(a, r.Anchor)): // the claim that is split off
			case !slices.ContainsFunc(r.Anchors, func(b schemas.Anchor) bool { return sameWords(a, b) }):
				r.Anchors = append(r.Anchors, a)
			}
		}
	}
	if len(r.Anchors) == 0 {
		return fmt.Errorf("review %s: no words are known of its claims %s: %w", r.ID, strings.Join(r.Claims, ", "), schemas.ErrMalformed)
	}
	return nil
}

func sameWords(a, b schemas.Anchor) bool {
	return a.TextSHA256 == b.TextSHA256 && overlaps(a.Span, b.Span)
}

// wordsOf returns the kind of a claim and the words that it rests on, or rested on
// when it ended; none for one that nobody knows.
func (n *Normalizer) wordsOf(ctx context.Context, id string) (schemas.ClaimKind, []schemas.Anchor, error) {
	n.shelf.reads = n.reads(ctx)
	n.shelf.need(claimKey(id))
	if c := n.book.find(id); c != nil || n.shelf.err != nil {
		if c == nil {
			return "", nil, n.shelf.err
		}
		return c.rec.Kind, anchorsOf(c.rec, c.mentions), nil
	}
	var body []byte
	err := n.db.QueryRowContext(ctx, n.db.bind(`SELECT body FROM claim WHERE id = ? AND body IS NOT NULL`), id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, nil
	}
	var c schemas.Claim
	if err == nil {
		err = json.Unmarshal(body, &c)
	}
	return c.Kind, anchorsOf(&c, nil), err
}

// find returns a claim that stands, nil if none has the id.
func (b *book) find(id string) *claim {
	for _, g := range b.groups {
		for _, c := range g.claims {
			if c.rec.ID == id {
				return c
			}
		}
	}
	return nil
}

func anchorsOf(c *schemas.Claim, ms []*mention) []schemas.Anchor {
	cites := c.Citations
	for _, m := range ms {
		cites = append(cites, m.cite)
	}
	var out []schemas.Anchor
	for i := range cites {
		z := &cites[i]
		out = append(out, z.Anchor())
	}
	return out
}

// Reviewed applies reviews to an extraction: rejected figures, statements and events
// are left out, slots are fixed. It reports false if none of them rejects or fixes
// anything in the article.
func Reviewed(e *schemas.Extraction, reviews []schemas.Review) (schemas.Extraction, bool) {
	rs := newRulings()
	touched, sum, titleSum := false, e.Article.TextSHA256, schemas.SHA256(e.Article.Title)
	for _, r := range reviews {
		if CheckReview(&r) == nil && (r.Action == schemas.ReviewReject || r.Action == schemas.ReviewFix) {
			rs.add(r)
			touched = touched || r.Anchor.TextSHA256 == sum || r.Anchor.TextSHA256 == titleSum
		}
	}
	out := *e
	out.Quantities, out.HeadlineQuantities, out.Statements, out.Events = nil, nil, nil, nil
	for _, q := range e.Quantities {
		if rs.quantity(sum, &q, e.Entities) {
			out.Quantities = append(out.Quantities, q)
		}
	}
	for _, q := range e.HeadlineQuantities {
		if rs.quantity(titleSum, &q, e.Entities) {
			out.HeadlineQuantities = append(out.HeadlineQuantities, q)
		}
	}
	for _, s := range e.Statements {
		if rs.statement(sum, &s) {
			out.Statements = append(out.Statements, s)
		}
	}
	for _, ev := range e.Events {
		if rs.event(sum, &ev, e.Entities) {
			out.Events = append(out.Events, ev)
		}
	}
	return out, touched
}

// A Heeded is a review that is known, and what it bears on.
type Heeded struct {
	Review   schemas.Review
	Articles int // versions that count and print its words, or are by the source it blocks
}

// Reviews lists the reviews that are known, in the order in which they count.
func (n *Normalizer) Reviews(ctx context.Context) ([]Heeded, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.ready(ctx); err != nil {
		return nil, err
	}
	var out []Heeded
	n.shelf.reads = n.reads(ctx)
	shelved := n.shelf.ruled()
	if err := n.shelf.err; err != nil {
		return nil, fmt.Errorf("reviews of %s: %w", n.where(), err)
	}
	err := n.db.each(ctx, `SELECT body FROM review`, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		var h Heeded
		if err := json.Unmarshal(body, &h.Review); err != nil {
			return err
		}
		h.Articles = shelved[h.Review.ID]
		for _, d := range n.book.graph.docs {
			if slices.Contains(strings.Fields(d.ruled), h.Review.ID) {
				h.Articles++
			}
		}
		out = append(out, h)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reviews of %s: %w", n.where(), err)
	}
	slices.SortFunc(out, func(a, b Heeded) int {
		return cmp.Or(a.Review.At.Compare(b.Review.At), cmp.Compare(a.Review.ID, b.Review.ID))
	})
	return out, nil
}

// concerned returns the articles that a review may bear on, by id.
func (b *book) concerned(r *schemas.Review) []string {
	var out []string
	for id, vs := range b.versions {
		for _, d := range vs {
			if r.Action == schemas.ReviewBlock || slices.ContainsFunc(anchored(r), func(a schemas.Anchor) bool { return a.TextSHA256 == d.sum || a.TextSHA256 == d.titleSum }) {
				out = append(out, id)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}
