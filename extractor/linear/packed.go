package linear

import (
	"fmt"
	"io"
	"strings"
	"unsafe"

	"github.com/klauspost/compress/zstd"
)

// Lists and weights are embedded as zstd frames, since they are a fifth of the
// program otherwise. They are unpacked when they are first used.

// maxUnpacked bounds what a frame may unpack to.
const maxUnpacked = 64 << 20

// Unpack returns what a zstd frame holds, which says its size.
func Unpack(frame string) (string, error) {
	var h zstd.Header
	if err := h.Decode([]byte(frame[:min(len(frame), zstd.HeaderMaxSize)])); err != nil {
		return "", fmt.Errorf("packed file: %w", err)
	}
	if !h.HasFCS || h.FrameContentSize > maxUnpacked {
		return "", fmt.Errorf("packed file: no size, or over %d bytes", maxUnpacked)
	}
	// Low memory and one goroutine: a few megabytes, once.
	r, err := zstd.NewReader(strings.NewReader(frame), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxUnpacked))
	if err != nil {
		return "", fmt.Errorf("packed file: %w", err)
	}
	defer r.Close()
	size := int(h.FrameContentSize)
	file := NewTable[byte](NewArena(TableSize[byte](size)), size)
	if _, err := io.ReadFull(r, file); err != nil {
		return "", fmt.Errorf("packed file: %w", err)
	}
	switch n, err := io.Copy(io.Discard, r); { // the end says that the sum is right
	case err != nil:
		return "", fmt.Errorf("packed file: %w", err)
	case n > 0:
		return "", fmt.Errorf("packed file: %d bytes more than it says", n)
	}
	return unsafe.String(unsafe.SliceData(file), size), nil // nobody else has it
}

// UnpackEmbedded is [Unpack] for a file that go:embed put into the program, and for
// nothing else: it gives the pages of frame back, which would destroy what is
// no part of the program's file. Such a file is whole unless the program was built
// wrong: then it panics.
func UnpackEmbedded(frame string) string {
	file, err := Unpack(frame)
	if err != nil {
		panic(err)
	}
	release(frame)
	return file
}

// Pack returns file as a zstd frame. The frame may differ between versions of the
// library that writes it, so hashes are those of file. Those embedded were packed
// again with "zstd --ultra -22 --no-check", which takes 300 KB off the program.
func Pack(file []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return w.EncodeAll(file, nil), w.Close()
}
