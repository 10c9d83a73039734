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
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/fetcher"
	"github.com/claimwire/claimwire/fetcher/feed"
)

var feedsCommand = command{
	name: "feeds", args: "check|discover|add|import|export|skipped …",
	summary: "Find, check and list feeds",
	help: `
  claimwire feeds discover https://example.com      the feeds of a site
  claimwire feeds check URL… | list.opml | list.txt one line a feed: rhythm, robots.txt, repairs, advice
  claimwire feeds add URL…                          show what would come in, and add to the settings file
  claimwire feeds import list.opml                  add all feeds of a list to the settings file
  claimwire feeds export > list.opml                the feeds of the settings file
  claimwire feeds skipped --data-dir DIR            what did not come, by feed and reason

The settings file is claimwire.yaml unless --config or CLAIMWIRE_CONFIG names
another. check and add ask each feed once, and remember nothing. A running
instance with that settings file heeds the change.`,
	run: runFeeds,
}

// feedsOptions are the flags of feeds.
type feedsOptions struct {
	file    string
	dataDir string
	json    bool
	dry     bool
	lan     bool
	agent   string
}

func runFeeds(ctx context.Context, c *command, std stdio, args []string) error {
	o := feedsOptions{file: os.Getenv("CLAIMWIRE_CONFIG")}
	if o.file == "" {
		o.file = "claimwire.yaml"
	}
	flags := newFlags(c, std)
	flags.StringVar(&o.file, "config", o.file, "settings `file`")
	flags.StringVar(&o.dataDir, "data-dir", "claimwire-data", "`folder` that claimwire run uses, for skipped")
	flags.BoolVar(&o.json, "json", false, "print one JSON object a line")
	flags.BoolVar(&o.dry, "dry-run", false, "with add: show what would come in and add nothing")
	flags.BoolVar(&o.lan, "allow-private", false, "reach private and loopback addresses")
	flags.StringVar(&o.agent, "user-agent", program(), "how to name ourselves")
	rest, err := parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usagef("want one of check, discover, add, import, export, skipped")
	}
	verbs := map[string]func(context.Context, stdio, *feedsOptions, []string) error{
		"check": feedsCheck, "discover": feedsDiscover, "add": feedsAdd, "import": feedsImport, "export": feedsExport, "skipped": feedsSkipped,
	}
	run := verbs[rest[0]]
	if run == nil {
		return usagef("feeds %q: want one of check, discover, add, import, export, skipped", rest[0])
	}
	return run(ctx, std, &o, rest[1:])
}

func (o *feedsOptions) fetcher() (*fetcher.Fetcher, error) {
	return fetcher.New(fetcher.Config{UserAgent: o.agent, AllowPrivate: o.lan, Retries: 1})
}

// settings returns the feeds of the settings file; none if there is no file.
func (o *feedsOptions) settings() (config.List, error) {
	var s config.Settings
	flags := flag.NewFlagSet("settings", flag.ContinueOnError)
	s.Register(flags)
	s.File = o.file
	if _, err := os.Stat(o.file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	err := s.Load(flags, nil)
	return s.Feeds, err
}

// subscriptions reads what the arguments name: addresses, OPML lists, and text
// files with an address a line. Without arguments it is the settings file's.
func (o *feedsOptions) subscriptions(args []string) ([]feed.Subscription, error) {
	var out []feed.Subscription
	for _, a := range args {
		if strings.Contains(a, "://") {
			out = append(out, feed.Subscription{URL: a})
			continue
		}
		raw, err := os.ReadFile(a)
		if err != nil {
			return nil, err
		}
		subs, err := feed.ReadOPML(raw)
		if err != nil {
			if bytes.Contains(raw[:min(len(raw), 1000)], []byte("<opml")) {
				return nil, fmt.Errorf("%s: %w", a, err)
			}
			subs = nil
			for l := range strings.Lines(string(raw)) {
				if l = strings.TrimSpace(l); l != "" && l[0] != '#' {
					subs = append(subs, feed.Subscription{URL: l})
				}
			}
		}
		out = append(out, subs...)
	}
	if len(args) > 0 {
		return out, nil
	}
	urls, err := o.settings()
	for _, u := range urls {
		out = append(out, feed.Subscription{URL: u})
	}
	return out, err
}

// A checked feed is what one line of the table says.
type checked struct {
	fetcher.Report
	Error string `json:",omitempty"`
}

func feedsCheck(ctx context.Context, std stdio, o *feedsOptions, args []string) error {
	subs, err := o.subscriptions(args)
	if err != nil {
		return err
	}
	if len(subs) == 0 {
		return usagef("no feeds: name some, or a list, or a settings file with --config")
	}
	f, err := o.fetcher()
	if err != nil {
		return err
	}
	found := checkAll(ctx, f, subs, newConsole(std.err))
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.json {
		enc := json.NewEncoder(std.out)
		for _, r := range found {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	} else if err := printChecked(std.out, found); err != nil {
		return err
	}
	for _, r := range found {
		if r.Error != "" {
			return errReported
		}
	}
	return nil
}

// checkers is how many feeds are asked at a time; the fetcher sees to hosts.
const checkers = 16

// checkAll checks feeds, in the order of the list, and shows how far it is.
func checkAll(ctx context.Context, f *fetcher.Fetcher, subs []feed.Subscription, screen *console) []checked {
	out := make([]checked, len(subs))
	next := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex // owns done
	done := 0
	for range min(checkers, len(subs)) {
		wg.Go(func() {
			for i := range next {
				r, err := f.Check(ctx, subs[i].URL)
				out[i].Report = r
				if err != nil {
					out[i].Error = strings.TrimPrefix(err.Error(), r.URL+": ")
				}
				mu.Lock()
				done++
				if screen.terminal {
					screen.progress(fmt.Sprintf("%d of %d feeds checked", done, len(subs)))
				}
				mu.Unlock()
			}
		})
	}
	for i := range subs {
		next <- i
	}
	close(next)
	wg.Wait()
	screen.progress("")
	return out
}

func printChecked(w io.Writer, found []checked) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "STATUS\tKIND\tITEMS\tEVERY\tLAST ITEM\tROBOTS\tREPAIRS\tFEED\tADVICE")
	for _, r := range found {
		status, advice := "ok", strings.Join(r.Advice, "; ")
		if r.Error != "" {
			status, advice = "failed", r.Error
			if len(r.Feeds) > 0 {
				advice = "use " + strings.Join(r.Feeds, " or ")
			}
		}
		var repairs []string
		for _, p := range r.Repairs {
			repairs = append(repairs, fmt.Sprintf("%s %d", p.Kind, p.Count))
		}
		fields := []string{
			status, string(r.Kind), fmt.Sprint(r.Items), short(r.Rhythm), day(r.Newest), r.Robots, strings.Join(repairs, ", "), r.URL, advice,
		}
		for i := range fields {
			if fields[i] = printable(fields[i]); fields[i] == "" {
				fields[i] = "-"
			}
		}
		fmt.Fprintln(tw, strings.Join(fields, "\t"))
	}
	return tw.Flush()
}

// short is a rhythm for people.
func short(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

func day(s string) string { return s[:min(len(s), 10)] }

func feedsDiscover(ctx context.Context, std stdio, o *feedsOptions, args []string) error {
	if len(args) == 0 {
		return usagef("want: feeds discover SITE…")
	}
	f, err := o.fetcher()
	if err != nil {
		return err
	}
	for _, site := range args {
		found, err := f.Discover(ctx, site)
		if err != nil {
			return err
		}
		for _, u := range found {
			fmt.Fprintln(std.out, printable(u))
		}
	}
	return nil
}

func feedsAdd(ctx context.Context, std stdio, o *feedsOptions, args []string) error {
	if len(args) == 0 {
		return usagef("want: feeds add URL…")
	}
	f, err := o.fetcher()
	if err != nil {
		return err
	}
	var good []string
	for _, u := range args {
		r, err := f.Check(ctx, u)
		if err != nil {
			if len(r.Feeds) > 0 {
				return fmt.Errorf("%w; add one of these: %s", err, strings.Join(r.Feeds, " "))
			}
			return err
		}
		preview(std.out, &r)
		if r.Moved != "" && !strings.Contains(u, "@") { // its password may not hold there
			u = r.Moved
		}
		good = append(good, u)
	}
	if o.dry {
		return nil
	}
	return o.add(std, good)
}

func preview(w io.Writer, r *fetcher.Report) {
	fmt.Fprintf(w, "%s: %s, %d items, polled every %s, robots.txt: %s\n", printable(r.URL), printable(r.Title), r.Items, short(r.Interval), r.Robots)
	for _, it := range r.Preview {
		fmt.Fprintf(w, "  %s  %s\n", printable(day(it.Published)), printable(it.Title))
	}
	for _, a := range r.Advice {
		fmt.Fprintf(w, "  note: %s\n", printable(a))
	}
}

// add puts feeds into the settings file.
func (o *feedsOptions) add(std stdio, urls []string) error {
	added, err := config.AddFeeds(o.file, urls)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "%d feeds added to %s, %d were in it\n", len(added), o.file, len(urls)-len(added))
	return nil
}

func feedsImport(_ context.Context, std stdio, o *feedsOptions, args []string) error {
	if len(args) == 0 {
		return usagef("want: feeds import list.opml…")
	}
	subs, err := o.subscriptions(args)
	if err != nil {
		return err
	}
	var urls []string
	for _, s := range subs {
		urls = append(urls, s.URL)
	}
	return o.add(std, urls)
}

func feedsExport(_ context.Context, std stdio, o *feedsOptions, args []string) error {
	if len(args) > 0 {
		return usagef("feeds export takes no arguments")
	}
	subs, err := o.subscriptions(nil)
	if err != nil {
		return err
	}
	if len(subs) == 0 {
		return fmt.Errorf("no feeds in %s", o.file)
	}
	return feed.WriteOPML(std.out, "claimwire", subs)
}

func feedsSkipped(_ context.Context, std stdio, o *feedsOptions, args []string) error {
	if len(args) > 0 {
		return usagef("feeds skipped takes no arguments")
	}
	states, err := fetcher.ReadState(filepath.Join(o.dataDir, "fetcher"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no feeds were polled in %s: name the folder that 'claimwire run' uses with --data-dir", o.dataDir)
	}
	if err != nil {
		return err
	}
	if o.json {
		enc := json.NewEncoder(std.out)
		for _, s := range states {
			if err := enc.Encode(s); err != nil {
				return err
			}
		}
		return nil
	}
	for _, s := range states {
		var counts []string
		for _, r := range slices.Sorted(maps.Keys(s.Skips)) {
			counts = append(counts, fmt.Sprintf("%s %d", r, s.Skips[r]))
		}
		state := strings.Join(counts, ", ")
		switch {
		case s.Gone:
			state = join("; ", "gone for good", state)
		case s.Failures > 0:
			state = join("; ", fmt.Sprintf("failed %d times: %s", s.Failures, s.Reason), state)
		case state == "":
			state = "nothing skipped"
		}
		fmt.Fprintf(std.out, "%s: %s\n", printable(s.URL), printable(state))
		for _, k := range s.Skipped {
			fmt.Fprintf(std.out, "  %s  %-8s  %s\n", k.At.Format(time.DateTime), k.Reason, printable(k.URL))
		}
	}
	return nil
}
