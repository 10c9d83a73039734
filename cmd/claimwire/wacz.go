package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/fetcher/warc"
)

var archiveCommand = command{
	name: "archive", args: "wacz [FILE.warc.gz…]",
	summary: "Pack the archive of what was fetched for replay in a browser",
	help: `
  claimwire archive wacz --data-dir claimwire-data --output news.wacz
  claimwire archive wacz --output march.wacz archive/claimwire-202603*.warc.gz

A WACZ file holds the archive files as they are, with an index, a list of pages and
hashes of all of it; viewers such as ReplayWeb.page show its pages as they were. A
file that is being written is taken up to its last whole record. The same files
give the same bytes.`,
	run: runArchive,
}

func runArchive(_ context.Context, c *command, std stdio, args []string) error {
	flags := newFlags(c, std)
	dir := flags.String("data-dir", "claimwire-data", "`folder` whose archive is packed if no files are named")
	output := flags.String("output", "", "`file` to write; - is standard output")
	title := flags.String("title", "", "what the collection is `called`")
	rest, err := parse(flags, args)
	switch {
	case err != nil:
		return err
	case len(rest) == 0 || rest[0] != "wacz":
		return usagef("want: archive wacz --output FILE")
	case *output == "":
		return usagef("--output names the file to write; - is standard output")
	}
	files := rest[1:]
	if len(files) == 0 {
		if files, err = warc.Files(archiveDir(*dir)); err != nil {
			return err
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("no archive files in %s: name the folder that 'claimwire run' uses with --data-dir", archiveDir(*dir))
	}
	cfg := warc.WACZConfig{Title: *title, Software: program(), Page: fetcher.PageTitle}
	if *output == "-" {
		return warc.WriteWACZ(std.out, files, cfg)
	}
	return packInto(*output, files, cfg)
}

// packInto writes a WACZ file, which is there whole or not at all.
func packInto(path string, files []string, cfg warc.WACZConfig) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".claimwire-*")
	if err != nil {
		return err
	}
	err = warc.WriteWACZ(tmp, files, cfg)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
