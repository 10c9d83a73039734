package main

import (
	"bytes"
	"compress/gzip"
	varint "encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// parts tells by its function whose work a sample of a profile is: the first match
// from the innermost function outwards counts.
var parts = []struct{ prefix, part string }{
	{"github.com/claimwire/claimwire/fetcher", "fetcher"},
	{"github.com/claimwire/claimwire/extractor", "extractor"},
	{"github.com/claimwire/claimwire/normalizer", "normalizer"},
	{"github.com/claimwire/claimwire/sink", "sink"},
	{"github.com/claimwire/claimwire/cmd/internal/bus", "bus"}, // codecs and client
	{"github.com/nats-io/", "bus"},
	{"runtime.gcBgMarkWorker", "gc"},
	{"runtime.bgsweep", "gc"},
}

// otherPart is what no prefix matches: the runtime, mostly.
const otherPart = "other"

// byPart adds up the values of a profile, as runtime/pprof writes it: of its samples'
// values that with the given index.
func byPart(raw []byte, index int) (map[string]int64, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	p := profile{lines: map[uint64][]uint64{}, functions: map[uint64]uint64{}}
	if err := eachField(body, p.field); err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, s := range p.samples {
		if index < len(s.values) {
			out[p.part(s.locations)] += int64(s.values[index])
		}
	}
	return out, nil
}

// A profile is a message of profile.proto, as far as it is needed here.
type profile struct {
	samples   []profileSample
	lines     map[uint64][]uint64 // functions of a location, innermost first
	functions map[uint64]uint64   // index of a function's name
	names     []string
}

type profileSample struct{ locations, values []uint64 }

func (p *profile) field(number int, v uint64, data []byte) error {
	switch number {
	case 2:
		var s profileSample
		err := eachField(data, func(number int, v uint64, data []byte) error {
			switch number {
			case 1:
				s.locations = appendPacked(s.locations, v, data)
			case 2:
				s.values = appendPacked(s.values, v, data)
			}
			return nil
		})
		p.samples = append(p.samples, s)
		return err
	case 4:
		var id uint64
		var functions []uint64
		err := eachField(data, func(number int, v uint64, data []byte) error {
			switch number {
			case 1:
				id = v
			case 4:
				return eachField(data, func(number int, v uint64, _ []byte) error {
					if number == 1 {
						functions = append(functions, v)
					}
					return nil
				})
			}
			return nil
		})
		p.lines[id] = functions
		return err
	case 5:
		var id, name uint64
		err := eachField(data, func(number int, v uint64, _ []byte) error {
			switch number {
			case 1:
				id = v
			case 2:
				name = v
			}
			return nil
		})
		p.functions[id] = name
		return err
	case 6:
		p.names = append(p.names, string(data))
	}
	return nil
}

func (p *profile) part(locations []uint64) string {
	for _, l := range locations {
		for _, f := range p.lines[l] {
			at := p.functions[f]
			if at >= uint64(len(p.names)) {
				continue
			}
			for _, known := range parts {
				if strings.HasPrefix(p.names[at], known.prefix) {
					return known.part
				}
			}
		}
	}
	return otherPart
}

// appendPacked appends a repeated number, packed or not.
func appendPacked(list []uint64, v uint64, data []byte) []uint64 {
	if data == nil {
		return append(list, v)
	}
	for len(data) > 0 {
		v, n := varint.Uvarint(data)
		if n <= 0 {
			return list
		}
		list, data = append(list, v), data[n:]
	}
	return list
}

var errProfile = errors.New("profile: broken message")

// eachField calls f with the fields of a protocol buffer: numbers in v, everything
// else, never nil, in data.
func eachField(b []byte, f func(number int, v uint64, data []byte) error) error {
	for len(b) > 0 {
		tag, n := varint.Uvarint(b)
		if n <= 0 {
			return errProfile
		}
		b = b[n:]
		v, n := varint.Uvarint(b)
		if n <= 0 {
			return errProfile
		}
		b = b[n:]
		var data []byte
		switch tag & 7 {
		case 0:
		case 2:
			if v > uint64(len(b)) {
				return errProfile
			}
			data, b = b[:v:v], b[v:]
		default: // profiles have no other kind
			return errProfile
		}
		if err := f(int(tag>>3), v, data); err != nil {
			return err
		}
	}
	return nil
}
