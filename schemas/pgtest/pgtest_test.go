//go:build unix

package pgtest

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/claimwire/claimwire/schemas/proctest"
)

// killed is the environment variable that makes this binary a test that is killed.
const killed = "CLAIMWIRE_PGTEST_KILLED"

// TestKilledTest kills a test that uses a server: the server ends and its folder goes.
func TestKilledTest(t *testing.T) {
	if os.Getenv(killed) != "" {
		fmt.Println(new(Server).Database(t))
		select {} // until it is killed
	}
	if programs() == "" {
		new(Server).Database(t) // says what is missing
	}
	if testing.Short() {
		t.Skip("a server of its own takes a while")
	}
	t.Parallel()
	tmp, err := os.MkdirTemp("", "pgtest-") // t.TempDir is closed to the user that deletes the folder
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(tmp) })
	if err := os.Chmod(tmp, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	cmd := proctest.Tie(exec.Command(os.Args[0], "-test.run=^TestKilledTest$"))
	cmd.Env = append(os.Environ(), killed+"=1", "TMPDIR="+tmp)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	location, _ := bufio.NewReader(out).ReadString('\n')
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if !strings.HasPrefix(location, "postgres://") {
		t.Fatalf("the killed test printed %q, want the address of a database", location)
	}
	db, err := sql.Open("pgx", strings.TrimSpace(location))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		left, _ := filepath.Glob(filepath.Join(tmp, "claimwire-pg-*"))
		if len(left) == 0 && db.Ping() != nil {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after the end of the test the server answers %v, its folder is %q", db.Ping(), left)
		}
	}
}
