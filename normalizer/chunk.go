package normalizer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/klauspost/compress/s2"

	"github.com/claimwire/claimwire/schemas"
)

// A row of the outbox is a chunk: changes of one transaction in a row, each a frame
// of its position, counted from the first of the chunk, its length and its JSON, all
// of them compressed together. The changes of an article repeat each other, series and
// citations, so a chunk takes a tenth of what rows of their own would, and one insert.

// maxChunk is the size in bytes, before compression, from which a chunk takes no more.
const maxChunk = 1 << 20

// A crate fills the chunks of one transaction.
type crate struct {
	raw    []byte
	frames []frame
	packed []byte
}

// A frame is one change of a chunk.
type frame struct {
	position   int64
	head       schemas.ChangeHead
	change     *schemas.Change // nil if nobody asks for it
	start, end int             // of its JSON in the chunk
}

// add puts a change in, whose JSON encode appends; change may be nil.
func (c *crate) add(position int64, head schemas.ChangeHead, change *schemas.Change, encode func([]byte) []byte) {
	first := position
	if len(c.frames) > 0 {
		first = c.frames[0].position
	}
	c.raw = binary.AppendUvarint(c.raw, uint64(position-first))
	c.raw = append(c.raw, 0, 0, 0, 0)
	start := len(c.raw)
	c.raw = encode(c.raw)
	binary.LittleEndian.PutUint32(c.raw[start-4:], uint32(len(c.raw)-start))
	c.frames = append(c.frames, frame{position, head, change, start, len(c.raw)})
}

// pack returns the chunk as it is stored, valid until the next call.
func (c *crate) pack() []byte {
	c.packed = s2.Encode(c.packed[:cap(c.packed)], c.raw)
	return c.packed
}

// unload returns the changes as they wait in memory, and leaves the crate empty with
// a buffer for the next ones.
func (c *crate) unload(buf []byte) []Outgoing {
	b := &block{c.raw, len(c.frames)}
	out := make([]Outgoing, len(c.frames))
	for i, f := range c.frames {
		out[i] = Outgoing{Position: f.position, Head: f.head, JSON: c.raw[f.start:f.end:f.end], Change: f.change, block: b}
	}
	c.raw = buf
	c.reset()
	return out
}

// reset empties the crate.
func (c *crate) reset() {
	clear(c.frames)
	c.frames, c.raw = c.frames[:0], c.raw[:0]
}

// A block is the memory of a chunk.
type block struct {
	buf  []byte
	left int // changes in it that are not sent
}

// openChunk gives the positions and the JSON of the changes in a stored chunk to fn.
func openChunk(first int64, packed []byte, fn func(position int64, body []byte) error) error {
	raw, err := s2.Decode(nil, packed)
	if err != nil {
		return fmt.Errorf("chunk %d: %w", first, err)
	}
	for len(raw) > 0 {
		offset, n := binary.Uvarint(raw)
		if n <= 0 || offset > 1<<40 || len(raw) < n+4 {
			return fmt.Errorf("chunk %d: %w", first, errCutChunk)
		}
		size := uint64(binary.LittleEndian.Uint32(raw[n:]))
		if raw = raw[n+4:]; uint64(len(raw)) < size {
			return fmt.Errorf("chunk %d: %w", first, errCutChunk)
		}
		body := raw[:size:size]
		raw = raw[size:]
		if err := fn(first+int64(offset), body); err != nil {
			return fmt.Errorf("chunk %d: %w", first, err)
		}
	}
	return nil
}

var errCutChunk = errors.New("cut off in the middle of a change")

// appendChange appends a change as JSON, with its series, which is JSON already; nil for
// none.
func appendChange(b []byte, c *schemas.Change, series []byte) []byte {
	const hole = `null,"more":` // cannot stand inside a JSON string
	whole := c.Series
	c.Series = nil
	b = c.AppendJSON(b)
	c.Series = whole
	if series == nil {
		return b
	}
	i := bytes.LastIndex(b, []byte(hole))
	tail := string(b[i+len("null"):])
	return append(append(b[:i], series...), tail...)
}
