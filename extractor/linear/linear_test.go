package linear

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestNewWord(t *testing.T) {
	c, err := DefaultClusters()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		in     string
		caps   Caps
		digits bool
		marks  bool
	}{
		{"Cairo", Initial, false, false},
		{"UN", AllCaps, false, false},
		{"A", AllCaps, false, false},
		{"iPhone", MixedCaps, false, false},
		{"McCain", MixedCaps, false, false},
		{"dog", NoCaps, false, false},
		{"1970s", NoCaps, true, false},
		{"--", NoCaps, false, true},
		{"Ürümqi", Initial, false, false},
		{"", NoCaps, false, true},
	} {
		w := NewWord(c, tt.in)
		if w.Caps != tt.caps || w.Digits != tt.digits || w.Marks != tt.marks {
			t.Errorf("NewWord(%q): caps %d, digits %t, marks %t, want %d, %t, %t", tt.in, w.Caps, w.Digits, w.Marks, tt.caps, tt.digits, tt.marks)
		}
	}
	a, b := NewWord(c, "Cairo"), NewWord(c, "CAIRO")
	if a.Lower != b.Lower || a.Suffix != b.Suffix || a.Form == b.Form || a.Quad == (Quad{}) || a.Quad != b.Quad {
		t.Errorf("Cairo %+v and CAIRO %+v: case matters where it must not, or the reverse", a, b)
	}
	if x, y := NewWord(c, "1998"), NewWord(c, "2005"); x.Norm != y.Norm || x.Lower == y.Lower {
		t.Errorf("1998 and 2005: Norm %x, %x, Lower %x, %x", x.Norm, y.Norm, x.Lower, y.Lower)
	}
}

func TestClusters(t *testing.T) {
	words := []string{"one", "two", "three", "four", "five", "one"}
	quads := []Quad{{1, 2, 3, 4}, {5, 6, 7, 8}, {1, 2, 3, 4}, {0, 0, 0, 0}, {9, 9, 9, 9}, {7, 7, 7, 7}}
	file, err := PackClusters(words, quads, 4)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ReadClusters(string(file))
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range words[:5] {
		want := quads[i]
		for k := range want {
			want[k]++
		}
		if got := c.Lookup(Hash(w)); got != want {
			t.Errorf("Lookup(%q) = %v, want %v", w, got, want)
		}
	}
	if got := c.Lookup(Hash("six")); got != (Quad{}) {
		t.Errorf("Lookup(six) = %v, want none", got)
	}
	if _, err := ReadClusters(string(file[:len(file)-1])); err == nil {
		t.Error("ReadClusters of a cut file: no error")
	}
	if _, err := PackClusters(make([]string, 100), make([]Quad, 100), 4); err == nil {
		t.Error("PackClusters of 100 words in 16 slots: no error")
	}
}

func TestSparse(t *testing.T) {
	rows := make([]map[uint8]int8, 64)
	rows[3] = map[uint8]int8{0: 5, 7: -128}
	rows[20] = map[uint8]int8{7: 2}
	rows[63] = map[uint8]int8{1: 1}
	file := string(PackSparse(rows))
	s, err := ReadSparse(file, 8)
	if err != nil {
		t.Fatal(err)
	}
	var score [256]int32
	s.Add(&score, []uint32{3 << 26, 20 << 26, 20 << 26, 63 << 26, 4 << 26})
	want := []int32{5, 1, 0, 0, 0, 0, 0, -124}
	for i := range want {
		if score[i] != want[i] {
			t.Errorf("scores = %v, want %v", score[:8], want)
			break
		}
	}
	if _, err := ReadSparse(file, 7); err == nil {
		t.Error("ReadSparse with a label too many: no error")
	}
	if _, err := ReadSparse(file[:len(file)-1], 8); err == nil {
		t.Error("ReadSparse of a cut file: no error")
	}
}

// TestSparseSums adds up rows of all sizes and compares with what was packed.
func TestSparseSums(t *testing.T) {
	const labels = 90
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([]map[uint8]int8, 256)
	for i := range rows {
		rows[i] = map[uint8]int8{}
		for range i % 3 * rng.IntN(40) {
			rows[i][uint8(rng.IntN(labels))] = int8(rng.IntN(256) - 128)
		}
	}
	for label := range uint8(labels) { // sums that 16 bits do not hold
		rows[7][label], rows[8][label] = -128, 127
	}
	s, err := ReadSparse(string(PackSparse(rows)), labels)
	if err != nil {
		t.Fatal(err)
	}
	sums := func(features []uint32) (want [256]int32) {
		for _, f := range features {
			for label, w := range rows[f>>24] {
				want[label] += int32(w)
			}
		}
		return want
	}
	var sevens, eights [400]uint32
	for i := range sevens {
		sevens[i], eights[i] = 7<<24, 8<<24
	}
	tests := [][]uint32{nil, {255 << 24}, sevens[:], eights[:]}
	for range 100 {
		var features []uint32
		for range rng.IntN(150) {
			features = append(features, rng.Uint32())
		}
		tests = append(tests, features)
	}
	for _, features := range tests {
		got, want := [256]int32{}, sums(features)
		s.Add(&got, features)
		if [labels]int32(got[:]) != [labels]int32(want[:]) {
			t.Fatalf("scores of %x = %v, want %v", features, got[:labels], want[:labels])
		}
	}
}

func FuzzReadSparse(f *testing.F) {
	const labels = 20
	rng := rand.New(rand.NewPCG(3, 4))
	rows := make([]map[uint8]int8, 64)
	for i := range rows {
		rows[i] = map[uint8]int8{}
		for range rng.IntN(labels) {
			rows[i][uint8(rng.IntN(labels))] = int8(rng.IntN(256) - 128)
		}
	}
	file := PackSparse(rows)
	f.Add(len(file), 0, byte(0))
	f.Add(len(file), 4, byte(7))
	f.Add(len(file), len(file)-2, byte(labels))
	f.Add(len(file)-1, 30, byte(255))
	f.Fuzz(func(t *testing.T, size, at int, b byte) {
		damaged := slices.Clone(file)[:min(max(0, size), len(file))]
		if at >= 0 && at < len(damaged) {
			damaged[at] = b
		}
		s, err := ReadSparse(string(damaged), labels)
		if err != nil {
			return
		}
		var score [256]int32
		var features []uint32
		for i := range uint32(200) {
			features = append(features, i*0x9E3779B1)
		}
		s.Add(&score, features)
		for label := labels; label < len(score); label++ {
			if score[label] != 0 {
				t.Fatalf("weight for label %d of %d", label, labels)
			}
		}
	})
}

func FuzzNewWord(f *testing.F) {
	for _, s := range []string{"", "Cairo", "\xff", "日本", "e\u0301", "İstanbul", "ẞ", "\x00"} {
		f.Add(s)
	}
	c, err := DefaultClusters()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, b := NewWord(c, s), NewWord(c, s); a != b {
			t.Errorf("NewWord(%q) differs: %+v, %+v", s, a, b)
		}
	})
}
