// Package jsonl appends records to a file, one JSON object a line, so that
// whatever reads lines can read claims.
//
// No line is lost or doubled by a crash. A sink writes the lines of a batch and
// syncs the file; then it writes the file's length and the positions of the
// streams into a small file beside it (its name with ".position" added) and
// syncs that. A crash between the two leaves lines that were never counted: they
// are cut off at the next start, and the streams are read on from the positions
// that go with the length. Readers see whole lines, except for a moment after a
// crash.
//
// A file can be rotated by size (Config.RotateBytes), or by hand: stop the
// program, move the file away and leave the position file where it is; the next
// line goes on where the last one ended. To start from the beginning of the
// streams, move both away.
package jsonl

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

// Config configures a [File]. Zero fields get the default given here.
type Config struct {
	Path    string   // required: the file; it and its folder are made if missing
	Streams []string // streams to keep; default CLAIMS alone. Records of several streams share the file.

	// RotateBytes is the size from which on the file is moved away, under its
	// name with the bytes written so far before its extension
	// ("claims.000000000001048923.jsonl": they sort in order), and a new one
	// begun. No batch is parted. Default: never.
	RotateBytes int64
}

// A File is a [sink.Sink] that appends to a file.
type File struct {
	path    string
	streams []string
	rotate  int64
	data    *os.File
	mark    *mark
	at      state // what is durable
	broken  error // set if the files could not be brought back to at
}

// Open opens or creates the file that cfg names, and brings it back to the end
// of the last batch that was written whole.
func Open(cfg Config) (*File, error) {
	if cfg.Path == "" {
		return nil, errors.New("jsonl: no path")
	}
	f := &File{path: cfg.Path, streams: cfg.Streams, rotate: cfg.RotateBytes}
	if len(f.streams) == 0 {
		f.streams = []string{schemas.StreamClaims}
	}
	if err := f.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("jsonl: %w", err), f.Close())
	}
	return f, nil
}

func (f *File) open() (err error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return err
	}
	if f.data, err = os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return err
	}
	size, err := f.data.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if f.mark, f.at, err = openMark(f.path+".position", size); err != nil {
		return err
	}
	if f.at.Swap {
		return f.swap()
	}
	switch {
	case size == 0 && f.at.Size > 0: // moved away
		f.at.Moved, f.at.Size = f.at.Moved+f.at.Size, 0
		if err := f.mark.write(f.at); err != nil {
			return err
		}
	case size < f.at.Size:
		return fmt.Errorf("%s has %d bytes, but %d were written: restore it, or move it away to go on with a new file", f.path, size, f.at.Size)
	}
	return f.rewind()
}

// rewind cuts off what was written after the last whole batch.
func (f *File) rewind() error {
	if err := f.data.Truncate(f.at.Size); err != nil {
		return err
	}
	_, err := f.data.Seek(f.at.Size, io.SeekStart)
	return err
}

// Write implements [sink.Sink].
func (f *File) Write(ctx context.Context, records []sink.Record) error {
	if f.broken != nil {
		return f.broken
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.makeRoom(); err != nil {
		return fmt.Errorf("jsonl: rotate: %w", err)
	}
	next := state{Size: f.at.Size, Moved: f.at.Moved, Positions: maps.Clone(f.at.Positions)}
	var lines bytes.Buffer
	for i := range records {
		if err := appendRecord(&lines, &records[i], f.streams, next.Positions); err != nil {
			return fmt.Errorf("jsonl: %w", err)
		}
	}
	if lines.Len() == 0 {
		return nil
	}
	next.Size += int64(lines.Len())
	if err := f.commit(lines.Bytes(), next); err != nil {
		if back := f.rewind(); back != nil {
			f.broken = fmt.Errorf("jsonl: %s is in an unknown state; restart to repair it: %w", f.path, back)
		}
		return fmt.Errorf("jsonl: %w", err)
	}
	f.at = next
	return nil
}

// makeRoom moves a full file away. A crash after the move leaves what one by hand
// does, and Open knows it.
func (f *File) makeRoom() error {
	if f.rotate <= 0 || f.at.Size < f.rotate {
		return nil
	}
	ext := filepath.Ext(f.path)
	old := fmt.Sprintf("%s.%018d%s", strings.TrimSuffix(f.path, ext), f.at.Moved+f.at.Size, ext)
	if err := os.Rename(f.path, old); err != nil {
		return err
	}
	data, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		f.broken = fmt.Errorf("jsonl: %s was moved away, and no new one could be made; restart to repair it: %w", f.path, err)
		return err
	}
	full := f.data
	f.data, f.at.Moved, f.at.Size = data, f.at.Moved+f.at.Size, 0
	if err := errors.Join(f.mark.write(f.at), syncDir(filepath.Dir(f.path)), full.Close()); err != nil {
		f.broken = fmt.Errorf("jsonl: %s is in an unknown state; restart to repair it: %w", f.path, err)
		return err
	}
	return nil
}

func (f *File) commit(lines []byte, next state) error {
	if _, err := f.data.Write(lines); err != nil {
		return err
	}
	if err := f.data.Sync(); err != nil {
		return err
	}
	return f.mark.write(next)
}

// Position implements [sink.Sink].
func (f *File) Position(_ context.Context, stream string) (uint64, error) {
	return f.at.Positions[stream], nil
}

// Close implements [sink.Sink].
func (f *File) Close() error {
	var err error
	if f.data != nil {
		err = f.data.Close()
	}
	if f.mark != nil {
		err = errors.Join(err, f.mark.file.Close())
	}
	return err
}

// appendRecord adds the line of r, unless its stream is not kept or its position
// says that it is there already.
func appendRecord(lines *bytes.Buffer, r *sink.Record, streams []string, positions map[string]uint64) error {
	if !slices.Contains(streams, r.Stream) || r.Sequence <= positions[r.Stream] {
		return nil
	}
	var value any
	switch {
	case r.Change != nil:
		value = r.Change
	case r.Extraction != nil:
		value = r.Extraction
	case r.Article != nil:
		value = r.Article
	case r.Review != nil:
		value = r.Review
	default:
		return fmt.Errorf("record %d of %s carries nothing: %w", r.Sequence, r.Stream, schemas.ErrMalformed)
	}
	enc := json.NewEncoder(lines) // ends in a line feed; no other control character is left unescaped
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return fmt.Errorf("record %d of %s: %w", r.Sequence, r.Stream, err)
	}
	positions[r.Stream] = r.Sequence
	return nil
}

// A Stream is a [sink.Sink] that writes lines to a pipe or a terminal. Its
// positions last as long as the process: what was printed before is unknown.
type Stream struct {
	w         *bufio.Writer
	streams   []string
	positions map[string]uint64
}

// NewStream returns a sink that writes the records of streams (default CLAIMS
// alone) to w, and flushes after each batch.
func NewStream(w io.Writer, streams ...string) *Stream {
	if len(streams) == 0 {
		streams = []string{schemas.StreamClaims}
	}
	return &Stream{w: bufio.NewWriter(w), streams: streams, positions: map[string]uint64{}}
}

// Write implements [sink.Sink].
func (s *Stream) Write(ctx context.Context, records []sink.Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	next := maps.Clone(s.positions)
	var lines bytes.Buffer
	for i := range records {
		if err := appendRecord(&lines, &records[i], s.streams, next); err != nil {
			return fmt.Errorf("jsonl: %w", err)
		}
	}
	if _, err := s.w.Write(lines.Bytes()); err != nil {
		return err
	}
	if err := s.w.Flush(); err != nil {
		return err
	}
	s.positions = next
	return nil
}

// Position implements [sink.Sink].
func (s *Stream) Position(_ context.Context, stream string) (uint64, error) {
	return s.positions[stream], nil
}

// Close implements [sink.Sink]. It does not close the writer.
func (s *Stream) Close() error { return s.w.Flush() }
