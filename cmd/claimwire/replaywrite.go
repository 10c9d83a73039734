package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
)

// A manifest is everything that determines the result of a replay, and the result
// in one line: two runs of equal inputs, readers and reviews have equal digests.
type manifest struct {
	Program    string           `json:"program"`           // the program and its version
	Binary     string           `json:"binary"`            // SHA-256 of the executable; empty if it cannot be read
	Go         string           `json:"go"`                // version of the toolchain and its tables
	Platform   string           `json:"platform"`          // the result does not depend on it
	Articles   int              `json:"articles"`          // extractions that were used
	Input      string           `json:"input"`             // SHA-256 over the sorted hashes of them
	Readers    []schemas.MadeBy `json:"readers"`           // programs, models and gazetteers that read the articles
	ReExtract  bool             `json:"re_extract"`        // articles of extractions were read anew
	Reviews    int              `json:"reviews"`           // decisions that were heeded
	ReviewHash string           `json:"review_hash"`       // SHA-256 over the sorted hashes of them
	Final      string           `json:"final"`             // what makes claims final
	TimeZones  string           `json:"time_zones"`        // dates are taken as the articles print them
	Schema     string           `json:"schema_version"`    // of the records
	Claims     int              `json:"claims"`            // of the result
	Digest     string           `json:"digest"`            // SHA-256 over the claims as RFC 8785 JSON, by id
	Written    *time.Time       `json:"written,omitempty"` // when; determines nothing
}

func (r *replay) manifest(claims int, digest string) manifest {
	m := manifest{
		Program: program(), Binary: binaryHash(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Articles: len(r.extractions), Readers: []schemas.MadeBy{}, ReExtract: r.options.reextract, Reviews: len(r.reviews),
		Final: "the end of the input", TimeZones: "none", Schema: schemas.Version, Claims: claims, Digest: digest,
	}
	var sums []string
	for i := range r.extractions {
		sums = append(sums, schemas.SHA256(string(r.extractions[i].AppendJSON(nil))))
	}
	m.Input = hashOfHashes(sums)
	sums = nil
	for i := range r.reviews {
		if b, err := json.Marshal(&r.reviews[i]); err == nil {
			sums = append(sums, schemas.SHA256(string(b)))
		}
	}
	m.ReviewHash = hashOfHashes(sums)
	for _, k := range slices.Sorted(maps.Keys(r.made)) {
		m.Readers = append(m.Readers, r.made[k])
	}
	now := time.Now().UTC().Truncate(time.Second)
	m.Written = &now
	return m
}

func hashOfHashes(sums []string) string {
	slices.Sort(sums)
	h := sha256.New()
	for _, s := range sums {
		io.WriteString(h, s+"\n")
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

func binaryHash() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// write makes the claims and puts them where they are wanted.
func (r *replay) write(ctx context.Context) error {
	var claims int
	var digest string
	var err error
	if r.options.into != "" {
		claims, digest, err = r.fill(ctx)
	} else {
		claims, digest, err = r.print()
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(r.std.err, "claimwire replay: %d articles, %d reviews, %d claims, digest %s\n", len(r.extractions), len(r.reviews), claims, digest)
	if r.refused > 0 {
		fmt.Fprintf(r.std.err, "claimwire replay: %d figures or statements left out, which their articles do not prove\n", r.refused)
	}
	if r.options.manifest == "" {
		return nil
	}
	b, err := json.MarshalIndent(r.manifest(claims, digest), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(r.options.manifest, append(b, '\n'), 0o644)
}

func (r *replay) print() (int, string, error) {
	claims, _, err := normalizer.Batch(r.extractions, r.reviews...)
	if err != nil {
		return 0, "", err
	}
	out := bufio.NewWriterSize(r.std.out, 1<<16)
	w := newJSONWriter(out)
	for i := range claims {
		if err := w.write(&claims[i]); err != nil {
			return 0, "", err
		}
	}
	if err := out.Flush(); err != nil {
		return 0, "", err
	}
	digest, err := normalizer.Digest(claims)
	return len(claims), digest, err
}

// fill runs the later stages on a folder, as an instance does with articles that
// arrive. What the folder has already is not doubled.
func (r *replay) fill(ctx context.Context) (claims int, digest string, err error) {
	var s config.Settings
	s.Register(flag.NewFlagSet("replay", flag.ContinueOnError)) // defaults
	s.DataDir, s.Listen = r.options.into, ""
	s.Stages = config.List{"normalizer", "sink"}
	in, err := openInstance(ctx, &s, nil, slog.New(slog.NewTextHandler(r.console, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return 0, "", err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	in.once = true
	in.source = func(ctx context.Context) error {
		if err := in.bus.PublishReviews(ctx, r.reviews); err != nil {
			return err
		}
		for rest := r.extractions; len(rest) > 0; {
			batch := rest[:min(benchBatch, len(rest))]
			rest = rest[len(batch):]
			articles := make([]schemas.Article, len(batch))
			for i := range batch {
				articles[i] = batch[i].Article
			}
			if err := in.emit(ctx, articles); err != nil {
				return err
			}
			left := slices.DeleteFunc(slices.Clone(batch), func(x schemas.Extraction) bool {
				_, gone := in.purges.article(&x.Article)
				return gone
			})
			if err := in.bus.PublishExtractions(ctx, left); err != nil {
				return err
			}
		}
		return nil
	}
	stop := showStatus(in, r.console)
	err = in.run(ctx)
	stop()
	if err != nil {
		return 0, "", err
	}
	st, err := in.normal.Stats(ctx)
	if err != nil {
		return 0, "", err
	}
	digest, err = in.normal.Digest(ctx)
	return st.Claims, digest, err
}
