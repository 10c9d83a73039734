package normalizer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// Batch makes the final claims and series of a set of extractions, both sorted by
// id. The result is a function of the set: the order of es does not matter, nor
// do repeated extractions. An extraction that contradicts itself is an error that
// matches [schemas.ErrMalformed]. Reviews are heeded as [Normalizer.Review] does.
func Batch(es []schemas.Extraction, reviews ...schemas.Review) (claims []schemas.Claim, series []schemas.Series, err error) {
	b, err := batchBook(es, reviews)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range b.groups {
		series = append(series, n.record(endOfTime))
		for _, c := range n.claims {
			claims = append(claims, c.record(endOfTime))
		}
	}
	sortRecords(claims, series)
	return claims, series, nil
}

// batchBook makes the book of a set. Reviews that name claims by id alone are
// anchored to the words of those claims as they are without these reviews.
func batchBook(es []schemas.Extraction, reviews []schemas.Review) (*book, error) {
	rs := newRulings()
	var byID []schemas.Review
	for _, r := range reviews {
		if err := CheckReview(&r); err != nil {
			return nil, err
		}
		if len(r.Anchors) == 0 && (r.Action == schemas.ReviewMerge || r.Action == schemas.ReviewSplit) {
			byID = append(byID, r)
			continue
		}
		rs.add(r)
	}
	b, err := filledBook(es, rs)
	if err != nil || len(byID) == 0 {
		return b, err
	}
	for _, r := range byID {
		err := resolve(&r, func(id string) (schemas.ClaimKind, []schemas.Anchor, error) {
			if c := b.find(id); c != nil {
				return c.rec.Kind, anchorsOf(c.rec, c.mentions), nil
			}
			return "", nil, nil
		})
		if err == nil {
			rs.add(r)
		} // else it is about claims that these articles do not make
	}
	return filledBook(es, rs)
}

func filledBook(es []schemas.Extraction, rs *rulings) (*book, error) {
	b := newBook(Partition{})
	ds := make([]*document, 0, len(es))
	for i := range es {
		if _, erased := rs.purged.Article(&es[i].Article); erased {
			continue
		}
		d, err := prepare(&es[i], rs)
		if err != nil {
			return nil, err
		}
		ds = append(ds, d)
	}
	b.fill(ds)
	return b, nil
}

// endOfTime is the watermark behind which every claim is final: the end of input.
const endOfTime = "9999-12-31"

func sortRecords(claims []schemas.Claim, series []schemas.Series) {
	slices.SortFunc(claims, func(a, b schemas.Claim) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(series, func(a, b schemas.Series) int { return cmp.Compare(a.ID, b.ID) })
}

// Digest is the SHA-256 over claims as RFC 8785 JSON, one a line, sorted by id: two
// runs over the same articles have the same digest.
func Digest(claims []schemas.Claim) (string, error) {
	sorted := slices.Clone(claims)
	sortRecords(sorted, nil)
	h := newDigest()
	for i := range sorted {
		if err := h.add(&sorted[i]); err != nil {
			return "", err
		}
	}
	return h.sum(), nil
}

type digest struct{ h hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) add(c *schemas.Claim) error {
	b, err := schemas.Canonical(c)
	if err != nil {
		return err
	}
	d.h.Write(append(b, '\n'))
	return nil
}

func (d digest) sum() string { return "sha256:" + hex.EncodeToString(d.h.Sum(nil)) }
