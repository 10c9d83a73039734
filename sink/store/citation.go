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

// recallCitations looks up the citations of claims.
func (b *batch) recallCitations(ids []any) error {
	list := marks(len(ids))
	st, err := b.stmt(`SELECT 1, claim_id, told, record FROM citations WHERE claim_id IN (` + list + `)
		UNION ALL SELECT 2, claim_id, told, record FROM past_citations WHERE claim_id IN (` + list + `)`)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(b.ctx, append(slices.Clone(ids), ids...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var record []byte
		var h held
		if err := rows.Scan(&h.at, &id, &h.told, &record); err != nil {
			return err
		}
		var ct schemas.Citation
		if err := ct.ReadJSON(record); err != nil {
			return err
		}
		h.cited, h.content = h.at == current, maphash.Bytes(b.store.memory.seed, record)
		h.place, h.article = b.place(&ct)
		p := b.claims[id]
		p.held = append(p.held, h)
		p.tolds = max(p.tolds, h.told)
	}
	return rows.Err()
}

// place hashes what says where a citation stands, and the id of its article.
func (b *batch) place(ct *schemas.Citation) (place, article uint64) {
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
		b.json = cites[i].AppendJSON(b.json[:0])
		n := maphash.Bytes(b.store.memory.seed, b.json)
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
		h.place, h.article = b.place(ct)
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
func (b *batch) putCitations(id string, p *pending) error {
	if !p.moved {
		return nil
	}
	for i := range p.held {
		h := &p.held[i]
		var err error
		switch {
		case h.cited && h.at != current:
			if h.at == past {
				err = b.exec(`DELETE FROM past_citations WHERE claim_id = ? AND told = ?`, id, h.told)
			}
			b.rows.citations = append(b.rows.citations, b.citationColumns(id, h.told, p.fresh[h.told]))
			h.at = current
		case !h.cited && h.at == current:
			err = b.setAside(id, h.told)
			h.at = past
		case !h.cited && h.at == nowhere:
			b.rows.past = append(b.rows.past, []column{{"claim_id", id}, {"told", h.told}, {"record", b.asJSON(p.fresh[h.told])}})
			h.at = past
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) setAside(id string, told int64) error {
	if err := b.exec(`INSERT INTO past_citations (claim_id, told, record) SELECT claim_id, told, record FROM citations WHERE claim_id = ? AND told = ?`, id, told); err != nil {
		return err
	}
	return b.exec(`DELETE FROM citations WHERE claim_id = ? AND told = ?`, id, told)
}

var citationKey = []string{"claim_id", "article_id", "article_version", "field", "quote_start", "quote_end", "figure_start"}

func (b *batch) citationColumns(id string, told int64, ct *schemas.Citation) []column {
	figure := schemas.Span{Start: -1, End: -1}
	words := ""
	if ct.Figure != nil {
		figure = *ct.Figure
		words, _ = schemas.NewOffsets(ct.Quote.Exact).Slice(ct.Quote.Exact,
			schemas.Span{Start: figure.Start - ct.Quote.Start, End: figure.End - ct.Quote.Start})
	}
	return []column{
		{"claim_id", id},
		{"told", told},
		{"article_id", key(ct.ArticleID)},
		{"article_version", key(ct.ArticleVersion)},
		{"url", clean(ct.URL)},
		{"publisher", clean(ct.Publisher.Name)},
		{"domain", clean(ct.Publisher.Domain)},
		{"published_at", instant(ct.PublishedAt)},
		{"origin", clean(ct.Origin)},
		{"source", entityName(ct.Source)},
		{"attribution", clean(ct.PassedOn())},
		{"field", string(ct.Field)},
		{"quote", clean(ct.Quote.Exact)},
		{"quote_start", ct.Quote.Start},
		{"quote_end", ct.Quote.End},
		{"figure", clean(words)},
		{"figure_start", figure.Start},
		{"figure_end", figure.End},
		{"text_sha256", ct.TextSHA256},
		{"record", b.asJSON(ct)},
	}
}
