//go:build unix

// Package pgtest runs a PostgreSQL server of a test's own, in a temporary folder,
// for the tests of everything that keeps state in one.
package pgtest

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
)

// NoSkip is the environment variable that turns the skip of a test for want of
// PostgreSQL into a failure.
const NoSkip = "CLAIMWIRE_TEST_NO_SKIP"

// A Server is one server for all tests of a package, started by the first that asks
// for it. Its zero value is ready for use; TestMain calls Stop at the end.
type Server struct {
	once      sync.Once
	err       error
	stop      func()
	location  string
	db        *sql.DB
	mu        sync.Mutex // owns databases
	databases int
}

// keeper is the shell script that runs the server, its arguments, until its standard
// input ends, and deletes the folder $0. The system ends that input with the process
// that holds its other side: no server stays when a test is killed or runs out of
// its time.
const keeper = `"$@" </dev/null & cat >/dev/null; kill -INT $!; wait $!; rm -rf "$0"`

var errMissing = errors.New("missing")

// Database returns the postgres:// URL of an empty database. It skips the test if
// there are no server programs, and fails it if they do not run.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	if errors.Is(s.err, errMissing) {
		if os.Getenv(NoSkip) != "" {
			t.Fatal("a PostgreSQL server is missing: install the Debian package postgresql")
		}
		t.Skip("a PostgreSQL server is missing: install the Debian package postgresql to run this test")
	}
	if s.err != nil {
		t.Fatal(s.err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.databases++
	name := fmt.Sprint("test", s.databases)
	if _, err := s.db.Exec(`CREATE DATABASE ` + name); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(s.location, name)
}

// Stop ends the server, if it runs, and deletes its folder.
func (s *Server) Stop() {
	if s.stop != nil {
		s.stop()
	}
}

func (s *Server) start() error {
	bin := programs()
	if bin == "" {
		return errMissing
	}
	dir, err := os.MkdirTemp("", "claimwire-pg-")
	if err != nil {
		return err
	}
	s.stop = func() { os.RemoveAll(dir) }
	attr := &syscall.SysProcAttr{}
	if os.Getuid() == 0 { // the server refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			return errMissing
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			return err
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "claimwire", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	var log bytes.Buffer
	cmd := exec.Command("/bin/sh", "-c", keeper, dir, filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=50", "-c", "fsync=off", "-c", "full_page_writes=off") // tests kill clients, never the server
	attr.Setpgid = true                                                                                                                                                                                                                                          // ^C goes to the test alone, whose end is heard
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr = attr, "/", &log, &log
	alive, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.location = "postgres://claimwire@127.0.0.1:" + port + "/%s?sslmode=disable"
	s.stop = func() {
		if s.db != nil {
			s.db.Close()
		}
		alive.Close()
		_ = cmd.Wait()
		os.RemoveAll(dir)
	}
	if s.db, err = sql.Open("pgx", fmt.Sprintf(s.location, "postgres")); err != nil {
		return err
	}
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if err = s.db.Ping(); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log.String())
		}
	}
}

// programs returns the folder of the newest server programs, "" if there are none.
func programs() string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append([]string{filepath.Dir(path)}, dirs...)
	}
	for i := len(dirs) - 1; i >= 0; i-- {
		if _, err := os.Stat(filepath.Join(dirs[i], "initdb")); err == nil {
			return dirs[i]
		}
	}
	return ""
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
