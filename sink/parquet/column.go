package parquet

import (
	"encoding/binary"
	"math"
	"math/bits"
	"time"
)

// A kind is a type of column.
type kind int

const (
	text   kind = iota // UTF-8
	double             // IEEE 754, 64 bits
	whole              // 32 bits with sign
	moment             // UTC, in milliseconds
)

// physical is the type that Parquet stores a kind as.
var physical = map[kind]int64{text: 6, double: 5, whole: 1, moment: 2} // BYTE_ARRAY, DOUBLE, INT32, INT64

// Encodings of pages.
const (
	plain          = 0
	levels         = 3 // RLE
	fromDictionary = 8 // RLE_DICTIONARY
)

// A column collects the values of a row group.
type column struct {
	field
	rows    int
	present []uint32 // 1 for a value, 0 for null; only if optional
	values  []byte   // PLAIN, without a dictionary
	indexes []uint32 // with a dictionary
	entries map[string]uint32
	entry   []byte // PLAIN, the dictionary
	nulls   int64
	// Least and greatest value in their PLAIN form, without the length of a text;
	// readers skip row groups by them. Figures have none: zeros have signs.
	least, most string
	seen        bool
}

func (c *column) reset() {
	f, present, values, indexes, entry := c.field, c.present[:0], c.values[:0], c.indexes[:0], c.entry[:0]
	*c = column{field: f, present: present, values: values, indexes: indexes, entry: entry, entries: map[string]uint32{}}
}

// size is how many bytes are waiting.
func (c *column) size() int { return len(c.values) + len(c.entry) + 4*len(c.indexes) }

// add appends the value of a row.
func (c *column) add(r *row) {
	c.rows++
	switch v := c.of(r).(type) {
	case string:
		c.addText(v)
	case *string:
		if c.has(v != nil) {
			c.addText(*v)
		}
	case *float64:
		if c.has(v != nil) {
			c.values = binary.LittleEndian.AppendUint64(c.values, math.Float64bits(*v))
		}
	case int32:
		c.bound(int64(v))
		c.values = binary.LittleEndian.AppendUint32(c.values, uint32(v))
	case *time.Time:
		if c.has(v != nil) {
			c.bound(v.UnixMilli())
			c.values = binary.LittleEndian.AppendUint64(c.values, uint64(v.UnixMilli()))
		}
	}
}

// has notes whether a row has a value.
func (c *column) has(yes bool) bool {
	if yes {
		c.present = append(c.present, 1)
	} else {
		c.present = append(c.present, 0)
		c.nulls++
	}
	return yes
}

// bound keeps the least and the greatest number, as 8 bytes that sort like it.
func (c *column) bound(v int64) {
	b := binary.BigEndian.AppendUint64(nil, uint64(v)^1<<63)
	c.boundText(string(b))
}

func (c *column) boundText(s string) {
	if !c.seen || s < c.least {
		c.least = s
	}
	if !c.seen || s > c.most {
		c.most = s
	}
	c.seen = true
}

// stat is a bound as a reader wants it.
func (c *column) stat(s string) string {
	if c.kind == text {
		return s
	}
	v := binary.BigEndian.Uint64([]byte(s)) ^ 1<<63
	b := binary.LittleEndian.AppendUint64(nil, v)
	if c.kind == whole {
		b = b[:4]
	}
	return string(b)
}

func (c *column) addText(s string) {
	if !c.dictionary {
		c.values = appendPlain(c.values, s)
		return
	}
	n, ok := c.entries[s]
	if !ok {
		n = uint32(len(c.entries))
		c.entries[s] = n
		c.entry = appendPlain(c.entry, s)
		c.boundText(s)
	}
	c.indexes = append(c.indexes, n)
}

func appendPlain(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

// page returns the values as a page has them, before it is compressed, and their
// encoding.
func (c *column) page() ([]byte, int64) {
	var b []byte
	if c.optional {
		runs := appendRuns(nil, c.present, 1)
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(runs))), runs...)
	}
	if len(c.entries) == 0 {
		return append(b, c.values...), plain
	}
	width := max(1, bits.Len(uint(len(c.entries)-1)))
	return appendRuns(append(b, byte(width)), c.indexes, width), fromDictionary
}

// appendRuns appends values of width bits in Parquet's hybrid of runs of one value
// and of packed bits: https://parquet.apache.org/docs/file-format/data-pages/encodings/
func appendRuns(b []byte, values []uint32, width int) []byte {
	for len(values) > 0 {
		if n := same(values); n >= 8 {
			b = binary.AppendUvarint(b, uint64(n)<<1)
			for w := 0; w < width; w += 8 {
				b = append(b, byte(values[0]>>w))
			}
			values = values[n:]
			continue
		}
		n := 8 // up to where a long run begins, in whole groups of eight
		for n < len(values) && same(values[n:]) < 8 {
			n += 8
		}
		packed := values[:min(n, len(values))]
		b = binary.AppendUvarint(b, uint64(n/8)<<1|1)
		b = appendPacked(b, packed, n, width)
		values = values[len(packed):]
	}
	return b
}

// same counts how many values are equal to the first.
func same(values []uint32) int {
	n := 1
	for n < len(values) && values[n] == values[0] {
		n++
	}
	return n
}

// appendPacked appends n values, lowest bits first; those that lack are 0.
func appendPacked(b []byte, values []uint32, n, width int) []byte {
	var word uint64
	have := 0
	for i := range n {
		if i < len(values) {
			word |= uint64(values[i]) << have
		}
		for have += width; have >= 8; have -= 8 {
			b = append(b, byte(word))
			word >>= 8
		}
	}
	return b
}
