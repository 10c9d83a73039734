package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
)

// TestReload edits the settings file of a running instance: feeds are followed and
// dropped, a mistake changes nothing.
func TestReload(t *testing.T) {
	t.Parallel()
	newsroom, err := sample.Start(t.Context(), sample.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer newsroom.Close()
	feeds := newsroom.Feeds()
	path := filepath.Join(t.TempDir(), "claimwire.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("feeds: [" + feeds[0] + "]\n")
	dir := t.TempDir()
	read := func() (*config.Settings, error) {
		var s config.Settings
		fs := flag.NewFlagSet("test", flag.ContinueOnError)
		s.Register(fs)
		if err := fs.Parse([]string{"--config", path, "--data-dir", dir, "--listen", "", "--sync=false", "--stages", "fetcher,extractor,normalizer,sink", "--nats-listen", "127.0.0.1:0"}); err != nil {
			t.Fatal(err)
		}
		return &s, s.Load(fs, nil)
	}
	s, err := read()
	if err != nil {
		t.Fatal(err)
	}
	var log syncBuffer
	in, err := openInstance(t.Context(), s, newsroom.Hosts(), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	in.reload = read
	in.reloadEvery = 20 * time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- in.run(ctx) }()
	wait := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(2 * time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: not within two minutes\n%s", what, log.String())
			}
		}
	}
	polled := func(feed string) func() bool {
		return func() bool { return in.fetcher.Stats().Feeds[feed].Polls > 0 }
	}
	wait("first feed", polled(feeds[0]))

	write("feeds: [" + feeds[0] + "]\nevrey: 5m\n")
	wait("mistake", func() bool { return strings.Contains(log.String(), "did you mean every") })

	write("feeds: [" + feeds[1] + "]\nevery: 7m\n")
	wait("second feed", polled(feeds[1]))
	wait("first feed dropped", func() bool { return strings.Contains(log.String(), "feed dropped") })
	if urls := in.feedURLs(); len(urls) != 1 || urls[0] != feeds[1] {
		t.Errorf("feeds %v", urls)
	}
	if !strings.Contains(log.String(), "[Every]") {
		t.Errorf("the log does not name the setting that has to wait\n%s", log.String())
	}
	write("feeds: [" + feeds[0] + ", " + feeds[1] + "]\nevery: 7m\n")
	wait("first feed again", func() bool { return len(in.feedURLs()) == 2 })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
