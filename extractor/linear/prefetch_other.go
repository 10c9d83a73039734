//go:build !amd64 && !arm64

package linear

// Prefetch does nothing: on this processor a look-up waits for memory.
func Prefetch[T any]([]T, []uint32, uint) {}

// PrefetchText does nothing.
func PrefetchText(string, []uint32, uint) {}
