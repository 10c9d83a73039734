package store

import (
	"cmp"
	"database/sql"
	"errors"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// recall looks up the claims that records are about, as they are stored: those that
// are not remembered many at a time.
func (b *batch) recall(records []sink.Record) error {
	var ids []any
	asked := map[string]bool{}
	for i := range records {
		r := &records[i]
		if r.Stream != schemas.StreamClaims || r.Change == nil || r.Sequence <= b.positions[r.Stream] {
			continue
		}
		id := key(r.Change.Claim.ID)
		if asked[id] {
			continue
		}
		asked[id] = true
		if k, ok := b.store.memory.claims.get(id); ok {
			b.claims[id] = &pending{known: k}
			continue
		}
		b.claims[id] = &pending{}
		ids = append(ids, id)
	}
	return eachPart(ids, b.recallSome)
}

// eachPart gives ids to fn, as many at a time as makes one statement do for any number.
func eachPart(ids []any, fn func(part []any) error) error {
	const atOnce = 64
	for len(ids) > 0 {
		part := slices.Clone(ids[:min(atOnce, len(ids))])
		ids = ids[len(part):]
		for len(part) < atOnce {
			part = append(part, part[0])
		}
		if err := fn(part); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) recallSome(ids []any) error {
	query := `SELECT c.id, c.n, c.state, c.revision, c.first_sequence, h.sequence, h.record
		FROM claims c LEFT JOIN history h ON h.sequence = c.based_on WHERE c.id IN (` + marks(len(ids)) + `)`
	stored := false
	err := b.tx.each(query, ids, func(scan func(...any) error) error {
		var id string
		var based sql.NullInt64
		var record []byte
		k := known{stored: true}
		if err := scan(&id, &k.n, &k.state, &k.revision, &k.first, &based, &record); err != nil {
			return err
		}
		if based.Valid {
			k.base = b.newBase(uint64(based.Int64), record)
		}
		b.claims[id].known, stored = k, true
		return nil
	})
	if err != nil || !stored {
		return err
	}
	return b.recallCitations(ids)
}

// remember keeps what the batch has stored, once it is.
func (b *batch) remember() {
	m := b.store.memory
	m.positions = b.positions
	for id, p := range b.claims {
		if p.last != nil {
			m.claims.put(id, p.known)
		}
	}
	for id, past := range b.past {
		if past.series != nil && len(past.series.Points) > maxPoints {
			m.series.drop(id)
			continue
		}
		m.series.put(id, *past)
	}
}

// change notes one change and what it makes of its claim: a claim that changes
// often in a batch is put down once.
func (b *batch) change(c *schemas.Change, seq uint64) error {
	p := b.claims[key(c.Claim.ID)]
	if p.revision >= c.Revision {
		repeated, err := b.seen(p, c)
		if err != nil || repeated {
			return err // published again after the bus forgot its id: later changes stand
		}
	}
	if p.first == 0 {
		p.first = seq
		n, err := b.newNumber()
		if err != nil {
			return err
		}
		p.n = n
	}
	b.place(p, c)
	p.state = sink.StateAfter(p.state, c)
	p.revision, p.last, p.sequence = c.Revision, c, seq
	b.cite(p, &c.Claim, c.Cause.Article)
	b.say(p, &c.Claim, seq)
	b.putChange(c, seq, p)
	b.ids[c.ID] = true
	id := key(c.Claim.SeriesID)
	st := seriesState{seq, c.Country, c.Series != nil, c.Series}
	if c.Series == nil { // what it was stays readable
		st.country, st.series = b.series[id].country, b.series[id].series
	}
	b.series[id] = st
	return nil
}

// place notes when a change has its claim last seen.
func (b *batch) place(p *pending, c *schemas.Change) {
	seen, at := instant(c.Claim.LastSeen), instant(c.KnownAt)
	if p.seen == seen && p.knownAt != "" && p.knownAt <= at {
		return
	}
	p.seen, p.knownAt = seen, at
	k := seenKey{seen, key(c.Claim.ID)}
	if was, ok := b.seenAt[k]; !ok || at < was {
		b.seenAt[k] = at
	}
}

// A pending claim is what a batch has made of a claim so far.
type pending struct {
	known
	last     *schemas.Change // nil if no change of the batch counts
	sequence uint64          // of last
	record   string          // what last says other than base
	lasting  uint64          // hash of what last says other than stability
	whole    bool            // recent are all its citations; else there are more
	recent   []*schemas.Citation
	moved    bool                        // something about held is to be stored
	fresh    map[int64]*schemas.Citation // those of held that are not in the table citations, by number
}

// say notes the record of a change as what it has other than the claim's base; if
// that is too much, it is the new base.
func (b *batch) say(p *pending, c *schemas.Claim, seq uint64) {
	rec := *c
	rec.Citations, rec.MadeBy = nil, schemas.MadeBy{}
	b.members = rec.HashMembers(b.store.memory.seed, b.members[:0])
	p.lasting = b.store.memory.lasting(b.members)
	var ok bool
	if p.record, ok = b.patchOf(p.base, &rec, b.members); !ok {
		b.json = rec.AppendJSON(b.json[:0])
		p.base = base{seq, len(b.json), slices.Clone(b.members)}
	}
}

// putClaim prepares what the batch made of a claim.
func (b *batch) putClaim(id string, p *pending) error {
	if p.last == nil {
		return nil
	}
	old, look := p.stored, b.look(p)
	p.stored = true
	if old && p.look == look && !p.moved && len(p.last.Claim.Citations) > 0 {
		return b.refresh(p)
	}
	p.look = look
	b.row = lastingColumns(b.row[:0], p.last, p.first, p.state)
	facts := b.store.memory.hash(b.row)
	switch {
	case old && p.facts == facts: // only its stability is another: nothing that is looked up
		if err := b.refresh(p); err != nil {
			return err
		}
	default:
		b.row = append(b.freshColumns(b.row, p), column{"n", numberOf(p.n)})
		b.rows.claims.add(b.row...)
	}
	p.facts = facts
	if err := b.putCitations(p); err != nil {
		return err
	}
	if err := b.putNames(p, old); err != nil {
		return err
	}
	b.noteWords(id, p, old)
	return nil
}

// look hashes all that is stored of a claim in columns, names and words, but for its
// citations and what each change sets.
func (b *batch) look(p *pending) uint64 {
	var h maphash.Hash
	h.SetSeed(b.store.memory.seed)
	maphash.WriteComparable(&h, p.lasting)
	h.WriteString(string(p.state))
	h.WriteByte(0)
	h.WriteString(p.last.Country)
	return h.Sum64() | 1
}

// newNumber returns the row number of a new claim.
func (b *batch) newNumber() (int64, error) {
	if len(b.numbers) == 0 {
		if err := b.newNumbers(); err != nil {
			return 0, err
		}
	}
	n := b.numbers[0]
	b.numbers = b.numbers[1:]
	return n, nil
}

// newNumbers gets as many as claims of the batch have none.
func (b *batch) newNumbers() error {
	news := 0
	for _, p := range b.claims {
		if p.n == 0 {
			news++
		}
	}
	query := `SELECT COALESCE(MAX(n), 0) + 1 FROM claims WHERE ? > 0` // nobody else writes
	if b.dialect == &postgres {
		query = `SELECT NEXTVAL(PG_GET_SERIAL_SEQUENCE('claims', 'n')) FROM GENERATE_SERIES(1, ?)`
	}
	err := b.tx.each(query, []any{news}, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		b.numbers = append(b.numbers, n)
		return err
	})
	for b.dialect == &sqlite && len(b.numbers) < news {
		b.numbers = append(b.numbers, b.numbers[0]+int64(len(b.numbers)))
	}
	return err
}

// refresh sets what each change sets in the row of a claim, and nothing else.
func (b *batch) refresh(p *pending) error {
	b.row = b.freshColumns(b.row[:0], p)
	if b.store.refresh == "" {
		names := make([]string, len(b.row))
		for i, c := range b.row {
			names[i] = c.name + " = ?"
		}
		b.store.refresh = `UPDATE claims SET ` + strings.Join(names, ", ") + ` WHERE n = ?`
	}
	values := make([]value, 0, 16)
	for i := range b.row {
		values = append(values, b.row[i].value)
	}
	return b.tx.put(b.store.refresh, append(values, numberOf(p.n)))
}

// seen reports whether a change is stored already, or noted in this batch.
func (b *batch) seen(p *pending, c *schemas.Change) (bool, error) {
	if b.ids[c.ID] {
		return true, nil
	}
	var n int
	err := b.tx.each(`SELECT COUNT(*) FROM history WHERE claim = ? AND id = ?`, []any{p.n, key(c.ID)}, func(scan func(...any) error) error { return scan(&n) })
	return n > 0, err
}

// putChange notes the row of a change.
func (b *batch) putChange(c *schemas.Change, seq uint64, p *pending) {
	basedOn, record := p.base.sequence, p.record
	if basedOn == seq {
		basedOn, record = 0, string(b.json) // say has left it there
	}
	told, seen := b.tell(b.past[key(c.Claim.SeriesID)], c)
	b.rows.history.add([]column{
		{"sequence", numberOf(seq)},
		{"id", textOf(key(c.ID))},
		{"claim", numberOf(p.n)},
		{"series_id", textOf(key(c.Claim.SeriesID))},
		{"change", textOf(c.Change)},
		{"revision", numberOf(c.Revision)},
		{"known_at", textOf(instant(c.KnownAt))},
		{"country", textOf(clean(c.Country))},
		{"state", textOf(p.state)},
		{"tier", textOf(c.Claim.Tier)},
		{"origins", numberOf(c.Claim.Corroboration.Origins)},
		{"first_seen", textOf(instant(c.Claim.FirstSeen))},
		{"last_seen", textOf(instant(c.Claim.LastSeen))},
		{"cites", textOf(p.list)},
		{"based_on", numberOf(basedOn)},
		{"record", textOf(record)},
		{"series", textOf(told)},
		{"series_seen", textOf(seen)},
		{"cause", textOf(b.asJSON(&c.Cause))},
		{"made_by", textOf(b.madeBy(&c.Claim.MadeBy))},
	}...)
}

// freshColumns appends those that each change of a claim sets.
func (b *batch) freshColumns(row []column, p *pending) []column {
	c := p.last
	return append(row, []column{
		{"stability", textOf(c.Claim.Stability)},
		{"last_change", textOf(c.Change)},
		{"revision", numberOf(c.Revision)},
		{"known_at", textOf(instant(c.KnownAt))},
		{"sequence", numberOf(p.sequence)},
		{"made_by", textOf(b.madeBy(&c.Claim.MadeBy))},
		{"based_on", numberOf(p.base.sequence)},
		{"record", textOf(p.record)},
	}...)
}

// lastingColumns appends those that a change leaves as they are which only makes its
// claim final, or sets it against another.
func lastingColumns(row []column, c *schemas.Change, first uint64, state sink.State) []column {
	cl := &c.Claim
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
	return append(row, []column{
		{"id", textOf(key(cl.ID))},
		{"series_id", textOf(key(cl.SeriesID))},
		{"state", textOf(state)},
		{"kind", textOf(cl.Kind)},
		{"measure", textOf(clean(cl.Measure))},
		{"tier", textOf(cl.Tier)},
		{"text", textOf(clean(cl.Text))},
		{"value", decimalOf(cl.Value)},
		{"min", decimalOf(cl.Min)},
		{"max", decimalOf(cl.Max)},
		{"comparator", textOf(cl.Comparator)},
		{"unit", textOf(clean(cl.Unit))},
		{"counted", textOf(clean(cl.Counted))},
		{"per", textOf(clean(cl.Per))},
		{"category", textOf(category)},
		{"predicate", textOf(clean(cl.Predicate))},
		{"modality", textOf(cl.Modality)},
		{"agent", textOf(entityName(cl.Agent))},
		{"victim", textOf(entityName(cl.Victim))},
		{"place", textOf(clean(place))},
		{"country", textOf(clean(c.Country))},
		{"time_start", textOf(clean(span.Start))},
		{"time_end", textOf(clean(span.End))},
		{"speaker", textOf(entityName(cl.Speaker))},
		{"content", textOf(clean(cl.Content))},
		{"cumulative", boolOf(cl.Cumulative)},
		{"mentions", numberOf(cl.Corroboration.Mentions)},
		{"articles", numberOf(cl.Corroboration.Articles)},
		{"publishers", numberOf(cl.Corroboration.Publishers)},
		{"origins", numberOf(cl.Corroboration.Origins)},
		{"first_seen", textOf(instant(cl.FirstSeen))},
		{"last_seen", textOf(instant(cl.LastSeen))},
		{"replaced_by", textOf(listJSON(cl.ReplacedBy))},
		{"first_sequence", numberOf(first)},
	}...)
}

const publisherRole = "publisher"

// maxName is how long the name of somebody or something may be that is stored: with
// what else is indexed of it, PostgreSQL's limit is 2,700 bytes.
const maxName = 1000

type nameRow struct{ role, id, name, folded string }

// putNames makes the stored names those of the claim and its publishers. The
// publishers of citations that no change carries any more stay.
func (b *batch) putNames(p *pending, old bool) error {
	names := sink.Names(&p.last.Claim, false)
	for _, ct := range p.recent {
		pub := &ct.Publisher
		names = append(names, sink.Name{Role: publisherRole, ID: sink.Fold(pub.Domain), Name: pub.Name, Folded: sink.Fold(pub.Name)})
	}
	hash := b.store.memory.hashNames(names)
	if p.known.names == hash {
		return nil
	}
	p.known.names = 0
	if p.whole || !old { // else the stored ones may be more
		p.known.names = hash
	}
	list := make([]nameRow, len(names))
	for i, n := range names {
		list[i] = nameRow{n.Role, key(n.ID), cut(clean(n.Name), maxName), key(n.Folded)}
	}
	slices.SortFunc(list, func(a, b nameRow) int {
		return cmp.Or(strings.Compare(a.role, b.role), strings.Compare(a.id, b.id), strings.Compare(a.folded, b.folded), strings.Compare(a.name, b.name))
	})
	list = slices.CompactFunc(list, nameRow.alike) // of two spellings the first
	if old {
		var err error
		if list, err = b.dropNames(p.n, list, p.whole); err != nil {
			return err
		}
	}
	for _, n := range list {
		number, err := b.nameNumber(n)
		if err != nil {
			return err
		}
		b.rows.parts.add(column{"name", numberOf(number)}, column{"claim", numberOf(p.n)})
	}
	return nil
}

// alike reports whether two names are one in two spellings.
func (n nameRow) alike(o nameRow) bool {
	return n.role == o.role && n.id == o.id && n.folded == o.folded
}

// dropNames takes the names from a claim that are not wanted, and returns those of the
// wanted ones that it has not.
func (b *batch) dropNames(claim int64, wanted []nameRow, publishers bool) ([]nameRow, error) {
	var gone []int64
	query := `SELECT l.n, l.role, l.name_id, l.name, l.folded FROM parts p JOIN name_list l ON l.n = p.name WHERE p.claim = ?`
	err := b.tx.each(query, []any{claim}, func(scan func(...any) error) error {
		var number int64
		var n nameRow
		if err := scan(&number, &n.role, &n.id, &n.name, &n.folded); err != nil {
			return err
		}
		i := slices.IndexFunc(wanted, n.alike)
		switch {
		case i >= 0 && wanted[i] == n:
			wanted = slices.Delete(wanted, i, i+1)
		case i >= 0 || publishers || n.role != publisherRole:
			gone = append(gone, number)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, n := range gone {
		if err := b.exec(`DELETE FROM parts WHERE name = ? AND claim = ?`, n, claim); err != nil {
			return nil, err
		}
	}
	return wanted, nil
}

// nameNumber returns the row number of a name, which is stored if it is new.
func (b *batch) nameNumber(n nameRow) (int64, error) {
	if number := b.store.memory.names[n]; number != 0 {
		return number, nil
	}
	var number int64
	scan := func(scan func(...any) error) error { return scan(&number) }
	args := []any{n.role, n.id, n.folded, n.name}
	err := b.tx.each(`SELECT n FROM name_list WHERE role = ? AND name_id = ? AND folded = ? AND name = ?`, args, scan)
	switch {
	case err != nil || number != 0:
	case b.dialect == &postgres:
		err = b.tx.each(`INSERT INTO name_list (role, name_id, folded, name) VALUES (?, ?, ?, ?) RETURNING n`, args, scan)
	default: // nobody else writes, and SQLite makes a program and a table of what an INSERT returns
		if b.lastName == 0 {
			err = b.tx.each(`SELECT COALESCE(MAX(n), 0) FROM name_list`, nil, scan)
			b.lastName = number
		}
		b.lastName++
		number = b.lastName
		err = errors.Join(err, b.exec(`INSERT INTO name_list (n, role, name_id, folded, name) VALUES (?, ?, ?, ?, ?)`, number, n.role, n.id, n.folded, n.name))
	}
	if err != nil {
		return 0, err
	}
	b.store.memory.putName(n, number)
	return number, nil
}

// noteWords notes the words of a claim for putSearch, if they are not indexed so.
func (b *batch) noteWords(id string, p *pending, old bool) {
	text := sink.SearchText(&p.last.Claim)
	hash := b.store.memory.hashString(text)
	if p.words == hash {
		return
	}
	p.words = hash
	b.search = append(b.search, indexed{id, p.n, old, strings.Join(b.indexWords(text), " ")})
}

// indexed are the words of a claim that are to be indexed.
type indexed struct {
	id    string // of the claim
	n     int64  // SQLite: its row number
	again bool   // others may be indexed
	words string
}

// putSearch indexes the words of claims for free text search.
func (b *batch) putSearch() error {
	if b.dialect == &postgres {
		for _, r := range b.search {
			if err := b.exec(`UPDATE claims SET search = to_tsvector('simple', ?) WHERE id = ?`, r.words, r.id); err != nil {
				return err
			}
		}
		return nil
	}
	// The index writes out what it has gathered whenever a number is less than the one before.
	slices.SortFunc(b.search, func(a, b indexed) int { return cmp.Compare(a.n, b.n) })
	for _, r := range b.search {
		if r.again {
			if err := b.exec(`DELETE FROM claims_search WHERE rowid = ?`, r.n); err != nil {
				return err
			}
		}
		if err := b.exec(`INSERT INTO claims_search (rowid, body) VALUES (?, ?)`, r.n, r.words); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of the search index: more is no news, or no word.
const (
	maxWords   = 4000
	maxWordLen = 64
)

// indexWords returns the different words of a text.
func (b *batch) indexWords(text string) []string {
	words := sink.Words(text)
	if b.words == nil {
		b.words = map[string]bool{}
	}
	clear(b.words)
	different := words[:0]
	for _, w := range words {
		if w = cut(clean(w), maxWordLen); !b.words[w] && len(different) < maxWords {
			b.words[w] = true
			different = append(different, w)
		}
	}
	return different
}

func (b *batch) putSeries(id string, st seriesState) error {
	if st.series == nil {
		return b.exec(`UPDATE series SET living = ?, sequence = ? WHERE id = ?`, false, int64(st.sequence), id)
	}
	s := st.series
	b.rows.series.add([]column{
		{"id", textOf(key(s.ID))},
		{"living", boolOf(st.living)},
		{"measure", textOf(clean(s.Measure))},
		{"text", textOf(clean(s.Text))},
		{"country", textOf(clean(st.country))},
		{"point_count", numberOf(s.PointCount)},
		{"conflicts", numberOf(len(s.Conflicts))},
		{"first_seen", textOf(instant(s.FirstSeen))},
		{"last_seen", textOf(instant(s.LastSeen))},
		{"sequence", numberOf(st.sequence)},
		{"known_from", textOf(b.past[id].knownFrom)},
		{"record", textOf(b.asJSON(s))},
	}...)
	return nil
}
