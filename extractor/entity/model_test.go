package entity

import (
	"math/rand/v2"
	"testing"

	"github.com/claimwire/claimwire/extractor/linear"
	"github.com/claimwire/claimwire/schemas"
)

func TestPack(t *testing.T) {
	w := &Weights{Rows: make([][NumLabels]int32, 16)}
	w.Rows[3] = [NumLabels]int32{1, -2, 3, 127, -127, 0, 5}
	w.Rows[7] = [NumLabels]int32{0, 8000, -6000, 64}
	w.Trans[2][1][2] = -300
	for s := range w.Curve[0] {
		w.Curve[0][s] = uint16(s * 1000)
	}
	m, err := ReadModel(string(w.Pack()))
	if err != nil {
		t.Fatal(err)
	}
	var score [NumLabels]int32
	emitTo(m, &score, []uint32{3 << 28, 3 << 28, 0})
	for y, want := range w.Rows[3] {
		if score[y] != 2*want {
			t.Errorf("score of label %d = %d, want %d", y, score[y], 2*want)
		}
	}
	emitTo(m, &score, []uint32{7 << 28})
	for y, want := range w.Rows[7] {
		if d := score[y] - want; d > 64 || d < -64 {
			t.Errorf("score of label %d = %d, want about %d", y, score[y], want)
		}
	}
	if m.trans[2][1][2] != -300 {
		t.Errorf("transition = %d, want -300", m.trans[2][1][2])
	}
	if got, want := m.Confidence(schemas.Person, 3*MarginUnit+1), 3000.0/65535; got != want {
		t.Errorf("Confidence = %v, want %v", got, want)
	}
	if _, err := ReadModel(string(w.Pack()[1:])); err == nil {
		t.Error("ReadModel of a cut file: no error")
	}
}

// wideModel returns a model with rows of all shifts, and what it is packed from.
func wideModel(t *testing.T, rng *rand.Rand) (*Model, *Weights) {
	w := &Weights{Rows: make([][NumLabels]int32, 256)}
	for i := range w.Rows {
		if i%5 == 0 {
			continue // empty
		}
		shift := max(0, i%18-4) // up to 13
		for y := range w.Rows[i] {
			w.Rows[i][y] = int32(rng.IntN(255)-127) << shift
		}
		w.Rows[i][i%NumLabels] = -127 << shift
	}
	m, err := ReadModel(string(w.Pack()))
	if err != nil {
		t.Fatal(err)
	}
	return m, w
}

// TestEmit adds up many rows of all shifts and compares with what was packed.
func TestEmit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	m, w := wideModel(t, rng)
	for n := range 300 {
		var want, got [NumLabels]int32
		var features []uint32
		for range n {
			f := rng.Uint32()
			features = append(features, f)
			for y, v := range w.Rows[f>>24] {
				want[y] += v
			}
		}
		if emitTo(m, &got, features); got != want {
			t.Fatalf("scores of %d features = %v, want %v", n, got, want)
		}
	}
}

// emitTo sets score to the sums of the weights of features.
func emitTo(m *Model, score *[NumLabels]int32, features []uint32) {
	*score = [NumLabels]int32{}
	var l lanes
	m.emit(&l, score, features)
	l.spill(score)
}

// TestLattice checks best path and margin against trying every path.
func TestLattice(t *testing.T) {
	m := &Model{}
	seed := uint32(7)
	next := func() int32 {
		seed = linear.Mix(9, seed)
		return int32(seed % 200)
	}
	for c := range m.trans {
		for p := range m.trans[c] {
			for y := range m.trans[c][p] {
				m.trans[c][p][y] = next() - 100
			}
		}
	}
	const n = 4
	for range 20 {
		var l lattice
		l.reset(n)
		for i := range l.emits {
			l.emits[i] = next()
		}
		for i := range l.class {
			l.class[i] = uint8(next() % numClasses)
		}
		got := l.best(m, nil)
		var path, best [n]uint8
		total := int32(-1 << 30)
		var scores []int32
		var paths [][n]uint8
		var walk func(i int, prev uint8, sum int32)
		walk = func(i int, prev uint8, sum int32) {
			if i == n {
				scores, paths = append(scores, sum), append(paths, path)
				if sum > total {
					total, best = sum, path
				}
				return
			}
			for y := range uint8(NumLabels) {
				if follows(prev, y) {
					path[i] = y
					walk(i+1, y, sum+m.trans[l.class[i]][prev][y]+l.scores(i)[y])
				}
			}
		}
		walk(0, Outside, 0)
		if [n]uint8(got) != best {
			t.Fatalf("best = %v, want %v", got, best)
		}
		l.backward(m)
		for i := 0; i < n; i++ {
			if got[i]&1 == 0 {
				continue
			}
			j := i + 1
			for j < n && got[j] == Inside(got[i]) {
				j++
			}
			other := int32(-1 << 30)
			for k, p := range paths {
				same := j == n || p[j] != Inside(got[i])
				for d := i; d < j; d++ {
					same = same && p[d] == got[d]
				}
				if !same {
					other = max(other, scores[k])
				}
			}
			if margin := l.margin(got, i, j); margin != total-other {
				t.Errorf("margin of [%d, %d) of %v = %d, want %d", i, j, got, margin, total-other)
			}
		}
	}
}

func TestLists(t *testing.T) {
	h := func(s string) uint32 { return linear.Hash(s) }
	file, err := PackLists([][]uint32{{h("paris")}, {h("red"), h("cross")}, {h("red")}}, []Kind{City, Org, Last}, 4)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ReadLists(string(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		hash uint32
		want Kind
	}{{h("paris"), City}, {h("red"), Last | prefix}, {linear.Join(h("red"), h("cross")), Org}, {h("cross"), 0}} {
		if got := l.lookup(tt.hash); got != tt.want {
			t.Errorf("lookup(%x) = %x, want %x", tt.hash, got, tt.want)
		}
	}
	if _, err := PackLists(make([][]uint32, 0), nil, 4); err != nil {
		t.Errorf("PackLists of nothing: %v", err)
	}
}
