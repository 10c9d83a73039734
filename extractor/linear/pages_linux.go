package linear

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// release tells the system that the pages of an embedded text are not needed any
// more. They are those of the program's file, mapped for reading only: if somebody
// looks at them again they are read again. Else they would count as
// memory of the process to its end.
func release(embedded string) {
	size := uintptr(os.Getpagesize())
	start := uintptr(unsafe.Pointer(unsafe.StringData(embedded)))
	skip := (size - start%size) % size // pages that others share stay
	if uintptr(len(embedded)) < skip+size {
		return
	}
	n := (uintptr(len(embedded)) - skip) / size * size
	_ = unix.Madvise(unsafe.Slice(unsafe.StringData(embedded[skip:]), n), unix.MADV_DONTNEED) // no harm if not
}

// enlarge asks the system for large pages in the place of those of memory, which starts and
// ends with one and has not been touched.
func enlarge(memory []byte) { _ = unix.Madvise(memory, unix.MADV_HUGEPAGE) }
