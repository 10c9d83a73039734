package parquet

import (
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zstd"
)

// magic begins and ends a file.
const magic = "PAR1"

// zipped is the number of zstd among Parquet's codecs.
const zipped = 6

// A file is what has been written so far. After the first error it writes nothing.
type file struct {
	out    io.Writer
	at     int64 // offset in out
	err    error
	zip    *zstd.Encoder
	groups []group
	rows   int64
}

// A group is a row group that has been written.
type group struct {
	chunks []chunk
	rows   int64
}

// A chunk is a column of a row group that has been written.
type chunk struct {
	field
	values, nulls    int64
	raw, packed      int64 // bytes, with the headers of pages
	first            int64 // offset of its first page
	data, dictionary int64 // offsets; dictionary is 0 if there is none
	bounded          bool
	least, most      string
}

func newFile(out io.Writer) *file {
	f := &file{out: out}
	f.zip, f.err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) // the same bytes on any machine
	f.write([]byte(magic))
	return f
}

func (f *file) write(b []byte) {
	if f.err == nil {
		_, f.err = f.out.Write(b)
	}
	f.at += int64(len(b))
}

// group writes a row group of the values that columns have, and empties them.
func (f *file) group(columns []*column) {
	if f.err != nil || len(columns) == 0 || columns[0].rows == 0 {
		return
	}
	g := group{rows: int64(columns[0].rows)}
	for _, c := range columns {
		g.chunks = append(g.chunks, f.chunk(c))
		c.reset()
	}
	f.groups = append(f.groups, g)
	f.rows += g.rows
}

func (f *file) chunk(c *column) chunk {
	out := chunk{field: c.field, values: int64(c.rows), nulls: c.nulls, first: f.at, bounded: c.seen}
	if c.seen {
		out.least, out.most = c.stat(c.least), c.stat(c.most)
	}
	if len(c.entries) > 0 {
		out.dictionary = f.at
		f.page(&out, c.entry, 2, 7, func(t *thrift) {
			t.i32(1, int64(len(c.entries)))
			t.i32(2, plain)
		})
	}
	data, encoding := c.page()
	out.data = f.at
	f.page(&out, data, 0, 5, func(t *thrift) {
		t.i32(1, int64(c.rows))
		t.i32(2, encoding)
		t.i32(3, levels) // of nulls
		t.i32(4, levels) // of repetition: there is none
	})
	return out
}

// page writes a page of a kind; describe writes field id of its header.
func (f *file) page(of *chunk, data []byte, kind int64, id int, describe func(*thrift)) {
	var body []byte
	if f.err == nil {
		body = f.zip.EncodeAll(data, nil)
	}
	head := appendObject(nil, func(t *thrift) {
		t.i32(1, kind)
		t.i32(2, int64(len(data)))
		t.i32(3, int64(len(body)))
		t.object(id, describe)
	})
	f.write(head)
	f.write(body)
	of.raw += int64(len(head) + len(data))
	of.packed += int64(len(head) + len(body))
}

// end writes what describes the file.
func (f *file) end(fields []field) error {
	foot := appendObject(nil, func(t *thrift) {
		t.i32(1, 2) // version
		t.list(2, thriftStruct, len(fields)+1, func(b []byte, i int) []byte {
			if i == 0 {
				return appendObject(b, func(t *thrift) { t.text(4, "citation"); t.i32(5, int64(len(fields))) })
			}
			return appendObject(b, fields[i-1].describe)
		})
		t.i64(3, f.rows)
		t.list(4, thriftStruct, len(f.groups), func(b []byte, i int) []byte { return appendObject(b, f.groups[i].describe) })
		t.text(6, "claimwire version 1")
		t.list(7, thriftStruct, len(fields), func(b []byte, _ int) []byte { // bounds sort as their types do
			return appendObject(b, func(t *thrift) { t.object(1, func(*thrift) {}) })
		})
	})
	f.write(foot)
	f.write(binary.LittleEndian.AppendUint32(nil, uint32(len(foot))))
	f.write([]byte(magic))
	return f.err
}

// describe writes a SchemaElement.
func (c field) describe(t *thrift) {
	t.i32(1, physical[c.kind])
	repetition := int64(0)
	if c.optional {
		repetition = 1
	}
	t.i32(3, repetition)
	t.text(4, c.name)
	switch c.kind {
	case text:
		t.i32(6, 0) // UTF8, for old readers
		t.object(10, func(t *thrift) { t.object(1, func(*thrift) {}) })
	case moment:
		t.i32(6, 9) // TIMESTAMP_MILLIS
		t.object(10, func(t *thrift) {
			t.object(8, func(t *thrift) {
				t.yes(1) // UTC
				t.object(2, func(t *thrift) { t.object(1, func(*thrift) {}) })
			})
		})
	}
}

// describe writes a RowGroup.
func (g group) describe(t *thrift) {
	var raw, packed int64
	for _, c := range g.chunks {
		raw += c.raw
		packed += c.packed
	}
	t.list(1, thriftStruct, len(g.chunks), func(b []byte, i int) []byte {
		return appendObject(b, func(t *thrift) {
			t.i64(2, 0) // no copy of what follows stands elsewhere
			t.object(3, g.chunks[i].describe)
		})
	})
	t.i64(2, raw)
	t.i64(3, g.rows)
	t.i64(5, g.chunks[0].first)
	t.i64(6, packed)
}

// describe writes a ColumnMetaData.
func (c chunk) describe(t *thrift) {
	encodings := []int64{plain, levels}
	if c.dictionary > 0 {
		encodings = append(encodings, fromDictionary)
	}
	t.i32(1, physical[c.kind])
	t.list(2, thriftI32, len(encodings), func(b []byte, i int) []byte { return binary.AppendVarint(b, encodings[i]) })
	t.list(3, thriftBinary, 1, func(b []byte, _ int) []byte { return appendText(b, c.name) })
	t.i32(4, zipped)
	t.i64(5, c.values)
	t.i64(6, c.raw)
	t.i64(7, c.packed)
	t.i64(9, c.data)
	if c.dictionary > 0 {
		t.i64(11, c.dictionary)
	}
	t.object(12, func(t *thrift) {
		t.i64(3, c.nulls)
		if c.bounded {
			t.text(5, c.most)
			t.text(6, c.least)
		}
	})
}
