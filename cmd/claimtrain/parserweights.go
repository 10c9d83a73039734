package main

import (
	"cmp"
	"slices"

	"github.com/claimwire/claimwire/extractor/parse"
)

// A featureTable holds the weights of a training, by feature.
type featureTable struct {
	slots []featureSlot // open addressing, a power of two
	shift uint
	rows  []featureRow
	cells []featureCell
	used  int
}

// A featureSlot says which row a feature has, counting from 1.
type featureSlot struct{ feature, row uint32 }

// A featureRow is where the cells of a feature stand.
type featureRow struct {
	feature uint32
	from    uint32
	n, room uint8
	updates uint16 // at most 65535
}

// A featureCell is one weight and what averaging needs.
type featureCell struct {
	acc    int64 // sum of update × time
	w      int32
	action parse.Action
}

// find returns the row of a feature, nil if it has none.
func (t *featureTable) find(feature uint32) *featureRow {
	if t.slots == nil {
		return nil
	}
	for at := int(feature >> t.shift); ; at = (at + 1) & (len(t.slots) - 1) {
		switch s := &t.slots[at]; {
		case s.row == 0:
			return nil
		case s.feature == feature:
			return &t.rows[s.row-1]
		}
	}
}

// score adds the weights of features, of which 0 is none.
func (t *featureTable) score(score []int32, features []uint32) {
	for _, f := range features {
		if f == 0 {
			continue
		}
		if r := t.find(f); r != nil {
			for _, c := range t.cells[r.from : r.from+uint32(r.n)] {
				score[c.action] += c.w
			}
		}
	}
}

// update moves the weights of features from the predicted to the right action.
func (t *featureTable) update(features []uint32, right, predicted parse.Action, time int64) {
	for _, f := range features {
		if f == 0 {
			continue
		}
		r := t.find(f)
		if r == nil {
			r = t.insert(f)
		}
		if r.updates < 1<<16-1 {
			r.updates++
		}
		t.bump(r, right, 1, time)
		t.bump(r, predicted, -1, time)
	}
}

func (t *featureTable) bump(r *featureRow, action parse.Action, by int32, time int64) {
	cells := t.cells[r.from : r.from+uint32(r.n)]
	for i := range cells {
		if c := &cells[i]; c.action == action {
			c.w += by
			c.acc += int64(by) * time
			return
		}
	}
	if r.n == r.room { // move to the end, with more room
		r.room = uint8(min(255, 2*int(r.room)))
		from := uint32(len(t.cells))
		t.cells = append(t.cells, cells...)
		t.cells = append(t.cells, make([]featureCell, int(r.room)-int(r.n))...)
		r.from = from
	}
	t.cells[r.from+uint32(r.n)] = featureCell{int64(by) * time, by, action}
	r.n++
}

func (t *featureTable) insert(feature uint32) *featureRow {
	if 2*t.used >= len(t.slots) {
		t.grow()
	}
	t.used++
	t.rows = append(t.rows, featureRow{feature: feature, from: uint32(len(t.cells)), room: 2})
	t.cells = append(t.cells, featureCell{}, featureCell{})
	t.place(featureSlot{feature, uint32(len(t.rows))})
	return &t.rows[len(t.rows)-1]
}

func (t *featureTable) place(s featureSlot) {
	at := int(s.feature >> t.shift)
	for t.slots[at].row != 0 {
		at = (at + 1) & (len(t.slots) - 1)
	}
	t.slots[at] = s
}

func (t *featureTable) grow() {
	old := t.slots
	if old == nil {
		t.slots, t.shift = make([]featureSlot, 1<<16), 16
		return
	}
	t.slots = make([]featureSlot, 2*len(old))
	t.shift--
	for _, s := range old {
		if s.row != 0 {
			t.place(s)
		}
	}
}

// A summedRow is the weights of a feature in several models together.
type summedRow struct {
	parse.Row
	updates int
}

// A weightSum adds up the averaged weights of several trainings.
type weightSum struct {
	list   []summedRow // ascending by feature
	models int32
}

// parserScale is how many units of the file a weight of 1 is.
const parserScale = 64

// add adds the averaged weights of one training.
func (s *weightSum) add(tr *parserTrainer) {
	s.models++
	t := &tr.weights
	slices.SortFunc(t.rows, func(a, b featureRow) int { return cmp.Compare(a.feature, b.feature) })
	merged := make([]summedRow, 0, len(t.rows)+len(s.list))
	old := s.list
	for _, r := range t.rows {
		for len(old) > 0 && old[0].Feature < r.feature {
			merged, old = append(merged, old[0]), old[1:]
		}
		row := summedRow{updates: int(r.updates)}
		row.Feature = r.feature
		for _, c := range t.cells[r.from : r.from+uint32(r.n)] {
			if w := int32((int64(c.w)*tr.t - c.acc) * parserScale / tr.t); w != 0 {
				row.Cells = append(row.Cells, parse.Cell{Action: c.action, Weight: w})
			}
		}
		if len(old) > 0 && old[0].Feature == r.feature {
			row.Cells = sumCells(row.Cells, old[0].Cells)
			row.updates += old[0].updates
			old = old[1:]
		}
		merged = append(merged, row)
	}
	s.list = append(merged, old...)
}

func sumCells(a, b []parse.Cell) []parse.Cell {
	for _, c := range b {
		i := slices.IndexFunc(a, func(x parse.Cell) bool { return x.Action == c.Action })
		if i < 0 {
			a = append(a, c)
			continue
		}
		a[i].Weight += c.Weight
	}
	return a
}

// rows returns the mean weights without the rare and the small ones.
func (s *weightSum) rows(o parserOptions) []parse.Row {
	var out []parse.Row
	for _, r := range s.list {
		if r.updates < o.updates*int(s.models) {
			continue
		}
		var cells []parse.Cell
		for _, c := range r.Cells {
			if w := c.Weight / s.models; int(max(w, -w))*100 >= o.prune*parserScale {
				cells = append(cells, parse.Cell{Action: c.Action, Weight: w})
			}
		}
		if len(cells) > 0 {
			slices.SortFunc(cells, func(a, b parse.Cell) int { return cmp.Compare(a.Action, b.Action) })
			out = append(out, parse.Row{Feature: r.Feature, Cells: cells})
		}
	}
	return out
}
