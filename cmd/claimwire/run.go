package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
)

var runCommand = command{
	name: "run", args: "[FEED…]",
	summary: "Poll feeds and keep the claims of their articles",
	help: `
  claimwire run --sample                        five invented publishers, nothing else needed
  claimwire run --sample --once                 the same, and exit after the last claim
  claimwire run https://example.com/feed.xml    one's own feeds
  claimwire run --config claimwire.yaml         settings from a file
  claimwire run --config claimwire.yaml --dry-run
  claimwire run --nats nats://host:4222 --stages extractor

Without --nats an embedded NATS server keeps the streams in the data folder.
The web page and the HTTP API are on http://127.0.0.1:8417 unless --listen says
otherwise. Every flag is also CLAIMWIRE_NAME in the environment and a key of the
settings file. Feeds that come into the settings file or leave it are heeded while
it runs, and so are changes of the file of webhooks; the log names settings that
wait for the next start. SIGHUP has both read at once.`,
	run: runRun,
}

// runOptions are the flags of run that are no settings.
type runOptions struct {
	sample bool
	once   bool
	dry    bool
	pace   time.Duration
}

// readSettings reads the flags, the environment and the settings file.
func readSettings(c *command, std stdio, args []string) (*config.Settings, *runOptions, *flag.FlagSet, error) {
	s, o := new(config.Settings), new(runOptions)
	fs := newFlags(c, std)
	s.Register(fs)
	fs.BoolVar(&o.sample, "sample", false, "serve and poll the sample newsroom")
	fs.BoolVar(&o.once, "once", false, "poll each feed once, make all claims final, exit")
	fs.BoolVar(&o.dry, "dry-run", false, "look whether everything is there that a run needs, change nothing, exit")
	fs.DurationVar(&o.pace, "pace", 0, "with --sample: `time` between two articles (default: all at once)")
	feeds, err := parse(fs, args)
	if err != nil {
		return nil, nil, nil, err
	}
	s.Feeds = append(s.Feeds, feeds...)
	if err := s.Load(fs, os.Environ()); err != nil {
		return nil, nil, nil, usageError{err}
	}
	return s, o, fs, nil
}

func runRun(ctx context.Context, c *command, std stdio, args []string) error {
	s, o, fs, err := readSettings(c, std, args)
	if err != nil {
		return err
	}
	if err := o.check(s); err != nil {
		return err
	}
	screen := newConsole(std.err)
	log, err := newLogger(s, screen)
	if err != nil {
		return err
	}
	if o.sample && o.once && !isSet(fs, "data-dir") { // a demo that ends leaves nothing behind
		if s.DataDir, err = os.MkdirTemp("", "claimwire-sample-"); err != nil {
			return err
		}
		defer os.RemoveAll(s.DataDir)
	}

	var hosts map[string]string
	if o.sample {
		newsroom, err := sample.Start(ctx, sample.Config{Pace: o.pace})
		if err != nil {
			return fmt.Errorf("sample newsroom: %w", err)
		}
		defer newsroom.Close()
		s.Feeds = append(s.Feeds, newsroom.Feeds()...)
		hosts = newsroom.Hosts()
	}
	if o.dry {
		return dryRunAll(ctx, std, s, hosts)
	}
	limitMemory("/", log)
	ctx, hangup, unhook := heedHangup(ctx, screen.terminal)
	defer unhook()
	boss := newSupervisor(os.Getenv, log)
	if s.Standby { // which may wait for long
		boss.tell("READY=1\nSTATUS=waits until no other normalizer leads")
	}
	for {
		err := o.runInstance(ctx, c, std, args, s, fs, hosts, log, screen, boss, hangup)
		if s.Standby && ctx.Err() != nil && errors.Is(err, ctx.Err()) { // told to end while it waited
			return nil
		}
		if !s.Standby || !gone(err) || ctx.Err() != nil {
			return err
		}
		log.Warn("another process leads", "err", err)
	}
}

// runInstance opens an instance and runs it to its end.
func (o *runOptions) runInstance(ctx context.Context, c *command, std stdio, args []string, s *config.Settings, fs *flag.FlagSet, hosts map[string]string, log *slog.Logger, screen *console, boss *supervisor, hangup <-chan os.Signal) error {
	started := time.Now()
	in, err := openInstance(ctx, s, hosts, log)
	if err != nil {
		return err
	}
	in.once, in.supervisor = o.once, boss
	in.reloadEvery = reloadEvery
	if !o.sample { // whose feeds are in no file
		in.hangup = hangup
		in.flags, in.reload = fs, func() (*config.Settings, *flag.FlagSet, error) {
			next, _, flags, err := readSettings(c, std, args)
			return next, flags, err
		}
	}
	if o.pace > 0 {
		in.pollEvery = max(o.pace, time.Second)
	}
	ready := []any{"dur", time.Since(started).Round(time.Millisecond).String(), "page", in.address(), "feeds", len(in.feedURLs())}
	if in.admin != nil {
		ready = append(ready, "admin", "http://"+in.admin.Addr().String())
	}
	log.Info("ready", ready...)
	if in.fetcher != nil && len(in.feedURLs()) == 0 {
		log.Info("no feeds yet: add one on the page of sources", "page", in.address()+"/sources")
	}

	stopStatus := showStatus(in, screen)
	err = in.run(ctx)
	stopStatus()
	return errors.Join(err, in.close())
}

// heedHangup says what SIGHUP means: that the terminal is gone, which ends the program
// as SIGTERM does, or, to one that has no terminal, that it shall read its settings
// again.
func heedHangup(ctx context.Context, terminal bool) (_ context.Context, again <-chan os.Signal, stop func()) {
	if terminal && !signal.Ignored(syscall.SIGHUP) { // nohup has it ignored
		ctx, stop = signal.NotifyContext(ctx, syscall.SIGHUP)
		return ctx, nil, stop
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return ctx, c, func() { signal.Stop(c) }
}

func (o *runOptions) check(s *config.Settings) error {
	switch {
	case o.sample && s.NATS != "":
		return usagef("--sample is a newsroom inside this process: it takes no --nats")
	case o.sample && len(s.Feeds) > 0:
		return usagef("--sample brings its own feeds; leave the others out")
	case o.pace < 0, o.pace > 0 && !o.sample:
		return usagef("--pace goes with --sample and is a positive time")
	case o.pace > 0 && o.once:
		return usagef("--pace spreads articles over time, --once polls one time: choose one")
	case o.once && len(s.Stages) > 0:
		return usagef("--once needs all stages in this process")
	case o.once && s.Webhooks != "":
		return usagef("--once ends before a receiver that is away comes back: run webhooks without it")
	case !o.sample && s.Runs("fetcher") && len(s.Feeds) == 0 && (o.once || s.Listen == "" || !s.Runs("desk")):
		return usagef("no feeds: name one (claimwire run URL), list them in a settings file, or try claimwire run --sample")
	}
	return nil
}

func isSet(fs *flag.FlagSet, name string) bool {
	found := os.Getenv("CLAIMWIRE_DATA_DIR") != "" && name == "data-dir"
	fs.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

func newLogger(s *config.Settings, w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, usagef("log-level %q: there are debug, info, warn and error", s.LogLevel)
	}
	opts := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindString {
			a.Value = slog.StringValue(printable(a.Value.String()))
		}
		return a
	}}
	if s.LogJSON {
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return slog.New(slog.NewTextHandler(w, opts)), nil
}
