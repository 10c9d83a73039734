package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var replayCommand = command{
	name: "replay", args: "[FILE.jsonl | FILE.warc.gz…]",
	summary: "Make the claims of stored articles or extractions again",
	help: `
  claimwire replay articles.jsonl > claims.jsonl              Article records are read anew
  claimwire replay extractions.jsonl > claims.jsonl           Extraction records are taken as they are
  claimwire replay --re-extract extractions.jsonl             or their articles read anew
  claimwire replay archive.warc.gz > claims.jsonl             web archives, also those of other crawlers
  claimwire replay --from claimwire-data --since 2026-03-01   the streams of a folder that no instance uses
  claimwire replay --nats nats://host:4222 --since 1200       or of a server
  claimwire replay --into fresh-data articles.jsonl           into the stores of another folder

The same records give the same claims, byte for byte, in whatever order they come;
the digest at the end is that of the claims, and two archivists need compare no
more. --manifest FILE writes down what determined the result. --since and --until
are stream sequences, or days by which articles were fetched (published, if that is
not known). Reviews of the streams are heeded; --reviews FILE adds some.

Extraction records that people wrote may be short: an article, and figures with start,
end and value. Slots may be objects or plain strings; entities need no ids, and where
the record has no list of them the names are read from the text. Figures that do not
stand in the text where the record says are left out, with the reason.

A record that cannot be used is reported with its number; the others are done, and
the exit code is 1.`,
	run: runReplay,
}

// replayOptions are the flags of replay.
type replayOptions struct {
	from, nats, stream, into, manifest, nlp, parse, names string
	since, until                                          bound
	reextract                                             bool
	reviews                                               string
}

func runReplay(ctx context.Context, c *command, std stdio, args []string) error {
	var o replayOptions
	fs := newFlags(c, std)
	fs.StringVar(&o.from, "from", "", "read the streams of this `folder`")
	fs.StringVar(&o.nats, "nats", "", "read the streams of the NATS server at this `URL`")
	fs.StringVar(&o.stream, "stream", "extractions", "`stream` to read: extractions or articles")
	fs.Var(&o.since, "since", "first `sequence` or day")
	fs.Var(&o.until, "until", "last `sequence` or day")
	fs.StringVar(&o.into, "into", "", "write to the stores of this `folder`, fresh or in use before, instead of standard output")
	fs.StringVar(&o.manifest, "manifest", "", "`file` to write what determined the result to")
	fs.StringVar(&o.reviews, "reviews", "", "`file` of Review records to heed")
	fs.StringVar(&o.nlp, "nlp", config.DefaultNLP, "language `core`: own or prose")
	fs.StringVar(&o.parse, "parse", config.DefaultParse, "dependency trees of sentences with figures: on or off")
	fs.StringVar(&o.names, "names", "", "YAML `file` of names, types, countries, keys and aliases that texts are read with")
	fs.BoolVar(&o.reextract, "re-extract", false, "read the articles of Extraction records anew")
	files, err := parse(fs, args)
	if err != nil {
		return err
	}
	streams := o.from != "" || o.nats != ""
	switch {
	case streams == (len(files) > 0):
		return usagef("want either FILEs or streams (--from or --nats)")
	case o.from != "" && o.nats != "":
		return usagef("--from and --nats are two places: choose one")
	case o.stream != "extractions" && o.stream != "articles":
		return usagef("no stream %q: there are extractions and articles", o.stream)
	case !streams && (o.since.set() || o.until.set()):
		return usagef("--since and --until go with --from or --nats")
	case o.into != "" && o.into == o.from:
		return usagef("--into and --from are one folder: a replay writes elsewhere")
	}
	r := &replay{options: o, std: std, console: newConsole(std.err), made: map[string]schemas.MadeBy{}}
	if err := r.read(ctx, files); err != nil {
		return err
	}
	if err := r.write(ctx); err != nil {
		return err
	}
	if r.failed > 0 {
		fmt.Fprintf(std.err, "claimwire replay: %d of %d records could not be used\n", r.failed, r.failed+len(r.extractions))
		return errReported
	}
	return nil
}

// A bound is a sequence or a day; the zero bound is none.
type bound struct {
	sequence uint64
	day      string
}

func (b *bound) set() bool { return b.sequence > 0 || b.day != "" }

func (b *bound) String() string {
	if b.day != "" {
		return b.day
	}
	if b.sequence > 0 {
		return strconv.FormatUint(b.sequence, 10)
	}
	return ""
}

// Set implements [flag.Value].
func (b *bound) Set(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		*b = bound{day: s}
		return nil
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 {
		return errors.New("want a sequence from 1 on, or a day such as 2006-01-02")
	}
	*b = bound{sequence: n}
	return nil
}

var _ flag.Value = (*bound)(nil)

// A replay is one run of the command.
type replay struct {
	options replayOptions
	std     stdio
	console *console
	reader  *english.Extractor // loaded when the first article is to be read

	extractions []schemas.Extraction
	reviews     []schemas.Review
	made        map[string]schemas.MadeBy // by its JSON: the programs that read the articles
	failed      int
	refused     int // figures and statements that nothing proves
}

func (r *replay) read(ctx context.Context, files []string) error {
	defer r.console.progress("")
	for _, f := range files {
		if err := r.file(ctx, f); err != nil {
			return err
		}
	}
	if len(files) == 0 {
		if err := r.streams(ctx); err != nil {
			return err
		}
	}
	if r.options.reviews == "" {
		return nil
	}
	return eachLine(r.options.reviews, func(v *schemas.Review) error { r.reviews = append(r.reviews, *v); return nil })
}

// file reads Article or Extraction records, one a line; "-" is standard input.
func (r *replay) file(ctx context.Context, path string) error {
	if isArchive(path) {
		return r.archive(ctx, path)
	}
	in, name, size := r.std.in, "standard input", int64(0)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		if st, err := f.Stat(); err == nil {
			size = st.Size()
		}
		in, name = f, filepath.Base(path)
	}
	count := &countingReader{r: in}
	lines := bufio.NewReaderSize(count, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if err == io.EOF {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && len(strings.TrimSpace(string(line))) > 0 {
			err = r.line(line)
		}
		if err != nil {
			r.console.progress("")
			fmt.Fprintf(r.std.err, "claimwire replay: %s:%d: %s\n", printable(name), n, printable(err.Error()))
			r.failed++
		}
		r.show(count.n, size)
	}
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// show draws how far the reading is.
func (r *replay) show(done, all int64) {
	if !r.console.terminal || len(r.extractions)%50 != 0 {
		return
	}
	line := fmt.Sprintf("%d articles", len(r.extractions))
	if all > 0 {
		const width = 30
		n := int(min(done*width/all, width))
		line = fmt.Sprintf("[%s%s] %3d %%  %s", strings.Repeat("=", n), strings.Repeat(" ", width-n), min(done*100/all, 100), line)
	}
	r.console.progress(line)
}

func (r *replay) line(line []byte) error {
	var kind struct {
		ArticleID string           `json:"article_id"`
		Article   *json.RawMessage `json:"article"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return err
	}
	if kind.Article == nil && kind.ArticleID != "" {
		return fmt.Errorf("extraction of %s without its article: put the Article record into its member \"article\"", kind.ArticleID)
	}
	if kind.Article == nil {
		var a schemas.Article
		if err := a.ReadJSON(line); err != nil {
			return err
		}
		return r.article(&a)
	}
	var x schemas.Extraction
	if err := x.ReadJSON(line); err != nil {
		plain, ok := objectSlots(line)
		if !ok || x.ReadJSON(plain) != nil {
			return err
		}
	}
	return r.extraction(&x)
}

// load loads the reader once.
func (r *replay) load() (err error) {
	if r.reader == nil {
		r.reader, err = newReader(r.options.nlp, r.options.parse, r.options.names)
	}
	return err
}

// article reads an article anew.
func (r *replay) article(a *schemas.Article) error {
	if err := r.load(); err != nil {
		return err
	}
	if err := a.Complete(); err != nil {
		return err
	}
	x, err := extractOne(r.reader, a)
	if err != nil {
		return err
	}
	return r.add(&x)
}

func (r *replay) extraction(x *schemas.Extraction) error {
	if r.options.reextract {
		return r.article(&x.Article)
	}
	if x.Entities == nil && x.Skipped == "" { // people who write records leave the names to us
		anew := x.Article
		if err := r.name(x, &anew); err != nil {
			return err
		}
	}
	if err := english.Complete(x); err != nil {
		return err
	}
	return r.add(x)
}

// name gives a record that says nothing of names those that the program reads.
func (r *replay) name(x *schemas.Extraction, a *schemas.Article) error {
	if err := r.load(); err != nil {
		return err
	}
	if err := a.Complete(); err != nil {
		return err
	}
	read, err := extractOne(r.reader, a)
	x.Entities = read.Entities
	return err
}

// maxRefused is how many of the figures that nothing proves are named.
const maxRefused = 10

func (r *replay) add(x *schemas.Extraction) error {
	if err := normalizer.Check(x); err != nil {
		return err
	}
	by, err := json.Marshal(x.MadeBy)
	if err != nil {
		return err
	}
	for _, err := range normalizer.Refused(x) {
		if r.refused++; r.refused <= maxRefused {
			r.console.progress("")
			fmt.Fprintf(r.std.err, "claimwire replay: article %s: left out: %s\n", printable(x.ArticleID), printable(err.Error()))
		}
	}
	r.made[string(by)] = x.MadeBy
	r.extractions = append(r.extractions, *x)
	return nil
}

// streams reads a part of EXTRACTIONS or ARTICLES, and all reviews.
func (r *replay) streams(ctx context.Context) error {
	b, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer closeStreams(b) // nothing was written
	if r.options.stream == "articles" {
		err = eachRecord(ctx, b, r, schemas.StreamArticles, func(a *schemas.Article) *schemas.Article { return a }, r.article)
	} else {
		err = eachRecord(ctx, b, r, schemas.StreamExtractions, func(x *schemas.Extraction) *schemas.Article { return &x.Article }, r.extraction)
	}
	if err != nil {
		return err
	}
	return eachRecord(ctx, b, nil, schemas.StreamReviews, nil, func(v *schemas.Review) error {
		r.reviews = append(r.reviews, *v)
		return nil
	})
}

func (r *replay) open(ctx context.Context) (*bus.Bus, error) {
	if r.options.from != "" {
		return openStreams(ctx, r.options.from, r.console)
	}
	return bus.Open(ctx, bus.Config{URL: r.options.nats, Logger: slog.New(slog.NewTextHandler(r.console, &slog.HandlerOptions{Level: slog.LevelWarn}))})
}

// errEnd ends the reading of a stream.
var errEnd = errors.New("end")

// eachRecord gives the records of a stream within the bounds of r to fn; without r
// all of them.
func eachRecord[T bus.Record](ctx context.Context, b *bus.Bus, r *replay, stream string, article func(*T) *schemas.Article, fn func(*T) error) error {
	last, err := b.LastKept(ctx, stream)
	if err != nil || last == 0 {
		return err
	}
	var since, until bound
	if r != nil {
		since, until = r.options.since, r.options.until
	}
	if until.sequence > 0 {
		last = min(last, until.sequence)
	}
	cfg := bus.ReadConfig{Stream: stream, Since: max(since.sequence, 1) - 1}
	if cfg.Since >= last {
		return nil
	}
	if since.sequence == 0 {
		cfg.Since = 0
	}
	cfg.Passed = func(uint64) {
		if r != nil {
			r.failed++
		}
	}
	err = bus.Read(ctx, b, cfg, func(ctx context.Context, batch []bus.Received[T]) error {
		for _, rec := range batch {
			if rec.Sequence > last {
				return errEnd
			}
			if r == nil || inDays(article(rec.Record), since.day, until.day) {
				if err := fn(rec.Record); err != nil {
					if r == nil {
						return err
					}
					r.console.progress("")
					fmt.Fprintf(r.std.err, "claimwire replay: %s %d: %s\n", stream, rec.Sequence, printable(err.Error()))
					r.failed++
				}
			}
			if r != nil {
				r.show(int64(rec.Sequence), int64(last))
			}
			if rec.Sequence == last {
				return errEnd
			}
		}
		return nil
	})
	if errors.Is(err, errEnd) {
		return nil
	}
	return err
}

// inDays reports whether an article was fetched, or else published, in a range of
// days; "" leaves an end open.
func inDays(a *schemas.Article, since, until string) bool {
	day := a.PublishedAt
	if a.FetchedAt != nil {
		day = a.FetchedAt.UTC().Format(time.DateOnly)
	}
	day = day[:min(len(day), 10)]
	return day >= since && (until == "" || day <= until)
}
