package main

import (
	"bufio"
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/claimwire/claimwire/extractor/linear"
)

// readClusters reads a file of words and their clusters at four granularities
// (1024, 128, 24, 3000), tab-separated.
func readClusters(path string) ([]string, []linear.Quad, error) {
	r, err := open(path)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	var words []string
	var quads []linear.Quad
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		f := strings.Split(sc.Text(), "\t")
		if len(f) != 5 {
			return nil, nil, fmt.Errorf("%s: line %q", path, sc.Text())
		}
		var q linear.Quad
		for k, from := range [4]int{4, 1, 2, 3} { // finest first
			n, err := strconv.Atoi(f[from])
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", path, err)
			}
			q[k] = uint16(n)
		}
		words = append(words, f[0])
		quads = append(quads, q)
	}
	return words, quads, sc.Err()
}

func runClusters(args []string) error {
	fs := flag.NewFlagSet("clusters", flag.ExitOnError)
	dir := fs.String("corpora", "", "directory of the corpora")
	out := fs.String("out", "extractor/linear/data/clusters.bin.zst", "file to write")
	_ = fs.Parse(args)
	words, quads, err := readClusters(filepath.Join(*dir, "gazetteers/word-clusters.tsv.gz"))
	if err != nil {
		return err
	}
	file, err := linear.PackClusters(words, quads, 18)
	if err != nil {
		return err
	}
	return writeFile(*out, file)
}
