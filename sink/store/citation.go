package store

import (
	"hash/maphash"
	"slices"
	"strconv"

	"github.com/claimwire/claimwire/schemas"
)

// A held citation is one that a claim has or had. Citations that differ in anything
// are different ones.
type held struct {
	told    int64  // its number within the claim
	content uint64 // hash of its record
	place   uint64 // hash of where it stands: two of one claim never stand in the same place
	article uint64 // hash of the article's id
	at      table  // where it is stored
	cited   bool   // the claim has it
}

// A table is where a citation is stored.
type table uint8

const (
	nowhere table = iota
	current
	past
)

// The number of a citation in the tables proofs and past_proofs is perClaim times the
// claim's, plus its own within the claim. ofClaim are those p of a claim c.
const (
	perClaim = `2147483648`
	ofClaim  = `p.n BETWEEN c.n * ` + perClaim + ` AND c.n * ` + perClaim + ` + 2147483647`
)

func proofNumber(claim, told int64) int64 { return claim<<31 + told }

// recallCitations looks up the citations of claims.
func (b *batch) recallCitations(ids []any) error {
	list := marks(len(ids))
	query := `SELECT 1, c.id, p.n % ` + perClaim + `, p.record FROM claims c JOIN proofs p ON ` + ofClaim + ` WHERE c.id IN (` + list + `)
		UNION ALL SELECT 2, c.id, p.n % ` + perClaim + `, p.record FROM claims c JOIN past_proofs p ON ` + ofClaim + ` WHERE c.id IN (` + list + `)`
	return b.tx.each(query, append(slices.Clone(ids), ids...), func(scan func(...any) error) error {
		var id string
		var record []byte
		var h held
		if err := scan(&h.at, &id, &h.told, &record); err != nil {
			return err
		}
		var ct schemas.Citation
		if err := ct.ReadJSON(record); err != nil {
			return err
		}
		h.cited, h.content = h.at == current, ct.Hash(b.store.memory.seed)
		h.place, h.article = b.standing(&ct)
		p := b.claims[id]
		p.held = append(p.held, h)
		p.tolds = max(p.tolds, h.told)
		return nil
	})
}

// standing hashes what says where a citation stands, and the id of its article.
func (b *batch) standing(ct *schemas.Citation) (place, article uint64) {
	var h maphash.Hash
	h.SetSeed(b.store.memory.seed)
	h.WriteString(key(ct.ArticleID))
	article = h.Sum64()
	h.WriteByte(0)
	h.WriteString(key(ct.ArticleVersion))
	h.WriteByte(0)
	h.WriteString(string(ct.Field))
	maphash.WriteComparable(&h, [3]int{ct.Quote.Start, ct.Quote.End, figureStart(*ct)})
	return h.Sum64(), article
}

// cite notes the citations that a change carries. A claim that has lost its last
// one keeps the old ones, as the proof of what it once said.
func (b *batch) cite(p *pending, c *schemas.Claim, cause *schemas.ArticleRef) {
	if len(c.Citations) == 0 {
		p.list, p.cites, p.exact = "", 0, false
		return
	}
	whole := c.CitationCount <= len(c.Citations)
	switch {
	case whole:
		p.whole, p.recent = true, nil
	case cause != nil:
		p.recent = slices.DeleteFunc(p.recent, func(ct *schemas.Citation) bool { return ct.ArticleID == cause.ID })
	}
	for i := range c.Citations {
		p.recent = append(p.recent, &c.Citations[i])
	}
	contents, all := b.contents(c.Citations)
	if whole && p.exact && all == p.cites {
		return
	}
	p.cites, p.exact, p.moved = all, whole, true
	switch {
	case whole:
		for i := range p.held {
			p.held[i].cited = false
		}
	case cause != nil:
		article := maphash.String(b.store.memory.seed, key(cause.ID))
		for i := range p.held {
			p.held[i].cited = p.held[i].cited && p.held[i].article != article
		}
	}
	list := make([]byte, 0, 4*len(contents))
	for i := range c.Citations {
		list = strconv.AppendInt(append(list, ' '), b.hold(p, &c.Citations[i], contents[i]), 10)
	}
	p.list = string(list[1:])
}

// contents hashes citations, each and all.
func (b *batch) contents(cites []schemas.Citation) (each []uint64, all uint64) {
	var h maphash.Hash
	h.SetSeed(b.store.memory.seed)
	b.hashes = b.hashes[:0]
	for i := range cites {
		n := cites[i].Hash(b.store.memory.seed)
		maphash.WriteComparable(&h, n)
		b.hashes = append(b.hashes, n)
	}
	return b.hashes, h.Sum64() | 1
}

// hold makes a citation one of the claim's, and returns its number.
func (b *batch) hold(p *pending, ct *schemas.Citation, content uint64) int64 {
	i := slices.IndexFunc(p.held, func(h held) bool { return h.content == content })
	if i < 0 {
		p.tolds++
		h := held{told: p.tolds, content: content}
		h.place, h.article = b.standing(ct)
		i = len(p.held)
		p.held = append(p.held, h)
	}
	h := &p.held[i]
	if !h.cited {
		for j := range p.held {
			if p.held[j].place == h.place {
				p.held[j].cited = false
			}
		}
		h.cited = true
	}
	if h.at != current {
		if p.fresh == nil {
			p.fresh = map[int64]*schemas.Citation{}
		}
		p.fresh[h.told] = ct
	}
	return h.told
}

// putCitations stores the citations that are new, and puts those aside that the claim
// has no longer.
func (b *batch) putCitations(p *pending) error {
	if !p.moved {
		return nil
	}
	for i := range p.held {
		h := &p.held[i]
		n := proofNumber(p.n, h.told)
		var err error
		switch {
		case h.cited && h.at != current:
			if h.at == past {
				err = b.exec(`DELETE FROM past_proofs WHERE n = ?`, n)
			}
			b.putProof(n, p.fresh[h.told])
			h.at = current
		case !h.cited && h.at == current:
			err = b.setAside(n)
			h.at = past
		case !h.cited && h.at == nowhere:
			b.rows.past.add(column{"n", numberOf(n)}, column{"record", textOf(b.asJSON(p.fresh[h.told]))})
			h.at = past
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) setAside(n int64) error {
	if err := b.exec(`INSERT INTO past_proofs (n, record) SELECT n, record FROM proofs WHERE n = ?`, n); err != nil {
		return err
	}
	return b.exec(`DELETE FROM proofs WHERE n = ?`, n)
}

// putProof notes a citation with what its record does not say as it is looked for: the
// view citations finds the rest in it.
func (b *batch) putProof(n int64, ct *schemas.Citation) {
	words := ""
	if figure := ct.Figure; figure != nil {
		words, _ = schemas.NewOffsets(ct.Quote.Exact).Slice(ct.Quote.Exact,
			schemas.Span{Start: figure.Start - ct.Quote.Start, End: figure.End - ct.Quote.Start})
	}
	b.rows.proofs.add([]column{
		{"n", numberOf(n)},
		{"article_id", textOf(key(ct.ArticleID))},
		{"published_at", textOf(instant(ct.PublishedAt))},
		{"attribution", textOf(clean(ct.PassedOn()))},
		{"figure", textOf(clean(words))},
		{"record", textOf(b.asJSON(ct))},
	}...)
}
