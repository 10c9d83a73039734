// Package proctest runs the programs that tests start beside themselves.
package proctest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"testing"
)

// Lines starts a program and returns the lines that it prints, until it or the test
// ends. What it says on standard error is shown.
func Lines(t testing.TB, cmd *exec.Cmd) <-chan string {
	t.Helper()
	Tie(cmd).Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range lines { // until it has ended
		}
		_ = cmd.Wait()
	})
	return lines
}
