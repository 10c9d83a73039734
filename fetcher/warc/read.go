package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
)

// ErrFormat is matched by errors about files that are neither WARC nor ARC.
var ErrFormat = errors.New("no WARC or ARC")

// Bounds on what a hostile file can make a Reader keep.
const (
	maxLine   = 64 << 10
	maxFields = 256
	// MaxBlock is how much of a block is kept; the rest is skipped.
	MaxBlock = 64 << 20
)

// A Reader reads the records of one file in order: plain or compressed, by
// record or as a whole, of WARC 0.17 to 1.1 or ARC 1 and 2, with the liberties
// that other programs take.
type Reader struct {
	src    *counter
	zip    *gzip.Reader // nil for a plain file
	in     *bufio.Reader
	member bool  // a gzip member is open
	arc    bool  // it is an ARC
	start  int64 // of the member
}

// counter counts the bytes that are taken from a buffered reader.
type counter struct {
	r *bufio.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// ReadByte makes gzip take no byte beyond its member.
func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// NewReader returns a Reader of r.
func NewReader(r io.Reader) (*Reader, error) {
	src := &counter{r: bufio.NewReaderSize(r, 1<<16)}
	head, err := src.r.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	rd := &Reader{src: src}
	if bytes.Equal(head, []byte{0x1f, 0x8b}) {
		rd.zip = new(gzip.Reader)
		rd.in = bufio.NewReaderSize(nil, 1<<16)
	}
	return rd, nil
}

// Next returns the next record, and io.EOF after the last. After any other error
// the rest of the file cannot be read.
func (r *Reader) Next() (*Record, error) {
	if r.zip == nil {
		return r.plain()
	}
	for {
		if !r.member {
			r.start = r.src.n
			if _, err := r.src.r.Peek(1); err != nil {
				return nil, err // io.EOF between members is the end
			}
			if err := r.zip.Reset(r.src); err != nil {
				return nil, fmt.Errorf("member at byte %d: %w: %w", r.start, ErrFormat, err)
			}
			r.zip.Multistream(false)
			r.in.Reset(r.zip)
			r.member = true
		}
		rec, err := readRecord(r.in, &r.arc)
		if errors.Is(err, io.EOF) { // the member ended before a record began
			r.member = false
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("member at byte %d: %w", r.start, err)
		}
		rec.Offset = r.start
		switch err := skipBlank(r.in); {
		case errors.Is(err, io.EOF):
			r.member = false
			rec.Length = r.src.n - r.start
		case err != nil:
			return nil, fmt.Errorf("member at byte %d: %w", r.start, err)
		}
		return rec, nil
	}
}

func (r *Reader) plain() (*Record, error) {
	if r.in == nil {
		r.in = r.src.r
	}
	c := &lengths{r: r.in}
	if err := skipBlank(c); err != nil {
		return nil, err
	}
	r.start += c.n
	c.n = 0
	rec, err := readRecord(c, &r.arc)
	if err != nil {
		return nil, fmt.Errorf("record at byte %d: %w", r.start, noEOF(err))
	}
	rec.Offset, rec.Length = r.start, c.n
	r.start += c.n
	return rec, nil
}

// A source is what records are read from.
type source interface {
	io.Reader
	ReadSlice(delim byte) ([]byte, error)
	Peek(n int) ([]byte, error)
	Discard(n int) (int, error)
}

// lengths counts what is taken from a source.
type lengths struct {
	r *bufio.Reader
	n int64
}

func (l *lengths) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.n += int64(n)
	return n, err
}

func (l *lengths) ReadSlice(d byte) ([]byte, error) {
	b, err := l.r.ReadSlice(d)
	l.n += int64(len(b))
	return b, err
}

func (l *lengths) Peek(n int) ([]byte, error) { return l.r.Peek(n) }

func (l *lengths) Discard(n int) (int, error) {
	k, err := l.r.Discard(n)
	l.n += int64(k)
	return k, err
}

// skipBlank takes the line ends between records; io.EOF if nothing follows.
func skipBlank(in source) error {
	for {
		b, err := in.Peek(1)
		if err != nil {
			return err
		}
		if b[0] != '\r' && b[0] != '\n' {
			return nil
		}
		if _, err := in.Discard(1); err != nil {
			return err
		}
	}
}

// readRecord reads one record; io.EOF if there is none. arc says whether the file
// is an ARC, which its first record tells.
func readRecord(in source, arc *bool) (*Record, error) {
	if err := skipBlank(in); err != nil {
		return nil, err
	}
	version, err := readLine(in)
	if err != nil {
		return nil, noEOF(err)
	}
	if *arc = *arc || strings.HasPrefix(version, arcBegin); *arc {
		return readARC(in, version)
	}
	if !strings.HasPrefix(version, "WARC/") {
		return nil, fmt.Errorf("%w: a record begins with %.20q", ErrFormat, version)
	}
	rec := &Record{}
	length := int64(-1)
	for n := 0; ; n++ {
		l, err := readLine(in)
		if err != nil {
			return nil, noEOF(err)
		}
		if l == "" {
			break
		}
		if n == maxFields {
			return nil, fmt.Errorf("%w: more than %d fields", ErrFormat, maxFields)
		}
		if length, err = rec.take(l, length); err != nil {
			return nil, err
		}
	}
	if length < 0 {
		return nil, fmt.Errorf("%w: a record without Content-Length", ErrFormat)
	}
	return rec, rec.fill(in, length)
}

// fill reads the block.
func (r *Record) fill(in source, length int64) error {
	keep := min(length, MaxBlock)
	r.Truncated = keep < length
	var block bytes.Buffer // grows with what is there, not with what is claimed
	if _, err := io.CopyN(&block, in, keep); err != nil {
		return noEOF(err)
	}
	r.Block = block.Bytes()
	if _, err := io.CopyN(io.Discard, in, length-keep); err != nil {
		return noEOF(err)
	}
	return nil
}

// take puts a header line into its place.
func (r *Record) take(l string, length int64) (int64, error) {
	if l[0] == ' ' || l[0] == '\t' { // a folded line goes on with the last field
		if n := len(r.Fields); n > 0 {
			r.Fields[n-1].Value += " " + strings.TrimSpace(l)
		}
		return length, nil
	}
	name, value, ok := strings.Cut(l, ":")
	if !ok {
		return length, nil // what other programs write is not ours to refuse
	}
	value = strings.TrimSpace(value)
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "warc-type":
		r.Type = Type(strings.ToLower(value))
	case "warc-record-id":
		r.ID = bare(value)
	case "warc-target-uri":
		r.Target = bare(value) // early tools wrote brackets
	case "content-type":
		r.ContentType = value
	case "warc-date":
		for _, layout := range []string{time.RFC3339, "20060102150405"} {
			if t, err := time.Parse(layout, value); err == nil {
				r.Date = t.UTC()
				break
			}
		}
	case "content-length":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("%w: Content-Length %.30q", ErrFormat, value)
		}
		return n, nil
	default:
		r.Fields = append(r.Fields, Field{strings.TrimSpace(name), value})
	}
	return length, nil
}

func readLine(in source) (string, error) {
	var long []byte
	for {
		part, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull) && len(long)+len(part) <= maxLine:
			long = append(long, part...)
			continue
		case errors.Is(err, bufio.ErrBufferFull), len(long)+len(part) > maxLine:
			return "", fmt.Errorf("%w: a header line of more than %d bytes", ErrFormat, maxLine)
		case err != nil:
			return "", err
		}
		return strings.TrimRight(string(append(long, part...)), "\r\n"), nil
	}
}

// noEOF says that a file ends inside a record.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// ReadAt returns the record at an offset of a file of dir, also if the file is
// still being written.
func ReadAt(dir, file string, offset int64) (*Record, error) {
	if filepath.Base(file) != file {
		return nil, fmt.Errorf("archive: %q is no file name", file)
	}
	var f *os.File
	var err error
	for _, name := range []string{file, file + openSuffix, file} { // it may be ended in between
		if f, err = os.Open(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	defer f.Close()
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	r, err := NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	r.arc = strings.HasSuffix(file, ".arc") || strings.HasSuffix(file, ".arc.gz")
	rec, err := r.Next()
	if err != nil {
		return nil, fmt.Errorf("archive: %s at byte %d: %w", file, offset, noEOF(err))
	}
	rec.Offset = offset
	return rec, nil
}
