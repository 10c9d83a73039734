//go:build amd64 || arm64

package linear

import "unsafe"

// Prefetch asks the processor to bring those elements of table to its cache that stand at
// offsets, counted in units of 2^shift bytes. What looks them up after something else need not
// wait for memory. It does nothing else, whatever the offsets.
func Prefetch[T any](table []T, offsets []uint32, shift uint) {
	prefetch(unsafe.Pointer(unsafe.SliceData(table)), unsafe.SliceData(offsets), len(offsets), shift)
}

// PrefetchText is Prefetch of a text.
func PrefetchText(text string, offsets []uint32, shift uint) {
	prefetch(unsafe.Pointer(unsafe.StringData(text)), unsafe.SliceData(offsets), len(offsets), shift)
}

//go:noescape
func prefetch(base unsafe.Pointer, offsets *uint32, n int, shift uint)
