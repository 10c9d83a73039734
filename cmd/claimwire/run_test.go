package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/cmd/internal/bus"
	"github.com/claimwire/claimwire/schemas"
	"github.com/claimwire/claimwire/schemas/pgtest"
	"github.com/claimwire/claimwire/schemas/proctest"
	"github.com/claimwire/claimwire/schemas/schematest"
)

// binary is the program, built once for all tests that run it as a process.
var binary = sync.OnceValues(func() (string, error) {
	exe := filepath.Join(buildDir, "claimwire")
	out, err := exec.Command("go", "build", "-o", exe, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return exe, err
})

// syncBuffer is a log that is read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// database is the one PostgreSQL server of all tests.
var database pgtest.Server

var buildDir string // of binary; set by TestMain

func TestMain(m *testing.M) {
	if config := os.Getenv(natsChild); config != "" {
		runNATS(config)
		return
	}
	dir, err := os.MkdirTemp("", "claimwire-test-")
	if err != nil {
		panic(err)
	}
	buildDir = dir
	code := m.Run()
	database.Stop()
	os.RemoveAll(dir)
	os.Exit(code)
}

// process is the command of the real binary with args.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return proctest.Tie(exec.Command(exe, args...))
}

func onceArgs(dir string) []string {
	return []string{"run", "--sample", "--once", "--data-dir", dir, "--listen", ""}
}

// TestSample is the whole path: five publishers over HTTP, NATS JetStream,
// extraction, merging, SQLite and a JSONL file; and every record on the way
// against its schema.
func TestSample(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lines := filepath.Join(dir, "changes.jsonl")
	code, _, errs := claimwire(t, "", append(onceArgs(dir), "--jsonl", lines)...)
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	seen := validateStreams(t, dir)
	if seen[schemas.StreamArticles] < 18 {
		t.Errorf("%d articles, want 18 or more", seen[schemas.StreamArticles])
	}
	if seen[schemas.StreamExtractions] != seen[schemas.StreamArticles] {
		t.Errorf("%d extractions of %d articles", seen[schemas.StreamExtractions], seen[schemas.StreamArticles])
	}
	if seen[schemas.StreamDead] != 0 {
		t.Errorf("%d dead letters", seen[schemas.StreamDead])
	}
	raw, err := os.ReadFile(lines)
	if err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(raw, []byte("\n")); got != seen[schemas.StreamClaims] {
		t.Errorf("the JSONL file has %d lines, the stream %d changes", got, seen[schemas.StreamClaims])
	}
	kinds := map[schemas.ChangeKind]int{}
	for line := range bytes.Lines(raw) {
		var c schemas.Change
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		kinds[c.Change]++
	}
	for _, k := range []schemas.ChangeKind{schemas.ChangeAsserted, schemas.ChangeCorroborated, schemas.ChangeSuperseded, schemas.ChangeConflicted, schemas.ChangeFinalized} {
		if kinds[k] == 0 {
			t.Errorf("no change of kind %s: %v", k, kinds)
		}
	}

	code, claims, errs := claimwire(t, "", "export", "--data-dir", dir)
	if code != exitOK {
		t.Fatalf("export: %s", errs)
	}
	checkClaims(t, claims)
	checkReadme(t, claims)
	if code, out, errs := claimwire(t, "", "verify", "--data-dir", dir); code != exitOK || !strings.Contains(out, " 0 wrong") {
		t.Errorf("verify: exit %d: %s%s", code, out, errs)
	}
}

// checkReadme looks for the claim that README.md shows, member by member, in those of
// the sample: its first words are what a reader sees of the program.
func checkReadme(t *testing.T, claims string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "\n```json\n")
	shown, _, _ = strings.Cut(shown, "\n```\n")
	id := regexp.MustCompile(`"c_[a-z2-7]{26}"`).FindString(shown)
	i := strings.Index(claims, `"id":`+id)
	if id == "" || i < 0 {
		t.Fatalf("README.md shows claim %s, which the sample does not make", id)
	}
	claim, _, _ := strings.Cut(claims[i:], "\n")
	for _, m := range regexp.MustCompile(`"(\w+)": ("[^"…]*|\d+|true|false|null)`).FindAllStringSubmatch(shown, -1) {
		if !strings.Contains(claim, `"`+m[1]+`":`+m[2]) && m[1] != "sources" {
			t.Errorf("README.md says %q: %s of claim %s, and the sample does not", m[1], m[2], id)
		}
	}
}

// validateStreams checks every record on the bus of dir against its schema and
// returns how many each stream has.
func validateStreams(t *testing.T, dir string) map[string]int {
	t.Helper()
	ctx := t.Context()
	b, err := bus.Open(ctx, bus.Config{Dir: filepath.Join(dir, "nats")})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(ctx)
	seen := map[string]int{}
	for stream, schema := range map[string]string{
		schemas.StreamArticles: "article", schemas.StreamExtractions: "extraction",
		schemas.StreamClaims: "change", schemas.StreamDead: "dead-letter",
	} {
		last, err := b.LastSequence(ctx, stream)
		if err != nil {
			t.Fatal(err)
		}
		for seq := uint64(1); seq <= last; seq++ {
			_, body, err := b.Get(ctx, stream, seq)
			if errors.Is(err, bus.ErrNotFound) { // erased
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			schematest.Validate(t, schema, body)
			seen[stream]++
		}
	}
	return seen
}

// checkClaims checks final claims for what the sample's stories are about.
func checkClaims(t *testing.T, jsonl string) {
	t.Helper()
	type figure struct {
		measure, comparator, value, per string
		modality                        schemas.Modality
	}
	found := map[figure]schemas.Claim{}
	for line := range strings.Lines(jsonl) {
		schematest.Validate(t, "claim", []byte(line))
		var c schemas.Claim
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		if c.Stability != schemas.Final {
			t.Errorf("claim %s is %s after the end of input", c.ID, c.Stability)
		}
		if c.Kind == schemas.QuantityClaim && c.Value != nil {
			found[figure{c.Measure, string(c.Comparator), c.Value.String(), c.Per, c.Modality}] = c
		}
	}
	for _, want := range []figure{
		{"transport-enter", "exact", "500", "day", schemas.Required}, // the quota agreed
		{"person-killed", "at_least", "287", "", schemas.Asserted},   // the running toll
		{"person-killed", "exact", "41", "", schemas.Asserted},       // the quake
		{"person-killed", "exact", "61", "", schemas.Asserted},       // its last toll
	} {
		if _, ok := found[want]; !ok {
			t.Errorf("no claim %v", want)
		}
	}
	if c := found[figure{"person-killed", "exact", "41", "", schemas.Asserted}]; c.Corroboration.Publishers < 2 || c.Corroboration.Origins >= c.Corroboration.Articles {
		t.Errorf("41 killed: %+v; it runs in two papers, word for word: one origin less than articles", c.Corroboration)
	}
}

// TestKill kills the real binary at each fail point in turn, several times in a
// row on the same folder, and wants the claims of an undisturbed run, byte for
// byte. CLAIMWIRE_TEST_KILLS says how often; the default is a short variant.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := 10 // once at each point
	if testing.Short() {
		kills = 3
	}
	if n := os.Getenv("CLAIMWIRE_TEST_KILLS"); n != "" {
		var err error
		if kills, err = strconv.Atoi(n); err != nil {
			t.Fatal(err)
		}
	}
	clean := t.TempDir()
	if out, err := process(t, onceArgs(clean)...).CombinedOutput(); err != nil {
		t.Fatalf("undisturbed run: %v\n%s", err, out)
	}
	want := exported(t, clean)
	points := []string{
		failAfterApply, bus.FailMidBatch, failAfterSink, failBeforeApply, failAfterOutbox, failAfterSent,
		bus.FailBeforePublish, bus.FailAfterPublish, bus.FailBeforeAck, bus.FailAfterAck,
	}
	const inARow = 4
	at := map[string]int{}
	for n, turn := 0, 0; n < kills; {
		dir := t.TempDir()
		for row := 0; row < inARow && n < kills; row++ {
			point, pass := points[turn%len(points)], 1+turn/len(points)%3
			turn++
			if !killAt(t, dir, fmt.Sprintf("%s:kill:%d", point, pass)) { // too little was left to do
				break
			}
			at[point]++
			n++
		}
		if out, err := process(t, onceArgs(dir)...).CombinedOutput(); err != nil {
			t.Fatalf("after %d kills: %v\n%s", n, err, out)
		}
		if got := exported(t, dir); got != want {
			t.Fatalf("after %d kills the claims differ from those of an undisturbed run: %d and %d bytes", n, len(got), len(want))
		}
		if seen := validateStreams(t, dir); seen[schemas.StreamDead] != 0 {
			t.Errorf("after %d kills: %d dead letters", n, seen[schemas.StreamDead])
		}
	}
	if kills >= len(points) && len(at) < len(points) {
		t.Errorf("only these points were reached: %v", at)
	}
	t.Logf("%d kills: %v", kills, at)
}

// killAt runs the binary with a fail point and reports whether it was killed
// there. It may also end well.
func killAt(t *testing.T, dir, point string) bool {
	t.Helper()
	cmd := process(t, onceArgs(dir)...)
	cmd.Env = append(os.Environ(), "CLAIMWIRE_FAILPOINT="+point)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("at %s it ended with %v\n%s", point, err, out)
	}
	return true
}

func exported(t *testing.T, dir string) string {
	t.Helper()
	out, err := process(t, "export", "--data-dir", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestServe runs the instance as a user does, reads it over HTTP and stops it
// with SIGTERM.
func TestServe(t *testing.T) {
	t.Parallel()
	cmd := process(t, "run", "--sample", "--data-dir", t.TempDir(), "--listen", "127.0.0.1:0", "--log-json")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	base := ""
	log := bufio.NewScanner(stderr)
	for base == "" && log.Scan() {
		var line struct{ Msg, Page string }
		if json.Unmarshal(log.Bytes(), &line) == nil && line.Msg == "ready" {
			base = line.Page
		}
	}
	if base == "" {
		t.Fatal("it never said that it is ready")
	}
	go io.Copy(io.Discard, stderr)

	var page struct {
		Items    []schemas.Claim
		Sequence uint64
	}
	deadline := time.Now().Add(2 * time.Minute)
	for len(page.Items) < 20 {
		if time.Now().After(deadline) {
			t.Fatalf("%d claims after two minutes", len(page.Items))
		}
		time.Sleep(50 * time.Millisecond)
		if err := json.Unmarshal([]byte(get(t, base+"/api/v1/claims?limit=50")), &page); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"/healthz":           "",
		"/readyz":            "",
		"/metrics":           "go_goroutines",
		"/":                  "<mark",
		"/api/v1/series":     `"items"`,
		"/api/v1/stats":      `"articles"`,
		"/api/v1/claims?q=x": `"items"`,
	} {
		if body := get(t, base+path); !strings.Contains(body, want) {
			t.Errorf("%s lacks %q:\n%.300s", path, want, body)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	n := 0
	err = followStream(ctx, base+"/api/v1/stream?since=0", "", func(data []byte) error {
		schematest.Validate(t, "change", data)
		if n++; n == 10 {
			return io.EOF
		}
		return nil
	})
	if err != io.EOF {
		t.Errorf("following the stream: %v after %d changes", err, n)
	}

	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("it did not stop within a minute of SIGTERM")
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", url, resp.Status)
	}
	return string(body)
}

func TestRunUsage(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--once"}, "no feeds"},
		{[]string{"--listen", ""}, "no feeds"},
		{[]string{"--sample", "--nats", "nats://127.0.0.1:1"}, "takes no --nats"},
		{[]string{"--sample", "http://a.example/feed"}, "its own feeds"},
		{[]string{"--pace", "1s", "http://a.example/feed"}, "--sample"},
		{[]string{"--sample", "--log-level", "loud"}, "log-level"},
		{[]string{"--once", "--stages", "fetcher", "--nats", "nats://127.0.0.1:1", "http://a.example/feed"}, "all stages"},
	} {
		code, _, errs := claimwire(t, "", append([]string{"run", "--data-dir", t.TempDir()}, tt.args...)...)
		if code != exitUsage || !strings.Contains(errs, tt.want) {
			t.Errorf("run %v: exit %d, want %d; %q lacks %q", tt.args, code, exitUsage, errs, tt.want)
		}
	}
}

// TestNoFeedReadable wants an exit code that a script can act on.
func TestNoFeedReadable(t *testing.T) {
	t.Parallel()
	code, _, errs := claimwire(t, "", "run", "--once", "--data-dir", t.TempDir(), "--listen", "", "http://127.0.0.1:9/feed.xml")
	if code != exitFailed || !strings.Contains(errs, "no feed could be read") {
		t.Errorf("exit %d, want %d:\n%s", code, exitFailed, errs)
	}
}

// TestConsole keeps log lines and the progress line apart on a terminal.
func TestConsole(t *testing.T) {
	var out bytes.Buffer
	c := &console{w: &out, terminal: true}
	fmt.Fprintln(c, "first")
	c.progress("1 article")
	fmt.Fprintln(c, "second")
	c.progress("2 articles")
	c.progress("")
	want := "first\n" + "1 article" + eraseLine + "second\n" + "1 article" + eraseLine + "2 articles" + eraseLine
	if out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}

// TestDryRun looks at what a run needs and leaves nothing behind.
func TestDryRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	code, out, errs := claimwire(t, "", "run", "--sample", "--dry-run", "--data-dir", dir, "--listen", "127.0.0.1:0")
	if code != exitOK || strings.Count(out, "ok    feed") != 5 || !strings.Contains(out, "embedded, new") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder is there: %v", err)
	}
	code, out, errs = claimwire(t, "", "run", "--dry-run", "--data-dir", dir, "--listen", "127.0.0.1:99999", "--nats", "nats://user:hunter2@127.0.0.1:1",
		"--database", "postgres://user:hunter2@127.0.0.1:1/x", "--state", "postgres://user:hunter2@127.0.0.1:1/y", "--allow-private",
		"--tokens", filepath.Join(dir, "none"), "--webhooks", filepath.Join(dir, "none"), "http://127.0.0.1:9/feed")
	if code != exitFailed || strings.Count(out, "FAIL") != 7 || !strings.Contains(errs, "7 of these") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if strings.Contains(out+errs, "hunter2") {
		t.Errorf("a password is shown\n%s%s", out, errs)
	}
}
