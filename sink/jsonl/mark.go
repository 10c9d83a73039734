package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// A state says how much of the data file is whole, and up to which records.
type state struct {
	Generation uint64            `json:"generation"` // grows by one a batch
	Size       int64             `json:"size"`       // bytes of the data file
	Moved      int64             `json:"moved"`      // bytes of the files before it
	Positions  map[string]uint64 `json:"positions"`  // of each stream

	Swap bool `json:"swap,omitempty"` // the data file is the one with swapSuffix, if that is still there
}

// slotSize is the length of one line of the position file. Three streams of the
// longest names and numbers need under 200 bytes.
const slotSize = 512

// A mark is the position file: two lines of slotSize bytes, written in turn, so
// that the older one is whole if a crash tears the newer one. A line is a state
// as JSON, spaces, and the CRC-32 of both in hexadecimal.
type mark struct {
	file       *os.File
	generation uint64
}

// openMark opens or creates a position file, and reads the last state. Without a
// position file the data file must be empty: nobody knows what its lines are.
func openMark(path string, dataSize int64) (*mark, state, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, state{}, err
	}
	m, st := &mark{file: file}, state{}
	raw, err := io.ReadAll(io.LimitReader(file, 2*slotSize))
	if err == nil {
		st = lastState(raw)
	}
	if err == nil && st.Generation == 0 { // new: make it durable before the first line is
		if dataSize > 0 {
			err = fmt.Errorf("%s: no position in it, but its data file has %d bytes: move the data file away to start a new one", path, dataSize)
		} else if err = m.write(st); err == nil {
			err = syncDir(filepath.Dir(path))
		}
	}
	if err != nil {
		return nil, state{}, errors.Join(err, file.Close())
	}
	m.generation = max(m.generation, st.Generation)
	return m, st, nil
}

// lastState returns the newest whole state, one with no positions if there is none.
func lastState(raw []byte) state {
	best := state{Positions: map[string]uint64{}}
	for len(raw) > 0 {
		slot := raw[:min(len(raw), slotSize)]
		raw = raw[len(slot):]
		if st, ok := readSlot(slot); ok && st.Generation > best.Generation {
			best = st
		}
	}
	return best
}

func readSlot(slot []byte) (state, bool) {
	if len(slot) != slotSize {
		return state{}, false
	}
	body, sum := slot[:slotSize-9], slot[slotSize-9:slotSize-1]
	if fmt.Sprintf("%08x", crc32.ChecksumIEEE(body)) != string(sum) {
		return state{}, false
	}
	st := state{}
	if json.Unmarshal(bytes.TrimRight(body, " "), &st) != nil {
		return state{}, false
	}
	if st.Positions == nil {
		st.Positions = map[string]uint64{}
	}
	return st, true
}

// write makes st durable.
func (m *mark) write(st state) error {
	st.Generation = m.generation + 1
	body, err := json.Marshal(st)
	if err != nil {
		return err
	}
	if len(body) > slotSize-10 {
		return fmt.Errorf("position of %d bytes", len(body))
	}
	slot := append(body, bytes.Repeat([]byte{' '}, slotSize-9-len(body))...)
	slot = fmt.Appendf(slot, "%08x\n", crc32.ChecksumIEEE(slot))
	if _, err := m.file.WriteAt(slot, int64(st.Generation%2)*slotSize); err != nil {
		return err
	}
	if err := m.file.Sync(); err != nil {
		return err
	}
	m.generation = st.Generation
	return nil
}

// syncDir makes the names of new files durable, where the system can.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every system can, and none needs it more than once
	return dir.Close()
}
