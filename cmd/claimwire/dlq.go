package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/schemas"
)

var dlqCommand = command{
	name: "dlq", args: "list|show|retry|drop [ID…]",
	summary: "List, show, retry or drop records that could not be processed",
	help: `
  claimwire dlq list                       one line a dead letter, the newest last
  claimwire dlq list --stage extractor --json
  claimwire dlq show d_4k2v                the letter with its record
  claimwire dlq retry d_4k2v               send the record to its stage again
  claimwire dlq retry --all --stage sink
  claimwire dlq drop d_4k2v                forget it

An ID may be cut short as long as one letter alone begins so. A letter whose
record was sent again is dropped; if it fails again, it comes back. What a fetcher
gave up is no record of a stream: it cannot be retried here, its feed brings it
again. The command opens the data folder, or asks the process that runs on it;
with --nats it asks that server.`,
	run: runDLQ,
}

func runDLQ(ctx context.Context, c *command, std stdio, args []string) error {
	fs := newFlags(c, std)
	stage := fs.String("stage", "", "only letters of this `stage`: fetcher, extractor, normalizer, sink, desk")
	asJSON := fs.Bool("json", false, "list: print whole letters, one a line")
	all := fs.Bool("all", false, "retry, drop: all letters, or all of --stage")
	settings := busFlags(fs)
	rest, err := parse(fs, args)
	if err != nil {
		return err
	}
	if len(rest) == 0 || !slices.Contains([]string{"list", "show", "retry", "drop"}, rest[0]) {
		return usagef("want: dlq list, dlq show ID, dlq retry ID… or dlq drop ID…")
	}
	verb, ids := rest[0], rest[1:]
	switch {
	case *stage != "" && !slices.Contains(schemas.StageNames, schemas.StageName(*stage)):
		return usagef("no stage %q", *stage)
	case verb == "list" && (len(ids) > 0 || *all):
		return usagef("list takes no ID; show has one")
	case verb == "show" && (len(ids) != 1 || *all):
		return usagef("show takes one ID")
	case (verb == "retry" || verb == "drop") && (len(ids) == 0) != *all:
		return usagef("%s takes the IDs of letters, or --all", verb)
	}
	cfg, err := settings(std)
	if err != nil {
		return err
	}
	op, done, err := openOperator(ctx, cfg)
	if err != nil {
		return err
	}
	d := dlq{op: op, std: std, stage: schemas.StageName(*stage), json: *asJSON}
	return errors.Join(d.do(ctx, verb, ids), done())
}

// busFlags adds the settings that say where the bus is. The function it returns
// fills them from the environment and the settings file.
func busFlags(fs *flag.FlagSet) func(stdio) (bus.Config, error) {
	var s config.Settings
	inner := flag.NewFlagSet("settings", flag.ContinueOnError)
	s.Register(inner)
	names := []string{"data-dir", "nats", "nats-creds", "nats-nkey", "nats-ca", "nats-cert", "nats-key", "config"}
	for _, name := range names {
		f := inner.Lookup(name)
		fs.Func(name, f.Usage, func(v string) error { return inner.Set(name, v) })
	}
	return func(std stdio) (bus.Config, error) {
		if err := s.Load(inner, os.Environ()); err != nil {
			return bus.Config{}, usageError{err}
		}
		s.NATSListen, s.NATSOwners, s.NATSReaders, s.Keep = "", nil, nil, nil // the running process's affair
		cfg, err := busConfig(&s)
		cfg.Logger = slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
		return cfg, err
	}
}

// dlq does what the command says.
type dlq struct {
	op    operator
	std   stdio
	stage schemas.StageName // empty for all
	json  bool
}

func (d *dlq) do(ctx context.Context, verb string, ids []string) error {
	var letters []bus.StoredLetter
	if err := d.op.Letters(ctx, func(l bus.StoredLetter) error {
		if d.stage == "" || l.Stage == d.stage {
			letters = append(letters, l)
		}
		return nil
	}); err != nil {
		return err
	}
	if verb == "list" {
		return d.list(letters)
	}
	if len(ids) > 0 {
		var err error
		if letters, err = pick(letters, ids); err != nil {
			return err
		}
	}
	if verb == "show" {
		return show(d.std.out, letters[0])
	}
	var errs []error
	done := 0
	for _, l := range letters {
		err := d.settle(ctx, verb, l)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		done++
	}
	fmt.Fprintf(d.std.out, "%d %s\n", done, map[string]string{"retry": "sent again", "drop": "dropped"}[verb])
	return errors.Join(errs...)
}

// settle retries or drops one letter. One that was sent again is dropped after
// that: a crash in between sends it a second time, which its stage takes for one.
func (d *dlq) settle(ctx context.Context, verb string, l bus.StoredLetter) error {
	if verb == "retry" {
		if err := d.op.Retry(ctx, l.DeadLetter); err != nil {
			return err
		}
	}
	if err := d.op.Drop(ctx, l.Position); err != nil && !errors.Is(err, bus.ErrNotFound) {
		return err
	}
	return nil
}

func (d *dlq) list(letters []bus.StoredLetter) error {
	for _, l := range letters {
		var err error
		if d.json {
			err = json.NewEncoder(d.std.out).Encode(l.DeadLetter)
		} else {
			reason, _, _ := strings.Cut(l.Reason, "\n")
			_, err = fmt.Fprintln(d.std.out, printable(join("  ", l.ID, l.At.UTC().Format(time.RFC3339), string(l.Stage),
				fmt.Sprintf("%d×", l.Attempts), l.URL, reason)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pick returns the letters whose ids begin with those given, one for each.
func pick(letters []bus.StoredLetter, ids []string) ([]bus.StoredLetter, error) {
	var out []bus.StoredLetter
	for _, id := range ids {
		var found []bus.StoredLetter
		for _, l := range letters {
			if strings.HasPrefix(l.ID, id) {
				found = append(found, l)
			}
		}
		switch len(found) {
		case 0:
			return nil, fmt.Errorf("no dead letter %q; 'claimwire dlq list' shows them", id)
		case 1:
			out = append(out, found[0])
		default:
			return nil, fmt.Errorf("%d dead letters begin with %q: give more of the ID", len(found), id)
		}
	}
	return out, nil
}

// show prints a letter for people, and what is kept of its record.
func show(w io.Writer, l bus.StoredLetter) error {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-9s %s\n", name, printable(value))
		}
	}
	line("id", l.ID)
	line("stage", string(l.Stage))
	line("at", l.At.UTC().Format(time.RFC3339))
	line("attempts", fmt.Sprint(l.Attempts))
	line("url", l.URL)
	if l.Sequence > 0 {
		line("from", fmt.Sprintf("%s, record %d", l.Subject, l.Sequence))
	}
	line("sha256", strings.TrimPrefix(l.SHA256, "sha256:"))
	for i, text := range strings.Split(l.Reason, "\n") {
		line(map[bool]string{true: "reason"}[i == 0], text)
	}
	kept := ""
	if len(l.Record) < l.Size {
		kept = fmt.Sprintf(", of which %d are kept", len(l.Record))
	}
	_, err := fmt.Fprintf(w, "\nrecord of %d bytes%s:\n%s\n", l.Size, kept, printable(string(l.Record)))
	return err
}
