package linear

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"sync"
)

// A Quad is the clusters of a word at four granularities, from about 3000
// clusters down to 24; each counts from 1, and 0 means that the word is in none.
type Quad [4]uint16

// Clusters maps words to their clusters. It is read in place from its file:
//
//	"CWCL", then little-endian: uint32 slot bits, uint32 number of quads,
//	the quads, and 2^bits slots of uint16 tag and uint16 number of the quad + 1
//
// A word stands in the first slot with its tag from the one that the top bits of
// its hash name, before any free one.
type Clusters struct {
	slots string
	shift uint
	quads []Quad
}

//go:embed data/clusters.bin.zst
var packedClusters string

// DefaultClusters returns the embedded clusters; see data/SOURCES.md.
var DefaultClusters = sync.OnceValues(func() (*Clusters, error) { return ReadClusters(UnpackEmbedded(packedClusters)) })

const clusterHeader = 12

// ReadClusters reads a cluster file.
func ReadClusters(file string) (*Clusters, error) {
	if len(file) < clusterHeader || file[:4] != "CWCL" {
		return nil, fmt.Errorf("clusters: no cluster file")
	}
	bits, n := u32(file, 4), int(u32(file, 8))
	if bits > 24 || n > 1<<16 || len(file) != clusterHeader+n*8+4<<bits {
		return nil, fmt.Errorf("clusters: %d bytes, not those of %d clusters and 2^%d words", len(file), n, bits)
	}
	c := &Clusters{shift: 32 - uint(bits), quads: make([]Quad, n+1)}
	for i := range n {
		for k := range 4 {
			c.quads[i+1][k] = u16(file, clusterHeader+i*8+k*2)
		}
	}
	c.slots = file[clusterHeader+n*8:]
	return c, nil
}

// Lookup returns the clusters of the word with this hash of its lower case.
func (c *Clusters) Lookup(lower uint32) Quad {
	mask := uint32(len(c.slots)/4 - 1)
	h := Mix(1, lower)
	tag := uint16(h)
	for at := h >> c.shift; ; at++ {
		i := int(at&mask) * 4
		q := u16(c.slots, i+2)
		if q == 0 {
			return Quad{}
		}
		if u16(c.slots, i) == tag && int(q) < len(c.quads) {
			return c.quads[q]
		}
	}
}

// PackClusters returns the cluster file for words (lower case, the first of
// equals wins) and their clusters counted from 0, in 2^bits slots.
func PackClusters(words []string, clusters []Quad, bits uint) ([]byte, error) {
	if len(words)*10 > 9<<bits {
		return nil, fmt.Errorf("clusters: %d words are too many for 2^%d slots", len(words), bits)
	}
	slots := make([]byte, 4<<bits)
	index := map[Quad]int{}
	out := []byte("CWCL")
	out = binary.LittleEndian.AppendUint32(out, uint32(bits))
	out = binary.LittleEndian.AppendUint32(out, 0)
	for i, w := range words {
		q := clusters[i]
		id, ok := index[q]
		if !ok {
			id = len(index) + 1
			index[q] = id
			for _, c := range q {
				out = binary.LittleEndian.AppendUint16(out, c+1)
			}
		}
		if id > 1<<16-1 {
			return nil, fmt.Errorf("clusters: over %d different clusters", 1<<16-1)
		}
		h := Mix(1, Hash(w))
		for at := h >> (32 - bits); ; at++ {
			s := slots[int(at&(1<<bits-1))*4:]
			if binary.LittleEndian.Uint16(s[2:]) == 0 {
				binary.LittleEndian.PutUint16(s, uint16(h))
				binary.LittleEndian.PutUint16(s[2:], uint16(id))
				break
			}
			if binary.LittleEndian.Uint16(s) == uint16(h) {
				break
			}
		}
	}
	binary.LittleEndian.PutUint32(out[8:], uint32(len(index)))
	return append(out, slots...), nil
}

func u16(s string, i int) uint16 { return uint16(s[i]) | uint16(s[i+1])<<8 }

func u32(s string, i int) uint32 { return uint32(u16(s, i)) | uint32(u16(s, i+2))<<16 }
