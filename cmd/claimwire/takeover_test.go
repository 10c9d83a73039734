package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestTakeover has two fetcher processes share feeds on one NATS server, and kills
// one of them. A lease of a process that is gone ends after a minute, so this takes
// two: CLAIMWIRE_TEST_TAKEOVER=1 asks for it.
func TestTakeover(t *testing.T) {
	if os.Getenv("CLAIMWIRE_TEST_TAKEOVER") == "" {
		t.Skip("takes two minutes: set CLAIMWIRE_TEST_TAKEOVER=1")
	}
	t.Parallel()
	nats := startNATS(t)
	polls := &pollers{by: map[string]map[string][]time.Time{}}
	listener, err := net.Listen("tcp4", ":0") // each feed has a loopback address of its own, which are limited apart
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewUnstartedServer(polls)
	site.Listener.Close()
	site.Listener = listener
	site.Start()
	defer site.Close()
	const feeds = 12
	args := []string{"run", "--nats", nats.ClientURL(), "--stages", "fetcher", "--listen", "", "--allow-private", "--every", "1s", "--archive=false"}
	var urls []string
	for i := range feeds {
		urls = append(urls, fmt.Sprintf("http://127.0.0.%d:%d/feed", i+2, listener.Addr().(*net.TCPAddr).Port))
	}
	begin := func(name string) func(syscall.Signal) {
		cmd := process(t, append(append(args, "--data-dir", t.TempDir(), "--user-agent", name+"/1"), urls...)...)
		cmd.Stderr = &logTo{t: t, name: name}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return func(s syscall.Signal) {
			cmd.Process.Signal(s)
			cmd.Wait()
		}
	}
	kill, end := begin("one"), begin("two")
	defer end(syscall.SIGTERM)
	killed := false
	defer func() {
		if !killed {
			kill(syscall.SIGKILL)
		}
	}()

	// Both have their part, and no feed has two pollers.
	polls.await(t, 2*time.Minute, "each feed polled by one, and each fetcher with a part", func(by map[string]map[string][]time.Time) bool {
		return len(by["one"]) > 0 && len(by["two"]) > 0 && len(by["one"])+len(by["two"]) >= feeds
	})
	time.Sleep(20 * time.Second) // after they have agreed
	since := time.Now()
	time.Sleep(15 * time.Second)
	one, two := polls.since("one", since), polls.since("two", since)
	for host := range one {
		if two[host] {
			t.Errorf("%s was polled by both", host)
		}
	}
	if len(one)+len(two) != feeds || len(one) == 0 || len(two) == 0 {
		t.Errorf("one polls %d feeds and two %d, want %d together", len(one), len(two), feeds)
	}

	kill(syscall.SIGKILL)
	killed = true
	at := time.Now()
	polls.await(t, 2*time.Minute, "all feeds polled by the one that is left", func(map[string]map[string][]time.Time) bool {
		return len(polls.since("two", at)) == feeds
	})
	t.Logf("the other had all feeds %s after kill -9", time.Since(at).Round(time.Second))
}

// logTo shows what a process says if a test fails.
type logTo struct {
	t    *testing.T
	name string
}

func (l *logTo) Write(p []byte) (int, error) {
	l.t.Logf("%s: %s", l.name, p)
	return len(p), nil
}

// pollers is a site of feeds that notes who polls them.
type pollers struct {
	mu sync.Mutex                        // owns by
	by map[string]map[string][]time.Time // fetcher -> host -> when
}

func (p *pollers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _, _ := strings.Cut(r.UserAgent(), "/")
	host, _, _ := net.SplitHostPort(r.Host)
	p.mu.Lock()
	if p.by[name] == nil {
		p.by[name] = map[string][]time.Time{}
	}
	p.by[name][host] = append(p.by[name][host], time.Now())
	p.mu.Unlock()
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprint(w, `<rss version="2.0"><channel><title>Nothing new</title></channel></rss>`)
}

// since returns the hosts that a fetcher has polled since a time.
func (p *pollers) since(name string, at time.Time) map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]bool{}
	for host, times := range p.by[name] {
		if times[len(times)-1].After(at) {
			out[host] = true
		}
	}
	return out
}

// await waits until done, which it asks with a copy of what was noted.
func (p *pollers) await(t *testing.T, patience time.Duration, what string, done func(map[string]map[string][]time.Time) bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !done(p.copied()) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s not: %s: %v", patience, what, p.copied())
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (p *pollers) copied() map[string]map[string][]time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]map[string][]time.Time{}
	for name, hosts := range p.by {
		out[name] = map[string][]time.Time{}
		for host, times := range hosts {
			out[name][host] = append([]time.Time(nil), times...)
		}
	}
	return out
}
