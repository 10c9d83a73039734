//go:build unix

package main

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNotify runs the real binary as systemd does with Type=notify: it says when it
// can be asked, goes on saying that it lives, and says when it ends.
func TestNotify(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "cw") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hear := func() string {
		t.Helper()
		buf := make([]byte, 4096)
		if err := conn.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		return string(buf[:n])
	}
	cmd := process(t, "run", "--data-dir", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--sync=false")
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=300000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	page := regexp.MustCompile(`^READY=1\nSTATUS=.*(http://\S+)$`).FindStringSubmatch(hear())
	if page == nil {
		t.Fatal("the first word is not READY=1 with the page")
	}
	get(t, page[1]+"/readyz")
	for range 3 {
		if got := hear(); got != "WATCHDOG=1" {
			t.Errorf("it says %q, want WATCHDOG=1", got)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	last := hear()
	for last == "WATCHDOG=1" {
		last = hear()
	}
	if !strings.HasPrefix(last, "STOPPING=1\n") {
		t.Errorf("the last word is %q, want STOPPING=1", last)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
