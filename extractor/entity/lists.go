package entity

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/claimwire/claimwire/extractor"
	"github.com/claimwire/claimwire/extractor/linear"
)

// Kind is a set of the lists that a word or phrase stands in.
type Kind uint16

// Lists. See data/SOURCES.md.
const (
	First    Kind = 1 << iota // first names
	Last                      // surnames
	Person                    // full names of people
	Org                       // organisations, armed groups, parties
	City                      // cities and towns
	Country                   // countries, capitals, regions
	Norp                      // demonyms, religions, peoples
	Role                      // titles and occupations
	Company                   // companies and media
	lastKind = Company
	prefix   = Kind(1 << 15) // longer phrases begin so
)

// maxPhrase is the most words a listed phrase has.
const maxPhrase = 7

// Lists are the listed phrases by hash, read in place from their file:
//
//	"CWLS", uint32 slot bits, 2^bits slots of uint16 tag and uint16 Kind
//
// A phrase stands in the first slot with its tag from the one that the top bits
// of its hash name, before any free one.
type Lists struct {
	slots string
	shift uint
	more  map[uint32]Kind // phrases on top of the file, by hash; nil for none
}

//go:embed data/lists.bin.zst
var packedLists string

var listsFile = sync.OnceValue(func() string { return linear.UnpackEmbedded(packedLists) })

// DefaultLists returns the embedded lists.
var DefaultLists = sync.OnceValues(func() (*Lists, error) { return ReadLists(listsFile()) })

// ReadLists reads a file of lists.
func ReadLists(file string) (*Lists, error) {
	if len(file) < 8 || file[:4] != "CWLS" {
		return nil, fmt.Errorf("lists: no file of lists")
	}
	bits := binary.LittleEndian.Uint32([]byte(file[4:8]))
	if bits < 1 || bits > 24 || len(file) != 8+4<<bits {
		return nil, fmt.Errorf("lists: %d bytes, not those of 2^%d slots", len(file), bits)
	}
	return &Lists{slots: file[8:], shift: uint(32 - bits)}, nil
}

// with returns l with more phrases, each a list of the hashes of its words in
// lower case.
func (l *Lists) with(phrases [][]uint32, kinds []Kind) *Lists {
	w := &Lists{slots: l.slots, shift: l.shift, more: map[uint32]Kind{}}
	for i, words := range phrases {
		if len(words) == 0 || len(words) > maxPhrase || kinds[i] == 0 {
			continue
		}
		h := words[0]
		for _, next := range words[1:] {
			w.more[h] |= prefix
			h = linear.Join(h, next)
		}
		w.more[h] |= kinds[i]
	}
	return w
}

// lookup returns the lists of the phrase with hash h.
func (l *Lists) lookup(h uint32) Kind {
	if l.more != nil {
		return l.listed(h) | l.more[h]
	}
	return l.listed(h)
}

// Find returns the lists of a phrase of these words in lower case.
func (l *Lists) Find(words ...string) Kind {
	var h uint32
	for i, w := range words {
		if i == 0 {
			h = linear.Hash(w)
			continue
		}
		h = linear.Join(h, linear.Hash(w))
	}
	return l.lookup(h) &^ prefix
}

func (l *Lists) listed(h uint32) Kind {
	h = linear.Mix(3, h)
	tag := uint16(h)
	mask := uint32(len(l.slots)/4 - 1)
	for at := h >> l.shift; ; at++ {
		i := int(at&mask) * 4
		k := Kind(l.slots[i+2]) | Kind(l.slots[i+3])<<8
		if k == 0 || uint16(l.slots[i])|uint16(l.slots[i+1])<<8 == tag {
			return k
		}
	}
}

// mark sets single, multi and place of the tokens of the sentence r: each word
// alone, and the longest phrase from the left.
func (l *Lists) mark(p *Page, r extractor.Range) {
	for i := r.From; i < r.To; i++ { // look-ups that do not depend on each other wait for memory together
		if w := &p.words[i]; !w.Marks {
			p.single[i] = l.lookup(w.Lower)
		}
	}
	for i := r.From; i < r.To; i++ {
		h, k := p.words[i].Lower, p.single[i]
		p.single[i] = k &^ prefix
		end, kind := i, Kind(0)
		for j := i + 1; k&prefix != 0 && j < r.To && j-i < maxPhrase; j++ {
			h = linear.Join(h, p.words[j].Lower)
			if k = l.lookup(h); k&^prefix != 0 {
				end, kind = j, k&^prefix
			}
		}
		if end == i || p.places[i] != 0 {
			continue
		}
		for j := i; j <= end; j++ {
			p.multi[j], p.places[j] = kind, placeInner
		}
		p.places[i], p.places[end] = placeFirst, placeLast
	}
}

// PackLists returns the file of the given phrases, each a list of the hashes of
// its words in lower case, in 2^bits slots.
func PackLists(phrases [][]uint32, kinds []Kind, bits uint) ([]byte, error) {
	slots := make([]byte, 4<<bits)
	used := 0
	put := func(h uint32, k Kind) {
		h = linear.Mix(3, h)
		for at := h >> (32 - bits); ; at++ {
			s := slots[int(at&(1<<bits-1))*4:]
			old := binary.LittleEndian.Uint16(s[2:])
			if old == 0 {
				used++
				binary.LittleEndian.PutUint16(s, uint16(h))
			} else if binary.LittleEndian.Uint16(s) != uint16(h) {
				continue
			}
			binary.LittleEndian.PutUint16(s[2:], old|uint16(k))
			return
		}
	}
	for i, words := range phrases {
		if len(words) == 0 || len(words) > maxPhrase {
			continue
		}
		h := words[0]
		for _, w := range words[1:] {
			put(h, prefix)
			h = linear.Join(h, w)
		}
		put(h, kinds[i])
		if used*10 > 8<<bits {
			return nil, fmt.Errorf("lists: too many phrases for 2^%d slots", bits)
		}
	}
	return append(binary.LittleEndian.AppendUint32([]byte("CWLS"), uint32(bits)), slots...), nil
}
