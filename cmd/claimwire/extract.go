package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/fetcher/readable"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var extractCommand = command{
	name: "extract", args: "FILE|URL|-…",
	summary: "Read claims out of a file, a page or a batch of articles",
	help: `
FILE is an HTML page, a plain text, or Article records, one JSON object a line
(id, text and published_at are enough); "-" reads the same from standard input.
Of several the claims are those of all articles together: what two of them say is
one claim.

  claimwire extract story.html                      final claims, one JSON object a line
  claimwire extract --format text story.txt         for people
  claimwire extract monday/*.html notes.txt         of several files and addresses
  claimwire extract --explain story.txt             and why each figure was read as it was, with the tree of its sentence
  claimwire extract --format extraction batch.jsonl one Extraction an article, in input order
  claimwire extract --format conllu batch.jsonl     tokens, tags and trees as CoNLL-U

A line that cannot be read is reported with its number, one of several files with
its name; the others are done, and the exit code is 1.`,
	run: runExtract,
}

// extractOptions are the flags of extract.
type extractOptions struct {
	format    string
	nlp       string
	names     string
	parse     string
	published string
	lan       bool
	explain   bool
}

func runExtract(ctx context.Context, c *command, std stdio, args []string) error {
	var o extractOptions
	fs := newFlags(c, std)
	fs.StringVar(&o.format, "format", "claims", "`kind` of output: claims, extraction, conllu or text")
	fs.BoolVar(&o.explain, "explain", false, "say of each figure which rules made it and where its slots come from; implies --format text")
	fs.StringVar(&o.nlp, "nlp", config.DefaultNLP, "language `core`: own or prose")
	fs.StringVar(&o.names, "names", "", "YAML `file` of names, types, countries, keys and aliases that texts are read with")
	fs.StringVar(&o.parse, "parse", config.DefaultParse, "dependency trees of sentences with figures (with conllu, of all): on or off; off is faster and reads fewer agents")
	fs.StringVar(&o.published, "published", "", "publication `date` of a text or page that gives none, as 2006-01-02")
	fs.BoolVar(&o.lan, "allow-private", false, "fetch a URL on a private or loopback address")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usagef("want a FILE, URL or -")
	}
	if n := len(slices.DeleteFunc(slices.Clone(rest), func(src string) bool { return src != "-" })); n > 1 {
		return usagef("standard input can be read once, not %d times", n)
	}
	if o.explain {
		fs.Visit(func(f *flag.Flag) {
			if f.Name == "format" && o.format != "text" {
				err = usagef("--explain goes with --format text, not with %s", o.format)
			}
		})
		if err != nil {
			return err
		}
		o.format = "text"
	}
	write, ok := map[string]func(io.Writer) articleWriter{
		"claims": newClaimWriter, "extraction": newExtractionWriter, "conllu": newConlluWriter,
		"text": func(w io.Writer) articleWriter { return textWriter{w, o.explain} },
	}[o.format]
	if !ok {
		return usagef("no format %q: there are claims, extraction, conllu and text", o.format)
	}
	if !slices.Contains(config.Cores, o.nlp) {
		return usagef("no language core %q: there are %s", o.nlp, strings.Join(config.Cores, " and "))
	}
	if !slices.Contains(config.Parsers, o.parse) {
		return usagef("--parse %q: there are %s", o.parse, strings.Join(config.Parsers, " and "))
	}
	if o.format == "conllu" && o.parse == english.ParseOn {
		o.parse = english.ParseAll
	}
	if _, err := time.Parse(time.DateOnly, o.published); o.published != "" && err != nil {
		return usagef("--published %q: want a date such as 2006-01-02", o.published)
	}
	reader, err := newReader(o.nlp, o.parse, o.names)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(std.out, 1<<16)
	job := &extractJob{options: o, std: std, reader: reader, writer: write(out)}
	if err := job.all(ctx, rest); err != nil {
		return errors.Join(err, out.Flush())
	}
	if err := job.writer.finish(); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if job.failed > 0 {
		fmt.Fprintf(std.err, "claimwire extract: %d of %d articles could not be read\n", job.failed, job.failed+job.done)
		return errReported
	}
	return nil
}

// newReader returns an extractor with this language core and this file of names,
// "" for none.
func newReader(nlp, parse, names string) (*english.Extractor, error) {
	cfg := english.Config{NLP: nlp, Parse: parse, Program: program()}
	if names != "" {
		var err error
		if cfg.Names, err = config.ReadNames(names); err != nil {
			return nil, err
		}
	}
	return english.New(cfg)
}

// An articleWriter writes articles in one output format.
type articleWriter interface {
	article(e *english.Extractor, a schemas.Article) error
	finish() error
}

// An extractJob is one run of the command.
type extractJob struct {
	options      extractOptions
	std          stdio
	reader       *english.Extractor
	writer       articleWriter
	done, failed int
}

// all reads several sources. One that cannot be read does not stop the others; a
// single one is the command's own failure.
func (j *extractJob) all(ctx context.Context, sources []string) error {
	for _, src := range sources {
		err := j.read(ctx, src)
		if err == nil {
			continue
		}
		if len(sources) == 1 || ctx.Err() != nil || errors.Is(err, errOutput) {
			return err
		}
		fmt.Fprintf(j.std.err, "claimwire extract: %s: %s\n", printable(src), printable(err.Error()))
		j.failed++
	}
	return nil
}

func (j *extractJob) read(ctx context.Context, src string) error {
	if strings.HasPrefix(src, "http://") || strings.HasPrefix(src, "https://") {
		f, err := fetcher.New(fetcher.Config{UserAgent: program(), AllowPrivate: j.options.lan})
		if err != nil {
			return err
		}
		a, err := f.Page(ctx, src)
		if errors.Is(err, fetcher.ErrBlocked) {
			return fmt.Errorf("%w; --allow-private lets it through", err)
		}
		if err != nil {
			return err
		}
		return j.one(a, src)
	}
	in, name := j.std.in, "standard input"
	if src != "-" {
		f, err := os.Open(src)
		if err != nil {
			return err
		}
		defer f.Close()
		in, name = f, filepath.Base(src)
	}
	r := bufio.NewReaderSize(in, 1<<16)
	if looksLikeJSON(r) {
		return j.lines(ctx, r, name)
	}
	data, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if kind := http.DetectContentType(data); len(data) > 0 && !strings.HasPrefix(kind, "text/") {
		return fmt.Errorf("%s: %s, neither a page nor a text nor JSON lines", name, kind)
	}
	a, err := readable.File(data, time.Now())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return j.one(a, name)
}

// one reads a single article, whose failure is the failure of the command.
func (j *extractJob) one(a schemas.Article, name string) error {
	if a.PublishedAt == "" {
		a.PublishedAt = j.options.published
	}
	if a.PublishedAt == "" {
		fmt.Fprintf(j.std.err, "claimwire extract: %s gives no publication date: times such as \"Tuesday\" stay open; --published sets it\n", printable(name))
	}
	if err := j.writer.article(j.reader, a); err != nil {
		return err
	}
	j.done++
	return nil
}

// looksLikeJSON peeks at the first character that is no white space.
func looksLikeJSON(r *bufio.Reader) bool {
	head, _ := r.Peek(512)
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	return len(head) > 0 && head[0] == '{'
}

// maxLine bounds one line of Article JSONL: 1 MiB of text, escaped at worst.
const maxLine = 8 << 20

// lines reads Article records, one a line.
func (j *extractJob) lines(ctx context.Context, r *bufio.Reader, name string) error {
	for n := 1; ; n++ {
		line, err := readLine(r)
		if err == io.EOF {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
			if len(line) == 0 {
				continue
			}
			err = j.line(line)
		}
		if err != nil {
			if errors.Is(err, errOutput) {
				return err
			}
			fmt.Fprintf(j.std.err, "claimwire extract: %s:%d: %s\n", printable(name), n, printable(err.Error()))
			j.failed++
			continue
		}
		j.done++
	}
}

func (j *extractJob) line(line []byte) error {
	var a schemas.Article
	if err := a.ReadJSON(line); err != nil {
		return fmt.Errorf("no Article: %w", err)
	}
	return j.writer.article(j.reader, a)
}

// readLine returns the next line without its end. A line over maxLine is skipped
// with an error; io.EOF comes only after the last line.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if !long {
			line = append(line, part...)
		}
		if len(line) > maxLine {
			long, line = true, nil
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case long:
			return nil, fmt.Errorf("line of over %d bytes", maxLine)
		case err == io.EOF && len(line) > 0:
			return line, nil
		case err != nil:
			return nil, err
		}
		return line, nil
	}
}

// errOutput marks a failure to write, which ends the command.
var errOutput = errors.New("output")

// A jsonWriter writes one object a line.
type jsonWriter struct {
	w   io.Writer
	enc *json.Encoder
	buf *[]byte
}

func newJSONWriter(w io.Writer) jsonWriter {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return jsonWriter{w, enc, new([]byte)}
}

// write writes v; a record by its own means, which saves a second pass over it.
func (w jsonWriter) write(v any) error {
	err := error(nil)
	if record, ok := v.(interface{ AppendJSON(b []byte) []byte }); ok {
		*w.buf = append(record.AppendJSON((*w.buf)[:0]), '\n')
		_, err = w.w.Write(*w.buf)
	} else {
		err = w.enc.Encode(v)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errOutput, err)
	}
	return nil
}

// An extractionWriter writes Extractions.
type extractionWriter struct{ jsonWriter }

func newExtractionWriter(w io.Writer) articleWriter { return extractionWriter{newJSONWriter(w)} }

func (w extractionWriter) article(e *english.Extractor, a schemas.Article) error {
	x, err := e.Extract(a)
	if err != nil {
		return err
	}
	return w.write(&x)
}

func (w extractionWriter) finish() error { return nil }

// A claimWriter collects Extractions and writes the final claims of all of them.
type claimWriter struct {
	jsonWriter
	extractions []schemas.Extraction
}

func newClaimWriter(w io.Writer) articleWriter { return &claimWriter{jsonWriter: newJSONWriter(w)} }

func (w *claimWriter) article(e *english.Extractor, a schemas.Article) error {
	x, err := e.Extract(a)
	if err != nil {
		return err
	}
	w.extractions = append(w.extractions, x)
	return nil
}

func (w *claimWriter) finish() error {
	claims, _, err := normalizer.Batch(w.extractions)
	if err != nil {
		return err
	}
	for i := range claims {
		if err := w.write(&claims[i]); err != nil {
			return err
		}
	}
	return nil
}
