package webhook

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas/proctest"
	"github.com/claimwire/claimwire/sink/sinktest"
)

// TestExamples runs the receivers that the documentation shows against a sender:
// they take every kind of change once, and nothing that is signed by another.
func TestExamples(t *testing.T) {
	for _, tt := range []struct{ file, program, debian string }{
		{"receive.py", "python3", "python3"}, {"receive.ts", "node", "nodejs"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			program, err := exec.LookPath(tt.program)
			if err != nil {
				sinktest.Missing(t, tt.program, tt.debian)
			}
			if tt.program == "node" && !stripsTypes(program) {
				t.Skip("this node is older than 22.18 and does not run TypeScript as it is")
			}
			key := NewSecret()
			good, err := ParseSecret(key)
			if err != nil {
				t.Fatal(err)
			}
			port, lines := receive(t, program, tt.file, key)
			changes := every()
			url := "http://127.0.0.1:" + port + "/"
			s := newStream(changes...)
			dial := (&net.Dialer{}).DialContext
			_, stop := start(t, Config{
				Endpoints: []Endpoint{
					{Name: "good", URL: url, Secrets: []Secret{secret(t), good}, Since: fromStart},
				},
				Dir: t.TempDir(), Follow: s.follow, Bounds: s.bounds, Dial: dial, AllowHTTP: true, FirstRetry: 50 * time.Millisecond, LongestWait: time.Second,
			})
			want := map[string]int{}
			for _, c := range changes {
				want[fmt.Sprintf("claim.%s %s", c.Change, c.Claim.Text)]++
			}
			for range changes {
				select {
				case line := <-lines:
					want[line]--
				case <-time.After(3 * time.Minute):
					t.Fatal("no message within three minutes")
				}
			}
			stop()
			for line, n := range want {
				if n != 0 {
					t.Errorf("%q: %d missing", line, n)
				}
			}

			other, stop := start(t, Config{
				Endpoints: []Endpoint{{Name: "other", URL: url, Secrets: []Secret{secret(t)}, Since: fromStart}},
				Dir:       t.TempDir(), Follow: newStream(changes[:1]...).follow, Bounds: s.bounds, Dial: dial, AllowHTTP: true, FirstRetry: 10 * time.Millisecond,
			})
			defer stop()
			for deadline := time.Now().Add(2 * time.Minute); other.Status()[0].Error == "" && time.Now().Before(deadline); {
				time.Sleep(10 * time.Millisecond)
			}
			if st := other.Status()[0]; !strings.Contains(st.Error, "401") {
				t.Errorf("another's signature: %+v, want 401", st)
			}
		})
	}
}

// receive starts a receiver and returns its port and what it prints.
func receive(t *testing.T, program, file, key string) (port string, lines <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	cmd := exec.Command(program, filepath.Join("examples", file), port)
	cmd.Env = append(os.Environ(), "CLAIMWIRE_SECRET="+key, "PYTHONDONTWRITEBYTECODE=1", "NODE_NO_WARNINGS=1")
	return port, proctest.Lines(t, cmd)
}

// stripsTypes reports whether a Node runs TypeScript as it is.
func stripsTypes(node string) bool {
	return exec.Command(node, "-e", "process.exit(process.features.typescript ? 0 : 1)").Run() == nil
}
