package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

// isArchive reports whether a file is a web archive by its name.
func isArchive(path string) bool {
	path = strings.TrimSuffix(path, ".open")
	for _, ext := range []string{".warc", ".warc.gz", ".arc", ".arc.gz"} {
		if strings.HasSuffix(path, ext) {
			return true
		}
	}
	return false
}

// archive reads the articles of a web archive.
func (r *replay) archive(ctx context.Context, path string) error {
	_, err := fetcher.Replay(ctx, []string{path}, func(a schemas.Article) error {
		if err := r.article(&a); err != nil {
			r.console.progress("")
			fmt.Fprintf(r.std.err, "claimwire replay: %s: %s\n", printable(a.URL), printable(err.Error()))
			r.failed++
		}
		r.show(0, 0)
		return nil
	})
	return err
}

// A proof counts articles by what the archive says of them.
type proof struct{ proved, wrong, absent, withheld int }

// prove checks every article that names a record against the archive in dir, and
// says what came of it.
func (s articleSet) prove(dir string, std stdio) (p proof) {
	for _, key := range slices.SortedFunc(maps.Keys(s), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		a := s[key]
		if a.Archive == nil {
			continue
		}
		switch err := fetcher.VerifyArchived(dir, a); {
		case err == nil:
			p.proved++
		case errors.Is(err, fetcher.ErrNotArchived):
			p.absent++
		case errors.Is(err, fetcher.ErrErased):
			p.withheld++
		default:
			p.wrong++
			fmt.Fprintln(std.err, printable(err.Error()))
		}
	}
	withheld := ""
	if p.withheld > 0 {
		withheld = fmt.Sprintf(", %d withheld", p.withheld)
	}
	fmt.Fprintf(std.out, "%d articles proved by the bytes in the archive, %d wrong, %d no longer in it%s\n", p.proved, p.wrong, p.absent, withheld)
	return p
}

// trimEvery is how often an archive is looked at for files to remove.
const trimEvery = time.Hour

// trimArchive keeps the archive within its bounds until ctx ends.
func (in *instance) trimArchive(ctx context.Context) error {
	keep := warc.Retention{Age: in.settings.ArchiveKeep.Age, Bytes: in.settings.ArchiveKeep.Bytes}
	tick := time.NewTicker(trimEvery)
	defer tick.Stop()
	for {
		removed, err := in.archive.Trim(keep, time.Now())
		if len(removed) > 0 {
			in.log.Info("archive files removed by archive-keep", "files", len(removed), "oldest", removed[0])
		}
		if err != nil {
			in.log.Error("archive not trimmed", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
