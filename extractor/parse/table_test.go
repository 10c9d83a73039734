package parse

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// randomRows returns the weights of n features, with rows of up to most cells.
func randomRows(n, most int) []Row {
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([]Row, n)
	for i := range rows {
		rows[i].Feature = rng.Uint32()
		for a := range 1 + rng.IntN(most) {
			rows[i].Cells = append(rows[i].Cells, Cell{Action(a), int32(rng.IntN(4000) - 2000)})
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return int(int64(a.Feature) - int64(b.Feature)) })
	return rows
}

func TestTable(t *testing.T) {
	rows := randomRows(5000, 12)
	for i := range rows {
		for k := range rows[i].Cells {
			if w := &rows[i].Cells[k].Weight; *w == 0 {
				*w = 1
			}
		}
	}
	labels := strings.Split("a b c d e f g", " ")
	m, err := ReadModel(string(PackModel(labels, rows)))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Labels, labels) {
		t.Errorf("labels %v", m.Labels)
	}
	for _, r := range rows {
		var score [256]int32
		f := [NumFeatures]uint32{0: r.Feature}
		m.weights.add(&score, &f, new(search))
		for _, c := range r.Cells {
			got := score[c.Action]
			if d := got - c.Weight; max(d, -d)*20 > max(c.Weight, -c.Weight)+20 {
				t.Fatalf("feature %d, action %d: weight %d, want %d or near it", r.Feature, c.Action, got, c.Weight)
			}
		}
	}
	var score [256]int32
	m.weights.add(&score, &[NumFeatures]uint32{0: rows[0].Feature ^ 1, 1: 12345}, new(search))
	if score != [256]int32{} {
		t.Error("features without a row have weights")
	}
}

// TestSums adds up rows of all sizes at once and one by one; the sums of large
// weights do not fit the lanes of heavy rows.
func TestSums(t *testing.T) {
	rows := randomRows(500, 60)
	for i := range rows {
		for k := range rows[i].Cells {
			if i%7 == 0 {
				rows[i].Cells[k].Weight *= 15
			}
			if i%7 == 1 {
				rows[i].Cells[k].Weight = 30000
			}
		}
	}
	m, err := ReadModel(string(PackModel(strings.Split(strings.Repeat("x ", 39)+"x", " "), rows)))
	if err != nil {
		t.Fatal(err)
	}
	for from := range len(rows) - NumFeatures {
		var all, one [256]int32
		var features [NumFeatures]uint32
		for i := range features {
			f := rows[from+i].Feature
			features[i] = f
			alone := [NumFeatures]uint32{}
			alone[i] = f
			m.weights.add(&one, &alone, new(search))
		}
		m.weights.add(&all, &features, new(search))
		if all != one {
			t.Fatalf("features from %d: together %v, one by one %v", from, all, one)
		}
	}
}

func FuzzReadModel(f *testing.F) {
	file := PackModel([]string{"nsubj", "obj", "case", "det"}, randomRows(20, 9))
	f.Add(len(file), 0, byte(0))
	f.Add(len(file)-1, 4, byte(255))
	f.Add(20, 0, byte('C'))
	f.Fuzz(func(t *testing.T, size, at int, b byte) {
		damaged := slices.Clone(file)[:min(max(0, size), len(file))]
		if at >= 0 && at < len(damaged) {
			damaged[at] = b
		}
		m, err := ReadModel(string(damaged))
		if err != nil {
			return
		}
		var score [256]int32
		var features [NumFeatures]uint32
		for i := range features {
			features[i] = uint32(i) * 0x9E3779B1
		}
		m.weights.add(&score, &features, new(search))
		for i := m.classes(); i < len(score); i++ {
			if score[i] != 0 {
				t.Fatalf("weight for action %d of %d", i, m.classes())
			}
		}
	})
}
