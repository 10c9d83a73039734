package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/eval"
	"github.com/claimwire/claimwire/extractor/english"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

var evalCommand = command{
	name: "eval", args: "GOLD.jsonl ARTICLES.jsonl",
	summary: "Score the extractor against articles that you have annotated",
	help: `
ARTICLES.jsonl holds Article records, one JSON object a line. GOLD.jsonl holds for
each of them what a person reads in it: doc (the article's id), entities,
quantities, times and statements, with offsets in code points of the text.
cmd/internal/eval/testdata holds an example.

  claimwire eval gold.jsonl articles.jsonl              scores, and how far confidences can be trusted
  claimwire eval --errors 5 gold.jsonl articles.jsonl   and five mistakes of each kind
  claimwire eval --json gold.jsonl articles.jsonl       one JSON object

Articles without annotation are left out. "CLAIM core" is right if the figure,
its comparator, unit, noun, category and rate are; "CLAIM full" if every slot is.`,
	run: runEval,
}

func runEval(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	perGroup := fs.Int("errors", 0, "`number` of mistakes to print of each kind")
	asJSON := fs.Bool("json", false, "print one JSON object")
	nlp := fs.String("nlp", config.DefaultNLP, "language `core`: own or prose")
	names := fs.String("names", "", "YAML `file` of names, types, countries, keys and aliases that texts are read with")
	trees := fs.String("parse", config.DefaultParse, "dependency trees of sentences with figures: on or off")
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) != 2 {
		return usagef("want GOLD.jsonl and ARTICLES.jsonl, not %d files", len(rest))
	}
	golds, err := readGold(rest[0])
	if err != nil {
		return err
	}
	reader, err := newReader(*nlp, *trees, *names)
	if err != nil {
		return err
	}
	run := evalRun{reader: reader, golds: golds, extractions: map[string]schemas.Extraction{}}
	if err := run.read(ctx, rest[1]); err != nil {
		return err
	}
	claims, _, err := normalizer.Batch(run.list)
	if err != nil {
		return err
	}
	for _, id := range run.missing() {
		fmt.Fprintf(std.err, "claimwire eval: no article %s: all that is annotated in it counts as missed\n", printable(id))
	}
	report := eval.Score(golds, run.extractions, claims)
	if *asJSON {
		enc := json.NewEncoder(std.out)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			NLP string `json:"nlp"`
			eval.Report
		}{*nlp, report})
	}
	return report.Print(std.out, *perGroup, printable)
}

func readGold(path string) ([]eval.Gold, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	golds, err := eval.ReadGold(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return golds, nil
}

// An evalRun reads the annotated articles.
type evalRun struct {
	reader      *english.Extractor
	golds       []eval.Gold
	extractions map[string]schemas.Extraction
	list        []schemas.Extraction // in the order of the file
}

func (r *evalRun) read(ctx context.Context, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	gold := map[string]*eval.Gold{}
	for i := range r.golds {
		gold[r.golds[i].Doc] = &r.golds[i]
	}
	lines := bufio.NewReaderSize(f, 1<<16)
	for n := 1; ; n++ {
		line, err := readLine(lines)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil && strings.TrimSpace(string(line)) != "" {
			err = r.article(line, gold)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
}

// article reads one line; articles without annotation are left out.
func (r *evalRun) article(line []byte, gold map[string]*eval.Gold) error {
	var a schemas.Article
	if err := json.Unmarshal(line, &a); err != nil {
		return fmt.Errorf("no Article: %w", err)
	}
	g := gold[a.ID]
	if g == nil {
		return nil
	}
	if err := g.Check(a.Text); err != nil {
		return err
	}
	if _, ok := r.extractions[a.ID]; ok {
		return fmt.Errorf("article %s comes twice", a.ID)
	}
	x, err := r.reader.Extract(a)
	if err != nil {
		return err
	}
	r.extractions[a.ID] = x
	r.list = append(r.list, x)
	return nil
}

// missing lists the annotated articles that did not come.
func (r *evalRun) missing() []string {
	var ids []string
	for i := range r.golds {
		if _, ok := r.extractions[r.golds[i].Doc]; !ok {
			ids = append(ids, r.golds[i].Doc)
		}
	}
	return ids
}
