package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// recoverFiles closes what a crash left open: each file is cut after its last
// whole record, indexed and given its name.
func recoverFiles(dir string, log *slog.Logger) error {
	open, err := list(dir, openSuffix)
	if err != nil {
		return err
	}
	for _, path := range open {
		entries, size, err := indexFile(path)
		if err != nil {
			log.Warn("archive file was cut off; its last record is dropped", "file", filepath.Base(path), "err", err)
		}
		if err := os.Truncate(path, size); err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		done := strings.TrimSuffix(path, openSuffix)
		if err := os.Rename(path, done); err != nil {
			return fmt.Errorf("archive: %w", err)
		}
		if err := writeIndex(dir, filepath.Base(done), entries); err != nil {
			return fmt.Errorf("archive: %w", err)
		}
	}
	return nil
}

// indexFile returns the entries of a file and how many of its bytes are whole
// records. The error says why the rest is none.
func indexFile(path string) (entries []Entry, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		return nil, 0, err
	}
	name := strings.TrimSuffix(filepath.Base(path), openSuffix)
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return entries, size, nil
		}
		if err != nil {
			return entries, size, err
		}
		size = rec.Offset + rec.Length
		if e, ok := rec.entry(name); ok {
			entries = append(entries, e)
		}
	}
}

// entry returns the index entry of a response or revisit; false for others.
func (r *Record) entry(file string) (Entry, bool) {
	if r.Type != Response && r.Type != Revisit && r.Type != Resource {
		return Entry{}, false
	}
	e := Entry{Ref: Ref{File: file, ID: r.ID, Offset: r.Offset, Length: r.Length, Target: r.Target, Date: r.Date}, Partial: r.Truncated || r.Field("WARC-Truncated") != ""}
	payload := r.Block
	if head, body, ok := r.HTTP(); ok {
		status, header := parseHead(head)
		e.Status, payload = status, body
		e.MIME, _, _ = mime.ParseMediaType(header.Get("Content-Type"))
	}
	e.SHA1, e.Size = Digest(payload), int64(len(payload))
	if r.Type == Revisit {
		e.MIME, e.SHA1 = mimeRevisit, strings.TrimPrefix(r.Field("WARC-Payload-Digest"), "sha1:")
	}
	return e, true
}

// parseHead reads a response's status and header as far as they can be read.
func parseHead(head []byte) (status int, header http.Header) {
	header = http.Header{}
	for i, l := range bytes.Split(head, []byte("\n")) {
		s := strings.TrimRight(string(l), "\r")
		if i == 0 {
			if parts := strings.Fields(s); len(parts) > 1 {
				status, _ = strconv.Atoi(parts[1])
			}
			continue
		}
		if name, value, ok := strings.Cut(s, ":"); ok {
			header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		}
	}
	return status, header
}

// Head returns the HTTP status and header of a response or revisit; 0 if it holds
// no HTTP message.
func (r *Record) Head() (status int, header http.Header) {
	head, _, ok := r.HTTP()
	if !ok {
		return 0, http.Header{}
	}
	return parseHead(head)
}
