package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var benchCommand = command{
	name:    "bench",
	summary: "Measure articles a second through the whole pipeline on this machine",
	help: `
  claimwire bench                            2,000 articles, for people
  claimwire bench --articles 10000 --json    one JSON object

Variations of the sample newsroom's articles go flat out through the extractor,
the normalizer and the claim store in a temporary folder, over the embedded NATS
server with every message synced to disk. Afterwards the stored articles and
claims are compared with what the same articles give in one batch: lost and
doubled count what the store lacks or has too much, and give exit code 1; differing
counts claims that are there with another confidence or relation. The clock
runs from the first article sent to the last claim stored; loading the models is
not in it.`,
	run: runBench,
}

// maxBench bounds the articles of one run.
const maxBench = 1_000_000

// A benchResult is what a run measured.
type benchResult struct {
	Articles    int     `json:"articles"`
	Bytes       int64   `json:"bytes"`   // of text
	Seconds     float64 `json:"seconds"` // from the first article sent to the last claim stored
	PerSecond   float64 `json:"articles_per_second"`
	Claims      int     `json:"claims"`    // final claims stored
	Changes     int64   `json:"changes"`   // messages on CLAIMS
	Lost        int     `json:"lost"`      // articles and claims that the store lacks
	Doubled     int     `json:"doubled"`   // articles and claims that it has twice, or too much
	Differing   int     `json:"differing"` // claims that are there with other content
	Digest      string  `json:"digest"`    // of the final claims
	NLP         string  `json:"nlp"`
	Sync        bool    `json:"sync"` // every message was synced to disk
	CPUs        int     `json:"cpus"`
	GoMemoryMiB float64 `json:"go_memory_mib"` // that the Go runtime holds from the system at the end
}

func runBench(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	n := fs.Int("articles", 2000, "`number` of articles")
	asJSON := fs.Bool("json", false, "print one JSON object")
	nlp := fs.String("nlp", config.DefaultNLP, "language `core`: own or prose")
	sync := fs.Bool("sync", true, "write every message to disk before it counts as stored")
	rest, err := parse(fs, args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return usagef("takes no arguments")
	case *n < 1 || *n > maxBench:
		return usagef("--articles is between 1 and %d, got %d", maxBench, *n)
	}
	dir, err := os.MkdirTemp("", "claimwire-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	articles, err := sample.Variations(*n)
	if err != nil {
		return err
	}
	r := benchResult{NLP: *nlp, Sync: *sync, CPUs: runtime.GOMAXPROCS(0)}
	if err := r.measure(ctx, std, dir, articles); err != nil {
		return err
	}
	if *asJSON {
		err = json.NewEncoder(std.out).Encode(r)
	} else {
		err = r.print(std.out)
	}
	if err == nil && r.Lost+r.Doubled > 0 {
		fmt.Fprintf(std.err, "claimwire bench: %d lost, %d doubled\n", r.Lost, r.Doubled)
		err = errReported
	}
	return err
}

func (r *benchResult) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%d articles (%.1f MB of text) in %.2f s: %.0f articles a second\n%d claims, %d changes; %d lost, %d doubled, %d differing\n%s\n",
		r.Articles, float64(r.Bytes)/1e6, r.Seconds, r.PerSecond, r.Claims, r.Changes, r.Lost, r.Doubled, r.Differing, r.Digest)
	return err
}

// benchBatch is how many articles are sent at a time.
const benchBatch = 200

// measure sends articles through an instance in dir and compares what it stored.
func (r *benchResult) measure(ctx context.Context, std stdio, dir string, articles []schemas.Article) (err error) {
	var s config.Settings
	s.Register(flag.NewFlagSet("bench", flag.ContinueOnError)) // defaults
	s.DataDir, s.Listen, s.NLP, s.Sync = dir, "", r.NLP, r.Sync
	s.Stages = config.List{"extractor", "normalizer", "sink"}
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	in, err := openInstance(ctx, &s, nil, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	reader, err := in.reader()
	if err != nil {
		return err
	}
	for i := range articles {
		if err := articles[i].Complete(); err != nil {
			return err
		}
		r.Bytes += int64(len(articles[i].Text))
	}
	r.Articles = len(articles)
	in.once = true
	in.source = func(ctx context.Context) error {
		for rest := articles; len(rest) > 0; {
			batch := rest[:min(benchBatch, len(rest))]
			if err := in.emit(ctx, batch); err != nil {
				return err
			}
			rest = rest[len(batch):]
		}
		return nil
	}
	stopStatus := showStatus(in, newConsole(std.err))
	started := time.Now()
	err = in.run(ctx)
	r.Seconds = time.Since(started).Seconds()
	stopStatus()
	if err != nil {
		return err
	}
	r.PerSecond = float64(r.Articles) / r.Seconds
	r.Changes = in.changes.Load()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r.GoMemoryMiB = float64(m.Sys-m.HeapReleased) / (1 << 20)
	if r.Digest, err = in.normal.Digest(ctx); err != nil {
		return err
	}
	return r.compare(ctx, in, reader, articles)
}

// compare counts the differences between the store and a batch of the same
// articles: of article ids, of claim ids, and of claims with one id.
func (r *benchResult) compare(ctx context.Context, in *instance, reader *english.Extractor, articles []schemas.Article) error {
	want, got := map[string]string{}, []identified{}
	for i := range articles {
		want[articles[i].ID] = ""
	}
	if err := fromStore(in.claims.ExportArticles, ctx, func(a *schemas.Article) error {
		got = append(got, identified{id: a.ID})
		return nil
	}); err != nil {
		return err
	}
	r.count(want, got)

	extractions := make([]schemas.Extraction, len(articles))
	for i := range articles {
		x, err := extractOne(reader, &articles[i])
		if err != nil {
			return err
		}
		extractions[i] = x
	}
	claims, _, err := normalizer.Batch(extractions)
	if err != nil {
		return err
	}
	want, got = map[string]string{}, got[:0]
	for i := range claims {
		if want[claims[i].ID], err = fingerprint(&claims[i]); err != nil {
			return err
		}
	}
	if err := fromStore(in.claims.Export, ctx, func(c *schemas.Claim) error {
		f, err := fingerprint(c)
		got = append(got, identified{c.ID, f})
		return err
	}); err != nil {
		return err
	}
	r.Claims = len(got)
	r.count(want, got)
	return nil
}

// identified is a stored record's id and a hash of its content.
type identified struct{ id, hash string }

func fingerprint(c *schemas.Claim) (string, error) {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(c); err != nil {
		return "", err
	}
	return schemas.SHA256(b.String()), nil
}

// count compares what is stored with what ought to be, by id.
func (r *benchResult) count(want map[string]string, got []identified) {
	seen := map[string]bool{}
	for _, g := range got {
		hash, ok := want[g.id]
		switch {
		case !ok || seen[g.id]:
			r.Doubled++
		case hash != g.hash:
			r.Differing++
		}
		seen[g.id] = true
	}
	for id := range want {
		if !seen[id] {
			r.Lost++
		}
	}
}
