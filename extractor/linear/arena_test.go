package linear

import (
	"slices"
	"testing"
	"unsafe"
)

func TestArena(t *testing.T) {
	for _, n := range []int{0, 1, 1000, largePage / 8, largePage/4 + 3, largePage} {
		words, bytes := make([]uint64, n), make([]byte, n)
		for i := range words {
			words[i], bytes[i] = uint64(i)*0x9E3779B97F4A7C15, byte(i*7)
		}
		a := NewArena(2*TableSize[uint64](n) + TableSize[byte](n))
		movedBytes, movedWords, zeros := MoveTable(a, bytes), MoveTable(a, words), NewTable[uint64](a, n)
		if !slices.Equal(movedBytes, bytes) || !slices.Equal(movedWords, words) {
			t.Errorf("%d elements: tables are not what they were", n)
		}
		if len(zeros) != n || slices.ContainsFunc(zeros, func(v uint64) bool { return v != 0 }) {
			t.Errorf("%d elements: a new table of %d is not of zeros", n, len(zeros))
		}
		if at := uintptr(unsafe.Pointer(unsafe.SliceData(movedWords))); at%arenaAlign != 0 {
			t.Errorf("%d elements: a table at %#x", n, at)
		}
	}
}
