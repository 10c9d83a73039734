package normalizer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/claimwire/claimwire/schemas/pgtest"
)

// server is the one PostgreSQL server of all tests.
var server pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	server.Stop()
	os.Exit(code)
}

// onBoth runs a test on both databases.
func onBoth(t *testing.T, test func(*testing.T)) {
	t.Run("sqlite", test)
	t.Run("postgres", func(t *testing.T) {
		if testing.Short() {
			t.Skip("starts a database server")
		}
		test(t)
	})
}

// freshState returns the location of an empty state, in the database whose name
// stands in that of the test.
func freshState(t testing.TB) string {
	t.Helper()
	if strings.Contains(t.Name()+"/", "/postgres/") {
		return server.Database(t)
	}
	return filepath.Join(t.TempDir(), "state.db")
}
