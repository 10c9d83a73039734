package warc

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// fieldErased marks a record whose content was erased.
const fieldErased = "WARC-X-Erased"

// Erased reports whether a record stands where another was erased. It has that
// one's id and date, and nothing of what it held.
func (r *Record) Erased() bool { return r.Field(fieldErased) != "" }

// Erase takes records out of the archive files of a folder that no Writer has
// open, and returns how many. drop is asked about every record; a record that
// refers to an erased one is not erased with it. In the place of each stays a
// record that says so and takes as many bytes, so that what points at the others
// still finds them. Each file is replaced as a whole, with its index: a crash
// leaves the old or the new one. Whole files that are one gzip member, or none,
// cannot be changed and give an error.
func Erase(dir string, drop func(*Record) bool) (n int, err error) {
	files, err := list(dir, ".warc.gz")
	if err != nil {
		return 0, err
	}
	for _, path := range files {
		erased, err := eraseFile(path, drop)
		n += erased
		if err != nil {
			return n, fmt.Errorf("archive: erasing from %s: %w", path, err)
		}
	}
	return n, nil
}

// Erase is [Erase] for the folder of a Writer, which may go on writing.
func (w *Writer) Erase(drop func(*Record) bool) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.finish(); err != nil {
		return 0, err
	}
	n, err := Erase(w.cfg.Dir, drop)
	if n == 0 {
		return 0, err
	}
	return n, errors.Join(err, w.relearn())
}

// relearn forgets payloads that are in the archive no more: a revisit must not
// refer to them.
func (w *Writer) relearn() error {
	w.known = memory{}
	return w.known.load(w.cfg.Dir)
}

// A hole is where a record was.
type hole struct {
	at, length int64
	tombstone  []byte // length bytes
}

func eraseFile(path string, drop func(*Record) bool) (int, error) {
	holes, err := findHoles(path, drop)
	if err != nil || len(holes) == 0 {
		return 0, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "erase-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(tmp.Name())
	err = copyAround(tmp, path, holes)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return 0, err
	}
	entries, _, err := indexFile(path)
	if err == nil {
		err = writeIndex(filepath.Dir(path), filepath.Base(path), entries)
	}
	return len(holes), err
}

// findHoles returns what is to be overwritten, in the order of the file.
func findHoles(path string, drop func(*Record) bool) (holes []hole, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		return nil, err
	}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return holes, nil
		}
		if err != nil {
			return nil, err
		}
		if rec.Type == Warcinfo || rec.Erased() || !drop(rec) {
			continue
		}
		if r.zip == nil || rec.Length == 0 {
			return nil, fmt.Errorf("its records are not compressed one by one: %w", ErrFormat)
		}
		t, err := tombstone(rec)
		if err != nil {
			return nil, err
		}
		holes = append(holes, hole{rec.Offset, rec.Length, t})
	}
}

// copyAround copies a file with tombstones in its holes.
func copyAround(to io.Writer, path string, holes []hole) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	out := bufio.NewWriterSize(to, 1<<18)
	at := int64(0)
	for _, h := range holes {
		if _, err := io.CopyN(out, from, h.at-at); err != nil {
			return err
		}
		if _, err := out.Write(h.tombstone); err != nil {
			return err
		}
		if at, err = from.Seek(h.length, io.SeekCurrent); err != nil {
			return err
		}
	}
	if _, err := io.Copy(out, from); err != nil {
		return err
	}
	return out.Flush()
}

// tombstone returns a gzip member as long as that of a record, which holds a
// record that says so: filled up with spaces that are not compressed, or, where
// there is hardly room for it, with a comment in the member's header.
func tombstone(r *Record) ([]byte, error) {
	room := int(r.Length) - memberFrame
	blocks := (room + maxBlock + blockFrame - 1) / (maxBlock + blockFrame)
	if plain := filled(r, room-blocks*blockFrame); plain != nil {
		return stored(plain, blocks), nil
	}
	stone := stoneOf(r, "yes", 0)
	m, err := deflated(stone)
	if err != nil {
		return nil, err
	}
	if pad := int(r.Length) - len(m); pad >= 0 {
		return commented(m, pad), nil
	}
	if m, err = deflated(nil); err != nil || len(m) > int(r.Length) {
		return nil, fmt.Errorf("record %s of %d bytes leaves no room for a mark", r.ID, r.Length)
	}
	return commented(m, int(r.Length)-len(m)), nil
}

// stoneOf returns the record that stands for r, with a block of n spaces.
func stoneOf(r *Record, value string, n int) []byte {
	stone := Record{Type: Metadata, ID: r.ID, Date: r.Date, ContentType: "text/plain", Fields: []Field{{fieldErased, value}}, Block: bytes.Repeat([]byte(" "), n)}
	var plain bytes.Buffer
	stone.appendTo(&plain)
	return plain.Bytes()
}

// filled returns the record that stands for r with so large a block that it takes
// room bytes; nil if it does not fit.
func filled(r *Record, room int) []byte {
	for _, value := range []string{"yes", "true"} { // a longer length may leave one byte over
		n := room - len(stoneOf(r, value, 0))
		for ; n >= 0; n-- {
			switch plain := stoneOf(r, value, n); {
			case len(plain) == room:
				return plain
			case len(plain) < room:
				n = -1
			}
		}
	}
	return nil
}

// Sizes of RFC 1951 and 1952.
const (
	memberFrame = 18    // header and trailer of a gzip member
	blockFrame  = 5     // header of a block that is not compressed
	maxBlock    = 65535 // bytes in such a block
)

// stored returns data as a gzip member of a number of blocks without compression.
func stored(data []byte, blocks int) []byte {
	var b bytes.Buffer
	b.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255})
	for rest := data; blocks > 0; blocks-- {
		n, last := min(len(rest), maxBlock), byte(0)
		if blocks == 1 {
			last = 1
		}
		b.Write([]byte{last, byte(n), byte(n >> 8), ^byte(n), ^byte(n >> 8)})
		b.Write(rest[:n])
		rest = rest[n:]
	}
	tail := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(data))
	b.Write(binary.LittleEndian.AppendUint32(tail, uint32(len(data))))
	return b.Bytes()
}

// deflated returns data as a gzip member.
func deflated(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// commented adds a comment of n bytes, its end included, to the header of a member
// that has no optional fields.
func commented(m []byte, n int) []byte {
	if n == 0 {
		return m
	}
	const header, flags, hasComment = 10, 3, 1 << 4
	out := make([]byte, 0, len(m)+n)
	out = append(out, m[:header]...)
	out[flags] |= hasComment
	out = append(out, strings.Repeat(" ", n-1)+"\x00"...)
	return append(out, m[header:]...)
}
