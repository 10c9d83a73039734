package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/fetcher/warc"
	"github.com/claimwire/claimwire/schemas"
)

var backfillCommand = command{
	name: "backfill", args: "SITE",
	summary: "Get the articles that a site published since a date",
	help: `
  claimwire backfill https://example.com --since 2025-10-01 --url http://127.0.0.1:8417
  claimwire backfill https://example.com --since 2025-10-01 > articles.jsonl
  claimwire backfill https://example.com/archive.atom --since 2025-10-01 | claimwire extract -

Walks the sitemaps that robots.txt names, or the pages of an archived feed, with
the same pauses and rules as feeds. With --url the articles go to a running
instance, otherwise to standard output, one a line. With --dir it remembers there
what is done, so that the same command goes on after an interruption, and
keeps an archive of what it got.`,
	run: runBackfill,
}

// backfillOptions are the flags of backfill.
type backfillOptions struct {
	since, until dayFlag
	limit        int
	url, token   string
	dir          string
	lan          bool
	agent        string
}

// A dayFlag is a date or an RFC 3339 time.
type dayFlag struct{ time.Time }

func (d *dayFlag) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.RFC3339)
}

func (d *dayFlag) Set(s string) (err error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if d.Time, err = time.Parse(layout, s); err == nil {
			return nil
		}
	}
	return errors.New("want a date like 2025-10-01")
}

func runBackfill(ctx context.Context, c *command, std stdio, args []string) error {
	var o backfillOptions
	flags := newFlags(c, std)
	flags.Var(&o.since, "since", "first `date` that is wanted")
	flags.Var(&o.until, "until", "last `date` that is wanted (default: today)")
	flags.IntVar(&o.limit, "limit", 0, "pages at most (default: all)")
	flags.StringVar(&o.url, "url", "", "`URL` of a running instance that takes the articles")
	flags.StringVar(&o.dir, "dir", "", "`folder` for what is done and for the archive")
	flags.BoolVar(&o.lan, "allow-private", false, "reach private and loopback addresses")
	flags.StringVar(&o.agent, "user-agent", program(), "how to name ourselves")
	token := tokenFlag(flags)
	rest, err := parse(flags, args)
	if err != nil {
		return err
	}
	o.token = *token
	if len(rest) != 1 || o.since.IsZero() {
		return usagef("want: backfill SITE --since DATE")
	}
	if !strings.Contains(rest[0], "://") {
		rest[0] = "https://" + rest[0]
	}
	return o.run(ctx, std, rest[0])
}

func (o *backfillOptions) run(ctx context.Context, std stdio, site string) (err error) {
	screen := newConsole(std.err)
	cfg := fetcher.Config{UserAgent: o.agent, AllowPrivate: o.lan, Logger: slog.New(slog.NewTextHandler(screen, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	if o.dir != "" {
		cfg.StateDir = filepath.Join(o.dir, "fetcher")
		if cfg.Archive, err = warc.Open(warc.Config{Dir: archiveDir(o.dir), Software: program(), Logger: cfg.Logger}); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cfg.Archive.Close()) }()
	}
	f, err := fetcher.New(cfg)
	if err != nil {
		return err
	}
	bf := fetcher.BackfillConfig{Since: o.since.Time, Limit: o.limit}
	if !o.until.IsZero() {
		bf.Until = o.until.AddDate(0, 0, 1).Add(-time.Nanosecond)
	}
	if screen.terminal {
		bf.Progress = func(sitemaps, articles int) {
			screen.progress(fmt.Sprintf("%d sitemaps read, %d articles", sitemaps, articles))
		}
	}
	out := o.output(std.out)
	stats, err := f.Backfill(ctx, site, bf, out, func(_ context.Context, l schemas.DeadLetter) error {
		fmt.Fprintf(screen, "%s\n", printable(l.Reason))
		return nil
	})
	screen.progress("")
	fmt.Fprintln(std.err, backfillLine(stats))
	return err
}

func backfillLine(s fetcher.BackfillStats) string {
	line := fmt.Sprintf("%d sitemaps, %d pages listed, %d wanted, %d articles", s.Sitemaps, s.Listed, s.Wanted, s.Articles)
	for _, r := range slices.Sorted(maps.Keys(s.Skipped)) {
		if n := s.Skipped[r]; n > 0 {
			line += fmt.Sprintf(", %s %d", r, n)
		}
	}
	if s.Undated > 0 {
		line += fmt.Sprintf(", undated and left out %d", s.Undated)
	}
	if s.Foreign > 0 {
		line += fmt.Sprintf(", on other sites and left out %d", s.Foreign)
	}
	return line
}

// output returns where articles go.
func (o *backfillOptions) output(w io.Writer) fetcher.Emit {
	if o.url != "" {
		address := strings.TrimRight(o.url, "/") + "/api/v1/articles"
		return func(ctx context.Context, articles []schemas.Article) error {
			for i := range articles {
				if err := postArticle(ctx, address, o.token, &articles[i]); err != nil {
					return err
				}
			}
			return nil
		}
	}
	var mu sync.Mutex // one line at a time
	return func(_ context.Context, articles []schemas.Article) error {
		mu.Lock()
		defer mu.Unlock()
		b := bufio.NewWriter(w)
		enc := json.NewEncoder(b)
		for i := range articles {
			if err := enc.Encode(&articles[i]); err != nil {
				return err
			}
		}
		return b.Flush()
	}
}

// postArticle gives an article to a running instance.
func postArticle(ctx context.Context, address, token string, a *schemas.Article) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return usageError{err}
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("%w; is 'claimwire run' up, and --url its address?", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 == 2 {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
	return fmt.Errorf("article %s: %s: %s", a.ID, resp.Status, body)
}
