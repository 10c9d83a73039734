package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/fetcher"
)

// dryRunTimeout bounds each look at another machine.
const dryRunTimeout = 20 * time.Second

// A dryRun looks at everything that a run would need, and changes nothing.
type dryRun struct {
	std   stdio
	s     *config.Settings
	wrong int
}

// dryRunAll prints one line a thing and fails if one is not as it must be.
func dryRunAll(ctx context.Context, std stdio, s *config.Settings, hosts map[string]string) error {
	d := &dryRun{std: std, s: s}
	d.folder()
	d.bus(ctx)
	d.listener("page", s.Listen)
	d.listener("admin", s.AdminListen)
	d.listener("hubs", s.WebSubListen)
	d.listener("NATS clients", s.NATSListen)
	if s.Runs("sink") || s.Runs("desk") {
		d.database(ctx, "database", s.Database)
	}
	if s.Runs("normalizer") {
		d.database(ctx, "state", s.State)
	}
	d.files()
	if s.Runs("fetcher") {
		d.feeds(ctx, hosts)
	}
	if d.wrong > 0 {
		return fmt.Errorf("%d of these would be in the way", d.wrong)
	}
	return nil
}

func (d *dryRun) say(what, detail string, err error) {
	verdict := "ok"
	if err != nil {
		d.wrong++
		verdict, detail = "FAIL", join("  ", detail, err.Error())
	}
	fmt.Fprintln(d.std.out, printable(fmt.Sprintf("%-4s  %-12s  %s", verdict, what, detail)))
}

// folder wants the data folder, or the nearest one above it, to be a folder that
// can be written to.
func (d *dryRun) folder() {
	dir, err := filepath.Abs(d.s.DataDir)
	at := dir
	for err == nil {
		var info os.FileInfo
		if info, err = os.Stat(at); err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is no folder", at)
		} else if errors.Is(err, os.ErrNotExist) && filepath.Dir(at) != at {
			at, err = filepath.Dir(at), nil
			continue
		}
		break
	}
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(at, ".claimwire-*"); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	d.say("data folder", dir, err)
}

func (d *dryRun) bus(ctx context.Context) {
	cfg, err := busConfig(d.s)
	if err != nil {
		d.say("streams", "", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, dryRunTimeout)
	defer cancel()
	detail, err := bus.Check(ctx, cfg)
	d.say("streams", detail, err)
}

func (d *dryRun) listener(what, address string) {
	if address == "" {
		return
	}
	l, err := net.Listen("tcp", address)
	if err == nil {
		l.Close()
	}
	d.say(what, address, err)
}

// files reads those that the settings name.
func (d *dryRun) files() {
	if d.s.Tokens != "" {
		tokens, err := loadTokens(d.s.Tokens)
		d.say("tokens", fmt.Sprintf("%d", len(tokens)), err)
	}
	if d.s.Webhooks != "" {
		hooks, err := loadWebhooks(d.s.Webhooks)
		d.say("webhooks", fmt.Sprintf("%d", len(hooks)), err)
	}
}

// database reaches a PostgreSQL server.
func (d *dryRun) database(ctx context.Context, what, location string) {
	if location == "" {
		return
	}
	u, err := url.Parse(location)
	if err != nil || u.Hostname() == "" {
		d.say(what, "", errors.New("want a URL like postgres://user@host/name"))
		return
	}
	port := u.Port()
	if port == "" {
		port = "5432"
	}
	address := net.JoinHostPort(u.Hostname(), port)
	ctx, cancel := context.WithTimeout(ctx, dryRunTimeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err == nil {
		conn.Close()
	}
	d.say(what, address, err)
}

func (d *dryRun) feeds(ctx context.Context, hosts map[string]string) {
	f, err := fetcher.New(fetcher.Config{
		UserAgent: d.s.UserAgent, Timeout: d.s.Timeout, MaxBytes: d.s.MaxBytes, Hosts: hosts, AllowPrivate: d.s.AllowLAN, Retries: -1,
	})
	if err != nil {
		d.say("fetcher", "", err)
		return
	}
	for _, u := range d.s.Feeds {
		look, cancel := context.WithTimeout(ctx, dryRunTimeout)
		r, err := f.Check(look, u)
		cancel()
		d.say("feed", join("  ", r.URL, r.Title, fmt.Sprintf("%d items", r.Items), "pages "+r.Robots), err)
	}
}
