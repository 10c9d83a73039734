package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/config"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/sink/webhook"
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
	read := func() (*config.Settings, *flag.FlagSet, error) {
		var s config.Settings
		fs := flag.NewFlagSet("test", flag.ContinueOnError)
		s.Register(fs)
		if err := fs.Parse([]string{"--config", path, "--data-dir", dir, "--listen", "", "--sync=false", "--stages", "fetcher,extractor,normalizer,sink", "--nats-listen", "127.0.0.1:0"}); err != nil {
			t.Fatal(err)
		}
		return &s, fs, s.Load(fs, nil)
	}
	s, flags, err := read()
	if err != nil {
		t.Fatal(err)
	}
	var log syncBuffer
	in, err := openInstance(t.Context(), s, newsroom.Hosts(), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	in.flags, in.reload = flags, read
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
	if !strings.Contains(log.String(), "settings=[every]") {
		t.Errorf("the log does not name the setting that has to wait\n%s", log.String())
	}
	write("feeds: [" + feeds[0] + ", " + feeds[1] + "]\nevery: 7m\n")
	wait("first feed again", func() bool { return len(in.feedURLs()) == 2 })
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A receiver of webhooks remembers what came by path.
type receiver struct {
	mu  sync.Mutex // owns got
	got map[string][]string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got[req.URL.Path] = append(r.got[req.URL.Path], string(raw))
}

// saw reports whether a message with text came to path.
func (r *receiver) saw(path, text string) func() bool {
	return func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return slices.ContainsFunc(r.got[path], func(m string) bool { return strings.Contains(m, text) })
	}
}

// TestReloadWebhooks edits the file of webhooks while the program runs: an endpoint
// that comes gets changes, one that goes gets none, and a mistake changes nothing.
func TestReloadWebhooks(t *testing.T) {
	t.Parallel()
	hooks := &receiver{got: map[string][]string{}}
	site := httptest.NewServer(hooks)
	defer site.Close()
	dir := t.TempDir()
	list, settings := filepath.Join(dir, "hooks.yaml"), filepath.Join(dir, "claimwire.yaml")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(path+".new", path); err != nil {
			t.Fatal(err)
		}
	}
	entry := func(name string) string {
		return fmt.Sprintf("- {name: %s, url: %s/%s, secrets: [%s], since: 0}\n", name, site.URL, name, webhook.NewSecret())
	}
	one, two := entry("one"), entry("two")
	write(list, one)
	base := "data-dir: " + filepath.Join(dir, "data") + "\nlisten: 127.0.0.1:0\nallow-private: true\nstages: fetcher,extractor,normalizer,sink,desk\nnats-listen: 127.0.0.1:0\n"
	write(settings, base+"webhooks: "+list+"\n")
	var log syncBuffer
	cmd := process(t, "run", "--config", settings)
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v\n%s", err, log.String())
		}
	}()
	wait := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(2 * time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: not within two minutes\n%s", what, log.String())
			}
		}
	}
	said := func(text string) func() bool { return func() bool { return strings.Contains(log.String(), text) } }
	wait("ready", said("page=http://"))
	_, page, _ := strings.Cut(log.String(), "page=")
	page, _, _ = strings.Cut(page, " ")
	send := func(id, text string) {
		t.Helper()
		body := fmt.Sprintf(`{"id":%q,"published_at":"2025-11-2%dT08:00:00Z","text":%q}`, id, len(id), text)
		resp, err := http.Post(page+"/api/v1/articles", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusAccepted {
			t.Fatalf("article: %s", resp.Status)
		}
	}

	send("a", "The harbour office of Nordhavn said on Monday that 14 dockers were injured when a crane fell.")
	wait("the first endpoint's change", hooks.saw("/one", "14 dockers"))

	write(list, one+two)
	wait("the second endpoint's change", hooks.saw("/two", "14 dockers"))

	write(list, one+two+"- {name: three, url: ftp://example.com}\n")
	wait("a mistake", said("webhooks not taken"))
	write(list, one+two+"- name: three\n  secret: whsec_AAAA\n")
	wait("an unknown key", said(`unknown key \"secret\" (did you mean secrets?)`))
	send("bb", "The mine's operator said on Tuesday that 23 miners were killed in a fire near Ostmark.")
	wait("the first endpoint after a mistake", hooks.saw("/one", "23 miners"))
	wait("the second endpoint after a mistake", hooks.saw("/two", "23 miners"))

	write(list, two)
	wait("an endpoint less", said("endpoints=1"))
	send("ccc", "Rescuers said on Wednesday that 31 hikers were rescued from the Ferno glacier.")
	wait("the endpoint that is left", hooks.saw("/two", "31 hikers"))

	write(settings, base+"every: 7m\n")
	wait("no endpoints", said("endpoints=0"))
	if hooks.saw("/one", "31 hikers")() {
		t.Error("an endpoint that was taken out got a change")
	}
	wait("a setting that waits", said("settings=[every]"))
}

// TestHangup sends SIGHUP to the program: it reads a secret anew that its settings
// file takes from another one, and goes on.
func TestHangup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings, feed := filepath.Join(dir, "claimwire.yaml"), filepath.Join(dir, "feed")
	for path, text := range map[string]string{settings: "feed-file: " + feed + "\nevery: 1h\n", feed: "http://127.0.0.1:1/one\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := startProgram(t, filepath.Join(dir, "data"), "--config", settings, "--archive=false")
	if err := os.WriteFile(feed, []byte("http://127.0.0.1:1/two\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.await("the other feed", func() bool {
		return strings.Contains(p.log.String(), `msg="feed dropped" feed=http://127.0.0.1:1/one`)
	})
	if err := os.WriteFile(settings, []byte("evry: 1h\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	p.await("a mistake", func() bool {
		return strings.Contains(p.log.String(), "everything stays as it is") && strings.Contains(p.log.String(), "claimwire.yaml:1") && strings.Contains(p.log.String(), "did you mean every?")
	})
	p.stop()
}
