package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas"
)

// bridgePage is a page with a menu and three figures.
const bridgePage = `<!doctype html><html lang="en"><head><title>Bridge closes after storm</title>
<meta property="article:published_time" content="2025-11-24T08:00:00Z"></head><body><nav><a href="/">Home</a> 12 sections</nav>
<article><h1>Bridge closes after storm</h1>
<p>The bridge over the river Lenne was closed on Monday after a storm injured 14 people, the police said in the morning.</p>
<p>More than 300 homes were without power in the valley, and repairs will cost about $2 million, the town council said on its site.</p>
<p>The council expects to open the bridge again within the week, once engineers have looked at its northern pillar.</p></article></body></html>`

// TestSplitStages runs each stage as a process of its own on an external NATS
// server, as docker-compose.yml does, and reads the claims of a page from the desk.
func TestSplitStages(t *testing.T) {
	t.Parallel()
	nats := startNATS(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/feed.xml":
			w.Header().Set("Content-Type", "application/rss+xml")
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>Valley News</title><item><title>Bridge closes after storm</title>
<link>http://%s/bridge.html</link><guid>bridge</guid><pubDate>Mon, 24 Nov 2025 08:00:00 GMT</pubDate></item></channel></rss>`, r.Host)
		case "/bridge.html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write([]byte(bridgePage))
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()

	base := ""
	for _, stages := range []string{"sink,desk", "normalizer", "extractor", "fetcher"} {
		args := []string{"run", "--log-json", "--nats", nats.ClientURL(), "--stages", stages, "--data-dir", t.TempDir(), "--listen", ""}
		switch stages {
		case "sink,desk":
			args[len(args)-1] = "127.0.0.1:0"
		case "fetcher":
			args = append(args, "--allow-private", site.URL+"/feed.xml")
		}
		cmd := process(t, args...)
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		read := make(chan struct{})
		defer func() {
			cmd.Process.Signal(syscall.SIGTERM)
			<-read
			cmd.Wait()
		}()
		lines := bufio.NewScanner(stderr)
		ready := false
		for !ready && lines.Scan() {
			var line struct{ Msg, Page string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "ready" {
				ready = true
				if stages == "sink,desk" {
					base = line.Page
				}
			}
		}
		if !ready {
			close(read)
			t.Fatalf("%s never said that it is ready", stages)
		}
		go func() {
			defer close(read)
			for lines.Scan() {
				if strings.Contains(lines.Text(), `"ERROR"`) {
					t.Logf("%s: %s", stages, lines.Text())
				}
			}
		}()
	}
	deadline := time.Now().Add(2 * time.Minute)
	for {
		var page struct{ Items []schemas.Claim }
		if err := json.Unmarshal([]byte(get(t, base+"/api/v1/claims?measure=person-injured")), &page); err != nil {
			t.Fatal(err)
		}
		if len(page.Items) == 1 {
			c := page.Items[0]
			if c.Value == nil || c.Value.String() != "14" || !strings.Contains(c.Citations[0].Quote.Exact, "injured 14 people") {
				t.Errorf("the claim is %s, cited as %q", c.Text, c.Citations[0].Quote.Exact)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d claims after two minutes, want the 14 injured", len(page.Items))
		}
		time.Sleep(50 * time.Millisecond)
	}
}
