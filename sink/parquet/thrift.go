package parquet

import "encoding/binary"

// Types of Thrift's compact protocol, in which Parquet keeps what describes a
// file: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
const (
	thriftTrue   = 1
	thriftI32    = 5
	thriftI64    = 6
	thriftBinary = 8
	thriftList   = 9
	thriftStruct = 12
)

// A thrift is a struct that is being written. Fields come in ascending order of
// their ids; a method for each type of field returns what follows it.
type thrift struct {
	b    []byte
	last int // id of the last field
}

func (t *thrift) field(id, typ int) {
	t.b = append(t.b, byte((id-t.last)<<4|typ)) // ids of Parquet are never 16 apart
	t.last = id
}

func (t *thrift) i32(id int, v int64) {
	t.field(id, thriftI32)
	t.b = binary.AppendVarint(t.b, v) // zigzag, as there
}

func (t *thrift) i64(id int, v int64) {
	t.field(id, thriftI64)
	t.b = binary.AppendVarint(t.b, v)
}

func (t *thrift) yes(id int) { t.field(id, thriftTrue) }

func (t *thrift) text(id int, s string) {
	t.field(id, thriftBinary)
	t.b = appendText(t.b, s)
}

// object writes a struct, whose fields are those that fill writes.
func (t *thrift) object(id int, fill func(*thrift)) {
	t.field(id, thriftStruct)
	t.b = appendObject(t.b, fill)
}

// list writes a list of n values of a type, each as appended by add.
func (t *thrift) list(id, typ, n int, add func(b []byte, i int) []byte) {
	t.field(id, thriftList)
	if n < 15 {
		t.b = append(t.b, byte(n<<4|typ))
	} else {
		t.b = binary.AppendUvarint(append(t.b, byte(0xF0|typ)), uint64(n))
	}
	for i := range n {
		t.b = add(t.b, i)
	}
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendObject(b []byte, fill func(*thrift)) []byte {
	t := thrift{b: b}
	fill(&t)
	return append(t.b, 0)
}
