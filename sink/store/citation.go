package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/claimwire/claimwire/schemas"
)

// putCitations makes the stored citations those of the claim, and touches only
// the rows that differ. old says that some may be stored.
func (b *batch) putCitations(id string, p *pending, old bool) error {
	if len(p.cites)+len(p.dropped) == 0 {
		return nil
	}
	hash := uint64(0)
	if p.whole {
		if hash = b.citesHash(p.cites); hash == p.known.rows {
			return nil
		}
	}
	p.known.rows = hash
	rows := make(map[string][]column, len(p.cites)) // by key: the last one counts
	for i := range p.cites {
		row := b.citationColumns(id, &p.cites[i])
		rows[rowKey(row)] = row
	}
	switch {
	case p.whole && old:
		if err := b.dropCitations(id, rows); err != nil {
			return err
		}
	case !p.whole:
		for _, article := range p.dropped {
			if err := b.exec(`DELETE FROM citations WHERE claim_id = ? AND article_id = ?`, id, key(article)); err != nil {
				return err
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(rows)) {
		b.rows.citations = append(b.rows.citations, rows[k])
	}
	return nil
}

// dropCitations deletes the stored citations that are not in rows, and takes
// those out of rows that are stored as they are.
func (b *batch) dropCitations(id string, rows map[string][]column) error {
	st, err := b.stmt(`SELECT n, article_id, article_version, field, quote_start, quote_end, figure_start, record FROM citations WHERE claim_id = ?`)
	if err != nil {
		return err
	}
	found, err := st.QueryContext(b.ctx, id)
	if err != nil {
		return err
	}
	defer found.Close()
	var gone []int64
	for found.Next() {
		var n int64
		var article, version, field, record string
		var start, end, figure int
		if err := found.Scan(&n, &article, &version, &field, &start, &end, &figure, &record); err != nil {
			return err
		}
		k := joinKey(id, article, version, field, start, end, figure)
		row, ok := rows[k]
		switch {
		case !ok:
			gone = append(gone, n)
		case row[len(row)-1].value == record:
			delete(rows, k)
		}
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		return err
	}
	for _, n := range gone {
		if err := b.exec(`DELETE FROM citations WHERE n = ?`, n); err != nil {
			return err
		}
	}
	return nil
}

// rowKey returns the values of citationKey in a row.
func rowKey(row []column) string {
	var parts []any
	for _, c := range row {
		if slices.Contains(citationKey, c.name) {
			parts = append(parts, c.value)
		}
	}
	return joinKey(parts...)
}

func joinKey(parts ...any) string { return fmt.Sprintf("%q", parts) }

var citationKey = []string{"claim_id", "article_id", "article_version", "field", "quote_start", "quote_end", "figure_start"}

func (b *batch) citationColumns(id string, ct *schemas.Citation) []column {
	figure := schemas.Span{Start: -1, End: -1}
	words := ""
	if ct.Figure != nil {
		figure = *ct.Figure
		words, _ = schemas.NewOffsets(ct.Quote.Exact).Slice(ct.Quote.Exact,
			schemas.Span{Start: figure.Start - ct.Quote.Start, End: figure.End - ct.Quote.Start})
	}
	return []column{
		{"claim_id", id},
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
