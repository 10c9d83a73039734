package warc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Retention bounds an archive. Whole files go, the oldest first; the one that is
// being written never does.
type Retention struct {
	Age   time.Duration // files whose newest record is older go; 0 keeps them
	Bytes int64         // of all files together, compressed; 0 for no bound
}

// Trim removes files of the Writer's folder that are beyond a retention at time
// now, and returns their names.
func (w *Writer) Trim(keep Retention, now time.Time) (removed []string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	files, err := list(w.cfg.Dir, ".warc.gz")
	if err != nil {
		return nil, err
	}
	sizes, total := make([]int64, len(files)), w.size
	if w.file == nil {
		total = 0
	}
	for i, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("archive: %w", err)
		}
		sizes[i] = info.Size()
		total += sizes[i]
	}
	for i, path := range files {
		old := keep.Age > 0 && now.Sub(newest(path)) > keep.Age
		if !old && (keep.Bytes <= 0 || total <= keep.Bytes) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return removed, fmt.Errorf("archive: %w", err)
		}
		if err := os.Remove(indexOf(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("archive: %w", err)
		}
		total -= sizes[i]
		removed = append(removed, filepath.Base(path))
	}
	if len(removed) > 0 {
		err = w.relearn()
	}
	return removed, err
}

func indexOf(path string) string { return strings.TrimSuffix(path, ".warc.gz") + ".cdxj" }

// newest returns when the last response of a file was fetched, by its index, or
// when the file was written.
func newest(path string) (last time.Time) {
	entries, err := ReadIndex(indexOf(path))
	for _, e := range entries {
		if e.Date.After(last) {
			last = e.Date
		}
	}
	if info, serr := os.Stat(path); (err != nil || last.IsZero()) && serr == nil {
		return info.ModTime()
	}
	return last
}
