package store

// A column is the name of a column and a value for it. Names come from this
// package alone.
type column struct {
	name  string
	value value
}

// tableRows are rows for one table, to be inserted or to take the place of those with the
// same key. All have the same columns, and no two the same key unless that is all that
// they have.
type tableRows struct {
	table   string
	keys    []string
	columns []string // nil before the first row
	values  []value  // of one row after another
}

func (r *tableRows) add(row ...column) {
	if r.columns == nil {
		r.columns = make([]string, len(row))
		for i := range row {
			r.columns[i] = row[i].name
		}
	}
	for i := range row {
		r.values = append(r.values, row[i].value)
	}
}

// batchRows are the rows of a batch, by table. Their memory serves the next batch.
type batchRows struct {
	history, claims, proofs, past, parts, seen, series tableRows
}

func newBatchRows() *batchRows {
	return &batchRows{
		history: tableRows{table: "history", keys: []string{"sequence"}},
		claims:  tableRows{table: "claims", keys: []string{"id"}},
		proofs:  tableRows{table: "proofs", keys: []string{"n"}},
		past:    tableRows{table: "past_proofs", keys: []string{"n"}},
		parts:   tableRows{table: "parts", keys: []string{"name", "claim"}},
		seen:    tableRows{table: "seen", keys: []string{"last_seen", "claim_id"}},
		series:  tableRows{table: "series", keys: []string{"id"}},
	}
}

// all returns the rows of every table, in the order in which they are inserted.
func (b *batchRows) all() []*tableRows {
	return []*tableRows{&b.history, &b.claims, &b.proofs, &b.past, &b.parts, &b.seen, &b.series}
}

// begin empties the rows for the next batch. Those of a large one are let go of.
func (b *batchRows) begin() *batchRows {
	const kept = 1 << 17 // 5 MB
	for _, r := range b.all() {
		clear(r.values)
		r.values = r.values[:0]
		if cap(r.values) > kept {
			r.values = nil
		}
	}
	return b
}

// putNow inserts a row, or updates the one with the same key.
func (b *batch) putNow(table string, keys []string, row []column) error {
	r := tableRows{table: table, keys: keys}
	r.add(row...)
	return b.insert(&r)
}
