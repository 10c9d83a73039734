package parse

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// addAll adds the weights of features to score, share by share.
func addAll(m *Model, score *[256]int32, features *[NumFeatures]uint32, s *search) {
	s.begin()
	s.want(features, stackTemplates[:])
	s.want(features, bufferTemplates[:])
	s.want(features, otherTemplates[:])
	m.weights.index.open(s)
	m.weights.index.hit(s)
	m.weights.find(s)
	for k := range maxShares {
		m.weights.add(score, s, k)
	}
}

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
		addAll(m, &score, &f, new(search))
		for _, c := range r.Cells {
			got := score[m.weights.slots[c.Action]]
			if d := got - c.Weight; max(d, -d)*20 > max(c.Weight, -c.Weight)+20 {
				t.Fatalf("feature %d, action %d: weight %d, want %d or near it", r.Feature, c.Action, got, c.Weight)
			}
		}
	}
	var score [256]int32
	addAll(m, &score, &[NumFeatures]uint32{0: rows[0].Feature ^ 1, 1: 12345}, new(search))
	if score != [256]int32{} {
		t.Error("features without a row have weights")
	}
}

// plainRows reads the rows of a model file that is sound, by feature and action.
func plainRows(file string) map[uint32]map[Action]int32 {
	table := file[6+int(u16(file, 4)):]
	counts, rows := table[tableHeader:tableHeader+1<<bucketBits/2], table[tableHeader+1<<bucketBits/2:]
	out := map[uint32]map[Action]int32{}
	for b := range uint32(1 << bucketBits) {
		for range counts[b/2] >> (b % 2 * 4) & 15 {
			head := u16(rows, 0)
			n, from := int(head&7), 2
			if n == 0 {
				n, from = int(rows[2]), 3
			}
			cells := map[Action]int32{}
			for i := from; i < from+2*n; i += 2 {
				if code := int(int8(rows[i+1])); code < 0 {
					cells[Action(rows[i])] = -int32(u16(table, 4+2*(-code-1)))
				} else if code > 0 {
					cells[Action(rows[i])] = int32(u16(table, 4+2*(code-1)))
				}
			}
			out[b<<checkBits|uint32(head>>3)] = cells
			rows = rows[from+2*n:]
		}
	}
	return out
}

// checkSums compares the sums of a model with those of its rows, for features of which some
// have rows, and some have not but are like those that have.
func checkSums(t *testing.T, file string, rng *rand.Rand, rounds int) {
	m, err := ReadModel(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := plainRows(file)
	have := slices.Sorted(maps.Keys(rows))
	s := new(search)
	for range rounds {
		var features [NumFeatures]uint32
		for i := range features {
			if f := have[rng.IntN(len(have))]; rng.IntN(4) > 0 {
				features[i] = f
			} else {
				features[i] = f ^ 1<<rng.IntN(32)
			}
		}
		var got, want [256]int32
		addAll(m, &got, &features, s)
		for _, f := range features {
			for a, w := range rows[f] {
				want[m.weights.slots[a]] += w
			}
		}
		if got != want {
			t.Fatalf("features %v: sums %v, want %v", features, got, want)
		}
		checkBest(t, m, rng, &got)
	}
}

// checkBest compares the choice of the best action in a random state with that of State.Best.
func checkBest(t *testing.T, m *Model, rng *rand.Rand, score *[256]int32) {
	s := State{n: 9, next: rng.IntN(10), stack: []int32{0, 1}[:1+rng.IntN(2)]}
	if _, forced := s.Forced(); forced {
		return
	}
	byAction := make([]int32, m.classes())
	for a := range byAction {
		byAction[a] = score[m.weights.slots[a]]
	}
	if got, want := m.weights.best(&s, score, m.classes()), s.Best(byAction); got != want {
		t.Fatalf("best action %d, want %d of %v", got, want, byAction)
	}
}

// FuzzSums adds up the rows of models, whose features are close to each other if apart is small.
func FuzzSums(f *testing.F) {
	f.Add(uint64(1), 100, 5, uint32(1<<31))
	f.Add(uint64(2), 3000, 40, uint32(1<<19))
	f.Add(uint64(3), 200, 14, uint32(1<<10))
	f.Fuzz(func(t *testing.T, seed uint64, n, most int, apart uint32) {
		rng := rand.New(rand.NewPCG(seed, 1))
		rows, top := map[uint32][]Cell{}, rng.Uint32()
		for range 1 + uint(n)%4000 {
			var cells []Cell
			for a := range 1 + rng.IntN(int(1+uint(most)%41)) {
				if w := rng.Int32N(1<<16) - 1<<15; w != 0 {
					cells = append(cells, Cell{Action(a), w})
				}
			}
			rows[top+rng.Uint32N(1+apart%(1<<31))] = cells
		}
		var sorted []Row
		for _, f := range slices.Sorted(maps.Keys(rows)) {
			if len(rows[f]) > 0 {
				sorted = append(sorted, Row{f, rows[f]})
			}
		}
		if len(sorted) == 0 {
			return
		}
		checkSums(t, string(PackModel(strings.Split(strings.Repeat("x ", 19)+"x", " "), sorted)), rng, 5)
	})
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
			addAll(m, &one, &alone, new(search))
		}
		addAll(m, &all, &features, new(search))
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
		addAll(m, &score, &features, new(search))
		for i := m.weights.used; i < len(score); i++ {
			if score[i] != 0 {
				t.Fatalf("weight for slot %d of %d", i, m.weights.used)
			}
		}
	})
}
