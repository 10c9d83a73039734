package linear

import "unsafe"

// largePage is the size of the large pages of most processors.
const largePage = 2 << 20

// An Arena is memory for tables in which a model looks here and there. It is in large
// pages if the system has them: the processor knows where only so many pages
// are, and looks them up for most look-ups in a table of small ones.
type Arena struct{ free []byte }

const arenaAlign = 64 // a line of the cache

// NewArena returns an arena for tables of so many bytes, as by [TableSize].
func NewArena(size int) *Arena {
	whole := (size + largePage/2) / largePage * largePage // the last page is not worth it if it is mostly empty
	if whole == 0 {
		return &Arena{make([]byte, size+arenaAlign)}
	}
	memory := make([]byte, max(size, whole)+largePage)
	memory = memory[-uintptr(unsafe.Pointer(unsafe.SliceData(memory)))%largePage:]
	enlarge(memory[:whole])
	return &Arena{memory}
}

// TableSize returns the bytes that a table of n elements takes of an arena.
func TableSize[T any](n int) int {
	var element T
	return (n*int(unsafe.Sizeof(element)) + arenaAlign - 1) / arenaAlign * arenaAlign
}

// NewTable returns a table of n elements, zeros, in the memory of a. T must have no pointers: the
// garbage collector does not see them.
func NewTable[T any](a *Arena, n int) []T {
	if n == 0 {
		return nil
	}
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(a.free))) % arenaAlign
	table := a.free[skip:]
	size := TableSize[T](n)
	a.free = table[size:]
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(table[:size]))), n)
}

// MoveTable copies a table to the memory of a.
func MoveTable[T any](a *Arena, table []T) []T {
	moved := NewTable[T](a, len(table))
	copy(moved, table)
	return moved
}
