package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// change notes one change and what it makes of its claim: a claim that changes
// often in a batch is put down once.
func (b *batch) change(c *schemas.Change, seq uint64) error {
	id := key(c.Claim.ID)
	p := b.claims[id]
	if p == nil {
		var err error
		if p, err = b.claimBefore(id); err != nil {
			return err
		}
		b.claims[id] = p
	}
	if p.revision >= c.Revision {
		repeated, err := b.seen(c.ID)
		if err != nil || repeated {
			return err // published again after the bus forgot its id: later changes stand
		}
	}
	if p.first == 0 {
		p.first = seq
	}
	p.state = sink.StateAfter(p.state, c)
	p.revision, p.last, p.sequence = c.Revision, c, seq
	p.cite(&c.Claim, c.Cause.Article)
	b.changes, b.ids[c.ID] = append(b.changes, changeColumns(c, seq, p.state)), true
	id = key(c.Claim.SeriesID)
	st := seriesState{seq, c.Country, c.Series != nil, c.Series}
	if c.Series == nil { // what it was stays readable
		st.country, st.series = b.series[id].country, b.series[id].series
	}
	b.series[id] = st
	return nil
}

// A pending claim is what a batch has made of a claim so far.
type pending struct {
	n        int64 // row number; 0 if the claim is new
	state    sink.State
	revision int
	first    uint64          // sequence of its first change
	last     *schemas.Change // nil if no change of the batch counts
	sequence uint64          // of last
	whole    bool            // cites are all its citations; else they are added to those stored
	dropped  []string        // articles whose stored citations go first, if not whole
	cites    []schemas.Citation
}

// cite notes the citations that a change carries. A claim that has lost its last
// one keeps the old ones, as the proof of what it once said.
func (p *pending) cite(c *schemas.Claim, cause *schemas.ArticleRef) {
	switch {
	case len(c.Citations) == 0:
	case c.CitationCount <= len(c.Citations):
		p.whole, p.dropped, p.cites = true, nil, slices.Clone(c.Citations)
	default:
		if cause != nil {
			p.dropped = append(p.dropped, cause.ID)
			p.cites = slices.DeleteFunc(p.cites, func(ct schemas.Citation) bool { return ct.ArticleID == cause.ID })
		}
		p.cites = append(p.cites, c.Citations...)
	}
}

// claimBefore returns a claim as it is stored.
func (b *batch) claimBefore(id string) (*pending, error) {
	st, err := b.stmt(`SELECT n, state, revision, first_sequence FROM claims WHERE id = ?`)
	if err != nil {
		return nil, err
	}
	p := &pending{}
	err = st.QueryRowContext(b.ctx, id).Scan(&p.n, &p.state, &p.revision, &p.first)
	if errors.Is(err, sql.ErrNoRows) {
		return p, nil
	}
	return p, err
}

// putClaim stores what the batch made of a claim.
func (b *batch) putClaim(id string, p *pending) error {
	if p.last == nil {
		return nil
	}
	if err := b.upsert("claims", []string{"id"}, claimColumns(p.last, p.sequence, p.first, p.state)); err != nil {
		return err
	}
	if err := b.putCitations(id, p); err != nil {
		return err
	}
	if err := b.putNames(id, p); err != nil {
		return err
	}
	return b.putSearch(id, &p.last.Claim, p.n)
}

// seen reports whether a change is stored already, or noted in this batch.
func (b *batch) seen(changeID string) (bool, error) {
	if b.ids[changeID] {
		return true, nil
	}
	st, err := b.stmt(`SELECT COUNT(*) FROM changes WHERE id = ?`)
	if err != nil {
		return false, err
	}
	var n int
	err = st.QueryRowContext(b.ctx, key(changeID)).Scan(&n)
	return n > 0, err
}

func changeColumns(c *schemas.Change, seq uint64, state sink.State) []column {
	return []column{
		{"sequence", int64(seq)},
		{"id", key(c.ID)},
		{"claim_id", key(c.Claim.ID)},
		{"series_id", key(c.Claim.SeriesID)},
		{"change", string(c.Change)},
		{"revision", c.Revision},
		{"known_at", instant(c.KnownAt)},
		{"country", clean(c.Country)},
		{"state", string(state)},
		{"tier", string(c.Claim.Tier)},
		{"origins", c.Claim.Corroboration.Origins},
		{"first_seen", instant(c.Claim.FirstSeen)},
		{"last_seen", instant(c.Claim.LastSeen)},
		{"cause", asJSON(&c.Cause)},
		{"record", asJSON(&c.Claim)},
	}
}

func claimColumns(c *schemas.Change, seq, first uint64, state sink.State) []column {
	cl := &c.Claim
	bare := *cl
	bare.Citations = nil
	var span schemas.Interval
	if cl.Time != nil {
		span = *cl.Time
	}
	place := ""
	if cl.Place != nil {
		place = cl.Place.Name
	}
	category := ""
	if cl.Category != nil {
		category = string(*cl.Category)
	}
	return []column{
		{"id", key(cl.ID)},
		{"series_id", key(cl.SeriesID)},
		{"state", string(state)},
		{"kind", string(cl.Kind)},
		{"measure", clean(cl.Measure)},
		{"tier", string(cl.Tier)},
		{"stability", string(cl.Stability)},
		{"text", clean(cl.Text)},
		{"value", number(cl.Value)},
		{"min", number(cl.Min)},
		{"max", number(cl.Max)},
		{"comparator", string(cl.Comparator)},
		{"unit", clean(cl.Unit)},
		{"counted", clean(cl.Counted)},
		{"per", clean(cl.Per)},
		{"category", category},
		{"predicate", clean(cl.Predicate)},
		{"modality", string(cl.Modality)},
		{"agent", entityName(cl.Agent)},
		{"victim", entityName(cl.Victim)},
		{"place", clean(place)},
		{"country", clean(c.Country)},
		{"time_start", clean(span.Start)},
		{"time_end", clean(span.End)},
		{"speaker", entityName(cl.Speaker)},
		{"content", clean(cl.Content)},
		{"cumulative", cl.Cumulative},
		{"mentions", cl.Corroboration.Mentions},
		{"articles", cl.Corroboration.Articles},
		{"publishers", cl.Corroboration.Publishers},
		{"origins", cl.Corroboration.Origins},
		{"first_seen", instant(cl.FirstSeen)},
		{"last_seen", instant(cl.LastSeen)},
		{"replaced_by", asJSON(append([]string{}, cl.ReplacedBy...))},
		{"last_change", string(c.Change)},
		{"revision", c.Revision},
		{"known_at", instant(c.KnownAt)},
		{"first_sequence", int64(first)},
		{"sequence", int64(seq)},
		{"record", asJSON(&bare)},
	}
}

// putNames makes the stored names those of the claim and its publishers. The
// publishers of citations that no change carries any more stay.
func (b *batch) putNames(id string, p *pending) error {
	names := sink.Names(&p.last.Claim, false)
	for i := range p.cites {
		pub := &p.cites[i].Publisher
		names = append(names, sink.Name{Role: publisherRole, ID: sink.Fold(pub.Domain), Name: pub.Name, Folded: sink.Fold(pub.Name)})
	}
	want := map[nameRow]bool{}
	for _, n := range names {
		want[nameRow{n.Role, key(n.ID), clean(n.Name), key(n.Folded)}] = true
	}
	if p.n > 0 {
		if err := b.dropNames(id, want, p.whole); err != nil {
			return err
		}
	}
	var rows [][]column
	for n := range want {
		rows = append(rows, []column{{"claim_id", id}, {"role", n.role}, {"name_id", n.id}, {"name", n.name}, {"folded", n.folded}})
	}
	slices.SortFunc(rows, func(a, b []column) int { return strings.Compare(joinKey(a), joinKey(b)) })
	rows = slices.CompactFunc(rows, func(a, b []column) bool { // two spellings that fold alike: the first
		return a[1] == b[1] && a[2] == b[2] && a[4] == b[4]
	})
	return b.insert("names", []string{"claim_id", "role", "name_id", "folded"}, rows)
}

const publisherRole = "publisher"

type nameRow struct{ role, id, name, folded string }

// dropNames deletes the stored names that are not wanted, and takes those out of
// want that are stored.
func (b *batch) dropNames(id string, want map[nameRow]bool, publishers bool) error {
	st, err := b.stmt(`SELECT role, name_id, name, folded FROM names WHERE claim_id = ?`)
	if err != nil {
		return err
	}
	found, err := st.QueryContext(b.ctx, id)
	if err != nil {
		return err
	}
	defer found.Close()
	var gone []nameRow
	for found.Next() {
		var n nameRow
		if err := found.Scan(&n.role, &n.id, &n.name, &n.folded); err != nil {
			return err
		}
		switch {
		case want[n]:
			delete(want, n)
		case publishers || n.role != publisherRole:
			gone = append(gone, n)
		}
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		return err
	}
	for _, n := range gone {
		if err := b.exec(`DELETE FROM names WHERE claim_id = ? AND role = ? AND name_id = ? AND folded = ?`, id, n.role, n.id, n.folded); err != nil {
			return err
		}
	}
	return nil
}

// putSearch indexes the words of a claim for free text search; n is the row
// number it has, 0 if it is new.
func (b *batch) putSearch(id string, c *schemas.Claim, n int64) error {
	body := strings.Join(indexWords(c), " ")
	if b.dialect == &postgres {
		return b.exec(`UPDATE claims SET search = to_tsvector('simple', ?) WHERE id = ?`, body, id)
	}
	if n == 0 {
		return b.exec(`INSERT INTO claims_search (rowid, body) SELECT n, ? FROM claims WHERE id = ?`, body, id)
	}
	return b.exec(`INSERT OR REPLACE INTO claims_search (rowid, body) VALUES (?, ?)`, n, body)
}

// Bounds of the search index: more is no news, or no word.
const (
	maxWords   = 4000
	maxWordLen = 64
)

func indexWords(c *schemas.Claim) []string {
	words := sink.Words(sink.SearchText(c))
	for i, w := range words {
		words[i] = cut(clean(w), maxWordLen)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return words[:min(len(words), maxWords)]
}

func (b *batch) putSeries(id string, st seriesState) error {
	if st.series == nil {
		return b.exec(`UPDATE series SET living = ?, sequence = ? WHERE id = ?`, false, int64(st.sequence), id)
	}
	s := st.series
	return b.upsert("series", []string{"id"}, []column{
		{"id", key(s.ID)},
		{"living", st.living},
		{"measure", clean(s.Measure)},
		{"text", clean(s.Text)},
		{"country", clean(st.country)},
		{"point_count", s.PointCount},
		{"conflicts", len(s.Conflicts)},
		{"first_seen", instant(s.FirstSeen)},
		{"last_seen", instant(s.LastSeen)},
		{"sequence", int64(st.sequence)},
		{"record", asJSON(s)},
	})
}
