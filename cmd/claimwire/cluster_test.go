package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/cmd/internal/sample"
	"github.com/claimwire/claimwire/normalizer"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/proctest"
)

// natsChild names the variable that makes this test binary a nats-server with
// the configuration file it names.
const natsChild = "NATS_SERVER_CONFIG_OF_TEST"

func runNATS(config string) {
	opts, err := natsserver.ProcessConfigFile(config)
	if err == nil {
		opts.NoSigs = false
		var s *natsserver.Server
		if s, err = natsserver.NewServer(opts); err == nil {
			s.Start()
			s.WaitForShutdown()
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// roomy is what a server says that it has room for, in bytes, whatever the disk of the
// tests has left.
const roomy = 1 << 40

// startNATS runs one server until the test ends.
func startNATS(t *testing.T) *natsserver.Server {
	t.Helper()
	s, err := natsserver.NewServer(&natsserver.Options{
		Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), MaxPayload: bus.MaxMessage, NoLog: true, NoSigs: true,
		JetStreamMaxStore: roomy,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Shutdown)
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("the NATS server did not start")
	}
	return s
}

// startNodes runs three nats-server processes as one cluster, synced to disk, and
// returns them by name with the URL of all.
func startNodes(t *testing.T) (nodes map[string]*exec.Cmd, url string) {
	t.Helper()
	var ports []int
	var held []net.Listener
	for range 6 { // one for clients and one for routes of each
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, l)
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	for _, l := range held {
		l.Close()
	}
	// Another cluster on this machine may get a port that was let go of: with a name
	// and a token of its own neither servers nor clients meet the wrong one.
	token := fmt.Sprintf("t%d-%d", os.Getpid(), ports[0])
	var urls, routes []string
	for i := range 3 {
		urls = append(urls, fmt.Sprintf("nats://%s@127.0.0.1:%d", token, ports[i]))
		routes = append(routes, fmt.Sprintf("nats://r:%s@127.0.0.1:%d", token, ports[3+i]))
	}
	nodes = map[string]*exec.Cmd{}
	for i := range 3 {
		dir, name := t.TempDir(), fmt.Sprintf("node-%d", i)
		file := filepath.Join(dir, "nats.conf")
		text := fmt.Sprintf(`server_name: %s
listen: 127.0.0.1:%d
authorization { token: %q }
max_payload: 8MB
jetstream { store_dir: %q, max_file_store: %d, sync_interval: always }
cluster { name: %q, listen: 127.0.0.1:%d, authorization { user: r, password: %q }, routes: [%s] }
`, name, ports[i], token, dir, int64(roomy), token, ports[3+i], token, strings.Join(routes, ", "))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := proctest.Tie(exec.Command(os.Args[0]))
		cmd.Env = append(os.Environ(), natsChild+"="+file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		nodes[name] = cmd
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	}
	return nodes, strings.Join(urls, ",")
}

// TestLeaderLoss kills the process that leads the stream of articles, of three,
// while the real binary works on them: work goes on with the other two, nothing is
// lost and nothing doubled.
func TestLeaderLoss(t *testing.T) {
	if testing.Short() {
		t.Skip("three servers and an election take a while")
	}
	t.Parallel()
	nodes, url := startNodes(t)
	b, err := bus.Open(t.Context(), bus.Config{URL: url, Replicas: 3})
	for end := time.Now().Add(90 * time.Second); err != nil && time.Now().Before(end); { // they are starting
		time.Sleep(200 * time.Millisecond)
		b, err = bus.Open(t.Context(), bus.Config{URL: url, Replicas: 3})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(context.Background())
	dir := t.TempDir()
	// An article that is read again after the kill may come behind all others: no
	// claim may have become final until then.
	program := process(t, "run", "--nats", url, "--replicas", "3", "--stages", "extractor,normalizer,sink", "--listen", "", "--data-dir", dir, "--log-json", "--final-after", "2400h")
	var log syncBuffer
	program.Stderr = &log
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	defer program.Process.Kill()

	articles, err := sample.Variations(48)
	if err != nil {
		t.Fatal(err)
	}
	for i := range articles {
		if err := articles[i].Complete(); err != nil {
			t.Fatal(err)
		}
	}
	var killed time.Time
	var published, extracted time.Duration
	for i := 0; i < len(articles); i += 4 {
		if i == len(articles)/2 {
			awaitExtractions(t, b, 1)
			leader, err := b.Leader(t.Context(), schemas.StreamArticles)
			if err != nil || nodes[leader] == nil {
				t.Fatalf("leader %q, %v", leader, err)
			}
			killed = time.Now()
			if err := nodes[leader].Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		for { // as a fetcher does
			err := b.PublishArticles(t.Context(), articles[i:i+4])
			if err == nil {
				break
			}
			if !errors.Is(err, bus.ErrUnavailable) {
				t.Fatal(err)
			}
			time.Sleep(50 * time.Millisecond)
		}
		if !killed.IsZero() && published == 0 {
			published = time.Since(killed)
			awaitExtractions(t, b, uint64(i+4))
			extracted = time.Since(killed)
		}
	}
	awaitExtractions(t, b, uint64(len(articles)))
	awaitIdle(t, b, dir, &log)
	for _, stream := range []string{schemas.StreamArticles, schemas.StreamExtractions} {
		if n, err := b.Records(t.Context(), stream); err != nil || n != uint64(len(articles)) {
			t.Errorf("%d records on %s, %v, want %d", n, stream, err, len(articles))
		}
	}
	doubled := 0
	seen := map[string]bool{}
	last, err := b.LastSequence(t.Context(), schemas.StreamClaims)
	if err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= last; seq++ {
		c, err := bus.Get[schemas.Change](t.Context(), b, schemas.StreamClaims, seq)
		if errors.Is(err, bus.ErrNotFound) { // a refused duplicate may leave a hole
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if seen[c.ID] {
			doubled++
		}
		seen[c.ID] = true
	}
	if doubled > 0 {
		t.Errorf("%d changes doubled", doubled)
	}
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v\n%s", err, log.String())
	}
	if n, err := b.Records(t.Context(), schemas.StreamDead); err != nil || n > 0 {
		t.Errorf("%d dead letters, %v", n, err)
	}
	for _, id := range unread(t, filepath.Join(dir, "state.db"), articles) {
		t.Errorf("article %s is not in the state", id)
	}
	got, gotClaims := claimsOf(t, filepath.Join(dir, "state.db"), nil)
	want, wantClaims := claimsOf(t, filepath.Join(t.TempDir(), "state.db"), articles)
	if got != want {
		t.Errorf("digest %s, that of an undisturbed run is %s", got, want)
		for id := range wantClaims {
			if gotClaims[id] != wantClaims[id] {
				t.Errorf("claim %s\n got %s\nwant %s", id, gotClaims[id], wantClaims[id])
			}
		}
		for id := range gotClaims {
			if wantClaims[id] == "" {
				t.Errorf("claim %s\n got %s\nwant none", id, gotClaims[id])
			}
		}
	}
	if t.Failed() {
		t.Log(log.String())
	}
	t.Logf("after the leader's end: articles taken in %s, read in %s; %d articles, %d changes", published.Round(time.Millisecond), extracted.Round(time.Millisecond), len(articles), len(seen))
}

func awaitExtractions(t *testing.T, b *bus.Bus, n uint64) {
	t.Helper()
	deadline := time.Now().Add(4 * time.Minute)
	for {
		got, err := b.Records(t.Context(), schemas.StreamExtractions)
		if err == nil && got >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d extractions, %v, want %d", got, err, n)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// awaitIdle waits until the normalizer has read everything and the store in dir
// has every change.
func awaitIdle(t *testing.T, b *bus.Bus, dir string, log *syncBuffer) {
	t.Helper()
	st, err := openStore(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		pending, unacked, err := b.Lag(t.Context(), schemas.StreamExtractions, normalizerConsumer)
		last, err2 := b.LastSequence(t.Context(), schemas.StreamClaims)
		at, err3 := st.Position(t.Context(), schemas.StreamClaims)
		if err = errors.Join(err, err2, err3); err == nil && pending+unacked == 0 && last > 0 && at >= last {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d extractions wait, %d are unfinished, the store has %d of %d changes: %v\n%s", pending, unacked, at, last, err, log.String())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// unread returns the ids of the articles that a state knows nothing of.
func unread(t *testing.T, path string, articles []schemas.Article) (ids []string) {
	t.Helper()
	n, err := normalizer.Open(t.Context(), normalizer.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	known := map[string]bool{}
	if err := n.Extractions(t.Context(), func(e *schemas.Extraction) error { known[e.ArticleID] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range articles {
		if !known[articles[i].ID] {
			ids = append(ids, articles[i].ID)
		}
	}
	return ids
}

// claimsOf makes the claims of a state final, after it was given articles, and
// returns their digest and, by id, their JSON.
func claimsOf(t *testing.T, path string, articles []schemas.Article) (digest string, claims map[string]string) {
	t.Helper()
	n, err := normalizer.Open(t.Context(), normalizer.Config{Path: path, FinalAfter: 2400 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	inputs := make([]normalizer.Input, 0, len(articles))
	for i, x := range extractedBy(t, articles) {
		inputs = append(inputs, normalizer.Input{Sequence: uint64(i + 1), Extraction: x})
	}
	if err := n.Apply(t.Context(), inputs); err != nil {
		t.Fatal(err)
	}
	if err := n.Finalize(t.Context()); err != nil {
		t.Fatal(err)
	}
	if digest, err = n.Digest(t.Context()); err != nil {
		t.Fatal(err)
	}
	claims = map[string]string{}
	for c, err := range n.Claims(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		claims[c.ID] = string(c.AppendJSON(nil))
	}
	return digest, claims
}

// stateDigest is claimsOf without the claims.
func stateDigest(t *testing.T, path string, articles []schemas.Article) string {
	t.Helper()
	digest, _ := claimsOf(t, path, articles)
	return digest
}

// extractedBy has the real binary read articles: it is built from the sources as they
// are when the tests run, which need not be those that the tests were built from.
func extractedBy(t *testing.T, articles []schemas.Article) (out []schemas.Extraction) {
	t.Helper()
	if len(articles) == 0 {
		return nil
	}
	var lines strings.Builder
	enc := json.NewEncoder(&lines)
	for i := range articles {
		if err := enc.Encode(&articles[i]); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := process(t, "extract", "--format", "extraction", writeFile(t, "articles.jsonl", lines.String())).Output()
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(bytes.NewReader(raw)); dec.More(); {
		var x schemas.Extraction
		if err := dec.Decode(&x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	if len(out) != len(articles) {
		t.Fatalf("%d extractions of %d articles", len(out), len(articles))
	}
	return out
}
