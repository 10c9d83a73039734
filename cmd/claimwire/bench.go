package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
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

  claimwire bench --articles 500 --rate 100  latency with 100 articles a second
  claimwire bench --articles 500 --http      the same from feeds and pages over HTTP

Invented reports go flat out through the extractor, the normalizer and the claim
store in a temporary folder, over the embedded NATS server with every message
synced to disk. They have the density of printed news: about 500 words each, 14
quantities, 11 statements and 17 claims, of which one in two is printed twice; of
three stories one goes on for ever and two begin anew every 24 reports. With --http
their pages are served on this machine, and the fetcher reads feeds and pages. Afterwards the stored articles and
claims are compared with what the same articles give in one batch: lost and
doubled count what the store lacks or has too much, and give exit code 1; differing
counts claims that are there with another confidence or relation. The clock
runs from the first article sent to the last claim stored; loading the models is
not in it. Latency runs from the moment an article is sent, or its page read, to
that when all its changes are on the stream; flat out it is the length of the
queue, so give a --rate. The handlers of the stages overlap, so their seconds do not
add up; CPU and live memory are told apart by the functions that a profile finds at
work, or that asked for it.`,
	run: runBench,
}

// maxBench bounds the articles of one run.
const maxBench = 1_000_000

// A benchResult is what a run measured.
type benchResult struct {
	Articles    int                `json:"articles"`
	Bytes       int64              `json:"bytes"`   // of text
	Seconds     float64            `json:"seconds"` // from the first article sent to the last claim stored
	PerSecond   float64            `json:"articles_per_second"`
	ClaimsRate  float64            `json:"claims_per_second"` // changes of claims
	FirstHalf   float64            `json:"articles_per_second_first_half"`
	SecondHalf  float64            `json:"articles_per_second_second_half"` // how the rate grows or falls with what is kept
	P50         float64            `json:"p50_ms"`                          // fetch to claim
	P99         float64            `json:"p99_ms"`
	Claims      int                `json:"claims"`        // final claims stored
	Changes     int64              `json:"changes"`       // messages on CLAIMS
	Lost        int                `json:"lost"`          // articles and claims that the store lacks
	Doubled     int                `json:"doubled"`       // articles and claims that it has twice, or too much
	Differing   int                `json:"differing"`     // claims that are there with other content
	Digest      string             `json:"digest"`        // of the final claims
	StageTime   map[string]float64 `json:"stage_seconds"` // in the handlers of each stage
	CPU         float64            `json:"cpu_seconds"`   // of the process, in the same time
	CPUOf       map[string]float64 `json:"cpu_seconds_by_part"`
	HeapOf      map[string]float64 `json:"heap_mib_by_part"` // live at the end, without what SQLite holds
	RSSMiB      float64            `json:"rss_mib"`          // resident at the end
	GoMemoryMiB float64            `json:"go_memory_mib"`    // that the Go runtime holds from the system at the end
	DiskBytes   int64              `json:"disk_bytes_per_1000_articles"`
	Rate        float64            `json:"rate"` // articles a second asked for; 0 flat out
	HTTP        bool               `json:"http"`
	NLP         string             `json:"nlp"`
	Parse       string             `json:"parse"`
	Sync        bool               `json:"sync"` // every message was synced to disk
	CPUs        int                `json:"cpus"`

	latency latencies
	profile bytes.Buffer // of the CPU
}

// latencies are the times of each article's way.
type latencies struct {
	mu   sync.Mutex           // owns the rest
	sent map[string]time.Time // by Article.ID
	took []time.Duration      // in the order of the claims
	half time.Time            // when half of the articles were done
	all  int
}

func (l *latencies) send(articles []schemas.Article) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for i := range articles {
		at := now
		if f := articles[i].FetchedAt; f != nil {
			at = *f
		}
		l.sent[articles[i].ID] = at
	}
}

func (l *latencies) claimed(id string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if sent, ok := l.sent[id]; ok {
		l.took = append(l.took, at.Sub(sent))
		delete(l.sent, id) // a redelivery is no second article
		if len(l.took) == (l.all+1)/2 {
			l.half = at
		}
	}
}

// quantile returns the time in milliseconds that a part q of all articles took at most.
func (l *latencies) quantile(q float64) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.took) == 0 {
		return 0
	}
	sorted := slices.Clone(l.took)
	slices.Sort(sorted)
	at := min(int(q*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[at].Microseconds()) / 1000
}

func runBench(ctx context.Context, c *command, std stdio, args []string) error {
	flags := newFlags(c, std)
	n := flags.Int("articles", 2000, "`number` of articles")
	asJSON := flags.Bool("json", false, "print one JSON object")
	nlp := flags.String("nlp", config.DefaultNLP, "language `core`: own or prose")
	trees := flags.String("parse", config.DefaultParse, "dependency trees: on or off")
	synced := flags.Bool("sync", true, "write every message to disk before it counts as stored")
	rate := flags.Float64("rate", 0, "`articles` a second (default: flat out)")
	overHTTP := flags.Bool("http", false, "begin with feeds and pages over HTTP")
	keep := flags.String("data-dir", "", "leave streams and stores in this new `folder`")
	profile := flags.String("cpuprofile", "", "write a CPU profile of the run to `file`")
	rest, err := parse(flags, args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return usagef("takes no arguments")
	case *rate < 0 || *rate > 0 && *overHTTP:
		return usagef("--rate is a positive number and goes without --http")
	case *n < 1 || *n > maxBench:
		return usagef("--articles is between 1 and %d, got %d", maxBench, *n)
	case !slices.Contains(config.Parsers, *trees):
		return usagef("--parse %q: there are %s", *trees, strings.Join(config.Parsers, " and "))
	}
	dir, err := benchDir(*keep)
	if err != nil {
		return err
	}
	if *keep == "" {
		defer os.RemoveAll(dir)
	}
	articles, err := sample.Reports(*n)
	if err != nil {
		return err
	}
	r := benchResult{NLP: *nlp, Parse: *trees, Sync: *synced, CPUs: runtime.GOMAXPROCS(0), Rate: *rate, HTTP: *overHTTP}
	if err := r.measure(ctx, std, dir, articles); err != nil {
		return err
	}
	if *profile != "" {
		if err := os.WriteFile(*profile, r.profile.Bytes(), 0o644); err != nil {
			return err
		}
	}
	if *asJSON {
		err = json.NewEncoder(std.out).Encode(&r)
	} else {
		err = r.print(std.out)
	}
	if err == nil && r.Lost+r.Doubled > 0 {
		fmt.Fprintf(std.err, "claimwire bench: %d lost, %d doubled\n", r.Lost, r.Doubled)
		err = errReported
	}
	return err
}

// benchDir makes the folder of a run: one to keep, or a temporary one.
func benchDir(keep string) (string, error) {
	if keep == "" {
		return os.MkdirTemp("", "claimwire-bench-")
	}
	return keep, os.Mkdir(keep, 0o755) // one that is there may hold an instance
}

func (r *benchResult) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, `%d articles (%.1f MB of text) in %.2f s: %.0f articles a second (first half %.0f, second half %.0f)
%d claims, %d changes, %.0f a second; %d lost, %d doubled, %d differing
fetch to claim: p50 %.1f ms, p99 %.1f ms
CPU: %.2f s, %.1f ms an article: %s
time in the handlers: %s
memory: %.0f MiB resident, %.0f MiB of Go; live: %s
disk: %.1f MB for 1,000 articles
%s
`, r.Articles, float64(r.Bytes)/1e6, r.Seconds, r.PerSecond, r.FirstHalf, r.SecondHalf, r.Claims, r.Changes, r.ClaimsRate,
		r.Lost, r.Doubled, r.Differing, r.P50, r.P99, r.CPU, 1000*r.CPU/float64(r.Articles), shares(r.CPUOf, "s"), shares(r.StageTime, "s"),
		r.RSSMiB, r.GoMemoryMiB, shares(r.HeapOf, "MiB"), float64(r.DiskBytes)/1e6, r.Digest)
	return err
}

// shares lists numbers by name.
func shares(m map[string]float64, unit string) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %.2f %s", name, m[name], unit))
	}
	return strings.Join(out, ", ")
}

// benchBatch is how many articles are sent at a time.
const benchBatch = 200

// measure sends articles through an instance in dir and compares what it stored.
func (r *benchResult) measure(ctx context.Context, std stdio, dir string, articles []schemas.Article) (err error) {
	var s config.Settings
	s.Register(flag.NewFlagSet("bench", flag.ContinueOnError)) // defaults
	s.DataDir, s.Listen, s.NLP, s.Parse, s.Sync = dir, "", r.NLP, r.Parse, r.Sync
	s.Stages = config.List{"extractor", "normalizer", "sink"}
	var hosts map[string]string
	if r.HTTP {
		world, err := sample.Serve(ctx, articles)
		if err != nil {
			return err
		}
		defer world.Close()
		s.Stages = append(s.Stages, "fetcher")
		s.Feeds, hosts = world.Feeds(), world.Hosts()
	}
	log := slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	in, err := openInstance(ctx, &s, hosts, log)
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
	r.latency.sent, r.latency.all = map[string]time.Time{}, len(articles)
	in.onClaims = r.latency.claimed
	in.source = func(ctx context.Context) error { return r.send(ctx, in, articles) }
	stopStatus := showStatus(in, newConsole(std.err))
	if _, err := in.reader(); err != nil { // loads the models
		return err
	}
	before, err := processCPU(in)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(&r.profile); err != nil {
		return err
	}
	started := time.Now()
	in.onStored = func() {
		r.Seconds = time.Since(started).Seconds()
		pprof.StopCPUProfile()
		now, cpuErr := processCPU(in)
		r.CPU, err = now-before, cpuErr
	}
	err = errors.Join(in.run(ctx), err)
	pprof.StopCPUProfile() // no effect if it was stopped
	stopStatus()
	if err != nil {
		return err
	}
	r.PerSecond = float64(r.Articles) / r.Seconds
	r.Changes = in.changes.Load()
	r.ClaimsRate = float64(r.Changes) / r.Seconds
	half := r.latency.half.Sub(started).Seconds()
	r.FirstHalf, r.SecondHalf = float64(r.Articles)/2/half, float64(r.Articles)/2/(r.Seconds-half)
	r.P50, r.P99 = r.latency.quantile(0.5), r.latency.quantile(0.99)
	if err := r.gather(in, dir); err != nil {
		return err
	}
	if r.Digest, err = in.normal.Digest(ctx); err != nil {
		return err
	}
	return r.compare(ctx, in, reader, articles)
}

// send brings the articles: from feeds, at a rate, or as fast as they are taken.
func (r *benchResult) send(ctx context.Context, in *instance, articles []schemas.Article) error {
	emit := func(ctx context.Context, batch []schemas.Article) error {
		r.latency.send(batch)
		return in.emit(ctx, batch)
	}
	if r.HTTP {
		return in.fetcher.Once(ctx, in.feeds(), emit, in.dead)
	}
	size := benchBatch
	if r.Rate > 0 {
		size = 1
	}
	begun := time.Now()
	for i := 0; i < len(articles); i += size {
		if r.Rate > 0 {
			due := begun.Add(time.Duration(float64(i) / r.Rate * float64(time.Second)))
			select {
			case <-time.After(time.Until(due)):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := emit(ctx, articles[i:min(i+size, len(articles))]); err != nil {
			return err
		}
	}
	return nil
}

// processCPU returns the CPU seconds that the process has used.
func processCPU(in *instance) (float64, error) {
	families, err := in.metrics.Gather()
	for _, f := range families {
		if f.GetName() == "process_cpu_seconds_total" {
			return f.GetMetric()[0].GetCounter().GetValue(), err
		}
	}
	return 0, err // this system does not tell
}

// divide says which part of the program used CPU and holds memory.
func (r *benchResult) divide() error {
	var heap bytes.Buffer
	runtime.GC()
	if err := pprof.Lookup("heap").WriteTo(&heap, 0); err != nil {
		return err
	}
	const cpuTime, inUse = 1, 3 // of the values of a sample
	used, err := byPart(r.profile.Bytes(), cpuTime)
	if err != nil {
		return err
	}
	held, err := byPart(heap.Bytes(), inUse)
	if err != nil {
		return err
	}
	r.CPUOf, r.HeapOf = map[string]float64{}, map[string]float64{}
	for part, n := range used {
		r.CPUOf[part] = time.Duration(n).Seconds()
	}
	for part, n := range held {
		r.HeapOf[part] = float64(n) / (1 << 20)
	}
	return nil
}

// gather reads what the process has used.
func (r *benchResult) gather(in *instance, dir string) error {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	r.GoMemoryMiB = float64(m.Sys-m.HeapReleased) / (1 << 20)
	families, err := in.metrics.Gather()
	if err != nil {
		return err
	}
	if err := r.divide(); err != nil {
		return err
	}
	r.StageTime = map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			switch f.GetName() {
			case "process_resident_memory_bytes":
				r.RSSMiB = m.GetGauge().GetValue() / (1 << 20)
			case "claimwire_bus_handler_seconds":
				for _, l := range m.GetLabel() {
					if l.GetName() == "consumer" {
						r.StageTime[l.GetValue()] = m.GetHistogram().GetSampleSum()
					}
				}
			}
		}
	}
	var size int64
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) { // it was a temporary file
			return nil
		}
		if err == nil {
			size += info.Size()
		}
		return err
	})
	r.DiskBytes = size * 1000 / int64(r.Articles)
	return err
}

// compare counts the differences between the store and a batch of the same
// articles: of article ids, of claim ids, and of claims with one id.
func (r *benchResult) compare(ctx context.Context, in *instance, reader *english.Extractor, articles []schemas.Article) error {
	want, got := map[string]string{}, []identified{}
	for i := range articles {
		want[articles[i].ID] = ""
	}
	var stored []schemas.Article
	if err := fromStore(in.claims.ExportArticles, ctx, func(a *schemas.Article) error {
		got = append(got, identified{id: a.ID})
		if r.HTTP { // what the pages were read as
			stored = append(stored, *a)
		}
		return nil
	}); err != nil {
		return err
	}
	r.count(want, got)
	if r.HTTP {
		articles = stored
	}
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
