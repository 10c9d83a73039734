package store_test

import (
	neturl "net/url"
	"os"
	"testing"

	"github.com/claimwire/claimwire/schemas/pgtest"
)

// A url names a database for the tests' own connections.
type url struct{ location string }

func (u *url) sqlite() string { return (&neturl.URL{Scheme: "file", Path: u.location}).String() }

// postgres is the one server of all tests.
var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}
