package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net"
	neturl "net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/claimwire/claimwire/sink/sinktest"
)

// A url names a database for the tests' own connections.
type url struct{ location string }

func (u *url) sqlite() string { return (&neturl.URL{Scheme: "file", Path: u.location}).String() }

// A server is a PostgreSQL server of the test's own.
type server struct {
	location string // postgres:// URL
	db       *sql.DB
	schemas  int
}

// shared is the one server of all tests; stop ends it.
var (
	shared = sync.OnceValues(runPostgres)
	stop   = func() {}
)

func TestMain(m *testing.M) {
	code := m.Run()
	stop()
	os.Exit(code)
}

var errMissing = errors.New("missing")

// startPostgres returns a running server, or skips the test.
func startPostgres(t *testing.T) *server {
	t.Helper()
	s, err := shared()
	if errors.Is(err, errMissing) {
		sinktest.Missing(t, "a PostgreSQL server", "postgresql")
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// runPostgres starts a server in a temporary folder.
func runPostgres() (*server, error) {
	bin := postgresBin()
	if bin == "" {
		return nil, errMissing
	}
	dir, err := os.MkdirTemp("", "claimwire-pg-")
	if err != nil {
		return nil, err
	}
	stop = func() { os.RemoveAll(dir) }
	attr := &syscall.SysProcAttr{}
	if os.Getuid() == 0 { // the server refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			return nil, errMissing
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "claimwire", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = attr, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	var log bytes.Buffer
	cmd := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=50")
	cmd.SysProcAttr, cmd.Dir, cmd.Stdout, cmd.Stderr = attr, dir, &log, &log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{location: "postgres://claimwire@127.0.0.1:" + port + "/postgres?sslmode=disable"}
	stop = func() {
		if s.db != nil {
			s.db.Close()
		}
		_ = cmd.Process.Signal(syscall.SIGINT) // fast shutdown
		_ = cmd.Wait()
		os.RemoveAll(dir)
	}
	if s.db, err = sql.Open("pgx", s.location); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if err = s.db.Ping(); err == nil {
			return s, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log.String())
		}
	}
}

// newSchema returns the location of an empty schema.
func (s *server) newSchema(t *testing.T) string {
	t.Helper()
	s.schemas++
	name := fmt.Sprint("test", s.schemas)
	if _, err := s.db.Exec(`CREATE SCHEMA ` + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.db.Exec(`DROP SCHEMA ` + name + ` CASCADE`); err != nil {
			t.Error(err)
		}
	})
	return s.location + "&search_path=" + name
}

// postgresBin returns the folder of the newest server programs, "" if there are none.
func postgresBin() string {
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
