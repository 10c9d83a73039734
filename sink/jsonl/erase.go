package jsonl

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/sink"
)

var _ sink.Eraser = (*File)(nil)

// Erase implements [sink.Eraser]: the file, and those that it was rotated to, are
// written again without the lines that go. Files that were moved elsewhere by hand
// are not looked for.
func (f *File) Erase(ctx context.Context, purge *schemas.Review) (int, error) {
	if f.broken != nil {
		return 0, f.broken
	}
	n, err := f.erase(ctx, purge)
	if err != nil {
		return n, fmt.Errorf("jsonl: purge %s: %w", purge.ID, err)
	}
	return n, nil
}

func (f *File) erase(ctx context.Context, purge *schemas.Review) (int, error) {
	ext := filepath.Ext(f.path)
	files, err := filepath.Glob(globEscape(strings.TrimSuffix(f.path, ext)) + ".[0-9]*" + globEscape(ext))
	if err != nil {
		return 0, err
	}
	files = append(files, f.path) // the newest lines last
	e := sink.NewErasure(purge)
	var articles []string
	for _, pass := range []func(l *line){
		func(l *line) {
			if l.article != nil {
				if _, erased := e.Article(l.article); erased {
					articles = append(articles, l.article.ID)
				}
			}
		},
		func(l *line) {
			if l.change != nil {
				e.See(l.change, l.number)
			}
		},
	} {
		if err := eachLine(ctx, files, pass); err != nil {
			return 0, err
		}
		e.Found(articles)
	}
	gone := map[string]int{}
	total := 0
	if err := eachLine(ctx, files, func(l *line) {
		if l.erased(e) {
			gone[l.file]++
			total++
		}
	}); err != nil || total == 0 {
		return 0, err
	}
	number := uint64(0)
	for _, path := range files {
		if gone[path] == 0 {
			if err := countLines(ctx, path, &number); err != nil {
				return 0, err
			}
			continue
		}
		if err := f.rewrite(ctx, path, e, &number); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// globEscape makes a path match itself alone.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// A line is one record of the files. Only one of the pointers is set; none if it
// cannot be read, which no line of ours is.
type line struct {
	file    string
	number  uint64 // over all files
	raw     []byte
	change  *schemas.Change
	article *schemas.Article // also that of an extraction
}

func (l *line) erased(e *sink.Erasure) bool {
	switch {
	case l.change != nil:
		return e.Erases(l.change, l.number)
	case l.article != nil:
		_, erased := e.Article(l.article)
		return erased
	}
	return false
}

func parse(file string, number uint64, raw []byte) *line {
	l := &line{file: file, number: number, raw: raw}
	var kind struct {
		Change  *json.RawMessage `json:"change"`
		Claim   *json.RawMessage `json:"claim"`
		Article *json.RawMessage `json:"article"`
		Text    *string          `json:"text"`
	}
	if json.Unmarshal(raw, &kind) != nil {
		return l
	}
	switch {
	case kind.Change != nil && kind.Claim != nil:
		var c schemas.Change
		if json.Unmarshal(raw, &c) == nil {
			l.change = &c
		}
	case kind.Article != nil:
		var a schemas.Article
		if json.Unmarshal(*kind.Article, &a) == nil {
			l.article = &a
		}
	case kind.Text != nil:
		var a schemas.Article
		if json.Unmarshal(raw, &a) == nil {
			l.article = &a
		}
	}
	return l
}

func eachLine(ctx context.Context, files []string, fn func(*line)) error {
	number := uint64(0)
	for _, path := range files {
		if err := linesOf(ctx, path, &number, func(l *line) error { fn(l); return nil }); err != nil {
			return err
		}
	}
	return nil
}

func countLines(ctx context.Context, path string, number *uint64) error {
	return linesOf(ctx, path, number, func(*line) error { return nil })
}

func linesOf(ctx context.Context, path string, number *uint64, fn func(*line) error) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	for r := bufio.NewReaderSize(in, 1<<16); ; {
		raw, err := r.ReadBytes('\n')
		if len(raw) > 0 {
			*number++
			if err := fn(parse(path, *number, raw)); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return ctx.Err()
		case err != nil:
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// swapSuffix is that of a file that is about to take the place of the one it is
// named after.
const swapSuffix = ".purged"

// rewrite writes a file again without the lines that go.
func (f *File) rewrite(ctx context.Context, path string, e *sink.Erasure, number *uint64) error {
	out, err := os.OpenFile(path+swapSuffix, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 1<<16)
	size := int64(0)
	err = linesOf(ctx, path, number, func(l *line) error {
		if l.erased(e) {
			return nil
		}
		size += int64(len(l.raw))
		_, err := w.Write(l.raw)
		return err
	})
	if err = errors.Join(err, w.Flush()); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(path+swapSuffix))
	}
	if path != f.path {
		return errors.Join(os.Rename(path+swapSuffix, path), syncDir(filepath.Dir(path)))
	}
	next := f.at
	next.Size, next.Swap = size, true
	if err := f.mark.write(next); err != nil {
		return errors.Join(err, os.Remove(path+swapSuffix))
	}
	f.at = next
	if err := f.swap(); err != nil {
		f.broken = fmt.Errorf("jsonl: %s is in an unknown state; restart to repair it: %w", f.path, err)
		return err
	}
	return nil
}

// swap puts the file that a purge wrote in the place of the data file. The position
// file says already how long it is; a crash before the rename is mended by [Open].
func (f *File) swap() error {
	if err := os.Rename(f.path+swapSuffix, f.path); err != nil && !errors.Is(err, os.ErrNotExist) { // done before a crash
		return err
	}
	if err := syncDir(filepath.Dir(f.path)); err != nil {
		return err
	}
	data, err := os.OpenFile(f.path, os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	old := f.data
	f.data = data
	if old != nil {
		old.Close()
	}
	if err := f.rewind(); err != nil {
		return err
	}
	f.at.Swap = false
	return f.mark.write(f.at)
}
