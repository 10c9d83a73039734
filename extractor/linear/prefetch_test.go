package linear

import "testing"

func TestPrefetch(t *testing.T) {
	table := []uint32{1, 2, 3, 4}
	for _, offsets := range [][]uint32{nil, {0}, {3, 0, 3}, {1 << 31, 1<<32 - 1, 0}} { // far outside, too: nothing is read
		Prefetch(table, offsets, 2)
		Prefetch(table, offsets, 0)
		Prefetch[byte](nil, offsets, 31)
	}
	if table[0] != 1 || table[3] != 4 {
		t.Errorf("the table is now %v", table)
	}
}

func BenchmarkPrefetch(b *testing.B) {
	table, offsets := make([]uint32, 1<<12), make([]uint32, 128)
	for i := range offsets {
		offsets[i] = uint32(i * 32)
	}
	for b.Loop() {
		Prefetch(table, offsets, 2)
	}
}
